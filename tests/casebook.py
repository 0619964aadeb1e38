"""Reads the casebook, builds the facts of every case once, and asks the pure engine with any pack.

It must not know a database, the API, or what a right answer is: that stands in the cases.

A file `cases/THEME.yaml` holds cases as YAML documents: `case` (its name), `article` (what decides it), `why`, `world`
(the keys of a world file; members of `cases/cast.yaml` need no description) and `ask`, a list of questions. `measures`
and `potential` are the whole answer; `considered`, `warnings` and `gaps` must at least be there, and an empty list
means none; `outcome` is that of a check; `onlyGaps` are all gaps there are; `versions` are those that measures and
potential cite. `bidders: [..]` asks which `conflicts` (`domain.md` B9) there are. A key that is absent asks nothing.
Whatever a measure says, its effect and purposes are those of `measures.yaml`. The cases of another pack lie in a folder
of its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from graph import propagation
from graph.changes import RelationDraft
from graph.codes import Effect, Purpose, RelationKind, Role
from graph.facts import Facts
from graph.findings import Findings, Measure, MeasureDefinition
from graph.links.conflicts import conflicts
from graph.periods import LATEST, OPEN_END, OPEN_START
from graph.rules import Pack, load
from graph.rules.pack import SHIPPED
from graph.store.rows import RECORD_KINDS, SUBJECT_KINDS, closed_facts
from loaders.named import ListWords
from loaders.world.get import WorldFile, parse
from loaders.world.transform import Transformed, transform

FOLDER: Final = Path(__file__).parent / "cases"
CAST: Final = FOLDER / "cast.yaml"
MEASURES: Final = FOLDER / "measures.yaml"
AWAITING: Final = FOLDER / "awaiting.txt"
PERSON_KEY: Final = b"the person key of the test suite"
# Values stay the texts they are; libyaml where the wheel has it.
LOADER: Final[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
DUMPER: Final[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
CASE_KEYS: Final = {"case", "article", "why", "world", "ask"}
WHOLE: Final = ("measures", "potential")
ALL: Final = (*WHOLE, "onlyGaps", "versions", "conflicts")
KINDS: Final = ("reach", "check", "bidders")
AT_LEAST: Final = ("considered", "warnings", "gaps")
QUESTION_KEYS: Final = {*KINDS, "asOf", "purpose", "role", "outcome", *ALL, *AT_LEAST}
NAMELESS: Final = {"source": "", "recordedAt": ""}  # = UNSOURCED: known at any time


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a case; `expected` holds only what is asked for. `target` of bidders: all of them."""

    kind: str
    target: str
    as_of: date
    purpose: Purpose | None
    role: Role
    expected: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.kind} {self.target} {self.as_of}" + (f" {self.purpose}" if self.purpose else "")


@dataclass(frozen=True, slots=True)
class Case:
    """`name` is THEME.SLUG; `facts` is None while the lists of the pack do not know a list of the world."""

    name: str
    article: str
    why: str
    file: WorldFile
    drafts: Transformed
    facts: Facts | None
    questions: tuple[Question, ...]

    @property
    def theme(self) -> str:
        return self.name.split(".")[0]


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that a pack does not satisfy: its first question with another answer, and what was said instead."""

    case: str
    question: str
    message: str

    def __str__(self) -> str:
        return f"{self.case}: {self.question}: {self.message}"


def failures(pack: Pack, cases: Iterable[Case] | None = None, *, enough: int | None = None) -> list[Failure]:
    """The cases that `pack` does not satisfy, in their order, each with its first question that fails.

    For mutants: the facts of the cases are built once per process (`casebook()`), and `enough=1` stops at the first
    case that fails: `bool(failures(mutant, about("P04"), enough=1))` says whether the casebook notices a change of P04.
    `about` puts the cases of the mutated rule first, so most mutants fall after a handful of questions. A pack that
    raises on a case fails it.
    """
    found: list[Failure] = []
    for case in casebook(pack.name) if cases is None else cases:
        failure = failure_of(pack, case)
        if failure is not None:
            found.append(failure)
            if enough is not None and len(found) >= enough:
                break
    return found


def failure_of(pack: Pack, case: Case) -> Failure | None:
    """The first question of the case that `pack` answers otherwise; None when it satisfies the case."""
    if case.facts is None:
        return Failure(case.name, "world", "; ".join(each.reason.en for each in case.drafts.rejections))
    for question in case.questions:
        try:
            shown = answer(pack, case.facts, question)
        except Exception as error:  # whatever a mutated pack does to the engine, the case is not satisfied
            return Failure(case.name, str(question), f"{type(error).__name__}: {error}")
        differences = [*compare(question, shown), *misdefined(shown["definitions"])]
        if differences:
            return Failure(case.name, str(question), "; ".join(differences))
    return None


@cache
def about(rule: str, pack: str = SHIPPED) -> tuple[Case, ...]:
    """All cases, those whose theme or expected lines name the rule first."""
    return tuple(sorted(casebook(pack), key=lambda case: rule not in rules_of(case)))


def rules_of(case: Case) -> frozenset[str]:
    """The rules whose answers the case expects, and its theme."""
    lines = (
        line
        for question in case.questions
        for name in (*WHOLE, "considered", "conflicts")
        for line in question.expected.get(name) or ()
    )
    return frozenset({case.theme, *(line.split()[0] for line in lines)})


def answer(pack: Pack, facts: Facts, question: Question) -> dict[str, Any]:
    """What the pure engine says, in the words of the cases."""
    official = question.role in (Role.GOVERNMENT, Role.OPERATOR, Role.AUDITOR)
    seen = propagation.visible(facts, official=official, as_of=question.as_of)
    outcome = None
    if question.kind == "bidders":
        found = conflicts(seen, pack, question.target.split(), question.as_of, LATEST, official=official)
        return {
            "conflicts": [f"{each.rule.id} {','.join(each.bidders)} {each.certainty}" for each in found],
            "definitions": (),
        }
    if question.kind == "reach":
        findings = propagation.reach(seen, pack, question.target, question.as_of, LATEST, official=official).findings
    else:
        checked = propagation.check(
            seen, pack, question.target, question.purpose, question.as_of, LATEST, official=official
        )
        findings, outcome = checked.findings, checked.outcome.value
    return _shown(findings, outcome, official=official)


def _shown(findings: Findings, outcome: str | None, *, official: bool) -> dict[str, Any]:
    return {
        "measures": sorted(_line(each) for each in findings.measures),
        "potential": sorted(_line(each) for each in findings.potential) if official else None,
        "considered": {f"{each.rule.id} {each.party} {each.failed}" for each in findings.considered}
        if official
        else None,
        "warnings": {each.code.value for each in findings.notices},
        "onlyGaps": {gap.evidence.value for each in findings.potential for gap in each.gaps},
        "gaps": {gap.evidence.value for each in findings.potential for gap in each.gaps},
        "outcome": outcome,
        "versions": sorted(
            {f"{each.rule.id} {each.rule.version}" for each in (*findings.measures, *findings.potential)}
        ),
        "definitions": {each.definition for each in (*findings.measures, *findings.potential)},
    }


def _line(each: Measure) -> str:
    return line(
        each.rule.id, each.definition.code, each.party, each.certainty, str(each.start), each.until, each.end.value
    )


def line(rule: str, code: str, party: str, certainty: str, start: str, until: object, end: str) -> str:
    """One measure as cases write it; an open end says why it is open, unless nothing is certain yet."""
    last = str(until) if until is not None else ("null" if certainty == "POTENTIAL" else end)
    return " ".join((rule, code, party, certainty, start, last))


def compare(question: Question, shown: Mapping[str, Any]) -> Iterator[str]:
    """What differs, in words; nothing when the answer is the expected one."""
    for name, expected in question.expected.items():
        said = shown[name]
        if name in AT_LEAST and expected:
            missing = sorted(set(expected) - set(said or ()))
            if missing:
                yield f"{name}: {missing} is not in {sorted(said or ())}"
        elif isinstance(expected, list):
            if sorted(said or ()) != sorted(expected):
                yield f"{name}: {sorted(said or ())}, expected {sorted(expected)}"
        elif said != expected:
            yield f"{name}: {said}, expected {expected}"


def misdefined(said: Iterable[MeasureDefinition]) -> Iterator[str]:
    """What a measure does and is asked for, where it is not what `measures.yaml` says of its code."""
    for each in said:
        if (each.effect, frozenset(each.purposes)) != measures().get(each.code):
            yield f"{each.code}: {each.effect} for {', '.join(sorted(each.purposes))} is not in {MEASURES.name}"


@cache
def measures() -> Mapping[str, tuple[Effect, frozenset[Purpose]]]:
    return {
        code: (Effect(each["effect"]), frozenset(map(Purpose, each["purposes"])))
        for each in yaml.load(MEASURES.read_text(encoding="utf-8"), LOADER)
        for code in each["codes"]
    }


@cache
def casebook(pack: str = SHIPPED) -> tuple[Case, ...]:
    """Every case of every file that is about a pack, by file name and in the order of the file."""
    folder = FOLDER if pack == SHIPPED else FOLDER / pack
    lists = {each.name: ListWords(each.name, each.aliases, each.polarity.value) for each in load(pack).lists}
    cast = {each["id"]: each for each in yaml.load(CAST.read_text(encoding="utf-8"), LOADER)}
    found: list[Case] = []
    for path in sorted(folder.glob("*.yaml")):
        if path not in (CAST, MEASURES):
            documents = yaml.load_all(path.read_text(encoding="utf-8"), LOADER)
            found += (_case(path.stem, written, cast, lists) for written in documents)
    twice = [name for name, times in Counter(case.name for case in found).items() if times > 1]
    if twice:
        raise ValueError(f"two cases are called {twice[0]}")
    return tuple(found)


def awaiting() -> frozenset[str]:
    """Names of the cases that the present pack does not satisfy yet."""
    lines = (text.split("#")[0].strip() for text in AWAITING.read_text(encoding="utf-8").splitlines())
    return frozenset(text for text in lines if text)


def _case(theme: str, written: Mapping[str, Any], cast: Mapping[str, Any], lists: Mapping[str, ListWords]) -> Case:
    name = f"{theme}.{written.get('case')}"
    if set(written) != CASE_KEYS:
        raise ValueError(f"{name}: a case has the keys {sorted(CASE_KEYS)}, not {sorted(written)}")
    world = dict(written["world"])
    own = list(world.pop("subjects", ()))
    described = {each["id"] for each in own}
    mentioned = set(_texts(world)) - described
    world = {"subjects": own + [each for id, each in cast.items() if id in mentioned], **world}
    file = parse(name, yaml.dump(world, Dumper=DUMPER, allow_unicode=True, sort_keys=False))
    drafts = transform(file, person_key=PERSON_KEY, lists=lists)
    wrong = [each for each in drafts.rejections if each.key != "list"]
    if wrong and not any(each.key == "list" for each in drafts.rejections):
        raise ValueError(f"{name}: {wrong[0].section}: {wrong[0].key}: {wrong[0].reason.en}")
    facts = None if drafts.rejections else facts_of(drafts)
    questions = tuple(_question(name, each) for each in written["ask"])
    return Case(name, written["article"], written["why"], file, drafts, facts, questions)


def _question(case: str, written: Mapping[str, Any]) -> Question:
    if not set(written) <= QUESTION_KEYS:
        raise ValueError(f"{case}: unknown keys {sorted(set(written) - QUESTION_KEYS)}")
    kind = next(each for each in KINDS if each in written)
    expected = {
        name: None if written[name] == "null" else written[name]
        for name in (*ALL, *AT_LEAST, "outcome")
        if name in written
    }
    if not expected:
        raise ValueError(f"{case}: a question that expects nothing")
    return Question(
        kind,
        " ".join(written[kind]) if kind == "bidders" else written[kind],
        date.fromisoformat(written["asOf"]),
        Purpose(written["purpose"]) if "purpose" in written else None,
        Role(written.get("role", "GOVERNMENT")),
        expected,
    )


def _texts(written: Any) -> Iterator[str]:
    if isinstance(written, str):
        yield written
    elif isinstance(written, Mapping):
        for value in written.values():
            yield from _texts(value)
    elif isinstance(written, list):
        for value in written:
            yield from _texts(value)


def facts_of(drafts: Transformed) -> Facts:
    """What the engine would read back after a load: the drafts through the conversion that reads rows of the graph."""
    by_kind: dict[RelationKind, list[RelationDraft]] = {}
    for each in drafts.relations:
        by_kind.setdefault(each.kind, []).append(each)

    def near(kind: RelationKind) -> list[RelationDraft]:
        return by_kind.get(kind, [])

    values = {node.ref: {**NAMELESS, **node.versions[-1].values} for node in drafts.nodes}
    records = [
        (
            node.ref,
            node.kind,
            values[node.ref],
            [(each.key, each.end) for each in near(RelationKind.ABOUT) if each.start == node.ref],
            [(each.start, _edge(each)) for each in near(RelationKind.RESPONSIBLE_FOR) if each.end == node.ref],
        )
        for node in drafts.nodes
        if node.kind in RECORD_KINDS
    ]
    licences = [(each.end, values[each.end], each.start, each.key) for each in near(RelationKind.HAS_QUALIFICATION)]
    parties = [
        (node.ref, node.kind, values[node.ref].get("adultOn"), values[node.ref].get("sectorOf"))
        for node in drafts.nodes
        if node.kind in SUBJECT_KINDS
    ]
    edges = [(each.kind.value, each.start, each.end, _edge(each)) for each in drafts.relations]
    return closed_facts(parties, edges, records, licences)


def _edge(each: RelationDraft) -> dict[str, Any]:
    start = OPEN_START if each.period.start is None else str(each.period.start)
    end = OPEN_END if each.period.end is None else str(each.period.end)
    return {**NAMELESS, "id": each.key, "from": start, "to": end, **each.values}
