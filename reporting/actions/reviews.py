"""The acts of who judges: keep how far they have seen, send back with a letter, approve many."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from indicators.kinds import Severity
from reporting.access import roles_at, roles_on
from reporting.actions.submissions import locked, make_move, mark_seen, move_locked
from reporting.models import Round, Submission, User
from reporting.queries.comments import open_comments, open_counts
from reporting.queries.findings import checked_counts
from reporting.refusals import NothingChosen, NotPlain, NotYours, Refused, StaleSubmission
from reporting.reviewing import Point, letter, why_not_at_once
from reporting.workflow import MOVES, Role, State


@transaction.atomic
def keep_seen(*, submission: Submission, by: User, revision: int) -> None:
    """Keep that ``by`` has seen the report whole, as their page showed it at ``revision``.

    Raises NotYours, or StaleSubmission where something came since, which nobody has seen.
    """
    current = locked(submission)
    if Role.REVIEWER not in roles_on(by, current):
        raise NotYours("Chỉ chuyên viên Sở Nội vụ mới đánh dấu được là đã xem.")
    if current.revision != revision:
        raise StaleSubmission(
            "Báo cáo đã thay đổi sau khi ông/bà mở trang này. Hãy xem phần mới rồi đánh dấu lại."
        )
    mark_seen(submission=current, by=by)


@transaction.atomic
def send_back(
    *,
    submission: Submission,
    reason: str,
    points: Sequence[Point],
    seen: Collection[int],
    by: User,
    revision: int,
    via: str = "page",
) -> Submission:
    """Return the report with one letter: the reason, then every comment that is open.

    ``points`` are those comments with their places as the letter tells them, ``seen`` the ids of
    those that the person read in its preview. Raises as ``make_move``, and StaleSubmission where
    somebody has said or settled something since.
    """
    current = locked(submission)
    still_open = {one.id for said in open_comments(current).values() for one in said}
    text = letter(reason, points) if reason.strip() else ""
    returned = make_move(
        submission=current, move=MOVES["return"], by=by, revision=revision, reason=text, via=via
    )
    # Asked last: who was first to judge the report matters more. Raising takes the move back.
    if not still_open == {point.remark.id for point in points} == set(seen):
        raise StaleSubmission(
            "Có ý kiến vừa được ghi thêm hoặc đánh dấu xong sau khi ông/bà mở trang này."
            " Hãy đọc lại thư dưới đây rồi trả lại."
        )
    return returned


@dataclass(frozen=True, slots=True)
class Judged:
    """What has become of one report that was to be approved with others: approved, or the sentence
    why not."""

    submission: Submission
    why_not: str = ""


def approve_at_once(
    *,
    round_: Round,
    chosen: Mapping[int, int],
    reports: Mapping[int, Submission],
    by: User,
    via: str = "page",
) -> Sequence[Judged]:
    """Approve plain reports of a round, ``chosen`` by id with the revision that the person saw;
    ``reports`` are these, fetched for them. Each is a transaction of its own: one that can't be
    approved keeps none of the others from it.

    Raises NotYours or NothingChosen; then nothing is changed.
    """
    if Role.REVIEWER not in roles_at(by, round_.province):
        raise NotYours("Ông/bà được xem các báo cáo của đợt nhưng không duyệt được.")
    if not chosen:
        raise NothingChosen(
            "Chưa chọn báo cáo nào. Hãy đánh dấu các báo cáo cần duyệt rồi bấm lại."
        )
    # What the checks found at handing in is frozen: another handing in is another revision.
    checked = checked_counts(chosen)
    judged = []
    for pk, revision in chosen.items():
        try:
            _approve_plain(reports[pk], checked.get(pk), by=by, revision=revision, via=via)
        except Refused as refusal:
            judged.append(Judged(reports[pk], str(refusal)))
        else:
            judged.append(Judged(reports[pk]))
    return judged


@transaction.atomic
def _approve_plain(
    submission: Submission,
    checked: Mapping[Severity, int] | None,
    *,
    by: User,
    revision: int,
    via: str,
) -> None:
    current = locked(submission, with_round=True)
    comments = open_counts([current.pk]).get(current.pk, 0)
    why = why_not_at_once(State(current.state), checked, comments, held_by(current, by=by))
    move_locked(current, MOVES["approve"], by=by, revision=revision, via=via)
    # Asked last, as above: «đã duyệt bởi …» tells more than what is in it.
    if why:
        raise NotPlain(f"Báo cáo {why}: hãy mở ra xem rồi duyệt riêng.")


def held_by(submission: Submission, *, by: User) -> str:
    """Return who else is reviewing the report; "" where nobody is, or ``by`` themselves."""
    is_held = submission.state == State.IN_REVIEW and submission.state_by_id != by.pk
    return str(submission.state_by) if is_held else ""
