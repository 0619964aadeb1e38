"""The heart: which measures follow from facts and rules on a day, for whom, by which path; pure functions only.

It must not know where facts are kept or who asks.
"""

from graph.propagation.answers import ADVERSE, ReachAnswer, check, check_in, reach, reach_in, visible, what_if
from graph.propagation.engine import propagate
from graph.propagation.index import Index, index
from graph.propagation.triggers import binding, leading, own, telling

__all__ = [
    "ADVERSE",
    "Index",
    "ReachAnswer",
    "binding",
    "check",
    "check_in",
    "index",
    "leading",
    "own",
    "propagate",
    "reach",
    "reach_in",
    "telling",
    "visible",
    "what_if",
]
