"""Asking a Bolt port whether it is *our* child that answers; it must not know how the child was started.

On an occupied port an older server answers at once, so the answer has to name the child's process number.
"""

from __future__ import annotations

import socket
from typing import Final, LiteralString

from neo4j import Driver, GraphDatabase
from neo4j.exceptions import AuthError, DatabaseError, DatabaseUnavailable, DriverError, Neo4jError

from graph.store.embedded.home import DATABASE, USERNAME

PROCESS: Final = "CALL dbms.queryJmx('java.lang:type=Runtime') YIELD attributes RETURN attributes.Pid.value AS pid"
STORE: Final = "CALL db.info() YIELD id RETURN id"
CONNECT_SECONDS: Final = 2.0


class PasswordRefused(Exception):
    """The server on the port does not know the home's password."""


def listening(port: int, timeout_seconds: float = 0.5) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout_seconds):
            return True
    except OSError:
        return False


def store_id(port: int, password: str, pid: int) -> str | None:
    """The store id of the server on the port when it is process `pid` and its database is open, else None."""
    if not listening(port):
        return None
    with _driver(port, password) as driver:
        try:
            found, _, _ = driver.execute_query(PROCESS, database_=DATABASE)
            if [record["pid"] for record in found] != [pid]:
                return None
            store, _, _ = driver.execute_query(STORE, database_=DATABASE)
            return str(store[0]["id"])
        except AuthError as error:
            raise PasswordRefused from error
        except (DriverError, Neo4jError, OSError):
            return None


def refuses(port: int, password: str) -> bool:
    """Whether the server is up and its database begins no transaction: it gave up and has to be started again."""
    with _driver(port, password) as driver:
        try:
            driver.execute_query("RETURN 1", database_=DATABASE)
        except (DatabaseError, DatabaseUnavailable):
            return True
        except (DriverError, Neo4jError, OSError):
            return False
    return False


def exercise(port: int, statements: tuple[LiteralString, ...]) -> None:
    """Run statements for the sake of the classes they load, on a scratch server without passwords."""
    with _driver(port, "") as driver:
        for statement in statements:
            driver.execute_query(statement, database_=DATABASE)


def _driver(port: int, password: str) -> Driver:
    return GraphDatabase.driver(
        f"bolt://127.0.0.1:{port}",
        auth=(USERNAME, password) if password else None,
        connection_timeout=CONNECT_SECONDS,
        connection_acquisition_timeout=CONNECT_SECONDS,
        max_transaction_retry_time=0,
        notifications_min_severity="OFF",
        telemetry_disabled=True,
    )


def free_port(preferred: int | None = None) -> int:
    """The preferred port when nobody has it, else any; between here and the bind another process may still take it."""
    for port in (preferred, 0):
        if port is None:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Java does: TIME_WAIT is not occupied
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port")
