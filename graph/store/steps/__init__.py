"""The numbered steps that bring an older graph to the shape this software reads and writes, oldest first.

A step must not know how it is called; it is idempotent, batched and may be interrupted anywhere.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from graph.store.connection import Database
from graph.store.steps import (
    step_001_schema,
    step_002_reading,
    step_003_sizes,
    step_004_measures,
    step_005_submissions,
    step_006_persons,
    step_007_items,
)


@dataclass(frozen=True, slots=True)
class Step:
    """`number` is the `schemaVersion` of a graph that has it."""

    number: int
    title: str
    run: Callable[[Database], Awaitable[None]]
    schema: tuple[str, ...]  # what of it a graph needs that was written in the newest shape from the first row on


STEPS: Final = (
    Step(1, "constraints and indexes", step_001_schema.run, step_001_schema.SCHEMA),
    Step(2, "keys and indexes of lists, order and search", step_002_reading.run, step_002_reading.INDEXES),
    Step(3, "phrases among names of some lengths", step_003_sizes.run, step_003_sizes.CREATED),
    Step(4, "stored measures, their marks and their indexes", step_004_measures.run, step_004_measures.INDEXES),
    Step(5, "receipts of what was handed in", step_005_submissions.run, step_005_submissions.INDEXES),
    Step(6, "persons in the order of their ids", step_006_persons.run, step_006_persons.INDEXES),
    Step(7, "versions of catalogue items", step_007_items.run, step_007_items.INDEXES),
)
