"""The source `posts` on the command line. It must not know how its rows are read."""

from __future__ import annotations

from typing import Final

from graph.codes import PostKind, Text
from graph.vocabulary import relation_of
from loaders.posts.columns import POSTS
from loaders.posts.transform import build
from loaders.tables.command import TabularSource

SOURCE: Final = TabularSource(
    "posts",
    Text("任职信息 CSV、XLSX", "posts of persons"),
    (POSTS,),
    build,
    lasting=frozenset(map(relation_of, PostKind)),
)
