"""Statements of pages that start from a label: seeks in an index where it orders them, else a sort.

It must not know who asks beyond a `Reading`.
"""

from __future__ import annotations

from graph.conditions import TRUE, Target, speaks_of
from graph.store.asked import Asked, Root, Variables
from graph.store.conditions import bound, seen, visible
from graph.store.fragments import believed, version
from graph.store.groups import facets
from graph.store.places import Writing
from graph.store.projection import decides
from graph.store.seeks import Seeking
from graph.store.targets import Names
from graph.vocabulary import BY_LABEL, Family, kinds


def root_page(asked: Asked, names: Variables, prefix: str, row: str | None, *, placed: bool = True) -> str:
    """A page of a root as the body of a subquery: columns rows, total, further. `row` is written over `names`.

    By the index of its first key where there is one, else sorted; rows as in `pages.owned_page`.
    """
    assert isinstance(asked.source, Root)  # noqa: S101
    writing = Writing(asked, names, prefix)
    match = root_match(writing)
    seeking = Seeking.of(writing, _counting(writing))
    if row is None:
        rows = "WITH [] AS rows"
    elif seeking is not None:
        rows = f"""{seeking.moved()}
CALL (moved) {{
  {seeking.rows()}
  RETURN collect({writing.placed(seeking.sort, row) if placed else row}) AS rows
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
        further = further_rows(match, writing) if seeking is None else seeking.further()
    total = f"COUNT {{ (:{label}) }}" if everything and asked.request.count else counted(match, asked)
    return f"""{rows}
RETURN rows, {total} AS total, {faceted(match, writing, further)} AS further"""


def _counting(writing: Writing) -> list[str]:
    """What makes a row of an index one that counts; what is past has lost its label, and with it its place there."""
    n = writing.names.node
    match writing.asked.source.target:
        case Target.RECORD:
            return record_wanted(writing, Names(n, n))[1:]
        case Target.MEASURE:
            return measure_wanted(writing, Names(n, n))
    return [f"{n}.snapFrom <= $asOf AND {n}.snapTo > $asOf"]


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
