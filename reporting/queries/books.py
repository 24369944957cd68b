"""Books as their page lists them, and the reports that go into one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from indicators.models import FormVersion
from reporting.books import UNDER_WAY, BookState
from reporting.calculations.contributions import Basis
from reporting.collation import by_kind_and_name
from reporting.models import Book, Round, Submission
from reporting.queries.province import layouts
from reporting.queries.submissions import of_round

# Whoever makes a book is heard of with every appendix, which takes a second or a few.
SILENT_AFTER = timedelta(minutes=2)
SHOWN = 30


def books_of(round_: Round) -> Sequence[Book]:
    """Return the newest books of a round. One query."""
    found = round_.books.select_related("form_version", "by").defer("files")[:SHOWN]
    for book in found:
        book.round = round_
    return list(found)


def is_silent(book: Book, now: datetime | None = None) -> bool:
    """Say whether whoever was making the book seems to be gone: their process was killed."""
    return book.state == BookState.MAKING and book.moved_at < (now or timezone.now()) - SILENT_AFTER


def to_be_made() -> QuerySet[Book]:
    """Return the books that wait for somebody to make them, those first that nobody has begun."""
    silent = Q(state=BookState.MAKING.value, moved_at__lt=timezone.now() - SILENT_AFTER)
    open_ = Q(state__in=[BookState.WAITING.value, BookState.BROKEN.value]) | silent
    return Book.objects.filter(open_, attempts__lt=F("most_attempts")).order_by("attempts", "pk")


def under_way(
    round_: Round, version: FormVersion | None, *, binding: str, format_: str, basis: Basis
) -> Book | None:
    """Return the book of the same content that is being made, if there is one."""
    return Book.objects.filter(
        round=round_,
        form_version=version,
        binding=binding,
        format=format_,
        basis=basis.value,
        state__in=[state.value for state in UNDER_WAY],
    ).first()


def how_many(round_: Round, version: FormVersion | None, basis: Basis) -> int:
    """Return how many reports would go into a book. One query."""
    return _of(round_, version, basis).count()


def reports_of_book(book: Book) -> Sequence[Submission]:
    """Return the reports that go into a book as they stand now, in its order: by form, the
    province's first, then by kind of agency and name. Three queries."""
    forms = {version.pk: place for place, version in enumerate(layouts(book.round))}
    found = _of(book.round, book.form_version, Basis(book.basis)).select_related(
        "agency__parent", "round__province", "form_version__form", "state_by"
    )
    return sorted(
        found,
        key=lambda one: (
            forms[one.form_version_id],
            by_kind_and_name(one.agency_kind, one.whose),
            one.pk,
        ),
    )


def _of(round_: Round, version: FormVersion | None, basis: Basis) -> QuerySet[Submission]:
    found = of_round(round_).filter(state__in=[state.value for state in basis.states])
    return found if version is None else found.filter(form_version=version)
