"""Figures read as snapshots and as flat rows for adding up."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Expression, ExpressionWrapper, F, Field, Q, QuerySet
from django.utils import timezone

from indicators.definition import FormDefinition
from indicators.kinds import Capacity
from indicators.queries.definitions import form_definition
from reporting.calculations.contributions import Figures, Given, Reported
from reporting.entry import name_parts
from reporting.models import DetailLine, Figure, FigureChange, Submission
from reporting.snapshot import (
    Cell,
    Detail,
    FigureStatus,
    Reading,
    SubmissionSnapshot,
    from_record,
)


def snapshot(submission: Submission, *, with_details: bool = True) -> SubmissionSnapshot:
    """Return all figures of ``submission``, fetched with its round, and its form. Two queries
    and the form's; one without the detail lines, where only figures are looked at."""
    form = form_definition(submission.form_version)
    return SubmissionSnapshot(
        form=form,
        cells=_cells(submission, form, _details(submission) if with_details else {}),
        is_paper=submission.round.is_archive,
        agency_kind=submission.agency_kind,
        agency_functions=submission.agency_functions.split(),
        capacity=Capacity(submission.capacity),
    )


def _details(submission: Submission) -> Mapping[int, Sequence[Detail]]:
    """The detail lines by the figure that they stand under."""
    details: dict[int, list[Detail]] = defaultdict(list)
    lines = DetailLine.objects.filter(figure__submission=submission).order_by("figure", "position")
    for figure_id, label, number, written in lines.values_list(
        "figure_id", "label", "number", "written"
    ):
        details[figure_id].append(Detail(label, number, written))
    return details


def _cells(
    submission: Submission, form: FormDefinition, details: Mapping[int, Sequence[Detail]]
) -> dict[str, Cell]:
    keys = {row.id: row.key for row in form.rows}
    cells = {}
    figures = Figure.objects.filter(submission=submission).values_list(
        "pk",
        "row_id",
        "status",
        "reading",
        *(as_stored(column) for column in ("number", "numerator", "denominator")),
        "choice",
        "text",
        "note",
        "written",
        "written_unit",
    )
    for pk, row, status, reading, number, part, whole, choice, text, note, written, unit in figures:
        cells[keys[row]] = Cell(
            _STATUSES[status],
            None if number is None else exact(number),
            None if part is None else exact(part),
            None if whole is None else exact(whole),
            choice,
            text,
            note,
            written,
            unit,
            _READINGS[reading],
            tuple(details.get(pk, ())),
        )
    return cells


# A sheet has hundreds of cells; making an enumeration's member of a code takes longer than looking
# it up.
_STATUSES = {status.value: status for status in FigureStatus}
_READINGS = {reading.value: reading for reading in Reading}


@dataclass(frozen=True, slots=True)
class LaterChange:
    """One saving of a cell: what it held before, who saved, when, and from which open page."""

    before: Cell
    after: Cell
    by: str
    by_id: int | None
    at: datetime
    revision: int
    entry: str

    @property
    def page(self) -> str:
        return name_parts(self.entry)[0]

    @property
    def number(self) -> int:
        return name_parts(self.entry)[1]


Changes = Mapping[str, Sequence[LaterChange]]


def known_revision(submission: Submission, revision: int) -> int:
    """Return ``revision``, or 0 for one still to come (a page drawn before the database was
    restored): then all changes count as later."""
    return revision if revision <= submission.revision else 0


def changes_after(
    submission: Submission, revision: int, *, rows: Collection[int] | None = None
) -> Changes:
    """Return, by row key, the savings of cells after ``revision``, oldest first; with ``rows``
    (ids) only of these. One query, none when nothing was saved since."""
    revision = known_revision(submission, revision)
    if submission.revision == revision:
        return {}
    wanted = {} if rows is None else {"row__in": rows}
    found: dict[str, list[LaterChange]] = defaultdict(list)
    for change in (
        FigureChange.objects.filter(submission=submission, revision__gt=revision, **wanted)
        .select_related("row", "by")
        .order_by("pk")
    ):
        found[change.row.key].append(
            LaterChange(
                from_record(change.before),
                from_record(change.after),
                str(change.by or "hệ thống"),
                change.by_id,
                # A sentence tells the hour to people: theirs, not that of the store.
                timezone.localtime(change.at),
                change.revision,
                change.entry,
            )
        )
    return found


class SavedSince(NamedTuple):
    """A cell that was saved, and from which open page ("" where pages have no names)."""

    key: str
    page: str


def saved_since(submission: Submission, revision: int) -> Sequence[SavedSince]:
    """Return which cells were saved after ``revision``. One query; none when nothing was."""
    revision = known_revision(submission, revision)
    if submission.revision == revision:
        return ()
    changes = FigureChange.objects.filter(submission=submission, revision__gt=revision)
    named = changes.values_list("row__key", "entry").distinct()
    return [SavedSince(key, name_parts(entry)[0]) for key, entry in named]


def reported_figures(submission_ids: Iterable[int], rows: Collection[int] | None = None) -> Figures:
    """Return the figures of many submissions by row, with ``rows`` (ids) only those. Two queries
    whatever their number.

    Most cells hold a number and nothing else; they are fetched with nothing else.
    """
    wanted = {} if rows is None else {"row__in": rows}
    figures = Figure.objects.filter(submission__in=list(submission_ids), **wanted)
    plain = Q(status=FigureStatus.REPORTED.value, number__isnull=False, choice="")
    plain &= Q(numerator__isnull=True)
    found: dict[int, dict[int, Given]] = defaultdict(dict)
    numbers = figures.filter(plain).values_list("row_id", "submission_id", as_stored("number"))
    for row, submission, number in numbers.iterator(chunk_size=5000):
        found[row][submission] = exact(number)
    others = figures.exclude(plain).values_list(
        "row_id",
        "submission_id",
        "status",
        as_stored("number"),
        as_stored("numerator"),
        as_stored("denominator"),
        "choice",
    )
    for line in others:
        row, submission = line[:2]
        found[row][submission] = _reported(*line)
    return found


def figures_of_few_rows(figures: QuerySet[Figure]) -> Figures:
    """Return ``figures``, of a few rows of many submissions, by row. One query: so few are told
    apart here sooner than the store finds them twice."""
    found: dict[int, dict[int, Given]] = defaultdict(dict)
    lines = figures.values_list(
        "row_id",
        "submission_id",
        "status",
        as_stored("number"),
        as_stored("numerator"),
        as_stored("denominator"),
        "choice",
    )
    for line in lines.iterator(chunk_size=5000):
        row, submission, status, number, numerator, _, choice = line
        if status == _REPORTED and number is not None and numerator is None and not choice:
            found[row][submission] = exact(number)
        else:
            found[row][submission] = _reported(*line)
    return found


_REPORTED = FigureStatus.REPORTED.value
_Stored = int | float | Decimal | None


def _reported(
    row: int,
    submission: int,
    status: str,
    number: _Stored,
    numerator: _Stored,
    denominator: _Stored,
    choice: str,
) -> Reported:
    return Reported(
        submission,
        row,
        status,
        None if number is None else exact(number),
        None if numerator is None else exact(numerator),
        None if denominator is None else exact(denominator),
        choice,
    )


def as_stored(column: str) -> Expression:
    """Ask for a column as the store gives it: turning SQLite's numbers into Decimals takes Django
    longer than all the rest. ``exact`` makes Decimals of them."""
    return ExpressionWrapper(F(column), output_field=Field())


def exact(stored: int | float | Decimal) -> Decimal:
    """Return a stored number as it was saved. SQLite gives whole numbers as int and others as the
    nearest double, whose shortest writing has all the fifteen digits that a figure may have.

    >>> exact(5356), exact(0.1), exact(123456789012.345)
    (Decimal('5356'), Decimal('0.1'), Decimal('123456789012.345'))
    """
    return Decimal(repr(stored)) if type(stored) is float else Decimal(stored)
