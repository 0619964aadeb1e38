"""The timeline of a subject: what changed and happened, oldest first, each event told in one sentence.

It must not know how events are read; what a reader may not see never happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import strawberry

from graph import regions
from graph.codes import PostKind, RecordKind, RelationKind, SubjectStatus, Text, TimelineKind
from graph.store.timeline import CHANGES, Event, Timeline
from graph.views import NodeView
from graph.vocabulary import BY_CODE, RELATIONS, Disclosure, post_of
from graph.words import words
from schema.access import Access
from schema.fields import PROPERTIES, field, text
from schema.nodes import Node
from schema.scalars import percent, write_decimal, yuan
from schema.scope import Scope
from schema.values import PageInfo
from schema.windows import Cursors, Wanted

NOTHING = Text("无", "none")


@strawberry.type(description="事件 · an event")
class TimelineEvent:
    found: strawberry.Private[Event]
    node: Node = strawberry.field(description="所涉节点 · the node it is about")

    @field("日期;仅知年月的取首日 · the day; the first one where only the month or year is known")
    def on(self) -> date:
        return date.fromisoformat(self.found.on)

    @field("类别 · kind")
    def kind(self) -> TimelineKind:
        return self.found.kind

    @text("说明 · summary")
    def summary(self) -> Text:
        return told(self.found)


@strawberry.type(description="时间线的一条 · one entry of a timeline")
class TimelineEdge:
    cursor: str = strawberry.field(description="游标 · cursor")
    node: TimelineEvent = strawberry.field(description="事件 · event")


@strawberry.type(description="时间线的一页,旧的在前 · a page of a timeline, oldest first")
class TimelineConnection:
    edges: list[TimelineEdge] = strawberry.field(description="条目 · entries with their cursors")
    nodes: list[TimelineEvent] = strawberry.field(description="事件 · events")
    page_info: PageInfo = strawberry.field(description="分页信息 · where the page stands")
    total_count: int = strawberry.field(description="总数 · how many there are in all")


def readable(access: Access, view: NodeView) -> list[str]:
    """The changes of a subject that the reader may read."""
    named = (name for name in CHANGES if name in BY_CODE[view.kind].names)
    return [name for name in named if access.reads(PROPERTIES[view.kind, name].disclosure, view)]


def timeline(
    scope: Scope, view: NodeView, found: Timeline, nodes: Sequence[Any], want: Wanted, held: Cursors
) -> TimelineConnection:
    """One page of events with their nodes; one whose node the reader may not see did not happen."""
    _note(scope, view, found.events)
    edges = [
        TimelineEdge(cursor=held.of((f"{each.on}|{each.kind}", each.id)), node=TimelineEvent(found=each, node=node))
        for each, node in zip(found.events, nodes, strict=True)
        if node is not None
    ]
    beyond = want.place is not None
    return TimelineConnection(
        edges=edges,
        nodes=[each.node for each in edges],
        page_info=PageInfo(
            has_next_page=beyond if want.backward else found.more,
            has_previous_page=found.more if want.backward else beyond,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        total_count=found.total,
    )


def _note(scope: Scope, view: NodeView, events: Sequence[Event]) -> None:
    """A person's own changes are not public, nor are some kinds of posts."""
    access = scope.operation.access
    names = {kind: name for name, kind in CHANGES.items()}
    for each in events:
        if each.kind in names:
            access.note_read(PROPERTIES[view.kind, names[each.kind]].disclosure, view)
        relation = each.told.get("relation")
        if relation is not None and RELATIONS[RelationKind(relation)].disclosure is not Disclosure.PUBLIC:
            access.note((view.id, str(each.told.get("person", ""))))


def told(event: Event) -> Text:
    """One sentence: what happened, and to what."""
    what = words(event.kind)
    detail = _detail(event.kind, event.told)
    return what if detail is None else Text(f"{what.zh}:{detail.zh}", f"{what.en}: {detail.en}")


def _detail(kind: TimelineKind, said: Mapping[str, Any]) -> Text | None:
    if "before" in said:
        before, after = _written(kind, said["before"]), _written(kind, said["after"])
        return Text(f"{before.zh} → {after.zh}", f"{before.en} → {after.en}")
    if "relation" in said:
        post = post_of(RelationKind(said["relation"]), said["post"])
        return words(post or PostKind.EMPLOYEE)
    if said.get("share") is not None:
        share = percent(int(said["share"]))
        return None if share is None else Text(*(f"{write_decimal(share)}%",) * 2)
    if "recordKind" in said:
        record, more = words(RecordKind(said["recordKind"])), said.get("list") or said.get("documentNumber")
        return record if more is None else Text(f"{record.zh} {more}", f"{record.en} {more}")
    return None


def _written(kind: TimelineKind, value: Any) -> Text:
    if value is None:
        return NOTHING
    match kind:
        case TimelineKind.STATUS:
            return words(SubjectStatus(value))
        case TimelineKind.CAPITAL:
            amount = write_decimal(yuan(int(value)) or yuan(0))  # type: ignore[arg-type]
            return Text(f"{amount}元", f"{amount} yuan")
        case TimelineKind.REGION:
            region = regions.find(str(value))
            return Text(*(str(value) if region is None else region.name,) * 2)
    return Text(str(value), str(value))
