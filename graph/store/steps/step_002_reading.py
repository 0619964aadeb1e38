"""Step 2: what lists, order and search read: derived keys (`graph.store.derived`), their indexes, names for phrases.

It must not know who asks; run again it rebuilds the same.
"""

from __future__ import annotations

from typing import Any, Final

from graph.periods import NEVER, OPEN_END, OPEN_START
from graph.store.connection import Database, Transaction
from graph.store.derived import derived, former_fold, ordered
from graph.store.statements import MARK_RETRACTED
from graph.store.steps.step_001_schema import AWAIT_INDEXES, AWAIT_SECONDS

ORDERED: Final = (
    *((label, "nameFold") for label in ("Organization", "Enterprise", "Person", "Department")),
    *((label, "nameFold") for label in ("CreditList", "KeyGroup")),
    *(("Enterprise", key) for key in ("establishedOrder", "capitalOrder")),
    *(("Record", key) for key in ("day", "decidedOrder", "documentFold")),
)
INDEXES: Final = (
    *(
        f"CREATE INDEX {label.lower()}_{key.lower()} IF NOT EXISTS FOR (n:{label})"
        f" ON ({', '.join(f'n.{each}' for each in ordered(label, key))})"
        for label, key in ORDERED
    ),
    # Search walks names from the shortest on where too many hold a phrase; the name itself comes from the index.
    *(
        f"CREATE INDEX {label.lower()}_namesize IF NOT EXISTS FOR (n:{label}) ON (n.nameSize, n.id, n.nameFold)"
        for label in ("Organization", "Person")
    ),
    "CREATE INDEX dated_until IF NOT EXISTS FOR (n:Dated) ON (n.snapTo)",
    "CREATE INDEX dated_from IF NOT EXISTS FOR (n:Dated) ON (n.snapFrom)",
    # What was believed once, for an earlier knownAt: few, as only corrections retract.
    *(
        f"CREATE FULLTEXT INDEX {name} IF NOT EXISTS FOR (n:{label}) ON EACH [n.nameFold]"
        " OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-no-stop-words'}}"
        for name, label in (("organization_names_was", "OrganizationWas"), ("person_names_was", "PersonWas"))
    ),
    "CREATE INDEX record_was IF NOT EXISTS FOR (n:RecordWas) ON (n.documentFold)",
)
ROWS: Final = 2_000
LIVING: Final = """
MATCH (n:Entity) USING INDEX n:Entity(id)
WHERE n.id > $after
WITH n ORDER BY n.id LIMIT $rows
RETURN collect([n.id, n.kind, n:Past, n {.*},
  COLLECT { MATCH (n)-[:HAS_VERSION]->(v) RETURN [elementId(v), v {.*}] }]) AS found"""
SET_NODES: Final = """
UNWIND $rows AS row
MATCH (n:Entity {id: row.id}) USING INDEX n:Entity(id)
SET n += row.derived"""
SET_DATED: Final = """
UNWIND $ids AS id
MATCH (n:Entity {id: id}) USING INDEX n:Entity(id)
SET n:Dated"""
SET_VERSIONS: Final = f"""
UNWIND $rows AS row
MATCH (n:Entity {{id: row.id}}) USING INDEX n:Entity(id)
MATCH (n)-[:HAS_VERSION]->(v) WHERE elementId(v) = row.version
SET v += row.derived
WITH n, v WHERE v.retractedAt <> $never
{MARK_RETRACTED}"""


async def run(database: Database) -> None:
    async def create(transaction: Transaction) -> None:
        for statement in INDEXES:
            await transaction.run(statement)

    await database.write(create)
    await database.read(AWAIT_INDEXES, {}, timeout_seconds=AWAIT_SECONDS)
    after = ""
    while True:
        (row,) = await database.read(LIVING, {"after": after, "rows": ROWS}, timeout_seconds=AWAIT_SECONDS)
        if not row["found"]:
            return
        await _rebuild(database, row["found"])
        after = row["found"][-1][0]


async def _rebuild(database: Database, found: list[list[Any]]) -> None:
    nodes, versions, dated = [], [], []
    for id, kind, past, values, held in found:
        for element, version in held:
            versions.append({"id": id, "version": element, "derived": derived(kind, version)})
        if past:
            continue
        names = {v["name"] for _, v in held if "name" in v and v["retractedAt"] == NEVER} - {values.get("name")}
        former = {"formerFold": former_fold(names)}
        nodes.append({"id": id, "derived": {**derived(kind, values), **former}})
        if (values["snapFrom"], values["snapTo"]) != (OPEN_START, OPEN_END):
            dated.append(id)

    async def write(transaction: Transaction) -> None:
        await transaction.run(SET_NODES, rows=nodes)
        await transaction.run(SET_VERSIONS, rows=versions, never=NEVER)
        await transaction.run(SET_DATED, ids=dated)

    await database.write(write)
