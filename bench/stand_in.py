"""Entries like those of a city: enterprises, their people, posts, holdings and records, made one by one from a seed.

It must not know the graph; it stands where `loaders.city` is not yet and keeps nothing but numbers.
"""

from __future__ import annotations

import hashlib
import hmac
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from graph.changes import Claim, NodeDraft, RelationDraft, VersionDraft
from graph.codes import IdentifierScheme, RelationKind
from graph.periods import Period, on
from loaders.entries import Entries, Entry

R, S = RelationKind, IdentifierScheme
DEPARTMENTS: Final = 28
FIRST_DAY: Final = date(2005, 1, 1)


def entries(size: int, seed: int, person_key: bytes) -> Entries:
    """`size` enterprises with about 2 persons, 3 posts, 2 holdings and 1.5 records each; a row for each of these."""
    draw = random.Random(seed)
    number = 0
    for i in range(DEPARTMENTS):
        number += 1
        yield Entry(number, (_department(i, number, mention=False),))
    for i in range(size):
        for nodes, relations in _enterprise(i, draw, person_key, number):
            number += 1
            yield Entry(number, nodes, relations)


def _enterprise(
    i: int, draw: random.Random, key: bytes, number: int
) -> Iterator[tuple[tuple[NodeDraft, ...], tuple[RelationDraft, ...]]]:
    number += 1
    yield (_firm(i, draw, number),), ()
    owner, officer = _person(2 * i, key, number + 1), _person(2 * i + 1, key, number + 2)
    start = FIRST_DAY + timedelta(days=draw.randrange(7000))
    for person, kinds in ((owner, (R.LEGAL_REPRESENTATIVE_OF,)), (officer, (R.PRINCIPAL_OF, R.SERVES_AS))):
        number += 1
        posts = tuple(
            RelationDraft(
                kind,
                person.ref,
                _ref(i),
                f"post|{i}|{kind}|{person.ref}",
                number,
                Period(on(start)),
                _post(kind),
                number,
            )
            for kind in kinds
        )
        yield (person, _mention(i, number)), posts
    # A tenth of all holdings are of a hundredth of the firms.
    for holder in (
        owner.ref,
        _ref(draw.randrange(i // 100 + 1) if draw.random() < 0.2 else draw.randrange(i + 1)),
    ):
        number += 1
        values = {"share": 50_000_000, "capital": draw.randrange(10**9)}
        near = _person(2 * i, key, number, mention=True) if holder == owner.ref else _mention(int(holder[2:]), number)
        ends = (near, _mention(i, number)) if holder != _ref(i) else (near,)
        yield (
            ends,
            (RelationDraft(R.HOLDS, holder, _ref(i), f"holding|{i}|{holder}", number, values=values, row=number),),
        )
    for j in range(draw.choice((0, 1, 1, 2, 3))):
        number += 1
        department = _department(draw.randrange(DEPARTMENTS), number, mention=True)
        record = _record(f"{i}-{j}", department.ref, draw, number)
        about = RelationDraft(R.ABOUT, record.ref, _ref(i), f"about|{i}-{j}", number, row=number)
        by = RelationDraft(R.ISSUED_BY, record.ref, department.ref, f"by|{i}-{j}", number, row=number)
        yield (record, _mention(i, number), department), (about, by)


def _post(kind: RelationKind) -> dict[str, Any]:
    return {"post": "DIRECTOR"} if kind is R.SERVES_AS else {}


def _ref(i: int) -> str:
    return f"e:{i}"


def _code(i: int) -> str:
    return f"91440703YY{i:07d}X"


def _firm(i: int, draw: random.Random, number: int) -> NodeDraft:
    founded = FIRST_DAY + timedelta(days=draw.randrange(5000))
    values: dict[str, Any] = {
        "name": f"江门市第{i}贸易有限公司",
        "status": "IN_OPERATION",
        "region": "440703",
        "established": founded.isoformat(),
        "address": f"江门市蓬江区某某路{i}号",
        "form": "LIMITED_LIABILITY",
        "registeredCapital": draw.randrange(10**9),
        "industry": "5190",
    }
    versions = [VersionDraft(values)]
    if draw.random() < 0.1:
        renamed = on(founded + timedelta(days=1000))
        versions = [
            VersionDraft({**values, "name": f"江门市旧{i}有限公司"}, Period(None, renamed)),
            VersionDraft(values, Period(renamed)),
        ]
    claims = [Claim(S.USCC, _code(i))]
    if i % 2:
        claims.append(Claim(S.REGISTRATION_NUMBER, f"4407030{i:08d}"))
    return NodeDraft(_ref(i), "ENTERPRISE", tuple(claims), tuple(versions), number, number)


def _mention(i: int, number: int) -> NodeDraft:
    values = {"name": f"江门市第{i}贸易有限公司"}
    claims = (Claim(S.USCC, _code(i)),)
    return NodeDraft(_ref(i), "ENTERPRISE", claims, (VersionDraft(values),), number, number, mention=True)


def _person(i: int, key: bytes, number: int, *, mention: bool = False) -> NodeDraft:
    hashed = hmac.new(key, f"person {i}".encode(), hashlib.sha256).hexdigest()
    claim = Claim(S.RESIDENT_ID, hashed, masked="440785********0010")
    values = {"name": f"李某{i % 997}", "adultOn": "1923-01-01"}
    return NodeDraft(f"p:{i}", "PERSON", (claim,), (VersionDraft(values),), number, number, mention=mention)


def _department(i: int, number: int, *, mention: bool) -> NodeDraft:
    claim = Claim(S.USCC, f"11440703YY{i:07d}X")
    values = {"name": f"江门市第{i}局", "region": "440700"}
    return NodeDraft(
        f"d:{i}", "GOVERNMENT_BODY", (claim,), (VersionDraft(values),), number, number, department=True, mention=mention
    )


def _record(name: str, department: str, draw: random.Random, number: int) -> NodeDraft:
    day = FIRST_DAY + timedelta(days=draw.randrange(7000))
    document = f"江市监〔{day.year}〕{name}号"
    values: dict[str, Any] = {"documentNumber": document, "decidedOn": day.isoformat(), "state": "ACTIVE"}
    kind = draw.choice(("PENALTY", "PERMIT"))
    if kind == "PENALTY":
        values |= {
            "types": ("FINE",),
            "fine": draw.randrange(10**7),
            "facts": "未按规定公示" * 5,
            "content": "罚款" * 5,
        }
    else:
        values |= {"from": day.isoformat(), "to": date(day.year + 3, 1, 1).isoformat(), "content": "许可经营" * 5}
    claim = Claim(S.OTHER, document, issuer=f"{kind} {department}", lookup=False)
    return NodeDraft(f"r:{name}", kind, (claim,), (VersionDraft(values),), number, number)
