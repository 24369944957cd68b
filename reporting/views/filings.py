"""The receipt of each official handing in, and its appendix as it was handed in."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from indicators.queries.definitions import form_definition
from reporting.access import submission_for
from reporting.documents.files import filing_file
from reporting.documents.formats import FORMATS
from reporting.documents.formats.letters import LETTER_FORMATS
from reporting.documents.record import CellChange, told
from reporting.filing import about_of
from reporting.models import Submission
from reporting.queries.filings import Receipt, filings_of, receipt_of, taken_back
from reporting.views.files import download, offers, paper_asked
from reporting.views.requests import SignedInRequest, way_back
from reporting.workflow import MOVES


@require_safe
def filing(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Show the receipt of one handing in, with what it changed against the one before."""
    submission = submission_for(request.user, pk)
    receipt = _receipt(submission, number)
    form = form_definition(submission.form_version)
    back = taken_back(submission) if receipt.is_last else None
    return render(
        request,
        "reports/filing.html",
        {
            "submission": submission,
            **way_back(request, submission),
            "receipt": receipt,
            "back": back,
            "done": MOVES[back.move].done if back else "",
            "about": about_of(receipt.filing.content),
            "filings": filings_of(submission),
            "changes": [
                CellChange(
                    name=one.row.name(),
                    unit="" if one.row.options else one.row.unit,
                    before=told(one.before, one.row, form),
                    after=told(one.after, one.row, form),
                )
                for one in receipt.changes
            ],
            "letter_formats": LETTER_FORMATS.values(),
            "offers": offers(submission.form_version, "filing-file", submission.pk, number),
        },
    )


@require_GET
def export(request: SignedInRequest, pk: int, number: int, extension: str) -> HttpResponse:
    """Send the appendix exactly as it was handed in."""
    submission = submission_for(request.user, pk)
    receipt = _receipt(submission, number)
    file = filing_file(
        submission,
        receipt.filing,
        FORMATS[extension],
        by=request.user,
        paper=paper_asked(request, submission.form_version),
    )
    return download(file)


def _receipt(submission: Submission, number: int) -> Receipt:
    found = receipt_of(submission, number)
    if found is None:
        raise Http404("Báo cáo này không có lần gửi ấy.")
    return found
