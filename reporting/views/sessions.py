"""Signing in, the front page, the password, and what is shown when something is wrong."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.http import HttpRequest, HttpResponse
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
    once signed in, to a page that posts them to where they were going.
    """

    template_name = "login.html"
    authentication_form = SignInForm

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        kept = self.request.POST.items() if self.request.method == "POST" else ()
        return super().get_context_data(
            kept=[(name, text) for name, text in kept if name.startswith(KEPT_PREFIX)], **extra
        )

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        kept = {
            name.removeprefix(KEPT_PREFIX): text
            for name, text in self.request.POST.items()
            if name.startswith(KEPT_PREFIX)
        }
        if not kept:
            return response
        context = {"target": self.get_success_url(), "kept": kept.items()}
        return render(self.request, "reports/resume.html", context)


def keeps_posting(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask who is not signed in to do so, as ``login_required`` does; but what was posted after a
    session had ended is kept, carried through signing in, and offered to be posted again."""
    for_members = login_required(view)

    @wraps(view)
    def keeping(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST" or request.user.is_authenticated:
            return for_members(request, *args, **kwargs)
        kept = [
            (f"{KEPT_PREFIX}{name}", text)
            for name, text in request.POST.items()
            if name != "csrfmiddlewaretoken"
        ]
        context = {"form": SignInForm(request), "next": request.path, "kept": kept}
        return render(request, "login.html", context, status=401)

    return keeping


class ChangePassword(auth.PasswordChangeView):
    template_name = "password.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("home")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, "Đã đổi mật khẩu.")
        return super().form_valid(form)


@login_required
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """Lead each person to the page they work on: rounds for the Sở Nội vụ, reports for those who
    fill them in, the administration for who only runs the portal."""
    if holds_any(request.user, ROUND_READERS):
        return redirect("rounds")
    if request.user.is_staff and not holds_any(request.user, FILLS_IN):
        return redirect("admin:index")
    return redirect("my-reports")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page that was open too long, or whose sign-in changed meanwhile, cannot be posted."""
    return render(request, "errors/csrf.html", {"reason": reason}, status=403)
