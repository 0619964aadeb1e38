"""Cursors cannot be forged, nor moved to another field, owner or date."""

from __future__ import annotations

import base64

import orjson
import pytest

from graph.errors import Invalid
from schema.windows import CURSOR_VERSION, SEAL, seal, unchecked, unseal

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


def claimed(*place: object, version: int = CURSOR_VERSION) -> str:
    """A cursor whose seal is made up."""
    return base64.urlsafe_b64encode(b"x" * SEAL + orjson.dumps([version, *place])).rstrip(b"=").decode()


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63) + 1, 0, 0.5])
def test_a_place_that_is_only_claimed_holds_what_a_statement_can_be_asked_by(number: float) -> None:
    assert unchecked(claimed("2020-01-01", number, "x"), "after") == ("2020-01-01", number, "x")


@pytest.mark.parametrize("number", [2**63, 2**64 - 1, -(2**63), None, [], {}])
def test_a_claimed_place_of_anything_else_is_refused_before_any_statement(number: object) -> None:
    with pytest.raises(Invalid, match="after"):
        unchecked(claimed(number, "x"), "after")


def test_the_cursor_by_which_the_hole_was_shown_is_refused() -> None:
    with pytest.raises(Invalid, match="before"):
        unchecked("eHh4eHh4eHh4eHh4WzEsOTIyMzM3MjAzNjg1NDc3NTgwOCwieCJd", "before")
