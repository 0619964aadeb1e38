"""Every statement of the writer, one per shape; labels and types come from the vocabulary, values are parameters.

It must not know when a statement is run. Each lookup names its index: a plan made for an empty graph would scan.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from graph.codes import SubjectKind
from graph.store import derived
from graph.vocabulary import NODE_KINDS, RELATIONS, Family

VERSION_SYSTEM: Final = derived.NAMES | frozenset(
    ("validFrom", "validTo", "recordedAt", "retractedAt", "source", "batch", "row", "hash", "department")
)

# The increment takes the row lock before it reads, so writers queue here and read what the one before has committed.
TAKE: Final = """
MATCH (graph:Graph {id: 'graph'})
SET graph.version = graph.version + 1"""
LOCK: Final = f"""{TAKE}
RETURN graph.version AS version, graph.recordedAt AS recordedAt"""
UNLOCK: Final = "MATCH (graph:Graph {id: 'graph'}) SET graph.recordedAt = $recordedAt"

OPERATION: Final = "MATCH (done:Operation {id: $id}) RETURN done {.*} AS operation"
RECORD_OPERATION: Final = "CREATE (done:Operation) SET done = $row"

HOLDERS: Final = """
UNWIND $keys AS key
MATCH (identifier:Identifier {key: key}) USING INDEX identifier:Identifier(key)
WITH key, COLLECT {
  MATCH (identifier)<-[held:IDENTIFIED_BY]-(n) WHERE held.retractedAt = $never RETURN n.id } AS ids
RETURN collect([key, ids]) AS known"""
NODES_OF_SOURCE: Final = """
MATCH (version:Version {source: $source})<-[:HAS_VERSION]-(n) USING INDEX version:Version(source)
WHERE version.retractedAt = $never
RETURN collect(DISTINCT n.id) AS ids"""
NODES: Final = f"""
UNWIND $ids AS id
MATCH (n:Entity {{id: id}}) USING INDEX n:Entity(id)
RETURN collect([n.id, n.kind, n:Past, n:Department,
  COLLECT {{ MATCH (n)-[:HAS_VERSION]->(v) WHERE v.retractedAt = $never RETURN [v.source, v.hash] }},
  COLLECT {{ MATCH (n)-[by:IDENTIFIED_BY]->(name) WHERE by.retractedAt = $never
    RETURN [name.key, by.source, by.from, by.to] }},
  CASE WHEN COUNT {{ (n)-->() }} <= $most THEN COLLECT {{
    MATCH (n)-[r:{"|".join(sorted(RELATIONS))}]->(far) WHERE r.source = $source
    RETURN [type(r), r.id, far.id, r.key, r.hash, r.retractedAt = $never] }} END,
  head(COLLECT {{ MATCH (n)-[r:SAME_AS]->(far) WHERE r.retractedAt = $never RETURN far.id }})]) AS nodes"""
STORED_RELATIONS: Final = MappingProxyType(
    {
        kind: f"""
UNWIND $ids AS id
MATCH (start)-[r:{kind} {{id: id}}]->(end) USING INDEX SEEK r:{kind}(id)
RETURN collect([r.id, start.id, end.id, r.key, r.hash, r.retractedAt = $never]) AS found"""
        for kind in RELATIONS
    }
)
VERSIONS: Final = """
UNWIND $ids AS id
MATCH (n:Entity {id: id}) USING INDEX n:Entity(id)
MATCH (n)-[:HAS_VERSION]->(v) WHERE v.retractedAt = $never
RETURN collect([id, v.validFrom, v.validTo, v {.*}]) AS versions"""
# A retracted version of a subject or record is found by its old name or number for an earlier knownAt; one label per
# disclosure class (`storage.md` 13). A past node keeps its kind, not its labels.
RETRACTED_LABELS: Final = MappingProxyType(
    {
        "OrganizationWas": tuple(each.code for each in NODE_KINDS if each.organization),
        "PersonWas": (SubjectKind.PERSON.value,),
        "RecordWas": tuple(each.code for each in NODE_KINDS if each.family is Family.RECORD),
    }
)
MARK_RETRACTED: Final = "\n".join(
    f"FOREACH (_ IN CASE WHEN n.kind IN {[str(each) for each in codes]} THEN [1] ELSE [] END | SET v:{label})"
    for label, codes in RETRACTED_LABELS.items()
)
RETRACT_VERSIONS: Final = f"""
UNWIND $rows AS row
MATCH (n:Entity {{id: row.id}}) USING INDEX n:Entity(id)
MATCH (n)-[:HAS_VERSION]->(v) WHERE v.source = $source AND v.hash = row.hash AND v.retractedAt = $never
SET v.retractedAt = $at
{MARK_RETRACTED}"""
_VERSIONS_OF_ROW: Final = """
FOREACH (said IN row.versions | CREATE (n)-[:HAS_VERSION]->(v:Version) SET v = said)"""
# Identifiers that nobody knew come with their node: neither has to be looked up.
_NAMES_OF_ROW: Final = """
FOREACH (name IN row.names |
  CREATE (n)-[held:IDENTIFIED_BY]->(i:Identifier) SET held = name.held, i = name.identifier)"""
# One statement for every kind: the labels come from the vocabulary. A statement of its own for each of forty kinds and
# twenty relations had to be planned for every first file, which took longer than to run it (25 s for 11,000 nodes).
CREATE_NODES: Final = f"""
UNWIND $rows AS row
CREATE (n:$(row.labels))
SET n = row.properties{_VERSIONS_OF_ROW}{_NAMES_OF_ROW}"""
CHANGE_NODES: Final = MappingProxyType(
    {
        each.code: f"""
UNWIND $rows AS row
MATCH (n:Entity {{id: row.id}}) USING INDEX n:Entity(id)
SET n = row.properties, n:{":".join(each.labels)}
REMOVE n:Past{_VERSIONS_OF_ROW}"""
        for each in NODE_KINDS
    }
)
END_NODES: Final = MappingProxyType(
    {
        each.code: f"""
UNWIND $ids AS id
MATCH (n:Entity {{id: id}}) USING INDEX n:Entity(id)
REMOVE n:{":".join(label for label in each.labels if label != "Entity")}:Department:Dated
SET n:Past
SET n = {{id: id, kind: '{each.code}', version: $version}}"""
        for each in NODE_KINDS
    }
)
TOUCH_NODES: Final = """
UNWIND $ids AS id
MATCH (n:Entity {id: id}) USING INDEX n:Entity(id)
SET n.version = $version"""
# A dated node is one whose snapshot does not answer every day (graph/store/README.md).
MAKE_DATED: Final = """
UNWIND $ids AS id
MATCH (n:Entity {id: id}) USING INDEX n:Entity(id)
SET n:Dated"""
UNMAKE_DATED: Final = """
UNWIND $ids AS id
MATCH (n:Entity {id: id}) USING INDEX n:Entity(id)
REMOVE n:Dated"""
MAKE_DEPARTMENT: Final = """
UNWIND $ids AS id
MATCH (n:Entity {id: id}) USING INDEX n:Entity(id)
SET n:Department"""
UNMAKE_DEPARTMENT: Final = """
UNWIND $ids AS id
MATCH (n:Entity {id: id}) USING INDEX n:Entity(id)
REMOVE n:Department"""

ATTACH: Final = """
UNWIND $rows AS row
MATCH (n:Entity {id: row.id}) USING INDEX n:Entity(id)
MERGE (identifier:Identifier {key: row.key})
ON CREATE SET identifier += row.identifier
CREATE (n)-[held:IDENTIFIED_BY]->(identifier)
SET held = row.held"""
DETACH: Final = """
UNWIND $rows AS row
MATCH (n:Entity {id: row.id}) USING INDEX n:Entity(id)
MATCH (n)-[held:IDENTIFIED_BY]->(identifier)
WHERE identifier.key = row.key AND held.source = row.source AND held.from = row.start AND held.to = row.end
  AND held.retractedAt = $never
SET held.retractedAt = $at"""

CREATE_RELATIONS: Final = """
UNWIND $rows AS row
MATCH (start:Entity {id: row.start}) USING INDEX start:Entity(id)
MATCH (end:Entity {id: row.end}) USING INDEX end:Entity(id)
CREATE (start)-[r:$(row.kind)]->(end)
SET r = row.properties"""
RETRACT_RELATIONS: Final = MappingProxyType(
    {
        kind: f"""
UNWIND $ids AS id
MATCH ()-[r:{kind} {{id: id}}]->()
SET r.retractedAt = $at"""
        for kind in RELATIONS
    }
)

SUBJECTS_OF: Final = """
UNWIND $ids AS id
MATCH (n:Entity {id: id}) USING INDEX n:Entity(id)
MATCH (n)-[:ABOUT]->(subject)
RETURN collect(DISTINCT subject.id) AS ids"""
RECORD_CHANGES: Final = "UNWIND $rows AS row CREATE (change:Change) SET change = row"
# What a write touched, until measures are derived of it: a node for each write, not a label on each of its nodes.
MARK_DIRTY: Final = "UNWIND $rows AS row CREATE (mark:Dirty) SET mark = row"
FORGET_CHANGES: Final = """
MATCH (change:Change) USING INDEX change:Change(at)
WHERE change.at < $before
WITH change LIMIT 10000
DELETE change"""
COUNT_ENTITIES: Final = "MATCH (n:Entity) RETURN count(n) AS entities"
CLEAR_PLANS: Final = "CALL db.clearQueryCaches()"
