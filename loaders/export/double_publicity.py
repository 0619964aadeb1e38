"""The export `double-publicity`: 行政处罚 and 行政许可 in the columns of 2018, as they are handed on to others.

It must not know how the graph is read. A row is written only where the columns say truly how the decision stands: one
that was revoked, repaired or suspended would come back as one in force.
"""

from __future__ import annotations

import asyncio
import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Final

from graph.changes import Value
from graph.codes import IdentifierScheme, PenaltyType, RecordKind, RecordState, SubjectKind
from graph.progress import Advance
from graph.store.exported import Bearer, Decision, Export
from loaders.catalog.reading import shipped
from loaders.double_publicity import words
from loaders.double_publicity.command import SOURCE
from loaders.export.output import guarded, opened

S: Final = IdentifierScheme
TABLES: Final = {
    RecordKind.PENALTY: ("行政处罚.csv", "penalty-2018"),
    RecordKind.PERMIT: ("行政许可.csv", "permit-2018"),
}
OMITTED: Final = "omitted"
# What no column can say; with one of these a row would tell of a decision as if nothing had happened to it.
UNSAYABLE: Final = frozenset(
    {"revokedOn", "setAsideOn", "liftedOn", "repairedOn", "suspendedFrom", "suspendedTo", "completedOn"}
)
NUMBERS: Final = {
    S.USCC: "uscc",
    S.REGISTRATION_NUMBER: "registrationNumber",
    S.ORGANISATION_CODE: "organisationCode",
    S.TAX_NUMBER: "taxNumber",
    S.INSTITUTION_CERTIFICATE: "institutionCertificate",
    S.SOCIAL_CERTIFICATE: "socialCertificate",
}
# The first word that is read back as the kind.
TYPE_WORDS: Final[Mapping[str, str]] = {kind.value: word for word, kind in reversed(words.PENALTY_TYPES)} | {
    PenaltyType.LICENCE_REVOKED: "吊销许可证件",
    PenaltyType.LICENCE_SUSPENDED: "暂扣许可证件",
    PenaltyType.OTHER: "其他",
}
KIND_WORDS: Final[Mapping[str, str]] = {
    each.code: each.words[0] for each in shipped().enumerations["permit-kind"].words
}
LICENCE_WORDS: Final[Mapping[str, str]] = {code: word for word, code in reversed(words.LICENCES)}
DAY: Final = timedelta(days=1)
FEN_A_UNIT: Final = 1_000_000  # of 万元


async def write(export: Export, place: Path, advance: Advance) -> Mapping[str, int]:
    counts, keys = Counter[str](), {}
    with (
        opened(place / TABLES[RecordKind.PENALTY][0]) as penalties,
        opened(place / TABLES[RecordKind.PERMIT][0]) as permits,
    ):
        files = {RecordKind.PENALTY: penalties, RecordKind.PERMIT: permits}
        for kind, (_, edition) in TABLES.items():
            (layout,) = (each for each in SOURCE.layouts if each.code == edition)
            columns = [each for each in layout.columns if each.kept]
            keys[kind] = [each.key for each in columns]
            files[kind].write("\ufeff".encode())  # spreadsheets take UTF-8 for something else without it
            _put(files[kind], [[each.name for each in columns]])
        async for read, page in export.decisions(tuple(TABLES)):
            counts.update(await asyncio.to_thread(_page, page, export.day, files, keys))
            advance(read)
    return counts


def _page(
    page: Iterable[Decision],
    day: date,
    files: Mapping[RecordKind, IO[bytes]],
    keys: Mapping[RecordKind, list[str]],
) -> Counter[str]:
    counts = Counter[str]()
    rows: dict[RecordKind, list[list[str]]] = {kind: [] for kind in files}
    for decision in page:
        kind, values = RecordKind(decision.node.kind), decision.node.on(day.isoformat()).values
        for bearer in decision.about:
            cells = _cells(kind, values, bearer, decision.issued_by)
            if cells is None:
                counts[OMITTED] += 1
            else:
                rows[kind].append([guarded(cells.get(key, "")) for key in keys[kind]])
                counts[kind.value] += 1
    for kind, found in rows.items():
        _put(files[kind], found)
    return counts


def _put(file: IO[bytes], rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    file.write(text.getvalue().encode())


def _cells(
    kind: RecordKind, values: Mapping[str, Value], bearer: Bearer, issued: tuple[Bearer, ...]
) -> dict[str, str] | None:
    """The cells of one party of a decision; None where the columns cannot say it truly."""
    standing = values.get("state", RecordState.ACTIVE) == RecordState.ACTIVE and not UNSAYABLE & values.keys()
    numbers = {
        NUMBERS[S(each.scheme)]: each.value
        for each in bearer.numbers
        if S(each.scheme) in NUMBERS and each.value is not None
    }
    day = _day(values.get("decidedOn"))
    if not standing or bearer.kind == SubjectKind.PERSON or not numbers or not issued or day is None:
        return None
    cells = {"name": bearer.name, **numbers, "number": str(values.get("documentNumber", "")), "decidedOn": day}
    cells["authority"] = issued[0].name
    code = next((each.value for each in issued[0].numbers if each.scheme == S.USCC), None)
    cells["authorityCode"] = code or ""
    for name in ("to", "publishedTo"):  # inclusive in these columns, the first day after it in the graph
        if name in values:
            last = _last(values[name])
            if last is None:
                return None
            cells[name] = last
    told = {name: str(values[name]) for name in ("reason", "content", "facts") if name in values}
    return {**cells, **told, **(_penalty(values) if kind is RecordKind.PENALTY else _permit(values))}


def _penalty(values: Mapping[str, Value]) -> dict[str, str]:
    cells = {}
    if isinstance(types := values.get("types"), tuple):
        cells["types"] = ";".join(TYPE_WORDS.get(each, "其他") for each in types)
    for name in ("fine", "confiscated"):
        if name in values:
            cells[name] = _amount(int(str(values[name])))
    if "licence" in values:
        cells["licence"] = LICENCE_WORDS.get(str(values["licence"]), "")
    documents, articles = values.get("basisDocuments"), values.get("basisArticles")
    if isinstance(documents, tuple) and isinstance(articles, tuple):
        cells["basis"] = "、".join(
            f"《{document}》{article}" if "》" not in document else f"{document}{article}"
            for document, article in zip(documents, articles, strict=False)
        )
    return cells


def _permit(values: Mapping[str, Value]) -> dict[str, str]:
    cells = {"certificate": str(values["certificate"])} if "certificate" in values else {}
    if "permitKind" in values:
        cells["kind"] = KIND_WORDS.get(str(values["permitKind"]), "其他")
    if (since := _day(values.get("from"))) is not None:
        cells["from"] = since
    return {**cells, "state": "有效"}


def _day(value: Value | None) -> str | None:
    text = str(value or "")
    return text if len(text) == len("2000-01-01") else None


def _last(value: Value) -> str | None:
    day = _day(value)
    return None if day is None else (date.fromisoformat(day) - DAY).isoformat()


def _amount(fen: int) -> str:
    """In 万元, exact."""
    whole, rest = divmod(fen, FEN_A_UNIT)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".") if rest else str(whole)
