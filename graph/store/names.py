"""Nodes whose names hold a text, as parts of a search: today by their indexes, of another day by what was believed.

It must not know who may read a name; a part hands out at most $rows hits, in the order of the answer.
"""

from __future__ import annotations

from typing import Final

from graph.codes import MatchKind, SubjectKind
from graph.store.derived import all_columns, by_index
from graph.store.fragments import believed, present, version

MANY: Final = 400  # hits put in order one by one; of more, names are walked from the shortest on

# Ranks in the order of an answer.
IDENTIFIER, DOCUMENT, EXACT, FORMER_EXACT, PREFIX, IDENTIFIER_PREFIX, DOCUMENT_PREFIX, PHRASE, FORMER = range(9)
MATCHES: Final = (
    *(MatchKind.IDENTIFIER, MatchKind.DOCUMENT_NUMBER, MatchKind.EXACT_NAME, MatchKind.FORMER_NAME),
    *(MatchKind.NAME_PREFIX, MatchKind.IDENTIFIER, MatchKind.DOCUMENT_NUMBER, MatchKind.NAME_PHRASE),
    MatchKind.FORMER_NAME,
)

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
    """From nodes n to rows [n, rank, size, order, name that holds the text]; $text in none of its names: no row."""
    return f"""
    WITH n, {NAME_NOW if now else version("n", ("nameFold",)) + ".nameFold"} AS name,
      {NAMES_NOW if now else NAMES_THEN} AS names
    WITH n, coalesce(name, '') AS name, $text IN names AS whole, [each IN names WHERE each CONTAINS $text] AS holding
    WHERE size(holding) > 0
    WITH n, CASE WHEN name = $text THEN {EXACT} WHEN whole THEN {FORMER_EXACT} WHEN name STARTS WITH $text THEN {PREFIX}
        WHEN name CONTAINS $text THEN {PHRASE} ELSE {FORMER} END AS rank,
      CASE WHEN whole THEN $text WHEN name CONTAINS $text THEN name ELSE {SHORTEST_OF} END AS found
    WITH n, rank, found ORDER BY rank, size(found), n.id LIMIT $rows
    RETURN [n, rank, size(found), '', found] AS hit"""


# The few whose snapshot does not answer for the day.
MOVED: Final[str] = f"""
CALL () {{
  CALL () {{
    MATCH (n:Dated) USING INDEX SEEK n:Dated(snapTo) WHERE n.snapTo <= $asOf RETURN n
    UNION
    MATCH (n:Dated) USING INDEX SEEK n:Dated(snapFrom) WHERE n.snapFrom > $asOf RETURN n
  }}
  WITH n WHERE n.kind IN $named AND (n.nameFold CONTAINS $text OR coalesce(n.formerFold CONTAINS $text, false))
  {judged(now=True)}
}}"""


def names_now(label: str, index: str) -> str:
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
    RETURN collect([n, rank, n.nameSize, '', n.nameFold]) AS first
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
    RETURN collect([n, {PHRASE}, n.nameSize, '', n.nameFold]) AS second
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
    RETURN collect([n, rank, size(found), '', found]) AS third
  }}
  UNWIND first + second + third AS hit
  RETURN hit
}}"""


def names_then(label: str, index: str) -> str:
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


def own_name(*, now: bool) -> str:
    """A person reads his own name; an organisation is found like every other."""
    return f"""
CALL () {{
  UNWIND $own AS wanted
  MATCH (n:Entity {{id: wanted}}) USING INDEX SEEK n:Entity(id)
  WHERE n.kind = '{SubjectKind.PERSON}' AND {present("n")}
  {judged(now=now)}
}}"""
