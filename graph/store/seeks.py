"""The rows of a root's page from an index: it orders them by their first key, and what shares it is sorted alone.

It must not know who asks beyond a `Reading`, nor what of a row is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self

from graph.conditions import Target
from graph.store.asked import KEYS, Root, Variables
from graph.store.derived import by_index, ordered
from graph.store.fragments import version
from graph.store.places import BY_ID, Writing, literal
from graph.store.targets import Names


class _Stretch(NamedTuple):
    """Of an index in one direction: values below or at `last`; `nulls`: exactly `last`, nothing else."""

    nulls: bool
    descending: bool


class _Seek(NamedTuple):
    """`bounds` are of the index, `beyond` of what shares its first key."""

    bounds: str
    beyond: str = ""


class Seeking(NamedTuple):
    """A page whose first key is stored in an index, `column`; the columns k0, k1 … of a row are its keys."""

    writing: Writing
    label: str
    column: str
    wanted: tuple[str, ...]

    @classmethod
    def of(cls, writing: Writing, wanted: Sequence[str]) -> Self | None:
        """None where no index has the order: for an earlier knowledge, and where a key is not stored.

        `wanted` of a row that it counts; of a subject, that its snapshot answers the day: others are `moved`.
        """
        source = writing.asked.source
        if not (isinstance(source, Root) and writing.asked.reading.now):
            return None
        first = writing.keys[0].key
        if first == BY_ID and source.label == "Person":
            return cls(writing, source.label, "id", tuple(wanted))
        columns = [KEYS[each.key].column for each in writing.keys if each.key != BY_ID]
        if first == BY_ID or None in columns:
            return None
        return cls(writing, source.label, str(columns[0]), tuple(wanted))

    @property
    def sort(self) -> str:
        return f"[{', '.join(f'k{i}' for i in range(len(self.writing.keys)))}]"

    @property
    def _stored(self) -> Variables:
        """The names of a row whose values are those of its snapshot."""
        return self.writing.names._replace(values=self.writing.names.node)

    @property
    def _name(self) -> str:
        return f"{self.writing.names.node}.{self.column}"

    def rows(self) -> str:
        """At most a page from each seek: equal to the cursor's key and beyond it, further in the key, and the rest.

        Two inequalities in one predicate would walk every row that shares a key: half the firms have one capital.
        """
        writing = self.writing
        n, row = writing.names.node, writing.names.row
        stored, id = self._stored, f"{n}.id"
        keys = [KEYS[each.key].of(stored) for each in writing.keys]
        told = ", ".join(f"{key} AS k{i}" for i, key in enumerate(keys))
        given = ", ".join(f"k{i}" for i in range(len(keys)))
        branches = [
            f"MATCH ({n}:{self.label}) {self._hint(seek)}\n  WHERE {self._counting(seek)}\n"
            f"  RETURN {n}, {id} AS {row}, {told}"
            f" ORDER BY {writing.order_of(keys, id, stretch=True)} {writing.limit}"
            for seek in self._seeks()
        ]
        # Records have none that moved, yet without a union the properties of a row are read before what hides it is.
        held = [f"each[1][{i}]" for i in range(len(keys))]
        beyond = "true" if writing.request.place is None else writing.beyond_of(held, "each[0]")
        order = writing.order_of([f"k{i}" for i in range(len(keys))], row)
        branches.append(
            f"UNWIND moved AS each WITH each WHERE {beyond}\n"
            f"  WITH each[2] AS {n}, each[0] AS {row}, {', '.join(f'{key} AS k{i}' for i, key in enumerate(held))}\n"
            f"  RETURN {n}, {row}, {given} ORDER BY {order} {writing.limit}"
        )
        return f"""CALL (moved) {{
  {" UNION ALL ".join(branches)}
  }}
  WITH {n}, {row}, {given} ORDER BY {order} {writing.limit}"""

    def _seeks(self) -> Iterator[_Seek]:
        writing, name = self.writing, self._name
        place, first = writing.request.place, writing.keys[0]
        down = first.descending is not writing.backward
        further = "<" if down else ">"
        if self.column == "id":
            yield _Seek(f"{name} IS NOT NULL" if place is None else f"{name} {further} {writing.cursor(1)}")
            return
        last = KEYS[first.key].last
        # Upwards, no value sorts last of itself; downwards it needs a stretch of its own, behind the values.
        stretches = [_Stretch(False, down), _Stretch(True, down)] if first.descending else [_Stretch(False, down)]
        if writing.backward:
            stretches.reverse()
        behind = stretches
        if place is not None:
            at_nulls = place[0] == last
            here = next(i for i, each in enumerate(stretches) if len(stretches) == 1 or each.nulls == at_nulls)
            yield self._within(self._beyond_first())
            if not stretches[here].nulls:
                beyond = f"{name} {further} {writing.cursor(0)}"
                keep_out = len(stretches) > 1 and not down
                yield _Seek(f"{beyond} AND {name} < {literal(last)}" if keep_out else beyond)
            behind = stretches[here + 1 :]
        for each in behind:
            if each.nulls:
                yield _Seek(f"{name} = {literal(last)}")
            else:
                yield _Seek(f"{name} < {literal(last)}" if len(stretches) > 1 else f"{name} IS NOT NULL")

    def _beyond_first(self) -> str:
        """Beyond the cursor among what shares its first key."""
        keys = [KEYS[each.key].of(self._stored) for each in self.writing.keys]
        return self.writing.beyond_of(keys, f"{self.writing.names.node}.id", shared=1)

    def _within(self, beyond: str) -> _Seek:
        """Of those that share the cursor's first key; an id alone bounds the index, further keys are looked at."""
        equal = f"{self._name} = {self.writing.cursor(0)}"
        return _Seek(f"{equal} AND {beyond}") if len(self.writing.keys) == 1 else _Seek(equal, beyond)

    def _hint(self, seek: _Seek) -> str:
        scan = seek.bounds == f"{self._name} IS NOT NULL"
        return by_index(self.label, self.column, seek=not scan, name=self.writing.names.node)

    def _counting(self, seek: _Seek) -> str:
        """What a row of the index must fulfil; every column is named, else the index is not used.

        A column that the seek bounds is not named again: a planner that takes the weaker of the two reads all of one
        key.
        """
        writing, n = self.writing, self.writing.names.node
        target, names = writing.asked.source.target, Names(n, n)
        columns = (f"{n}.{each}" for each in ordered(self.label, self.column)[1:])
        named = (f"{each} IS NOT NULL" for each in columns if f"{each} " not in seek.bounds)
        condition = writing.predicates.write(writing.asked.condition, target, names)
        return " AND ".join([seek.bounds, *named, *self.wanted, condition, *([seek.beyond] if seek.beyond else ())])

    def further(self) -> str:
        """Whether a row lies on the other side of the cursor: a seek that begins at the cursor."""
        writing = self.writing
        place, first = writing.request.place, writing.keys[0]
        if not writing.request.look_back or place is None:
            return "false"
        n, name, last = writing.names.node, self._name, literal(KEYS[first.key].last)
        back = first.descending is not writing.backward  # the other side has the greater keys
        further = ">" if back else "<"
        if self.column == "id":
            seeks = [_Seek(f"{name} {further}= {writing.cursor(1)}")]
        else:
            # The cursor's own row is there and nearly always still is: one row is read, not all that share its key.
            own = f"{n}.id {'>=' if back else '<='} {writing.cursor(1)}"
            seeks = [self._within(own if len(writing.keys) == 1 else f"NOT ({self._beyond_first()})")]
            if first.descending and place[0] == KEYS[first.key].last:
                seeks += [_Seek(f"{name} < {last}")] if not writing.backward else []
            elif first.descending and writing.backward:
                seeks += [_Seek(f"{name} < {writing.cursor(0)}"), _Seek(f"{name} = {last}")]
            else:
                beyond = f"{name} {further} {writing.cursor(0)}"
                seeks.append(_Seek(f"{beyond} AND {name} < {last}" if first.descending else beyond))
        found = [
            f"EXISTS {{ MATCH ({n}:{self.label}) {self._hint(each)} WHERE {self._counting(each)} }}" for each in seeks
        ]
        if writing.asked.source.target is Target.SUBJECT:
            held = [f"each[1][{i}]" for i in range(len(writing.keys))]
            found.append(f"any(each IN moved WHERE NOT ({writing.beyond_of(held, 'each[0]')}))")
        return " OR ".join(found)

    def moved(self) -> str:
        """`moved`: id and keys of the nodes whose snapshot does not answer the day; few, found by where it begins or
        ends.

        Read once: a version is dear to plan, and four copies of it took the database a second.
        """
        writing, n, p = self.writing, self.writing.names.node, self.writing.names.values
        if writing.asked.source.target is not Target.SUBJECT:
            return "WITH [] AS moved"
        condition = writing.predicates.write(writing.asked.condition, Target.SUBJECT, Names(n, p))
        return f"""CALL () {{
  CALL () {{
    MATCH ({n}:Dated) USING INDEX SEEK {n}:Dated(snapTo) WHERE {n}.snapTo <= $asOf RETURN {n}
    UNION ALL
    MATCH ({n}:Dated) USING INDEX SEEK {n}:Dated(snapFrom) WHERE {n}.snapFrom > $asOf RETURN {n}
  }}
  WITH {n} WHERE {n}:{self.label}
  WITH {n}, {version(n)} AS {p}
  WITH {n}, {p} WHERE {p} IS NOT NULL AND {condition}
  RETURN collect([{n}.id, {writing.sort()}, {n}]) AS moved
}}"""
