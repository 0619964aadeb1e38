"""docs/sources.md shows the columns of every layout as the tables declare them, and the sample files load whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.__main__ import SOURCES, main
from loaders.double_publicity.words import STATES_2015, STATES_2018
from loaders.posts.transform import WORDS
from loaders.tables.command import TabularSource
from loaders.tables.description import FORMS, described

DOCUMENT = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
TABULAR = [each for each in SOURCES if isinstance(each, TabularSource)]
SAMPLES = sorted((Path(__file__).parents[1] / "data").glob("*/*.csv"))


@pytest.mark.parametrize("source", TABULAR, ids=lambda each: each.name)
def test_every_column_is_documented(source: TabularSource) -> None:
    assert f"## `{source.name}`" in DOCUMENT
    for layout in source.layouts:
        assert "\n".join(described(layout)) in DOCUMENT


def test_every_form_and_word_is_documented() -> None:
    assert [word for word in WORDS if word not in DOCUMENT] == []
    states = [f"{code} → {state}" for table in (STATES_2015, STATES_2018) for code, state in table.items()]
    assert [each for each in states if each not in DOCUMENT] == []
    assert [form for form in FORMS.values() if form not in DOCUMENT] == []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_samples_are_accepted_whole(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([path.parent.name, str(path), "--dry-run"]) == 0
    assert "quarantined 0" in capsys.readouterr().out


def test_there_is_a_sample_of_every_source() -> None:
    assert {path.parent.name for path in SAMPLES} == {each.name for each in TABULAR}
