"""What is stored beside a record's properties is what its states and its publication say, whatever else it holds."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graph.codes import PenaltyType, RecordKind, RecordState, Seriousness
from graph.states import course
from graph.store.derived import NEVER_PUBLIC, STATE_MARK, UNSOURCED, derived
from graph.store.rows import RECORD_PROPERTIES, record

DAYS = st.dates().map(str) | st.sampled_from(("2019", "2019-05", "2021-12"))
OTHERS = {
    "types": st.lists(st.sampled_from(PenaltyType).map(str), max_size=2).map(tuple),
    "state": st.sampled_from(RecordState).map(str),
    "seriousness": st.sampled_from(Seriousness).map(str),
    "sector": st.sampled_from(("FOOD", "DRUG")),
    "largeDebt": st.booleans(),
    "banYears": st.integers(1, 10),
    "banScope": st.just("MARKET"),
    "grade": st.sampled_from("ABCD"),
    "list": st.just("某名单"),
}
DATES = {name: DAYS for name in RECORD_PROPERTIES if name.endswith(("On", "From", "To")) or name in {"from", "to"}}


@given(st.sampled_from(RecordKind), st.fixed_dictionaries({}, optional={**DATES, **OTHERS}))
def test_records_that_are_judged_together_differ_in_nothing_that_counts(
    kind: RecordKind, values: dict[str, Any]
) -> None:
    found = derived(kind.value, values)
    run = course(record("", kind.value, {**values, **UNSOURCED}, {}))
    assert found["states"] == tuple(f"{day.isoformat()}{STATE_MARK}{state}" for day, state in run.states)
    public = NEVER_PUBLIC if run.public is None else tuple(day.isoformat() for day in run.public)
    assert (found["publicFrom"], found["publicTo"]) == public
