"""Another law on the same engine: joint ownership of 50 % by listed parties, level by level."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from itertools import permutations

from graph import propagation
from graph.codes import RecordKind
from graph.facts import Facts, Holding, Provenance
from graph.findings import Findings, Measure
from graph.periods import LATEST
from graph.rules import load
from tests.graph.propagation.world import World, path, said, span

ON = date(2024, 1, 1)


def listed(*parties: str, when: str = "2020-01-01..") -> World:
    world = World()
    for each in parties:
        world.record(f"e-{each}", RecordKind.LIST_ENTRY, each, list="SDN", effective=when)
    return world


def owned(world: World, *holdings: tuple[str, str, str | None], when: str = "2019-01-01..") -> Facts:
    for holder, organization, _ in holdings:
        for each in (holder, organization):
            if each not in world.parties:
                world.firm(each)
    return replace(
        world.facts,
        holdings=tuple(
            Holding(
                f"h{number}",
                holder,
                organization,
                None if share is None else round(float(share) * 1_000_000),
                None,
                span(when),
            )
            for number, (holder, organization, share) in enumerate(holdings)
        ),
    )


def ask(facts: Facts, on: date = ON) -> Findings:
    return propagation.propagate(facts, load("ofac50"), on, LATEST)


def parties(found: Findings) -> set[str]:
    return {each.party for each in found.measures}


def test_fifty_per_cent_is_enough_and_less_is_not() -> None:
    assert parties(ask(owned(listed("a"), ("a", "b", "50")))) == {"a", "b"}
    assert parties(ask(owned(listed("a"), ("a", "b", "49.999999")))) == {"a"}


def test_shares_of_several_listed_parties_add_up() -> None:
    facts = owned(listed("a", "c"), ("a", "b", "25"), ("c", "b", "25"), ("d", "b", "50"))
    assert said(ask(facts)).measures == {
        "O01 BLOCKED_PROPERTY e-a a EX_LEGE 2020-01-01 - EVENT",
        "O01 BLOCKED_PROPERTY e-c c EX_LEGE 2020-01-01 - EVENT",
        "O01 BLOCKED_PROPERTY e-a b EX_LEGE 2020-01-01 - EVENT",
        "O01 BLOCKED_PROPERTY e-c b EX_LEGE 2020-01-01 - EVENT",
    }


def test_one_holding_told_by_two_sources_is_counted_once() -> None:
    facts = owned(listed("a"), ("a", "b", "30"), ("a", "b", "30"))
    assert parties(ask(facts)) == {"a", "b"}  # two lots of one source
    first, second = facts.holdings
    told = (
        replace(first, provenance=Provenance("registry", "2020-01-01T00:00:00.000000Z")),
        replace(second, provenance=Provenance("annual", "2021-01-01T00:00:00.000000Z")),
    )
    assert parties(ask(replace(facts, holdings=told))) == {"a"}


def test_it_cascades_and_does_not_multiply() -> None:
    """50 % of 50 % of 50 %: each level counts in full."""
    facts = owned(listed("a"), ("a", "b", "50"), ("b", "c", "50"), ("c", "d", "50"))
    found = ask(facts)
    assert parties(found) == {"a", "b", "c", "d"}
    last = next(each for each in found.measures if each.party == "d")
    assert path(last) == ["e-a -ABOUT> a", "a -HOLDS> b", "b -HOLDS> c", "c -HOLDS> d"]


def test_a_level_adds_its_own_share_to_what_the_listed_hold_directly() -> None:
    facts = owned(listed("a"), ("a", "b", "60"), ("b", "c", "30"), ("a", "c", "20"))
    assert parties(ask(facts)) == {"a", "b", "c"}


def test_circles_end() -> None:
    facts = owned(listed("a"), ("a", "b", "30"), ("b", "c", "60"), ("c", "b", "60"), ("b", "b", "10"))
    assert parties(ask(facts)) == {"a"}
    assert parties(ask(owned(listed("a"), ("a", "b", "50"), ("b", "c", "60"), ("c", "b", "40")))) == {"a", "b", "c"}


def test_days_of_listing_and_holding_count() -> None:
    world = listed("a", when="2020-01-01..2023-01-01")
    facts = owned(world, ("a", "b", "100"), when="2021-01-01..2022-01-01")
    assert [parties(ask(facts, date(year, 6, 1))) for year in (2019, 2020, 2021, 2022, 2023)] == [
        set(),
        {"a"},
        {"a", "b"},
        {"a"},
        set(),
    ]


def test_before_the_guidance_nothing_is_added_up() -> None:
    facts = owned(listed("a", when="2010-01-01.."), ("a", "b", "100"), when="2010-01-01..")
    assert [parties(ask(facts, day)) for day in (date(2014, 8, 12), date(2014, 8, 13))] == [set(), {"a", "b"}]


def test_unknown_share_is_not_counted_and_said() -> None:
    found = ask(owned(listed("a"), ("a", "b", None)))
    assert (parties(found), said(found).warnings) == ({"a"}, {"SHARE_UNKNOWN b"})


def test_order_of_facts_is_irrelevant() -> None:
    facts = owned(
        listed("a", "c"), ("a", "b", "25"), ("c", "b", "30"), ("b", "d", "50"), ("c", "d", "20"), ("d", "e", "51")
    )
    chance = random.Random(7)
    for _ in range(20):
        holdings, records = list(facts.holdings), list(facts.records)
        chance.shuffle(holdings)
        chance.shuffle(records)
        assert ask(replace(facts, holdings=tuple(holdings), records=tuple(records))) == ask(facts)


def test_who_is_listed_and_owned_passes_on_both_whatever_the_ids_are() -> None:
    """y owns x, x owns z; both y and x are listed: z is blocked by both, though x and z join at once."""
    for y, x, z in permutations(("a", "b", "c")):
        facts = owned(listed(y, x), (y, x, "60"), (x, z, "60"))
        assert said(ask(facts)).measures == {
            f"O01 BLOCKED_PROPERTY e-{each} {party} EX_LEGE 2020-01-01 - EVENT"
            for each, party in ((y, y), (x, x), (y, z), (x, z))
        }


def test_what_who_joined_later_holds_counts_for_who_joined_before() -> None:
    """d joined through a; b, which joins only with d, holds of d too: c's listing reaches d through b."""
    facts = owned(listed("a", "c"), ("a", "d", "60"), ("d", "b", "40"), ("c", "b", "40"), ("b", "d", "10"))
    assert {(each.party, each.cause) for each in ask(facts).measures} == {
        *(("a", "e-a"), ("c", "e-c"), ("d", "e-a"), ("d", "e-c"), ("b", "e-a"), ("b", "e-c")),
    }


def test_a_negative_share_takes_nothing_away() -> None:
    assert parties(ask(owned(listed("a", "c"), ("a", "b", "50"), ("c", "b", "-10")))) == {"a", "b", "c"}


def test_offices_mean_nothing_to_it() -> None:
    from tests.graph.propagation.world import LR

    world = listed("a")
    world.post("li", "a", LR)
    found: tuple[Measure, ...] = ask(world.facts).measures
    assert {each.party for each in found} == {"a"}


def test_each_law_answers_for_itself() -> None:
    facts = owned(listed("a"), ("a", "b", "100"))
    assert propagation.propagate(facts, load(), ON, LATEST).measures == ()
