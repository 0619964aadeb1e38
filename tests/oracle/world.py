"""A seeded world: two sources that describe one small city, each loaded several times with corrections.

It must not know how anything is asked. Persons are invented and born before 1910.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from graph.identifiers import (
    body_check_character,
    registration_check_digit,
    resident_check_character,
    uscc_check_character,
)
from graph.periods import SHANGHAI, instant
from tests.oracle.entries import LISTS, Entry, File
from tests.oracle.facts import World

LOADED: Final = (
    ("registry", datetime(2023, 3, 1, 10, tzinfo=SHANGHAI)),
    ("court", datetime(2023, 9, 1, 10, tzinfo=SHANGHAI)),
    ("registry", datetime(2024, 5, 6, 7, 8, 9, tzinfo=SHANGHAI)),
    ("court", datetime(2025, 2, 1, tzinfo=SHANGHAI)),
    ("registry", datetime(2025, 10, 10, 10, 10, 10, 123456, tzinfo=SHANGHAI)),
)
NOW: Final = datetime(2026, 1, 1, 9, 0, tzinfo=SHANGHAI)
BORDERS: Final = tuple(
    map(
        date.fromisoformat,
        (
            *("2012-05-01", "2015-01-01", "2018-06-01", "2019-03-01", "2020-02-29", "2021-01-01", "2022-07-01"),
            *("2023-03-01", "2024-05-06", "2025-06-30", "2025-12-31", "2026-01-01", "2026-03-01"),
        ),
    )
)
SURNAMES, GIVEN = "李王陈黄梁何谭伍", ("明远", "秀兰", "某", "大文", "阿Ｂ", "阿b", "子安", "美玲")
TRADES: Final = ("贸易", "食品", "建筑工程", "ＡＢ电子", "ab电子", "运输", "化工", "Ab 电子", "３Ｍ·Ａ仪器")
REGIONS: Final = ("440703", "440704", "440705", "440781", "440785", "440106", "440782")
PLACES: Final = ("440703", "440785")  # named by both files
INDUSTRIES: Final = ("F5191", "C1361", "I6510", "E4790")
PROFESSIONS: Final = ("律师", "注册会计师", "教师", "Guide")
GROUPS: Final = ("律师", "教师", "导游", "公务员")
POSTS: Final = (
    *("LEGAL_REPRESENTATIVE", "PRINCIPAL", "DIRECTOR", "SUPERVISOR", "SENIOR_MANAGER", "FINANCE_CHIEF"),
    *("CONTROLLER", "PROJECT_MANAGER", "EMPLOYEE", "EMPLOYEE", "PRACTITIONER", "MANAGER"),
)
KINDS: Final = (
    *("PENALTY",) * 6,
    *("LIST_ENTRY",) * 5,
    *("PERMIT", "PERMIT", "CONSUMPTION_RESTRICTION", "EXIT_RESTRICTION", "ENFORCEMENT", "TAX_ARREARS", "BANKRUPTCY"),
    *("GRADE", "AWARD", "INSPECTION", "COMMITMENT", "COURT_CASE", "CRIMINAL_CONVICTION", "CRIMINAL_CONVICTION"),
    *("DISCIPLINE", "MARKET_BAN", "ACCIDENT", "CONTRACT", "TRAINING"),
)
TYPES: Final = ("FINE", "WARNING", "CONFISCATION", "LICENCE_REVOKED", "BUSINESS_SUSPENDED", "CRITICISM")
CAPACITIES: Final = ("NAMED", "OFFENDER", "DIRECTLY_RESPONSIBLE_SUPERVISOR", "PERSON_IN_CHARGE", "RELEASED")


def uscc(head: str, number: int) -> str:
    """A code with both checks whose body begins with YY."""
    body = f"YY{number:06d}"
    code = f"{head}440703{body}{body_check_character(body)}"
    return code + uscc_check_character(code)


def resident(number: int) -> str:
    head = f"440785{1880 + number % 20}{1 + number % 12:02d}{1 + number % 28:02d}{number:03d}"
    return head + resident_check_character(head)


def registration(number: int) -> str:
    head = f"44070020{number:06d}"
    return head + registration_check_digit(head)


@dataclass
class Drawn:
    """The states of the files in the order of their loading, and the world they make."""

    files: list[tuple[File, datetime]]
    world: World
    ids: dict[str, dict[str, str]] = field(default_factory=dict)  # by stem: every local name ever used → node id


def draw(seed: int) -> Drawn:
    pen = Pen(random.Random(seed))
    files: dict[str, File] = {}
    states: list[tuple[File, datetime]] = []
    for stem, at in LOADED:
        files[stem] = pen.corrected(files[stem]) if stem in files else pen.first(stem)
        states.append((copy.deepcopy(files[stem]), at))
    world, ids = World(), dict[str, dict[str, str]]()
    for file, at in states:
        ids.setdefault(file.stem, {}).update(world.load(file.stem, *file.said(), instant(at)))
    return Drawn(states, world, ids)


class Pen:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.fresh = 0
        self.numbers: set[str] = set()  # former numbers of one file, each given once

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def one(self, choices: Any) -> Any:
        return self.chance.choice(choices)

    def day(self, *, imprecise: float = 0.06) -> str:
        day: date = self.one(BORDERS) + timedelta(days=self.one((0, 0, 0, -1, 1, 30)))
        text = day.isoformat()
        if self.maybe(imprecise):
            return text[: self.one((4, 7, 7))]
        return text

    def ends(self, *, start: float = 0.9, end: float = 0.4, imprecise: float = 0.06) -> Entry:
        """`from` and `to` that hold at least a day."""
        while True:
            found = {}
            if self.maybe(start):
                found["from"] = self.day(imprecise=imprecise)
            if self.maybe(end):
                found["to"] = self.day(imprecise=imprecise)
            if len(found) < 2 or found["from"][:4] < found["to"][:4]:
                return found

    def first(self, stem: str) -> File:
        file = File(stem)
        self.numbers.clear()
        file.sections["subjects"] = list(self._subjects(stem))
        self._relate(file)
        return file

    # Subjects. Both files name some firms and persons under different local names and say different things of them.

    def _subjects(self, stem: str) -> Iterator[Entry]:
        mine = range(12) if stem == "registry" else range(8, 16)
        for i in mine:
            yield self._organization(f"e{i}", "ENTERPRISE", uscc("91", 100 + i) if i % 4 != 3 else None)
        for i, (kind, head) in enumerate(
            (
                ("GOVERNMENT_BODY", "11"),
                ("GOVERNMENT_BODY", "11"),
                ("GOVERNMENT_BODY", "11"),
                ("PUBLIC_INSTITUTION", "12"),
                ("SOCIAL_ORGANIZATION", "51"),
                ("OTHER_ORGANIZATION", "31"),
            )
        ):
            yield self._organization(f"o{i}", kind, uscc(head, 200 + i) if i != 2 else None)
        for i in range(9) if stem == "registry" else range(5, 13):
            person = {"id": f"p{i}", "kind": "PERSON", "name": self.one(SURNAMES) + self.one(GIVEN)}
            if i % 3 != 2:
                person["document"] = {"type": "身份证", "number": resident(i)}
            elif self.maybe(0.7):
                person["adultOn"] = "1908-01-01"
            person |= {"region": self.one(REGIONS)} if self.maybe(0.6) else {}
            person |= {"status": self.one(("ACTIVE", "DECEASED"))} if self.maybe(0.5) else {}
            if self.maybe(0.3):
                person["versions"] = [{"to": self.day(imprecise=0), "name": self.one(SURNAMES) + self.one(GIVEN)}]
            yield person

    def _organization(self, local: str, kind: str, code: str | None) -> Entry:
        entry: Entry = {"id": local, "kind": kind, "name": self._name()}
        if code:
            entry["uscc"] = code
        entry |= self._dated(kind)
        if self.maybe(0.7):
            entry["established"] = self.day()
        if kind == "ENTERPRISE" and self.maybe(0.8):
            entry["form"] = self.one(("LIMITED_COMPANY", "BRANCH", "PARTNERSHIP", "INDIVIDUAL_BUSINESS"))
        if self.maybe(0.5):
            entry["versions"] = list(self._versions(kind))
        if kind == "ENTERPRISE" and self.maybe(0.5):
            number = self.one((1, 2, 3))  # several firms may have had one number, at times at once
            former = {"scheme": "REGISTRATION_NUMBER", "number": registration(number * 10 + int(local[1:]) // 6)}
            if former["number"] not in self.numbers:
                self.numbers.add(former["number"])
                entry["formerIdentifiers"] = [{**former, **self.ends(imprecise=0)}]
        return entry

    def _name(self) -> str:
        return f"江门{self.one('甲乙丙丁')}{self.one(TRADES)}{self.one(('有限公司', '（江门）', '合作社'))}"

    def _dated(self, kind: str, share: float = 0.7) -> Entry:
        found: Entry = {}
        if self.maybe(share):
            found["status"] = self.one(("ACTIVE", "ACTIVE", "LICENCE_REVOKED", "DEREGISTERED", "SUSPENDED"))
        if self.maybe(share):
            found["region"] = self.one(REGIONS)
        if self.maybe(share / 2):
            found["address"] = f"江门市迎宾大道{self.one((1, 2, 3))}号"
        if self.maybe(share / 4):
            found["stateOwned"] = self.one(("WHOLLY", "CONTROLLED"))
        if self.maybe(share / 3):
            found["sectorOf"] = self.chance.sample(("FOOD", "CONSTRUCTION", "TAX", "DRUG"), self.one((1, 2)))
        if kind == "ENTERPRISE":
            if self.maybe(share):
                found["registeredCapital"] = self.one(("1000000", "1000000.50", "500000", "0.01", "30000000"))
            if self.maybe(share):
                found["industry"] = self.one(INDUSTRIES)
        return found

    def _versions(self, kind: str) -> Iterator[Entry]:
        """Earlier, at times future, values: periods that do not overlap."""
        days = sorted({self.day(imprecise=0) for _ in range(self.one((1, 2, 3)))})
        start: str | None = None
        for day in days:
            version = {**({"from": start} if start else {}), "to": day, **self._dated(kind, 0.4)}
            if self.maybe(0.8):
                version["name"] = self._name()
            yield version
            gap = not self.maybe(0.7)
            start = self._later(day) if gap and self._later(day) not in days else day  # a period holds a day

    def _later(self, day: str) -> str:
        return (date.fromisoformat(day) + timedelta(days=1)).isoformat()

    # What ties them. A file says one thing once.

    def _know(self, file: File) -> None:
        subjects = file.sections["subjects"]
        self.persons = [each["id"] for each in subjects if each["kind"] == "PERSON"]
        self.organizations = [each["id"] for each in subjects if each["kind"] != "PERSON"]
        self.bodies = [each["id"] for each in subjects if each["kind"] == "GOVERNMENT_BODY"]

    def _relate(self, file: File, share: float = 1.0) -> None:
        self._know(file)
        for _ in range(int(54 * share)):
            self._add(file, "posts", self._post(), ("person", "organization", "role", "from"))
        for _ in range(int(36 * share)):
            self._add(file, "holdings", self._holding(), ("holder", "organization", "from"))
        for branch in self.chance.sample(self.organizations, int(4 * share)):
            parent = self.one([each for each in self.organizations if each != branch])
            entry = {"from": branch, "to": parent, "kind": "BRANCH_OF", **self._valid()}
            if not any((e["from"], e["kind"]) == (branch, "BRANCH_OF") for e in file.sections["relations"]):
                file.sections["relations"].append(entry)
        for _ in range(int(9 * share)):
            entry = {"from": self.one(self.persons), "to": self.one(GROUPS), "kind": "MEMBER_OF", **self._valid()}
            self._add(file, "relations", entry, ("from", "to", "kind", "validFrom"))
        for _ in range(int(22 * share)):
            self._add(file, "relations", self._other_relation(), ("from", "to", "kind", "validFrom"))
        for _ in range(int(7 * share)):
            file.sections["qualifications"].append(self._qualification())
        for _ in range(int(56 * share)):
            file.sections["records"].append(self._record())
        self._name_responsible(file, int(16 * share))

    def _name_responsible(self, file: File, count: int) -> None:
        for _ in range(count):
            record = self.one(file.sections["records"])["id"]
            entry = {"person": self.one(self.persons), "record": record, "capacity": self.one(CAPACITIES)}
            if self.maybe(0.7):
                entry["decidedOn"] = self.day()
            self._add(file, "responsibility", entry, ("person", "record", "capacity", "decidedOn"))

    def _add(self, file: File, section: str, entry: Entry, key: tuple[str, ...]) -> None:
        taken = {tuple(each.get(name) for name in key) for each in file.sections[section]}
        if tuple(entry.get(name) for name in key) not in taken:
            file.sections[section].append(entry)

    def _valid(self) -> Entry:
        ends = self.ends()
        return {new: ends[old] for old, new in (("from", "validFrom"), ("to", "validTo")) if old in ends}

    def _other_relation(self) -> Entry:
        """Relations that no list of the API shows, only what stands around a subject."""
        kind = self.one(("POSSIBLY_SAME_AS", "POSSIBLY_SAME_AS", "LOCATED_IN", "GUARANTEES", "ACTS_IN_CONCERT_WITH"))
        among = self.persons if kind == "POSSIBLY_SAME_AS" else self.persons + self.organizations
        start, end = self.chance.sample(among, 2)
        entry = {"from": start, "to": end, "kind": kind, **self._valid()}
        if kind == "LOCATED_IN":
            entry["to"] = self.one(PLACES)
        if kind == "POSSIBLY_SAME_AS" and self.maybe(0.8):
            entry["reasons"] = self.chance.sample(("同名", "同址", "同电话"), self.one((1, 2)))
        return entry

    def _post(self) -> Entry:
        role = self.one(POSTS)
        holders = self.persons + self.organizations if role == "CONTROLLER" else self.persons
        return {"person": self.one(holders), "organization": self.one(self.organizations), "role": role, **self.ends()}

    def _holding(self) -> Entry:
        holder, organization = self.chance.sample(self.persons + self.organizations, 2)
        if organization in self.persons:
            organization = self.one(self.organizations)
        entry: Entry = {"holder": holder, "organization": organization, **self.ends()}
        if self.maybe(0.85):
            entry["share"] = self.one(("60", "40", "33.333333", "0.5", "25", "100"))
        if self.maybe(0.5):
            entry["votes"] = self.one(("60", "51", "25.000001"))
        if self.maybe(0.4):
            entry["capital"] = self.one(("100000", "0.10", "2500000.05"))
        return entry

    def _local(self, stem: str) -> str:
        self.fresh += 1
        return f"{stem}{self.fresh}"

    def _qualification(self) -> Entry:
        entry: Entry = {"id": self._local("q"), "person": self.one(self.persons), "profession": self.one(PROFESSIONS)}
        entry |= self.ends(end=0.4)
        if self.maybe(0.6):
            entry["number"] = f"A{self.fresh}"
        if self.maybe(0.4):
            entry |= {"revokedOn": self.day(), "reason": "ILLEGALITY", "sanction": "REVOKED"}
        return entry

    def _record(self) -> Entry:
        kind = self.one(KINDS)
        entry: Entry = {"id": self._local("r"), "kind": kind}
        entry["about"] = self.chance.sample(self.persons + self.organizations, self.one((1, 1, 1, 2)))
        if self.maybe(0.7):
            entry["department"] = self.one(self.bodies[:2])
        if self.maybe(0.6):
            entry["documentNumber"] = f"江{self.one('市新')}监罚〔{self.one((2018, 2021))}〕{self.one((1, 2, 10))}号"
        if self.maybe(0.9):
            entry["decidedOn"] = self.day()
        if self.maybe(0.2):
            entry["effectiveOn"] = self.day()
        if self.maybe(0.6 if kind in ("LIST_ENTRY", "PERMIT") else 0.25):
            entry |= self.ends(end=0.6)
        if self.maybe(0.25):
            entry["offence"] = self.ends(start=1, end=0.7)
        for name, chance in (("revokedOn", 0.08), ("setAsideOn", 0.04), ("liftedOn", 0.08), ("repairedOn", 0.1)):
            if self.maybe(chance):
                entry[name] = self.day()
        if self.maybe(0.12):
            entry["state"] = self.one(("REVOKED", "EXPIRED", "REPAIRED", "SUSPENDED", "LIFTED"))
        if self.maybe(0.08):
            entry["suspended"] = self.ends(start=1)
        if self.maybe(0.25):
            entry["publishedFrom"] = self.day()
        if self.maybe(0.15) and "publishedFrom" not in entry:
            entry["publishedTo"] = self.day()
        if self.maybe(0.2):
            entry["seriousness"] = self.one(("ORDINARY", "SERIOUS", "VERY_SERIOUS"))
        if self.maybe(0.2):
            entry["circumstances"] = self.chance.sample(("FAKE", "REPEATED", "DEATH"), self.one((1, 2)))
        if self.maybe(0.3):
            entry["basis"] = [{"document": "食品安全法", "article": "124"}, {"document": "公司法"}][: self.one((1, 2))]
        return {**entry, **self._of_kind(kind)}

    def _of_kind(self, kind: str) -> Entry:
        found: Entry = {}
        match kind:
            case "PENALTY":
                found["type"] = self.chance.sample(TYPES, self.one((1, 1, 2)))
                found |= {"sector": self.one(("FOOD", "TAX", "CONSTRUCTION"))} if self.maybe(0.7) else {}
                found |= {"amount": self.one(("50000", "50000.05", "100"))} if self.maybe(0.6) else {}
                found |= {"licence": self.one(("BUSINESS", "FOOD"))} if self.maybe(0.4) else {}
                found |= {"facts": "事实", "content": "内容", "confiscated": "1.50"} if self.maybe(0.3) else {}
            case "LIST_ENTRY":
                found["list"] = self.one(tuple(LISTS))
                found |= {"largeDebt": self.one((True, False))} if self.maybe(0.5) else {}
                found |= {"reason": self.one(("FALSE_INFORMATION", "未缴"))} if self.maybe(0.5) else {}
            case "PERMIT":
                found |= {"permitKind": self.one(("ORDINARY", "APPROVAL")), "certificate": "许可证", "content": "准"}
            case "ENFORCEMENT" | "TAX_ARREARS":
                found |= {"amount": self.one(("12.34", "900000"))} if self.maybe(0.7) else {}
            case "GRADE":
                found |= {"scheme": "TAX", "grade": self.one("ABCD"), "year": self.one((2019, 2024))}
            case "CRIMINAL_CONVICTION":
                found |= {"crime": self.one(("FOOD_SAFETY", "FRAUD"))} if self.maybe(0.8) else {}
                found |= {"sentence": "LESSER", "servedOn": self.day()} if self.maybe(0.6) else {}
            case "DISCIPLINE":
                found |= {"sanction": self.one(("DISMISSED", "WARNING")), "completedOn": self.day()}
            case "MARKET_BAN":
                found["ban"] = self.one(({"scope": "证券", "years": 5}, {"years": "LIFE"}, {"scope": "期货"}))
            case "ACCIDENT":
                found |= {"grade": self.one(("ORDINARY", "MAJOR"))} if self.maybe(0.8) else {}
            case "BANKRUPTCY":
                found |= {"completedOn": self.day()} if self.maybe(0.6) else {}
        return found

    # Corrections: said before and not any more, or said otherwise.

    def corrected(self, file: File) -> File:
        new = copy.deepcopy(file)
        self._know(new)
        for section in ("posts", "holdings", "relations", "qualifications", "responsibility"):
            new.sections[section] = [each for each in new.sections[section] if not self.maybe(0.08)]
            for each in new.sections[section]:
                if self.maybe(0.15):
                    self._change(section, each)
        gone = {each["id"] for each in new.sections["records"] if self.maybe(0.06)}
        new.sections["records"] = [each for each in new.sections["records"] if each["id"] not in gone]
        new.sections["responsibility"] = [e for e in new.sections["responsibility"] if e["record"] not in gone]
        for each in new.sections["records"]:
            if self.maybe(0.25):
                self._change_record(each)
        for each in new.sections["subjects"]:
            if self.maybe(0.3):
                self._change_subject(each)
        self._forget_one(new)
        self._relate(new, 0.12)
        self.chance.shuffle(new.sections["posts"])
        return new

    def _change(self, section: str, entry: Entry) -> None:
        """The same thing with another end or number: its key stays, its content does not."""
        if section in ("posts", "holdings"):
            entry.pop("to", None)
            if self.maybe(0.7) and entry.get("from", "0") < "2024":
                entry["to"] = self.one(("2024-05-06", "2025-06-30", "2025-12-31", "2026-01-01"))
        if section == "holdings":
            entry["share"] = self.one(("10", "60", "99.999999"))
        if section == "qualifications":
            entry["revokedOn"] = self.day()

    def _change_record(self, entry: Entry) -> None:
        match self.one(("state", "date", "number", "about", "department", "type")):
            case "state":
                entry["repairedOn"] = self.day()
            case "date":
                entry["decidedOn"] = self.day()
            case "number":
                entry["documentNumber"] = f"更正{self.one((1, 2, 3))}号"
            case "about":
                entry["about"] = self.chance.sample(self.persons + self.organizations, self.one((1, 2)))
            case "department":
                entry["department"] = self.one(self.bodies)
            case "type" if "type" in entry:
                entry["type"] = self.chance.sample(TYPES, 2)

    def _change_subject(self, entry: Entry) -> None:
        if entry["kind"] == "PERSON":
            entry["name"] = entry["name"][:1] + self.one(GIVEN)
            return
        if self.maybe(0.5):
            entry["name"] = self._name()
        if self.maybe(0.5):
            entry["versions"] = list(self._versions(entry["kind"]))
        entry |= self._dated(entry["kind"], 0.3)

    def _forget_one(self, file: File) -> None:
        """A subject of which this file says nothing any more, nor of what it did."""
        local = self.one([each["id"] for each in file.sections["subjects"] if each["kind"] != "GOVERNMENT_BODY"])
        file.sections["records"] = [each for each in file.sections["records"] if local not in each["about"]]
        records = {each["id"] for each in file.sections["records"]}
        file.sections["subjects"] = [each for each in file.sections["subjects"] if each["id"] != local]
        ends = {
            "posts": ("person", "organization"),
            "holdings": ("holder", "organization"),
            "relations": ("from", "to"),
            "qualifications": ("person",),
            "responsibility": ("person",),
        }
        for section, names in ends.items():
            file.sections[section] = [
                each for each in file.sections[section] if local not in [each[name] for name in names]
            ]
        file.sections["responsibility"] = [e for e in file.sections["responsibility"] if e["record"] in records]
