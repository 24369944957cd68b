"""Counts of what was asked and how long it took, and of the queue, as Prometheus reads them.

Imported only where ``METRICS_TOKEN`` is set. Each process that serves keeps its counts in a file of
its own under ``PROMETHEUS_MULTIPROC_DIR``; whichever is asked adds them up.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from time import perf_counter

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from cchc_portal.middleware import page_of
from reporting.queries.jobs import counts, overdue, waits_since

REQUESTS = Counter("cchc_requests", "Requests answered", ["page", "method", "status"])
SECONDS = Histogram(
    "cchc_request_seconds",
    "Time from a request to its answer, in seconds",
    ["page"],
    buckets=(0.025, 0.05, 0.1, 0.15, 0.3, 0.5, 1, 2.5, 10),
)


class CountRequest:
    """Count each request by the page that answered it, and the time it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        response = self.get_response(request)
        page = page_of(request)
        SECONDS.labels(page).observe(perf_counter() - began)
        REQUESTS.labels(page, _method(request), str(response.status_code)).inc()
        return response


def _method(request: HttpRequest) -> str:
    """A stranger may call a method what they like, and each new name would be kept for good."""
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return request.method if request.method in known else "other"


class Queue(Collector):
    """How many jobs stand in each status, and how long the oldest has been waiting for a worker."""

    def collect(self) -> Iterator[Metric]:
        jobs = GaugeMetricFamily("cchc_jobs", "Background jobs by status", labels=["status"])
        for status, count in counts().items():
            jobs.add_metric([status.lower()], count)
        yield jobs
        late = overdue()
        yield GaugeMetricFamily(
            "cchc_jobs_overdue_seconds",
            "How long the oldest job has been waiting, where no worker seems to run; else 0",
            value=_seconds_since(waits_since(late)) if late else 0,
        )


def _seconds_since(moment: datetime) -> float:
    return (timezone.now() - moment).total_seconds()


def exposed() -> bytes:
    """Return all counts of all processes, and those that the database knows, as text (0.0.4)."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(Queue())
    return generate_latest(registry)
