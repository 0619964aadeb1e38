"""The one family of errors that leaves `graph`. It must not know how GraphQL or a command line prints them."""

from __future__ import annotations

from typing import ClassVar


class GraphError(Exception):
    """A refusal with a stable code (`api.md` 6); `message` is written for the person who asked.

    `argument` names the argument, key or line at fault where there is one.
    """

    code: ClassVar[str] = "INTERNAL"

    def __init__(self, message: str, *, argument: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.argument = argument


class Invalid(GraphError):
    code = "BAD_USER_INPUT"


class NotFound(GraphError):
    code = "NOT_FOUND"


class Forbidden(GraphError):
    code = "FORBIDDEN"


class Unauthenticated(GraphError):
    code = "UNAUTHENTICATED"


class LimitExceeded(GraphError):
    code = "LIMIT_EXCEEDED"


class Conflict(GraphError):
    code = "CONFLICT"


class Unavailable(GraphError):
    """The database cannot answer now; asking again later is right."""

    code = "UNAVAILABLE"


class TimedOut(GraphError):
    code = "TIMEOUT"
