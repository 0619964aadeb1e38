"""The bid check as a workbook: the question of the page, asked as the same reader, its answer in cells.

It must not know how bidders are compared; whatever a cell holds is text, so that no name is ever run as a formula.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import orjson
import xlsxwriter
from starlette.requests import Request
from starlette.responses import Response

from graph.codes import Certainty
from graph.errors import Invalid
from graph.words import words
from schema.admission import Arriving
from schema.operation import ExecutionAnswer, execute
from schema.questions import Question, Refusal, check_content_type
from schema.reader import Reader
from schema.replies import refused
from schema.transport import STATUSES, Transport

MEDIA: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL: Final = 32_000  # characters a cell holds
WIDTHS: Final = (44, 34, 14, 44, 70, 16)
DOCUMENT: Final = """query BidWorkbook($bidders: [ID!]!, $texts: [String!]!, $asOf: Date, $lang: Language!) {
  resolve(texts: $texts, asOf: $asOf) { matched { id name identifiers(asOf: $asOf) { value } } }
  bidConflicts(bidders: $bidders, asOf: $asOf) {
    certainty
    rule { id part version title(lang: $lang) basis { document article } }
    bidders { name }
    path { proves(lang: $lang) provenance { source } }
  }
}"""
# Chinese, English: heads of the two sheets, and what stands above them.
TOGETHER: Final = ("互有关联的投标人", "Bidders that belong together")
ASKED: Final = ("核查的投标人", "Bidders that were checked")
HEADS: Final = (
    ("投标人", "Bidders"),
    ("规则", "Rule"),
    ("确定程度", "Certainty"),
    ("依据", "Basis"),
    ("路径", "Path"),
    ("来源", "Source"),
)
ASKED_HEADS: Final = (("名称", "Name"), ("号码", "Number"), ("标识", "Id"))
DAY: Final = ("法律日期", "As of")
KNOWN: Final = ("数据时点", "Known at")
CUT: Final = ("已达上限,未全部列出", "Cut at its limit")
NOTE: Final = ("未列出不等于没有关联。", "What is not listed is not therefore unrelated.")


@dataclass(frozen=True, slots=True)
class BidWorkbook(Transport):
    """`POST /bids.xlsx` with `{bidders, asOf, lang}`: who asks, the limits and the refusals are those of `/graphql`."""

    async def _question(self, request: Request, arriving: Arriving) -> Question:
        if request.method != "POST":
            raise Refusal(405, "BAD_USER_INPUT", "只接受 · only POST", headers={"Allow": "POST"})
        check_content_type(request.headers)
        try:
            given = orjson.loads(await self._body(request, arriving))
        except orjson.JSONDecodeError:
            given = None
        if not isinstance(given, dict):
            raise Refusal(400, "BAD_USER_INPUT", "body: {bidders, asOf, lang}", argument="body")
        return Question(DOCUMENT, variables={"lang": "ZH", **given, "texts": given.get("bidders")})

    async def _answered(self, request: Request, question: Question, reader: Reader, media: str) -> Response:
        answer = await execute(self.world(), reader, DOCUMENT, question.variables)
        self._count(answer, reader.role)
        data = data_of(answer)
        if data.get("bidConflicts") is None or answer.body.get("errors"):  # half an answer would look like a whole one
            errors = answer.body.get("errors") or [{"message": "bidders", "extensions": {"code": Invalid.code}}]
            codes = [each["extensions"]["code"] for each in errors]
            return refused({"errors": errors}, next((STATUSES[code] for code in codes if code in STATUSES), 400), media)
        english = (question.variables or {}).get("lang") == "EN"
        content = await asyncio.to_thread(written, data, answer.body["extensions"], question.variables or {}, english)
        headers = {"Content-Disposition": 'attachment; filename="bidders.xlsx"', "Cache-Control": "no-store"}
        return Response(content, media_type=MEDIA, headers={**headers, "X-Content-Type-Options": "nosniff"})


def data_of(answer: ExecutionAnswer) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (
        orjson.loads(answer.written) if answer.written is not None else answer.body.get("data") or {}
    )
    return found


def written(data: Mapping[str, Any], told: Mapping[str, Any], asked: Mapping[str, Any], english: bool) -> bytes:
    """Two sheets: which bidders belong together and why, and which were checked."""
    output = BytesIO()
    above = [
        [DAY[english], str(asked.get("asOf") or told["asOf"])],
        [KNOWN[english], str(told["knownAt"])],
        [NOTE[english]],
        *([f"{CUT[english]}: {each['field']}", str(each["most"])] for each in told.get("cut", ())),
    ]
    with xlsxwriter.Workbook(output, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        for title, heads, rows in (
            (TOGETHER, HEADS, conflicts_of(data["bidConflicts"], english)),
            (ASKED, ASKED_HEADS, bidders_of(data["resolve"] or ())),
        ):
            sheet = book.add_worksheet(title[english])
            for column, width in enumerate(WIDTHS[: len(heads)]):
                sheet.set_column(column, column, width)
            lines = [*above, [head[english] for head in heads], *rows]
            for number, line in enumerate(lines):
                for column, text in enumerate(line):
                    # Never `write`: it would take a name that begins with «=» for a formula, one with «://» for a link.
                    shown = text if len(text) <= CELL else f"{text[:CELL]}…"
                    sheet.write_string(number, column, shown, bold if number == len(above) else plain)
            sheet.freeze_panes(len(above) + 1, 0)
    return output.getvalue()


def conflicts_of(conflicts: Sequence[Mapping[str, Any]], english: bool) -> list[list[str]]:
    return [
        [
            "; ".join(bidder["name"] for bidder in each["bidders"]),
            rule_of(each["rule"]),
            words(Certainty(each["certainty"]))[english],
            "; ".join(f"《{basis['document']}》 {basis['article'] or ''}".strip() for basis in each["rule"]["basis"]),
            "; ".join(step["proves"] for step in each["path"]),
            "; ".join(dict.fromkeys(step["provenance"]["source"] for step in each["path"])),
        ]
        for each in conflicts
    ]


def rule_of(rule: Mapping[str, Any]) -> str:
    part = f" {rule['part']}" if rule["part"] else ""
    return f"{rule['id']}{part} · {rule['title']} ({rule['version']})"


def bidders_of(resolved: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    return [
        [found["name"], "; ".join(number["value"] for number in found["identifiers"]), found["id"]]
        for each in resolved
        for found in each["matched"]
    ]
