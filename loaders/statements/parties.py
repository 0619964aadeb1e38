"""Parties as statements name them: by ids of this graph where an export is read again, else by numbers, never by name.

It must not know a format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from graph import identifiers
from graph.changes import Claim, NodeDraft, Value, VersionDraft
from graph.codes import IdentifierScheme, SubjectKind, Text
from graph.identifiers import PERSONAL, Malformed
from graph.vocabulary import Family, kinds

OWN_ID: Final = re.compile("([a-z]{3})_[0-9a-f]{24}")
BY_PREFIX: Final[Mapping[str, str]] = {each.prefix: each.code for each in kinds(Family.SUBJECT)}
ISSUED: Final = ":"  # between a scheme and who issued the number
STRENGTH: Final = tuple(IdentifierScheme)


class Refused(Exception):
    """A statement that has no place here; both languages, and the part at fault."""

    def __init__(self, where: str | None, zh: str, en: str) -> None:
        super().__init__(en)
        self.where = where
        self.reason = Text(zh, en)


@dataclass(frozen=True, slots=True)
class Party:
    """`id`: of this graph, where the statement came out of it."""

    kind: str
    claims: tuple[Claim, ...] = ()
    id: str | None = None

    def draft(self, ref: str, number: int, values: Mapping[str, Value] | None = None) -> NodeDraft:
        """A description with values, else a mention."""
        versions = () if values is None else (VersionDraft(values),)
        return NodeDraft(ref, self.kind, self.claims, versions, number, number, mention=values is None, id=self.id)


def own(ref: str) -> Party | None:
    """The party an id of this graph means by itself."""
    found = OWN_ID.fullmatch(ref)
    kind = BY_PREFIX.get(found[1]) if found else None
    return None if kind is None else Party(kind, (), ref)


def own_relation(ref: str) -> str | None:
    return ref if OWN_ID.fullmatch(ref) and ref[:3] in ("rel", "hld", "pos") else None


def scheme_word(scheme: str, issuer: str) -> str:
    """How an export writes whose number it is; `claim` reads it."""
    return f"{scheme}{ISSUED}{issuer}" if issuer else scheme


def claim(person_key: bytes, ref: str, word: str, value: str, *, natural: bool) -> Claim | None:
    """The identifier of one number; None where the scheme is not one of ours and the number not a valid USCC.

    A masked number makes a claim of the party's own, so that readers see it and nobody is found by it.
    """
    name, _, issuer = word.partition(ISSUED)
    try:
        scheme = IdentifierScheme(name)
    except ValueError:
        if natural or not _is_uscc(value):
            return None
        return Claim(IdentifierScheme.USCC, value)
    if (scheme in PERSONAL) != natural and scheme in (*PERSONAL, IdentifierScheme.USCC):
        raise Refused("identifiers", f"{scheme} 不是此类主体的号码", f"{scheme} is no number of such a party")
    if scheme in PERSONAL:
        if "*" in value:
            return Claim(scheme, f"{ref}/{value}", issuer, value)
        try:
            return identifiers.document_claim(person_key, scheme, value)
        except Malformed as error:
            raise Refused("identifiers", *error.reason) from error
    if scheme is IdentifierScheme.REGISTRATION_NUMBER and _is_uscc(value):
        scheme = IdentifierScheme.USCC  # since 2015 it is the registration number
    if scheme is IdentifierScheme.USCC and not _is_uscc(value):
        raise Refused("identifiers", "统一社会信用代码有误", "not a valid USCC")
    return Claim(scheme, value, issuer)


def party(ref: str, kind: str, claims: Iterable[Claim], publisher: str) -> Party:
    """By the strongest number; where none is known by the name its publisher gave the record."""
    known = own(ref)
    if known is not None and known.kind != kind and kind != SubjectKind.OTHER_ORGANIZATION:
        kind = known.kind
    found = tuple(sorted(dict.fromkeys(claims), key=lambda each: STRENGTH.index(each.scheme)))
    if known is not None:
        return Party(known.kind, found, ref)
    return Party(kind, (*found, Claim(IdentifierScheme.OTHER, ref, publisher)))


def _is_uscc(value: str) -> bool:
    try:
        identifiers.check_uscc(value)
    except (Malformed, ValueError):
        return False
    return True
