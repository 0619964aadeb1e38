"""Paths between parties equal every simple path there is, shortest first; and nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.links import paths
from graph.links.answer import radius
from graph.links.paths import Linked, Path, linked, web

Pairs = list[tuple[str, str]]


def every_path(pairs: Pairs, start: str, end: str, hops: int, avoided: frozenset[str]) -> list[Path]:
    """All paths without a node twice, by trying all of them."""
    near: dict[str, set[str]] = {}
    for one, other in pairs:
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)

    def on(path: Path) -> Iterator[Path]:
        if path[-1] == end:
            yield path
        elif len(path) <= hops and (len(path) == 1 or path[-1] not in avoided):
            for each in near.get(path[-1], ()):
                if each not in path:
                    yield from on((*path, each))

    return sorted(on((start,)), key=lambda path: (len(path), path))


def read(pairs: Pairs, ends: Iterable[str], hops: int, avoided: frozenset[str]) -> Pairs:
    """What a reading to the radius sees: the relations of the ends, and of whoever is reached past no avoided node."""
    inner, ring = set(ends), set(ends)
    for _ in range(radius(hops) - 1):
        met = {far for pair in pairs for near, far in (pair, pair[::-1]) if near in ring}
        ring = met - avoided
        inner |= ring
    return [pair for pair in pairs if not inner.isdisjoint(pair)]


def ask(pairs: Pairs, ends: tuple[str, ...], hops: int, most: int, avoided: Iterable[str] = ()) -> tuple[Linked, ...]:
    away = frozenset(avoided) - {*ends}
    return linked(web(read(pairs, ends, hops, away), away, radius(hops)), ends, hops, most)


NODES = "abcdefghij"
GRAPHS = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=18)
HUBS = st.frozensets(st.sampled_from(NODES), max_size=3)


@settings(max_examples=400, deadline=None)
@given(GRAPHS, HUBS, st.integers(1, 8), st.integers(1, 4), st.integers(2, 4))
def test_they_are_the_first_of_all_simple_paths(
    pairs: Pairs, hubs: frozenset[str], hops: int, most: int, many: int
) -> None:
    ends = tuple(NODES[:many])
    avoided = hubs - {*ends}
    for each in ask(pairs, ends, hops, most, hubs):
        every = every_path(pairs, each.start, each.end, hops, avoided)
        assert (each.paths, each.further) == (tuple(every[:most]), len(every) > most)
        freely = every_path(pairs, each.start, each.end, hops, frozenset())[:most]
        assert each.hubs or freely == list(each.paths), "a path was avoided in silence"
        assert {*each.hubs} <= avoided
        longer = every_path(pairs, each.start, each.end, len(NODES), avoided)
        assert each.paths or each.deeper or longer == [], "a longer path was passed over in silence"


@settings(max_examples=100, deadline=None)
@given(GRAPHS, HUBS, st.randoms(use_true_random=False))
def test_the_order_of_what_was_read_changes_nothing(pairs: Pairs, hubs: frozenset[str], random: object) -> None:
    turned = [pair[::-1] for pair in pairs]
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert ask(turned, ("a", "b", "c"), 6, 3, hubs) == ask(pairs, ("a", "b", "c"), 6, 3, hubs)


@settings(max_examples=100, deadline=None)
@given(GRAPHS, HUBS)
def test_walked_the_other_way_the_same_paths_are_found(pairs: Pairs, hubs: frozenset[str]) -> None:
    (there,), (back,) = ask(pairs, ("a", "b"), 6, 50, hubs), ask(pairs, ("b", "a"), 6, 50, hubs)
    assert {path[::-1] for path in back.paths} == {*there.paths}


DIAMOND = [("a", "x"), ("x", "b"), ("a", "y"), ("y", "b"), ("x", "y")]


def test_shorter_come_first_then_smaller_ids() -> None:
    (found,) = ask(DIAMOND, ("a", "b"), 6, 9)
    assert found.paths == (("a", "x", "b"), ("a", "y", "b"), ("a", "x", "y", "b"), ("a", "y", "x", "b"))
    assert not found.further


def test_a_hub_is_not_walked_through_and_named_and_walked_through_when_it_is_asked_for() -> None:
    pairs = [("a", "hub"), ("hub", "b"), ("a", "x"), ("x", "y"), ("y", "b")]
    (found,) = ask(pairs, ("a", "b"), 6, 1, {"hub"})
    assert (found.paths, found.hubs) == ((("a", "x", "y", "b"),), ("hub",))
    assert {(each.start, each.end): each.paths for each in ask(pairs, ("a", "b", "hub"), 6, 1, {"hub"})} == {
        ("a", "b"): (("a", "hub", "b"),),
        ("a", "hub"): (("a", "hub"),),
        ("b", "hub"): (("b", "hub"),),
    }


def test_a_hub_beside_a_party_that_has_nothing_further_is_no_reason_to_doubt() -> None:
    (found,) = ask([("a", "hub"), ("b", "x")], ("a", "b"), 6, 3, {"hub"})
    assert (found.paths, found.hubs, found.deeper) == ((), (), False)


@pytest.mark.parametrize("beside", [[], [("a", "x"), ("x", "y"), ("y", "z"), ("z", "b")]])
def test_two_hubs_with_a_relation_nobody_read_are_named(beside: Pairs) -> None:
    """A longer path beside them must not silence it: the one through both hubs would come first."""
    (found,) = ask([("a", "d"), ("d", "e"), ("e", "b"), *beside], ("a", "b"), 4 if beside else 3, 1, {"d", "e"})
    assert (found.paths, found.hubs) == (((("a", "x", "y", "z", "b"),) if beside else ()), ("d", "e"))


def test_two_hubs_may_be_both_ends() -> None:
    pairs = [(hub, f"n{i}") for hub in ("a", "b") for i in range(300)]
    (found,) = ask(pairs, ("a", "b"), 6, 3, {"a", "b"})
    assert found.paths == (("a", "n0", "b"), ("a", "n1", "b"), ("a", "n10", "b"))
    assert found.further


def test_a_million_paths_cost_only_those_that_are_shown() -> None:
    """Twenty doublings in a row: 2^20 paths of forty steps, and a lattice whose paths are all of one length."""
    ladder = [
        pair
        for i in range(20)
        for side in "xy"
        for pair in ((f"m{i:02}", f"{side}{i:02}"), (f"{side}{i:02}", f"m{i + 1:02}"))
    ]
    (found,) = linked(web(ladder, (), 20), ("m00", "m20"), 40, 3)
    assert ([len(each) - 1 for each in found.paths], found.further) == ([40, 40, 40], True)


def test_when_the_work_is_used_up_there_may_be_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "MOST_WORK", 40)
    crowd = [pair for pair in combinations([f"n{i}" for i in range(12)], 2)]
    (found,) = linked(web(crowd, (), 3), ("n0", "n1"), 6, 100)
    assert found.further
    assert [*islice(found.paths, 1)] in ([], [("n0", "n1")])
