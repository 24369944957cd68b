"""How one figure prints: the place where rounding happens, once, for page and file alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.definition import RowDefinition
from indicators.formulas import Ratio
from indicators.kinds import Kind
from reporting.calculations.totals import Total
from reporting.numbers import PRINTED_RATE_PLACES, decimals_of, rounded, write
from reporting.snapshot import Cell, Detail, FigureStatus, Reading, SubmissionSnapshot

UNDEFINED = "–"
COPIED = "Lấy lại số kỳ trước, chưa xem lại"


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """One cell ready to print: ``number`` is already rounded; without one, ``text`` is words."""

    text: str = ""
    number: Decimal | None = None

    @property
    def decimals(self) -> int:
        return 0 if self.number is None else decimals_of(self.number)

    @property
    def is_number(self) -> bool:
        return self.number is not None


BLANK = PrintedCell()
_PERCENT = Kind.PERCENT


def printed_number(number: Decimal, kind: Kind) -> PrintedCell:
    """Round half up to what a cell of ``kind`` prints: rates to two decimals, others as counted."""
    shown = rounded(number, PRINTED_RATE_PLACES) if kind is _PERCENT else number
    return PrintedCell(write(shown), shown)


def printed_figure(row: RowDefinition, snapshot: SubmissionSnapshot) -> PrintedCell:
    """Return what the figure of ``row`` prints in one submission."""
    cell = snapshot.cell(row.key)
    match cell.status:
        case FigureStatus.NIL | FigureStatus.OUT_OF_SCOPE:
            return PrintedCell(cell.status.label)
        case FigureStatus.REPORTED | FigureStatus.NOTE:
            pass
    if cell.choice:
        return PrintedCell(cell.choice, Decimal(cell.choice) if cell.choice.isdecimal() else None)
    if cell.text:
        return PrintedCell(cell.text)
    value = snapshot.value(row)
    if value is not None:
        return printed_number(value, row.kind)
    undefined = snapshot.parts(row).is_undefined and not snapshot.is_paper
    return PrintedCell(UNDEFINED) if undefined else BLANK


def printed_total(total: Total) -> PrintedCell:
    """Return what the province's figure of a row prints."""
    if total.answers:
        return PrintedCell(
            " / ".join(f"{answer.agencies} {answer.label}" for answer in total.answers)
        )
    if total.number is not None:
        return printed_number(total.number, total.row.kind)
    if total.parts is not None and total.parts.is_undefined:
        return PrintedCell(UNDEFINED)
    return PrintedCell(FigureStatus.NIL.label) if total.all_nil else BLANK


def coverage(total: Total) -> str:
    """Say on how many of how many agencies a total stands.

    It is empty for headings and says so for rows that are never added.
    """
    if total.row.kind is Kind.HEADING:
        return ""
    if not total.row.is_added:
        return "không cộng"
    return f"{total.reported}/{total.expected} đơn vị"


def written_parts(parts: Ratio | None) -> str:
    """Write the part and the whole behind a rate; nothing where one is missing."""
    if parts is None or parts.part is None or parts.whole is None:
        return ""
    return f"{write(parts.part)}/{write(parts.whole)}"


def remarks(cell: Cell) -> Sequence[str]:
    """Return what the last column says beside a figure: note, details, the writing on paper where
    the number alone does not tell it, and that nobody has looked at it since it was carried over.
    """
    lines = [cell.note] if cell.note else []
    lines += [detail_line(detail) for detail in cell.details]
    if cell.reading is Reading.CONFIRMED and cell.written:
        lines.append(f"Ghi trên báo cáo: {cell.written}")
    if cell.reading is Reading.COPIED:
        lines.append(COPIED)
    return lines


def detail_line(detail: Detail) -> str:
    return (
        f"+ {detail.label}: {write(detail.number)}"
        if detail.number is not None
        else (f"+ {detail.label}")
    )
