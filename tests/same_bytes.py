"""The example data published on SQLite and on PostgreSQL: the same bytes, and derived again.

    python -m tests.same_bytes

Loads the example into a throwaway database of each kind, all of it at the same moment, publishes
every round by the forms it was filled in, derives each publication again by the written rules
(tests/rederive) and compares the two texts. Exits with 1 where anything differs, with 75 where no
PostgreSQL can be had.
"""

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

os.environ["DEBUG"] = "off"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from reporting.models import Round
from tests.cast import published
from tests.rederive.comparing import Comparison
from tests.twins import throwaway

# Which rounds the example has depends on the day.
MOMENT = datetime(2026, 11, 28, 2, tzinfo=UTC)
ROOT = Path(__file__).parents[1]
MOST_TOLD = 5
Publications = dict[str, dict[str, Any]]


def main(arguments: list[str]) -> int:
    if arguments:
        Path(arguments[0]).write_text(json.dumps(example()), encoding="utf-8")
        return 0
    with tempfile.TemporaryDirectory(prefix="cchc-bytes-") as folder:
        found = []
        for place, before in enumerate(([], ["tests/with_postgres.py"])):
            target = Path(folder) / f"{place}.json"
            code = published_into(target, before)
            if code:
                return code
            found.append(json.loads(target.read_text(encoding="utf-8")))
    return compared(*found)


def published_into(target: Path, before: list[str]) -> int:
    variables = {name: said for name, said in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "tests.same_bytes", str(target)]
    if before:
        command = [sys.executable, *before, *command]
    return subprocess.call(command, cwd=ROOT, env=variables)


def example() -> Publications:
    """Load the example into a database of its own and publish it."""
    timezone.now = lambda: MOMENT
    with throwaway():
        for command in ("load_catalogue", "load_demo"):
            call_command(command, stdout=StringIO())
        rounds = Round.objects.select_related("province").order_by("code")
        return {
            f"{round_.code} {layout}": publication(round_, layout)
            for round_ in rounds
            for layout in sorted(
                set(round_.submissions.values_list("form_version__code", flat=True))
            )
        }


def publication(round_: Round, layout: str) -> dict[str, Any]:
    content = published(round_, layout, reason="Cộng lại.").content
    found = Comparison(round_.code, layout)
    return {
        "vendor": connection.vendor,
        "content": content,
        "lines": len(found.lines),
        "differences": found.differences,
    }


def compared(one: Publications, other: Publications) -> int:
    wrong = int(one.keys() != other.keys())
    for name in sorted({*one, *other}):
        pair = [each[name] for each in (one, other) if name in each]
        marks = {sha256(each["content"].encode()).hexdigest() for each in pair}
        is_same = len(pair) == 2 and len(marks) == 1
        wrong += not is_same
        print(f"{name}: {'same bytes' if is_same else 'DIFFERENT BYTES'}, {pair[0]['lines']} lines")
        for mark in sorted(marks):
            print(f"  {mark}")
        for each in pair:
            wrong += len(each["differences"])
            told = each["differences"][:MOST_TOLD]
            print(
                f"  {each['vendor']}: {len(each['differences'])} differ when derived again", *told
            )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
