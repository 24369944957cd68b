"""The portal's time budgets, each against the barest way to do the same work on this machine.

    python -m tests.bench

Ratios, not seconds, are the measure: they hold on any machine. A figure and its baseline run by
turns after a warm-up, each from a collected heap; the median of processor time counts, which
other work on the machine disturbs least. Exits with 1 when a budget is exceeded. The data live
in a database of their own that is removed at the end.
"""

import os
import sys
import tempfile
from collections.abc import Callable

FOLDER = tempfile.TemporaryDirectory(prefix="cchc-bench-")
os.environ["DATABASE_URL"] = f"sqlite:///{FOLDER.name}/bench.sqlite3"
os.environ["DEBUG"] = "off"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

from django.core.management import call_command
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

import cchc_portal.wsgi  # noqa: F401 - starts the portal as the server does
from reporting.documents.files import appendix_of_submission
from reporting.documents.formats import archival, pdf
from reporting.models import AgencyKind, Submission, User
from reporting.queries.figures import snapshot
from reporting.sheet import build_sheet
from reporting.workflow import Role
from tests import cast
from tests.bench_board import board, opening
from tests.bench_browser import in_the_browser
from tests.bench_catalogue import catalogue
from tests.bench_forms import all_typed
from tests.bench_office import office
from tests.bench_typing import one_cell
from tests.budgets import KIB, Budget, milliseconds, report


def main() -> int:
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", stdout=sys.stderr)
    submission, clerk = filled_form()
    budgets = [
        *form_page(submission, clerk),
        *one_cell(),
        *files(submission),
        *board(),
        *opening(),
        *catalogue(),
        *in_the_browser(),
    ]
    report(budgets)
    return 0 if all(budget.is_kept for budget in budgets) else 1


# The form page


def filled_form() -> tuple[Submission, User]:
    """Enter a report with every box filled, its approved forerunner, and the clerk of both."""
    province = cast.agency("B", "Tỉnh Đo Đạc", AgencyKind.PROVINCE)
    at = cast.agency("B.SCT", "Sở Công Thương", AgencyKind.DEPARTMENT, province)
    reviewer = cast.person("reviewer", "Trần Minh Hạnh", (Role.REVIEWER, province))
    clerk = cast.person("clerk", "Nguyễn Thị Hoa", (Role.CLERK, at))
    typed = all_typed(cast.form("PL2-KH-2022"))
    last = cast.opened_round(province, "B-TRUOC", by=reviewer, data_to_days_ago=90)
    now = cast.opened_round(province, "B-NAY", by=reviewer)
    cast.approved(cast.report_of(last, at), typed)
    submission = cast.report_of(now, at)
    cast.typed(submission, typed)
    return cast.stored(submission), clerk


def form_page(submission: Submission, clerk: User) -> list[Budget]:
    """The whole request of a signed-in clerk, against one plain template loop over the same rows
    with the same cells: no query, no choice, no condition."""
    page = signed_in_page(clerk, f"/bao-cao/{submission.pk}/")
    sections = build_sheet(snapshot(submission)).sections
    rows = [row for section in sections for row in section.rows]
    template = Template(
        '<table>{% for row in rows %}<tr class="{{ row.css }}"><td>{{ row.stt }}</td>'
        '<th scope="row"><label for="r-{{ row.key }}">{{ row.label }}</label></th>'
        "<td>{{ row.unit }}</td><td>{{ row.previous }}</td>"
        '<td><input id="r-{{ row.key }}" name="{{ row.figure_field }}" value="{{ row.box }}"></td>'
        '<td><textarea name="{{ row.note_field }}">{{ row.note }}</textarea>'
        "{{ row.who_reports }}</td></tr>{% endfor %}</table>"
    )
    time, bare = milliseconds(page, lambda: template.render(Context({"rows": rows})), turns=21)
    with CaptureQueriesContext(connection) as queries:
        content = page()
    return [
        Budget(f"form page, {len(rows)} rows filled", time, "ms", most=3, baseline=bare),
        Budget("  its queries", len(queries), "", most=15),
        Budget("  its size, gzipped", len(content) / KIB, "KiB", most=20),
    ]


def signed_in_page(user: User, address: str) -> Callable[[], bytes]:
    """Return what fetches a page as a browser does: session, all middleware, gzip."""
    client = Client(SERVER_NAME="localhost", headers={"Accept-Encoding": "gzip"})
    client.force_login(user)

    def page() -> bytes:
        response = client.get(address)
        if response.status_code != 200 or response["Content-Encoding"] != "gzip":
            raise SystemExit(f"{address} answers {response.status_code}.")
        return response.content

    return page


# The files


def files(submission: Submission) -> list[Budget]:
    """Excel and Word of one appendix; its PDF against what the renderer alone makes of the same
    page with the same styles: no tags, no standard of archives, nothing attached."""
    appendix = appendix_of_submission(submission)
    page, fonts = pdf.page(appendix), FontConfiguration()
    styles = [CSS(filename=path, font_config=fonts) for path in (archival.PAPER, pdf.STYLESHEET)]
    printed, plain = milliseconds(
        lambda: pdf.render(appendix),
        lambda: HTML(string=page).write_pdf(stylesheets=styles, font_config=fonts),
        turns=7,
    )
    name = f"PDF of one appendix, {len(appendix.lines)} rows"
    return [*office(appendix), Budget(name, printed, "ms", most=1.2, baseline=plain)]


if __name__ == "__main__":
    sys.exit(main())
