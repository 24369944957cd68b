"""The form as a page shows it: sections of rows, each with its box, scope, echo, last figure,
message; and what the rules of the form find in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from indicators.definition import FormDefinition, Option, RowDefinition
from indicators.kinds import Kind, Scope, Severity
from reporting.documents.cells import detail_line, printed_figure
from reporting.entry import Refusal, box_text, figure_field, note_field
from reporting.numbers import write
from reporting.refusals import Conflict
from reporting.rules import findings
from reporting.snapshot import Cell, FigureStatus, Reading, SubmissionSnapshot

# How a box says that there is no figure to come.
SILENT_WORDS = (FigureStatus.NIL.label, FigureStatus.OUT_OF_SCOPE.label)
_NOT_OFFERED = "không có trong các lựa chọn"


class SheetRow(NamedTuple):
    """One row of the page. ``shown`` is the figure as it prints; ``box`` what stands in the box.

    ``mark`` says whose figure it is where that is not plain. A row that ``is_outside`` is not the
    agency's, and nothing stands there: it is drawn folded.
    """

    key: str
    stt: str
    label: str
    unit: str
    css: str
    figure_field: str
    note_field: str
    is_typed: bool
    is_derived: bool
    is_asked: bool
    is_outside: bool
    mark: str
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
    """One numbered part of the form with how many of the agency's rows have an answer.

    ``outside`` counts the rows to be typed that are not the agency's.
    """

    key: str
    stt: str
    label: str
    rows: Sequence[SheetRow]
    answered: int
    typed: int
    outside: int
    refused: int

    @property
    def is_outside(self) -> bool:
        """Nothing in this part is asked of the agency."""
        return self.outside > 0 and not self.typed

    @property
    def is_complete(self) -> bool:
        return self.answered == self.typed and not self.refused


@dataclass(frozen=True, slots=True)
class SheetFinding:
    """What a rule of the form finds, with the rows that it compares."""

    severity: Severity
    sentence: str
    instruction: str
    rows: Sequence[SheetRow]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole form on a page; its counts are of the rows that are the agency's."""

    sections: Sequence[SheetSection]
    findings: Sequence[SheetFinding]
    answered: int
    typed: int
    outside: int
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
    scopes = _scopes(snapshot)
    rows = {
        row.key: _row(
            row, snapshot, scopes[row.key], last.get(row.indicator, ""), left.get(row.key)
        )
        for row in snapshot.form.rows
    }
    sections = []
    for key, members in groupby(snapshot.form.rows, key=lambda row: row.section):
        shown = tuple(rows[row.key] for row in members)
        typed = [row for row in shown if row.is_typed]
        asked = [row for row in typed if row.is_asked]
        sections.append(
            SheetSection(
                key=key,
                stt=shown[0].stt,
                label=shown[0].label,
                rows=shown,
                answered=sum(snapshot.cell(row.key).is_answered for row in asked),
                typed=len(asked),
                outside=len(typed) - len(asked),
                refused=sum(row.key in left for row in shown),
            )
        )
    return Sheet(
        sections=sections,
        findings=[
            SheetFinding(
                severity=finding.severity,
                sentence=finding.sentence,
                instruction=finding.instruction,
                rows=[rows[key] for key in finding.keys],
            )
            for finding in findings(snapshot)
        ],
        answered=sum(section.answered for section in sections),
        typed=sum(section.typed for section in sections),
        outside=sum(section.outside for section in sections),
        refused=len(left),
        has_previous=previous is not None,
        has_who_reports=any(row.who_reports for row in snapshot.form.rows),
    )


def _kept(snapshot: SubmissionSnapshot, key: str) -> str:
    """Say what the store holds while the box holds something unreadable."""
    kept = box_text(snapshot.cell(key), snapshot.form.by_key[key])
    return f"Số đang lưu vẫn là {kept}." if kept else "Ô này chưa có số nào được lưu."


def _scopes(snapshot: SubmissionSnapshot) -> Mapping[str, Scope]:
    """What each row is to the agency. Headings are asked of nobody: one that has rows below it,
    none of them the agency's, is not the agency's either."""
    scopes: dict[str, Scope] = {}
    below: dict[str, set[Scope]] = {}
    for row in reversed(snapshot.form.rows):
        found = below.get(row.key, set())
        if row.is_answered:
            scopes[row.key] = snapshot.scope(row)
            found.add(scopes[row.key])
        else:
            scopes[row.key] = Scope.OUTSIDE if found == {Scope.OUTSIDE} else Scope.OWN
        below.setdefault(row.parent, set()).update(found)
    return scopes


def _row(
    row: RowDefinition,
    snapshot: SubmissionSnapshot,
    scope: Scope,
    previous: str,
    refusal: Refusal | None,
) -> SheetRow:
    cell = snapshot.cell(row.key)
    box = refusal.typed if refusal else box_text(cell, row)
    shown = _shown(row, snapshot)
    is_asked = scope is not Scope.OUTSIDE
    is_outside = not (is_asked or refusal or shown or cell.note or cell.details)
    return SheetRow(
        key=row.key,
        stt=row.stt,
        label=row.label,
        unit=cell.written_unit or ("" if row.kind is Kind.CHOICE else row.unit),
        css=f"d{row.depth} {row.emphasis} {row.kind}".replace("  ", " ") + " out" * is_outside,
        figure_field=figure_field(row),
        note_field=note_field(row),
        is_typed=row.is_typed,
        is_derived=row.is_derived,
        is_asked=is_asked,
        is_outside=is_outside,
        mark=_mark(row, snapshot, scope) if row.is_answered and not is_outside else "",
        options=_options(row, box),
        is_text=row.kind is Kind.TEXT,
        box=box,
        shown=shown,
        echo=_echo(row, cell),
        note=refusal.note if refusal else cell.note,
        details=_details(cell),
        previous=previous,
        who_reports=row.who_reports,
        message=refusal.sentence if refusal else "",
    )


def _mark(row: RowDefinition, snapshot: SubmissionSnapshot, scope: Scope) -> str:
    """Say whose figure the row takes, where it is not simply the agency's."""
    if scope is Scope.PROVINCE:
        return "Số của cả tỉnh"
    if scope is Scope.OUTSIDE:
        return "Ngoài phạm vi của đơn vị"
    # Who reports the province's figure beside its own is told which of the two goes here.
    reports_both = not set(row.reporters).isdisjoint(snapshot.agency_functions)
    return "Số của riêng đơn vị" if reports_both else ""


def _options(row: RowDefinition, box: str) -> Sequence[Option]:
    """The answers to choose from. What stands in the box without being among them is offered
    too: a list that cannot show it would silently post a blank in its place."""
    if not row.options or box in {"", *SILENT_WORDS} or row.option(box):
        return row.options
    return (*row.options, Option(box, _NOT_OFFERED))


def _details(cell: Cell) -> Sequence[str]:
    """The detail lines, and their sum where it is not the figure above them."""
    if not cell.details:
        return ()
    lines = [detail_line(detail) for detail in cell.details]
    numbers = [detail.number for detail in cell.details if detail.number is not None]
    if cell.number is not None and len(numbers) == len(lines):
        added = sum(numbers, Decimal(0))
        if added != cell.number:
            lines.append(f"cộng các dòng chi tiết là {write(added)}, khác {write(cell.number)}")
    return lines


def _shown(row: RowDefinition, snapshot: SubmissionSnapshot) -> str:
    """The figure as it prints; an answer by code is followed by its words."""
    text = printed_figure(row, snapshot).text
    option = row.option(snapshot.cell(row.key).choice) if row.options else None
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
