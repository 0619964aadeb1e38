"""Posts in organisations of every kind with their history, branches, and the ties of firms that are not ownership.

It must not know shares or records; persons named here are an organisation's own or lived in the city before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from graph.changes import RelationDraft, Value
from graph.codes import EnterpriseForm, PostKind, RelationKind, SubjectKind
from graph.periods import ALWAYS, Period
from graph.vocabulary import relation_of
from loaders.city import lots
from loaders.city.days import period, since
from loaders.city.extent import Extent
from loaders.city.lots import Lot, leaning, skewed, weighted
from loaders.city.organisations import LASTING, Firm
from loaders.city.ownership import NEAR

P = PostKind
PRINCIPALS: Final = frozenset(
    {EnterpriseForm.INDIVIDUAL_BUSINESS, EnterpriseForm.PARTNERSHIP, EnterpriseForm.BRANCH, EnterpriseForm.OTHER}
    | {EnterpriseForm.SOLE_PROPRIETORSHIP}
)
OWNERS: Final = {EnterpriseForm.SOLE_PROPRIETORSHIP: (P.INVESTOR,), EnterpriseForm.PARTNERSHIP: (P.PARTNER, P.PARTNER)}
COMPANY: Final = weighted(
    (0, ()),
    (190, (P.SUPERVISOR,)),
    (90, (P.MANAGER,)),
    (60, (P.DIRECTOR, P.SUPERVISOR)),
    (50, (P.DIRECTOR, P.DIRECTOR, P.DIRECTOR, P.SUPERVISOR, P.MANAGER)),
    (40, (P.MANAGER, P.FINANCE_CHIEF)),
    (20, (P.CONTROLLER,)),
    (20, (P.EMPLOYEE, P.EMPLOYEE)),
    (10, (P.DIRECTOR, P.SUPERVISOR, P.SENIOR_MANAGER, P.FINANCE_CHIEF, P.EMPLOYEE, P.EMPLOYEE)),
    (5, (P.SENIOR_MANAGER, P.CONTROLLER, P.FINANCE_CHIEF)),
)
STATE: Final = (P.PRINCIPAL, P.DIRECTOR, P.DIRECTOR, P.SUPERVISOR, P.SENIOR_MANAGER)
BY_SECTOR: Final = {"FOOD": P.FOOD_SAFETY_MANAGER, "CONSTRUCTION": P.PROJECT_MANAGER}
SMALL: Final = frozenset({EnterpriseForm.INDIVIDUAL_BUSINESS, EnterpriseForm.BRANCH, EnterpriseForm.OTHER})
BACK: Final = 20  # persons before an organisation's own that may serve in it
SERIAL: Final = 24  # in so many of a hundred firms the head is somebody who heads others, too
DECLARED: Final = "DECLARED"


def post(
    number: int, holder: str, organization: str, role: PostKind, validity: Period, start: int | None
) -> RelationDraft:
    kind = relation_of(role)
    values: dict[str, Value] = {}
    if kind is RelationKind.SERVES_AS:
        values["post"] = role.value
    elif kind is RelationKind.CONTROLS:
        values["basis"] = DECLARED
    return RelationDraft(
        kind, holder, organization, f"{holder}>{organization}/{role.value}@{start}", number, validity, values
    )


def head(extent: Extent, firm: Firm) -> int:
    """The person who heads an enterprise today, or did at its end."""
    first = extent.first_person(firm.index)
    if firm.shape is None and firm.lot[16] % 100 < SERIAL:
        return extent.enterprises.start + leaning(firm.lot[17], first - extent.enterprises.start + 1)
    return first


def head_post(firm: Firm) -> PostKind:
    return P.PRINCIPAL if firm.form in PRINCIPALS else P.LEGAL_REPRESENTATIVE


def near(first: int, number: int) -> int:
    return max(0, first - 1 - number % NEAR)


def of_firm(extent: Extent, firm: Firm, number: int) -> Iterator[RelationDraft]:
    own, lot = f"o{firm.index}", extent.lot(lots.OFFICE, firm.index)
    first, start, end = extent.first_person(firm.index), firm.established, firm.ended
    whole = since(start) if end is None else period(start, end)
    last = extent.end_ordinal if end is None else end
    role, person = head_post(firm), head(extent, firm)
    days = last - start
    if lot[0] % 8 == 0 and days > 60:  # one or two heads before this one
        changes = [start, start + 30 + lot[1] % (days - 40)]
        if lot[0] % 24 == 0 and last - changes[1] > 60:
            changes.append(changes[1] + 30 + lot[2] % (last - changes[1] - 40))
        for nth, (begun, replaced) in enumerate(pairwise(changes)):
            former = f"p{near(first, lot[3] + nth)}"
            yield post(number, former, own, role, period(begun, replaced), begun)
        validity = since(changes[-1]) if end is None else period(changes[-1], end)
        yield post(number, f"p{person}", own, role, validity, changes[-1])
    else:
        yield post(number, f"p{person}", own, role, whole, start)
    roles: tuple[PostKind, ...] = OWNERS.get(firm.form, ())
    if firm.form is EnterpriseForm.STATE_ENTERPRISE:
        roles = STATE
    elif firm.form not in SMALL:
        roles = (*roles, *COMPANY[lot[4] % 1000])
    special = None if firm.trade.sector is None else BY_SECTOR.get(firm.trade.sector)
    if special is not None and lot[5] % 2:
        roles = (*roles, special)
    seen: set[tuple[int, PostKind]] = set()
    for nth, each in enumerate(roles):
        who = first if nth == 0 else near(first, lot[6 + nth])
        if (who, each) in seen:
            continue
        seen.add((who, each))
        begun = start + lot[16 + nth] % 900 if lot[16 + nth] % 5 == 0 and days > 1000 else start
        left = begun + 60 + lot[7] % 700 if lot[8] % 6 == nth and last - begun > 800 else end
        yield post(number, f"p{who}", own, each, since(begun) if left is None else period(begun, left), begun)
    yield from _ties(extent, firm, lot, number)


def _ties(extent: Extent, firm: Firm, lot: Lot, number: int) -> Iterator[RelationDraft]:
    own, nth = f"o{firm.index}", firm.index - extent.enterprises.start
    if firm.form is EnterpriseForm.BRANCH and nth > LASTING:
        parent = f"o{extent.enterprises.start + skewed(lot[28], nth)}"
        yield RelationDraft(RelationKind.BRANCH_OF, own, parent, f"{own}>{parent}", number, since(firm.established))
    if lot[29] % 60 == 0 and nth > 0:
        other = f"o{extent.enterprises.start + nth - 1 - lot[30] % min(nth, NEAR)}"
        yield RelationDraft(RelationKind.GUARANTEES, own, other, f"{own}>{other}", number, since(firm.established))


def of_other(extent: Extent, index: int, region: str, number: int) -> Iterator[RelationDraft]:
    """Posts of an organisation that is no enterprise; its own person is the one of its index."""
    kind, lot = extent.kind(index), extent.lot(lots.OFFICE, index)
    start = extent.end_ordinal - 300 - lot[0] % 4000
    own = f"o{index}"

    def held(person: int, role: PostKind, left: int | None = None) -> RelationDraft:
        return post(number, f"p{max(0, person)}", own, role, period(start, left), start)

    match kind:
        case SubjectKind.GOVERNMENT_BODY:
            yield held(index, P.PRINCIPAL)
        case SubjectKind.PUBLIC_INSTITUTION:
            yield held(index, P.LEGAL_REPRESENTATIVE)
            yield held(index, P.SCHOOL_HEAD if index % 2 else P.PRINCIPAL)
            yield held(index - 1 - lot[1] % BACK, P.EMPLOYEE)
        case SubjectKind.SOCIAL_ORGANIZATION:
            yield held(index, P.LEGAL_REPRESENTATIVE)
            yield held(index, P.COUNCIL_MEMBER)
            yield held(index - 1 - lot[1] % BACK, P.COUNCIL_MEMBER, start + 200)
            yield held(index - 1 - lot[2] % BACK, P.SPONSOR)
        case _:
            yield held(index, P.PRINCIPAL)
            yield held(index, P.PARTNER)
            yield held(index - 1 - lot[1] % BACK, P.PRACTITIONER)
    if kind is not SubjectKind.GOVERNMENT_BODY:
        yield RelationDraft(RelationKind.LOCATED_IN, own, f"REGION:{region}", own, number, ALWAYS)
