"""Which pages a replica of the database may answer, and when it is fresh enough to (ADR 31)."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse

from cchc_portal.errors import is_of_a_database_away

logger = logging.getLogger(__name__)

REPLICA = "replica"
# Pages that show a whole province or more and that nobody types into, by the names of their
# addresses. Whoever has just written reads what they wrote from the primary all the same.
PAGES = frozenset(
    {
        "agency-track",
        "board",
        "breakdown",
        "journal",
        "matrix",
        "over-time",
        "overview",
        "publication",
        "publication-row",
        "ranking",
        "table",
        "trend",
    }
)
# How old, in seconds, what a replica tells may be; how often that is asked, and how soon again
# where the replica does not answer.
OLDEST, ASKED_EVERY, ASKED_AGAIN = 5.0, 1.0, 5.0
# So long after writing something a browser reads from the primary: longer than all of those.
WROTE, WROTE_FOR = "da-ghi", 10

_is_reading: ContextVar[bool] = ContextVar("is_reading", default=False)


class Router:
    """Sends what a reading page reads to the replica, unless it stands in a transaction. All else
    is named the primary's: of what is left open, Django asks where the object at hand came from."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:  # noqa: ARG002
        in_transaction = connections[DEFAULT_DB_ALIAS].in_atomic_block
        return REPLICA if _is_reading.get() and not in_transaction else DEFAULT_DB_ALIAS

    def db_for_write(self, model: type[Model], **hints: Any) -> str:  # noqa: ARG002
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:  # noqa: ARG002
        """Both databases hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:  # noqa: ARG002
        return False if db == REPLICA else None


class ReadFromReplica:
    """Let the replica answer a reading page where it can; where it fails half-way, or does not know
    yet what is asked for, the page is made again by the primary. The last of all middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method not in {"GET", "HEAD", "OPTIONS"}:
            response.set_cookie(
                WROTE,
                "1",
                max_age=WROTE_FOR,
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        at = request.resolver_match
        is_page = at is not None and at.view_name in PAGES and request.method in {"GET", "HEAD"}
        if not is_page or WROTE in request.COOKIES or not freshness.is_enough():
            return None
        if request.user.is_authenticated:
            _ = request.user.roles_held  # the account keeps them: they are the primary's
        try:
            with _reading():
                return view(request, *args, **kwargs)
        except Http404:
            return None
        except Error as fault:
            if not is_of_a_database_away(fault):
                raise
            freshness.fail(fault)
            return None


@contextmanager
def _reading() -> Iterator[None]:
    token = _is_reading.set(True)
    try:
        yield
    finally:
        _is_reading.reset(token)


@dataclass(slots=True)
class Freshness:
    """What this process knows of the replica: as of when (by the clock of this machine) it is known
    to have everything, and the next position of the primary's log to wait for.

    >>> known = Freshness()
    >>> known.learn(now=10.0, written=700, replayed=700)  # it has all there is
    >>> known.learn(now=11.0, written=900, replayed=800)  # and a second later all there was
    >>> known.as_of
    10.0
    >>> known.learn(now=12.0, written=950, replayed=900)
    >>> known.as_of
    11.0
    """

    as_of: float = float("-inf")
    goal: int = 0
    goal_at: float = float("-inf")
    next_asked: float = float("-inf")

    def is_enough(self) -> bool:
        now = time.monotonic()
        if now >= self.next_asked:
            self.next_asked = now + ASKED_EVERY
            try:
                self.learn(now=now, written=_written(), replayed=_replayed())
            except Error as fault:
                if not is_of_a_database_away(fault):
                    raise
                self.fail(fault)
        return now - self.as_of <= OLDEST

    def learn(self, *, now: float, written: int, replayed: int) -> None:
        """Take in how far the primary had written at ``now`` and how far, just after, the replica
        has come."""
        if replayed >= written:
            self.as_of = now
        elif replayed >= self.goal:
            self.as_of = self.goal_at
        if replayed >= self.goal:
            self.goal, self.goal_at = written, now

    def fail(self, fault: Exception) -> None:
        """Leave the replica alone for a while."""
        logger.warning("the replica does not answer: %s", fault)
        connections[REPLICA].close()
        self.as_of = float("-inf")
        self.next_asked = time.monotonic() + ASKED_AGAIN


freshness = Freshness()


def _written() -> int:
    return _position(DEFAULT_DB_ALIAS, "pg_current_wal_lsn()")


def _replayed() -> int:
    return _position(REPLICA, "pg_last_wal_replay_lsn()")


def _position(alias: str, function: str) -> int:
    """Return a position in the primary's log, in bytes. A replica that was made a server of its own
    has none, and is behind for ever."""
    with connections[alias].cursor() as cursor:
        cursor.execute(f"SELECT ({function} - '0/0'::pg_lsn)::bigint")
        position: int | None = cursor.fetchone()[0]
    return position or 0


def standing() -> str:
    """Say whether pages are read from the replica: "ok", "late" or "failed"."""
    if freshness.is_enough():
        return "ok"
    return "failed" if freshness.as_of == float("-inf") else "late"
