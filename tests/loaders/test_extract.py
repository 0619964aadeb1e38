"""A full extract ends what it lacks, on its day; a file that may not be whole ends nothing."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from graph.periods import NEVER, OPEN_END, SHANGHAI
from graph.progress import SilentProgress
from graph.store.connection import Database, Transaction
from loaders.__main__ import _exit_code, main
from loaders.source import Run, Tally
from tests.conftest import PERSON_KEY
from tests.loaders.catalogued import CATALOGUED, ITEMS
from tests.loaders.tabular import LI, POST, POSTS, WANG, Rows, written

pytestmark = pytest.mark.anyio

FIRST = datetime(2026, 1, 2, 9, 0, tzinfo=SHANGHAI)
DAY = date(2026, 2, 1)
RUNNING = """
MATCH (start:Entity)-[r:SERVES_AS]->(:Entity) WHERE r.retractedAt = $never
RETURN start.name AS name, r.from AS from, r.to AS to ORDER BY name, from"""
EARLIER = """
MATCH (:Entity)-[r:SERVES_AS]->(:Entity) WHERE r.recordedAt <= $at AND r.retractedAt > $at RETURN count(r) AS posts"""
DIRECTOR = {**POST, "职务": "董事", "任职止": ""}
OF_LI, OF_WANG = {**DIRECTOR, "证件号码": LI}, {**DIRECTOR, "姓名": "王某", "证件号码": WANG, "任职起": "2015-01-01"}


async def load(
    database: Database, folder: Path, rows: Rows, days: int, *, full: date | None = None, most_ended: int = 50
) -> bool:
    """Whether the extract was held back."""
    run = Run(Namespace(full=full, most_ended=most_ended), PERSON_KEY, folder, SilentProgress())
    path = written(folder, rows, f"posts-{days}.csv")
    _, _, held = await POSTS.load_file(database, path, run, FIRST + timedelta(days=days))
    return held


async def running(database: Database) -> list[tuple[str, str, str]]:
    return [(each["name"], each["from"], each["to"]) for each in await database.read(RUNNING, {"never": NEVER})]


LI_RUNS, WANG_RUNS = ("李某", "2012-05-01", OPEN_END), ("王某", "2015-01-01", OPEN_END)


async def test_what_a_full_extract_lacks_has_ended_on_its_day_and_is_not_deleted(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await load(database, tmp_path, [OF_LI, OF_WANG], 0)
    assert await running(database) == [LI_RUNS, WANG_RUNS]
    await load(database, tmp_path, [OF_LI], 30, full=DAY)
    assert "of 2 that run 1 have ended" in capsys.readouterr().out
    assert await running(database) == [LI_RUNS, ("王某", "2015-01-01", "2026-02-01")]
    before = (FIRST + timedelta(days=1)).isoformat()
    assert (await database.read(EARLIER, {"at": before}))[0]["posts"] == 2


async def test_the_same_extract_again_ends_nothing_more_and_who_comes_back_goes_on(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path, [OF_LI, OF_WANG], 0)
    await load(database, tmp_path, [OF_LI], 30, full=DAY)
    ended = await running(database)
    await load(database, tmp_path, [OF_LI], 31, full=DAY + timedelta(days=1))
    assert await running(database) == ended
    await load(database, tmp_path, [OF_LI, OF_WANG], 32, full=DAY + timedelta(days=2))
    assert await running(database) == [LI_RUNS, WANG_RUNS]


async def test_a_relation_that_keeps_an_id_of_another_graph_ends_like_any_other(
    database: Database, tmp_path: Path
) -> None:
    await load(database, tmp_path, [OF_LI, OF_WANG], 0)

    async def rename(transaction: Transaction) -> None:
        await transaction.run("MATCH ()-[r:SERVES_AS]->() SET r.id = 'pos_elsewhere' + r.from")

    await database.write(rename)
    await load(database, tmp_path, [OF_LI], 30, full=DAY)
    assert await running(database) == [LI_RUNS, ("王某", "2015-01-01", "2026-02-01")]


async def test_a_file_that_may_not_be_whole_ends_nothing(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await load(database, tmp_path, [OF_LI, OF_WANG], 0)
    assert await load(database, tmp_path, [OF_LI, {**OF_WANG, "职务": "不明"}], 1, full=DAY)
    assert "1 rows are quarantined: nothing was ended" in capsys.readouterr().out
    assert await load(database, tmp_path, [OF_LI], 2, full=DAY, most_ended=10)
    assert "lacks 1 of the 2 that run, more than 10%: nothing was ended" in capsys.readouterr().out
    assert not await load(database, tmp_path, [OF_LI], 3)
    assert await running(database) == [LI_RUNS, WANG_RUNS]


async def test_what_begins_after_the_day_of_the_extract_is_not_lacking(database: Database, tmp_path: Path) -> None:
    later = {**OF_WANG, "任职起": "2026-02-01"}
    await load(database, tmp_path, [OF_LI, later], 0)
    await load(database, tmp_path, [OF_LI], 1, full=DAY)
    assert await running(database) == [LI_RUNS, ("王某", "2026-02-01", OPEN_END)]


async def test_who_was_to_leave_later_and_is_gone_has_left_on_the_day(database: Database, tmp_path: Path) -> None:
    later, earlier = {**OF_WANG, "任职止": "2027-06-30"}, {**OF_LI, "任职止": "2026-01-15"}
    await load(database, tmp_path, [OF_LI, later, {**earlier, "职务": "监事"}], 0)
    assert not await load(database, tmp_path, [OF_LI], 30, full=DAY)
    assert await running(database) == [
        ("李某", "2012-05-01", "2026-01-16"),
        LI_RUNS,
        ("王某", "2015-01-01", "2026-02-01"),
    ]


async def test_the_last_of_a_kind_that_is_gone_has_ended(database: Database, tmp_path: Path) -> None:
    controls = """
MATCH (:Entity)-[r:CONTROLS]->(:Entity) WHERE r.retractedAt = $never RETURN r.to AS to"""
    await load(database, tmp_path, [OF_LI, {**OF_WANG, "职务": "实际控制人"}], 0)
    await load(database, tmp_path, [OF_LI], 30, full=DAY)
    assert await database.read(controls, {"never": NEVER}) == [{"to": "2026-02-01"}]
    assert await running(database) == [LI_RUNS]


async def test_an_extract_that_loads_nothing_and_ends_something_is_what_was_handed_in_last(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def hand_in(name: str, rows: Rows, full: date | None = None) -> None:
        run = Run(Namespace(full=full, most_ended=50, again=False), PERSON_KEY, tmp_path, SilentProgress())
        await POSTS.load(database, written(tmp_path, rows, name), run)

    await hand_in("both.csv", [OF_LI, OF_WANG])
    await hand_in("li.csv", [OF_LI], DAY)
    assert await running(database) == [LI_RUNS, ("王某", "2015-01-01", "2026-02-01")]
    await hand_in("both.csv", [OF_LI, OF_WANG])
    assert "not read again" not in capsys.readouterr().out
    assert await running(database) == [LI_RUNS, WANG_RUNS]


@pytest.mark.parametrize(
    ("tally", "code"),
    [(Tally(2, 2, 0), 0), (Tally(2, 2, 0, held=True), 1), (Tally(2, 1, 1, held=True), 1), (Tally(2, 0, 2), 2)],
)
def test_an_extract_that_ended_nothing_is_told_by_the_exit_code(tally: Tally, code: int) -> None:
    assert _exit_code([tally]) == code


ENTRIES = """
MATCH (entry:ListEntry)-[:ABOUT]->(party) RETURN party.name AS name, entry.liftedOn AS lifted ORDER BY name"""


async def test_who_has_left_a_list_is_listed_no_more_until_a_row_says_so_again(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    li, wang = ({**ITEMS["dishonest-debtors-city"], "姓名": name, "执行案号": name} for name in ("李某", "王某"))
    source = CATALOGUED["lists"]

    async def entries(
        rows: Rows, days: int, full: date | None, header: Mapping[str, str] | None = None, most_ended: int = 50
    ) -> list[tuple[str, str | None]]:
        run = Run(Namespace(full=full, most_ended=most_ended), PERSON_KEY, tmp_path, SilentProgress())
        path = written(tmp_path, rows or [{name: "" for name in header or ()}], f"lists-{days}.csv")
        await source.load_file(database, path, run, FIRST + timedelta(days=days))
        return [(each["name"], each["lifted"]) for each in await database.read(ENTRIES, {})]

    assert await entries([li, wang], 0, None) == [("李某", None), ("王某", None)]
    assert await entries([li], 30, DAY) == [("李某", None), ("王某", "2026-02-01")]
    assert "of 2 that run 1 have ended" in capsys.readouterr().out
    assert await entries([li], 31, DAY + timedelta(days=1)) == [("李某", None), ("王某", "2026-02-01")]
    assert await entries([li, wang], 32, DAY + timedelta(days=2)) == [("李某", None), ("王某", None)]
    left = DAY + timedelta(days=3)
    capsys.readouterr()
    assert await entries([], 33, left, li) == [("李某", None), ("王某", None)]
    assert "lacks 2 of the 2 that run, more than 50%: nothing was ended" in capsys.readouterr().out
    assert await entries([], 34, left, li, most_ended=100) == [("李某", f"{left}"), ("王某", f"{left}")]


def test_a_folder_is_no_extract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.csv", "b.csv"):
        written(tmp_path, [OF_LI], name)
    assert main(["posts", str(tmp_path), "--full", "2026-02-01", "--dry-run"]) == 2
    assert "each would end what the others tell" in capsys.readouterr().err
