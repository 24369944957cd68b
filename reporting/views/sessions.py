"""Signing in, the front page, the password, and what is shown when something is wrong."""

from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_GET

from reporting.access import visible_rounds
from reporting.forms import ChangePasswordForm, SignInForm
from reporting.views.requests import SignedInRequest


class SignIn(auth.LoginView):
    template_name = "login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True


class ChangePassword(auth.PasswordChangeView):
    template_name = "password.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("home")

    def form_valid(self, form: ChangePasswordForm) -> HttpResponse:
        messages.success(self.request, "Đã đổi mật khẩu.")
        return super().form_valid(form)


@login_required
@require_GET
def home(request: SignedInRequest) -> HttpResponse:
    """Lead each person to the page they work on: rounds for the Sở Nội vụ, reports for others."""
    return redirect("rounds" if visible_rounds(request.user).exists() else "my-reports")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page that was open too long, or whose sign-in changed meanwhile, cannot be posted."""
    return render(request, "errors/csrf.html", {"reason": reason}, status=403)
