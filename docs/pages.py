"""What a Markdown page of ours asks and shows: its samples, by whom they are asked, with which variables, how refused.

It must not know how they are asked, nor what a right answer is; the pictures and the tests do.
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
BLOCK: Final = re.compile(r"^```(\w+)\n(.*?)^```\n", re.DOTALL | re.MULTILINE)
OPERATION: Final = re.compile(r"^query (\w+)", re.MULTILINE)
PICTURE: Final = re.compile(r"\]\(docs/([a-z-]+)\.svg\)")
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

    @property
    def name(self) -> str | None:
        found = OPERATION.search(self.text)
        return found[1] if found else None


@dataclass(frozen=True)
class Page:
    text: str

    def of(self, language: str) -> list[str]:
        """The samples of a language."""
        return [text for found, text in BLOCK.findall(self.text) if found == language]

    @cached_property
    def fragments(self) -> dict[str, str]:
        """Samples that only define a fragment, by its name: other samples of the page use them."""
        return {found[1]: each for each in self.of("graphql") if (found := DEFINED.match(each))}

    @cached_property
    def asked(self) -> list[Asked]:
        return [self._asked(each) for each in self.of("graphql") if not DEFINED.match(each)]

    @cached_property
    def pictures(self) -> dict[str, Asked]:
        """The queries whose answers are shown as pictures: `query Reach` is `docs/reach.svg`."""
        shown = set(PICTURE.findall(self.text))
        return {each.name.lower(): each for each in self.asked if each.name and each.name.lower() in shown}

    @cached_property
    def files(self) -> dict[str, str]:
        """The TypeScript samples by the name their first line gives them."""
        return {found[1]: each for each in self.of("ts") if (found := FILE.match(each))}

    def _asked(self, text: str) -> Asked:
        said = ASKED.match(text)
        role, variables, code, argument = said.groups() if said else (Role.GOVERNMENT, None, None, None)
        return Asked(
            self._whole(text),
            Role(role),
            json.loads(variables or "{}"),
            (code, argument) if code and argument else None,
        )

    def _whole(self, text: str) -> str:
        """With the fragments it uses, each once."""
        names = [name for name in dict.fromkeys(SPREAD.findall(text)) if name in self.fragments]
        return "\n".join([text, *(self.fragments[name] for name in names)])


def page(path: str) -> Page:
    return Page((ROOT / path).read_text(encoding="utf-8"))
