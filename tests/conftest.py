"""The test database with the real catalogue in it, and the cast of every test."""

from collections.abc import Iterable
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.creation import BaseDatabaseCreation
from django.db.backends.base.operations import BaseDatabaseOperations
from hypothesis import settings
from pytest_django.plugin import DjangoDbBlocker

from tests.guards import record_open
from tests.scenes import COMMITS, SCENES, scene_of

# A busy machine is no failure, and nothing is kept in the checkout.
settings.register_profile("portal", deadline=None, database=None)
settings.load_profile("portal")

pytest_plugins = ["tests.cast", "tests.golden", "tests.stage", "tests.two_provinces"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Load the five real forms once: a published version never changes."""
    with django_db_blocker.unblock():
        call_command("load_catalogue", stdout=StringIO())
        # What a test with real commits empties is put back from here, under the same ids. The
        # class has it too: inside Playwright's event loop Django makes a connection of its own.
        contents = connection.creation.serialize_db_to_string()
        _let_tests_put_the_record_back()
        for owner in (connection, type(connections[DEFAULT_DB_ALIAS])):
            owner._test_serialized_contents = contents  # type: ignore[union-attr]


def _let_tests_put_the_record_back() -> None:
    """Between two tests with real commits, and only there, the guards of the record stand aside:
    SQLite empties a table by deleting its lines, and what is put back may be there already."""
    flush = type(connection.ops).execute_sql_flush
    put_back = type(connection.creation).deserialize_db_from_string

    def unguarded_flush(self: BaseDatabaseOperations, sql_list: Iterable[str]) -> None:
        with record_open(self.connection):
            flush(self, sql_list)

    def unguarded_put_back(self: BaseDatabaseCreation, data: str) -> None:
        with record_open(self.connection):
            put_back(self, data)

    type(connection.ops).execute_sql_flush = unguarded_flush  # type: ignore[method-assign]
    type(connection.creation).deserialize_db_from_string = (  # type: ignore[method-assign]
        unguarded_put_back
    )


@pytest.hookimpl(tryfirst=True)  # before the tests are chosen by their marks
def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Mark what needs a database, which is all that runs on a second one. Give every test with
    real commits the catalogue, which the one before it has emptied. Let tests of one scene follow
    each other."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker or {"db", "transactional_db"}.intersection(item.fixturenames):
            item.add_marker("database")
            item.fixturenames.insert(0, "scene")
        commits = marker is not None and marker.kwargs.get("transaction", False)
        if commits or {"transactional_db", "live_server"}.intersection(item.fixturenames):
            item.fixturenames.append(COMMITS)
    items.sort(key=lambda item: (*SCENES, "").index(scene_of(item.fixturenames)))
