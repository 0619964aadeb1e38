"""The source `holdings` on the command line. It must not know how its rows are read."""

from __future__ import annotations

from typing import Final

from graph.codes import RelationKind, Text
from loaders.holdings.columns import HOLDINGS
from loaders.holdings.shares import settle
from loaders.holdings.transform import build
from loaders.tables.command import TabularSource

SOURCE: Final = TabularSource(
    "holdings",
    Text("股东及出资 CSV、XLSX", "shareholders and their shares"),
    (HOLDINGS,),
    build,
    settle,
    lasting=frozenset({RelationKind.HOLDS}),
)
