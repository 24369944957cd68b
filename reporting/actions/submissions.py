"""The acts on submissions: hand in, and every other move of the workflow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from reporting.access import FILLS_IN, roles_at, roles_on
from reporting.actions.notices import tell_of_move
from reporting.actions.record import in_words
from reporting.filing import Filed, content_of, is_nil, sha256_of
from reporting.models import (
    CheckedFinding,
    CheckRun,
    Filing,
    Look,
    Round,
    Submission,
    Transition,
    User,
)
from reporting.periods import why_shut
from reporting.queries.comments import open_counts
from reporting.queries.figures import snapshot
from reporting.queries.findings import last_answers, weighed_findings
from reporting.queries.submissions import entry_days, wanted_day
from reporting.refusals import (
    FindingsOpen,
    NothingReported,
    NotYours,
    ReasonMissing,
    Refused,
    RemarksOpen,
    RoundClosed,
    StaleSubmission,
    WrongState,
)
from reporting.rules.answers import Weighed, in_the_way
from reporting.snapshot import SubmissionSnapshot
from reporting.workflow import (
    EDITABLE,
    HANDED_IN,
    MOVES,
    Move,
    Role,
    RoundStatus,
    State,
)


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above and below a printed appendix, as the agency gave it."""

    report_number: str = ""
    report_date: date | None = None
    signer_title: str = ""
    signer_name: str = ""
    # The day on which it was handed in outside the portal, where it is only entered afterwards.
    received_on: date | None = None


@transaction.atomic
def hand_in(
    *,
    submission: Submission,
    heading: Heading,
    by: User,
    revision: int,
    via: str = "page",
) -> Submission:
    """Set report number, date and signer and submit, or, at an agency that wants its head to sign,
    present it to the head; or do neither. Raises as ``make_move``."""
    current = locked(submission)
    move = handing_in(current, by=by)
    ready = _require_move(current, move, by=by, revision=revision)
    said = _give_heading(current, heading)
    _go(current, move, ready, by=by, via=via, reason=said)
    return current


def handing_in(submission: Submission, *, by: User) -> Move:
    """Return the move by which ``by`` passes the report on: to the Sở Nội vụ, or to the head."""
    wants_signature = submission.agency.wants_signature
    signs = Role.HEAD in roles_on(by, submission)
    return MOVES["present" if wants_signature and not signs else "submit"]


def _give_heading(submission: Submission, heading: Heading) -> str:
    """Set what stands around the table; return what changed, in words for the record."""
    changed = []
    for name, label in _HEADING_FIELDS.items():
        before, after = getattr(submission, name), getattr(heading, name)
        if before != after:
            setattr(submission, name, after)
            changed.append(f"{label}: {in_words(before)} → {in_words(after)}")
    if changed:
        submission.save(update_fields=list(_HEADING_FIELDS))
    return "; ".join(changed)


_HEADING_FIELDS = {
    "report_number": "Số báo cáo",
    "report_date": "Ngày báo cáo",
    "signer_title": "Chức danh người ký",
    "signer_name": "Người ký",
    "received_on": "Đã nộp ngoài hệ thống ngày",
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
    current = locked(submission, with_round=move.target is State.APPROVED)
    move_locked(current, move, by=by, revision=revision, reason=reason, via=via)
    return current


def move_locked(
    current: Submission, move: Move, *, by: User, revision: int, reason: str = "", via: str
) -> None:
    """``make_move`` for who has ``locked`` the report already."""
    ready = _require_move(current, move, by=by, revision=revision)
    if move.needs_reason and not reason.strip():
        raise ReasonMissing(f"Cần ghi lý do để {move.in_sentence}; đơn vị sẽ đọc lý do này.")
    _go(current, move, ready, by=by, via=via, reason=reason.strip())


@dataclass(frozen=True, slots=True)
class _Ready:
    """What was looked at before a move, so that it is not read twice: the figures and what the
    checks find in them, where the move depends on them."""

    now: SubmissionSnapshot | None = None
    found: Sequence[Weighed] = ()


def _go(
    current: Submission,
    move: Move,
    ready: _Ready,
    *,
    by: User,
    via: str,
    reason: str,
) -> None:
    """Make a move that was found possible, with all that belongs to it."""
    due = wanted_day(current)
    change_state(current, move, by=by, at=timezone.now(), via=via, reason=reason)
    if move.target is State.SUBMITTED and ready.now is not None:
        _keep(current, ready.found, by=by)
        _freeze(current, ready.now, due=due, by=by)
    if Role.REVIEWER in move.roles:
        mark_seen(submission=current, by=by)
    tell_of_move(current, move, by=by, reason=reason)


def _freeze(
    submission: Submission, now: SubmissionSnapshot, *, due: date | None, by: User
) -> Filing:
    """Keep the report as it is handed in, under the next number of its chain; it was ``due`` on
    that day, a correction on the last day of corrections, where there is one."""
    day = submission.received_on or timezone.localdate(submission.state_at)
    content = content_of(
        Filed(
            round=submission.round.code,
            agency=submission.agency.code,
            agency_name=submission.agency_name,
            form=submission.form_version.code,
            form_hash=submission.form_version.content_hash,
            capacity=submission.capacity,
            report_number=submission.report_number,
            report_date=submission.report_date,
            signer_title=submission.signer_title,
            signer_name=submission.signer_name,
            received_on=submission.received_on,
        ),
        now,
    )
    return Filing.objects.create(
        submission=submission,
        number=submission.filings.count() + 1,
        revision=submission.revision,
        at=submission.state_at,
        by=by,
        received_on=submission.received_on,
        due_on=due,
        is_late=due is not None and day > due,
        is_nil=is_nil(now),
        figures=sum(not cell.is_empty for cell in now.cells.values()),
        content=content,
        sha256=sha256_of(content),
    )


def mark_seen(*, submission: Submission, by: User) -> None:
    """Keep that ``by`` has seen the report as it stands in ``submission``."""
    Look.objects.update_or_create(
        submission=submission,
        user=by,
        defaults={"revision": submission.revision, "at": timezone.now()},
    )


def _require_move(current: Submission, move: Move, *, by: User, revision: int) -> _Ready:
    """Raise unless ``by`` may make ``move`` from where the submission stands now; return what was
    looked at where the move depends on it."""
    is_signed = current.agency.wants_signature
    if move.made_by(is_signed=is_signed).isdisjoint(roles_on(by, current)):
        raise NotYours(f"Vai trò của ông/bà tại đơn vị này không cho phép: {move.in_sentence}.")
    if State(current.state) not in move.sources:
        raise WrongState(_cannot_move(current, move))
    if current.revision != revision:
        raise StaleSubmission(
            "Báo cáo đã thay đổi sau khi ông/bà mở trang này."
            f" Nay ở trạng thái «{State(current.state).label}» ({_when(current)})."
            " Hãy xem lại số liệu mới rồi thực hiện lại."
        )
    if move.only_while_open:
        require_open(current)
    _require_round(current, move)
    if move.needs_no_remarks and (count := open_counts([current.pk]).get(current.pk)):
        raise RemarksOpen(
            f"Còn {count} ý kiến chưa xong. Hãy đánh dấu đã xong ở trang «Ý kiến» rồi"
            f" {move.in_sentence}, hoặc trả lại để đơn vị sửa."
        )
    if not (move.needs_figures or move.needs_answers):
        return _Ready()
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
    return _Ready(now, found)


def _require_round(current: Submission, move: Move) -> None:
    """Raise where the round leaves no room for ``move``: it was cancelled, or what would be sent
    back could not be mended any more."""
    if current.round.status == RoundStatus.CANCELLED:
        raise RoundClosed(f"{current.round.name} đã hủy nên báo cáo giữ nguyên trạng thái.")
    if move.target is not State.RETURNED:
        return
    entry = replace(entry_days(current), mends=True)
    if shut := why_shut(entry, timezone.localdate()):
        # More time is granted to what is not approved yet.
        first = "lùi hạn sửa của đợt" if current.state == State.APPROVED else "gia hạn cho đơn vị"
        raise RoundClosed(f"{shut} Trả lại lúc này thì đơn vị không sửa được: hãy {first} trước.")


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


def locked(submission: Submission, *, with_round: bool = False) -> Submission:
    """Return ``submission`` as stored, and let no second writer at it until the transaction ends.

    Its own row is read anew after waiting for the lock. What comes with it (agency, round, form)
    is as ``submission`` has it, who was fetched for this act: a round closed in that moment closes
    after it. Not so ``with_round``, for who approves: a round with an approved report is not
    cancelled, so the two wait for each other, at the round, which whoever locks both locks first.
    """
    status = None
    if with_round:
        rounds = Round.objects.select_for_update(no_key=True).values_list("status", flat=True)
        status = rounds.get(pk=submission.round_id)
    current = Submission.objects.select_for_update(no_key=True).get(pk=submission.pk)
    for name in ("agency", "round", "form_version"):
        fetched = submission._state.fields_cache.get(name)
        if fetched is not None and fetched.pk == getattr(current, f"{name}_id"):
            setattr(current, name, fetched)
    if status is not None:
        current.round.status = status
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
    after = {
        "state": move.target.value,
        "state_at": at,
        "state_by": by,
        "revision": revision + 1,
        "mends": _mends(submission, move),
        # What is sent back comes again through the portal.
        "received_on": None if move.target is State.RETURNED else submission.received_on,
    }
    stands = Submission.objects.filter(pk=submission.pk, state=source, revision=revision)
    won = stands.update(**after)
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
    for name, value in after.items():
        setattr(submission, name, value)


def _mends(submission: Submission, move: Move) -> bool:
    """Say whether the report is being corrected after ``move``: from being sent back until it is
    handed in again, whoever holds it meanwhile; a correction that is taken back is one again."""
    if move.name == "withdraw":
        return submission.transitions.filter(target=State.RETURNED.value).exists()
    return move.target is State.RETURNED or (submission.mends and move.target not in HANDED_IN)


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
    if closed := why_not_open(submission, timezone.localdate()):
        raise RoundClosed(closed)


def why_not_open(submission: Submission, today: date) -> str:
    """Return the sentence why the submission takes no figures today; empty if it does."""
    return why_shut(entry_days(submission), today)


def _when(submission: Submission) -> str:
    at = timezone.localtime(submission.state_at)
    who = f" bởi {submission.state_by}" if submission.state_by else ""
    return f"lúc {at:%H:%M ngày %d/%m/%Y}{who}"


def _cannot_edit(submission: Submission) -> str:
    state = State(submission.state)
    remedy = _REMEDIES.get(state, "Muốn sửa, hãy đề nghị Sở Nội vụ mở lại.")
    return (
        f"Báo cáo ở trạng thái «{state.label}» ({_when(submission)}) nên không sửa được số liệu."
        f" {remedy}"
    )


_REMEDIES = {
    State.SIGNING: "Hãy lấy báo cáo lại để sửa, rồi trình ký lại.",
    State.SUBMITTED: "Hãy rút báo cáo về rồi sửa.",
    State.IN_REVIEW: "Sở Nội vụ đang xem xét; muốn sửa, hãy đề nghị Sở Nội vụ trả lại.",
}


def _cannot_move(submission: Submission, move: Move) -> str:
    state = State(submission.state)
    if state is move.target:
        return f"Báo cáo đã ở trạng thái «{state.label}» ({_when(submission)}), không cần làm lại."
    needed = " hoặc ".join(f"«{source.label}»" for source in State if source in move.sources)
    return (
        f"Báo cáo đang ở trạng thái «{state.label}» ({_when(submission)});"
        f" chỉ {move.in_sentence} được khi báo cáo ở trạng thái {needed}."
    )
