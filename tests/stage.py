"""What many tests begin with, entered once for all of them.

Tests that ask for the same scene run one after the other inside one transaction that holds it;
each has a savepoint of its own, which pytest-django takes back. All others begin with nothing but
the catalogue.
"""

import pickle
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from tests.cast import Cast
from tests.scenes import scene_of


class Stage:
    """What stands before a test begins."""

    def __init__(self, blocker: DjangoDbBlocker) -> None:
        self._blocker = blocker
        self._transaction = ExitStack()
        self._cast = pickle.dumps(Cast())
        self._stands: tuple[str, date | None] = ("", None)

    def set(self, scene: str) -> None:
        """Let a scene stand; after midnight anew, for the days of a round are counted from it."""
        wanted = (scene, timezone.localdate() if scene else None)
        if self._stands == wanted and not connection.closed_in_transaction:
            return
        cast = Cast()
        with self._blocker.unblock():
            self._transaction.close()
            if scene:
                self._transaction.enter_context(transaction.atomic())
                self._transaction.callback(transaction.set_rollback, True)
                getattr(cast, scene)
                assert cast.report.pk  # which nearly all of them ask for
        self._cast, self._stands = pickle.dumps(cast), wanted

    def cast(self) -> Cast:
        """Return everybody who is there, untouched."""
        found: Cast = pickle.loads(self._cast)  # noqa: S301 - our own
        return found


@pytest.fixture(scope="session")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    stage = Stage(django_db_blocker)
    yield stage
    stage.set("")


@pytest.fixture
def scene(stage: Stage, request: pytest.FixtureRequest) -> None:
    """The scene of the test; tests/conftest.py puts it before the savepoint of the test."""
    stage.set(scene_of(request.fixturenames))


@pytest.fixture
def bare_stage() -> None:
    """Nothing but the catalogue, although the round is asked for: it opens after what the test
    enters first."""


@pytest.fixture
def cast(stage: Stage, db: None) -> Cast:
    return stage.cast()
