"""The page that says «không phát sinh» for every row still without an answer, of one section or of
the whole report."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from indicators.definition import RowDefinition
from indicators.kinds import Scope
from reporting.access import submission_for
from reporting.actions.figures import save_attempts
from reporting.actions.submissions import why_no_entry
from reporting.entry import Attempt, read_cell
from reporting.models import Submission
from reporting.queries.figures import snapshot
from reporting.refusals import Refused
from reporting.snapshot import Cell, FigureStatus, SubmissionSnapshot
from reporting.views.requests import SignedInRequest, posted_revision
from reporting.views.told import Told, filled_meanwhile
from reporting.workflow import State

VIA = "nil"


@dataclass(frozen=True, slots=True)
class Blank:
    """A row still without an answer, and the note that may stand there."""

    row: RowDefinition
    note: str


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the form: of the agency's rows those still blank, and how many are not."""

    key: str
    name: str
    blank: Sequence[Blank]
    answered: int


@require_http_methods(["GET", "HEAD", "POST"])
def nil(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show which rows would be marked; a POST marks those of them that are still blank."""
    submission = submission_for(request.user, pk)
    now = snapshot(submission)
    section = request.GET.get("phan", "")
    if section and section not in {row.section for row in now.form.rows}:
        raise Http404("Biểu của báo cáo này không có phần ấy.")
    if request.method != "POST":
        return _page(request, submission, section)
    try:
        return _mark(request, submission, now, section)
    except Refused as refusal:
        return _page(request, submission, section, error=str(refusal), status=409)


def _mark(
    request: SignedInRequest, submission: Submission, now: SubmissionSnapshot, section: str
) -> HttpResponse:
    """Mark the rows that the person was shown, and no others."""
    shown = set(request.POST.getlist("take"))
    saved = save_attempts(
        submission=submission,
        attempts=[
            Attempt(key=row.key, base=posted_revision(request), make=partial(_made_nil, row))
            for row in _asked(now)
            if str(row.id) in shown
        ],
        by=request.user,
        via=VIA,
    )
    if told := filled_meanwhile(saved):
        return _page(request, submission, section, marked=len(saved.keys), told=told, status=422)
    if saved.keys:
        messages.success(request, f"Đã ghi «{FigureStatus.NIL.label}» ở {len(saved.keys)} dòng.")
    else:
        messages.info(request, "Không ghi thêm dòng nào: các dòng này đều đã có câu trả lời.")
    sheet = reverse("submission", args=[submission.pk])
    return redirect(f"{sheet}#s-{section}" if section else sheet)


def _made_nil(row: RowDefinition, stands: Cell) -> Cell:
    """Return what typing the words into the blank box would make; an answer stays."""
    return stands if stands.is_answered else read_cell(FigureStatus.NIL.label, row, stands)


def _asked(now: SubmissionSnapshot) -> Sequence[RowDefinition]:
    return [row for row in now.form.typed_rows if now.scope(row) is not Scope.OUTSIDE]


def _page(
    request: SignedInRequest,
    submission: Submission,
    section: str,
    *,
    error: str = "",
    marked: int = 0,
    told: Sequence[Told] = (),
    status: int = 200,
) -> HttpResponse:
    submission.refresh_from_db(fields=["state", "state_at", "state_by", "revision"])
    now = snapshot(submission)
    parts = [part for part in _parts(now) if section in {"", part.key}]
    here = reverse("nil", args=[submission.pk])
    return render(
        request,
        "reports/nil.html",
        {
            "submission": submission,
            "state": State(submission.state),
            "closed": why_no_entry(submission, by=request.user),
            "section": now.form.by_key[section].name() if section else "",
            "here": f"{here}?{urlencode({'phan': section})}" if section else here,
            "parts": [part for part in parts if part.blank],
            "blank": sum(len(part.blank) for part in parts),
            "answered": sum(part.answered for part in parts),
            "error": error,
            "marked": marked,
            "told": told,
        },
        status=status,
    )


def _parts(now: SubmissionSnapshot) -> Sequence[Part]:
    parts = []
    for key, members in groupby(_asked(now), key=lambda row: row.section):
        rows = tuple(members)
        blank = [row for row in rows if not now.cell(row.key).is_answered]
        parts.append(
            Part(
                key,
                now.form.by_key[key].name(),
                [Blank(row, now.cell(row.key).note) for row in blank],
                answered=len(rows) - len(blank),
            )
        )
    return parts
