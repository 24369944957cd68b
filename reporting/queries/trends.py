"""The province's figures of some indicators over its rounds, each as the round's own table has it.

Only the figures of those indicators are read, and of the parts behind their rates. What is added is
decided by the same functions as a round's table, so that the two can never differ.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Field, Q, Value

from indicators.catalogue.spelling import says
from indicators.definition import FormDefinition, RowDefinition
from indicators.kinds import AcrossAgencies
from indicators.models import FormVersion, Indicator
from indicators.queries.definitions import form_definition
from indicators.series import Series
from reporting.calculations.contributions import (
    Basis,
    Figures,
    Source,
    rows_behind,
)
from reporting.calculations.courses import Moment, Place, Reading, place_of
from reporting.calculations.totals import province_total
from reporting.models import Agency, Figure, Round, Submission
from reporting.periods import PeriodKind
from reporting.progress import is_settled
from reporting.queries.figures import figures_of_few_rows
from reporting.queries.submissions import (
    OF_A_SOURCE,
    source_of,
    with_codes,
    with_last_filing,
)
from reporting.workflow import RoundStatus


@dataclass(frozen=True)
class Timeline:
    """The rounds of a province that have figures to compare, oldest first, each with the forms that
    it asked by: the province's own layout first, as on the page of its table."""

    moments: Sequence[Moment]
    layouts: Mapping[int, Sequence[FormDefinition]]

    def of_kind(self, kind: PeriodKind | None) -> Sequence[Moment]:
        """Return the rounds of one kind of period; all for None."""
        return [one for one in self.moments if kind in {None, one.kind}]

    def asking(self, series: Sequence[Series]) -> Sequence[Moment]:
        """Return the rounds whose table has one of ``series``."""
        return [one for one in self.moments if place_of(series, self.layouts[one.id])]


def timeline_of(province: Agency) -> Timeline:
    """Return the rounds of ``province`` that were opened and not cancelled; papers entered
    afterwards only where their window is known. Three queries, and the forms'."""
    rounds = (
        Round.objects.filter(province=province, data_to__isnull=False)
        .exclude(status__in=[RoundStatus.PLANNED.value, RoundStatus.CANCELLED.value])
        .order_by("data_to", "code")
        .values_list(
            "pk", "code", "period_text", "period_kind", "data_to", "is_archive", "summary_version"
        )
    )
    lines = list(rounds)
    used: dict[int, list[int]] = {pk: [summary] for pk, *_, summary in lines}
    asked = Submission.objects.filter(round__in=list(used)).order_by()
    pairs = list(asked.values_list("round", "form_version").distinct())
    wanted = {version for _, version in pairs}.union(*used.values())
    found = FormVersion.objects.select_related("form").filter(pk__in=wanted)
    forms = {}
    for version in found:  # in the order in which the page of a table offers them
        forms[version.pk] = form_definition(version)
        for pk in (pk for pk, of in pairs if of == version.pk and version.pk not in used[pk]):
            used[pk].append(version.pk)
    return Timeline(
        moments=[
            Moment(pk, code, text, PeriodKind(kind), data_to, is_archive)
            for pk, code, text, kind, data_to, is_archive, _ in lines
            if data_to is not None
        ],
        layouts={pk: [forms[version] for version in versions] for pk, versions in used.items()},
    )


def settled_of(moments: Sequence[Moment]) -> Collection[int]:
    """Return those of the rounds, by id, that say enough of the province. One query."""
    counted = (
        Submission.objects.filter(round__in=[one.id for one in moments])
        .order_by()
        .values_list("round")
        .annotate(expected=Count("pk"), approved=Count("pk", filter=Q(state__in=_APPROVED)))
    )
    return {pk for pk, expected, approved in counted if is_settled(approved, expected)}


def has_undated_rounds(province: Agency) -> bool:
    """Say whether ``province`` has rounds that no timeline can hold. One query."""
    opened = Round.objects.filter(province=province, data_to__isnull=True)
    return opened.exclude(
        status__in=[RoundStatus.PLANNED.value, RoundStatus.CANCELLED.value]
    ).exists()


def readings(
    timeline: Timeline, moments: Sequence[Moment], wanted: Sequence[Sequence[Series]]
) -> Sequence[Sequence[Reading]]:
    """Return for each of ``wanted`` its readings in ``moments``, in their order; a round that does
    not ask for it has none. Two queries, however many rounds and indicators."""
    places = {
        moment.id: [place_of(series, timeline.layouts[moment.id]) for series in wanted]
        for moment in moments
    }
    asking = [one for one in moments if any(places[one.id])]
    are_ordered = any(_is_latest(place) for found in places.values() for place in found)
    sources = _sources(asking, timeline, are_ordered=are_ordered)
    rows = _rows(
        (place, forms)
        for moment in asking
        for forms in [{source.form.id: source.form for source in sources[moment.id]}]
        for place in filter(None, places[moment.id])
    )
    figures = _figures(asking, rows)
    return [
        [
            Reading(
                moment,
                place,
                province_total(place.row, place.layout, sources[moment.id], figures),
            )
            for moment in asking
            if (place := places[moment.id][number]) is not None
        ]
        for number in range(len(wanted))
    ]


def _rows(asked: Iterable[tuple[Place, Mapping[int, FormDefinition]]]) -> Collection[int]:
    """Return the rows that the totals read, in all forms, which come by id."""
    found: set[int] = set()
    seen: set[tuple[int, int, frozenset[int]]] = set()
    for place, forms in asked:
        behind = place.layout.id, place.row.id, frozenset(forms)
        if behind not in seen:
            seen.add(behind)
            found |= rows_behind(place.row, place.layout, forms.values())
    return found


def _is_latest(place: Place | None) -> bool:
    return place is not None and place.row.across_agencies is AcrossAgencies.LATEST


def _sources(
    moments: Sequence[Moment], timeline: Timeline, *, are_ordered: bool
) -> Mapping[int, Sequence[Source]]:
    """Return the reports of ``moments`` as sources of totals, by round; what puts them in order is
    looked up only where they ``are_ordered``: which was handed in last, and the agency's code. One
    query: there may be thousands, read as plain values."""
    forms = {form.id: form for moment in moments for form in timeline.layouts[moment.id]}
    found: dict[int, list[Source]] = defaultdict(list)
    reports = Submission.objects.filter(round__in=[one.id for one in moments]).order_by("pk")
    if are_ordered:
        reports = with_codes(with_last_filing(reports))
    else:
        reports = reports.annotate(last_filing=_NOTHING, code=_NOTHING)
    lines = reports.values_list(*OF_A_SOURCE, "round_id", "form_version_id", named=True)
    for line in lines.iterator(chunk_size=5000):
        found[line.round_id].append(source_of(line, forms[line.form_version_id], _APPROVED))
    return found


_APPROVED = Basis.APPROVED.states
# A field that converts nothing.
_NOTHING = Value("", output_field=Field())


def _figures(moments: Sequence[Moment], rows: Collection[int]) -> Figures:
    """Return the approved figures of ``rows``. One query."""
    approved = Q(submission__round__in=[one.id for one in moments])
    approved &= Q(submission__state__in=_APPROVED)
    return figures_of_few_rows(Figure.objects.filter(approved, row__in=list(rows)))


@dataclass(frozen=True, slots=True)
class Offered:
    """One indicator to choose, as the newest table that has it prints it."""

    code: str
    stt: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Section:
    """The indicators of one section of a form."""

    form: str
    title: str
    offered: Sequence[Offered]


def sections_of(timeline: Timeline, words: str = "") -> Sequence[Section]:
    """Return what the province's tables add up, each indicator once where it was asked last, by the
    sections of its form; with ``words`` only what has them all. One query."""
    found: dict[tuple[str, str], list[RowDefinition]] = {}
    seen: set[str] = set()
    heads: dict[tuple[str, str], str] = {}
    for moment in reversed(timeline.moments):
        for layout in timeline.layouts[moment.id]:
            for row in layout.rows:
                if row.is_added and row.indicator not in seen:
                    seen.add(row.indicator)
                    place = layout.code, row.section
                    head = layout.by_key.get(row.section, row)
                    heads[place] = f"{head.stt} {head.label}".strip()
                    found.setdefault(place, []).append(row)
    names = dict(Indicator.objects.filter(code__in=seen).values_list("code", "name"))
    sections = [
        Section(
            form=place[0],
            title=heads[place],
            offered=[
                Offered(row.indicator, row.stt, names[row.indicator], _unit(row))
                for row in rows
                if says(words, names[row.indicator], row.label, row.indicator)
            ],
        )
        for place, rows in found.items()
    ]
    return [section for section in sections if section.offered]


def _unit(row: RowDefinition) -> str:
    """A choice has its answers where others have a unit."""
    return row.kind.label if row.options else row.unit
