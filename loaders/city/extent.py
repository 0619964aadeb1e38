"""How many of everything a city of a size has, which index is whose, and the numbers every index is known by.

It must not know what becomes of an entity; numbers are made so that no living person and no registered firm has them.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Final

from graph import regions
from graph.changes import Claim
from graph.codes import IdentifierScheme, SubjectKind
from graph.identifiers import (
    USCC_ALPHABET,
    body_check_character,
    registration_check_digit,
    resident_check_character,
    uscc_check_character,
)
from graph.periods import add_years, on
from loaders.city import lots
from loaders.city.days import written

SMALLEST, LARGEST = 100, 1_000_000
KEPT: Final = 8192  # claims remembered while their owners are being talked about; the city itself never is
BODIES: Final = 35  # the departments and other bodies of `departments`, the first organisations
BODY: Final = "YYC"  # never allocated; C keeps the city apart from the fixtures, whose bodies begin with YY0
NOWHERE: Final = "440799"  # never a region: no firm ever had such a 注册号
FIRST_BIRTH: Final = date(1882, 1, 1)
BIRTH_DAYS: Final = (date(1909, 12, 31) - FIRST_BIRTH).days  # nobody born then lives
STRIDE: Final = 7919  # a prime: neighbours are born years apart, and every day is used once before any twice
FIRST_SEQUENCE, SEQUENCES = 100, 900  # fixtures use the sequences below
PERSON_REGIONS: Final = tuple(sorted(each for each in regions.REGIONS if each.startswith("4407") and each != "440700"))
COUNTIES: Final = tuple(
    each.code for each in regions.REGIONS.values() if each.parent == regions.JIANGMEN and each.until is None
)
PASSPORT_EVERY: Final = 331  # persons known by a passport: nobody knows their age


@dataclass(frozen=True, slots=True)
class Range:
    """The organisation indices [start, stop) of one kind."""

    start: int
    stop: int

    def __contains__(self, index: int) -> bool:
        return self.start <= index < self.stop

    def __len__(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True)
class Extent:
    """The index spaces of a city: organisations from the bodies to the enterprises, and the persons beside them."""

    size: int
    seed: int
    person_key: bytes
    end: date

    def __post_init__(self) -> None:
        if not SMALLEST <= self.size <= LARGEST:
            raise ValueError(f"size {self.size}: {SMALLEST}..{LARGEST}")

    @cached_property
    def end_ordinal(self) -> int:
        return self.end.toordinal()

    @cached_property
    def lot(self) -> lots.Draw:
        return lots.lots(self.seed)

    @cached_property
    def bodies(self) -> Range:
        return Range(0, BODIES)

    @cached_property
    def institutions(self) -> Range:
        return Range(BODIES, BODIES + max(12, self.size // 100))

    @cached_property
    def societies(self) -> Range:
        return Range(self.institutions.stop, self.institutions.stop + max(12, self.size // 80))

    @cached_property
    def others(self) -> Range:
        return Range(self.societies.stop, self.societies.stop + max(12, self.size // 100))

    @cached_property
    def enterprises(self) -> Range:
        return Range(self.others.stop, self.others.stop + self.size)

    @cached_property
    def projects(self) -> int:
        return max(10, self.size // 200)

    @cached_property
    def persons(self) -> int:
        return self.first_person(self.enterprises.stop)

    def first_person(self, organization: int) -> int:
        """The first of an organisation's own persons: one each, of enterprises six for five."""
        first = self.enterprises.start
        return organization if organization <= first else first + (organization - first) * 6 // 5

    def kind(self, organization: int) -> SubjectKind:
        if organization >= self.enterprises.start:
            return SubjectKind.ENTERPRISE
        if organization >= self.others.start:
            return SubjectKind.OTHER_ORGANIZATION
        if organization >= self.societies.start:
            return SubjectKind.SOCIAL_ORGANIZATION
        return SubjectKind.PUBLIC_INSTITUTION if organization >= BODIES else SubjectKind.GOVERNMENT_BODY

    @cached_property
    def person(self) -> PersonNumbers:
        return PersonNumbers(self.person_key)


class PersonNumbers:
    """Claims of persons by index, the latest ones kept: region, birth date and sequence follow from the index."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.claim = lru_cache(KEPT)(self._claim)

    def _claim(self, index: int) -> Claim:
        if index % PASSPORT_EVERY == PASSPORT_EVERY - 1:
            number = f"YYC{index:07}"
            return Claim(IdentifierScheme.PASSPORT, self._hash("PASSPORT", number), masked=f"YY{'*' * 6}{number[-2:]}")
        number = resident_id(index)
        masked = f"{number[:6]}********{number[14:]}"
        return Claim(IdentifierScheme.RESIDENT_ID, self._hash("RESIDENT_ID", number), masked=masked)

    def _hash(self, scheme: str, number: str) -> str:
        """As `identifiers.hash_document`, without checking again what was made here (a test compares them)."""
        return hmac.digest(self._key, f"{scheme}|{number}".encode(), "sha256").hex()


def resident_id(index: int) -> str:
    """The number of a person: births before 1910, spread so that neighbours differ."""
    rest, place = divmod(index, len(PERSON_REGIONS))
    day = written(FIRST_BIRTH.toordinal() + rest * STRIDE % BIRTH_DAYS).replace("-", "")
    head = f"{PERSON_REGIONS[place]}{day}{FIRST_SEQUENCE + rest // BIRTH_DAYS % SEQUENCES:03}"
    return head + resident_check_character(head)


def adult_on(index: int) -> str | None:
    if index % PASSPORT_EVERY == PASSPORT_EVERY - 1:
        return None
    return _eighteen(index // len(PERSON_REGIONS) * STRIDE % BIRTH_DAYS)


@lru_cache(BIRTH_DAYS)
def _eighteen(birth: int) -> str:
    return str(on(add_years(date.fromordinal(FIRST_BIRTH.toordinal() + birth), 18)))


def uscc(authority: str, region: str, index: int) -> str:
    """The code of an organisation: two characters of authority and category, the region, a body of its index."""
    digits = ""
    for _ in range(5):
        index, digit = divmod(index, 31)
        digits = USCC_ALPHABET[digit] + digits
    body = BODY + digits
    head = f"{authority}{region}{body}{body_check_character(body)}"
    return head + uscc_check_character(head)


def registration_number(index: int, *, individual: bool) -> str:
    """A 注册号 as firms had before 2015; of individual businesses the sequence begins with 6."""
    head = f"{NOWHERE}{(60_000_000 if individual else 0) + index:08}"
    return head + registration_check_digit(head)
