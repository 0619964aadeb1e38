"""What was read from one entry: its values by key, the line of each, and the fault that refuses it.

It must not know how values are written nor what becomes of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.codes import IdentifierScheme, Text
from graph.periods import Day, Period


class Fault(Exception):
    """Why an entry is refused: the line and key at fault, and the reason."""

    def __init__(self, line: int, key: str | None, zh: str, en: str) -> None:
        super().__init__(en)
        self.line = line
        self.key = key
        self.reason = Text(zh, en)


@dataclass(frozen=True, slots=True)
class Document:
    scheme: IdentifierScheme
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Former:
    """An earlier number with the period in which it was the subject's."""

    document: Document
    period: Period


@dataclass(frozen=True, slots=True)
class Version:
    period: Period
    fields: Fields


@dataclass(frozen=True, slots=True)
class Fields:
    """The values of an entry by key, and the line of each key; `line` is where the entry starts."""

    values: Mapping[str, object]
    lines: Mapping[str, int]
    line: int

    def fault(self, key: str | None, zh: str, en: str) -> Fault:
        return Fault(self.line if key is None else self.lines.get(key, self.line), key, zh, en)

    def text(self, key: str) -> str | None:
        value = self.values.get(key)
        assert value is None or isinstance(value, str)  # noqa: S101 - the key's form says so
        return value

    def need(self, key: str) -> str:
        value = self.text(key)
        assert value is not None  # noqa: S101 - required keys are checked before
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, ())
        assert isinstance(value, tuple)  # noqa: S101 - the key's form says so
        return value

    def formers(self, key: str) -> tuple[Former, ...]:
        value = self.values.get(key, ())
        assert isinstance(value, tuple)  # noqa: S101 - the key's form says so
        return value

    def versions(self, key: str) -> tuple[Version, ...]:
        value = self.values.get(key, ())
        assert isinstance(value, tuple)  # noqa: S101 - the key's form says so
        return value

    def day(self, key: str) -> Day | None:
        value = self.values.get(key)
        assert value is None or isinstance(value, Day)  # noqa: S101 - the key's form says so
        return value

    def period(self, start: str = "from", end: str = "to") -> Period:
        """The half-open period of two keys; one that surely holds no day is a fault of the end."""
        period = Period(self.day(start), self.day(end))
        if period.start is not None and period.end is not None and period.end.last <= period.start.first:
            raise self.fault(
                end,
                f"结束日期{period.end}不晚于开始日期{period.start}",
                f"ends on {period.end}, not after it began on {period.start}",
            )
        return period
