"""The record of one submission told in words: states and figures, files in and out, comments."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from indicators.definition import FormDefinition, RowDefinition
from indicators.kinds import Severity
from indicators.queries.definitions import form_definition
from reporting.documents.cells import printed_figure, remarks
from reporting.documents.files import CHECKS_STEM
from reporting.models import (
    CheckRun,
    Comment,
    Evidence,
    ExportRecord,
    FigureChange,
    FindingAnswer,
    Submission,
    Transition,
)
from reporting.numbers import write
from reporting.rules.answers import AnswerKind
from reporting.snapshot import Cell, SubmissionSnapshot, from_record
from reporting.workflow import MOVES

BLANK = "trống"
VIA = {
    "page": "trang nhập liệu",
    "cell": "trang nhập liệu, lưu từng ô",
    "paste": "dán từ bảng tính",
    "panel": "trang của dòng",
    "checks": "trang kết quả kiểm tra",
    "submit": "trang gửi báo cáo",
    "archive": "nhập lại từ báo cáo giấy",
    "demo": "dữ liệu minh họa",
    "command": "lệnh quản trị",
    "admin": "trang quản trị",
    "previous": "lấy lại từ kỳ trước",
    "nil": "ghi không phát sinh cho cả phần",
}
# Cells saved one by one by one person are told together while no longer pause lies between them.
PAUSE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell before and after."""

    name: str
    unit: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Event:
    """One act: who, when (``since`` where it took a while), from where, what it did, and the cells
    it changed."""

    at: datetime
    by: str
    what: str
    via: str
    reason: str = ""
    changes: Sequence[CellChange] = field(default_factory=list)
    since: datetime | None = None


def record_of(submission: Submission) -> Sequence[Event]:
    """Return all events of ``submission``, newest first. Seven queries and the form's."""
    form = form_definition(submission.form_version)
    runs = submission.check_runs.annotate(**_COUNTS).select_related("by")
    # The checks of a handing in come right before it.
    events = [_checked(run) for run in runs]
    events += [_moved(transition) for transition in submission.transitions.select_related("by")]
    savings: dict[int, list[FigureChange]] = {}
    for change in _told_changes(submission.changes.all()):
        savings.setdefault(change.revision, []).append(change)
    events += [_saved(changes, form) for changes in savings.values()]
    events += [_exported(export) for export in submission.exports.select_related("by")]
    for file in submission.evidence.select_related("row", "by", "removed_by"):
        events += _attached(file, form)
    events += [_answered(one, form) for one in submission.finding_answers.select_related("by")]
    for comment in submission.comments.select_related("row", "by", "resolved_by"):
        events += _commented(comment, form)
    return _sittings(sorted(events, key=lambda event: event.at))[::-1]


def _sittings(events: Iterable[Event]) -> list[Event]:
    """Join cells that were saved one by one, with nothing else between, into one event each time
    that a person sat down to it. Every change stays."""
    sittings: list[list[Event]] = []
    for event in events:
        if sittings and _goes_on(sittings[-1][-1], event):
            sittings[-1].append(event)
        else:
            sittings.append([event])
    return [_joined(sitting) for sitting in sittings]


def _joined(sitting: Sequence[Event]) -> Event:
    if len(sitting) == 1:
        return sitting[0]
    changes = [change for event in sitting for change in event.changes]
    what = _what(len({change.name for change in changes}))
    return replace(sitting[-1], changes=changes, what=what, since=sitting[0].at)


def _goes_on(last: Event, event: Event) -> bool:
    return (
        last.via == event.via == VIA["cell"] and last.by == event.by and event.at - last.at <= PAUSE
    )


def history_of(submission: Submission, row: RowDefinition) -> Sequence[Event]:
    """Return the savings of one cell of ``submission``, newest first. One query and the form's."""
    form = form_definition(submission.form_version)
    changes = _told_changes(submission.changes.filter(row=row.id))
    return [_saved([change], form) for change in reversed(changes)]


def _told_changes(changes: QuerySet[FigureChange]) -> Sequence[FigureChange]:
    """Return changes oldest first. A line that only keeps the name of an entry, because it changed
    nothing, is for the portal and not for people."""
    found = changes.select_related("by", "row").order_by("pk")
    return [change for change in found if change.before != change.after]


def _moved(transition: Transition) -> Event:
    known = MOVES.get(transition.move)
    return Event(
        at=transition.at,
        by=str(transition.by or "hệ thống"),
        what=known.done if known else "mở đợt, giao báo cáo cho đơn vị",
        via=VIA.get(transition.via, transition.via),
        reason=transition.reason,
    )


def _exported(export: ExportRecord) -> Event:
    return Event(
        at=export.at,
        by=str(export.by or "hệ thống"),
        what=f"tải {_what_file(export)} {export.format.upper()} ({export.file_name})",
        via=VIA.get(export.via, export.via),
    )


def _what_file(export: ExportRecord) -> str:
    return "kết quả kiểm tra" if export.file_name.startswith(CHECKS_STEM) else "phụ lục"


def _attached(file: Evidence, form: FormDefinition) -> Iterator[Event]:
    """Yield how a file came and, where it was taken away, how it went."""
    place = f"dòng {form.by_key[file.row.key].name()}" if file.row else "cả báo cáo"
    via = f"trang tài liệu kèm theo, mã băm {file.sha256[:12]}"
    yield Event(at=file.at, by=str(file.by), what=f"gắn tệp «{file.name}» vào {place}", via=via)
    if file.removed_at is not None:
        by, what = str(file.removed_by), f"gỡ tệp «{file.name}» khỏi {place}"
        yield Event(at=file.removed_at, by=by, what=what, via=via)


def _commented(comment: Comment, form: FormDefinition) -> Iterator[Event]:
    """Yield what was said about a row and, where it was settled, that it was."""
    place = f"dòng {form.by_key[comment.row.key].name()}" if comment.row else "cả báo cáo"
    said, via = comment.text, VIA["panel"]
    what = f"ghi ý kiến về {place}"
    yield Event(at=comment.at, by=str(comment.by), what=what, via=via, reason=said)
    if comment.resolved_at is not None:
        by, what = str(comment.resolved_by), f"đánh dấu đã xong ý kiến về {place}"
        yield Event(at=comment.resolved_at, by=by, what=what, via=via, reason=said)


def _answered(answer: FindingAnswer, form: FormDefinition) -> Event:
    """Tell an explanation or a waiver, or that one was taken back."""
    row = form.by_key.get(answer.place)
    place = f"{answer.code}, {f'dòng {row.name()}' if row else 'cả báo cáo'}"
    is_error, kind = answer.severity == Severity.ERROR, AnswerKind(answer.kind)
    verb = "đề nghị miễn lỗi" if is_error and not kind.is_of_reviewer else _ANSWERED[kind]
    what = f"{verb} {place}" if answer.text else f"rút lại lời đã ghi cho {place}"
    if answer.found:
        what += f" (số khi đó: {answer.found})"
    by, via = str(answer.by), VIA.get(answer.via, answer.via)
    return Event(at=answer.at, by=by, what=what, via=via, reason=answer.text)


_ANSWERED = {
    AnswerKind.EXPLANATION: "giải trình cảnh báo",
    AnswerKind.WAIVER: "miễn lỗi",
    AnswerKind.REFUSAL: "không miễn lỗi",
}
_COUNTS = {
    severity.value: Count("findings", filter=Q(findings__severity=severity.value))
    for severity in Severity
}


def _checked(run: CheckRun) -> Event:
    """Tell what the checks found at handing in."""
    found = [
        f"{count} {severity.label}"
        for severity in Severity
        if (count := getattr(run, severity.value))
    ]
    what = f"kiểm tra khi gửi: {', '.join(found) or 'không có gì cần xem lại'}"
    return Event(at=run.at, by=str(run.by), what=what, via="tự động, khi gửi báo cáo")


def _saved(changes: Sequence[FigureChange], form: FormDefinition) -> Event:
    first = changes[0]
    source = f"{VIA.get(first.via, first.via)}{f' ({first.source})' if first.source else ''}"
    return Event(
        at=first.at,
        by=str(first.by or "hệ thống"),
        what=_what(len(changes)),
        via=source,
        reason=first.reason,
        changes=[_cell_change(change, form.by_key[change.row.key], form) for change in changes],
    )


def _what(count: int) -> str:
    return f"lưu {count} ô số liệu"


def _cell_change(change: FigureChange, row: RowDefinition, form: FormDefinition) -> CellChange:
    return CellChange(
        name=row.name(),
        unit="" if row.options else row.unit,
        before=told(from_record(change.before), row, form),
        after=told(from_record(change.after), row, form),
    )


def told(cell: Cell, row: RowDefinition, form: FormDefinition) -> str:
    """Print a cell exactly as the sheet and the appendix would, with all that stands beside it."""
    text = printed_figure(row, SubmissionSnapshot(form, {row.key: cell}, is_paper=True)).text
    if cell.numerator is not None and cell.denominator is not None:
        text += f" ({write(cell.numerator)}/{write(cell.denominator)})"
    return "; ".join(filter(None, (text, *remarks(cell)))) or BLANK
