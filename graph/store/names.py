"""Nodes whose names hold a text, as parts of a search: today by their indexes, of another day by what was believed.

It must not know who may read a name; a part hands out at most $rows hits, in the order of the answer.
"""

from __future__ import annotations

from typing import Final

from graph.codes import MatchKind, SubjectKind
from graph.store.derived import all_columns, by_index
from graph.store.fragments import believed, present, version

MANY: Final = 100  # hits put in order one by one, or those of a page where they are more

# Ranks in the order of an answer.
IDENTIFIER, DOCUMENT, EXACT, FORMER_EXACT, PREFIX, IDENTIFIER_PREFIX, DOCUMENT_PREFIX, PHRASE, FORMER = range(9)
MATCHES: Final = (
    *(MatchKind.IDENTIFIER, MatchKind.DOCUMENT_NUMBER, MatchKind.EXACT_NAME, MatchKind.FORMER_NAME),
    *(MatchKind.NAME_PREFIX, MatchKind.IDENTIFIER, MatchKind.DOCUMENT_NUMBER, MatchKind.NAME_PHRASE),
    MatchKind.FORMER_NAME,
)

# A snapshot answers for the day; else a version does.
SHOWN: Final = "n.snapFrom <= $asOf AND n.snapTo > $asOf"
OF_KINDS: Final = "n.kind IN $kinds"
NAME_NOW: Final = f"CASE WHEN {SHOWN} THEN n.nameFold ELSE {version('n', ('nameFold',))}.nameFold END"
NAMES_NOW: Final = "[n.nameFold] + split(coalesce(n.formerFold, ''), $fence)"
NAMES_THEN: Final[str] = f"""COLLECT {{
    MATCH (n)-[:HAS_VERSION]->(held) WHERE {believed("held")} AND held.nameFold IS NOT NULL RETURN held.nameFold }}"""
# Whole words of a name: an index of words finds no others. A text of ideographs cuts none ($plain).
PHRASE_OF: Final = "each CONTAINS $text AND ($plain OR each =~ $pattern)"
SHORTEST_OF: Final = """reduce(best = head(holding), each IN holding |
        CASE WHEN size(each) < size(best) OR size(each) = size(best) AND each < best THEN each ELSE best END)"""


def judged(*, now: bool) -> str:
    """From nodes n to rows [n, rank, size, order, name that holds the text]; $text in none of its names: no row."""
    return f"""
    WITH n, {NAME_NOW if now else version("n", ("nameFold",)) + ".nameFold"} AS name,
      {NAMES_NOW if now else NAMES_THEN} AS names
    WITH n, coalesce(name, '') AS name, $text IN names AS whole, [each IN names WHERE {PHRASE_OF}] AS holding
    WHERE whole OR size(holding) > 0 OR name STARTS WITH $text
    WITH n, CASE WHEN name = $text THEN {EXACT} WHEN whole THEN {FORMER_EXACT} WHEN name STARTS WITH $text THEN {PREFIX}
        WHEN name IN holding THEN {PHRASE} ELSE {FORMER} END AS rank,
      CASE WHEN whole THEN $text WHEN name STARTS WITH $text OR name IN holding THEN name
        ELSE {SHORTEST_OF} END AS found
    WITH n, rank, found ORDER BY rank, size(found), n.id LIMIT $rows
    RETURN [n, rank, size(found), '', found] AS hit"""


def moved() -> str:
    """The few whose snapshot does not answer for the day."""
    return f"""
CALL () {{
  CALL () {{
    MATCH (n:Dated) USING INDEX SEEK n:Dated(snapTo) WHERE n.snapTo <= $asOf RETURN n
    UNION
    MATCH (n:Dated) USING INDEX SEEK n:Dated(snapFrom) WHERE n.snapFrom > $asOf RETURN n
  }}
  WITH n WHERE n.kind IN $named AND (n.nameFold CONTAINS $text OR coalesce(n.formerFold CONTAINS $text, false))
  {judged(now=True)}
}}"""


def _ordered(label: str, index: str, found: str, holds: str, narrow: str, fits: str) -> str:
    """To nodes n, the first $rows by length and id of those that `holds` says and that fit. `found`: at most $many of
    them, else one more of them, any ones.

    Of more, the sample says which length the last of $rows has at most. Those that are shorter are few, and the index
    of phrases tells them all by `sizeWord`; those of that length are walked by id. Walked from the shortest on, a
    phrase of long names would cost an entry for each shorter name. Where a phrase need not be one of whole words
    ($whole is false), or no sample fills a page, that is done.
    """
    imported = ", ".join(dict.fromkeys((found, "said")))
    return f"""
  CALL ({imported}) {{
    UNWIND CASE WHEN $whole AND size({found}) > $many THEN said ELSE [] END AS n
    WITH n WHERE {holds} AND {fits}
    WITH n.nameSize AS size ORDER BY size LIMIT $rows
    WITH collect(size) AS sizes
    RETURN CASE size(sizes) WHEN $rows THEN sizes[-1] END AS bound
  }}
  CALL (bound) {{
    WITH bound WHERE bound IS NOT NULL
    CALL db.index.fulltext.queryNodes('{index}', $namePhrase{narrow} + ' AND sizeWord:[s0000 TO s'
      + right('0000' + toString(bound - 1), 4) + ']', {{limit: $many + 1}}) YIELD node
    RETURN collect(node) AS shorter
  }}
  CALL ({found}, bound, shorter) {{
    UNWIND CASE WHEN size({found}) <= $many THEN {found} WHEN size(shorter) <= $many THEN shorter ELSE [] END AS n
    WITH n WHERE {holds} AND {fits}
    RETURN n
    UNION ALL
    UNWIND CASE WHEN size({found}) <= $many THEN [] WHEN size(shorter) <= $many THEN [coalesce(bound, $size)]
      ELSE [$size] END AS begin
    CALL (begin) {{
      MATCH (n:{label}) USING INDEX SEEK n:{label}(nameSize, id, nameFold)
      WHERE n.nameSize >= begin AND n.id IS NOT NULL AND {holds}
      WITH n ORDER BY n.nameSize, n.id
      WITH n WHERE {fits}
      RETURN n LIMIT $rows
    }}
    RETURN n
  }}
  WITH n ORDER BY n.nameSize, n.id LIMIT $rows"""


def names_now(label: str, index: str) -> str:
    """The named of one disclosure class today. Every part is cut in the order of the answer, never before a filter.

    Names that hold a text further on are looked for where those that begin with it leave room, former names where
    both do. What is only done when it is needed hangs on a row that is only there then: a condition beside a walk is
    judged after 100,000 index entries were read.
    """
    kinds, narrow = (f"{OF_KINDS} AND ", " + $narrowed") if label == "Organization" else ("", "")
    fits = f"{kinds}{SHOWN}"
    begins = "n.nameFold STARTS WITH $text"
    inside = f"{PHRASE_OF.replace('each', 'n.nameFold')} AND NOT {begins}"
    return f"""
CALL () {{
  CALL () {{
    MATCH (n:{label}) {by_index(label, "nameFold")}
    WHERE {begins} AND {all_columns(label, "nameFold")}
    WITH n LIMIT $many + 1
    RETURN collect(n) AS begun
  }}
  CALL (begun) {{
    UNWIND CASE WHEN size(begun) > $many OR size([n IN begun WHERE {fits}]) < $rows THEN [0] ELSE [] END AS asked
    CALL db.index.fulltext.queryNodes('{index}', $namePhrase{narrow}, {{limit: $many + 1}}) YIELD node
    RETURN collect(node) AS said
  }}
  CALL (begun, said) {{
    {_ordered(label, index, "begun", begins, narrow, fits)}
    WITH n, CASE n.nameSize WHEN $size THEN {EXACT} ELSE {PREFIX} END AS rank
    RETURN collect([n, rank, n.nameSize, '', n.nameFold]) AS first
  }}
  CALL (first, said) {{
    WITH said WHERE size(first) < $rows
    {_ordered(label, index, "said", inside, narrow, fits)}
    RETURN collect([n, {PHRASE}, n.nameSize, '', n.nameFold]) AS second
  }}
  CALL (first, second) {{
    WITH first, second, size(first) + size(second) < $rows AS roomy
    CALL db.index.fulltext.queryNodes('{index}', CASE WHEN roomy THEN $formerPhrase ELSE $fencedPhrase END{narrow})
      YIELD node AS n
    WITH n, [each IN split(coalesce(n.formerFold, ''), $fence) WHERE {PHRASE_OF}] AS holding
    WHERE size(holding) > 0 AND {fits}
    WITH n, {SHORTEST_OF} AS found
    WITH n, found, CASE found WHEN $text THEN {FORMER_EXACT} ELSE {FORMER} END AS rank
    ORDER BY rank, size(found), n.id LIMIT $rows
    RETURN collect([n, rank, size(found), '', found]) AS third
  }}
  UNWIND first + second + third AS hit
  RETURN hit
}}"""


def names_then(label: str, index: str) -> str:
    """The same at an earlier $known: whoever has or ever had such a name, judged by what was believed then.

    The last word of the text may be the beginning of one, for a name of today may begin with the text where it was
    another's once.
    """
    kinds = OF_KINDS if label == "Organization" else f"n.kind = '{SubjectKind.PERSON}'"
    narrow = " + $narrowed" if label == "Organization" else ""
    return f"""
CALL () {{
  CALL () {{
    CALL db.index.fulltext.queryNodes('{index}', $begun{narrow}) YIELD node AS n RETURN n
    UNION
    CALL db.index.fulltext.queryNodes('{index}_was', $begunWas) YIELD node AS was
    MATCH (n)-[:HAS_VERSION]->(was) RETURN n
    UNION
    MATCH (n:{label}) {by_index(label, "nameFold")}
    WHERE n.nameFold STARTS WITH $text AND {all_columns(label, "nameFold")} RETURN n
  }}
  WITH n WHERE {kinds} AND {present("n")}
  {judged(now=False)}
}}"""


def own_name(*, now: bool) -> str:
    """A person reads his own name; an organisation is found like every other."""
    return f"""
CALL () {{
  UNWIND $own AS wanted
  MATCH (n:Entity {{id: wanted}}) USING INDEX SEEK n:Entity(id)
  WHERE n.kind = '{SubjectKind.PERSON}' AND {present("n")}
  {judged(now=now)}
}}"""
