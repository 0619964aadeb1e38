"""The words of BODS 0.4 for what is in the graph, read both ways: kinds of entities, of interests, of schemes.

It must not know files or statements.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from graph.codes import PostKind, SubjectKind
from loaders.statements.values import SHARE_UNITS

VERSION: Final = "0.4"
SHARES, VOTES, CONTROL = "shareholding", "votingRights", "otherInfluenceOrControl"
ENTITY_TYPES: Final[Mapping[SubjectKind, str]] = {
    SubjectKind.ENTERPRISE: "registeredEntity",
    SubjectKind.PUBLIC_INSTITUTION: "legalEntity",
    SubjectKind.SOCIAL_ORGANIZATION: "legalEntity",
    SubjectKind.GOVERNMENT_BODY: "stateBody",
    SubjectKind.OTHER_ORGANIZATION: "legalEntity",
}
# What a foreign file's word means where `details` is not one of ours.
KINDS: Final[Mapping[str, SubjectKind]] = {
    "registeredEntity": SubjectKind.ENTERPRISE,
    "stateBody": SubjectKind.GOVERNMENT_BODY,
    "state": SubjectKind.GOVERNMENT_BODY,
    "legalEntity": SubjectKind.OTHER_ORGANIZATION,
    "arrangement": SubjectKind.OTHER_ORGANIZATION,
}
INTERESTS: Final[Mapping[PostKind, str]] = {
    PostKind.DIRECTOR: "boardMember",
    **dict.fromkeys(
        (
            *(PostKind.LEGAL_REPRESENTATIVE, PostKind.PRINCIPAL, PostKind.MANAGER, PostKind.SENIOR_MANAGER),
            PostKind.FINANCE_CHIEF,
        ),
        "seniorManagingOfficial",
    ),
    **dict.fromkeys((PostKind.SUPERVISOR, PostKind.COUNCIL_MEMBER, PostKind.SCHOOL_HEAD), CONTROL),
}
POSTS: Final[Mapping[str, PostKind]] = {
    "boardMember": PostKind.DIRECTOR,
    "boardChair": PostKind.DIRECTOR,
    "seniorManagingOfficial": PostKind.SENIOR_MANAGER,
}
# Influence of a kind of its own: who controls is declared, not computed.
CONTROLS: Final = frozenset({CONTROL, "appointmentOfBoard", "controlViaCompanyRulesOrArticles"})
WHOLE: Final = 100 * SHARE_UNITS
CAPITAL: Final = "capital "  # details of a shareholding: the capital in yuan
COUNTRY: Final[Mapping[str, str]] = {"name": "中国 China", "code": "CN"}
