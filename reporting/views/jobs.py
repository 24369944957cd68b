"""The page on which operators see what the portal does in the background."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from reporting.access import require_operator
from reporting.actions.jobs import run_again
from reporting.queries.jobs import (
    Job,
    counts,
    is_stuck,
    jobs,
    last_line,
    overdue,
    tries,
    waits_since,
)
from reporting.refusals import Refused
from reporting.tasks import NAMES
from reporting.views.requests import SignedInRequest

ON_A_PAGE = 50
# Each status with its word; the badge's colour is that of reports in a like state.
_STATUSES = {
    TaskResultStatus.READY: ("Chờ chạy", "draft"),
    TaskResultStatus.RUNNING: ("Đang chạy", "submitted"),
    TaskResultStatus.FAILED: ("Hỏng", "late"),
    TaskResultStatus.SUCCESSFUL: ("Xong", "approved"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One job as the page shows it; ``since`` is when its status began."""

    job: Job
    name: str
    status: str
    css: str
    since: datetime | None
    is_put_off: bool
    tries: int
    is_stuck: bool
    fault: str
    trace: str

    @property
    def may_run_again(self) -> bool:
        return self.is_stuck or self.job.status == TaskResultStatus.FAILED


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """List the background jobs, newest first, and warn where none seems to be worked on."""
    require_operator(request.user)
    return _page(request)


@require_POST
def again(request: SignedInRequest, pk: str) -> HttpResponse:
    """Put a job that failed or was broken off back into the queue."""
    require_operator(request.user)
    job = DBTaskResult.objects.filter(pk=pk).first()
    if job is None:
        raise Http404("Không có việc nền này.")
    try:
        run_again(job=job, name=_name(job), by=request.user)
    except Refused as refusal:
        return _page(request, error=str(refusal))
    messages.success(request, f"Việc «{_name(job)}» sẽ được chạy lại.")
    return redirect("jobs")


def _page(request: SignedInRequest, *, error: str = "") -> HttpResponse:
    wanted = request.GET.get("trang-thai", "")
    status = wanted if wanted in TaskResultStatus.values else ""
    found = jobs().filter(status=status) if status else jobs()
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("trang"))
    counted = counts()
    late = overdue()
    return render(
        request,
        "jobs/list.html",
        {
            "page": page,
            "jobs": [_shown(job) for job in page],
            "counts": [(one, word, counted[one]) for one, (word, _) in _STATUSES.items()],
            "total": sum(counted.values()),
            "status": status,
            "query": f"trang-thai={status}&" if status else "",
            "late": late and waits_since(late),
            "late_name": late and _name(late),
            "late_queue": late and late.queue_name,
            "error": error,
        },
        status=409 if error else 200,
    )


def _shown(job: Job) -> Shown:
    status = TaskResultStatus(job.status)
    word, css = _STATUSES[status]
    is_failed = status == TaskResultStatus.FAILED
    runs_from = waits_since(job) if status == TaskResultStatus.READY else None
    return Shown(
        job=job,
        name=_name(job),
        status=word,
        css=css,
        since=runs_from or job.finished_at or job.started_at,
        is_put_off=runs_from is not None and runs_from > timezone.now(),
        tries=tries(job),
        is_stuck=is_stuck(job),
        fault=last_line(job.traceback) if is_failed else "",
        trace=job.traceback if is_failed else "",
    )


def _name(job: Job) -> str:
    """Return what people call the work; of a task that is gone, its name in the code."""
    return NAMES.get(job.task_path) or job.task_path.rpartition(".")[2]
