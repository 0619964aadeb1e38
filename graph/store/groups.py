"""By what things are counted, as tables: the groups of each target, and a page's own counts by one of them (facets).

It must not know who asks beyond whether he is an official; a value he may not read of a node is no value there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from graph.codes import StatisticsGroup, SubjectKind
from graph.conditions import Target
from graph.store.fragments import believed, version
from graph.store.targets import FIELDS, Names

G = StatisticsGroup
MOST_VALUES: Final = 50  # of a facet, those of most rows; one more is read, so that the answer says where it is cut
SHARED_GROUPS: Final = frozenset({G.STATUS, G.REGION})  # not public of persons


class Form(StrEnum):
    """Whether a group is one value of a node or several: then the node counts in each."""

    ONE = "ONE"
    SEVERAL = "SEVERAL"


def _value(name: str) -> str:
    return f"%values.{name}"


def _year(name: str) -> str:
    return f"left(%values.{name}, 4)"


_DEPARTMENT: Final = (
    f"head(COLLECT {{ MATCH (%node)-[issued:ISSUED_BY]->(body) WHERE {believed('issued')} RETURN body.id }})"
)
_RECORD: Final = {
    G.STATE: "%state",
    G.DEPARTMENT: _DEPARTMENT,
    G.LIST: _value("list"),
    G.YEAR: _year("decidedOn"),
    G.SECTOR: _value("sector"),
}
# By group the expression over the %node and %values of a row.
GROUPS: Final[Mapping[Target, Mapping[StatisticsGroup, tuple[str, Form]]]] = MappingProxyType(
    {
        Target.SUBJECT: {
            G.KIND: ("%node.kind", Form.ONE),
            G.STATUS: (_value("status"), Form.ONE),
            G.REGION: (_value("region"), Form.ONE),
            G.INDUSTRY: (_value("industry"), Form.ONE),
        },
        Target.RECORD: {
            G.KIND: ("%node.kind", Form.ONE),
            **{group: (text, Form.ONE) for group, text in _RECORD.items()},
            G.TYPE: (_value("types"), Form.SEVERAL),
        },
        Target.MEASURE: {
            G.MEASURE: (_value("measure"), Form.ONE),
            G.RULE: (_value("rule"), Form.ONE),
            G.CERTAINTY: (_value("certainty"), Form.ONE),
            G.YEAR: (_year("from"), Form.ONE),
            G.KIND: ("head(COLLECT { MATCH (%node)-[:BINDS]->(party) RETURN party.kind })", Form.ONE),
        },
    }
)


def group_value(group: StatisticsGroup, target: Target, names: Names, *, official: bool) -> tuple[str, Form]:
    """The expression of a group's value over a row."""
    text, form = GROUPS[target][group]
    value = over(text.replace("%state", FIELDS[Target.RECORD]["state"][0](names)), names)
    if target is Target.SUBJECT and group in SHARED_GROUPS and not official:
        value = f"CASE WHEN {names.node}.kind = '{SubjectKind.PERSON}' THEN null ELSE {value} END"
    return value, form


def over(text: str, names: Names) -> str:
    """An expression of the tables over the variables of a row."""
    return text.replace("%node", names.node).replace("%values", names.values)


def facets(match: str, groups: Sequence[StatisticsGroup], target: Target, names: Names, *, official: bool) -> str:
    """[which group, value, count, name] of the rows of a match, as a list; the match is walked once for all groups.

    Only a department needs a name beside its value, the one it had on the day.
    """
    ones, several = list[str](), ""
    for i, group in enumerate(groups):
        value, form = group_value(group, target, names, official=official)
        if form is Form.ONE:
            ones.append(f"[{i}, {value}]")
        else:
            several += f" + [each IN coalesce({value}, []) | [{i}, each]]"
    name = "null"
    if G.DEPARTMENT in groups:
        found = f"head(COLLECT {{ MATCH (body:Entity {{id: row[0]}}) RETURN {version('body', ('name',))}.name }})"
        name = f"CASE which WHEN {groups.index(G.DEPARTMENT)} THEN {found} END"
    return f"""COLLECT {{ {match}
    WITH [{", ".join(ones)}]{several} AS pairs
    UNWIND pairs AS pair
    WITH pair[0] AS which, pair[1] AS value, count(*) AS count
    WHERE value IS NOT NULL
    WITH which, value, count ORDER BY which, count DESC, value
    WITH which, collect([value, count])[..{MOST_VALUES + 1}] AS most
    UNWIND most AS row
    RETURN [which, row[0], row[1], {name}] }}"""


def by_group(groups: Sequence[StatisticsGroup], rows: Iterable[Sequence[Any]]) -> dict[StatisticsGroup, list[Any]]:
    """[value, count, name] of each group, from what `facets` reads."""
    found: dict[StatisticsGroup, list[Any]] = {each: [] for each in groups}
    for which, *row in rows:
        found[groups[which]].append(row)
    return found
