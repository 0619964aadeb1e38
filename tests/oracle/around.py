"""What stands around a subject: how many relations of each kind, who may be the same, the relations page by page.

It must not know order or pages beyond naming the order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.codes import RelationKind
from graph.vocabulary import RELATIONS, Family, post_of
from tests.oracle import filters, pages
from tests.oracle.facts import Tie
from tests.oracle.reading import Scope, View
from tests.oracle.shown import by_id, percent, period

R = RelationKind
UNSERVED: Final = frozenset({"Project"})  # kinds of nodes that the API does not show
SUGGESTED: Final = 50
WALKED: Final = tuple(kind for kind, each in RELATIONS.items() if UNSERVED.isdisjoint((each.start, each.end)))


@dataclass(frozen=True)
class Count:
    kind: RelationKind
    forward: bool
    count: int
    capped: bool = False

    def label(self, lang: str | None = "ZH") -> str:
        titles = RELATIONS[self.kind]
        title = titles.forward if self.forward else titles.reverse
        return title.en if lang == "EN" else title.zh


def towards(scope: Scope, id: str, kind: RelationKind, *, forward: bool) -> Iterator[Tie]:
    """Relations that run on the day, whose kind the asker may see of this subject and whose other end he sees."""
    if not scope.reads_kind(kind, id):
        return
    ties = (scope.world.from_ if forward else scope.world.to)(id, kind, moment=scope.moment)
    for each in scope.running(ties):
        other = scope.view(each.end if forward else each.start)
        if other is not None and (other.family is not Family.RECORD or filters.decided(scope, other)):
            yield each


def relation_counts(scope: Scope, id: str) -> list[Count]:
    """In the order of the vocabulary; a kind of none is absent."""
    sides = ((kind, forward) for kind in WALKED for forward in (True, False))
    counted = ((*side, sum(1 for _ in towards(scope, id, side[0], forward=side[1]))) for side in sides)
    return [Count(*each) for each in counted if each[2]]


def possibly_same(scope: Scope, id: str) -> list[dict[str, Any]] | None:
    """Everybody once, by id, with every reason in the order of the relations' ids."""
    if not scope.reads_kind(R.POSSIBLY_SAME_AS, id):
        return None
    met: list[tuple[str, str, Sequence[str]]] = []
    for forward in (True, False):
        for each in towards(scope, id, R.POSSIBLY_SAME_AS, forward=forward):
            met.append((each.end if forward else each.start, each.id, each.values.get("reasons", ())))
    reasons: dict[str, list[str]] = {}
    for other, _, said in sorted(met)[:SUGGESTED]:
        reasons.setdefault(other, []).extend(each for each in said if each not in reasons.get(other, ()))
    return [{"subject": by_id(scope, other), "reasons": said} for other, said in reasons.items()]


@dataclass(frozen=True)
class Edge:
    tie: Tie
    source: str
    target: str
    derived: bool = False

    @property
    def id(self) -> str:
        return self.tie.id

    @property
    def kind(self) -> RelationKind:
        return self.tie.kind

    @property
    def share(self) -> Any:
        return percent(self.tie.values.get("share"))

    @property
    def post(self) -> str | None:
        return post_of(self.tie.kind, self.tie.values.get("post"))

    @property
    def validity(self) -> Any:
        return period(self.tie.since, self.tie.until)

    def label(self, lang: str | None = "ZH") -> str:
        title = RELATIONS[self.tie.kind].forward
        return title.en if lang == "EN" else title.zh


def expand(scope: Scope, owner: View, asking: pages.Asking, relations: Sequence[str] | None) -> dict[str, Any]:
    """By kind, first day and id, each once; the nodes are the subject and the other ends, in that order."""
    kinds = WALKED if relations is None else [kind for kind in WALKED if kind in relations]
    met: dict[str, Tie] = {}
    for kind in kinds:
        for forward in (True, False):
            met |= {each.id: each for each in towards(scope, owner.id, kind, forward=forward)}
    page = pages.Connection(scope, list(met.values()), (("KIND", False), ("SINCE", False)), asking, lambda row: row)
    ties: list[Tie] = page.nodes
    others = (each.start if each.end == owner.id else each.end for each in ties)
    ids = dict.fromkeys((owner.id, *(_named(scope, each) for each in others)))
    return {
        "subgraph": {
            "nodes": [by_id(scope, each) for each in ids],
            "edges": [Edge(each, _named(scope, each.start), _named(scope, each.end)) for each in ties],
            "truncated": None,
        },
        "pageInfo": page.pageInfo,
        "totalCount": page.totalCount,
    }


def _named(scope: Scope, id: str) -> str:
    """The id of the API: that of a region is its code."""
    view = scope.view(id)
    return f"reg_{view.values['code']}" if view is not None and view.kind == "REGION" else id
