"""The leaders' page: the province's key figures, and how complete its rounds are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from indicators.definition import FormDefinition
from indicators.models import Indicator
from indicators.words import clean
from reporting.access import province_for, provinces_for, roles_at
from reporting.actions.overview import choose_key_indicators
from reporting.calculations.courses import Reading
from reporting.documents.addresses import address_of, behind
from reporting.documents.courses import sparkle
from reporting.documents.matrix import matrix_rows, sections_of
from reporting.documents.newest import Newest, newest_of
from reporting.documents.overview import Counted, sections, where_reports_stand, whether_in_time
from reporting.models import Agency, Publication, Round
from reporting.queries.overview import (
    MOST_INDICATORS,
    Standing,
    chosen_indicators,
    courses,
    key_indicators,
    named_indicators,
    newest_form,
    standings_of,
    to_look_at,
)
from reporting.queries.province import province_table
from reporting.queries.publications import publications_of
from reporting.queries.trends import has_undated_rounds, timeline_of
from reporting.refusals import Refused, StaleAgencies
from reporting.views.requests import SignedInRequest
from reporting.workflow import ROUND_READERS, Role

LONGEST_CODE = 40
LONGEST_INDICATOR = 100


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
    about = {
        "province": province,
        "provinces": provinces_for(request.user, ROUND_READERS),
        "may_choose": Role.REVIEWER in roles_at(request.user, province),
    }
    if at is None:
        is_undated = has_undated_rounds(province)
        return render(
            request, "trends/overview.html", about | {"at": None, "is_undated": is_undated}
        )
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
            "publication": _publication(at.round),
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


def _publication(round_: Round) -> Publication | None:
    """Return the last one by the province's own table, else the last by any other form."""
    found = list(publications_of(round_))
    own = [one for one in found if one.form_version_id == round_.summary_version_id]
    return next(iter([*own, *found]), None)


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: SignedInRequest) -> HttpResponse:
    """Choose the figures that the leaders' page begins with, out of the province's newest table."""
    province = province_for(request.user, clean(request.GET.get("tinh", "")), {Role.REVIEWER})
    boxes: Sequence[str] = [one.code for one in chosen_indicators(province)]
    seen = boxes
    error = ""
    mine: Sequence[Indicator] = ()
    if request.method == "POST":
        boxes = [code for code in _codes(request, "chi-tieu") if code]
        seen = _codes(request, "seen")
        try:
            choose_key_indicators(province=province, codes=boxes, seen=seen, by=request.user)
        except StaleAgencies as refusal:
            # The boxes are of what was chosen meanwhile: it is to be seen before it is replaced.
            error, mine = str(refusal), named_indicators(boxes)
            boxes = seen = [one.code for one in chosen_indicators(province)]
        except Refused as refusal:
            error = str(refusal)
        else:
            messages.success(request, "Đã lưu chỉ tiêu trọng tâm.")
            return redirect(f"{reverse('overview')}?{urlencode({'tinh': province.code})}")
    return render(
        request,
        "trends/key_indicators.html",
        {
            "province": province,
            "boxes": [*boxes, *[""] * MOST_INDICATORS][:MOST_INDICATORS],
            "seen": seen,
            "mine": mine,
            "is_default": not seen,
            "sections": _offered(province, boxes),
            "error": error,
        },
        status=422 if error else 200,
    )


def _codes(request: SignedInRequest, name: str) -> Sequence[str]:
    return [clean(code)[:LONGEST_INDICATOR] for code in request.POST.getlist(name)]


def _offered(
    province: Agency, chosen: Sequence[str]
) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """Return what may be chosen: the rows of the newest round's own form that make a figure of the
    province, by its parts, and what was chosen before and stands among them no more."""
    form = newest_form(province)
    found = list(_parts(form)) if form else []
    offered = {code for _, rows in found for code, _ in rows}
    others = named_indicators(code for code in chosen if code not in offered)
    if others:
        found.append(("Chỉ tiêu khác", [(one.code, one.name) for one in others]))
    return found


def _parts(form: FormDefinition) -> Iterator[tuple[str, Sequence[tuple[str, str]]]]:
    """Only what is added has a tile to show."""
    for section in sections_of(form):
        rows = [row for row in matrix_rows(form, section.key) if row.is_added]
        if rows:
            yield section.name, [(row.indicator, form.names[row.key]) for row in rows]


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
                address_of(province, indicator.code, ky=at.moment.kind.value),
                newest_of(course, now, behind) if now else None,
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
