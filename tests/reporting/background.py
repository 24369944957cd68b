"""Notices, letters and jobs as the tests need them, and the worker that does the jobs."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from unittest.mock import patch

from django.core.management import call_command
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from reporting.actions.notices import Tiding, tell
from reporting.models import Mail, Notice, User
from reporting.queries.jobs import Job
from reporting.tidings import MailChoice, MailState, NoticeKind

_WORKER = "django_tasks_db.management.commands.db_worker"


def told(
    person: User,
    key: str = "a",
    *,
    kind: NoticeKind = NoticeKind.RETURNED,
    days_ago: int = 0,
    subject: str = "",
) -> Notice:
    """Tell one person one thing, perhaps some days ago."""
    tell(
        Tiding(kind=kind, key=key, subject=subject or f"Trả lại: {key}", path="/bao-cao/"), [person]
    )
    found = Notice.objects.get(user=person, key=key)
    if days_ago:
        found.at = timezone.now() - timedelta(days=days_ago)
        found.save()
    return found


def by_mail(person: User, choice: MailChoice = MailChoice.EACH, address: str = "") -> User:
    """Let a person take mail, at an address of their own."""
    person.email = address or f"{person.username}@minh-hoa.example"
    person.mail = choice.value
    person.save(update_fields=["email", "mail"])
    return person


def failed_letter(person: User, error: str = "SMTPException: 550") -> Mail:
    """Return a letter that was given up an hour ago, to a person with an address."""
    by_mail(person)
    at = timezone.now() - timedelta(hours=1)
    return Mail.objects.create(
        user=person,
        address="cu@minh-hoa.example",
        subject="[Thống kê CCHC] Trả lại",
        text="Kính gửi…",
        state=MailState.FAILED.value,
        attempts=4,
        error=error,
        at=at,
        sent_at=at,
    )


def job(
    status: TaskResultStatus, *, minutes_ago: int = 60, path: str = "", queue: str = "default"
) -> Job:
    """Return a job that came to ``status`` some minutes ago."""
    at = timezone.now() - timedelta(minutes=minutes_ago)
    ended = status in {TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL}
    made = DBTaskResult.objects.create(
        status=status,
        task_path=path or "reporting.tasks.deliver_mail",
        args_kwargs={"args": [], "kwargs": {"attempt": 2}},
        backend_name="default",
        queue_name=queue,
        run_after=get_date_max(),
        started_at=None if status == TaskResultStatus.READY else at,
        finished_at=at if ended else None,
        worker_ids=[] if status == TaskResultStatus.READY else ["w"],
        traceback="Traceback:\n  <b>dòng</b>\nOSError: no route to host\n"
        if status == TaskResultStatus.FAILED
        else "",
    )
    DBTaskResult.objects.filter(pk=made.pk).update(enqueued_at=at)
    return DBTaskResult.objects.get(pk=made.pk)


def failed_job() -> Job:
    return job(TaskResultStatus.FAILED)


def work(**options: str) -> None:
    """Do the jobs that wait now, as the worker does; but its signals are not ours, and it must not
    close the connection that the test's transaction lives in."""
    with _own_signals(), patch(f"{_WORKER}.close_old_connections"):
        quiet = {"startup_delay": False, "verbosity": 0, "stdout": StringIO()}
        call_command("db_worker", batch=True, **quiet, **options)


@contextmanager
def _own_signals() -> Iterator[None]:
    kept = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)}
    try:
        yield
    finally:
        for one, handler in kept.items():
            signal.signal(one, handler)
