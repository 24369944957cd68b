"""Signing in, the front page, the password, and what is shown when something is wrong."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, update_session_auth_hash
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.auth.views import (
    INTERNAL_RESET_SESSION_TOKEN,
    RedirectURLMixin,
    redirect_to_login,
)
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from indicators.words import clean
from reporting.access import FILLS_IN, holds_any
from reporting.actions.accounts import (
    accept_invitation,
    choose_password,
    invitations,
    sign_in_failed,
    signed_in,
    signed_out,
)
from reporting.forms import ChangePasswordForm, ChoosePasswordForm, SignInForm
from reporting.lockout import be_at_home, is_just_locked
from reporting.models import User
from reporting.refusals import InvitationOver
from reporting.views.requests import SignedInRequest, address_of
from reporting.workflow import ROUND_READERS, Role

KEPT_PREFIX = "kept-"
LONGEST_USERNAME = 150
CHANGE_FIRST = (
    "Mật khẩu đang dùng do người khác cấp. Hãy đổi mật khẩu ở trang «Đổi mật khẩu» rồi làm tiếp;"
    " những gì đã gõ vẫn giữ trong máy này."
)


class SignIn(auth.LoginView):
    """Sign in; figures posted after the session had ended are carried through and offered again.

    They travel as hidden fields under ``KEPT_PREFIX`` from the refused page to this one and,
    once signed in, to a page that posts them to where they were going. A page that signs in without
    being left asks for JSON and is told who has signed in, or the sentence why not.
    """

    template_name = "login.html"
    authentication_form = SignInForm

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(kept=_kept(self.request), **extra)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        user = form.get_user()
        signed_in(address=address_of(self.request), by=user)
        if _asks_for_json(self.request):
            response = (
                JsonResponse({"sentence": CHANGE_FIRST}, status=403)
                if user.must_change_password
                else JsonResponse({"user": user.pk})
            )
        else:
            response = _resumed(self.request, self.get_success_url()) or response
        be_at_home(self.request, response, user)
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        username = clean(form.data.get("username", ""))[:LONGEST_USERNAME]
        locked_until: datetime | None = getattr(self.request, "locked_until", None)
        is_refused = locked_until is not None and not is_just_locked(self.request)
        if not is_refused:  # what is refused unheard is not told again and again
            sign_in_failed(
                username=username, address=address_of(self.request), locked_until=locked_until
            )
        status = 429 if locked_until else 422
        if _asks_for_json(self.request):
            sentences = [str(one) for errors in form.errors.values() for one in errors]
            return JsonResponse({"sentence": " ".join(sentences)}, status=status)
        return self.render_to_response(
            self.get_context_data(form=form), status=429 if locked_until else 200
        )


def _resumed(request: HttpRequest, target: str) -> HttpResponse | None:
    """Return the page that posts to ``target`` what was carried here, if anything was."""
    kept = [(name.removeprefix(KEPT_PREFIX), text) for name, text in _kept(request)]
    if not kept:
        return None
    return render(request, "reports/resume.html", {"target": target, "kept": kept})


@method_decorator(login_not_required, name="dispatch")
class SignOut(auth.LogoutView):
    """Sign out, and record it of who was signed in."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if isinstance(request.user, User):
            signed_out(address=address_of(request), by=request.user)
        return super().post(request, *args, **kwargs)


def _asks_for_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _kept(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what is carried through signing in, as it was posted; a list's values one by one."""
    return [
        (name, text)
        for name, texts in request.POST.lists()
        for text in texts
        if name.startswith(KEPT_PREFIX)
    ]


class SignInFirst(LoginRequiredMiddleware):
    """Every page asks who is not signed in to do so, unless it says that it is for everybody; but
    what was posted after a session had ended is kept, carried through signing in, and offered to
    be posted again. Who was given a password by somebody else chooses one of their own first: no
    other page opens until then, and what was posted is carried in the same way."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        user = request.user
        if not getattr(user, "must_change_password", False):
            return super().process_view(request, view_func, args, kwargs)
        is_for_everybody = not getattr(view_func, "login_required", True)
        at = request.resolver_match
        if is_for_everybody or (at is not None and at.view_name == "password"):
            return None
        return _change_first(request, user)  # type: ignore[arg-type]  # no anonymous one must

    def handle_no_permission(  # type: ignore[override]  # it may answer with any response
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)  # a part of a page has no room for signing in
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        context = {
            "form": SignInForm(request),
            "next": request.get_full_path(),
            "kept": _posted(request),
        }
        return render(request, "login.html", context, status=401)


def _posted(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what was posted as the fields that carry it further."""
    return [
        (f"{KEPT_PREFIX}{name}", text)
        for name, texts in request.POST.lists()
        for text in texts
        # Passwords are typed again: none is ever written into a page.
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]


def _change_first(request: HttpRequest, user: User) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(CHANGE_FIRST, status=403, content_type="text/plain; charset=utf-8")
    if "application/json" in (request.content_type, request.headers.get("Accept")):
        return JsonResponse({"sentence": CHANGE_FIRST}, status=403)
    if request.method != "POST":
        return redirect_to_login(request.get_full_path(), reverse("password"), REDIRECT_FIELD_NAME)
    context = {
        "form": ChangePasswordForm(user),
        "next": request.get_full_path(),
        "kept": _posted(request),
    }
    return render(request, "password.html", context, status=403)


class ChangePassword(RedirectURLMixin, auth.PasswordChangeView):
    """Change one's password, the first one that somebody else gave included; then go on to the
    page that was asked for, with what was posted to it."""

    template_name = "password.html"
    form_class = ChangePasswordForm
    next_page = "home"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        context = {"next": self.get_redirect_url(), "kept": _kept(self.request)}
        return super().get_context_data(**context, **extra)

    def get_success_url(self) -> str:
        return RedirectURLMixin.get_success_url(self)

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        user = choose_password(password=form.cleaned_data["new_password1"], by=form.user)
        update_session_auth_hash(self.request, user)
        messages.success(self.request, "Đã đổi mật khẩu.")
        target = self.get_success_url()
        return _resumed(self.request, target) or redirect(target)


class Invitation(auth.PasswordResetConfirmView):
    """Choose a password by the link of an invitation. The link's secret goes into the session and
    out of the address at once, so that no log and no other page gets it."""

    template_name = "people/invitation.html"
    form_class = ChoosePasswordForm
    token_generator: PasswordResetTokenGenerator = invitations
    accept = staticmethod(accept_invitation)
    reset_url_token = "chon-mat-khau"  # noqa: S105 - a place in the address
    success_url = reverse_lazy("login")

    def get_user(self, uidb64: str) -> User | None:
        found = super().get_user(uidb64)
        return found if isinstance(found, User) and found.is_active else None

    def form_valid(self, form: ChoosePasswordForm) -> HttpResponse:
        token = self.request.session.pop(INTERNAL_RESET_SESSION_TOKEN, "")
        try:
            self.accept(person=form.user, token=token, password=form.cleaned_data["new_password1"])
        except InvitationOver:
            self.validlink = False
            return self.render_to_response(self.get_context_data())
        messages.success(
            self.request,
            f"Đã chọn mật khẩu. Hãy đăng nhập bằng tên «{form.user.username}».",
        )
        return redirect(self.get_success_url())

    def render_to_response(self, context: dict[str, Any], **extra: Any) -> HttpResponse:
        failed = 422 if self.validlink and context["form"].errors else 200
        return super().render_to_response(
            context, status=failed if self.validlink else 410, **extra
        )


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """Lead each person to the page they work on: rounds for the Sở Nội vụ, the province at a glance
    for its leaders, reports for those who fill them in, the catalogue for who draws up forms, the
    administration for who only runs the portal."""
    if holds_any(request.user, {Role.REVIEWER}):
        return redirect("rounds")
    if holds_any(request.user, ROUND_READERS):
        return redirect("overview")
    if request.user.manages_catalogue and not holds_any(request.user, FILLS_IN):
        return redirect("forms")
    if request.user.is_staff and not holds_any(request.user, FILLS_IN):
        return redirect("admin:index")
    return redirect("my-reports")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page that was open too long, or whose sign-in changed meanwhile, cannot be posted."""
    return render(request, "errors/csrf.html", {"reason": reason}, status=403)
