"""Documents an operator trusts, read from a folder or a manifest: each is asked for by its id instead of its text.

It must not know a schema; ids that say they are a hash are checked to be one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from graph.errors import Invalid

HASH: Final = "sha256:"
ID: Final = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")
HEXADECIMAL: Final = re.compile(r"[0-9a-f]{64}")
MOST: Final = 2_000
ENDINGS: Final = (".graphql", ".gql")


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Trusted:
    """Every document by every id it may be asked for with; `names` says where each came from."""

    by_id: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    _texts: frozenset[str] = frozenset()

    def find(self, identity: str) -> str | None:
        return self.by_id.get(identity)

    def holds(self, text: str) -> bool:
        return text in self._texts


NONE: Final = Trusted()


def joined(*lists: Trusted) -> Trusted:
    """All of several; raises Invalid for an id that stands for two documents."""
    by_id: dict[str, str] = {}
    for each in lists:
        for identity, text in each.by_id.items():
            if by_id.setdefault(identity, text) != text:
                raise Invalid(f"标识无效或重复 · {identity} stands for two documents")
    names = {name: text for each in lists for name, text in each.names.items()}
    return Trusted(by_id, names, frozenset(by_id.values()))


def load_trusted(path: Path) -> Trusted:
    """A folder of `.graphql` files and manifests, or one manifest; raises Invalid naming what cannot be used.

    A manifest is `{id: document}` (Relay, GraphQL Code Generator) or Apollo's `{"operations": [{"id", "body"}]}`.
    Every document is also known by `sha256:` and the hash of its text.
    """
    by_id: dict[str, str] = {}
    names: dict[str, str] = {}
    for name, identity, text in _found(path):
        hashed = f"{HASH}{hash_of(text)}"
        if identity.startswith(HASH) and identity != hashed:
            raise Invalid(f"{name}: {identity} 不是其文本的哈希 · is not the hash of its text")
        if not ID.fullmatch(identity) or by_id.get(identity, text) != text:
            raise Invalid(f"{name}: 标识无效或重复 · {identity} is no id, or stands for two documents")
        by_id[identity] = by_id[hashed] = text
        names[name] = text
        if len(names) > MOST:
            raise Invalid(f"{path.name}: 至多 {MOST} 个 · at most {MOST} documents")
    return Trusted(by_id, names, frozenset(names.values()))


def _found(path: Path) -> Iterator[tuple[str, str, str]]:
    """Name for people, id, text."""
    if not path.exists():
        raise Invalid(f"{path}: 不存在 · does not exist")
    for each in sorted(path.iterdir()) if path.is_dir() else [path]:
        try:
            text = each.read_text(encoding="utf-8") if each.suffix in (*ENDINGS, ".json") else ""
        except (OSError, UnicodeError):
            raise Invalid(f"{each.name}: 无法读取 · cannot be read as UTF-8") from None
        if each.suffix in ENDINGS:
            yield each.name, f"{HASH}{hash_of(text)}", text
        elif each.suffix == ".json":
            yield from _listed(each.name, text)


def _listed(name: str, text: str) -> Iterator[tuple[str, str, str]]:
    try:
        given: Any = orjson.loads(text)
        operations = given.get("operations") if isinstance(given.get("operations"), list) else None
        pairs = given.items() if operations is None else [(each["id"], each["body"]) for each in operations]
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
        raise Invalid(f"{name}: 不是文档清单 · not a manifest of documents") from None
    for identity, document in pairs:
        if not isinstance(identity, str) or not isinstance(document, str):
            raise Invalid(f"{name}: 不是文档清单 · not a manifest of documents")
        yield f"{name}: {identity}", identity, document


def apollo_id(extensions: Mapping[str, Any]) -> str | None:
    """The hash of Apollo's `persistedQuery` extension; raises Invalid for one that is none."""
    given = extensions.get("persistedQuery")
    if given is None:
        return None
    told = given.get("sha256Hash") if isinstance(given, dict) and given.get("version") == 1 else None
    if not isinstance(told, str) or not HEXADECIMAL.fullmatch(told):
        raise Invalid(
            "extensions.persistedQuery: {version: 1, sha256Hash}", argument="extensions.persistedQuery.sha256Hash"
        )
    return told
