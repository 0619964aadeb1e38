"""docs/rules.md is the pack in words: never behind it, and every rule shows what it does."""

from __future__ import annotations

from docs.pages import ROOT
from docs.rulebook.examples import example
from docs.rulebook.page import FOLDER, latest, measures, pages
from graph.codes import Certainty, Confidence
from graph.rules import NAMES, load
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


def test_what_the_system_does_not_claim_names_every_version_that_is_not_verified() -> None:
    told: dict[str, str] = {}
    for line in (DOCS / "law.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[1] in set(Confidence):
            told |= dict.fromkeys(cells[0].split(", "), cells[1])
    assert told == {
        f"{rule.name} {rule.version}": rule.confidence.value
        for name in NAMES
        for rule in load(name).rules
        if rule.confidence is not Confidence.VERIFIED
    }


def test_what_the_system_does_not_claim_names_every_article_without_a_rule() -> None:
    text = (DOCS / "law.md").read_text(encoding="utf-8")
    absent = (
        "科学技术进步法 107",
        "出口管制法 39",
        "电子签名法 31",
        "未成年人网络保护条例 57",
        "国务院关于预防煤矿生产安全事故的特别规定 10",
        "生物安全法 74、79",
        "人类遗传资源管理条例 43",
    )
    assert [each for each in absent if each not in text] == []
    encoded = {basis.document.removeprefix("中华人民共和国") for rule in load().rules for basis in rule.basis}
    assert encoded & {each.split()[0] for each in absent} == {"科学技术进步法"}
