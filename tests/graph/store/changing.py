"""A small city that changes at random, one load after another, each derived at once: a machine for hypothesis.

It has so few persons, firms and records that changes meet one another; two sources describe it, so that what one
retracts the other may still say. It must not judge anything itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import date, timedelta
from itertools import count
from typing import Any, Final, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from graph.changes import NodeDraft, RelationDraft, Value, VersionDraft
from graph.codes import RelationKind
from graph.periods import parse_period
from graph.progress import SilentProgress
from graph.store.address import Address
from graph.store.connection import Database
from graph.store.deriving import Derived, derive
from graph.store.writer import write
from tests.conftest import empty
from tests.graph.store.batches import TODAY, batch, clock, node, version
from tests.graph.store.judged import FORGET, differences, hashes

T = TypeVar("T")
R = RelationKind
NOW: Final = clock("2026-01-01")
PERSONS: Final = ("li", "wang", "chen")
FIRMS: Final = ("acme", "bing")
SLOTS: Final = (
    4  # of offices of each source, records, findings, licences: a change of the same slot replaces what is there
)
OFFICES: Final = (
    (R.LEGAL_REPRESENTATIVE_OF, None),
    (R.PRINCIPAL_OF, None),
    (R.CONTROLS, None),
    (R.EMPLOYED_BY, None),
    *((R.SERVES_AS, each) for each in ("DIRECTOR", "SUPERVISOR", "MANAGER")),
)
SPANS: Final = (
    (None, None),
    ("2012-01-01", None),
    ("2012-01-01", "2022-06-15"),
    ("2023-01", "2024"),
    ("2025-01-01", None),
)
FOOD: Final = {"sector": "FOOD", "licence": "FOOD"}
CAUSES: Final[tuple[tuple[str, dict[str, Value]], ...]] = (
    ("PENALTY", {"types": ("LICENCE_REVOKED",), "licence": "BUSINESS", "decidedOn": "2023-01-10"}),
    ("PENALTY", {"types": ("LICENCE_REVOKED",), **FOOD, "decidedOn": "2020-02-29"}),
    ("PENALTY", {"types": ("FINE",), "fine": 5_000_000, "decidedOn": "2022-05-01"}),
    ("CONSUMPTION_RESTRICTION", {"decidedOn": "2023-05-01"}),
    ("LIST_ENTRY", {"list": "失信被执行人", "from": "2024-08-01", "to": "2026-08-01", "largeDebt": True}),
    ("LIST_ENTRY", {"list": "拖欠农民工工资失信联合惩戒对象", "from": "2022-03-01", "to": "2025-03-01"}),
    ("BANKRUPTCY", {"decidedOn": "2021-04-01", "completedOn": "2022-09-09"}),
)
OFFENCE: Final[dict[str, Value]] = {"offenceFrom": "2019-10-01", "offenceTo": "2023-01-01"}
# What becomes of a record later: each replaces what it said of its end before.
ENDINGS: Final[tuple[dict[str, Value], ...]] = (
    {},
    {"revokedOn": "2024-03-01"},
    {"setAsideOn": "2024-02"},
    {"liftedOn": "2025-01-01"},
    {"repairedOn": "2024-05"},
    {"suspendedFrom": "2023-06-01", "suspendedTo": "2023-08-01"},
    {"state": "REVOKED"},
)
CAPACITIES: Final = (
    *("FINDING_PERSONAL_RESPONSIBILITY", "NAMED", "DIRECTLY_RESPONSIBLE_SUPERVISOR", "RELEASED"),
    "ACTUAL_CONTROLLER_FOUND",
)
MINOR: Final = "2090-01-01"
ASKED: Final = [date(2020, 1, 1) + timedelta(days=401 * i) for i in range(8)]
person, firm = st.sampled_from(PERSONS), st.sampled_from(FIRMS)
slot = st.integers(0, SLOTS - 1)
Post = tuple[str, str, RelationKind, str | None, tuple[str | None, str | None]]


class Changing(RuleBasedStateMachine):
    """`server` is that of the tests; every machine empties it first.

    After every change everything is derived from scratch as well: had the change left anything wrong, that would write.
    """

    server: Address

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.database = Database(lambda: self.server)
        self.operations = count()
        # Two are minors until every term is over: nothing binds them, so that nothing stored leads to them.
        self.adults: dict[str, str | None] = {"li": "1930-01-01", "wang": MINOR, "chen": MINOR}
        self.gone: set[str] = set()
        self.shares: dict[str, int] = {}
        self.posts: dict[tuple[str, int], Post] = {}
        self.records: dict[int, tuple[str, str, dict[str, Value]]] = {}
        self.endings: dict[int, dict[str, Value]] = {}
        self.findings: dict[int, tuple[str, int, str, str | None]] = {}
        self.licences: dict[int, tuple[str, dict[str, Value]]] = {}
        for i, (kind, values) in enumerate(CAUSES[:SLOTS]):  # every change has something to change
            self.records[i] = (kind, FIRMS[i % 2], {**values, **OFFENCE})
            self.posts["a", i] = (PERSONS[i % 3], FIRMS[i % 2], *OFFICES[i // 2 * 4], SPANS[1])
            self.findings[i] = (PERSONS[(i + 1) % 3], i, CAPACITIES[i % 2 * 2], None)
        self.posts["b", 0] = (PERSONS[0], FIRMS[1], R.SERVES_AS, "DIRECTOR", SPANS[0])
        self.do(empty(self.database))
        self.save("a")
        self.save("b")

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def save(self, source: str) -> None:
        """Hand in all that a source says now, derive what that touched, and see that nothing else was to be done."""
        asked = batch(*self.said(source), operation=f"{next(self.operations)}", source=f"world:{source}", full=True)
        self.do(write(self.database, asked, now=NOW, today=TODAY))
        self.do(self.derive())
        again = self.do(self.derive(whole=True))
        assert (again.written, again.retracted) == (0, 0), f"a change left {again.written + again.retracted} wrong"

    def said(self, source: str) -> tuple[list[NodeDraft], list[RelationDraft]]:
        """`a` describes everybody, records and offices; `b` offices of its own."""
        nodes: list[NodeDraft] = [node(each) for each in FIRMS]
        for each in PERSONS:
            grown = self.adults[each]
            told = {"name": each} if grown is None else {"name": each, "adultOn": grown}
            if not (source == "a" and each in self.gone):
                nodes.append(node(each, version(**told), kind="PERSON"))
        there = {each.ref for each in nodes}
        relations: list[RelationDraft] = []
        for (by, place), (who, where, kind, post, span) in self.posts.items():
            if by == source and who in there:
                values: dict[str, Value] = {} if post is None else {"post": post}
                relations.append(RelationDraft(kind, who, where, f"p{place}", 0, parse_period(*span), values))
        if source == "b":
            return nodes, relations
        for who, share in self.shares.items():
            if who in there:
                relations.append(RelationDraft(R.HOLDS, who, FIRMS[0], who, 0, values={"share": share}))
        for place, (kind_code, about, values) in self.records.items():
            now = VersionDraft({**values, **self.endings.get(place, {})})
            nodes.append(node(f"r{place}", now, kind=kind_code))
            relations.append(RelationDraft(R.ABOUT, f"r{place}", about, f"a{place}", 0))
        for place, (who, of, capacity, on) in self.findings.items():
            if of in self.records and who in there:
                found: dict[str, Value] = {"capacity": capacity, **({} if on is None else {"decidedOn": on})}
                relations.append(RelationDraft(R.RESPONSIBLE_FOR, who, f"r{of}", f"f{place}", 0, values=found))
        for place, (who, ended) in self.licences.items():
            if who in there:
                nodes.append(node(f"q{place}", VersionDraft(ended), kind="QUALIFICATION"))
                relations.append(RelationDraft(R.HAS_QUALIFICATION, who, f"q{place}", f"q{place}", 0))
        return nodes, relations

    async def derive(self, *, whole: bool = False) -> Derived:
        done = await derive(self.database, now=NOW, progress=SilentProgress(), whole=whole)
        assert done.version is not None
        return done

    @rule(
        by=st.sampled_from("ab"),
        place=slot,
        who=person,
        where=firm,
        how=st.sampled_from(OFFICES),
        span=st.sampled_from(SPANS),
    )
    def take_office(self, by: str, place: int, who: str, where: str, how: Any, span: Any) -> None:
        self.posts[by, place] = (who, where, *how, span)
        self.save(by)

    @precondition(lambda self: self.posts)
    @rule(data=st.data(), span=st.sampled_from(SPANS))
    def end_office(self, data: st.DataObject, span: Any) -> None:
        place = data.draw(st.sampled_from(sorted(self.posts)))
        self.posts[place] = (*self.posts[place][:-1], span)
        self.save(place[0])

    @precondition(lambda self: self.posts)
    @rule(data=st.data())
    def leave_office(self, data: st.DataObject) -> None:
        place = data.draw(st.sampled_from(sorted(self.posts)))
        del self.posts[place]
        self.save(place[0])

    @rule(place=slot, about=st.one_of(firm, firm, person), what=st.sampled_from(CAUSES), offence=st.booleans())
    def decide(self, place: int, about: str, what: Any, offence: bool) -> None:
        if about in self.gone:
            return
        kind, values = what
        self.records[place] = (kind, about, {**values, **(OFFENCE if offence else {})})
        self.endings.pop(place, None)
        self.save("a")

    @precondition(lambda self: self.records)
    @rule(data=st.data(), how=st.sampled_from(ENDINGS))
    def end_record(self, data: st.DataObject, how: dict[str, Value]) -> None:
        """Revoke, set aside, lift, repair, suspend it, or take that back."""
        self.endings[data.draw(st.sampled_from(sorted(self.records)))] = how
        self.save("a")

    @precondition(lambda self: self.records)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        place = data.draw(st.sampled_from(sorted(self.records)))
        del self.records[place]
        self.endings.pop(place, None)
        self.save("a")

    @precondition(lambda self: self.records)
    @rule(
        data=st.data(),
        place=slot,
        who=person,
        how=st.sampled_from(CAPACITIES),
        on=st.sampled_from((None, "2023-02-01", "2024")),
    )
    def find(self, data: st.DataObject, place: int, who: str, how: str, on: str | None) -> None:
        self.findings[place] = (who, data.draw(st.sampled_from(sorted(self.records))), how, on)
        self.save("a")

    @precondition(lambda self: self.findings)
    @rule(data=st.data())
    def take_back_finding(self, data: st.DataObject) -> None:
        del self.findings[data.draw(st.sampled_from(sorted(self.findings)))]
        self.save("a")

    @rule(
        place=slot, who=person, on=st.sampled_from((None, "2021-07-01")), profession=st.sampled_from(("LAWYER", "CPA"))
    )
    def license(self, place: int, who: str, on: str | None, profession: str) -> None:
        ended = {} if on is None else {"revokedOn": on, "sanction": "REVOKED", "reason": "ILLEGALITY"}
        self.licences[place] = (who, {"profession": profession, **ended})
        self.save("a")

    @rule(who=person, share=st.sampled_from((0, 30_000_000, 100_000_000)))
    def correct_share(self, who: str, share: int) -> None:
        """Of owners no measure follows: it must be marked and done with all the same."""
        self.shares[who] = share
        self.save("a")

    @rule(who=person, on=st.sampled_from((None, "1930-01-01", "2024-06-01", "2023", MINOR)))
    def learn_age(self, who: str, on: str | None) -> None:
        """Both sources do: what one of them does not say is not known."""
        self.adults[who] = on
        self.save("a")
        self.save("b")

    @rule(who=person)
    def forget_or_return(self, who: str) -> None:
        """One source does not know a person any more, the other may."""
        self.gone ^= {who}
        self.records = {place: each for place, each in self.records.items() if each[1] not in self.gone}
        self.save("a")

    def teardown(self) -> None:
        try:
            kept = self.do(hashes(self.database))
            assert self.do(differences(self.database, ASKED)) == []
            self.do(self.database.write(lambda transaction: transaction.run(FORGET)))
            self.do(self.derive(whole=True))
            assert self.do(hashes(self.database)) == kept
        finally:
            self.do(self.database.close())
            self.runner.close()
