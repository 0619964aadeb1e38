"""Conditions on subjects, records, posts, holdings and measures as values: what a filter asks, in stored terms.

It must not know GraphQL nor Cypher.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Op(StrEnum):
    """How a stored value is compared; MISSING asks for no value. A comparison with a missing value is false."""

    EQ = "="
    IN = "IN"
    LT = "<"
    LTE = "<="
    GT = ">"
    GTE = ">="
    STARTS_WITH = "STARTS WITH"
    CONTAINS = "CONTAINS"
    MISSING = "IS NULL"


class Quantifier(StrEnum):
    SOME = "SOME"
    NONE = "NONE"
    ALL = "ALL"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field of the target's table compared with a value in its stored form (texts folded, money in fen)."""

    field: str
    op: Op
    value: Any = None


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


@dataclass(frozen=True, slots=True)
class Related:
    """Of the things a relation of the target's table leads to, some, none or all fulfil a condition."""

    relation: str
    quantifier: Quantifier
    condition: Condition


Condition = Leaf | And | Or | Not | Related
TRUE: Final = And()


class Target(StrEnum):
    """What a condition speaks of."""

    SUBJECT = "SUBJECT"
    RECORD = "RECORD"
    POST = "POST"
    HOLDING = "HOLDING"
    MEASURE = "MEASURE"


def speaks_of(condition: Condition, prefix: str) -> bool:
    """Whether a condition names a field, `validity` or `effective`: history was asked for."""
    match condition:
        case Leaf(field=name):
            return name.partition(".")[0] == prefix
        case And(parts) | Or(parts):
            return any(speaks_of(each, prefix) for each in parts)
        case Not(part):
            return speaks_of(part, prefix)
    return False
