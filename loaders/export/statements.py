"""What the exports of JSON statements share: parties on the day, relations with their periods, one line each.

It must not know a format.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from graph.codes import RelationKind
from graph.periods import OPEN_END, OPEN_START
from graph.progress import Advance
from graph.store.exported import Edge, Export, Node, Number
from graph.vocabulary import BY_CODE, Family
from loaders.export.output import opened
from loaders.statements.parties import scheme_word

Statement = dict[str, Any]


async def write(
    export: Export,
    place: Path,
    advance: Advance,
    *,
    frame: tuple[bytes, bytes, bytes],
    kinds: Iterable[RelationKind],
    party: Callable[[Node, date], Statement],
    relation: Callable[[Edge, date], Statement | None],
) -> Mapping[str, int]:
    """`frame`: what stands before, between and after the lines. Parties come before the relations that name them."""
    counts, first = Counter[str](), True
    told = [kind for kind in export.disclosed.relations() if kind in set(kinds)]
    with opened(place) as file:
        file.write(frame[0])

        def put(statements: Iterator[Statement | None], what: str) -> None:
            nonlocal first
            lines = [orjson.dumps(each) for each in statements if each is not None]
            if lines:
                file.write((b"" if first else frame[1]) + frame[1].join(lines))
                counts[what] += len(lines)
                first = False

        async for read, nodes in export.nodes():
            parties = (party(each, export.day) for each in nodes if BY_CODE[each.kind].family is Family.SUBJECT)
            await asyncio.to_thread(put, parties, "parties")
            advance(read)
        for kind in told:
            async for read, edges in export.edges(kind):
                await asyncio.to_thread(put, (relation(each, export.day) for each in edges), "relations")
                advance(read)
        file.write(frame[2])
    return counts


def numbers(node: Node, day: date) -> list[tuple[str, str]]:
    """Whose number, and the number as the role reads it, masked where it is a person's, of those in use on the day;
    what two sources give is one number."""
    today = day.isoformat()
    used = (each for each in node.numbers if each.start <= today < each.end)
    return list(dict.fromkeys((scheme_word(each.scheme, each.issuer), _shown(each)) for each in used))


def _shown(number: Number) -> str:
    return number.masked or number.value or ""


def bounds(edge: Edge, *, whole: bool) -> dict[str, str]:
    """`startDate`, `endDate`; `whole`: a month or year becomes its first day, as BODS has it."""
    days = {"startDate": edge.since, "endDate": edge.until}
    return {
        name: day + "0000-01-01"[len(day) :] if whole else day
        for name, day in days.items()
        if day not in (OPEN_START, OPEN_END)
    }


def yuan(fen: int) -> str:
    """An exact amount without trailing zeros."""
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") if rest else str(whole)
