"""Every code has its word in both languages, and keeps it whatever another enum calls the same code."""

from __future__ import annotations

from enum import StrEnum

import pytest

from graph import codes
from graph.codes import BeneficialBasis, Capacity, Certainty, Condition, PenaltyType, RecordState, SubjectStatus, Text
from graph.words import CHINESE, words

ENUMS = [
    each for each in vars(codes).values() if isinstance(each, type) and issubclass(each, StrEnum) and each != StrEnum
]


@pytest.mark.parametrize("enum", ENUMS, ids=lambda each: each.__name__)
def test_every_code_has_a_word_of_its_own_enum(enum: type[StrEnum]) -> None:
    assert CHINESE[enum].keys() == {*enum}
    assert all(type(code) is enum for code in CHINESE[enum])
    assert all(words(code).zh == CHINESE[enum][code] for code in enum)
    assert len({*CHINESE[enum].values()}) == len(enum), "two codes of one enum must be told apart"


def test_enums_that_share_a_code_do_not_share_its_word() -> None:
    assert [
        words(each)
        for each in (
            SubjectStatus.SUSPENDED,
            RecordState.SUSPENDED,
            Condition.SUSPENDED,
            SubjectStatus.LICENCE_REVOKED,
            PenaltyType.LICENCE_REVOKED,
            Capacity.NAMED,
            Certainty.NAMED,
            Capacity.PERSON_IN_CHARGE,
            BeneficialBasis.PERSON_IN_CHARGE,
        )
    ] == [
        Text("停业", "suspended"),
        Text("停止执行", "suspended"),
        Text("决定停止执行", "suspended"),
        Text("吊销执照", "licence revoked"),
        Text("吊销许可证件", "licence revoked"),
        Text("决定中点名", "named"),
        Text("决定点名", "named"),
        Text("主要负责人", "person in charge"),
        Text("负责日常经营管理的人员", "person in charge"),
    ]
