"""The record told in words: figures and states, files in and out, what was said, and acts on
rounds, agencies, people and the catalogue."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby

from indicators.definition import FormDefinition, RowDefinition
from indicators.kinds import Act, Severity
from indicators.models import IndicatorEvent, VersionEvent
from indicators.queries.definitions import form_definition
from indicators.queries.versions import SHOWN_TO_ALL
from reporting.documents.names import PAGE_BY_STEM, TOLD_BY_STEM
from reporting.models import (
    Agency,
    CheckRun,
    Comment,
    Evidence,
    ExportRecord,
    FigureChange,
    FindingAnswer,
    RecordLine,
    Round,
    Submission,
    Transition,
    User,
)
from reporting.numbers import write
from reporting.printing.cells import printed_figure, remarks
from reporting.queries.record import PAGE, Line, Mark, Reads, Wanted, search
from reporting.rules.answers import AnswerKind
from reporting.snapshot import Cell, SubmissionSnapshot, from_record
from reporting.workflow import MOVES

BLANK = "trống"
SYSTEM = "hệ thống"
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
# What is not done on a report.
VIA_ELSEWHERE = VIA | {
    "page": "trên cổng",
    "folder": "nạp từ thư mục danh mục",
    "file": "từ tệp",
    "job": "việc nền",
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
class Place:
    """What an act was on, as far as a page can lead to it."""

    submission: Submission | None = None
    round: Round | None = None
    agency: Agency | None = None
    person: User | None = None
    version: str = ""
    # A draft is opened by managers alone.
    is_published: bool = False
    indicator: str = ""

    @property
    def words(self) -> str:
        """All of it in words, for a list without links."""
        if self.submission is not None:
            return f"{self.submission.whose}, {self.submission.round}"
        named = (self.version, self.indicator, self.agency, self.person, self.round)
        return "; ".join(str(one) for one in named if one)


@dataclass(frozen=True, slots=True)
class Event:
    """One act: who, when (``since`` where it took a while), from where, what it did, and the cells
    it changed, or the changes of something else in words."""

    at: datetime
    by: str
    what: str
    via: str
    reason: str = ""
    changes: Sequence[CellChange] = field(default_factory=list)
    since: datetime | None = None
    words: Sequence[str] = ()
    place: Place = field(default_factory=Place)
    request: str = ""

    @property
    def link_word(self) -> str:
        """What stands between the act and the report it was on."""
        return " của " if self.what.endswith("báo cáo") else " – "


@dataclass(frozen=True, slots=True)
class Told:
    """A page of the record in words, newest first; ``after`` is where the next page begins."""

    events: Sequence[Event]
    after: Mark | None


def record_of(
    submission: Submission,
    wanted: Wanted | None = None,
    *,
    after: Mark | None = None,
    limit: int = PAGE,
) -> Told:
    """Return a page of what happened to ``submission``, fetched with its round."""
    reads = Reads(provinces=frozenset({submission.round.province_id}))
    of_report = replace(wanted or Wanted(), report=submission)
    return journal(reads, of_report, after=after, limit=limit)


def journal(reads: Reads, wanted: Wanted, *, after: Mark | None = None, limit: int = PAGE) -> Told:
    """Return a page of the record that is read and wanted."""
    page = search(reads, wanted, after=after, limit=limit)
    return Told(_sittings(_events(reversed(page.lines)))[::-1], page.after)


def told_singly(line: Line) -> Event:
    """Tell one line alone: a changed cell is not joined with others of its saving."""
    return _told([line])


def _events(lines: Iterable[Line]) -> Iterator[Event]:
    """Tell lines, oldest first; cells that were saved together are told together."""
    return (_told(list(together)) for _, together in groupby(lines, key=_saving))


def _saving(line: Line) -> object:
    act = line.act
    return (act.submission_id, act.revision) if isinstance(act, FigureChange) else line.mark


def _told(lines: Sequence[Line]) -> Event:
    """Tell one act: of a saving all its lines, of anything else the one line."""
    line, act = lines[0], lines[0].act
    match act:
        case FigureChange():
            event = _saved([one.act for one in lines], form_definition(act.submission.form_version))
        case Transition():
            event = _moved(act)
        case CheckRun():
            event = _checked(act)
        case FindingAnswer():
            event = _answered(act, form_definition(act.submission.form_version))
        case Comment():
            event = _commented(act, line)
        case Evidence():
            event = _attached(act, line)
        case ExportRecord():
            event = _exported(act)
        case VersionEvent():
            event = _of_version(act)
        case IndicatorEvent():
            event = _of_indicator(act)
        case _:
            event = _of_the_portal(act)
    report = getattr(act, "submission", None)
    place = replace(event.place, submission=report, round=None) if report else event.place
    return replace(event, place=place, request=getattr(act, "request_id", ""))


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
        last.via == event.via == VIA["cell"]
        and (last.by, last.place.submission) == (event.by, event.place.submission)
        and event.at - last.at <= PAUSE
    )


def history_of(submission: Submission, row: RowDefinition) -> Sequence[Event]:
    """Return the savings of one cell of ``submission``, newest first. One query and the form's."""
    form = form_definition(submission.form_version)
    changes = submission.changes.filter(row=row.id).select_related("by", "row").order_by("-pk")
    return [_saved([change], form) for change in changes if change.before != change.after]


def _moved(transition: Transition) -> Event:
    known, number = MOVES.get(transition.move), getattr(transition, "number", None)
    via = VIA.get(transition.via, transition.via)
    if number is not None:
        via += f", lần gửi {number}, mã băm {transition.sha256[:12]}"  # type: ignore[attr-defined]
    return Event(
        at=transition.at,
        by=str(transition.by or SYSTEM),
        what=known.done if known else "mở đợt, giao báo cáo cho đơn vị",
        via=via,
        reason=transition.reason,
    )


def _exported(export: ExportRecord) -> Event:
    what = f"tải {_what_file(export)} {export.format.upper()} ({export.file_name})"
    via = [_taken_from(export)]
    if export.code is not None:
        via.append(f"mã kiểm chứng {export.code}")
    via.append(f"mã băm {export.sha256[:12]}")
    return Event(
        at=export.at,
        by=str(export.by or SYSTEM),
        what=f"{what}, {export.layout}" if export.layout else what,
        via=", ".join(via),
        place=Place(round=export.round),
    )


def _taken_from(export: ExportRecord) -> str:
    """Say where a file was taken: figures are typed on no page that offers one."""
    if export.via != "page":
        return VIA.get(export.via, export.via)
    return PAGE_BY_STEM.get(_stem(export), VIA_ELSEWHERE["page"])


def _stem(export: ExportRecord) -> str:
    return export.file_name.split("_")[0]


def _what_file(export: ExportRecord) -> str:
    return TOLD_BY_STEM.get(_stem(export), "phụ lục")


def _attached(file: Evidence, line: Line) -> Event:
    """Tell how a file came or how it was taken away."""
    via, row = f"trang tài liệu kèm theo, mã băm {file.sha256[:12]}", _row_of(file)
    if line.ends:
        by, what = str(file.removed_by), f"gỡ tệp «{file.name}» khỏi {row}"
        return Event(at=line.mark.at, by=by, what=what, via=via)
    return Event(at=file.at, by=str(file.by), what=f"gắn tệp «{file.name}» vào {row}", via=via)


def _commented(comment: Comment, line: Line) -> Event:
    """Tell what was said, or that it was settled."""
    said, via, row = comment.text, VIA["panel"], _row_of(comment)
    if line.ends:
        by, what = str(comment.resolved_by), f"đánh dấu đã xong ý kiến về {row}"
        return Event(at=line.mark.at, by=by, what=what, via=via, reason=said)
    what = f"ghi ý kiến về {row}"
    return Event(at=comment.at, by=str(comment.by), what=what, via=via, reason=said)


def _row_of(act: Comment | Evidence) -> str:
    if act.row is None:
        return "cả báo cáo"
    return f"dòng {form_definition(act.submission.form_version).by_key[act.row.key].name()}"


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


def _checked(run: CheckRun) -> Event:
    """Tell what the checks found at handing in."""
    found = [
        f"{count} {severity.label}"
        for severity in Severity
        if (count := getattr(run, severity.value))
    ]
    what = f"kiểm tra khi gửi: {', '.join(found) or 'không có gì cần xem lại'}"
    return Event(at=run.at, by=str(run.by), what=what, via="tự động, khi gửi báo cáo")


def _of_version(event: VersionEvent) -> Event:
    what = Act(event.act).label
    return Event(
        at=event.at,
        by=str(event.by or SYSTEM),
        what=f"{what[:1].lower()}{what[1:]}",
        via=VIA_ELSEWHERE.get(event.via, event.via),
        reason=event.note,
        words=event.changes,
        place=Place(version=event.version.code, is_published=event.version.status in SHOWN_TO_ALL),
    )


def _of_indicator(event: IndicatorEvent) -> Event:
    return Event(
        at=event.at,
        by=str(event.by or SYSTEM),
        what="sửa chỉ tiêu",
        via=VIA_ELSEWHERE["page"],
        reason=event.note,
        words=event.changes,
        place=Place(indicator=event.indicator.code),
    )


def _of_the_portal(line: RecordLine) -> Event:
    """Tell an act on a round, an agency, a person or the portal; it has its own words."""
    return Event(
        at=line.at,
        by=str(line.by or SYSTEM),
        what=line.what,
        via=VIA_ELSEWHERE.get(line.via, line.via),
        reason=line.reason,
        changes=[
            CellChange(change["label"], "", change["before"], change["after"])
            for change in line.changes
        ],
        place=Place(round=line.round, agency=line.agency, person=line.person),
    )


def _saved(changes: Sequence[FigureChange], form: FormDefinition) -> Event:
    first = changes[0]
    source = f"{VIA.get(first.via, first.via)}{f' ({first.source})' if first.source else ''}"
    return Event(
        at=first.at,
        by=str(first.by or SYSTEM),
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
