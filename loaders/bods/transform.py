"""A BODS statement as parties and relations, or why it has no place in this graph.

It must not know files; interests that this graph has no relation for are refused, never bent into another one.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR
from typing import Any, Final

from graph.changes import Value
from graph.codes import ControlBasis, EnterpriseForm, PostKind, RelationKind, SubjectKind, Text
from graph.vocabulary import relation_of
from loaders.bods.words import CAPITAL, CONTROL, CONTROLS, KINDS, POSTS, SHARES, VERSION, VOTES, WHOLE
from loaders.statements.drafts import Described, Related
from loaders.statements.parties import Refused, claim, party
from loaders.statements.values import SHARE_UNITS, TEXT, coded, day, fen, number, percentage, period, shaped

Said = dict[str, Any]
SHAPE: Final = {
    "publicationDetails": {"bodsVersion": TEXT, "publisher": {"name": TEXT, "url": TEXT}},
    "recordId": TEXT,
    "recordType": TEXT,
    "recordStatus": TEXT,
    "recordDetails": {
        "entityType": {"type": TEXT, "details": TEXT},
        "personType": TEXT,
        "name": TEXT,
        "names": [{"fullName": TEXT}],
        "foundingDate": TEXT,
        "addresses": [{"type": TEXT, "address": TEXT}],
        "identifiers": [{"id": TEXT, "scheme": TEXT, "schemeName": TEXT}],
        "interests": [{"type": TEXT, "details": TEXT, "startDate": TEXT, "endDate": TEXT, "share": {}}],
    },
}


class Bods:
    def reference(self, said: Said) -> str:
        shaped(said, SHAPE)
        version = said.get("publicationDetails", {}).get("bodsVersion", VERSION)
        if version != VERSION or "recordType" not in said:
            raise Refused(
                "bodsVersion",
                f"只读取 BODS {VERSION},此为 {version}",
                f"only BODS {VERSION} is read, this is {version}",
            )
        return str(said["recordId"])

    def describes(self, said: Said) -> bool:
        return said["recordType"] in ("entity", "person")

    def replaces(self, said: Said) -> bool:
        return said.get("recordStatus") in ("updated", "closed")

    def described(self, said: Said, person_key: bytes) -> Described:
        ref, details = str(said["recordId"]), said["recordDetails"]
        natural = said["recordType"] == "person"
        remarks: list[Text] = []
        kind, values = _person(details) if natural else _entity(details, remarks)
        claims = [
            found
            for each in details.get("identifiers", ())
            if "id" in each
            for word in (each.get("schemeName") or each.get("scheme", ""),)
            if (found := claim(person_key, ref, word, str(each["id"]), natural=natural)) is not None
        ]
        publisher = said.get("publicationDetails", {}).get("publisher", {})
        issuer = f"bods:{publisher.get('name') or publisher.get('url', '')}"
        return Described(party(ref, kind, claims, issuer), values, tuple(remarks))

    def related(self, said: Said) -> list[Related]:
        if said["recordType"] != "relationship":
            raise Refused("recordType", f"未知类型 {said['recordType']}", f"unknown type {said['recordType']}")
        details = said["recordDetails"]
        holder, owned = details["interestedParty"], details["subject"]
        if not isinstance(holder, str) or not isinstance(owned, str):
            unnamed = holder if not isinstance(holder, str) else owned
            reason = unnamed.get("reason", "") if isinstance(unnamed, dict) else unnamed
            raise Refused("interestedParty", f"未指明的当事方:{reason}", f"a party that is not specified: {reason}")
        if details.get("isComponent") or details.get("componentRecords"):
            raise Refused(
                "isComponent",
                "间接关系不载入:它由直接关系算出",
                "an indirect relation is not loaded: it is computed from direct ones",
            )
        found: list[Related] = []
        holding: dict[str, Value] = {}
        dates: set[tuple[Any, Any]] = set()
        for interest in details.get("interests", ()):
            span = (interest.get("startDate"), interest.get("endDate"))
            if interest.get("type") in (SHARES, VOTES):
                holding |= _holding(interest)
                dates.add(span)
            else:
                found.append(_influence(interest, holder, owned))
        if len(dates) > 1:
            raise Refused("interests", "一条陈述中的持股期间不一", "shares of several periods in one statement")
        for since, until in dates:
            found.append(Related(RelationKind.HOLDS, holder, owned, holding, period(since, until)))
        if not found:
            raise Refused("interests", "没有权益", "no interest is told")
        if said.get("recordStatus") == "closed" and any(each.period.end is None for each in found):
            raise Refused("recordStatus", "已结束而无 endDate", "closed, but an interest has no endDate")
        return found


def _entity(details: Said, remarks: list[Text]) -> tuple[str, dict[str, Value]]:
    type, words = details["entityType"]["type"], str(details["entityType"].get("details", ""))
    code, _, form = words.partition("/")
    if code in set(SubjectKind) - {SubjectKind.PERSON}:
        kind = SubjectKind(code)
    elif type in KINDS:
        kind, form = KINDS[type], ""
    else:
        raise Refused("entityType", f"不知其为何主体:{type}", f"an entity nobody can be found by: {type}")
    values: dict[str, Value] = {"name": str(details["name"])}
    if details.get("foundingDate"):
        values["established"] = day("foundingDate", details["foundingDate"])
    for each in details.get("addresses", ()):
        if each.get("type") == "registered" and each.get("address"):
            values["address"] = str(each["address"])
    if form and kind is SubjectKind.ENTERPRISE:
        coded(values, remarks, "form", "entityType.details", form, EnterpriseForm)
    return kind.value, values


def _person(details: Said) -> tuple[str, dict[str, Value]]:
    if details["personType"] != "knownPerson":
        raise Refused("personType", "不明或匿名的人不载入", "an unknown or anonymous person is not loaded")
    names = sorted(details.get("names", ()), key=lambda each: each.get("type") != "legal")
    if not names:
        raise Refused("names", "缺少姓名", "no name is told")
    return SubjectKind.PERSON.value, {"name": str(names[0]["fullName"])}


def _holding(interest: Said) -> dict[str, Value]:
    if interest.get("directOrIndirect", "direct") == "indirect":
        raise Refused("directOrIndirect", "间接持股不载入", "an indirect holding is not loaded: it is computed")
    values: dict[str, Value] = {}
    name = "share" if interest["type"] == SHARES else "votes"
    least, most = _bounds(interest.get("share", {}))
    if least == most:
        values[name] = least
    elif (least, most) != (0, WHOLE):
        values |= {f"{name}Least": least, f"{name}Most": most}
    words = str(interest.get("details", ""))
    if words.startswith(CAPITAL):
        values["capital"] = fen("interests.details", words.removeprefix(CAPITAL))
    return values


def _bounds(share: Said) -> tuple[int, int]:
    """What a share is at least and at most; nothing is said of it from none to the whole."""

    def units(name: str, rounding: str) -> int | None:
        told = share.get(name)
        if told is None:
            return None
        return int((number(f"interests.share.{name}", told) * SHARE_UNITS).to_integral_value(rounding))

    if share.get("exact") is not None:
        exact = percentage("interests.share.exact", share["exact"])
        return exact, exact
    low, above = units("minimum", ROUND_FLOOR), units("exclusiveMinimum", ROUND_FLOOR)
    high, below = units("maximum", ROUND_CEILING), units("exclusiveMaximum", ROUND_CEILING)
    least = max((each for each in (low, None if above is None else above + 1) if each is not None), default=0)
    most = min((each for each in (high, None if below is None else below - 1) if each is not None), default=WHOLE)
    if not 0 <= least <= most <= WHOLE:
        raise Refused(
            "interests.share",
            f"比例有误,应在 0 至 100% 之间,下限不高于上限:{share}",
            f"no share from 0 to 100 %, the least before the most: {share}",
        )
    return least, most


def _influence(interest: Said, holder: str, owned: str) -> Related:
    type, words = str(interest.get("type")), str(interest.get("details", ""))
    span = period(interest.get("startDate"), interest.get("endDate"))
    control, _, basis = words.partition("/")
    if type == CONTROL and control == RelationKind.CONTROLS:
        if basis and basis not in set(ControlBasis):
            raise Refused("interests.details", f"未知的控制依据:{basis}", f"unknown basis of control: {basis}")
        values: dict[str, Value] = {"basis": basis} if basis else {}
        return Related(RelationKind.CONTROLS, holder, owned, values, span)
    if words in set(PostKind):
        return _post(PostKind(words), holder, owned, span)
    if type in POSTS:
        return _post(POSTS[type], holder, owned, span)
    if type in CONTROLS:
        return Related(RelationKind.CONTROLS, holder, owned, {"basis": ControlBasis.DECLARED.value}, span)
    raise Refused("interests", f"本图没有此种权益:{type}", f"this graph has no relation for the interest {type}")


def _post(post: PostKind, holder: str, owned: str, span: Any) -> Related:
    kind = relation_of(post)
    return Related(kind, holder, owned, {"post": post.value} if kind is RelationKind.SERVES_AS else {}, span)
