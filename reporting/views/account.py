"""One's own account: who one is, how one is told, one's roles, and who stands in as head."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.forms.boxes import place_errors
from reporting.access import possible_deputies
from reporting.actions.people import change_person, end_role, name_deputy
from reporting.documents.who_may import days_told
from reporting.models import Agency, Membership, User
from reporting.people_forms import AccountForm, DeputyForm, PersonForm
from reporting.queries.people import roles_of
from reporting.queries.second_factor import OFF
from reporting.queries.single_sign_on import has_password_of_own
from reporting.refusals import Refused
from reporting.views.requests import SignedInRequest
from reporting.workflow import Role


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: SignedInRequest) -> HttpResponse:
    """Show and change one's own account."""
    if request.method != "POST":
        return _page(request)
    form = AccountForm.of(request.user, request.POST)
    if form.is_valid():
        try:
            is_changed = change_person(
                person=request.user, values=form.changed(), seen=form.seen(), by=request.user
            )
        except ValidationError as fault:
            place_errors(form, fault)
        except Refused as refusal:
            return _page(request, form=form, error=str(refusal), status=409)
        else:
            messages.success(request, "Đã lưu." if is_changed else "Không có gì thay đổi.")
            return redirect("account")
    return _page(request, form=form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: SignedInRequest, name: str) -> HttpResponse:
    """Name somebody who stands in for oneself as head, or end that."""
    if name not in {"lam-thay", "thoi"}:
        raise Http404("Không có việc này.")
    if request.method != "POST":
        return redirect("account")
    try:
        return _stand_in(request) if name == "lam-thay" else _end(request)
    except Refused as refusal:
        return _page(request, error=str(refusal), status=409)


def _stand_in(request: SignedInRequest) -> HttpResponse:
    form = _deputy_form(request.user, request.POST)
    if form.is_valid():
        try:
            name_deputy(person=request.user, by=request.user, **form.cleaned_data)
        except ValidationError as fault:
            place_errors(form, fault)
        else:
            messages.success(request, f"Đã cử {form.cleaned_data['deputy']} làm thay ông/bà.")
            return redirect("account")
    return _page(request, deputy_form=form, status=422)


def _end(request: SignedInRequest) -> HttpResponse:
    number = request.POST.get("membership", "")
    held = get_object_or_404(
        Membership.objects.select_related("user", "agency"),
        pk=int(number) if number.isdecimal() and len(number) < 19 else 0,
        stands_in_for=request.user,
    )
    end_role(membership=held, by=request.user)
    messages.success(request, f"{held.user} thôi làm thay ông/bà tại {held.agency}.")
    return redirect("account")


def _deputy_form(user: User, posted: Any = None) -> DeputyForm:
    headed = [agency for agency, role in user.own_roles if role is Role.HEAD]
    return DeputyForm(posted, prefix="deputy", agencies=headed, people=possible_deputies(user))


def _page(
    request: SignedInRequest,
    *,
    form: PersonForm | None = None,
    deputy_form: DeputyForm | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    roles = roles_of(user, Agency.objects.all(), today)
    is_head = any(role is Role.HEAD for _, role in user.own_roles)
    return render(
        request,
        "people/account.html",
        {
            "form": form or AccountForm.of(user),
            "now": [(Role(one.role).label, one, days_told(one, today)) for one in roles.now],
            "deputies": [
                (Role(one.role).label, one, days_told(one, today)) for one in roles.deputies
            ],
            "deputy_form": (deputy_form or _deputy_form(user)) if is_head else None,
            "has_password": user.has_usable_password() and has_password_of_own(user),
            "offers_second_factor": settings.SECOND_FACTOR != OFF,
            "error": error,
        },
        status=status,
    )
