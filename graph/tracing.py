"""Where the time of an answer goes, told to OpenTelemetry when an operator has set it up, and free when not.

It must not know exporters or an SDK, and is given no value anybody asked for or was answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Final

from opentelemetry import context, propagate, trace
from opentelemetry.trace import SpanKind, StatusCode

TRACER: Final = trace.get_tracer("creditgraph")
NOTHING: Final[AbstractContextManager[None]] = nullcontext()


def recording() -> bool:
    """Whether somebody has set a provider: without one a span still costs 10 µs, and a request has five.

    The library's own question looks into the environment each time; getting the tracer has done that once.
    """
    return trace._TRACER_PROVIDER is not None


def span(name: str, **attributes: str | int | bool) -> AbstractContextManager[Any]:
    """A part of what is going on: `parse`, `plan`, `statement`, `serialise`."""
    if not recording():
        return NOTHING
    return TRACER.start_as_current_span(name, attributes=attributes)


@contextmanager
def served(name: str, headers: Mapping[str, str]) -> Iterator[trace.Span]:
    """The whole of a request, below the span its `traceparent` header names."""
    if not recording():
        yield trace.INVALID_SPAN
        return
    token = context.attach(propagate.extract(headers))
    try:
        with TRACER.start_as_current_span(name, kind=SpanKind.SERVER) as found:
            yield found
    finally:
        context.detach(token)


def failed(found: trace.Span, code: str) -> None:
    found.set_status(StatusCode.ERROR, code)
