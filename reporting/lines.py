"""One row of a form as a page shows it: box, scope, echo, figures of other rounds, message."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from indicators.definition import FormDefinition, Option, RowDefinition
from indicators.kinds import Kind, Scope
from reporting.entry import Refusal, box_text, figure_field, note_field
from reporting.numbers import write
from reporting.printing.cells import detail_line, printed_figure, remarks
from reporting.refusals import Conflict
from reporting.reviewing import Remark
from reporting.rules.answers import Weighed
from reporting.snapshot import EMPTY, Cell, FigureStatus, Reading, SubmissionSnapshot

# How a box says that there is no figure to come.
SILENT_WORDS = (FigureStatus.NIL.label, FigureStatus.OUT_OF_SCOPE.label)
# Sentences that ask for something: their rows are marked, and found by the filter.
ASKING = frozenset({"error", "warning"})
_NOT_OFFERED = "không có trong các lựa chọn"


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the figures: by row id how many files, which comments are open.

    Of a report that was handed in: ``before`` are its cells as handed in the time before, ``fresh``
    the rows saved after this person last looked; None where there was no such time.
    """

    files: Mapping[int | None, int] = field(default_factory=dict)
    comments: Mapping[int | None, Sequence[Remark]] = field(default_factory=dict)
    before: Mapping[str, Cell] | None = None
    fresh: Collection[str] | None = None


NOTHING_BESIDE = Beside()


class Beneath(NamedTuple):
    """One sentence of what the checks find, as it stands beneath a row's label; ``css`` is its
    severity, or "settled"."""

    css: str
    text: str


class SheetRow(NamedTuple):
    """One row of the page. ``shown`` is the figure as it prints; ``box`` what stands in the box.

    ``mark`` says whose figure it is where that is not plain. A row that ``is_outside`` is not the
    agency's, and nothing stands there: it is drawn folded. ``findings`` are the sentences of what
    the rules find in it; ``parts`` (detail lines) and ``files`` count what stands beside it,
    ``comments`` are those still open. ``was`` tells what it was handed in as the time before, where
    that was something else; what ``is_new`` was saved since this person last looked.
    """

    id: int
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
    is_blank: bool
    mark: str
    options: Sequence[Option]
    is_text: bool
    is_rate: bool
    box: str
    shown: str
    echo: str
    note: str
    details: Sequence[str]
    parts: int
    previous: str
    last_year: str
    who_reports: str
    message: str
    findings: Sequence[Beneath]
    files: int
    comments: Sequence[Remark]
    was: str
    is_new: bool

    @property
    def is_said(self) -> bool:
        """Somebody has written something beside the figure."""
        return bool(self.note or self.comments)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the rows of one page are drawn from."""

    snapshot: SubmissionSnapshot
    scopes: Mapping[str, Scope]
    found: Sequence[Weighed]
    previous: Mapping[str, str] = field(default_factory=dict)
    last_year: Mapping[str, str] = field(default_factory=dict)
    left: Mapping[str, Refusal] = field(default_factory=dict)
    beside: Beside = NOTHING_BESIDE

    def rows(self, wanted: Iterable[RowDefinition]) -> dict[str, SheetRow]:
        sentences = defaultdict(list)
        for one in self.found:
            for key in one.finding.keys:
                sentences[key].append(_beneath(one, is_first=key == one.finding.place))
        return {row.key: _row(row, self, sentences.get(row.key, ())) for row in wanted}


def _beneath(one: Weighed, *, is_first: bool) -> Beneath:
    """Tell a finding at one of its rows: at the first of them how it stands and what to do, or
    what was said of it."""
    found = one.finding
    told = [f"{found.severity.label.capitalize()}: {found.sentence}"]
    if one.standing:
        told[0] = f"{found.severity.label.capitalize()}, {one.standing}: {found.sentence}"
    if is_first:
        told += [f"{found.found}."] * bool(found.found)
        told += [f"{answer.kind.label}: {answer.text} ({answer.by})." for answer in one.said]
        told += [found.instruction] * (not one.is_settled)
    css = "settled" if one.is_settled else found.severity.value
    return Beneath(css, " ".join(told))


def scopes_of(snapshot: SubmissionSnapshot) -> Mapping[str, Scope]:
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


def _row(row: RowDefinition, drawing: Drawing, found: Sequence[Beneath]) -> SheetRow:
    snapshot, scope = drawing.snapshot, drawing.scopes[row.key]
    cell, refusal = snapshot.cell(row.key), drawing.left.get(row.key)
    box = refusal.typed if refusal else box_text(cell, row)
    printed = shown(row, snapshot)
    is_asked = scope is not Scope.OUTSIDE
    is_outside = not (is_asked or refusal or printed or cell.note or cell.details)
    is_blank = row.is_typed and is_asked and not cell.is_answered
    comments = drawing.beside.comments.get(row.id, ())
    was = _was(row, drawing)
    is_new = row.key in (drawing.beside.fresh or ())
    marks = (
        " out" * is_outside
        + " blank" * is_blank
        + " found" * bool(found and any(one.css in ASKING for one in found))
    )
    marks += " noted" * bool(cell.note or comments) + " changed" * bool(was) + " fresh" * is_new
    return SheetRow(
        id=row.id,
        key=row.key,
        stt=row.stt,
        label=row.label,
        unit=cell.written_unit or ("" if row.kind is Kind.CHOICE else row.unit),
        css=f"d{row.depth} {row.emphasis} {row.kind}".replace("  ", " ") + marks,
        figure_field=figure_field(row),
        note_field=note_field(row),
        is_typed=row.is_typed,
        is_derived=row.is_derived,
        is_asked=is_asked,
        is_outside=is_outside,
        is_blank=is_blank,
        mark=_mark(row, snapshot, scope) if row.is_answered and not is_outside else "",
        options=_options(row, box),
        is_text=row.kind is Kind.TEXT,
        is_rate=row.kind is Kind.PERCENT,
        box=box,
        shown=printed,
        echo=_echo(row, cell),
        note=refusal.note if refusal else cell.note,
        details=_details(cell),
        parts=len(cell.details),
        previous=drawing.previous.get(row.indicator, ""),
        last_year=drawing.last_year.get(row.indicator, ""),
        who_reports=row.who_reports,
        message=refusal.sentence if refusal else "",
        findings=found,
        files=drawing.beside.files.get(row.id, 0),
        comments=comments,
        was=was,
        is_new=is_new,
    )


def _was(row: RowDefinition, drawing: Drawing) -> str:
    """Tell what stood in the cell when the report was handed in the time before, and what stands
    there now; "" where both say the same."""
    if drawing.beside.before is None:
        return ""
    before, now = drawing.beside.before.get(row.key, EMPTY), drawing.snapshot.cell(row.key)
    if before == now or before.says_same_as(now):
        return ""
    form = drawing.snapshot.form
    then = SubmissionSnapshot(form, {row.key: before}, is_paper=True)
    return f"{_whole(row, then)} → {_whole(row, drawing.snapshot)}"


def _whole(row: RowDefinition, snapshot: SubmissionSnapshot) -> str:
    """A cell with all that stands beside its figure."""
    told = (shown(row, snapshot), *remarks(snapshot.cell(row.key)))
    return "; ".join(filter(None, told)) or "trống"


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


def shown(row: RowDefinition, snapshot: SubmissionSnapshot) -> str:
    """The figure as it prints; an answer by code is followed by its words."""
    text = printed_figure(row, snapshot).text
    option = row.option(snapshot.cell(row.key).choice) if row.options else None
    return f"{text} = {option.label}" if option else text


def _echo(row: RowDefinition, cell: Cell) -> str:
    """Say what was understood where the writing was not plainly the number."""
    if cell.reading is Reading.COPIED:
        return "lấy lại số kỳ trước, chưa xem lại"
    if cell.number is None or cell.reading is Reading.AS_IS:
        return ""
    if cell.reading is Reading.CONFIRMED:
        return f"trên báo cáo ghi «{cell.written}»"
    sign = " %" if row.kind is Kind.PERCENT else ""
    return f"đã lưu: {write(cell.number)}{sign}" if cell.written != write(cell.number) else ""


def figures_of(form: FormDefinition, previous: SubmissionSnapshot | None) -> Mapping[str, str]:
    """Another round's figures by indicator, so that they are found under another form too."""
    if previous is None:
        return {}
    wanted = form.by_indicator
    return {
        row.indicator: shown(row, previous)
        for row in previous.form.rows
        if row.indicator in wanted and (row.key in previous.cells or row.is_derived)
    }


def left_of(
    snapshot: SubmissionSnapshot, refused: Mapping[str, Refusal], conflicts: Sequence[Conflict]
) -> Mapping[str, Refusal]:
    """Return what stands in boxes that were not taken over, each with its whole sentence."""
    left = {
        key: replace(refusal, sentence=f"{refusal.sentence} {kept(snapshot, key)}")
        for key, refusal in refused.items()
    }
    for conflict in conflicts:
        row = snapshot.form.by_key[conflict.key]
        mine = Refusal(box_text(conflict.mine, row), "", conflict.mine.note)
        unread = left.get(conflict.key, mine)
        sentences = filter(None, (unread.sentence, conflict_sentence(conflict, row)))
        left[conflict.key] = replace(unread, sentence=" ".join(sentences))
    return left


def kept(snapshot: SubmissionSnapshot, key: str) -> str:
    """Say what the store holds while the box holds something unreadable."""
    kept = box_text(snapshot.cell(key), snapshot.form.by_key[key])
    return f"Số đang lưu vẫn là {kept}." if kept else "Ô này chưa có số nào được lưu."


def conflict_sentence(conflict: Conflict, row: RowDefinition) -> str:
    """Say what the other person wrote in the half that both wrote, and what to do."""
    mine = "Số trong ô" if conflict.in_figure else "Ghi chú"
    return (
        f"{other_wrote(conflict, row)}, sau khi ông/bà mở trang. {mine} là của ông/bà và chưa được"
        " lưu: bấm Lưu lần nữa để thay, hoặc sửa lại theo nội dung đã ghi."
    )


def other_wrote(conflict: Conflict, row: RowDefinition) -> str:
    """Say who wrote what and when in the half that both wrote."""
    said = []
    if conflict.in_figure:
        said.append(f"«{box_text(conflict.theirs, row) or 'trống'}» ở ô này")
    if conflict.in_note:
        said.append(f"ghi chú «{conflict.theirs.note or 'trống'}»")
    return f"{conflict.by} đã ghi {' và '.join(said)} lúc {conflict.at:%H:%M ngày %d/%m/%Y}"
