"""Which rules a cause may set off: families whose trigger it matches at any date (S9), found once per sort of cause.

It must not know days or parties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from graph.codes import Condition, RecordKind
from graph.facts import Record
from graph.propagation.causes import Cause
from graph.propagation.conditions import GRADES, PREDICATES, TRIGGERS, Predicate, licence_of, profession
from graph.propagation.hypotheses import PREFIX
from graph.propagation.verdicts import HELD, Failed, Verdict, failed
from graph.rules.citation import applies
from graph.rules.footprint import Telling
from graph.rules.pack import Pack
from graph.rules.rule import Rule, Way

LARGEST_INDEX: Final = 1 << 16  # sorts of causes kept per pack: a city of 100,000 has some five thousand
Families = tuple[tuple[Rule, ...], ...]
OF_SUBJECT: Final = frozenset({Way.OWN, Way.ADDRESSED})
PERSON: Final = "PERSON"  # as a rule says whom its causes are about


def families(pack: Pack, cause: Cause) -> Families:
    """The families of which some version may be set off by a cause of this sort; kept by sort, it is the pack's own.

    What is only supposed is said in anybody's words: of that no sort is kept, or a reader could fill the memory.
    """
    sort = _sort(cause)
    found = pack.by_sort.get(sort)
    if found is None:
        found = tuple(
            family
            for family in pack.by_kind.get(cause.kind, ())
            if any(triggered(rule, cause, pack) for rule in family)
        )
        if len(pack.by_sort) < LARGEST_INDEX and not cause.id.startswith(PREFIX):
            pack.by_sort[sort] = found
    return found


def _sort(cause: Cause) -> tuple[object, ...]:
    """Everything a trigger may look at."""
    if cause.licence is not None:
        licence = cause.licence
        return (cause.kind, licence.profession, licence.sanction, licence.revoked_on is None)
    record = cause.record
    assert record is not None  # noqa: S101 - a cause is one of both
    ban = record.ban.scope if record.ban else None
    return (
        *(record.kind, record.types, record.sector, record.licence, record.list, record.basis, record.scheme),
        *(record.grade, record.seriousness, record.circumstances, record.crime, record.sanction, ban),
    )


def triggered(rule: Rule, cause: Cause, pack: Pack) -> bool:
    """Whether the cause is of the sort the rule is about, at any date (S9)."""
    if any(isinstance(TRIGGERS[name](cause), Failed) for name in rule.conditions if name in TRIGGERS):
        return False
    record, licence = cause.record, cause.licence
    if rule.professions and (licence is None or profession(licence.profession) not in rule.professions):
        return False
    if rule.lists:
        named = pack.list_named(record.list or "") if record else None
        if named is None or named.name not in rule.lists:
            return False
    return record is None or _matches(rule, record)


def _matches(rule: Rule, record: Record) -> bool:
    if rule.types and rule.types.isdisjoint(record.types):
        return False
    if rule.crimes and record.crime not in rule.crimes:
        return False
    if rule.sanctions and record.sanction not in rule.sanctions:
        return False
    if rule.sectors and record.sector not in rule.sectors:
        return False
    if rule.licences and rule.licences.isdisjoint((record.sector or "", licence_of(record))):
        return False
    if not rule.applied:
        return True
    return any(applies(each, article) for each in record.basis for article in rule.applied)


def telling(pack: Pack) -> Telling:
    """What `triggered` asks of every penalty and of every grade: without it a record sets nothing off, on any day."""
    return _kept(pack, "telling", lambda: _told(pack.rules))


def binding(pack: Pack) -> Telling:
    """What a record about an organisation must say to bind anybody but it and those whom it names: by posts alone."""
    return _kept(pack, "binding", lambda: _bound(pack, _binds_by_posts))


def own(pack: Pack) -> Telling:
    """What a record about the party itself must say to bind it, or to be told where no rule answers it (S17)."""
    return Telling(grades=telling(pack).grades)


def leading(pack: Pack) -> Telling:
    """What a cause must say to bind a party over somebody beside it: by a duty, or where he sits elsewhere."""
    return _kept(pack, "leading", lambda: _bound(pack, leads_on))


def leads_on(rule: Rule) -> bool:
    """Whether what binds one party by the rule may bind another, one step further."""
    return rule.duty is not None or rule.way is Way.ELSEWHERE


def _binds_by_posts(rule: Rule) -> bool:
    return rule.way is Way.POST or (rule.way in OF_SUBJECT and rule.duty is not None and rule.subject != PERSON)


def _kept(pack: Pack, name: str, told: Callable[[], Telling]) -> Telling:
    found = pack.tellings.get(name)
    if found is None:
        found = pack.tellings[name] = Telling() if pack.owned else told()
    return found


def _bound(pack: Pack, by: Callable[[Rule], bool]) -> Telling:
    rules = [rule for rule in pack.rules if rule.measure is not None and by(rule)]
    wanted = {name for rule in rules for name in rule.lists}
    any_entry = any(RecordKind.LIST_ENTRY in rule.kinds and not rule.lists for rule in rules)
    spelled = (name for each in pack.lists if each.name in wanted for name in (each.name, *each.aliases))
    return replace(
        _told(rules),
        lists=None if any_entry else frozenset(spelled),
        kinds=frozenset(kind for rule in rules for kind in rule.kinds),
    )


def _told(rules: Iterable[Rule]) -> Telling:
    types, sectors, grades = set[str](), set[str](), set[str]()
    any_penalty = any_grade = applied = False
    for rule in rules:
        if RecordKind.PENALTY in rule.kinds:
            if rule.applied:
                applied = True
            elif rule.types:
                types |= rule.types
            else:
                sectors |= rule.sectors
                any_penalty |= not rule.sectors
        if RecordKind.GRADE in rule.kinds:
            wanted = {GRADES[name] for name in rule.conditions if name in GRADES}
            grades |= wanted
            any_grade |= not wanted
    return Telling(
        None if any_penalty else frozenset(types),
        frozenset() if any_penalty else frozenset(sectors),
        None if any_grade else frozenset(grades),
        applied=applied,
    )


def conditions(rule: Rule, cause: Cause) -> Iterator[Verdict]:
    """The conditions on the cause that may fail one by one, without those that hold."""
    record = cause.record
    if rule.licences and record is not None and licence_of(record) not in rule.licences:
        found = licence_of(record)
        yield failed(
            Condition.SECTOR_OR_LICENCE,
            f"涉及的是 {found} 证照,不是规则所指的证照",
            f"the licence is that of {found}, not the one the rule is about",
        )
    for predicate in _predicates(rule.conditions) if rule.conditions else ():
        verdict = predicate(cause)
        if verdict is not HELD:
            yield verdict


@lru_cache(maxsize=1024)
def _predicates(names: tuple[str, ...]) -> tuple[Predicate, ...]:
    return tuple(PREDICATES[name] for name in names if name not in TRIGGERS)
