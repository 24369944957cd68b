"""What writing a pasted block would do to a report: cell by cell, before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from indicators.definition import RowDefinition
from indicators.kinds import Kind, Labelled, Scope
from indicators.words import clean
from reporting.entry import box_text, figure_field, read_cell
from reporting.numbers import PRINTED_RATE_PLACES, Unreadable, rounded, write
from reporting.pasted.names import full_name, numbered_above, unit_words
from reporting.pasted.placing import Left, Pasted, Placed
from reporting.pasted.rates import agrees
from reporting.snapshot import Cell, SubmissionSnapshot, answers_with_number

_SEVERAL_LINES = "Ô trong khối dán có nhiều dòng chữ nên chưa rõ số nào là số liệu của dòng này."


class Effect(Labelled):
    """What happens to the row of a pasted figure."""

    NEW = "new", "điền mới"
    REPLACED = "replaced", "thay số cũ"
    SAME = "same", "không đổi"
    REFUSED = "refused", "không nhận"


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One placed figure: what was understood, what stands there now, what will happen.

    ``within`` is the number above a row that has none; ``remarks`` are sentences that do not stop
    it.
    """

    line_number: int
    row: RowDefinition
    name: str
    within: str
    written: str
    effect: Effect
    now: str
    understood: str = ""
    why: str = ""
    remarks: Sequence[str] = ()

    @property
    def figure_field(self) -> str:
        return figure_field(self.row)

    @property
    def is_taken(self) -> bool:
        return self.effect in {Effect.NEW, Effect.REPLACED}


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A figure on a row that the portal computes, and how the two compare."""

    line_number: int
    row: RowDefinition
    name: str
    written: str
    sentence: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """A whole block as it would be written, in the order of the form."""

    pasted: Pasted
    lines: Sequence[PreviewLine]
    compared: Sequence[ComparedLine]

    @property
    def left(self) -> Sequence[Left]:
        return self.pasted.left

    @property
    def taken(self) -> int:
        return sum(line.is_taken for line in self.lines)

    @property
    def replaced(self) -> int:
        return self._of(Effect.REPLACED)

    @property
    def same(self) -> int:
        return self._of(Effect.SAME)

    @property
    def refused(self) -> int:
        return self._of(Effect.REFUSED)

    @property
    def differing(self) -> int:
        return sum(not line.agrees for line in self.compared)

    def _of(self, effect: Effect) -> int:
        return sum(line.effect is effect for line in self.lines)


def preview(pasted: Pasted, now: SubmissionSnapshot) -> Preview:
    """Return what ``pasted`` would make of the report that stands as ``now``.

    Computed rows are compared with what the form makes of the block's own figures together with
    those that stand already.
    """
    read: dict[str, Cell] = {}
    lines = [_line(line, now, read) for line in pasted.placed]
    then = replace(now, cells={**now.cells, **read})
    return Preview(
        pasted,
        sorted(lines, key=lambda line: line.row.position),
        [_compared(line, then) for line in pasted.computed],
    )


def _line(line: Placed, now: SubmissionSnapshot, read: dict[str, Cell]) -> PreviewLine:
    """Read one placed figure; what can be read is added to ``read``."""
    row = now.form.by_key[line.row_key]
    shown = now.cell(row.key)
    found = PreviewLine(
        line.line_number,
        row,
        full_name(row, now.form),
        numbered_above(row, now.form),
        line.written,
        Effect.REFUSED,
        box_text(shown, row),
        remarks=_remarks(line, row, now),
    )
    if answers_with_number(row.kind) and "\n" in line.written:
        return replace(found, why=_SEVERAL_LINES)
    try:
        cell = read_cell(clean(line.written), row, shown)
    except Unreadable as error:
        return replace(found, why=str(error))
    read[row.key] = cell
    return replace(found, effect=_effect(cell, shown), understood=_told(cell, row))


def _effect(cell: Cell, shown: Cell) -> Effect:
    if cell.settled().says_same_as(shown.settled()):
        return Effect.SAME
    return Effect.REPLACED if shown.is_answered else Effect.NEW


def _told(cell: Cell, row: RowDefinition) -> str:
    """Return the figure as it was understood; an answer by code is followed by its words."""
    text = box_text(cell, row)
    option = row.option(cell.choice) if cell.choice else None
    if option:
        return f"{text} = {option.label}"
    return f"{text} %" if row.kind is Kind.PERCENT and cell.numerator is None and text else text


def _remarks(line: Placed, row: RowDefinition, now: SubmissionSnapshot) -> Sequence[str]:
    remarks = []
    if line.unit and row.unit and unit_words(line.unit) != unit_words(row.unit):
        remarks.append(f"Khối dán ghi đơn vị «{line.unit}», biểu ghi «{row.unit}».")
    if line.details:
        remarks.append(f"Phần chi tiết «{line.details}» không được ghi theo.")
    if now.scope(row) is Scope.OUTSIDE:
        remarks.append("Biểu không giao dòng này cho đơn vị.")
    return remarks


def _compared(line: Placed, then: SubmissionSnapshot) -> ComparedLine:
    row = then.form.by_key[line.row_key]
    is_same = agrees(line.written, row, then)
    return ComparedLine(
        line.line_number,
        row,
        full_name(row, then.form),
        line.written,
        _comparison(row, then, is_same),
        is_same is True,
    )


def _comparison(row: RowDefinition, then: SubmissionSnapshot, is_same: bool | None) -> str:
    computed = then.computed(row)
    if computed is None:
        return "Dòng này tự tính nhưng còn thiếu số để tính; số trong khối dán không được ghi."
    places = PRINTED_RATE_PLACES if row.kind is Kind.PERCENT else 3
    told = f"Tự tính được {write(rounded(computed, places))}{_SIGNS.get(row.kind, '')}"
    if is_same:
        return f"{told}, khớp với khối dán."
    return f"{told}, khác khối dán; hãy xem lại các số dùng để tính dòng này."


_SIGNS: Mapping[Kind, str] = {Kind.PERCENT: " %"}
