"""How gunicorn serves the portal: `gunicorn -c python:cchc_portal.serving cchc_portal.wsgi`.

What is given on gunicorn's command line counts more.
"""

import os
from pathlib import Path
from typing import Any

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cchc_portal.settings")

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
timeout = 120  # seconds; the largest PDF takes a fraction of it
graceful_timeout = 30
logconfig_dict = settings.LOGGING
control_socket_disable = True


def on_starting(server: Any) -> None:  # noqa: ARG001 - gunicorn's signature
    """Begin counting at 0: files of processes that are gone would be added up as well."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        for counts in Path(folder).glob("*.db"):
            counts.unlink()


def child_exit(server: Any, worker: Any) -> None:  # noqa: ARG001
    """Let the counts of now of a process end with it; what it counted stays."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - where wanted

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
