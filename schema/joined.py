"""Reads that an operation asks for in one turn of the loop, sent as one statement (`api.md` 7).

It must not know what they read; each returns one row of columns whose names no other one has, or rows of one such
column.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.store.bolt import Taken
from graph.store.connection import Database
from graph.store.moments import PARAMETER
from schema.batching import Batch
from schema.fields import answered


@dataclass(eq=False, slots=True)
class Question:
    statement: str
    parameters: Mapping[str, Any]
    taken: Taken | None = None  # its rows are many, and taken as they come

    @property
    def column(self) -> str:
        return self.statement.rpartition(" AS ")[2]

    @property
    def collected(self) -> str:
        """In one row whatever it returns."""
        if self.taken is None:
            return self.statement
        before, _, told = self.statement.rpartition("\nRETURN ")
        return f"{before}\nRETURN collect({told.removesuffix(f' AS {self.column}')}) AS {self.column}"


class Joined(Database):
    """Stands for a database where computed fields read what is around their subjects."""

    def __init__(self, database: Database) -> None:
        self._behind = database
        self._questions: Batch[Question, list[dict[str, Any]]] = Batch(self._load)

    async def read(
        self,
        statement: str,
        parameters: Mapping[str, Any],
        *,
        timeout_seconds: float | None = None,
        taken: Taken | None = None,
    ) -> list[dict[str, Any]]:
        return await answered(self._questions.get(Question(statement, parameters, taken)))

    async def _load(self, asked: Sequence[Question]) -> Mapping[Question, list[dict[str, Any]]]:
        answers = {each.statement.rpartition("\nRETURN")[2] for each in asked}
        if len(answers) < len(asked) or len(asked) == 1:  # two of one sort would have the same columns
            rows = await asyncio.gather(
                *(self._behind.read(each.statement, each.parameters, taken=each.taken) for each in asked)
            )
            return dict(zip(asked, rows, strict=True))
        merged: dict[str, Any] = {}
        text = "\n".join(f"CALL () {{{_apart(each, i, merged)}}}" for i, each in enumerate(asked))
        (found,) = await self._behind.read(f"{text}\nRETURN *", merged)
        for each in asked:
            if each.taken is not None:
                for value in found[each.column]:
                    each.taken({each.column: value})
        return {each: [found] for each in asked}


def _apart(question: Question, number: int, merged: dict[str, Any]) -> str:
    """Its statement beside those whose parameters are `merged` already: what is there, of whatever value, gets another
    name, so that values are no part of the text."""
    others = question.parameters.keys() & merged.keys()
    merged |= {f"{key}_{number}" if key in others else key: value for key, value in question.parameters.items()}
    if not others:
        return question.collected
    return PARAMETER.sub(lambda found: f"{found[0]}_{number}" if found[1] in others else found[0], question.collected)
