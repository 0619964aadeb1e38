"""The heart: which measures follow from facts and rules on a day, for whom, by which path; pure functions only.

It must not know where facts are kept or who asks.
"""

from graph.propagation.answers import ReachAnswer, check, reach, visible, what_if
from graph.propagation.engine import propagate

__all__ = ["ReachAnswer", "check", "propagate", "reach", "visible", "what_if"]
