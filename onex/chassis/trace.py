"""One trace id follows a request through every service it touches (W3C Trace Context)."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# Section 3.2 of the recommendation: ids of nothing but zeros are not valid.
_TRACEPARENT = re.compile(r"^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}\Z")
_current: ContextVar[str | None] = ContextVar("traceparent", default=None)


def new_traceparent() -> str:
    """A `traceparent` header value with a new trace id."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def current() -> str:
    """The traceparent in force here; a new one where there is none."""
    return _current.get() or new_traceparent()


def trace_id(traceparent: str | None) -> str | None:
    """The 32 hexadecimal digits that name the trace, or None when it cannot be read."""
    match = _TRACEPARENT.match(traceparent or "")
    return match.group(1) if match else None


def current_trace_id() -> str | None:
    return trace_id(_current.get())


@contextmanager
def follow(traceparent: str | None) -> Iterator[str]:
    """Work under the given traceparent (a new one when it is missing or malformed)."""
    value = traceparent if traceparent and trace_id(traceparent) else new_traceparent()
    token = _current.set(value)
    try:
        yield value
    finally:
        _current.reset(token)
