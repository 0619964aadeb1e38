"""The rows of a pack's TOML files as they are written; strict, so that a misspelt field is an error and no silence.

It must not know what a rule means, nor join rows with one another.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from graph.codes import (
    Capacity,
    CauseKind,
    Confidence,
    Effect,
    ListPolarity,
    PenaltyType,
    PostKind,
    Purpose,
    RecordKind,
)
from graph.rules.rule import Anchor, Counts, VersionBy, Visibility, Way


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False, frozen=True)


class MeasureRow(Row):
    """`family`: of the national list of measures (`domain.md` B4); `applied_by`: who carries it out."""

    code: str = Field(pattern=r"^[A-Z][A-Z_]+$")
    zh: str
    en: str
    effect: Effect
    purposes: list[Purpose]
    family: Literal["RIGHTS", "MANAGEMENT", "OTHERS"]
    applied_by: str = ""


class ListRow(Row):
    name: str
    aliases: list[str] = []
    polarity: ListPolarity
    owner: str
    joint_punishment: bool
    confidence: Confidence


class ArticleRow(Row):
    document: str
    article: str | None = None


class BasisRow(ArticleRow):
    """`from`, `to`: when the cited text or number was in force, half-open; needed where it began after the version."""

    since: str | None = Field(default=None, alias="from")
    to: str | None = None


class BindRow(Row):
    """One way in which an article binds a party; what it does not say, the rule around it says."""

    way: Way
    subject: Literal["ORGANIZATION", "PERSON", "ANY"] | None = None
    roles: list[PostKind] | None = None
    anchor: Anchor | None = None
    either: bool | None = None
    finding: bool | None = None
    capacities: list[Capacity] | None = None
    follows_post: bool | None = None
    share: int | None = Field(default=None, ge=1, le=100_000_000)


class RuleRow(Row):
    """Either `way` and its fields, or `binds`: one table for one version of one part, with each way it binds."""

    id: str = Field(pattern=r"^([PQMO]\d\d|K\d)$")
    part: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9-]*$")
    way: Way | None = None
    binds: list[BindRow] = []
    version: str
    version_by: VersionBy
    zh: str
    en: str
    text_zh: str | None = None
    text_en: str | None = None
    basis: list[BasisRow] = Field(min_length=1)
    confidence: Confidence
    jurisdiction: str = "CN"
    valid_from: str
    valid_until: str | None = None
    kinds: list[RecordKind | CauseKind] = []
    types: list[PenaltyType] = []
    sectors: list[str] = []
    licences: list[str] = []
    professions: list[str] = []
    crimes: list[str] = []
    sanctions: list[str] = []
    applied: list[ArticleRow] = []
    subject: Literal["ORGANIZATION", "PERSON", "ANY"] = "ANY"
    conditions: list[str] = []
    lists: list[str] = []
    joint_lists: bool = False  # every list that counts as 失信联合惩戒对象
    measure: str | None = None
    duty: str | None = None
    duty_roles: list[PostKind] = []
    duty_elsewhere: bool = False
    roles: list[PostKind] = []
    anchor: Anchor | None = None
    either: bool = False
    finding: bool = False
    capacities: list[Capacity] = []
    follows_post: bool = False
    released: bool = False
    years: int | None = Field(default=None, ge=1)
    while_listed: bool = False
    decided_term: bool = False
    counts: Counts | None = None
    from_decision: bool = False  # as packs before 2026.12 wrote `counts`
    life: bool = False
    ends_on_repair: bool
    visibility: Visibility = Visibility.PUBLIC
    watches: list[str] = []
    share: int | None = Field(default=None, ge=1, le=100_000_000)

    def ways(self) -> list[RuleRow]:
        """One row for each way."""
        if not self.binds:
            return [self]
        return [self.model_copy(update={"binds": [], **_said(each)}) for each in self.binds]


def _said(bind: BindRow) -> dict[str, Any]:
    return {name: value for name, value in bind if value is not None}


class PackFile(Row):
    name: str | None = None
    version: str | None = None
    measures: list[MeasureRow] = Field(default=[], alias="measure")
    lists: list[ListRow] = Field(default=[], alias="list")
    rules: list[RuleRow] = Field(default=[], alias="rule")
