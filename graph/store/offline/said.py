"""What a first load has told so far: numbers of nodes, identifiers and relations, found again by their ids.

It must not know CSV. Memory is some 30 bytes a thing; the rest lies in logs on the disk, read where it is asked for.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

SMALLEST: Final = 1 << 14
FULLEST: Final = 0.6
NOBODY: Final = -1
BUFFER_BYTES: Final = 1 << 20


class Keys:
    """64-bit hashes and the numbers they stand for, in arrays: 20 to 40 bytes each where a dict takes a hundred.

    Two things of one hash are as good as impossible (1 in 100,000 at 20 million); who asks compares the whole id.
    """

    def __init__(self) -> None:
        self._count = 0
        self._clear(SMALLEST)

    def _clear(self, size: int) -> None:
        self._mask = size - 1
        self._keys = array("q", bytes(8 * size))
        self._numbers = array("I", bytes(4 * size))  # from 1; 0 is a free place

    def add(self, keys: Sequence[int], numbers: Iterable[int]) -> None:
        self._count += len(keys)
        if self._count > FULLEST * (self._mask + 1):
            held = [*zip(self._keys, self._numbers, strict=True)]
            self._clear(2 * (self._mask + 1))
            self._put((key, number - 1) for key, number in held if number)
        self._put(zip(keys, numbers, strict=True))

    def _put(self, pairs: Iterable[tuple[int, int]]) -> None:
        held, mask, taken = self._keys, self._mask, self._numbers
        for key, number in pairs:
            place = key & mask
            while taken[place]:
                place = (place + 1) & mask
            held[place], taken[place] = key, number + 1

    def find(self, keys: Iterable[int]) -> Iterator[int]:
        """In their order; NOBODY for what was not added."""
        held, mask, taken = self._keys, self._mask, self._numbers
        for key in keys:
            place = key & mask
            while taken[place] and held[place] != key:
                place = (place + 1) & mask
            yield taken[place] - 1


class Log:
    """Lines on the disk by their number, from 0."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=BUFFER_BYTES)
        self._reader = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._ends = array("q", [0])
        self._flushed = 0

    def __len__(self) -> int:
        return len(self._ends) - 1

    def append(self, lines: Sequence[bytes]) -> None:
        self._file.write(b"".join(lines))
        end = self._ends[-1]
        for each in lines:
            end += len(each)
            self._ends.append(end)

    def read(self, number: int) -> bytes:
        start, end = self._ends[number], self._ends[number + 1]
        if end > self._flushed:
            self._file.flush()
            self._flushed = self._ends[-1]
        return os.pread(self._reader, end - start, start)

    def close(self) -> None:
        self._file.close()
        os.close(self._reader)


class ToldNode(NamedTuple):
    """A node with (source, hash) of its versions and (key, source, from, to) of its identifiers."""

    id: str
    kind: str
    department: bool
    versions: Sequence[tuple[str, str]]
    links: Sequence[tuple[str, str, str, str]]


class ToldRelation(NamedTuple):
    id: str
    start: str
    end: str
    key: str
    hash: str


class Said:
    """Numbers of nodes count from 0 in the order in which they are told, those of identifiers by themselves."""

    def __init__(self, folder: Path) -> None:
        self._nodes, self._node_log = Keys(), Log(folder / "nodes.said")
        self._relations, self._relation_log = Keys(), Log(folder / "relations.said")
        self._holders = Keys()  # of an identifier, the number of the one node that was told with it

    @property
    def count(self) -> int:
        return len(self._node_log)

    def add(self, nodes: Sequence[ToldNode], relations: Sequence[ToldRelation]) -> None:
        first = len(self._node_log)
        numbers = range(first, first + len(nodes))
        self._nodes.add([hash(each.id) for each in nodes], numbers)
        held = [(hash(link[0]), number) for number, each in zip(numbers, nodes, strict=True) for link in each.links]
        self._holders.add([key for key, _ in held], [number for _, number in held])
        self._node_log.append([orjson.dumps(tuple(each)) for each in nodes])
        first = len(self._relation_log)
        self._relations.add([hash(each.id) for each in relations], range(first, first + len(relations)))
        self._relation_log.append([orjson.dumps(tuple(each)) for each in relations])

    def nodes(self, ids: Sequence[str]) -> Iterable[tuple[int, ToldNode]]:
        """Those of the ids that were told, with their numbers."""
        for id, number in zip(ids, self._nodes.find(map(hash, ids)), strict=True):
            if number != NOBODY and (told := self._node(number)).id == id:
                yield number, told

    def holders(self, keys: Sequence[str]) -> Iterable[tuple[str, str]]:
        """Those of the keys that were told, each with the id of its node."""
        for key, number in zip(keys, self._holders.find(map(hash, keys)), strict=True):
            if number != NOBODY:
                told = self._node(number)
                if any(link[0] == key for link in told.links):
                    yield key, told.id

    def relations(self, ids: Sequence[str]) -> Iterable[ToldRelation]:
        for id, number in zip(ids, self._relations.find(map(hash, ids)), strict=True):
            if number != NOBODY and (told := ToldRelation(*_loaded(self._relation_log.read(number)))).id == id:
                yield told

    def _node(self, number: int) -> ToldNode:
        return ToldNode(*_loaded(self._node_log.read(number)))

    def close(self) -> None:
        self._node_log.close()
        self._relation_log.close()


def _loaded(line: bytes) -> Any:
    return orjson.loads(line)
