"""Which bidders conflict, by which rule, how surely and by which path; and which do not although they look close."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.codes import PenaltyType, PostKind, RecordKind, RelationKind, Seriousness, SubjectKind
from graph.facts import UNSOURCED, Article, Ban, Facts, Holding, Link, Party, Post, Provenance, Record
from graph.links.conflicts import WAYS, conflicts
from graph.links.control import Tie, controlled
from graph.ownership import HALF
from graph.periods import LATEST, parse_day, parse_period
from graph.rules import load
from graph.rules.rule import Way

LR, PR, PM, AC = (
    PostKind.LEGAL_REPRESENTATIVE,
    PostKind.PRINCIPAL,
    PostKind.PROJECT_MANAGER,
    PostKind.CONTROLLER,
)
BIDDING_RULES = "中华人民共和国招标投标法实施条例"
ON = "2024-06-01"


@dataclass
class Market:
    """Facts in a few words; whoever is named is an enterprise unless `kinds` says otherwise."""

    kinds: dict[str, SubjectKind] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)

    def post(self, person: str, organization: str, kind: PostKind, when: tuple[str, str] = ("2010-01-01", "")) -> None:
        self.posts.append(Post(f"pos{len(self.posts)}", person, organization, kind, parse_period(*_ends(when))))

    def holds(
        self,
        holder: str,
        organization: str,
        share: int | None,
        votes: int | None = None,
        when: tuple[str, str] = ("2010-01-01", ""),
        told: Provenance = UNSOURCED,
    ) -> None:
        held, voting = (None if each is None else each * 1_000_000 for each in (share, votes))
        period = parse_period(*_ends(when))
        self.holdings.append(Holding(f"hld{len(self.holdings)}", holder, organization, held, voting, period, told))

    def link(self, kind: RelationKind, start: str, end: str) -> None:
        self.links.append(Link(f"rel{len(self.links)}", kind, start, end))

    def record(self, id: str, about: str, kind: RecordKind = RecordKind.PENALTY, **values: Any) -> None:
        for name in ("decided_on", "revoked_on", "completed_on"):
            values[name] = parse_day(values[name]) if name in values else None
        self.records.append(Record(id, kind, {about: f"about-{id}"}, **values))

    def ask(self, *bidders: str, on: str = ON, known_at: str = LATEST, official: bool = True) -> list[str]:
        """`K2 a,b EX_LEGE: a <LEGAL_REPRESENTATIVE_OF- li, li -LEGAL_REPRESENTATIVE_OF> b`."""
        return [
            f"{each.rule.id} {','.join(each.bidders)} {each.certainty}: "
            + ", ".join(
                f"{step.start} {f'-{step.relation}>' if step.forward else f'<{step.relation}-'} {step.end}"
                for step in each.path
            )
            for each in conflicts(
                self.facts(bidders), load(), bidders, date.fromisoformat(on), known_at, official=official
            )
        ]

    def facts(self, bidders: Iterable[str]) -> Facts:
        named = {
            *bidders,
            *(end for each in self.posts for end in (each.person, each.organization)),
            *(end for each in self.holdings for end in (each.holder, each.organization)),
            *(end for each in self.links for end in (each.start, each.end)),
        }
        parties = {each: Party(each, self.kinds.get(each, SubjectKind.ENTERPRISE)) for each in named}
        return Facts(parties, tuple(self.posts), tuple(self.holdings), tuple(self.links), tuple(self.records))


def _ends(when: tuple[str, str]) -> tuple[str | None, str | None]:
    return when[0] or None, when[1] or None


def test_every_rule_of_the_pack_that_is_about_bidders_is_walked() -> None:
    assert {each.id for each in load().rules if each.way is Way.CONFLICT} == {*WAYS}


EARLIER, LATER = "2020-01-01T00:00:00.000000Z", "2021-01-01T00:00:00.000000Z"


def test_one_holding_told_by_two_sources_is_counted_once() -> None:
    market = Market()
    market.holds("a", "b", 30, told=Provenance("registry", EARLIER))
    market.holds("a", "b", 30, told=Provenance("annual", LATER))
    assert market.ask("a", "b") == []
    market.holds("a", "b", 30, told=Provenance("annual", LATER))  # a second lot
    assert [each.split(":")[0] for each in market.ask("a", "b")] == ["K1 a,b EX_LEGE", "K2 a,b EX_LEGE"]


@pytest.mark.parametrize(
    ("on", "found"),
    [
        ("2024-05-31", ["K1 a,b EX_LEGE", "K2 a,b EX_LEGE"]),
        ("2024-06-15", ["K1 a,b POTENTIAL", "K2 a,b POTENTIAL"]),
        ("2024-07-01", []),
    ],
)
def test_a_later_source_of_an_imprecise_day_leaves_control_open(on: str, found: list[str]) -> None:
    market = Market()
    market.holds("a", "b", 60, told=Provenance("registry", EARLIER))
    market.holds("a", "b", 10, when=("2024-06", ""), told=Provenance("annual", LATER))
    assert [each.split(":")[0] for each in market.ask("a", "b", on=on)] == found


def test_what_was_not_yet_known_or_is_known_no_more_conflicts_with_nobody() -> None:
    market = Market()
    market.holds("a", "b", 60, told=Provenance("registry", EARLIER, LATER))
    assert [len(market.ask("a", "b", known_at=each)) for each in ("2019", EARLIER, LATER, LATEST)] == [0, 2, 0, 0]


# K1, K2: one person in charge


def test_bidders_of_one_legal_representative_are_one_group() -> None:
    market = Market()
    for each in ("c", "a", "b"):
        market.post("li", each, LR)
    market.post("wang", "d", LR)
    group = (
        "a,b,c EX_LEGE: a <LEGAL_REPRESENTATIVE_OF- li, li -LEGAL_REPRESENTATIVE_OF> b, li -LEGAL_REPRESENTATIVE_OF> c"
    )
    assert market.ask("a", "b", "c", "d") == [f"K1 {group}", f"K2 {group}"]
    assert market.ask("a", "d") == []


@pytest.mark.parametrize(
    ("when", "on", "found"),
    [
        (("2020-01-01", "2024-06-01"), "2024-05-31", ["K1 EX_LEGE", "K2 EX_LEGE"]),
        (("2020-01-01", "2024-06-01"), "2024-06-01", []),
        (("2024-06-02", ""), "2024-06-01", []),
        (("2020-01-01", "2024-06"), "2024-06-15", ["K1 POTENTIAL", "K2 POTENTIAL"]),
        (("2010-01-01", ""), "2014-01-01", ["K2 EX_LEGE"]),  # K1 is of 2015
        (("2010-01-01", ""), "2011-01-01", []),
    ],
)
def test_the_office_counts_while_it_is_held_and_the_rule_while_it_is_in_force(
    when: tuple[str, str], on: str, found: list[str]
) -> None:
    market = Market()
    market.post("li", "a", LR)
    market.post("li", "b", LR, when)
    assert [f"{each[:2]} {each.split()[2][:-1]}" for each in market.ask("a", "b", on=on)] == found


def test_a_principal_is_in_charge_only_where_there_is_no_legal_representative() -> None:
    market = Market()
    market.post("li", "a", LR)
    market.post("li", "b", PR)
    assert [each[:2] for each in market.ask("a", "b")] == ["K1", "K2"]
    market.post("wang", "b", LR)
    assert market.ask("a", "b") == []


def test_neither_directors_nor_names_nor_holders_in_common_are_a_conflict() -> None:
    market = Market()
    for each in ("a", "b"):
        market.post("li", each, PostKind.DIRECTOR)
        market.post("sun", each, AC)
        market.holds("zhao", each, 90)
        market.holds("parent", each, 10)
    assert market.ask("a", "b") == []


# K1 direct, K2 through others: holding and management


def test_a_holding_of_more_than_half_relates_and_one_of_half_does_not() -> None:
    market = Market()
    market.holds("a", "b", 51)
    market.holds("a", "c", 50)
    assert market.ask("a", "b", "c") == ["K1 a,b EX_LEGE: a -HOLDS> b", "K2 a,b EX_LEGE: a -HOLDS> b"]


def test_control_through_others_is_of_tendering_alone() -> None:
    market = Market()
    market.holds("a", "m", 60)
    market.holds("m", "b", 60)
    assert market.ask("b", "a") == ["K2 b,a EX_LEGE: a -HOLDS> m, m -HOLDS> b"]


def test_shares_are_joined_and_never_multiplied() -> None:
    """0.6 × 0.6 is 36 % and control; 0.3 held alone and 0.3 by a subsidiary are control together."""
    market = Market()
    market.holds("a", "m", 60)
    market.holds("m", "b", 30)
    market.holds("a", "b", 30)
    assert market.ask("a", "b") == ["K2 a,b EX_LEGE: a -HOLDS> b"]
    market.holdings.pop()
    assert market.ask("a", "b") == []


def test_votes_decide_as_shares_do() -> None:
    market = Market()
    market.holds("a", "b", 25, votes=66)
    assert [each[:2] for each in market.ask("a", "b")] == ["K1", "K2"]


def test_an_unknown_share_is_no_control() -> None:
    market = Market()
    market.holds("a", "b", None)
    assert market.ask("a", "b") == []


@pytest.mark.parametrize("share", [100, 60])
def test_what_the_state_holds_relates_nobody(share: int) -> None:
    """公司法 265: neither two firms of one 国资委, nor a firm and another by way of it."""
    market = Market(kinds={"sasac": SubjectKind.GOVERNMENT_BODY})
    market.holds("sasac", "a", share)
    market.holds("sasac", "b", share)
    market.holds("a", "sasac", 60)
    assert market.ask("a", "b") == []


def test_declared_control_and_a_branch_are_management() -> None:
    market = Market()
    market.post("a", "b", AC)
    market.link(RelationKind.BRANCH_OF, "c", "b")
    assert market.ask("a", "b", "c") == [
        "K1 a,b EX_LEGE: a -CONTROLS> b",
        "K1 b,c EX_LEGE: b <BRANCH_OF- c",
        "K2 a,b EX_LEGE: a -CONTROLS> b",
        "K2 a,c EX_LEGE: a -CONTROLS> b, b <BRANCH_OF- c",
        "K2 b,c EX_LEGE: b <BRANCH_OF- c",
    ]


def test_control_with_whom_one_acts_in_concert_is_for_officials_to_find() -> None:
    market = Market()
    market.holds("a", "b", 30)
    market.holds("x", "b", 30)
    market.link(RelationKind.ACTS_IN_CONCERT_WITH, "x", "a")
    assert market.ask("a", "b") == ["K2 a,b POTENTIAL: a -HOLDS> b"]
    assert market.ask("a", "b", official=False) == []
    market.holdings[0] = Holding("hld0", "a", "m", 1)
    market.holdings[1] = Holding("hld1", "x", "b", 60_000_000)
    assert market.ask("a", "b") == ["K2 a,b POTENTIAL: a <ACTS_IN_CONCERT_WITH- x, x -HOLDS> b"]


def test_rings_and_holdings_in_oneself_end() -> None:
    market = Market()
    for holder, owned in (("a", "b"), ("b", "c"), ("c", "a"), ("a", "a")):
        market.holds(holder, owned, 100)
    assert [each.split()[1] for each in market.ask("a", "c") if each[:2] == "K2"] == ["a,c", "a,c"]


# K3


def test_one_project_manager_is_a_potential_conflict_as_the_bids_are_not_here() -> None:
    market = Market()
    market.post("qian", "a", PM)
    market.post("qian", "b", PM)
    assert market.ask("a", "b") == ["K3 a,b POTENTIAL: a <PROJECT_MANAGER_OF- qian, qian -PROJECT_MANAGER_OF> b"]
    assert market.ask("a", "b", official=False) == []


# K4


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (
            {"types": frozenset({PenaltyType.LICENCE_REVOKED}), "decided_on": "2021-06-02"},
            ["K4 a EX_LEGE: r -ABOUT> a"],
        ),
        (
            {"types": frozenset({PenaltyType.BUSINESS_SUSPENDED}), "decided_on": "2021-06-01"},
            ["K4 a EX_LEGE: r -ABOUT> a"],  # the corresponding day is the last one (民法典 202)
        ),
        ({"types": frozenset({PenaltyType.BUSINESS_SUSPENDED}), "decided_on": "2021-05-31"}, []),
        ({"types": frozenset({PenaltyType.WARNING}), "decided_on": "2024-01-01"}, []),
        ({"types": frozenset({PenaltyType.FINE}), "decided_on": "2024-01-01"}, ["K4 a POTENTIAL: r -ABOUT> a"]),
        ({"types": frozenset({PenaltyType.FINE}), "decided_on": "2021-05-31"}, []),
        (
            {"types": frozenset({PenaltyType.CLOSURE_ORDERED}), "decided_on": "2024-01-01"},
            ["K4 a POTENTIAL: r -ABOUT> a"],
        ),
        (
            {"types": frozenset({PenaltyType.FINE, PenaltyType.LICENCE_REVOKED}), "decided_on": "2024-01-01"},
            ["K4 a EX_LEGE: r -ABOUT> a"],
        ),
        (
            {
                "types": frozenset({PenaltyType.LICENCE_REVOKED}),
                "decided_on": "2024-01-01",
                "revoked_on": "2024-02-01",
            },
            [],
        ),
        ({"types": frozenset({PenaltyType.LICENCE_REVOKED}), "decided_on": "2024-07-01"}, []),
        ({"kind": RecordKind.CRIMINAL_CONVICTION, "decided_on": "2023-01-01"}, ["K4 a POTENTIAL: r -ABOUT> a"]),
    ],
)
def test_a_grave_violation_bars_the_bidder_itself_for_three_years(values: dict[str, Any], found: list[str]) -> None:
    market = Market()
    market.record("r", "a", **values)
    assert market.ask("a", "b") == found


# K5


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"article": "67", "ban": Ban(None, 2), "decided_on": "2022-06-01"}, "NAMED"),
        ({"article": "67", "ban": Ban(None, 2), "decided_on": "2022-05-31"}, ""),
        ({"article": "第六十八条第三款", "ban": Ban(None, 3), "decided_on": "2022-05-31"}, "NAMED"),
        ({"article": "68", "decided_on": "2022-05-31"}, "POTENTIAL"),
        ({"article": "68", "decided_on": "2022-05-31", "seriousness": Seriousness.ORDINARY}, ""),
        ({"article": "69", "ban": Ban(None, 2), "decided_on": "2023-06-01"}, ""),
        ({"article": "67", "ban": Ban(None, 2), "decided_on": "2022-06-01", "revoked_on": "2023-01-01"}, ""),
        ({"article": "67", "ban": Ban(None, 2), "decided_on": "2022-06-01", "decision": "政府采购法"}, ""),
    ],
)
def test_a_bar_named_under_the_articles_runs_its_term(values: dict[str, Any], found: str) -> None:
    market = Market()
    document = values.pop("decision", BIDDING_RULES)
    market.record("r", "a", basis=(Article(document, values.pop("article")),), **values)
    assert market.ask("a", "b") == ([f"K5 a {found}: r -ABOUT> a"] if found else [])


def test_a_bar_of_years_runs_on_when_the_penalty_is_over_and_one_without_is_as_long_as_the_article_allows() -> None:
    document = "中华人民共和国招标投标法实施条例"
    named = Market()
    named.record(
        "r", "a", basis=(Article(document, "67"),), decided_on="2023-07-01", completed_on="2023-08-01", ban=Ban(None, 2)
    )
    assert named.ask("a", "b") == ["K5 a NAMED: r -ABOUT> a"]
    for article, years in (("67", 2), ("68", 3)):
        market = Market()
        market.record("r", "a", basis=(Article(document, article),), decided_on="2021-06-02")
        assert [len(market.ask("a", "b", on=f"{2021 + years}-06-0{day}")) for day in (2, 3)] == [1, 0]


def test_control_by_capital_goes_on_through_control_by_votes() -> None:
    market = Market()
    market.holds("a", "m", 60, 10)
    market.holds("m", "b", 10, 60)
    assert market.ask("a", "b") == ["K2 a,b EX_LEGE: a -HOLDS> m, m -HOLDS> b"]


def test_the_path_is_of_holdings_that_control() -> None:
    market = Market()
    market.holds("a", "b", 1)
    market.holds("a", "m", 60)
    market.holds("m", "b", 60)
    assert market.ask("a", "b") == ["K2 a,b EX_LEGE: a -HOLDS> m, m -HOLDS> b"]


def test_acting_in_concert_besides_takes_no_conflict_away() -> None:
    market = Market()
    market.holds("a", "b", 60, when=("2024-06", ""))
    alone = [each.split(":")[0] for each in market.ask("a", "b", on="2024-06-15")]
    market.link(RelationKind.ACTS_IN_CONCERT_WITH, "a", "b")
    beside = [each.split(":")[0] for each in market.ask("a", "b", on="2024-06-15")]
    assert alone == ["K1 a,b POTENTIAL", "K2 a,b POTENTIAL"]
    assert {*alone} <= {*beside}


# Control


def by_rounds(ties: list[Tie], seed: str) -> set[str]:
    """The same by trying every party again until nothing is added."""
    inside: set[str] = set()
    while True:
        added = {
            party
            for party in {each.owned for each in ties} - inside - {seed}
            if any(each.declared for each in ties if each.owned == party and each.holder in {seed, *inside})
            or any(
                sum(
                    (each.votes if by_votes and each.votes is not None else each.share) or 0
                    for each in ties
                    if each.owned == party and each.holder in {seed, *inside} and each.holder != party
                )
                > HALF
                for by_votes in (False, True)
            )
        }
        if not added:
            return inside
        inside |= added


AMOUNTS = st.one_of(st.none(), st.integers(0, 100).map(lambda each: each * 1_000_000))
TIES = st.lists(
    st.builds(Tie, st.sampled_from("abcdef"), st.sampled_from("abcdef"), AMOUNTS, AMOUNTS, st.just(False)), max_size=15
)


@settings(max_examples=300, deadline=None)
@given(TIES)
def test_control_equals_trying_until_nothing_is_added(ties: list[Tie]) -> None:
    assert controlled(ties, {"a"}) == by_rounds(ties, "a")


@settings(max_examples=100, deadline=None)
@given(TIES, st.randoms(use_true_random=False))
def test_the_order_of_facts_changes_no_conflict(ties: list[Tie], random: Any) -> None:
    market = Market()
    for i, each in enumerate(ties):
        market.holdings.append(Holding(f"hld{i}", each.holder, each.owned, each.share, each.votes))
        market.post(each.holder, each.owned, (LR, PR, PM, AC)[i % 4])
    before = market.ask("a", "b", "c", "d")
    for facts in (market.holdings, market.posts):
        random.shuffle(facts)
    assert market.ask("a", "b", "c", "d") == before
