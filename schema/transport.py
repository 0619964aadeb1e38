"""GraphQL over HTTP (`api.md` 6): one request, one question, one answer with the status and headers it deserves.

It must not know how a question is answered; what it does not expect is logged under an error id and masked.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from graph.codes import Role
from graph.errors import Forbidden, GraphError, Invalid, NotFound, Unavailable
from graph.tracing import failed, served
from schema.admission import Admission, Arriving
from schema.errors import masked, refusal
from schema.metrics import Metrics
from schema.operation import ExecutionAnswer, World, execute
from schema.questions import (
    GRAPHQL,
    HTML,
    JSON,
    Question,
    Refusal,
    check_content_type,
    check_reads,
    from_body,
    from_url,
    negotiated,
)
from schema.reader import Reader
from schema.replies import knows, linger, refused, reply, tag_of, unchanged, written
from schema.tokens import Tokens
from schema.trusted import HASH, NONE, Trusted, apollo_id, hash_of
from schema.watching import while_awaited

METHODS: Final = "GET, POST"
BODY_SECONDS: Final = 10.0
WORKER: Final = secrets.token_hex(4)
NUMBERS: Final = count(secrets.randbits(24))  # nobody has to guess them; asking the kernel for each took 15 µs
REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
UNREAD: Final = (413, 503)  # said before the client has sent everything
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
class Policy:
    """What a deployment allows: any document by GET or trusted ones only, and to the public trusted ones only."""

    get_any: bool = True
    public_any: bool = True
    body_bytes: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Transport:
    """The ASGI application of `/graphql`. `world` raises Unavailable until the graph is open; no `page`, no IDE."""

    world: Callable[[], World]
    tokens: Tokens
    metrics: Metrics
    page: Path | None
    policy: Policy = Policy()
    trusted: Trusted = NONE
    admission: Admission = field(default_factory=lambda: Admission(32, 64))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        request_id = _request_id(request)
        began = time.perf_counter()
        self.metrics.running.inc()
        try:
            with served(f"{request.method} /graphql", request.headers) as span:
                span.set_attribute("http.request.id", request_id)
                response = await self._response(request)
                span.set_attribute("http.response.status_code", response.status_code)
                if response.status_code >= 500:
                    failed(span, str(response.status_code))
        except ClientDisconnect:
            self.metrics.left.inc()
            return
        finally:
            self.metrics.running.dec()
        response.headers["X-Request-Id"] = request_id
        if not isinstance(response, FileResponse):
            self.metrics.requests.labels(str(response.status_code)).inc()
            self.metrics.seconds.observe(time.perf_counter() - began)
        if response.status_code in UNREAD and response.headers.get("connection") == "close":
            await linger(request)
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        media = JSON
        try:
            media = negotiated(request.headers.get("accept"), page=request.method == "GET" and self.page is not None)
            if media == HTML and self.page is not None:
                return FileResponse(self.page, headers={**PAGE_HEADERS, "Vary": "Accept", "Cache-Control": "no-cache"})
            self.admission.check()  # before a body is read: a full house costs us nothing
            with self.admission.arriving() as arriving:
                question = await self._question(request, arriving)
                given = request.headers
                reader = await self.tokens.reader(given.get("authorization"), given.get("x-purpose"))
                async with self.admission.turn(), while_awaited(request.receive):
                    return await self._answered(request, question, reader, media)
        except Refusal as refusing:
            self.metrics.errors.labels(refusing.code).inc()
            return refused(refusing.body(), refusing.status, media, refusing.headers)
        except GraphError as error:
            return self._refused(error, media)
        except ClientDisconnect:
            raise
        except asyncio.CancelledError:  # a stopping server has waited long enough
            return self._refused(Unavailable("服务正在停止,请重试 · the server is stopping, ask again"), media)
        except Exception as error:
            extensions, message = masked(error)
            self.metrics.errors.labels("INTERNAL").inc()
            return refused({"errors": [{"message": message, "extensions": extensions}]}, 500, media)

    async def _question(self, request: Request, arriving: Arriving) -> Question:
        if request.method == "GET":
            return from_url(request.query_params, request.headers)
        if request.method != "POST":
            raise Refusal(405, "BAD_USER_INPUT", f"只接受 · only {METHODS}", headers={"Allow": METHODS})
        check_content_type(request.headers)
        return from_body(await self._body(request, arriving))

    async def _body(self, request: Request, arriving: Arriving) -> bytes:
        """At most `body_bytes`, whatever the client says about its length, and what all bodies may hold together."""
        told = request.headers.get("content-length", "")
        if told.isdigit() and (len(told) > 12 or int(told) > self.policy.body_bytes):
            raise self._too_large()
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                async for part in request.stream():
                    body += part
                    if len(body) > self.policy.body_bytes:
                        raise self._too_large()
                    arriving.more(len(part))
        except Unavailable as error:
            raise Refusal(503, error.code, error.message, headers={"Connection": "close"}) from None
        except TimeoutError:
            raise Refusal(
                408,
                "BAD_USER_INPUT",
                "请求体未及时到达 · the body did not arrive in time",
                headers={"Connection": "close"},
            ) from None
        return bytes(body)

    def _too_large(self) -> Refusal:
        most = self.policy.body_bytes
        return Refusal(
            413,
            "LIMIT_EXCEEDED",
            f"body: 至多 {most} 字节 · at most {most} bytes",
            argument="body",
            headers={"Connection": "close"},
        )

    def _document(self, question: Question, reader: Reader, *, get: bool) -> str:
        """The text that is asked: as given where that is allowed, else one the operator trusts."""
        document, identity = question.document, question.document_id
        if identity is None and (hashed := apollo_id(question.extensions)) is not None:
            if document is not None and hash_of(document) != hashed:
                raise Invalid("persistedQuery: 哈希不符 · the hash is not of this query", argument="extensions")
            # Apollo's words: its client then sends the whole text.
            found = self.trusted.find(hashed) or self.trusted.find(f"{HASH}{hashed}")
            if document is None and found is None:
                raise NotFound("PersistedQueryNotFound")
            document = document or found
        elif identity is not None:
            document = self.trusted.find(identity)
            if document is None:
                raise NotFound("documentId: 未知的文档 · no such document", argument="documentId")
        assert document is not None  # noqa: S101 - a question has one of the three
        if not self.trusted.holds(document):
            if get and not self.policy.get_any:
                raise Forbidden("GET 只接受受信文档 · by GET trusted documents only", argument="documentId")
            if reader.role is Role.PUBLIC and not self.policy.public_any:
                raise Forbidden("公众只可用受信文档 · the public asks trusted documents only", argument="documentId")
        if get:
            check_reads(document, question.operation_name)
        return document

    async def _answered(self, request: Request, question: Question, reader: Reader, media: str) -> Response:
        world = self.world()
        get = request.method == "GET"
        try:
            document = self._document(question, reader, get=get)
        except GraphError as error:
            answer = ExecutionAnswer({"errors": [refusal(error)]}, had_request_error=True)
        else:
            cost = question.extensions.get("cost") is True
            answer = await execute(world, reader, document, question.variables, question.operation_name, show_cost=cost)
        self._count(answer, reader.role)
        status = 200
        codes = [each["extensions"]["code"] for each in answer.body.get("errors", ())]
        if answer.had_request_error:
            status = next((STATUSES[code] for code in codes if code in STATUSES), 400 if media == GRAPHQL else 200)
        content, data = written(answer)
        limit = world.limits_of(reader.role).answer_bytes
        if len(content) > limit:
            raise Refusal(
                400 if media == GRAPHQL else 200,
                "LIMIT_EXCEEDED",
                f"answerBytes: 响应超过 {limit} 字节,请分页 · the answer has more than {limit} bytes, ask for less",
                argument="answerBytes",
            )
        # A personal answer is the asker's alone, an audited one nobody keeps: reading it again is another reading.
        headers = {"Cache-Control": "no-store" if codes or answer.audited else "private, no-cache"}
        if get and not codes and not answer.audited:
            headers["ETag"] = tag_of(answer, data, reader, media)
            if knows(request, headers["ETag"]):
                return unchanged(headers["ETag"])
        return reply(content, status, media, headers)

    def _count(self, answer: ExecutionAnswer, role: Role) -> None:
        self.metrics.operations.labels(role.value).inc()
        for each in answer.body.get("errors", ()):
            self.metrics.errors.labels(each["extensions"]["code"]).inc()
        if answer.audited:
            self.metrics.audited.inc()
        if answer.version is not None:
            self.metrics.version.set(answer.version)

    def _refused(self, error: GraphError, media: str) -> Response:
        """Before the operation: who asks cannot be told, the graph is not there, or there is no turn."""
        self.metrics.errors.labels(error.code).inc()
        status = STATUSES.get(error.code, 400)
        headers = {}
        if status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="creditgraph", error="invalid_token"'
        return refused({"errors": [refusal(error)]}, status, media, headers)


def _request_id(request: Request) -> str:
    """The client's, when it is a plain word; else a new one. It stands in the answer for whoever reports a fault."""
    given = request.headers.get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else f"{WORKER}{next(NUMBERS):08x}"
