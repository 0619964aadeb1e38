"""The answer about links: paths with their relations, what was not walked, and which limit ended the search.

It must not know who asks. Where nothing was found it says so of this data, and never that parties are unrelated.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from types import MappingProxyType
from typing import Any, Final

from graph.codes import RelationKind, Text, TruncationReason, WarningCode
from graph.findings import Cut, Notice, PathStep
from graph.links.paths import HUB, Linked, Path, linked, web
from graph.links.steps import stored, walked
from graph.views import RelationView

R = RelationKind
# What ties parties to each other by decision, capital, office or promise. Others have to be asked for: to work or
# practise at one place, to have a record, list or region in common says little of two parties, and POSSIBLY_SAME_AS is
# a suggestion. Of two relations between the same nodes the first of these is the step.
MEANT: Final = (
    *(R.CONTROLS, R.HOLDS, R.LEGAL_REPRESENTATIVE_OF, R.PRINCIPAL_OF, R.SERVES_AS, R.ACTS_IN_CONCERT_WITH),
    *(R.BRANCH_OF, R.GUARANTEES, R.PROJECT_MANAGER_OF),
)
Hop = tuple[str, str]  # two neighbours, the smaller id first
NO_HOPS: Final[Mapping[Hop, tuple[RelationView, ...]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class LinksAnswer:
    """`between`: every relation of two neighbours on a path that was read, the one that is the step first."""

    ends: tuple[str, ...]
    linked: tuple[Linked, ...]
    between: Mapping[Hop, tuple[RelationView, ...]]
    notices: tuple[Notice, ...]
    cut: Cut | None

    @property
    def paths(self) -> tuple[Path, ...]:
        return tuple(path for each in self.linked for path in each.paths)

    def steps(self, path: Path) -> tuple[PathStep, ...]:
        return tuple(walked(self.between[_hop(*ends)][0], ends[0]) for ends in pairwise(path))

    @property
    def relations(self) -> tuple[PathStep, ...]:
        """All that joins neighbours on the paths, each once."""
        return tuple(stored(each) for hop in self.between.values() for each in hop)

    @property
    def nodes(self) -> tuple[str, ...]:
        """The ends, then what the paths lead through."""
        return tuple(dict.fromkeys((*self.ends, *(node for path in self.paths for node in path))))

    @property
    def named(self) -> set[str]:
        return {*self.nodes, *(node for each in self.notices for node in each.nodes)}


def answer(
    relations: Sequence[Sequence[Any]],
    view: Callable[[Sequence[Any]], RelationView],
    ends: tuple[str, ...],
    avoided: Iterable[str],
    *,
    hops: int,
    most: int,
    cut: bool,
) -> LinksAnswer:
    """From rows (kind, start, end, …) of what was read to `radius` steps around each end, half of `hops`."""
    read = web(((each[1], each[2]) for each in relations), avoided, radius(hops))
    found = linked(read, ends, hops, most)
    shown = {_hop(*pair) for each in found for path in each.paths for pair in pairwise(path)}
    between: dict[Hop, list[RelationView]] = {each: [] for each in sorted(shown)}
    for each in relations:
        hop = _hop(each[1], each[2])
        if hop in between:
            between[hop].append(view(each))
    return LinksAnswer(
        ends,
        found,
        {hop: tuple(sorted(each, key=_meaning)) for hop, each in between.items()},
        tuple(_notices(found, hops)),
        _cut(found, cut),
    )


def out_of_time(ends: tuple[str, ...], hops: int) -> LinksAnswer:
    """When the reading was ended by its budget: nothing is known, which is not that there is nothing."""
    found = tuple(Linked(start, end, (), False, True, ()) for start, end in combinations(ends, 2))
    return LinksAnswer(ends, found, NO_HOPS, tuple(_notices(found, hops)), Cut(TruncationReason.TIME_LIMIT))


def radius(hops: int) -> int:
    """How far to read around each end so that every path of that length is known."""
    return (hops + 1) // 2


def _hop(one: str, other: str) -> Hop:
    return (one, other) if one < other else (other, one)


def _meaning(relation: RelationView) -> tuple[int, str, str]:
    place = MEANT.index(relation.kind) if relation.kind in MEANT else len(MEANT)
    return place, relation.kind, relation.id


def _notices(found: Collection[Linked], hops: int) -> Iterable[Notice]:
    hubs = tuple(dict.fromkeys(hub for each in found for hub in each.hubs))
    if hubs:
        yield Notice(
            WarningCode.HUB_AVOIDED,
            Text(
                f"关系逾 {HUB} 条的节点和机关不作中间节点,经由它们或另有路径;列入 between 即予经由",
                f"nodes of more than {HUB} relations and bodies of government are not walked through, though paths may"
                " lead through these; named in between they are",
            ),
            hubs,
        )
    for each in found:
        if not each.paths:
            yield Notice(
                WarningCode.NOT_FOUND_IN_THIS_DATA,
                Text(
                    f"本数据中未发现 {hops} 步以内的关联,不等于没有关联",
                    f"no path of at most {hops} steps was found in this data, which does not say that there is none",
                ),
                (each.start, each.end),
            )


def _cut(found: Collection[Linked], cut: bool) -> Cut | None:
    """The limit that weighs most: what was not read, then what was not walked, then what was not shown."""
    if cut:
        return Cut(TruncationReason.EDGE_LIMIT)
    if any(each.hubs for each in found):
        return Cut(TruncationReason.HUB)
    if any(each.further for each in found):
        return Cut(TruncationReason.PATH_LIMIT)
    if any(each.deeper for each in found):
        return Cut(TruncationReason.DEPTH_LIMIT)
    return None
