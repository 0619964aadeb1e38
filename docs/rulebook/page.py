"""docs/rules.md: every rule of the pack in words, with its basis, its confidence and an example.

It must not say anything that the pack does not say, nor read a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final

from docs.rulebook.drawing import drawn
from docs.rulebook.examples import Example, example
from graph.codes import Confidence, Text
from graph.facts import Article
from graph.findings import Measure
from graph.periods import ALWAYS, LATEST
from graph.propagation import propagate
from graph.propagation.conditions import PREDICATES
from graph.rules import Pack
from graph.rules.basis import Basis
from graph.rules.rule import WITHOUT_MEASURE, Anchor, Counts, Rule, Way
from graph.words import words

WAYS: Final[Mapping[Way, Text]] = {
    Way.OWN: Text("本人", "the subject itself"),
    Way.ADDRESSED: Text("决定的相对人", "the person the decision is about"),
    Way.POST: Text("任职者", "who holds"),
    Way.NAMED: Text("决定点名者", "whom the decision names as"),
    Way.FOUND: Text("被认定者", "whom a finding makes"),
    Way.ELSEWHERE: Text("其任职的其他单位", "other organisations of whom a finding makes"),
}
ANCHORS: Final[Mapping[Anchor, str]] = {
    Anchor.OFFENCE: "违法期间在任 / held in the offence period",
    Anchor.OFFENCE_OR_DECISION: "违法期间在任,未记载的为决定日 / in the offence period, else on the decision's day",
    Anchor.AS_OF: "查询日在任 / held on the day asked about",
    Anchor.LISTING: "列入日在任 / held on the day of the listing",
    Anchor.DECISION: "决定日在任者未点名的,列为曾考虑 / office holders on that day are considered",
    Anchor.NEW_ROLE: "决定日以后新任 / begun on or after the decision",
    Anchor.SINCE_LISTING: "列入日起曾任 / held at any time since the listing",
}
COUNTS: Final[Mapping[Counts, str]] = {
    Counts.START: "自生效之日 / from its effect",
    Counts.DECISION: "自决定之日 / from the decision",
    Counts.COMPLETION: "自清算完结之日 / from completion of the liquidation",
    Counts.SERVED: "自刑罚执行完毕之日 / from the end of the sentence",
    Counts.PERFORMED: "自处罚期满之日 / from the end of the penalty",
}
CONFIDENCE: Final[Mapping[Confidence, str]] = {
    Confidence.VERIFIED: "已核对条文 / text read article by article (snapshot of April 2025)",
    Confidence.SECONDARY: "二手来源 / second-hand",
    Confidence.UNVERIFIED: "未核实 / not verified",
}
FOLDER: Final = "rules"


def pages(pack: Pack) -> dict[str, str]:
    """File below docs/ → its text: the page and one picture for each rule that has a measure."""
    found = {"rules.md": "".join(f"{line}\n" for line in _page(pack))}
    for name, ways in latest(pack).items():
        if ways[0].way not in WITHOUT_MEASURE:
            made = example(ways)
            title = ways[0].title
            shown = measures(pack, name, made)
            found[f"{FOLDER}/{name}.svg"] = drawn(name, title.zh, title.en, str(made.asked), shown)
    return found


def latest(pack: Pack) -> dict[str, list[Rule]]:
    """The ways of the newest version of each rule and part."""
    found: dict[str, list[Rule]] = {}
    for rule in pack.rules:
        held = found.get(rule.name, [])
        if held and str(rule.validity.start) > str(held[0].validity.start):
            found[rule.name] = [rule]
        elif not held or rule.version == held[0].version:
            found.setdefault(rule.name, []).append(rule)
    return dict(sorted(found.items()))


def measures(pack: Pack, name: str, made: Example) -> tuple[Measure, ...]:
    """What the rule says of its example."""
    found = propagate(made.facts, pack, made.asked, LATEST)
    sure = tuple(each for each in (*found.measures, *found.potential) if _name(each) == name)
    return tuple(sorted(sure, key=lambda each: (len(each.path), each.key)))


def _name(measure: Measure) -> str:
    return f"{measure.rule.id}.{measure.rule.part}" if measure.rule.part else measure.rule.id


def _page(pack: Pack) -> Iterator[str]:
    yield "# 规则 / The rules"
    yield ""
    yield "由规则包生成,勿手改 / generated from the pack, not by hand: `python -m docs.rulebook`."
    yield ""
    yield f"`{pack.name}` {pack.version}, digest `{pack.digest[:16]}`. 系统不主张的事项见 [law.md](law.md) /"
    yield "what the system does not claim is said there. `AS_OF`:按查询日的版本判断 / by the version of the day asked;"
    yield "`TRIGGER`:按决定日的版本判断 / by that of the decision. 例图日期系虚构 / days of an example are made up."
    by_name: dict[str, list[Rule]] = {}
    for rule in pack.rules:
        by_name.setdefault(rule.name, []).append(rule)
    newest = latest(pack)
    for name in sorted(by_name):
        yield ""
        yield from _rule(pack, name, by_name[name], newest[name])
    yield ""
    yield "## 条件 / Conditions"
    yield ""
    yield "规则只能使用下列条件;没有表达式语言 / a rule may name these and no others; there is no expression language."
    yield ""
    used = {each for rule in pack.rules for each in rule.conditions}
    for name in sorted(used):
        first = (PREDICATES[name].__doc__ or "").strip().splitlines()[0]
        yield f"- `{name}`: {first}"


def _rule(pack: Pack, name: str, rules: list[Rule], newest: list[Rule]) -> Iterator[str]:
    title = newest[0].title
    yield f"## {name} {title.zh}"
    yield ""
    yield f"{title.en[0].upper()}{title.en[1:]}."
    versions: dict[str, list[Rule]] = {}
    for rule in rules:
        versions.setdefault(rule.version, []).append(rule)
    for version, ways in sorted(versions.items(), key=lambda each: str(each[1][0].validity.start)):
        yield ""
        yield from _version(version, ways)
    if newest[0].way not in WITHOUT_MEASURE:
        yield ""
        for each in measures(pack, name, example(newest)):
            walk = " → ".join([each.path[0].start, *(step.end for step in each.path)])
            until = each.until or words(each.end).zh
            yield f"- 例 / example: {walk}: `{each.definition.code}`, `{each.certainty}`, {each.start} – {until}"
        yield ""
        yield f"![{name}]({FOLDER}/{name}.svg)"


def _version(version: str, ways: list[Rule]) -> Iterator[str]:
    rule = ways[0]
    span = f"{rule.validity.start} – {rule.validity.end or '…'}"
    yield f"**{version}** ({span}; {rule.version_by}; {CONFIDENCE[rule.confidence]})"
    yield ""
    yield f"- 依据 / basis: {'; '.join(map(_basis, rule.basis))}"
    if rule.text is not None:
        yield f"- 说明 / note: {rule.text.zh} / {rule.text.en}"
    if rule.kinds:
        yield f"- 触发 / set off by: {'; '.join(_trigger(rule))}"
    if rule.conditions:
        yield f"- 条件 / conditions: {', '.join(f'`{each}`' for each in rule.conditions)}"
    if rule.way is Way.ALERT:
        posts = "、".join(sorted(words(each).zh for each in rule.roles))
        yield f"- 提示 / warns: {', '.join(sorted(rule.watches))} · {posts} · {', '.join(sorted(rule.sectors))}"
    if rule.measure is None:
        return
    for way in ways:
        yield f"- 及于 / binds: {_binds(way)}"
    measure = rule.measure
    yield f"- 措施 / measure: `{measure.code}` {measure.title.zh} ({measure.effect}; {', '.join(measure.purposes)})"
    if rule.duty is not None:
        posts = "、".join(sorted(words(each).zh for each in rule.duty.roles))
        beyond = ",限其他单位 / other organisations only" if rule.duty.elsewhere else ""
        duty = f"`{rule.duty.measure.code}` {rule.duty.measure.title.zh}"
        yield f"- 单位的义务 / duty: {duty},在任 / while held: {posts}{beyond}"
    yield f"- 期限 / term: {_term(rule)}; 修复后{'终止' if rule.ends_on_repair else '不终止'} / " + (
        "ends on repair" if rule.ends_on_repair else "not ended by repair"
    )


def _basis(basis: Basis) -> str:
    if basis.validity == ALWAYS:
        return _article(basis)
    return f"{_article(basis)} ({basis.validity.start or '…'} – {basis.validity.end or '…'})"


def _article(article: Article) -> str:
    return f"《{article.document}》{article.article or ''}"


def _trigger(rule: Rule) -> Iterator[str]:
    yield ", ".join(sorted(words(each).zh for each in rule.kinds))
    if rule.types:
        yield "、".join(sorted(words(each).zh for each in rule.types))
    for zh, codes in (
        ("证照", rule.licences),
        ("领域", rule.sectors),
        ("职业", rule.professions),
        ("罪名", rule.crimes),
        ("处分", rule.sanctions),
        ("名单", rule.lists),
    ):
        if codes:
            yield f"{zh} {', '.join(sorted(codes))}"
    if rule.applied:
        yield f"所适用条款 / article applied: {'; '.join(map(_article, rule.applied))}"
    if rule.subject != "ANY":
        yield {"PERSON": "自然人 / a person", "ORGANIZATION": "单位 / an organisation"}[rule.subject]


def _binds(way: Rule) -> str:
    how = WAYS.get(way.way, Text(way.way, way.way))
    parts = [f"{how.zh} / {how.en}"]
    if way.way in (Way.POST, Way.ELSEWHERE):
        either = " (主要负责人限无法定代表人记载时 / the principal only where no legal representative is recorded)"
        parts.append(f"{_codes(way.roles)}{either if way.either else ''}, {ANCHORS[way.anchor]}")
    if way.capacities:
        parts.append(f"{'须有认定 / finding needed: ' if way.finding else ''}{_codes(way.capacities)}")
    if way.follows_post:
        parts.append("随任职 / while the post runs")
    if way.released:
        parts.append("解除即止 / ends on release")
    return "; ".join(parts)


def _codes(codes: Iterable[StrEnum]) -> str:
    return "、".join(sorted(words(each).zh for each in codes))


def _term(rule: Rule) -> str:
    if rule.life:
        return "终身 / for life"
    decided = "以决定所载为准 / as the decision says"
    if rule.years is not None:
        listed = ",且不长于列入 / and no longer than it is listed" if rule.while_listed else ""
        years = f"{rule.years} 年,{COUNTS[rule.counts]}{listed}"
        return f"{decided},至少 / at least {years}" if rule.decided_term else years
    return decided if rule.decided_term else "与原因同存续 / as long as its cause"
