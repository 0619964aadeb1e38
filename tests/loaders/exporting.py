"""What the tests of exports share: a graph of every kind of thing, what is believed of it, and an export of it."""

from __future__ import annotations

import hashlib
import json
from argparse import Namespace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from graph.codes import Role
from graph.disclosed import Disclosed
from graph.periods import NEVER, SHANGHAI
from graph.progress import SilentProgress
from graph.store.connection import Database
from graph.store.exported import Export
from loaders.bods import command as bods
from loaders.export.command import FORMATS
from loaders.export.output import placed
from loaders.source import Run, Source, Tally
from loaders.world.load import load_file
from tests.conftest import PERSON_KEY
from tests.loaders.tabular import (
    BETA,
    DOUBLE_PUBLICITY,
    HELD,
    HOLDINGS,
    PENALTY_2018,
    PERMIT_2018,
    POST,
    POSTS,
    written,
)

NOW = datetime(2026, 1, 2, 9, 0, tzinfo=SHANGHAI)
DAY = date(2026, 1, 1)
WORLDS = Path(__file__).parents[1] / "worlds"
# All that is believed, without system times: versions, identifiers, relations, what is shown today.
BELIEVED = """
MATCH (n:Entity) WHERE NOT n:Past
RETURN n.id AS id, labels(n) AS labels, properties(n) AS shown,
  COLLECT { MATCH (n)-[:HAS_VERSION]->(v) WHERE v.retractedAt = $never RETURN properties(v) } AS versions,
  COLLECT { MATCH (n)-[h:IDENTIFIED_BY]->(i) WHERE h.retractedAt = $never
    RETURN [properties(h), properties(i)] } AS names,
  COLLECT { MATCH (n)-[r]->(m:Entity) WHERE r.retractedAt = $never RETURN [type(r), m.id, properties(r)] } AS relations
ORDER BY id"""
# All that BODS and FollowTheMoney can say of these things.
SAYABLE = """
subjects:
  - {id: acme, kind: Enterprise, name: 江门甲贸易有限公司, uscc: 91440703YY000001XU, established: 2012-05-01,
     form: LIMITED_COMPANY, address: 江门市蓬江区迎宾大道1号}
  - {id: beta, kind: Enterprise, name: 江门乙公司}
  - {id: samr, kind: GovernmentBody, name: 江门市市场监督管理局}
  - {id: hospital, kind: PublicInstitution, name: 江门市第九人民医院, uscc: 12440700YY00000601}
  - {id: li, kind: Person, name: 李某}
posts:
  - {person: li, organization: acme, role: LEGAL_REPRESENTATIVE, from: 2012-05-01, to: 2019-03-01}
  - {person: li, organization: beta, role: PRINCIPAL}
  - {person: li, organization: acme, role: DIRECTOR, from: 2013-01-01}
  - {person: acme, organization: beta, role: CONTROLLER, from: 2014-01-01}
holdings:
  - {holder: li, organization: acme, share: "59.123456", votes: "60", capital: "600000.30", from: 2012-05-01}
  - {holder: li, organization: acme, share: "10", from: 2010-01-01, to: 2012-05-01}
  - {holder: acme, organization: beta, share: 100}
  - {holder: samr, organization: hospital}
"""


def _bods(record: str, type: str, details: dict[str, Any]) -> dict[str, Any]:
    frame = {"publicationDetails": {"bodsVersion": "0.4", "publisher": {"name": "P"}}, "recordId": record}
    return {**frame, "recordType": type, "recordDetails": {"isComponent": False, **details}}


def firm_of_bods(record: str, name: str, number: str) -> dict[str, Any]:
    identifiers = [{"scheme": "CN-SAIC", "id": number}]
    entity = {"entityType": {"type": "registeredEntity"}, "name": name, "identifiers": identifiers}
    return _bods(record, "entity", entity)


def holding_of_bods(record: str, holder: str, owned: str, **shares: dict[str, float]) -> dict[str, Any]:
    """`shareholding`, `votingRights`: what is told of them."""
    interests = [{"type": type, "share": share, "startDate": "2020-01-01"} for type, share in shares.items()]
    return _bods(record, "relationship", {"subject": owned, "interestedParty": holder, "interests": interests})


BANDS = [
    firm_of_bods("one", "江门丙午有限公司", "91440703YYC0082U3M"),
    firm_of_bods("two", "江门丁未有限公司", BETA),
    holding_of_bods(
        *("three", "one", "two"),
        shareholding={"minimum": 75, "maximum": 100},
        votingRights={"exclusiveMinimum": 50, "exclusiveMaximum": 75},
    ),
]
SYSTEM = ("recordedAt", "retractedAt", "version", "snapFrom", "snapTo")


def run(home: Path, **options: Any) -> Run:
    return Run(Namespace(**options), PERSON_KEY, home, SilentProgress())


async def load_everything(database: Database, folder: Path) -> None:
    """Every key of a world, ownership with cycles, tables of three sources, shares that are only known as bands."""
    for name in ("every-key.yaml", "ownership.yaml"):
        await load_file(database, WORLDS / name, person_key=PERSON_KEY, now=NOW, today=DAY)
    for source, row in (
        (DOUBLE_PUBLICITY, PENALTY_2018),
        (DOUBLE_PUBLICITY, PERMIT_2018),
        (HOLDINGS, HELD),
        (POSTS, POST),
    ):
        path = written(folder, [row], name=f"{source.name}-{len(row)}.csv")
        tally = await source.load(database, path, run(folder))
        assert tally == Tally(1, 1, 0)
    path = folder / "bands.json"
    path.write_text(json.dumps(BANDS), encoding="utf-8")
    assert await bods.SOURCE.load(database, path, run(folder)) == Tally(3, 3, 0)


async def believed(database: Database, *without: str) -> list[Any]:
    """`without`: names of properties that do not count, beside system times."""
    found = await database.read(BELIEVED, {"never": NEVER})
    assert len(found) > 3
    return [_plain(each, {*SYSTEM, *without}) for each in found]


def _plain(value: Any, without: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each, without) for key, each in sorted(value.items()) if key not in without}
    if isinstance(value, list):
        return sorted((_plain(each, without) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    return value


async def export(database: Database, place: Path, format: str, role: Role, day: date = DAY) -> dict[str, int]:
    chosen = next(each for each in FORMATS if each.name == format)
    with placed(place, folder=chosen.folder, replace=False) as half:
        return dict(await chosen.write(Export(database, Disclosed(role), day), half, lambda _: None))


def digest(place: Path) -> dict[str, str]:
    """Every file of an export by name, with its checksum."""
    files = sorted(place.rglob("*")) if place.is_dir() else [place]
    return {
        "." if each == place else str(each.relative_to(place)): hashlib.sha256(each.read_bytes()).hexdigest()
        for each in files
        if each.is_file()
    }


async def load(database: Database, source: Source, path: Path, folder: Path) -> Tally:
    return await source.load(database, path, run(folder))
