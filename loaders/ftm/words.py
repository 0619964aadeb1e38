"""The schemata and properties of FollowTheMoney for what is in the graph, read both ways.

It must not know files or entities.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from graph.codes import IdentifierScheme, RelationKind, SubjectKind

SCHEMATA: Final[Mapping[SubjectKind, str]] = {
    SubjectKind.ENTERPRISE: "Company",
    SubjectKind.PUBLIC_INSTITUTION: "Organization",
    SubjectKind.SOCIAL_ORGANIZATION: "Organization",
    SubjectKind.GOVERNMENT_BODY: "PublicBody",
    SubjectKind.OTHER_ORGANIZATION: "Organization",
    SubjectKind.PERSON: "Person",
}
# What a foreign file's schema means; an entity of this graph is known by the prefix of its id.
KINDS: Final[Mapping[str, SubjectKind]] = {
    "Company": SubjectKind.ENTERPRISE,
    "LegalEntity": SubjectKind.OTHER_ORGANIZATION,
    "Organization": SubjectKind.OTHER_ORGANIZATION,
    "PublicBody": SubjectKind.GOVERNMENT_BODY,
    "Person": SubjectKind.PERSON,
}
NUMBERS: Final[Mapping[IdentifierScheme, str]] = {
    IdentifierScheme.USCC: "uscCode",
    IdentifierScheme.REGISTRATION_NUMBER: "registrationNumber",
    IdentifierScheme.TAX_NUMBER: "taxNumber",
    IdentifierScheme.RESIDENT_ID: "idNumber",
    IdentifierScheme.PASSPORT: "passportNumber",
}
OWNERSHIP, DIRECTORSHIP, EMPLOYMENT, LINK = "Ownership", "Directorship", "Employment", "UnknownLink"
# The two ends of each schema of a relation, from start to end.
ENDS: Final[Mapping[str, tuple[str, str]]] = {
    OWNERSHIP: ("owner", "asset"),
    DIRECTORSHIP: ("director", "organization"),
    EMPLOYMENT: ("employee", "employer"),
    LINK: ("subject", "object"),
}
RELATIONS: Final[Mapping[RelationKind, str]] = {
    RelationKind.HOLDS: OWNERSHIP,
    RelationKind.CONTROLS: OWNERSHIP,
    RelationKind.LEGAL_REPRESENTATIVE_OF: DIRECTORSHIP,
    RelationKind.PRINCIPAL_OF: DIRECTORSHIP,
    RelationKind.SERVES_AS: DIRECTORSHIP,
    RelationKind.EMPLOYED_BY: EMPLOYMENT,
    RelationKind.PRACTISES_AT: LINK,
    RelationKind.PROJECT_MANAGER_OF: LINK,
    RelationKind.ACTS_IN_CONCERT_WITH: LINK,
    RelationKind.BRANCH_OF: LINK,
    RelationKind.GUARANTEES: LINK,
}
VOTES: Final = "votes "  # a summary of an Ownership: the votes in percent
CONTROL: Final = "CONTROLS"  # an `ownershipType`: declared control, no holding
COUNTRY, CURRENCY = "cn", "CNY"
