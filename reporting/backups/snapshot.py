"""What is read of a database as a backup has it, whichever database that is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from reporting.backups.manifest import Table

# Who was signed in signs in again: a stolen backup must not let anybody in as they.
LEFT_OUT = ("django_session",)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``rows`` answers a query from the very moment that the dump is of."""

    rows: Callable[[str], list[tuple[Any, ...]]]
    tables: Mapping[str, Table]


def differing(found: Mapping[str, Table], expected: Mapping[str, Table]) -> str:
    """Return the names of the tables that are not the same in both, "" where all are."""
    names = sorted({*found, *expected})
    return ", ".join(name for name in names if found.get(name) != expected.get(name))
