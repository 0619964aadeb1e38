"""Reads an HTTP request into one question, by GraphQL over HTTP and `api.md` 6; whatever is not one is refused by name.

It must not run anything nor know who asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
from graphql import GraphQLError, OperationType, get_operation_ast, parse
from starlette.datastructures import Headers, QueryParams

GRAPHQL: Final = "application/graphql-response+json"
JSON: Final = "application/json"
HTML: Final = "text/html"
# A page of another site can send none of these without asking the browser's leave first (CORS preflight), so that it
# cannot make a reader's browser ask in the reader's name.
NOT_SIMPLE: Final = ("authorization", "graphql-require-preflight", "apollo-require-preflight", "x-requested-with")
PARAMETERS: Final = ("query", "documentId", "variables", "operationName", "extensions")
NESTED: Final = 64  # lists and objects within one another in a body: what any input of ours needs is a tenth


class Refusal(Exception):
    """An answer of the transport itself; `argument` names what is at fault."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        argument: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.argument = argument
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        extensions = {"code": self.code, **({"argument": self.argument} if self.argument else {})}
        return {"errors": [{"message": self.message, "extensions": extensions}]}


@dataclass(frozen=True, slots=True)
class Question:
    """`document` is a text, or None where a trusted one is asked for: by `document_id`, or by Apollo's extension."""

    document: str | None
    document_id: str | None = None
    variables: Mapping[str, Any] | None = None
    operation_name: str | None = None
    extensions: Mapping[str, Any] = field(default_factory=dict)


def negotiated(accept: str | None, *, page: bool) -> str:
    """The media type of the answer: the first of the highest quality; HTML where there is a page for people.

    A reader that names no type gets `application/json`. Raises Refusal 406 when nothing fits.
    """
    if accept is None or not accept.strip():
        return JSON
    best: tuple[float, str] | None = None
    for item in accept.split(","):
        media, *parameters = (part.strip().lower() for part in item.split(";"))
        found = {GRAPHQL: GRAPHQL, JSON: JSON, HTML: HTML if page else None, "*/*": JSON, "application/*": JSON}
        kind = found.get(media)
        charset = next((each.partition("=")[2].strip('"') for each in parameters if each.startswith("charset=")), "")
        quality = _quality(parameters)
        if kind is None or charset not in ("", "utf-8", "utf8") or quality <= 0:
            continue
        if best is None or quality > best[0]:
            best = (quality, kind)
    if best is None:
        raise Refusal(406, "BAD_USER_INPUT", f"Accept: {GRAPHQL}, {JSON}", argument="Accept")
    return best[1]


def _quality(parameters: list[str]) -> float:
    for each in parameters:
        if each.startswith("q="):
            try:
                return float(each[2:])
            except ValueError:
                return 0.0
    return 1.0


def check_content_type(headers: Headers) -> None:
    """POST is JSON in UTF-8, not compressed; that no other site's form can send it is part of the reason."""
    media, *parameters = (part.strip().lower() for part in headers.get("content-type", "").split(";"))
    charset = next((each.partition("=")[2].strip('"') for each in parameters if each.startswith("charset=")), "utf-8")
    if media != JSON or charset not in ("utf-8", "utf8"):
        raise Refusal(415, "BAD_USER_INPUT", f"Content-Type: {JSON}; charset=utf-8", argument="Content-Type")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise Refusal(
            415,
            "BAD_USER_INPUT",
            "Content-Encoding: 不接受压缩 · bodies are not compressed",
            argument="Content-Encoding",
        )


def from_body(body: bytes) -> Question:
    """The question of a POST; `body` is one JSON object."""
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:  # also for bytes that are not UTF-8 and for what is nested too deep
        raise Refusal(
            400, "BAD_USER_INPUT", "请求体不是 JSON · the body is not JSON in UTF-8", argument="body"
        ) from None
    if isinstance(given, list):
        raise Refusal(400, "BAD_USER_INPUT", "不接受批量请求 · batches are not accepted", argument="body")
    if not isinstance(given, dict):
        raise Refusal(400, "BAD_USER_INPUT", "请求体应为 JSON 对象 · the body is a JSON object", argument="body")
    if body.count(b"[") + body.count(b"{") > NESTED:
        _check_nesting(given)
    return _question(given)


def from_url(parameters: QueryParams, headers: Headers) -> Question:
    """The question of a GET. Raises Refusal 400 for one that a page of another site makes a browser send."""
    given: dict[str, Any] = {}
    for name in PARAMETERS:
        values = parameters.getlist(name)
        if len(values) > 1:
            raise Refusal(400, "BAD_USER_INPUT", f"{name}: 重复 · given twice", argument=name)
        if values and values[0] != "":
            given[name] = values[0]
    for name in ("variables", "extensions"):
        if name in given:
            try:
                given[name] = orjson.loads(given[name])
            except orjson.JSONDecodeError:
                raise Refusal(400, "BAD_USER_INPUT", f"{name}: 不是 JSON · not JSON", argument=name) from None
        if name in given:
            _check_nesting(given[name])
    question = _question(given)
    if question.document is not None and _of_another_site(headers):
        raise Refusal(
            400,
            "BAD_USER_INPUT",
            "GET 需要请求头 · a GET from another site needs one of the headers GraphQL-Require-Preflight, "
            "X-Requested-With, Authorization",
            argument="GraphQL-Require-Preflight",
        )
    return question


def _of_another_site(headers: Headers) -> bool:
    """By what browsers say of a request (Fetch metadata, else Origin) that a page could have made without our leave."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() == JSON:
        return False
    if any(each in headers for each in NOT_SIMPLE):
        return False
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] not in ("same-origin", "none")
    return "origin" in headers and urlsplit(headers["origin"]).netloc != headers.get("host")


def check_reads(document: str, operation_name: str | None) -> None:
    """GET never changes anything."""
    if "mutation" not in document and "subscription" not in document:
        return
    try:
        parsed = parse(document, max_tokens=10_000)
    except GraphQLError:
        return  # said by the answer
    operation = get_operation_ast(parsed, operation_name)
    if operation is not None and operation.operation is not OperationType.QUERY:
        raise Refusal(405, "BAD_USER_INPUT", "GET 只能查询 · GET asks, it changes nothing", headers={"Allow": "POST"})


def _check_nesting(given: Any) -> None:
    """Whatever reads an input later may call itself for each level of it."""
    levels = [given] if isinstance(given, dict | list) else []
    for _ in range(NESTED):
        levels = [
            inner
            for each in levels
            for inner in (each.values() if isinstance(each, dict) else each)
            if isinstance(inner, dict | list)
        ]
        if not levels:
            return
    raise Refusal(400, "LIMIT_EXCEEDED", f"body: 至多 {NESTED} 层 · at most {NESTED} levels", argument="body")


def _question(given: dict[str, Any]) -> Question:
    document, document_id = given.get("query"), given.get("documentId")
    if not isinstance(document_id, str | None):
        raise Refusal(400, "BAD_USER_INPUT", "documentId: 应为文本 · a text", argument="documentId")
    if document is not None and document_id is not None:
        raise Refusal(400, "BAD_USER_INPUT", "query, documentId: 只能给一个 · give one of them", argument="documentId")
    extensions = given.get("extensions")
    known = document_id is not None or (isinstance(extensions, dict) and "persistedQuery" in extensions)
    if not isinstance(document, str) and not (document is None and known):
        raise Refusal(400, "BAD_USER_INPUT", "query: 应为文本 · a text is needed", argument="query")
    for name in ("variables", "extensions"):
        if not isinstance(given.get(name), dict | None):
            raise Refusal(400, "BAD_USER_INPUT", f"{name}: 应为 JSON 对象 · a JSON object", argument=name)
    operation = given.get("operationName")
    if not isinstance(operation, str | None):
        raise Refusal(400, "BAD_USER_INPUT", "operationName: 应为文本 · a text", argument="operationName")
    return Question(document, document_id, given.get("variables"), operation or None, extensions or {})
