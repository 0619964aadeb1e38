"""Which version answers on a day, on which days the node itself may answer, and what a new account changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from graph.periods import OPEN_END, OPEN_START
from graph.store.versions import Version, drafted, in_force, plan_versions, snapshot
from tests.graph.store.batches import node, version

TODAY = date(2020, 1, 1)


def held(start: str, end: str, name: str, *, recorded: str = "1", source: str = "a") -> Version:
    return Version(start, end, {"name": name}, source, recorded, f"{source}{name}{start}")


def recorded(versions: Mapping[str, Version], at: str) -> dict[str, Version]:
    return {hash: replace(each, recorded_at=at) for hash, each in versions.items()}


def shown(*versions: Version, today: date = TODAY) -> tuple[object, str, str]:
    found = snapshot(versions, today)
    assert found is not None
    return found.version.values["name"], found.start, found.end


def test_of_versions_side_by_side_the_snapshot_is_todays() -> None:
    old, new = held(OPEN_START, "2016-05-01", "旧"), held("2016-05-01", OPEN_END, "新")
    assert shown(old, new) == ("新", "2016-05-01", OPEN_END)
    assert shown(old, new, today=date(2016, 4, 30)) == ("旧", OPEN_START, "2016-05-01")
    assert shown(old, new, today=date(2016, 5, 1)) == ("新", "2016-05-01", OPEN_END)


def test_of_two_sources_the_later_recorded_one_answers_where_it_speaks() -> None:
    one = held(OPEN_START, OPEN_END, "甲源")
    two = held("2019-01-01", "2021-01-01", "乙源", recorded="2", source="b")
    assert shown(one, two) == ("乙源", "2019-01-01", "2021-01-01")
    assert shown(one, two, today=date(2021, 1, 1)) == ("甲源", "2021-01-01", OPEN_END)


def test_between_periods_the_earlier_one_holds_on_and_before_all_the_first() -> None:
    early, late = held("2010-01-01", "2012-01-01", "早"), held("2015-01-01", "2016-01-01", "晚")
    assert shown(early, late, today=date(2013, 1, 1)) == ("早", OPEN_START, "2015-01-01")
    assert shown(early, late, today=date(2030, 1, 1)) == ("晚", "2015-01-01", OPEN_END)
    assert shown(early, late, today=date(1990, 1, 1)) == ("早", OPEN_START, "2015-01-01")


def test_an_end_known_to_the_month_ends_with_the_month_before() -> None:
    old, new = held(OPEN_START, "2018-06", "旧"), held("2018-06", OPEN_END, "新")
    assert shown(old, new, today=date(2018, 5, 31)) == ("旧", OPEN_START, "2018-06")
    assert shown(old, new, today=date(2018, 6, 1)) == ("新", "2018-06", OPEN_END)


def test_nothing_believed_has_no_snapshot() -> None:
    assert snapshot([], TODAY) is None


DAYS = st.integers(0, 12).map(lambda n: (date(2020, 1, 1) + timedelta(days=n)).isoformat())
ENDS = st.tuples(st.one_of(st.just(OPEN_START), DAYS), st.one_of(st.just(OPEN_END), DAYS)).filter(
    lambda ends: ends[0] < ends[1]
)
HELD = st.lists(
    st.builds(
        lambda ends, recorded, source: Version(ends[0], ends[1], {}, source, recorded, f"{ends}{recorded}{source}"),
        ENDS,
        st.sampled_from("123"),
        st.sampled_from("ab"),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda each: each.hash,
)


@given(HELD, st.integers(-2, 14))
def test_on_every_day_of_a_snapshot_its_version_answers_and_on_the_days_beside_it_another(
    versions: list[Version], today: int
) -> None:
    first = date(2020, 1, 1)
    found = snapshot(versions, first + timedelta(days=today))
    assert found is not None
    for n in range(-3, 16):
        day = (first + timedelta(days=n)).isoformat()
        inside = found.start <= day < found.end
        answers = in_force(versions, day).hash == found.version.hash
        assert not inside or answers
    if found.end != OPEN_END:
        assert in_force(versions, found.end).hash != found.version.hash


def test_a_new_account_keeps_what_it_repeats_and_leaves_other_sources_alone() -> None:
    draft = node("a", version(end="2016", name="旧"), version(start="2016", name="误"))
    before = recorded(drafted(draft, "w", None), "1")
    other = held(OPEN_START, OPEN_END, "别", recorded="0", source="z")
    after = recorded(
        drafted(node("a", version(end="2016", name="旧"), version(start="2016", name="正")), "w", None), "2"
    )
    plan = plan_versions([*before.values(), other], after, "w", TODAY)
    names = {hash: each.values["name"] for hash, each in (before | after).items()}
    assert [names[hash] for hash in plan.retract] == ["误"]
    assert [each.values["name"] for each in plan.create] == ["正"]
    assert plan.snapshot is not None
    assert (plan.snapshot.version.values["name"], plan.snapshot.start) == ("正", "2016")
    gone = plan_versions(list(before.values()), {}, "w", TODAY)
    assert (len(gone.retract), gone.create, gone.snapshot) == (2, (), None)


def test_a_source_that_says_nothing_of_a_node_still_says_that_it_exists() -> None:
    (said,) = drafted(node("p", version(), kind="PERSON"), "w", "w").values()
    assert (said.start, said.end, dict(said.values)) == (OPEN_START, OPEN_END, {})
