"""Relations with a period that are nodes of the API, and what persons hold or belong to.

It must not know how pages are read.
"""

# mypy: disable-error-code="no-any-return"
# a field answers its value, or a promise of it

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import strawberry

from graph.codes import ListPolarity, PostKind, RelationKind
from graph.conditions import Target
from graph.periods import parse_period
from graph.store.asked import Neighbours
from graph.store.projection import Near
from graph.vocabulary import POST_RELATION_KINDS, post_of
from schema import nodes
from schema.connections import Connection, paged
from schema.fields import declared, field, stored
from schema.nodes import Node, shows
from schema.reads import End, NearTo, Stored
from schema.scalars import percent, yuan
from schema.subjects import GovernmentBody, Organization, Person, Subject
from schema.values import Period, Provenance, period, provenance

EntryType = Annotated["ListEntry", strawberry.lazy("schema.record_kinds")]  # type: ignore[name-defined]  # noqa: F821


@strawberry.type(description="任职 · one period of one post")
class Post(Node):
    person: Subject = declared("任职人 · who holds it", End("start"))
    organization: Organization = declared("组织 · where", End("end"))

    @field("职务 · post")
    def post(self) -> PostKind:
        stored_post = self.view.values.get("post")
        kind = post_of(self.view.kind, None if stored_post is None else str(stored_post))
        return kind or PostKind.EMPLOYEE

    @field("任期 · when")
    def validity(self) -> Period:
        return period(self.view.period)

    @field("出处 · provenance")
    def provenance(self) -> Provenance:
        return provenance(self.view.provenance)


@strawberry.type(description="持股或出资 · one period of one holding")
class Holding(Node):
    holder: Subject = declared("持有人 · holder", End("start"))
    organization: Organization = declared("被投资组织 · organisation held", End("end"))

    @field("持股比例,百分数 · share in percent", reads=Stored("share"))
    def share(self) -> Decimal | None:
        return percent(self._number("share"))

    @field("表决权比例,百分数 · votes in percent", reads=Stored("votes"))
    def votes(self) -> Decimal | None:
        return percent(self._number("votes"))

    @field("出资额,元 · capital in yuan", reads=Stored("capital"))
    def capital(self) -> Decimal | None:
        return yuan(self._number("capital"))

    @field("期间 · when")
    def validity(self) -> Period:
        return period(self.view.period)

    @field("出处 · provenance")
    def provenance(self) -> Provenance:
        return provenance(self.view.provenance)

    def _number(self, name: str) -> int | None:
        value = self.view.values.get(name)
        return None if value is None else int(str(value))


@shows("QUALIFICATION")
@strawberry.type(description="职业资格 · a professional qualification")
class Qualification(Node):
    number: str | None = stored("number")
    revoked_on: date | None = stored("revokedOn")
    reason: str | None = stored("reason")
    sanction: str | None = stored("sanction")
    person: Person = declared("持有人 · holder", NearTo(Near.HOLDER))

    @field("职业 · profession")
    def profession(self) -> str:
        return str(self.view.values.get("profession", ""))

    @field("有效期间 · when it is valid")
    def validity(self) -> Period:
        return stored_period(self.view)


def stored_period(view: Any) -> Period:
    start, end = view.values.get("from"), view.values.get("to")
    return period(parse_period(None if start is None else str(start), None if end is None else str(end)))


@shows("KEY_GROUP")
@strawberry.type(description="重点人群 · a key group")
class KeyGroup(Node):
    members: Connection[Person] = paged(
        "成员 · members", Neighbours(RelationKind.MEMBER_OF, Target.SUBJECT), where="PersonFilter"
    )

    @field("名称 · name")
    def name(self) -> str:
        return str(self.view.values.get("name", ""))


@shows("CREDIT_LIST")
@strawberry.type(description="名单 · a credit list")
class CreditList(Node):
    aliases: list[str] = stored("aliases")
    owner: GovernmentBody | None = declared("列入机关 · who keeps it", NearTo(Near.ISSUED_BY))
    entries: Connection[EntryType] = paged(
        "在列条目 · entries in force",
        Neighbours(RelationKind.ON_LIST, Target.RECORD, valid=True),
        where="ListEntryFilter",
    )

    @field("名称 · name")
    def name(self) -> str:
        return str(self.view.values.get("name", ""))

    @field("红黑属性 · polarity")
    def polarity(self) -> ListPolarity:
        return ListPolarity(str(self.view.values.get("polarity", ListPolarity.BLACK)))


nodes.RELATIONS.update(dict.fromkeys(POST_RELATION_KINDS, Post))
nodes.RELATIONS[RelationKind.HOLDS] = Holding
