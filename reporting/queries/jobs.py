"""Background jobs as the operator's page shows them."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Case, Count, F, QuerySet, When
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

Job = DBTaskResult[..., object]

# A job that waits longer than this shows that no worker runs.
LATE_AFTER = timedelta(minutes=5)
# No job of the portal takes as long: its worker was killed.
STUCK_AFTER = timedelta(minutes=15)


def jobs() -> QuerySet[Job]:
    """Return all jobs, the last to be put into the queue first."""
    return DBTaskResult.objects.order_by("-enqueued_at", "pk")


def counts() -> Mapping[str, int]:
    """Return how many jobs stand in each status. One query."""
    counted = DBTaskResult.objects.order_by().values_list("status").annotate(Count("pk"))
    return Counter(dict(counted))


def waits_since(job: Job) -> datetime:
    """Return since when a waiting job could have run."""
    put_in: datetime = job.enqueued_at
    return put_in if job.run_after == get_date_max() else max(put_in, job.run_after)


def overdue(queue: str = "") -> Job | None:
    """Return the job that has waited longest, if that is so long that no worker seems to run; of
    one ``queue``, or of all."""
    since = Case(When(run_after=get_date_max(), then=F("enqueued_at")), default=F("run_after"))
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
    return (
        (waiting.filter(queue_name=queue) if queue else waiting)
        .annotate(since=since)
        .filter(since__lt=timezone.now() - LATE_AFTER)
        .order_by("since")
        .first()
    )


def is_stuck(job: Job) -> bool:
    """Say whether a job was broken off: it has been running for longer than any job takes."""
    started = job.started_at
    return (
        job.status == TaskResultStatus.RUNNING
        and started is not None
        and started < timezone.now() - STUCK_AFTER
    )


def tries(job: Job) -> int:
    """Return how often the work has been begun: by the jobs before this one, and by this one."""
    attempt: int = job.args_kwargs["kwargs"].get("attempt", 1)
    return attempt - 1 + len(job.worker_ids)


def last_line(trace: str) -> str:
    """Return the line of a trace that says what was wrong.

    >>> last_line("Traceback:\\n  File …\\nOSError: no route\\n")
    'OSError: no route'
    """
    lines = trace.strip().splitlines()
    return lines[-1] if lines else ""
