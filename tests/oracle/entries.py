"""World files as plain entries: written as YAML for the real loader, and as what they say for the oracle.

It must not use the loader: this is the second reading of `docs/world.md`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from graph.changes import Claim
from graph.codes import IdentifierScheme, PostKind, RecordKind, RelationKind
from graph.identifiers import born_on, document_claim
from graph.periods import OPEN_END, OPEN_START, add_years
from graph.vocabulary import relation_of
from tests.conftest import PERSON_KEY
from tests.oracle.facts import NodeSaid, Number, TieSaid

Entry = dict[str, Any]
SECTIONS: Final = (
    *("subjects", "posts", "holdings", "relations", "qualifications", "records"),
    "responsibility",
)
DATED: Final = ("name", "status", "region", "address", "registeredCapital", "industry", "stateOwned", "sectorOf")
# Lists of the world: canonical name → (aliases, polarity), as in graph/rules/lists.toml.
LISTS: Final = {
    "失信被执行人": (("失信被执行人名单",), "BLACK"),
    "严重违法失信名单": (("严重违法企业名单", "严重违法失信企业名单"), "BLACK"),
    "经营异常名录": (("经营异常名录(状态)", "异常名录"), "WATCH"),
    "诚信绿卡": (("诚信绿卡企业",), "RED"),
}
R = RelationKind


@dataclass
class File:
    """One state of one world file."""

    stem: str
    sections: dict[str, list[Entry]] = field(default_factory=lambda: {each: [] for each in SECTIONS})

    def text(self) -> str:
        lines = []
        for section, entries in self.sections.items():
            if entries:
                lines.append(f"{section}:")
                lines += [f"  - {json.dumps(each, ensure_ascii=False)}" for each in entries]
        return "\n".join(lines) + "\n"

    def rows(self) -> Iterator[tuple[str, Entry, int]]:
        """Every entry with the line it is written on."""
        line = 0
        for section, entries in self.sections.items():
            if entries:
                line += 1
                for each in entries:
                    line += 1
                    yield section, each, line

    def said(self) -> tuple[list[NodeSaid], list[TieSaid]]:
        deciders = {each.get("department") for each in self.sections["records"]}
        nodes: dict[str, NodeSaid] = {}
        ties: list[TieSaid] = []
        for section, entry, row in self.rows():
            match section:
                case "subjects":
                    node = _subject(self.stem, entry, row, entry["id"] in deciders)
                    nodes[node.local] = node
                case "posts":
                    ties.append(_post(entry, row))
                case "holdings":
                    ties.append(_holding(entry, row))
                case "relations":
                    ties.append(_relation(entry, row))
                    if entry["kind"] == R.MEMBER_OF:
                        group = _shared("KEY_GROUP", entry["to"], {"name": entry["to"]})
                        nodes.setdefault(group.local, group)
                    if entry["kind"] == R.LOCATED_IN:
                        place = _shared("REGION", entry["to"], {"code": entry["to"]})
                        nodes.setdefault(place.local, place)
                case "qualifications":
                    nodes[entry["id"]] = _plain(
                        self.stem, "QUALIFICATION", entry, row, values_of(entry, QUALIFICATION, {})
                    )
                    key = f"qualifications|{entry['id']}"
                    ties.append(_tie(R.HAS_QUALIFICATION, entry["person"], entry["id"], key, entry, row))
                case "records":
                    nodes[entry["id"]] = _plain(self.stem, entry["kind"], entry, row, record_values(entry))
                    ties += _record_ties(entry, row)
                    if "list" in entry:
                        aliases, polarity = LISTS[entry["list"]]
                        values = {"name": entry["list"], "aliases": aliases, "polarity": polarity}
                        listed = _shared("CREDIT_LIST", entry["list"], values)
                        nodes.setdefault(listed.local, listed)
                case "responsibility":
                    key = "|".join(str(entry.get(name, "")) for name in ("person", "record", "capacity", "decidedOn"))
                    values = {name: entry[name] for name in ("capacity", "decidedOn") if name in entry}
                    ties.append(
                        TieSaid(
                            *(R.RESPONSIBLE_FOR, entry["person"], entry["record"], f"responsibility|{key}"),
                            *(OPEN_START, OPEN_END, values, row),
                        )
                    )
        return list(nodes.values()), ties


def money(text: str) -> int:
    return int(Decimal(text) * 100)


def share(text: str) -> int:
    return int(Decimal(text) * 1_000_000)


CONVERT: Final = {"registeredCapital": money, "amount": money, "fine": money, "confiscated": money}


def values_of(entry: Mapping[str, Any], names: Iterator[str] | tuple[str, ...], renamed: Mapping[str, str]) -> Entry:
    """Stored values of the keys that are written; texts of a list sorted, each once."""
    found = {}
    for name in names:
        if name in entry:
            value = entry[name]
            if isinstance(value, list):
                value = tuple(sorted(set(value)))
            found[renamed.get(name, name)] = CONVERT[name](value) if name in CONVERT else value
    return found


def _subject(stem: str, entry: Entry, row: int, department: bool) -> NodeSaid:
    base = values_of(entry, (*DATED, "established", "form", "adultOn"), {})
    numbers = []
    if "uscc" in entry:
        numbers.append(Number("USCC", entry["uscc"]))
    if "document" in entry:
        numbers.append(_document(entry["document"]["number"]))
        base["adultOn"] = add_years(born_on(entry["document"]["number"]), 18).isoformat()
    for each in entry.get("formerIdentifiers", ()):
        ends = (each.get("from", OPEN_START), each.get("to", OPEN_END))
        numbers.append(Number(each["scheme"], each["number"], "", None, *ends))
    numbers.append(Number("WORLD", entry["id"], stem))
    return NodeSaid(entry["id"], entry["kind"], tuple(numbers), _versions(entry, base), row, department)


def _document(number: str) -> Number:
    claim = document_claim(PERSON_KEY, IdentifierScheme.RESIDENT_ID, number)
    return Number(claim.scheme, claim.value, claim.issuer, claim.masked)


def _versions(entry: Entry, base: Entry) -> tuple[tuple[str, str, Entry], ...]:
    """The written versions over the base values, and the base values alone for the days between them."""
    found, day = [], OPEN_START
    for each in sorted(entry.get("versions", ()), key=lambda one: one.get("from", OPEN_START)):
        start, end = each.get("from", OPEN_START), each.get("to", OPEN_END)
        if start > day:
            found.append((day, start, base))
        found.append((start, end, {**base, **values_of(each, DATED, {})}))
        day = end
    if day != OPEN_END:
        found.append((day, OPEN_END, base))
    return tuple(found)


def _plain(stem: str, kind: str, entry: Entry, row: int, values: Entry) -> NodeSaid:
    number = Number("WORLD", entry["id"], stem)
    return NodeSaid(entry["id"], kind, (number,), ((OPEN_START, OPEN_END, values),), row)


def _shared(kind: str, name: str, values: Entry) -> NodeSaid:
    claim = Claim(IdentifierScheme.OTHER, name, issuer=kind, lookup=False)
    return NodeSaid(f"{kind}:{name}", kind, (), ((OPEN_START, OPEN_END, values),), natural=claim)


def _ends(entry: Mapping[str, Any], start: str = "from", end: str = "to") -> tuple[str, str]:
    return entry.get(start, OPEN_START), entry.get(end, OPEN_END)


def _tie(kind: R, start: str, end: str, key: str, entry: Entry, row: int, values: Entry | None = None) -> TieSaid:
    return TieSaid(kind, start, end, key, *_ends(entry), values or {}, row)


def _post(entry: Entry, row: int) -> TieSaid:
    kind = relation_of(PostKind(entry["role"]))
    values: Entry = {}
    if kind is R.SERVES_AS:
        values["post"] = entry["role"]
    elif kind is R.CONTROLS:
        values["basis"] = "DECLARED"
    key = f"posts|{entry['person']}|{entry['organization']}|{entry['role']}|{entry.get('from', '')}"
    return _tie(kind, entry["person"], entry["organization"], key, entry, row, values)


def _holding(entry: Entry, row: int) -> TieSaid:
    values: Entry = {name: share(entry[name]) for name in ("share", "votes") if name in entry}
    if "capital" in entry:
        values["capital"] = money(entry["capital"])
    key = f"holdings|{entry['holder']}|{entry['organization']}|{entry.get('from', '')}"
    return _tie(R.HOLDS, entry["holder"], entry["organization"], key, entry, row, values)


def _relation(entry: Entry, row: int) -> TieSaid:
    kind = R(entry["kind"])
    shared = {R.MEMBER_OF: "KEY_GROUP:", R.LOCATED_IN: "REGION:"}.get(kind, "")
    end = f"{shared}{entry['to']}"
    key = f"relations|{kind}|{entry['from']}|{end}||{entry.get('validFrom', '')}"
    values = {"reasons": tuple(entry["reasons"])} if "reasons" in entry else {}  # as they were written
    return TieSaid(kind, entry["from"], end, key, *_ends(entry, "validFrom", "validTo"), values, row)


QUALIFICATION: Final = ("profession", "number", "from", "to", "revokedOn", "reason", "sanction")
PLAIN: Final = (
    *("documentNumber", "decidedOn", "effectiveOn", "from", "to", "state", "revokedOn", "setAsideOn", "liftedOn"),
    *("repairedOn", "completedOn", "publishedFrom", "publishedTo", "seriousness", "circumstances", "reason"),
    *("type", "sector", "licence", "facts", "content", "confiscated", "permitKind", "certificate", "list"),
    *("largeDebt", "scheme", "year", "crime", "sentence", "servedOn", "sanction"),
)


def record_values(entry: Entry) -> Entry:
    values = values_of(entry, PLAIN, {"type": "types"})
    values.setdefault("state", "ACTIVE")
    for key, start, end in (("offence", "offenceFrom", "offenceTo"), ("suspended", "suspendedFrom", "suspendedTo")):
        written = entry.get(key, {})
        values |= {name: written[side] for name, side in ((start, "from"), (end, "to")) if side in written}
    if "amount" in entry:
        values["fine" if entry["kind"] == RecordKind.PENALTY else "amount"] = money(entry["amount"])
    if "grade" in entry:
        values["accidentGrade" if entry["kind"] == RecordKind.ACCIDENT else "grade"] = entry["grade"]
    if "basis" in entry:
        values["basisDocuments"] = tuple(each["document"] for each in entry["basis"])
        values["basisArticles"] = tuple(each.get("article", "") for each in entry["basis"])
    ban = entry.get("ban", {})
    if "scope" in ban:
        values["banScope"] = ban["scope"]
    if ban.get("years") == "LIFE":
        values["banLife"] = True
    elif "years" in ban:
        values["banYears"] = ban["years"]
    return values


def _record_ties(entry: Entry, row: int) -> Iterator[TieSaid]:
    local = entry["id"]
    for about in dict.fromkeys(entry["about"]):
        yield TieSaid(R.ABOUT, local, about, f"records|{local}|about|{about}", OPEN_START, OPEN_END, {}, row)
    if "department" in entry:
        key = f"records|{local}|department"
        yield TieSaid(R.ISSUED_BY, local, entry["department"], key, OPEN_START, OPEN_END, {}, row)
    if "list" in entry:
        start = entry.get("from") or entry.get("decidedOn") or OPEN_START
        key = f"records|{local}|list"
        end = f"CREDIT_LIST:{entry['list']}"
        yield TieSaid(R.ON_LIST, local, end, key, start, entry.get("to", OPEN_END), {}, row)
