"""Memory from the machine, one neo4j.conf."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from graph.store.embedded import EmbeddedOptions
from graph.store.embedded.configuration import Memory, settings, size


@pytest.mark.parametrize(
    ("machine", "heap", "page_cache"),
    [(2_000, 512, 166), (8_000, 1333, 666), (24_000, 4000, 2000), (256_000, 4096, 2048)],
)
def test_memory_follows_the_machine(machine: int, heap: int, page_cache: int) -> None:
    assert size(EmbeddedOptions(home=Path()), machine) == Memory(heap, page_cache)


def test_given_memory_wins() -> None:
    options = EmbeddedOptions(home=Path(), heap_megabytes=700, page_cache_megabytes=70)
    assert size(options, 24_000) == Memory(700, 70)


def test_the_query_log_is_off_unless_asked_and_never_holds_parameters(options: EmbeddedOptions) -> None:
    for wanted, level in ((False, "OFF"), (True, "VERBOSE")):
        found = dict(settings(replace(options, query_log=wanted), Memory(512, 64), 7687))
        assert found["db.logs.query.enabled"] == level
        assert found["db.logs.query.parameter_logging_enabled"] == "false"


def test_options_cross_the_process_border(options: EmbeddedOptions) -> None:
    assert EmbeddedOptions.from_json(options.to_json()) == options
