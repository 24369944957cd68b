"""Figures read as snapshots and as flat rows for adding up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from indicators.definition import FormDefinition
from indicators.queries.definitions import form_definition
from reporting.calculations.contributions import Reported
from reporting.models import DetailLine, Figure, FigureChange, Submission
from reporting.snapshot import (
    Cell,
    Detail,
    FigureStatus,
    Reading,
    SubmissionSnapshot,
    from_record,
)


def snapshot(submission: Submission) -> SubmissionSnapshot:
    """Return all figures of ``submission``, fetched with its round, and its form. Two queries
    and the form's."""
    form = form_definition(submission.form_version)
    return SubmissionSnapshot(
        form=form, cells=_cells(submission, form), is_paper=submission.round.is_archive
    )


def _cells(submission: Submission, form: FormDefinition) -> dict[str, Cell]:
    details: dict[int, list[Detail]] = defaultdict(list)
    lines = DetailLine.objects.filter(figure__submission=submission).order_by("figure", "position")
    for figure_id, label, number, written in lines.values_list(
        "figure_id", "label", "number", "written"
    ):
        details[figure_id].append(Detail(label, number, written))
    keys = {row.id: row.key for row in form.rows}
    cells = {}
    for figure in Figure.objects.filter(submission=submission):
        cells[keys[figure.row_id]] = Cell(
            status=FigureStatus(figure.status),
            number=figure.number,
            numerator=figure.numerator,
            denominator=figure.denominator,
            choice=figure.choice,
            text=figure.text,
            note=figure.note,
            written=figure.written,
            written_unit=figure.written_unit,
            reading=Reading(figure.reading),
            details=tuple(details.get(figure.pk, ())),
        )
    return cells


@dataclass(frozen=True, slots=True)
class LaterChange:
    """How a cell has moved on since a page was drawn."""

    before: Cell
    by: str
    at: datetime


def changes_after(submission: Submission, revision: int) -> Mapping[str, LaterChange]:
    """Return, by row key, the cells changed after ``revision``: what they held then, and who
    changed them last. One query, none when nothing was saved since."""
    if submission.revision <= revision:
        return {}
    later: dict[str, LaterChange] = {}
    for change in (
        FigureChange.objects.filter(submission=submission, revision__gt=revision)
        .select_related("row", "by")
        .order_by("pk")
    ):
        key = change.row.key
        before = later[key].before if key in later else from_record(change.before)
        later[key] = LaterChange(before, str(change.by or "hệ thống"), change.at)
    return later


def reported_figures(submission_ids: Iterable[int]) -> Iterable[Reported]:
    """Yield the figures of many submissions as flat rows. One query whatever their number."""
    return map(
        Reported._make,
        Figure.objects.filter(submission__in=list(submission_ids))
        .values_list(
            "submission_id", "row_id", "status", "number", "numerator", "denominator", "choice"
        )
        .iterator(chunk_size=5000),
    )
