"""The page of how one agency has reported over the rounds."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.models import Indicator
from reporting.access import agency_for, roles_at
from reporting.pictures import Spark, spark
from reporting.printing.cells import PrintedCell
from reporting.queries.agencies import province_of
from reporting.queries.tracks import Figured, shown_indicators, track_of
from reporting.views.requests import SignedInRequest
from reporting.workflow import READERS, ROUND_READERS


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One indicator with the agency's figure in each round; None where it has none. ``spark`` draws
    those of one kind of period."""

    indicator: Indicator
    figures: Sequence[tuple[Figured, PrintedCell | None]]
    spark: str


@require_safe
def track(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show how an agency has reported: when, how often it was sent back, its figures. Who reads the
    whole province sees the figures of the agencies before a merger, too."""
    agency = agency_for(request.user, pk, READERS)
    province = province_of(agency)
    reads_all = not ROUND_READERS.isdisjoint(roles_at(request.user, province))
    indicators = shown_indicators(agency, province)
    found = track_of(
        agency, province, [one.code for one in indicators], with_those_before=reads_all
    )
    return render(
        request,
        "agencies/track.html",
        {
            "province": province,
            "agency": agency,
            "reads_all": reads_all,
            "track": found,
            "rounds": found.figures,
            "lines": [
                _line(place, one, found.figures) for place, one in enumerate(indicators, start=1)
            ],
        },
    )


def _line(place: int, indicator: Indicator, rounds: Sequence[Figured]) -> FigureLine:
    figures = [(one, one.cells.get(indicator.code)) for one in rounds]
    newest = rounds[-1].round.period_kind if rounds else ""
    alike = [
        cell.number if cell else None for one, cell in figures if one.round.period_kind == newest
    ]
    drawn = Spark(f"q-{place}", f"{indicator.name} qua các kỳ cùng loại", alike, indicator.unit)
    has_course = sum(number is not None for number in alike) > 1
    return FigureLine(indicator, figures, spark(drawn) if has_course else "")
