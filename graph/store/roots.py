"""Statements of pages that start from a label: seeks in an index where one key orders them, else a sort.

It must not know who asks beyond a `Reading`.
"""

from __future__ import annotations

from typing import NamedTuple

from graph.conditions import TRUE, Target, speaks_of
from graph.store.asked import KEYS, Asked, Key, Root, Variables
from graph.store.conditions import bound, seen, visible
from graph.store.derived import by_index, ordered
from graph.store.fragments import believed, version
from graph.store.groups import facets
from graph.store.places import Writing, literal
from graph.store.projection import decides
from graph.store.targets import Names
from graph.vocabulary import BY_LABEL, Family, kinds


def root_page(asked: Asked, names: Variables, prefix: str, row: str | None, *, placed: bool = True) -> str:
    """A page of a root as the body of a subquery: columns rows, total, further. `row` is written over `names`.

    By its index where one key is stored in one, else sorted; rows as in `pages.owned_page`.
    """
    assert isinstance(asked.source, Root)  # noqa: S101
    writing = Writing(asked, names, prefix)
    match = root_match(writing)
    seekable = asked.reading.now and len(writing.keys) == 1 and KEYS[writing.keys[0].key].column is not None
    if row is None:
        rows = "WITH [] AS rows"
    elif seekable:
        rows = f"""{_moved(writing)}
CALL (moved) {{
  {_seeked(writing)}
  RETURN collect({writing.placed("[k]", row) if placed else row}) AS rows
}}"""
    else:
        rows = f"""CALL () {{
  {match} AND {writing.beyond()}
  WITH * {writing.order()} {writing.limit}
  RETURN collect({writing.placed(writing.sort(), row) if placed else row}) AS rows
}}"""
    label = asked.source.label
    everything = asked.condition == TRUE and asked.reading.now and asked.source.target is Target.SUBJECT
    further = "false"
    if row is not None:
        further = _further_seeked(writing) if seekable else further_rows(match, writing)
    total = f"COUNT {{ (:{label}) }}" if everything and asked.request.count else counted(match, asked)
    return f"""{rows}
RETURN rows, {total} AS total, {faceted(match, writing, further)} AS further"""


def root_match(writing: Writing) -> str:
    """The rows of a root that the reader sees and that fulfil the condition, as the beginning of a query."""
    source, reading = writing.asked.source, writing.asked.reading
    assert isinstance(source, Root)  # noqa: S101
    n, p, row = writing.names.node, writing.names.values, writing.names.row
    names = Names(n, p)
    condition = writing.predicates.write(writing.asked.condition, source.target, names)
    hint, start = _start(writing)
    if source.target is Target.RECORD:
        values = n if reading.now else version(n)
        wanted = [*record_wanted(writing, names), condition]
    elif source.target is Target.MEASURE:
        values, wanted = n, [*measure_wanted(writing, names), condition]
    else:
        values = seen(n, now=reading.now)
        wanted = [f"{p} IS NOT NULL", condition]
        if source.label == "Department" and not reading.now:
            wanted.append(decides(n))
    return (
        f"MATCH {start}{hint}\n  WITH {n}, {values} AS {p}\n  WITH {n}, {p}, {n}.id AS {row}"
        f"\n  WHERE {' AND '.join(wanted)}"
    )


def _start(writing: Writing) -> tuple[str, str]:
    """(hint and predicate, pattern): living nodes of the label; for an earlier knowledge also those past since."""
    source = writing.asked.source
    assert isinstance(source, Root)  # noqa: S101
    n = writing.names.node
    if writing.asked.reading.now:
        return "", f"({n}:{source.label})"
    if source.target is Target.MEASURE:
        return f" WHERE {believed(n)}", f"({n}:Measure|MeasureWas)"
    return f" WHERE {n}.kind IN {[*map(str, _codes(source.label))]}", f"({n}:{source.label}|Past)"


def _codes(label: str) -> tuple[str, ...]:
    """Codes of the node kinds a label stands for."""
    if label in BY_LABEL:
        return (BY_LABEL[label].code,)
    if label == "Record":
        return tuple(each.code for each in kinds(Family.RECORD))
    if label in ("Organization", "Subject"):
        return tuple(each.code for each in kinds(Family.SUBJECT) if each.organization or label == "Subject")
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
    n, row = writing.names.node, writing.names.row
    name, last = f"{n}.{key.column}", literal(key.last)
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
        seeks.append(f"{name} = {writing.cursor(0)} AND {n}.id {further} {writing.cursor(1)}")
        if not stretches[here].nulls:
            beyond = f"{name} {further} {writing.cursor(0)}"
            keep_out = len(stretches) > 1 and not down
            seeks.append(f"{beyond} AND {name} < {last}" if keep_out else beyond)
        seeks += [_bound(each, name, last, len(stretches)) for each in stretches[here + 1 :]]
    direction = " DESC" if down else ""
    label = source.label
    branches = [
        f"MATCH ({n}:{label}) {_hint(writing, key, seek)}\n  WHERE {seek} AND {_counting(writing, key, seek)}\n"
        f"  RETURN {n}, {n}.id AS {row}, {name} AS k ORDER BY {name}{direction}, {n}.id{direction} {writing.limit}"
        for seek in seeks
    ]
    rank = f"CASE WHEN k = {last} THEN 1 ELSE 0 END{' DESC' if writing.backward else ''}, " if order.descending else ""
    # Records have no moved ones, yet without a union the properties of a row are read before what hides it is asked.
    beyond_place = _of_moved(writing, writing.beyond(), key)
    branches.append(
        f"UNWIND moved AS each WITH each WHERE {beyond_place}\n"
        f"  WITH each[2] AS {n}, each[0] AS {row}, each[1] AS k\n"
        f"  RETURN {n}, {row}, k ORDER BY {rank}k{direction}, {row}{direction} {writing.limit}"
    )
    return f"""CALL (moved) {{
  {" UNION ALL ".join(branches)}
  }}
  WITH {n}, {row}, k ORDER BY {rank}k{direction}, {row}{direction} {writing.limit}"""


def _hint(writing: Writing, key: Key, seek: str) -> str:
    source, n, column = writing.asked.source, writing.names.node, str(key.column)
    assert isinstance(source, Root)  # noqa: S101
    return by_index(source.label, column, seek=not seek.startswith(f"{n}.{column} IS NOT NULL"), name=n)


def _counting(writing: Writing, key: Key, seek: str) -> str:
    """What a row of the index must fulfil; every column is named, else the index is not used.

    A column that the seek bounds is not named again: a planner that takes the weaker of the two reads all of one key.
    """
    source = writing.asked.source
    assert isinstance(source, Root)  # noqa: S101
    n = writing.names.node
    names = Names(n, n)
    columns = (f"{n}.{each}" for each in ordered(source.label, str(key.column))[1:])
    wanted = [f"{each} IS NOT NULL" for each in columns if f"{each} " not in seek]
    if source.target is Target.RECORD:
        wanted += record_wanted(writing, names)[1:]
    elif source.target is Target.MEASURE:
        wanted += measure_wanted(writing, names)
    else:
        wanted.append(f"{n}.snapFrom <= $asOf AND {n}.snapTo > $asOf")
    return " AND ".join([*wanted, writing.predicates.write(writing.asked.condition, source.target, names)])


def _further_seeked(writing: Writing) -> str:
    """Whether a row lies on the other side of the cursor: a seek that begins at the cursor."""
    source, place = writing.asked.source, writing.request.place
    assert isinstance(source, Root)  # noqa: S101
    if not writing.request.look_back or place is None:
        return "false"
    (order,) = writing.keys
    key = KEYS[order.key]
    n = writing.names.node
    name, last = f"{n}.{key.column}", literal(key.last)
    back = order.descending is not writing.backward  # the other side has the greater keys
    # The cursor's own row is on that side and nearly always still there: one row is read, not all that share its key.
    seeks = [f"{name} = {writing.cursor(0)} AND {n}.id {'>=' if back else '<='} {writing.cursor(1)}"]
    if order.descending and place[0] == key.last:
        seeks.append(f"{name} < {last}" if not writing.backward else "false")
    elif order.descending and writing.backward:
        seeks += [f"{name} < {writing.cursor(0)}", f"{name} = {last}"]
    else:
        seeks.append(
            f"{name} {'>' if back else '<'} {writing.cursor(0)}" + (f" AND {name} < {last}" if order.descending else "")
        )
    found = [
        f"EXISTS {{ MATCH ({n}:{source.label}) {_hint(writing, key, seek)}"
        f" WHERE {seek} AND {_counting(writing, key, seek)} }}"
        for seek in seeks
        if seek != "false"
    ]
    if source.target is Target.SUBJECT:
        found.append(f"any(each IN moved WHERE {_of_moved(writing, writing.short_of(), key)})")
    return " OR ".join(found)


def _bound(stretch: _Segment, name: str, last: str, stretches: int) -> str:
    if stretch.nulls:
        return f"{name} = {last}"
    return f"{name} < {last}" if stretches > 1 else f"{name} IS NOT NULL"


def _moved(writing: Writing) -> str:
    """`moved`: id and key of the nodes whose snapshot does not answer the day; few, found by where it begins or ends.

    Read once: a version is dear to plan, and four copies of it took the database a second.
    """
    source = writing.asked.source
    assert isinstance(source, Root)  # noqa: S101
    if source.target is not Target.SUBJECT:
        return "WITH [] AS moved"
    (order,) = writing.keys
    n, p = writing.names.node, writing.names.values
    condition = writing.predicates.write(writing.asked.condition, source.target, Names(n, p))
    return f"""CALL () {{
  CALL () {{
    MATCH ({n}:Dated) USING INDEX SEEK {n}:Dated(snapTo) WHERE {n}.snapTo <= $asOf RETURN {n}
    UNION ALL
    MATCH ({n}:Dated) USING INDEX SEEK {n}:Dated(snapFrom) WHERE {n}.snapFrom > $asOf RETURN {n}
  }}
  WITH {n} WHERE {n}:{source.label}
  WITH {n}, {version(n)} AS {p}
  WITH {n}, {p} WHERE {p} IS NOT NULL AND {condition}
  RETURN collect([{n}.id, {KEYS[order.key].of(writing.names)}, {n}]) AS moved
}}"""


def _of_moved(writing: Writing, place: str, key: Key) -> str:
    return place.replace(key.of(writing.names), "each[1]").replace(writing.names.row, "each[0]")


def record_wanted(writing: Writing, names: Names) -> list[str]:
    """What makes a record one the reader sees on the day: alive, decided by then, public or by right."""
    reading = writing.asked.reading
    living = f"NOT {names.node}:Past" if reading.now else f"{names.values} IS NOT NULL"
    return [living, f"{names.values}.day <= $asOf", visible(names, reading)]


def measure_wanted(writing: Writing, names: Names) -> list[str]:
    """What makes a measure one the reader sees on the day. What lacks a finding is listed where it is asked for."""
    sure = [] if speaks_of(writing.asked.condition, "certainty") else [f"{names.values}.certainty <> 'POTENTIAL'"]
    return [bound(names, writing.asked.reading), *sure]


def counted(match: str, asked: Asked) -> str:
    return f"COUNT {{ {match} RETURN 1 }}" if asked.request.count else "null"


def faceted(match: str, writing: Writing, further: str) -> str:
    """`further` alone, or [further, what `groups.facets` reads]."""
    asked, names = writing.asked, Names(writing.names.node, writing.names.values)
    if not asked.facets:
        return further
    found = facets(match, asked.facets, asked.source.target, names, official=asked.reading.official)
    return f"[{further}, {found}]"


def further_rows(match: str, writing: Writing) -> str:
    asked = writing.request.look_back and writing.request.place is not None
    return f"EXISTS {{ {match} AND {writing.short_of()} RETURN 1 }}" if asked else "false"
