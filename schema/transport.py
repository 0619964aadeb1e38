"""GraphQL over HTTP (`api.md` 6): one request, one question, one answer with the status and headers it deserves.

It must not know how a question is answered; what it does not expect is logged under an error id and masked.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from graph.codes import Role
from graph.errors import GraphError
from schema.errors import masked, refusal
from schema.metrics import Metrics
from schema.operation import ExecutionAnswer, World, execute
from schema.questions import GRAPHQL, HTML, JSON, Question, Refusal, check_content_type, from_body, from_url, negotiated
from schema.reader import Reader
from schema.tokens import Tokens

METHODS: Final = "GET, POST"
BODY_SECONDS: Final = 10.0
REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
STATUSES: Final = {"UNAUTHENTICATED": 401, "UNAVAILABLE": 503, "TIMEOUT": 503, "INTERNAL": 500}
# A page of ours runs its own files only and talks to its own server only: no other host is ever asked.
PAGE_POLICY: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE_HEADERS: Final = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, slots=True)
class Transport:
    """The ASGI application of `/graphql`. `world` raises Unavailable until the graph is open."""

    world: Callable[[], World]
    tokens: Tokens
    metrics: Metrics
    page: Path
    body_bytes: int = 1_000_000

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        began = time.perf_counter()
        self.metrics.running.inc()
        try:
            response = await self._response(request)
        except ClientDisconnect:
            return
        finally:
            self.metrics.running.dec()
        response.headers["X-Request-Id"] = _request_id(request)
        if not isinstance(response, FileResponse):
            self.metrics.requests.labels(str(response.status_code)).inc()
            self.metrics.seconds.observe(time.perf_counter() - began)
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        media = JSON
        try:
            media = negotiated(request.headers.get("accept"), page=request.method == "GET")
            if media == HTML:
                return FileResponse(self.page, headers={**PAGE_HEADERS, "Vary": "Accept", "Cache-Control": "no-cache"})
            question = await self._question(request)
            reader = await self.tokens.reader(request.headers.get("authorization"), request.headers.get("x-purpose"))
            return await self._answered(question, reader, media)
        except Refusal as refused:
            self.metrics.errors.labels(refused.code).inc()
            return _json(refused.body(), refused.status, media, refused.headers)
        except GraphError as error:
            return self._refused(error, media)
        except ClientDisconnect:
            raise
        except Exception as error:
            extensions, message = masked(error)
            self.metrics.errors.labels("INTERNAL").inc()
            return _json({"errors": [{"message": message, "extensions": extensions}]}, 500, media)

    async def _question(self, request: Request) -> Question:
        if request.method == "GET":
            return from_url(request.query_params, request.headers)
        if request.method != "POST":
            raise Refusal(405, "BAD_USER_INPUT", f"只接受 · only {METHODS}", headers={"Allow": METHODS})
        check_content_type(request.headers)
        return from_body(await self._body(request))

    async def _body(self, request: Request) -> bytes:
        """At most `body_bytes`, whatever the client says about its length."""
        told = request.headers.get("content-length", "")
        if told.isdigit() and (len(told) > 12 or int(told) > self.body_bytes):
            raise self._too_large()
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                async for part in request.stream():
                    body += part
                    if len(body) > self.body_bytes:
                        raise self._too_large()
        except TimeoutError:
            raise Refusal(
                408,
                "BAD_USER_INPUT",
                "请求体未及时到达 · the body did not arrive in time",
                headers={"Connection": "close"},
            ) from None
        return bytes(body)

    def _too_large(self) -> Refusal:
        return Refusal(
            413,
            "LIMIT_EXCEEDED",
            f"body: 至多 {self.body_bytes} 字节 · at most {self.body_bytes} bytes",
            argument="body",
            headers={"Connection": "close"},
        )

    async def _answered(self, question: Question, reader: Reader, media: str) -> Response:
        world = self.world()
        answer = await execute(world, reader, question.document, question.variables, question.operation_name)
        self._count(answer, reader.role)
        status = 200
        codes = [each["extensions"]["code"] for each in answer.body.get("errors", ())]
        if answer.had_request_error:
            status = next((STATUSES[code] for code in codes if code in STATUSES), 400 if media == GRAPHQL else 200)
        # A personal answer is the asker's alone, an audited one nobody keeps: reading it again is another reading.
        kept = "no-store" if codes or answer.audited else "private, no-cache"
        content = orjson.dumps(answer.body)
        limit = world.limits_of(reader.role).answer_bytes
        if len(content) > limit:
            raise Refusal(
                400 if media == GRAPHQL else 200,
                "LIMIT_EXCEEDED",
                f"answerBytes: 响应超过 {limit} 字节,请分页 · the answer has more than {limit} bytes, ask for less",
                argument="answerBytes",
            )
        headers = {"Retry-After": "1"} if status == 503 else {}
        return _response(content, status, media, {"Cache-Control": kept, **headers})

    def _count(self, answer: ExecutionAnswer, role: Role) -> None:
        self.metrics.operations.labels(role.value).inc()
        for each in answer.body.get("errors", ()):
            self.metrics.errors.labels(each["extensions"]["code"]).inc()
        if answer.audited:
            self.metrics.audited.inc()
        if answer.version is not None:
            self.metrics.version.set(answer.version)

    def _refused(self, error: GraphError, media: str) -> Response:
        """Before the operation: who asks cannot be told, or the graph is not there."""
        self.metrics.errors.labels(error.code).inc()
        status = STATUSES.get(error.code, 400)
        headers = {}
        if status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="creditgraph", error="invalid_token"'
        if status == 503:
            headers["Retry-After"] = "1"
        return _json({"errors": [refusal(error)]}, status, media, headers)


def _json(body: dict[str, Any], status: int, media: str, headers: dict[str, str] | None = None) -> Response:
    return _response(orjson.dumps(body), status, media, {"Cache-Control": "no-store", **(headers or {})})


def _response(content: bytes, status: int, media: str, headers: dict[str, str]) -> Response:
    fixed = {
        "Content-Type": f"{GRAPHQL if media == GRAPHQL else JSON}; charset=utf-8",
        "Vary": "Authorization, Accept",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, status, {**fixed, **headers})


def _request_id(request: Request) -> str:
    """The client's, when it is a plain word; else a new one. It stands in the answer for whoever reports a fault."""
    given = request.headers.get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
