"""Databases for measuring, of the kind that DATABASE_URL names: one that is thrown away, and a twin
beside it, so that the same work is done in either by turns."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def throwaway() -> Iterator[BaseDatabaseWrapper]:
    """Work in an empty database with the portal's tables, which is removed at the end."""
    connection = connections["default"]
    name = str(connection.settings_dict["NAME"])
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield connection
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


@contextmanager
def twin(connection: BaseDatabaseWrapper, name: str = "twin") -> Iterator[BaseDatabaseWrapper]:
    """Work with a copy of a database as it stands, which is removed at the end."""
    connection.close()  # PostgreSQL copies only what nobody is connected to
    connection.creation.clone_test_db(name, verbosity=0, autoclobber=True)
    copy = connection.copy()
    copy.settings_dict = connection.creation.get_test_db_clone_settings(name)
    try:
        yield copy
    finally:
        copy.close()
        connection.creation.destroy_test_db(suffix=name, verbosity=0)


@contextmanager
def within(database: BaseDatabaseWrapper) -> Iterator[None]:
    """Let everything that the portal reads and writes be in ``database``."""
    outside = connections["default"]
    connections["default"] = database
    try:
        yield
    finally:
        connections["default"] = outside


def settle(database: BaseDatabaseWrapper) -> None:
    """Leave the tables as a server's own upkeep does, which does not wait for a measurement."""
    with database.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if database.vendor == "postgresql" else "ANALYZE")


def size(database: BaseDatabaseWrapper) -> int:
    """Return the bytes that the database takes."""
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])
