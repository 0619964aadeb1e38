"""Draws pairs of small worlds that differ only in what a reader may not read on a day, and asks both the same.

It must not know a right answer: only that there is one, whatever is hidden. `python -m tests.schema.hidden 0 100` asks
a hundred pairs.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

import orjson

from graph.codes import Role
from graph.periods import instant
from graph.progress import SilentProgress
from graph.store.connection import Database, Transaction
from graph.store.deriving import derive
from graph.store.embedded import EmbeddedOptions, Lease
from graph.store.migration import prepare
from loaders.world.load import load_file
from tests.conftest import BEGINNING, PERSON_KEY, RESTART, empty
from tests.schema.asking import Asking
from tests.schema.hidden_questions import ANY_ID, BY_ID, EMPLOYMENTS, QUESTIONS, WALKS, Question

# One in each regime of publication; the last one is today.
DAYS: Final = ("2018-06-01", "2021-06-01", "2024-06-01", "2026-06-10")
FIRST_LOAD, BETWEEN, SECOND_LOAD = "2024-01-01T09:00:00+08:00", "2024-09-01T09:00:00+08:00", "2025-01-01T09:00:00+08:00"
TODAY: Final = "2026-06-10T09:00:00+08:00"
PATIENCE: Final = 4
SLOTS: Final = 7  # hidden records, of each of which a world says what it likes
# The public reads the first character of a person's name: 李*.
NAMES: Final = {
    "p0": ("李明", "李明远", "李一"),
    "p1": ("李明", "李秀兰"),
    "p2": ("江门甲", "江门李明"),
    "p3": ("欧阳修远", "欧一", "欧阳李明"),
}
REGIONS: Final = ("440703", "440704", "440705", "440785")
PROFESSIONS: Final = ("律师", "会计师")
FIRMS: Final = ("f0", "f1", "f2", "f3", "o0")
PERSONS: Final = ("p0", "p1", "p2", "p3")
BODIES: Final = ("g0", "g1")
OFFICES: Final = ("LEGAL_REPRESENTATIVE", "PRINCIPAL", "DIRECTOR", "SUPERVISOR", "CONTROLLER", "PRACTITIONER")
NEVER: Final = ("CRIMINAL_CONVICTION", "DISCIPLINE", "TRAINING")
UNSAID: Final = (
    *("TAX_ARREARS", "BANKRUPTCY", "EXIT_RESTRICTION", "INSPECTION", "COURT_CASE", "MARKET_BAN", "ACCIDENT"),
    "CONTRACT",
)
CAPACITIES: Final = ("NAMED", "FINDING_PERSONAL_RESPONSIBILITY", "DIRECTLY_RESPONSIBLE_SUPERVISOR", "RELEASED")


@dataclass(frozen=True)
class Pair:
    """Two worlds as (first, second) text of one source; `reader` may read all about `own`, which is alike in both."""

    day: str
    worlds: tuple[tuple[str, str], tuple[str, str]]
    role: Role = Role.PUBLIC
    own: str | None = None

    @property
    def reader(self) -> dict[str, Any]:
        return {} if self.own is None else {"subject": f"world:hidden:{self.own}"}


def draw(seed: int) -> Pair:
    """Readers in turn: the public, the public, a person, a professional with a firm's consent."""
    role, own = ((Role.PUBLIC, None), (Role.PUBLIC, None), (Role.SUBJECT, "p0"), (Role.PROFESSIONAL, "f0"))[seed % 4]
    day = DAYS[seed // 4 % len(DAYS)] if own else DAYS[(seed // 4 * 2 + seed % 4) % len(DAYS)]
    keep = frozenset() if own is None else frozenset({own})
    left, right = (
        tuple(World(seed, f"{seed}.{side}.{load}", date.fromisoformat(day), load, keep).text() for load in range(2))
        for side in range(2)
    )
    return Pair(day, ((left[0], left[1]), (right[0], right[1])), role, own)


class World:
    """One text. What is public comes from `seed` alone, what is hidden from `hidden`; every entry keeps its line."""

    def __init__(self, seed: int, hidden: str, day: date, load: int, keep: frozenset[str]) -> None:
        self.public, self.hidden = Random(seed), Random(hidden)
        self.kept = Random(seed)  # of those whose data the reader may read
        self.day, self.load = day, load
        self.persons = tuple(each for each in PERSONS if each not in keep)
        self.firms = tuple(each for each in FIRMS if each not in keep)

    def text(self) -> str:
        responsibility = list(self._public_responsibility())
        slots = [self._slot(i) for i in range(SLOTS)]
        sections = {
            "subjects": [*self._organisations(), *map(self._person, PERSONS)],
            "posts": [*self._posts(), *(self._employment() for _ in range(4))],
            "holdings": [*self._holdings()],
            "relations": [*self._relations(), *(self._hidden_relation() for _ in range(4))],
            "qualifications": [*self._qualifications()],
            "records": [*self._public_records(), self._once_hidden(), *(record for record, _ in slots)],
            "responsibility": [*responsibility, self._once_secret(), *(person for _, person in slots)],
        }
        lines: list[str] = []
        for name, entries in sections.items():
            lines.append(f"{name}:")
            for i, each in enumerate(entries):
                lines.append(f"  - {each}" if each and each not in entries[:i] else "#")
        return "\n".join((*lines, ""))

    def before(self, months: int) -> str:
        return (self.day - timedelta(days=30 * months)).isoformat()

    def _organisations(self) -> Iterator[str]:
        status = "ACTIVE" if self.load == 0 else "SUSPENDED"  # so that each load of each world writes
        yield f"{{id: f0, kind: Enterprise, name: 江门甲食品有限公司, uscc: 91440703YY000001XU, status: {status}}}"
        yield (
            "{id: f1, kind: Enterprise, name: 江门甲贸易有限公司, uscc: 91440704YY0000028A, region: '440704',"
            " established: 2012-05-01, registeredCapital: '500', versions: [{to: 2016-01-01, name: 江门李明商行}]}"
        )
        yield "{id: f2, kind: Enterprise, name: 李明远商店, form: INDIVIDUAL_BUSINESS, established: 2015-01-01}"
        yield "{id: f3, kind: Enterprise, name: 江门甲食品有限公司, registeredCapital: '1000000.50'}"
        yield "{id: o0, kind: OtherOrganization, name: 广东丁律师事务所, uscc: 31440700YY0000095L}"
        yield "{id: g0, kind: GovernmentBody, name: 江门市市场监督管理局, uscc: 11440700YY00000529}"
        yield "{id: g1, kind: GovernmentBody, name: 江门市蓬江区人民法院}"

    def _person(self, id: str) -> str:
        draw = self.hidden if id in self.persons else self.kept
        fields = {"name": draw.choice(NAMES[id]), "region": f"'{draw.choice(REGIONS)}'"}
        fields |= {"adultOn": draw.choice(("1920-01-01", "1925-06", "1931-03-04"))} if draw.random() < 0.7 else {}
        fields |= {"status": "DECEASED"} if draw.random() < 0.3 else {}
        if draw.random() < 0.5:
            fields["versions"] = f"[{{to: 2016-01-01, name: {draw.choice(NAMES[id])}}}]"
        shown = "".join(f", {key}: {value}" for key, value in fields.items())
        return f"{{id: {id}, kind: Person{shown}}}"

    def _posts(self) -> Iterator[str]:
        draw = self.public
        for _ in range(6):
            person, firm, role = draw.choice(PERSONS), draw.choice(FIRMS), draw.choice(OFFICES)
            yield f"{{person: {person}, organization: {firm}, role: {role}, from: {draw.randint(2010, 2017)}-03-01}}"

    def _employment(self) -> str:
        draw = self.hidden
        if draw.random() < 0.4:
            return ""
        person, firm = draw.choice(self.persons), draw.choice(self.firms)
        return f"{{person: {person}, organization: {firm}, role: EMPLOYEE, from: {draw.randint(2010, 2017)}-04-01}}"

    def _holdings(self) -> Iterator[str]:
        draw = self.public
        for holder in (*draw.sample(PERSONS, 2), *draw.sample(FIRMS, 2)):
            firm = draw.choice([each for each in FIRMS if each != holder])
            yield f"{{holder: {holder}, organization: {firm}, share: '{draw.randint(1, 50)}', from: 2013-01-01}}"

    def _relations(self) -> Iterator[str]:
        for each in PROFESSIONS:  # a group is there as soon as it has a member
            yield f"{{from: p0, to: {each}, kind: MEMBER_OF, validTo: 2000-01-01}}"
        yield "{from: f2, to: f0, kind: BRANCH_OF}"
        first, second = self.public.sample(FIRMS, 2)
        yield f"{{from: {first}, to: {second}, kind: GUARANTEES}}"

    def _hidden_relation(self) -> str:
        draw = self.hidden
        match draw.randrange(3):
            case 0:
                return f"{{from: {draw.choice(PERSONS[1:])}, to: {draw.choice(PROFESSIONS)}, kind: MEMBER_OF}}"
            case 1:
                first, second = draw.sample(draw.choice((self.persons, self.firms)), 2)
                return f"{{from: {first}, to: {second}, kind: POSSIBLY_SAME_AS, reasons: [同名]}}"
        return ""

    def _qualifications(self) -> Iterator[str]:
        for i, person in enumerate(("p0", "p1")):
            draw = self.hidden if person in self.persons else self.kept
            number = draw.choice(("A1", "B22", "江门甲3"))
            ended = (
                ", revokedOn: 2017-02-01, reason: ILLEGALITY, sanction: REVOKED" if self.public.random() < 0.5 else ""
            )
            said = f"profession: {PROFESSIONS[i]}, number: {number}, from: 2010-01-01{ended}"
            yield f"{{id: q{i}, person: {person}, {said}}}"

    def _public_records(self) -> Iterator[str]:
        """Published on the day in each regime; each body and each list has one, which makes them known."""
        draw, about = self.public, (*FIRMS, *PERSONS)
        for i, body in enumerate(BODIES):
            day = self.before(3)
            licence = draw.choice(("FINE", "LICENCE_REVOKED, licence: BUSINESS, sector: FOOD"))
            yield (
                f"{{id: r{i}, kind: PENALTY, about: {draw.choice(about)}, department: {body}, amount: '{i}00',"
                f" documentNumber: 江罚{i}号, decidedOn: {day}, publishedFrom: {day}, type: {licence}}}"
            )
        for i, name in enumerate(("失信被执行人", "严重违法失信名单"), 2):
            yield f"{{id: r{i}, kind: LIST_ENTRY, about: {draw.choice(about)}, list: {name}, from: {self.before(9)}}}"
        for i, kind in enumerate(("CONSUMPTION_RESTRICTION", "PERMIT", "ENFORCEMENT"), 4):
            day = self.before(i)
            yield f"{{id: r{i}, kind: {kind}, about: {draw.choice(about)}, department: g1, decidedOn: {day}}}"

    def _public_responsibility(self) -> Iterator[str]:
        for i in range(2):
            person, capacity = self.public.choice(PERSONS), self.public.choice(CAPACITIES)
            yield f"{{person: {person}, record: r{i}, capacity: {capacity}, decidedOn: {self.before(2)}}}"

    def _once_hidden(self) -> str:
        """A record that the reader sees on the day, but not as it was known at first: then it was to come out later."""
        about, number = self.public.choice(self.firms), self.hidden.randint(10, 99) if self.load == 0 else 7
        return (
            f"{{id: v0, kind: PENALTY, about: {about}, documentNumber: 江罚{number}号, type: FINE,"
            f" decidedOn: {self.before(6)}, publishedFrom: {self.before(-1 if self.load == 0 else 3)}}}"
        )

    def _once_secret(self) -> str:
        draw = self.hidden if self.load == 0 else self.public
        return f"{{person: {draw.choice(self.persons)}, record: v0, capacity: {draw.choice(CAPACITIES)}}}"

    def _slot(self, number: int) -> tuple[str, str]:
        """A record the reader may not see on the day, and who was found responsible; or nothing."""
        draw = self.hidden
        if draw.random() < 0.3:
            return "", ""
        fate = draw.choice(FATES)
        about = draw.choice((*self.firms, *self.persons))
        fields = {"about": about, "documentNumber": f"江罚{draw.randint(0, 9)}{number}号", **self._fate(fate)}
        if draw.random() < 0.7:
            fields["department"] = draw.choice(BODIES)
        shown = "".join(f", {key}: {value}" for key, value in fields.items())
        responsible = f"{{person: {draw.choice(self.persons)}, record: h{number}, capacity: {draw.choice(CAPACITIES)}}}"
        return f"{{id: h{number}{shown}}}", responsible if draw.random() < 0.6 else ""

    def _fate(self, fate: str) -> dict[str, str]:
        draw, before = self.hidden, self.before
        sort = draw.choice(("FINE", "LICENCE_REVOKED, licence: BUSINESS, sector: FOOD", "[FINE, WARNING]"))
        fine = {"kind": "PENALTY", "type": sort, "amount": f"'{draw.randint(1, 999)}'", "decidedOn": before(6)}
        listed = {"kind": "LIST_ENTRY", "list": draw.choice(("失信被执行人", "严重违法失信名单")), "from": before(30)}
        match fate:
            case "never":
                kind = draw.choice(NEVER)
                crime = {"crime": "FOOD_SAFETY", "sentence": "LESSER", "servedOn": before(2)}
                more = crime if kind == NEVER[0] else {"sanction": "REMOVED_FROM_POST"} if kind == NEVER[1] else {}
                return {"kind": kind, "decidedOn": before(draw.randint(1, 40)), **more}
            case "unsaid":
                return {"kind": draw.choice(UNSAID), "decidedOn": before(draw.randint(1, 40))}
            case "over":
                return {**fine, "decidedOn": before(draw.randint(40, 90))}
            case "minor":
                return {**fine, "type": draw.choice(("WARNING", "[WARNING, CRITICISM]"))}
            case "repaired":
                return {**fine, "repairedOn": before(1), "state": "REPAIRED"}
            case "revoked":
                return {**fine, draw.choice(("revokedOn", "setAsideOn")): before(1)}
            case "undated":
                return {**fine, "state": draw.choice(("REVOKED", "REPAIRED", "SET_ASIDE"))}
            case "later":
                return {**fine, "decidedOn": before(-2), "publishedFrom": before(-2)}
            case "ended":
                return {**listed, "to": before(8)}
            case "lifted":
                return {**listed, "liftedOn": before(1)}
            case "not yet":
                return {**fine, "publishedFrom": before(-1)}
        return {**fine, "publishedFrom": before(6), "publishedTo": before(1)}


FATES: Final = (
    *("never", "unsaid", "over", "minor", "repaired", "revoked", "undated", "later", "ended", "lifted", "not yet"),
    "taken down",
)


# A load into an almost empty graph makes every statement be planned anew (`graph.store.writer`): the projects, which no
# answer shows, stay from world to world, and so do the plans.
BALLAST: Final = "projects:\n" + "".join(f"  - {{id: b{i}, name: 工程{i}}}\n" for i in range(200))
KEEP: Final = "MATCH (n) WHERE NOT n:Graph SET n:Kept"
FORGET: Final = "MATCH (n) WHERE NOT n:Graph AND NOT n:Kept DETACH DELETE n"


async def stand(asking: Asking) -> None:
    """A graph of nothing but ballast, ready for worlds."""
    await empty(asking.database)
    asking.now = BEGINNING
    await asking.load("ballast", BALLAST)
    await asking.database.write(lambda transaction: transaction.run(KEEP))


async def forget(database: Database) -> None:
    async def work(transaction: Transaction) -> None:
        await transaction.run(FORGET)
        await transaction.run(RESTART, at=instant(BEGINNING))

    await database.write(work)


@dataclass
class Told:
    """What a world answered: every body as bytes by question, and the ids that the reader must not find."""

    bodies: dict[str, bytes]
    hidden: list[str]
    official: bytes


async def tell(asking: Asking, pair: Pair, side: int) -> Told:
    """Load one world of a pair into a graph of ballast and ask everything."""
    await forget(asking.database)
    ids: dict[str, str] = {}
    for text, at in zip(pair.worlds[side], (FIRST_LOAD, SECOND_LOAD), strict=True):
        path = asking.folder / "hidden.yaml"
        path.write_text(text, encoding="utf-8")
        now = datetime.fromisoformat(at)
        found = await load_file(asking.database, path, person_key=PERSON_KEY, now=now, today=now.date())
        await derive(asking.database, now=now, progress=SilentProgress())
        assert found.rejections == (), found.rejections
        ids |= found.ids
    asking.now = datetime.fromisoformat(TODAY)
    bodies: dict[str, bytes] = {}
    for question in QUESTIONS:
        for known in (None, BETWEEN) if question.known else (None,):
            bodies[f"{question.document} {known}"] = await _said(asking, pair, question, known)
    for question in WALKS:
        bodies |= {f"{question.document} {i}": said async for i, said in _walked(asking, pair, question)}
    official = await asking.execute(EMPLOYMENTS, {"d": pair.day})
    posts = [post["id"] for firm in official.body["data"]["organizations"]["nodes"] for post in firm["posts"]["nodes"]]
    hidden = [id for ref, id in ids.items() if ref in {f"h{i}" for i in range(SLOTS)}]
    return Told(bodies, sorted({*hidden, *posts}), orjson.dumps(official.body["data"]))


async def _said(asking: Asking, pair: Pair, question: Question, known: str | None, **more: Any) -> bytes:
    variables = {"d": pair.day, "k": known, **question.variables, **more}
    for _ in range(PATIENCE):  # a first plan on a busy machine may take longer than a statement may
        answer = await asking.execute(question.document, variables, pair.role, **pair.reader)
        refused = [each["extensions"]["code"] for each in answer.body.get("errors", [])]
        if "TIMEOUT" not in refused:
            break
    assert refused == question.refused, (question.document, answer.body.get("errors"))
    return orjson.dumps(answer.body)


async def _walked(asking: Asking, pair: Pair, question: Question) -> Any:
    """Pages of one from the first to the last and back again."""
    root = question.root
    for first, cursor, more, end in (
        ("first", "after", "hasNextPage", "endCursor"),
        ("last", "before", "hasPreviousPage", "startCursor"),
    ):
        place: str | None = None
        for i in range(40):
            said = await _said(asking, pair, question, None, **{first: 2, cursor: place})
            yield f"{first} {i}", said
            page = orjson.loads(said)["data"][root]["pageInfo"]
            if not page[more]:
                break
            place = page[end]


async def unlike(asking: Asking, seed: int) -> list[str]:
    """The questions that two worlds of a pair answer differently, with both answers."""
    pair = draw(seed)
    left, right = [await tell(asking, pair, side) for side in range(2)]
    assert left.official != right.official or pair.worlds[0] != pair.worlds[1]
    found = [
        f"{pair.role} {pair.day} {question}: {_where(left.bodies.get(question, b''), right.bodies.get(question, b''))}"
        for question in {**left.bodies, **right.bodies}
        if left.bodies.get(question) != right.bodies.get(question)
    ]
    for id in (*left.hidden[:2], *right.hidden[:3]):  # the right world is loaded still: strange ids, and its own
        unknown = id[:4] + "0" * (len(id) - 4)
        for question in BY_ID:
            there, nowhere = [
                (await asking.execute(question, {"d": pair.day, "id": each}, pair.role, **pair.reader)).body
                for each in (id, unknown)
            ]
            if orjson.dumps(there).replace(id.encode(), ANY_ID) != orjson.dumps(nowhere).replace(
                unknown.encode(), ANY_ID
            ):
                found.append(f"{pair.role} {pair.day} {question} {id}\n  {there}\n  {nowhere}")
    return found


def _where(left: bytes, right: bytes) -> str:
    """Both answers from shortly before the first difference on."""
    same = next((i for i, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), 0)
    shown = (each[max(0, same - 150) : same + 150].decode(errors="replace") for each in (left, right))
    return "".join(f"\n  … {each} …" for each in shown)


async def main(first: int, last: int) -> int:
    """Ask the pairs of a range of seeds on a server of its own; how many answers differed."""
    differing = 0
    with TemporaryDirectory() as folder:
        options = EmbeddedOptions(home=Path(folder) / "home", heap_megabytes=512, page_cache_megabytes=64, appcds=False)
        with Lease.acquire(options) as lease:
            address = lease.address()
            database = Database(lambda: address)
            try:
                await prepare(database, purpose="test", person_key=PERSON_KEY, now=BEGINNING)
                asking = Asking(database, Path(folder))
                await stand(asking)
                for seed in range(first, last):
                    found = await unlike(asking, seed)
                    differing += len(found)
                    print(seed, len(found), *found, sep="\n", flush=True)
            finally:
                await database.close()
    return differing


if __name__ == "__main__":
    sys.exit(min(1, asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))))
