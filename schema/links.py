"""How parties are connected, and whether bidders belong together, as GraphQL types and the questions that ask.

It must not know how they are found; what a reader may not see is in none of them.
"""

# mypy: disable-error-code="no-any-return"
# a field answers its value, or a promise of it

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import ceil
from typing import Any, Final

import strawberry

from graph.codes import Certainty, RelationKind
from graph.errors import Invalid, LimitExceeded, NotFound
from graph.identifiers import Lookup, parse_lookup
from graph.links.answer import MEANT, LinksAnswer
from graph.links.conflicts import Conflict
from graph.links.paths import Path
from graph.periods import Moment
from graph.store.links import WALKABLE
from graph.vocabulary import RELATIONS, Disclosure
from schema.answers import pack_of
from schema.fields import answered, field
from schema.linking import Asked, BidsAnswer, BidsAsk, LinksAsk, linking
from schema.nodes import by_id, load
from schema.paths import PathStep, Subgraph, path
from schema.scope import Scope
from schema.subjects import Subject
from schema.values import Rule, RulePack, Warning

MOST_ENDS: Final = 10
MOST_HOPS: Final = 8
MOST_PATHS: Final = 10  # of one pair
MOST_BIDDERS: Final = 100
WHOLE: Final = 100  # percent


@strawberry.type(description="一条路径 · one path between two parties")
class LinkPath:
    found: strawberry.Private[Path]
    answer: strawberry.Private[LinksAnswer]
    scope: strawberry.Private[Scope]

    @field("起点 · the party it starts at", name="from")
    def from_(self) -> Subject:
        return by_id(self.scope, self.found[0])

    @field("终点 · the party it ends at")
    def to(self) -> Subject:
        return by_id(self.scope, self.found[-1])

    @field("步数 · how many steps")
    def length(self) -> int:
        return len(self.found) - 1

    @field("各步;两节点间另有关系的,见子图 · its steps; other relations between the same two nodes are in the subgraph")
    def steps(self) -> list[PathStep]:
        return path(self.scope, self.answer.steps(self.found))


@strawberry.type(description="关联:本数据中各方之间的路径 · links: the paths between parties in this data")
class Links:
    found: strawberry.Private[LinksAnswer]
    scope: strawberry.Private[Scope]

    @field("路径,每对自短至长,同长按标识 · paths, of each pair the shorter first, then by ids")
    def paths(self) -> list[LinkPath]:
        return [LinkPath(found=each, answer=self.found, scope=self.scope) for each in self.found.paths]

    @field("路径上的节点与其间的全部关系 · the nodes of the paths and every relation between neighbours on them")
    def subgraph(self) -> Subgraph:
        return Subgraph(steps=self.found.relations, ids=self.found.nodes, scope=self.scope, cut=self.found.cut)

    @field("提示:未发现、避开的节点 · warnings: what was not found, what was not walked through")
    def warnings(self) -> list[Warning]:
        return [Warning(found=each, scope=self.scope) for each in self.found.notices]


@strawberry.type(
    description="投标人之间的关联或某投标人的障碍 · what relates bidders by a rule, or bars one; never a measure"
)
class BidConflict:
    found: strawberry.Private[Conflict]
    scope: strawberry.Private[Scope]
    in_pack: strawberry.Private[RulePack]

    @field("规则 · rule")
    def rule(self) -> Rule:
        return Rule(found=self.found.rule, in_pack=self.in_pack)

    @field("涉及的投标人 · the bidders it is about")
    def bidders(self) -> list[Subject]:
        return [by_id(self.scope, each) for each in self.found.bidders]

    @field("确定程度;POTENTIAL 仅官方可见 · how sure; POTENTIAL is for officials")
    def certainty(self) -> Certainty:
        return self.found.certainty

    @field(
        "路径:自第一个投标人至其共同之处,再至其余各人;记录则自记录至投标人"
        " · from the first bidder to what is shared, from there to each other one; of records, from each to the bidder"
    )
    def path(self) -> list[PathStep]:
        return path(self.scope, self.found.path)


def asked(field_name: str, given: Mapping[str, Any], moment: Moment) -> Asked:
    """What a root is asked; raises what is wrong with its arguments."""
    if field_name == "bidders":
        return BidsAsk(_lookups(given["bidders"], "bidders", 1, MOST_BIDDERS), moment)
    hops, most = given.get("max_hops", 6), given.get("paths", 3)
    _within("maxHops", hops, MOST_HOPS)
    _within("paths", most, MOST_PATHS)
    return LinksAsk(
        _lookups(given["between"], "between", 2, MOST_ENDS),
        _kinds(given.get("relations") or MEANT),
        _least(given.get("min_share")),
        hops,
        most,
        moment,
    )


def _lookups(texts: Sequence[str], argument: str, least: int, most: int) -> tuple[Lookup, ...]:
    if len(texts) > most:
        raise LimitExceeded(f"{argument}: 至多 {most} 个 · at most {most}", argument=argument)
    if len(texts) < least:
        raise Invalid(f"{argument}: 至少 {least} 个 · at least {least}", argument=argument)
    return tuple(parse_lookup(each, argument=f"{argument}.{i}") for i, each in enumerate(texts))


def _within(argument: str, value: int, most: int) -> None:
    if value < 1:
        raise Invalid(f"{argument}: 至少为 1 · at least 1", argument=argument)
    if value > most:
        raise LimitExceeded(f"{argument}: 至多为 {most} · at most {most}", argument=argument)


def _kinds(relations: Sequence[RelationKind]) -> tuple[RelationKind, ...]:
    for each in relations:
        if each not in WALKABLE:
            raise Invalid(f"relations: {each} 不能作为路径 · {each} is not walked", argument="relations")
    return tuple(sorted({*relations}))


def _least(share: Decimal | None) -> int | None:
    """Percent to whole millionths; a finer share is rounded up, as one below it is too small."""
    if share is None or share is strawberry.UNSET:
        return None
    if not 0 <= share <= WHOLE:
        raise Invalid("minShare: 0 至 100 · from 0 to 100", argument="minShare")
    return ceil(share * 1_000_000)


async def links_of(scope: Scope, given: Mapping[str, Any]) -> Links:
    """Links between parties; what is wrong with one of them names it."""
    found = await answered(linking(scope.operation).get(asked("between", given, scope.moment)))
    assert isinstance(found, LinksAnswer)  # noqa: S101 - as it was asked
    access = scope.operation.access
    for step in found.relations:
        if RELATIONS[step.relation].disclosure is not Disclosure.PUBLIC:
            access.note((step.start, step.end))
    inside = scope.below()
    await load(inside, found.named)
    return Links(found=found, scope=inside)


async def bid_conflicts_of(scope: Scope, given: Mapping[str, Any], lot: str | None) -> list[BidConflict]:
    """What relates or bars bidders; of a lot there is nothing yet."""
    asking = asked("bidders", given, scope.moment)
    if lot is not None:
        parse_lookup(lot, argument="lot")
        raise NotFound("lot: 图中尚无标段 · this graph has no lots yet", argument="lot")
    found = await answered(linking(scope.operation).get(asking))
    assert isinstance(found, BidsAnswer)  # noqa: S101 - as it was asked
    inside, pack = scope.below(), pack_of(found.pack)
    for each in found.conflicts:
        if each.certainty is Certainty.POTENTIAL:
            scope.operation.access.note_judged(*(node for step in each.path for node in (step.start, step.end)))
    await load(inside, found.named)
    return [BidConflict(found=each, scope=inside, in_pack=pack) for each in found.conflicts]
