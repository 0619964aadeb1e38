"""How unevenly the city is connected: the bars at 100,000 enterprises, counted without a database."""

from __future__ import annotations

import pytest

from graph.changes import NodeDraft, RelationDraft
from graph.codes import RelationKind
from loaders.__main__ import main
from loaders.city.city import City
from loaders.city.days import END
from loaders.city.extent import Extent
from loaders.city.quantiles import Degrees
from loaders.entries import Entry
from tests.conftest import PERSON_KEY


def node(ref: str) -> NodeDraft:
    return NodeDraft(ref, "ENTERPRISE", (), (), 1)


def holds(start: str, end: str) -> RelationDraft:
    return RelationDraft(RelationKind.HOLDS, start, end, f"{start}>{end}", 1)


def test_degrees_of_a_handful_are_counted_exactly() -> None:
    degrees = Degrees()
    row = Entry(
        1,
        (*(node(f"o{index}") for index in range(4)), node("p0"), node("r1-0"), node("KEY_GROUP:教师")),
        (holds("o0", "o1"), holds("o1", "o2"), holds("o0", "o3"), holds("o2", "o0"), holds("p0", "o3")),
    )
    assert list(degrees.passing([row])) == [row]
    found = degrees.shown()
    assert (found.nodes, found.relations, found.most, found.most_holdings) == (7, 5, 3, 2)
    assert (found.loops, found.longest_chain) == (1, 2)
    assert found.quantiles == {50: 2, 90: 3, 99: 3, 99.9: 3}


def test_the_bars_hold_at_100_000() -> None:
    degrees = Degrees()
    for _ in degrees.passing(City(Extent(100_000, 1, PERSON_KEY, END)).entries()):
        pass
    found = degrees.shown()
    assert found.most_holdings >= 1_000
    assert found.top >= 0.20
    assert found.loops >= 1
    assert found.longest_chain >= 12
    per_enterprise = {kind: count / 100_000 for kind, count in found.kinds.items()}
    assert 2.7 < per_enterprise[RelationKind.ABOUT] < 3.5
    assert 1.3 < per_enterprise[RelationKind.HOLDS] < 1.8
    heads = per_enterprise[RelationKind.LEGAL_REPRESENTATIVE_OF] + per_enterprise[RelationKind.PRINCIPAL_OF]
    assert 1.0 < heads < 1.3
    assert 4.8 < found.nodes / 100_000 < 5.8


def test_the_command_prints_them_without_a_database(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["city", "--dry-run", "--size", "300"]) == 0
    shown = capsys.readouterr().out
    assert "city 300-1-2026-01-01-1: 部门名单为假定" in shown
    assert "度数 / degrees  p50 " in shown and "最长链 / longest chain 13" in shown
    assert "dry run, nothing written" in shown


@pytest.mark.parametrize("arguments", [["--size", "99"], ["--size", "x"], ["--seed", "-1"], ["--end", "2026-13-01"]])
def test_what_cannot_be_a_city_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["city", "--dry-run", *arguments])
    assert refused.value.code == 2
