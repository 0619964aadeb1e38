"""Which subjects whole numbers and whole names name; nothing is guessed.

It must not know how a text is looked for in a database.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from graph.texts import fold
from graph.vocabulary import Family
from tests.oracle.facts import known
from tests.oracle.reading import Refused, Scope, View
from tests.oracle.shown import all_shown

MOST_TEXTS, LONGEST, MOST_MATCHED = 100, 200, 20
NOTHING: Final = (None, ())


def resolve(scope: Scope, texts: Sequence[str]) -> list[dict[str, Any]]:
    """In the order of the texts, each with its subjects by id."""
    if len(texts) > MOST_TEXTS:
        raise Refused("LIMIT_EXCEEDED")
    if not texts or not all(0 < len(fold(each)) <= LONGEST for each in texts):
        raise Refused("BAD_USER_INPUT")
    found = []
    for text in texts:
        by, ids = _by_number(scope, text) or _by_name(scope, fold(text)) or NOTHING
        found.append({"text": text, "by": by, "matched": all_shown(scope, sorted(ids)[:MOST_MATCHED])})
    return found


def _by_number(scope: Scope, text: str) -> tuple[str, list[str]] | None:
    """An id or an identifier of subjects; all of its holders."""
    try:
        held = scope.world.find(scope.lookup(text), scope.moment)
    except Refused:
        return None
    views = (scope.view(each) for each in held)
    ids = [each.id for each in views if each is not None and each.family is Family.SUBJECT]
    return ("IDENTIFIER", ids) if ids else None


def _by_name(scope: Scope, text: str) -> tuple[str, list[str]] | None:
    """By the name of the day; where nobody has it on that day, by a name of another day."""
    views = [scope.view(each) for each in scope.world.of_family(Family.SUBJECT, scope.moment)]
    readable = [each for each in views if each is not None and scope.reads(each, "name")]
    current = [each.id for each in readable if fold(each.values["name"]) == text]
    if current:
        return "EXACT_NAME", current
    other = [each.id for each in readable if text in names(scope, each)]
    return ("FORMER_NAME", other) if other else None


def names(scope: Scope, view: View) -> set[str]:
    """Every name of any day that was known then."""
    versions = scope.world.things[view.id].versions
    return {fold(each.values["name"]) for each in versions if known(each, scope.moment) and "name" in each.values}
