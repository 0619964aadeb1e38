"""How a field of the API is declared: its two languages, its dates, its language argument, its stored property.

It must not know which fields exist; the nearest enclosing dates travel in `Scope`.
"""

from __future__ import annotations

import inspect
from asyncio import Future
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import CoroutineType
from typing import Annotated, Any, Final, TypeGuard, TypeVar, cast

import strawberry

from graph.codes import Text
from graph.views import NodeView
from graph.vocabulary import BY_CODE, NODE_KINDS, Property, ValueType
from schema.enums import Language
from schema.reads import READS, Reads, Stored
from schema.scalars import as_day, percent, yuan

PROMISES: Final = (CoroutineType, Future)
T = TypeVar("T")

PROPERTIES: Final[dict[tuple[str, str], Property]] = {
    (kind.code, each.name): each for kind in NODE_KINDS for each in kind.properties
}


REQUIRED: Final = inspect.Parameter.empty


def argument(name: str, kind: Any, description: str, default: Any = strawberry.UNSET) -> inspect.Parameter:
    annotation = Annotated[kind, strawberry.argument(description=description)]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


DATES: Final = (
    argument(
        "as_of", date | None, "法律日期,省略或 null 即外层日期 · the legal day; omitted or null: the enclosing one"
    ),
    argument(
        "known_at", datetime | None, "知悉时刻,省略或 null 即外层时刻 · what was known then; null: the enclosing one"
    ),
)
LANG: Final = argument("lang", Language | None, "语言 · language", Language.ZH)


def waits(value: Any) -> TypeGuard[Awaitable[Any]]:
    """Whether a value is only promised; nothing else of ours is awaitable, so no abstract class need be asked."""
    return isinstance(value, PROMISES)


async def answered(value: T | Awaitable[T]) -> T:
    """The value, waited for where it is only promised."""
    return await value if waits(value) else cast("T", value)


@dataclass(frozen=True, slots=True)
class Info:
    """What a method may ask about its field: what is selected below it; `mark` marks its place in the answer."""

    below: Mapping[str, Any]
    mark: Callable[[], None] = lambda: None

    @classmethod
    def of(cls, info: strawberry.Info) -> Info:
        """What the plan hands over where a declaration says `strawberry.Info`."""
        return cast("Info", info)


def field(
    description: str, *, name: str | None = None, reads: Reads | None = None
) -> Callable[[Callable[..., Any]], Any]:
    """A field without dates of its own; `reads` says what of the graph it is told from (nodes only)."""

    def declare(method: Callable[..., Any]) -> Any:
        return strawberry.field(resolver=method, description=description, name=name, metadata={READS: reads})

    return declare


def dated(
    description: str, *, name: str | None = None, reads: Reads | None = None
) -> Callable[[Callable[..., Any]], Any]:
    """A field whose answer depends on the date: `method(self, scope, …)` gets the scope of its own dates."""

    def declare(method: Callable[..., Any]) -> Any:
        def resolve(self: Any, as_of: Any = None, known_at: Any = None, **arguments: Any) -> Any:
            return method(self, self.scope.at(as_of, known_at), **arguments)

        signature = inspect.signature(method)
        me, _, *own = signature.parameters.values()
        return strawberry.field(
            resolver=_signed(resolve, method, [me, *own, *DATES], signature.return_annotation),
            description=description,
            name=name,
            metadata={READS: reads},
        )

    return declare


def declared(description: str, reads: Reads, *parameters: inspect.Parameter) -> Any:
    """A field that is read with its node: its type is the annotation, its value what `reads` says."""

    def read(self: Any, **given: Any) -> Any:
        raise AssertionError("read with its node")  # the plan writes it

    me = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    read.__signature__ = inspect.Signature([me, *parameters])  # type: ignore[attr-defined]
    return strawberry.field(resolver=read, description=description, metadata={READS: reads})


def text(description: str) -> Callable[[Callable[[Any], Text | None]], Any]:
    """A human text, in the language asked for."""

    def declare(method: Callable[[Any], Text | None]) -> Any:
        def resolve(self: Any, lang: Language | None = Language.ZH) -> str | None:
            found = method(self)
            return None if found is None else found.en if lang is Language.EN else found.zh

        signature = inspect.signature(method)
        optional = "None" in str(signature.return_annotation)
        parameters = [*signature.parameters.values(), LANG]
        answer = str | None if optional else str
        return strawberry.field(resolver=_signed(resolve, method, parameters, answer), description=description)

    return declare


def stored(name: str, convert: type[StrEnum] | None = None, *, graphql_name: str | None = None) -> Any:
    """A stored property of the node, null where the reader may not read it."""

    def resolve(self: Any) -> Any:
        return read(self, self.view, name, convert)

    resolve.__name__ = name
    return strawberry.field(
        resolver=resolve, description=_title(name), name=graphql_name, metadata={READS: Stored(name)}
    )


def stored_dated(name: str, convert: type[StrEnum] | None = None) -> Any:
    """A stored property whose values have periods."""

    def resolve(self: Any, as_of: Any = None, known_at: Any = None) -> Any:
        scope = self.scope.at(as_of, known_at)
        return self.in_scope(scope, lambda view: read(self, view, name, convert))

    signature = inspect.Signature([inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD), *DATES])
    resolve.__signature__ = signature  # type: ignore[attr-defined]
    resolve.__name__ = name
    return strawberry.field(resolver=resolve, description=_title(name), metadata={READS: Stored(name)})


def read(owner: Any, view: NodeView | None, name: str, convert: type[StrEnum] | None = None) -> Any:
    """One property of a view as the API shows it, asked of `owner`'s access."""
    if view is None:
        return None
    prop = PROPERTIES[view.kind, name]
    value = view.values.get(name)
    if not owner.scope.operation.access.reads(prop.disclosure, view):
        return None
    if value is None:
        return [] if prop.type is ValueType.TEXTS else None
    owner.scope.operation.access.note_read(prop.disclosure, view)
    match prop.type:
        case ValueType.DATE:
            return as_day(str(value))
        case ValueType.MONEY:
            return yuan(int(str(value)))
        case ValueType.SHARE:
            return percent(int(str(value)))
        case ValueType.TEXTS:
            texts = value if isinstance(value, tuple) else (str(value),)
            return [convert(each) if convert else each for each in texts]
        case _:
            return convert(str(value)) if convert else value


def _title(name: str) -> str:
    found = next(each for kind in BY_CODE.values() for each in kind.properties if each.name == name)
    return f"{found.title.zh} · {found.title.en}"


def _signed(
    resolve: Callable[..., Any], method: Callable[..., Any], parameters: list[inspect.Parameter], answer: Any
) -> Callable[..., Any]:
    resolve.__name__, resolve.__module__, resolve.__doc__ = method.__name__, method.__module__, None
    resolve.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        sorted(parameters, key=lambda each: each.kind), return_annotation=answer
    )
    return resolve
