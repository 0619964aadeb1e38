"""The source `ftm` on the command line. It must not know how an entity is read."""

from __future__ import annotations

from functools import partial
from typing import Final

from graph.codes import Text
from loaders.ftm.transform import Ftm
from loaders.statements.command import StatementSource
from loaders.statements.drafts import entries

SOURCE: Final = StatementSource(
    "ftm", Text("FollowTheMoney JSON 行", "FollowTheMoney entities, JSON lines"), partial(entries, format=Ftm())
)
