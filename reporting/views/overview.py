"""The leaders' page: the province's key figures, and how complete its rounds are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from indicators.models import Indicator
from indicators.words import clean
from reporting.access import province_for, provinces_for
from reporting.calculations.courses import Reading
from reporting.documents.courses import sparkle
from reporting.documents.overview import Counted, sections, where_reports_stand, whether_in_time
from reporting.models import Agency
from reporting.queries.overview import (
    Standing,
    courses,
    key_indicators,
    standings_of,
    to_look_at,
)
from reporting.queries.province import province_table
from reporting.queries.trends import timeline_of
from reporting.views.requests import SignedInRequest
from reporting.views.trends import Newest, address_of, newest_of
from reporting.workflow import ROUND_READERS

LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class Tile:
    """One key figure; ``newest`` is None where the round does not ask for it."""

    name: str
    query: str
    newest: Newest | None
    spark: str


@require_safe
def detail(request: SignedInRequest) -> HttpResponse:
    """Show a province at a glance, in the round asked for or the newest that says enough."""
    province = province_for(request.user, clean(request.GET.get("tinh", "")), ROUND_READERS)
    timeline = timeline_of(province)
    standings = standings_of(province, timeline, timezone.localdate())
    at = to_look_at(standings, clean(request.GET.get("dot", ""))[:LONGEST_CODE])
    about = {"province": province, "provinces": provinces_for(request.user, ROUND_READERS)}
    if at is None:
        return render(request, "trends/overview.html", about | {"at": None})
    layout = at.round.summary_version
    table = province_table(at.round, layout)
    indicators = key_indicators(province, table.totals)
    found = courses(timeline, at.moment, indicators)
    counted = [_counted(one, province) for one in standings]
    return render(
        request,
        "trends/overview.html",
        about
        | {
            "at": at,
            "standings": standings,
            "newer": [one for one in standings if one.moment.data_to > at.moment.data_to],
            "tiles": list(_tiles(province, at, indicators, found)),
            "figures": [
                where_reports_stand("tinh-trang", counted),
                whether_in_time("dung-han", counted),
                sections(
                    "thanh-phan",
                    f"Số tổng hợp {at.moment.text} đứng trên bao nhiêu đơn vị, theo phần của biểu"
                    f" {layout.code}",
                    table.totals,
                ),
            ],
        },
    )


def _tiles(
    province: Agency,
    at: Standing,
    indicators: Sequence[Indicator],
    found: Mapping[str, Sequence[Reading]],
) -> Sequence[Tile]:
    tiles = []
    for number, indicator in enumerate(indicators, start=1):
        course = found[indicator.code]
        now = next((one for one in course if one.moment.id == at.moment.id), None)
        tiles.append(
            Tile(
                indicator.name,
                address_of(province, indicator.code),
                newest_of(course, now) if now else None,
                sparkle(f"o-{number}", f"{indicator.name} qua các kỳ", course),
            )
        )
    return tiles


def _counted(one: Standing, province: Agency) -> Counted:
    query = urlencode({"tinh": province.code, "dot": one.round.code})
    return Counted(
        one.moment.text,
        f"{reverse('board')}?{query}",
        one.totals.counts,
        is_timed=one.round.due_on is not None,
    )
