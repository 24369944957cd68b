"""An agency's own breakdown of a figure: the posted lines read, with everything refused kept."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from itertools import zip_longest

from indicators.definition import RowDefinition
from indicators.kinds import Kind
from indicators.words import clean
from reporting.entry import Attempt, box_attempt, read_cell
from reporting.numbers import LARGEST, Unreadable, write
from reporting.snapshot import EMPTY, Cell, Detail, FigureStatus, answers_with_number

MOST_LINES = 50
LONGEST_LABEL = 300
# A rate is never added: its lines stand beside it and make no sum.
_ADDED = frozenset({Kind.COUNT, Kind.AMOUNT})


@dataclass(frozen=True, slots=True)
class Line:
    """What stands in the two boxes of one line, and the sentence why it was not taken over."""

    label: str
    number: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Posted lines: what was understood, and the lines as they stand in their boxes.

    ``sentence`` says what is wrong with all of them together.
    """

    details: tuple[Detail, ...]
    lines: tuple[Line, ...]
    sentence: str = ""

    @property
    def sentences(self) -> Sequence[str]:
        """Everything that is wrong, each line's own with its place."""
        said = [self.sentence] if self.sentence else []
        said += [
            f"Dòng chi tiết {place}: {line.sentence}"
            for place, line in enumerate(self.lines, start=1)
            if line.sentence
        ]
        return said


def may_be_broken_down(row: RowDefinition) -> bool:
    """Say whether lines can stand under the figure of ``row``: where it is typed as a number."""
    return row.is_typed and answers_with_number(row.kind)


def may_be_filled(row: RowDefinition) -> bool:
    """Say whether the lines of ``row`` add up to its figure."""
    return row.is_typed and row.kind in _ADDED


def posted_lines(labels: Iterable[str], numbers: Iterable[str]) -> tuple[Line, ...]:
    """Pair the posted boxes, in the order of the page; a line whose boxes are empty is none.

    >>> posted_lines(["Hộ tịch ", ""], ["04", " "])
    (Line(label='Hộ tịch', number='04', sentence=''),)
    """
    pairs = zip_longest(map(_words, labels), map(_words, numbers), fillvalue="")
    return tuple(Line(label, number) for label, number in pairs if label or number)


def box_lines(details: Iterable[Detail]) -> tuple[Line, ...]:
    """Return what stands in the boxes of stored lines."""
    return tuple(
        Line(
            detail.label,
            detail.written or ("" if detail.number is None else write(detail.number)),
        )
        for detail in details
    )


def _words(text: str) -> str:
    return " ".join(clean(text).split())


def read_lines(
    lines: Sequence[Line], row: RowDefinition, shown: Collection[Detail], *, fill: bool
) -> Breakdown:
    """Read the lines under the figure of ``row``; with ``fill`` they are to add up to it.

    A line that stands as one of ``shown`` is that line, whatever is in it.
    """
    known = {
        (_words(line.label), _words(line.number)): detail
        for line, detail in zip(box_lines(shown), shown, strict=True)
    }
    details, told = [], []
    for line in lines:
        try:
            detail = _read_line(line, row, known)
            if fill and detail.number is None:
                raise Unreadable(
                    "chưa có số nên chưa cộng được; không có việc nào thì ghi 0,"
                    " hoặc bỏ đánh dấu «Điền tổng vào ô số»."
                )
        except Unreadable as error:
            told.append(replace(line, sentence=str(error)))
        else:
            details.append(detail)
            told.append(replace(line, sentence=""))
    return Breakdown(tuple(details), tuple(told), _wrong_together(lines, details, fill=fill))


def _read_line(line: Line, row: RowDefinition, known: Mapping[tuple[str, str], Detail]) -> Detail:
    if detail := known.get((line.label, line.number)):
        return detail
    if not line.label:
        raise Unreadable(f"số {line.number} chưa có nội dung; hãy ghi đây là số của việc gì.")
    if len(line.label) > LONGEST_LABEL:
        raise Unreadable(f"nội dung dài {len(line.label)} ký tự; nhiều nhất {LONGEST_LABEL}.")
    if not line.number:
        return Detail(line.label, None)
    number = read_cell(line.number, row, EMPTY).number
    if number is None:  # what a figure's box takes as words
        raise Unreadable(f"«{line.number}» không phải là số; không có việc nào thì ghi 0.")
    return Detail(line.label, number, line.number)


def _wrong_together(lines: Sequence[Line], details: Sequence[Detail], *, fill: bool) -> str:
    if len(lines) > MOST_LINES:
        return f"Có {len(lines)} dòng chi tiết; nhiều nhất {MOST_LINES} dòng."
    if fill and not lines:
        return "Chưa có dòng chi tiết nào để cộng vào ô số."
    if fill and _added(details) > LARGEST:
        return (
            f"Cộng các dòng chi tiết là {write(_added(details))}, lớn hơn {write(LARGEST)},"
            " mức cao nhất của một ô; hãy kiểm tra lại đơn vị tính."
        )
    return ""


def _added(details: Iterable[Detail]) -> Decimal:
    numbers = (detail.number for detail in details if detail.number is not None)
    return sum(numbers, Decimal(0))


def breakdown_attempt(
    row: RowDefinition, base: int, lines: Sequence[Line], note: str | None, *, fill: bool
) -> Attempt:
    """Return what the boxes under the figure of ``row`` make of its cell: lines and note, and the
    figure too where they are to ``fill`` it."""
    boxes = box_attempt(row, base, None, note)
    return replace(boxes, make=partial(_make, row, lines, boxes.make, fill=fill))


def _make(
    row: RowDefinition,
    lines: Sequence[Line],
    noted: Callable[[Cell], Cell],
    shown: Cell,
    *,
    fill: bool,
) -> Cell:
    """Everything that is wrong is told at once, a line for each: the lines' faults, the note's."""
    found = read_lines(lines, row, shown.details, fill=fill)
    said, cell = list(found.sentences), shown
    try:
        cell = noted(shown)
    except Unreadable as error:
        said.append(str(error))
    if said:
        raise Unreadable("\n".join(said))
    cell = replace(cell, details=found.details)
    if fill:
        cell = _filled(cell, row, _added(found.details))
    return cell.settled() if cell != shown else shown


def _filled(cell: Cell, row: RowDefinition, total: Decimal) -> Cell:
    """A figure that is the sum already stays as it was written."""
    if cell.number == total:
        return cell
    return replace(read_cell("", row, cell), number=total, written=write(total))


def off_by(cell: Cell, row: RowDefinition) -> str:
    """Return the sentence that the lines of ``cell`` do not add up to its figure; empty if they
    do, or where a line has no number, or where there is nothing to add."""
    numbers = [detail.number for detail in cell.details if detail.number is not None]
    if not numbers or len(numbers) < len(cell.details) or not may_be_filled(row):
        return ""
    total = sum(numbers, Decimal(0))
    if total == (Decimal(0) if cell.status is FigureStatus.NIL else cell.number):
        return ""
    return f"Cộng các dòng chi tiết là {write(total)}, còn ô số {_standing(cell)}."


def _standing(cell: Cell) -> str:
    if cell.status in {FigureStatus.NIL, FigureStatus.OUT_OF_SCOPE}:
        return f"ghi «{cell.status.label}»"
    return "để trống" if cell.number is None else f"là {write(cell.number)}"
