"""What a text finds: subjects by name and number, records by document number, each once and by its best match.

The ranks are written here a second time, from `contract.graphql` and `design.md` 4 (phrases of whole words, and an
ideograph is one; exact before beginning before phrase, then length, then id). It must not know how a text is sought.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from graph.errors import Invalid
from graph.identifiers import clean, parse_lookup
from graph.texts import fold
from graph.vocabulary import BY_CODE, Family
from tests.oracle import filters, pages
from tests.oracle.facts import Held, known
from tests.oracle.reading import Refused, Scope, View
from tests.oracle.shown import shown

LONGEST, WINDOW = 200, 1_000
SHORTEST_NUMBER, LONGEST_NUMBER = 4, 18
NUMBERS: Final = frozenset({"USCC", "REGISTRATION_NUMBER", "ORGANISATION_CODE"})
BEST_FIRST: Final = (("RANK", False), ("SIZE", False), ("TEXT", False))
# Words as Unicode counts them (UAX 29): letters and digits that stand together, at times with a mark between; an
# ideograph and a hiragana each.
SINGLE: Final = "\u3041-\u309f\u3400-\u4dbf\u4e00-\u9fff"
JOINED: Final = rf"[^\W{SINGLE}]"
WORD: Final = re.compile(rf"[{SINGLE}]|{JOINED}+(?:[.'’·]{JOINED}+)*")


class Rank(IntEnum):
    """How a text is found, the best first, and what the API calls it."""

    IDENTIFIER = 0
    DOCUMENT = 1
    NAME = 2
    OTHER_NAME = 3
    BEGINNING = 4
    BEGINNING_OF_IDENTIFIER = 5
    BEGINNING_OF_DOCUMENT = 6
    PHRASE = 7
    PHRASE_OF_OTHER_NAME = 8

    @property
    def matched(self) -> str:
        return MATCHED[self]


MATCHED: Final = {
    Rank.IDENTIFIER: "IDENTIFIER",
    Rank.DOCUMENT: "DOCUMENT_NUMBER",
    Rank.NAME: "EXACT_NAME",
    Rank.OTHER_NAME: "FORMER_NAME",
    Rank.BEGINNING: "NAME_PREFIX",
    Rank.BEGINNING_OF_IDENTIFIER: "IDENTIFIER",
    Rank.BEGINNING_OF_DOCUMENT: "DOCUMENT_NUMBER",
    Rank.PHRASE: "NAME_PHRASE",
    Rank.PHRASE_OF_OTHER_NAME: "FORMER_NAME",
}


@dataclass(frozen=True)
class Hit:
    """`size` is the length of a name that holds the text, 0 of a number; `text` puts numbers in order."""

    scope: Scope
    view: View
    rank: Rank
    snippet: str
    size: int = 0
    text: str = ""

    @property
    def id(self) -> str:
        return self.view.id

    def key(self, name: str) -> Any:
        return {"RANK": int(self.rank), "SIZE": self.size, "TEXT": self.text}[name]

    @property
    def shown(self) -> Any:
        return shown(self.scope, self.view)


class Found(pages.Connection):
    """A page of hits, of the first thousand."""

    def __init__(self, scope: Scope, hits: list[Hit], asking: pages.Asking) -> None:
        best = sorted(hits, key=lambda hit: (hit.rank, hit.size, hit.text, hit.id))[:WINDOW]
        super().__init__(scope, best, BEST_FIRST, asking, lambda row: row)
        cut = {"reason": "NODE_LIMIT", "omitted": None, "lowerBound": True}
        self.truncated = cut if len(hits) > WINDOW else None
        self.all = [each.view for each in best]
        self.edges = [
            {"cursor": edge["cursor"], "node": hit.shown, "matched": hit.rank.matched, "snippet": hit.snippet}
            for edge, hit in ((each, each["node"]) for each in self.edges)
        ]
        self.nodes = [each["node"] for each in self.edges]


def search(scope: Scope, text: str, kinds: Collection[str] | None, given: Mapping[str, Any]) -> Found:
    wanted = fold(text)
    if not wanted or len(wanted) > LONGEST or "\U0010ffff" in wanted:
        raise Refused("BAD_USER_INPUT")
    among = None if kinds is None else sorted(set(kinds))
    asking = pages.asked(given, "search", wanted, among, str(scope.moment), scope.asker.official)
    asking.check_direction()
    views = (scope.view(each) for each in scope.world.things)
    looked = [view for view in views if view is not None and _among(view, among)]
    identified = _identified(scope, text)
    best = (min(_matches(scope, view, text, wanted, identified), key=_order, default=None) for view in looked)
    return Found(scope, [each for each in best if each is not None], asking)


def _order(hit: Hit) -> Any:
    return hit.rank, hit.size, hit.text, fold(hit.snippet)


def _among(view: View, kinds: Collection[str] | None) -> bool:
    if view.family is Family.RECORD:
        return kinds is None or "RECORD" in kinds
    return view.family is Family.SUBJECT and (kinds is None or view.kind in kinds)


def _matches(scope: Scope, view: View, text: str, wanted: str, identified: Collection[str]) -> Iterator[Hit]:
    if view.family is Family.RECORD and not filters.decided(scope, view):
        return
    if view.id in identified:
        yield Hit(scope, view, Rank.IDENTIFIER, text.strip())
    if view.family is Family.RECORD:
        yield from _by_document(scope, view, wanted)
        return
    if BY_CODE[view.kind].organization:
        yield from _by_number(scope, view, clean(text))
    if scope.reads(view, "name"):
        yield from _by_name(scope, view, wanted)


def _identified(scope: Scope, text: str) -> set[str]:
    """What the whole text identifies or once identified: an id, a number, `world:…`."""
    try:
        lookup = parse_lookup(text, argument="")
    except Invalid:
        return set()
    if lookup.node_id is not None:
        return {lookup.node_id}
    return {id for id in scope.world.things if any(held.number.key in lookup.keys for held in _held(scope, id))}


def _held(scope: Scope, id: str) -> list[Held]:
    return [each for each in scope.world.things[id].held if known(each, scope.moment)]


def _by_number(scope: Scope, view: View, number: str) -> Iterator[Hit]:
    """By the beginning of a number it has or once had."""
    if not (SHORTEST_NUMBER <= len(number) <= LONGEST_NUMBER and number.isascii() and number.isalnum()):
        return
    for held in _held(scope, view.id):
        value = held.number.value
        if held.number.scheme in NUMBERS and value.startswith(number):
            yield Hit(scope, view, Rank.BEGINNING_OF_IDENTIFIER, value, text=value)


def _by_document(scope: Scope, view: View, wanted: str) -> Iterator[Hit]:
    written = view.values.get("documentNumber")
    if written is not None and scope.reads(view, "documentNumber"):
        number = fold(written)
        if number.startswith(wanted):
            rank = Rank.DOCUMENT if number == wanted else Rank.BEGINNING_OF_DOCUMENT
            yield Hit(scope, view, rank, written, text=number)


def _by_name(scope: Scope, view: View, wanted: str) -> Iterator[Hit]:
    """The name of the day counts for more than those of other days; of these the shortest that holds the text."""
    own = view.values["name"]
    name = fold(own)
    if name == wanted:
        yield Hit(scope, view, Rank.NAME, own, len(name))
    elif name.startswith(wanted):
        yield Hit(scope, view, Rank.BEGINNING, own, len(name))
    elif holds(name, wanted):
        yield Hit(scope, view, Rank.PHRASE, own, len(name))
    for written in _other_names(scope, view):
        other = fold(written)
        if other != name and holds(other, wanted):
            rank = Rank.OTHER_NAME if other == wanted else Rank.PHRASE_OF_OTHER_NAME
            yield Hit(scope, view, rank, written, len(other))


def _other_names(scope: Scope, view: View) -> list[str]:
    """Of any other day, as known then, the earliest first."""
    versions = [each for each in scope.world.things[view.id].versions if known(each, scope.moment)]
    named = sorted((each.start, each.end, each.values["name"]) for each in versions if "name" in each.values)
    return list(dict.fromkeys(name for *_, name in named))


def holds(name: str, text: str) -> bool:
    """Whether a name has a text as a phrase: whole words of it, at least one, and what stands between them."""
    words = [each.span() for each in WORD.finditer(name)]
    for each in re.finditer(f"(?={re.escape(text)})", name):
        start, end = each.start(), each.start() + len(text)
        cut = any(begin < start < stop or begin < end < stop for begin, stop in words)
        if not cut and any(start <= begin and stop <= end for begin, stop in words):
            return True
    return False
