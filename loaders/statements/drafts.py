"""Statements as entries: parties are looked up in a first reading, and a statement that has no place is quarantined.

It must not know a format: `Format` says what an object is.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import orjson

from graph.changes import NodeDraft, RelationDraft, Value
from graph.codes import RelationKind, Text
from graph.periods import ALWAYS, Period
from graph.vocabulary import BY_CODE, RELATIONS
from loaders.entries import Entries, Entry, Quarantined
from loaders.statements.parties import Party, Refused, own_relation
from loaders.statements.read import Told, objects

# What reading a value raises that is not what the format says it is.
MALFORMED: Final = (ValueError, KeyError, TypeError, AttributeError, ArithmeticError)


class Described(NamedTuple):
    """A party and what is said of it."""

    party: Party
    values: Mapping[str, Value]
    remarks: tuple[Text, ...] = ()


class Related(NamedTuple):
    """A relation between two references."""

    kind: RelationKind
    start: str
    end: str
    values: Mapping[str, Value]
    period: Period = ALWAYS


class Format(Protocol):
    def reference(self, said: dict[str, Any]) -> str:
        """What others name the statement by. Raises Refused for a statement that is not built as the format says."""
        ...

    def describes(self, said: dict[str, Any]) -> bool: ...

    def replaces(self, said: dict[str, Any]) -> bool:
        """Whether an earlier statement of the same reference may be in the file."""
        ...

    def described(self, said: dict[str, Any], person_key: bytes) -> Described: ...

    def related(self, said: dict[str, Any]) -> list[Related]: ...


def entries(path: Path, person_key: bytes, format: Format) -> Entries:
    """An entry for each statement. Of several of one reference the last one counts, where the later says so."""
    parties: dict[str, Party] = {}
    last: dict[str, int] = {}
    for each in objects(path):
        if isinstance(each, Quarantined):
            continue
        try:
            ref = format.reference(each.value)
            if format.replaces(each.value):
                last[ref] = each.number
            if format.describes(each.value):
                parties[ref] = format.described(each.value, person_key).party
        except (Refused, *MALFORMED):
            continue  # said in the second reading
    for each in objects(path):
        if isinstance(each, Quarantined):
            yield each
            continue
        try:
            ref = format.reference(each.value)
            if last.get(ref, 0) > each.number:
                later = Text(f"以第{last[ref]}行为准", f"line {last[ref]} replaces it")
                yield Entry(each.number, (), (), (later,))
            elif format.describes(each.value):
                party, values, remarks = format.described(each.value, person_key)
                yield Entry(each.number, (party.draft(ref, each.number, values),), (), remarks)
            else:
                yield _relations(each, ref, format.related(each.value), parties)
        except Refused as refused:
            yield _refused(each, refused.where, refused.reason)
        except KeyError as error:  # a field that the format requires
            yield _refused(each, f"{error.args[0]}", Text(f"缺少 {error.args[0]}", f"{error.args[0]} is missing"))
        except MALFORMED as error:
            yield _refused(each, None, Text(f"无法读取:{error}", f"cannot be read: {error}"))


def _relations(told: Told, ref: str, found: list[Related], parties: Mapping[str, Party]) -> Entry:
    number = told.number
    nodes: dict[str, NodeDraft] = {}
    relations = []
    for each in found:
        for end in (each.start, each.end):
            party = parties.get(end)
            if party is None:
                raise Refused(None, f"文件中没有“{end}”", f"there is no “{end}” in this file")
            nodes[end] = party.draft(end, number)
        _fits(each, nodes)
        key = ref if len(found) == 1 else f"{ref}|{each.kind}|{each.values.get('post', '')}"
        id = own_relation(ref) if len(found) == 1 else None
        relations.append(
            RelationDraft(each.kind, each.start, each.end, key, number, each.period, each.values, number, id)
        )
    return Entry(number, tuple(nodes.values()), tuple(relations))


def _fits(related: Related, nodes: Mapping[str, NodeDraft]) -> None:
    kind = nodes[related.end].kind
    if RELATIONS[related.kind].end == "Organization" and not BY_CODE[kind].organization:
        raise Refused(None, f"{related.kind} 的对方不能是 {kind}", f"{related.kind} cannot lead to a {kind}")


def _refused(told: Told, where: str | None, reason: Text) -> Quarantined:
    return Quarantined(told.number, where, None, reason, (orjson.dumps(told.value).decode(),))
