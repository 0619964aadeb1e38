"""What a page argument asks for, and the page's place in its list, for fields that page by themselves.

It must not know what is listed.
"""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple

import strawberry

from graph.errors import Invalid, LimitExceeded
from graph.store.conditions import Reading
from schema.connections import LARGEST_PAGE, PAGE_SIZE, seal, unseal
from schema.scope import Scope

First = Annotated[int | None, strawberry.argument(description="条数,至多 100,默认 20 · how many, at most 100, else 20")]
After = Annotated[str | None, strawberry.argument(description="从此游标之后继续 · go on after this cursor")]
Last = Annotated[int | None, strawberry.argument(description="自末尾起的条数 · how many from the end")]
Before = Annotated[str | None, strawberry.argument(description="止于此游标之前 · end before this cursor")]
ABSENT: Final = (None, strawberry.UNSET)


class Wanted(NamedTuple):
    """`size` rows after `place`, or before it when `backward`; from either end when there is none."""

    size: int
    place: tuple[str, str] | None
    backward: bool


class Cursors(NamedTuple):
    """Cursors of one field with its arguments, dates and class of reader: those of another are refused."""

    key: bytes
    bound: str

    def of(self, place: tuple[str, str]) -> str:
        return seal(self.key, self.bound, place)

    def place(self, cursor: str) -> tuple[str, str]:
        sort, identity = unseal(self.key, self.bound, cursor)
        return str(sort), str(identity)


def cursors(scope: Scope, *parts: str) -> Cursors:
    moment, reader = scope.moment, "official" if scope.operation.access.official else ""
    bound = "\0".join((*parts, moment.as_of.isoformat(), moment.known_at or "", reader))
    return Cursors(scope.operation.world.cursor_key, bound)


def wanted(
    held: Cursors, first: int | None, after: str | None, last: int | None = None, before: str | None = None
) -> Wanted:
    backward = last not in ABSENT or before not in ABSENT
    if backward and (first not in ABSENT or after not in ABSENT):
        raise Invalid("first、after 不与 last、before 并用 · first or after with last or before", argument="first")
    size, cursor = (last, before) if backward else (first, after)
    return Wanted(
        _size(size, "last" if backward else "first"),
        None if cursor is None or cursor is strawberry.UNSET else held.place(cursor),
        backward,
    )


def _size(size: int | None, name: str) -> int:
    if size is None or size is strawberry.UNSET:
        return PAGE_SIZE
    if size < 0:
        raise Invalid(f"{name}: 不得为负 · must not be negative", argument=name)
    if size > LARGEST_PAGE:
        raise LimitExceeded(f"{name}: 至多 {LARGEST_PAGE} · at most {LARGEST_PAGE}", argument=name)
    return size


def reading(scope: Scope) -> Reading:
    access = scope.operation.access
    return Reading(scope.moment, access.official, tuple(sorted(access.own)))
