"""How texts are compared: one folded form for search, filters and order.

It must not know which texts are stored.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

BLANKS: Final = re.compile(r"\s+")
KEPT: Final = 500  # characters of a text that is kept: whoever asks sends any, and what is kept may not fill the memory


def fold(text: str) -> str:
    """Half-width, lower case, single blanks: `ＡＢ（江门）` → `ab(江门)` (Unicode NFKC and casefold)."""
    return kept(text) if len(text) <= KEPT else _folded(text)


def _folded(text: str) -> str:
    return BLANKS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


kept: Final = lru_cache(maxsize=65_536)(_folded)


def mask_name(name: str) -> str:
    """李某 → 李*: the public form of a person's name; its length is not told."""
    return f"{name[:1]}*"
