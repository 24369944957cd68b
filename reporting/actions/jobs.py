"""The acts on background jobs: put one into the queue, try it again.

Jobs are named by the path of their task: tasks stand above the actions that they call.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from reporting.actions.record import About, remember
from reporting.models import User
from reporting.queries.jobs import STUCK_AFTER, Job, last_line
from reporting.refusals import NotAgain
from reporting.tidings import Subject

DELIVERY = "reporting.tasks.deliver_mail"
REMINDING = "reporting.tasks.remind"
INVITING = "reporting.tasks.send_invitation"
RESETTING = "reporting.tasks.send_reset"
EMAIL_CHANGED = "reporting.tasks.tell_old_email"
BINDING = "reporting.tasks.make_book"
# The queue of what takes minutes; all else is in the package's own, «default».
BOOKS = "books"
# A job that fails is tried again after these; then it waits for an operator.
PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))


def enqueue_on_commit(path: str, **arguments: int) -> None:
    """Have the job done once the transaction stands; a queue that can't be written to is logged and
    spoils nothing: what is to be done waits in the tables for the next job."""
    transaction.on_commit(lambda: enqueue(path, **arguments), robust=True)


def enqueue(path: str, **arguments: int) -> None:
    """Put the job into the queue, unless one that does the same waits there."""
    if arguments or not DBTaskResult.objects.ready().filter(task_path=path).exists():
        _task(path).enqueue(**arguments)


def enqueue_later(path: str, pause: timedelta) -> None:
    """Put the job into the queue for after ``pause``, unless one waits there for any time."""
    if not DBTaskResult.objects.filter(task_path=path, status=TaskResultStatus.READY).exists():
        _task(path).using(run_after=timezone.now() + pause).enqueue()


def try_again(task: Task[..., object], *, attempt: int, **arguments: int) -> None:
    """Put a job whose ``attempt`` has failed into the queue once more, if it has tries left. The
    failed one stays as it is, with its trace."""
    if attempt <= len(PAUSES):
        later = task.using(run_after=timezone.now() + PAUSES[attempt - 1])
        later.enqueue(**arguments, attempt=attempt + 1)


@transaction.atomic
def run_again(*, job: Job, name: str, by: User, via: str = "page") -> None:
    """Put a job that has failed, or was broken off, back into the queue. Raises NotAgain if it
    runs, waits or has ended meanwhile. ``name`` is what people call it."""
    now = timezone.now()
    won = (
        DBTaskResult.objects.filter(pk=job.pk)
        .filter(
            Q(status=TaskResultStatus.FAILED)
            | Q(status=TaskResultStatus.RUNNING, started_at__lt=now - STUCK_AFTER)
        )
        .update(
            status=TaskResultStatus.READY,
            run_after=now,  # it waits from now on, whenever it was put in first
            started_at=None,
            finished_at=None,
        )
    )
    if not won:
        raise NotAgain(
            f"Việc «{name}» đang chạy, đang chờ hoặc đã xong nên không chạy lại. Hãy tải lại trang."
        )
    fault = last_line(job.traceback) or "dừng giữa chừng"
    remember(
        Subject.SYSTEM,
        "job-again",
        f"chạy lại việc nền «{name}»",
        by=by,
        via=via,
        about=About(),
        changes=[{"label": "Tình trạng", "before": fault, "after": "chờ chạy"}],
    )


def _task(path: str) -> Task[..., object]:
    found: Task[..., object] = import_string(path)
    return found
