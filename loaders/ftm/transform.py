"""A FollowTheMoney entity as parties and relations, or why it has no place in this graph.

It must not know files. Sanctions and the like are refused: a record is judged by dates and states FtM does not carry.
"""

from __future__ import annotations

from typing import Any, Final

from graph.changes import Value
from graph.codes import ControlBasis, EnterpriseForm, PostKind, RelationKind, SubjectKind, SubjectStatus, Text
from graph.vocabulary import relation_of
from loaders.ftm.words import (
    CONTROL,
    DIRECTORSHIP,
    EMPLOYMENT,
    ENDS,
    KINDS,
    NUMBERS,
    OWNERSHIP,
    RELATIONS,
    VOTES,
)
from loaders.statements.drafts import Described, Related
from loaders.statements.parties import Refused, claim, own, party
from loaders.statements.values import ANY, TEXT, coded, day, fen, percentage, period, shaped

Said = dict[str, Any]
SHAPE: Final = {"id": TEXT, "schema": TEXT, "datasets": [TEXT], "properties": {ANY: [TEXT]}}
NAMED: Final = {kind.value: kind for kind in RELATIONS if RELATIONS[kind] == "UnknownLink"}


class Ftm:
    def reference(self, said: Said) -> str:
        shaped(said, SHAPE)
        return str(said["id"])

    def describes(self, said: Said) -> bool:
        return said["schema"] in KINDS

    def replaces(self, said: Said) -> bool:
        return False

    def described(self, said: Said, person_key: bytes) -> Described:
        ref, kind = str(said["id"]), KINDS[said["schema"]]
        known = own(ref)
        natural = kind is SubjectKind.PERSON
        claims = [
            found
            for scheme, name in NUMBERS.items()
            for value in _all(said, name)
            if (found := claim(person_key, ref, scheme.value, value, natural=natural)) is not None
        ]
        values: dict[str, Value] = {"name": _one(said, "name") or _missing("name")}
        remarks: list[Text] = []
        if not natural:
            if (address := _one(said, "address")) is not None:
                values["address"] = address
            if (status := _one(said, "status")) is not None:
                coded(values, remarks, "status", "status", status, SubjectStatus)
            if (since := _one(said, "incorporationDate")) is not None:
                values["established"] = day("incorporationDate", since)
            if (known.kind if known else kind) == SubjectKind.ENTERPRISE:
                values |= _of_company(said, remarks)
        publisher = f"ftm:{_datasets(said)}"
        return Described(party(ref, known.kind if known else kind.value, claims, publisher), values, tuple(remarks))

    def related(self, said: Said) -> list[Related]:
        schema = said["schema"]
        if schema not in ENDS:
            raise Refused(
                "schema",
                f"{schema} 不从此格式载入:记录须有日期与状态,请用 double-publicity、lists 或 csv",
                f"{schema} is not loaded from this format: a record needs its dates and state, use double-publicity, "
                "lists or csv",
            )
        start, end = (_one(said, name) or _missing(name) for name in ENDS[schema])
        span = period(_one(said, "startDate"), _one(said, "endDate"))
        if schema == OWNERSHIP:
            return [_owning(said, start, end, span)]
        role = _one(said, "role") or ""
        if schema == EMPLOYMENT:
            return [Related(RelationKind.EMPLOYED_BY, start, end, {}, span)]
        if schema == DIRECTORSHIP:
            post = PostKind(role) if role in set(PostKind) else PostKind.DIRECTOR
            kind = relation_of(post)
            return [Related(kind, start, end, {"post": post.value} if kind is RelationKind.SERVES_AS else {}, span)]
        if role not in NAMED:
            raise Refused("role", f"本图没有此种关系:{role}", f"this graph has no relation “{role}”")
        return [Related(NAMED[role], start, end, {}, span)]


def _owning(said: Said, start: str, end: str, span: Any) -> Related:
    type = _one(said, "ownershipType") or ""
    word, _, basis = type.partition("/")
    values: dict[str, Value] = {}
    if word == CONTROL:
        if basis and basis not in set(ControlBasis):
            raise Refused("ownershipType", f"未知的控制依据:{basis}", f"unknown basis of control: {basis}")
        if basis:
            values["basis"] = basis
        return Related(RelationKind.CONTROLS, start, end, values, span)
    if (percent := _one(said, "percentage")) is not None:
        values["share"] = percentage("percentage", percent)
    if (summary := _one(said, "summary")) is not None and summary.startswith(VOTES):
        values["votes"] = percentage("summary", summary.removeprefix(VOTES))
    amount = _one(said, "sharesValue")
    if amount is not None and _one(said, "sharesCurrency") in (None, "CNY"):
        values["capital"] = fen("sharesValue", amount)
    return Related(RelationKind.HOLDS, start, end, values, span)


def _of_company(said: Said, remarks: list[Text]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    if (form := _one(said, "legalForm")) is not None:
        coded(values, remarks, "form", "legalForm", form, EnterpriseForm)
    capital = _one(said, "capital")
    if capital is not None and _one(said, "currency") in (None, "CNY"):
        values["registeredCapital"] = fen("capital", capital)
    return values


def _all(said: Said, name: str) -> list[str]:
    return [str(each) for each in said["properties"].get(name, ())]


def _one(said: Said, name: str) -> str | None:
    """The first value: this graph has one at a time."""
    found = _all(said, name)
    return found[0] if found else None


def _missing(name: str) -> str:
    raise Refused(name, f"缺少 {name}", f"{name} is missing")


def _datasets(said: Said) -> str:
    return ",".join(sorted(str(each) for each in said.get("datasets", ())))
