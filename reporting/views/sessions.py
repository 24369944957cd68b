"""Signing in, the front page, the password, and what is shown when something is wrong."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_safe

from reporting.access import FILLS_IN, holds_any
from reporting.forms import ChangePasswordForm, SignInForm
from reporting.views.requests import SignedInRequest
from reporting.workflow import ROUND_READERS

KEPT_PREFIX = "kept-"


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
        if _asks_for_json(self.request):
            return JsonResponse({"user": form.get_user().pk})
        kept = [(name.removeprefix(KEPT_PREFIX), text) for name, text in _kept(self.request)]
        if not kept:
            return response
        context = {"target": self.get_success_url(), "kept": kept}
        return render(self.request, "reports/resume.html", context)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        if _asks_for_json(self.request):
            sentences = [str(one) for errors in form.errors.values() for one in errors]
            return JsonResponse({"sentence": " ".join(sentences)}, status=422)
        return super().form_invalid(form)


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
    be posted again."""

    def handle_no_permission(  # type: ignore[override]  # it may answer with any response
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)  # a part of a page has no room for signing in
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        kept = [
            (f"{KEPT_PREFIX}{name}", text)
            for name, texts in request.POST.lists()
            for text in texts
            # Passwords are typed again: none is ever written into a page.
            if name != "csrfmiddlewaretoken" and "password" not in name
        ]
        context = {"form": SignInForm(request), "next": request.get_full_path(), "kept": kept}
        return render(request, "login.html", context, status=401)


class ChangePassword(auth.PasswordChangeView):
    template_name = "password.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("home")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, "Đã đổi mật khẩu.")
        return super().form_valid(form)


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """Lead each person to the page they work on: rounds for the Sở Nội vụ, reports for those who
    fill them in, the catalogue for who draws up forms, the administration for who only runs the
    portal."""
    if holds_any(request.user, ROUND_READERS):
        return redirect("rounds")
    if request.user.manages_catalogue and not holds_any(request.user, FILLS_IN):
        return redirect("forms")
    if request.user.is_staff and not holds_any(request.user, FILLS_IN):
        return redirect("admin:index")
    return redirect("my-reports")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page that was open too long, or whose sign-in changed meanwhile, cannot be posted."""
    return render(request, "errors/csrf.html", {"reason": reason}, status=403)
