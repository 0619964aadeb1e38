"""Predicates with their threshold moved: what a mutant puts in the place of one name of the closed table.

It must not know packs or cases; there is no language of conditions, each variant is a function beside the one it moves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from graph.codes import Condition, PenaltyType, Seriousness
from graph.periods import add_months
from graph.propagation import conditions
from graph.propagation.causes import Cause
from graph.propagation.conditions import OTHER_SORT, PREDICATES, TRIGGERS, Predicate
from graph.propagation.verdicts import HELD, Verdict, failed

NOT_HELD: Final = failed(Condition.CONDITION_NOT_RECORDED, "变异", "a mutant says no")


class Variant(NamedTuple):
    """`moves` is the predicate it stands for; `name` is of no pack."""

    name: str
    moves: str
    holds: Predicate


def _seriousness(cause: Cause) -> Seriousness | None:
    return cause.record.seriousness if cause.record else None


def _also(moved: Predicate, more: Callable[[Cause], bool]) -> Predicate:
    """Holds where the predicate does, and further."""
    return lambda cause: HELD if more(cause) else moved(cause)


def _but(moved: Predicate, less: Callable[[Cause], bool]) -> Predicate:
    """Fails, further than the predicate does."""
    no = OTHER_SORT if moved.__name__ in TRIGGERS else NOT_HELD
    return lambda cause: no if less(cause) else moved(cause)


def _is(*found: Seriousness | None) -> Callable[[Cause], bool]:
    return lambda cause: _seriousness(cause) in found


def _says(code: str) -> Callable[[Cause], bool]:
    return lambda cause: cause.record is not None and code in cause.record.circumstances


def _practises(name: str) -> Callable[[Cause], bool]:
    return lambda cause: cause.licence is not None and conditions.profession(cause.licence.profession) == name


def _for(reason: str) -> Callable[[Cause], bool]:
    return lambda cause: cause.licence is not None and cause.licence.reason == reason


def _typed(type: PenaltyType) -> Callable[[Cause], bool]:
    return lambda cause: cause.record is not None and cause.record.types == {type}


def _sanction(name: str) -> Callable[[Cause], bool]:
    return lambda cause: cause.licence is not None and cause.licence.sanction == name


def _of(licence: str) -> Callable[[Cause], bool]:
    return lambda cause: cause.record is not None and conditions.licence_of(cause.record) == licence


def _grade_c(cause: Cause) -> bool:
    return cause.record is not None and cause.record.scheme == "TAX" and cause.record.grade == "C"


def _half_year(days: int) -> Predicate:
    """Six months and so many days."""

    def lasting(cause: Cause) -> Verdict:
        period = cause.record.effective if cause.record else None
        if period is None or period.start is None or period.end is None:
            return NOT_HELD
        least = add_months(period.start.last, 6) + timedelta(days=days)
        return HELD if least <= period.end.first else NOT_HELD

    return lasting


def _unrecorded_debt(cause: Cause) -> bool:
    return cause.record is not None and cause.record.large_debt is None


_ORDINARY, _SERIOUS, _VERY = Seriousness.ORDINARY, Seriousness.SERIOUS, Seriousness.VERY_SERIOUS
_WIDER: Final[tuple[tuple[str, Predicate, Callable[[Cause], bool]], ...]] = (
    ("one class down", conditions.serious, _is(_ORDINARY)),
    ("not recorded is serious", conditions.serious, _is(None)),
    ("one class down", conditions.fake_or_serious, _is(_ORDINARY)),
    ("one class down", conditions.serious_recorded, _is(_ORDINARY)),
    ("not recorded is serious", conditions.serious_recorded, _is(None)),
    ("one class up", conditions.not_serious, _is(_SERIOUS)),
    ("one class down", conditions.very_serious, _is(_SERIOUS)),
    ("one class up", conditions.not_very_serious, _is(_VERY)),
    ("one grade up", conditions.tax_grade_d, _grade_c),
    ("not recorded is large", conditions.large_debt, _unrecorded_debt),
)
_NARROWER: Final[tuple[tuple[str, Predicate, Callable[[Cause], bool]], ...]] = (
    ("one class up", conditions.serious, _is(_SERIOUS)),
    ("one class up", conditions.fake_or_serious, _is(_SERIOUS)),
    ("no fake drug", conditions.fake_or_serious, _says("FAKE")),
    ("one class up", conditions.serious_recorded, _is(_SERIOUS)),
    ("one class down", conditions.not_serious, _is(_ORDINARY)),
    ("recorded only", conditions.not_serious, _is(None)),
    ("one class down", conditions.not_very_serious, _is(_SERIOUS)),
    ("recorded only", conditions.not_very_serious, _is(None)),
    ("no loss of the fund", conditions.fund_loss_or_grave_effect, _says("MAJOR_FUND_LOSS")),
    ("no grave effect", conditions.fund_loss_or_grave_effect, _says("GRAVE_SOCIAL_EFFECT")),
    ("no illegality", conditions.revoked_for_illegality, _for("ILLEGALITY")),
    ("no discipline", conditions.revoked_for_illegality, _for("DISCIPLINE")),
    *(("no " + each, conditions.legal_or_audit_profession, _practises(each)) for each in conditions.LEGAL_OR_AUDIT),
    ("no closure", conditions.business_licence, _typed(PenaltyType.CLOSURE_ORDERED)),
    ("no revocation", conditions.certificate_revoked_or_cancelled, _sanction("REVOKED")),
    ("no cancelling", conditions.certificate_revoked_or_cancelled, _sanction("QUALIFICATION_CANCELLED")),
    ("no performance licence", conditions.performance_or_business_licence, _of("PERFORMANCE")),
    ("no business licence", conditions.performance_or_business_licence, _of("BUSINESS")),
)
VARIANTS: Final = (
    *(Variant(f"{p.__name__}: {what}", p.__name__, _also(p, more)) for what, p, more in _WIDER),
    *(Variant(f"{p.__name__}: {what}", p.__name__, _but(p, less)) for what, p, less in _NARROWER),
    Variant("six_months_or_more: more than", "six_months_or_more", _half_year(1)),
    Variant("six_months_or_more: a day less", "six_months_or_more", _half_year(-1)),
)


def widened(table: Mapping[str, Predicate]) -> Mapping[str, Predicate]:
    """A table of predicates with the variants of those that it holds."""
    more = {each.name: each.holds for each in VARIANTS if each.moves in table}
    return MappingProxyType({**table, **more})


WITH_VARIANTS: Final = (("PREDICATES", widened(PREDICATES)), ("TRIGGERS", widened(TRIGGERS)))
