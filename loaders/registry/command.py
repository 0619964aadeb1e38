"""The source `registry` on the command line. It must not know how its rows are read."""

from __future__ import annotations

from typing import Final

from graph.codes import Text
from loaders.registry.columns import REGISTRY
from loaders.registry.transform import OFFICES, build
from loaders.tables.command import TabularSource

SOURCE: Final = TabularSource(
    "registry", Text("登记信息 CSV、XLSX", "registry exports"), (REGISTRY,), build, lasting=OFFICES
)
