"""Reads that an operation asks for in one turn of the loop, sent as one statement (`api.md` 7).

It must not know what they read; each returns one row of columns whose names no other one has.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.store.connection import Database
from schema.batching import Batch
from schema.fields import answered


@dataclass(eq=False, slots=True)
class Question:
    statement: str
    parameters: Mapping[str, Any]


class Joined(Database):
    """Stands for a database where computed fields read what is around their subjects."""

    def __init__(self, database: Database) -> None:
        self._behind = database
        self._questions: Batch[Question, list[dict[str, Any]]] = Batch(self._load)

    async def read(
        self, statement: str, parameters: Mapping[str, Any], *, timeout_seconds: float | None = None
    ) -> list[dict[str, Any]]:
        return await answered(self._questions.get(Question(statement, parameters)))

    async def _load(self, asked: Sequence[Question]) -> Mapping[Question, list[dict[str, Any]]]:
        merged: dict[str, Any] = {}
        for each in asked:
            merged |= each.parameters
        if len(asked) == 1 or any(merged[key] != value for each in asked for key, value in each.parameters.items()):
            rows = await asyncio.gather(*(self._behind.read(each.statement, each.parameters) for each in asked))
            return dict(zip(asked, rows, strict=True))
        text = "\n".join(f"CALL () {{{each.statement}}}" for each in asked)
        found = await self._behind.read(f"{text}\nRETURN *", merged)
        return dict.fromkeys(asked, found)
