"""Typing's part of the budgets: one cell saved, or only read, against one figure written bare."""

import json
from collections.abc import Callable
from gzip import decompress
from itertools import count, cycle
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.views.decorators.http import require_POST

from cchc_portal.urls import urlpatterns as portal_urlpatterns
from indicators.definition import RowDefinition
from indicators.formulas import keys as formula_keys
from indicators.kinds import Kind
from indicators.queries.definitions import form_definition
from reporting.models import Figure, FigureChange, Submission, User
from tests import cast
from tests.bench_forms import all_typed, report_on, ruled_form
from tests.budgets import Budget, p95_milliseconds

TURNS = 100
PAGE = "dodactungo"


@require_POST
def bare(request: HttpRequest) -> HttpResponse:
    """Write one figure as Django does it by itself: nothing is read, checked, logged or drawn."""
    sent = json.loads(request.body)
    Figure.objects.bulk_create(
        [Figure(submission_id=sent["submission"], row_id=sent["row"], number=sent["figure"])],
        update_conflicts=True,
        unique_fields=["submission", "row"],
        update_fields=["number"],
    )
    return HttpResponse(status=204)


# The portal's own addresses, and the baseline's behind the same middleware.
urlpatterns = [path("mot-o/", bare), *portal_urlpatterns]


def one_cell() -> list[Budget]:
    """A cell that others are computed from, saved by its whole request: read, joined, recorded,
    all rules run, answered with what to redraw. Each saving brings a new value."""
    version = ruled_form()
    submission, clerk = report_on(version, "O")
    cast.typed(submission, all_typed(version), by=clerk)
    submission = cast.stored(submission)
    with override_settings(ROOT_URLCONF=__name__):
        post = signed_in_posting(clerk, submission)
        page = OpenPage(submission, clerk, post)
        saving, writing = p95_milliseconds(page.save, page.write_bare, turns=TURNS)
        (reading,) = p95_milliseconds(page.read, turns=TURNS)
        with CaptureQueriesContext(connection) as queries:
            page.save()
    page.check()
    return [
        Budget(f"saving one cell of {page.rows}, p95", saving, "ms", most=5, baseline=writing),
        Budget("  its queries", len(queries), ""),
        Budget("  only reading what is typed, p95", reading, "ms"),
    ]


Posting = Callable[[str, dict[str, Any]], bytes]


def signed_in_posting(user: User, submission: Submission) -> Posting:
    """Return what posts JSON as an open sheet does: session, token, all middleware, gzip."""
    client = Client(
        SERVER_NAME="localhost", headers={"Accept-Encoding": "gzip"}, enforce_csrf_checks=True
    )
    client.force_login(user)
    client.get(f"/bao-cao/{submission.pk}/")  # sets the token
    token = client.cookies["csrftoken"].value

    def post(address: str, content: dict[str, Any]) -> bytes:
        response = client.post(
            address, content, content_type="application/json", headers={"X-CSRFToken": token}
        )
        if response.status_code not in {200, 204}:
            raise SystemExit(f"{address} answers {response.status_code}.")
        return response.content

    return post


class OpenPage:
    """A sheet with every box filled, as its page goes on with it: the revision follows."""

    def __init__(self, submission: Submission, clerk: User, post: Posting) -> None:
        form = form_definition(submission.form_version)
        read = {key for row in form.rows if row.formula for key in formula_keys(row.formula)}
        counted = [row for row in form.typed_rows if row.kind is Kind.COUNT and row.key in read]
        self.rows = len(form.rows)
        self.address, self.post = f"/bao-cao/{submission.pk}/", post
        self.submission, self.revision = submission, submission.revision
        self.user = clerk.pk
        self.cells, self.numbers = cycle(counted), count(1)
        self.saved: dict[RowDefinition, int] = {}

    def entry(self) -> tuple[RowDefinition, int, dict[str, Any]]:
        row, number = next(self.cells), next(self.numbers)
        entry = {"name": f"{PAGE}.{number}", "row": row.id, "base": self.revision}
        sent = {"user": self.user, "seen": self.revision}
        return row, number, sent | {"entries": [entry | {"figure": str(number)}]}

    def save(self) -> None:
        row, number, content = self.entry()
        answer = json.loads(decompress(self.post(f"{self.address}o/", content)))
        if [result["is"] for result in answer["results"]] != ["saved"]:
            raise SystemExit(f"{row.key}: {answer['results']}")
        if len(answer["rows"]) < 2 or not answer["found"]:
            raise SystemExit(f"{row.key}: nothing is computed from it, or nothing found.")
        self.revision = answer["revision"]
        self.saved[row] = number

    def read(self) -> None:
        self.post(f"{self.address}doc/", self.entry()[2])

    def write_bare(self) -> None:
        row, number, _ = self.entry()
        content = {"submission": self.submission.pk, "row": row.id, "figure": str(number)}
        self.post("/mot-o/", content)

    def check(self) -> None:
        """Stop when a saving was none: it would be measured too fast."""
        lines = FigureChange.objects.filter(entry__startswith=f"{PAGE}.").count()
        if lines != TURNS + 2:
            raise SystemExit(f"{TURNS + 2} cells were saved, {lines} are in the record.")
