"""The command: writes docs/rules.md and its pictures from the pack this program ships.

It must not know what stands in them.
"""

from __future__ import annotations

from docs.pages import ROOT
from docs.rulebook.page import FOLDER, pages
from graph.rules import load


def main() -> None:
    docs = ROOT / "docs"
    found = pages(load())
    for old in (docs / FOLDER).glob("*.svg"):
        if f"{FOLDER}/{old.name}" not in found:
            old.unlink()
    (docs / FOLDER).mkdir(exist_ok=True)
    for name, text in found.items():
        (docs / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
