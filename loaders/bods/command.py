"""The source `bods` on the command line. It must not know how a statement is read."""

from __future__ import annotations

from functools import partial
from typing import Final

from graph.codes import Text
from loaders.bods.transform import Bods
from loaders.statements.command import StatementSource
from loaders.statements.drafts import entries

SOURCE: Final = StatementSource(
    "bods",
    Text("受益所有权数据标准 BODS 0.4", "Beneficial Ownership Data Standard 0.4"),
    partial(entries, format=Bods()),
)
