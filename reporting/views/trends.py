"""The page of one indicator over time, and the list to choose it from."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.kinds import AcrossPeriods
from indicators.models import Indicator
from indicators.queries.lineage import all_links, named
from indicators.series import Series, breaks, series
from indicators.words import clean
from reporting.access import province_for, provinces_for
from reporting.calculations.courses import Moment, Reading, place_of
from reporting.documents.addresses import address_of, behind
from reporting.documents.courses import course, every_year
from reporting.documents.newest import Newest, newest_of
from reporting.models import Agency
from reporting.periods import PeriodKind, name_in_every_year
from reporting.queries.trends import Timeline, readings, sections_of, settled_of, timeline_of
from reporting.views.requests import SignedInRequest
from reporting.workflow import ROUND_READERS

LONGEST_SEARCH = 100
ALL_KINDS = "moi-ky"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; ``every`` is the period that is compared over the years."""

    province: str = ""
    indicator: str = ""
    search: str = ""
    kind: str = ""
    every: str = ""


def _asked(request: HttpRequest) -> Asked:
    names = ("tinh", "chi-tieu", "tim", "ky", "cung-ky")
    return Asked(*(clean(request.GET.get(name, ""))[:LONGEST_SEARCH] for name in names))


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose between by a link."""

    label: str
    query: str
    is_chosen: bool


@require_safe
def detail(request: SignedInRequest) -> HttpResponse:
    """Show the course of an indicator in a province; without one, what there is to choose."""
    asked = _asked(request)
    province = province_for(request.user, asked.province, ROUND_READERS)
    timeline = timeline_of(province)
    about = {"province": province, "provinces": provinces_for(request.user, ROUND_READERS)}
    if not asked.indicator:
        return _to_choose(request, about, timeline, asked)
    indicator = Indicator.objects.filter(code=asked.indicator).first()
    if indicator is None:
        raise Http404("Danh mục không có chỉ tiêu mang mã này.")
    links = all_links()
    chain = series(named(indicator), links)
    asking = timeline.asking(chain)
    kind = _kind(asked.kind, asking, is_stock=_is_stock(timeline, asking, chain))
    moments = [one for one in asking if kind in {None, one.kind}]
    [found] = readings(timeline, moments, [chain])
    settled = settled_of(moments)
    newest = _newest(found, settled)
    every = _every(asked.every, found)
    same = [one for one in found if _period(one.moment) == every]
    return render(
        request,
        "trends/detail.html",
        about
        | {
            "indicator": indicator,
            "newest": newest,
            "newer": _newer(found, newest, settled),
            "kinds": _kinds(province, asked, asking, kind),
            "figure": course("dien-bien", indicator.name, found, behind) if found else None,
            "every": _everies(province, asked, found, every),
            "same": _same(indicator, same) if len(same) > 1 else None,
            "breaks": breaks(chain[0].codes, links),
            "across": found[-1].total.row if found else None,
        },
    )


def _to_choose(
    request: HttpRequest, about: dict[str, object], timeline: Timeline, asked: Asked
) -> HttpResponse:
    return render(
        request,
        "trends/choose.html",
        about
        | {
            "sections": sections_of(timeline, asked.search),
            "search": asked.search,
            "has_rounds": bool(timeline.moments),
            "longest": LONGEST_SEARCH,
        },
    )


def _newest(found: Sequence[Reading], settled: Collection[int]) -> Newest | None:
    """The last of the rounds that say enough, as on the leaders' page; else the last that anybody's
    figure is approved in; else the last."""
    given = [one for one in found if one.total.reported]
    enough = [one for one in given if one.moment.id in settled]
    last = (enough or given or found)[-1:]
    return newest_of(found, last[0], behind) if last else None


def _newer(
    found: Sequence[Reading], newest: Newest | None, settled: Collection[int]
) -> Newest | None:
    """The round after the newest whose figures are still coming in."""
    if newest is None:
        return None
    at = newest.reading.moment
    later = [
        one for one in found if one.moment.data_to > at.data_to and one.moment.id not in settled
    ]
    return newest_of(found, later[-1], behind) if later else None


# Kinds of period


def _is_stock(timeline: Timeline, asking: Sequence[Moment], chain: Sequence[Series]) -> bool:
    """What stands at the day of closing is comparable from round to round, whatever their kind."""
    place = place_of(chain, timeline.layouts[asking[-1].id]) if asking else None
    return place is not None and place.row.across_periods is AcrossPeriods.STOCK


def _kind(wanted: str, asking: Sequence[Moment], *, is_stock: bool) -> PeriodKind | None:
    """Return the kind of period to show, None for all: the one asked for, else that of most rounds,
    of several such the newest."""
    counts = Counter(one.kind for one in reversed(asking))
    if wanted in counts:
        return PeriodKind(wanted)
    if is_stock and wanted in {"", ALL_KINDS} and len(counts) > 1:
        return None
    return max(counts, key=lambda kind: counts[kind], default=None)


def _kinds(
    province: Agency, asked: Asked, asking: Sequence[Moment], chosen: PeriodKind | None
) -> Sequence[Choice]:
    counts = Counter(one.kind for one in asking)
    offered = [(kind.value, kind.label, counts[kind]) for kind in PeriodKind if counts[kind]]
    if chosen is None:
        offered = [(ALL_KINDS, "Mọi kỳ", len(asking)), *offered]
    return [
        Choice(
            f"{label} ({number})",
            address_of(province, asked.indicator, ky=value),
            is_chosen=value == (chosen or ALL_KINDS),
        )
        for value, label, number in offered
    ]


# The same period of several years


def _period(moment: Moment) -> tuple[PeriodKind, int]:
    return moment.kind, moment.data_to.month


def _written(period: tuple[PeriodKind, int]) -> str:
    return f"{period[0]}-{period[1]}"


def _every(wanted: str, found: Sequence[Reading]) -> tuple[PeriodKind, int] | None:
    """Return the period asked for among those there are; else the newest."""
    periods = [_period(one.moment) for one in reversed(found)]
    asked = [one for one in periods if _written(one) == wanted]
    return next(iter([*asked, *periods]), None)


def _everies(
    province: Agency,
    asked: Asked,
    found: Sequence[Reading],
    chosen: tuple[PeriodKind, int] | None,
) -> Sequence[Choice]:
    periods = dict.fromkeys(_period(one.moment) for one in found)
    return [
        Choice(
            _called(period),
            address_of(province, asked.indicator, **_kept(asked), **{"cung-ky": _written(period)}),
            is_chosen=period == chosen,
        )
        for period in periods
    ]


def _kept(asked: Asked) -> dict[str, str]:
    return {"ky": asked.kind} if asked.kind else {}


def _called(period: tuple[PeriodKind, int]) -> str:
    name = name_in_every_year(*period)
    return name[:1].upper() + name[1:]


def _same(indicator: Indicator, found: Sequence[Reading]) -> object:
    title = f"{indicator.name}: {name_in_every_year(*_period(found[-1].moment))} qua các năm"
    return every_year("cung-ky", title, found, behind)
