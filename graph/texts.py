"""How texts are compared: one folded form for search, filters and order.

It must not know which texts are stored.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

BLANKS: Final = re.compile(r"\s+")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Half-width, lower case, single blanks: `ＡＢ（江门）` → `ab(江门)` (Unicode NFKC and casefold)."""
    return BLANKS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def mask_name(name: str) -> str:
    """李某 → 李*: the public form of a person's name; its length is not told."""
    return f"{name[:1]}*"
