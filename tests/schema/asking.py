"""A served world for tests: loaded from YAML, asked through `execute` as some role, on a fixed day.

It must not know what a right answer is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from graph import rules
from graph.codes import Role
from graph.periods import SHANGHAI
from graph.store.audit import AuditLog
from graph.store.connection import Database
from loaders.world.load import load_file
from schema.limits import limits_of
from schema.operation import ExecutionAnswer, World, execute
from schema.packs import Packs
from schema.reader import Reader
from tests.conftest import PERSON_KEY

PATIENCE_MILLISECONDS = 60_000  # of links: on a busy machine a test asks for the answer, not for how soon it comes
NOW = datetime(2026, 1, 1, 9, 0, tzinfo=SHANGHAI)


@dataclass
class Asking:
    """`now` is the clock of loads and questions; it moves only when a test moves it."""

    database: Database
    folder: Path
    now: datetime = NOW
    world: World = field(init=False)

    def __post_init__(self) -> None:
        self.world = World(
            database=self.database,
            packs=Packs(rules.load()),
            audit=AuditLog(self.database, "test"),
            limits_of=lambda role: replace(limits_of(role), link_milliseconds=PATIENCE_MILLISECONDS),
            clock=lambda: self.now,
            cursor_key=b"cursor key of the tests, 32 bytes",
        )

    async def load(self, stem: str, text: str) -> None:
        path = self.folder / f"{stem}.yaml"
        path.write_text(text, encoding="utf-8")
        outcome = await load_file(self.database, path, person_key=PERSON_KEY, now=self.now, today=self.now.date())
        assert outcome.rejections == (), outcome.rejections

    async def execute(
        self, document: str, variables: dict[str, Any] | None = None, role: Role = Role.GOVERNMENT, **reader: Any
    ) -> ExecutionAnswer:
        return await execute(self.world, reading(role, **reader), document, variables)

    async def ask(
        self, document: str, variables: dict[str, Any] | None = None, role: Role = Role.GOVERNMENT, **reader: Any
    ) -> Any:
        """The data of an answer that must have no errors."""
        body = (await self.execute(document, variables, role, **reader)).body
        assert "errors" not in body, body["errors"]
        return body["data"]

    async def codes(
        self, document: str, variables: dict[str, Any] | None = None, role: Role = Role.GOVERNMENT
    ) -> list[tuple[str, str | None]]:
        """Code and argument of every error."""
        body = (await self.execute(document, variables, role)).body
        return [(each["extensions"]["code"], each["extensions"].get("argument")) for each in body.get("errors", [])]


def reading(role: Role, **claims: Any) -> Reader:
    stated = {"purpose": "核查", "ground": "行政许可法 第三十四条"} if role is not Role.PUBLIC else {}
    return Reader(**{"role": role, **stated, **claims})
