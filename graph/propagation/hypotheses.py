"""What would be if: facts edited in memory, one supposed change after the other; nothing is ever stored.

It must not know rules; a supposition that contradicts the facts is refused by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final, TypeVar

from graph.closed import LICENCES, SECTORS
from graph.codes import (
    Capacity,
    PenaltyType,
    PostKind,
    RecordKind,
    RecordState,
    Seriousness,
    SubjectKind,
)
from graph.errors import Invalid
from graph.facts import Article, Facts, Finding, Holding, Link, Post, Record
from graph.periods import ALWAYS, Day, Period, on
from graph.propagation.causes import Cause, reversed_offence
from graph.rules.pack import Pack
from graph.sources import settled_holdings

WHOLE: Final = 100_000_000  # 100 % in millionths of a percent
PREFIX: Final = "hypothesis:"  # ids of what is only supposed: no stored id begins so
LONGEST: Final = 200  # characters of a text of a supposed record


@dataclass(frozen=True, slots=True)
class EndRelation:
    """A post, holding or other relation ends on a day; `relation` is its id."""

    relation: str
    on: date


@dataclass(frozen=True, slots=True)
class AddPost:
    person: str
    organization: str
    post: PostKind
    period: Period


@dataclass(frozen=True, slots=True)
class AddHolding:
    """`share`, `votes` in millionths of a percent."""

    holder: str
    organization: str
    share: int | None
    votes: int | None
    period: Period


@dataclass(frozen=True, slots=True)
class AddRecord:
    kind: RecordKind
    about: str
    decided_on: date
    offence: Period | None = None
    types: frozenset[PenaltyType] = frozenset()
    sector: str | None = None
    licence: str | None = None
    list: str | None = None
    large_debt: bool | None = None
    seriousness: Seriousness | None = None
    basis: tuple[Article, ...] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """A record is revoked, set aside, lifted, repaired, suspended or expires from a day on."""

    record: str
    state: RecordState
    on: date


@dataclass(frozen=True, slots=True)
class AddFinding:
    record: str
    person: str
    capacity: Capacity
    decided_on: date


Hypothesis = EndRelation | AddPost | AddHolding | AddRecord | ChangeRecord | AddFinding
ENDS: Final[Mapping[RecordState, str]] = MappingProxyType(
    {
        RecordState.REVOKED: "revoked_on",
        RecordState.SET_ASIDE: "set_aside_on",
        RecordState.LIFTED: "lifted_on",
        RecordState.REPAIRED: "repaired_on",
    }
)


def suppose(facts: Facts, hypotheses: Sequence[Hypothesis], pack: Pack) -> Facts:
    """The facts with every supposition made, in the order given; raises Invalid naming the one that contradicts."""
    changed = set[tuple[str, RecordState]]()
    for place, each in enumerate(hypotheses):
        if isinstance(each, ChangeRecord):
            if (each.record, each.state) in changed:
                raise _refuse(
                    f"changes.{place}.changeRecord.on", "同一变更只能假设一次", "the same change is supposed once only"
                )
            changed.add((each.record, each.state))
        facts = _supposed(facts, each, pack, f"changes.{place}", f"{PREFIX}{place + 1}")
    return facts


def _supposed(facts: Facts, supposed: Hypothesis, pack: Pack, where: str, id: str) -> Facts:
    match supposed:
        case EndRelation():
            return _end_relation(facts, supposed, where)
        case AddPost():
            return _add_post(facts, supposed, where, id)
        case AddHolding():
            return _add_holding(facts, supposed, where, id)
        case AddRecord():
            return _add_record(facts, supposed, pack, where, id)
        case ChangeRecord():
            return _change_record(facts, supposed, where)
    return _add_finding(facts, supposed, where, id)


def _refuse(where: str, zh: str, en: str) -> Invalid:
    return Invalid(f"{where}: {zh} · {en}", argument=where)


def _end_relation(facts: Facts, end: EndRelation, where: str) -> Facts:
    place = f"{where}.endRelation"
    known: tuple[Post | Holding | Link, ...] = (*facts.posts, *facts.holdings, *facts.links)
    if not any(each.id == end.relation for each in known):
        raise _refuse(f"{place}.relation", "没有这条关系", "no such relation near the subject")
    return replace(
        facts,
        posts=tuple(_ended(each, end, place) for each in facts.posts),
        holdings=tuple(_ended(each, end, place) for each in facts.holdings),
        links=tuple(_ended(each, end, place) for each in facts.links),
    )


R = TypeVar("R", Post, Holding, Link)


def _ended(relation: R, end: EndRelation, place: str) -> R:
    if relation.id != end.relation:
        return relation
    return replace(relation, period=_until(relation.period, end.on, f"{place}.on"))


def _until(period: Period, day: date, where: str) -> Period:
    if period.start is not None and day <= period.start.first:
        raise _refuse(
            where, f"关系自 {period.start} 起,不能在此前终止", f"it begins on {period.start}, it cannot end before"
        )
    if period.end is not None and period.end.first <= day:
        raise _refuse(where, f"关系已于 {period.end} 终止", f"it ended on {period.end} already")
    return Period(period.start, on(day))


def _add_post(facts: Facts, add: AddPost, where: str, id: str) -> Facts:
    place = f"{where}.addPost"
    _organization(facts, add.organization, f"{place}.organization")
    kind = _party(facts, add.person, f"{place}.person")
    if kind is not SubjectKind.PERSON and add.post is not PostKind.CONTROLLER:
        raise _refuse(f"{place}.person", "任职者应为自然人", "an office is held by a person")
    _forward(add.period, f"{place}.validity")
    for each in facts.posts:
        same = (each.person, each.organization, each.post) == (add.person, add.organization, add.post)
        if same and each.period.overlaps(add.period):
            raise _refuse(
                f"{place}.validity",
                f"该期间已任此职({each.period.start or '…'} 至 {each.period.end or '今'})",
                "the post is held in that period already",
            )
    post = Post(id, add.person, add.organization, add.post, add.period)
    return replace(facts, posts=(*facts.posts, post))


def _add_holding(facts: Facts, add: AddHolding, where: str, id: str) -> Facts:
    place = f"{where}.addHolding"
    _organization(facts, add.organization, f"{place}.organization")
    _party(facts, add.holder, f"{place}.holder")
    _forward(add.period, f"{place}.validity")
    for name, value in (("share", add.share), ("votes", add.votes)):
        if value is not None and not 0 < value <= WHOLE:
            raise _refuse(f"{place}.{name}", "比例应大于 0、不超过 100", "a share is above 0 and at most 100")
    meanwhile = (
        each for each in facts.holdings if each.organization == add.organization and each.period.overlaps(add.period)
    )
    held = sum(each.share or 0 for each in settled_holdings(meanwhile))
    if add.share is not None and held + add.share > WHOLE:
        raise _refuse(f"{place}.share", "与现有持股合计超过 100%", "with what is held already it exceeds 100 %")
    holding = Holding(id, add.holder, add.organization, add.share, add.votes, add.period)
    return replace(facts, holdings=(*facts.holdings, holding))


def _add_record(facts: Facts, add: AddRecord, pack: Pack, where: str, id: str) -> Facts:
    place = f"{where}.addRecord"
    _short(add, place)
    _known_codes(add, place)
    _party(facts, add.about, f"{place}.about")
    if (add.kind is RecordKind.LIST_ENTRY) != (add.list is not None):
        raise _refuse(
            f"{place}.list", "名单列入应写明名单,其他记录不写", "a list entry names its list, nothing else does"
        )
    if add.list is not None:
        _not_listed_so(facts, add, add.list, pack, place)
    if add.types and add.kind is not RecordKind.PENALTY:
        raise _refuse(f"{place}.types", "处罚种类只用于行政处罚", "types are of penalties only")
    if add.offence is not None and reversed_offence(add.offence):
        raise _refuse(f"{place}.offence", "违法期间起止颠倒", "the offence ends before it begins")
    begins = add.offence.start if add.offence is not None else None
    if begins is not None and begins.first > add.decided_on:
        raise _refuse(f"{place}.offence", "违法始于决定之后", "the offence begins after the decision")
    if add.until is not None and add.until <= add.decided_on:
        raise _refuse(f"{place}.until", "止期不晚于决定日", "it ends before it is decided")
    record = Record(
        id=id,
        kind=add.kind,
        about=MappingProxyType({add.about: f"{id}:about"}),
        decided_on=on(add.decided_on),
        effective=Period(on(add.decided_on), None if add.until is None else on(add.until)),
        offence=add.offence,
        types=add.types,
        sector=add.sector,
        licence=add.licence,
        list=add.list,
        large_debt=add.large_debt,
        seriousness=add.seriousness,
        basis=add.basis,
    )
    return replace(facts, records=(*facts.records, record))


def _known_codes(add: AddRecord, place: str) -> None:
    """A misspelt code would set nothing off, and the answer look like an acquittal."""
    for name, code, known in (("sector", add.sector, SECTORS), ("licence", add.licence, LICENCES)):
        if code is not None and code not in known:
            raise _refuse(f"{place}.{name}", f"没有这个代码:{code}", f"no such code: {code}")


def _not_listed_so(facts: Facts, add: AddRecord, name: str, pack: Pack, place: str) -> None:
    """A party may stand on a list by several entries, of several courts: only the very entry that is recorded is none
    to suppose; which name or alias of the list it was made under is no matter.
    """
    named = pack.list_named(name)
    if named is None:
        raise _refuse(f"{place}.list", f"没有这个名单:{name}", f"no such list: {name}")
    supposed = (on(add.decided_on), None if add.until is None else on(add.until), add.large_debt)
    for each in facts.records:
        if add.about not in each.about or each.list is None or pack.list_named(each.list) != named:
            continue
        if (Cause(record=each).starts, each.effective.end, each.large_debt) == supposed:
            raise _refuse(
                f"{place}.list", "该列入已有记载", "that entry is recorded already, of that day and to that end"
            )


def _short(add: AddRecord, place: str) -> None:
    """Stored texts are as long as their sources made them; these are anybody's."""
    texts = {"sector": add.sector, "licence": add.licence, "list": add.list}
    for i, each in enumerate(add.basis):
        texts |= {f"basis.{i}.document": each.document, f"basis.{i}.article": each.article}
    for name, text in texts.items():
        if text is not None and len(text) > LONGEST:
            raise _refuse(f"{place}.{name}", f"至多 {LONGEST} 个字符", f"at most {LONGEST} characters")


def _change_record(facts: Facts, change: ChangeRecord, where: str) -> Facts:
    place = f"{where}.changeRecord"
    record = _record(facts, change.record, f"{place}.record")
    begun = Cause(record=record).starts
    if begun is not None and change.on < begun.first:
        raise _refuse(
            f"{place}.on", f"记录自 {begun} 起,不能在此前变更", f"it begins on {begun}, it cannot change before"
        )
    if change.state is RecordState.ACTIVE:
        raise _refuse(f"{place}.state", "有效不是变更", "ACTIVE ends nothing")
    changed = _changed(record, change, f"{place}.on")
    return replace(facts, records=tuple(changed if each is record else each for each in facts.records))


def _changed(record: Record, change: ChangeRecord, where: str) -> Record:
    day = on(change.on)
    for state, name in ENDS.items():
        if state is RecordState.REPAIRED and change.state is not state:
            continue  # a repaired decision may still be revoked: repair ends no bar of an office (S11)
        ended: Day | None = getattr(record, name)
        if ended is not None and ended.first <= change.on:
            raise _refuse(where, f"记录已于 {ended} 终止({state})", f"it ended on {ended} already ({state})")
        if ended is None and record.state is state:
            raise _refuse(
                where, f"记录已终止({state}),日期未记载", f"it has ended already ({state}), on no recorded day"
            )
    state = record.state if _by_state_alone(record) else change.state
    if change.state is RecordState.SUSPENDED:
        _not_anew(record, where)
        return replace(record, state=state, suspended=Period(day, None))
    if change.state is RecordState.EXPIRED:  # publication ends, no measure does (S3)
        return replace(record, state=state, published=_until(record.published or ALWAYS, change.on, where))
    values: dict[str, Day] = {ENDS[change.state]: day}
    return replace(record, state=state, **values)  # type: ignore[arg-type]


def _by_state_alone(record: Record) -> bool:
    """Suspended or repaired on no recorded day: only its state says so, and it holds on every day (S3)."""
    return (record.state is RecordState.SUSPENDED and record.suspended is None) or (
        record.state is RecordState.REPAIRED and record.repaired_on is None
    )


def _not_anew(record: Record, where: str) -> None:
    """A record has room for one suspension: a second would take the place of the recorded one."""
    pause = record.suspended
    if pause is None and record.state is not RecordState.SUSPENDED:
        return
    zh, en = "期间未记载", "of no recorded period"
    if pause is not None and pause != ALWAYS:
        zh = f"{pause.start or '…'} 至 {pause.end or '今'}"
        en = f"{pause.start or '…'} to {pause.end or 'now'}"
    raise _refuse(
        where,
        f"已记载停止执行({zh}),每条记录只能有一次",
        f"a suspension is recorded already ({en}), and a record has room for one",
    )


def _add_finding(facts: Facts, add: AddFinding, where: str, id: str) -> Facts:
    place = f"{where}.addFinding"
    record = _record(facts, add.record, f"{place}.record")
    if _party(facts, add.person, f"{place}.person") is not SubjectKind.PERSON:
        raise _refuse(f"{place}.person", "认定对象应为自然人", "a finding is about a person")
    decided = record.decided_on  # an entry of which only its start is known may have been decided before
    if decided is not None and add.decided_on < decided.first:
        raise _refuse(
            f"{place}.decidedOn",
            f"记录于 {decided} 决定,认定不能在此前",
            f"the record was decided on {decided}, nobody is found responsible for it before",
        )
    said = (add.person, add.record, add.capacity)
    if any((each.person, each.record, each.capacity) == said for each in facts.findings):
        raise _refuse(f"{place}.capacity", "已有此项认定", "that is found already")
    finding = Finding(id, add.person, add.record, add.capacity, on(add.decided_on))
    return replace(facts, findings=(*facts.findings, finding))


def _record(facts: Facts, id: str, where: str) -> Record:
    for each in facts.records:
        if each.id == id:
            return each
    raise _refuse(where, "没有这条记录", "no such record near the subject")


def _party(facts: Facts, id: str, where: str) -> SubjectKind:
    found = facts.parties.get(id)
    if found is None:
        raise _refuse(where, "没有这个主体", "no such subject")
    return found.kind


def _organization(facts: Facts, id: str, where: str) -> None:
    if _party(facts, id, where) is SubjectKind.PERSON:
        raise _refuse(where, "不是单位", "not an organisation")


def _forward(period: Period, where: str) -> None:
    if period.start is not None and period.end is not None and period.end.last <= period.start.first:
        raise _refuse(where, "期间起止颠倒", "the period ends before it begins")
