"""The whole city as a stream of entries: what is mentioned was described before, and mostly shortly before.

It must not know who loads it; the same size, seed and end day give the same entries, and nothing of the city is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from graph import regions
from graph.changes import Claim, NodeDraft, RelationDraft, VersionDraft
from graph.codes import IdentifierScheme, PostKind, RelationKind, Text
from loaders.city import lots, names, offices, ownership, persons
from loaders.city.days import END, period, since
from loaders.city.decisions import Lists
from loaders.city.departments import ASSUMED, COUNTED
from loaders.city.extent import Extent
from loaders.city.organisations import Organisations
from loaders.city.records import Records
from loaders.entries import Entry
from loaders.named import group_node, known_lists, list_node, region_node

EDITION: Final = 1  # raise it with every change of what a size and a seed give
BLOCK: Final = 200  # enterprises whose persons, holdings and records come together, so that one transaction has them
ENTRIES_A_FIRM: Final = 5.31  # of 2,000 to 100,000 enterprises
WORKS: Final = ("人民医院扩建工程", "滨江新区道路工程", "水厂改造工程", "实验小学教学楼工程", "污水处理厂工程")


def entries(size: int, seed: int, person_key: bytes, end: date = END) -> Iterator[Entry]:
    """Every entry of the city, numbered from 1. Raises ValueError for a size out of range."""
    return City(Extent(size, seed, person_key, end)).entries()


class City:
    """The city of an extent; `number` is the entry being made."""

    def __init__(self, extent: Extent) -> None:
        self.extent = extent
        self.lists = Lists(known_lists())
        self.organisations = Organisations(extent)
        self.records = Records(extent, self.organisations, self.lists)
        self.number = 0

    @property
    def label(self) -> str:
        """Which city this is; the same label is the same city."""
        return f"{self.extent.size}-{self.extent.seed}-{self.extent.end}-{EDITION}"

    def first(self) -> NodeDraft:
        """A node every city has and every load of one writes first."""
        return self.organisations.mention(0, 0)

    def last(self) -> NodeDraft:
        """The node this city alone has and a load writes last."""
        return self._project(self.extent.projects - 1, 0)

    @property
    def about(self) -> int:
        """How many entries, within a few in a hundred."""
        return round(ENTRIES_A_FIRM * self.extent.size)

    def entries(self) -> Iterator[Entry]:
        first = self.extent.enterprises.start
        self.number = 0
        yield from self._frame()
        yield from self._block(range(first))
        for start in range(first, self.extent.enterprises.stop, BLOCK):
            yield from self._block(range(start, min(start + BLOCK, self.extent.enterprises.stop)))
        yield from self._projects()

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _frame(self) -> Iterator[Entry]:
        """What everything else names: regions with their years, lists, key groups."""
        for region in regions.REGIONS.values():
            if region.parent is None and region.code != "440000":
                continue
            number = self._next()
            nodes = [region_node(number, region)]
            parts: tuple[RelationDraft, ...] = ()
            if region.parent is not None:
                parent = region_node(number, regions.REGIONS[region.parent], mention=True)
                nodes.append(parent)
                ref = nodes[0].ref
                parts = (RelationDraft(RelationKind.PART_OF, ref, parent.ref, ref, number, region.period),)
            yield Entry(number, tuple(nodes), parts)
        for words in self.lists.all:
            number = self._next()
            yield Entry(number, (list_node(number, words),))
        for name, _ in persons.GROUPS:
            number = self._next()
            yield Entry(number, (group_node(number, name),))

    def _block(self, organisations: range) -> Iterator[Entry]:
        """Some organisations: first their persons, then they themselves, then the records about them."""
        extent = self.extent
        for person in range(extent.first_person(organisations.start), extent.first_person(organisations.stop)):
            yield persons.entry(extent, person, self._next())
        for index in organisations:
            yield self._enterprise(index) if index in extent.enterprises else self._other(index)
        for index in organisations:
            for nth in range(self.records.count(index)):
                yield self.records.entry(index, nth, self._next())

    def _enterprise(self, index: int) -> Entry:
        number, extent = self._next(), self.extent
        firm = self.organisations.firm(index)
        held = ownership.holders(extent, self.organisations, firm)
        relations = (*ownership.drafts(extent, firm, held, number), *offices.of_firm(extent, firm, number))
        return self._organisation(index, number, relations)

    def _other(self, index: int) -> Entry:
        number, region = self._next(), self.organisations.region(index)
        relations = tuple(offices.of_other(self.extent, index, region, number))
        remarks = (ASSUMED,) if index < COUNTED else ()
        return self._organisation(index, number, relations, remarks)

    def _organisation(
        self, index: int, number: int, relations: tuple[RelationDraft, ...], remarks: tuple[Text, ...] = ()
    ) -> Entry:
        own = self.organisations.described(index, number)
        nodes = {own.ref: own}
        for each in relations:
            for ref in (each.start, each.end):
                if ref not in nodes:
                    nodes[ref] = self._mention(ref, number)
        return Entry(number, tuple(nodes.values()), relations, remarks)

    def _mention(self, ref: str, number: int) -> NodeDraft:
        if ref[0] == "p":
            return persons.mention(self.extent, int(ref[1:]), number)
        if ref[0] == "o":
            return self.organisations.mention(int(ref[1:]), number)
        return region_node(number, regions.REGIONS[ref.partition(":")[2]], mention=True)

    def _projects(self) -> Iterator[Entry]:
        """Public works: who bid, who won, who builds and who manages it."""
        extent = self.extent
        firms = extent.enterprises
        for index in range(extent.projects):
            lot, number = extent.lot(lots.PROJECT, index), self._next()
            own = self._project(index, number)
            bidders = dict.fromkeys(
                firms.start + (lot[1 + nth] * lots.WIDTH + lot[9 + nth]) % len(firms) for nth in range(4)
            )
            day = extent.end_ordinal - 100 - lot[20] % 2500
            relations = [
                RelationDraft(RelationKind.BIDS_ON, f"o{each}", own.ref, f"o{each}>{own.ref}", number, since(day))
                for each in bidders
            ]
            winner = next(iter(bidders))
            for kind in (RelationKind.WON, RelationKind.BUILDS):
                relations.append(RelationDraft(kind, f"o{winner}", own.ref, own.ref, number, since(day + 30)))
            manager = f"p{extent.first_person(winner)}"
            built = period(day + 30, day + 30 + 365)
            relations.append(offices.post(number, manager, f"o{winner}", PostKind.PROJECT_MANAGER, built, day + 30))
            others = [self.organisations.mention(each, number) for each in bidders]
            person = persons.mention(extent, extent.first_person(winner), number)
            yield Entry(number, (own, *others, person), tuple(relations))

    def _project(self, index: int, number: int) -> NodeDraft:
        region = names.PLACES[self.organisations.region(index)]
        name = f"{region}{WORKS[self.extent.lot(lots.PROJECT, index)[0] % len(WORKS)]}({index + 1}期)"
        claim = Claim(IdentifierScheme.OTHER, f"{self.label}/{index}", issuer="PROJECT", lookup=False)
        return NodeDraft(f"w{index}", "PROJECT", (claim,), (VersionDraft({"name": name}),), number)
