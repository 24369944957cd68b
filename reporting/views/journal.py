"""The record of a province, of the catalogue and of the portal: searched, and sent as a list."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from reporting.access import journal_for, submission_for
from reporting.documents.formats.listing import LIST_FORMATS
from reporting.documents.journal import MOST, journal_file
from reporting.documents.record import journal as told_journal
from reporting.forms import JournalForm
from reporting.models import Submission
from reporting.queries.record import mark_from
from reporting.views.files import download
from reporting.views.requests import SignedInRequest

AFTER = "sau"


@require_safe
def journal(request: SignedInRequest) -> HttpResponse:
    """Show what happened, newest first, as far as the person reads it and asked for it."""
    reads = journal_for(request.user)
    form = JournalForm(request.GET, reads=reads)
    report = _report(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    after = mark_from(request.GET.get(AFTER, ""))
    told = told_journal(reads, form.wanted(report), after=after)
    return _page(request, form, told=told, report=report, is_first=after is None)


@require_GET
def journal_export(request: SignedInRequest, extension: str) -> HttpResponse:
    """Send the same list whole as a file."""
    reads = journal_for(request.user)
    form = JournalForm(request.GET, reads=reads)
    report = _report(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    wanted = form.wanted(report)
    return download(journal_file(reads, wanted, LIST_FORMATS[extension], by=request.user))


def _report(request: SignedInRequest, form: JournalForm) -> Submission | None:
    """Return the report that is asked for by its number; one that is not seen answers 404."""
    number = form.is_valid() and form.cleaned_data.get("baocao")
    return submission_for(request.user, number) if number else None


def _page(
    request: SignedInRequest, form: JournalForm, *, status: int = 200, **found: object
) -> HttpResponse:
    asked = request.GET.copy()
    asked.pop(AFTER, None)
    context = {
        "form": form,
        "asked": {name: value for name, value in asked.items() if value},
        "query": asked.urlencode(),
        "formats": LIST_FORMATS.values(),
        "most": MOST,
        **found,
    }
    return render(request, "journal/list.html", context, status=status)
