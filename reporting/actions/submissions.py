"""The acts on submissions: hand in, and every other move of the workflow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from reporting.access import FILLS_IN, roles_at, roles_on
from reporting.models import CheckedFinding, CheckRun, Submission, Transition, User
from reporting.periods import why_closed
from reporting.queries.figures import snapshot
from reporting.queries.findings import last_answers, weighed_findings
from reporting.refusals import (
    FindingsOpen,
    NothingReported,
    NotYours,
    ReasonMissing,
    Refused,
    RoundClosed,
    StaleSubmission,
    WrongState,
)
from reporting.rules.answers import Weighed, in_the_way
from reporting.workflow import EDITABLE, MOVES, Move, State


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above and below a printed appendix, as the agency gave it."""

    report_number: str = ""
    report_date: date | None = None
    signer_title: str = ""
    signer_name: str = ""


@transaction.atomic
def hand_in(
    *,
    submission: Submission,
    heading: Heading,
    by: User,
    revision: int,
    via: str = "page",
) -> Submission:
    """Set report number, date and signer and submit, or do neither; raises as ``make_move``."""
    current = locked(submission)
    found = _require_move(current, MOVES["submit"], by=by, revision=revision)
    said = _give_heading(current, heading)
    change_state(current, MOVES["submit"], by=by, at=timezone.now(), via=via, reason=said)
    _keep(current, found, by=by)
    return current


def _give_heading(submission: Submission, heading: Heading) -> str:
    """Set what stands around the table; return what changed, in words for the record."""
    changed = []
    for name, label in _HEADING_FIELDS.items():
        before, after = getattr(submission, name), getattr(heading, name)
        if before != after:
            setattr(submission, name, after)
            changed.append(f"{label}: {_in_words(before)} → {_in_words(after)}")
    if changed:
        submission.save(update_fields=list(_HEADING_FIELDS))
    return "; ".join(changed)


def _in_words(value: object) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value).replace("\n", " ") if value else "trống"


_HEADING_FIELDS = {
    "report_number": "Số báo cáo",
    "report_date": "Ngày báo cáo",
    "signer_title": "Chức danh người ký",
    "signer_name": "Người ký",
}


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

    Raises NotYours, WrongState, StaleSubmission, RoundClosed, ReasonMissing, NothingReported or
    FindingsOpen.
    """
    current = locked(submission)
    found = _require_move(current, move, by=by, revision=revision)
    if move.needs_reason and not reason.strip():
        raise ReasonMissing(f"Cần ghi lý do để {move.in_sentence}; đơn vị sẽ đọc lý do này.")
    change_state(current, move, by=by, at=timezone.now(), via=via, reason=reason.strip())
    if move.needs_answers:
        _keep(current, found, by=by)
    return current


def _require_move(current: Submission, move: Move, *, by: User, revision: int) -> Sequence[Weighed]:
    """Raise unless ``by`` may make ``move`` from where the submission stands now; return what the
    checks find where the move depends on it."""
    if move.roles.isdisjoint(roles_on(by, current)):
        raise NotYours(f"Vai trò của ông/bà tại đơn vị này không cho phép: {move.in_sentence}.")
    if State(current.state) not in move.sources:
        raise WrongState(_cannot_move(current, move))
    if current.revision != revision:
        raise StaleSubmission(
            "Báo cáo đã thay đổi sau khi ông/bà mở trang này."
            " Hãy xem lại số liệu mới rồi thực hiện lại."
        )
    if move.only_while_open:
        require_open(current)
    if not (move.needs_figures or move.needs_answers):
        return ()
    now = snapshot(current)
    if move.needs_figures and not now.answered:
        raise NothingReported(
            "Báo cáo chưa có số liệu nào nên chưa gửi được."
            " Hãy nhập số liệu, hoặc ghi «không phát sinh» ở những dòng không có việc."
        )
    found = weighed_findings(current, now) if move.needs_answers else ()
    # What a paper says was signed and filed: it is entered as it stands, slips included.
    if not now.is_paper and (sentence := in_the_way(found)):
        raise FindingsOpen(sentence)
    return found


def _keep(submission: Submission, found: Sequence[Weighed], *, by: User) -> None:
    """Store what the checks found at this handing in, with what was said of it."""
    run = CheckRun.objects.create(
        submission=submission, revision=submission.revision, by=by, at=submission.state_at
    )
    kept = CheckedFinding.objects.bulk_create(
        CheckedFinding(
            run=run,
            position=position,
            code=one.finding.code,
            version=one.finding.version,
            severity=one.finding.severity.value,
            keys=" ".join(one.finding.keys),
            sentence=one.finding.sentence,
            found=one.finding.found,
            expected=one.finding.expected,
            formula=one.finding.formula,
            instruction=one.finding.instruction,
        )
        for position, one in enumerate(found, start=1)
    )
    counts = {
        (answer.code, answer.place, answer.found, answer.kind): answer
        for answer in last_answers(submission)
    }
    for row, one in zip(kept, found, strict=True):
        if one.said:
            what = one.finding
            row.answers.set(counts[what.code, what.place, what.found, a.kind] for a in one.said)


def why_not(submission: Submission, move: Move, *, by: User) -> str:
    """Return the sentence why ``by`` can't make ``move`` now; empty if it can be made."""
    try:
        _require_move(submission, move, by=by, revision=submission.revision)
    except Refused as refusal:
        return str(refusal)
    return ""


def locked(submission: Submission) -> Submission:
    """Return ``submission`` as stored, and let no second writer at it until the transaction ends.

    Its own row is read anew after waiting for the lock. What comes with it (agency, round, form)
    is as ``submission`` has it, who was fetched for this act: a round closed in that moment closes
    after it.
    """
    current = Submission.objects.select_for_update().get(pk=submission.pk)
    for name in ("agency", "round", "form_version"):
        fetched = submission._state.fields_cache.get(name)
        if fetched is not None and fetched.pk == getattr(current, f"{name}_id"):
            setattr(current, name, fetched)
    return current


def change_state(
    submission: Submission,
    move: Move,
    *,
    by: User,
    at: datetime,
    via: str,
    reason: str = "",
) -> None:
    """Write the new state and its line in the record.

    The row is locked already; comparing and setting keeps a caller that forgot to lock from
    letting two people through. The revision counts moves too: a page drawn before a submission
    was withdrawn and sent again is out of date, even if no figure has changed.
    """
    source, revision = submission.state, submission.revision
    won = Submission.objects.filter(pk=submission.pk, state=source, revision=revision).update(
        state=move.target.value, state_at=at, state_by=by, revision=revision + 1
    )
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
    submission.revision = revision + 1


def require_entry(submission: Submission, *, by: User) -> None:
    """Raise unless ``by`` fills in reports of this agency and this one takes figures today."""
    if FILLS_IN.isdisjoint(roles_at(by, submission.agency)):
        raise NotYours("Ông/bà được xem báo cáo này nhưng không được nhập số liệu cho đơn vị.")
    if State(submission.state) not in EDITABLE:
        raise WrongState(_cannot_edit(submission))
    require_open(submission)


def why_no_entry(submission: Submission, *, by: User) -> str:
    """Return the sentence why ``by`` can't enter figures now; empty if they can."""
    try:
        require_entry(submission, by=by)
    except Refused as refusal:
        return str(refusal)
    return ""


def require_open(submission: Submission) -> None:
    if closed := why_shut(submission, timezone.localdate()):
        raise RoundClosed(closed)


def why_shut(submission: Submission, today: date) -> str:
    """Return the sentence why the submission takes no figures today; empty if it does.

    One that was returned with a reason stays open after the round has closed: otherwise nobody
    could mend what the reviewer has just asked for.
    """
    round_ = submission.round
    if submission.state == State.RETURNED:
        return ""
    return why_closed(round_.name, round_.opens_on, round_.closes_on, today)


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
        f" chỉ {move.in_sentence} được khi báo cáo ở trạng thái {needed}."
    )
