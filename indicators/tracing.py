"""Which request the work of this moment belongs to: the record keeps it beside every act."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

LONGEST = 40
_NAME = re.compile(r"[A-Za-z0-9._-]{8,40}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """Return the name of the request, job or command under way; empty where there is none."""
    return _current.get()


@contextmanager
def traced(name: str) -> Iterator[str]:
    """Give everything that is written inside the name of one request."""
    name = name[:LONGEST]
    token = _current.set(name)
    try:
        yield name
    finally:
        _current.reset(token)


def request_name(given: str) -> str:
    """Return ``given`` where it can be a request's name (a proxy's own), else a new one.

    >>> request_name("b7c1f0a2-7d11"), len(request_name("no such\\nname"))
    ('b7c1f0a2-7d11', 16)
    """
    return given if _NAME.fullmatch(given) else uuid4().hex[:16]
