"""The second factor: asked for after the password; set up, renewed, switched off by its owner."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from reporting.actions.second_factor import (
    ISSUER,
    check_code,
    is_of_app,
    key_address,
    new_key,
    renew_codes,
    switch_off,
    switch_on,
    typed_key,
)
from reporting.documents.formats.qr import svg_address
from reporting.forms import SWITCHING_ON, CodeForm, ConfirmedForm
from reporting.models import User
from reporting.queries.second_factor import (
    OFF,
    needs_second_factor,
    recovery_codes_left,
    second_factor_of,
)
from reporting.refusals import CodeWrong, Refused
from reporting.views.requests import SignedInRequest, kept
from reporting.views.sessions import (
    BY_PROVIDER,
    FACTOR_SHOWN,
    Onwards,
    asks_for_json,
    code_page,
    enter,
    safe_target,
    sign_in_page,
    who_waits,
)

_KEY = "second-factor-key"
_ACTS = (SWITCHING_ON, "ma-moi", "tat")
TOO_OLD = "Trang đã cũ nên chưa làm gì. Hãy xem lại bên dưới rồi chọn lại."
CODE_USED = (
    "Ông/bà vừa dùng một mã dự phòng, còn {left} mã. Đổi hoặc mất điện thoại: mở «Xác thực hai"
    " bước» (Tài khoản của tôi), tắt rồi bật lại với điện thoại mới."
)
TOO_LONG = "Đã quá 5 phút từ lúc nhập mật khẩu. Hãy đăng nhập lại từ đầu."


@method_decorator(login_not_required, name="dispatch")
@method_decorator([never_cache, sensitive_post_parameters("code")], name="dispatch")
class SecondFactor(Onwards, View):
    """Take the code of who has just given the right password."""

    next_page = "home"

    def get(self, request: HttpRequest) -> HttpResponse:
        if who_waits(request) is None:
            return redirect("login")
        return code_page(request, self.get_redirect_url())

    def post(self, request: HttpRequest) -> HttpResponse:
        person = who_waits(request)
        if person is None:
            if asks_for_json(request):
                return JsonResponse({"sentence": TOO_LONG, "again": True}, status=403)
            return sign_in_page(
                request, self.get_redirect_url(), kept(request), sentence=TOO_LONG, status=403
            )
        form = CodeForm(request.POST)
        if form.is_valid():
            try:
                check_code(person=person, code=form.cleaned_data["code"])
            except CodeWrong as refusal:
                form.add_error("code", str(refusal))
            else:
                if not is_of_app(form.cleaned_data["code"]):
                    left = recovery_codes_left(person)
                    messages.warning(request, CODE_USED.format(left=left))
                factor = second_factor_of(person) or ""
                return enter(request, person, self.get_success_url(), factor=factor)
        if asks_for_json(request):
            return JsonResponse({"sentence": " ".join(map(str, form.errors["code"]))}, status=422)
        return code_page(request, self.get_redirect_url(), form, status=422)


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: SignedInRequest) -> HttpResponse:
    """Show one's second factor: set it up, renew its recovery codes, switch it off."""
    if settings.SECOND_FACTOR == OFF:
        raise Http404("Cổng này không dùng xác thực hai bước.")
    is_on = second_factor_of(request.user) is not None
    if request.method != "POST":
        return _page(request, is_on=is_on)
    act = request.POST.get("act", "")
    if act not in (("ma-moi", "tat") if is_on else (SWITCHING_ON,)):
        return _page(request, is_on=is_on, error=TOO_OLD, status=409)
    form = ConfirmedForm(request.POST, user=request.user, prefix=act)
    if form.is_valid():
        try:
            return _done(request, act, form.cleaned_data["code"])
        except CodeWrong as refusal:
            form.add_error("code", str(refusal))
        except Refused as refusal:
            return _page(request, is_on=not is_on, error=str(refusal), status=409)
    return _page(request, is_on=is_on, form=form, status=422)


def _done(request: SignedInRequest, act: str, code: str) -> HttpResponse:
    user = request.user
    if act == SWITCHING_ON:
        codes = switch_on(key=request.session.get(_KEY, ""), code=code, by=user)
        del request.session[_KEY]
        _show(request, second_factor_of(User.objects.get(pk=user.pk)))
        return _codes_page(request, codes)
    check_code(person=user, code=code)
    if act == "ma-moi":
        return _codes_page(request, renew_codes(by=user))
    switch_off(by=user)
    _show(request, None)
    messages.success(request, "Đã tắt xác thực hai bước.")
    return redirect("second-factor-setup")


def _show(request: SignedInRequest, factor: int | None) -> None:
    """Keep which factor was shown; who came by the single sign-on stays one who did."""
    if request.session.get(FACTOR_SHOWN) != BY_PROVIDER:
        request.session[FACTOR_SHOWN] = factor


def _codes_page(request: SignedInRequest, codes: Sequence[str]) -> HttpResponse:
    """Show recovery codes this once; the page is kept by no browser."""
    of = f"Mã dự phòng của tài khoản {request.user.username}, {ISSUER}"
    context = {
        "codes": codes,
        "of": of,
        "file": quote("\r\n".join((f"{of}, mỗi mã dùng một lần", "", *codes))),
        "next": safe_target(request) or reverse("home"),
    }
    return render(request, "people/recovery_codes.html", context)


def _page(
    request: SignedInRequest,
    *,
    is_on: bool,
    form: ConfirmedForm | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "is_on": is_on,
        "is_needed": needs_second_factor(request.user),
        "error": error,
        "failed": form.prefix if form else "",
    }
    forms = {act: ConfirmedForm(user=request.user, prefix=act) for act in _ACTS}
    if form is not None:
        forms[str(form.prefix)] = form
    if is_on:
        context |= {"renewing": forms["ma-moi"], "switching_off": forms["tat"]}
        context["left"] = recovery_codes_left(request.user)
    else:
        key = request.session.setdefault(_KEY, new_key())
        address = key_address(key, request.user)
        context |= {"form": forms[SWITCHING_ON], "key": typed_key(key), "address": address}
        context["qr"] = svg_address(address)
    return render(request, "people/second_factor.html", context, status=status)
