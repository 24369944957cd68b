"""The record of one submission told in words: changes of state and figure, files taken out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from indicators.definition import FormDefinition, RowDefinition
from indicators.queries.definitions import form_definition
from reporting.documents.cells import printed_figure, remarks
from reporting.models import ExportRecord, FigureChange, Submission, Transition
from reporting.numbers import write
from reporting.snapshot import SubmissionSnapshot, from_record
from reporting.workflow import MOVES

BLANK = "trống"
VIA = {
    "page": "trang nhập liệu",
    "archive": "nhập lại từ báo cáo giấy",
    "demo": "dữ liệu minh họa",
    "command": "lệnh quản trị",
    "admin": "trang quản trị",
}


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell before and after."""

    name: str
    unit: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Event:
    """One act: who, when, from where, what it did, and the cells it changed."""

    at: datetime
    by: str
    what: str
    via: str
    reason: str = ""
    changes: Sequence[CellChange] = field(default_factory=list)


def record_of(submission: Submission) -> Sequence[Event]:
    """Return all events of ``submission``, newest first. Three queries and the form's."""
    form = form_definition(submission.form_version)
    events = [_moved(transition) for transition in submission.transitions.select_related("by")]
    savings: dict[int, list[FigureChange]] = {}
    for change in submission.changes.select_related("by", "row"):
        savings.setdefault(change.revision, []).append(change)
    events += [_saved(changes, form) for changes in savings.values()]
    events += [_exported(export) for export in submission.exports.select_related("by")]
    return sorted(events, key=lambda event: event.at, reverse=True)


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
        what=f"tải phụ lục {export.format.upper()} ({export.file_name})",
        via=VIA.get(export.via, export.via),
    )


def _saved(changes: Sequence[FigureChange], form: FormDefinition) -> Event:
    first = changes[0]
    source = f"{VIA.get(first.via, first.via)}{f' ({first.source})' if first.source else ''}"
    return Event(
        at=first.at,
        by=str(first.by or "hệ thống"),
        what=f"lưu {len(changes)} ô số liệu",
        via=source,
        reason=first.reason,
        changes=[_cell_change(change, form.by_key[change.row.key], form) for change in changes],
    )


def _cell_change(change: FigureChange, row: RowDefinition, form: FormDefinition) -> CellChange:
    return CellChange(
        name=row.name(),
        unit="" if row.options else row.unit,
        before=_told(change.before, row, form),
        after=_told(change.after, row, form),
    )


def _told(entries: Mapping[str, Any] | None, row: RowDefinition, form: FormDefinition) -> str:
    """Print a recorded cell exactly as the sheet and the appendix would."""
    cell = from_record(entries)
    text = printed_figure(row, SubmissionSnapshot(form, {row.key: cell}, is_paper=True)).text
    if cell.numerator is not None and cell.denominator is not None:
        text += f" ({write(cell.numerator)}/{write(cell.denominator)})"
    return "; ".join(filter(None, (text, *remarks(cell)))) or BLANK
