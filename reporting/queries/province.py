"""The province's totals of a round, computed from its approved submissions when read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from indicators.definition import FormDefinition, RowDefinition
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.calculations.contributions import (
    Basis,
    Contribution,
    Figures,
    Source,
    contributions,
    rows_behind,
)
from reporting.calculations.totals import Total, lacking, province_totals, total
from reporting.models import Round
from reporting.queries.figures import reported_figures
from reporting.queries.submissions import for_totals, of_round, sources


@dataclass(frozen=True)
class ProvinceTable:
    """The totals of one round laid out by one form."""

    layout: FormDefinition
    totals: Sequence[Total]
    approved: int
    expected: int


def province_table(
    round_: Round, layout: FormVersion, basis: Basis = Basis.APPROVED
) -> ProvinceTable:
    """Return the totals of ``round_`` in the rows of ``layout``. Four queries, and one or two
    for each form not yet read by this process."""
    form = form_definition(layout)
    found, figures = round_figures(round_, basis)
    return ProvinceTable(
        layout=form,
        totals=province_totals(form, found, figures),
        approved=sum(source.is_approved for source in found),
        expected=len(found),
    )


def row_contributions(
    round_: Round, layout: FormDefinition, row: RowDefinition, basis: Basis = Basis.APPROVED
) -> tuple[Total, list[Contribution]]:
    """Return one row's total with what each submission adds to it, or why it adds nothing."""
    found = round_sources(round_, basis)
    taken = [source.submission_id for source in found if source.is_taken]
    rows = rows_behind(row, layout, {source.form.id: source.form for source in found}.values())
    parts = contributions(row, layout, found, reported_figures(taken, rows))
    return replace(total(row, parts), without=lacking(row, found)), parts


def round_figures(round_: Round, basis: Basis = Basis.APPROVED) -> tuple[Sequence[Source], Figures]:
    """Return all reports of a round as sources of totals, with the figures of those taken."""
    found = round_sources(round_, basis)
    return found, reported_figures(source.submission_id for source in found if source.is_taken)


def round_sources(round_: Round, basis: Basis = Basis.APPROVED) -> Sequence[Source]:
    """Return all reports of a round as sources of totals. Two queries, and the forms'."""
    return sources(for_totals(of_round(round_)).order_by("pk"), basis)


def layouts(round_: Round) -> list[FormVersion]:
    """Return the forms of the round, the province's own layout first."""
    used = FormVersion.objects.filter(
        pk__in=of_round(round_).order_by().values("form_version").distinct()
    ).select_related("form")
    others = [version for version in used if version.pk != round_.summary_version_id]
    return [round_.summary_version, *others]
