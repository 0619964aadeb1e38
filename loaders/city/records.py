"""Records: how many an organisation has, about whom, by which department, who answered for them, what became of them.

It must not know what a record of a kind says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.changes import Claim, NodeDraft, RelationDraft, Value, VersionDraft
from graph.codes import Capacity, IdentifierScheme, RecordKind, RecordState, RelationKind
from graph.store.ids import node_id
from loaders.city import lots, persons
from loaders.city.days import day as day_of
from loaders.city.days import since, written, year
from loaders.city.decisions import KINDS, PERSONAL, WORDS, Lists, listed, said
from loaders.city.departments import ANY, BY_KIND, BY_SECTOR, DEPARTMENTS
from loaders.city.extent import Extent
from loaders.city.lots import Lot, weighted
from loaders.city.offices import head, near
from loaders.city.organisations import Organisations
from loaders.entries import Entry
from loaders.named import list_node

MOST: Final = 64  # records of one organisation
COUNTS: Final = weighted((0, 1), (230, 0), (180, 2), (120, 3), (80, 4), (70, 6), (50, 9), (25, 14), (12, 24), (3, MOST))
CAPACITIES: Final = tuple(each.value for each in Capacity)
# In so many of a hundred records of a kind a person is named or found responsible.
ANSWERED: Final = {
    RecordKind.PENALTY: 18,
    RecordKind.LIST_ENTRY: 12,
    RecordKind.CONSUMPTION_RESTRICTION: 60,
    RecordKind.ENFORCEMENT: 8,
    RecordKind.ACCIDENT: 60,
    RecordKind.BANKRUPTCY: 50,
    RecordKind.TAX_ARREARS: 10,
}
JOINT: Final = 40  # one record in so many is about the head, too
RELATED: Final = 50  # one in so many corrects the organisation's record before it
ENDABLE: Final = frozenset(RecordKind) - {
    RecordKind.GRADE,
    RecordKind.AWARD,
    RecordKind.TRAINING,
    RecordKind.INSPECTION,
}
RECORDED_YEARS: Final = 3650


class Records:
    """The records of a city, organisation by organisation."""

    def __init__(self, extent: Extent, organisations: Organisations, lists: Lists) -> None:
        self.extent = extent
        self.organisations = organisations
        self.lists = lists

    def count(self, organization: int) -> int:
        return COUNTS[self.extent.lot(lots.COUNT, organization)[0] % 1000]

    def entry(self, organization: int, nth: int, number: int) -> Entry:
        extent = self.extent
        lot = extent.lot(lots.RECORD, organization * MOST + nth)
        kind, department, day, document = self._identity(organization, nth, lot)
        firm = self.organisations.firm(organization) if organization in extent.enterprises else None
        own = extent.first_person(organization)
        chief = own if firm is None else head(extent, firm)
        ref, decider = f"r{organization}-{nth}", f"o{department}"
        values: dict[str, Value] = {"documentNumber": document, "decidedOn": written(day)}
        nodes: list[NodeDraft] = []
        relations: list[RelationDraft] = []
        if kind is RecordKind.LIST_ENTRY:
            words = self.lists.drawn(lot[4])
            values |= listed(lot, day, words)
            node = list_node(number, words, mention=True)
            nodes.append(node)
            relations.append(RelationDraft(RelationKind.ON_LIST, ref, node.ref, ref, number, since(day)))
        else:
            values |= said(kind, lot, day, None if firm is None else firm.trade.sector)
        values |= _outcome(kind, lot, day, extent.end_ordinal)
        if nth and lot[24] % RELATED == 0:
            earlier = self._identity(organization, nth - 1, extent.lot(lots.RECORD, organization * MOST + nth - 1))
            values["relatedTo"] = node_id(earlier[0], _claim(earlier[1], earlier[3]))
            values["reason"] = "更正前一决定"
        record = NodeDraft(ref, kind, (_claim(department, document),), (VersionDraft(values),), number)
        about = [f"p{chief}"] if kind in PERSONAL else [f"o{organization}"]
        people = [chief] if kind in PERSONAL else []
        if kind not in PERSONAL and lot[25] % JOINT == 0:
            about.append(f"p{chief}")
            people.append(chief)
        found = list(_findings(extent, kind, lot, day, ref, own, chief, number))
        people += [person for person, _ in found if person not in people]
        relations += [each for _, each in found]
        for subject in about:
            relations.append(RelationDraft(RelationKind.ABOUT, ref, subject, f"{ref}>{subject}", number))
        relations.append(RelationDraft(RelationKind.ISSUED_BY, ref, decider, ref, number))
        if kind not in PERSONAL and organization != department:
            nodes.append(self.organisations.mention(organization, number))
        nodes.append(self.organisations.mention(department, number))
        nodes += [persons.mention(extent, person, number) for person in people]
        return Entry(number, (record, *nodes), tuple(relations))

    def _identity(self, organization: int, nth: int, lot: Lot) -> tuple[RecordKind, int, int, str]:
        """Kind, department, day and document number: what the record is known by."""
        kind = KINDS[lot[0] % 1000]
        extent = self.extent
        since_day, until, sector = extent.end_ordinal - RECORDED_YEARS, extent.end_ordinal, None
        if organization in extent.enterprises:
            firm = self.organisations.firm(organization)
            sector, since_day = firm.trade.sector, max(since_day, firm.established)
            until = max(since_day + 90, firm.ended or until)
        department = BY_KIND.get(kind)
        if department is None:
            wanted = kind is RecordKind.PENALTY or kind is RecordKind.PERMIT
            own = BY_SECTOR.get(sector) if wanted and sector is not None and lot[1] % 3 else None
            department = ANY[lot[2] % 1000] if own is None else own
        day = since_day + lot[3] % (until - since_day)
        word = DEPARTMENTS[department].word
        return kind, department, day, f"江{word}{WORDS[kind]}〔{year(day)}〕{organization * MOST + nth}号"


def _claim(department: int, document: str) -> Claim:
    return Claim(IdentifierScheme.OTHER, document, issuer=DEPARTMENTS[department].name, lookup=False)


def _outcome(kind: RecordKind, lot: Lot, day: int, end: int) -> dict[str, Value]:
    """What the source says became of a record; dates govern, the state is what was said."""
    chance, later = lot[14] % 100, day + 30 + lot[15] % 1200
    found: dict[str, Value] = {"state": RecordState.ACTIVE.value}
    if lot[16] % 10 == 0:
        found["publishedFrom"], found["publishedTo"] = written(day + 7), written(day + 7 + 365 * (1 + lot[16] % 3))
    if kind not in ENDABLE or later >= end or chance >= 26:
        return found
    if chance < 9:
        found.update({"state": RecordState.REPAIRED.value, "repairedOn": written(later)})
    elif chance < 12:
        found.update({"state": RecordState.REVOKED.value, "revokedOn": written(later)})
    elif chance < 14:
        found.update({"state": RecordState.SET_ASIDE.value, "setAsideOn": written(later)})
    elif chance < 18:
        found.update({"state": RecordState.LIFTED.value, "liftedOn": written(later)})
    elif chance < 21:
        found["state"] = RecordState.SUSPENDED.value
        found["suspendedFrom"], found["suspendedTo"] = written(later), written(later + 90)
    elif chance < 23:
        found["state"] = RecordState.EXPIRED.value
        found["publishedFrom"], found["publishedTo"] = written(day), written(later)
    else:
        found["completedOn"] = written(later)
    return found


def _findings(
    extent: Extent, kind: RecordKind, lot: Lot, day: int, ref: str, own: int, chief: int, number: int
) -> Iterator[tuple[int, RelationDraft]]:
    """Who was named or found responsible; one record in a few has two of them."""
    if lot[17] % 100 >= ANSWERED.get(kind, 0):
        return
    for nth in range(1 + (lot[18] % 5 == 0)):
        person = chief if nth == 0 and lot[19] % 3 else near(own, lot[20] + nth)
        capacity = CAPACITIES[(lot[21] + nth) % len(CAPACITIES)]
        decided = str(day_of(day + 10 + lot[22] % 60))
        values: dict[str, Value] = (
            {"capacity": capacity, "decidedOn": decided} if lot[23] % 4 else {"capacity": capacity}
        )
        key = f"p{person}>{ref}/{capacity}"
        yield person, RelationDraft(RelationKind.RESPONSIBLE_FOR, f"p{person}", ref, key, number, values=values)
