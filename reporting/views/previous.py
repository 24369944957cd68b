"""The page that offers the last approved report's figures, and keeps those carried over in sight
until somebody has looked at them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from indicators.definition import FormDefinition, RowDefinition
from indicators.queries.definitions import form_definition
from indicators.words import clean
from reporting.access import earlier_for, submission_for
from reporting.actions.figures import save_attempts
from reporting.actions.submissions import why_no_entry
from reporting.carried import Offer, copied, looked_at, offers
from reporting.entry import Attempt
from reporting.models import Submission
from reporting.queries.figures import snapshot
from reporting.refusals import Refused
from reporting.snapshot import SubmissionSnapshot
from reporting.views.requests import SignedInRequest, posted_revision
from reporting.views.told import Told, filled_meanwhile, in_words
from reporting.workflow import State

VIA = "previous"


@dataclass(frozen=True, slots=True)
class Line:
    """One row as the page lists it: with its figure, and the row above that tells what it means."""

    row: RowDefinition
    within: str
    text: str
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the form with some of its rows."""

    name: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a posted page asks for: attempts, and the rows where the last figure has changed."""

    attempts: Sequence[Attempt]
    told: Sequence[Told]


@require_http_methods(["GET", "HEAD", "POST"])
def previous(request: SignedInRequest, pk: int) -> HttpResponse:
    """Offer the last report's figures; a POST takes some of them, or says they were looked at."""
    submission = submission_for(request.user, pk)
    if request.method != "POST":
        return _page(request, submission)
    act = _look_at if "looked" in request.POST else _take
    try:
        return act(request, submission)
    except Refused as refusal:
        return _page(request, submission, error=str(refusal), status=409)


def _take(request: SignedInRequest, submission: Submission) -> HttpResponse:
    last = earlier_for(request.user, submission).previous
    now = snapshot(submission)
    chosen = _chosen(request, now, offers(now, snapshot(last)) if last else ())
    saved = save_attempts(
        submission=submission,
        attempts=chosen.attempts,
        by=request.user,
        via=VIA,
        source=last.round.name if last else "",
    )
    if told := [*chosen.told, *filled_meanwhile(saved)]:
        return _page(request, submission, taken=len(saved.keys), told=told, status=422)
    if saved.keys:
        messages.success(request, f"Đã lấy lại số kỳ trước ở {len(saved.keys)} dòng.")
    else:
        messages.info(request, "Chưa lấy lại dòng nào. Hãy đánh dấu dòng cần lấy rồi bấm lại.")
    return redirect("previous", pk=submission.pk)


def _chosen(request: SignedInRequest, now: SubmissionSnapshot, found: Iterable[Offer]) -> Chosen:
    """Return what the person asks for of the rows that the page has shown, each with the figure
    that they saw: what is written is what was shown, or nothing."""
    by_id = {offer.row.id: offer for offer in found}
    takes_all, ticked = "all" in request.POST, set(request.POST.getlist("take"))
    revision = posted_revision(request)
    attempts, told = [], []
    for row in now.form.typed_rows:
        saw = request.POST.get(f"s{row.id}")
        if saw is None or not (takes_all or str(row.id) in ticked):
            continue
        offer = by_id.get(row.id)
        if offer is None or offer.why_not or clean(offer.shown) != clean(saw):
            told.append(Told(row, _no_longer(saw, offer)))
        else:
            attempts.append(Attempt(key=row.key, base=revision, make=offer.taken_into))
    return Chosen(attempts, told)


def _no_longer(saw: str, offer: Offer | None) -> str:
    now = f"nay là «{offer.shown}»" if offer and not offer.why_not else "nay không lấy lại được"
    return f"trang ông/bà mở ghi số kỳ trước là «{clean(saw)}», {now}; chưa ghi gì vào dòng này."


def _look_at(request: SignedInRequest, submission: Submission) -> HttpResponse:
    ticked, revision = set(request.POST.getlist("seen")), posted_revision(request)
    attempts = [
        Attempt(key=row.key, base=revision, make=looked_at)
        for row in form_definition(submission.form_version).typed_rows
        if str(row.id) in ticked
    ]
    saved = save_attempts(submission=submission, attempts=attempts, by=request.user, via=VIA)
    if saved.keys:
        messages.success(request, f"Đã ghi là xem lại {len(saved.keys)} dòng.")
    if changed := len(attempts) - len(saved.keys):
        messages.warning(
            request,
            f"{changed} dòng đã được gõ lại, đổi số hoặc xem lại sau khi ông/bà mở trang;"
            " hãy xem số đang ghi.",
        )
    if not attempts:
        messages.info(request, "Chưa ghi dòng nào là đã xem lại. Hãy đánh dấu dòng rồi bấm lại.")
    return redirect("previous", pk=submission.pk)


def _page(
    request: SignedInRequest,
    submission: Submission,
    *,
    error: str = "",
    taken: int = 0,
    told: Sequence[Told] = (),
    status: int = 200,
) -> HttpResponse:
    submission.refresh_from_db(fields=["state", "state_at", "state_by", "revision"])
    closed = why_no_entry(submission, by=request.user)
    last = None if closed else earlier_for(request.user, submission).previous
    now = snapshot(submission)
    blank = [
        offer
        for offer in (offers(now, snapshot(last)) if last else ())
        if not now.cell(offer.row.key).is_answered
    ]
    to_take = [offer for offer in blank if offer.why_not is None]
    return render(
        request,
        "reports/previous.html",
        {
            "submission": submission,
            "state": State(submission.state),
            "closed": closed,
            "last": last,
            "count": len(to_take),
            "parts": _parts(now.form, to_take),
            "left": [_line(now.form, offer) for offer in blank if offer.why_not is not None],
            "copied": [
                Line(row, _within(now.form, row), in_words(now.cell(row.key), row))
                for row in copied(now)
            ],
            "error": error,
            "taken": taken,
            "told": told,
        },
        status=status,
    )


def _parts(form: FormDefinition, found: Iterable[Offer]) -> Sequence[Part]:
    return [
        Part(form.by_key[key].name(), [_line(form, offer) for offer in members])
        for key, members in groupby(found, key=lambda offer: offer.row.section)
    ]


def _line(form: FormDefinition, offer: Offer) -> Line:
    return Line(offer.row, _within(form, offer.row), offer.shown, offer)


def _within(form: FormDefinition, row: RowDefinition) -> str:
    """Name the row above one that has no number of its own: «- Cấp tỉnh» alone says nothing."""
    is_plain = row.stt[:1].isdigit() or row.parent in {"", row.section}
    return "" if is_plain else form.by_key[row.parent].name()
