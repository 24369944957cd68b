"""What the leaders' page reads: the figures that matter, and how complete the last rounds are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from indicators.definition import FormDefinition
from indicators.kinds import Kind
from indicators.models import Indicator
from indicators.queries.definitions import form_definition
from indicators.queries.lineage import all_links, named
from indicators.series import series
from reporting.calculations.courses import Moment, Reading
from reporting.calculations.totals import Total
from reporting.models import Agency, KeyIndicator, Round
from reporting.progress import Only, is_settled
from reporting.queries.board import Totals, Wanted, board
from reporting.queries.trends import Timeline, readings
from reporting.workflow import RoundStatus

# So many are seen first, of these kinds in this order where nobody has chosen.
MOST_INDICATORS = 10
SHOWN_KINDS = (Kind.PERCENT, Kind.COUNT, Kind.AMOUNT)
# Rounds that stand side by side: two years of the usual rhythm.
LAST_ROUNDS = 8


@dataclass(frozen=True)
class Standing:
    """One of the last rounds with its reports counted."""

    round: Round
    moment: Moment
    totals: Totals

    @property
    def approved(self) -> int:
        return self.totals.counts[Only.APPROVED]

    @property
    def expected(self) -> int:
        return self.totals.counts[Only.ALL]

    @property
    def is_settled(self) -> bool:
        return is_settled(self.approved, self.expected)


def standings_of(province: Agency, timeline: Timeline, today: date) -> Sequence[Standing]:
    """Return the last rounds, newest first. Six queries, and the forms'."""
    moments = {one.id: one for one in timeline.moments[-LAST_ROUNDS:]}
    rounds = Round.objects.select_related("summary_version__form").in_bulk(list(moments))
    totals = board(province, list(rounds.values()), Wanted(), today).totals
    return [Standing(rounds[pk], moments[pk], totals[pk]) for pk in reversed(moments)]


def to_look_at(standings: Sequence[Standing], code: str) -> Standing | None:
    """Return the round asked for; else the newest that is settled, or the newest of all."""
    asked = [one for one in standings if one.round.code == code]
    settled = [one for one in standings if one.is_settled]
    return next(iter([*asked, *settled, *standings]), None)


def chosen_indicators(province: Agency) -> Sequence[Indicator]:
    """Return the indicators that were chosen for ``province``, in their order. One query."""
    chosen = KeyIndicator.objects.filter(province=province).select_related("indicator")
    return [one.indicator for one in chosen]


def key_indicators(province: Agency, totals: Sequence[Total]) -> Sequence[Indicator]:
    """Return the indicators that matter to the province: those chosen for it; where none are, the
    first rates of its table that have a figure, then its first counts and amounts. Two queries at
    most."""
    if chosen := chosen_indicators(province):
        return chosen
    offered = [one for one in totals if one.row.is_added and one.row.kind in SHOWN_KINDS]
    ranked = sorted(offered, key=lambda one: (one.number is None, SHOWN_KINDS.index(one.row.kind)))
    return named_indicators(one.row.indicator for one in ranked[:MOST_INDICATORS])


def named_indicators(codes: Iterable[str]) -> Sequence[Indicator]:
    """Return the indicators of ``codes`` in their order, each once; unknown codes name none. One
    query."""
    wanted = dict.fromkeys(codes)
    found = {one.code: one for one in Indicator.objects.filter(code__in=wanted)}
    return [found[code] for code in wanted if code in found]


def newest_form(province: Agency) -> FormDefinition | None:
    """Return the form of the table of the newest round that was opened and not cancelled, one from
    paper only where no other is; None where there is none. One query, and the form's."""
    newest = (
        Round.objects.filter(province=province)
        .exclude(status__in=[RoundStatus.PLANNED.value, RoundStatus.CANCELLED.value])
        .select_related("summary_version__form")
        .order_by("is_archive", F("data_to").desc(nulls_last=True), "-pk")
        .first()
    )
    return form_definition(newest.summary_version) if newest else None


def courses(
    timeline: Timeline, at: Moment, indicators: Sequence[Indicator]
) -> Mapping[str, Sequence[Reading]]:
    """Return by code the readings of ``indicators`` in the last rounds of the kind of ``at``, up to
    it, and in the same period of the year before. Three queries for all of them together."""
    links = all_links()
    alike = [one for one in timeline.of_kind(at.kind) if one.data_to <= at.data_to]
    recent = alike[-LAST_ROUNDS:]
    wanted = [one for one in alike if one in recent or at.is_year_after(one)]
    chains = [series(named(indicator), links) for indicator in indicators]
    found = readings(timeline, wanted, chains)
    return {one.code: course for one, course in zip(indicators, found, strict=True)}
