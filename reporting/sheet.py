"""The form as a page shows it: sections of rows, each with its box, echo, last figure, message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from indicators.definition import FormDefinition, Option, RowDefinition
from indicators.kinds import Kind
from reporting.documents.cells import detail_line, printed_figure
from reporting.entry import Refusal, box_text, figure_field, note_field
from reporting.numbers import write
from reporting.refusals import Conflict
from reporting.snapshot import Cell, FigureStatus, Reading, SubmissionSnapshot

# How a box says that there is no figure to come.
SILENT_WORDS = (FigureStatus.NIL.label, FigureStatus.OUT_OF_SCOPE.label)
_NOT_OFFERED = "không có trong các lựa chọn"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of the page. ``shown`` is the figure as it prints; ``box`` what stands in the box."""

    key: str
    stt: str
    label: str
    unit: str
    css: str
    figure_field: str
    note_field: str
    is_typed: bool
    is_derived: bool
    options: Sequence[Option]
    is_text: bool
    box: str
    shown: str
    echo: str
    note: str
    details: Sequence[str]
    previous: str
    who_reports: str
    message: str


@dataclass(frozen=True, slots=True)
class SheetSection:
    """One numbered part of the form with how many of its rows have an answer."""

    key: str
    stt: str
    label: str
    rows: Sequence[SheetRow]
    answered: int
    typed: int
    refused: int

    @property
    def is_complete(self) -> bool:
        return self.answered == self.typed and not self.refused


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole form on a page."""

    sections: Sequence[SheetSection]
    answered: int
    typed: int
    refused: int
    has_previous: bool
    has_who_reports: bool

    @property
    def percent(self) -> int:
        return round(100 * self.answered / self.typed) if self.typed else 100


def build_sheet(
    snapshot: SubmissionSnapshot,
    *,
    previous: SubmissionSnapshot | None = None,
    refused: Mapping[str, Refusal] | None = None,
    conflicts: Sequence[Conflict] = (),
) -> Sheet:
    """Lay ``snapshot`` out for a page; refused boxes keep what was typed, with its sentence."""
    left = {
        key: replace(refusal, sentence=f"{refusal.sentence} {_kept(snapshot, key)}")
        for key, refusal in (refused or {}).items()
    }
    for conflict in conflicts:
        row = snapshot.form.by_key[conflict.key]
        mine = Refusal(box_text(conflict.mine, row), "", conflict.mine.note)
        unread = left.get(conflict.key, mine)
        sentences = filter(None, (unread.sentence, _conflict_sentence(conflict, row)))
        left[conflict.key] = replace(unread, sentence=" ".join(sentences))
    last = _previous_figures(snapshot.form, previous)
    sections = []
    for key, rows in groupby(snapshot.form.rows, key=lambda row: row.section):
        members = tuple(rows)
        head = members[0]
        typed = [row for row in members if row.is_typed]
        sections.append(
            SheetSection(
                key=key,
                stt=head.stt,
                label=head.label,
                rows=tuple(
                    _row(row, snapshot, last.get(row.indicator, ""), left.get(row.key))
                    for row in members
                ),
                answered=sum(snapshot.cell(row.key).is_answered for row in typed),
                typed=len(typed),
                refused=sum(row.key in left for row in members),
            )
        )
    return Sheet(
        sections=sections,
        answered=sum(section.answered for section in sections),
        typed=sum(section.typed for section in sections),
        refused=len(left),
        has_previous=previous is not None,
        has_who_reports=any(row.who_reports for row in snapshot.form.rows),
    )


def _kept(snapshot: SubmissionSnapshot, key: str) -> str:
    """Say what the store holds while the box holds something unreadable."""
    kept = box_text(snapshot.cell(key), snapshot.form.by_key[key])
    return f"Số đang lưu vẫn là {kept}." if kept else "Ô này chưa có số nào được lưu."


def _row(
    row: RowDefinition,
    snapshot: SubmissionSnapshot,
    previous: str,
    refusal: Refusal | None,
) -> SheetRow:
    cell = snapshot.cell(row.key)
    box = refusal.typed if refusal else box_text(cell, row)
    return SheetRow(
        key=row.key,
        stt=row.stt,
        label=row.label,
        unit=cell.written_unit or ("" if row.kind is Kind.CHOICE else row.unit),
        css=f"d{row.depth} {row.emphasis} {row.kind}".replace("  ", " "),
        figure_field=figure_field(row),
        note_field=note_field(row),
        is_typed=row.is_typed,
        is_derived=row.is_derived,
        options=_options(row, box),
        is_text=row.kind is Kind.TEXT,
        box=box,
        shown=_shown(row, snapshot),
        echo=_echo(row, cell),
        note=refusal.note if refusal else cell.note,
        details=_details(cell),
        previous=previous,
        who_reports=row.who_reports,
        message=refusal.sentence if refusal else "",
    )


def _options(row: RowDefinition, box: str) -> Sequence[Option]:
    """The answers to choose from. What stands in the box without being among them is offered
    too: a list that cannot show it would silently post a blank in its place."""
    known = box in {"", *SILENT_WORDS} or row.option(box) is not None
    return row.options if known or not row.options else (*row.options, Option(box, _NOT_OFFERED))


def _details(cell: Cell) -> Sequence[str]:
    """The detail lines, and their sum where it is not the figure above them."""
    lines = [detail_line(detail) for detail in cell.details]
    numbers = [detail.number for detail in cell.details if detail.number is not None]
    if cell.number is not None and len(numbers) == len(lines) and lines:
        added = sum(numbers, Decimal(0))
        if added != cell.number:
            lines.append(f"cộng các dòng chi tiết là {write(added)}, khác {write(cell.number)}")
    return lines


def _shown(row: RowDefinition, snapshot: SubmissionSnapshot) -> str:
    """The figure as it prints; an answer by code is followed by its words."""
    text = printed_figure(row, snapshot).text
    option = row.option(snapshot.cell(row.key).choice)
    return f"{text} = {option.label}" if option else text


def _echo(row: RowDefinition, cell: Cell) -> str:
    """Say what was understood where the writing was not plainly the number."""
    if cell.number is None or cell.reading is Reading.AS_IS:
        return ""
    if cell.reading is Reading.CONFIRMED:
        return f"trên báo cáo ghi «{cell.written}»"
    sign = " %" if row.kind is Kind.PERCENT else ""
    return f"đã lưu: {write(cell.number)}{sign}" if cell.written != write(cell.number) else ""


def _previous_figures(
    form: FormDefinition, previous: SubmissionSnapshot | None
) -> Mapping[str, str]:
    """The last round's figures by indicator, so that they are found under another form too."""
    if previous is None:
        return {}
    wanted = form.by_indicator
    return {
        row.indicator: printed_figure(row, previous).text
        for row in previous.form.rows
        if row.indicator in wanted
    }


def _conflict_sentence(conflict: Conflict, row: RowDefinition) -> str:
    """Say what the other person wrote in the half that both wrote, and what to do."""
    said = []
    if conflict.in_figure:
        said.append(f"«{box_text(conflict.theirs, row) or 'trống'}» ở ô này")
    if conflict.in_note:
        said.append(f"ghi chú «{conflict.theirs.note or 'trống'}»")
    mine = "Số trong ô" if conflict.in_figure else "Ghi chú"
    return (
        f"{conflict.by} đã ghi {' và '.join(said)} lúc {conflict.at:%H:%M ngày %d/%m/%Y}, sau khi"
        f" ông/bà mở trang. {mine} là của ông/bà và chưa được lưu: bấm Lưu lần nữa để thay,"
        " hoặc sửa lại theo nội dung đã ghi."
    )
