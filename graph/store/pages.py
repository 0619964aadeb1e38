"""Keyset pages of one owner, forwards and backwards: its relations, or the nodes behind them; as one expression.

It must not know how a cursor is written nor GraphQL; who asks comes in as a `Reading`, what is wanted as a condition.
"""

from __future__ import annotations

from typing import Final

from graph.codes import RelationKind
from graph.conditions import Target, speaks_of
from graph.store.asked import Asked, Neighbours, Relations, Variables
from graph.store.conditions import seen
from graph.store.fragments import believed, present, running, version
from graph.store.places import Writing
from graph.store.roots import counted, faceted, further_rows, record_wanted
from graph.store.targets import Names
from graph.vocabulary import RELATIONS, Disclosure

IN_EFFECT: Final = (
    "coalesce({0}.from, {0}.day) <= $asOf AND coalesce({0}.to, '~') > $asOf AND coalesce({0}.liftedOn, '~') > $asOf"
    " AND coalesce({0}.revokedOn, '~') > $asOf AND coalesce({0}.setAsideOn, '~') > $asOf"
    " AND coalesce({0}.repairedOn, '~') > $asOf"
)


def owned_page(
    asked: Asked, names: Variables, prefix: str, row: str | None, *, placed: bool = True, bare: bool = False
) -> str:
    """[rows, total, whether there are rows on the other side of the cursor] of the node `names.owner`; or bare rows.

    A row is [id, keys, `row`], written after the limit, or `row` alone unless `placed`; None: only the total is wanted.
    """
    writing = Writing(asked, names, prefix)
    match = _relation_match(writing) if isinstance(asked.source, Relations) else _neighbour_match(writing)
    rows, further = "[]", "false"
    if row is not None:
        further = further_rows(match, writing)
        rows = f"""COLLECT {{ {match} AND {writing.beyond()}
    WITH * {writing.order()} {writing.limit}
    RETURN {writing.placed(writing.sort(), row) if placed else row} }}"""
    if bare:
        return rows
    return f"""[
  {rows},
  {counted(match, asked)},
  {faceted(match, writing, further)}]"""


def _relation_match(writing: Writing) -> str:
    source, reading, names = writing.asked.source, writing.asked.reading, writing.names
    assert isinstance(source, Relations)  # noqa: S101
    owner, far, r = names.owner, names.node, names.relation
    arrow = ("-", "->") if source.forward else ("<-", "-")
    cut = "" if speaks_of(writing.asked.condition, "validity") else f" AND {running(r)}"
    near, other = Names(owner, owner), Names(far, far)
    start, end = (near, other) if source.forward else (other, near)
    columns = [r, far, f"{r}.id AS {names.row}"]
    for key, of, alias in (("START_NAME", start, names.start), ("END_NAME", end, names.end)):
        if any(each.key == key for each in writing.keys):
            columns.append(f"{seen(of.node, now=reading.now)} AS {alias}")
    condition = writing.predicates.write(writing.asked.condition, source.target, Names("", "", r, start, end))
    return (
        f"MATCH ({owner}){arrow[0]}[{r}:{'|'.join(source.kinds)}]{arrow[1]}({far})\n    WHERE {believed(r)}{cut}"
        f" AND {present(far)}{_own(source.kinds, owner, writing)} AND {condition}\n    WITH {', '.join(columns)}"
        "\n    WHERE true"
    )


def _own(kinds: tuple[RelationKind, ...], owner: str, writing: Writing) -> str:
    """Kinds that are not public are walked by those who see only their own subject's when it is the owner."""
    closed = [each for each in kinds if RELATIONS[each].disclosure is not Disclosure.PUBLIC]
    if not closed or writing.asked.reading.official:
        return ""
    r = writing.names.relation
    return f" AND (NOT type({r}) IN {[*map(str, closed)]} OR {owner}.id IN $own)"


def _neighbour_match(writing: Writing) -> str:
    source, reading, names = writing.asked.source, writing.asked.reading, writing.names
    assert isinstance(source, Neighbours)  # noqa: S101
    arrow = ("-", "->") if source.forward else ("<-", "-")
    owner, e, n, p = names.owner, names.relation, names.node, names.values
    match = f"MATCH ({owner}){arrow[0]}[{e}:{source.kind}]{arrow[1]}({n})\n    WHERE {believed(e)}"
    match += _own((source.kind,), owner, writing)
    wanted = [f"{p} IS NOT NULL"]
    if source.target is Target.RECORD:
        if source.record_kinds:
            match += f" AND {n}.kind IN {[*map(str, source.record_kinds)]}"
        wanted = record_wanted(writing, Names(n, p))
        asks = speaks_of(writing.asked.condition, "effective") or speaks_of(writing.asked.condition, "state")
        if source.valid and not asks:
            wanted.append(IN_EFFECT.format(p))
        values = n if reading.now else version(n)
    else:
        match += f" AND {running(e)}"
        values = seen(n, now=reading.now)
    wanted.append(writing.predicates.write(writing.asked.condition, source.target, Names(n, p)))
    return (
        f"{match}\n    WITH DISTINCT {n}, {values} AS {p}\n    WITH {n}, {p}, {n}.id AS {names.row}"
        f"\n    WHERE {' AND '.join(wanted)}"
    )
