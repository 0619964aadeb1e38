"""What a pack is refused for: rows that no article can mean, codes that no record has, versions that overlap.

It must not know files, nor what a rule does once it is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from graph.closed import CRIMES, JURISDICTIONS, LICENCES, PROFESSIONS, SANCTIONS, SECTORS
from graph.errors import GraphError
from graph.periods import Period, parse_period
from graph.rules.citation import is_article, is_document
from graph.rules.citation import place as place_of
from graph.rules.rows import RuleRow
from graph.rules.rule import WITHOUT_MEASURE, Counts, Rule, Way

CODES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "sectors": SECTORS,
        "licences": LICENCES,
        "crimes": CRIMES,
        "sanctions": SANCTIONS,
        "professions": PROFESSIONS,
    }
)


class PackError(GraphError):
    """A pack that cannot be read; the message names file, rule and field."""


def refused(place: str, field: str, why: str) -> PackError:
    return PackError(f"{place}: {field}: {why}")


def validity_of(place: str, row: RuleRow) -> Period:
    try:
        validity = parse_period(row.valid_from, row.valid_until)
    except ValueError as error:
        raise PackError(f"{place}: valid_from: {error}") from None
    if validity.start is not None and validity.end is not None and validity.end.first <= validity.start.first:
        raise PackError(f"{place}: valid_until: the version ends before it begins")
    return validity


def checked(place: str, row: RuleRow, definitions: Collection[str], lists: Collection[str]) -> Way:
    """Refuses what no article can mean, by the name of the field."""
    from graph.propagation.conditions import PREDICATES  # the closed set lives beside the code that holds it

    way = row.way
    if way is None:
        raise refused(place, "way", "how the article binds its party is missing")
    for field, codes in (("measure", [row.measure]), ("duty", [row.duty]), ("watches", row.watches)):
        for code in codes:
            if code is not None and code not in definitions:
                raise refused(place, field, f"no measure {code!r} in measures.toml")
    for condition in row.conditions:
        if condition not in PREDICATES:
            raise refused(place, "conditions", f"unknown predicate {condition!r}")
    for listed in row.lists:
        if listed not in lists:
            raise refused(place, "lists", f"no list {listed!r} in lists.toml")
    for article in row.applied:
        if article.article is None or place_of(article.article) is None:
            raise refused(place, "applied", f"not an article: {article.article!r}")
    if (row.measure is None) != (way in WITHOUT_MEASURE):
        raise refused(place, "measure", "every way needs one, but MUST_NOT, ALERT and CONFLICT none")
    if not row.kinds and way not in WITHOUT_MEASURE:
        raise refused(place, "kinds", "what sets it off is missing")
    if row.years is not None and row.life:
        raise refused(place, "years", "a term or for life, not both")
    if row.counts not in (None, Counts.START) and row.years is None and not (row.life or row.decided_term):
        raise refused(place, "counts", "a day to count from, but no years: a term without a length")
    if row.decided_term and row.life:
        raise refused(place, "decided_term", "for life already")
    if "start_is_revocation" in row.conditions and row.years is None:
        raise refused(place, "years", "its start is tested, but no term counts from it")
    if way in (Way.NAMED, Way.FOUND, Way.ELSEWHERE) and not row.capacities:
        raise refused(place, "capacities", f"{way} needs the capacities that make a person a party")
    if row.finding and not row.capacities:
        raise refused(place, "capacities", "a finding is needed, but none is said to satisfy it")
    if way is Way.POST and not row.roles:
        raise refused(place, "roles", "POST needs the offices that bind")
    if row.duty is not None and not row.duty_roles:
        raise refused(place, "duty_roles", "a duty needs the posts that must be running")
    if (way is Way.OWNED) != (row.share is not None):
        raise refused(place, "share", "OWNED needs the least share, and nothing else has one")
    if way is Way.ALERT and not (row.watches and row.roles):
        raise refused(place, "watches", "ALERT needs the measures it watches and the posts it warns of")
    return way


def refuse_silence(place: str, row: RuleRow) -> None:
    """Refuses what would be read without complaint and mean something else, or never fire.

    Not asked of a text that a graph has kept: what an earlier version could leave out still means what it meant.
    """
    if row.jurisdiction not in JURISDICTIONS:
        raise refused(place, "jurisdiction", f"unknown code {row.jurisdiction!r}")
    for field, known in CODES.items():
        for code in getattr(row, field):
            if code not in known:
                raise refused(place, field, f"unknown code {code!r}")
    if row.jurisdiction == "CN":
        _refuse_citations(place, row)
    if row.roles and row.anchor is None and row.way is not Way.ALERT:  # an alert warns of who is in post now
        raise refused(place, "anchor", "an office is looked at, but not on which day")
    if row.years is not None and row.counts is None and not row.from_decision:
        raise refused(place, "counts", "a term of years, but not from which day")


def _refuse_citations(place: str, row: RuleRow) -> None:
    for field, cited in (("basis", row.basis), ("applied", row.applied)):
        for each in cited:
            if not is_document(each.document):
                raise refused(place, field, f"not a document of law: {each.document!r}")
            if each.article is not None and not is_article(each.article):
                raise refused(place, field, f"not an article: {each.article!r}")


def refuse_overlaps(rules: Iterable[Rule]) -> None:
    """Never two versions of a rule on one day, whatever ways each of them has (S4)."""
    versions: dict[str, dict[str, list[Rule]]] = {}
    for rule in rules:
        versions.setdefault(rule.name, {}).setdefault(rule.version, []).append(rule)
    for name, found in versions.items():
        for label, ways in found.items():
            if len({each.validity for each in ways}) > 1:
                raise PackError(f"{name} {label}: valid_from: one version has two validities")
            if len({each.family for each in ways}) < len(ways):
                raise PackError(f"{name} {label}: binds: the same way twice, both valid on {ways[0].validity.start}")
        ordered = sorted((ways[0] for ways in found.values()), key=begins)
        for earlier, later in pairwise(ordered):
            if earlier.validity.overlaps(later.validity):
                raise PackError(
                    f"{name}: valid_until: versions {earlier.version} and {later.version} "
                    f"are both valid on {later.validity.start}"
                )
    for name, found in versions.items():
        if len({way.version_by for ways in found.values() for way in ways}) > 1:
            raise PackError(f"{name}: version_by: one rule is judged by one kind of day")


def begins(rule: Rule) -> str:
    return str(rule.validity.start or "")
