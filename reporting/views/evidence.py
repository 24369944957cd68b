"""The files behind a report: listed, attached, sent out, taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators.definition import RowDefinition
from indicators.queries.definitions import form_definition
from reporting.access import FILLS_IN, evidence_for, roles_at, submission_for
from reporting.actions.evidence import MOST_FILES, attach_file, remove_file
from reporting.actions.submissions import why_no_entry
from reporting.attachments import ACCEPTED, KINDS, BadAttachment
from reporting.models import Submission
from reporting.queries.evidence import attached_files
from reporting.refusals import Refused
from reporting.views.requests import SignedInRequest, way_back
from reporting.workflow import State

NOTHING_CHOSEN = (
    "Chưa có tệp nào được gửi lên. Hãy chọn tệp rồi bấm «Tải lên»; nếu vừa đăng nhập lại thì phải"
    " chọn lại tệp."
)
_SENT_AS = {kind.content_type for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the form with the rows that a file may stand behind."""

    name: str
    rows: Sequence[RowDefinition]


@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: SignedInRequest, pk: int) -> HttpResponse:
    """List the files of a submission; a POST attaches more."""
    submission = submission_for(request.user, pk)
    if request.method == "POST":
        return _attach(request, submission)
    return _page(request, submission, row_key=request.GET.get("dong", ""))


def _attach(request: SignedInRequest, submission: Submission) -> HttpResponse:
    """Attach every posted file that can be: those refused are told together."""
    row_key = request.POST.get("row", "")
    if closed := why_no_entry(submission, by=request.user):
        return _page(request, submission, row_key=row_key, refused=[closed], status=409)
    kept, refused = 0, []
    for upload in request.FILES.getlist("files"):
        try:
            attach_file(
                submission=submission, row_key=row_key or None, upload=upload, by=request.user
            )
        except (BadAttachment, Refused) as refusal:
            refused.append(str(refusal))
        else:
            kept += 1
    if not (kept or refused):
        refused.append(NOTHING_CHOSEN)
    if refused:
        return _page(request, submission, row_key=row_key, kept=kept, refused=refused, status=422)
    messages.success(request, f"Đã gắn {kept} tệp.")
    here = reverse("evidence", args=[submission.pk])
    return redirect(f"{here}?{urlencode({'dong': row_key})}" if row_key else here)


def _page(
    request: SignedInRequest,
    submission: Submission,
    *,
    row_key: str = "",
    kept: int = 0,
    refused: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    closed = why_no_entry(submission, by=request.user)
    fills_in = not roles_at(request.user, submission.agency).isdisjoint(FILLS_IN)
    return render(
        request,
        "reports/evidence.html",
        {
            "submission": submission,
            **way_back(request, submission),
            "state": State(submission.state),
            "files": attached_files(submission),
            "may_edit": not closed,
            # Who only reads needs no reason why there is nothing to press.
            "closed": closed if fills_in else "",
            "sections": _sections(submission),
            "row_key": row_key,
            "kept": kept,
            "refused": refused,
            "accepted": ACCEPTED,
            "most_files": MOST_FILES,
            "each": settings.EVIDENCE_MAX_MB,
            "together": settings.POSTING_MAX_MB,
        },
        status=status,
    )


def _sections(submission: Submission) -> Sequence[Section]:
    form = form_definition(submission.form_version)
    return [
        Section(form.by_key[key].name(), tuple(rows))
        for key, rows in groupby(form.rows, key=lambda row: row.section)
    ]


@require_safe
def evidence_file(request: SignedInRequest, pk: int, file: int) -> HttpResponseBase:
    """Send one file as it came, to be saved and never shown: it is not the portal's own."""
    found = evidence_for(request.user, pk, file)
    known = found.content_type in _SENT_AS
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:  # a database restored without its files
        raise Http404("Tệp này không còn trong kho. Hãy báo quản trị hệ thống.") from error
    response = FileResponse(
        content,
        as_attachment=True,
        filename=found.name,
        content_type=found.content_type if known else "application/octet-stream",
    )
    response["Cache-Control"] = "private, no-store"
    # Not compressed on the way: such files are already, and a browser is told how much is to come.
    response["Content-Encoding"] = "identity"
    return response


@require_POST
def evidence_removal(request: SignedInRequest, pk: int, file: int) -> HttpResponse:
    """Take one file off the report."""
    found = evidence_for(request.user, pk, file)
    try:
        remove_file(evidence=found, by=request.user)
    except Refused as refusal:
        return _page(request, found.submission, refused=[str(refusal)], status=409)
    messages.success(request, f"Đã gỡ tệp «{found.name}».")
    return redirect("evidence", pk=pk)
