"""The same operation with other values: days, sizes of pages, ids, numbers and names change, its form does not.

Another question with another answer, for which the database has the plan already (`api.md` 8: values are no part of a
statement). It must not know answers.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Any, Final

from tests.oracle.operations import Operation
from tests.oracle.values import Values
from tests.oracle.world import BORDERS, INDUSTRIES, REGIONS, Drawn

APART: Final = 50  # far more than are asked at once: a long one may be planned for half a minute
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
TEXT: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
SIZE: Final = re.compile(r"(?<=\bfirst: )[1-9]\b|(?<=\blast: )[1-9]\b")


def with_others(operations: Iterable[Operation], drawn: Drawn, times: int, seed: int) -> Iterator[Operation]:
    """Each operation as it was drawn, and so many times in all, with values of its own each time.

    Those of one form do not follow each other: asked at once, a database would plan them all.
    """
    chance = random.Random(seed)
    kindred, waiting = Kindred(drawn, chance), iter(operations)
    while few := list(islice(waiting, APART)):
        yield from few
        for _ in range(times - 1):
            yield from (varied(each, kindred, chance) for each in few)


class Kindred:
    """For a text of an operation another of its kind: an id for an id, a name for a name, a part for a part."""

    def __init__(self, drawn: Drawn, chance: random.Random) -> None:
        values = Values(drawn, chance, Counter())
        self.chance, self.names, self.alike = chance, values.names, dict[str, Sequence[str]]()
        kinds: dict[str, list[str]] = {}
        for thing in drawn.world.things.values():
            kinds.setdefault(thing.kind, []).append(thing.id)
        for ids in kinds.values():
            self._tell(ids)
            self._tell([text for id in ids for text in values.texts_of.get(id, ()) if text.startswith("world:")])
        for each in (values.names, values.persons, values.codes, values.numbers, REGIONS, INDUSTRIES):
            self._tell(each)

    def _tell(self, texts: Sequence[str]) -> None:
        self.alike.update(dict.fromkeys(texts, texts))

    def other(self, text: str) -> str:
        if DAY.fullmatch(text):
            return (self.chance.choice(BORDERS) + timedelta(days=self.chance.choice((0, 0, -1, 1, 30)))).isoformat()
        if text in self.alike:
            return self.chance.choice(self.alike[text])
        start = next((name.index(text) for name in self.names if text and text in name), None)
        if start is None:
            return text
        return self.chance.choice(self.names)[start : start + len(text)].strip() or text


def varied(operation: Operation, kindred: Kindred, chance: random.Random) -> Operation:
    """What was written alike stays alike, so that fields that share a place still can be merged."""
    others: dict[str, str] = {}

    def text(found: re.Match[str]) -> str:
        was = json.loads(found[0])
        return json.dumps(others.setdefault(was, kindred.other(was)), ensure_ascii=False)

    def size(found: re.Match[str]) -> str:
        return others.setdefault(found[0], str(chance.randint(1, 5)))

    def given(value: Any) -> Any:
        """Variables follow: what a text of the document became, it becomes here."""
        if isinstance(value, Mapping):
            return {name: given(each) for name, each in value.items()}
        if isinstance(value, list):
            return [given(each) for each in value]
        return others.setdefault(value, kindred.other(value)) if type(value) is str else value

    document = SIZE.sub(size, TEXT.sub(text, operation.document))
    return replace(operation, document=document, variables=given(operation.variables))
