"""Beneficial owners by Order [2024] No. 3, close links, rings, and what is said of bad data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from graph.codes import BeneficialBasis, PostKind, WarningCode
from graph.ownership import (
    Charge,
    Network,
    Stake,
    Stakes,
    another_controller,
    beneficial_owners,
    close_links,
    controllers,
    flaws,
    rings,
)
from tests.graph.ownership.drawn import holding, named, network, stake, stakes

B = BeneficialBasis
W = WarningCode
is_person: Callable[[str], bool] = str.islower


def judged(known: Stakes, *, state: bool = False, whole: bool = True) -> tuple[list[tuple[str, str]], bool]:
    """Owners of S, and whether there is no other for sure; who is written large is an enterprise."""
    net = Network.of(known, ("S",))
    number = net.number("S")
    found, conclusive = beneficial_owners(
        *(known, net, number, is_person, str.isupper, controllers(net, number)), of_the_state=state, whole=whole
    )
    return [(each.person, each.basis) for each in found], conclusive


def owners(*written: str, charges: Iterable[Charge] = (), state: bool = False, **given: str) -> list[tuple[str, str]]:
    return judged(replace(stakes(*written, **given), charges=tuple(charges)), state=state)[0]


def every_owner_is_known(*written: str, **given: str) -> bool:
    return judged(stakes(*written, **given))[1]


def every_controller_is_known(*written: str, **given: str) -> bool:
    known = stakes(*written, **given)
    net = Network.of(known, ("S",))
    number = net.number("S")
    return not another_controller(known, net, number, str.isupper, [each.party for each in controllers(net, number)])


def test_a_quarter_of_the_capital_directly_or_through_others() -> None:
    assert owners("p 25 S", "q 24.999999 S", "r 50 H", "H 50 S") == [("p", B.EQUITY), ("r", B.EQUITY)]
    assert owners("a 70 X", "a 10 Y", "a 10 Z", "X 30 S", "Y 20 S", "Z 20 S") == [("a", B.EQUITY)]


def test_else_a_quarter_of_the_votes_also_through_what_one_controls() -> None:
    assert owners("p 10/30 S", "q 90/70 S") == [("q", B.EQUITY), ("p", B.VOTES)]
    assert owners("p 60 H", "H 30 S") == [("p", B.VOTES)]
    assert owners("p 40 H", "H 30 S") == []


def test_else_control_alone_or_jointly() -> None:
    assert owners("p 15 S", declared="d>S") == [("d", B.CONTROL)]
    pact = owners("p 20 S", "q 20 S", "r 15 S", "T 45 S", concert="p-q q-r")
    assert pact == [("p", B.CONTROL), ("q", B.CONTROL), ("r", B.CONTROL)]


HEADS = (
    Charge("1", "lr", "S", PostKind.LEGAL_REPRESENTATIVE),
    Charge("2", "mg", "S", PostKind.MANAGER),
    Charge("3", "pr", "S", PostKind.PRINCIPAL),
)


def test_where_there_is_nobody_who_is_in_charge() -> None:
    spread = [f"{each} 10 S" for each in "abcdefghij"]
    assert owners(*spread, charges=HEADS) == [("pr", B.PERSON_IN_CHARGE)]
    assert owners(*spread, charges=HEADS[:2]) == [("mg", B.PERSON_IN_CHARGE)]
    assert owners(*spread, charges=HEADS[:1]) == [("lr", B.PERSON_IN_CHARGE)]
    assert owners(*spread) == []
    assert owners("p 30 S", charges=HEADS) == [("p", B.EQUITY)]


def test_of_a_state_firm_its_legal_representative() -> None:
    assert owners("GOV 100 S", charges=HEADS, state=True) == [("lr", B.PERSON_IN_CHARGE)]


def test_who_is_in_charge_is_a_natural_person() -> None:
    partner = Charge("0", "GP", "S", PostKind.PRINCIPAL)
    spread = [f"{each} 10 S" for each in "abcdefghij"]
    assert owners(*spread, charges=[partner]) == []
    assert owners(*spread, charges=[partner, *HEADS[:1]]) == [("lr", B.PERSON_IN_CHARGE)]
    assert owners(*spread, charges=[Charge("0", "GP", "S", PostKind.LEGAL_REPRESENTATIVE)], state=True) == []


def test_where_an_owner_may_be_unknown_who_is_in_charge_is_not_put_in_his_place() -> None:
    half = replace(stakes(*(f"{each} 10 S" for each in "abcde")), charges=HEADS)
    assert judged(half) == ([], False)
    assert judged(replace(half, stakes=stakes("p 30 S").stakes)) == ([("p", B.EQUITY)], False)
    assert judged(replace(half, stakes=stakes("p 76 S").stakes)) == ([("p", B.EQUITY)], True)
    assert judged(replace(half, stakes=stakes("p 76 S").stakes), whole=False) == ([("p", B.EQUITY)], False)


def test_an_owner_that_is_found_leaves_room_for_another_of_an_unknown_share() -> None:
    assert not every_owner_is_known("p 30 S", "q ? S")
    assert every_owner_is_known("p 75.000001 S", "q ? S")
    assert not every_owner_is_known("p 75 S", "q ? S")
    assert every_owner_is_known("p 60 S", "q ? S", "r 20 S")  # 20 % are left
    assert not every_owner_is_known("p 60 S", "q ? S", "q 20 S")  # and would be 40 with his own
    assert every_owner_is_known("p ? S", "p 60 S", "r 20 S")  # nobody but p gains, who is found


def test_an_unknown_share_counts_with_what_else_comes_to_one() -> None:
    rest = ("a 24 S", "b 24 S")
    assert not every_owner_is_known(*rest, "H 22 S", "K ? S", "c 24 S", "q 90 K", "q 90 H", "x 10 K", "x 10 H")
    assert not every_owner_is_known(*rest, "K ? S", "q 20 S", "c 12 S", "q 30 K", "x 70 K")  # 20 + 30 % of 20
    assert every_owner_is_known(*rest, "K ? S", "q 20 S", "c 12 S", "q 24 K", "x 76 K")  # 20 + 24 % of 20
    # H and K share what is left, 24 %: who owns half of both has 12 of it, not 24.
    halves = [f"{each} 50 {firm}" for each in "pq" for firm in "HK"]
    assert every_owner_is_known("a 22 S", "b 22 S", "c 22 S", "H ? S", "K ? S", "p 5 S", "q 5 S", *halves)
    assert not every_owner_is_known("a 20 S", "b 20 S", "c 18 S", "H ? S", "K ? S", "p 13 S", "q 5 S", *halves)


def test_what_is_left_of_a_band() -> None:
    held = holding("a 20 S", "b 20 S", "c 15 S", "d 10 S")
    for most, known in ((24_999_999, True), (25_000_000, False)):
        band = Stake("1", "q", "S", band=(20_000_000, most))
        assert judged(Stakes((*held, band, *holding("e 5 S")))) == ([], known)
    all_else = (*held, *holding("e 11 S"))
    assert judged(Stakes((*all_else, Stake("1", "q", "S", band=(24_000_000, 90_000_000))))) == ([], True)
    assert judged(Stakes((Stake("1", "q", "S", band=(75_000_001, 100_000_000)),))) == ([("q", B.EQUITY)], True)


def test_who_controls_may_be_unknown() -> None:
    assert not every_controller_is_known("X ? S")
    assert not every_controller_is_known()
    assert not every_controller_is_known("p 49 S", "q ? S")
    assert every_controller_is_known("p 50 S", "q ? S")
    assert not every_controller_is_known("p 30 S", "p ? S", "q 45 S")  # 55 with his own
    assert every_controller_is_known("p 30 S", "q ? S", "r 30 S")
    assert every_controller_is_known("p 60 S", "q ? S")
    assert not every_controller_is_known("P 60 S", "q ? P")  # whoever controls P does S
    assert not every_controller_is_known("P 60 S")
    assert every_controller_is_known("P 60 S", "p 50 P", "q 50 P")
    assert not every_controller_is_known("P 30 S", "q 40 S", "P ? S", "p 60 P", "r 40 P")  # with 60: p behind P
    assert every_controller_is_known("p 10/50 S", "q 10 S", "r ?/10 S")  # of votes 30 are left
    assert not every_controller_is_known("p 30 S", "q 30 S", declared="P>S")
    assert every_controller_is_known("p 30 S", "q 30 S", declared="p>S")


def test_control_by_a_band_is_sure_by_its_least() -> None:
    for stake_, controlling, owning in (
        (Stake("1", "p", "S", band=(75_000_000, 100_000_000)), True, B.EQUITY),
        (Stake("1", "p", "S", band=(25_000_000, 50_000_000)), False, B.EQUITY),
        (Stake("1", "p", "S", band=(0, 5_000_000), voting_band=(50_000_001, 75_000_000)), True, B.VOTES),
        (Stake("1", "p", "S", 60_000_000, voting_band=(25_000_000, 50_000_000)), False, B.EQUITY),
    ):
        known = Stakes((stake_,))
        net = Network.of(known)
        assert [net.ids[each.party] for each in controllers(net, net.number("S"))] == (["p"] if controlling else [])
        assert judged(known)[0] == [("p", owning)]


def test_who_controls_together_may_be_unknown() -> None:
    assert not every_controller_is_known("p 30 S", "q ? S", "r 30 S", concert="p-q")
    assert every_controller_is_known("p 30 S", "q ? S", "r 50 S", concert="p-q")
    assert every_controller_is_known("p 26 S", "q 26 S", "r ? S", concert="p-q")
    assert not every_controller_is_known("p 26 S", "Q 26 S", "r ? Q", "a 48 S", concert="p-Q")


def test_what_nobody_is_recorded_to_hold_might_be_one_owners() -> None:
    spread = [f"{each} 10 S" for each in "abcdefgh"]
    assert every_owner_is_known(*spread, "i 20 S")
    assert every_owner_is_known(*spread)  # 20 % of no recorded owner are not 25
    assert not every_owner_is_known(*spread[:-1], "p 5 S")
    assert not every_owner_is_known(*spread[:-1], "p 5 S", "q ? S")
    assert every_owner_is_known(*spread, "q ? S")
    assert not every_owner_is_known()
    assert not every_owner_is_known(*spread, "i 20 S", declared="P>S")  # who stands behind P
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
    votes = Stakes((Stake("1", "P", "A", 60_000_000, voting_band=(25_000_000, 50_000_000)),))
    assert said(votes) == [(W.SHARE_BAND, ("A", "P"))]
    two = Stakes((stake("P", "A", "40", source="x"), stake("P", "A", "41", source="y")))
    assert said(two) == [(W.SOURCES_DISPUTE, ("A", "P"))]
