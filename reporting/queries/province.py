"""The province's totals of a round, computed from its approved submissions when read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from indicators.definition import FormDefinition, RowDefinition
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.calculations.contributions import (
    Basis,
    Contribution,
    Figures,
    Grouping,
    Source,
    contributions,
    group_of,
    rows_behind,
)
from reporting.calculations.totals import Total, by_group, lacking, province_totals, total
from reporting.collation import vietnamese
from reporting.models import AgencyKind, Round, Submission
from reporting.periods import PeriodKind
from reporting.printing.appendix import Heading, authority
from reporting.queries.figures import reported_figures
from reporting.queries.history import window_of
from reporting.queries.submissions import for_totals, of_round, sources
from reporting.reconciling import Gathered
from reporting.workflow import RoundStatus, State


@dataclass(frozen=True)
class ProvinceTable:
    """The totals of one round laid out by one form."""

    layout: FormDefinition
    totals: Sequence[Total]
    approved: int
    expected: int
    # How many are in the totals: the approved, and on another basis those that wait.
    taken: int
    groupings: Sequence[Grouping]

    @property
    def waiting(self) -> int:
        """How many are in the totals that are not approved."""
        return self.taken - self.approved


def province_table(
    round_: Round, layout: FormVersion, basis: Basis = Basis.APPROVED
) -> ProvinceTable:
    """Return the totals of ``round_`` in the rows of ``layout``. Four queries, and one or two
    for each form not yet read by this process."""
    form = form_definition(layout)
    return _table(form, *round_figures(round_, basis))


def _table(form: FormDefinition, found: Sequence[Source], figures: Figures) -> ProvinceTable:
    return ProvinceTable(
        layout=form,
        totals=province_totals(form, found, figures),
        groupings=groupings(found),
        approved=sum(source.is_approved for source in found),
        expected=len(found),
        taken=sum(source.is_taken for source in found),
    )


def round_heading(
    round_: Round,
    *,
    notice: str,
    standing: str = "",
    report_number: str = "",
    report_date: date | None = None,
    signer_title: str = "",
    signer_name: str = "",
) -> Heading:
    """Return what stands above and below the province's table of a round."""
    province = round_.province
    return Heading(
        agency=authority(province.name),
        place=province.place,
        period=round_.period_text,
        report_number=report_number,
        report_date=report_date,
        signer_title=signer_title or province.signer_title,
        signer_name=signer_name,
        notice=notice,
        standing=standing,
    )


def grouped_totals(
    round_: Round, layout: FormVersion, by: Grouping, basis: Basis = Basis.APPROVED
) -> tuple[ProvinceTable, Mapping[str, Sequence[Total]]]:
    """Return the table of ``round_`` with the totals of each group, groups in Vietnamese order and
    who belongs to none last. Four queries, and the forms'."""
    form = form_definition(layout)
    found, figures = round_figures(round_, basis)
    shares = by_group(form, found, figures, lambda source: group_of(source, by))
    order = [kind.label for kind in AgencyKind] if by is Grouping.KIND else []
    names = sorted(
        shares,
        key=lambda name: (not name, order.index(name) if name in order else 0, vietnamese(name)),
    )
    return _table(form, found, figures), {name: shares[name] for name in names}


def groupings(sources: Iterable[Source]) -> Sequence[Grouping]:
    """Return by what the agencies of a round can be told apart: those that make two groups."""
    found = list(sources)
    return [by for by in Grouping if len({group_of(one, by) for one in found} - {""}) > 1]


def row_contributions(
    round_: Round, layout: FormDefinition, row: RowDefinition, basis: Basis = Basis.APPROVED
) -> tuple[Total, list[Contribution]]:
    """Return one row's total with what each submission adds to it, or why it adds nothing."""
    found = round_sources(round_, basis)
    taken = [source.submission_id for source in found if source.is_taken]
    rows = rows_behind(row, layout, {source.form.id: source.form for source in found}.values())
    parts = contributions(row, layout, found, reported_figures(taken, rows))
    return replace(total(row, parts), without=lacking(row, layout, found)), parts


def round_figures(round_: Round, basis: Basis = Basis.APPROVED) -> tuple[Sequence[Source], Figures]:
    """Return all reports of a round as sources of totals, with the figures of those taken."""
    found = round_sources(round_, basis)
    return found, reported_figures(source.submission_id for source in found if source.is_taken)


def round_sources(round_: Round, basis: Basis = Basis.APPROVED) -> Sequence[Source]:
    """Return all reports of a round as sources of totals. Two queries, and the forms'."""
    return sources(for_totals(of_round(round_)).order_by("pk"), basis)


def gathered(rounds: Sequence[Round]) -> Sequence[Gathered]:
    """Return the approved reports of each of ``rounds`` with their figures, to be compared. Four
    queries for all of them, and the forms'."""
    reports: dict[int, list[Submission]] = {one.pk: [] for one in rounds}
    wanted = Submission.objects.filter(round__in=list(reports)).order_by("pk")
    for report in for_totals(wanted):
        reports[report.round_id].append(report)
    found = {pk: sources(of) for pk, of in reports.items()}
    figures = reported_figures(
        source.submission_id for of in found.values() for source in of if source.is_taken
    )
    return [Gathered(one.code, one.name, window_of(one), found[one.pk], figures) for one in rounds]


def rounds_within(round_: Round) -> Sequence[Round]:
    """Return the rounds of the province whose windows lie inside that of ``round_``, in order of
    time; cancelled ones and papers of the past are none. One query."""
    if round_.data_from is None or round_.data_to is None:
        return ()
    found = Round.objects.filter(
        province=round_.province_id,
        is_archive=False,
        data_from__gte=round_.data_from,
        data_to__lte=round_.data_to,
    ).exclude(pk=round_.pk)
    counted = found.exclude(status__in=[RoundStatus.CANCELLED.value, RoundStatus.PLANNED.value])
    # Of two rounds with the same days the regular one comes first: it is the one compared.
    return sorted(
        counted.order_by("data_from", "data_to", "code"),
        key=lambda one: (
            one.data_from or date.min,
            one.data_to or date.min,
            one.period_kind == PeriodKind.OTHER,
        ),
    )


def approved_in(round_: Round) -> int:
    """Return how many reports of a round are approved. One query."""
    return of_round(round_).filter(state=State.APPROVED.value).count()


def layouts(round_: Round) -> list[FormVersion]:
    """Return the forms of the round, the province's own layout first."""
    used = FormVersion.objects.filter(
        pk__in=of_round(round_).order_by().values("form_version").distinct()
    ).select_related("form")
    others = [version for version in used if version.pk != round_.summary_version_id]
    return [round_.summary_version, *others]
