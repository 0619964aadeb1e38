"""Which records can set anything off, as a condition on a node `cause` of a statement, and the parameters of it.

It must not know any rule: what tells is derived from the pack.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from graph.codes import RecordKind
from graph.vocabulary import BY_CODE

if TYPE_CHECKING:
    from graph.rules import Telling


def telling_of(telling: Telling, name: str) -> str:
    """Whether a record can set off anything, by what a few of its properties say; `name` is that of its parameters."""
    cases = ""
    if telling.types is not None:
        cases += f"""
    WHEN 'PENALTY' THEN any(type IN cause.types WHERE type IN ${name}.types)
      OR cause.sector IN ${name}.sectors OR cause.licence IN ${name}.sectors OR cause.basisDocuments IS NOT NULL"""
    if telling.grades is not None:
        cases += f"""
    WHEN 'GRADE' THEN cause.grade IN ${name}.grades"""
    if telling.lists is not None:
        cases += f"""
    WHEN 'LIST_ENTRY' THEN cause.list IN ${name}.lists"""
    if telling.kinds is None:
        return f" AND CASE cause.kind{cases} ELSE true END" if cases else ""
    known = f"CASE cause.kind{cases} ELSE true END" if cases else "true"
    return f" AND (NOT e:ABOUT OR subject:Person OR {of_kinds(telling.kinds, now=True)} AND {known})"


def told_parameters(telling: Telling) -> dict[str, list[str]]:
    return {
        "types": sorted(telling.types or ()),
        "sectors": sorted(telling.sectors),
        "grades": sorted(telling.grades or ()),
        "lists": sorted(telling.lists or ()),
    }


def of_kinds(kinds: Iterable[RecordKind | str], *, now: bool) -> str:
    """Whether a node is a cause of the kinds: by its label, which stands in the node itself."""
    if not now:  # what is past has lost it
        return "cause.kind IN $causeKinds"
    return f"cause:{'|'.join(sorted(BY_CODE[each].label for each in kinds)) or 'Qualification'}"
