"""How long a list may be that a document writes or a variable gives: as long as the ids of an argument.

It must not know the schema. An argument with a limit of its own refuses by that what a variable gives it as a whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from graphql import ArgumentNode, ListValueNode, ValueNode, VariableNode

from graph.errors import LimitExceeded

ID_LISTS: Final = frozenset({"between", "bidders", "ids", "subjects", "texts"})
LIMITED: Final = ID_LISTS | {"changes", "groupBy", "orderBy"}  # each refuses more than it takes


def check_written(name: str, value: ValueNode, most: int) -> None:
    """No list within a value of a document is longer; raises LimitExceeded naming what the value is of."""
    if any(isinstance(each, ListValueNode) and len(each.values) > most for each in _within(value)):
        raise _too_long(name, most)


def variables_within(argument: ArgumentNode) -> Iterator[str]:
    """The variables that an argument's own limit does not see."""
    if not (isinstance(argument.value, VariableNode) and argument.name.value in LIMITED):
        yield from (each.name.value for each in _within(argument.value) if isinstance(each, VariableNode))


def check_given(given: Mapping[str, Any], within: Collection[str], most: int) -> None:
    """The same of what variables are given, by the path of the list; the whole of those not `within` is let be."""
    for name, value in given.items():
        _check(value, name, most, measured=name in within)


def _check(value: Any, path: str, most: int, *, measured: bool = True) -> None:
    if isinstance(value, list) and measured and len(value) > most:
        raise _too_long(path, most)
    parts = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for name, part in parts:
        if isinstance(part, list | dict):
            _check(part, f"{path}.{name}", most)


def _within(value: ValueNode) -> Iterator[ValueNode]:
    open_values = [value]
    while open_values:
        found = open_values.pop()
        yield found
        if isinstance(found, ListValueNode):
            open_values.extend(found.values)
        else:
            open_values.extend(each.value for each in getattr(found, "fields", ()))


def _too_long(name: str, most: int) -> LimitExceeded:
    return LimitExceeded(f"{name}: 至多 {most} 个 · at most {most}", argument=name)
