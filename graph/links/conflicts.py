"""Which bidders may not stand beside each other, or at all: the rules of way CONFLICT over facts (`domain.md` B9).

Only what binds the bidders to each other: two firms of one holder, the state among them, are no conflict by that alone.
It must not know who asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple

from graph.codes import Certainty, PenaltyType, PostKind, RecordKind, RelationKind, Seriousness, SubjectKind, Text
from graph.facts import Facts, Link, Post, Record
from graph.findings import PathStep, RuleVersion
from graph.links.control import Tie, controlled
from graph.ownership import HALF
from graph.periods import Period, term_until
from graph.propagation import steps
from graph.propagation.causes import Cause, begun, state_verdicts
from graph.propagation.verdicts import HELD, Failed
from graph.rules import Pack
from graph.rules.citation import applies, place
from graph.rules.rule import Rule, Way
from graph.sources import settled_holdings

EX_LEGE, NAMED, POTENTIAL = Certainty.EX_LEGE, Certainty.NAMED, Certainty.POTENTIAL
LOOKED_BACK: Final = 3  # years, 政府采购法实施条例 19
LONGEST_BAR: Final[Mapping[int, int]] = MappingProxyType({67: 2, 68: 3})  # years by article of 招标投标法实施条例
RESTRICTED: Final = PenaltyType.OPERATION_RESTRICTED
GRAVE: Final = frozenset({PenaltyType.BUSINESS_SUSPENDED, PenaltyType.LICENCE_REVOKED})
PERHAPS: Final = frozenset({PenaltyType.FINE, PenaltyType.CLOSURE_ORDERED})


@dataclass(frozen=True, slots=True)
class Conflict:
    """One rule that some of the bidders, or one alone, come under.

    `path` of a group: from the first to what they share, and from there to each of the others.
    """

    rule: RuleVersion
    bidders: tuple[str, ...]
    certainty: Certainty
    path: tuple[PathStep, ...]


Found = Iterator[tuple[tuple[str, ...], Certainty, tuple[PathStep, ...]]]


def conflicts(
    facts: Facts, pack: Pack, bidders: Sequence[str], as_of: date, known_at: str, *, official: bool
) -> list[Conflict]:
    """In the order of the rules, then of the bidders; what lacks a fact or a finding is for officials (S7).

    A non-official must be given `visible` facts only.
    """
    bidding = Bidding.of(facts.known(known_at), tuple(dict.fromkeys(bidders)), as_of)
    rules = sorted(
        (each for each in pack.rules if each.way is Way.CONFLICT and each.validity.contains(as_of)),
        key=lambda each: each.name,
    )
    place = {each: number for number, each in enumerate(bidding.bidders)}
    found: list[Conflict] = []
    for rule in rules:
        told = [
            Conflict(rule.cited, tuple(sorted(group, key=place.__getitem__)), certainty, path)
            for group, certainty, path in WAYS[rule.id](bidding, rule)
            if official or certainty is not POTENTIAL
        ]
        found += sorted(told, key=lambda each: ([place[one] for one in each.bidders], each.certainty, str(each.path)))
    return found


class Held(NamedTuple):
    """One thing that controls, and its step."""

    tie: Tie
    step: PathStep


@dataclass(frozen=True, slots=True)
class Bidding:
    """Facts about bidders that hold on the day, on some reading of imprecise ends at least."""

    facts: Facts
    bidders: tuple[str, ...]
    as_of: date
    posts: Mapping[str, Sequence[Post]]  # by organisation, the earliest first
    surely: tuple[Held, ...]  # what controls: its period holds the day on every reading of its ends (S19)
    maybe: tuple[Held, ...]  # on some reading
    concert: tuple[Link, ...]

    @classmethod
    def of(cls, facts: Facts, bidders: tuple[str, ...], as_of: date) -> Bidding:
        posts: dict[str, list[Post]] = defaultdict(list)
        for each in sorted(facts.posts, key=lambda each: (str(each.period.start or ""), each.id)):
            if each.period.may_contain(as_of):
                posts[each.organization].append(each)
        concert = (
            each
            for each in facts.links
            if each.kind is RelationKind.ACTS_IN_CONCERT_WITH and each.period.may_contain(as_of)
        )
        surely, maybe = (
            tuple(_held(facts, bidders, held))
            for held in (lambda period: period.contains(as_of), lambda period: period.may_contain(as_of))
        )
        return cls(facts, bidders, as_of, posts, surely, maybe, tuple(concert))

    def sure(self, period: Period) -> bool:
        return period.contains(self.as_of)

    def holding(self, bidder: str, kind: PostKind) -> list[Post]:
        return [each for each in self.posts.get(bidder, ()) if each.post is kind]


# One person in charge


def _heads(bidding: Bidding, bidder: str) -> Iterator[tuple[Post, bool]]:
    """单位负责人: the legal representative, or the principal where there is none that day (S6); and whether surely."""
    representatives = bidding.holding(bidder, PostKind.LEGAL_REPRESENTATIVE)
    for each in representatives:
        yield each, bidding.sure(each.period)
    if not any(bidding.sure(each.period) for each in representatives):
        for each in bidding.holding(bidder, PostKind.PRINCIPAL):
            yield each, bidding.sure(each.period) and not representatives


def _one_head(bidding: Bidding) -> Found:
    yield from _groups(bidding, lambda bidder: _heads(bidding, bidder))


def _groups(bidding: Bidding, offices: Callable[[str], Iterator[tuple[Post, bool]]]) -> Found:
    """The bidders that have one person in such an office: those surely, and then all where some are less sure."""
    held: dict[str, dict[str, tuple[Post, bool]]] = defaultdict(dict)
    for bidder in bidding.bidders:
        for post, sure in offices(bidder):
            known = held[post.person].get(bidder)
            if known is None or (sure and not known[1]):
                held[post.person][bidder] = (post, sure)
    for _, by_bidder in sorted(held.items()):
        surely = {bidder: post for bidder, (post, certain) in by_bidder.items() if certain}
        every = {bidder: post for bidder, (post, _) in by_bidder.items()}
        if len(surely) > 1:
            yield tuple(surely), EX_LEGE, _star([*surely.values()])
        if len(every) > max(len(surely), 1):
            yield tuple(every), POTENTIAL, _star([*every.values()])


def _star(posts: Sequence[Post]) -> tuple[PathStep, ...]:
    first, *others = posts
    return (steps.held_by(first), *(steps.sits_at(each) for each in others))


# One holds, controls or manages the other


def _related(bidding: Bidding, *, direct: bool) -> Found:
    """Pairs of which one controls the other; `direct`: by what it holds itself, not through others."""
    for controller in bidding.bidders:
        sure = _controlled(bidding, controller, direct=direct, surely=True)
        maybe = _controlled(bidding, controller, direct=direct, surely=False)
        for other in bidding.bidders:
            if other in sure | maybe and other != controller:
                certain = other in sure and other in maybe  # a later source may tell of less, from a day not known
                surely = other in sure
                path = _way(bidding, controller, other, sure if surely else maybe, surely=surely)
                yield (controller, other), EX_LEGE if certain else POTENTIAL, path


def _controlled(bidding: Bidding, controller: str, *, direct: bool, surely: bool) -> set[str]:
    """Less surely: with relations whose days are imprecise, and with whom it acts in concert."""
    seeds = {controller}
    if not surely and not direct:
        seeds |= {far for link in bidding.concert for far in _beside(link, controller)}
    held = bidding.surely if surely else bidding.maybe
    ties = [each.tie for each in held if not direct or each.tie.holder == controller]
    return controlled(ties, seeds) | (controlled(ties, {controller}) if len(seeds) > 1 else set())


def _beside(link: Link, party: str) -> Iterator[str]:
    if party in (link.start, link.end):
        yield link.end if link.start == party else link.start


def _held(facts: Facts, bidders: Collection[str], holds: Callable[[Period], bool]) -> Iterator[Held]:
    """What controls: holdings, declared control, and a branch by its parent. What the state holds relates nobody."""
    tied = [
        Held(Tie(each.holder, each.organization, each.share, each.votes), steps.owns(each))
        for each in settled_holdings(each for each in facts.holdings if holds(each.period))
    ]
    tied += [
        Held(Tie(each.person, each.organization, declared=True), steps.sits_at(each))
        for each in facts.posts
        if each.post is PostKind.CONTROLLER and holds(each.period)
    ]
    tied += [
        Held(Tie(each.end, each.start, declared=True), _branch(each))
        for each in facts.links
        if each.kind is RelationKind.BRANCH_OF and holds(each.period)
    ]
    for each in tied:
        holder = facts.parties.get(each.tie.holder)
        if each.tie.holder in bidders or holder is None or holder.kind is not SubjectKind.GOVERNMENT_BODY:
            yield each


def _branch(link: Link) -> PathStep:
    """Parent → branch, against the stored direction."""
    proves = Text("分支机构,由其管理", "its branch, which it manages")
    return PathStep(link.end, link.start, link.kind, False, link.period, proves, link.provenance, edge=link.id)


def _together(link: Link, start: str) -> PathStep:
    end = link.end if link.start == start else link.start
    proves = Text("一致行动", "acts in concert")
    return PathStep(start, end, link.kind, link.start == start, link.period, proves, link.provenance, edge=link.id)


def _way(bidding: Bidding, start: str, end: str, inside: set[str], *, surely: bool) -> tuple[PathStep, ...]:
    """The shortest chain of holdings that control, each by itself; else of those that do so together."""
    held = [each for each in (bidding.surely if surely else bidding.maybe) if each.step.end in inside]
    by_itself = [each for each in held if each.tie.declared or max(each.tie.share or 0, each.tie.votes or 0) > HALF]
    return _shortest(bidding, start, end, by_itself, surely=True) or _shortest(bidding, start, end, held, surely=surely)


def _shortest(bidding: Bidding, start: str, end: str, held: Sequence[Held], *, surely: bool) -> tuple[PathStep, ...]:
    """None of no step where there is no way."""
    onwards: dict[str, list[PathStep]] = defaultdict(list)
    for each in held:
        onwards[each.step.start].append(each.step)
    if not surely:
        for link in bidding.concert:
            for far in _beside(link, start):
                if far != end:
                    onwards[start].append(_together(link, start))
    came: dict[str, tuple[PathStep, ...]] = {start: ()}
    ring = [start]
    while ring and end not in came:
        following: dict[str, tuple[PathStep, ...]] = {}
        for node in ring:
            for step in sorted(onwards[node], key=lambda each: (each.end, -(each.share or 0), str(each.edge))):
                if step.end not in came:
                    following.setdefault(step.end, (*came[node], step))
        came |= following
        ring = sorted(following)
    return came.get(end, ())


# One in two bids; a record of one bidder


def _one_manager(bidding: Bidding) -> Found:
    """That both bids name the same manager is said by the bids, which are not here: never more than POTENTIAL."""
    for group, _, path in _groups(
        bidding, lambda bidder: ((each, False) for each in bidding.holding(bidder, PostKind.PROJECT_MANAGER))
    ):
        yield group, POTENTIAL, path


def _grave(bidding: Bidding) -> Found:
    """重大违法记录: a licence revoked or business suspended within three years; of a conviction the act is not known.

    Which fine is 数额较大 differs by field, and a closure is not named beside the suspension: open, never sure (S7).
    """
    for bidder in bidding.bidders:
        found: dict[Certainty | None, list[PathStep]] = defaultdict(list)
        for record, cause in _records(bidding, bidder):
            decided = cause.decided
            punished = record.types if record.kind is RecordKind.PENALTY else frozenset[PenaltyType]()
            grave = GRAVE & punished
            if decided is None or not (grave or PERHAPS & punished or record.kind is RecordKind.CRIMINAL_CONVICTION):
                continue
            if bidding.as_of < term_until(decided.last, LOOKED_BACK):
                certainty = EX_LEGE if decided.exact and grave else POTENTIAL
                found[_standing(cause, bidding.as_of, certainty)].append(
                    steps.about(cause, bidder, record.about[bidder])
                )
        yield from _strongest(bidder, found)


def _barred(bidding: Bidding, rule: Rule) -> Found:
    """取消投标资格: a bar that a decision under the articles names, while it runs.

    The articles bar in grave cases only: where no term is named, whether there is a bar at all is not known.
    """
    for bidder in bidding.bidders:
        found: dict[Certainty | None, list[PathStep]] = defaultdict(list)
        for record, cause in _records(bidding, bidder):
            starts, ban = cause.starts, record.ban
            if starts is None or not any(applies(each, article) for each in record.basis for article in rule.basis):
                continue
            lasting = ban is None or ban.years is None  # a term of years runs on when the penalty is over (S11)
            if ban is not None and ban.years is not None:
                runs, certainty = bidding.as_of < term_until(starts.last, ban.years), NAMED
            elif (ban is not None and ban.life) or (record.effective.end is not None and RESTRICTED in record.types):
                runs, certainty = True, NAMED  # its own end is asked below
            else:
                ordinary = record.seriousness is Seriousness.ORDINARY
                cited = [at for each in record.basis if (at := place(each.article or "")) is not None]
                longest = max(LONGEST_BAR.get(at.article, 0) for at in cited)
                runs, certainty = not ordinary and bidding.as_of < term_until(starts.last, longest), POTENTIAL
            if runs:
                certainty = certainty if starts.exact else POTENTIAL
                standing = _standing(cause, bidding.as_of, certainty, lasting=lasting)
                found[standing].append(steps.about(cause, bidder, record.about[bidder]))
        yield from _strongest(bidder, found)


def _standing(cause: Cause, as_of: date, certainty: Certainty, *, lasting: bool = False) -> Certainty | None:
    """None for a decision that is revoked, suspended or over; less sure where that hangs on an imprecise day (S3)."""
    verdicts = [each for each in state_verdicts(cause, as_of, on_repair=False, lasting=lasting) if each is not HELD]
    if any(isinstance(each, Failed) for each in verdicts):
        return None
    return POTENTIAL if verdicts else certainty


def _records(bidding: Bidding, bidder: str) -> Iterator[tuple[Record, Cause]]:
    for record in sorted(bidding.facts.records, key=lambda each: each.id):
        if bidder in record.about and begun(cause := Cause(record), bidding.as_of):
            yield record, cause


def _strongest(bidder: str, found: Mapping[Certainty | None, list[PathStep]]) -> Found:
    """One answer for a rule and a bidder, the stronger (S7); its path names every such record."""
    for certainty in (EX_LEGE, NAMED, POTENTIAL):
        if found.get(certainty):
            yield (bidder,), certainty, tuple(found[certainty])
            return


def _heads_or_direct(bidding: Bidding, rule: Rule) -> Found:
    yield from _one_head(bidding)
    yield from _related(bidding, direct=True)


def _heads_or_control(bidding: Bidding, rule: Rule) -> Found:
    yield from _one_head(bidding)
    yield from _related(bidding, direct=False)


WAYS: Final[Mapping[str, Callable[[Bidding, Rule], Found]]] = MappingProxyType(
    {
        "K1": _heads_or_direct,
        "K2": _heads_or_control,
        "K3": lambda bidding, rule: _one_manager(bidding),
        "K4": lambda bidding, rule: _grave(bidding),
        "K5": _barred,
    }
)
