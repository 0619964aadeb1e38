"""Answers as bytes with their headers: media type, what caches may keep, and the tag by which an answer is known again.

It must not know how an answer came about.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Any, Final

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from graph.tracing import span
from schema.operation import ExecutionAnswer
from schema.questions import GRAPHQL, JSON
from schema.reader import Reader

RETRY_SECONDS: Final = "1"
TAG_BYTES: Final = 16
LINGER_SECONDS: Final = 2.0
LINGER_BYTES: Final = 64_000_000
NOT_TAGGED: Final = frozenset({"knownAt"})  # the instant of reading: what was read is the same a second later


def refused(body: Mapping[str, Any], status: int, media: str, headers: Mapping[str, str] | None = None) -> Response:
    """An answer that is nothing but errors: nobody keeps it."""
    return reply(orjson.dumps(body), status, media, {"Cache-Control": "no-store", **(headers or {})})


def reply(content: bytes, status: int, media: str, headers: Mapping[str, str]) -> Response:
    fixed = {
        "Content-Type": f"{GRAPHQL if media == GRAPHQL else JSON}; charset=utf-8",
        "Vary": "Authorization, Accept",
        "X-Content-Type-Options": "nosniff",
    }
    if status == 503:
        fixed["Retry-After"] = RETRY_SECONDS
    return Response(content, status, {**fixed, **headers})


def unchanged(tag: str) -> Response:
    return Response(
        status_code=304, headers={"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Accept"}
    )


def written(answer: ExecutionAnswer) -> tuple[bytes, bytes]:
    """The body of an answer, and `data` in it as it was written: by the plan, or here."""
    with span("serialise"):
        body = answer.body
        if answer.written is None and "data" not in body:
            return orjson.dumps(body), b""
        data = answer.written if answer.written is not None else orjson.dumps(body["data"])
        rest = orjson.dumps({key: value for key, value in body.items() if key != "data"})
        return b"".join((b'{"data":', data, b"," if len(rest) > 2 else b"", rest[1:])), data


def tag_of(answer: ExecutionAnswer, data: bytes, reader: Reader, media: str) -> str:
    """Weak: the same reader would read the same of the same version on the same day, whatever the compression."""
    told = {key: value for key, value in answer.body.get("extensions", {}).items() if key not in NOT_TAGGED}
    claims = (reader.role.value, reader.department, reader.region, reader.subject, media)
    digest = hashlib.blake2b(data, digest_size=TAG_BYTES)
    digest.update(orjson.dumps((claims, answer.version, told)))
    return f'W/"{digest.hexdigest()}"'


def knows(request: Request, tag: str) -> bool:
    """Whether the client has this answer (If-None-Match, compared weakly)."""
    given = request.headers.get("if-none-match", "")
    return given.strip() == "*" or tag.removeprefix("W/") in {
        each.strip().removeprefix("W/") for each in given.split(",")
    }


async def linger(request: Request) -> None:
    """Take what a client is still sending, so that it reads our answer instead of a broken connection; bounded."""
    if "expect" in request.headers:
        return  # it waits for our leave to send
    taken = 0
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            async for part in request.stream():
                taken += len(part)
                if taken > LINGER_BYTES:
                    return
    except (TimeoutError, ClientDisconnect):
        return
