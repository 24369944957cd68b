"""The password that was forgotten: a letter is asked for, and its link followed."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from reporting.actions.accounts import ask_for_reset, reset_password, resets
from reporting.forms import ForgottenForm
from reporting.views.limits import Limit, house_of
from reporting.views.sessions import Invitation

LETTERS = Limit("forgotten", most=20, seconds=600)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for the letter. The answer is the same whoever there is: it tells nobody which names and
    addresses are people's here."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form, "minutes": LETTERS.minutes}
    status = 200
    if request.method == "POST":
        house = house_of(request)
        context["is_too_many"] = LETTERS.is_reached(house)
        if context["is_too_many"]:
            status = 429
        elif form.is_valid():
            LETTERS.count(house)
            ask_for_reset(name=form.cleaned_data["name"])
            context["is_asked"] = True
        else:
            status = 422
    return render(request, "people/forgotten.html", context, status=status)


class Reset(Invitation):
    """Choose a new password by the link of the letter."""

    template_name = "people/reset.html"
    token_generator = resets
    accept = staticmethod(reset_password)
