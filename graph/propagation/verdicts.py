"""How a single condition turned out: held, failed with its reason, or unknown with the evidence that is missing.

It must not know rules; whoever combines verdicts decides what they mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from graph.codes import Condition, EvidenceKind, Text
from graph.findings import Gap


@dataclass(frozen=True, slots=True)
class Held:
    """The condition is met."""


class Failed(NamedTuple):
    """The condition is not met. `tell` names the fact and the date; it is asked only where the answer shows it."""

    condition: Condition
    tell: Callable[[], Text]

    @property
    def explanation(self) -> Text:
        return self.tell()


class Unknown(NamedTuple):
    """What is recorded does not decide it (POTENTIAL with a gap)."""

    gap: Gap


Verdict = Held | Failed | Unknown
HELD: Final = Held()


def failed(condition: Condition, zh: str, en: str) -> Failed:
    told = Text(zh, en)
    return Failed(condition, lambda: told)


def unknown(evidence: EvidenceKind, zh: str, en: str) -> Unknown:
    return Unknown(Gap(evidence, Text(zh, en)))


def imprecise(what_zh: str, what_en: str) -> Unknown:
    return unknown(
        EvidenceKind.DATE_IMPRECISE,
        f"{what_zh}仅知年月,不能确定当日是否成立",
        f"{what_en} is known to the month or year only; whether it holds on the day is open",
    )


class Balance(NamedTuple):
    """All conditions of one candidate taken together."""

    failures: tuple[Failed, ...]
    gaps: tuple[Gap, ...]

    @classmethod
    def of(cls, verdicts: Iterable[Verdict]) -> Balance:
        taken = [each for each in verdicts if each is not HELD]
        if not taken:
            return NOTHING_OPEN
        gaps = {each.gap.evidence: each.gap for each in taken if isinstance(each, Unknown)}
        return cls(tuple([each for each in taken if isinstance(each, Failed)]), tuple(gaps.values()))


NOTHING_OPEN: Final = Balance((), ())
