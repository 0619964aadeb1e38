"""What page arguments ask for, and cursors that cannot be forged or moved: the one form of every paged field.

It must not know what is listed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from typing import Annotated, Any, Final, NamedTuple

import orjson
import strawberry

from graph.errors import Invalid, LimitExceeded
from graph.store.conditions import Reading
from graph.views import Place
from schema.fields import argument
from schema.scope import Scope

CURSOR_VERSION: Final = 1
PAGE_SIZE: Final = 20
LARGEST_PAGE: Final = 100
SEAL: Final = 12  # bytes of the authentication tag
LARGEST_INT: Final = (1 << 63) - 1  # of the database
FIRST, AFTER, LAST, BEFORE = (
    "条数,至多 100,默认 20 · how many, at most 100, else 20",
    "从此游标之后继续 · go on after this cursor",
    "末尾条数,至多 100 · how many from the end, at most 100",
    "取此游标之前 · those before this cursor",
)
First = Annotated[int | None, strawberry.argument(description=FIRST)]
After = Annotated[str | None, strawberry.argument(description=AFTER)]
Last = Annotated[int | None, strawberry.argument(description=LAST)]
Before = Annotated[str | None, strawberry.argument(description=BEFORE)]
PAGE: Final = (
    argument("first", int | None, FIRST),
    argument("after", str | None, AFTER),
    argument("last", int | None, LAST),
    argument("before", str | None, BEFORE),
)
ABSENT: Final = (None, strawberry.UNSET)


class Wanted(NamedTuple):
    """`size` rows after `place`, or before it when `backward`; from either end when there is none."""

    size: int
    place: Place | None
    backward: bool

    @property
    def texts(self) -> tuple[str, str] | None:
        """The place of a list with one key of text."""
        return None if self.place is None else (str(self.place[0]), str(self.place[-1]))


class Cursors(NamedTuple):
    """Cursors of one field with its arguments, dates and class of reader: those of another are refused."""

    key: bytes
    bound: str

    def of(self, place: Place) -> str:
        return seal(self.key, self.bound, place)

    def place(self, cursor: str, argument: str) -> Place:
        return unseal(self.key, self.bound, cursor, argument=argument)


def cursors(scope: Scope, *parts: str) -> Cursors:
    """`parts` tell the field, its owner and what else decides which rows it lists and in which order."""
    moment, reader = scope.moment, "official" if scope.operation.access.official else ""
    bound = "\0".join((*parts, moment.as_of.isoformat(), moment.known_at or "", reader))
    return Cursors(scope.operation.world.cursor_key, bound)


def wanted(
    opened: Callable[[str, str], Place], first: Any = None, after: Any = None, last: Any = None, before: Any = None
) -> Wanted:
    """`first` goes with `after`, `last` with `before` (`api.md` 5); `opened` reads a cursor.

    Raises Invalid or LimitExceeded by argument.
    """
    forward = first not in ABSENT or after not in ABSENT
    for name, given in (("last", last), ("before", before)):
        if given not in ABSENT and forward:
            raise Invalid(f"{name}: 不得与 first、after 同用 · not together with first or after", argument=name)
    backward = last not in ABSENT or before not in ABSENT
    size, cursor = (last, before) if backward else (first, after)
    name = "before" if backward else "after"
    place = None if cursor in ABSENT else opened(cursor, name)
    return Wanted(_size(size, "last" if backward else "first"), place, backward)


def _size(size: Any, name: str) -> int:
    if size in ABSENT:
        return PAGE_SIZE
    if size < 0:
        raise Invalid(f"{name}: 不得为负 · must not be negative", argument=name)
    if size > LARGEST_PAGE:
        raise LimitExceeded(f"{name}: 至多 {LARGEST_PAGE} · at most {LARGEST_PAGE}", argument=name)
    return int(size)


def reading(scope: Scope) -> Reading:
    return scope.operation.access.reading(scope.moment)


def seal(key: bytes, bound: str, place: Place) -> str:
    """A cursor: version, place and a tag that binds both to the field, its owner and its dates."""
    body = orjson.dumps([CURSOR_VERSION, *place])
    return base64.urlsafe_b64encode(_tag(key, bound, body) + body).rstrip(b"=").decode()


def unseal(key: bytes, bound: str, cursor: str, *, argument: str = "after") -> Place:
    """The place a cursor stands for; Invalid when it is not one of this field, order, filter and dates."""
    tag, body = _parts(cursor)
    if not body or not hmac.compare_digest(tag, _tag(key, bound, body)):
        raise _foreign(argument)
    return tuple(orjson.loads(body)[1:])


def unchecked(cursor: str, argument: str) -> Place:
    """The place a cursor claims, for a page of owners that are not known yet: each checks it by `unseal`."""
    _, body = _parts(cursor)
    try:
        version, *place = orjson.loads(body)
    except (ValueError, TypeError):
        raise _foreign(argument) from None
    if version != CURSOR_VERSION or not all(map(_storable, place)):
        raise _foreign(argument)
    return tuple(place)


def _storable(value: Any) -> bool:
    """Whether it may be of a place: what nobody has sealed becomes a parameter before it is checked."""
    return abs(value) <= LARGEST_INT if isinstance(value, int) else isinstance(value, str | float)


def _parts(cursor: str) -> tuple[bytes, bytes]:
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except (binascii.Error, UnicodeEncodeError):
        raw = b""
    return raw[:SEAL], raw[SEAL:]


def _foreign(argument: str) -> Invalid:
    return Invalid(
        f"{argument}: 不是本字段、排序、条件和日期的游标 · not a cursor of this field, order, filter and dates",
        argument=argument,
    )


def _tag(key: bytes, bound: str, body: bytes) -> bytes:
    return hmac.new(key, bound.encode() + b"\0" + body, hashlib.sha256).digest()[:SEAL]
