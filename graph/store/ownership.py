"""Reads what is recorded of owning around subjects: their owners up to the top, what they hold down to the last.

One statement for all subjects of an operation. It must not compute shares or control: it brings columns of stakes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

from graph.codes import ControlBasis, PostKind, RelationKind, SubjectKind, TruncationReason
from graph.findings import Cut
from graph.ownership import Charge, Concert, Declared, Stake, Stakes
from graph.periods import Moment, parse_period
from graph.store.conditions import seen
from graph.store.fragments import believed, present, running, sought
from graph.store.lookup import chosen, lookup_parameters
from graph.store.moments import Answer, read_moments
from graph.vocabulary import BY_CODE, post_of

if TYPE_CHECKING:
    from graph.identifiers import Lookup
    from graph.store.connection import Database

OWNING: Final = (RelationKind.HOLDS, RelationKind.CONTROLS)
CONCERT: Final = RelationKind.ACTS_IN_CONCERT_WITH
IN_CHARGE: Final = (RelationKind.LEGAL_REPRESENTATIVE_OF, RelationKind.PRINCIPAL_OF, RelationKind.SERVES_AS)
KINDS: Final = (*OWNING, CONCERT, *IN_CHARGE)
GOVERNMENT: Final = f"{BY_CODE[SubjectKind.GOVERNMENT_BODY].prefix}_"


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the statement goes: what the subjects hold as well, and what else their owners hold."""

    owned: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Closure:
    """Around one subject. `state`: state ownership by party, where it is recorded; `cut` when a limit left some out."""

    subject: str
    stakes: Stakes
    state: Mapping[str, str]
    cut: Cut | None


@dataclass(frozen=True, slots=True)
class Closures:
    """`seeds`: the node ids of each lookup, in order; `of`: by node id; `version` is the graph's when it was read."""

    seeds: tuple[tuple[str, ...], ...]
    of: Mapping[str, Closure]
    version: int


def _columns(edge: str, start: str, end: str) -> str:
    """Every column has a value for every row, else the columns would not stand side by side; but for the last, which
    names the few that have a band."""
    bands = f"coalesce({edge}.shareLeast, {edge}.votesLeast) IS NOT NULL"
    return (
        f"[collect(type({edge})), collect({edge}.id), collect({start}.id), collect({end}.id), collect({edge}.from),"
        f" collect({edge}.to), collect(coalesce({edge}.share, -1)), collect(coalesce({edge}.votes, -1)),"
        f" collect(coalesce({edge}.basis, {edge}.post, '')), collect({edge}.source), collect({edge}.recordedAt),"
        f" collect(CASE WHEN {bands} THEN [{edge}.id, {edge}.shareLeast, {edge}.shareMost, {edge}.votesLeast,"
        f" {edge}.votesMost] END)]"
    )


@lru_cache(maxsize=64)
def statement(readable: frozenset[RelationKind], reach: Reach, now: bool) -> str:
    """The statement for the kinds of relations a reader may see.

    Both walks keep a set of what they visited: they list no path, and a ring ends them. A subject's owners come with
    every stake in them, and what it holds with every stake among it, so that sums over all ways are whole.
    """
    owning = "|".join(each for each in OWNING if each in readable)
    charged = "|".join(each for each in IN_CHARGE if each in readable)
    if not owning:
        raise ValueError("who sees no holding is not asked of owning")
    held = f"{believed('e')} AND {running('e')}"
    walk = f"[e:{owning} WHERE {held}]"
    down = f"""
  CALL (start) {{
    MATCH (start) (()-{walk}->()){{0,}} (far)
    WITH DISTINCT far LIMIT $mostParties + 1
    RETURN collect(far) AS reached
  }}"""
    beside = f"""
  CALL (start, owners) {{
    UNWIND owners[..$mostParties] AS owner
    WITH start, owner WHERE owner <> start AND NOT owner:GovernmentBody
    MATCH (owner) (()-{walk}->()){{0,}} (far)
    WITH DISTINCT far LIMIT $mostParties + 1
    RETURN collect(far) AS further
  }}"""
    concert = f"""
  CALL (owners) {{
    UNWIND owners[..$mostParties] AS one
    MATCH (one)-[e:{CONCERT}]->(other) WHERE {held} AND {present("other")}
    WITH e, one, other LIMIT $mostStakes + 1
    RETURN {_columns("e", "one", "other")} AS together
  }}"""
    heads = f"""
  CALL (start) {{
    MATCH (start)<-[e:{charged}]-(person) WHERE {held} AND coalesce(e.post, $manager) = $manager AND {present("person")}
    WITH e, start, person LIMIT $mostStakes + 1
    RETURN {_columns("e", "person", "start")} AS heads
  }}"""
    return f"""{sought("collect(DISTINCT node) AS starts", "stakeIds", "stakeKeys")}
CALL (starts) {{
  UNWIND starts AS start
  CALL (start) {{
    MATCH (start) (()<-{walk}-()){{0,}} (owner)
    WITH DISTINCT owner LIMIT $mostParties + 1
    RETURN collect(owner) AS owners
  }}{down if reach.owned else ""}{beside if reach.beside else ""}
  WITH start, owners, {"reached" if reach.owned else "[]"} AS reached, {"further" if reach.beside else "[]"} AS further
  CALL (owners) {{
    UNWIND owners[..$mostParties] AS owned
    MATCH (owned)<-[e:{owning}]-(holder) WHERE {held} AND {present("holder")}
    WITH e, holder, owned LIMIT $mostStakes + 1
    RETURN {_columns("e", "holder", "owned")} AS above
  }}
  CALL (reached, further) {{
    UNWIND reached[..$mostParties] + further[..$mostParties] AS holder
    WITH DISTINCT holder
    MATCH (holder)-[e:{owning}]->(owned) WHERE {held} AND {present("owned")}
    WITH e, holder, owned LIMIT $mostStakes + 1
    RETURN {_columns("e", "holder", "owned")} AS below
  }}{concert if CONCERT in readable else ""}{heads if charged else ""}
  CALL (owners) {{
    UNWIND owners[..$mostParties] AS owner
    WITH owner, head([of IN [{seen("owner", now=now)}] | of.stateOwned]) AS state
    WHERE state IS NOT NULL
    RETURN collect([owner.id, state]) AS states
  }}
  RETURN collect([start.id, above, below, {"together" if CONCERT in readable else "[]"},
    {"heads" if charged else "[]"}, states,
    size(owners) > $mostParties OR size(reached) > $mostParties OR size(further) > $mostParties]) AS closures
}}
RETURN seeds AS stakeSeeds, closures, version AS stakeVersion
"""


ANSWER: Final = Answer("stakes", ("stakeSeeds", "closures", "stakeVersion"), own=("stakeIds", "stakeKeys"))


def parameters(lookups: Sequence[Lookup], *, most_parties: int, most_stakes: int) -> dict[str, Any]:
    """Beside those of the moment."""
    named = lookup_parameters(lookups)
    return {
        "stakeIds": named["ids"],
        "stakeKeys": named["keys"],
        "mostParties": most_parties,
        "mostStakes": most_stakes,
        "manager": PostKind.MANAGER.value,
    }


async def closures(
    database: Database,
    lookups: Mapping[Moment, Sequence[Lookup]],
    readable: Collection[RelationKind],
    reach: Reach,
    *,
    most_parties: int,
    most_stakes: int,
) -> dict[Moment, Closures]:
    """Stakes around subjects on the day of each moment; the two limits bound each subject's, and a cut is said."""
    written = partial(statement, frozenset(readable) & frozenset(KINDS), reach)
    given = [
        (moment, parameters(wanted, most_parties=most_parties, most_stakes=most_stakes))
        for moment, wanted in lookups.items()
    ]
    rows = {which: row async for which, row in read_moments(database, written, given, ANSWER)}
    return {
        moment: Closures(
            tuple(chosen(len(wanted), rows[which]["stakeSeeds"])),
            {each[0]: _closure(each, most_stakes) for each in rows[which]["closures"]},
            rows[which]["stakeVersion"] or 0,
        )
        for which, (moment, wanted) in enumerate(lookups.items())
    }


def _closure(told: Sequence[Any], most_stakes: int) -> Closure:
    subject, above, below, together, heads, states, parties_cut = told
    rows = {each[1]: each for each in _rows(above)}
    rows.update({each[1]: each for each in _rows(below)})
    bands = {each[0]: (_band(*each[1:3]), _band(*each[3:5])) for part in (above, below) if part for each in part[-1]}
    stakes: list[Stake] = []
    declared: list[Declared] = []
    for kind, id, holder, owned, start, end, share, votes, basis, source, at in rows.values():
        period = parse_period(start, end)
        if kind == RelationKind.HOLDS:
            known = (None if share < 0 else share, None if votes < 0 else votes)
            band, voting = bands.get(id, (None, None))
            stakes.append(Stake(id, holder, owned, *known, band, period, source, at, voting))
        else:
            declared.append(Declared(id, holder, owned, _basis(basis), period))
    parties = {subject, *(end for each in rows.values() for end in each[2:4])}
    concert = tuple(
        Concert(each[1], each[2], each[3], parse_period(each[4], each[5]))
        for each in _rows(together)
        if each[2] in parties and each[3] in parties
    )
    charges = tuple(
        Charge(each[1], each[2], each[3], post, parse_period(each[4], each[5]))
        for each in _rows(heads)
        if (post := post_of(RelationKind(each[0]), each[8] or None)) is not None
    )
    state = dict(states)
    of_the_state = frozenset(each for each in parties if each.startswith(GOVERNMENT)) - {subject}
    cut = None
    if parties_cut:
        cut = Cut(TruncationReason.NODE_LIMIT)
    elif any(part and len(part[0]) > most_stakes for part in (above, below, together, heads)):
        cut = Cut(TruncationReason.EDGE_LIMIT)
    return Closure(subject, Stakes(tuple(stakes), tuple(declared), concert, charges, of_the_state), state, cut)


def _rows(columns: Sequence[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    return zip(*columns[:-1], strict=True) if columns else iter(())


def _band(least: int | None, most: int | None) -> tuple[int, int] | None:
    return None if least is None or most is None else (least, most)


def _basis(told: str) -> ControlBasis:
    return ControlBasis(told) if told in ControlBasis.__members__ else ControlBasis.DECLARED
