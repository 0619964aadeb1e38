"""How soon each department hands in what it decided, and how many of its rows are refused and corrected."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest

from graph.periods import SHANGHAI
from graph.progress import SilentProgress
from graph.store.connection import Database
from loaders.catalog.item import Cycle
from loaders.catalog.reading import shipped
from loaders.quality.command import figures, said
from loaders.quality.figures import TERMS, UNNAMED, Figures, Refusal, Row, Tally, Term, last_day
from loaders.source import Run
from loaders.tables.command import TabularSource
from tests.conftest import PERSON_KEY
from tests.loaders.catalogued import ITEMS, SOURCE_OF
from tests.loaders.tabular import DOUBLE_PUBLICITY, PENALTY_2018, Rows, written

SAMR, HOUSING = "江门市市场监督管理局", "江门市住房和城乡建设局"
TAX = "江门市税务局"
OF_HOUSING = {
    "处罚机关": HOUSING,
    "处罚机关统一社会信用代码": "",
    "数据来源单位": HOUSING,
    "数据来源单位统一社会信用代码": "",
}


@pytest.mark.parametrize(
    ("decided", "last"),
    [
        (date(2018, 6, 1), date(2018, 6, 12)),  # a Friday: five days of the next week and two of the one after
        (date(2018, 6, 2), date(2018, 6, 12)),  # a Saturday
        (date(2018, 6, 3), date(2018, 6, 12)),
        (date(2018, 6, 4), date(2018, 6, 13)),
        (date(2018, 6, 7), date(2018, 6, 18)),
    ],
)
def test_seven_working_days_pass_over_weekends(decided: date, last: date) -> None:
    term = TERMS[Cycle.SEVEN_WORKING_DAYS]
    assert term is not None and last_day(decided, term) == last


def test_a_term_of_whole_weeks_does_not_end_on_a_weekend() -> None:
    assert last_day(date(2018, 6, 2), Term(5, working=True)) == date(2018, 6, 8)
    assert last_day(date(2018, 6, 2), Term(1)) == date(2018, 6, 3)


def test_every_cycle_of_the_catalogue_has_a_term_or_none() -> None:
    assert set(TERMS) == set(Cycle)


def test_what_has_no_day_or_no_term_is_neither_late_nor_on_time() -> None:
    tally = Tally()
    came = date(2024, 3, 1)
    tally.add(
        [
            Row("甲局", None, came, Cycle.DAILY),
            Row("甲局", "2024-01-01", came, Cycle.ON_CHANGE),
            Row("甲局", "2024-01-01", came, None),
            Row("甲局", "2024-02", came, Cycle.DAILY),  # perhaps on its last day
            Row("甲局", "2024-02-28", came, Cycle.DAILY),
            Row("甲局", "2024-03-02", came, Cycle.DAILY),  # decided after it came: a slip, not late
            Row(UNNAMED.zh, "2024-02-29", came, Cycle.DAILY),
        ]
    )
    tally.refuse([Refusal("乙局", refused=True, corrected=False, open=True), Refusal("乙局", False, True, False)])
    assert tally.figures() == [
        Figures("乙局", refused=1, corrected=1, open=1),
        Figures("甲局", received=6, dated=5, timed=3, on_time=2, days=123, longest=60),
        Figures(UNNAMED.zh, received=1, dated=1, timed=1, on_time=1, days=1, longest=1),
    ]
    assert [each.share_refused for each in tally.figures()] == [1.0, 0.0, 0.0]


async def handed_in(
    database: Database, home: Path, source: TabularSource, rows: Rows, name: str, on: tuple[int, int, int]
) -> None:
    run = Run(Namespace(again=False, item=None), PERSON_KEY, home, SilentProgress())
    now = datetime(*on, 9, 0, tzinfo=SHANGHAI)
    await source.load_file(database, written(home, rows, name), run, now, name)


def decision(number: int, day: str, **changes: str) -> Mapping[str, str]:
    return {**PENALTY_2018, "行政处罚决定书文号": f"江罚〔2018〕{number}号", "处罚决定日期": day, **changes}


@pytest.mark.anyio
async def test_each_department_is_told_how_soon_and_how_well_it_reports(database: Database, tmp_path: Path) -> None:
    june = [
        decision(1, "2018-06-01"),  # the last day of its term
        decision(2, "2018-05-31"),
        decision(3, "2018-06-11", **OF_HOUSING),
        decision(4, "不详"),
        decision(5, "2018-06-01", 行政相对人名称="", **OF_HOUSING),
    ]
    await handed_in(database, tmp_path, DOUBLE_PUBLICITY, june, "june.csv", (2018, 6, 12))
    listed = {**ITEMS["tax-grades"]}
    await handed_in(database, tmp_path, SOURCE_OF["tax-grades"], [listed], "grades.csv", (2018, 6, 20))
    july = [*june[:3], decision(4, "2018-06-08"), june[4]]  # one row corrected, one as it was
    await handed_in(database, tmp_path, DOUBLE_PUBLICITY, july, "june.csv", (2018, 7, 2))

    async def asked(since: date, until: date) -> list[Figures]:
        found = await figures(database, tmp_path, shipped(), since, until, SilentProgress())
        return [each for each in found if each.department in (SAMR, HOUSING)]

    assert await asked(date(2018, 6, 1), date(2018, 7, 1)) == [
        Figures(HOUSING, received=1, dated=1, timed=1, on_time=1, days=1, longest=1, refused=1, open=1),
        Figures(SAMR, received=2, dated=2, timed=2, on_time=1, days=23, longest=12, refused=1),
    ]
    assert await asked(date(2018, 7, 1), date(2018, 8, 1)) == [
        Figures(SAMR, received=1, dated=1, timed=1, on_time=0, days=24, longest=24, corrected=1),
    ]
    assert await asked(date(2018, 8, 1), date(2018, 9, 1)) == []
    (_, samr) = await asked(date(2018, 6, 1), date(2018, 8, 1))
    assert said(samr) == (
        "江门市市场监督管理局: 收到 received 3; 按时 on time 1/3 33.3%; 天数 days 15.7, 最长 longest 24; "
        "退回 refused 1 25.0%, 已更正 corrected 1, 未更正 open 0"
    )
