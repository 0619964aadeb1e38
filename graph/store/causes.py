"""Which causes are read around those asked about: whom they are looked for at, and what a record must say to count.

It must not know any rule: what tells is derived from the pack.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from graph.codes import CauseKind, RecordKind
from graph.vocabulary import BY_CODE

if TYPE_CHECKING:
    from graph.rules import Footprint, Telling

SAYING: Final = "ABOUT|RESPONSIBLE_FOR|HAS_QUALIFICATION"  # what lies between a cause and whom it speaks of


class Walk(NamedTuple):
    """The relations of posts, and what must hold of one that is walked; what of one between a cause and a party."""

    types: str
    walked: str
    saying: str


def causes_read(footprint: Footprint, walk: Walk, *, now: bool) -> str:
    """From `starts` and `near` to `causes`: of `starts` all that count, and those around others that tell.

    Others are `reached`: whoever is `near`, and where persons of those sit. What organisations control, sponsor or own
    is not walked on to, as they hold no office (S7; around one that controls 480 firms with penalties that was 65 of
    79 ms). Where only what binds is asked for, `sat` are the places of those asked about, and of what lies around
    others only what leads on is read: around the largest firm of a city 5 causes of 38 (157 places, with 491).
    """
    if not footprint.kinds:
        return "\nWITH *, [] AS sat, [] AS reached" + _together()
    kinds: frozenset[RecordKind | CauseKind] = footprint.kinds | {CauseKind.QUALIFICATION}
    own = telling = about = ""
    if now:  # what a record said then is in its versions
        own = _telling(footprint.own, "mine")
        about = _telling_about(footprint.about, "about")
        telling = _telling(footprint.telling, "telling") + about
    mine = _causes("starts", "own", walk, of_kinds(kinds, now=now) + own)
    further = _causes("reached[..$limit]", "further", walk, of_kinds(kinds, now=now) + telling)
    if footprint.everywhere:
        return f"\nWITH *, [] AS sat, near AS reached{mine}{further}" + _together("own", "further")
    if footprint.leading is None or not now:
        read = "\nWITH *, [] AS sat" + _reached(walk)
        return read + (mine + further + _together("own", "further") if telling else further + _together("further"))
    there = _causes("sat[..$limit]", "there", walk, of_kinds(kinds, now=now) + telling)
    leading = kinds if footprint.leading.kinds is None else kinds & footprint.leading.kinds
    said = of_kinds(leading, now=now) + _telling(footprint.leading, "leading") + about
    led = _reached(walk, beside="starts") + _causes("reached[..$limit]", "further", walk, said)
    return mine + _seats("starts", "sat", walk) + there + led + _together("own", "there", "further")


def _reached(walk: Walk, beside: str = "") -> str:
    """`beside`: those that are looked at by themselves."""
    others = f"NOT holder IN {beside}" if beside else ""
    return f"""{_seats("near[..$limit]", "seats", walk, beside)}
CALL (starts, near, seats) {{
  UNWIND near[..$limit] + seats AS holder
  WITH DISTINCT holder {others and f"WHERE {others} "}LIMIT $limit + 1
  RETURN collect(holder) AS reached
}}"""


def _seats(holders: str, to: str, walk: Walk, beside: str = "") -> str:
    """Where the persons among `holders` sit; of what is left out nothing may fill the limit, or a cut was not told."""
    holder, seat = (f" AND NOT {each} IN {beside}" if beside else "" for each in ("holder", "seat"))
    return f"""
CALL (starts, near) {{
  UNWIND {holders} AS holder
  WITH holder WHERE holder.kind = 'PERSON'{holder}
  MATCH (holder)-[e:{walk.types}]->(seat) WHERE {walk.walked}{seat}
  WITH DISTINCT seat LIMIT $limit + 1
  RETURN collect(seat) AS {to}
}}"""


def _causes(around: str, to: str, walk: Walk, which: str) -> str:
    """Causes about, naming or held by any of `around`, walked once for all three: they lie at one end only."""
    return f"""
CALL ({around.partition("[")[0]}) {{
  UNWIND {around} AS subject
  MATCH (subject)-[e:{SAYING}]-(cause) WHERE {which} AND {walk.saying}
  WITH DISTINCT cause LIMIT $limit + 1
  RETURN collect(cause) AS {to}
}}"""


def _together(*lists: str) -> str:
    return f"""
CALL ({", ".join(("starts", *lists))}) {{
  UNWIND {" + ".join(("[start IN starts WHERE start.kind IN $recordKinds]", *lists))} AS cause
  WITH DISTINCT cause LIMIT $limit + 1
  RETURN collect(cause) AS causes
}}"""


def _telling(telling: Telling, name: str) -> str:
    """Whether a record can set off anything, by what a few of its properties say; `name` is that of its parameters."""
    cases = ""
    if telling.types is not None:
        cases += f"""
    WHEN 'PENALTY' THEN any(type IN cause.types WHERE type IN ${name}.types)
      OR cause.sector IN ${name}.sectors OR cause.licence IN ${name}.sectors"""
        cases += " OR cause.basisDocuments IS NOT NULL" if telling.applied else ""
    if telling.grades is not None:
        cases += f"""
    WHEN 'GRADE' THEN cause.grade IN ${name}.grades"""
    if telling.lists is not None:
        cases += f"""
    WHEN 'LIST_ENTRY' THEN cause.list IN ${name}.lists"""
    return f" AND CASE cause.kind{cases} ELSE true END" if cases else ""


def _telling_about(telling: Telling, name: str) -> str:
    """The same and by their kinds, of records about organisations alone."""
    kinds = "" if telling.kinds is None else f" AND {of_kinds(telling.kinds, now=True)}"
    said = (kinds + _telling(telling, name)).removeprefix(" AND ")
    return f" AND (NOT e:ABOUT OR subject:Person OR {said})" if said else ""


def told_parameters(telling: Telling) -> dict[str, list[str]]:
    return {
        "types": sorted(telling.types or ()),
        "sectors": sorted(telling.sectors),
        "grades": sorted(telling.grades or ()),
        "lists": sorted(telling.lists or ()),
    }


def of_kinds(kinds: Iterable[RecordKind | CauseKind], *, now: bool) -> str:
    """Whether a node is a cause of the kinds: by its label, which stands in the node itself."""
    if not now:  # what is past has lost it
        return "cause.kind IN $causeKinds"
    labels = sorted({BY_CODE[each].label for each in kinds})
    return f"cause:{'|'.join(labels)}" if labels else "false"
