"""What the driver says went wrong, in our own words; its text stays in the log, and only where it quotes no value.

It must not know what was asked nor whether it is asked again.
"""

from __future__ import annotations

import logging
from typing import Final, NoReturn

from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConnectionAcquisitionTimeoutError,
    ConstraintError,
    DriverError,
    Neo4jError,
)

from graph.errors import Conflict, GraphError, TimedOut, Unavailable

LOG: Final = logging.getLogger("creditgraph.store")
AWAY: Final = "数据库不可用,请稍后再试 / the database is not available, ask again later"
# Two processes that prepare one database meet here: IF NOT EXISTS is asked before, not while, the rule is made.
MADE_MEANWHILE: Final = frozenset(
    f"Neo.{each}"
    for each in (
        "ClientError.Schema.EquivalentSchemaRuleAlreadyExists",
        "ClientError.Schema.ConstraintAlreadyExists",
        "ClientError.Schema.ConstraintWithNameAlreadyExists",
        "ClientError.Schema.IndexAlreadyExists",
        "ClientError.Schema.IndexWithNameAlreadyExists",
        "ClientError.Schema.IndexNotFound",
        "DatabaseError.Schema.ConstraintCreationFailed",
        "DatabaseError.Schema.IndexDropFailed",
    )
)
TIMED_OUT: Final = frozenset(
    {
        "Neo.ClientError.Transaction.TransactionTimedOut",
        "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration",
    }
)


def fail(error: DriverError | Neo4jError) -> NoReturn:
    """Our error for the driver's, by its class and code."""
    note(error)
    if isinstance(error, Neo4jError) and error.code in TIMED_OUT:
        raise TimedOut("查询超时 / the statement took too long") from None
    if isinstance(error, AuthError):
        raise Unavailable("数据库拒绝登录 / the database refused the login: check user name and password") from None
    if isinstance(error, ConstraintError) or getattr(error, "code", None) in MADE_MEANWHILE:
        raise Conflict("与已有数据冲突 / this conflicts with what is stored") from None
    if isinstance(error, ConnectionAcquisitionTimeoutError) or error.is_retryable():
        raise Unavailable(AWAY) from None
    raise GraphError("内部错误 / internal error") from None


def note(error: BaseException) -> None:
    """Class and code; the text only of our own errors and of a faulty statement, which quotes Cypher and no value."""
    code = getattr(error, "code", None) or getattr(error, "gql_status", "")
    telling = isinstance(error, GraphError | ClientError) and not isinstance(error, ConstraintError | AuthError)
    LOG.warning("%s %s %s", type(error).__name__, code, error if telling else "")
