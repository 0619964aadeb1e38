"""How much of a graph a pack asks for: what is walked around whom it is about, and what a record must say to count.

It must not know rules, nor how a graph is read.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.codes import CauseKind, RecordKind, RelationKind


@dataclass(frozen=True, slots=True)
class Telling:
    """What a record must say to set off any rule at all, as far as one can see by a few of its properties.

    A penalty: one of `types`, a sector or licence of `sectors`, or, where `applied`, that it applied some article. A
    grade: one of `grades`. A list entry: one of `lists`, in any spelling. `kinds` that may at all. None: any may.
    """

    types: frozenset[str] | None = None
    sectors: frozenset[str] = frozenset()
    grades: frozenset[str] | None = None
    lists: frozenset[str] | None = None
    kinds: frozenset[RecordKind | CauseKind] | None = None
    applied: bool = True


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a neighbourhood must hold: post-like relations to walk, and how many lie between a party and a subject.

    Two: organisation ← person (who is barred) → organisation (whose record bars him). `owners`: as much again around
    everyone who holds or controls a party through others, on the day. `kinds`: records that can say anything of a
    party; half of a city's are permits, grades and inspections. None at all: only what is asked about itself matters.
    `own`: of the records about who is asked about, those that count. `telling`: of those about others, those that can
    set something off; `about`: of those about organisations that name nobody near, where they alone count that bind
    somebody; `leading`: of those around others than where a person asked about sits, where they alone count that lead
    on to him who is asked about. `anywhere`: posts of everybody near, wherever, of organisations too; else who sits at
    organisations that are near or that a cause is about. `addressed`: and of persons whom a cause is about, wherever.
    `everywhere`: every step in both directions, for what listed parties own together.
    """

    relations: frozenset[RelationKind]
    hops: int
    owners: bool = False
    kinds: frozenset[RecordKind] = frozenset(RecordKind)
    telling: Telling = Telling()
    about: Telling = Telling()
    own: Telling = Telling()
    leading: Telling | None = None
    anywhere: bool = False
    addressed: bool = False
    everywhere: bool = False
