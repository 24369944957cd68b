"""What stood in the cells of a report at a moment, from the record of its changes alone."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from reporting.snapshot import Cell, from_record


class Change(NamedTuple):
    """One change of a cell as the record keeps it; ``after`` None: the cell is not there."""

    key: str
    at: datetime
    after: Mapping[str, Any] | None


def cells_at(changes: Iterable[Change], moment: datetime) -> dict[str, Cell]:
    """Return the cells that were there at ``moment``, what changed in that moment included, from
    all changes of a report in the order in which they were made."""
    last = {change.key: change.after for change in changes if change.at <= moment}
    return {key: from_record(after) for key, after in last.items() if after is not None}
