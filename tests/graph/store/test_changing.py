"""After any changes the measures derived change by change are those derived from scratch, and what checks answer.

`python -m bench derive --changes 1000` runs the same machine longer.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from graph.store.address import Address
from tests.graph.store.changing import Changing

EXAMPLES, STEPS = 3, 20


def test_derived_change_by_change_is_derived_from_scratch(server: Address) -> None:
    class Here(Changing):
        pass

    Here.server = server
    run_state_machine_as_test(
        Here,
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
