"""Figures read as snapshots and as flat rows for adding up."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.utils import timezone

from indicators.definition import FormDefinition
from indicators.kinds import Capacity
from indicators.queries.definitions import form_definition
from reporting.calculations.contributions import Figures, Reported
from reporting.entry import name_parts
from reporting.models import DetailLine, Figure, FigureChange, Submission
from reporting.snapshot import (
    Cell,
    Detail,
    FigureStatus,
    Reading,
    SubmissionSnapshot,
    decimal_or_none,
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
        "pk", "row_id", "status", "reading", *_CONTENT
    )
    for pk, row_id, status, reading, *content in figures:
        cells[keys[row_id]] = Cell(
            status=FigureStatus(status),
            reading=Reading(reading),
            details=tuple(details.get(pk, ())),
            **dict(zip(_CONTENT, content, strict=True)),
        )
    return cells


# What a cell and its figure call by one name and hold alike.
_CONTENT = (
    "number",
    "numerator",
    "denominator",
    "choice",
    "text",
    "note",
    "written",
    "written_unit",
)


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
    """Return the figures of many submissions by row; with ``rows`` (ids) only of these. Two queries
    whatever their number.

    Most cells hold a number and nothing else; they are fetched with nothing else. Numbers come as
    text: turning SQLite's own into Decimals takes Django longer than all the rest.
    """
    figures = Figure.objects.filter(submission__in=list(submission_ids))
    if rows is not None:
        figures = figures.filter(row__in=rows)
    plain = Q(status=FigureStatus.REPORTED.value, number__isnull=False, choice="")
    plain &= Q(numerator__isnull=True)
    found: dict[int, dict[int, Reported]] = defaultdict(dict)
    numbers = figures.filter(plain).values_list("submission_id", "row_id", _as_text("number"))
    for submission, row, number in numbers.iterator(chunk_size=5000):
        found[row][submission] = Reported(submission, row, _REPORTED, Decimal(number))
    others = figures.exclude(plain).values_list(
        "submission_id",
        "row_id",
        "status",
        _as_text("number"),
        _as_text("numerator"),
        _as_text("denominator"),
        "choice",
    )
    for submission, row, status, number, numerator, denominator, choice in others:
        found[row][submission] = Reported(
            submission,
            row,
            status,
            decimal_or_none(number),
            decimal_or_none(numerator),
            decimal_or_none(denominator),
            choice,
        )
    return found


def _as_text(column: str) -> Cast:
    return Cast(column, CharField())


_REPORTED = FigureStatus.REPORTED.value
