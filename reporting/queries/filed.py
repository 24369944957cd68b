"""The figures of many reports at once, as far as they are wanted."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal

from django.db.models import CharField
from django.db.models.functions import Cast

from indicators.definition import FormDefinition
from indicators.formulas import keys
from indicators.kinds import Capacity
from indicators.queries.definitions import form_definition
from reporting.models import Figure, Submission
from reporting.rules import Report
from reporting.snapshot import Cell, FigureStatus, SubmissionSnapshot, decimal_or_none

Wanted = Callable[[FormDefinition], Collection[int]]
Numbers = Mapping[str, Decimal]


def snapshots_of(
    submissions: Collection[Submission], wanted: Wanted, *, with_parts: bool = False
) -> Mapping[int, SubmissionSnapshot]:
    """Return, by id, the figures of ``submissions``, fetched with round and form version, in the
    rows (ids) that are ``wanted`` of a form; notes and details are left out, and so are parts typed
    with a rate, where they are not asked for. One query."""
    forms = {one.form_version_id: form_definition(one.form_version) for one in submissions}
    rows = {row for form in forms.values() for row in wanted(form)}
    cells = _cells([one.pk for one in submissions], rows, with_parts=with_parts)
    names = {pk: {row.id: row.key for row in form.rows} for pk, form in forms.items()}
    return {
        one.pk: SubmissionSnapshot(
            form=forms[one.form_version_id],
            cells={names[one.form_version_id][row]: cell for row, cell in cells[one.pk].items()},
            is_paper=one.round.is_archive,
            agency_kind=one.agency_kind,
            agency_functions=one.agency_functions.split(),
            capacity=Capacity(one.capacity),
        )
        for one in submissions
    }


def _cells(
    submissions: Collection[int], rows: Collection[int], *, with_parts: bool
) -> Mapping[int, dict[int, Cell]]:
    """Numbers come as text: turning SQLite's own into Decimals takes Django longer."""
    found: dict[int, dict[int, Cell]] = defaultdict(dict)
    figures = Figure.objects.filter(submission__in=submissions, row__in=rows).values_list(
        "submission_id",
        "row_id",
        "status",
        Cast("number", CharField()),
        "choice",
        "text",
        "written_unit",
        *(Cast(part, CharField()) for part in _PARTS if with_parts),
    )
    for submission, row, status, number, choice, text, unit, *parts in figures.iterator(
        chunk_size=5000
    ):
        part, whole = map(decimal_or_none, parts or _NO_PARTS)
        found[submission][row] = Cell(
            status=FigureStatus(status),
            number=decimal_or_none(number),
            numerator=part,
            denominator=whole,
            choice=choice,
            text=text,
            written_unit=unit,
        )
    return found


_PARTS = ("numerator", "denominator")
_NO_PARTS = (None, None)


def rows_of(
    form: FormDefinition, *, indicators: Collection[str], named: Collection[str] = ()
) -> Collection[int]:
    """Return the ids of the rows of ``form`` that hold ``indicators`` or are ``named`` by key,
    with the rows that they are computed from."""
    wanted = [row for row in form.rows if row.indicator in indicators or row.key in named]
    read = {key for row in wanted if row.formula for key in keys(row.formula)}
    return {row.id for row in wanted} | {form.by_key[key].id for key in read}


def by_indicator(snapshot: SubmissionSnapshot) -> Numbers:
    """Return the numbers of a report as other reports are compared with them."""
    numbers = Report(snapshot).numbers
    return {
        row.indicator: numbers[row.key]
        for row in snapshot.form.rows
        if row.indicator and row.key in numbers
    }
