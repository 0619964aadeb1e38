"""What of a node and of its relations a role may read when the whole graph is handed out, apart from any one request.

It must not know how things are read or written; what a request may read beyond it (one's own data) is `schema.access`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from graph.changes import Value
from graph.codes import IdentifierScheme, RelationKind, Role, SubjectKind
from graph.identifiers import PERSONAL
from graph.texts import mask_name
from graph.vocabulary import BY_CODE, RELATIONS, Disclosure, Family

ROLES: Final = (Role.PUBLIC, Role.GOVERNMENT, Role.OPERATOR, Role.AUDITOR)
CLASSES: Final[Mapping[Role, frozenset[Disclosure]]] = {
    Role.PUBLIC: frozenset({Disclosure.PUBLIC}),
    Role.GOVERNMENT: frozenset({Disclosure.PUBLIC, Disclosure.SHARED}),
    Role.OPERATOR: frozenset(Disclosure),
    Role.AUDITOR: frozenset(Disclosure),
}
# A record that another one names may be hidden itself: its id is told to officials only.
REFERENCES: Final = frozenset({"relatedTo"})


@dataclass(frozen=True, slots=True)
class Disclosed:
    """The rights of a role. `keeper`: reads all that is stored, keyed hashes and keys of rows included."""

    role: Role

    @property
    def official(self) -> bool:
        return self.role is not Role.PUBLIC

    @property
    def keeper(self) -> bool:
        return self.role in (Role.OPERATOR, Role.AUDITOR)

    def relations(self) -> tuple[RelationKind, ...]:
        return tuple(each.kind for each in RELATIONS.values() if each.disclosure in CLASSES[self.role])

    def kinds(self) -> tuple[str, ...]:
        """Kinds of nodes that can be there at all; some are only known by relations that this role does not see."""
        closed = {"KEY_GROUP"} if RelationKind.MEMBER_OF not in self.relations() else set()
        return tuple(code for code in BY_CODE if code not in closed)

    def properties(self, kind: str) -> tuple[str, ...]:
        """The names it may read; of a person's name the masked form."""
        return _properties(self, kind)

    def values(self, kind: str, values: Mapping[str, Value]) -> dict[str, Value]:
        found = {name: values[name] for name in self.properties(kind) if name in values}
        if kind == SubjectKind.PERSON and not self.official and "name" in found:
            found["name"] = mask_name(str(found["name"]))
        return found

    def number(self, scheme: str, value: str, masked: str | None) -> str | None:
        """An identifier as the role reads it; the keyed hash of a personal document goes to keepers only."""
        if IdentifierScheme(scheme) not in PERSONAL and masked is None:
            return value
        return value if self.keeper else None

    def unrelated(self, kind: str) -> bool:
        """Whether a node of the kind is told without any relation this role sees: nobody learns of a person, a list, a
        licence or a project merely because something hidden names it."""
        return self.official or (
            BY_CODE[kind].organization or BY_CODE[kind].family is Family.RECORD or kind == "REGION"
        )


@cache
def _properties(disclosed: Disclosed, kind: str) -> tuple[str, ...]:
    """Asked of every node of a graph, and the same for all of a kind."""
    return tuple(
        each.name
        for each in BY_CODE[kind].properties
        if (each.disclosure in CLASSES[disclosed.role] and (disclosed.official or each.name not in REFERENCES))
        or (kind == SubjectKind.PERSON and each.name == "name")
    )


def common(kinds: Iterable[str], disclosed: Disclosed) -> tuple[str, ...]:
    """The properties of several kinds together, in the order of the vocabulary."""
    return tuple(dict.fromkeys(name for kind in kinds for name in disclosed.properties(kind)))
