"""Signed tokens: who a request comes from, proved by a shared secret or by the keys of an issuer (JWKS).

It must not know transports nor what a role may see; what cannot be proved is refused, nobody becomes PUBLIC by error.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote_to_bytes

import jwt
from jwt import PyJWKClient

from graph.codes import Role
from graph.errors import Invalid, Unauthenticated, Unavailable
from graph.periods import SHANGHAI
from graph.store.keys import load_key
from schema.reader import PUBLIC, Reader

SHARED_SECRET: Final = ("HS256",)
PUBLIC_KEYS: Final = ("RS256", "ES256")
CLAIMS: Final = ("department", "region", "subject", "purpose", "ground")
LONGEST_TOKEN: Final = 8_000  # characters
LONGEST_CLAIM: Final = 200
LEEWAY_SECONDS: Final = 10
JWKS_SECONDS: Final = 3
SECRET_FILE: Final = "token.secret"  # noqa: S105 - the name of a file
SECRET_BYTES: Final = 32
DEVELOPMENT_PURPOSE: Final = "开发测试"
DEVELOPMENT_GROUND: Final = "本机开发令牌"


@dataclass(frozen=True, slots=True)
class Claims:
    """What every token must say: from whom, for whom."""

    issuer: str = "creditgraph"
    audience: str = "creditgraph"


class Tokens:
    """The verifier of one deployment. `secret` and `jwks` may both be given; algorithms are pinned to the key."""

    def __init__(self, *, secret: bytes | None = None, jwks: str | None = None, claims: Claims = Claims()) -> None:
        self.claims = claims
        self._secret = secret
        self._keys = PyJWKClient(jwks, cache_keys=True, lifespan=300, timeout=JWKS_SECONDS) if jwks else None

    async def reader(self, authorization: str | None, purpose: str | None) -> Reader:
        """The reader of a request by its Authorization and X-Purpose headers; no token is PUBLIC.

        Raises Unauthenticated, Invalid for a purpose that cannot be read, Unavailable while the issuer is away.
        """
        if authorization is None:
            return PUBLIC
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated("需要 Bearer 令牌 · a Bearer token is needed", argument="Authorization")
        reader = reader_of(await self._verified(token.strip()))
        return reader if purpose is None or reader.role is Role.PUBLIC else stating(reader, purpose)

    async def _verified(self, token: str) -> Mapping[str, Any]:
        if len(token) > LONGEST_TOKEN:
            raise _refused("过长", "too long")
        try:
            algorithm = jwt.get_unverified_header(token).get("alg")
            if algorithm in SHARED_SECRET and self._secret is not None:
                return self._decoded(token, self._secret, SHARED_SECRET)
            if algorithm in PUBLIC_KEYS and self._keys is not None:
                key = await asyncio.to_thread(self._keys.get_signing_key_from_jwt, token)
                return self._decoded(token, key.key, PUBLIC_KEYS)
        except jwt.PyJWKClientConnectionError:
            raise Unavailable("令牌签发方暂不可达 · the issuer of the tokens cannot be reached") from None
        except jwt.ExpiredSignatureError:
            raise _refused("已过期", "it has expired") from None
        except jwt.PyJWTError:
            raise _refused("无效", "it is not valid") from None
        raise _refused("算法不被接受", "its algorithm is not accepted")

    def _decoded(self, token: str, key: Any, algorithms: tuple[str, ...]) -> Mapping[str, Any]:
        decoded: Mapping[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(algorithms),
            issuer=self.claims.issuer,
            audience=self.claims.audience,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud", "role"]},
        )
        return decoded


def reader_of(claims: Mapping[str, Any]) -> Reader:
    """The reader verified claims speak of; Unauthenticated for an unknown role or a claim that is no text."""
    role = claims.get("role")
    if not isinstance(role, str) or role not in Role.__members__:
        raise _refused("角色未知", "its role is unknown")
    told: dict[str, str | None] = {}
    for name in CLAIMS:
        value = claims.get(name)
        if value is not None and not (isinstance(value, str) and len(value) <= LONGEST_CLAIM):
            raise _refused(f"{name} 无法读取", f"its claim {name} cannot be read")
        told[name] = value or None
    try:
        expires_at = datetime.fromtimestamp(int(claims["exp"]), SHANGHAI)
    except (ValueError, OverflowError, OSError):
        raise _refused("exp 无法读取", "its claim exp cannot be read") from None
    return Reader(
        role=Role[role],
        department=told["department"],
        region=told["region"],
        subject=told["subject"],
        purpose=told["purpose"],
        ground=told["ground"],
        expires_at=expires_at,
    )


def stating(reader: Reader, header: str) -> Reader:
    """The reader with the purpose of an X-Purpose header: `purpose; ground`, UTF-8 or percent-encoded.

    Without `; ground` the ground of the token stays.
    """
    try:
        text = unquote_to_bytes(header.encode("latin-1")).decode("utf-8")
    except UnicodeError:
        text = ""
    purpose, _, ground = (part.strip() for part in text.replace("；", ";").partition(";"))
    if not purpose or not text.isprintable() or max(len(purpose), len(ground)) > LONGEST_CLAIM:
        raise Invalid(
            "X-Purpose: 写作“用途; 依据” · write 'purpose; ground', UTF-8 or percent-encoded", argument="X-Purpose"
        )
    return replace(reader, purpose=purpose, ground=ground or reader.ground)


def sign(
    secret: bytes,
    reader: Reader,
    *,
    lifetime: timedelta,
    claims: Claims = Claims(),
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> str:
    """A token of the shared secret for `reader`; what it does not say is left out."""
    issued = now()
    told = {name: getattr(reader, name) for name in CLAIMS if getattr(reader, name) is not None}
    payload = {"role": reader.role.value, **told, "iat": issued, "exp": issued + lifetime}
    return jwt.encode({**payload, "iss": claims.issuer, "aud": claims.audience}, secret, algorithm=SHARED_SECRET[0])


def development_reader(role: Role, told: Mapping[str, str | None] | None = None) -> Reader:
    """A reader for `sign`; whoever reads personal data needs a purpose and a ground, so development ones are stated."""
    reader = Reader(role=role)
    if role is not Role.PUBLIC:
        reader = replace(reader, purpose=DEVELOPMENT_PURPOSE, ground=DEVELOPMENT_GROUND)
    given: dict[str, Any] = {name: value for name, value in (told or {}).items() if value is not None}
    return replace(reader, **given)


def development_secret(home: Path) -> bytes:
    """The secret of `token.secret` in the home; Unavailable when the file is damaged or readable by others."""
    return load_key(home / SECRET_FILE, SECRET_BYTES, "删除后会重新生成 / delete it, a new one is made")


def _refused(zh: str, en: str) -> Unauthenticated:
    return Unauthenticated(f"令牌{zh} · the token is refused: {en}", argument="Authorization")
