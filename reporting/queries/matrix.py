"""The figures of the reports of one round, for tables over all agencies."""

from collections.abc import Collection, Iterable

from indicators.definition import FormDefinition, RowDefinition
from reporting.calculations.columns import rows_read
from reporting.calculations.contributions import Figures, Source
from reporting.queries.figures import reported_figures


def figures_of(
    found: Iterable[Source],
    layout: FormDefinition,
    wanted: Collection[RowDefinition],
) -> Figures:
    """Return the figures of those of ``found`` that are taken, in the rows ``wanted`` of
    ``layout``. Two queries."""
    read = [source for source in found if source.is_taken]
    is_whole = len(wanted) * 2 > len(layout.rows)
    # To name nearly all rows of all forms costs more than it saves.
    rows = None if is_whole else rows_read(wanted, layout, read)
    return reported_figures([source.submission_id for source in read], rows)
