"""The Cypher predicate of a condition, for whom and when it is read, and what of a node is seen then.

It must not know GraphQL; fields and relations come from its tables, values become parameters, never text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from graph.codes import RelationKind, SubjectKind
from graph.conditions import TRUE, And, Condition, Leaf, Not, Op, Or, Quantifier, Related, Target, speaks_of
from graph.periods import Moment
from graph.store.fragments import believed, present, running, version
from graph.store.targets import ENDS, FIELDS, LISTS, PERIODS, SHARED_OF_PERSONS, WALKS, Form, Names, Walk
from graph.vocabulary import RELATIONS, Disclosure


@dataclass(frozen=True, slots=True)
class Reading:
    """For whom and when: officials see everything; others published records, and all about their `own` subjects."""

    moment: Moment
    official: bool
    own: tuple[str, ...] = ()

    @property
    def now(self) -> bool:
        return self.moment.known_at is None

    def readable(self, kinds: tuple[RelationKind, ...]) -> tuple[RelationKind, ...]:
        """Relations a condition may walk: what is not public is walked for officials only."""
        return tuple(each for each in kinds if self.official or RELATIONS[each].disclosure is Disclosure.PUBLIC)


def seen(name: str, *, now: bool) -> str:
    """The properties of a subject for the day: the snapshot where that answers, else a version; null: unknown then."""
    if not now:
        return version(name)
    return (
        f"CASE WHEN {name}.snapFrom <= $asOf AND $asOf < {name}.snapTo THEN {name}"
        f" WHEN {name}:Past THEN null ELSE {version(name)} END"
    )


def visible(names: Names, reading: Reading) -> str:
    """Whether a record exists for the reader; its own subject sees it at all times."""
    if reading.official:
        return "true"
    public = f"{names.values}.publicFrom <= $asOf AND {names.values}.publicTo > $asOf"
    if not reading.own:
        return f"coalesce({public}, false)"
    own = f"EXISTS {{ MATCH ({names.node})-[mine:ABOUT]->(me) WHERE {believed('mine')} AND me.id IN $own }}"
    return f"(coalesce({public}, false) OR {own})"


def open_to(name: str, reading: Reading) -> str:
    """Whether the record `name` is one that the reader may know of, whatever its day."""
    if reading.official or reading.now:
        return visible(Names(name, name), reading)
    # A map of a version cannot be named inside a predicate: `of` stands for it.
    return f"any(of IN [{version(name, ('publicFrom', 'publicTo'))}] WHERE {visible(Names(name, 'of'), reading)})"


def bound(names: Names, reading: Reading) -> str:
    """Whether a measure holds on the day for the reader; of what is open about his own he sees the causes' as well."""
    m = names.values
    holds = f"{m}.holdsFrom <= $asOf AND {m}.holdsTo > $asOf"
    if reading.official:
        return holds
    public = f"{m}.publicFrom <= $asOf AND {m}.publicTo > $asOf"
    if not reading.own:
        return public
    return f"({public} OR {m}.shown AND {holds} AND any(mine IN {m}.about WHERE mine IN $own))"


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every comparison, in the order it is written."""
    match condition:
        case Leaf():
            yield condition
        case And(parts) | Or(parts):
            for each in parts:
                yield from leaves(each)
        case Not(part):
            yield from leaves(part)
        case Related():
            yield from leaves(condition.condition)


def _walks(condition: Condition) -> bool:
    """Whether anything but the node itself has to be looked at."""
    match condition:
        case Leaf(name):
            return name == "identifier"
        case And(parts) | Or(parts):
            return any(map(_walks, parts))
        case Not(part):
            return _walks(part)
        case Related():
            return True


def structure(condition: Condition) -> tuple[Any, ...]:
    """What decides the text of a predicate: everything but the values it compares with."""
    match condition:
        case Leaf(name, op, value):
            ends = tuple(each is None for each in value) if name.endswith(".overlaps") else ()
            return (name, op.value, *ends)
        case And(parts) | Or(parts):
            return ("and" if isinstance(condition, And) else "or", *map(structure, parts))
        case Not(part):
            return ("not", structure(part))
        case Related(relation, quantifier, part):
            return (relation, quantifier.value, structure(part))


def operands(leaf: Leaf) -> tuple[Any, ...]:
    """The values a comparison needs, as parameters take them."""
    if leaf.op is Op.MISSING:
        return ()
    if leaf.field.endswith(".overlaps"):
        return tuple(leaf.value)
    if leaf.op is Op.IN or leaf.field in LISTS:
        return (list(leaf.value) if leaf.op is Op.IN else [leaf.value],)
    return (leaf.value,)


def parameters(condition: Condition, prefix: str = "") -> dict[str, Any]:
    """The parameters of a condition as `Predicates` names them: `v<which comparison>_<which value>`."""
    return {
        f"{prefix}v{i}_{j}": value for i, leaf in enumerate(leaves(condition)) for j, value in enumerate(operands(leaf))
    }


def _begun(start: str, compared: str, day: str) -> str:
    """A beginning known to the month or year only is not surely reached in it (`Period.contains`, `overlaps`)."""
    return f"{start} {compared} {day} AND (size({start}) = 10 OR NOT {day} STARTS WITH {start})"


@dataclass(slots=True)
class Predicates:
    """Writes the predicates of one condition: every value is a parameter, every variable a new name.

    A comparison written twice has one parameter; `prefix` keeps those of several conditions of a statement apart.
    """

    reading: Reading
    condition: Condition = TRUE
    prefix: str = ""
    _names: dict[int, str] = field(init=False)
    _numbers: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self._names = {id(leaf): f"{self.prefix}v{i}" for i, leaf in enumerate(leaves(self.condition))}

    @property
    def parameters(self) -> dict[str, Any]:
        return parameters(self.condition, self.prefix)

    def value(self, leaf: Leaf, which: int = 0) -> str:
        return f"${self._names[id(leaf)]}_{which}"

    def variable(self, stem: str) -> str:
        return f"{stem}{self.prefix}{next(self._numbers)}"

    def write(self, condition: Condition, target: Target, names: Names) -> str:
        """A predicate that is true or false, never null; in brackets of its own, as it stands beside what hides.

        OR of AND is said by CASE: the planner would multiply it out, with all that is read in each part.
        """
        match condition:
            case And(parts):
                return self._joined(" AND ", parts, target, names) or "true"
            case Or(parts) if any(isinstance(each, And | Or | Not) for each in parts):
                cases = (self.write(each, target, names) for each in sorted(parts, key=_walks))
                return f"CASE {' '.join(f'WHEN {each} THEN true' for each in cases)} ELSE false END"
            case Not(And() as part):
                return f"CASE WHEN {self.write(part, target, names)} THEN false ELSE true END"
            case Or(parts):
                return self._joined(" OR ", parts, target, names) or "false"
            case Not(part):
                return f"NOT ({self.write(part, target, names)})"
            case Leaf():
                return self._leaf(condition, target, names)
            case Related():
                return self._related(condition, target, names)

    def _joined(self, word: str, parts: tuple[Condition, ...], target: Target, names: Names) -> str:
        return f"({word.join(self.write(each, target, names) for each in parts)})" if parts else ""

    def _leaf(self, leaf: Leaf, target: Target, names: Names) -> str:
        if target in PERIODS and leaf.field in (f"{PERIODS[target][0]}.contains", f"{PERIODS[target][0]}.overlaps"):
            return self._period(leaf, *PERIODS[target][1](names))
        if leaf.field == "identifier":
            return self._identified(leaf, names)
        expression, form = FIELDS[target][leaf.field]
        value = expression(names)
        if target is Target.SUBJECT and leaf.field in SHARED_OF_PERSONS and not self.reading.official:
            value = f"CASE WHEN {names.node}.kind = '{SubjectKind.PERSON}' THEN null ELSE {value} END"
        if leaf.op is Op.MISSING:
            return f"{value} IS NULL"
        if form is Form.LIST:
            return f"coalesce(any(each IN {value} WHERE each IN {self.value(leaf)}), false)"
        if form is Form.CODE:
            value = f"toLower({value})"
        compared = f"{value} {leaf.op} {self.value(leaf)}"
        if form is Form.DAY:
            compared = f"size({value}) = 10 AND {compared}"
        return f"coalesce({compared}, false)"

    def _identified(self, leaf: Leaf, names: Names) -> str:
        """Whether a node holds one of the identifiers (`Claim.key`): on the day, or nobody does (`lookup`)."""
        held, name, other = self.variable("e"), self.variable("n"), self.variable("e")
        held_by_others = (
            f"EXISTS {{ ({name})<-[{other}:IDENTIFIED_BY]-() WHERE {believed(other)} AND {running(other)} }}"
        )
        return (
            f"EXISTS {{ MATCH ({names.node})-[{held}:IDENTIFIED_BY]->({name}:Identifier) WHERE {believed(held)}"
            f" AND {name}.key IN {self.value(leaf)}"
            f" AND CASE WHEN {running(held)} THEN true ELSE NOT {held_by_others} END }}"
        )

    def _period(self, leaf: Leaf, start: str, end: str) -> str:
        if leaf.field.endswith("contains"):
            day = self.value(leaf)
            return f"coalesce({_begun(start, '<=', day)} AND {end} > {day}, false)"
        first, after = leaf.value
        parts = []
        if after is not None:
            parts.append(_begun(start, "<", self.value(leaf, 1)))
        if first is not None:
            parts.append(f"{end} > {self.value(leaf, 0)}")
        return f"coalesce({' AND '.join(parts) or 'true'}, false)"

    def _related(self, related: Related, target: Target, names: Names) -> str:
        if related.relation in ENDS:
            end = names.start if ENDS[related.relation] == "start" else names.end
            assert end is not None  # noqa: S101 - a relation has two
            return self._at_end(related, end)
        if related.relation in ("keyGroup", "profession"):
            return self._named(related, target, names)
        if target is Target.MEASURE:
            return self._of_measure(related, names)
        walk = WALKS[target, related.relation]
        every = related.quantifier is Quantifier.ALL
        condition = Not(related.condition) if every else related.condition
        found = self.some(walk, names.node, condition)
        return found if related.quantifier is Quantifier.SOME else f"NOT {found}"

    def some(self, walk: Walk, node: str, condition: Condition) -> str:
        """Whether one of the things a walk leads to exists for the reader and fulfils a condition."""
        kinds = self.reading.readable(walk.kinds)
        if not kinds:
            return "false"
        edge, far, values = self.variable("e"), self.variable("n"), self.variable("p")
        arrow = ("-", "->") if walk.forward else ("<-", "-")
        match = f"MATCH ({node}){arrow[0]}[{edge}:{'|'.join(kinds)}]{arrow[1]}({far}) WHERE {believed(edge)}"
        if walk.reified:
            near, other = Names(node, node), Names(far, far)
            ends = (near, other) if walk.forward else (other, near)
            names = Names("", "", edge, *ends)
            cut = "" if speaks_of(condition, "validity") else f" AND {running(edge)}"
            return f"EXISTS {{ {match}{cut} AND {present(far)} AND {self.write(condition, walk.target, names)} }}"
        return self._far(match, walk.target, Names(far, values), condition)

    def _of_measure(self, related: Related, names: Names) -> str:
        """The party or the cause; these relations are of a measure's own making and end with it."""
        far, values = self.variable("n"), self.variable("p")
        kind, target = ("BINDS", Target.SUBJECT) if related.relation == "party" else ("CAUSED_BY", Target.RECORD)
        match = f"MATCH ({names.node})-[:{kind}]->({far})"
        return self._far(match, target, Names(far, values), related.condition)

    def _far(self, match: str, target: Target, names: Names, condition: Condition) -> str:
        """Whether a node a match leads to exists for the reader and fulfils a condition."""
        far, values = names.node, names.values
        if target is Target.RECORD:
            shown = f"{far}" if self.reading.now else version(far)
            living = f"NOT {far}:Past" if self.reading.now else f"{values} IS NOT NULL"
            wanted = f"{living} AND {values}.day <= $asOf AND {visible(names, self.reading)}"
        else:
            shown = seen(far, now=self.reading.now)
            wanted = f"{values} IS NOT NULL"
        return (
            f"EXISTS {{ {match} WITH {far}, {shown} AS {values}"
            f" WHERE {wanted} AND {self.write(condition, target, names)} RETURN 1 }}"
        )

    def _at_end(self, related: Related, end: Names) -> str:
        """A condition on an end of a relation in scope; its properties are read for the day in a subquery."""
        return self._far(f"MATCH ({end.node})", Target.SUBJECT, Names(end.node, self.variable("p")), related.condition)

    def _named(self, related: Related, target: Target, names: Names) -> str:
        """A key group or a profession by its own name; the condition is one leaf on `name`."""
        walk = WALKS[target, related.relation]
        if not self.reading.readable(walk.kinds):
            return "false"
        edge, far = self.variable("e"), self.variable("n")
        leaf = related.condition
        assert isinstance(leaf, Leaf)  # noqa: S101 - made by the schema so
        held = (
            f"MATCH ({names.node})-[{edge}:{walk.kinds[0]}]->({far})"
            f" WHERE {believed(edge)} AND {running(edge)} AND {present(far)}"
        )
        if leaf.op is Op.MISSING:
            return f"NOT EXISTS {{ {held} }}"
        values = self.variable("p")
        name = "name" if related.relation == "keyGroup" else "profession"
        compared = f"coalesce(toLower({values}.{name}) {leaf.op} {self.value(leaf)}, false)"
        return f"EXISTS {{ {held} WITH {seen(far, now=self.reading.now)} AS {values} WHERE {compared} RETURN 1 }}"
