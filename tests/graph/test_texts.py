"""Texts are folded to one form; what is kept of them is bounded, whatever length anybody sends."""

from __future__ import annotations

import pytest

from graph.errors import Invalid
from graph.identifiers import KEPT as KEPT_NUMBER
from graph.identifiers import Lookup, _parse, parse_lookup
from graph.texts import KEPT, fold, kept


@pytest.mark.parametrize("padding", [0, KEPT * 2])
def test_a_text_is_folded_alike_whatever_its_length(padding: int) -> None:
    assert fold("　ＡＢ（江门）" + " " * padding + " X") == "ab(江门) x"
    assert fold("Ａ" * padding + "ß") == "a" * padding + "ss"


def test_a_long_text_fills_no_memory() -> None:
    before = kept.cache_info().currsize, _parse.cache_info().currsize
    for i in range(10):
        fold(f"{i}" + "江" * KEPT)
        assert parse_lookup(" " * (KEPT_NUMBER + i) + "91440703YY000001XU", argument="id") == Lookup(
            None, parse_lookup("91440703YY000001XU", argument="id").keys
        )
        with pytest.raises(Invalid, match="id"):
            parse_lookup("x" * (KEPT_NUMBER + i), argument="id")
    assert (kept.cache_info().currsize, _parse.cache_info().currsize) <= (before[0], before[1] + 1)
