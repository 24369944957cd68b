"""The password that was forgotten: a letter is asked for, and its link followed."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from reporting.actions.accounts import ask_for_reset, reset_password, resets
from reporting.forms import ForgottenForm
from reporting.queries.lockout import account_key
from reporting.views.limits import LETTERS_OF_NAME, wait_first
from reporting.views.sessions import Invitation


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for the letter. The answer is the same whoever there is: it tells nobody which names and
    addresses are people's here."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    is_asked = form.is_valid()
    if is_asked:
        name = form.cleaned_data["name"]
        # Whoever asks, and whether or not it is anybody's: a name typed is kept as a digest.
        if wait := LETTERS_OF_NAME.limit.count(account_key(name)):
            return wait_first(request, LETTERS_OF_NAME, wait)
        ask_for_reset(name=name)
    status = 422 if form.errors else 200
    context = {"form": form, "is_asked": is_asked, "has_passwords": settings.OIDC_PASSWORDS}
    return render(request, "people/forgotten.html", context, status=status)


class Reset(Invitation):
    """Choose a new password by the link of the letter."""

    template_name = "people/reset.html"
    token_generator = resets
    accept = staticmethod(reset_password)
