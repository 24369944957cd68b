"""Who is told what: each act, each refusal, and nobody twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from reporting.actions.mails import deliver
from reporting.actions.notices import (
    Tiding,
    mark_all_read,
    mark_read,
    tell,
    tell_of_cancelling,
    tell_of_extension,
    tell_of_move,
    tell_of_new_days,
    tell_of_opening,
)
from reporting.actions.rounds import extend, open_round
from reporting.actions.submissions import make_move
from reporting.models import Agency, AgencyKind, Mail, Membership, Notice, Round, Submission, User
from reporting.queries.recipients import holders
from reporting.queries.rounds import facts
from reporting.refusals import ReasonMissing
from reporting.tidings import NoticeKind
from reporting.workflow import MOVES, Role
from tests.cast import (
    agency,
    brought_to,
    clerk_of,
    moved,
    opened_round,
    person,
    reviewer_of,
    stored,
    submitted,
    typed,
)
from tests.reporting.background import by_mail, job, told

Capture = DjangoCaptureOnCommitCallbacks


def heard(user: User) -> list[tuple[str, str]]:
    """Return the kind and words of all that a person was told, oldest first."""
    notices = Notice.objects.filter(user=user).order_by("pk")
    return [(notice.kind, notice.subject) for notice in notices]


@pytest.fixture
def giam_doc(so_cong_thuong: Agency) -> User:
    """The head of Sở Công Thương."""
    return person("giamdoc", "Bùi Quang Đức", (Role.HEAD, so_cong_thuong))


@pytest.fixture
def signed(report: Submission, giam_doc: User) -> Submission:
    """The report of an agency that wants its head to sign."""
    report.agency.wants_signature = True
    report.agency.save()
    return stored(report)


# Moves


def test_handing_in_tells_the_reviewers_of_the_province_alone(
    report: Submission, hoa: User, hanh: User, dat: User, khac: User, thu: User
) -> None:
    submitted(report, {"1.1": "3"})
    assert heard(hanh) == [("handed_in", "Đơn vị đã gửi báo cáo: Báo cáo quý này, Sở Công Thương")]
    assert [heard(other) for other in (hoa, dat, khac, thu)] == [[], [], [], []]
    notice = Notice.objects.get()
    assert (notice.path, notice.submission, notice.round) == (
        f"/bao-cao/{report.pk}/",
        report,
        report.round,
    )


def test_presenting_tells_the_head_and_declining_the_clerk_with_the_reason(
    signed: Submission, hoa: User, giam_doc: User, hanh: User
) -> None:
    typed(signed, {"1.1": "3"})
    moved(signed, "present", by=hoa)
    assert [kind for kind, _ in heard(giam_doc)] == ["to_sign"]
    moved(signed, "decline", by=giam_doc, reason="Mục 1 chưa đủ.")
    assert [kind for kind, _ in heard(hoa)] == ["declined"]
    assert Notice.objects.get(user=hoa).text == "Mục 1 chưa đủ."
    assert [kind for kind, _ in heard(giam_doc)] == ["to_sign"]  # who acted is not told
    assert heard(hanh) == []


@pytest.mark.parametrize(
    ("names", "kind", "text"),
    [
        (["return"], "returned", "Vì sai."),
        (["approve"], "approved", ""),
        (["approve", "reopen"], "returned", "Vì sai."),
    ],
)
def test_what_the_reviewer_decides_reaches_clerk_and_head(
    report: Submission,
    hoa: User,
    giam_doc: User,
    hanh: User,
    names: list[str],
    kind: str,
    text: str,
) -> None:
    submitted(report, {"1.1": "3"})
    for name in names:
        moved(report, name, by=hanh, reason="Vì sai." if MOVES[name].needs_reason else "")
    for reader in (hoa, giam_doc):
        last = Notice.objects.filter(user=reader).order_by("pk").last()
        assert last is not None
        assert (last.kind, last.text) == (kind, text)


def test_a_refused_move_tells_nobody(report: Submission, hanh: User) -> None:
    submitted(report, {"1.1": "3"})
    before = list(Notice.objects.values())
    now = stored(report)
    with pytest.raises(ReasonMissing):
        make_move(submission=now, move=MOVES["return"], by=hanh, revision=now.revision)
    assert list(Notice.objects.values()) == before


def test_the_same_move_later_is_told_again(report: Submission, hoa: User, hanh: User) -> None:
    submitted(report, {"1.1": "3"})
    moved(report, "withdraw", by=hoa)
    moved(report, "submit", by=hoa)
    assert [kind for kind, _ in heard(hanh)] == ["handed_in", "handed_in"]


def test_what_was_asked_for_counts_as_read_once_it_is_done(
    report: Submission, hoa: User, hanh: User
) -> None:
    submitted(report, {"1.1": "3"})
    moved(report, "review", by=hanh)  # another reviewer is still told of what waits
    assert Notice.objects.get(user=hanh).read_at is None
    moved(report, "return", by=hanh, reason="Vì sai.")
    assert Notice.objects.get(user=hanh).read_at is not None
    moved(report, "submit", by=hoa)
    assert Notice.objects.get(user=hoa).read_at is not None
    moved(report, "approve", by=hanh)
    moved(report, "reopen", by=hanh, reason="Vì sai.")
    approved = Notice.objects.get(user=hoa, kind="approved")
    assert approved.read_at is None  # it asked nothing


def test_reports_from_paper_are_no_news(report: Submission, hoa: User) -> None:
    report.round.is_archive = True
    tell_of_move(report, MOVES["approve"], by=reviewer_of(report))
    assert not Notice.objects.exists()


# Who holds the role


def test_a_deputy_is_told_on_the_days_of_standing_in_and_nobody_shut_out(
    report: Submission, hoa: User, hanh: User, so_cong_thuong: Agency
) -> None:
    today = timezone.localdate()

    def role_of(name: str, first: int, last: int) -> User:
        user = person(name, name.title())
        Membership.objects.create(
            user=user,
            agency=so_cong_thuong,
            role=Role.CLERK.value,
            stands_in_for=hoa,
            valid_from=today + timedelta(days=first),
            valid_to=today + timedelta(days=last),
        )
        return user

    deputy, before, after = role_of("nay", 0, 0), role_of("qua", -9, -1), role_of("mai", 1, 9)
    left = role_of("nghi", 0, 5)
    left.is_active = False
    left.save()
    submitted(report, {"1.1": "3"})
    moved(report, "approve", by=hanh)
    told_kinds = [[kind for kind, _ in heard(one)] for one in (hoa, deputy, before, after, left)]
    assert told_kinds == [["approved"], ["approved"], [], [], []]


def test_a_body_above_is_told_only_where_nobody_is_at_the_agency(
    report: Submission, noi_vu_report: Submission, minh_hoa: Agency, hoa: User, hanh: User
) -> None:
    above = person("vanthu", "Văn thư tỉnh", (Role.CLERK, minh_hoa))
    found = holders(
        {report.agency_id, noi_vu_report.agency_id},
        {Role.CLERK, Role.HEAD},
        timezone.localdate(),
    )
    assert found == {report.agency_id: [hoa], noi_vu_report.agency_id: [above]}


def test_two_roles_are_told_once(report: Submission, hoa: User, hanh: User) -> None:
    Membership.objects.create(user=hoa, agency=report.agency, role=Role.HEAD.value)
    submitted(report, {"1.1": "3"})
    moved(report, "approve", by=hanh)
    assert len(heard(hoa)) == 1


# Rounds


def test_opening_tells_each_what_is_asked_of_them_once(
    open_quarter: Round, report: Submission, minh_hoa: Agency, hoa: User, thu: User, hanh: User
) -> None:
    above = person("vanthu", "Văn thư tỉnh", (Role.CLERK, minh_hoa))
    made = list(open_quarter.submissions.all())
    for _ in range(2):
        tell_of_opening(open_quarter, made, by=hanh)
    due = f"{open_quarter.due_on:%d/%m/%Y}"
    assert heard(hoa) == [("opened", f"Mở đợt: Báo cáo quý này, Sở Công Thương; hạn nộp {due}")]
    assert heard(above) == [
        ("opened", f"Mở đợt: Báo cáo quý này, ông/bà có 2 báo cáo; hạn nộp {due}")
    ]
    assert Notice.objects.get(user=hoa).path == f"/bao-cao/{report.pk}/"
    assert Notice.objects.get(user=above).path == "/bao-cao/"
    assert heard(hanh) == []


def test_opening_tells_the_days_that_stand(
    open_quarter: Round, so_cong_thuong: Agency, hanh: User
) -> None:
    """Whoever opens may have fetched the round before somebody else moved its days."""
    later = timezone.localdate() + timedelta(days=20)
    Round.objects.filter(pk=open_quarter.pk).update(
        closes_on=later, due_on=later, name="Báo cáo quý I"
    )
    new = agency("MH.SX", "Sở Xây dựng", AgencyKind.DEPARTMENT, so_cong_thuong.parent)
    xuan = person("xuan", "Lê Thị Xuân", (Role.CLERK, new))
    open_round(round=open_quarter, by=hanh)
    assert heard(xuan) == [
        ("opened", f"Mở đợt: Báo cáo quý I, Sở Xây dựng; hạn nộp {later:%d/%m/%Y}")
    ]


def test_opening_nothing_tells_nobody(open_quarter: Round, hanh: User) -> None:
    tell_of_opening(open_quarter, [], by=hanh)
    assert not Notice.objects.exists()


def test_an_extension_reaches_its_agency_and_a_later_one_too(
    open_quarter: Round, so_cong_thuong: Agency, hoa: User, thu: User, hanh: User
) -> None:
    until = timezone.localdate() + timedelta(days=20)
    for day in (until, until, until + timedelta(days=1)):
        granted = open_quarter.submissions.filter(agency=so_cong_thuong)
        tell_of_extension(open_quarter, granted, day, "Bão số 9.", by=hanh)
    assert [kind for kind, _ in heard(hoa)] == ["extended"] * 3  # each time it was decided
    assert heard(hoa)[0][1] == (
        f"Gia hạn đến hết ngày {until:%d/%m/%Y}: Báo cáo quý này, Sở Công Thương"
    )
    assert Notice.objects.filter(text="Bão số 9.").count() == 3
    assert heard(thu) == []


def test_a_second_agency_of_one_person_with_the_same_day_is_told_of_too(
    open_quarter: Round, report: Submission, noi_vu_report: Submission, hoa: User, hanh: User
) -> None:
    Membership.objects.create(user=hoa, agency=noi_vu_report.agency, role=Role.CLERK.value)
    until = timezone.localdate() + timedelta(days=20)
    for agencies in ([report.agency], [report.agency, noi_vu_report.agency]):
        extend(round=open_quarter, agencies=agencies, until=until, reason="Bão.", by=hanh)
    assert [subject.rpartition(", ")[2] for _, subject in heard(hoa)] == [
        "Sở Công Thương",
        "ông/bà có 2 báo cáo",
    ]


NEW_DAYS = "due_on", "closes_on", "edit_until"


@pytest.mark.parametrize("moved_day", NEW_DAYS)
def test_new_days_reach_who_has_yet_to_hand_in_or_to_mend(
    open_quarter: Round,
    report: Submission,
    noi_vu_report: Submission,
    hoa: User,
    thu: User,
    hanh: User,
    khac: User,
    moved_day: str,
) -> None:
    done = person("snv", "Văn thư Sở Nội vụ", (Role.CLERK, noi_vu_report.agency))
    submitted(noi_vu_report, {"1.1": "3"})
    brought_to("returned", report, {"1.1": "3"})
    Membership.objects.create(user=hanh, agency=report.agency, role=Role.CLERK.value)
    Notice.objects.all().delete()
    before = facts(open_quarter)
    day = timezone.localdate() + timedelta(days=9)
    setattr(open_quarter, moved_day, day)
    tell_of_new_days(open_quarter, before, by=hanh)
    assert heard(hoa) == [("rescheduled", "Đổi hạn: Báo cáo quý này, Sở Công Thương")]
    assert heard(thu) == [("rescheduled", "Đổi hạn: Báo cáo quý này, UBND xã Minh An")]
    assert heard(done) == heard(hanh) == heard(khac) == []
    notice = Notice.objects.get(user=hoa)
    assert notice.path == f"/bao-cao/{report.pk}/"
    [line] = [line for line in notice.text.splitlines() if "trước là" in line]
    was = before[moved_day]
    assert line.endswith(
        f": {day:%d/%m/%Y} (trước là {f'{was:%d/%m/%Y}' if was else 'không giới hạn'})"
    )


@pytest.mark.parametrize("status", ["planned", "closed", "cancelled"])
def test_new_days_of_a_round_that_is_not_open_are_no_news(
    open_quarter: Round, hanh: User, status: str
) -> None:
    open_quarter.status = status
    tell_of_new_days(open_quarter, {}, by=hanh)
    assert not Notice.objects.exists()


def test_days_that_stand_are_no_news_but_of_a_round_that_takes_figures_again(
    open_quarter: Round, thu: User, hanh: User
) -> None:
    before = facts(open_quarter)
    tell_of_new_days(open_quarter, before, by=hanh)
    assert not Notice.objects.exists()
    tell_of_new_days(open_quarter, before, by=hanh, is_reopened=True)
    assert heard(thu) == [("rescheduled", "Mở lại đợt: Báo cáo quý này, UBND xã Minh An")]
    assert Notice.objects.get(user=thu).text == (
        f"Hạn nộp: {open_quarter.due_on:%d/%m/%Y}\n"
        f"Nhập và gửi đến hết ngày: {open_quarter.closes_on:%d/%m/%Y}\n"
        "Sửa và gửi lại báo cáo bị trả lại đến hết ngày: không giới hạn\n"
        "Đơn vị đã được gia hạn đến ngày muộn hơn thì theo ngày gia hạn."
    )


def test_cancelling_reaches_all_who_fill_in(
    open_quarter: Round, hoa: User, thu: User, hanh: User, khac: User
) -> None:
    tell_of_cancelling(open_quarter, "Lập nhầm.", by=hanh)
    assert [heard(one)[0][0] for one in (hoa, thu)] == ["cancelled", "cancelled"]
    assert Notice.objects.filter(user=hoa, text__startswith="Lập nhầm.").exists()
    assert heard(hanh) == heard(khac) == []


def test_after_a_cancellation_nothing_of_the_round_asks_for_work(
    open_quarter: Round, minh_hoa: Agency, hoa: User, hanh: User
) -> None:
    other = opened_round(minh_hoa, "MH-NAM", by=hanh)
    for round_ in (open_quarter, other):
        tell(Tiding(NoticeKind.DUE, f"a-{round_.pk}", "Sắp đến hạn", "/", round=round_), [hoa])
    tell_of_cancelling(open_quarter, "Lập nhầm.", by=hanh)
    unread = Notice.objects.filter(user=hoa, read_at=None)
    assert [notice.kind for notice in unread.filter(round=open_quarter)] == ["cancelled"]
    assert unread.filter(round=other, kind="due").exists()


def test_reports_from_paper_tell_nobody_whatever_is_done_with_their_round(
    open_quarter: Round, report: Submission, minh_hoa: Agency, hoa: User, hanh: User
) -> None:
    report.round = open_quarter
    open_quarter.is_archive = True
    open_quarter.save(update_fields=["is_archive"])
    for act in ACTS.values():
        act(open_quarter, report, hanh)
    later = agency("MH.SYT", "Sở Y tế", AgencyKind.DEPARTMENT, minh_hoa)
    person("syt", "Văn thư Sở Y tế", (Role.CLERK, later))
    assert open_round(round=open_quarter, by=hanh) == 1
    assert not Notice.objects.exists()


def reminder(round_: Round, people: list[User], kind: NoticeKind = NoticeKind.OVERDUE) -> None:
    tell(Tiding(kind, f"r-{round_.pk}-{kind.value}", "Quá hạn", "/", round=round_), people)


def test_reminders_count_as_read_once_nothing_is_left_to_hand_in(
    open_quarter: Round,
    report: Submission,
    noi_vu_report: Submission,
    minh_hoa: Agency,
    hoa: User,
    thu: User,
    hanh: User,
) -> None:
    Membership.objects.create(user=hoa, agency=noi_vu_report.agency, role=Role.CLERK.value)
    other = opened_round(minh_hoa, "MH-NAM", by=hanh)
    Notice.objects.all().delete()
    for round_ in (open_quarter, other):
        for kind in (NoticeKind.DUE, NoticeKind.OVERDUE):
            reminder(round_, [hoa, thu], kind)
    unread = Notice.objects.filter(read_at=None, kind__in=["due", "overdue"])
    submitted(report, {"1.1": "3"})
    assert unread.filter(user=hoa, round=open_quarter).count() == 2  # one report is left
    submitted(noi_vu_report, {"1.1": "3"})
    assert not unread.filter(user=hoa, round=open_quarter).exists()
    assert unread.filter(user=thu, round=open_quarter).count() == 2
    assert unread.filter(round=other).count() == 4


def test_a_worker_that_was_down_sends_no_reminder_of_what_was_sent_meanwhile(
    open_quarter: Round, report: Submission, hoa: User, thu: User
) -> None:
    by_mail(hoa)
    by_mail(thu)
    reminder(open_quarter, [hoa, thu])
    submitted(report, {"1.1": "3"})
    deliver()
    assert [mail.user for mail in Mail.objects.filter(subject__contains="Quá hạn")] == [thu]


ACTS: dict[str, Callable[[Round, Submission, User], None]] = {
    "move": lambda round_, report, by: tell_of_move(report, MOVES["approve"], by=by),
    "opening": lambda round_, report, by: tell_of_opening(round_, round_.submissions.all(), by=by),
    "extension": lambda round_, report, by: tell_of_extension(
        round_, round_.submissions.all(), timezone.localdate(), "", by=by
    ),
    "handing in": lambda round_, report, by: tell_of_move(
        report, MOVES["submit"], by=clerk_of(report.agency)
    ),
    "new days": lambda round_, report, by: tell_of_new_days(round_, {}, by=by),
    "cancelling": lambda round_, report, by: tell_of_cancelling(round_, "", by=by),
}


@pytest.mark.parametrize("act", ACTS)
def test_telling_many_costs_what_telling_one_costs(
    open_quarter: Round, report: Submission, hanh: User, act: str
) -> None:
    def cost() -> int:
        Notice.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            ACTS[act](open_quarter, stored(report), hanh)
        assert Notice.objects.exists()
        return len(queries)

    one = cost()
    for number in range(3):
        for at in Agency.objects.exclude(parent=None):
            person(f"{at.pk}-{number}", "Văn thư", (Role.CLERK, at))
    assert cost() == one


# Kept as they are, read once


def test_long_names_and_odd_signs_become_one_line(hoa: User) -> None:
    tell(Tiding(NoticeKind.OPENED, "k", "Đợt\r\nmột\u0000 " + "dài " * 90, "/bao-cao/"), [hoa])
    subject = Notice.objects.get().subject
    assert subject.startswith("Đợt một dài")
    assert len(subject) == 200
    assert subject.endswith("…")


def test_reading_is_kept_once_and_of_ones_own_notices_only(hoa: User, thu: User) -> None:
    notice = told(hoa)
    mark_read(notice=notice, by=thu)
    assert Notice.objects.get().read_at is None
    mark_read(notice=notice, by=hoa)
    first = Notice.objects.get().read_at
    mark_read(notice=notice, by=hoa)
    assert first is not None
    assert Notice.objects.get().read_at == first


def test_all_that_was_shown_is_marked_and_nothing_that_came_since(hoa: User, thu: User) -> None:
    told(hoa, "a")
    told(thu, "a")
    shown = told(hoa, "b")
    later = told(hoa, "c")
    assert mark_all_read(until=shown.pk, by=hoa) == 2
    assert list(Notice.objects.filter(read_at=None, user=hoa)) == [later]
    assert Notice.objects.filter(read_at=None, user=thu).count() == 1


# The job


def test_one_delivery_is_enqueued_however_much_is_told(
    hoa: User, thu: User, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for person_, key in ((hoa, "a"), (thu, "a"), (hoa, "b")):
            told(person_, key)
        assert not DBTaskResult.objects.exists()  # not before all this stands
    [waiting] = DBTaskResult.objects.all()
    assert waiting.task_path == "reporting.tasks.deliver_mail"
    with django_capture_on_commit_callbacks(execute=True):
        told(hoa, "c")
    assert DBTaskResult.objects.count() == 1


def test_a_delivery_that_runs_or_has_ended_is_no_reason_to_enqueue_none(
    hoa: User, django_capture_on_commit_callbacks: Capture
) -> None:
    running = job(TaskResultStatus.RUNNING), job(TaskResultStatus.FAILED)
    with django_capture_on_commit_callbacks(execute=True):
        told(hoa)
    assert DBTaskResult.objects.exclude(pk__in=[one.pk for one in running]).count() == 1


def test_a_queue_that_cannot_be_written_to_spoils_no_act(
    hoa: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    def full(path: str) -> None:
        raise OSError("no room")

    monkeypatch.setattr("reporting.actions.jobs._task", full)
    with django_capture_on_commit_callbacks(execute=True):
        told(hoa)
    assert Notice.objects.exists()
    assert "no room" in caplog.text
