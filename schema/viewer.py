"""Who asks, as the API tells him himself, and the limits he has.

It must not decide rights.
"""

# mypy: disable-error-code="no-any-return"
# a field answers its value, or a promise of it

from __future__ import annotations

from datetime import datetime

import strawberry

from graph.codes import Role
from schema.fields import Info, field
from schema.nodes import Region, by_id, load, region
from schema.reader import Reader
from schema.scope import Scope
from schema.subjects import GovernmentBody, Subject


@strawberry.type(name="Limits", description="限额 · the limits of a role")
class LimitsShown:
    depth: int = strawberry.field(description="嵌套深度 · depth")
    list_depth: int = strawberry.field(description="列表嵌套深度 · depth of lists")
    aliases: int = strawberry.field(description="别名数 · aliases")
    root_fields: int = strawberry.field(description="根字段数 · root fields")
    tokens: int = strawberry.field(description="词法单元数 · tokens")
    characters: int = strawberry.field(description="字符数 · characters")
    cost: int = strawberry.field(description="成本 · cost")
    page_size: int = strawberry.field(description="每页条数 · largest page")
    answer_bytes: int = strawberry.field(description="响应字节数 · bytes of an answer")
    statement_seconds: int = strawberry.field(description="单条语句秒数 · seconds of a statement")
    plan_seconds: int = strawberry.field(
        description="首次执行的语句另加的秒数 · seconds more for a statement that is new"
    )
    link_milliseconds: int = strawberry.field(description="关联查询毫秒数 · milliseconds that links may read")


@strawberry.type(description="查询者 · who asks")
class Viewer:
    reader: strawberry.Private[Reader]
    scope: strawberry.Private[Scope]
    department: GovernmentBody | None = strawberry.field(description="所属部门 · department")
    subject: Subject | None = strawberry.field(description="本人主体 · own subject")

    @field("角色 · role")
    def role(self) -> Role:
        return self.reader.role

    @field("地区 · region")
    def region(self) -> Region | None:
        return region(self.scope, self.reader.region)

    @field("令牌到期 · when the token expires")
    def expires_at(self) -> datetime | None:
        return self.reader.expires_at

    @field("限额 · limits")
    def limits(self) -> LimitsShown:
        limits = self.scope.operation.world.limits_of(self.reader.role)
        return LimitsShown(
            depth=limits.depth,
            list_depth=limits.list_depth,
            aliases=limits.aliases,
            root_fields=limits.root_fields,
            tokens=limits.tokens,
            characters=limits.characters,
            cost=limits.cost,
            page_size=limits.page_size,
            answer_bytes=limits.answer_bytes,
            statement_seconds=limits.statement_seconds,
            plan_seconds=limits.plan_seconds,
            link_milliseconds=limits.link_milliseconds,
        )


async def viewer_of(scope: Scope, info: Info) -> Viewer:
    """The reader as he is told of himself; a claim of his token that names no node is none."""
    reader = scope.operation.access.reader
    claims = {"department": reader.department, "subject": reader.subject}
    held: dict[str, str] = {}
    for name, text in claims.items():
        found = await scope.find(text, "viewer") if text is not None and name in info.below else None
        if found is not None:
            held[name] = found
    await load(scope, held.values())
    named = {name: by_id(scope, identity) for name, identity in held.items()}
    return Viewer(reader=reader, scope=scope, department=named.get("department"), subject=named.get("subject"))
