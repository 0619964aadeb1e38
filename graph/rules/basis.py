"""What a rule rests on: an article, and when its text or number was in force where that is not all its version's time.

It must not know files, nor judge whether a text is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from graph.facts import Article
from graph.periods import ALWAYS, Period, parse_period

if TYPE_CHECKING:
    from graph.rules.rows import BasisRow

EDITION: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=[年修〕))])")


@dataclass(frozen=True, slots=True)
class Basis(Article):
    """An article as a rule cites it; `validity` is that of the cited text or number, open where it was not said."""

    validity: Period = ALWAYS


def edition(document: str) -> int | None:
    """The year that a document bears in its name: `公司法(2023修订)`, `法发〔2019〕35号`."""
    found = EDITION.search(document)
    return int(found[1]) if found else None


def cited(rows: Iterable[BasisRow], version: Period) -> tuple[Basis, ...]:
    """What a version rests on; raises ValueError for a day that is none, or that leaves nothing of the version."""
    found = tuple(Basis(each.document, each.article, parse_period(each.since, each.to)) for each in rows)
    for each in found:
        start, end = each.validity.start, each.validity.end
        if start is not None and end is not None and end.last <= start.first:
            raise ValueError(f"{each.document} ends before it begins")
        if not each.validity.may_overlap(version):
            raise ValueError(f"{each.document} was not in force while the version is")
    return found


def undated(basis: Iterable[Basis], version: Period) -> Basis | None:
    """A basis that by its name is younger than the version, and does not say from when it carries it."""
    for each in basis:
        year = edition(each.document)
        if year and version.start and each.validity.start is None and year > version.start.first.year:
            return each
    return None
