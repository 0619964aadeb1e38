"""BODS 0.4 and FollowTheMoney: what goes out is valid and comes back as it was, and what has no place is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from graph.codes import RelationKind, Role
from graph.store.connection import Database
from loaders.__main__ import main
from loaders.bods import command as bods
from loaders.entries import Entry, Quarantined
from loaders.files import Unreadable
from loaders.ftm import command as ftm
from loaders.source import Source
from loaders.world.load import load_file
from tests.conftest import PERSON_KEY, empty
from tests.loaders.exporting import (
    BANDS,
    DAY,
    NOW,
    SAYABLE,
    believed,
    digest,
    export,
    firm_of_bods,
    holding_of_bods,
    load,
    load_everything,
)

pytestmark = pytest.mark.anyio
SCHEMA = Path(__file__).parents[1] / "data" / "bods-0.4"
SOURCES: Mapping[str, Source] = {"bods": bods.SOURCE, "ftm": ftm.SOURCE}
ACME, LI = "91440703YY000001XU", "440785190001010010"


def validator() -> Draft202012Validator:
    """The standard's own schema; its files name each other by urn."""
    found = [json.loads(each.read_text("utf-8")) for each in sorted(SCHEMA.glob("*.json"))]
    registry: Any = Registry().with_resources((each["$id"], Resource.from_contents(each)) for each in found)
    (whole,) = (each for each in found if each["$id"] == "urn:statement")
    return Draft202012Validator(whole, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)


def lines(path: Path) -> list[dict[str, Any]]:
    text = path.read_text("utf-8")
    found: list[dict[str, Any]] = json.loads(text) if text.startswith("[") else [*map(json.loads, text.splitlines())]
    return found


def without_source(path: Path) -> list[dict[str, Any]]:
    """Loaded again a statement comes from this file, and its id follows from all it says."""
    found = []
    for each in lines(path):
        kept = {name: value for name, value in each.items() if name not in ("source", "statementId")}
        if "properties" in kept:
            kept["properties"] = {name: value for name, value in kept["properties"].items() if name != "publisher"}
        found.append(kept)
    return found


def read(format: str, folder: Path, said: Iterable[object]) -> list[Entry | Quarantined]:
    path = folder / "file.jsonl"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in said), encoding="utf-8")
    source = SOURCES[format]
    assert isinstance(source, type(bods.SOURCE))
    return list(source.entries(path, PERSON_KEY))


def reasons(found: Iterable[Entry | Quarantined]) -> list[str | None]:
    return [each.reason.en if isinstance(each, Quarantined) else None for each in found]


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.OPERATOR])
async def test_bods_is_valid_by_the_standards_own_schema_and_names_parties_before_it_relates_them(
    database: Database, tmp_path: Path, role: Role
) -> None:
    await load_everything(database, tmp_path)
    counts = await export(database, tmp_path / "out.json", "bods", role)
    statements = lines(tmp_path / "out.json")
    assert len(statements) == counts["parties"] + counts["relations"] and counts["relations"] > 5
    assert [each.message for each in validator().iter_errors(statements)] == []
    assert len({each["statementId"] for each in statements}) == len(statements)
    named: set[str] = set()
    for each in statements:
        details = each["recordDetails"]
        if each["recordType"] == "relationship":
            assert {details["subject"], details["interestedParty"]} <= named
        named.add(each["recordId"])
    spoilt = [{**statements[0], "recordDetails": {"isComponent": False}}]
    assert list(validator().iter_errors(spoilt)) != []


@pytest.mark.parametrize("format", ["bods", "ftm"])
@pytest.mark.parametrize("role", [Role.PUBLIC, Role.OPERATOR])
async def test_exported_loaded_and_exported_again_is_the_same_file(
    database: Database, tmp_path: Path, format: str, role: Role
) -> None:
    await load_everything(database, tmp_path)
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    await export(database, first, format, role)
    await empty(database)
    tally = await load(database, SOURCES[format], first, tmp_path)
    assert (tally.rejected, tally.accepted) == (0, len(lines(first)))
    # For an operator: the graph holds only what the role got, and some of its persons nothing else of it names.
    await export(database, second, format, Role.OPERATOR)
    assert without_source(second) == without_source(first)
    again = await load(database, SOURCES[format], first, tmp_path)
    assert again.rejected == 0
    third = tmp_path / "third.json"
    await export(database, third, format, Role.OPERATOR)
    assert digest(third) == digest(second)


@pytest.mark.parametrize("format", ["bods", "ftm"])
async def test_what_a_format_can_say_comes_back_as_the_graph_it_was(
    database: Database, tmp_path: Path, format: str
) -> None:
    (tmp_path / "w.yaml").write_text(SAYABLE, encoding="utf-8")
    outcome = await load_file(database, tmp_path / "w.yaml", person_key=PERSON_KEY, now=NOW, today=DAY)
    assert outcome.rejections == ()
    origin = ("source", "batch", "row", "key")
    before = await believed(database, *origin)
    await export(database, tmp_path / "out.json", format, Role.OPERATOR)
    await empty(database)
    await load(database, SOURCES[format], tmp_path / "out.json", tmp_path)
    after = await believed(database, *origin)
    if format == "ftm":  # it has no words for the numbers of other schemes
        for each in (*before, *after):
            each["names"] = [name for name in each["names"] if name[1]["scheme"] != "WORLD"]
    assert after == before


async def test_a_foreign_bods_file_is_read_by_its_numbers_and_its_last_word_counts(
    database: Database, tmp_path: Path
) -> None:
    def said(record: str, type: str, details: dict[str, Any], **more: object) -> dict[str, Any]:
        frame = {"publicationDetails": {"bodsVersion": "0.4", "publisher": {"name": "P"}}, "recordId": record}
        return {**frame, "recordType": type, "recordDetails": {"isComponent": False, **details}, **more}

    firm = {
        "entityType": {"type": "registeredEntity"},
        "name": "江门甲贸易有限公司",
        "identifiers": [{"scheme": "CN-SAIC", "id": ACME}],
    }
    person = {"personType": "knownPerson", "names": [{"fullName": "Li Mou"}, {"type": "legal", "fullName": "李某"}]}
    person["identifiers"] = [{"scheme": "CHN-IDCARD", "schemeName": "RESIDENT_ID", "id": LI}]
    share: dict[str, Any] = {"type": "shareholding", "share": {"exact": 33.333333}, "startDate": "2020-01-01"}
    relation = {"subject": "e", "interestedParty": "p", "interests": [share]}
    changed = {**relation, "interests": [{**share, "share": {"exact": 40}}]}
    statements = [
        said("e", "entity", firm),
        said("p", "person", person),
        said("r", "relationship", relation),
        said("r", "relationship", changed, recordStatus="updated"),
        said("d", "relationship", {**relation, "interests": [{"type": "boardChair"}]}),
    ]
    path = tmp_path / "foreign.json"
    path.write_text(json.dumps(statements, indent=2), encoding="utf-8")
    tally = await load(database, bods.SOURCE, path, tmp_path)
    assert (tally.read, tally.accepted, tally.rejected) == (5, 5, 0)
    rows = await database.read(
        "MATCH (p:Person)-[r]->(e:Enterprise) WHERE r.retractedAt STARTS WITH '9999'"
        " RETURN type(r) AS kind, r.share AS share, r.post AS post, r.from AS since, p.name AS name, e.name AS firm"
        " ORDER BY kind",
        {},
    )
    names = {"name": "李某", "firm": "江门甲贸易有限公司"}
    assert rows == [
        {"kind": "HOLDS", "share": 40_000_000, "post": None, "since": "2020-01-01", **names},
        {"kind": "SERVES_AS", "share": None, "post": "DIRECTOR", "since": "0001-01-01", **names},
    ]
    found = await database.read(
        "MATCH (i:Identifier)<-[:IDENTIFIED_BY]-() WHERE i.scheme IN ['USCC', 'RESIDENT_ID']"
        " RETURN i.scheme AS scheme, coalesce(i.masked, i.value) AS shown ORDER BY scheme",
        {},
    )
    assert [each["shown"] for each in found] == ["440785********0010", ACME]


@pytest.mark.parametrize(
    ("share", "kept"),
    [
        ({"exact": 60}, {"share": 60_000_000}),
        ({"exact": 60, "minimum": 50, "maximum": 75}, {"share": 60_000_000}),
        ({"minimum": 50, "maximum": 50}, {"share": 50_000_000}),
        ({"minimum": 75, "maximum": 100}, {"shareLeast": 75_000_000, "shareMost": 100_000_000}),
        ({"exclusiveMinimum": 50, "maximum": 75}, {"shareLeast": 50_000_001, "shareMost": 75_000_000}),
        ({"minimum": 25, "exclusiveMaximum": 50}, {"shareLeast": 25_000_000, "shareMost": 49_999_999}),
        ({"minimum": 33.3333333, "maximum": 33.9999999}, {"shareLeast": 33_333_333, "shareMost": 34_000_000}),
        ({"minimum": 25}, {"shareLeast": 25_000_000, "shareMost": 100_000_000}),
        ({"maximum": 5}, {"shareLeast": 0, "shareMost": 5_000_000}),
        ({"minimum": 0, "maximum": 100}, {}),
        ({}, {}),
        ({"exact": -1}, None),
        ({"exact": 100.000001}, None),
        ({"minimum": -5, "maximum": -1}, None),
        ({"minimum": 75, "maximum": 25}, None),
        ({"maximum": 101}, None),
        ({"minimum": 101}, None),
    ],
)
def test_a_share_is_kept_as_exactly_as_it_is_told_and_one_that_is_none_is_refused(
    tmp_path: Path, share: dict[str, float], kept: dict[str, int] | None
) -> None:
    *_, entry = read("bods", tmp_path, [*BANDS[:2], holding_of_bods("r", "one", "two", shareholding=share)])
    if kept is None:
        told = ("the percentage", "no share from 0 to 100 %")
        assert isinstance(entry, Quarantined) and entry.reason.en.startswith(told)
        assert str(entry.column).startswith("interests.share")
    else:
        assert isinstance(entry, Entry) and [dict(each.values) for each in entry.relations] == [kept]


async def test_bands_go_out_and_come_back(database: Database, tmp_path: Path) -> None:
    path, out = tmp_path / "bands.json", tmp_path / "out.json"
    others = [("four", "江门戊申医院", "12440700YY00000601"), ("five", "江门己酉慈善会", "51440700YY0000079W")]
    path.write_text(json.dumps([*BANDS, *(firm_of_bods(*each) for each in others)]), encoding="utf-8")
    assert (await load(database, bods.SOURCE, path, tmp_path)).rejected == 0
    origin = ("source", "batch", "row", "key", "hash")
    before = await believed(database, *origin)
    await export(database, out, "bods", Role.OPERATOR)
    told = [each["recordDetails"].get("interests") for each in lines(out)][-1]
    assert {each["type"]: each["share"] for each in told} == {
        "shareholding": {"minimum": 75, "maximum": 100},
        "votingRights": {"minimum": 50.000001, "maximum": 74.999999},
    }
    await empty(database)
    assert (await load(database, bods.SOURCE, out, tmp_path)).rejected == 0
    assert await believed(database, *origin) == before


BODS = {"publicationDetails": {"bodsVersion": "0.4"}, "recordId": "x"}
ENTITY = {**BODS, "recordId": "e", "recordType": "entity"}
FIRM: dict[str, Any] = {**ENTITY, "recordDetails": {"entityType": {"type": "registeredEntity"}, "name": "甲"}}
RELATION = {**BODS, "recordType": "relationship"}


def related(**details: object) -> dict[str, Any]:
    held = {"subject": "e", "interestedParty": "e", "interests": [{"type": "shareholding"}], "isComponent": False}
    return {**RELATION, "recordDetails": {**held, **details}}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({**FIRM, "publicationDetails": {"bodsVersion": "0.2"}}, "only BODS 0.4 is read, this is 0.2"),
        ({"statementID": "old"}, "only BODS 0.4 is read, this is 0.4"),
        ({**ENTITY, "recordId": "u", "recordDetails": {"entityType": {"type": "unknownEntity"}}}, "an entity nobody"),
        ({**ENTITY, "recordId": "u", "recordDetails": {"entityType": {"type": "state"}}}, "name is missing"),
        ({**BODS, "recordType": "person", "recordDetails": {"personType": "unknownPerson"}}, "an unknown or anonymous"),
        ({**BODS, "recordType": "person", "recordDetails": {"personType": "knownPerson"}}, "no name is told"),
        (related(interestedParty="none"), "there is no “none” in this file"),
        (related(interestedParty={"reason": "unknown"}), "a party that is not specified: unknown"),
        (related(interests=[]), "no interest is told"),
        (related(interests=[{"type": "settlor"}]), "this graph has no relation for the interest settlor"),
        (related(interests=[{"type": "shareholding", "directOrIndirect": "indirect"}]), "an indirect holding"),
        (related(componentRecords=["a"]), "an indirect relation is not loaded"),
        ({**related(), "recordStatus": "closed"}, "closed, but an interest has no endDate"),
        (related(interests=[{"type": "shareholding", "startDate": "2020-13-01"}]), "“2020-13-01” is no date"),
        (
            related(interests=[{"type": "shareholding", "share": {"exact": 100.5}}]),
            "the percentage 100.5 is not between",
        ),
        (related(interests=[{"type": "votingRights", "share": {"exact": -1}}]), "the percentage -1 is not between"),
        (related(interests=[{"type": "shareholding", "share": {"exact": "half"}}]), "“half” is no number"),
        (
            related(interests=[{"type": "shareholding", "share": 5}]),
            "“recordDetails.interests[0].share” should be an obj",
        ),
        (related(interests={"type": "shareholding"}), "“recordDetails.interests” should be a list"),
        ({**FIRM, "publicationDetails": ["0.4"]}, "“publicationDetails” should be an object"),
        ({**FIRM, "recordType": ["entity"]}, "“recordType” should be a text"),
        ({**BODS, "recordType": "relationship"}, "recordDetails is missing"),
        ({**BODS, "recordType": "x", "recordDetails": {}}, "unknown type x"),
    ],
)
def test_a_bods_statement_without_a_place_is_refused_with_its_reason(
    tmp_path: Path, said: dict[str, Any], reason: str
) -> None:
    first, second = reasons(read("bods", tmp_path, [FIRM, said]))
    assert first is None
    assert second is not None and second.startswith(reason)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"id": "s", "schema": "Sanction", "properties": {"entity": ["c"]}}, "Sanction is not loaded"),
        ({"id": "o", "schema": "Ownership", "properties": {"owner": ["c"]}}, "asset is missing"),
        ({"id": "o", "schema": "Ownership", "properties": {"owner": ["n"], "asset": ["c"]}}, "there is no “n”"),
        ({"id": "o", "schema": "Ownership", "properties": {"owner": ["c"], "asset": ["p"]}}, "HOLDS cannot lead to"),
        (
            {"id": "o", "schema": "Ownership", "properties": {"owner": ["c"], "asset": ["c"], "percentage": ["half"]}},
            "“half” is no number",
        ),
        (
            {"id": "o", "schema": "Ownership", "properties": {"owner": ["c"], "asset": ["c"], "percentage": ["101%"]}},
            "the percentage 101% is not between 0 and 100",
        ),
        ({"id": "e", "schema": "Company", "properties": {"name": "甲公司"}}, "“properties.name” should be a list"),
        ({"id": "e", "schema": "Company", "properties": {"name": [None]}}, "“properties.name[0]” should be a text"),
        ({"id": "e", "schema": ["Company"], "properties": {}}, "“schema” should be a text"),
        ({"id": "e", "schema": "Company"}, "properties is missing"),
        ({"id": "l", "schema": "UnknownLink", "properties": {"subject": ["c"], "object": ["c"]}}, "this graph has no"),
        ({"id": "e", "schema": "Company", "properties": {}}, "name is missing"),
        ({"schema": "Company", "properties": {}}, "id is missing"),
    ],
)
def test_an_entity_without_a_place_is_refused_with_its_reason(
    tmp_path: Path, said: dict[str, Any], reason: str
) -> None:
    company = {"id": "c", "schema": "Company", "properties": {"name": ["甲"], "uscCode": [ACME]}}
    person = {"id": "p", "schema": "Person", "properties": {"name": ["李某"]}}
    *right, last = reasons(read("ftm", tmp_path, [company, person, said]))
    assert right == [None, None]
    assert last is not None and last.startswith(reason)


async def test_refused_statements_are_kept_and_corrected_by_handing_them_in_again(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps(FIRM) + "\nno json\n" + json.dumps(related(interests=[])) + "\n", encoding="utf-8")
    tally = await load(database, bods.SOURCE, path, tmp_path)
    assert (tally.read, tally.accepted, tally.rejected) == (3, 1, 2)
    (kept,) = (tmp_path / "quarantine" / "bods").iterdir()
    first, second = lines(kept)
    assert first["text"] == "no json" and second["quarantine"]["reason"].endswith("no interest is told")
    second["recordDetails"]["interests"] = [{"type": "otherInfluenceOrControl"}]
    kept.write_text(json.dumps(FIRM) + "\n" + json.dumps(second) + "\n", encoding="utf-8")
    assert (await load(database, bods.SOURCE, kept, tmp_path)).rejected == 0
    (row,) = await database.read(f"MATCH ()-[r:{RelationKind.CONTROLS}]->() RETURN r.basis AS basis", {})
    assert row == {"basis": "DECLARED"}


@pytest.mark.parametrize("frame", ["{}", "[\n{}\n]", "[{}]"])
async def test_json_that_is_no_object_is_kept_as_it_stands_and_costs_itself_alone(
    database: Database, tmp_path: Path, frame: str
) -> None:
    said = ["null", "5", "[1]", '"text"', json.dumps(FIRM), "true"]
    path = tmp_path / "in.jsonl"
    path.write_text(frame.replace("{}", (",\n" if frame != "{}" else "\n").join(said)), encoding="utf-8")
    tally = await load(database, bods.SOURCE, path, tmp_path)
    assert (tally.read, tally.accepted, tally.rejected) == (6, 1, 5)
    (kept,) = (tmp_path / "quarantine" / "bods").iterdir()
    assert [each["text"] for each in lines(kept)] == [each for each in said if each != json.dumps(FIRM)]
    assert {each["quarantine"]["reason"] for each in lines(kept)} == {"不是 JSON 对象 {…} / no JSON object {…}"}


async def test_a_statement_that_only_its_batch_shows_to_be_wrong_is_kept_too(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "in.jsonl"
    other = {**FIRM, "recordDetails": {**FIRM["recordDetails"], "name": "乙"}}
    path.write_text(f"{json.dumps(FIRM)}\n{json.dumps(other)}\n", encoding="utf-8")
    assert (await load(database, bods.SOURCE, path, tmp_path)).rejected == 1
    (kept,) = (tmp_path / "quarantine" / "bods").iterdir()
    assert f"quarantined statements are in {kept}" in capsys.readouterr().out
    (line,) = lines(kept)
    assert line.pop("quarantine")["line"] == 2 and line == other


def test_a_damaged_line_is_kept_whole_and_one_in_another_encoding_says_so(tmp_path: Path) -> None:
    company = json.dumps({"id": "c", "schema": "Company", "properties": {"name": ["甲" * 300]}}, ensure_ascii=False)
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'{"id": "a"}\n' + company[:-1].encode() + b"\n" + company.encode("gb18030") + b"\n")
    _, torn, foreign = ftm.SOURCE.entries(path, PERSON_KEY)
    assert isinstance(torn, Quarantined) and torn.cells == (company[:-1],)
    assert torn.reason.en == "no whole JSON: see its quotes, brackets and commas"
    assert isinstance(foreign, Quarantined) and foreign.cells == (company,)
    assert foreign.reason.en == "this line is not in UTF-8: save the whole file as UTF-8"


def test_a_damaged_first_line_costs_itself_alone(tmp_path: Path) -> None:
    company = json.dumps({"id": "c", "schema": "Company", "properties": {"name": ["甲"]}})
    path = tmp_path / "in.jsonl"
    path.write_text(f"{company[3:]}\n{company}\n{company}\n", encoding="utf-8")
    first, *rest = ftm.SOURCE.entries(path, PERSON_KEY)
    assert isinstance(first, Quarantined) and first.cells == (company[3:],)
    assert [type(each) for each in rest] == [Entry, Entry]


@pytest.mark.parametrize(
    ("encoding", "reason"),
    [("gb18030", "line 1 is not in UTF-8 (GB18030, it may be): save the file as UTF-8"), ("utf-16", "UTF-16, or no t")],
)
def test_a_file_in_another_encoding_is_told_so(tmp_path: Path, encoding: str, reason: str) -> None:
    company = json.dumps({"id": "c", "schema": "Company", "properties": {"name": ["甲"]}}, ensure_ascii=False)
    path = tmp_path / "in.jsonl"
    path.write_bytes(company.encode(encoding))
    with pytest.raises(Unreadable, match=re.escape(reason)):
        list(ftm.SOURCE.entries(path, PERSON_KEY))


def test_a_word_of_another_register_is_remarked_and_left_out(tmp_path: Path) -> None:
    told = {"name": ["甲"], "legalForm": ["GmbH"], "status": ["Active"]}
    (company,) = read("ftm", tmp_path, [{"id": "c", "schema": "Company", "properties": told}])
    assert isinstance(company, Entry)
    assert dict(company.nodes[0].versions[0].values) == {"name": "甲"}
    assert [each.en for each in company.remarks] == [
        "status: “Active” is no code of this graph: left out",
        "legalForm: “GmbH” is no code of this graph: left out",
    ]
    foreign = {**FIRM["recordDetails"], "entityType": {"type": "registeredEntity", "details": "ENTERPRISE/GmbH"}}
    (entity,) = read("bods", tmp_path, [{**FIRM, "recordDetails": foreign}])
    assert isinstance(entity, Entry)
    assert dict(entity.nodes[0].versions[0].values) == {"name": "甲"}
    assert [each.en for each in entity.remarks] == ["entityType.details: “GmbH” is no code of this graph: left out"]


def test_the_first_remarks_are_printed_and_the_rest_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "in.jsonl"
    told = {"name": ["甲"], "legalForm": ["GmbH"]}
    path.write_text(
        "".join(f"{json.dumps({'id': f'c{n}', 'schema': 'Company', 'properties': told})}\n" for n in range(23))
    )
    assert main(["ftm", str(path), "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert f"{path}:20: 提示 legalForm" in shown and f"{path}:21:" not in shown and "3 more remarks" in shown


async def test_where_refused_statements_lie_is_listed(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text("null\n", encoding="utf-8")
    await load(database, bods.SOURCE, path, tmp_path)
    (kept,) = (tmp_path / "quarantine" / "bods").iterdir()
    assert main(["quarantine", "list", "--home", str(tmp_path)]) == 0
    assert f"bods: {kept} " in capsys.readouterr().out
    assert main(["quarantine", "download", "bods", str(tmp_path / "x.csv"), "--home", str(tmp_path)]) == 2
    assert f"statements are corrected where they lie: {kept}" in capsys.readouterr().err
