"""How gunicorn serves the portal: `python -m cchc_portal.serving`, with what else gunicorn is told,
which counts more.
"""

import gc
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cchc_portal.settings")

workers = settings.WEB_CONCURRENCY
threads = 4
# Read once, and shared by all processes: docs/scaling.md.
preload_app = True
timeout = 120  # seconds; the largest PDF takes a fraction of it
graceful_timeout = 30
logconfig_dict = settings.LOGGING
control_socket_disable = True


def on_starting(server: Any) -> None:  # noqa: ARG001 - gunicorn's signature
    """Begin counting at 0: files of processes that are gone would be added up as well."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        try:
            Path(folder).mkdir(parents=True, exist_ok=True)
            for counts in Path(folder).glob("*.db"):
                counts.unlink()
        except OSError as fault:
            # gunicorn prints the words of this one, and ends.
            raise RuntimeError(
                f"PROMETHEUS_MULTIPROC_DIR: không ghi được vào «{folder}» ({fault.strerror}), cần"
                " một thư mục mà cổng được ghi, như /run/cchc/metrics (docs/settings.md)."
            ) from fault


def post_request(worker: Any, request: Any, environ: Any, response: Any) -> None:  # noqa: ARG001
    """Clear up what a file leaves, once it is sent: what makes PDF and Word holds itself in rings,
    megabytes each, for which Python looks too seldom."""
    if any(name.lower() == "content-disposition" for name, _ in response.headers):
        gc.collect()


def child_exit(server: Any, worker: Any) -> None:  # noqa: ARG001
    """Let the counts of now of a process end with it; what it counted stays."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - where wanted

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def main() -> None:
    """Become gunicorn. It reads WEB_CONCURRENCY itself before anything of the portal is, and one
    that is empty or no number ends it without a sentence: by then the settings have been read."""
    os.environ["WEB_CONCURRENCY"] = str(workers)
    # Else each thread keeps what a paper took for itself: 16 MiB more a process.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    command = ["-m", "gunicorn", "-c", "python:cchc_portal.serving", *sys.argv[1:]]
    os.execv(sys.executable, [sys.executable, *command, "cchc_portal.wsgi"])  # noqa: S606 - ourselves


if __name__ == "__main__":
    main()
