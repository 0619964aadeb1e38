"""The source `double-publicity` on the command line. It must not know how its rows are read."""

from __future__ import annotations

from typing import Final

from loaders.catalog.reading import shipped
from loaders.catalog.validators import layout
from loaders.double_publicity.transform import build
from loaders.tables.command import TabularSource

NAME: Final = "double-publicity"
SOURCE: Final = TabularSource(
    NAME, shipped().sources[NAME].title, tuple(layout(each) for each in shipped().of(NAME)), build
)
