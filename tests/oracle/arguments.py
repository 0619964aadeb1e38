"""The arguments of a field, drawn: usual ones near what there is, and faulty ones on purpose.

It must not know selections.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from graphql import GraphQLField

from tests.oracle.counting import OF_RECORDS, OF_SUBJECTS, groups_of
from tests.oracle.values import Code, Values, _bare

COUNTED: Final = ("SUBJECTS", "RECORDS", "LIST_ENTRIES")
NEEDED: Final = frozenset({"id", "identifier", "ids", "subject", "text", "texts", "of", "by"})
FAULTY_GROUPS: Final = (("RULE",), ("KIND", "KIND"), ("KIND", "STATUS", "REGION", "INDUSTRY"))


@dataclass
class Arguments:
    """`fault`: one of the operation is still to be made. `complete`: whatever was never given is given."""

    values: Values
    used: Counter[str]
    has: set[str]
    tags: set[str]
    fault: bool
    complete: bool = False

    def usual(
        self, kind: Any, name: str, said: GraphQLField, skip: set[str] | frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for each, argument in said.args.items():
            if each in skip:
                continue
            inner = _bare(argument.type)
            unused = not self.used[f"{kind.name}.{name}({each})"]
            due = self.complete and unused
            match each:
                case "asOf" | "knownAt":
                    if due or ("past" in self.has and self.values.maybe(0.3)) or (unused and self.values.maybe(0.3)):
                        self.tags.add("past")
                        found[each] = self.values.scalar(inner, each)
                case "identifier" | "id":
                    found[each] = self._named(name)
                case "subject":
                    found[each] = self._named("subject")
                case "texts":
                    found[each] = [self.values.text() for _ in range(self.values.one((1, 2, 4, 6)))]
                case "text":
                    found[each] = self.values.sought()
                case "kinds":
                    if self.values.maybe(0.3):
                        found[each] = self.values.kinds(inner)
                case "relations":
                    if self.values.maybe(0.4):
                        found[each] = self.values.relations()
                case "of":
                    found[each] = Code(self.values.one(COUNTED))
                case "groupBy":
                    if self.values.maybe(0.8):
                        among = OF_SUBJECTS if found["of"] == "SUBJECTS" else OF_RECORDS
                        found[each] = self.values.groups(among, self.values.one((1, 1, 2, 3, 0)))
                case "by":
                    kindred = groups_of(kind.name.removesuffix("Connection"))
                    (found[each],) = self.values.groups(kindred or OF_SUBJECTS, 1)
                case "ids":
                    found[each] = [self.values.one(self.values.nodes) for _ in range(self.values.one((1, 2, 4)))]
                case "after" | "before":  # null is none; cursors come from `_followed`
                    if unused and self.values.maybe(0.6):
                        found[each] = None
                case "first":
                    if unused or self.values.maybe(0.85):
                        found[each] = self.values.one((1, 2, 3, 3, 4, 5, 4, 0) if self.values.maybe(0.9) else (20, 100))
                case "last":
                    if (
                        due
                        or ("backward" in self.has and self.values.maybe(0.5))
                        or (unused and self.values.maybe(0.3))
                    ):
                        self.tags.add("backward")
                        found.pop("first", None)
                        found[each] = self.values.one((1, 2, 3, 4))
                case "where":
                    if due or ("filter" in self.has and self.values.maybe(0.8)):
                        self.tags.add("filter")
                        found[each] = self.values.filter(inner)
                case "orderBy":
                    if due or ("order" in self.has and self.values.maybe(0.7)):
                        self.tags.add("order")
                        found[each] = self.values.order(inner)
                case "lang":
                    if unused or self.values.maybe(0.6):
                        found[each] = self.values.scalar(inner, each)
        return found

    def _named(self, name: str) -> str:
        values, faulty = self.values, self.fault and self.values.maybe(0.4)
        if name == "node":
            return str(
                self.values.one(self.values.one((values.subjects, values.records, values.records, values.nodes)))
            )
        among = {
            "enterprise": values.by_kind["ENTERPRISE"],
            "person": values.by_kind["PERSON"],
            "department": values.by_kind["GOVERNMENT_BODY"],
            "record": values.records,
        }.get(name, values.subjects)
        return values.identifier(values.subjects if self.values.maybe(0.05) else among, faulty=faulty)

    def faulty(self, name: str, said: GraphQLField, given: dict[str, Any]) -> dict[str, Any]:
        """Something the API refuses, or at least may."""
        self.fault = False
        faults: list[dict[str, Any]] = []
        if "first" in said.args:
            faults += [{"first": -1}, {"first": 101}, {"after": "no cursor"}, {"after": "bm90IG9uZQ"}]
        if "last" in said.args:
            faults += [
                {"first": 1, "last": 1},
                {"first": 1, "before": "a"},
                {"last": 1, "after": "a"},
                {"last": -1},
                {"after": "a", "before": "b"},
                {"before": "x", "last": 2},
            ]
        if "where" in said.args:
            faults += [{"where": {"not": None}}, {"where": {"and": None}}]
            deep: dict[str, Any] = {}
            for _ in range(6):
                deep = {"not": deep}
            faults.append({"where": deep})
            if "name" in getattr(_bare(said.args["where"].type), "fields", {}):
                faults += [
                    {"where": {"name": {"contains": None}}},
                    {"where": {"name": {"eq": self.values.one(self.values.names)}}},
                ]
        if "orderBy" in said.args:
            keys = self.values.order(_bare(said.args["orderBy"].type))
            faults.append({"orderBy": [*keys, *keys]})
        if "id" in said.args or "identifier" in said.args:
            place = "id" if "id" in said.args else "identifier"
            faults += [{place: self.values.identifier((), faulty=True)}, {place: "no id"}]
        if "ids" in said.args:
            faults += [{"ids": [self.values.one(self.values.nodes), "no id"]}, {"ids": ["ent_0"] * 101}]
        if "texts" in said.args:
            faults += [{"texts": []}, {"texts": ["甲"] * 101}, {"texts": ["甲", " "]}, {"texts": ["长" * 201]}]
        if "text" in said.args:
            faults += [{"text": each} for each in (" \t　", "长" * 201, "甲\U0010ffff")]
        if "subject" in said.args:
            faults += [{"subject": self.values.identifier((), faulty=True)}, {"subject": "no id"}]
        for each in {"relations", "kinds"} & said.args.keys():
            faults.append({each: [Code("KNOWS")]})
        if "groupBy" in said.args:
            faults += [{"groupBy": [Code(each) for each in given]} for given in FAULTY_GROUPS]
            faults += [{"where": {"measure": {}}}, {"where": {"subject": None}}]
        if "by" in said.args:
            faults += [{"by": Code(each)} for each in ("RULE", "YEAR", "REGION")]
        if not faults:
            return given
        fault = self.values.one(faults)
        if "groupBy" in said.args and not self.used["StatisticsFilter.measure"]:
            fault = {"where": {"measure": {}}}
        if "groupBy" in said.args and "measure" in fault.get("where", {}):
            self.used["StatisticsFilter.measure"] += 1
        keep = {} if {"first", "last", "after", "before"} & fault.keys() else given
        return {**{k: v for k, v in given.items() if k in NEEDED}, **keep, **fault}
