"""The test database with the real catalogue in it, and the cast of every test."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

pytest_plugins = ["tests.cast", "tests.golden"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Load the five real forms once: a published version never changes."""
    with django_db_blocker.unblock():
        call_command("load_catalogue", stdout=StringIO())
        # What a test with real commits empties is put back from here, under the same ids.
        connection._test_serialized_contents = connection.creation.serialize_db_to_string()


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Give every test with real commits the catalogue, which the one before it has emptied."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        commits = marker is not None and marker.kwargs.get("transaction", False)
        if commits or {"transactional_db", "live_server"}.intersection(item.fixturenames):
            item.fixturenames.append("django_db_serialized_rollback")
