"""Documents made ready to run: parsed, limited, validated, once each; and those known beforehand, trusted by their id.

It must not run anything; what it keeps is bounded, so that a flood of documents that differ fills no memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    DocumentNode,
    GraphQLSchema,
    GraphQLSyntaxError,
    parse,
    specified_rules,
    validate,
)
from graphql.validation.rules import overlapping_fields_can_be_merged
from graphql.validation.validate import ValidationAbortedError

from graph.codes import Role
from graph.errors import GraphError, Invalid, LimitExceeded
from graph.tracing import span
from schema.errors import NotValid
from schema.limits import Limits, NoSchemaForThePublic, Scales, check_cost, check_document, repeated
from schema.observing import Observer
from schema.planning.program import Programs
from schema.planning.texts import MOST_BYTES, Texts
from schema.reader import PUBLIC, Reader

DOCUMENTS: Final = 512  # documents a process keeps
DOCUMENT_CHARACTERS: Final = 500_000  # and all of them together: a parsed document takes 120 bytes a character
MOST_ERRORS: Final = 20
MOST_PUBLIC_ERRORS: Final = 5  # a flood of wrong directives is not answered by a flood of errors
SIZES: Final = 64  # weighings a document keeps, by the sizes of its variables
# Comparing the fields that share a place takes time in the square of their number. The library's own budget of 500,000
# is 0.5 s long, this one 5 ms; the largest operation of the guide or of a tool's introspection needs less than 1,000.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 5_000

Key = tuple[bool, bool, str]  # an official's, without introspection, the text


@dataclass(frozen=True, slots=True)
class Checked:
    """A document that may be run by the readers it was checked for."""

    document: DocumentNode
    scales: Scales
    programs: Programs
    _weighed: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def cost(self, limits: Limits, variables: Mapping[str, Any], name: str | None) -> int:
        """What an operation counts for with these variables; raises LimitExceeded."""
        if not self.scales.sized:
            costs = self.scales.costs
            return costs.get(name, 0) if name is not None else next(iter(costs.values()), 0)
        sizes = tuple(_size(variables, each) for each in sorted(self.scales.sized))
        key = (name, limits.cost, *sizes)
        found = self._weighed.get(key)
        if found is None:
            found = check_cost(self.document, limits, variables, name)
            if len(self._weighed) < SIZES:
                self._weighed[key] = found
        return found


class Documents:
    """The documents of a process: least recently used goes first, trusted ones never."""

    def __init__(
        self,
        schema: GraphQLSchema,
        limits_of: Callable[[Role], Limits],
        observer: Observer,
        public_introspection: bool = False,
        plan_bytes: int = MOST_BYTES,
    ) -> None:
        self._schema = schema
        self._limits_of = limits_of
        self._observer = observer
        self._public_introspection = public_introspection
        self.texts = Texts(observer, plan_bytes)
        self._kept: OrderedDict[Key, Checked] = OrderedDict()
        self._characters = 0
        self._trusted: dict[Key, Checked] = {}

    def checked(self, text: str, reader: Reader) -> Checked:
        """The document ready to run for this reader; raises LimitExceeded, Invalid, NotValid."""
        key = (reader.official, self._closed(reader), text)
        found = self._trusted.get(key) or self._kept.get(key)
        self._observer.document(reused=found is not None)
        if found is None:
            found = self._made(text, reader)
            self._keep(key, found)
        elif key in self._kept:
            self._kept.move_to_end(key)
        return found

    def trust(self, texts: Mapping[str, str]) -> None:
        """Make every document of a list ready before anybody asks; raises Invalid naming the first one that is wrong.

        One that is too much for the public stays one for officials.
        """
        for name, text in texts.items():
            try:
                self._trusted[True, False, text] = self._made(text, Reader(Role.GOVERNMENT))
            except NotValid as error:
                raise Invalid(f"{name}: {error}") from None
            except GraphError as error:
                raise Invalid(f"{name}: {error.message}") from None
            for reader in (Reader(Role.PROFESSIONAL), PUBLIC):
                with suppress(NotValid, GraphError):
                    self._trusted[False, self._closed(reader), text] = self._made(text, reader)

    def _closed(self, reader: Reader) -> bool:
        """Whether the schema is kept from this reader."""
        return reader.role is Role.PUBLIC and not self._public_introspection

    def _keep(self, key: Key, found: Checked) -> None:
        self._kept[key] = found
        self._characters += len(key[2])
        while len(self._kept) > DOCUMENTS or self._characters > DOCUMENT_CHARACTERS:
            (*_, text), dropped = self._kept.popitem(last=False)
            dropped.programs.drop()
            self._characters -= len(text)

    def _made(self, text: str, reader: Reader) -> Checked:
        limits = self._limits_of(reader.role)
        if len(text) > limits.characters:
            raise LimitExceeded(
                f"document: 至多 {limits.characters} 个字符 · at most {limits.characters} characters",
                argument="document",
            )
        with span("parse"):
            document = _parsed(text, limits)
        with span("validate"):
            scales = check_document(document, limits)
            closed = self._closed(reader)
            rules = (*specified_rules, NoSchemaForThePublic) if closed else specified_rules
            errors = validate(
                self._schema,
                document,
                rules,
                max_errors=MOST_PUBLIC_ERRORS if reader.role is Role.PUBLIC else MOST_ERRORS,
                hide_suggestions=reader.role is Role.PUBLIC,
            )
        if [each for each in errors if isinstance(each, ValidationAbortedError)] and len(errors) == 1:
            raise repeated()
        if errors:
            raise NotValid(errors, document)
        return Checked(document, scales, Programs(self._schema, document, self.texts))


def _parsed(text: str, limits: Limits) -> DocumentNode:
    try:
        return parse(text, max_tokens=limits.tokens)
    except GraphQLSyntaxError as error:
        if "tokens" in error.message:
            raise LimitExceeded(
                f"document: 至多 {limits.tokens} 个词法单元 · at most {limits.tokens} tokens", argument="document"
            ) from None
        if "nested too deeply" in error.message:
            raise LimitExceeded("depth: 嵌套过深 · nested too deeply", argument="depth") from None
        raise NotValid([error], None) from None


def _size(variables: Mapping[str, Any], name: str) -> Any:
    """What matters of a variable to the cost: a page's number, the length of a list, whether it is given."""
    if name not in variables:
        return "absent"
    value = variables[name]
    return ("list", len(value)) if isinstance(value, list) else value if isinstance(value, int) else None
