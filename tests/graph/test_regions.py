"""Regions: the codes of the city with the years in which each was in use."""

from __future__ import annotations

from datetime import date

import pytest

from graph.codes import RegionLevel
from graph.regions import REGIONS, Region, ancestors, current, find, known, parts

TODAY = date(2026, 1, 1)


def names(regions: tuple[Region, ...]) -> list[str]:
    return [each.name for each in regions]


def test_the_city_has_seven_parts_today() -> None:
    assert names(parts("440700", TODAY)) == ["蓬江区", "江海区", "新会区", "台山市", "开平市", "鹤山市", "恩平市"]


def test_the_city_had_other_parts_before() -> None:
    assert names(parts("440700", date(1988, 7, 1))) == [
        "城区",
        "郊区",
        "新会县",
        "台山县",
        "恩平县",
        "开平县",
        "鹤山县",
    ]
    assert names(parts("440700", date(2000, 7, 1))) == [
        "蓬江区",
        "江海区",
        "台山市",
        "新会市",
        "开平市",
        "鹤山市",
        "恩平市",
    ]


def test_a_code_tells_name_level_and_parent() -> None:
    found = find("440703")
    assert found == Region("440703", "蓬江区", RegionLevel.COUNTY, "440700", 1994)
    assert found.id == "reg_440703"
    assert [each.code for each in ancestors("440703")] == ["440700", "440000"]
    assert [each.level for each in ancestors("440703")] == [RegionLevel.CITY, RegionLevel.PROVINCE]


def test_an_old_code_leads_to_the_one_in_use() -> None:
    followed = [current(code) for code in ("440721", "440782", "440723", "440702", "440703", "999999")]
    assert [each and each.code for each in followed] == ["440705", "440705", "440785", "440702", "440703", None]


@pytest.mark.parametrize(
    ("code", "is_known"),
    [
        ("440703", True),
        ("440721", True),
        ("440106", True),
        ("810000", True),
        ("440799", False),
        ("990000", False),
        ("44070", False),
        ("４４０７０３", False),
        ("44070A", False),
    ],
)
def test_foreign_codes_pass_by_their_province_and_own_codes_by_the_table(code: str, is_known: bool) -> None:
    assert known(code) is is_known


def test_a_foreign_code_lies_in_its_province() -> None:
    assert names(ancestors("110105")) == ["北京市"]
    assert ancestors("990000") == ()


def test_every_parent_and_successor_is_in_the_table_and_follows_without_overlap() -> None:
    for region in REGIONS.values():
        assert region.parent is None or region.parent in REGIONS
        if region.successor is not None:
            assert REGIONS[region.successor].since == region.until
