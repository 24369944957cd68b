"""The pages on which anybody who holds a printed file finds out what it is and whether it is so."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from indicators.catalogue.cells import BadFile
from indicators.catalogue.readers.limits import MOST_BYTES, check_bytes
from reporting.access import Person, round_for, submission_for
from reporting.actions.limits import Limit
from reporting.attachments import safe_name
from reporting.documents.standing import told_of
from reporting.documents.verdicts import Verdict, verdict_of
from reporting.models import Round, Submission, VerificationCode
from reporting.queries.verification import code_named, later_filing, later_publication
from reporting.verification.codes import NoCode, read_code
from reporting.views.limits import minutes, who_asks

# Of 54 bits drawn at random nobody finds one by trying; these keep trying from costing anything.
UNKNOWN = Limit("unknown-codes", most=20, seconds=600)
UPLOADS = Limit("verified-files", most=20, seconds=600)
# Behind the one address of an office sit many.
UPLOADS_OF_PERSON = Limit("verified-files-of-person", most=60, seconds=600)
# Whoever asks from many addresses still asks of one paper.
UPLOADS_OF_CODE = Limit("verified-files-of-code", most=60, seconds=600)
NOTHING_CHOSEN = "Chưa có tệp nào được gửi lên. Hãy chọn tệp rồi bấm «So với bản in»."


@login_not_required
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a code; ``?ma=`` is one that was typed."""
    typed = request.GET.get("ma", "")
    if not typed:
        return _asking(request)
    try:
        return redirect("verified", code=read_code(typed))
    except NoCode as refusal:
        return _asking(request, typed=typed, error=str(refusal), status=422)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verified(request: HttpRequest, code: str) -> HttpResponse:
    """Tell what a code is of and how that stands; a POST brings a file to be compared with it."""
    who = who_asks(request)
    if wait := UNKNOWN.wait(who):
        return _too_often(request, UNKNOWN, wait)
    try:
        wanted = read_code(code)
    except NoCode as refusal:
        return _asking(request, typed=code, error=str(refusal), status=404)
    found = code_named(wanted)
    if found is None:
        UNKNOWN.count(who)
        return _asking(request, typed=wanted, error=_unknown(wanted), status=404)
    if request.method == "POST":
        return _compared(request, found)
    if wanted != code:
        return redirect("verified", code=wanted)
    return _page(request, found)


def _compared(request: HttpRequest, code: VerificationCode) -> HttpResponse:
    """Nothing that was brought is kept: it is read in memory and forgotten with the request."""
    limits = [(UPLOADS, who_asks(request)), (UPLOADS_OF_CODE, code.code)]
    if request.user.is_authenticated:
        limits = [(UPLOADS_OF_PERSON, who_asks(request))]
    for limit, who in limits:
        if wait := limit.count(who):
            return _too_often(request, limit, wait)
    upload = request.FILES.get("file")
    if upload is None:
        return _page(request, code, error=NOTHING_CHOSEN, status=422)
    name = safe_name(upload.name or "")
    try:
        verdict = verdict_of(code, name, _read(name, upload))
    except BadFile as refusal:
        return _page(request, code, error=str(refusal), status=422)
    return _page(request, code, name=name, verdict=verdict)


def _read(name: str, upload: UploadedFile) -> bytes:
    check_bytes(name, upload.size or 0)
    content: bytes = upload.read()
    return content


def _page(
    request: HttpRequest,
    code: VerificationCode,
    *,
    name: str = "",
    verdict: Verdict | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "code": code,
        "told": told_of(code),
        "ways": _ways_in(request.user, code),
        "name": name,
        "verdict": verdict,
        "error": error,
        "most_megabytes": MOST_BYTES // 1_000_000,
    }
    return _unseen(render(request, "verification/code.html", context, status=status))


def _ways_in(user: Person, code: VerificationCode) -> Sequence[tuple[str, str]]:
    """Return the pages (words, address) on which ``user`` may read what is told; none for whom the
    door is shut."""
    if not user.is_authenticated:
        return ()
    try:
        if code.submission_id is not None:
            return list(_ways_to_report(submission_for(user, code.submission_id), code))
        return list(_ways_to_round(round_for(user, code.round.code), code))
    except Http404:
        return ()


def _ways_to_report(report: Submission, code: VerificationCode) -> Iterator[tuple[str, str]]:
    if code.filing is None:
        yield "Mở báo cáo này trong cổng", reverse("submission", args=[report.pk])
        return
    yield _HERE, reverse("filing", args=[report.pk, code.filing.number])
    later = later_filing(report, code.filing)
    if later is not None:
        yield _INSTEAD, reverse("filing", args=[report.pk, later.number])


def _ways_to_round(round_: Round, code: VerificationCode) -> Iterator[tuple[str, str]]:
    layout = code.form_version.code
    if code.publication is None:
        shown = urlencode({"bieu": layout, "so": code.basis})
        yield "Mở số tổng hợp của đợt", f"{reverse('table', args=[round_.code])}?{shown}"
        return
    yield _HERE, reverse("publication", args=[round_.code, layout, code.publication.number])
    later = later_publication(code.publication)
    if later is not None:
        yield _INSTEAD, reverse("publication", args=[round_.code, layout, later.number])


_HERE, _INSTEAD = "Mở bản này trong cổng", "Mở bản đang thay"


def _asking(
    request: HttpRequest, *, typed: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    context = {"typed": typed[:60], "error": error}
    return _unseen(render(request, "verification/ask.html", context, status=status))


def _unknown(code: str) -> str:
    return (
        f"Cổng chưa từng in tệp nào mang mã {code}. Hãy xem lại mã trên giấy; nếu đã gõ đúng thì"
        " tệp không phải do cổng này xuất: đừng dùng số liệu trong đó trước khi hỏi lại Sở Nội vụ."
    )


_WHO = {
    UNKNOWN.name: "Máy của ông/bà đã thử",
    UPLOADS.name: "Máy của ông/bà đã thử",
    UPLOADS_OF_PERSON.name: "Ông/bà đã thử",
    UPLOADS_OF_CODE.name: "Mã này đã được thử",
}


def _too_often(request: HttpRequest, limit: Limit, wait: int) -> HttpResponse:
    error = f"{_WHO[limit.name]} quá {limit.most} lần. Hãy đợi {minutes(wait)} phút rồi thử lại."
    response = _asking(request, error=error, status=429)
    response.headers["Retry-After"] = str(wait)
    return response


def _unseen(response: HttpResponse) -> HttpResponse:
    """Keep the page out of caches and of search engines: whoever reads it holds the paper."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
