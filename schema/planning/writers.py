"""How an answer is written: values completed by their GraphQL type, nulls bubbled, errors with their paths.

GraphQL, section 6.4 (completing values); it must not know how a value was read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
)

from graph.store.projection import Stale
from schema.planning.binding import Binding
from schema.scalars import write_decimal, write_instant

LARGEST_INT: Final = 2**31 - 1


class Failure(Exception):
    """An error at a place of the answer; `path` is written from the inside outwards."""

    def __init__(self, cause: BaseException, node: FieldNode | None) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.node = node
        self.path: list[str | int] = []

    def located(self) -> GraphQLError:
        nodes = None if self.node is None else [self.node]
        original = self.cause if isinstance(self.cause, Exception) else None
        return GraphQLError(str(self.cause), nodes, path=self.path[::-1], original_error=original)


class NoValue(Exception):
    """A field that promises a value has none; the whole object above it has none then."""


class Mark(Failure):
    """A place of the answer that is filled in later; it travels outwards as an error does."""

    def __init__(self) -> None:
        super().__init__(NoValue(), None)


@dataclass(slots=True)
class Run:
    """One answer being written. `told` holds errors and marks in the order they were met."""

    binding: Binding
    told: list[Failure] = field(default_factory=list)


Write = Callable[[Any, Run], Any]


class FieldWriter(NamedTuple):
    """One field of an object: `write` takes the object. `composite`: errors may have been told below it."""

    key: str
    write: Write
    nullable: bool
    composite: bool
    node: FieldNode


def write_object(
    fields: Sequence[FieldWriter], source: Any, run: Run, begun: dict[str, Any] | None = None
) -> dict[str, Any]:
    """An object; `begun` has the keys of all its fields and the values of those that cannot fail."""
    written: dict[str, Any] = {} if begun is None else begun
    told = run.told
    for key, write, nullable, composite, node in fields:
        before = len(told) if composite else 0
        try:
            value = write(source, run)
        except Stale:
            raise
        except Exception as error:
            failure = error if isinstance(error, Failure) else Failure(error, node)
            failure.path.append(key)
            _outwards(told, before if composite else len(told), key)
            if not nullable:
                raise failure from None
            told.append(failure)
            value = None
        else:
            if composite and len(told) != before:
                _outwards(told, before, key)
            if value is None and not nullable:
                failure = Failure(NoValue(f"{node.name.value}: no value"), node)
                failure.path.append(key)
                raise failure
        written[key] = value
    return written


def _outwards(told: list[Failure], since: int, key: str | int) -> None:
    for each in told[since:]:
        each.path.append(key)


def write_list(write: Write, nullable: bool, composite: bool) -> Write:
    """Each item by `write`; one that fails is null where items may be."""

    def written(items: Any, run: Run) -> Any:
        if items is None:
            return None
        found: list[Any] = []
        told = run.told
        for i, item in enumerate(items):
            before = len(told)
            try:
                if isinstance(item, Exception):
                    raise item
                value = write(item, run)
                if value is None and not nullable:
                    raise NoValue("an entry has no value")
            except Stale:
                raise
            except Exception as error:
                failure = error if isinstance(error, Failure) else Failure(error, None)
                failure.path.append(i)
                _outwards(told, before, i)
                if not nullable:
                    raise failure from None
                told.append(failure)
                value = None
            else:
                if composite and len(told) != before:
                    _outwards(told, before, i)
            found.append(value)
        return found

    return written


def _enum(value: Any, run: Run) -> Any:
    return None if value is None else value if type(value) is str else str(value.value)


def _day(value: date | None, run: Run) -> str | None:
    return None if value is None else value.isoformat()


def _instant(value: datetime | None, run: Run) -> str | None:
    return None if value is None else write_instant(value)


def _decimal(value: Decimal | None, run: Run) -> str | None:
    return None if value is None else write_decimal(value)


def _id(value: Any, run: Run) -> str | None:
    return None if value is None else str(value)


def _int(value: int | None, run: Run) -> int | None:
    if value is not None and not -LARGEST_INT - 1 <= value <= LARGEST_INT:
        raise GraphQLError(f"Int cannot represent non 32-bit signed integer value: {value}")
    return value


def _same(value: Any, run: Run) -> Any:
    return value


LEAVES: Final[Mapping[str, Write]] = MappingProxyType(
    {"Date": _day, "DateTime": _instant, "Decimal": _decimal, "ID": _id, "Int": _int}
)


def leaf(kind: GraphQLOutputType) -> Write:
    """How a value of an enum or a scalar is written."""
    if isinstance(kind, GraphQLEnumType):
        return _enum
    return LEAVES.get(str(kind), _same)


def completed(kind: GraphQLOutputType, inner: Callable[[Any], Write], composite: bool) -> Write:
    """A value of a type: lists and promises of a value unwrapped, what is named written by `inner`."""
    if isinstance(kind, GraphQLNonNull):
        return completed(kind.of_type, inner, composite)
    if isinstance(kind, GraphQLList):
        item = completed(kind.of_type, inner, composite)
        return write_list(item, not isinstance(kind.of_type, GraphQLNonNull), composite)
    return inner(kind)
