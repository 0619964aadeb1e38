"""Persons: who they are, the key groups they belong to, the qualifications they hold; and how others mention them.

It must not know posts, holdings or records.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.changes import Claim, NodeDraft, RelationDraft, Value, VersionDraft
from graph.codes import IdentifierScheme, RelationKind, SubjectKind, SubjectStatus
from loaders.city import lots, names
from loaders.city.days import period, since, written
from loaders.city.extent import COUNTIES, Extent, adult_on
from loaders.city.lots import weighted
from loaders.entries import Entry
from loaders.named import group_node

# 重点人群: the 19 groups of the plan (L186), each with the profession that is licensed in it, if any.
GROUPS: Final = (
    ("公务员", None),
    ("事业单位员工", None),
    ("企业法定代表人", None),
    ("律师", "律师"),
    ("会计师", "注册会计师"),
    ("注册税务师", "注册税务师"),
    ("审计师", "审计师"),
    ("评估师", "资产评估师"),
    ("统计从业人员", "统计师"),
    ("认证和检验检测从业人员", "认证审核员"),
    ("证券期货从业人员", "证券从业人员"),
    ("上市公司高管人员", None),
    ("保险经纪人", "保险经纪人"),
    ("新闻媒体从业人员", "记者"),
    ("科研人员", None),
    ("医务人员", "执业医师"),
    ("教师", "教师"),
    ("项目经理", "注册建造师"),
    ("导游", "导游"),
)
REASONS: Final = ("ILLEGALITY", "DISCIPLINE", "VOLUNTARY", "EXPIRED", "FRAUD")
SANCTIONS: Final = ("REVOKED", "SUSPENDED", "QUALIFICATION_CANCELLED")
MEMBERS: Final = weighted((0, None), *((9, each) for each in range(len(GROUPS))))
PERSON: Final = SubjectKind.PERSON.value
SAME_NAME: Final = ("同名,证件种类不同 / the same name, a document of another type",)
STATUSES: Final = weighted((0, SubjectStatus.ACTIVE.value), (10, SubjectStatus.UNKNOWN.value))


def mention(extent: Extent, index: int, number: int) -> NodeDraft:
    return NodeDraft(f"p{index}", PERSON, (extent.person.claim(index),), (), number, mention=True)


def entry(extent: Extent, index: int, number: int) -> Entry:
    lot = extent.lot(lots.PERSON, index)
    adult = adult_on(index)
    named = lot if adult is not None else extent.lot(lots.PERSON, max(0, index - 1))
    values: dict[str, Value] = {
        "name": names.person_name(named[0], named[1]),
        "status": STATUSES[lot[2] % 1000],
        "region": COUNTIES[lot[3] % len(COUNTIES)],
    }
    if adult is not None:
        values["adultOn"] = adult
    versions: tuple[VersionDraft, ...] = (VersionDraft(values),)
    if lot[4] % 150 == 0:  # known by another name before
        day = extent.end_ordinal - 300 - lot[5] % 5000
        former = {**values, "name": names.person_name(lot[0], lot[6])}
        versions = (VersionDraft(former, period(None, day)), VersionDraft(values, since(day)))
    elif lot[4] % 100 == 1:
        day = extent.end_ordinal - 1 - lot[5] % 3000
        died = {**values, "status": SubjectStatus.DECEASED.value}
        versions = (VersionDraft(values, period(None, day)), VersionDraft(died, since(day)))
    nodes = [NodeDraft(f"p{index}", PERSON, (extent.person.claim(index),), versions, number)]
    relations: list[RelationDraft] = []
    if (group := MEMBERS[lot[7] % 1000]) is not None:
        for draft in _belongings(extent, lot, index, group, number):
            if isinstance(draft, NodeDraft):
                nodes.append(draft)
            else:
                relations.append(draft)
    if adult is None and index:  # by a passport: perhaps the neighbour, who has the same name and another document
        nodes.append(mention(extent, index - 1, number))
        own, other = f"p{index}", f"p{index - 1}"
        why: dict[str, Value] = {"reasons": SAME_NAME}
        relations.append(RelationDraft(RelationKind.POSSIBLY_SAME_AS, own, other, own, number, values=why))
    return Entry(number, tuple(nodes), tuple(relations))


def _belongings(
    extent: Extent, lot: lots.Lot, index: int, group: int, number: int
) -> Iterator[NodeDraft | RelationDraft]:
    name, profession = GROUPS[group]
    joined = extent.end_ordinal - 200 - lot[8] % 9000
    left = joined + 100 + lot[9] % 4000 if lot[10] % 8 == 0 else None
    person = f"p{index}"
    yield group_node(number, name, mention=True)
    yield RelationDraft(
        RelationKind.MEMBER_OF, person, f"KEY_GROUP:{name}", f"{person}|{name}", number, period(joined, left)
    )
    if profession is None or lot[11] % 5 == 0:
        return
    certificate = f"粤江{profession[:2]}{index:07}"
    claim = Claim(IdentifierScheme.OTHER, certificate, issuer="QUALIFICATION", lookup=False)
    values: dict[str, Value] = {"profession": profession, "number": certificate, "from": written(joined)}
    if left is not None:
        values["to"] = written(left)
    if lot[12] % 12 == 0:
        ended = joined + 50 + lot[13] % 100
        values["revokedOn"] = written(ended)
        values["reason"] = REASONS[lot[14] % len(REASONS)]
        values["sanction"] = SANCTIONS[lot[15] % len(SANCTIONS)]
    yield NodeDraft(f"q{index}", "QUALIFICATION", (claim,), (VersionDraft(values),), number)
    yield RelationDraft(RelationKind.HAS_QUALIFICATION, person, f"q{index}", f"q{index}", number, period(joined, left))
