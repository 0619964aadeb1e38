"""Which rules a cause can never bind anybody by, whatever the day: what it is of keeps them out, not when it was.

Only what the engine asks itself is asked here, and a rule is left out only where the engine would let it bind nobody
on every day; it must not know parties.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from graph.codes import CauseKind, RecordKind
from graph.propagation.causes import Cause
from graph.propagation.conditions import PREDICATES
from graph.propagation.triggers import Families, conditions, families, triggered
from graph.propagation.verdicts import Failed
from graph.propagation.versions import version
from graph.rules.pack import Pack
from graph.rules.rule import Rule, VersionBy

# Attributes of a record or a licence that a field of a rule looks at.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "types": ("types",),
        "sectors": ("sector",),
        "licences": ("sector", "licence"),
        "lists": ("list",),
        "crimes": ("crime",),
        "sanctions": ("sanction",),
        "applied": ("basis",),
        "professions": ("profession",),
    }
)
_LICENCE: Final = ("types", "sector", "licence")
# Those that a predicate looks at. Of the others nothing is said of a sort: a period, and a reason in the words of
# whoever listed, would make a sort of every record.
LOOKS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "licence_revoked": ("types",),
        "licence_revoked_or_closed": ("types",),
        "business_licence": _LICENCE,
        "business_licence_revoked": _LICENCE,
        "start_is_revocation": _LICENCE,
        "food_licence": ("sector", "licence"),
        "performance_or_business_licence": _LICENCE,
        "food_crime": ("crime", "sentence"),
        "fixed_term": ("sentence",),
        "large_debt": ("large_debt",),
        "revoked_for_illegality": ("reason",),
        "legal_or_audit_profession": ("profession",),
        "serious": ("seriousness",),
        "fake_or_serious": ("circumstances", "seriousness"),
        "unlicensed": ("circumstances",),
        "major_loss": ("circumstances",),
        "caused_major_accident": ("circumstances",),
        "fund_loss_or_grave_effect": ("circumstances",),
        "certificate_revoked": ("revoked_on", "sanction"),
        "certificate_revoked_or_cancelled": ("revoked_on", "sanction"),
        "qualification_cancelled": ("revoked_on", "sanction"),
        "exit_ban": ("ban",),
        "for_tax": ("sector", "basis"),
        "not_for_tax": ("sector", "basis"),
        "tax_grade_d": ("scheme", "grade"),
        "serious_recorded": ("seriousness",),
        "not_serious": ("seriousness",),
        "very_serious": ("seriousness",),
        "not_very_serious": ("seriousness",),
        "major_accident": ("circumstances",),
        "no_major_accident": ("circumstances",),
    }
)
NOT_OF_A_SORT: Final = PREDICATES.keys() - LOOKS.keys()


def looked_at(pack: Pack) -> Mapping[RecordKind | CauseKind, tuple[str, ...]]:
    """What makes the sort of a cause, by its kind: attributes by which rules that bind tell causes apart."""
    found: dict[RecordKind | CauseKind, set[str]] = {}
    for kind, sorts in pack.by_kind.items():
        for rule in (each for family in sorts for each in family if each.measure is not None):
            looks = found.setdefault(kind, set())
            looks.update(*(FIELDS[each] for each in FIELDS if getattr(rule, each)))
            looks.update(*(LOOKS.get(each, ()) for each in rule.conditions))
    return {kind: tuple(sorted(each)) for kind, each in found.items()}


def of_sort(pack: Pack, cause: Cause) -> Families:
    """The families by which a cause of this sort may bind; of it only what is `looked_at` is known."""
    return tuple(
        family
        for family in pack.by_kind.get(cause.kind, ())
        if any(triggered(each, cause, pack) and _open(_of_a_sort(each), cause) for each in family)
    )


def of_cause(pack: Pack, cause: Cause, among: Families | None = None) -> Families:
    """The families by which the cause itself may bind somebody on some day; `among` those of its sort, if known."""
    return tuple(
        family
        for family in (families(pack, cause) if among is None else among)
        if any(
            (len(family) == 1 or triggered(each, cause, pack)) and _open(each, cause)
            for each in _judging(family, cause)
        )
    )


@lru_cache(maxsize=1024)
def _of_a_sort(rule: Rule) -> Rule:
    """The rule without the conditions that no sort tells of."""
    if NOT_OF_A_SORT.isdisjoint(rule.conditions):
        return rule
    return replace(rule, conditions=tuple(each for each in rule.conditions if each not in NOT_OF_A_SORT))


def _judging(family: tuple[Rule, ...], cause: Cause) -> tuple[Rule, ...]:
    """The versions by which it may be judged: one where its own day chooses it, none where none was in force (S4)."""
    if family[0].version_by is VersionBy.AS_OF or (cause.decided or cause.starts) is None:
        return family
    rule, verdict = version(family, cause, date.min)
    return () if isinstance(verdict, Failed) else (rule,)


def _open(rule: Rule, cause: Cause) -> bool:
    """Whether no condition on the cause keeps everybody out: none of them asks for a day."""
    return rule.measure is not None and not any(isinstance(each, Failed) for each in conditions(rule, cause))
