"""The synthetic city without a database: what it says, in which numbers, and that a seed is a city."""

from __future__ import annotations

import itertools
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

import pytest

from graph import identifiers, regions
from graph.changes import NodeDraft, RelationDraft, Value
from graph.closed import CRIMES, SANCTIONS, SECTORS
from graph.codes import (
    Capacity,
    EnterpriseForm,
    IdentifierScheme,
    PenaltyType,
    PermitKind,
    PostKind,
    RecordKind,
    RecordState,
    RelationKind,
    Seriousness,
    SubjectKind,
    SubjectStatus,
)
from graph.periods import stored_end, stored_start
from graph.vocabulary import BY_CODE, POST_RELATION_KINDS, RELATIONS, post_of
from loaders.city.city import City, entries
from loaders.city.days import END
from loaders.city.departments import ASSUMED, MARK
from loaders.city.extent import LARGEST, SMALLEST, Extent, adult_on, registration_number, resident_id, uscc
from loaders.entries import Entry
from loaders.named import known_lists
from loaders.stream import gather
from loaders.world.vocabulary import GRADES, KEY_GROUPS, SCHEMES
from tests.conftest import PERSON_KEY

SIZE = 2_000


@pytest.fixture(scope="module")
def city() -> list[Entry]:
    return list(entries(SIZE, 1, PERSON_KEY))


def described(city: list[Entry]) -> Iterator[NodeDraft]:
    return (node for entry in city for node in entry.nodes if not node.mention)


def relations(city: list[Entry], *kinds: RelationKind) -> Iterator[RelationDraft]:
    return (each for entry in city for each in entry.relations if not kinds or each.kind in kinds)


def said(city: list[Entry], name: str) -> set[Value]:
    """Every single value of a property, of a list each of its values."""
    values = (version.values.get(name) for node in described(city) for version in node.versions)
    return {each for value in values if value is not None for each in (value if isinstance(value, tuple) else (value,))}


def codes(enum: type[StrEnum]) -> set[str]:
    return {each.value for each in enum}


def test_the_same_seed_is_the_same_city_and_another_seed_another() -> None:
    assert list(entries(300, 7, PERSON_KEY)) == list(entries(300, 7, PERSON_KEY))
    assert list(entries(300, 7, PERSON_KEY)) != list(entries(300, 8, PERSON_KEY))


@pytest.mark.parametrize("size", [SMALLEST - 1, LARGEST + 1])
def test_a_size_out_of_range_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="size"):
        next(entries(size, 1, PERSON_KEY))


def test_the_greatest_city_begins_at_once() -> None:
    assert len(list(itertools.islice(entries(LARGEST, 1, PERSON_KEY), 1000))) == 1000


def test_every_code_is_said_somewhere(city: list[Entry]) -> None:
    kinds = {str(node.kind) for node in described(city)}
    assert kinds == set(BY_CODE)
    assert codes(SubjectKind) | codes(RecordKind) <= kinds
    assert said(city, "form") == codes(EnterpriseForm)
    assert said(city, "types") == codes(PenaltyType)
    assert said(city, "permitKind") == codes(PermitKind)
    assert said(city, "seriousness") == codes(Seriousness)
    assert said(city, "state") == codes(RecordState)
    assert said(city, "status") == codes(SubjectStatus)
    assert said(city, "list") == set(known_lists())
    assert {each.values["capacity"] for each in relations(city, RelationKind.RESPONSIBLE_FOR)} == codes(Capacity)
    # SAME_AS is what an operator decides when he merges two nodes; no source says it.
    assert {each.kind for each in relations(city)} == set(RelationKind) - {RelationKind.SAME_AS}
    posts = {post_of(each.kind, str(each.values.get("post"))) for each in relations(city, *POST_RELATION_KINDS)}
    assert posts == set(PostKind)


def test_what_it_says_are_words_the_world_files_know(city: list[Entry]) -> None:
    assert said(city, "sector") | said(city, "sectorOf") <= SECTORS
    assert said(city, "crime") <= CRIMES
    assert said(city, "scheme") <= SCHEMES
    assert said(city, "sanction") <= SANCTIONS | {"REVOKED", "SUSPENDED", "QUALIFICATION_CANCELLED"}
    groups = {node.versions[0].values["name"] for node in described(city) if node.kind == "KEY_GROUP"}
    assert (len(groups), groups - KEY_GROUPS) == (19, set())
    letters = {(v["scheme"], v["grade"]) for n in described(city) for v in [n.versions[0].values] if "scheme" in v}
    assert all(grade in GRADES[str(scheme)] for scheme, grade in letters if scheme in GRADES)


def test_properties_are_those_of_the_vocabulary(city: list[Entry]) -> None:
    for node in described(city):
        for version in node.versions:
            assert version.values.keys() <= BY_CODE[node.kind].names, node
    for each in relations(city):
        assert each.values.keys() <= {known.name for known in RELATIONS[each.kind].properties}, each


def test_numbers_pass_every_check_and_are_nobody_elses(city: list[Entry]) -> None:
    owners: dict[str, str] = {}
    for node in described(city):
        for claim in node.claims:
            assert owners.setdefault(claim.key, node.ref) == node.ref
            if claim.scheme is IdentifierScheme.USCC:
                found = identifiers.check_uscc(claim.value)
                assert (found.inner, found.kind, found.code[8:10]) == (True, node.kind, "YY")
                assert found.region == "440700" or regions.REGIONS[found.region].parent == "440700"
            elif claim.scheme is IdentifierScheme.REGISTRATION_NUMBER:
                assert identifiers.check_registration_number(claim.value) == claim.value
            elif node.kind == SubjectKind.PERSON:
                assert len(claim.value) == 64 and claim.masked is not None and "*" in claim.masked
    schemes = {claim.scheme for node in described(city) for claim in node.claims}
    assert schemes == {
        IdentifierScheme.USCC,
        IdentifierScheme.REGISTRATION_NUMBER,
        IdentifierScheme.RESIDENT_ID,
        IdentifierScheme.PASSPORT,
        IdentifierScheme.OTHER,
    }


@pytest.mark.parametrize("index", [0, 1, 17, 99_999, 1_199_999])
def test_a_person_is_born_before_1910_and_hashed_as_any_document(index: int) -> None:
    number = resident_id(index)
    assert date(1882, 1, 1) <= identifiers.born_on(number) < date(1910, 1, 1)
    assert adult_on(index) == str(identifiers.adult_on(number))
    claim = Extent(SMALLEST, 1, PERSON_KEY, END).person.claim(index)
    assert claim == identifiers.document_claim(PERSON_KEY, IdentifierScheme.RESIDENT_ID, number)


def test_the_number_space_is_large_enough_for_a_million() -> None:
    assert len({resident_id(each) for each in range(0, 1_260_000, 3)}) == 420_000
    assert len({uscc("91", "440703", each) for each in range(0, 1_050_000, 21)}) == 50_000
    assert len(registration_number(LARGEST, individual=True)) == 15


def test_a_suggestion_that_two_are_one_says_why(city: list[Entry]) -> None:
    suggested = [each for entry in city for each in entry.relations if each.kind is RelationKind.POSSIBLY_SAME_AS]
    assert suggested and all(each.values.get("reasons") for each in suggested)


def test_about_how_many_entries_there_are_is_known_before(city: list[Entry]) -> None:
    assert len(city) == pytest.approx(City(Extent(SIZE, 1, PERSON_KEY, END)).about, rel=0.05)


def test_names_return(city: list[Entry]) -> None:
    names: dict[str, Counter[Value]] = defaultdict(Counter)
    for node in described(city):
        if node.kind in (SubjectKind.PERSON, SubjectKind.ENTERPRISE):
            names[node.kind][node.versions[-1].values["name"]] += 1
    assert max(names[SubjectKind.PERSON].values()) >= 3
    assert max(names[SubjectKind.ENTERPRISE].values()) >= 2
    assert len(names[SubjectKind.ENTERPRISE]) > SIZE * 0.9


def test_the_departments_are_28_assumed_ones_and_others(city: list[Entry]) -> None:
    bodies = [node for node in described(city) if node.kind == SubjectKind.GOVERNMENT_BODY]
    assert (len(bodies), {node.department for node in bodies}) == (35, {True})
    assert {node.versions[0].values["address"] for node in bodies} == {MARK}
    assert [entry.remarks for entry in city if entry.remarks] == [(ASSUMED,)] * 28
    issued = Counter(each.end for each in relations(city, RelationKind.ISSUED_BY))
    assert issued.most_common(1)[0][1] > 100 * min(issued.values())


def test_regions_have_their_years(city: list[Entry]) -> None:
    found = {
        node.versions[0].values["code"]: node.versions[0].values for node in described(city) if "REGION" in node.ref
    }
    assert (found["440782"]["from"], found["440782"]["to"]) == ("1992-01-01", "2002-01-01")
    assert {code for code in found if str(code).startswith("4407")} == {c for c in regions.REGIONS if c[:4] == "4407"}


def test_shares_never_exceed_the_whole_but_where_they_are_meant_to(city: list[Entry]) -> None:
    held: dict[str, list[RelationDraft]] = defaultdict(list)
    for each in relations(city, RelationKind.HOLDS):
        held[each.end].append(each)
        assert stored_start(each.period) < stored_end(each.period)
    over = 0
    for each_held in held.values():
        days = {stored_start(each.period) for each in each_held}
        over += any(
            sum(
                int(str(each.values.get("share", 0)))
                for each in each_held
                if stored_start(each.period) <= day < stored_end(each.period)
            )
            > 100_000_000
            for day in days
        )
    assert over == SIZE // 500


def test_loops_chains_and_joint_control_are_there(city: list[Entry]) -> None:
    major: dict[str, set[str]] = defaultdict(set)
    for each in relations(city, RelationKind.HOLDS):
        if each.start[0] == "o" and each.start != each.end:
            major[each.start].add(each.end)

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            for held in major.get(waiting.pop(), ()):
                if held not in seen:
                    seen.add(held)
                    waiting.append(held)
        return seen

    assert sum(holder in reached(holder) for holder in list(major)) >= 5 * SIZE // 500
    assert sum(1 for _ in relations(city, RelationKind.ACTS_IN_CONCERT_WITH)) == SIZE // 500
    assert any(each.start == each.end for each in relations(city, RelationKind.HOLDS))


def test_an_entry_names_what_it_relates_and_was_described_before(city: list[Entry]) -> None:
    known: set[str] = set()
    for entry in city:
        known |= {node.ref for node in entry.nodes if not node.mention}
        assert {node.ref for node in entry.nodes} <= known, entry
        assert {end for each in entry.relations for end in (each.start, each.end)} <= {node.ref for node in entry.nodes}
    keys = Counter((each.kind, each.key) for each in relations(city))
    assert [key for key, times in keys.items() if times > 1] == []
    assert [entry.number for entry in city] == list(range(1, len(city) + 1))


def test_no_row_of_it_is_quarantined_by_a_stream(city: list[Entry]) -> None:
    source = iter(city)
    parts = list(iter(lambda: gather(source, 5_000), None)) if not city else []
    while (part := gather(source, 5_000)).read:
        parts.append(part)
    assert [part.quarantined for part in parts] == [[]] * len(parts)


def test_versions_of_one_node_follow_each_other_without_a_gap(city: list[Entry]) -> None:
    for node in described(city):
        ends = [(stored_start(each.period), stored_end(each.period)) for each in node.versions]
        assert (ends[0][0], ends[-1][1]) == ("0001-01-01", "9999-12-31")
        assert all(one[1] == other[0] for one, other in itertools.pairwise(ends)), node
    renamed = [node for node in described(city) if len({each.values.get("name") for each in node.versions}) > 1]
    assert {node.kind for node in renamed} == {SubjectKind.ENTERPRISE, SubjectKind.PERSON}


def test_it_ends_on_its_last_day_whatever_today_is() -> None:
    end = date(2031, 5, 1)
    decided = [
        str(node.versions[0].values["decidedOn"])
        for entry in entries(300, 1, PERSON_KEY, end)
        for node in entry.nodes
        if "decidedOn" in (node.versions[0].values if node.versions else {})
    ]
    assert str(end - timedelta(days=400)) < max(decided) < str(end)


def test_a_city_is_never_held_in_memory() -> None:
    def peak(size: int) -> int:
        tracemalloc.start()
        for _ in itertools.islice(entries(size, 1, PERSON_KEY), 20_000):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(20_000) < 40_000_000
