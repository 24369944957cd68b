"""The reports of one round with their figures, for tables over all agencies."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from indicators.definition import FormDefinition, RowDefinition
from reporting.calculations.columns import Basis, Report, rows_read
from reporting.calculations.contributions import Figures
from reporting.models import Round, Submission
from reporting.queries.figures import reported_figures
from reporting.queries.submissions import of_round, sources
from reporting.workflow import State


def reports(round_: Round, basis: Basis) -> Sequence[Report]:
    """Return the reports of ``round_``, those in the states of ``basis`` as ones to be read. One
    query, and the forms' where this process has not read them yet."""
    found: list[Submission] = list(of_round(round_).select_related("form_version").order_by("pk"))
    return [
        Report(
            source=replace(source, is_approved=State(one.state) in basis.states),
            agency=one.agency_id,
            area=one.agency_area,
            state=State(one.state),
        )
        for one, source in zip(found, sources(found), strict=True)
    ]


def figures_of(
    found: Iterable[Report],
    layout: FormDefinition,
    wanted: Collection[RowDefinition],
) -> Figures:
    """Return the figures that are read of ``found`` in the rows ``wanted`` of ``layout``. Two
    queries."""
    read = [report for report in found if report.is_read]
    is_whole = len(wanted) * 2 > len(layout.rows)
    # To name nearly all rows of all forms costs more than it saves.
    rows = None if is_whole else rows_read(wanted, layout, [report.source for report in read])
    return reported_figures([report.pk for report in read], rows)
