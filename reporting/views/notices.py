"""What a person was told: the list, and the way from each notice to its page."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from reporting.access import holds_any, is_operator, notice_for
from reporting.actions.notices import mark_all_read, mark_read
from reporting.queries.notices import kinds_of, notices_of
from reporting.views.requests import SignedInRequest
from reporting.workflow import Role

ON_A_PAGE = 30
UNREAD = "chua-doc"


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: SignedInRequest) -> HttpResponse:
    """List a person's notices, unread first; a POST marks all that were shown as read."""
    if request.method == "POST":
        return _mark_all(request)
    every = notices_of(request.user)
    kinds = kinds_of(request.user)
    only = request.GET.get("loc", "")
    if only == UNREAD:
        found = every.filter(read_at=None)
    elif only in kinds:
        found = every.filter(kind=only)
    else:
        found, only = every, ""
    newest = every.order_by("-pk").values_list("pk", flat=True).first()
    return render(
        request,
        "notices/list.html",
        {
            "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("trang")),
            "kinds": kinds,
            "only": only,
            "query": f"loc={only}&" if only else "",
            "newest": newest,
            "sees_mails": is_operator(request.user) or holds_any(request.user, {Role.REVIEWER}),
        },
    )


def _mark_all(request: SignedInRequest) -> HttpResponse:
    """Mark what the page has shown; what has come since stays unread."""
    text = request.POST.get("den", "")
    until = int(text) if text.isdecimal() and len(text) < 18 else 0
    count = mark_all_read(until=until, by=request.user)
    if count:
        messages.success(request, f"Đã đánh dấu {count} thông báo là đã đọc.")
    else:
        messages.info(request, "Không có thông báo nào chưa đọc.")
    return redirect("notices")


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: SignedInRequest, pk: int) -> HttpResponse:
    """Lead to the page that a notice is about and keep that it was read; a POST only keeps that."""
    found = notice_for(request.user, pk)
    if request.method != "HEAD":
        mark_read(notice=found, by=request.user)
    return redirect("notices" if request.method == "POST" else found.path)
