"""Cursors cannot be forged, nor moved to another field, owner or date."""

from __future__ import annotations

import base64

import pytest

from graph.errors import Invalid
from schema.windows import seal, unseal

KEY = b"k" * 32


def test_a_cursor_leads_back_to_its_place() -> None:
    assert unseal(KEY, "ent_1|posts", seal(KEY, "ent_1|posts", ("2020-01-01", "pos_1"))) == ("2020-01-01", "pos_1")


@pytest.mark.parametrize(
    ("key", "bound"), [(KEY, "ent_2|posts"), (KEY, "ent_1|records"), (b"x" * 32, "ent_1|posts"), (KEY, "ent_1|posts|2")]
)
def test_a_cursor_of_another_field_owner_date_or_graph_is_refused(key: bytes, bound: str) -> None:
    with pytest.raises(Invalid, match="after"):
        unseal(key, bound, seal(KEY, "ent_1|posts", ("2020-01-01", "pos_1")))


@pytest.mark.parametrize(
    "cursor", ["", "x", "中", "!!!!", base64.urlsafe_b64encode(b'[1,"2020-01-01","pos_1"]').decode()]
)
def test_a_made_up_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid, match="after"):
        unseal(KEY, "ent_1|posts", cursor)


def test_a_changed_cursor_is_refused() -> None:
    good = seal(KEY, "ent_1|posts", ("2020-01-01", "pos_1"))
    for position in range(len(good) - 1):
        other = "A" if good[position] != "A" else "B"
        with pytest.raises(Invalid):
            unseal(KEY, "ent_1|posts", good[:position] + other + good[position + 1 :])
