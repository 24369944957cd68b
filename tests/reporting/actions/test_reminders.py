"""The daily reminders: who, when, and nobody twice."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reporting.actions import reminders
from reporting.actions.reminders import remind
from reporting.models import Agency, Mail, Notice, Round, Submission, User
from reporting.tidings import MailChoice
from reporting.workflow import Role, RoundStatus, State
from tests.cast import brought_to, opened_round, person, submitted
from tests.reporting.background import by_mail


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The server's day, which a test may set: the only entry of the list."""
    days = [timezone.localdate()]
    real = timezone.localdate

    def localdate(value: object = None) -> date:
        return days[0] if value is None else real(value)  # type: ignore[arg-type]

    monkeypatch.setattr(timezone, "localdate", localdate)
    return days


def set_days(round_: Round, due: date, closes: date) -> None:
    Round.objects.filter(pk=round_.pk).update(
        opens_on=due - timedelta(days=90), due_on=due, closes_on=closes
    )


def reminded(user: User) -> list[str]:
    """Return the urgency of each reminder that a person got, oldest first."""
    notices = Notice.objects.filter(user=user, kind__in=["due", "overdue"]).order_by("pk")
    return [notice.subject.partition(":")[0] for notice in notices]


def test_each_stage_is_told_once_to_who_has_not_handed_in(
    open_quarter: Round,
    report: Submission,
    hoa: User,
    thu: User,
    hanh: User,
    today: list[date],
) -> None:
    submitted(report, {"1.1": "3"})
    due = today[0] + timedelta(days=10)
    set_days(open_quarter, due, closes=due + timedelta(days=30))
    for days_left in (9, 6, 5, 4, 1, 0, -1, -2, -7, -8, -9, -15):
        today[0] = due - timedelta(days=days_left)
        remind()
        remind()
    day = f"{due:%d/%m/%Y}"
    assert reminded(thu) == [
        f"Còn 5 ngày đến hạn nộp {day}",
        f"Ngày mai {day} là hạn nộp",
        f"Quá hạn nộp 1 ngày ({day})",
        f"Quá hạn nộp 8 ngày ({day})",
        f"Quá hạn nộp 15 ngày ({day})",
    ]
    assert reminded(hoa) == reminded(hanh) == []


def test_days_left_out_do_not_pile_up(open_quarter: Round, thu: User, today: list[date]) -> None:
    due = today[0] + timedelta(days=10)
    set_days(open_quarter, due, closes=due + timedelta(days=30))
    today[0] = due + timedelta(days=10)
    remind()
    assert reminded(thu) == [f"Quá hạn nộp 10 ngày ({due:%d/%m/%Y})"]


def test_an_extension_moves_the_reminders_of_its_report(
    open_quarter: Round,
    report: Submission,
    commune_report: Submission,
    hoa: User,
    thu: User,
    today: list[date],
) -> None:
    until = open_quarter.due_on and open_quarter.due_on + timedelta(days=20)
    assert until
    Submission.objects.filter(pk=report.pk).update(extended_until=until)
    today[0] = until - timedelta(days=5)
    remind()
    assert reminded(hoa) == [f"Còn 5 ngày đến hạn nộp {until:%d/%m/%Y}"]
    assert reminded(thu) == []  # the round has been closed to it for a week


def test_what_takes_no_figures_is_told_of_once_and_says_why(
    open_quarter: Round, thu: User, today: list[date]
) -> None:
    assert open_quarter.closes_on
    for days in (1, 2, 9, 16):
        today[0] = open_quarter.closes_on + timedelta(days=days)
        remind()
    [notice] = Notice.objects.filter(user=thu)
    assert "đề nghị Sở Nội vụ gia hạn" in notice.text


def test_one_person_is_told_once_of_all_their_reports_in_a_round(
    open_quarter: Round, minh_hoa: Agency, hoa: User, today: list[date]
) -> None:
    above = person("vanthu", "Văn thư tỉnh", (Role.CLERK, minh_hoa))
    remind()
    [notice] = Notice.objects.filter(user=above)
    assert notice.subject.endswith("Báo cáo quý này, 2 báo cáo chưa gửi")
    assert notice.path == "/bao-cao/"
    assert "Chưa gửi: Công an tỉnh, Sở Nội vụ." in notice.text
    assert Notice.objects.get(user=hoa).path.startswith("/bao-cao/")
    assert Notice.objects.get(user=hoa).path != "/bao-cao/"


def test_two_rounds_are_told_of_apart(
    open_quarter: Round, minh_hoa: Agency, hoa: User, hanh: User
) -> None:
    opened_round(minh_hoa, "MH-NAM", by=hanh)
    remind()
    assert len(reminded(hoa)) == 2


@pytest.mark.parametrize("what", ["archive", "planned", "cancelled", "closed"])
def test_other_rounds_remind_nobody(open_quarter: Round, what: str) -> None:
    found = Round.objects.filter(pk=open_quarter.pk)
    if what == "archive":
        found.update(is_archive=True)
    else:
        found.update(status=RoundStatus(what).value)
    remind()
    assert not Notice.objects.exists()


def test_a_round_closed_before_its_last_day_is_told_of_once_when_it_is_due(
    open_quarter: Round, thu: User, today: list[date]
) -> None:
    assert open_quarter.due_on
    Round.objects.filter(pk=open_quarter.pk).update(status=RoundStatus.CLOSED.value)
    for days in (0, 1, 2, 9, 16):
        today[0] = open_quarter.due_on + timedelta(days=days)
        remind()
    assert reminded(thu) == [f"Quá hạn nộp 1 ngày ({open_quarter.due_on:%d/%m/%Y})"]
    assert "Sở Nội vụ đã đóng Báo cáo quý này" in Notice.objects.get(user=thu).text


@pytest.mark.parametrize("extended", [False, True])
def test_what_was_sent_back_is_reminded_of_by_the_last_day_of_corrections(
    open_quarter: Round,
    report: Submission,
    hoa: User,
    today: list[date],
    extended: bool,
) -> None:
    brought_to("returned", report, {"1.1": "3"})
    assert open_quarter.closes_on
    edit_until = open_quarter.closes_on + timedelta(days=20)
    Round.objects.filter(pk=open_quarter.pk).update(edit_until=edit_until)
    last = edit_until + timedelta(days=10 * extended)
    Submission.objects.filter(pk=report.pk).update(extended_until=last if extended else None)
    first = today[0]
    for days in range((last - first).days + 30):
        today[0] = first + timedelta(days=days)
        remind()
    day = f"{last:%d/%m/%Y}"
    assert reminded(hoa) == [
        f"Còn 5 ngày đến hạn gửi lại {day}",
        f"Ngày mai {day} là hạn gửi lại",
        f"Quá hạn gửi lại 1 ngày ({day})",
    ]
    soon, _, over = Notice.objects.filter(user=hoa, kind__in=["due", "overdue"]).order_by("pk")
    assert soon.text == "Hãy sửa và gửi lại báo cáo bị trả lại."
    assert "hãy đề nghị Sở Nội vụ gia hạn" in over.text


def test_what_was_sent_back_is_not_pressed_for_where_no_day_is_set(
    open_quarter: Round, report: Submission, hoa: User, thu: User, today: list[date]
) -> None:
    brought_to("returned", report, {"1.1": "3"})
    assert open_quarter.due_on
    for days in (-5, -1, 1, 8, 14, 21):
        today[0] = open_quarter.due_on + timedelta(days=days)
        remind()
    assert reminded(hoa) == []
    assert reminded(thu)  # who has not handed in at all is pressed


def test_first_reports_and_corrections_of_one_person_are_told_apart(
    open_quarter: Round, report: Submission, minh_hoa: Agency, hoa: User, today: list[date]
) -> None:
    above = person("vanthu", "Văn thư tỉnh", (Role.CLERK, minh_hoa))
    cong_an = open_quarter.submissions.get(agency__code="MH.CA")
    Submission.objects.filter(pk=cong_an.pk).update(state=State.RETURNED.value, mends=True)
    assert open_quarter.closes_on
    day = today[0] + timedelta(days=5)
    Round.objects.filter(pk=open_quarter.pk).update(closes_on=day, edit_until=day)
    remind()
    assert sorted(reminded(above)) == [
        f"Còn 5 ngày đến hạn gửi lại {day:%d/%m/%Y}",
        f"Còn 5 ngày đến hạn nộp {day:%d/%m/%Y}",
    ]


def test_who_waits_for_a_signature_is_reminded_too(
    open_quarter: Round, report: Submission, hoa: User
) -> None:
    Submission.objects.filter(pk=report.pk).update(state=State.SIGNING.value)
    remind()
    assert len(reminded(hoa)) == 1


def test_a_failing_round_stops_no_other_and_is_told_of_at_the_end(
    open_quarter: Round,
    minh_hoa: Agency,
    hoa: User,
    hanh: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    by_mail(hoa, MailChoice.DAILY)
    broken = opened_round(minh_hoa, "MH-HONG", by=hanh)
    real = reminders._waited_for

    def waited_for(round_: Round, day: date) -> object:
        if round_ == broken:
            raise ValueError("no such day")
        return real(round_, day)

    monkeypatch.setattr(reminders, "_waited_for", waited_for)
    with pytest.raises(ExceptionGroup, match="some rounds"):
        remind()
    assert Notice.objects.filter(user=hoa, round=open_quarter).count() == 1
    assert not Notice.objects.filter(round=broken).exclude(kind="opened").exists()
    assert Mail.objects.filter(user=hoa).exists()  # the letters of the day are written all the same
    assert "MH-HONG" in caplog.text


def test_a_round_costs_the_same_for_one_and_for_many(open_quarter: Round) -> None:
    def cost() -> int:
        Notice.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            remind()
        assert Notice.objects.exists()
        return len(queries)

    one = cost()
    for at in Agency.objects.exclude(parent=None):
        for number in range(3):
            person(f"{at.pk}-{number}", "Văn thư", (Role.CLERK, at))
    assert cost() == one
