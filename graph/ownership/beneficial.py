"""受益所有人: the natural persons who finally own or control a firm, by Order [2024] No. 3 of PBoC and SAMR.

In its order: 25 % of the capital; else 25 % of the votes; else control, alone or jointly; where there is nobody, who is
in charge of the daily business. Income rights are in no source. It must not know who asks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final

from graph.codes import BeneficialBasis, PostKind
from graph.ownership.control import Control, Pair, controlled
from graph.ownership.integrated import Share, above, at_least, shares_in
from graph.ownership.network import WHOLE, Network
from graph.ownership.stakes import Charge, Stake, Stakes, settled

QUARTER: Final = 25_000_000  # at it, not above it
UNRECORDED: Final = ""  # the one owner of all that nobody is recorded to own; no party has this id
# The head (主要负责人) before the manager; the legal representative, who need not be there every day, at last.
IN_CHARGE: Final = (PostKind.PRINCIPAL, PostKind.MANAGER, PostKind.LEGAL_REPRESENTATIVE)
OF_THE_STATE: Final = (PostKind.LEGAL_REPRESENTATIVE, PostKind.PRINCIPAL)  # Order [2024] No. 3, Article 7 [M]


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """`person` by id. `integrated` as a part of one; `votes` commanded. `way` as in `Control`; `charge`: the office."""

    person: str
    basis: BeneficialBasis
    integrated: Share = None
    votes: int | None = None
    way: tuple[Pair, ...] = ()
    charge: Charge | None = None


def beneficial_owners(
    network: Network,
    subject: int,
    is_person: Callable[[str], bool],
    controls: Collection[Control],
    charges: Collection[Charge],
    *,
    of_the_state: bool = False,
    whole: bool = True,
) -> list[Beneficiary] | None:
    """The largest share first. `charges`: offices at the subject; `of_the_state`: wholly or mainly state-owned.

    `whole`: every owner is known. Who is in charge stands in where there is no owner, not where one is unknown: then
    None, not conclusive.
    """
    in_office = [each for each in charges if is_person(each.person)]
    if of_the_state:
        return _in_charge(in_office, OF_THE_STATE)
    shares, among = shares_in(network, subject), above(network, subject)
    found: list[Beneficiary] = []
    persons = [each for each in {**shares, **{each.party: None for each in controls}} if is_person(network.ids[each])]
    by_party = {each.party: each for each in controls}
    for person in persons:
        share = shares.get(person, 0.0)
        votes = controlled(network, (person,)).votes.get(subject, 0)
        basis = None
        if at_least(network, person, subject, share, QUARTER, among):
            basis = BeneficialBasis.EQUITY
        elif votes >= QUARTER:
            basis = BeneficialBasis.VOTES
        elif person in by_party:
            basis = BeneficialBasis.CONTROL
        if basis is not None:
            way = by_party[person].way if basis is BeneficialBasis.CONTROL else _ways(network, person, among)
            found.append(Beneficiary(network.ids[person], basis, share, votes or None, way))
    found.sort(key=lambda each: (-(each.integrated or 0), -(each.votes or 0), each.person))
    if found:
        return found
    return _in_charge(in_office, IN_CHARGE) if whole else None


def every_owner_known(known: Stakes, network: Network, subject: int, is_enterprise: Callable[[str], bool]) -> bool:
    """Whether what is recorded leaves no room for an owner: one who held all that is not recorded of the firms above,
    and of the subject, would be none."""
    held: dict[str, list[Stake]] = {
        network.ids[each]: [] for each in above(network, subject) if is_enterprise(network.ids[each])
    }
    for each in settled(known.stakes):
        if each.owned in held and each.holder != each.owned:
            held[each.owned].append(each)
    rest = [
        Stake(
            f"{UNRECORDED}>{owned}",
            UNRECORDED,
            owned,
            _rest(each.sure for each in stakes),
            _rest(each.voting for each in stakes),
        )
        for owned, stakes in held.items()
    ]
    filled = Network.of(replace(known, stakes=(*known.stakes, *rest)), (UNRECORDED, network.ids[subject]))
    owner, owned = filled.number(UNRECORDED), filled.number(network.ids[subject])
    shares = shares_in(filled, owned)
    if None in shares.values():  # of somebody no share can be told: a ring that owns itself
        return False
    share = shares.get(owner, 0.0)
    votes = controlled(filled, (owner,)).votes.get(owned, 0)
    return not at_least(filled, owner, owned, share, QUARTER) and votes < QUARTER


def _rest(parts: Iterable[int | None]) -> int:
    return max(0, WHOLE - sum(max(each or 0, 0) for each in parts))


def _in_charge(charges: Collection[Charge], order: Collection[PostKind]) -> list[Beneficiary]:
    for post in order:
        held = sorted((each for each in charges if each.post is post), key=lambda each: (each.person, each.id))
        if held:
            first = {each.person: each for each in reversed(held)}
            return [
                Beneficiary(person, BeneficialBasis.PERSON_IN_CHARGE, charge=first[person]) for person in sorted(first)
            ]
    return []


def _ways(network: Network, owner: int, among: Collection[int]) -> tuple[Pair, ...]:
    """Every holding on a way from the owner down to the subject."""
    found: set[Pair] = set()
    seen, waiting = {owner}, [owner]
    while waiting:
        holder = waiting.pop()
        for owned, _ in network.shares[holder]:
            if owned in among:
                found.add((holder, owned))
                if owned not in seen:
                    seen.add(owned)
                    waiting.append(owned)
    return tuple(sorted(found))
