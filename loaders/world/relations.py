"""Entries of `posts`, `holdings` and `relations`: one draft each, with the entries that must stand at its ends.

It must not know who the ends are; that is checked when all entries are read.
"""

from __future__ import annotations

from typing import Final

from graph import regions
from graph.changes import NodeDraft, Value
from graph.codes import PostKind, RelationKind
from graph.vocabulary import RELATIONS, relation_of
from loaders.named import group_node, list_node, region_node
from loaders.world.drafts import (
    ENDS,
    Built,
    Context,
    fit,
    need,
    relation_draft,
    values_of,
)
from loaders.world.fields import Fields
from loaders.world.vocabulary import KEY_GROUPS, KEYS, POSTS_OF_ANY_SUBJECT, Section

DECLARED: Final = "DECLARED"


def post(number: int, fields: Fields, context: Context) -> Built:
    person, organization = fields.need("person"), fields.need("organization")
    role = PostKind(fields.need("role"))
    kind = relation_of(role)
    values: dict[str, Value] = {}
    if kind is RelationKind.SERVES_AS:
        values["post"] = role.value
    elif kind is RelationKind.CONTROLS:
        values["basis"] = DECLARED
    draft = relation_draft(
        number,
        fields,
        kind,
        (person, organization),
        ("posts", person, organization, role.value, fields.day("from")),
        fields.period(),
        values,
    )
    holder = "Subject" if role in POSTS_OF_ANY_SUBJECT else "Person"
    needs = (need("person", person, holder), need("organization", organization, "Organization"))
    return Built(fields, context.stem, relations=(draft,), needs=needs)


def holding(number: int, fields: Fields, context: Context) -> Built:
    holder, organization = fields.need("holder"), fields.need("organization")
    draft = relation_draft(
        number,
        fields,
        RelationKind.HOLDS,
        (holder, organization),
        ("holdings", holder, organization, fields.day("from")),
        fields.period(),
        values_of(fields, ("share", "votes", "capital")),
    )
    needs = (need("holder", holder, "Subject"), need("organization", organization, "Organization"))
    return Built(fields, context.stem, relations=(draft,), needs=needs)


def relation(number: int, fields: Fields, context: Context) -> Built:
    """Any relation kind between two entries, or to a region code, a key group or a list by its name."""
    kind = RelationKind(fields.need("kind"))
    declared = RELATIONS[kind]
    fit(fields, KEYS[Section.RELATIONS], frozenset(each.name for each in declared.properties), kind.value)
    values = values_of(fields, (each.name for each in declared.properties))
    start_words = declared.start
    if kind is RelationKind.SERVES_AS:
        written = fields.text("post")
        if written is None or relation_of(PostKind(written)) is not kind:
            raise fields.fault("post", "SERVES_AS 须写明相应的 post", "SERVES_AS needs a post of its own")
        start_words = "Subject" if PostKind(written) in POSTS_OF_ANY_SUBJECT else start_words
    if kind is RelationKind.RESPONSIBLE_FOR and "capacity" not in values:
        raise fields.fault("capacity", "缺少键“capacity”", "key “capacity” is missing")
    if kind is RelationKind.CONTROLS:
        values.setdefault("basis", DECLARED)
    refs, needs, nodes = [], [], []
    for key, words in (("from", start_words), ("to", declared.end)):
        local = fields.need(key)
        if words in ENDS:
            refs.append(local)
            needs.append(need(key, local, words))
        else:
            node = _named_node(number, fields, key, words, context)
            nodes.append(node)
            refs.append(node.ref)
    mark = fields.text("post") or fields.text("capacity")
    draft = relation_draft(
        number,
        fields,
        kind,
        (refs[0], refs[1]),
        ("relations", kind.value, *refs, mark, fields.day("validFrom")),
        fields.period("validFrom", "validTo"),
        values,
    )
    return Built(fields, context.stem, nodes=tuple(nodes), relations=(draft,), needs=tuple(needs))


def _named_node(number: int, fields: Fields, key: str, words: str, context: Context) -> NodeDraft:
    """A node that world files name but do not describe: a region, a key group or a list."""
    name = fields.need(key)
    if words == "Region" and (region := regions.find(name)) is not None:
        return region_node(number, region)
    if words == "KeyGroup" and name in KEY_GROUPS:
        return group_node(number, name)
    if words == "CreditList" and name in context.list_names:
        return list_node(number, context.lists[context.list_names[name]])
    raise fields.fault(key, f"未知的 {words}“{name}”", f"unknown {words} “{name}”")
