"""The command that a timer runs each morning."""

from datetime import timedelta
from io import StringIO

from django.core.management import call_command
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from reporting.models import Notice, Round, User
from tests.reporting.background import job, work


def run() -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("remind", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_has_the_worker_remind_and_nobody_twice_on_a_day(open_quarter: Round, hoa: User) -> None:
    assert run() == ("Đã xếp việc nhắc hạn; db_worker sẽ làm.\n", "")
    run()
    assert DBTaskResult.objects.count() == 1
    work()
    told = list(Notice.objects.values())
    assert Notice.objects.filter(user=hoa, kind="due").count() == 1
    run()
    work()
    assert list(Notice.objects.values()) == told


def test_it_says_where_no_worker_runs(db: None) -> None:
    job(TaskResultStatus.READY, minutes_ago=6)
    assert "db_worker có đang chạy không" in run()[1]
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=1))
    assert run()[1] == ""
