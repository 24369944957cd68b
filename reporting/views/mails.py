"""The log of letters: what went to whom, and what did not."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from reporting.access import mail_for, visible_mails
from reporting.actions.mails import send_again
from reporting.queries.mails import UNKNOWN, by_state
from reporting.refusals import Refused
from reporting.tidings import MailState
from reporting.views.requests import SignedInRequest

ON_A_PAGE = 50


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """List the letters that the person may look after, newest first, by what became of them."""
    return _page(request)


@require_POST
def again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send a letter that failed once more."""
    letter = mail_for(request.user, pk)
    try:
        send_again(letter=letter, by=request.user)
    except Refused as refusal:
        return _page(request, error=str(refusal))
    messages.success(request, f"Thư cho {letter.user} sẽ được gửi lại trong ít phút.")
    return redirect("mails")


def _page(request: SignedInRequest, *, error: str = "") -> HttpResponse:
    mails = visible_mails(request.user)
    wanted = request.GET.get("trang-thai", "")
    state = wanted if wanted in set(MailState) else ""
    found = mails.filter(state=state) if state else mails
    counts = by_state(mails)
    return render(
        request,
        "mails/list.html",
        {
            "page": Paginator(found.select_related("user"), ON_A_PAGE).get_page(
                request.GET.get("trang")
            ),
            "counts": [(one, counts.get(one.value, 0)) for one in MailState],
            "total": sum(counts.values()),
            "state": state,
            "query": f"trang-thai={state}&" if state else "",
            "unknown": UNKNOWN,
            "error": error,
        },
        status=409 if error else 200,
    )
