"""Articles in all their spellings are one place; what names none is none, whoever wrote it."""

from __future__ import annotations

import pytest

from graph.facts import Article
from graph.rules.citation import Place, applies, place

LAW = "《中华人民共和国药品管理法》(2019修订)"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("第一百一十八条第一款", Place(118, 1)),
        ("第118条第1款第(二)项", Place(118, 1, 2)),
        ("118(1)(2)", Place(118, 1, 2)),
        ("一百三十五", Place(135)),
        ("第十条之二", Place(10)),
    ],
)
def test_an_article_is_one_place_in_all_its_spellings(text: str, found: Place) -> None:
    assert place(text) == found


@pytest.mark.parametrize("text", ["", "条", "第1一条", "1十", "第十2条", "第一条第2二款", "第一条之1一", "附则"])
def test_what_is_no_number_names_no_article(text: str) -> None:
    assert place(text) is None
    assert not applies(Article(LAW, text), Article("药品管理法", "118"))
