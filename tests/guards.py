"""The guards of the record in the database of the tests, and how they stand aside."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

_FUNCTIONS = "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname LIKE '%%_record_only_grows'"
_OPEN = (
    "BEGIN IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END"  # what plpgsql lets pass
)


def guarded_tables() -> dict[str, set[str]]:
    """Return the tables whose lines the database keeps, each with the acts that it refuses."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger"
                " WHERE NOT tgisinternal AND tgenabled <> 'D'"
            )
        for table, definition in cursor.fetchall():
            acts = {act for act in ("UPDATE", "DELETE") if act in definition.split(" ON ")[0]}
            found.setdefault(table, set()).update(acts)
    return found


@contextmanager
def record_open(on: BaseDatabaseWrapper = connection) -> Iterator[None]:
    """Let lines of the record be changed and taken away: to make a database of before, or to empty
    one between two tests. Nothing but tests ever does."""
    with on.cursor() as cursor:
        if on.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            guards = cursor.fetchall()
            for name, _ in guards:
                cursor.execute(f"DROP TRIGGER {name}")
            yield
            for _, sql in guards:
                cursor.execute(sql)
            return
        cursor.execute(_FUNCTIONS)
        guards = cursor.fetchall()
        for (definition,) in guards:
            head, _, _ = definition.partition("AS $function$")
            cursor.execute(f"{head} AS $function$ {_OPEN} $function$")
        yield
        for (definition,) in guards:
            cursor.execute(definition)
