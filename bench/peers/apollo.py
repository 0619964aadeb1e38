"""@neo4j/graphql behind Apollo Server as a process of its own, and the ten shapes in its dialect.

Node and the packages of `package.json` are somebody else's to install. It must not know our API nor our planner.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson

from bench.clients import posted
from bench.served import free_port
from graph.periods import SHANGHAI
from graph.store.address import Address

SOURCE: Final = Path(__file__).with_name("apollo.mjs")
# What our readers are never shown: snapshots of other days and records outside their window. Retracted relations and
# other than current versions of the node asked for are left out of the peer's conditions, in its favour.
NOW: Final = "snapFrom: {lte: $day}, snapTo: {gt: $day}"
SHOWN: Final = "day: {lte: $day}, publicFrom: {lte: $day}, publicTo: {gt: $day}"
NEWEST: Final = "sort: [{day: DESC}, {id: DESC}]"
FIRMS: Final = f"where: {{{NOW}}}, sort: [{{nameFold: ASC}}, {{id: ASC}}]"
RUNNING: Final = "where: {edge: {from: {lte: $day}, to: {gt: $day}}}, sort: [{edge: {from: ASC}}, {edge: {id: ASC}}]"
DOCUMENTS: Final[Mapping[str, str]] = {
    "point": "query($id: ID!) { enterprises(where: {id: {eq: $id}}) { id name form } }",
    "profile": f"""query($id: ID!, $day: String!) {{ enterprises(where: {{id: {{eq: $id}}}}) {{
      id name status form established address
      records(where: {{{SHOWN}}}, {NEWEST}, limit: 5) {{ id kind documentNumber decidedOn }} }} }}""",
    "100 x 10": f"""query($day: String!) {{ enterprises({FIRMS}, limit: 100) {{
      id name records(where: {{{SHOWN}}}, {NEWEST}, limit: 10) {{ id documentNumber }} }} }}""",
    "100 x 10 x 10": f"""query($day: String!) {{ enterprises({FIRMS}, limit: 100) {{
      id name records(where: {{{SHOWN}}}, {NEWEST}, limit: 10) {{ id subjects(sort: [{{id: ASC}}]) {{ id }} }} }} }}""",
    "filter, sort, limit": f"""query($after: String!, $day: String!) {{
      records(where: {{{SHOWN}, decidedOn: {{gte: $after}}, kind: {{eq: "PENALTY"}}}},
        sort: [{{decidedOrder: ASC}}, {{id: ASC}}], limit: 20) {{ id decidedOn }} }}""",
    "page": f"""query($day: String!) {{ enterprisesConnection({FIRMS}, first: 20) {{
      edges {{ node {{ id name }} }} pageInfo {{ hasNextPage }} }} }}""",
    "page with total": f"""query($day: String!) {{ enterprisesConnection({FIRMS}, first: 20) {{
      edges {{ node {{ id name }} }} totalCount }} }}""",
    "four counts": """{
      a: enterprisesConnection { aggregate { count { nodes } } } b: peopleConnection { aggregate { count { nodes } } }
      c: organizationsConnection { aggregate { count { nodes } } }
      d: departmentsConnection { aggregate { count { nodes } } } }""",
    "three hops": f"""query($id: ID!, $day: String!) {{ enterprises(where: {{id: {{eq: $id}}}}) {{ id
      shareholdersConnection({RUNNING}, first: 10) {{ edges {{ properties {{ share }} node {{ id
        investmentsConnection({RUNNING}, first: 10) {{ edges {{ properties {{ share }} node {{ id name }} }} }} }} }} }}
    }} }}""",
    "union": f"""query($ids: [ID!]!, $day: String!) {{ things(where: {{
      Enterprise: {{id: {{in: $ids}}}}, Record: {{id: {{in: $ids}}, {SHOWN}}}, Person: {{id: {{in: $ids}}}} }}) {{
      __typename ... on Enterprise {{ id name }} ... on Record {{ id documentNumber }} ... on Person {{ id }} }} }}""",
}


@dataclass(frozen=True, slots=True)
class Apollo:
    """A running peer."""

    process: int
    port: int

    def asked(self, shape: str, variables: Mapping[str, Any]) -> bytes:
        """The body of a question of one shape."""
        document = DOCUMENTS[shape]
        given = dict(variables)
        if "$day" in document:
            given["day"] = datetime.now(SHANGHAI).date().isoformat()
        return orjson.dumps({"query": document, "variables": given})

    def post(self, body: bytes) -> bytes:
        return posted(self.port, "/", body)

    def spent(self) -> float:
        """Processor time of all its threads, in seconds (`proc_pid_stat(5)`: utime and stime)."""
        told = Path(f"/proc/{self.process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def apollo(address: Address, packages: Path) -> Iterator[Apollo]:
    """`packages`: the folder in which `npm install` put what `package.json` names."""
    port = free_port()
    told = {"BOLT": address.uri, "LOGIN": address.username, "PASSWORD": address.password}
    program = packages / SOURCE.name
    program.write_bytes(SOURCE.read_bytes())  # Node looks for packages beside the program
    process = subprocess.Popen(
        ["node", program],
        env={**os.environ, **told, "DATABASE": address.database, "PORT": str(port), "NODE_ENV": "production"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", "the peer does not start"
        yield Apollo(process.pid, port)
    finally:
        process.terminate()
        process.wait(10)
