"""World files on a real Neo4j: what a load writes, what a second one leaves alone, what a bad file cannot touch."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from graph.periods import NEVER, SHANGHAI
from graph.store.connection import Database
from loaders.files import Unreadable
from loaders.world.get import ReadLimits
from loaders.world.load import DEMO, Outcome, load_file

pytestmark = pytest.mark.anyio

WORLDS = Path(__file__).parent.parent / "worlds"
KEY = bytes(range(32))
FIRST = datetime(2026, 1, 2, 9, 0, tzinfo=SHANGHAI)

WORLD = """subjects:
  - {id: acme, kind: Enterprise, name: 江门甲贸易有限公司, uscc: 91440703YY000001XU}
  - {id: li, kind: Person, name: 李某, document: {type: 身份证, number: "440785190001010010"}}
  - {id: samr, kind: GovernmentBody, name: 江门市市场监督管理局}
posts:
  - {person: li, organization: acme, role: LEGAL_REPRESENTATIVE, from: 2012-05-01, to: 2019-03-01}
records:
  - {id: r1, kind: PENALTY, about: acme, department: samr, decidedOn: 2018-06-01, type: FINE, amount: "50000"}
responsibility:
  - {person: li, record: r1, capacity: NAMED, decidedOn: 2018-06-01}
"""

EVERYTHING = """
MATCH (node) WHERE NOT node:Graph AND NOT node:Operation AND NOT node:Change
OPTIONAL MATCH (node)-[relation]->(end)
RETURN labels(node) AS labels, properties(node) AS node, type(relation) AS type, properties(relation) AS relation,
  coalesce(end.id, end.key, end.hash) AS end
"""
BELIEVED_NODES = """
MATCH (node:Entity) WHERE NOT node:Past
MATCH (node)-[held:IDENTIFIED_BY]->(name:Identifier {scheme: 'WORLD'}) WHERE held.retractedAt = $never
RETURN name.value AS local, labels(node) AS labels
"""
BELIEVED_RELATIONS = """
MATCH (start:Entity)-[relation]->(end:Entity) WHERE relation.retractedAt = $never
RETURN type(relation) AS type, relation.from AS from, relation.to AS to
"""
NAMES = """
MATCH (:Identifier {key: $key})<-[:IDENTIFIED_BY]-(:Entity)-[:HAS_VERSION]->(version)
RETURN version.name AS name, version.retractedAt = $never AS believed ORDER BY version.recordedAt, name
"""
HOLDERS = """
MATCH (:Identifier {key: $key})<-[held:IDENTIFIED_BY]-(node:Entity) WHERE held.retractedAt = $never
RETURN node.id AS id
"""
LABELS = {"Entity", "Subject", "Organization", "Record"}


async def load(database: Database, path: Path, days: int = 0, **options: Any) -> Outcome:
    now = FIRST + timedelta(days=days)
    return await load_file(database, path, person_key=KEY, now=now, today=now.date(), **options)


def written(folder: Path, text: str, name: str = "case") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def totals(outcome: Outcome) -> tuple[int, int, int, int, int]:
    return outcome.read, outcome.loaded, outcome.unchanged, outcome.rejected, outcome.retracted


async def dump(database: Database) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in await database.read(EVERYTHING, {}))


async def nodes(database: Database) -> set[tuple[str, str]]:
    rows = await database.read(BELIEVED_NODES, {"never": NEVER})
    return {(row["local"], "+".join(sorted(set(row["labels"]) - LABELS))) for row in rows}


async def relations(database: Database) -> list[tuple[str, str, str]]:
    rows = await database.read(BELIEVED_RELATIONS, {"never": NEVER})
    return sorted((row["type"], row["from"], row["to"]) for row in rows)


async def test_a_world_is_loaded_whole_and_every_entry_counted(database: Database, tmp_path: Path) -> None:
    assert totals(await load(database, written(tmp_path, WORLD))) == (6, 6, 0, 0, 0)
    assert await nodes(database) == {
        ("acme", "Enterprise"),
        ("li", "Person"),
        ("samr", "Department+GovernmentBody"),
        ("r1", "Penalty"),
    }
    always = ("0001-01-01", "9999-12-31")
    assert await relations(database) == [
        ("ABOUT", *always),
        ("ISSUED_BY", *always),
        ("LEGAL_REPRESENTATIVE_OF", "2012-05-01", "2019-03-01"),
        ("RESPONSIBLE_FOR", *always),
    ]


async def test_every_key_is_written_and_read_back_counted_by_hand(database: Database) -> None:
    assert totals(await load(database, WORLDS / "every-key.yaml")) == (40, 40, 0, 0, 0)
    assert totals(await load(database, WORLDS / "every-key.yaml", days=1)) == (40, 0, 40, 0, 0)


async def test_the_demo_world_is_whole(database: Database) -> None:
    # by hand: 26 subjects, 16 posts, 5 holdings, 4 relations, 2 qualifications, 15 records, 3 responsibilities
    assert totals(await load(database, DEMO)) == (71, 71, 0, 0, 0)


async def test_the_same_file_twice_changes_nothing_and_says_so(database: Database, tmp_path: Path) -> None:
    path = written(tmp_path, WORLD)
    first = await load(database, path)
    before = await dump(database)
    second = await load(database, path, days=1)
    assert totals(second) == (6, 0, 6, 0, 0)
    assert await dump(database) == before
    assert dict(second.ids) == dict(first.ids)


async def test_order_and_comments_change_nothing(database: Database, tmp_path: Path) -> None:
    await load(database, written(tmp_path, WORLD))
    before = await dump(database)
    sections = ("# moved\n" + WORLD).split("posts:")
    again = written(tmp_path, "posts:" + sections[1] + sections[0])
    assert totals(await load(database, again, days=1)) == (6, 0, 6, 0, 0)
    assert await dump(database) == before


async def test_no_document_number_reaches_the_database(database: Database, tmp_path: Path) -> None:
    await load(database, written(tmp_path, WORLD))
    everything = "".join(await dump(database))
    assert "440785190001010010" not in everything
    assert "440785********0010" in everything and "1918-01-01" in everything


async def test_an_entry_gone_from_a_reloaded_file_is_retracted_not_deleted(database: Database, tmp_path: Path) -> None:
    await load(database, written(tmp_path, WORLD))
    without = "".join(line + "\n" for line in WORLD.splitlines() if "LEGAL_REPRESENTATIVE" not in line)
    outcome = await load(database, written(tmp_path, without), days=1)
    assert totals(outcome) == (5, 0, 5, 0, 1)
    assert [each[0] for each in await relations(database)] == ["ABOUT", "ISSUED_BY", "RESPONSIBLE_FOR"]
    kept = await database.read(
        "MATCH ()-[r:LEGAL_REPRESENTATIVE_OF]->() RETURN r.to AS to, r.retractedAt AS retracted", {}
    )
    assert [(row["to"], row["retracted"][:10]) for row in kept] == [("2019-03-01", "2026-01-03")]


async def test_a_subject_gone_with_all_it_had_leaves_the_rest(database: Database, tmp_path: Path) -> None:
    await load(database, written(tmp_path, WORLD))
    without = WORLD.partition("records:")[0]
    outcome = await load(database, written(tmp_path, without), days=1)
    assert outcome.read == 4 and outcome.rejected == 0 and outcome.retracted > 0
    assert await nodes(database) == {("acme", "Enterprise"), ("li", "Person"), ("samr", "GovernmentBody")}
    back = await load(database, written(tmp_path, WORLD), days=2)
    assert back.read == 6 and back.loaded >= 2 and back.retracted == 0
    assert {local for local, _ in await nodes(database)} == {"acme", "li", "samr", "r1"}


async def test_a_correction_keeps_what_was_believed_before(database: Database, tmp_path: Path) -> None:
    await load(database, written(tmp_path, WORLD))
    corrected = WORLD.replace("江门甲贸易有限公司", "江门佳贸易有限公司")
    assert totals(await load(database, written(tmp_path, corrected), days=1)) == (6, 1, 5, 0, 0)
    rows = await database.read(NAMES, {"key": "USCC|91440703YY000001XU|", "never": NEVER})
    assert [(row["name"], row["believed"]) for row in rows] == [
        ("江门甲贸易有限公司", False),
        ("江门佳贸易有限公司", True),
    ]


async def test_a_rename_is_two_periods_and_its_correction_touches_one(database: Database, tmp_path: Path) -> None:
    renamed = WORLD.replace(
        "uscc: 91440703YY000001XU}", "uscc: 91440703YY000001XU, versions: [{to: 2020-01-01, name: 江门旧名有限公司}]}"
    )
    await load(database, written(tmp_path, renamed))
    corrected = renamed.replace("江门旧名", "江门老名")
    assert totals(await load(database, written(tmp_path, corrected), days=1)) == (6, 1, 5, 0, 0)
    rows = await database.read(NAMES, {"key": "USCC|91440703YY000001XU|", "never": NEVER})
    assert {(row["name"], row["believed"]) for row in rows} == {
        ("江门旧名有限公司", False),
        ("江门老名有限公司", True),
        ("江门甲贸易有限公司", True),
    }


async def test_one_person_in_two_files_is_one_node_and_a_namesake_another(database: Database, tmp_path: Path) -> None:
    await load(database, written(tmp_path, WORLD))
    other = """subjects:
  - {id: somebody, kind: Person, name: 李某某, document: {type: "01", number: "440785000101001"}}
  - {id: namesake, kind: Person, name: 李某}
"""
    assert totals(await load(database, written(tmp_path, other, "other"), days=1)) == (2, 2, 0, 0, 0)
    keys = ("WORLD|li|case", "WORLD|somebody|other", "WORLD|namesake|other")
    (li,), (somebody,), (namesake,) = [await database.read(HOLDERS, {"key": key, "never": NEVER}) for key in keys]
    assert li == somebody != namesake


async def test_reloading_one_file_leaves_the_others_alone(database: Database, tmp_path: Path) -> None:
    await load(database, written(tmp_path, WORLD))
    await load(database, written(tmp_path, WORLD, "other"), days=1)
    await load(database, written(tmp_path, "subjects: []\n", "other"), days=2)
    assert await nodes(database) == {
        ("acme", "Enterprise"),
        ("li", "Person"),
        ("samr", "Department+GovernmentBody"),
        ("r1", "Penalty"),
    }
    assert len(await relations(database)) == 4


async def test_rejected_entries_do_not_stop_the_others_nor_retract_anything(database: Database, tmp_path: Path) -> None:
    await load(database, written(tmp_path, WORLD))
    # a typing error in the penalty, which takes the responsibility with it, and the post deleted
    wrong = "".join(
        line.replace("PENALTY", "PENALTI") + "\n" for line in WORLD.splitlines() if "LEGAL_REPRESENTATIVE" not in line
    )
    outcome = await load(database, written(tmp_path, wrong), days=1)
    assert totals(outcome) == (5, 0, 3, 2, 0)
    assert [(each.line, each.key) for each in outcome.rejections] == [(7, "kind"), (9, "record")]
    assert not outcome.retired and len(await relations(database)) == 4


async def test_a_file_of_rejected_entries_writes_nothing(database: Database, tmp_path: Path) -> None:
    await load(database, written(tmp_path, WORLD))
    before = await dump(database)
    outcome = await load(database, written(tmp_path, "subjects: [{id: x, kind: Firm, name: 甲}]"), days=1)
    assert totals(outcome) == (1, 0, 0, 1, 0)
    assert outcome.version is None and await dump(database) == before


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(WORLD.encode()[:150], id="truncated"),
        pytest.param(WORLD.encode().replace("门".encode(), b"\xe9\x97"), id="mis-encoded"),
        pytest.param(WORLD.encode() + b"#" * 2000, id="too large"),
    ],
)
async def test_a_bad_file_leaves_the_graph_untouched(database: Database, tmp_path: Path, data: bytes) -> None:
    path = written(tmp_path, WORLD)
    await load(database, path)
    before = await dump(database)
    path.write_bytes(data)
    with pytest.raises(Unreadable):
        await load(database, path, days=1, limits=ReadLimits(file_bytes=2000))
    assert await dump(database) == before
