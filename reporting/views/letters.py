"""Letters as files: what went back, what is waited for, what was received."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from reporting.access import round_for, submission_for
from reporting.documents.formats.letters import LETTER_FORMATS
from reporting.documents.letters import (
    receipt_file,
    reminder_file,
    reminders_file,
    return_file,
)
from reporting.queries.filings import receipt_of, taken_back
from reporting.queries.submissions import (
    is_late,
    last_return,
    waited_for,
    waited_for_of_all,
)
from reporting.views.files import download
from reporting.views.requests import SignedInRequest


@require_GET
def return_letter(request: SignedInRequest, pk: int, extension: str) -> HttpResponse:
    """Send the letter of the last return."""
    submission = submission_for(request.user, pk)
    sent_back = last_return(submission)
    if sent_back is None:
        raise Http404("Báo cáo này chưa bị trả lại lần nào nên chưa có thư.")
    format_ = LETTER_FORMATS[extension]
    return download(return_file(submission, sent_back, format_, by=request.user))


@require_GET
def receipt(request: SignedInRequest, pk: int, number: int, extension: str) -> HttpResponse:
    """Send the receipt of one handing in."""
    submission = submission_for(request.user, pk)
    found = receipt_of(submission, number)
    if found is None:
        raise Http404("Báo cáo này không có lần gửi ấy.")
    back = taken_back(submission) if found.is_last else None
    format_ = LETTER_FORMATS[extension]
    return download(receipt_file(submission, found, back, format_, by=request.user))


@require_GET
def reminder(request: SignedInRequest, code: str, agency: int, extension: str) -> HttpResponse:
    """Send a letter that reminds one agency of what it has not handed in."""
    round_ = round_for(request.user, code)
    reports = waited_for(round_, agency)
    if not reports:
        raise Http404("Đợt này không chờ báo cáo nào của đơn vị ấy.")
    format_ = LETTER_FORMATS[extension]
    return download(reminder_file(round_, reports, format_, by=request.user))


@require_GET
def reminders(request: SignedInRequest, code: str) -> HttpResponse:
    """Send the letters that remind all agencies of a round that are late."""
    round_ = round_for(request.user, code)
    today = timezone.localdate()
    waited = waited_for_of_all(round_)
    late = [reports for reports in waited if any(is_late(one, today) for one in reports)]
    if not late:
        raise Http404("Đợt này không có báo cáo nào quá hạn nên không có thư nhắc.")
    return download(reminders_file(round_, late, by=request.user))
