"""Articles in all their spellings are one place; what names none is none, whoever wrote it."""

from __future__ import annotations

import pytest

from graph.facts import Article
from graph.rules.citation import Place, applies, is_article, is_document, place

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


@pytest.mark.parametrize(
    "document", [LAW, "药品管理法", "旅行社条例", "法发〔2019〕35号", "信用管理办法(试行)(2014年第40号)"]
)
def test_documents_of_law_are_known_by_how_they_are_named(document: str) -> None:
    assert is_document(document)


@pytest.mark.parametrize("document", ["", "法", "药品", "Drug Act", "banana", "法发2019-35号", "(2019修订)"])
def test_what_is_named_as_no_document_of_law_is_none(document: str) -> None:
    assert not is_document(document)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("第一百一十八条第一款", True),
        ("118(1)", True),
        ("第十八条第十项、第十一项", True),
        ("第十八条、banana", False),
        ("第零条", False),
        ("banana", False),
        ("", False),
    ],
)
def test_an_article_or_several_places_of_one_can_be_cited(text: str, found: bool) -> None:
    assert is_article(text) is found
