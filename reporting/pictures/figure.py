"""A picture with the table behind it: what ``templates/pictures/figure.html`` shows."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the table; a figure stands to the right."""

    text: str
    href: str = ""
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """``svg`` is drawn by this package, and so escaped; the first cell of a row names it."""

    svg: str
    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""

    @property
    def columns(self) -> Sequence[tuple[str, bool]]:
        """The heads, each with whether figures stand under it; the first names its row."""
        numbers = (
            [cell.is_number for cell in self.rows[0]] if self.rows else [False] * len(self.head)
        )
        return list(zip(self.head, [False, *numbers[1:]], strict=True))
