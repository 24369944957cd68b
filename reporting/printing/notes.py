"""What is said beside the figures of one report: by the agency, and by the checks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indicators.definition import RowDefinition
from reporting.printing.cells import BLANK, PrintedCell, printed_figure, printed_number
from reporting.snapshot import Cell, Reading, SubmissionSnapshot

SAID = "Ghi chú"
DETAIL = "Dòng chi tiết"
ON_PAPER = "Ghi trên báo cáo"
TYPED = "Đã gõ"
# Readings that made of a text something that it does not say letter by letter.
_READ_OTHERWISE = frozenset({Reading.CHANGED, Reading.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Note:
    """One thing said beside one figure: what it is (``kind``), its words, and its number where it
    is a line of the agency's own."""

    key: str
    stt: str
    label: str
    figure: PrintedCell
    kind: str
    text: str
    number: PrintedCell = BLANK


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One finding in words, with what was said of it."""

    code: str
    severity: str
    row: str
    sentence: str
    found: str
    expected: str
    formula: str
    instruction: str
    answers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What the checks found, and ``when``: "" for as it stands now."""

    when: str
    lines: Sequence[FoundLine]


def notes_of(snapshot: SubmissionSnapshot) -> Iterator[Note]:
    """Yield what was said beside the figures of one report, row by row."""
    for row in snapshot.form.rows:
        cell = snapshot.cell(row.key)
        for kind, text, number in _said(row, cell, is_paper=snapshot.is_paper):
            figure = printed_figure(row, snapshot)
            yield Note(row.key, snapshot.form.stt_of(row), row.label, figure, kind, text, number)


def _said(
    row: RowDefinition, cell: Cell, *, is_paper: bool
) -> Iterator[tuple[str, str, PrintedCell]]:
    if cell.note:
        yield SAID, cell.note, BLANK
    for detail in cell.details:
        number = BLANK if detail.number is None else printed_number(detail.number, row.kind)
        yield DETAIL, detail.label, number
    if cell.written and cell.reading in _READ_OTHERWISE:
        yield ON_PAPER if is_paper else TYPED, cell.written, BLANK
