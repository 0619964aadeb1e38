"""Nodes that sources name but do not describe: lists, key groups, regions; known by their names or codes.

It must not know the source that names them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graph import rules
from graph.changes import Claim, NodeDraft, Value, VersionDraft
from graph.codes import IdentifierScheme
from graph.regions import Region


@dataclass(frozen=True, slots=True)
class ListWords:
    """A list of the rule pack: canonical name, its other names, and a `ListPolarity` code."""

    name: str
    aliases: tuple[str, ...]
    polarity: str


def known_lists() -> Mapping[str, ListWords]:
    """The lists of the rule pack in force, by canonical name."""
    return {each.name: ListWords(each.name, tuple(each.aliases), each.polarity.value) for each in rules.load().lists}


def shared_node(number: int, kind: str, name: str, values: Mapping[str, Value], *, mention: bool = False) -> NodeDraft:
    claim = Claim(IdentifierScheme.OTHER, name, issuer=kind, lookup=False)
    return NodeDraft(f"{kind}:{name}", kind, (claim,), (VersionDraft(values),), number, mention=mention)


def list_node(number: int, words: ListWords, *, mention: bool = False) -> NodeDraft:
    values: dict[str, Value] = {"name": words.name, "aliases": words.aliases, "polarity": words.polarity}
    return shared_node(number, "CREDIT_LIST", words.name, values, mention=mention)


def group_node(number: int, name: str, *, mention: bool = False) -> NodeDraft:
    return shared_node(number, "KEY_GROUP", name, {"name": name}, mention=mention)


def region_node(number: int, region: Region, *, mention: bool = False) -> NodeDraft:
    values: dict[str, Value] = {"code": region.code, "name": region.name, "level": region.level.value}
    period = region.period
    values |= {name: str(day) for name, day in (("from", period.start), ("to", period.end)) if day is not None}
    return shared_node(number, "REGION", region.code, values, mention=mention)
