"""Background jobs: done by the worker, tried again, seen when they stand."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from indicators.tracing import request_id
from reporting import tasks
from reporting.actions import mails, reminders
from reporting.actions.jobs import (
    BINDING,
    BOOKS,
    DELIVERY,
    EMAIL_CHANGED,
    INVITING,
    PAUSES,
    REMINDING,
    RESETTING,
    enqueue,
    run_again,
)
from reporting.documents import books
from reporting.models import Notice, RecordLine, Round, User
from reporting.queries.jobs import is_stuck, overdue, tries, waits_since
from reporting.refusals import NotAgain
from tests.reporting.background import by_mail, failed_job, job, told, work

READY, RUNNING = TaskResultStatus.READY, TaskResultStatus.RUNNING
FAILED, SUCCESSFUL = TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL


def statuses() -> list[tuple[str, int]]:
    """Return each job's status and which try it is, oldest first."""
    found = DBTaskResult.objects.order_by("enqueued_at")
    return [(one.status, one.args_kwargs["kwargs"].get("attempt", 1)) for one in found]


def test_every_task_has_a_name_for_people_and_the_actions_name_them_rightly() -> None:
    assert set(tasks.NAMES) == {
        BINDING,
        DELIVERY,
        EMAIL_CHANGED,
        INVITING,
        REMINDING,
        RESETTING,
    }


def test_what_is_told_leaves_by_mail_once_the_worker_runs(
    hoa: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    by_mail(hoa)
    with django_capture_on_commit_callbacks(execute=True):
        told(hoa)
    assert mail.outbox == []
    work()
    assert [one.to for one in mail.outbox] == [[hoa.email]]
    assert statuses() == [("SUCCESSFUL", 1)]


def test_letters_need_not_wait_for_a_book_and_a_worker_that_is_told_nothing_does_all(
    db: None,
) -> None:
    enqueue(BINDING)
    enqueue(DELIVERY)
    work(queue_name="default")
    left = DBTaskResult.objects.filter(status=READY)
    assert [one.task_path for one in left] == [BINDING]
    enqueue(DELIVERY)
    work(queue_name="books")
    assert [one.task_path for one in left.all()] == [DELIVERY]
    enqueue(BINDING)
    work()
    assert not left.all()


def test_a_book_that_failed_is_tried_again_in_its_own_queue(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError

    monkeypatch.setattr(books, "make_next_book", fail)
    enqueue(BINDING)
    work()
    found = DBTaskResult.objects.values_list("status", "queue_name")
    assert sorted(found) == [(FAILED, BOOKS), (READY, BOOKS)]


def test_the_daily_job_reminds(open_quarter: Round, hoa: User) -> None:
    enqueue(REMINDING)
    work()
    assert Notice.objects.filter(user=hoa, kind="due").count() == 1
    assert statuses() == [("SUCCESSFUL", 1)]


def test_a_failing_job_is_tried_four_times_with_growing_pauses_and_keeps_each_trace(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(mails, "deliver", broken)
    enqueue(DELIVERY)
    for number, pause in enumerate(PAUSES, start=1):
        work()
        assert statuses() == [("FAILED", one) for one in range(1, number + 1)] + [
            ("READY", number + 1)
        ]
        waiting = DBTaskResult.objects.get(status=READY)
        assert abs(waiting.run_after - timezone.now() - pause) < timedelta(seconds=30)
        work()  # not before its time
        assert DBTaskResult.objects.get(status=READY) == waiting
        DBTaskResult.objects.filter(pk=waiting.pk).update(run_after=timezone.now())
    work()
    assert statuses() == [("FAILED", one) for one in (1, 2, 3, 4)]
    assert all("no route to host" in one.traceback for one in DBTaskResult.objects.all())
    assert list(PAUSES) == sorted(PAUSES)


def test_what_a_job_writes_bears_its_name(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    monkeypatch.setattr(reminders, "remind", lambda: names.append(request_id()))
    enqueue(REMINDING)
    work()
    assert names == [f"job-{DBTaskResult.objects.get().pk}"]
    assert request_id() == ""


def test_a_job_that_waits_is_not_enqueued_twice(db: None) -> None:
    enqueue(DELIVERY)
    enqueue(DELIVERY)
    enqueue(REMINDING)
    assert DBTaskResult.objects.count() == 2


def test_one_put_off_keeps_no_new_one_away(db: None) -> None:
    tasks.deliver_mail.using(run_after=timezone.now() + timedelta(hours=1)).enqueue()
    enqueue(DELIVERY)
    assert DBTaskResult.objects.count() == 2


# Run again


@pytest.mark.parametrize("status", [FAILED, RUNNING])
def test_a_job_that_failed_or_stands_runs_again_and_that_is_recorded(
    quantri: User, status: TaskResultStatus
) -> None:
    broken = job(status, minutes_ago=16)
    run_again(job=broken, name="Gửi thư", by=quantri)
    assert DBTaskResult.objects.get().status == READY
    assert overdue() is None  # it waits from now on
    line = RecordLine.objects.get()
    assert (line.subject, line.act, line.by) == ("system", "job-again", quantri)
    assert line.what == "chạy lại việc nền «Gửi thư»"
    before = "OSError: no route to host" if status == FAILED else "dừng giữa chừng"
    assert line.changes == [{"label": "Tình trạng", "before": before, "after": "chờ chạy"}]
    work()
    assert DBTaskResult.objects.get().status == SUCCESSFUL


@pytest.mark.parametrize("status", [READY, RUNNING, SUCCESSFUL])
def test_a_job_that_waits_runs_or_is_done_is_left_alone(
    quantri: User, status: TaskResultStatus
) -> None:
    seen = job(status, minutes_ago=14)
    before = list(DBTaskResult.objects.values())
    with pytest.raises(NotAgain, match="không chạy lại"):
        run_again(job=seen, name="Gửi thư", by=quantri)
    assert list(DBTaskResult.objects.values()) == before
    assert not RecordLine.objects.exists()


def test_a_job_that_ended_since_the_page_was_drawn_is_not_started_again(quantri: User) -> None:
    stuck = job(RUNNING, minutes_ago=20)
    DBTaskResult.objects.update(status=SUCCESSFUL)
    with pytest.raises(NotAgain):
        run_again(job=stuck, name="Gửi thư", by=quantri)
    assert DBTaskResult.objects.get().status == SUCCESSFUL


def test_a_failed_job_is_run_again_once_by_two_clicks(quantri: User) -> None:
    failed = failed_job()
    run_again(job=failed, name="Gửi thư", by=quantri)
    with pytest.raises(NotAgain):
        run_again(job=failed, name="Gửi thư", by=quantri)
    assert RecordLine.objects.count() == 1


# What the page and the timer look at


@pytest.mark.parametrize(("minutes", "is_late"), [(4, False), (6, True)])
def test_a_job_that_waits_too_long_shows_that_no_worker_runs(
    db: None, minutes: int, is_late: bool
) -> None:
    waiting = job(READY, minutes_ago=minutes)
    assert (overdue() is not None) is is_late
    assert waits_since(waiting) == waiting.enqueued_at


def test_a_job_put_off_waits_from_its_own_time(db: None) -> None:
    put_off = job(READY, minutes_ago=60)
    for minutes, is_late in ((-4, False), (6, True)):
        at = timezone.now() - timedelta(minutes=minutes)
        DBTaskResult.objects.filter(pk=put_off.pk).update(run_after=at)
        assert (overdue() is not None) is is_late
        assert waits_since(DBTaskResult.objects.get()) == at


@pytest.mark.parametrize(
    ("status", "minutes", "stuck"),
    [(RUNNING, 16, True), (RUNNING, 14, False), (FAILED, 60, False), (READY, 60, False)],
)
def test_a_job_stands_when_it_runs_for_too_long(
    db: None, status: TaskResultStatus, minutes: int, stuck: bool
) -> None:
    assert is_stuck(job(status, minutes_ago=minutes)) is stuck


def test_tries_are_counted_over_jobs_and_runs(db: None) -> None:
    assert tries(job(READY)) == 1  # the second try has not begun
    assert tries(job(FAILED)) == 2
