"""Uniqueness and the indexes every lookup relies on; it must not name anything outside the vocabulary."""

from __future__ import annotations

from typing import Final

from graph.vocabulary import RELATIONS

UNIQUE: Final = (
    ("Entity", "id"),
    ("Identifier", "key"),
    ("Graph", "id"),
    ("Operation", "id"),
    ("RulePack", "digest"),
    ("AuditEvent", "id"),
    ("Change", "version"),
)
INDEXED: Final = (("Version", "source"), ("Change", "at"), ("Operation", "at"), ("AuditEvent", "at"))
STATEMENTS: Final = (
    *(
        f"CREATE CONSTRAINT {label.lower()}_{name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{name} IS UNIQUE"
        for label, name in UNIQUE
    ),
    *(
        f"CREATE CONSTRAINT {kind.lower()}_id IF NOT EXISTS FOR ()-[r:{kind}]-() REQUIRE r.id IS UNIQUE"
        for kind in sorted(RELATIONS)
    ),
    *(f"CREATE INDEX {label.lower()}_{name} IF NOT EXISTS FOR (n:{label}) ON (n.{name})" for label, name in INDEXED),
    # the key of a relation starts with its source: equality finds a row again, the prefix all of a source
    *(f"CREATE INDEX {kind.lower()}_key IF NOT EXISTS FOR ()-[r:{kind}]-() ON (r.key)" for kind in sorted(RELATIONS)),
    "CREATE INDEX identified_by_source IF NOT EXISTS FOR ()-[r:IDENTIFIED_BY]-() ON (r.source)",
)
