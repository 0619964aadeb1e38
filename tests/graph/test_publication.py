"""When a record is public: by the regime in force on the day asked about, never longer than any of them allowed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graph.codes import PenaltyType, RecordKind, RecordState, Seriousness
from graph.facts import Record
from graph.periods import add_months, on, parse_day, parse_period
from graph.publication import FILE, PolicyError, parse, published, withdrawal_due


def penalty(decided: str, **values: Any) -> Record:
    types = values.pop("types", frozenset({PenaltyType.FINE}))
    return Record("r", RecordKind.PENALTY, {}, decided_on=parse_day(decided), types=types, **values)


def window(record: Record, as_of: str) -> tuple[str, str] | None:
    found = published(record, date.fromisoformat(as_of))
    return None if found is None else (str(found.start), str(found.end))


@pytest.mark.parametrize(
    ("decided", "seriousness", "as_of", "expected"),
    [
        ("2018-01-10", Seriousness.ORDINARY, "2018-06-01", ("2018-01-10", "2019-01-11")),
        ("2018-01-10", Seriousness.SERIOUS, "2018-06-01", ("2018-01-10", "2021-01-11")),
        ("2020-02-29", Seriousness.ORDINARY, "2020-06-01", ("2020-02-29", "2021-03-01")),
        ("2024-01-10", Seriousness.ORDINARY, "2024-06-01", ("2024-01-10", "2027-01-11")),
        ("2026-05-10", Seriousness.ORDINARY, "2026-06-01", ("2026-05-10", "2027-05-11")),
    ],
)
def test_the_window_is_that_of_the_regime(
    decided: str, seriousness: Seriousness, as_of: str, expected: tuple[str, str]
) -> None:
    assert window(penalty(decided, seriousness=seriousness), as_of) == expected


def test_a_later_regime_never_brings_back_what_an_earlier_one_ended() -> None:
    assert window(penalty("2021-01-10"), "2024-01-01") == ("2021-01-10", "2022-01-11")


@pytest.mark.parametrize("types", [{PenaltyType.WARNING}, {PenaltyType.CRITICISM, PenaltyType.WARNING}])
def test_warning_and_criticism_alone_are_not_published(types: set[PenaltyType]) -> None:
    assert window(penalty("2024-01-10", types=frozenset(types)), "2024-06-01") is None


@pytest.mark.parametrize("name", ["revoked_on", "set_aside_on", "lifted_on", "repaired_on"])
def test_what_ends_a_record_takes_it_down(name: str) -> None:
    assert window(penalty("2024-01-10", **{name: parse_day("2024-03-01")}), "2024-06-01") == (
        "2024-01-10",
        "2024-03-01",
    )


@pytest.mark.parametrize(
    "state", [RecordState.REVOKED, RecordState.SET_ASIDE, RecordState.REPAIRED, RecordState.EXPIRED]
)
def test_ended_without_a_day_is_not_shown(state: RecordState) -> None:
    assert window(penalty("2024-01-10", state=state), "2024-06-01") is None


@pytest.mark.parametrize("kind", [RecordKind.CRIMINAL_CONVICTION, RecordKind.DISCIPLINE, RecordKind.TRAINING])
def test_convictions_and_discipline_are_never_public_even_if_a_source_says_so(kind: RecordKind) -> None:
    record = Record("r", kind, {}, decided_on=parse_day("2024-01-10"), published=parse_period("2024-01-10", None))
    assert window(record, "2024-06-01") is None


def test_a_listing_is_public_while_it_lasts() -> None:
    record = Record("e", RecordKind.LIST_ENTRY, {}, effective=parse_period("2024-01-10", "2026-01-10"))
    assert window(record, "2024-06-01") == ("2024-01-10", "2026-01-10")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('ORDINARY = "1y"', 'ORDINARY = "banana"', "双公示 2017: max.ORDINARY: not a length like 3m or 1y: 'banana'"),
        (
            'valid_until = "2019-07-01"',
            'valid_until = "2019-08-01"',
            "双公示 2017: valid_until: 发改办财金〔2019〕527号 governs the same days",
        ),
        (
            'valid_until = "2019-07-01"',
            'valid_until = "2017-07-31"',
            "双公示 2017: valid_until: the regime ends before it begins",
        ),
        (
            'name = "国家发展改革委令第36号"',
            'name = "双公示 2017"',
            "双公示 2017: name: there are two regimes of this name",
        ),
        (
            'valid_from = "2023-05-01"',
            'valid_from = "2023-05-32"',
            "国家发展改革委令第58号: valid_from: no such day: '2023-05-32'",
        ),
        ('VERY_SERIOUS = "3y"', "", "双公示 2017: max: needs ORDINARY, SERIOUS, VERY_SERIOUS"),
        ("withdraw_days = 3", "", "records.withdraw_days: Field required"),
        ("valid_until =", "until =", "双公示 2017: regime.0.until: Extra inputs are not permitted"),
    ],
)
def test_a_mistake_is_refused_with_file_regime_and_field(old: str, new: str, told: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(PolicyError) as refused:
        parse(text.replace(old, new, 1))
    assert refused.value.message == f"publication.toml: {told}"


def test_a_regime_that_is_no_table_is_refused() -> None:
    with pytest.raises(PolicyError, match=r"^publication\.toml: regime\.0: "):
        parse("regime = [3]")


@pytest.mark.parametrize("ended", ["revoked_on", "set_aside_on"])
@pytest.mark.parametrize("day", ["2018-03-01", "2020-02-28", "2024-05-31", "2026-06-30"])
def test_a_decision_that_falls_is_withdrawn_within_the_three_days_of_the_law(ended: str, day: str) -> None:
    """行政处罚法 48: 应当在三日内撤回; here on the day itself, in every regime."""
    gone = parse_day(day)
    record = Record(
        "r1",
        RecordKind.PENALTY,
        {"acme": "about"},
        decided_on=on(add_months(gone.first, -1)),
        types=frozenset({PenaltyType.LICENCE_REVOKED}),
        **{ended: gone},  # type: ignore[arg-type]
    )
    due = withdrawal_due(record)
    assert due == date.fromordinal(gone.first.toordinal() + 3)
    window = published(record, gone.first)
    assert window is not None and window.end is not None
    assert window.end.first == gone.first <= due
    assert not window.contains(gone.first)


def test_a_decision_that_stands_has_nothing_to_withdraw() -> None:
    assert withdrawal_due(Record("r1", RecordKind.PENALTY, {"acme": "about"})) is None
