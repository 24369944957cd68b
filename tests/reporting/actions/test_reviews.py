"""What who judges does: keeps how far they have seen, sends back with a letter, approves many."""

from collections.abc import Sequence

import pytest
from django.utils import timezone

from reporting.actions.comments import add_comment, resolve_comment
from reporting.actions.reviews import Judged, approve_at_once, keep_seen, send_back
from reporting.actions.rounds import cancel_round
from reporting.actions.submissions import make_move
from reporting.models import Agency, CheckRun, Comment, Look, Round, Submission, Transition, User
from reporting.queries.comments import open_comments
from reporting.refusals import (
    NothingChosen,
    NotYours,
    ReasonMissing,
    RoundClosed,
    StaleSubmission,
    WrongState,
)
from reporting.reviewing import Point
from reporting.workflow import MOVES, Role
from tests.cast import brought_to, moved, person, stored, submitted
from tests.reporting.actions.acts import everything


@pytest.fixture
def lan(minh_hoa: Agency) -> User:
    """A second reviewer of Minh Họa."""
    return person("lan", "Lý Thị Lan", (Role.REVIEWER, minh_hoa))


def say(report: Submission, by: User, text: str = "Xem lại số này.", key: str = "1.1") -> Comment:
    return add_comment(submission=stored(report), row_key=key, text=text, by=by)


# How far somebody has seen


def seen(report: Submission, by: User, revision: int | None = None) -> None:
    current = stored(report)
    keep_seen(
        submission=current, by=by, revision=current.revision if revision is None else revision
    )


def test_a_look_is_kept_once_for_each_person(report: Submission, hanh: User, lan: User) -> None:
    submitted(report, {"1.1": "3"})
    for by in (hanh, hanh, lan):
        seen(report, by)
    looks = Look.objects.order_by("user").values_list("user", "revision")
    assert list(looks) == [(by.pk, stored(report).revision) for by in (hanh, lan)]


def test_a_look_changes_nothing_of_the_report(report: Submission, hanh: User) -> None:
    submitted(report, {"1.1": "3"})
    before = everything(report)
    seen(report, hanh)
    assert everything(report) == before


def test_what_came_since_was_not_seen(report: Submission, hoa: User, hanh: User) -> None:
    submitted(report, {"1.1": "3"})
    drawn = stored(report).revision
    moved(report, "withdraw", by=hoa)
    submitted(report, {"1.1": "4"})
    with pytest.raises(StaleSubmission):
        seen(report, hanh, drawn)
    assert not Look.objects.exists()


@pytest.mark.parametrize("who", ["hoa", "thu", "dat", "khac", "mai", "quantri"])
def test_only_the_reviewer_keeps_a_look(
    report: Submission, who: str, request: pytest.FixtureRequest
) -> None:
    submitted(report, {"1.1": "3"})
    with pytest.raises(NotYours):
        seen(report, request.getfixturevalue(who))
    assert not Look.objects.exists()


# The letter


def points_of(report: Submission) -> Sequence[Point]:
    said = open_comments(report)
    return [Point("dòng 1.1", "3", remark) for remarks in said.values() for remark in remarks]


def send(
    report: Submission,
    by: User,
    *,
    reason: str = "Còn sai.",
    points: Sequence[Point] | None = None,
    revision: int | None = None,
) -> Submission:
    current = stored(report)
    points = points_of(current) if points is None else points
    return send_back(
        submission=current,
        reason=reason,
        points=points,
        seen=[point.remark.id for point in points],
        by=by,
        revision=current.revision if revision is None else revision,
    )


def last(report: Submission) -> Transition:
    found = report.transitions.last()
    assert found is not None
    return found


def test_the_letter_is_frozen_with_the_return(report: Submission, hanh: User) -> None:
    submitted(report, {"1.1": "3"})
    comment = say(report, hanh)
    returned = send(report, hanh)
    at = timezone.localtime(comment.at)
    letter = (
        "Còn sai.\n\nÝ kiến cần xử lý (1):\n"
        f"1. Dòng 1.1 (đang ghi: 3): Xem lại số này. – Trần Minh Hạnh, {at:%H:%M %d/%m/%Y}"
    )
    assert (returned.state, last(report).move, last(report).reason) == (
        "returned",
        "return",
        letter,
    )
    # The comment itself stays open, and settling it changes no letter.
    assert open_comments(report)
    resolve_comment(submission=stored(report), comment_id=comment.pk, by=hanh)
    assert last(report).reason == letter


def test_a_letter_of_a_reason_alone(report: Submission, hanh: User) -> None:
    submitted(report, {"1.1": "3"})
    send(report, hanh, reason=" Còn sai. ")
    assert last(report).reason == "Còn sai."


@pytest.mark.parametrize("reason", ["", " \n "])
def test_no_letter_goes_without_a_reason(report: Submission, hanh: User, reason: str) -> None:
    submitted(report, {"1.1": "3"})
    say(report, hanh)
    before = everything(report)
    with pytest.raises(ReasonMissing):
        send(report, hanh, reason=reason)
    assert everything(report) == before


@pytest.mark.parametrize("change", ["added", "settled"])
def test_what_was_said_or_settled_since_is_read_first(
    report: Submission, hanh: User, lan: User, change: str
) -> None:
    submitted(report, {"1.1": "3"})
    comment = say(report, hanh)
    read = points_of(report)
    if change == "added":
        say(report, lan, key="")
    else:
        resolve_comment(submission=stored(report), comment_id=comment.pk, by=lan)
    before = everything(report)
    with pytest.raises(StaleSubmission) as refusal:
        send(report, hanh, points=read)
    assert "ghi thêm hoặc đánh dấu xong" in str(refusal.value)
    assert everything(report) == before
    assert not Look.objects.exists()


def test_a_letter_of_other_comments_than_were_read_goes_nowhere(
    report: Submission, hanh: User
) -> None:
    submitted(report, {"1.1": "3"})
    say(report, hanh)
    current = stored(report)
    with pytest.raises(StaleSubmission):
        send_back(
            submission=current,
            reason="Sai.",
            points=points_of(current),
            seen=[],
            by=hanh,
            revision=current.revision,
        )
    assert stored(report).state == "submitted"


def test_the_second_of_two_reviewers_is_told_who_was_first(
    report: Submission, hanh: User, lan: User
) -> None:
    submitted(report, {"1.1": "3"})
    drawn = stored(report)
    make_move(submission=drawn, move=MOVES["approve"], by=lan, revision=drawn.revision)
    before = everything(report)
    with pytest.raises(WrongState) as refusal:
        send(drawn, hanh, revision=drawn.revision)
    assert "«Đã duyệt» (lúc " in str(refusal.value)
    assert "bởi Lý Thị Lan)" in str(refusal.value)
    assert everything(report) == before


def test_figures_that_were_not_seen_are_not_sent_back(
    report: Submission, hoa: User, hanh: User
) -> None:
    submitted(report, {"1.1": "3"})
    drawn = stored(report).revision
    moved(report, "withdraw", by=hoa)
    submitted(report, {"1.1": "4"})
    with pytest.raises(StaleSubmission):
        send(report, hanh, revision=drawn)
    assert stored(report).state == "submitted"


@pytest.mark.parametrize("who", ["hoa", "thu", "dat", "khac", "quantri"])
def test_only_the_reviewer_sends_back(
    report: Submission, who: str, request: pytest.FixtureRequest
) -> None:
    submitted(report, {"1.1": "3"})
    before = everything(report)
    with pytest.raises(NotYours):
        send(report, request.getfixturevalue(who))
    assert everything(report) == before


# Many at once


def at_once(
    round_: Round, by: User, *reports: Submission, revision: int | None = None
) -> Sequence[Judged]:
    current = {report.pk: stored(report) for report in reports}
    return approve_at_once(
        round_=round_,
        chosen={pk: revision or one.revision for pk, one in current.items()},
        reports=current,
        by=by,
    )


def states(*reports: Submission) -> list[str]:
    return [stored(report).state for report in reports]


# What a plain report is handed in with: nothing that the checks ask about.
PLAIN = {"1.1": "3"}


@pytest.fixture
def plain(report: Submission, cong_an_report: Submission) -> list[Submission]:
    """Two reports handed in without an error or a warning."""
    reports = [report, cong_an_report]
    for one in reports:
        submitted(one, PLAIN)
    run = CheckRun.objects.filter(findings__severity__in=["error", "warning"])
    assert not run.exists()
    return reports


def test_plain_reports_are_approved_each_with_its_record(
    open_quarter: Round, plain: list[Submission], hanh: User
) -> None:
    judged = at_once(open_quarter, hanh, *plain)
    assert [one.why_not for one in judged] == ["", ""]
    assert states(*plain) == ["approved", "approved"]
    for one in plain:
        assert (last(one).move, last(one).by, last(one).via) == ("approve", hanh, "page")


def test_one_that_can_not_be_approved_keeps_no_other_from_it(
    open_quarter: Round, plain: list[Submission], hanh: User
) -> None:
    say(plain[0], hanh)
    before = everything(plain[0])
    first, second = at_once(open_quarter, hanh, *plain)
    assert first.why_not == (
        "Còn 1 ý kiến chưa xong. Hãy đánh dấu đã xong ở trang «Ý kiến» rồi duyệt, hoặc trả lại để"
        " đơn vị sửa."
    )
    assert second.why_not == ""
    assert states(*plain) == ["submitted", "approved"]
    assert everything(plain[0]) == before


def test_a_report_with_warnings_is_approved_by_itself_only(
    open_quarter: Round, report: Submission, hanh: User
) -> None:
    # More tasks done than were set: a warning, explained at handing in.
    submitted(report, {"1.1": "3", "1.2.a": "5", "1.2.b": "9"})
    [judged] = at_once(open_quarter, hanh, report)
    assert judged.why_not.startswith("Báo cáo có ")
    assert states(report) == ["submitted"]


def test_a_report_that_changed_since_is_left_and_told(
    open_quarter: Round, plain: list[Submission], hanh: User, hoa: User
) -> None:
    drawn = {one.pk: one for one in map(stored, plain)}
    moved(plain[0], "withdraw", by=hoa)
    submitted(plain[0], {"1.1": "4"})
    first, second = approve_at_once(
        round_=open_quarter,
        chosen={pk: one.revision for pk, one in drawn.items()},
        reports=drawn,
        by=hanh,
    )
    assert "Báo cáo đã thay đổi sau khi ông/bà mở trang này." in first.why_not
    assert "bởi Nguyễn Thị Hoa)" in first.why_not
    assert (second.why_not, states(*plain)) == ("", ["submitted", "approved"])


def test_nothing_is_approved_in_a_round_that_was_cancelled_since(
    open_quarter: Round, plain: list[Submission], hanh: User
) -> None:
    """Such a round is undone for good: approved in it, a report could be moved by nobody."""
    seen = {one.pk: stored(one) for one in plain}
    assert {one.round.status for one in seen.values()} == {"open"}
    again = Round.objects.get(pk=open_quarter.pk)
    cancel_round(round=again, reason="Lập nhầm đợt.", by=hanh)
    judged = approve_at_once(
        round_=open_quarter,
        chosen={pk: one.revision for pk, one in seen.items()},
        reports=seen,
        by=hanh,
    )
    assert all("đã hủy nên báo cáo giữ nguyên trạng thái" in one.why_not for one in judged)
    [first, _] = seen.values()
    first.round.status = "open"
    with pytest.raises(RoundClosed):
        make_move(submission=first, move=MOVES["approve"], by=hanh, revision=first.revision)
    assert states(*plain) == ["submitted", "submitted"]


def test_the_second_reviewer_is_told_who_approved(
    open_quarter: Round, plain: list[Submission], hanh: User, lan: User
) -> None:
    drawn = stored(plain[0])
    at_once(open_quarter, lan, plain[0])
    [judged] = at_once(open_quarter, hanh, plain[0], revision=drawn.revision)
    assert "bởi Lý Thị Lan), không cần làm lại." in judged.why_not
    assert Transition.objects.filter(submission=plain[0], move="approve").count() == 1


def test_what_another_is_reviewing_is_left_to_them(
    open_quarter: Round, plain: list[Submission], hanh: User, lan: User
) -> None:
    moved(plain[0], "review", by=lan)
    [theirs] = at_once(open_quarter, hanh, plain[0])
    assert "Lý Thị Lan đang xem xét" in theirs.why_not
    [own] = at_once(open_quarter, lan, plain[0])
    assert (own.why_not, states(plain[0])) == ("", ["approved"])


@pytest.mark.parametrize("state", ["draft", "returned", "approved"])
def test_what_does_not_wait_is_left(
    open_quarter: Round, report: Submission, hanh: User, state: str
) -> None:
    brought_to(state, report, PLAIN)
    before = everything(report)
    [judged] = at_once(open_quarter, hanh, report)
    assert judged.why_not
    assert everything(report) == before


def test_nothing_chosen_is_told(open_quarter: Round, hanh: User) -> None:
    with pytest.raises(NothingChosen):
        at_once(open_quarter, hanh)


@pytest.mark.parametrize("who", ["hoa", "dat", "khac", "quantri"])
def test_only_a_reviewer_of_the_province_approves(
    open_quarter: Round, plain: list[Submission], who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotYours):
        at_once(open_quarter, request.getfixturevalue(who), *plain)
    assert states(*plain) == ["submitted", "submitted"]
