"""The database itself refuses to change or take away a publication or a note of reconciliation."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("publication", "settlement")
SENTENCE = "a line of the record is never changed and never taken away"


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """On PostgreSQL the function that refuses is there since 0007."""
    for name in TABLES:
        table = f"reporting_{name}"
        if schema_editor.connection.vendor == "sqlite":
            for act in ("update", "delete"):
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table}"
                    f" BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
                )
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION reporting_record_only_grows()"
            )


def unguard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name in TABLES:
        table = f"reporting_{name}"
        if schema_editor.connection.vendor == "sqlite":
            for act in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act}")
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_only_grows ON {table}")


class Migration(migrations.Migration):
    dependencies = [("reporting", "0012_publications")]

    operations = [migrations.RunPython(guard, unguard)]
