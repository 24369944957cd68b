"""The database itself refuses to change or take away a line of the record."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = (
    "checkedfinding",
    "checkedfinding_answers",
    "checkrun",
    "exportrecord",
    "figurechange",
    "filing",
    "findinganswer",
    "recordline",
    "transition",
)
SENTENCE = "a line of the record is never changed and never taken away"


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
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
                "CREATE OR REPLACE FUNCTION reporting_record_only_grows() RETURNS trigger AS"
                f" $$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$ LANGUAGE plpgsql"
            )
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
    dependencies = [("reporting", "0006_fill_new_columns")]

    operations = [migrations.RunPython(guard, unguard)]
