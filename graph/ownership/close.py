"""Close links: parties of which one owns a fifth of the other, or a third party a fifth of both.

It must not relate two firms by the state that owns them (公司法 265).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from graph.ownership.integrated import above, at_least, shares_in, shares_of
from graph.ownership.network import Network

FIFTH: Final = 20_000_000  # at it, not above it


def close_links(network: Network, subject: int, state: Collection[int]) -> list[int]:
    """By number. `state`: bodies of the state; that it owns both relates nobody."""
    owners = [each for each in _owners(network, subject) if each not in state]
    found = {*owners, *_owned(network, subject)}
    for each in owners:
        found.update(_owned(network, each))
    return sorted(found - {subject} - {each for each in _owners(network, subject) if each in state})


def _owners(network: Network, subject: int) -> list[int]:
    among = above(network, subject)
    return [
        each
        for each, share in shares_in(network, subject).items()
        if at_least(network, each, subject, share, FIFTH, among)
    ]


def _owned(network: Network, owner: int) -> list[int]:
    return [
        each
        for each, share in shares_of(network, owner).items()
        if each != owner and share is not None and at_least(network, owner, each, share, FIFTH)
    ]
