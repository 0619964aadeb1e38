"""The rule pack: statutes as data, read once into frozen values; it must not know facts or how rules are applied."""

from graph.rules.footprint import Footprint, Telling
from graph.rules.pack import NAMES, CreditListName, Pack, PackError, load, parse
from graph.rules.rule import Anchor, Rule, Way

__all__ = [
    "NAMES",
    "Anchor",
    "CreditListName",
    "Footprint",
    "Pack",
    "PackError",
    "Rule",
    "Telling",
    "Way",
    "load",
    "parse",
]
