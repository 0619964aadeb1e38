"""Runs one operation: one instant, one reader, checked before it runs, audited before its answer leaves.

It must not know transports or tokens.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import strawberry
from graphql import DocumentNode, FieldNode, GraphQLError, OperationDefinitionNode

from graph.codes import Role
from graph.errors import GraphError, Invalid, Unavailable
from graph.identifiers import parse_lookup
from graph.periods import SHANGHAI, Moment
from graph.store import lookup as store_lookup
from graph.store.audit import AuditEvent, AuditLog
from graph.store.connection import Database
from graph.tracing import span
from schema.access import Access
from schema.documents import Documents
from schema.errors import LOG, NotValid, refusal, shown, shown_all
from schema.lengths import check_given
from schema.limits import Limits
from schema.observing import Observer, Unobserved
from schema.packs import Packs
from schema.planning.running import Answered, run_program
from schema.planning.texts import MOST_BYTES
from schema.reader import Reader
from schema.scalars import write_instant
from schema.scope import Operation, is_id
from schema.served import build_schema


@dataclass
class World:
    """What every operation of a process shares. `cursor_key` must be one for all workers of a graph."""

    database: Database
    packs: Packs
    audit: AuditLog
    limits_of: Callable[[Role], Limits]
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(SHANGHAI))
    cursor_key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    public_introspection: bool = False
    observer: Observer = field(default_factory=Unobserved)
    plan_bytes: int = MOST_BYTES

    @cached_property
    def schema(self) -> strawberry.Schema:
        return build_schema()

    @cached_property
    def documents(self) -> Documents:
        return Documents(self.schema._schema, self.limits_of, self.observer, self.public_introspection, self.plan_bytes)


@dataclass(frozen=True, slots=True)
class ExecutionAnswer:
    """`body` has `data`, `errors` and `extensions` as the response carries them; no `data` after a request error.

    `written` is the JSON of `data` where whoever ran the operation wrote it already: then it is what is sent.
    """

    body: dict[str, Any]
    had_request_error: bool
    version: int | None = None
    audited: bool = False
    written: bytes | None = None


async def execute(
    world: World,
    reader: Reader,
    document: str,
    variables: Mapping[str, Any] | None = None,
    operation_name: str | None = None,
    *,
    show_cost: bool = False,
) -> ExecutionAnswer:
    """Parse, limit, validate, run, audit. Never raises: whatever fails is an error of the answer.

    With `show_cost` the answer's extensions say what the operation was counted for, and how much the reader may ask.
    """
    now = world.clock().astimezone(SHANGHAI)
    moment = Moment(now.date())
    extensions: dict[str, Any] = {"asOf": now.date().isoformat(), "knownAt": write_instant(now)}
    try:
        found = world.documents.checked(document, reader)
        checked = found.document
        cost = found.cost(world.limits_of(reader.role), variables or {}, operation_name)
    except GraphError as error:
        return _refused([refusal(error)], extensions)
    except NotValid as error:
        return _refused(shown_all(error.errors, error.document), extensions)
    if show_cost:
        extensions["cost"] = {"requested": cost, "limit": world.limits_of(reader.role).cost}
    try:
        access = await _access(world, reader, moment)
        operation = Operation(world, access, now, moment)
        with span("execute"):
            asked, declared = found.programs.operation(operation_name)
            given = declared.coerced(variables or {}, hide=reader.role is Role.PUBLIC)
            named = {name: each for name, each in (variables or {}).items() if name in given.coerced}
            check_given(named, found.scales.listed, world.limits_of(reader.role).ids)
            program = found.programs.program(asked, given.coerced)
            result = await run_program(program, checked, operation, given)
    except NotValid as error:
        return _refused(shown_all(error.errors, checked), extensions)
    except GraphError as error:
        return _refused([refusal(error)], extensions)
    except Exception as error:
        return _refused([shown(GraphQLError(str(error), original_error=error))], extensions)
    errors = shown_all(result.errors, checked) if result.errors else []
    try:
        audited = await _audit(world, operation, checked, operation_name, result)
    except GraphError as error:
        return _refused([refusal(error)], extensions)
    if operation.version is not None:
        extensions["version"] = operation.version
    if operation.merged:
        extensions["merged"] = dict(sorted(operation.merged.items()))
    if operation.cut:
        extensions["cut"] = [{"field": name, "of": of, "most": most} for (name, of), most in operation.cut.items()]
    if operation.inconclusive:
        extensions["inconclusive"] = [{"field": name, "of": of} for name, of in operation.inconclusive]
    body = {"data": result.data, **({"errors": errors} if errors else {}), "extensions": extensions}
    return ExecutionAnswer(body, had_request_error=False, version=operation.version, audited=audited)


async def _access(world: World, reader: Reader, moment: Moment) -> Access:
    """The reader's rights; those who read about one subject need its id."""
    if reader.subject is None or reader.role not in (Role.SUBJECT, Role.PROFESSIONAL):
        return Access(reader)
    if is_id(reader.subject):
        return Access(reader, frozenset({reader.subject}))
    held = await store_lookup.find(world.database, [parse_lookup(reader.subject, argument="subject")], moment)
    return Access(reader, frozenset(held[0]))


async def _audit(
    world: World, operation: Operation, document: DocumentNode, name: str | None, result: Answered
) -> bool:
    """Commit who read whose non-public data before the answer leaves (`storage.md` 9)."""
    reader, persons = operation.access.reader, operation.access.persons
    if not persons or reader.role is Role.PUBLIC:
        return False
    if not reader.purpose or not reader.ground:
        raise Invalid(
            "X-Purpose: 读取个人非公开信息须说明用途和依据 · reading a person's data needs a purpose and a ground",
            argument="X-Purpose",
        )
    event = AuditEvent(
        role=reader.role,
        department=reader.department,
        reader_subject=reader.subject,
        purpose=reader.purpose,
        ground=reader.ground,
        operation=_title(document, name),
        persons=tuple(sorted(persons)),
    )
    try:
        reference = await world.audit.record(event)
    except Exception as error:
        LOG.error("audit failed", exc_info=error)
        raise Unavailable("审计不可用,未返回数据 · the audit is not available, no data is returned") from error
    for place in result.places:
        _put(result.data, place, reference)
    return True


def _title(document: DocumentNode, name: str | None) -> str:
    """The operation's name, else its root fields: what an auditor reads."""
    for each in document.definitions:
        if isinstance(each, OperationDefinitionNode) and (name is None or (each.name and each.name.value == name)):
            if each.name is not None:
                return each.name.value
            return ",".join(one.name.value for one in each.selection_set.selections if isinstance(one, FieldNode))
    return ""


def _put(data: Any, place: list[str | int], value: str) -> None:
    """Write into an answer at a path, unless an error made a null above it."""
    *above, last = place
    for key in above:
        data = data[key] if data is not None else None
    if data is not None:
        data[last] = value


def _refused(errors: list[dict[str, Any]], extensions: dict[str, Any]) -> ExecutionAnswer:
    return ExecutionAnswer({"errors": errors, "extensions": extensions}, had_request_error=True)
