"""A book of 150 agencies, made by two processes, against the time of one appendix by itself.

    python -m tests.bench_books

What counts is the time waited. One appendix is measured before the book and after it, as the file
that a page sends: laid out from the database and written as a PDF that keeps. Memory is the most
that any process held at one moment. Exits with 1 when a budget is exceeded.
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median
from time import perf_counter

FOLDER = tempfile.TemporaryDirectory(prefix="cchc-bench-")
os.environ["DATABASE_URL"] = f"sqlite:///{FOLDER.name}/bench.sqlite3"
os.environ["DEBUG"] = "off"
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import cchc_portal.wsgi  # noqa: F401 - starts the portal as the server does

# isort: split
from django.conf import settings
from django.core.management import call_command

from reporting.actions.books import ask_for_book
from reporting.books import Binding, BookState
from reporting.calculations.contributions import Basis
from reporting.documents.books import make_next_book
from reporting.documents.drawing import WORKERS
from reporting.documents.files import submission_file
from reporting.documents.formats import FORMATS
from reporting.models import Book, Round, Submission, User
from tests.bench_forms import large_form
from tests.budgets import KIB, Budget, report
from tests.cast import stored
from tests.many_rounds import filled_round

AGENCIES = 150
ROWS = 200
SINGLES = 8


def main() -> int:
    settings.MEDIA_ROOT = Path(FOLDER.name) / "media"
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", stdout=sys.stderr)
    round_, reviewer = filled_round("Q", large_form(ROWS), AGENCIES)
    budgets = measured(round_, reviewer)
    report(budgets)
    return 0 if all(budget.is_kept for budget in budgets) else 1


def measured(round_: Round, reviewer: User) -> list[Budget]:
    reports = list(round_.submissions.order_by("pk"))
    before = singles(reports[: SINGLES + 1], reviewer)
    first = seconds_of_a_book(round_, reviewer)
    after = singles(reports[-SINGLES - 1 :], reviewer)
    again = seconds_of_a_book(round_, reviewer)
    one = median([*before, *after])
    name = f"book of {AGENCIES} agencies, {ROWS} rows each"
    return [
        Budget("  one appendix by itself", one, "s"),
        Budget(name, first, "s", most=1.2, baseline=one * AGENCIES / WORKERS),
        Budget("  the same made again", again, "s", most=0.1, baseline=first),
        Budget("  memory of a process that renders", mebibytes(RUSAGE_CHILDREN), "MiB", most=400),
        Budget("  memory of the worker", mebibytes(RUSAGE_SELF), "MiB", most=400),
    ]


def singles(reports: Sequence[Submission], by: User) -> list[float]:
    """Return the seconds of each file made by itself, after one to warm up."""
    found = []
    for one in reports:
        began = perf_counter()
        submission_file(stored(one), FORMATS["pdf"], by=by)
        found.append(perf_counter() - began)
    return found[1:]


def seconds_of_a_book(round_: Round, by: User) -> float:
    """Return how long the worker takes for a bound book of the whole round."""
    ask_for_book(
        round=round_,
        form_version=None,
        binding=Binding.BOUND,
        format="pdf",
        basis=Basis.APPROVED,
        by=by,
    )
    began = perf_counter()
    make_next_book()
    took = perf_counter() - began
    book = Book.objects.latest("pk")
    if book.state != BookState.DONE or book.total != AGENCIES:
        raise SystemExit(f"The book is {book.state} with {book.total} appendices: {book.error}")
    return took


def mebibytes(whose: int) -> float:
    """Return the most memory that this process, or one of those that it began, has held."""
    return getrusage(whose).ru_maxrss / KIB


if __name__ == "__main__":
    sys.exit(main())
