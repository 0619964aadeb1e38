"""docs/rules.md is the pack in words: never behind it, and every rule shows what it does."""

from __future__ import annotations

from docs.pages import ROOT
from docs.rulebook.examples import example
from docs.rulebook.page import FOLDER, latest, measures, pages
from graph.codes import Certainty
from graph.rules import load
from graph.rules.rule import WITHOUT_MEASURE

DOCS = ROOT / "docs"


def test_the_rule_book_is_that_of_the_pack() -> None:
    made = pages(load())
    stale = [
        name for name, text in made.items() if not (DOCS / name).exists() or (DOCS / name).read_text("utf-8") != text
    ]
    assert stale == [], "python -m docs.rulebook"
    assert {f"{FOLDER}/{path.name}" for path in (DOCS / FOLDER).glob("*.svg")} == made.keys() - {"rules.md"}


def test_every_rule_with_a_measure_binds_somebody_in_its_example() -> None:
    idle = {}
    for name, ways in latest(load()).items():
        if ways[0].way in WITHOUT_MEASURE:
            continue
        found = measures(load(), name, example(ways))
        reached = {each.party for each in found if each.certainty is not Certainty.POTENTIAL}
        if len(reached) < 1:
            idle[name] = [each.certainty.value for each in found]
    assert idle == {}


def test_what_the_system_does_not_claim_names_every_confidence() -> None:
    text = (DOCS / "law.md").read_text(encoding="utf-8")
    unverified = sorted({each.name for each in load().rules if each.confidence == "UNVERIFIED" and each.measure})
    assert [name for name in unverified if name not in text] == []
