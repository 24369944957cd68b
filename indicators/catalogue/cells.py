"""What a file holds, cell by cell, whatever program wrote it; and how a file's faults are told."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from indicators.kinds import Severity
from indicators.words import clean

_BREAK = re.compile("\r\n?|[\x0b\x0c]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


class BadFile(ValueError):
    """The file as a whole cannot be taken; the message is a Vietnamese sentence that says what was
    found and what to do."""


class Odd(Enum):
    """How a cell was held when not as plain text; the sentence that says what to do about it."""

    FORMULA = (
        "Ô chứa công thức, không phải giá trị. Hãy chép ô rồi dán lại chỉ giá trị (Paste Values)."
    )
    ERROR = "Ô đang báo lỗi của Excel. Hãy gõ lại nội dung đúng."
    DATE = (
        "Excel đã đổi nội dung ô thành ngày giờ. Hãy định dạng ô là Văn bản (Text) rồi gõ lại như"
        " trên giấy."
    )
    FLAG = "Ô là giá trị đúng/sai của Excel. Hãy gõ lại bằng chữ."
    CONTROL = "Ô có ký tự điều khiển không nhìn thấy, đã bỏ đi. Hãy xem lại nội dung ô."
    # These two are wrong only in a column that numbers the rows.
    NUMBER = (
        "{} ô của cột «{}» là số thập phân, không phải chữ ({}): nếu trên giấy là 1.10 thì Excel đã"
        " bỏ số 0 cuối. Hãy xem lại; nếu sai thì định dạng cột là Văn bản (Text) rồi gõ lại."
    )
    COUNTED = (
        "{} ô của cột «{}» do Word tự đánh số ({}), nên trong tệp không có chữ của số ấy. Hãy chép"
        " cả bảng trong Word rồi dán vào ô dán bảng: khi dán, số thứ tự được chép thành chữ."
    )


_TOGETHER = (Odd.NUMBER, Odd.COUNTED)


class Cell(NamedTuple):
    """One cell: its text, NFC and without unseen signs, and how it looked."""

    text: str = ""
    odd: Odd | None = None
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet or table. Rows come with their number in the file, from 1."""

    name: str
    rows: Sequence[tuple[int, Sequence[Cell]]]
    # The rows are those of a sheet, whose cells people call "B12"; else of a table in a text.
    lettered: bool = True
    # Ranges of merged cells (first row, first column, last row, last column) and rows not shown.
    merged: Sequence[tuple[int, int, int, int]] = ()
    hidden: Sequence[int] = ()
    is_hidden: bool = False
    # The lines of text before the table.
    above: Sequence[str] = ()

    def place(self, number: int, column: int) -> str:
        """Return what people call a cell; ``column`` is counted from 0.

        >>> Grid("Bảng", ()).place(12, 1)
        'B12'
        """
        return f"{get_column_letter(column + 1)}{number}" if self.lettered else f"dòng {number}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file: where, what was found there, and what to do."""

    sheet: str
    cell: str
    found: str
    sentence: str
    severity: Severity = Severity.ERROR


@lru_cache(maxsize=1_000)  # most cells of a form say what another one says
def written(text: str, *, bold: bool = False, italic: bool = False) -> Cell:
    """Return the cell that holds ``text``, made safe to keep."""
    broken = _BREAK.sub("\n", text)
    return Cell(clean(broken), Odd.CONTROL if _CONTROL.search(broken) else None, bold, italic)


def cell_faults(
    grid: Grid, column: int, title: str, *, first: int, harmless: Collection[Odd]
) -> Iterator[Fault]:
    """Yield what is odd in one column from row ``first`` on, but for what is ``harmless`` there."""
    found = [
        (grid.place(number, column), cells[column].text, cells[column].odd)
        for number, cells in grid.rows
        if number >= first and column < len(cells)
    ]
    odd = [(place, text, how) for place, text, how in found if how and how not in harmless]
    for place, text, how in odd:
        if how not in _TOGETHER:
            severity = Severity.WARNING if how is Odd.CONTROL else Severity.ERROR
            yield Fault(grid.name, place, text, how.value, severity)
    # A paper has dozens of these: one fault tells them all.
    for how in _TOGETHER:
        places = [place for place, _, this in odd if this is how]
        if places:
            texts = [text for _, text, this in odd if this is how]
            yield Fault(
                grid.name,
                places[0],
                _listed(texts),
                how.value.format(len(places), title, _listed(places)),
                Severity.WARNING if how is Odd.NUMBER else Severity.ERROR,
            )


def _listed(texts: Sequence[str], most: int = 12) -> str:
    said = [text for text in texts if text]
    return ", ".join(said[:most]) + (", …" if len(said) > most else "")
