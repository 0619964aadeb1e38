"""受益所有人: the natural persons who finally own or control a firm, by Order [2024] No. 3 of PBoC and SAMR.

In its order: 25 % of the capital; else 25 % of the votes; else control, alone or jointly; where there is nobody, who is
in charge of the daily business. Income rights are in no source. It must not know who asks.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, NamedTuple

from graph.codes import BeneficialBasis, PostKind
from graph.ownership.control import Control, Pair, controlled
from graph.ownership.integrated import Share, above, at_least, shares_in
from graph.ownership.network import Network
from graph.ownership.stakes import Charge, Stakes
from graph.ownership.unknown import Such, another_owner

QUARTER: Final = 25_000_000  # at it, not above it
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


class Beneficiaries(NamedTuple):
    """`conclusive` False: there may be another, of whom or of whose share nothing is known."""

    found: list[Beneficiary]
    conclusive: bool


def beneficial_owners(
    known: Stakes,
    network: Network,
    subject: int,
    is_person: Such,
    is_enterprise: Such,
    controls: Collection[Control],
    *,
    of_the_state: bool = False,
    whole: bool = True,
) -> Beneficiaries:
    """The largest share first. `network` is that of what is `known`, where charges are offices at the subject;
    `of_the_state`: wholly or mainly state-owned; not `whole`: what is known was cut.

    Who is in charge stands in where there is no owner, not where one may be unknown.
    """
    in_office = [each for each in known.charges if is_person(each.person)]
    if of_the_state:
        return Beneficiaries(_in_charge(in_office, OF_THE_STATE), True)
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
    named = [network.number(each.person) for each in found]
    if not whole or another_owner(known, network, subject, is_person, is_enterprise, named, QUARTER):
        return Beneficiaries(found, False)
    return Beneficiaries(found or _in_charge(in_office, IN_CHARGE), True)


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
