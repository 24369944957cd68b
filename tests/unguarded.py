"""The guards of the record set aside: between tests, and where a test makes up another past."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def unguarded(database: BaseDatabaseWrapper | None = None) -> Iterator[None]:
    """Let lines of the record be changed and taken away inside, as no part of the portal can."""
    database = database or connection
    with database.cursor() as cursor:
        if database.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            guards = cursor.fetchall()
            off = [f"DROP TRIGGER {name}" for name, _ in guards]
            on = [sql for _, sql in guards]
        else:
            cursor.execute(
                "SELECT DISTINCT event_object_table FROM information_schema.triggers"
                " WHERE trigger_name LIKE '%only_grows'"
            )
            tables = [table for (table,) in cursor.fetchall()]
            off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
            on = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
        for statement in off:
            cursor.execute(statement)
    try:
        yield
    finally:
        with database.cursor() as cursor:
            for statement in on:
                cursor.execute(statement)
