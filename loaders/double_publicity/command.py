"""The source `double-publicity` on the command line. It must not know how its rows are read."""

from __future__ import annotations

from typing import Final

from graph.codes import Text
from loaders.double_publicity.columns import LAYOUTS
from loaders.double_publicity.transform import build
from loaders.tables.command import TabularSource

SOURCE: Final = TabularSource(
    "double-publicity", Text("双公示 CSV、XLSX", "penalties and permits as published"), LAYOUTS, build
)
