"""Write what a search looks through for the rows that are there."""

import re
import unicodedata

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

MARKS = re.compile("[\u0300-\u036f]")
NO_WORD = re.compile(r"[^\w%/+]+")


def lowered(text: str) -> str:
    return " ".join(NO_WORD.sub(" ", unicodedata.normalize("NFC", text.casefold())).split())


def folded(text: str) -> str:
    plain = MARKS.sub("", unicodedata.normalize("NFD", text.casefold()))
    return " ".join(NO_WORD.sub(" ", plain.replace("đ", "d")).split())


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("indicators", "Row").objects.all()
    for row in rows:
        words = " ".join((row.stt, row.label, row.unit))
        row.search = f"{lowered(words)} | {folded(words)}"
    rows.model.objects.bulk_update(rows, ["search"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_drafts_rules_functions_lineage")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
