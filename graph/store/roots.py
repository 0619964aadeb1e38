"""Statements of pages that start from a label: seeks in an index where one key orders them, else a sort.

It must not know who asks beyond a `Reading`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from graph.conditions import TRUE, Target
from graph.store.asked import KEYS, Asked, Key, Root
from graph.store.conditions import Names, seen, visible
from graph.store.derived import all_columns, by_index
from graph.store.fragments import version
from graph.store.nodes import DECIDES
from graph.store.places import Writing, literal
from graph.vocabulary import BY_LABEL, Family, kinds


def root_statement(asked: Asked) -> tuple[str, dict[str, Any]]:
    """A page of a root: columns rows, total, further. By its index where one key is stored in one, else sorted."""
    assert isinstance(asked.source, Root)  # noqa: S101
    writing = Writing(asked)
    match = _root_match(writing)
    seekable = asked.reading.now and len(writing.keys) == 1 and KEYS[writing.keys[0].key].column is not None
    if seekable:
        rows = _seeked(writing)
    else:
        rows = f"""CALL () {{
  {match} AND {writing.beyond()}
  WITH * {writing.order()} LIMIT $rows
  RETURN [rowId, {writing.sort()}, null] AS found
}}"""
    label = asked.source.label
    everything = asked.condition == TRUE and asked.reading.now and asked.source.target is Target.SUBJECT
    further = _further_seeked(writing) if seekable else further_rows(match, writing)
    total = f"COUNT {{ (:{label}) }}" if everything and asked.request.count else counted(match, asked)
    text = f"""
{rows}
WITH collect(found) AS rows
RETURN rows, {total} AS total, {further} AS further"""
    return writing.done(text)


def _root_match(writing: Writing) -> str:
    source, reading = writing.asked.source, writing.asked.reading
    assert isinstance(source, Root)  # noqa: S101
    names = Names("n", "p")
    condition = writing.predicates.write(writing.asked.condition, source.target, names)
    hint, start = _start(writing)
    if source.target is Target.RECORD:
        values = "n" if reading.now else version("n")
        wanted = [*record_wanted(writing, names), condition]
    else:
        values = seen("n", now=reading.now)
        wanted = ["p IS NOT NULL", condition]
        if source.label == "Department" and not reading.now:
            wanted.append(DECIDES)
    return f"MATCH {start}{hint}\n  WITH n, {values} AS p\n  WITH n, p, n.id AS rowId\n  WHERE {' AND '.join(wanted)}"


def _start(writing: Writing) -> tuple[str, str]:
    """(hint and predicate, pattern): living nodes of the label; for an earlier knowledge also those past since."""
    source = writing.asked.source
    assert isinstance(source, Root)  # noqa: S101
    if writing.asked.reading.now:
        return "", f"(n:{source.label})"
    wanted = writing.predicates.value([*_codes(source.label)])
    return f" WHERE n.kind IN {wanted}", f"(n:{source.label}|Past)"


def _codes(label: str) -> tuple[str, ...]:
    """Codes of the node kinds a label stands for."""
    if label in BY_LABEL:
        return (BY_LABEL[label].code,)
    if label == "Record":
        return tuple(each.code for each in kinds(Family.RECORD))
    if label == "Organization":
        return tuple(each.code for each in kinds(Family.SUBJECT) if each.organization)
    return ("GOVERNMENT_BODY",)


class _Segment(NamedTuple):
    """A stretch of an index in one direction: values below or at `last`; `nulls`: exactly `last`, nothing else."""

    nulls: bool
    descending: bool


def _seeked(writing: Writing) -> str:
    """At most a page from each seek: equal to the cursor's key and further in id, further in the key, and the rest.

    Two inequalities in one predicate would walk every row that shares a key: half the firms have one capital.
    """
    source = writing.asked.source
    assert isinstance(source, Root)  # noqa: S101
    (order,) = writing.keys
    key = KEYS[order.key]
    name, last = f"n.{key.column}", literal(key.last)
    down = order.descending is not writing.backward
    # Upwards, no value sorts last of itself; downwards it needs a stretch of its own, behind the values.
    stretches = [_Segment(False, down), _Segment(True, down)] if order.descending else [_Segment(False, down)]
    if writing.backward:
        stretches.reverse()
    place = writing.request.place
    seeks: list[str] = []
    if place is None:
        seeks = [_bound(each, name, last, len(stretches)) for each in stretches]
    else:
        at_nulls = place[0] == key.last
        here = next(i for i, each in enumerate(stretches) if len(stretches) == 1 or each.nulls == at_nulls)
        further = "<" if down else ">"
        seeks.append(f"{name} = $c0 AND n.id {further} $c1")
        if not stretches[here].nulls:
            beyond = f"{name} {further} $c0"
            keep_out = len(stretches) > 1 and not down
            seeks.append(f"{beyond} AND {name} < {last}" if keep_out else beyond)
        seeks += [_bound(each, name, last, len(stretches)) for each in stretches[here + 1 :]]
    direction = " DESC" if down else ""
    wanted = _counting(writing, key)
    label = source.label
    branches = [
        f"MATCH (n:{label}) {_hint(label, key, seek)}\n  WHERE {seek} AND {wanted}\n"
        f"  RETURN n.id AS rowId, {name} AS k ORDER BY {name}{direction}, n.id{direction} LIMIT $rows"
        for seek in seeks
    ]
    if source.target is Target.SUBJECT:
        branches += _moving(writing, key, direction)
    rank = f"CASE WHEN k = {last} THEN 1 ELSE 0 END{' DESC' if writing.backward else ''}, " if order.descending else ""
    return f"""CALL () {{
  {" UNION ALL ".join(branches)}
}}
WITH rowId, k ORDER BY {rank}k{direction}, rowId{direction} LIMIT $rows
WITH [rowId, [k], null] AS found"""


def _hint(label: str, key: Key, seek: str) -> str:
    column = str(key.column)
    return by_index(label, column, seek=not seek.startswith(f"n.{column} IS NOT NULL"))


def _counting(writing: Writing, key: Key) -> str:
    """What a row of the index must fulfil; every column is named, else the index is not used."""
    source = writing.asked.source
    assert isinstance(source, Root)  # noqa: S101
    names = Names("n", "n")
    wanted = [all_columns(source.label, str(key.column))]
    if source.target is Target.RECORD:
        wanted += record_wanted(writing, names)[1:]
    else:
        wanted.append("n.snapFrom <= $asOf AND n.snapTo > $asOf")
    return " AND ".join([*wanted, writing.predicates.write(writing.asked.condition, source.target, names)])


def _further_seeked(writing: Writing) -> str:
    """Whether a row lies on the other side of the cursor: a seek that begins at the cursor."""
    source, place = writing.asked.source, writing.request.place
    assert isinstance(source, Root)  # noqa: S101
    if not writing.request.look_back or place is None:
        return "false"
    (order,) = writing.keys
    key = KEYS[order.key]
    name, last = f"n.{key.column}", literal(key.last)
    back = order.descending is not writing.backward  # the other side has the greater keys
    # The cursor's own row is on that side and nearly always still there: one row is read, not all that share its key.
    seeks = [f"{name} = $c0 AND n.id {'>=' if back else '<='} $c1"]
    if order.descending and place[0] == key.last:
        seeks.append(f"{name} < {last}" if not writing.backward else "false")
    elif order.descending and writing.backward:
        seeks += [f"{name} < $c0", f"{name} = {last}"]
    else:
        seeks.append(f"{name} {'>' if back else '<'} $c0" + (f" AND {name} < {last}" if order.descending else ""))
    wanted = _counting(writing, key)
    found = [
        f"EXISTS {{ MATCH (n:{source.label}) {_hint(source.label, key, seek)} WHERE {seek} AND {wanted} }}"
        for seek in seeks
        if seek != "false"
    ]
    if source.target is Target.SUBJECT:
        found += [f"EXISTS {{ {each} RETURN 1 }}" for each in _moving_match(writing, writing.short_of())]
    return " OR ".join(found)


def _bound(stretch: _Segment, name: str, last: str, stretches: int) -> str:
    if stretch.nulls:
        return f"{name} = {last}"
    return f"{name} < {last}" if stretches > 1 else f"{name} IS NOT NULL"


def _moving(writing: Writing, key: Key, direction: str) -> list[str]:
    """Nodes whose snapshot does not answer the day: few, found by where their snapshot begins or ends."""
    return [
        f"{match}\n  RETURN rowId, {key.expression} AS k ORDER BY k{direction}, rowId{direction} LIMIT $rows"
        for match in _moving_match(writing, writing.beyond())
    ]


def _moving_match(writing: Writing, place: str) -> list[str]:
    source = writing.asked.source
    assert isinstance(source, Root)  # noqa: S101
    condition = writing.predicates.write(writing.asked.condition, source.target, Names("n", "p"))
    return [
        f"MATCH (n:Dated) USING INDEX n:Dated({bound}) WHERE n.{bound} {outside} $asOf AND n:{source.label}\n"
        f"  WITH n, {version('n')} AS p\n  WITH n, p, n.id AS rowId WHERE p IS NOT NULL AND {condition} AND {place}"
        for bound, outside in (("snapTo", "<="), ("snapFrom", ">"))
    ]


def record_wanted(writing: Writing, names: Names) -> list[str]:
    """What makes a record one the reader sees on the day: alive, decided by then, public or by right."""
    reading = writing.asked.reading
    living = f"NOT {names.node}:Past" if reading.now else f"{names.values} IS NOT NULL"
    return [living, f"{names.values}.day <= $asOf", visible(names, reading)]


def counted(match: str, asked: Asked) -> str:
    return f"COUNT {{ {match} RETURN 1 }}" if asked.request.count else "null"


def further_rows(match: str, writing: Writing) -> str:
    asked = writing.request.look_back and writing.request.place is not None
    return f"EXISTS {{ {match} AND {writing.short_of()} RETURN 1 }}" if asked else "false"
