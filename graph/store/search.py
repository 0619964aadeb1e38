"""Finds subjects by name and identifier and records by document number: one ordered window of hits per question.

It must not know who may read what beyond `Reading`: names of persons come from an index that only officials touch.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from graph.codes import MatchKind, SubjectKind
from graph.errors import Invalid
from graph.identifiers import Lookup, clean, parse_lookup
from graph.periods import Moment
from graph.store.conditions import Names, Reading, visible
from graph.store.derived import FENCE, LAST_TEXT, all_columns, by_index
from graph.store.fragments import RESOLVED, believed, moment_parameters, present, version
from graph.store.lookup import lookup_parameters
from graph.store.rows import RECORD_KINDS, SUBJECT_KINDS
from graph.texts import fold

if TYPE_CHECKING:
    from graph.store.connection import Database

WINDOW: Final = 1_000  # hits of one search; what lies beyond is said to be cut
MANY: Final = 400  # hits put in order one by one; of more, names are walked from the shortest on
LONGEST: Final = 200  # characters of a text sought
SHORTEST_NUMBER: Final = 4
NUMBER_SCHEMES: Final = ("USCC", "REGISTRATION_NUMBER", "ORGANISATION_CODE")
ORGANIZATIONS: Final = tuple(each for each in SUBJECT_KINDS if each != SubjectKind.PERSON)

# Ranks in the order of an answer.
IDENTIFIER, DOCUMENT, EXACT, FORMER_EXACT, PREFIX, IDENTIFIER_PREFIX, DOCUMENT_PREFIX, PHRASE, FORMER = range(9)
MATCHES: Final = (
    *(MatchKind.IDENTIFIER, MatchKind.DOCUMENT_NUMBER, MatchKind.EXACT_NAME, MatchKind.FORMER_NAME),
    *(MatchKind.NAME_PREFIX, MatchKind.IDENTIFIER, MatchKind.DOCUMENT_NUMBER, MatchKind.NAME_PHRASE),
    MatchKind.FORMER_NAME,
)


ANY_DAY: Final = Moment(date(2000, 1, 1))
THEN: Final = Moment(date(2000, 1, 1), "")


class Sought(NamedTuple):
    """A text as it is looked for: folded as names are, as a number, and what it identifies when it is a whole one."""

    text: str
    number: str | None
    lookup: Lookup | None


@dataclass(frozen=True, slots=True)
class Hit:
    """`found` is the folded name or number that holds the text; `place` makes the cursor, its texts sort as hits do."""

    id: str
    match: MatchKind
    found: str
    place: tuple[str, str]


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


# A snapshot answers for the day; else a version does.
SHOWN: Final = "(NOT n:Dated OR n.snapFrom <= $asOf AND n.snapTo > $asOf)"
OF_KINDS: Final = "n.kind IN $kinds"
NAME_NOW: Final = f"CASE WHEN {SHOWN} THEN n.nameFold ELSE {version('n', ('nameFold',))}.nameFold END"
NAMES_NOW: Final = "[n.nameFold] + split(coalesce(n.formerFold, ''), $fence)"
NAMES_THEN: Final[str] = f"""COLLECT {{
    MATCH (n)-[:HAS_VERSION]->(held) WHERE {believed("held")} AND held.nameFold IS NOT NULL RETURN held.nameFold }}"""
SHORTEST_OF: Final = """reduce(best = head(holding), each IN holding |
        CASE WHEN size(each) < size(best) OR size(each) = size(best) AND each < best THEN each ELSE best END)"""


def judged(*, now: bool) -> str:
    """From nodes n to rows [id, rank, size, order, name that holds the text]; $text in none of its names: no row."""
    return f"""
    WITH n, {NAME_NOW if now else version("n", ("nameFold",)) + ".nameFold"} AS name,
      {NAMES_NOW if now else NAMES_THEN} AS names
    WITH n, coalesce(name, '') AS name, $text IN names AS whole, [each IN names WHERE each CONTAINS $text] AS holding
    WHERE size(holding) > 0
    WITH n, CASE WHEN name = $text THEN {EXACT} WHEN whole THEN {FORMER_EXACT} WHEN name STARTS WITH $text THEN {PREFIX}
        WHEN name CONTAINS $text THEN {PHRASE} ELSE {FORMER} END AS rank,
      CASE WHEN whole THEN $text WHEN name CONTAINS $text THEN name ELSE {SHORTEST_OF} END AS found
    WITH [n.id, rank, size(found), '', found] AS hit ORDER BY hit[1], hit[2], hit[0] LIMIT $rows
    RETURN hit"""


# The few whose snapshot does not answer for the day.
_MOVED: Final[str] = f"""
CALL () {{
  CALL () {{
    MATCH (n:Dated) USING INDEX SEEK n:Dated(snapTo) WHERE n.snapTo <= $asOf RETURN n
    UNION
    MATCH (n:Dated) USING INDEX SEEK n:Dated(snapFrom) WHERE n.snapFrom > $asOf RETURN n
  }}
  WITH n WHERE n.kind IN $named AND (n.nameFold CONTAINS $text OR coalesce(n.formerFold CONTAINS $text, false))
  {judged(now=True)}
}}"""


def _names_now(label: str, index: str) -> str:
    """The named of one disclosure class today. Every part is cut in the order of the answer, never before a filter.

    Where more than MANY hold the text they are walked from the shortest on. Names that hold it further on are looked
    for where those that begin with it leave room, former names where both do. The walk hangs on a row that is only
    there when it is needed: a condition beside it is judged after 100,000 index entries were read.
    """
    kinds, narrow = (f"{OF_KINDS} AND ", " + $narrowed") if label == "Organization" else ("", "")
    fits = f"{kinds}{SHOWN}"
    walk = f"""MATCH (n:{label}) USING INDEX SEEK n:{label}(nameSize, id, nameFold)
      WHERE n.nameSize >= $size AND n.id IS NOT NULL"""
    inside = "n.nameFold CONTAINS $text AND NOT n.nameFold STARTS WITH $text"
    by_size = "RETURN n ORDER BY n.nameSize, n.id LIMIT $rows"
    return f"""
CALL () {{
  CALL () {{
    MATCH (n:{label}) {by_index(label, "nameFold")}
    WHERE n.nameFold STARTS WITH $text AND {all_columns(label, "nameFold")}
    WITH n LIMIT {MANY} + 1
    RETURN collect(n) AS begun
  }}
  CALL (begun) {{
    CALL (begun) {{
      UNWIND CASE WHEN size(begun) <= {MANY} THEN begun ELSE [] END AS n
      WITH n WHERE {fits}
      {by_size}
      UNION ALL
      UNWIND CASE WHEN size(begun) > {MANY} THEN [0] ELSE [] END AS walked
      CALL () {{
        {walk} AND n.nameFold STARTS WITH $text AND {fits}
        {by_size}
      }}
      RETURN n
    }}
    WITH n, CASE n.nameSize WHEN $size THEN {EXACT} ELSE {PREFIX} END AS rank
    RETURN collect([n.id, rank, n.nameSize, '', n.nameFold]) AS first
  }}
  CALL (first) {{
    WITH first WHERE size(first) < $rows
    CALL db.index.fulltext.queryNodes('{index}', $namePhrase{narrow}, {{limit: {MANY} + 1}}) YIELD node
    RETURN collect(node) AS said
  }}
  CALL (said) {{
    CALL (said) {{
      UNWIND CASE WHEN size(said) <= {MANY} THEN said ELSE [] END AS n
      WITH n WHERE {inside} AND {fits}
      {by_size}
      UNION ALL
      UNWIND CASE WHEN size(said) > {MANY} THEN [0] ELSE [] END AS walked
      CALL () {{
        {walk} AND {inside} AND {fits}
        {by_size}
      }}
      RETURN n
    }}
    RETURN collect([n.id, {PHRASE}, n.nameSize, '', n.nameFold]) AS second
  }}
  CALL (first, second) {{
    WITH first, second, size(first) + size(second) < $rows AS roomy
    CALL db.index.fulltext.queryNodes('{index}', CASE WHEN roomy THEN $formerPhrase ELSE $fencedPhrase END{narrow})
      YIELD node AS n
    WITH n, [each IN split(coalesce(n.formerFold, ''), $fence) WHERE each CONTAINS $text] AS holding
    WHERE size(holding) > 0 AND {fits}
    WITH n, {SHORTEST_OF} AS found
    WITH n, found, CASE found WHEN $text THEN {FORMER_EXACT} ELSE {FORMER} END AS rank
    ORDER BY rank, size(found), n.id LIMIT $rows
    RETURN collect([n.id, rank, size(found), '', found]) AS third
  }}
  UNWIND first + second + third AS hit
  RETURN hit
}}"""


def _names_then(label: str, index: str) -> str:
    """The same at an earlier $known: whoever has or ever had such a name, judged by what was believed then."""
    kinds = OF_KINDS if label == "Organization" else f"n.kind = '{SubjectKind.PERSON}'"
    narrow = " + $narrowed" if label == "Organization" else ""
    return f"""
CALL () {{
  CALL () {{
    CALL db.index.fulltext.queryNodes('{index}', $namePhrase{narrow}) YIELD node AS n RETURN n
    UNION
    CALL db.index.fulltext.queryNodes('{index}', $formerPhrase{narrow}) YIELD node AS n RETURN n
    UNION
    CALL db.index.fulltext.queryNodes('{index}_was', $phrase) YIELD node AS was
    MATCH (n)-[:HAS_VERSION]->(was) RETURN n
    UNION
    MATCH (n:{label}) {by_index(label, "nameFold")}
    WHERE n.nameFold STARTS WITH $text AND {all_columns(label, "nameFold")} RETURN n
  }}
  WITH n WHERE {kinds} AND {present("n")}
  {judged(now=False)}
}}"""


def _own(*, now: bool) -> str:
    """A person reads his own name; an organisation is found like every other."""
    return f"""
CALL () {{
  UNWIND $own AS wanted
  MATCH (n:Entity {{id: wanted}}) USING INDEX SEEK n:Entity(id)
  WHERE n.kind = '{SubjectKind.PERSON}' AND {present("n")}
  {judged(now=now)}
}}"""


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
  RETURN [n.id, CASE WHEN p.documentFold = $text THEN {DOCUMENT} ELSE {DOCUMENT_PREFIX} END, 0, p.documentFold,
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
  RETURN [n.id, {IDENTIFIER}, 0, '', $text] AS hit
}}"""


_NUMBERED: Final[str] = "".join(
    f"""
CALL () {{
  MATCH (name:Identifier) USING INDEX SEEK name:Identifier(key)
  WHERE name.key STARTS WITH '{scheme}|' + $number
  MATCH (name)<-[by:IDENTIFIED_BY]-(n) WHERE {believed("by")} AND {OF_KINDS} AND {present("n")}
  WITH name, n ORDER BY name.key, n.id LIMIT $rows
  RETURN collect([n.id, {IDENTIFIER_PREFIX}, 0, name.value, name.value]) AS by{scheme.replace("_", "")}
}}"""
    for scheme in NUMBER_SCHEMES
)


@lru_cache(maxsize=256)
def statement(shape: Shape) -> str:
    """Parts that each hand out at most $rows hits in order; the first of a node counts, the first $rows are kept."""
    reading = Reading(ANY_DAY, shape.official, ("own",) if shape.own else ())
    now = shape.now
    names = _names_now if now else _names_then
    parts = [_identified(reading, now=now)] if shape.identified else []
    if shape.organizations:
        parts.append(names("Organization", "organization_names"))
    if shape.organizations and shape.numbered:
        numbers = " + ".join(f"by{each.replace('_', '')}" for each in NUMBER_SCHEMES)
        parts.append(f"CALL () {{ {_NUMBERED} UNWIND {numbers} AS hit RETURN hit }}")
    if shape.persons:
        parts.append(names("Person", "person_names") if shape.official else _own(now=now))
    if now and (shape.organizations or (shape.persons and shape.official)):
        parts.append(_MOVED)
    if shape.records:
        parts.append(_documents(reading, now=now))
    # Every part is a CALL of one column; together they are the rows of one.
    rows = "\nUNION ALL\n".join(f"{part} RETURN hit" for part in parts)
    return f"""
CALL () {{
{rows}
}}
WITH hit[0] AS id, min(hit[1..]) AS best
ORDER BY best[0], best[1], best[2], id LIMIT $rows
RETURN collect([id, best[0], best[1], best[2], best[3]]) AS hits"""


def parameters(found: Sought, kinds: Collection[str], reading: Reading, rows: int) -> dict[str, Any]:
    organizations = [each for each in ORGANIZATIONS if each in kinds]
    narrowed = (
        "" if len(organizations) == len(ORGANIZATIONS) else f" AND kind:({' OR '.join(map(quoted, organizations))})"
    )
    phrase, fenced = quoted(found.text), f"{FENCE}{found.text}{FENCE}"
    lookup = found.lookup or Lookup(None)
    return {
        **moment_parameters(reading.moment),
        **lookup_parameters([lookup]),
        "text": found.text,
        "size": len(found.text),
        "number": found.number,
        "phrase": phrase,
        "narrowed": narrowed,
        "namePhrase": f"nameFold:{phrase}",
        "formerPhrase": f"formerFold:{phrase}",
        "fencedPhrase": f"formerFold:{quoted(fenced.strip())}",
        "fenced": fenced,
        "fence": FENCE,
        "last": LAST_TEXT,
        "kinds": organizations,
        "named": [each for each in kinds if each in ORGANIZATIONS or (each == SubjectKind.PERSON and reading.official)],
        "everyKind": sorted(kinds),
        "recordKinds": RECORD_KINDS,
        "own": list(reading.own),
        "rows": rows,
    }


async def search(database: Database, found: Sought, kinds: Collection[str], reading: Reading, rows: int) -> list[Hit]:
    """The first `rows` hits in the order of the answer: exact before prefix before phrase, then length, then id.

    `kinds` are codes of subjects and records. A name is judged as of the day: one of another day is a former name.
    Persons are found by name by officials, and by themselves; a record while it is visible to the reader.
    """
    shape = Shape(
        organizations=any(each in kinds for each in ORGANIZATIONS),
        persons=SubjectKind.PERSON in kinds and (reading.official or bool(reading.own)),
        records=any(each in kinds for each in RECORD_KINDS),
        official=reading.official,
        own=bool(reading.own),
        identified=found.lookup is not None,
        numbered=found.number is not None,
        now=reading.now,
    )
    if not any((shape.organizations, shape.persons, shape.records, shape.identified)):
        return []
    (row,) = await database.read(statement(shape), parameters(found, kinds, reading, rows))
    return [
        Hit(id, MATCHES[rank], name, (f"{rank}{size:06d}{order}", id)) for id, rank, size, order, name in row["hits"]
    ]
