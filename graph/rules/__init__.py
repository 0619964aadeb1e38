"""The rule pack: statutes as data, read once into frozen values; it must not know facts or how rules are applied."""

from graph.rules.pack import NAMES, CreditListName, Footprint, Pack, Telling, load, parse
from graph.rules.rule import Anchor, Rule, Way

__all__ = ["NAMES", "Anchor", "CreditListName", "Footprint", "Pack", "Rule", "Telling", "Way", "load", "parse"]
