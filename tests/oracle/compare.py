"""Asks the served API and the oracle the same, and says where their answers differ, in as few words as possible.

Equal means: `data` as bytes, cursors compared as present or null; errors as path and code. It must not know resolvers.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final

import orjson
from graphql import GraphQLError, Node, parse

from tests.oracle.operations import UNALIASED, Follow, Operation
from tests.oracle.reading import Asker
from tests.oracle.resolvers import Oracle
from tests.oracle.world import NOW
from tests.schema.asking import Asking

MOST_TURNS: Final = 3  # pages asked for one after another
AT_ONCE: Final = 4  # operations
PATIENCE: Final = 2  # how often a statement that took too long is asked
MOST_TRIES: Final = 80  # of making an operation smaller
Answer = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    operation: Operation
    variables: Mapping[str, Any]
    served: Answer
    expected: Answer

    def __str__(self) -> str:
        asker = self.operation.asker
        claims = {name: each for name, each in asker.claims.items() if each is not None}
        return "\n".join(
            (
                f"role {asker.role} {claims or ''}, asked on {NOW.isoformat()}",
                self.operation.document,
                f"variables {json.dumps(dict(self.variables), ensure_ascii=False)}",
                f"served   {_text(self.served)}",
                f"expected {_text(self.expected)}",
            )
        )


@dataclass
class Tally:
    """What the operations asked were like, as counted from their answers."""

    asked: int = 0
    over_limits: int = 0
    timed_out: list[str] = field(default_factory=list)
    longest: tuple[float, str] = (0.0, "")
    have: Counter[str] = field(default_factory=Counter)

    def note(self, operation: Operation, answers: Iterable[Answer]) -> None:
        self.asked += 1
        tags = set(operation.tags)
        for answer in answers:
            tags |= {"errors"} if answer.get("errors") else set()
            tags |= {"lists"} if _has_list(answer.get("data")) else set()
        self.have.update(tags)

    def share(self, tag: str) -> float:
        return self.have[tag] / max(1, self.asked)

    def __str__(self) -> str:
        shares = ", ".join(f"{tag} {self.share(tag):.0%}" for tag in sorted(self.have))
        return (
            f"{self.asked} operations ({self.over_limits} over the limits, {len(self.timed_out)} timed out): {shares}"
        )


@dataclass
class Comparing:
    asking: Asking
    oracle: Oracle
    tally: Tally = field(default_factory=Tally)

    async def differences(self, operations: Iterable[Operation]) -> AsyncIterator[Difference]:
        """Of many operations, a few at a time, in the order in which they are answered."""
        waiting, running = iter(operations), set[asyncio.Task[Difference | None]]()
        while True:
            running |= {asyncio.create_task(self.difference(each)) for each in islice(waiting, AT_ONCE - len(running))}
            if not running:
                return
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for found in (each.result() for each in done):
                if found is not None:
                    yield found

    async def difference(self, operation: Operation) -> Difference | None:
        """The first difference in the answers to an operation, page after page; None when there is none."""
        served_cursor, own_cursor = None, None
        answers = []
        for _ in range(MOST_TURNS if operation.follow else 1):
            asked = self._variables(operation, served_cursor)
            served = await self.served(operation.document, asked, operation.asker)
            if _over_limits(served):
                self.tally.over_limits += 1
                return None
            if _timed_out(served):
                self.tally.timed_out.append(operation.document)
                return None
            expected = self.expected(operation.document, self._variables(operation, own_cursor), operation.asker)
            answers.append(served)
            if not same(served, expected):
                self.tally.note(operation, answers)
                return Difference(operation, asked, served, expected)
            if operation.follow is None:
                break
            served_cursor, own_cursor = _cursor(served, operation.follow), _cursor(expected, operation.follow)
            if served_cursor is None:
                break
        self.tally.note(operation, answers)
        return None

    def _variables(self, operation: Operation, cursor: str | None) -> dict[str, Any]:
        if operation.follow is None:
            return dict(operation.variables)
        return {**operation.variables, operation.follow.variable: cursor}

    async def served(self, document: str, variables: Mapping[str, Any], asker: Asker) -> Answer:
        """What the API answers; a busy machine is asked again, for a while."""
        for _ in range(PATIENCE):
            began = time.monotonic()
            body = (await self.asking.execute(document, dict(variables), asker.role, **asker.claims)).body
            self.tally.longest = max(self.tally.longest, (time.monotonic() - began, document))
            if not _timed_out(body):
                break
        return body

    def expected(self, document: str, variables: Mapping[str, Any], asker: Asker) -> Answer:
        return self.oracle.execute(document, variables, asker, NOW)

    async def smallest(self, found: Difference) -> Difference:
        """The same difference asked with as little as possible: parts of the document are left out one by one."""
        tries = 0
        progress = True
        while progress and tries < MOST_TRIES:
            progress = False
            for smaller in _smaller(found.operation.document):
                if "data" not in self.expected(smaller, found.variables, found.operation.asker):
                    continue  # not an operation any more: not worth a question
                tries += 1
                if tries > MOST_TRIES:
                    break
                other = await self._still(replace(found.operation, document=smaller))
                if other is not None:
                    found, progress = other, True
                    break
        return found

    async def _still(self, operation: Operation) -> Difference | None:
        """Whether a smaller operation still is one, and differs."""
        try:
            unfollowed = operation.follow and f"${operation.follow.variable}" not in operation.document
            used = {name: value for name, value in operation.variables.items() if f"${name}" in operation.document}
            smaller = replace(operation, variables=used, follow=None if unfollowed else operation.follow)
            found = await replace(self, tally=Tally()).difference(smaller)
        except GraphQLError:
            return None
        if found is None or "data" not in found.served or "data" not in found.expected:
            return None
        return found


def same(served: Answer, expected: Answer) -> bool:
    if ("data" in served) != ("data" in expected):
        return False
    if orjson.dumps(masked(served.get("data"))) != orjson.dumps(masked(expected.get("data"))):
        return False
    return _same_errors(served, expected)


def _same_errors(served: Answer, expected: Answer) -> bool:
    """By path and code. Of several errors below one null a server may tell any one (GraphQL, section 6.4.4)."""
    mine, other = _errors(served), _errors(expected)
    if mine.keys() != other.keys():
        return False
    return all(mine[place] == other[place] or mine[place] & other[place] for place in mine)


def _errors(answer: Answer) -> dict[tuple[Any, ...] | None, set[Any]]:
    found: dict[tuple[Any, ...] | None, set[Any]] = defaultdict(set)
    for each in answer.get("errors", ()):
        path = each.get("path")
        place = None if path is None else _null_at(answer.get("data"), tuple(path))
        found[place].add((None if path is None else tuple(path), each["extensions"]["code"]))
    return found


def _null_at(data: Any, path: tuple[Any, ...]) -> tuple[Any, ...]:
    """Where the null stands that an error made; a path that leads nowhere stands for itself."""
    for i, step in enumerate(path):
        if data is None:
            return path[:i]
        if not (step in data if isinstance(data, dict) else isinstance(step, int) and step < len(data)):
            return (*path, "nowhere")
        data = data[step]
    return path


def masked(data: Any) -> Any:
    """Cursors are opaque: whether there is one."""
    if isinstance(data, dict):
        return {name: (value is not None) if name in UNALIASED else masked(value) for name, value in data.items()}
    return [masked(each) for each in data] if isinstance(data, list) else data


def _over_limits(answer: Answer) -> bool:
    return "data" not in answer and all(
        each["extensions"]["code"] == "LIMIT_EXCEEDED" for each in answer.get("errors", ())
    )


def _timed_out(answer: Answer) -> bool:
    return "TIMEOUT" in {each["extensions"]["code"] for each in answer.get("errors", ())}


def _cursor(answer: Answer, follow: Follow) -> str | None:
    found: Any = answer.get("data")
    for step in (*follow.path, "pageInfo", follow.cursor):
        if found is None or (isinstance(found, dict) and step not in found):
            return None
        found = found[step]
    return str(found) if found is not None else None


def _has_list(data: Any) -> bool:
    if isinstance(data, dict):
        return any(map(_has_list, data.values()))
    return isinstance(data, list) and len(data) > 0


def _smaller(document: str) -> Iterable[str]:
    """The document without one of its parts, large parts first; whether it is still valid is for others to see."""
    ends = {(each.loc.start, each.loc.end) for each in _parts(parse(document)) if each.loc is not None}
    for start, end in sorted(ends, key=lambda each: each[0] - each[1]):
        yield _unused(document[:start] + document[end:])


def _unused(text: str) -> str:
    """Without empty brackets and without the variables and fragments that nothing uses any more."""
    for name in re.findall(r"\$(\w+):", text):
        if len(re.findall(rf"\${name}\b", text)) == 1:
            text = re.sub(rf"\${name}: [\[\]\w!]+,?\s*", "", text)
    for name in re.findall(r"fragment (\w+) on", text):
        if len(re.findall(rf"\b{name}\b", text)) == 1:
            text = text[: text.index(f"fragment {name} on")].rstrip() + _rest(text, name)
    return re.sub(r"\(\s*,*\s*\)", "", text)


def _rest(text: str, name: str) -> str:
    """What follows a fragment, which is one of the last definitions."""
    after = text[text.index(f"fragment {name} on") + 1 :]
    further = after.find(" fragment ")
    return "" if further < 0 else after[further:]


def _parts(node: Node) -> Iterator[Node]:
    """Selections, arguments, values of objects and lists, directives: what can be left out."""
    for name in node.keys:
        child = getattr(node, name, None)
        parts = child if isinstance(child, list | tuple) else (child,)
        for each in parts:
            if not isinstance(each, Node):
                continue
            if name in ("arguments", "fields", "values", "directives") or (name == "selections" and len(parts) > 1):
                yield each
            yield from _parts(each)


def _text(answer: Answer) -> str:
    errors = [(each.get("path"), each["extensions"]["code"]) for each in answer.get("errors", ())]
    data = json.dumps(masked(answer.get("data")), ensure_ascii=False, default=str)
    return data + (f" errors {errors}" if errors else "")
