"""Beneficial owners by Order [2024] No. 3, close links, rings, and what is said of bad data."""

from __future__ import annotations

from collections.abc import Callable

from graph.codes import BeneficialBasis, PostKind, WarningCode
from graph.ownership import (
    Charge,
    Network,
    Stake,
    Stakes,
    beneficial_owners,
    close_links,
    controllers,
    every_owner_known,
    flaws,
    rings,
)
from tests.graph.ownership.drawn import named, network, stake, stakes

B = BeneficialBasis
W = WarningCode
is_person: Callable[[str], bool] = str.islower


def owners(net: Network, subject: str = "S", *charges: Charge, state: bool = False) -> list[tuple[str, str]]:
    number = net.number(subject)
    found = beneficial_owners(net, number, is_person, controllers(net, number), charges, of_the_state=state)
    assert found is not None
    return [(each.person, each.basis) for each in found]


def every_owner_is_known(*written: str, subject: str = "S", declared: str = "") -> bool:
    known = stakes(*written, declared=declared)
    net = Network.of(known, (subject,))
    return every_owner_known(known, net, net.number(subject), str.isupper)


def test_a_quarter_of_the_capital_directly_or_through_others() -> None:
    assert owners(network("p 25 S", "q 24.999999 S", "r 50 H", "H 50 S")) == [("p", B.EQUITY), ("r", B.EQUITY)]
    assert owners(network("a 70 X", "a 10 Y", "a 10 Z", "X 30 S", "Y 20 S", "Z 20 S")) == [("a", B.EQUITY)]


def test_else_a_quarter_of_the_votes_also_through_what_one_controls() -> None:
    assert owners(network("p 10/30 S", "q 90/70 S")) == [("q", B.EQUITY), ("p", B.VOTES)]
    assert owners(network("p 60 H", "H 30 S")) == [("p", B.VOTES)]
    assert owners(network("p 40 H", "H 30 S")) == []


def test_else_control_alone_or_jointly() -> None:
    assert owners(network("p 15 S", declared="d>S")) == [("d", B.CONTROL)]
    pact = network("p 20 S", "q 20 S", "r 15 S", "T 45 S", concert="p-q q-r")
    assert owners(pact) == [("p", B.CONTROL), ("q", B.CONTROL), ("r", B.CONTROL)]


HEADS = (
    Charge("1", "lr", "S", PostKind.LEGAL_REPRESENTATIVE),
    Charge("2", "mg", "S", PostKind.MANAGER),
    Charge("3", "pr", "S", PostKind.PRINCIPAL),
)


def test_where_there_is_nobody_who_is_in_charge() -> None:
    spread = network(*(f"{each} 10 S" for each in "abcdefghij"))
    assert owners(spread, "S", *HEADS) == [("pr", B.PERSON_IN_CHARGE)]
    assert owners(spread, "S", *HEADS[:2]) == [("mg", B.PERSON_IN_CHARGE)]
    assert owners(spread, "S", *HEADS[:1]) == [("lr", B.PERSON_IN_CHARGE)]
    assert owners(spread) == []
    assert owners(network("p 30 S"), "S", *HEADS) == [("p", B.EQUITY)]


def test_of_a_state_firm_its_legal_representative() -> None:
    assert owners(network("GOV 100 S"), "S", *HEADS, state=True) == [("lr", B.PERSON_IN_CHARGE)]


def test_who_is_in_charge_is_a_natural_person() -> None:
    partner = Charge("0", "GP", "S", PostKind.PRINCIPAL)
    spread = network(*(f"{each} 10 S" for each in "abcdefghij"))
    assert owners(spread, "S", partner) == []
    assert owners(spread, "S", partner, *HEADS[:1]) == [("lr", B.PERSON_IN_CHARGE)]
    assert owners(spread, "S", Charge("0", "GP", "S", PostKind.LEGAL_REPRESENTATIVE), state=True) == []


def test_where_an_owner_may_be_unknown_who_is_in_charge_is_not_put_in_his_place() -> None:
    net = network(*(f"{each} 10 S" for each in "abcde"))
    number = net.number("S")
    assert beneficial_owners(net, number, is_person, [], HEADS, whole=False) is None
    found = beneficial_owners(network("p 30 S"), number, is_person, [], HEADS, whole=False)
    assert found is not None and [each.person for each in found] == ["p"]


def test_what_nobody_is_recorded_to_hold_might_be_one_owners() -> None:
    spread = [f"{each} 10 S" for each in "abcdefgh"]
    assert every_owner_is_known(*spread, "i 20 S")
    assert every_owner_is_known(*spread)  # 20 % of no recorded owner are not 25
    assert not every_owner_is_known(*spread[:-1], "p 5 S")
    assert not every_owner_is_known(*spread[:-1], "p 5 S", "q ? S")
    assert every_owner_is_known(*spread, "q ? S")
    assert not every_owner_is_known()
    assert not every_owner_is_known(*(f"{each} 10/5 S" for each in "abcdefghij"))  # half of the votes are nobody's


def test_an_unknown_owner_counts_through_the_firms_above() -> None:
    spread = [f"{each} 10 S" for each in "abcdefg"]
    assert not every_owner_is_known(*spread, "H 30 S")
    assert every_owner_is_known(*spread, "H 30 S", "x 60 H")  # 12 %, and no control of H
    assert not every_owner_is_known(*spread, "H 30 S", "x 49 H")  # 51 % of H commands its 30 %
    assert not every_owner_is_known(*spread[:-1], "H 30 S", "x 49 H")  # and 10 % of S besides
    assert every_owner_is_known(*spread, "h 30 S")  # a holder that is no enterprise has no owners


def test_where_a_ring_leaves_no_share_to_be_told_nobody_stands_in() -> None:
    assert not every_owner_is_known("A 100 B", "B 100 A", "p 10 A", "A 100 S")


def linked(net: Network, subject: str, state: str = "") -> set[str]:
    return named(net, close_links(net, net.number(subject), [net.number(each) for each in state.split()]))


def test_a_fifth_links_and_so_does_a_third_party_with_a_fifth_of_both() -> None:
    net = network("P 20 S", "P 20 T", "P 19.999999 U", "S 50 V", "V 40 W", "V 39.999999 X", "Q 19 S", "Q 90 Y")
    assert linked(net, "S") == {"P", "T", "V", "W"}
    assert linked(net, "T") == {"P", "S"}


def test_the_state_relates_nobody() -> None:
    net = network("GOV 100 S", "GOV 100 T", "S 60 V")
    assert linked(net, "S") == {"GOV", "T", "V"}
    assert linked(net, "S", "GOV") == {"V"}


def rounds(net: Network) -> list[list[str]]:
    return [[net.ids[each] for each in ring] for ring in rings(net)]


def test_rings_are_told_in_their_order() -> None:
    assert rounds(network("A 10 C", "C 10 B", "B 10 A", "P 5 A", "X 1 Y", "Y ? X")) == [["A", "C", "B"], ["X", "Y"]]
    assert rounds(network("A 10 B", "B 10 A", "B 10 C", "C 10 B")) == [["A", "B", "C"]]
    assert rounds(network("A 10 A", "A 10 B")) == []


def said(known: Stakes) -> list[tuple[str, tuple[str, ...]]]:
    net = Network.of(known)
    return [(each.code, each.nodes) for each in flaws(known, net, rings(net))]


def test_bad_data_is_told_and_answered() -> None:
    assert said(stakes("P 60 A", "Q 40 A", "A 10/20 B")) == []
    assert said(stakes("P 60 A", "Q 60 A")) == [(W.SHARES_OVER_100, ("A",))]
    assert said(stakes("P 10/60 A", "Q 10/60 A")) == [(W.SHARES_OVER_100, ("A",))]
    assert said(stakes("P ? A", "Q ? A")) == [(W.SHARE_UNKNOWN, ("A", "P", "Q"))]
    assert said(stakes("A 5 A")) == [(W.SELF_HOLDING, ("A",))]
    assert said(stakes("A 100 B", "B 100 A")) == [(W.CIRCULAR_HOLDING, ("A", "B"))]
    assert said(Stakes((stake("P", "A", "-1"),))) == [(W.SHARE_UNKNOWN, ("A", "P"))]
    band = Stakes((Stake("1", "P", "A", band=(25_000_000, 50_000_000)),))
    assert said(band) == [(W.SHARE_BAND, ("A", "P"))]
    two = Stakes((stake("P", "A", "40", source="x"), stake("P", "A", "41", source="y")))
    assert said(two) == [(W.SOURCES_DISPUTE, ("A", "P"))]
