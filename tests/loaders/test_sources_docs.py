"""docs/sources.md shows the columns of every layout that is no item of the catalogue, and the samples load whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.__main__ import SOURCES, main
from loaders.catalog.reading import shipped
from loaders.posts.transform import WORDS
from loaders.tables.command import TabularSource
from loaders.tables.description import FORMS, described

DOCUMENT = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
TABULAR = [each for each in SOURCES if isinstance(each, TabularSource)]
SAMPLES = sorted((Path(__file__).parents[1] / "data").glob("*/*.csv"))


@pytest.mark.parametrize("source", TABULAR, ids=lambda each: each.name)
def test_every_source_and_column_is_documented(source: TabularSource) -> None:
    assert f"## `{source.name}`: {source.help.zh} / {source.help.en}" in DOCUMENT
    for layout in source.layouts:
        if layout.code not in shipped().items:  # those are docs/catalogue.md
            assert "\n".join(described(layout)) in DOCUMENT


def test_every_form_and_word_is_documented() -> None:
    assert [word for word in WORDS if word not in DOCUMENT] == []
    assert [form for form in FORMS.values() if form not in DOCUMENT] == []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_samples_are_accepted_whole(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([path.parent.name, str(path), "--dry-run"]) == 0
    assert "quarantined 0" in capsys.readouterr().out


def test_there_is_a_sample_of_every_layout() -> None:
    assert {path.stem for path in SAMPLES} == {layout.code for each in TABULAR for layout in each.layouts}
