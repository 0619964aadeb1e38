"""How a row names organisations, persons and departments: drafts that mention them, found by number, never by name.

It must not know tables; whoever has no number is a node of his own per organisation and name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from graph import identifiers
from graph.changes import Claim, NodeDraft, Value, VersionDraft
from graph.codes import IdentifierScheme, SubjectKind
from graph.periods import on
from graph.texts import fold
from loaders.cells.numbers import Number

# Which database an organisation without a USCC belongs to, by the kind of number it has.
KINDS: Final[Mapping[IdentifierScheme, SubjectKind]] = {
    IdentifierScheme.REGISTRATION_NUMBER: SubjectKind.ENTERPRISE,
    IdentifierScheme.ORGANISATION_CODE: SubjectKind.ENTERPRISE,
    IdentifierScheme.TAX_NUMBER: SubjectKind.ENTERPRISE,
    IdentifierScheme.INSTITUTION_CERTIFICATE: SubjectKind.PUBLIC_INSTITUTION,
    IdentifierScheme.SOCIAL_CERTIFICATE: SubjectKind.SOCIAL_ORGANIZATION,
}
STRENGTH: Final = (IdentifierScheme.USCC, *KINDS)
REMEMBERED: Final = 65_536  # numbers whose checks and hashes are not done again


def ref(draft_kind: str, claim: Claim) -> str:
    """The name of a node inside a batch: the same wherever the same number stands."""
    return f"{draft_kind}:{claim.key}"


_uscc: Final = lru_cache(maxsize=REMEMBERED)(identifiers.check_uscc)
_document: Final = lru_cache(maxsize=REMEMBERED)(identifiers.document_claim)
_adult: Final = lru_cache(maxsize=REMEMBERED)(identifiers.document_adult_on)


def organisation_claims(numbers: Iterable[Number]) -> tuple[Claim, ...]:
    """Strongest first; a USCC also claims the organisation code it carries, by which older records know the body."""
    found = {each.scheme: each.value for each in numbers if each.fault is None}
    uscc = found.get(IdentifierScheme.USCC)
    if uscc is not None:
        checked = _uscc(uscc)
        if checked.inner:
            found[IdentifierScheme.ORGANISATION_CODE] = checked.organisation_code
    return tuple(Claim(scheme, found[scheme]) for scheme in STRENGTH if scheme in found)


def organisation_kind(claims: tuple[Claim, ...]) -> SubjectKind:
    first = claims[0]
    return _uscc(first.value).kind if first.scheme is IdentifierScheme.USCC else KINDS[first.scheme]


def organisation(
    claims: tuple[Claim, ...], values: Mapping[str, Value], entry: int, *, mention: bool = True
) -> NodeDraft:
    kind = organisation_kind(claims)
    return NodeDraft(ref(kind, claims[0]), kind, claims, (VersionDraft(values),), entry, entry, mention=mention)


def person(
    key: bytes, scheme: IdentifierScheme, number: str, name: str, entry: int, *, mention: bool = True
) -> NodeDraft:
    """A person with a document; raises Malformed. Only the keyed hash and the mask leave this function."""
    claim = _document(key, scheme, number)
    values: dict[str, Value] = {"name": name}
    adult = _adult(scheme, number)
    if adult is not None:
        values["adultOn"] = str(on(adult))
    return _person(claim, values, entry, mention)


def person_at(organisation: NodeDraft, name: str, entry: int, *, mention: bool = True) -> NodeDraft:
    """A person without a document: one node per organisation and name, whoever else bears that name."""
    claim = Claim(IdentifierScheme.OTHER, f"{organisation.claims[0].key}|{fold(name)}", issuer="PERSON", lookup=False)
    return _person(claim, {"name": name}, entry, mention)


def party_of_record(kind: SubjectKind, record: str, name: str, entry: int) -> NodeDraft:
    """A party of a decision without any number (a person, a sole trader): one node per decision and name."""
    claim = Claim(IdentifierScheme.OTHER, f"{record}|{fold(name)}", issuer=kind.value, lookup=False)
    return NodeDraft(ref(kind, claim), kind, (claim,), (VersionDraft({"name": name}),), entry, entry, mention=True)


def _person(claim: Claim, values: Mapping[str, Value], entry: int, mention: bool) -> NodeDraft:
    kind = SubjectKind.PERSON
    return NodeDraft(ref(kind, claim), kind, (claim,), (VersionDraft(values),), entry, entry, mention=mention)


def department(code: str | None, name: str, entry: int) -> NodeDraft:
    """Who decided: by its code where that is a code of a government body, else by its name alone."""
    kind = SubjectKind.GOVERNMENT_BODY
    claim = Claim(IdentifierScheme.OTHER, fold(name), issuer="DEPARTMENT", lookup=False)
    if code is not None:
        claim = Claim(IdentifierScheme.USCC, code)
    version = VersionDraft({"name": name})
    return NodeDraft(ref(kind, claim), kind, (claim,), (version,), entry, entry, department=True, mention=True)


def department_code(number: Number | None) -> str | None:
    """The code where it can identify a department: bodies of other kinds stand in other databases."""
    if number is None or number.fault is not None or number.scheme is not IdentifierScheme.USCC:
        return None
    kind = _uscc(number.value).kind
    return number.value if kind is SubjectKind.GOVERNMENT_BODY else None
