"""Argument values drawn from a world: real ids, names and codes, dates near the borders, and faulty ones on purpose.

It must not know selections. Own generator instead of hypothesis-graphql, whose control over values and shares of
features is too weak: nearly all its operations ask for unknown ids.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
)

from graph.codes import RelationKind
from graph.periods import NEVER
from graph.vocabulary import BY_CODE, Family
from tests.oracle.entries import LISTS
from tests.oracle.world import (
    BORDERS,
    GROUPS,
    INDUSTRIES,
    LOADED,
    PROFESSIONS,
    REGIONS,
    Drawn,
    uscc,
)


class Code(str):
    """An enum value: written without quotes."""

    __slots__ = ()


def literal(value: Any) -> str:
    match value:
        case Code():
            return str(value)
        case dict():
            return "{" + ", ".join(f"{name}: {literal(each)}" for name, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(literal, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


UNASKED: Final = frozenset({"MeasureFilter"})  # inputs of what is computed
CODES: Final = frozenset({"USCC", "REGISTRATION_NUMBER"})
# Syntax of a query language, of a full-text index, marks alone, and words that nobody has.
STRANGE: Final = (
    *(
        "甲 AND 乙",
        "nameFold:*",
        "江门* OR 甲",
        '"江门"',
        "公司~2",
        "[甲 TO 乙]",
        "`n`) DETACH DELETE n //",
        "\\",
        "zqzq",
    ),
    *("(", ")", "(江", "司)", "*", "?", "' OR 1=1", "$text", "😀", "无此名", "江門", "x", "李*", "电子 有限", "%"),
)
FULL_WIDTH: Final = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
COMPARISONS: Final = frozenset({"eq", "in", "lt", "lte", "gt", "gte", "startsWith", "contains"})


class Values:
    def __init__(self, drawn: Drawn, chance: random.Random, used: Counter[str]) -> None:
        self.chance, self.used, self.drawn = chance, used, drawn
        things = drawn.world.things
        living = [each for each in things.values() if any(one.retracted == NEVER for one in each.versions)]
        self.by_kind: dict[str, list[str]] = {}
        for each in living:
            self.by_kind.setdefault(each.kind, []).append(each.id)
        self.subjects = [e.id for e in living if BY_CODE[e.kind].family is Family.SUBJECT]
        self.organizations = [e.id for e in living if BY_CODE[e.kind].organization]
        self.records = [e.id for e in living if BY_CODE[e.kind].family is Family.RECORD]
        self.things: dict[str, list[str]] = {
            "Subject": self.subjects,
            "Organization": self.organizations,
            "CreditRecord": self.records,
        }
        for code, declared in BY_CODE.items():  # of a kind there is none of, others are asked
            if declared.family in (Family.SUBJECT, Family.RECORD):
                self.things[declared.label] = self.by_kind.get(code) or self.subjects
        self.nodes = [*things, *drawn.world.ties, *(f"reg_{each}" for each in REGIONS)]
        self.texts_of: dict[str, list[str]] = {}  # other ways to name a node
        self.shared: list[str] = []  # numbers of several
        holders: dict[str, set[str]] = {}
        for thing in things.values():
            for held in thing.held:
                number = held.number
                text = f"world:{number.issuer}:{number.value}" if number.scheme == "WORLD" else number.value
                if number.shown is None:
                    self.texts_of.setdefault(thing.id, []).append(text)
                    holders.setdefault(text, set()).add(thing.id)
        self.shared = [text for text, ids in holders.items() if len(ids) > 1]
        all_numbers = [each.number for thing in things.values() for each in thing.held]
        said = [(thing.kind, each.values) for thing in things.values() for each in thing.versions]
        self.names = sorted({str(values["name"]) for _, values in said if "name" in values})
        self.persons = sorted({str(values["name"]) for kind, values in said if kind == "PERSON"})
        self.codes = sorted({each.value for each in all_numbers if each.scheme in CODES})
        self.numbers = sorted({str(values["documentNumber"]) for _, values in said if "documentNumber" in values})

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def one(self, choices: Sequence[Any]) -> Any:
        return self.chance.choice(choices)

    # Scalars

    def day(self) -> str:
        border: date = self.one(BORDERS) if self.maybe(0.96) else date(1990, 6, 1)
        return (border + timedelta(days=self.one((0, 0, 0, -1, 1)))).isoformat()

    def instant(self) -> str:
        """At a load, a moment before, a moment after; in any offset."""
        if self.maybe(0.02):
            return "2000-01-01T00:00:00Z"
        at: datetime = self.one(LOADED)[1] + timedelta(microseconds=self.one((0, 0, -1, 1, 86_400_000_000)))
        return at.isoformat() if self.maybe(0.7) else at.astimezone(UTC).isoformat()

    def identifier(self, among: Sequence[str], *, faulty: bool = False) -> str:
        """A text that names one of these; when faulty one that names none, or several."""
        if faulty:
            unknown = (
                "江门甲贸易有限公司",
                uscc("91", 999_999),
                "world:registry:nobody",
                "ent_000000000000000000000000",
            )
            return str(self.one([*unknown, "12345", *(self.shared or ["x"]), *self.nodes[:3]]))
        id = self.one(among)
        return str(self.one(self.texts_of.get(id, [id]))) if self.maybe(0.5) else str(id)

    def text(self) -> str:
        """Of a list somebody pastes: a name, a number, the number of a document, or nothing known."""
        match self.one(("name", "name", "number", "number", "document", "id")):
            case "name":
                return self._varied(self.one(self.names)) if self.maybe(0.9) else self.one(self.names)[:-1]
            case "number":
                return self.identifier(self.subjects, faulty=self.maybe(0.1))
            case "document":
                return str(self.one(self.numbers))
        return str(self.one(self.nodes))

    def sought(self) -> str:
        """What somebody types: a name, a number or a part of one, in any width and case; at times what nobody has."""
        match self.one(("name", "name", "piece", "piece", "piece", "person", "number", "document", "id", "strange")):
            case "name":
                text = self.one(self.names)
            case "piece":
                text = self._piece(self.one(self.names))
            case "person":
                text = self.one(self.persons)
                text = self._piece(text) if self.maybe(0.5) else text
            case "number":
                text = self._begun(self.one(self.codes), (3, 4, 8, 10, 13))
            case "document":
                text = self._begun(self.one(self.numbers), (1, 2, 4, 9))
            case "id":
                text = self.identifier(self.one((self.subjects, self.records)), faulty=self.maybe(0.1))
            case _:
                return str(self.one(STRANGE))
        return self._varied(text) if self.maybe(0.8) else text.translate(FULL_WIDTH)

    def _piece(self, text: str) -> str:
        start = self.chance.randrange(len(text)) if self.maybe(0.7) else 0
        return text[start : start + self.one((1, 2, 2, 3, 4, 6))].strip() or text

    def _begun(self, text: str, lengths: Sequence[int]) -> str:
        """The whole of a number, its beginning, or as it is told apart by blanks."""
        if self.maybe(0.4):
            return text
        text = text[: self.one(lengths)]
        return f"{text[:4]} {text[4:]}".strip() if self.maybe(0.2) else text

    def kinds(self, kind: GraphQLEnumType) -> list[Code]:
        return [Code(each) for each in self.chance.choices(tuple(kind.values), k=self.one((1, 1, 2, 3, 0)))]

    def relations(self) -> list[Code]:
        """Those that there are, mostly; at times none."""
        likely = ("HOLDS", "ABOUT", "SERVES_AS", "LOCATED_IN", "POSSIBLY_SAME_AS", "MEMBER_OF", "EMPLOYED_BY")
        among = likely if self.maybe(0.8) else tuple(RelationKind)
        return [Code(self.one(among)) for _ in range(self.one((1, 2, 3, 3, 0)))]

    def groups(self, among: Sequence[str], count: int) -> list[Code]:
        return [Code(each) for each in self.chance.sample(among, count)]

    # Filters

    def filter(self, kind: GraphQLInputObjectType, depth: int = 1) -> dict[str, Any]:
        fields = [name for name in kind.fields if depth < 3 or name not in ("and", "or", "not")]
        inner = [name for name in fields if self._deep(kind, name)]
        usable = [name for name in fields if depth < 3 or name not in inner]
        usable = [name for name in usable if _bare(kind.fields[name].type).name not in UNASKED]
        names = self._least_used(kind.name, usable, self.one((1, 1, 1, 2)) if self.maybe(0.97) else 0)
        return {name: self._value(kind, name, depth) for name in names}

    def _deep(self, kind: GraphQLInputObjectType, name: str) -> bool:
        inner = _bare(kind.fields[name].type)
        return isinstance(inner, GraphQLInputObjectType) and not COMPARISONS & inner.fields.keys()

    def _least_used(self, kind: str, names: list[str], count: int) -> list[str]:
        weights = {each: 1 / self.used[f"{kind}.{each}"] ** 0.5 if self.used[f"{kind}.{each}"] else 4 for each in names}
        chosen: list[str] = []
        while len(chosen) < count and weights:
            (name,) = self.chance.choices(list(weights), list(weights.values()))
            del weights[name]
            chosen.append(name)
            self.used[f"{kind}.{name}"] += 1
        return chosen

    def _value(self, kind: GraphQLInputObjectType, name: str, depth: int) -> Any:
        of = kind.fields[name].type
        inner = _bare(of)
        if not isinstance(inner, GraphQLInputObjectType):
            return self.scalar(inner, name)
        if isinstance(_nullable(of), GraphQLList):
            return [self.filter(inner, depth + 1) for _ in range(self.one((1, 2, 2, 2, 3, 0)))]
        if inner.name.endswith("Relation"):
            names = self._least_used(inner.name, list(inner.fields), 1)
            return {each: self.filter(_bare(inner.fields[each].type), depth + 1) for each in names}
        if inner.name == "PeriodFilter":
            return self._period(inner)
        if COMPARISONS & inner.fields.keys():
            return self.comparison(inner, kind.name, name)
        return self.filter(inner, depth + 1)

    def _period(self, kind: GraphQLInputObjectType) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in self._least_used(kind.name, list(kind.fields), self.one((1, 1, 2))):
            match name:
                case "contains":
                    found[name] = self.day()
                case "overlaps":
                    days = sorted((self.day(), self.day()))
                    ends = self.one(({"from": days[0], "until": days[1]}, {"from": days[0]}, {"until": days[1]}, {}))
                    self.used.update(f"PeriodInput.{each}" for each in ends)
                    found[name] = ends
                case _:
                    found[name] = self.comparison(_bare(kind.fields[name].type), kind.name, name)
        return found

    def comparison(self, kind: GraphQLInputObjectType, owner: str, field: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in self._least_used(kind.name, list(kind.fields), self.one((1, 1, 1, 1, 2))):
            inner = _bare(kind.fields[name].type)
            if name == "eq" and self.maybe(0.12):
                found[name] = None
            elif name == "in":
                found[name] = [self._compared(inner, owner, field) for _ in range(self.one((1, 2, 3, 3, 4, 5, 2, 0)))]
            else:
                value = self._compared(inner, owner, field)
                if name in ("startsWith", "contains"):
                    start = 0 if name == "startsWith" else self.chance.randrange(max(1, len(value) - 1))
                    value = value[start : start + self.one((1, 2, 4))] if self.maybe(0.9) else value
                found[name] = value
        return found

    def _compared(self, kind: Any, owner: str, field: str) -> Any:
        if isinstance(kind, GraphQLEnumType):
            return self.scalar(kind, field)
        match (owner, field):
            case (_, "name"):
                return self._varied(self.one(self.names))
            case (_, "documentNumber"):
                return self._varied(self.one(self.numbers))
            case (_, "region"):
                return self.one(REGIONS)
            case (_, "industry"):
                return self._varied(self.one(INDUSTRIES))
            case (_, "list"):
                return self.one(tuple(LISTS))
            case (_, "sector" | "licence"):
                return self._varied(self.one(("FOOD", "TAX", "BUSINESS", "CONSTRUCTION")))
            case (_, "keyGroup"):
                return self.one(GROUPS)
            case (_, "profession"):
                return self._varied(self.one(PROFESSIONS))
            case (_, "department"):
                return self.identifier(self.by_kind["GOVERNMENT_BODY"])
            case ("CreditRecordFilter", "id"):
                return self.identifier(self.records)
            case (_, "id"):
                among = {"PersonFilter": self.by_kind["PERSON"], "EnterpriseFilter": self.by_kind["ENTERPRISE"]}
                return self.identifier(among.get(owner, self.subjects))
            case (_, "share" | "votes"):
                return self.one(("60", "33.333333", "33.3333335", "25", 51, "0.50", "100"))
            case (_, "registeredCapital"):
                return self.one(("1000000", "1000000.5", "0.01", "0.005", 500000))
            case (_, "fine"):
                return self.one(("50000", "50000.05", 100))
        return self.scalar(kind, field)

    def _varied(self, text: str) -> str:
        """Another case or width: both mean the same."""
        return str(self.one((text, text, text.upper(), text.lower(), text.replace("(", "（").replace("B", "Ｂ"))))

    def scalar(self, kind: Any, name: str) -> Any:
        if isinstance(kind, GraphQLEnumType):
            return Code(self._enum(kind))
        assert isinstance(kind, GraphQLScalarType), kind
        match kind.name:
            case "Date":
                return self.day()
            case "DateTime":
                return self.instant()
            case "Boolean":
                return self.maybe(0.5)
            case "Int":
                return self.one((1, 2, 3))
        raise AssertionError(f"no value for {name}: {kind}")

    def _enum(self, kind: GraphQLEnumType) -> str:
        likely = {
            "RecordKind": ("PENALTY", "LIST_ENTRY", "PERMIT", "CRIMINAL_CONVICTION"),
            "SubjectKind": ("ENTERPRISE", "PERSON"),
            "PostKind": ("EMPLOYEE", "DIRECTOR", "LEGAL_REPRESENTATIVE", "CONTROLLER"),
            "PenaltyType": ("FINE", "WARNING", "CONFISCATION"),
            "EnterpriseForm": ("LIMITED_COMPANY", "BRANCH"),
            "SubjectStatus": ("ACTIVE", "DEREGISTERED"),
        }
        return str(self.one(likely.get(kind.name, tuple(kind.values)) if self.maybe(0.8) else tuple(kind.values)))

    def order(self, kind: GraphQLInputObjectType) -> list[dict[str, Any]]:
        fields: Any = _bare(kind.fields["field"].type)
        names = self._least_used(fields.name, list(fields.values), self.one((1, 1, 2, 2, 0)))
        found = []
        for name in names:
            direction = {"direction": Code(self.one(("ASC", "DESC")))} if self.maybe(0.8) else {}
            self.used.update(f"{kind.name}.{each}" for each in ("field", *direction))
            found.append({"field": Code(name), **direction})
        return found


def _nullable(kind: GraphQLInputType) -> Any:
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind


def _bare(kind: Any) -> Any:
    while isinstance(kind, GraphQLNonNull | GraphQLList):
        kind = kind.of_type
    return kind
