"""What one official handing in consists of, as the text that its hash is of; and two compared."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from indicators.definition import FormDefinition, RowDefinition
from indicators.kinds import Capacity
from reporting.snapshot import (
    EMPTY,
    Cell,
    FigureStatus,
    SubmissionSnapshot,
    from_record,
    recorded,
)

# The first thing that the text says, so that a later way of writing it is known by it.
SCHEME = 1


@dataclass(frozen=True, slots=True)
class Filed:
    """What is frozen beside the figures."""

    round: str
    agency: str
    agency_name: str
    form: str
    form_hash: str
    capacity: str
    report_number: str = ""
    report_date: date | None = None
    signer_title: str = ""
    signer_name: str = ""
    received_on: date | None = None


def whose(agency: str, capacity: str) -> str:
    """Call a report by whose figures it holds.

    >>> whose("Sở Nội vụ", "own"), whose("Sở Nội vụ", "province")
    ('Sở Nội vụ', 'Sở Nội vụ (số của toàn tỉnh)')
    """
    return f"{agency} (số của toàn tỉnh)" if capacity == Capacity.PROVINCE else agency


def content_of(filed: Filed, snapshot: SubmissionSnapshot) -> str:
    """Return the canonical text of a handing in: the same figures give the same bytes, on any
    database, in any year."""
    about = {name: _text(getattr(filed, name)) for name in Filed.__dataclass_fields__}
    figures = {key: recorded(cell) for key, cell in snapshot.cells.items() if not cell.is_empty}
    return json.dumps(
        {"scheme": SCHEME, "about": about, "figures": figures},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def sha256_of(content: str) -> str:
    """Return the hash of a canonical text, as 64 hexadecimal digits."""
    return hashlib.sha256(content.encode("utf-8")).hexdigest()


def cells_of(content: str) -> Mapping[str, Cell]:
    """Return the cells, by row key, that were frozen in a canonical text."""
    found: Mapping[str, Any] = json.loads(content)
    return {key: from_record(entries) for key, entries in found["figures"].items()}


def about_of(content: str) -> Mapping[str, str]:
    """Return what stood beside the figures, by the names of ``Filed``."""
    found: Mapping[str, str] = json.loads(content)["about"]
    return found


def is_nil(snapshot: SubmissionSnapshot) -> bool:
    """Say that the report answers everything with «không phát sinh»: nothing else is in it."""
    answered = [cell for cell in snapshot.cells.values() if cell.is_answered]
    silent = {FigureStatus.NIL, FigureStatus.OUT_OF_SCOPE}
    return any(cell.status is FigureStatus.NIL for cell in answered) and all(
        cell.status in silent for cell in answered
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that two handings in answer differently."""

    row: RowDefinition
    before: Cell
    after: Cell


def differences(
    form: FormDefinition, before: Mapping[str, Cell], after: Mapping[str, Cell]
) -> Sequence[Difference]:
    """Return what changed between two states of one report, in the order of the form."""
    return [
        Difference(row, was, now)
        for row in form.rows
        if not (was := before.get(row.key, EMPTY)).says_same_as(now := after.get(row.key, EMPTY))
    ]
