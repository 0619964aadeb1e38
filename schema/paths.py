"""Paths of computed answers as GraphQL types, and the subgraph they make together.

Values made from frozen steps; it must not know measures.
"""

# mypy: disable-error-code="no-any-return"
# a field answers its value, or a promise of it

from __future__ import annotations

from decimal import Decimal

import strawberry

from graph import findings
from graph.codes import Capacity, PostKind, RelationKind, Text
from graph.vocabulary import RELATIONS
from schema import values
from schema.fields import field, text
from schema.nodes import Node, by_id, show_all
from schema.scalars import percent
from schema.scope import SUPPOSED, Scope
from schema.values import Period, Provenance, Truncation


@strawberry.type(description="路径的一步,自原因走向当事人 · one step of a path, walking from the cause to the party")
class PathStep:
    found: strawberry.Private[findings.PathStep]
    scope: strawberry.Private[Scope]
    position: int = strawberry.field(description="序号,自 1 起 · position, from 1")

    @field("起点 · where the step starts")
    def start(self) -> Node:
        return by_id(self.scope, self.found.start)

    @field("终点 · where it ends")
    def end(self) -> Node:
        return by_id(self.scope, self.found.end)

    @field("关系类别 · kind of relation")
    def relation(self) -> RelationKind:
        return self.found.relation

    @field("是否与所存方向一致 · whether the stored relation runs from start to end")
    def forward(self) -> bool:
        return self.found.forward

    @field("职务 · post")
    def post(self) -> PostKind | None:
        return self.found.post

    @field("责任身份 · capacity")
    def capacity(self) -> Capacity | None:
        return self.found.capacity

    @field("比例,百分数 · share in percent")
    def share(self) -> Decimal | None:
        return percent(self.found.share)

    @field("关系期间 · when the relation held")
    def validity(self) -> Period:
        return values.period(self.found.period)

    @text("所证明者 · what the step proves")
    def proves(self) -> Text:
        return self.found.proves

    @field("出处 · provenance")
    def provenance(self) -> Provenance:
        said = self.found.provenance
        if said.source == "":  # a step that is only supposed, since now
            said = said._replace(source=SUPPOSED, recorded_at=self.scope.operation.known_at)
        return values.provenance(said)

    @field("所存关系的标识 · id of the stored relation")
    def edge(self) -> strawberry.ID | None:
        return None if self.found.edge is None else strawberry.ID(self.found.edge)


def path(scope: Scope, steps: tuple[findings.PathStep, ...]) -> list[PathStep]:
    for step in steps:
        if step.relation is RelationKind.RESPONSIBLE_FOR:
            scope.operation.access.note_judged(step.start, step.end)
    return [PathStep(found=step, scope=scope, position=position) for position, step in enumerate(steps, start=1)]


@strawberry.type(description="子图中的一条关系,按所存方向 · a relation of a subgraph, in its stored direction")
class GraphEdge:
    found: strawberry.Private[findings.PathStep]

    @field("标识 · id")
    def id(self) -> strawberry.ID:
        return strawberry.ID(edge_id(self.found))

    @field("关系类别 · kind")
    def kind(self) -> RelationKind:
        return self.found.relation

    @field("起点标识 · id of its start")
    def source(self) -> strawberry.ID:
        return strawberry.ID(self.found.start if self.found.forward else self.found.end)

    @field("终点标识 · id of its end")
    def target(self) -> strawberry.ID:
        return strawberry.ID(self.found.end if self.found.forward else self.found.start)

    @field("比例,百分数 · share in percent")
    def share(self) -> Decimal | None:
        return percent(self.found.share)

    @field("职务 · post")
    def post(self) -> PostKind | None:
        return self.found.post

    @field("期间 · when it held")
    def validity(self) -> Period:
        return values.period(self.found.period)

    @field("是否推导所得 · whether it is derived and not stored")
    def derived(self) -> bool:
        return self.found.edge is None

    @text("名称 · label")
    def label(self) -> Text:
        return RELATIONS[self.found.relation].forward


def edge_id(step: findings.PathStep) -> str:
    return step.edge or f"{step.relation}:{step.start}:{step.end}"


@strawberry.type(description="子图 · a subgraph")
class Subgraph:
    steps: strawberry.Private[tuple[findings.PathStep, ...]]
    ids: strawberry.Private[tuple[str, ...]]
    scope: strawberry.Private[Scope]
    cut: strawberry.Private[findings.Cut | None]

    @field("节点 · nodes")
    def nodes(self) -> list[Node]:
        return show_all(self.scope, self.ids)

    @field("关系 · edges")
    def edges(self) -> list[GraphEdge]:
        return [GraphEdge(found=each) for each in self.steps]

    @field("截断 · what was cut")
    def truncated(self) -> Truncation | None:
        return values.truncation(self.cut)
