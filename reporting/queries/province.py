"""The province's totals of a round, computed from its approved submissions when read."""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.definition import FormDefinition, RowDefinition
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.calculations.contributions import (
    Contribution,
    Figures,
    Source,
    contributions,
)
from reporting.calculations.totals import Total, province_totals, total
from reporting.models import Round, Submission
from reporting.queries.figures import reported_figures
from reporting.queries.submissions import of_round, sources


@dataclass(frozen=True)
class ProvinceTable:
    """The totals of one round laid out by one form."""

    layout: FormDefinition
    totals: Sequence[Total]
    approved: int
    expected: int


def province_table(round_: Round, layout: FormVersion) -> ProvinceTable:
    """Return the totals of ``round_`` in the rows of ``layout``. Three queries, and one or two
    for each form not yet read by this process."""
    form = form_definition(layout)
    found, figures = _round_figures(round_)
    return ProvinceTable(
        layout=form,
        totals=province_totals(form, found, figures),
        approved=sum(source.is_approved for source in found),
        expected=len(found),
    )


def row_contributions(
    round_: Round, layout: FormDefinition, row: RowDefinition
) -> tuple[Total, list[Contribution]]:
    """Return one row's total with what each submission adds to it, or why it adds nothing."""
    found, figures = _round_figures(round_)
    parts = contributions(row, layout, found, figures)
    return total(row, parts), parts


def _round_figures(round_: Round) -> tuple[Sequence[Source], Figures]:
    submissions: list[Submission] = list(
        of_round(round_).select_related("form_version").order_by("pk")
    )
    found = sources(submissions)
    approved = [source.submission_id for source in found if source.is_approved]
    return found, reported_figures(approved)


def layouts(round_: Round) -> list[FormVersion]:
    """Return the forms of the round, the province's own layout first."""
    used = FormVersion.objects.filter(
        pk__in=of_round(round_).order_by().values("form_version").distinct()
    ).select_related("form")
    others = [version for version in used if version.pk != round_.summary_version_id]
    return [round_.summary_version, *others]
