"""After any changes the measures derived change by change are those derived from scratch, and what checks answer.

`python -m bench derive --changes 1000` runs the same machine longer.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from graph.store.address import Address
from tests.graph.store.changing import Changing
from tests.graph.store.judged import hashes

EXAMPLES, STEPS = 3, 20


@pytest.fixture
def city(server: Address) -> type[Changing]:
    class Here(Changing):
        pass

    Here.server = server
    return Here


def test_derived_change_by_change_is_derived_from_scratch(city: type[Changing]) -> None:
    run_state_machine_as_test(
        city,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=True,  # the same changes in every run: those by which seeded faults were found
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=[*HealthCheck],
        ),
    )


@pytest.mark.parametrize("who", ["wang", "chen"])
def test_who_turns_out_to_be_grown_up_is_bound_by_where_he_sits_and_what_names_him(
    city: type[Changing], who: str
) -> None:
    """`wang` holds an office at the punished firm; `chen` is only found responsible."""
    one = city()
    try:
        before = one.do(hashes(one.database))
        one.learn_age(who=who, on="1930-01-01")
        assert len(one.do(hashes(one.database))) > len(before)
    finally:
        one.teardown()
