"""The province's figures of a round: the table, what stands behind each total, what disagrees, and
what shorter rounds come to."""

from collections.abc import Mapping, Sequence
from itertools import islice

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from indicators.kinds import AcrossAgencies
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from indicators.words import LONGEST_WORDS, clean
from reporting.access import may_run_round, round_for, run_round_for
from reporting.actions.publications import settle
from reporting.calculations.contributions import Basis, Grouping
from reporting.documents.files import round_file
from reporting.documents.formats import FORMATS
from reporting.documents.over_time import time_lines
from reporting.documents.table import breakdown_lines, table_lines
from reporting.models import Round
from reporting.queries.history import window_of
from reporting.queries.province import (
    gathered,
    grouped_totals,
    layouts,
    province_table,
    rounds_within,
    row_contributions,
)
from reporting.queries.publications import last_publication, provenance
from reporting.queries.reconciliation import weighed
from reporting.reconciling import Comparison
from reporting.refusals import Refused
from reporting.views.files import download
from reporting.views.layouts import chosen
from reporting.views.requests import SignedInRequest
from reporting.windows import fewest, tilings

# Months can be joined to a year in many ways; more than this nobody reads.
MOST_TILINGS = 12


@require_safe
def table(request: SignedInRequest, code: str) -> HttpResponse:
    """Show the province's totals, laid out by one of the forms of the round."""
    round_ = round_for(request.user, code)
    forms = layouts(round_)
    layout = layout_asked(request, forms)
    basis, by = _basis(request), _grouping(request)
    groups: Mapping[str, Sequence[object]] = {}
    if by is None:
        found = province_table(round_, layout, basis)
        lines = table_lines(found.totals)
    else:
        found, shares = grouped_totals(round_, layout, by, basis)
        groups = shares
        lines = table_lines(found.totals, shares.values())
    return render(
        request,
        "rounds/table.html",
        {
            "round": round_,
            "layouts": forms,
            "layout": layout,
            "lines": lines,
            "found": found,
            "groups": list(groups),
            "by": by,
            "basis": basis,
            "bases": list(Basis),
            "is_provisional": basis is not Basis.APPROVED,
            "published": last_publication(round_, layout),
            "formats": FORMATS.values(),
        },
    )


@require_safe
def breakdown(request: SignedInRequest, code: str) -> HttpResponse:
    """Open one total to the agencies it stands on, and those that are missing from it."""
    round_ = round_for(request.user, code)
    layout = layout_asked(request, layouts(round_))
    form = form_definition(layout)
    row = form.by_key.get(request.GET.get("dong", ""))
    if row is None or not row.indicator:
        raise Http404("Không có dòng này trong biểu tổng hợp.")
    basis = _basis(request)
    total, parts = row_contributions(round_, form, row, basis)
    return render(
        request,
        "rounds/breakdown.html",
        {
            "round": round_,
            "layout": layout,
            "row": row,
            "parent": form.by_key.get(row.parent),
            "line": table_lines([total])[0],
            "parts": breakdown_lines(
                parts, provenance(part.source.submission_id for part in parts)
            ),
            "way": _WAYS[row.across_agencies],
            "basis": basis,
            "is_provisional": basis is not Basis.APPROVED,
        },
    )


_WAYS: Mapping[AcrossAgencies, str] = {
    AcrossAgencies.SUM: "cộng các đơn vị",
    AcrossAgencies.RATE: "tổng tử số chia tổng mẫu số",
    AcrossAgencies.CHOICES: "đếm đơn vị theo câu trả lời",
    AcrossAgencies.MAX: "lấy số lớn nhất",
    AcrossAgencies.LATEST: "lấy số của báo cáo gửi sau cùng",
    AcrossAgencies.DESIGNATED: "lấy số của cơ quan được giao báo cáo",
    AcrossAgencies.NONE: "không cộng",
}


@require_GET
def export(request: SignedInRequest, code: str, extension: str) -> HttpResponse:
    """Send the province's table of a round as a file."""
    round_ = round_for(request.user, code)
    layout = layout_asked(request, layouts(round_))
    file = round_file(round_, layout, FORMATS[extension], by=request.user, basis=_basis(request))
    return download(file)


@require_http_methods(["GET", "HEAD", "POST"])
def reconcile(request: SignedInRequest, code: str) -> HttpResponse:
    """Show where the province's figures disagree; a POST says of one difference why."""
    round_ = (run_round_for if request.method == "POST" else round_for)(request.user, code)
    forms = layouts(round_)
    layout = layout_asked(request, forms)
    error = ""
    if request.method == "POST":
        text = clean(request.POST.get("noi-dung", ""))
        name, found = request.POST.get("cho", ""), request.POST.get("so", "")
        known = {one.difference.name: one.difference for one in weighed(round_, layout)}
        difference = known.get(name)
        try:
            if difference is None or difference.found != found:
                raise Refused(
                    "Hai số này đã thay đổi sau khi ông/bà mở trang. Hãy xem lại rồi ghi."
                )
            if len(text) > LONGEST_WORDS:
                raise Refused(f"Ghi chú dài quá {LONGEST_WORDS} chữ; hãy viết gọn lại.")
            settle(round=round_, name=name, found=found, text=text, by=request.user)
        except Refused as refusal:
            error = str(refusal)
        else:
            messages.success(request, "Đã ghi chú chỗ lệch." if text else "Đã bỏ ghi chú.")
            return redirect(f"{reverse('round-reconcile', args=[code])}?bieu={layout.code}")
    every = weighed(round_, layout)
    return render(
        request,
        "rounds/reconcile.html",
        {
            "round": round_,
            "layouts": forms,
            "layout": layout,
            "groups": [
                (kind, [one for one in every if one.difference.comparison is kind])
                for kind in Comparison
            ],
            "open": sum(not one.is_settled for one in every),
            "every": len(every),
            "runs": may_run_round(request.user, round_),
            "within": rounds_within(round_),
            "error": error,
        },
        status=422 if error else 200,
    )


@require_safe
def over_time(request: SignedInRequest, code: str) -> HttpResponse:
    """Show what shorter rounds that lie end to end over this one come to, beside its own figures.
    Rounds that overlap are compared and never added."""
    round_ = round_for(request.user, code)
    forms = layouts(round_)
    layout = layout_asked(request, forms)
    form = form_definition(layout)
    within = rounds_within(round_)
    ways = _ways(round_, within)
    places = {str(place): way for place, way in enumerate(ways)}
    asked = request.GET.get("cach", "")
    tiles = places.get(asked, ways[0] if ways else [])
    now, *shorter = gathered([round_, *tiles])
    return render(
        request,
        "rounds/over_time.html",
        {
            "round": round_,
            "layouts": forms,
            "layout": layout,
            "ways": ways,
            "chosen": asked if asked in places else "0",
            "tiles": tiles,
            "within": within,
            "lines": time_lines(form, now, shorter) if shorter else [],
        },
    )


def _ways(round_: Round, within: Sequence[Round]) -> list[Sequence[Round]]:
    """Return ways to cover the round with shorter ones, the one with the fewest rounds first."""
    whole = window_of(round_)
    windows = [(window, one) for one in within if (window := window_of(one)) is not None]
    if whole is None or not (first := fewest(windows, whole)):
        return []
    others = [way for way in islice(tilings(windows, whole), MOST_TILINGS) if way != first]
    return [first, *sorted(others, key=len)]


def layout_asked(request: SignedInRequest, forms: Sequence[FormVersion]) -> FormVersion:
    """Return the form that the address asks for; raise as ``chosen``."""
    return chosen(forms, request.GET.get("bieu", ""))


def _basis(request: SignedInRequest) -> Basis:
    asked = request.GET.get("so", "")
    return Basis(asked) if asked in set(Basis) else Basis.APPROVED


def _grouping(request: SignedInRequest) -> Grouping | None:
    asked = request.GET.get("nhom", "")
    return Grouping(asked) if asked in set(Grouping) else None
