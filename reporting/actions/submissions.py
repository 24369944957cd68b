"""The acts on submissions: save figures, give the heading, and every move of the workflow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from reporting.access import roles_at
from reporting.models import (
    DetailLine,
    Figure,
    FigureChange,
    Round,
    Submission,
    Transition,
    User,
)
from reporting.periods import why_closed
from reporting.queries.figures import changes_after, snapshot
from reporting.refusals import (
    Conflict,
    NothingReported,
    NotYours,
    ReasonMissing,
    RoundClosed,
    StaleSubmission,
    WrongState,
)
from reporting.snapshot import Cell, SubmissionSnapshot, recorded
from reporting.workflow import EDITABLE, MOVES, Move, Role, State


@dataclass(frozen=True, slots=True)
class Saved:
    """What a saving did: the cells written, those left because somebody else had written them,
    and the revision that a page drawn now stands on."""

    keys: Sequence[str]
    conflicts: Sequence[Conflict]
    revision: int


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above and below a printed appendix, as the agency gave it."""

    report_number: str = ""
    report_date: date | None = None
    signer_title: str = ""
    signer_name: str = ""


@transaction.atomic
def save_figures(
    *,
    submission: Submission,
    cells: Mapping[str, Cell],
    base_revision: int,
    by: User,
    via: str = "page",
    source: str = "",
    reason: str = "",
) -> Saved:
    """Write ``cells`` (row key → what the person put there) and record each change.

    ``base_revision`` is the revision that the person was looking at: a cell that somebody else
    has changed since is not overwritten but reported as a conflict, the others are saved.
    Raises WrongState, RoundClosed or NotYours; then nothing is changed.
    """
    locked = _locked(submission)
    require_entry(submission, locked.round, by=by)
    if State(locked.state) not in EDITABLE:
        raise WrongState(_cannot_edit(locked))
    before = snapshot(locked)
    later = changes_after(locked, base_revision)
    conflicts = [
        Conflict(key, theirs=before.cell(key), mine=cell, by=later[key].by, at=later[key].at)
        for key, cell in cells.items()
        if key in later and not before.cell(key).says_same_as(cell)
    ]
    contested = {conflict.key for conflict in conflicts}
    changed = {
        key: cell
        for key, cell in cells.items()
        if key not in contested and cell != before.cell(key)
    }
    if changed:
        locked.revision += 1
        locked.save(update_fields=["revision"])
        now = timezone.now()
        _write(locked, before, changed)
        _log(locked, before, changed, by=by, at=now, via=via, source=source, reason=reason)
        if locked.state == State.NOT_STARTED:
            _change_state(locked, MOVES["start"], by=by, at=now, via=via)
    submission.revision, submission.state = locked.revision, locked.state
    return Saved(keys=tuple(changed), conflicts=conflicts, revision=locked.revision)


def _write(submission: Submission, before: SubmissionSnapshot, changed: Mapping[str, Cell]) -> None:
    """Put the changed cells in the store: one statement each for figures, removals and details."""
    rows = before.form.by_key
    kept = {key: cell for key, cell in changed.items() if not cell.is_empty}
    gone = [rows[key].id for key in changed if key not in kept]
    Figure.objects.filter(submission=submission, row__in=gone).delete()
    Figure.objects.bulk_create(
        (
            Figure(
                submission=submission,
                row_id=rows[key].id,
                **{name: getattr(cell, name) for name in _CELL_FIELDS},
            )
            for key, cell in kept.items()
        ),
        update_conflicts=True,
        unique_fields=["submission", "row"],
        update_fields=list(_CELL_FIELDS),
    )
    redetailed = {
        rows[key].id: cell.details
        for key, cell in kept.items()
        if cell.details != before.cell(key).details
    }
    if redetailed:
        DetailLine.objects.filter(
            figure__submission=submission, figure__row__in=redetailed
        ).delete()
        figures = Figure.objects.filter(submission=submission, row__in=redetailed)
        DetailLine.objects.bulk_create(
            DetailLine(
                figure_id=figure_id,
                position=position,
                label=detail.label,
                number=detail.number,
                written=detail.written,
            )
            for figure_id, row_id in figures.values_list("pk", "row_id")
            for position, detail in enumerate(redetailed[row_id], start=1)
        )


_CELL_FIELDS = (
    "status",
    "number",
    "numerator",
    "denominator",
    "choice",
    "text",
    "note",
    "written",
    "written_unit",
    "reading",
)


def _log(
    submission: Submission,
    before: SubmissionSnapshot,
    changed: Mapping[str, Cell],
    *,
    by: User,
    at: datetime,
    via: str,
    source: str,
    reason: str,
) -> None:
    FigureChange.objects.bulk_create(
        FigureChange(
            submission=submission,
            row_id=before.form.by_key[key].id,
            revision=submission.revision,
            before=recorded(before.cell(key)),
            after=recorded(cell),
            by=by,
            at=at,
            via=via,
            source=source,
            reason=reason,
        )
        for key, cell in changed.items()
    )


@transaction.atomic
def give_heading(*, submission: Submission, heading: Heading, by: User) -> None:
    """Set report number, date and signer while the submission can still be edited."""
    locked = _locked(submission)
    require_entry(submission, locked.round, by=by)
    if State(locked.state) not in EDITABLE:
        raise WrongState(_cannot_edit(locked))
    names = ("report_number", "report_date", "signer_title", "signer_name")
    for name in names:
        setattr(locked, name, getattr(heading, name))
        setattr(submission, name, getattr(heading, name))
    locked.save(update_fields=names)


@transaction.atomic
def make_move(
    *,
    submission: Submission,
    move: Move,
    by: User,
    revision: int,
    reason: str = "",
    via: str = "page",
) -> Submission:
    """Take ``submission`` through ``move``, if it still stands as the person saw it.

    Raises NotYours, WrongState, StaleSubmission, RoundClosed, ReasonMissing or NothingReported.
    """
    current = _locked(submission)
    if move.roles.isdisjoint(roles_at(by, submission.agency)):
        raise NotYours(f"Vai trò của ông/bà tại đơn vị này không cho phép: {move.label.lower()}.")
    if State(current.state) not in move.sources:
        raise WrongState(_cannot_move(current, move))
    if current.revision != revision:
        raise StaleSubmission(
            "Số liệu đã thay đổi sau khi ông/bà mở trang này."
            " Hãy xem lại số liệu mới bên dưới rồi thực hiện lại."
        )
    if move.only_while_open:
        require_open(current.round)
    if move.needs_reason and not reason.strip():
        raise ReasonMissing(f"Cần ghi lý do để {move.label.lower()}; đơn vị sẽ đọc lý do này.")
    if move.needs_figures and not snapshot(current).answered:
        raise NothingReported(
            "Báo cáo chưa có số liệu nào nên chưa gửi được."
            " Hãy nhập số liệu, hoặc ghi «không phát sinh» ở những dòng không có việc."
        )
    _change_state(current, move, by=by, at=timezone.now(), via=via, reason=reason.strip())
    return current


def _locked(submission: Submission) -> Submission:
    """Return ``submission`` as stored, and let no second writer at it until the transaction ends.

    Only its own row is locked: the round's belongs to all agencies, and PostgreSQL locks no
    row that may not be there (nobody has moved a new submission).
    """
    return (
        Submission.objects.select_for_update(of=("self",))
        .select_related("round", "state_by")
        .get(pk=submission.pk)
    )


def _change_state(
    submission: Submission,
    move: Move,
    *,
    by: User,
    at: datetime,
    via: str,
    reason: str = "",
) -> None:
    """Compare and set: of two people only the first gets through, on any database."""
    source = submission.state
    won = Submission.objects.filter(
        pk=submission.pk, state=source, revision=submission.revision
    ).update(state=move.target.value, state_at=at, state_by=by)
    if won != 1:
        raise StaleSubmission("Người khác vừa xử lý báo cáo này. Hãy tải lại trang để xem kết quả.")
    Transition.objects.create(
        submission=submission,
        move=move.name,
        source=source,
        target=move.target.value,
        by=by,
        at=at,
        via=via,
        reason=reason,
    )
    submission.state, submission.state_at, submission.state_by = move.target.value, at, by


def require_entry(submission: Submission, round_: Round, *, by: User) -> None:
    """Raise unless ``by`` fills in reports of this agency and the round takes figures today."""
    if {Role.CLERK, Role.HEAD}.isdisjoint(roles_at(by, submission.agency)):
        raise NotYours("Ông/bà được xem báo cáo này nhưng không được nhập số liệu cho đơn vị.")
    require_open(round_)


def require_open(round_: Round) -> None:
    closed = why_closed(round_.name, round_.opens_on, round_.closes_on, timezone.localdate())
    if closed:
        raise RoundClosed(closed)


def _when(submission: Submission) -> str:
    at = timezone.localtime(submission.state_at)
    who = f" bởi {submission.state_by}" if submission.state_by else ""
    return f"lúc {at:%H:%M ngày %d/%m/%Y}{who}"


def _cannot_edit(submission: Submission) -> str:
    state = State(submission.state)
    remedy = (
        "Hãy rút báo cáo về rồi sửa."
        if state is State.SUBMITTED
        else "Muốn sửa, hãy đề nghị Sở Nội vụ mở lại."
    )
    return (
        f"Báo cáo ở trạng thái «{state.label}» ({_when(submission)}) nên không sửa được số liệu."
        f" {remedy}"
    )


def _cannot_move(submission: Submission, move: Move) -> str:
    state = State(submission.state)
    if state is move.target:
        return f"Báo cáo đã ở trạng thái «{state.label}» ({_when(submission)}), không cần làm lại."
    needed = " hoặc ".join(f"«{source.label}»" for source in State if source in move.sources)
    return (
        f"Báo cáo đang ở trạng thái «{state.label}» ({_when(submission)});"
        f" chỉ {move.label.lower()} được khi báo cáo ở trạng thái {needed}."
    )
