"""Finds subjects by name and identifier and records by document number: one ordered window of hits per question,
and a page of it with what is read of its nodes.

It must not know who may read what beyond `Reading`: names of persons come from an index that only officials touch.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graph.codes import MatchKind, StatisticsGroup, SubjectKind
from graph.conditions import Target
from graph.errors import Invalid
from graph.identifiers import Lookup, clean, parse_lookup
from graph.periods import Moment
from graph.store.conditions import Reading, seen, visible
from graph.store.derived import FENCE, LAST_TEXT, all_columns, by_index
from graph.store.fragments import RESOLVED, believed, present, version
from graph.store.groups import facets
from graph.store.lookup import lookup_parameters
from graph.store.names import (
    DOCUMENT,
    DOCUMENT_PREFIX,
    IDENTIFIER,
    IDENTIFIER_PREFIX,
    MANY,
    MATCHES,
    OF_KINDS,
    moved,
    names_now,
    names_then,
    own_name,
)
from graph.store.rows import RECORD_KINDS, SUBJECT_KINDS
from graph.store.targets import Names
from graph.texts import fold

if TYPE_CHECKING:
    from graph.store.projection import Time
    from graph.views import Place

WINDOW: Final = 1_000  # hits of one search; what lies beyond is said to be cut
LONGEST: Final = 200  # characters of a text sought
SHORTEST_NUMBER: Final = 4
NUMBER_SCHEMES: Final = ("USCC", "REGISTRATION_NUMBER", "ORGANISATION_CODE")
ORGANIZATIONS: Final = tuple(each for each in SUBJECT_KINDS if each != SubjectKind.PERSON)
ANY_DAY: Final = Moment(date(2000, 1, 1))
SHARED: Final = frozenset({"own", "asOf", "known", "now"})  # parameters of the operation, not of one search
# An ideograph is a word of its own: whoever begins with a text that ends in one has it as a phrase, and a text that
# also begins with one is a phrase wherever it stands.
IDEOGRAPH: Final = "[\u3400-\u4dbf\u4e00-\u9fff]"
WHOLE: Final = re.compile(f"{IDEOGRAPH}$")
PLAIN: Final = re.compile(f"(?s){IDEOGRAPH}(.*{IDEOGRAPH})?")
# Characters that stand together in a word, and marks that join them, here and in the language of the database.
JOINED: Final = r"[^\W\u3041-\u309f\u3400-\u4dbf\u4e00-\u9fff]"
JOINED_THERE: Final = r"[\p{L}\p{M}\p{N}_&&[^\p{IsHan}\p{IsHiragana}]]"
MARKS: Final = "[.'’·]"
# The last word as the index cuts it (UAX 29): a mark joins two letters or two digits, none begins or ends a word.
JOINING: Final = rf"(?<=[^\W\d_]){MARKS}(?=[^\W\d_])|(?<=\d)[.,;'’](?=\d)"
UNFINISHED: Final = re.compile(f"({JOINED}(?:{JOINED}|{JOINING})*){MARKS}*$")
NO_NAME: Final = "(?!)"
PARAMETER: Final = re.compile(r"\$(\w+)")


class Sought(NamedTuple):
    """A text as it is looked for: folded as names are, as a number, and what it identifies when it is a whole one."""

    text: str
    number: str | None
    lookup: Lookup | None


class Shape(NamedTuple):
    """What decides the text of a statement: which indexes are read, for whom and when."""

    organizations: bool
    persons: bool
    records: bool
    official: bool
    own: bool
    identified: bool
    numbered: bool
    now: bool


def sought(text: str, argument: str = "text") -> Sought:
    """Raises Invalid for a blank, an overlong or an unwritable text; anything else is looked for as it stands."""
    folded = fold(text)
    if not folded:
        raise Invalid(f"{argument}: 不得为空白 · must not be blank", argument=argument)
    if len(folded) > LONGEST:
        raise Invalid(f"{argument}: 至多 {LONGEST} 个字符 · at most {LONGEST} characters", argument=argument)
    if any("\ud800" <= each <= "\udfff" or each == LAST_TEXT for each in folded):
        raise Invalid(f"{argument}: 含有无效字符 · has an invalid character", argument=argument)
    number: str | None = clean(text)
    if number is None or not (number.isascii() and number.isalnum() and SHORTEST_NUMBER <= len(number) <= 18):
        number = None
    try:
        lookup = parse_lookup(text, argument=argument)
    except Invalid:
        lookup = None
    return Sought(folded, number, lookup)


def quoted(text: str) -> str:
    """A phrase of the index's language in which every character stands for itself."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def whole_words(text: str) -> str:
    """The names that hold a text as a phrase, as the database writes it: neither end of the text cuts a word."""
    if not re.search(r"\w", text):
        return NO_NAME
    before = f"(?<!{JOINED_THERE})(?<!{JOINED_THERE}{MARKS})" if re.match(JOINED, text) else ""
    after = f"(?!{JOINED_THERE})(?!{MARKS}{JOINED_THERE})" if re.search(f"{JOINED}$", text) else ""
    return f"(?s).*{before}\\Q{text}\\E{after}.*"  # folded, a text has no \E


def begun(text: str, *fields: str) -> str:
    """A phrase in any of the fields whose last word may be the beginning of one."""
    last = UNFINISHED.search(text)
    if last is None:
        return f"({' OR '.join(f'{each}:{quoted(text)}' for each in fields)})"
    head = text[: last.start()].strip()
    before = f"+%s:{quoted(head)} " if re.search(r"\w", head) else ""
    part = f"({before}+%s:{last[1]}*)"
    return f"({' OR '.join(part.replace('%s', each) for each in fields)})"


def _record_visible(reading: Reading, *, now: bool) -> tuple[str, str]:
    """Clause that binds `p`, and whether the record n is there on the day for the reader."""
    wanted = ("documentFold", "day", "publicFrom", "publicTo")
    values = "n" if now else version("n", wanted)
    return f"{values} AS p", f"p.day <= $asOf AND {visible(Names('n', 'p'), reading)}"


def _documents(reading: Reading, *, now: bool) -> str:
    values, seen = _record_visible(reading, now=now)
    found = "p.documentFold STARTS WITH $text AND p.documentFold < $last"
    match = f"""MATCH (n:Record) {by_index("Record", "documentFold")}
  WHERE n.documentFold STARTS WITH $text AND {all_columns("Record", "documentFold")}"""
    if not now:
        match = f"""CALL () {{
    {match} RETURN n
    UNION
    MATCH (was:RecordWas) USING INDEX SEEK was:RecordWas(documentFold) WHERE was.documentFold STARTS WITH $text
    MATCH (n)-[:HAS_VERSION]->(was) RETURN n
  }}
  WITH n WHERE {present("n")}"""
    order = "n.documentFold, n.id" if now else "p.documentFold, n.id"
    return f"""
CALL () {{
  {match}
  WITH n, {values} WHERE {found} AND {seen}
  WITH n, p ORDER BY {order} LIMIT $rows
  RETURN [n, CASE WHEN p.documentFold = $text THEN {DOCUMENT} ELSE {DOCUMENT_PREFIX} END, 0, p.documentFold,
    p.documentFold] AS hit
}}"""


def _identified(reading: Reading, *, now: bool) -> str:
    """What the whole text identifies: an id, a number, `world:…`; a record only where it is visible."""
    values, seen = _record_visible(reading, now=now)
    return f"""
CALL () {{
  {RESOLVED}
  WITH DISTINCT node AS n WHERE n.kind IN $everyKind
  WITH n, CASE WHEN n.kind IN $recordKinds THEN {values.removesuffix(" AS p")} END AS p
  WHERE NOT n.kind IN $recordKinds OR {seen}
  WITH n ORDER BY n.id LIMIT $rows
  RETURN [n, {IDENTIFIER}, 0, '', $text] AS hit
}}"""


# Each node by the first of its numbers: one that several sources give, or several alike, take no room from others.
_NUMBERED: Final[str] = f"""
CALL () {{
  UNWIND $schemes AS scheme
  CALL (scheme) {{
    MATCH (name:Identifier) USING INDEX SEEK name:Identifier(key) WHERE name.key STARTS WITH scheme + $number
    MATCH (name)<-[by:IDENTIFIED_BY]-(n) WHERE {believed("by")} AND {OF_KINDS} AND {present("n")} AND NOT EXISTS {{
      MATCH (n)-[other:IDENTIFIED_BY]->(first) WHERE {believed("other")} AND first.key STARTS WITH scheme + $number
        AND first.key < name.key }}
    WITH DISTINCT name, n ORDER BY name.key, n.id LIMIT $rows
    RETURN n, name.value AS value
  }}
  RETURN [n, {IDENTIFIER_PREFIX}, 0, value, value] AS hit
}}"""


class Page(NamedTuple):
    """What decides the text of a page, beside its shape. `begun`: it lies after a place of the window, or before it."""

    begun: bool
    backward: bool


class Hit(NamedTuple):
    """`found` is the folded name or number that holds the text; `row` is what was read of the node."""

    id: str
    rank: int
    size: int
    order: str
    found: str
    row: Mapping[str, Any]

    @property
    def match(self) -> MatchKind:
        return MATCHES[self.rank]

    @property
    def place(self) -> tuple[str, str]:
        """What a cursor says: the rank, the size in six digits, the order; and the id."""
        return f"{self.rank}{self.size:06d}{self.order}", self.id


class Window(NamedTuple):
    """Of the hits in order, those of a page: the first is number `start`. `cut`: there are more than `total`.

    `facets`: of all of them, what `groups.facets` reads.
    """

    total: int
    cut: bool
    start: int
    hits: tuple[Hit, ...]
    facets: Sequence[Sequence[Any]] = ()

    @classmethod
    def of(cls, told: Sequence[Any]) -> Window:
        """From what `page` returns as `rows`."""
        total, start, hits, *facets = told
        return cls(min(total, WINDOW), total > WINDOW, start, tuple(Hit(*each) for each in hits), *facets)


NOTHING: Final = Window(0, False, 0, ())


def shape(found: Sought, kinds: Collection[str], reading: Reading) -> Shape | None:
    """None: nothing is looked among."""
    made = Shape(
        organizations=any(each in kinds for each in ORGANIZATIONS),
        persons=SubjectKind.PERSON in kinds and (reading.official or bool(reading.own)),
        records=any(each in kinds for each in RECORD_KINDS),
        official=reading.official,
        own=bool(reading.own),
        identified=found.lookup is not None,
        numbered=found.number is not None,
        now=reading.now,
    )
    return made if any((made.organizations, made.persons, made.records, made.identified)) else None


def _window(shape: Shape) -> str:
    """To one column `hits`: parts that each hand out at most $rows in order; the first of a node counts, the first
    $rows are kept: exact before prefix before phrase, then length, then id.

    A name is judged as of the day: one of another day is a former name. Persons are found by name by officials, and
    by themselves; a record while it is visible to the reader.
    """
    reading = Reading(ANY_DAY, shape.official, ("own",) if shape.own else ())
    now = shape.now
    names = names_now if now else names_then
    parts = [_identified(reading, now=now)] if shape.identified else []
    if shape.organizations:
        parts.append(names("Organization", "organization_names"))
    if shape.organizations and shape.numbered:
        parts.append(_NUMBERED)
    if shape.persons:
        parts.append(names("Person", "person_names") if shape.official else own_name(now=now))
    if now and (shape.organizations or (shape.persons and shape.official)):
        parts.append(moved())
    if shape.records:
        parts.append(_documents(reading, now=now))
    # Every part is a CALL of one column; together they are the rows of one.
    rows = "\nUNION ALL\n".join(f"{part} RETURN hit" for part in parts)
    return f"""
CALL () {{
{rows}
}}
WITH hit[0] AS n, min(hit[1..]) AS best
ORDER BY best[0], best[1], best[2], n.id LIMIT $rows
WITH collect([n, best[0], best[1], best[2], best[3]]) AS hits"""


# What a place is compared by: the order of an answer.
_KEY: Final = "[hit[1], hit[2], hit[3], hit[0].id]"


@lru_cache(maxsize=256)
def _page(shape: Shape, page: Page) -> str:
    """To columns `hits`, `start` and `shown`: where the page begins in the window, and its hits."""
    window = f"hits[..{WINDOW}]"
    side = "<" if page.backward else "<="
    edge = f"size([hit IN {window} WHERE {_KEY} {side} $place])" if page.begun else None
    if not page.backward:
        start, end = edge or "0", "start + $most"
        return f"""{_window(shape)}
WITH hits, {start} AS start
WITH hits, start, {window}[start..{end}] AS shown"""
    return f"""{_window(shape)}
WITH hits, {edge or f"size({window})"} AS end
WITH hits, end, CASE WHEN end > $most THEN end - $most ELSE 0 END AS start
WITH hits, start, hits[start..end] AS shown"""


def page(
    shape: Shape,
    page: Page,
    time: Time,
    prefix: str,
    name: str,
    row: str,
    groups: Sequence[StatisticsGroup] = (),
) -> str:
    """The body of a subquery with one column `rows`, read by `Window.of`. `row` is written over the node `name`."""

    def own(text: str) -> str:
        return time.write(PARAMETER.sub(lambda each: each[0] if each[1] in SHARED else f"${prefix}{each[1]}", text))

    counted = f", {own(_facets(shape, groups))}" if groups else ""
    return f"""{own(_page(shape, page))}
CALL (shown) {{
  UNWIND shown AS hit
  WITH hit, hit[0] AS {name}
  RETURN collect([{name}.id, hit[1], hit[2], hit[3], hit[4], {row}]) AS told
}}
RETURN [size(hits), start, told{counted}] AS rows"""


def _facets(shape: Shape, groups: Sequence[StatisticsGroup]) -> str:
    """Of the window, whatever page of it is read. Records have no value of the groups of subjects but their kind."""
    match = f"""UNWIND hits[..{WINDOW}] AS hit
    WITH hit[0] AS f
    WITH f, CASE WHEN f.kind IN $recordKinds THEN null ELSE {seen("f", now=shape.now)} END AS fp"""
    return facets(match, groups, Target.SUBJECT, Names("f", "fp"), official=shape.official)


def parameters(
    found: Sought, kinds: Collection[str], reading: Reading, most: int, place: Place | None, *, whole: bool
) -> dict[str, Any]:
    """Those of `page`, without its prefix. `whole`: the window is read to its end, not to that of the first page."""
    organizations = [each for each in ORGANIZATIONS if each in kinds]
    narrowed = (
        "" if len(organizations) == len(ORGANIZATIONS) else f" AND kind:({' OR '.join(map(quoted, organizations))})"
    )
    rows = WINDOW + 1 if whole else most + 1
    phrase, fenced = quoted(found.text), f"{FENCE}{found.text}{FENCE}"
    return {
        **lookup_parameters([found.lookup or Lookup(None)]),
        "text": found.text,
        "size": len(found.text),
        "number": found.number,
        "schemes": [f"{each}|" for each in NUMBER_SCHEMES],
        "plain": bool(PLAIN.fullmatch(found.text)),
        "pattern": whole_words(found.text),
        "begun": begun(found.text, "nameFold", "formerFold"),
        "begunWas": begun(found.text, "nameFold"),
        "narrowed": narrowed,
        "namePhrase": f"nameFold:{phrase}",
        "formerPhrase": f"formerFold:{phrase}",
        "fencedPhrase": f"formerFold:{quoted(fenced.strip())}",
        "fence": FENCE,
        "last": LAST_TEXT,
        "kinds": organizations,
        "named": [each for each in kinds if each in ORGANIZATIONS or (each == SubjectKind.PERSON and reading.official)],
        "everyKind": sorted(kinds),
        "recordKinds": RECORD_KINDS,
        "rows": rows,
        "many": max(MANY, rows),
        "whole": bool(WHOLE.search(found.text)),
        "most": most,
        "place": None if place is None else _compared(*map(str, place)),
    }


def _compared(said: str, id: str) -> list[Any]:
    """What `Hit.place` says, as `_KEY` is written."""
    return [int(said[0]), int(said[1:7]), said[7:], id]
