"""The pages on which the Sở Nội vụ plans, opens, changes, extends and ends its rounds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from indicators.catalogue.spelling import says
from indicators.forms.boxes import place_errors
from indicators.words import clean
from reporting.access import province_for, provinces_for, roles_at, run_round_for
from reporting.actions.rounds import (
    cancel_round,
    change_round,
    close_round,
    extend,
    open_round,
    plan_round,
    reopen_round,
    why_no_act,
)
from reporting.models import Agency, Round
from reporting.periods import Period, all_periods, is_possible_year, period_of
from reporting.queries.rounds import (
    Extensible,
    agencies_of,
    assignable_versions,
    extensions_of,
    facts,
    lacking,
    opening_of,
    rounds_of_year,
    seen_as,
    suggestion,
    unfinished_in,
)
from reporting.refusals import Refused
from reporting.round_forms import (
    ClosingForm,
    ExtensionForm,
    NewRoundForm,
    PlanForm,
    ReasonForm,
    ReopeningForm,
    standing_values,
    suggested_values,
)
from reporting.schedule import Days, Month, months
from reporting.views.requests import SignedInRequest
from reporting.workflow import ROUND_ACTS, ROUND_READERS, Role, RoundStatus

READ_OR_POST = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """One round of the year, or a report of the usual rhythm that has none yet: one of ``periods``
    is enough."""

    days: Days
    months: Sequence[Month]
    round: Round | None = None
    periods: Sequence[Period] = ()


@require_safe
def calendar(request: SignedInRequest, year: int | None = None) -> HttpResponse:
    """Show the rounds of a province month by month, and what the usual rhythm lacks."""
    province = province_for(request.user, request.GET.get("tinh", ""), ROUND_READERS)
    today = timezone.localdate()
    year = today.year if year is None else year
    if not is_possible_year(year):
        raise Http404(f"Không có lịch của năm {year}.")
    rounds = rounds_of_year(province, year)
    lines = [*_of_rounds(rounds, year), *_of_gaps(lacking(rounds, year), year)]
    lines.sort(key=lambda line: line.days.data_to or line.days.due_on or today)
    return render(
        request,
        "rounds/calendar.html",
        {
            "year": year,
            "years": [one for one in (year - 1, year, year + 1) if is_possible_year(one)],
            "province": province,
            "provinces": provinces_for(request.user, ROUND_READERS),
            "lines": lines,
            "months": range(1, 13),
            "runs": Role.REVIEWER in roles_at(request.user, province),
            "today": today,
        },
    )


def _of_rounds(rounds: Sequence[Round], year: int) -> Iterator[CalendarLine]:
    for round_ in rounds:
        yield CalendarLine(round_.days, list(months(round_.days, year)), round=round_)


def _of_gaps(found: Sequence[Sequence[Period]], year: int) -> Iterator[CalendarLine]:
    for periods in found:
        first = periods[0]
        days = Days(data_from=first.data_from, data_to=first.data_to, due_on=first.due_on)
        yield CalendarLine(days, list(months(days, year)), periods=periods)


@require_http_methods(READ_OR_POST)
def new(request: SignedInRequest) -> HttpResponse:
    """Plan a round, filled in with what the decree and the round before say."""
    province = province_for(request.user, request.GET.get("tinh", ""), {Role.REVIEWER})
    period = period_of(request.GET.get("ky", ""))
    versions = assignable_versions()
    if request.method == "POST":
        form = NewRoundForm(request.POST, versions=versions)
    else:
        initial = suggested_values(period, suggestion(province, period))
        form = NewRoundForm(initial=initial, versions=versions)
    if form.is_bound and form.is_valid():
        try:
            planned = plan_round(
                round=form.round_of(province), forms=form.plan().forms, by=request.user
            )
        except ValidationError as refusal:
            place_errors(form, refusal)
        else:
            messages.success(request, f"Đã lập đợt «{planned}». Hãy xem trước rồi mở đợt.")
            return redirect("round-open", code=planned.code)
    year = timezone.localdate().year
    return render(
        request,
        "rounds/plan.html",
        {
            "form": form,
            "province": province,
            "provinces": provinces_for(request.user, {Role.REVIEWER}),
            "period": period,
            "years": [(one, all_periods(one)) for one in (year, year + 1, year - 1)],
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(READ_OR_POST)
def change(request: SignedInRequest, code: str) -> HttpResponse:
    """Change the days and words of a round, and its forms while it is being prepared."""
    round_ = run_round_for(request.user, code)
    stands = facts(round_)
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        initial=standing_values(round_),
        versions=assignable_versions(round_),
        standing=round_,
    )
    error = ""
    if form.is_bound and form.is_valid():
        try:
            changes = change_round(
                round=round_,
                plan=form.plan(),
                seen=request.POST.get("seen", ""),
                by=request.user,
            )
        except ValidationError as refusal:
            place_errors(form, refusal)
        except Refused as refusal:
            error = str(refusal)
        else:
            if changes:
                messages.success(request, f"Đã sửa đợt: {len(changes)} chỗ thay đổi.")
            else:
                messages.info(request, "Không có gì thay đổi.")
            return redirect("round", code=code)
    return _act_page(
        request,
        round_,
        "change",
        form=form,
        error=error,
        unlike=form.unlike(stands) if error else (),
        seen=seen_as(round_.status, stands),
    )


@require_http_methods(READ_OR_POST)
def opening(request: SignedInRequest, code: str) -> HttpResponse:
    """Show what opening a round would ask of whom; a POST asks it."""
    round_ = run_round_for(request.user, code)
    error = ""
    if request.method == "POST":
        was_planned = round_.status == RoundStatus.PLANNED
        try:
            made = open_round(round=round_, by=request.user)
        except Refused as refusal:
            error = str(refusal)
        else:
            done = "Đã mở đợt, giao" if was_planned else "Đã giao bổ sung"
            messages.success(request, f"{done} {made} báo cáo.")
            return redirect("round", code=code)
    found = opening_of(round_)
    return _act_page(
        request, round_, "open", error=error, opening=found, today=timezone.localdate()
    )


@require_http_methods(READ_OR_POST)
def closing(request: SignedInRequest, code: str) -> HttpResponse:
    """Show what a closing leaves unfinished, and close."""
    round_ = run_round_for(request.user, code)
    left = unfinished_in(round_)
    count = sum(len(one.whose) for one in left)
    form = ClosingForm(request.POST if request.method == "POST" else None, left=count)
    error = ""
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            close_round(
                round=round_, reason=said["reason"], seen=said["seen"] or 0, by=request.user
            )
        except Refused as refusal:
            error = str(refusal)
        else:
            messages.success(request, f"Đã đóng đợt «{round_}».")
            return redirect("round", code=code)
    return _act_page(request, round_, "close", form=form, error=error, left=left, count=count)


@require_http_methods(READ_OR_POST)
def reopening(request: SignedInRequest, code: str) -> HttpResponse:
    """Let a closed round take figures again."""
    round_ = run_round_for(request.user, code)
    form = ReopeningForm(
        request.POST if request.method == "POST" else None,
        initial={"edit_until": round_.edit_until},
    )
    error = ""
    if form.is_bound and form.is_valid():
        try:
            reopen_round(round=round_, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            place_errors(form, refusal)
        except Refused as refusal:
            error = str(refusal)
        else:
            messages.success(request, f"Đã mở lại đợt «{round_}».")
            return redirect("round", code=code)
    return _act_page(request, round_, "reopen", form=form, error=error)


@require_http_methods(READ_OR_POST)
def cancelling(request: SignedInRequest, code: str) -> HttpResponse:
    """End a round for good, after asking."""
    round_ = run_round_for(request.user, code)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    error = ""
    if form.is_bound and form.is_valid():
        try:
            cancel_round(round=round_, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refusal:
            error = str(refusal)
        else:
            messages.success(request, f"Đã hủy đợt «{round_}»; số đã nhập được giữ nguyên.")
            return redirect("round", code=code)
    agencies = agencies_of(round_)
    return _act_page(
        request,
        round_,
        "cancel",
        form=form,
        error=error,
        asked=len(agencies),
        begun=sum(one.has_begun for one in agencies),
    )


@require_http_methods(READ_OR_POST)
def extending(request: SignedInRequest, code: str) -> HttpResponse:
    """Give some agencies of a round more time, and list who has been given it."""
    round_ = run_round_for(request.user, code)
    agencies = [one for one in agencies_of(round_) if not one.is_approved]
    form = ExtensionForm(
        request.POST if request.method == "POST" else None, offered=[one.pk for one in agencies]
    )
    error = ""
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        chosen = list(Agency.objects.filter(pk__in=said["agencies"]).order_by("code"))
        try:
            extend(
                round=round_,
                agencies=chosen,
                until=said["until"],
                reason=said["reason"],
                by=request.user,
            )
        except ValidationError as refusal:
            place_errors(form, refusal)
        except Refused as refusal:
            error = str(refusal)
        else:
            until = f"{said['until']:%d/%m/%Y}"
            messages.success(request, f"Đã gia hạn cho {len(chosen)} đơn vị đến hết ngày {until}.")
            return redirect("round-extend", code=code)
    search = clean(request.GET.get("tim", ""))
    ticked = _ticked(request, agencies)
    return _act_page(
        request,
        round_,
        "extend",
        form=form,
        error=error,
        agencies=[one for one in agencies if one.pk in ticked or says(search, one.name)],
        ticked=ticked,
        offered=len(agencies),
        search=search,
        given=extensions_of(round_),
    )


def _ticked(request: SignedInRequest, agencies: Sequence[Extensible]) -> set[int]:
    """Return the agencies whose boxes are ticked: as posted, or as a link asks for."""
    if request.method == "POST":
        posted = set(request.POST.getlist("agencies"))
        return {one.pk for one in agencies if str(one.pk) in posted}
    if request.GET.get("chon") == "chua-gui":
        return {one.pk for one in agencies if not one.is_handed_in}
    asked = set(request.GET.getlist("don-vi"))
    return {one.pk for one in agencies if str(one.pk) in asked}


def _act_page(
    request: SignedInRequest,
    round_: Round,
    name: str,
    *,
    form: forms.Form | None = None,
    error: str = "",
    **shown: object,
) -> HttpResponse:
    """Draw the page of an act; where the round does not allow it, the page says why."""
    act = ROUND_ACTS[name]
    context = {
        "round": round_,
        "act": act,
        "shut": why_no_act(round_, act),
        "form": form,
        "error": error,
        **shown,
    }
    status = 409 if error else 422 if form is not None and form.errors else 200
    return render(request, f"rounds/act_{name}.html", context, status=status)
