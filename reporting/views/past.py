"""A report as it stood at a moment that has passed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reporting.access import submission_for
from reporting.filing import about_of
from reporting.forms import MomentForm
from reporting.queries.past import as_it_stood
from reporting.sheet import build_sheet
from reporting.views.requests import SignedInRequest, way_back
from reporting.views.rows import read_sections
from reporting.workflow import HELD_BY, State


@require_safe
def past(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the form with its figures and its state of a moment, from the record alone."""
    submission = submission_for(request.user, pk)
    now = timezone.localtime()
    form = MomentForm({"luc": request.GET.get("luc", f"{now:%d/%m/%Y %H:%M:%S}")})
    context = {"submission": submission, "form": form, **way_back(request, submission)}
    if not form.is_valid():
        return render(request, "reports/past.html", context, status=422)
    moment = form.cleaned_data["luc"]
    stood = as_it_stood(submission, moment)
    sheet = build_sheet(stood.snapshot, found=())
    is_paper = submission.round.is_archive
    state = State(stood.move.target) if stood.move else None
    context |= {
        "moment": min(moment, now),
        "stood": stood,
        "state": state,
        "held_by": HELD_BY[state] if state else "",
        "heading": about_of(stood.filing.content) if stood.filing else None,
        "sheet": sheet,
        "bodies": read_sections(sheet, is_paper=is_paper),
        "may_edit": False,
    }
    return render(request, "reports/past.html", context)
