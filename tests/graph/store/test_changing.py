"""After any changes the measures derived change by change are those derived from scratch, and what checks answer.

`python -m bench derive --changes 1000` runs the same machine longer.
"""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from graph.store.address import Address
from tests.graph.store.changing import Changing


def test_derived_change_by_change_is_derived_from_scratch(server: Address) -> None:
    class Here(Changing):
        pass

    Here.server = server
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=5,
            stateful_step_count=30,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=[*HealthCheck],
        ),
    )
