"""Step 3: phrases are sought among the names of some lengths (`derived.size_word`), where too many hold them.

It must not know who asks; run again it rebuilds the same.
"""

from __future__ import annotations

from typing import Final

from graph.store.connection import Database, Transaction
from graph.store.derived import size_word
from graph.store.steps.step_001_schema import AWAIT_INDEXES, AWAIT_SECONDS

NAMED: Final = (("organization_names", "Organization"), ("person_names", "Person"))
DROPPED: Final = tuple(f"DROP INDEX {name} IF EXISTS" for name, _ in NAMED)
# One per disclosure class: a person's name is SHARED, a search that may not read it never touches its index.
CREATED: Final = tuple(
    f"CREATE FULLTEXT INDEX {name} IF NOT EXISTS FOR (n:{label}) ON EACH [n.nameFold, n.formerFold, n.kind, n.sizeWord]"
    " OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-no-stop-words'}}"
    for name, label in NAMED
)
ROWS: Final = 10_000
UNSIZED: Final = tuple(
    f"""
MATCH (n:{label}) USING INDEX SEEK n:{label}(nameSize, id, nameFold)
WHERE n.nameSize >= 0 AND n.id IS NOT NULL AND n.nameFold IS NOT NULL AND n.sizeWord IS NULL
WITH n LIMIT $rows RETURN collect([n.id, n.nameSize]) AS found"""
    for _, label in NAMED
)
SET_WORDS: Final = """
UNWIND $rows AS row
MATCH (n:Entity {id: row[0]}) USING INDEX SEEK n:Entity(id)
SET n.sizeWord = row[1]"""


async def run(database: Database) -> None:
    for statement in UNSIZED:
        while True:
            (row,) = await database.read(statement, {"rows": ROWS}, timeout_seconds=AWAIT_SECONDS)
            if not row["found"]:
                break
            words = [[id, size_word(size)] for id, size in row["found"]]

            async def write(transaction: Transaction, words: list[list[str]] = words) -> None:
                await transaction.run(SET_WORDS, rows=words)

            await database.write(write)
    for statements in (DROPPED, CREATED):  # the old index of a name is gone before the new one is made

        async def change(transaction: Transaction, statements: tuple[str, ...] = statements) -> None:
            for statement in statements:
                await transaction.run(statement)

        await database.write(change)
    await database.read(AWAIT_INDEXES, {}, timeout_seconds=AWAIT_SECONDS)
