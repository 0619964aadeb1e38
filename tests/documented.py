"""What a Markdown page of ours asks and shows: its samples, by whom they are asked, with which variables, how refused.

It must not know what a right answer is.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from graph.codes import Role

ROOT: Final = Path(__file__).parent.parent
BLOCK: Final = re.compile(r"^```(\w+)\n(.*?)^```\n(?:\n!\[[^\]]*\]\(docs/([a-z-]+)\.svg\))?", re.DOTALL | re.MULTILINE)
ASKED: Final = re.compile(r"# (?P<role>[A-Z]+)(?: (?P<variables>\{.*\}))?(?: → (?P<code>[A-Z_]+) (?P<argument>\S+))?\n")
FILE: Final = re.compile(r"// (\S+\.ts)\n")
DEFINED: Final = re.compile(r"^fragment (\w+)", re.MULTILINE)
SPREAD: Final = re.compile(r"\.\.\.\s*(?!on\b)(\w+)")


@dataclass(frozen=True)
class Asked:
    """A query of a page; `refused` is the code and argument it is shown to be refused with."""

    text: str
    role: Role
    variables: dict[str, Any]
    refused: tuple[str, str] | None
    picture: str | None


@dataclass(frozen=True)
class Page:
    text: str

    @cached_property
    def blocks(self) -> list[tuple[str, str, str | None]]:
        """Language, text and the picture that follows, of every sample."""
        return [(each[1], each[2], each[3]) for each in BLOCK.finditer(self.text)]

    def of(self, language: str) -> list[str]:
        return [text for found, text, _ in self.blocks if found == language]

    @cached_property
    def fragments(self) -> dict[str, str]:
        """Samples that only define a fragment, by its name: other samples of the page use them."""
        return {found[1]: each for each in self.of("graphql") if (found := DEFINED.match(each))}

    @cached_property
    def asked(self) -> list[Asked]:
        return [
            self._asked(text, picture)
            for language, text, picture in self.blocks
            if language == "graphql" and not DEFINED.match(text)
        ]

    @cached_property
    def files(self) -> dict[str, str]:
        """The TypeScript samples by the name their first line gives them."""
        return {found[1]: each for each in self.of("ts") if (found := FILE.match(each))}

    def _asked(self, text: str, picture: str | None) -> Asked:
        said = ASKED.match(text)
        role, variables, code, argument = said.groups() if said else (Role.GOVERNMENT, None, None, None)
        return Asked(
            self._whole(text),
            Role(role),
            json.loads(variables or "{}"),
            (code, argument) if code else None,
            picture,
        )

    def _whole(self, text: str) -> str:
        """With the fragments it uses, each once."""
        names = [name for name in dict.fromkeys(SPREAD.findall(text)) if name in self.fragments]
        return "\n".join([text, *(self.fragments[name] for name in names)])


def page(path: str) -> Page:
    return Page((ROOT / path).read_text(encoding="utf-8"))
