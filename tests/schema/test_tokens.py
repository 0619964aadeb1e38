"""A token proves a role or nothing: pinned algorithms, our issuer and audience, an end, a role we know."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from graph.codes import Role
from graph.errors import GraphError, Invalid, Unauthenticated
from schema.reader import PUBLIC, Reader
from schema.tokens import Claims, Tokens, development_reader, development_secret, sign

SECRET = b"a secret of the tests, long enough for HS256"
TOKENS = Tokens(secret=SECRET)


def claims(**changed: Any) -> dict[str, Any]:
    end = datetime.now(UTC) + timedelta(hours=1)
    return {"role": "GOVERNMENT", "exp": end, "iss": "creditgraph", "aud": "creditgraph"} | changed


def made(payload: dict[str, Any], key: bytes | None = SECRET, algorithm: str = "HS256") -> str:
    return "Bearer " + jwt.encode({name: value for name, value in payload.items() if value is not None}, key, algorithm)  # type: ignore[arg-type]  # "none" wants no key


@pytest.mark.anyio
async def test_no_token_is_the_public() -> None:
    assert await TOKENS.reader(None, None) == PUBLIC


@pytest.mark.anyio
async def test_a_signed_token_says_who_reads_and_why() -> None:
    told: dict[str, Any] = {"department": "world:demo:samr", "region": "440700", "purpose": "核查", "ground": "法"}
    reader = Reader(role=Role.GOVERNMENT, **told)
    token = sign(SECRET, reader, lifetime=timedelta(hours=1))
    found = await TOKENS.reader(f"Bearer {token}", None)
    assert (found.role, found.department, found.region, found.purpose, found.ground) == (
        Role.GOVERNMENT,
        *told.values(),
    )
    assert found.expires_at is not None


@pytest.mark.parametrize(
    "authorization",
    [
        made(claims(role="EMPEROR")),
        made(claims(role=None)),
        made(claims(role=7)),
        made(claims(exp=None)),
        made(claims(exp=datetime.now(UTC) - timedelta(minutes=1))),
        made(claims(iss="somebody")),
        made(claims(aud="somebody")),
        made(claims(), key=b"another secret, also long enough for it"),
        made(claims(), algorithm="HS512", key=SECRET * 2),
        made(claims(), algorithm="none", key=None),
        made(claims(department=["a"])),
        "Bearer ",
        "Bearer a.b.c",
        "Token x",
        "Bearer " + "x" * 10_000,
    ],
)
@pytest.mark.anyio
async def test_what_proves_nothing_is_refused_and_never_the_public(authorization: str) -> None:
    with pytest.raises(Unauthenticated):
        await TOKENS.reader(authorization, None)


@pytest.mark.anyio
async def test_a_header_may_state_another_purpose() -> None:
    token = sign(SECRET, development_reader(Role.GOVERNMENT), lifetime=timedelta(hours=1))
    found = await TOKENS.reader(f"Bearer {token}", "licence; article 34")
    assert (found.purpose, found.ground) == ("licence", "article 34")
    with pytest.raises(Invalid):
        await TOKENS.reader(f"Bearer {token}", "  ; ")


@pytest.mark.anyio
async def test_another_issuer_is_a_setting() -> None:
    told = Claims("jiangmen", "credit")
    token = sign(SECRET, development_reader(Role.AUDITOR), lifetime=timedelta(hours=1), claims=told)
    assert (await Tokens(secret=SECRET, claims=told).reader(f"Bearer {token}", None)).role is Role.AUDITOR
    with pytest.raises(Unauthenticated):
        await TOKENS.reader(f"Bearer {token}", None)


def test_the_development_secret_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    first = development_secret(tmp_path)
    assert (len(first), development_secret(tmp_path)) == (32, first)
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    os.chmod(file, 0o644)
    with pytest.raises(GraphError):
        development_secret(tmp_path)
