"""How unevenly a city's relations are spread, counted while its entries pass by: one number a node, no node kept.

It must not know how a city is made, but that its refs are a letter and an index and that holders come first.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from graph.changes import RelationDraft
from graph.codes import RelationKind
from loaders.entries import Entry

QUANTILES: Final = (50, 90, 99, 99.9)
TOP: Final = 100  # one node of so many is at the top
PERSON, ORGANIZATION = "p", "o"


@dataclass(frozen=True, slots=True)
class Shown:
    """What `Degrees` found. `top` is the share of all ends of relations that lie at the top hundredth of the nodes."""

    nodes: int
    relations: int
    quantiles: Mapping[float, int]
    most: int
    most_holdings: int
    top: float
    loops: int
    longest_chain: int
    busiest_department: int
    kinds: Mapping[RelationKind, int]

    def lines(self) -> Iterator[str]:
        degrees = "  ".join(f"p{quantile:g} {degree}" for quantile, degree in self.quantiles.items())
        yield f"节点 / nodes {self.nodes:,}  关系 / relations {self.relations:,}"
        yield f"度数 / degrees  {degrees}  最大 / most {self.most:,}"
        yield (
            f"最大股东持股 / largest holder {self.most_holdings:,}  前1%节点的关系 / top 1 % of nodes {self.top:.1%}  "
            f"环 / loops {self.loops:,}  最长链 / longest chain {self.longest_chain}"
        )


class Degrees:
    """Counts of a stream: arrays by index for persons and organisations, a histogram for nodes told in one entry."""

    def __init__(self) -> None:
        self._by_letter = {PERSON: array("L"), ORGANIZATION: array("L")}
        self._holdings, self._depths = array("L"), array("L")
        self._issued: Counter[str] = Counter()
        self._named: Counter[str] = Counter()  # lists, groups, regions: few
        self._once: Counter[int] = Counter()  # degree → number of records, qualifications, projects
        self._kinds: Counter[RelationKind] = Counter()
        self.nodes = self.loops = 0

    def passing(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The same entries, counted."""
        for entry in entries:
            self._count(entry)
            yield entry

    def _count(self, entry: Entry) -> None:
        own: dict[str, int] = {}
        for node in entry.nodes:
            if not node.mention:
                self.nodes += 1
                letter = node.ref[0]
                if letter in self._by_letter:
                    _reach(self._by_letter[letter], int(node.ref[1:]))
                elif ":" not in node.ref:
                    own[node.ref] = 0
                else:
                    self._named[node.ref] += 0
        for relation in entry.relations:
            self._kinds[relation.kind] += 1
            for ref in (relation.start, relation.end):
                letter = ref[0]
                if letter in self._by_letter:
                    degrees = self._by_letter[letter]
                    index = int(ref[1:])
                    _reach(degrees, index)
                    degrees[index] += 1
                elif ref in own:
                    own[ref] += 1
                else:
                    self._named[ref] += 1
            if relation.kind is RelationKind.HOLDS:
                self._hold(relation)
            elif relation.kind is RelationKind.ISSUED_BY:
                self._issued[relation.end] += 1
        self._once.update(own.values())

    def _hold(self, relation: RelationDraft) -> None:
        """A holder that comes later than what it holds closes a loop; other chains grow from earlier to later."""
        if relation.start[0] != ORGANIZATION:
            return
        holder, held = int(relation.start[1:]), int(relation.end[1:])
        for counts in (self._holdings, self._depths):
            _reach(counts, max(holder, held))
        self._holdings[holder] += 1
        if holder >= held:
            self.loops += 1
        else:
            self._depths[held] = max(self._depths[held], self._depths[holder] + 1)

    def shown(self) -> Shown:
        histogram = Counter(self._once)
        for degrees in (*self._by_letter.values(), self._named.values()):
            histogram.update(degrees)
        count, ends = sum(histogram.values()), sum(degree * times for degree, times in histogram.items())
        best = sorted(histogram, reverse=True)
        return Shown(
            nodes=count,
            relations=sum(self._kinds.values()),
            quantiles={each: _quantile(histogram, best, count * (100 - each) / 100) for each in QUANTILES},
            most=best[0],
            most_holdings=max(self._holdings, default=0),
            top=_largest(histogram, best, count // TOP) / max(1, ends),
            loops=self.loops,
            longest_chain=max(self._depths, default=0),
            busiest_department=max(self._issued.values(), default=0),
            kinds=dict(self._kinds),
        )


def _reach(counts: array[int], index: int) -> None:
    if index >= len(counts):
        counts.extend([0] * (index + 1 - len(counts)))


def _quantile(histogram: Mapping[int, int], best: list[int], above: float) -> int:
    """The degree that `above` nodes reach or exceed."""
    passed = 0
    for degree in best:
        passed += histogram[degree]
        if passed > above:
            return degree
    return 0


def _largest(histogram: Mapping[int, int], best: list[int], nodes: int) -> int:
    """The sum of the degrees of the `nodes` best connected."""
    total = 0
    for degree in best:
        taken = min(nodes, histogram[degree])
        total, nodes = total + taken * degree, nodes - taken
    return total
