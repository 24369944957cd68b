"""The province's figures of a round: the table, what stands behind each total, what disagrees, and
what shorter rounds come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

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
from reporting.calculations.totals import Total
from reporting.documents.files import round_file
from reporting.documents.formats import FORMATS
from reporting.documents.over_time import time_lines
from reporting.documents.table import breakdown_lines, table_lines
from reporting.models import Round
from reporting.queries.history import window_of
from reporting.queries.province import (
    approved_in,
    gathered,
    grouped_totals,
    layouts,
    province_table,
    rounds_within,
    row_contributions,
)
from reporting.queries.publications import last_publication, provenance
from reporting.queries.reconciliation import Weighed, weighed
from reporting.reconciling import Comparison
from reporting.refusals import Refused
from reporting.views.files import Offers, download, offers, paper_asked
from reporting.views.layouts import chosen
from reporting.views.requests import SignedInRequest
from reporting.windows import fewest, tilings
from reporting.workflow import RoundStatus

# Months can be joined to a year in many ways; more than this nobody reads.
MOST_TILINGS = 12


@require_safe
def table(request: SignedInRequest, code: str) -> HttpResponse:
    """Show the province's totals, laid out by one of the forms of the round."""
    round_ = round_for(request.user, code)
    forms = layouts(round_)
    layout = layout_asked(request, forms)
    basis, by = _basis(request), _grouping(request)
    groups: Mapping[str, Sequence[Total]] = {}
    if by is None:
        found = province_table(round_, layout, basis)
    else:
        found, groups = grouped_totals(round_, layout, by, basis)
    return render(
        request,
        "rounds/table.html",
        {
            "round": round_,
            "layouts": forms,
            "layout": layout,
            "lines": table_lines(found.totals, groups),
            "is_over": round_.status == RoundStatus.CLOSED,
            "found": found,
            "groups": list(groups),
            "by": by,
            "basis": basis,
            "bases": list(Basis),
            "is_provisional": basis is not Basis.APPROVED,
            "published": last_publication(round_, layout),
            "offers": _offers(round_, layout, basis),
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
    file = round_file(
        round_,
        layout,
        FORMATS[extension],
        by=request.user,
        basis=_basis(request),
        paper=paper_asked(request, layout),
    )
    return download(file)


def _offers(round_: Round, layout: FormVersion, basis: Basis) -> Offers:
    asked = [("bieu", layout.code)]
    if basis is not Basis.APPROVED:
        asked.append(("so", basis.value))
    return offers(layout, "round-file", round_.code, asked=asked)


@require_http_methods(["GET", "HEAD", "POST"])
def reconcile(request: SignedInRequest, code: str) -> HttpResponse:
    """Show where the province's figures disagree; a POST says of one difference why."""
    may_note = request.method == "POST"
    round_ = (run_round_for if may_note else round_for)(request.user, code)
    forms = layouts(round_)
    layout = layout_asked(request, forms)
    every = weighed(round_, layout)
    refused = Refusal()
    if may_note:
        name, text = request.POST.get("cho", ""), clean(request.POST.get("noi-dung", ""))
        noted = next((one for one in every if one.difference.name == name), None)
        try:
            is_new = _note(round_, noted, text, request)
        except Refused as refusal:
            refused = Refusal(str(refusal), name, text)
        else:
            if is_new:
                messages.success(request, "Đã ghi chú chỗ lệch." if text else "Đã bỏ ghi chú.")
            anchor = noted.difference.anchor if noted else ""
            address = reverse("round-reconcile", args=[code])
            return redirect(f"{address}?{urlencode({'bieu': layout.code})}#{anchor}")
    kinds = [
        (kind, [one for one in every if one.difference.comparison is kind]) for kind in Comparison
    ]
    return render(
        request,
        "rounds/reconcile.html",
        {
            "round": round_,
            "layouts": forms,
            "layout": layout,
            "groups": [
                (
                    kind,
                    [one for one in lines if not one.difference.waits],
                    [one for one in lines if one.difference.waits],
                )
                for kind, lines in kinds
                if lines
            ],
            "open": sum(not one.is_settled for one in every),
            "waiting": sum(one.difference.waits for one in every),
            "every": len(every),
            "approved": approved_in(round_),
            "runs": may_run_round(request.user, round_),
            "within": rounds_within(round_),
            "refused": refused,
            "longest": LONGEST_WORDS,
        },
        status=422 if refused.sentence else 200,
    )


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a note was not taken, of which difference, and what was typed."""

    sentence: str = ""
    name: str = ""
    text: str = ""


def _note(round_: Round, noted: Weighed | None, text: str, request: SignedInRequest) -> bool:
    """Keep what was said of a difference; say whether that is anything new. Raise Refused where it
    stands otherwise than the page showed it."""
    if noted is None or noted.difference.found != request.POST.get("so", ""):
        raise Refused("Hai số này đã thay đổi sau khi ông/bà mở trang. Hãy xem lại rồi ghi.")
    stands = noted.said.text if noted.said is not None else ""
    if text == stands and (noted.is_settled or not text):
        return False
    if str(noted.said.pk if noted.said else "") != request.POST.get("da-ghi", ""):
        raise Refused("Người khác vừa ghi chú chỗ này. Hãy xem ghi chú ấy rồi ghi lại.")
    if len(text) > LONGEST_WORDS:
        raise Refused(f"Ghi chú dài quá {LONGEST_WORDS} chữ; hãy viết gọn lại.")
    difference = noted.difference
    settle(round=round_, name=difference.name, found=difference.found, text=text, by=request.user)
    return True


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
