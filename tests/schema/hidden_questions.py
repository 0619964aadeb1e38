"""What is asked of both worlds of a pair: everything served, with each filter, order and way of paging.

It must not know the worlds; `version` is not asked, it counts the writes that touched a thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True)
class Question:
    """`known`: asked as known earlier as well; `refused`: the codes of the errors it must have."""

    document: str
    variables: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    known: bool = False
    refused: list[str] = field(default_factory=list)
    root: str = ""


AT: Final = "asOf: $d, knownAt: $k"
PAGE: Final = "totalCount edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
SUBJECT: Final = "__typename id kind name status region { code } withheld"
RECORD: Final = """__typename id recordKind documentNumber decidedOn state effective { from until }
  published { from until } subjects { id name } department { id } responsible { person { id name } capacity } summary
  withheld circumstances"""
POST: Final = "id post person { id name } organization { id name } validity { from until }"
HOLDING: Final = "id holder { id name } organization { id name } share validity { from until }"
MEASURE: Final = """key certainty from until rule { id part } party { id name } cause { id } alsoVia { position }
  path { start { id } end { id } relation post provenance { source row } } gaps { evidence } endsOnRepair"""
CHECK: Final = f"""outcome complete truncated {{ reason omitted }} measures {{ {MEASURE} }} potential {{ key }}
  considered {{ rule {{ id }} }} warnings {{ code message nodes {{ id }} }}"""
REACH: Final = f"""complete truncated {{ reason omitted }} measures {{ {MEASURE} }} potential {{ key }}
  considered {{ rule {{ id }} }} warnings {{ code nodes {{ id }} }}
  subgraph {{ nodes {{ id }} edges {{ id kind source target label }} }}"""

LINKS: Final = """paths { length steps { relation post start { id } end { id } edge provenance { source row } } }
  subgraph { nodes { id } edges { id kind source target } truncated { reason omitted } }
  warnings { code message nodes { id } }"""
CONFLICT: Final = "rule { id } bidders { id name } certainty path { relation post start { id } end { id } proves }"
# Whatever a hidden relation, or a way through a hidden record, could give away.
KINDS: Final = (
    None,
    ["EMPLOYED_BY", "MEMBER_OF", "POSSIBLY_SAME_AS", "SERVES_AS", "LEGAL_REPRESENTATIVE_OF"],
    ["ABOUT", "RESPONSIBLE_FOR", "ON_LIST", "ISSUED_BY", "HAS_QUALIFICATION", "LOCATED_IN"],
)


SHOWN: Final = {"measures": "key"}  # values have no id


def query(body: str, more: str = "") -> str:
    return f"query($d: Date, $k: DateTime{more}) {{ {body} }}"


def _list(root: str, shown: str, arguments: str = "", more: str = "") -> str:
    return query(f"{root}({AT}{arguments}) {{ nodes {{ {shown} }} {PAGE} }}", more)


def _filtered(root: str, *wheres: str, refused: bool = False) -> Iterator[Question]:
    for where in wheres:
        document = _list(root, SHOWN.get(root, "id"), f", where: {where}")
        yield Question(document, refused=["FORBIDDEN"] if refused else [])


def _ordered(root: str, *orders: str) -> Iterator[Question]:
    for order in orders:
        for direction in ("ASC", "DESC"):
            yield Question(_list(root, SHOWN.get(root, "id"), f", orderBy: {{field: {order}, direction: {direction}}}"))


# Whatever a hidden record, its parts or its people could give away.
OF_RECORDS: Final = (
    "{recordKind: {eq: PENALTY}}",
    "{or: [{recordKind: {eq: PENALTY}}, {recordKind: {eq: CRIMINAL_CONVICTION}}, {state: {eq: REPAIRED}}]}",
    "{not: {recordKind: {in: [PERMIT, LIST_ENTRY]}}}",
    '{documentNumber: {startsWith: "江罚"}, decidedOn: {gt: "1990-01-01"}}',
    '{or: [{documentNumber: {contains: "3"}}, {documentNumber: {eq: null}}]}',
    '{department: {eq: "world:hidden:g0"}}',
    "{department: {eq: null}}",
    '{about: {name: {contains: "李明"}}}',
    '{about: {or: [{region: {eq: "440703"}}, {status: {eq: DECEASED}}]}}',
    "{about: {records: {some: {state: {in: [REVOKED, REPAIRED, SET_ASIDE, EXPIRED]}}}}}",
    "{about: {records: {all: {penalty: {fine: {gt: 200}}}}}}",
    '{penalty: {types: {in: [WARNING, LICENCE_REVOKED]}, fine: {gte: "0"}}}',
    '{or: [{listEntry: {list: {eq: "失信被执行人"}}}, {effective: {contains: "2020-01-01"}}]}',
)
OF_FIRMS: Final = (
    "{records: {some: {or: [{recordKind: {eq: PENALTY}}, {recordKind: {eq: DISCIPLINE}}]}}}",
    "{records: {none: {not: {state: {eq: ACTIVE}}}}}",
    "{records: {all: {recordKind: {eq: PENALTY}}}}",
    "{posts: {some: {post: {eq: EMPLOYEE}}}}",
    "{posts: {all: {post: {in: [DIRECTOR, LEGAL_REPRESENTATIVE]}}}}",
    "{or: [{posts: {none: {}}}, {records: {some: {}}}]}",
    '{posts: {some: {person: {records: {some: {decidedOn: {lt: "2030-01-01"}}}}}}}',
    '{shareholders: {some: {holder: {name: {startsWith: "李"}}}}}',
    "{shareholders: {some: {holder: {or: [{status: {eq: DECEASED}}, {status: {eq: null}}]}}}}",
    '{shareholders: {all: {holder: {not: {region: {eq: "440785"}}}}}}',
    "{investments: {some: {organization: {records: {some: {state: {eq: LIFTED}}}}}}}",
)
OF_PERSONS: Final = (
    "{records: {some: {}}}",
    "{records: {all: {recordKind: {eq: LIST_ENTRY}}}}",
    "{posts: {none: {post: {eq: EMPLOYEE}}}}",
    "{posts: {some: {organization: {records: {some: {}}}}}}",
    '{profession: {eq: "律师"}}',
    "{or: [{profession: {eq: null}}, {records: {none: {}}}]}",
)
FORBIDDEN: Final = (
    '{name: {eq: "李明"}}',
    '{or: [{region: {eq: "440703"}}, {records: {some: {}}}]}',
    "{keyGroup: {eq: null}}",
)
TEXTS: Final = (
    *(
        "李明",
        "李明远",
        "江门",
        "江门甲",
        "欧阳修远",
        "王*",
        "李",
        "江罚",
        "江罚3",
        "江罚11号",
        "江罚0号",
        "440703",
        "A1",
    ),
    *("world:hidden:p1", "world:hidden:h1", "91440703YY", "律师", "失信被执行人", "DECEASED"),
)
ALL: Final = [f"world:hidden:{each}" for each in ("f0", "f1", "f2", "f3", "o0", "p0", "p1", "p2", "p3")]
AROUND: Final = f"""{SUBJECT} identifiers {{ value masked }} formerNames {{ name }}
  provenance {{ source row batch }}
  relationCounts({AT}) {{ kind forward count capped }} possiblySame {{ subject {{ id }} reasons }}
  timeline {{ {PAGE} nodes {{ on kind node {{ id }} summary }} }}
  records({AT}) {{ {PAGE} nodes {{ id recordKind }} }}
  listEntries({AT}) {{ {PAGE} nodes {{ id list {{ name }} }} }}
  history: listEntries({AT}, where: {{effective: {{overlaps: {{from: "2000-01-01"}}}}}}) {{ {PAGE} nodes {{ id }} }}
  investments({AT}, orderBy: {{field: SHARE}}) {{ {PAGE} nodes {{ {HOLDING} }} }}"""
OF_FIRM: Final = f"""... on Organization {{
  posts({AT}) {{ {PAGE} nodes {{ {POST} }} }} shareholders({AT}) {{ {PAGE} nodes {{ {HOLDING} }} }}
  employed: posts({AT}, where: {{post: {{eq: EMPLOYEE}}}}) {{ {PAGE} nodes {{ id }} }}
  sorted: posts({AT}, orderBy: {{field: UNTIL}}) {{ {PAGE} nodes {{ id }} }}
  branches({AT}) {{ {PAGE} nodes {{ id }} }} }}"""
OF_BODY: Final = f"""... on GovernmentBody {{ isDepartment issued({AT}) {{ {PAGE} nodes {{ id }} }} }}"""
OF_PERSON: Final = f"""... on Person {{ adultOn keyGroups({AT}) {{ name }}
  qualifications({AT}) {{ id profession number validity {{ from until }} revokedOn }}
  held: posts({AT}) {{ {PAGE} nodes {{ {POST} }} }} }}"""
# Fields with dates of their own, of what is there for the reader on the day; as it was known when some was not yet.
THEN: Final = query(
    """records(asOf: $d) { nodes { id
      now: responsible { person { id name } capacity decidedOn } state
      responsible(knownAt: $k) { person { id name } capacity decidedOn provenance { row } }
      was: state(knownAt: $k) published(knownAt: $k) { from until }
      reaches(knownAt: $k) { complete measures { key } warnings { code } } } }"""
)
OF_MEASURES: Final = (
    "{certainty: {in: [POTENTIAL, FOUND, NAMED, EX_LEGE]}}",
    "{not: {certainty: {eq: EX_LEGE}}}",
    "{party: {records: {some: {recordKind: {eq: PENALTY}}}}}",
    '{party: {or: [{name: {startsWith: "李"}}, {region: {eq: "440703"}}]}}',
    '{rule: {startsWith: "P0"}, until: {gt: "2000-01-01"}}',
    "{purpose: OFFICE_APPOINTMENT}",
)
COUNTED: Final = (
    *(("SUBJECTS", by, "") for by in ("KIND", "STATUS", "REGION", "INDUSTRY", "KIND, REGION, STATUS", "")),
    *(("RECORDS", by, "") for by in ("KIND, STATE", "DEPARTMENT", "LIST", "YEAR", "TYPE, SECTOR", "")),
    *(("LIST_ENTRIES", by, "") for by in ("LIST, STATE", "DEPARTMENT, YEAR")),
    *(("MEASURES", by, "") for by in ("MEASURE, RULE", "CERTAINTY, YEAR", "KIND", "")),
    ("SUBJECTS", "KIND", "record: {state: {in: [REVOKED, REPAIRED, EXPIRED]}}"),
    ("SUBJECTS", "KIND", 'subject: {name: {startsWith: "李"}}'),
    ("RECORDS", "KIND", 'subject: {region: {eq: "440703"}}, record: {penalty: {fine: {gt: 200}}}'),
    ("MEASURES", "RULE", "measure: {certainty: {in: [POTENTIAL, FOUND]}}, record: {recordKind: {eq: PENALTY}}"),
    ("MEASURES", "RULE", "subject: {records: {some: {state: {eq: ACTIVE}}}}"),
)
FACETS: Final = (
    ("records", "KIND", "STATE", "DEPARTMENT", "LIST", "YEAR", "TYPE", "SECTOR"),
    ("persons", "KIND", "INDUSTRY"),
    ("organizations", "KIND", "STATUS", "REGION", "INDUSTRY"),
)


def _faceted(field: str, *groups: str) -> str:
    counted = " ".join(f"by{each}: facets(by: {each}) {{ value label count }}" for each in groups)
    return f"{field}({AT}) {{ {counted} }}"


SUPPOSED: Final = (
    '{addPost: {person: "world:hidden:p1", organization: "world:hidden:f1", post: LEGAL_REPRESENTATIVE,'
    ' validity: {from: "2010-01-01"}}}',
    '{addRecord: {kind: PENALTY, about: "world:hidden:f1", decidedOn: "2017-06-01", types: [LICENCE_REVOKED],'
    ' sector: "FOOD", offence: {from: "2016-01-01", until: "2017-01-01"}}}',
    '{changeRecord: {record: "world:hidden:r0", state: REPAIRED, on: "2026-01-01"}}',
    '{addFinding: {record: "world:hidden:r1", person: "world:hidden:p1", capacity: NAMED, decidedOn: "2026-01-01"}}',
)
WHAT_IF: Final = f"""before {{ {CHECK} }} after {{ {CHECK} }} appeared {{ {MEASURE} }} vanished {{ key }}"""
QUESTIONS: Final = (
    *(
        Question(
            query(f"whatIf(subject: $id, {AT}, changes: [{', '.join(SUPPOSED)}]) {{ {WHAT_IF} }}", ", $id: ID!"),
            {"id": id},
            known=id == ALL[1],
        )
        for id in (ALL[1], ALL[6])
    ),
    *(Question(query(_faceted(*each)), known=True) for each in FACETS),
    *(
        Question(
            query(_faceted("search", *FACETS[2][1:]).replace("search(", "search(text: $text, "), ", $text: String!"),
            {"text": text},
        )
        for text in TEXTS
    ),
    *(
        Question(query(f"persons({AT}) {{ facets(by: {each}) {{ count }} }}"), refused=["FORBIDDEN"])
        for each in ("STATUS", "REGION")
    ),
    *(
        Question(
            query(f"subject(identifier: $id, {AT}) {{ {_faceted(*FACETS[0])} }}", ", $id: String!"),
            {"id": id},
            known=True,
        )
        for id in ALL[:4]
    ),
    *(
        Question(_list(root, shown), known=True)
        for root, shown in (
            ("enterprises", f"{SUBJECT} form established registeredCapital"),
            ("organizations", SUBJECT),
            ("persons", f"{SUBJECT} adultOn"),
            ("records", RECORD),
            ("departments", f"{SUBJECT} isDepartment"),
        )
    ),
    *_filtered("records", *OF_RECORDS),
    *_filtered("enterprises", *OF_FIRMS),
    *_filtered("organizations", *OF_FIRMS[:3]),
    *_filtered("persons", *OF_PERSONS),
    *_filtered("persons", *FORBIDDEN, refused=True),
    *_ordered("records", "DECIDED_ON", "DOCUMENT_NUMBER"),
    *_ordered("enterprises", "NAME", "ESTABLISHED", "REGISTERED_CAPITAL"),
    *_ordered("organizations", "NAME"),
    Question(
        query(
            f"lists {{ name polarity entries({AT}) {{ {PAGE} nodes {{ id }} }} }}"
            f" keyGroups {{ name members({AT}) {{ {PAGE} nodes {{ id }} }} }}"
        ),
        known=True,
    ),
    *(
        Question(
            _list("search", "id", ", text: $text", ", $text: String!").replace(
                "edges { cursor", "edges { cursor matched snippet"
            ),
            {"text": text},
            known=text == TEXTS[0],
        )
        for text in TEXTS
    ),
    Question(
        query(f"resolve(texts: $texts, {AT}) {{ text matched {{ id name }} by }}", ", $texts: [String!]!"),
        {"texts": [*TEXTS, *ALL]},
        known=True,
    ),
    *(
        Question(
            query(
                f"expand(subject: $id, {AT}, first: 50) {{ totalCount pageInfo {{ hasNextPage startCursor endCursor }}"
                " subgraph { nodes { id } edges { id kind source target label } } }",
                ", $id: ID!",
            ),
            {"id": id},
            known=id == ALL[0],
        )
        for id in [*ALL, "world:hidden:g0"]
    ),
    *(
        Question(
            query(f"subject(identifier: $id, {AT}) {{ {AROUND} {more} }}", ", $id: String!"), {"id": id}, known=known
        )
        for id, more, known in (
            *((id, OF_PERSON if ":p" in id else OF_FIRM, id.endswith("p1")) for id in ALL),
            ("world:hidden:g0", OF_BODY, False),
        )
    ),
    *(
        Question(
            query(
                f"ownership(subject: $id, {AT}) {{ integrated {{ owner {{ id }} owned {{ id }} direct integrated"
                " voting } closeLinks { id name } circular { id } subgraph { nodes { id } edges { id kind share } }"
                " warnings { code nodes { id } } }",
                ", $id: ID!",
            ),
            {"id": id},
        )
        for id in ALL
    ),
    *(
        Question(
            query(
                f"subject(identifier: $id, {AT}) {{ ... on Organization {{ controllers {{ subject {{ id name }} basis"
                " voting ultimate subgraph { edges { id } } } beneficialOwners { person { id name } basis integrated"
                " voting subgraph { nodes { id } edges { id post } } } } }",
                ", $id: String!",
            ),
            {"id": id},
        )
        for id in ALL
        if ":p" not in id
    ),
    Question(query(f"checks(subjects: $ids, {AT}) {{ {CHECK} }}", ", $ids: [ID!]!"), {"ids": ALL}, known=True),
    *(Question(query(f"check(subject: $id, {AT}) {{ {CHECK} }}", ", $id: ID!"), {"id": id}) for id in ALL[:2]),
    *(
        Question(query(f"reach(record: $id, {AT}) {{ {REACH} }}", ", $id: ID!"), {"id": f"world:hidden:r{i}"})
        for i in range(5)
    ),
    *(
        Question(
            query(
                f"links(between: $ids, {AT}, paths: 4, relations: $kinds) {{ {LINKS} }}",
                ", $ids: [ID!]!, $kinds: [RelationKind!]",
            ),
            {"ids": ALL, "kinds": kinds},
            known=kinds is None,
        )
        for kinds in KINDS
    ),
    Question(query(f"bidConflicts(bidders: $ids, {AT}) {{ {CONFLICT} }}", ", $ids: [ID!]!"), {"ids": ALL}, known=True),
    Question(
        query(
            f"subject(identifier: $id, {AT}) {{ measures({AT}) {{ {MEASURE} }}"
            f" sure: measures({AT}, certainty: [POTENTIAL]) {{ key }} }}",
            ", $id: String!",
        ),
        {"id": "world:hidden:p1"},
    ),
    Question(
        query(f"record(id: $id, {AT}) {{ {RECORD} reaches {{ measures {{ key }} }} }}", ", $id: ID!"),
        {"id": "world:hidden:r0"},
    ),
    Question("{ rules { id } viewer { role } }"),
    Question(THEN, known=True),
    Question(_list("measures", MEASURE, ", first: 50").replace("{ nodes", "{ warnings { code } nodes"), known=True),
    *_filtered("measures", *OF_MEASURES),
    *_ordered("measures", "FROM", "UNTIL", "RULE"),
    *(
        Question(
            query(
                f"statistics(of: {of}, groupBy: [{by}], where: {{{where}}}, {AT})"
                " { total rows { keys count sum min max } truncated { omitted } warnings { code } }"
            ),
            known=not where,
        )
        for of, by, where in COUNTED
    ),
)
ENDS: Final = ", $first: Int, $after: String, $last: Int, $before: String"
PAGED: Final = ", first: $first, after: $after, last: $last, before: $before"
WALKS: Final = tuple(
    Question(_list(root, SHOWN.get(root, "id"), f"{PAGED}{more}", ENDS), root=root)
    for root, more in (
        ("records", ""),
        ("records", ", orderBy: [{field: DOCUMENT_NUMBER, direction: DESC}]"),
        ("persons", ""),
        ("organizations", ""),
        ("search", ', text: "江"'),
        ("measures", ""),
    )
)
# By the id of a thing: whether it is hidden or unknown must not show.
ANY_ID: Final = b"<id>"
BY_ID: Final = (
    "query($d: Date, $id: ID!) { node(id: $id, asOf: $d) { __typename id } }",
    "query($d: Date, $id: ID!) { nodes(ids: [$id], asOf: $d) { __typename id } }",
    "query($d: Date, $id: ID!) { record(id: $id, asOf: $d) { id } }",
    "query($d: Date, $id: ID!) { reach(record: $id, asOf: $d) { complete } }",
    "query($d: Date, $id: ID!) { check(subject: $id, asOf: $d) { complete } }",
    "query($d: Date, $id: ID!) { ownership(subject: $id, asOf: $d) { subgraph { nodes { id } } } }",
    "query($d: Date, $id: ID!) { expand(subject: $id, asOf: $d) { totalCount } }",
    'query($d: Date, $id: ID!) { whatIf(subject: "world:hidden:f0", asOf: $d, changes: [{changeRecord: {record: $id,'
    ' state: REPAIRED, on: "2010-01-01"}}]) { appeared { key } } }',
    'query($d: Date, $id: ID!) { whatIf(subject: "world:hidden:f0", asOf: $d, changes: [{endRelation: {relation: $id,'
    ' on: "2010-01-01"}}]) { appeared { key } } }',
    'query($d: Date, $id: ID!) { links(between: [$id, "world:hidden:f0"], asOf: $d) { paths { length } } }',
    "query($d: Date, $id: ID!) { bidConflicts(bidders: [$id], asOf: $d) { certainty } }",
    "query($d: Date, $id: String!) { search(text: $id, asOf: $d) { totalCount } }",
    "query($d: Date, $id: ID!) { records(where: {id: {eq: $id}}, asOf: $d) { totalCount } }",
)
EMPLOYMENTS: Final = """query($d: Date) {
  organizations { nodes { posts(asOf: $d, where: {post: {eq: EMPLOYEE}}) { nodes { id } } possiblySame { reasons } } }
  records { nodes { id recordKind } } persons { nodes { name region { code } adultOn } }
}"""
