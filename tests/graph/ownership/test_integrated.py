"""Integrated shares are the corrected walk sum; at a threshold they are exact."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from graph.ownership import Network, at_least, exact_share, shares_in, shares_of
from tests.graph.ownership.drawn import named, network, owned_of, rounded
from tests.graph.ownership.test_control import drawn

QUARTER = 25_000_000


def exact(net: Network, owner: str, owned: str) -> Fraction | None:
    return exact_share(net, net.number(owner), net.number(owned))


def test_a_cross_holding_is_summed_without_an_end() -> None:
    net = network("P 60 A", "A 50 B", "B 40 A")
    assert owned_of(net, "A") == {"P": 0.75, "B": 0.4}
    assert rounded(net, shares_of(net, net.number("P"))) == {"A": 0.75, "B": 0.375}
    # Corrected: what A owns of B, and of itself, does not pass through A again (0.625 and 0.25 by the plain walk sum).
    assert (exact(net, "A", "B"), exact(net, "A", "A")) == (Fraction(1, 2), Fraction(1, 5))


def test_a_chain_multiplies_and_ways_add_up() -> None:
    net = network("P 50 A", "P 20 B", "A 50 C", "B 50 C", "P 10 C")
    assert owned_of(net, "C") == {"A": 0.5, "B": 0.5, "P": 0.45}


def test_exactly_a_quarter_is_a_quarter() -> None:
    """0.7·0.3 + 0.1·0.2 + 0.1·0.2 is 0.24999999999999997 in floats: an owner lost."""
    net = network("P 70 A", "P 10 B", "P 10 C", "A 30 S", "B 20 S", "C 20 S")
    person, subject = net.number("P"), net.number("S")
    share = shares_in(net, subject)[person]
    assert share is not None and share < 0.25
    assert exact(net, "P", "S") == Fraction(1, 4)
    assert at_least(net, person, subject, share, QUARTER)
    assert not at_least(net, person, subject, share, QUARTER + 1)
    less = network("P 70 A", "P 10 B", "P 10 C", "A 30 S", "B 20 S", "C 19.999999 S")
    assert not at_least(less, less.number("P"), less.number("S"), 0.25, QUARTER)


def test_a_closed_ring_owns_itself_and_a_larger_sum_has_no_number() -> None:
    closed = network("A 100 B", "B 100 A")
    assert owned_of(closed, "A") == {"B": 1.0}
    too_much = network("A 100 B", "B 100 A", "P 10 A")
    assert owned_of(too_much, "A") == {"B": 1.0, "P": None}
    assert (exact(too_much, "P", "A"), exact(too_much, "B", "A")) == (None, Fraction(1))
    assert shares_of(too_much, too_much.number("P")) == {
        too_much.number("A"): None,
        too_much.number("B"): None,
    }


def test_a_lattice_of_a_million_ways_ends_at_once() -> None:
    layers = [(f"L{i:02}a", f"L{i:02}b") for i in range(21)]
    net = network(*(f"{x} 50 {y}" for low, high in pairwise(layers) for x in low for y in high), "P 50 L00a")
    assert owned_of(net, "L20a")["P"] == 0.25
    assert exact(net, "P", "L20a") == Fraction(1, 4)


def test_a_ring_too_large_for_fractions_still_tells_what_others_own() -> None:
    ring = [f"r{i:03}" for i in range(100)]
    net = network(*(f"{x} 50 {y}" for x, y in pairwise([*ring, ring[0]])), "P 50 r000")
    found = owned_of(net, "r000")
    assert found["P"] is not None and abs(found["P"] - 0.5) < 1e-9
    assert found["r099"] is None


def test_an_unknown_share_adds_nothing() -> None:
    assert owned_of(network("P ? A", "Q 40 A"), "A") == {"P": 0.0, "Q": 0.4}


weights = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 14_000_000)), max_size=24
)  # no party is held beyond the whole


@settings(deadline=None, max_examples=80)
@given(weights)
def test_shares_from_below_equal_those_from_above_and_the_exact_ones(written: list[tuple[int, int, int]]) -> None:
    net = Network.of(drawn([(x, y, share // 2) for x, y, share in written]))
    for subject in range(len(net.ids)):
        for owner, share in shares_in(net, subject).items():
            below = shares_of(net, owner).get(subject, 0.0)
            true = exact_share(net, owner, subject)
            assert share is not None and below is not None and true is not None
            assert abs(share - below) < 1e-9 and abs(share - true) < 1e-9


@settings(deadline=None, max_examples=60)
@given(weights, st.permutations("ABCDEFGH"))
def test_other_names_have_the_same_shares(written: list[tuple[int, int, int]], names: list[str]) -> None:
    renamed = dict(zip("ABCDEFGH", names, strict=True))
    one, other = Network.of(drawn(written)), Network.of(drawn(written, "".join(names)))
    for subject in one.ids:
        for owner in one.ids:
            assert exact(one, owner, subject) == exact(other, renamed[owner], renamed[subject])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 100_000_000)), max_size=24))
def test_shares_over_the_whole_never_crash_and_are_never_below_zero(written: list[tuple[int, int, int]]) -> None:
    net = Network.of(drawn(written))
    for subject in range(len(net.ids)):
        assert named(net, shares_in(net, subject)) <= set(net.ids)
        assert all(share is None or share >= 0 for share in shares_in(net, subject).values())
