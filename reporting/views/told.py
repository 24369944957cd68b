"""Rows that an act on many rows left as they stood, each with the sentence why."""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.definition import RowDefinition
from reporting.actions.figures import Saved
from reporting.entry import box_text
from reporting.snapshot import Cell


@dataclass(frozen=True, slots=True)
class Told:
    """One row that was left alone."""

    row: RowDefinition
    sentence: str


def filled_meanwhile(saved: Saved) -> Sequence[Told]:
    """Tell of each row that somebody else has filled in since the page was drawn."""
    rows = saved.now.form.by_key
    return [
        Told(
            rows[conflict.key],
            f"{conflict.by} đã ghi «{in_words(conflict.theirs, rows[conflict.key])}» lúc"
            f" {conflict.at:%H:%M ngày %d/%m/%Y}, sau khi ông/bà mở trang; giữ nguyên số đó.",
        )
        for conflict in saved.conflicts
    ]


def in_words(cell: Cell, row: RowDefinition) -> str:
    """Return what stands in the box of ``row``; an answer by code is followed by its words."""
    option = row.option(cell.choice) if cell.choice else None
    text = box_text(cell, row) or "trống"
    return f"{text} = {option.label}" if option else text
