"""What machines ask the portal: whether it lives, whether it can serve, and how it is doing."""

import logging
import os
from collections.abc import Callable, Mapping
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from cchc_portal.replica import standing
from reporting.queries.jobs import overdue

logger = logging.getLogger(__name__)

OK = "ok"


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer without touching anything: whether this process has to be started again."""
    return HttpResponse(OK, content_type="text/plain")


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Say whether pages can be served (200) or not (503), and by what that is known.

    What only makes something late, as a worker that stands still, is told and fails nothing: no
    page gets better by sending people away from it.
    """
    needed = _told(NEEDED)
    is_ready = all(text == OK for text in needed.values())
    told = {"ready": is_ready, **needed, **(_told(TOLD) if is_ready else {})}
    return JsonResponse(told, status=200 if is_ready else 503)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return what Prometheus collects, to who brings the token of ``METRICS_TOKEN``."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not constant_time_compare(token, settings.METRICS_TOKEN):
        raise Http404
    from cchc_portal.metrics import exposed  # noqa: PLC0415 - counts, once imported

    return HttpResponse(exposed(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def _migrations() -> str:
    return OK if _is_migrated() else "missing"


def _media() -> str:
    folder = settings.MEDIA_ROOT
    folder.mkdir(parents=True, exist_ok=True)
    return OK if os.access(folder, os.W_OK | os.X_OK) else "not writable"


def _jobs() -> str:
    return OK if overdue() is None else "late"


NEEDED: Mapping[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "media": _media,
}
TOLD: Mapping[str, Callable[[], str]] = {"jobs": _jobs} | (
    {"replica": standing} if settings.REPLICA_URL else {}
)


def _told(checks: Mapping[str, Callable[[], str]]) -> dict[str, str]:
    return {name: _answered(name, check) for name, check in checks.items()}


def _answered(name: str, check: Callable[[], str]) -> str:
    """Return what a check says; why it failed is for the log, not for whoever asks."""
    try:
        return check()
    except (Error, OSError):
        logger.exception("%s does not answer", name)
        return "failed"


@cache
def _once_migrated() -> bool:
    """Stays true until the next start: tables are only taken away by hand."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError
    return True


def _is_migrated() -> bool:
    try:
        return _once_migrated()
    except LookupError:
        return False
