"""The root of the API: what can be asked.

It must not know how anything is read; an unknown thing is null, so that one does not empty a batch.
"""

# mypy: disable-error-code="no-any-return"
# a field answers its value, or a promise of it

from __future__ import annotations

from typing import Annotated, Any, Final

import strawberry

from graph.codes import Purpose, RelationKind
from graph.errors import GraphError, Invalid, LimitExceeded
from graph.identifiers import parse_lookup
from graph.rules import Pack
from graph.store.asked import Root
from schema.answers import CreditCheck, Reach, pack_of
from schema.computed import Ask, Held, Kind, check_of, reach_by, single
from schema.connections import Connection, named_nodes, paged, selected
from schema.expansion import Expansion, expanded
from schema.fields import dated, field, then
from schema.nodes import Node, by_id
from schema.records import CreditRecord
from schema.relations import CreditList, KeyGroup
from schema.scope import Scope, is_id
from schema.search import Resolution, SearchConnection, SearchKind, found_by, resolved
from schema.subjects import Enterprise, GovernmentBody, Organization, Person, Subject, node_row
from schema.values import Rule
from schema.viewer import Viewer
from schema.windows import After, Before, First, Last

MOST_IDS: Final = 100
Id = Annotated[strawberry.ID, strawberry.argument(description="节点标识 · id of a node")]
IdOrIdentifier = Annotated[
    strawberry.ID, strawberry.argument(description="节点标识或号码 · id of a node, or an identifier of it")
]
Ids = Annotated[list[strawberry.ID], strawberry.argument(description="节点标识,至多 100 · ids, at most 100")]
Subjects = Annotated[
    list[strawberry.ID], strawberry.argument(description="主体标识或号码,1–100 · ids or identifiers, 1 to 100")
]
Identifying = Annotated[
    str,
    strawberry.argument(
        description="统一社会信用代码、注册号、组织机构代码或节点标识,不接受名称 · USCC, old number, id; never a name"
    ),
]
Sought = Annotated[
    str,
    strawberry.argument(description="名称、号码或文书号的全部或一部分 · a name, number or document number, or a part"),
]
Among = Annotated[
    list[SearchKind] | None,
    strawberry.argument(description="查找范围,省略则不限 · what to look among; all when omitted"),
]
Texts = Annotated[
    list[str], strawberry.argument(description="完整的号码或名称,1–100 · whole numbers or names, 1 to 100")
]
Related = Annotated[
    list[RelationKind] | None, strawberry.argument(description="关系类别,省略则不限 · kinds; all when omitted")
]
For = Annotated[Purpose | None, strawberry.argument(description="用途,省略则不限 · purpose; all when omitted")]
Named = Annotated[str | None, strawberry.argument(description="规则包名称 · name of the pack")]


@strawberry.type(description="查询 · what can be asked")
class Query:
    scope: strawberry.Private[Scope]

    @dated("按标识取节点 · a node by id")
    def node(self, scope: Scope, id: Id) -> Node | None:
        return by_id(scope, _own_id(id, "id"))

    @dated("按标识取多个节点,顺序不变 · nodes by ids, in the same order")
    def nodes(self, scope: Scope, ids: Ids) -> list[Node | None]:
        _at_most(ids, "ids")
        return [_or_error(lambda each=each, i=i: by_id(scope, _own_id(each, f"ids.{i}"))) for i, each in enumerate(ids)]

    @dated("按号码取主体 · a subject by identifier")
    def subject(self, scope: Scope, info: strawberry.Info, identifier: Identifying) -> Subject | None:
        return _found(scope, info, identifier, "identifier", Subject)

    @dated("按号码取企业 · an enterprise by identifier")
    def enterprise(self, scope: Scope, info: strawberry.Info, identifier: Identifying) -> Enterprise | None:
        return _found(scope, info, identifier, "identifier", Enterprise)

    @dated("取自然人 · a person")
    def person(self, scope: Scope, info: strawberry.Info, id: IdOrIdentifier) -> Person | None:
        return _found(scope, info, id, "id", Person)

    @dated("按号码取机关 · a government body by identifier")
    def department(self, scope: Scope, info: strawberry.Info, identifier: Identifying) -> GovernmentBody | None:
        return _found(scope, info, identifier, "identifier", GovernmentBody)

    @dated("取信用记录 · a credit record")
    def record(self, scope: Scope, info: strawberry.Info, id: IdOrIdentifier) -> CreditRecord | None:
        return _found(scope, info, id, "id", CreditRecord)

    enterprises: Connection[Enterprise] | None = paged(
        "企业,按名称 · enterprises, by name",
        Root("Enterprise"),
        node_row,
        where="EnterpriseFilter",
        order="EnterpriseOrder",
    )
    persons: Connection[Person] | None = paged(
        "自然人 · persons", Root("Person"), node_row, where="PersonFilter", order="PersonOrder"
    )
    organizations: Connection[Organization] | None = paged(
        "组织,按名称 · organisations of every kind, by name",
        Root("Organization"),
        node_row,
        where="OrganizationFilter",
        order="OrganizationOrder",
    )
    records: Connection[CreditRecord] | None = paged(
        "信用记录,新的在前 · credit records, newest first",
        Root("Record"),
        node_row,
        where="CreditRecordFilter",
        order="CreditRecordOrder",
    )
    departments: Connection[GovernmentBody] | None = paged(
        "报送或作出决定的机关,按名称 · bodies that report or decide, by name", Root("Department"), node_row
    )

    @field("名单,按名称,至多 1000 · credit lists, by name, at most 1000")
    def lists(self) -> list[CreditList] | None:
        return named_nodes(self.scope, "CreditList")

    @field("重点人群,按名称,至多 1000 · key groups, by name, at most 1000")
    def key_groups(self) -> list[KeyGroup] | None:
        return named_nodes(self.scope, "KeyGroup")

    @dated("按文字查找主体与文书号,至多前 1,000 条 · search by name, number or document number, the first 1,000 hits")
    async def search(
        self,
        scope: Scope,
        info: strawberry.Info,
        text: Sought,
        kinds: Among = strawberry.UNSET,
        first: First = strawberry.UNSET,
        after: After = strawberry.UNSET,
        last: Last = strawberry.UNSET,
        before: Before = strawberry.UNSET,
    ) -> SearchConnection | None:
        return await found_by(scope, info, text, kinds or None, first, after, last, before)

    @dated("按完整的号码或名称认定主体,顺序不变 · the subjects that whole numbers or names name, in the same order")
    async def resolve(self, scope: Scope, texts: Texts) -> list[Resolution] | None:
        return await resolved(scope, texts)

    @dated("主体周围的关系,按类别、起始日 · the relations around a subject, by kind and first day")
    def expand(
        self,
        scope: Scope,
        info: strawberry.Info,
        subject: IdOrIdentifier,
        relations: Related = strawberry.UNSET,
        first: First = strawberry.UNSET,
        after: After = strawberry.UNSET,
    ) -> Expansion | None:
        def around(identity: str | None) -> Any:
            return None if identity is None else expanded(scope, info, identity, relations or None, first, after)

        return then(scope.find(subject, "subject"), around)

    @dated("核查:此主体当日受何约束 · what binds this subject on the day")
    def check(self, scope: Scope, subject: IdOrIdentifier, purpose: For = strawberry.UNSET) -> CreditCheck | None:
        return check_of(scope, subject, purpose or None, "subject")

    @dated("批量核查,顺序不变 · checks of several subjects, in the same order")
    def checks(
        self, scope: Scope, subjects: Subjects, purpose: For = strawberry.UNSET
    ) -> list[CreditCheck | None] | None:
        _at_most(subjects, "subjects")
        if not subjects:
            raise Invalid("subjects: 至少一个 · at least one", argument="subjects")
        return [
            _or_error(lambda each=each, i=i: check_of(scope, each, purpose or None, f"subjects.{i}"))
            for i, each in enumerate(subjects)
        ]

    @dated("传导:此记录或资格及于何人 · whom a record or qualification reaches")
    def reach(self, scope: Scope, record: IdOrIdentifier) -> Reach | None:
        return reach_by(scope, record, "record")

    @dated("当日施行的规则 · the rules in force on the day")
    async def rules(self, scope: Scope, pack: Named = strawberry.UNSET) -> list[Rule] | None:
        world = scope.operation.world
        found: Pack = await world.packs.known(scope.moment.known, world.database)
        if pack and pack != found.name:
            return []
        shown, on = pack_of(found), scope.moment.as_of
        versions = dict.fromkeys(each.cited for each in found.rules if each.validity.may_contain(on))
        return [Rule(found=each, in_pack=shown) for each in versions]

    @field("查询者 · who asks")
    def viewer(self) -> Viewer:
        return Viewer(reader=self.scope.operation.access.reader, scope=self.scope)


def _found(scope: Scope, info: strawberry.Info, text: str, argument: str, kind: type[Any]) -> Any:
    """The node an id or identifier names, null when it is of another kind.

    When a computed field is asked of it, its neighbourhood is read at once, instead of the node by itself.
    """
    record = kind is CreditRecord
    computed = Kind.REACH if record else Kind.CHECK
    if ("reaches" if record else "measures") in selected(info):
        ask = Ask(computed, parse_lookup(text, argument=argument), None, scope.moment)

        def identity_of(found: Held) -> str | None:
            answer = single(found, argument)
            return None if answer is None else answer.identity

        held = then(scope.operation.computing.get(ask), identity_of)
    else:
        held = scope.find(text, argument)

    def shown(identity: str | None) -> Any:
        if identity is None:
            return None
        return then(by_id(scope, identity), lambda node: node if isinstance(node, kind) else None)

    return then(held, shown)


def _own_id(text: str, argument: str) -> str:
    if not is_id(text):
        raise Invalid(f"{argument}: 不是节点标识 · not an id of a node", argument=argument)
    return text


def _at_most(ids: list[strawberry.ID], argument: str) -> None:
    if len(ids) > MOST_IDS:
        raise LimitExceeded(f"{argument}: 至多 {MOST_IDS} 个 · at most {MOST_IDS}", argument=argument)


def _or_error(get: Any) -> Any:
    """A refused entry of a list is null with an error of its own; it does not empty the list."""
    try:
        return get()
    except GraphError as error:
        return error
