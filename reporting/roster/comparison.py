"""What a list of agencies would change in the province."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporting.roster.columns import COLUMNS, TITLES, Line, shown

BLANK = "trống"


@dataclass(frozen=True, slots=True)
class Changed:
    """One agency that is there and would become another: title, before and after of each cell."""

    line: Line
    cells: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is new, what changes, how many lines are as they stand, how many agencies of the
    province the list leaves out."""

    new: Sequence[Line]
    changed: Sequence[Changed]
    same: int
    absent: int

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.changed)


def compare(lines: Sequence[Line], tree: Mapping[str, Line]) -> Comparison:
    """Return what ``lines`` would make of the agencies that are in ``tree`` by their codes."""
    there = [line for line in lines if line["code"] in tree]
    changed = [
        Changed(line, cells) for line in there if (cells := _cells(tree[line["code"]], line))
    ]
    return Comparison(
        new=[line for line in lines if line["code"] not in tree],
        changed=changed,
        same=len(there) - len(changed),
        absent=len(tree.keys() - {line["code"] for line in lines}),
    )


def _cells(old: Line, new: Line) -> list[tuple[str, str, str]]:
    return [
        (TITLES[column], shown(column, old[column]) or BLANK, shown(column, new[column]) or BLANK)
        for column in COLUMNS
        if old[column] != new[column]
    ]
