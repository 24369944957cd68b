"""What is done around every request: it is named, told in the log, and refused where it cannot be
read."""

import logging
from collections.abc import Callable, Iterator
from time import perf_counter

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse

from cchc_portal.errors import bad_request, length_unknown, not_allowed, too_large
from cchc_portal.logs import NAME, without_secrets
from indicators.tracing import request_name, traced

NUL = "\x00"
TAKEN = ("GET", "HEAD", "POST")

requests = logging.getLogger("cchc_portal.requests")


class NameRequest:
    """Give each request a name that the record and the answer carry; a proxy may have given one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with traced(request_name(request.headers.get("X-Request-ID", ""))) as name:
            request.META[NAME] = name
            response = self.get_response(request)
        response.headers["X-Request-ID"] = name
        return response


class TellRequest:
    """Write one line about each request, at INFO: what was asked, by whom, the answer, its time in
    milliseconds. Nothing that was posted or stood behind a question mark, no secret of a link."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        response = self.get_response(request)
        if requests.isEnabledFor(logging.INFO):
            told = {
                "method": request.method,
                "path": without_secrets(request.path),
                "status": response.status_code,
                "milliseconds": round((perf_counter() - began) * 1000, 1),
                "page": page_of(request),
                "user": getattr(getattr(request, "_cached_user", None), "pk", None),
            }
            requests.info("%(method)s %(path)s %(status)s, %(milliseconds)s ms", told, extra=told)
        return response


def page_of(request: HttpRequest) -> str:
    """Return the name of the page that answered; empty where no page did."""
    return request.resolver_match.view_name if request.resolver_match else ""


class RefuseUnreadable:
    """Answer 400 to what no browser sends and no database keeps: NUL in a cookie or an address, a
    posting that says it is written in anything but UTF-8."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() != "utf-8" or any(NUL in text for text in _sent(request)):
            return bad_request(request, SuspiciousOperation())
        return self.get_response(request)


class SayNotAllowed:
    """Let no page be asked by a method that none takes: Django's own would take a PUT for a posting
    and a DELETE for a look. Put words into the answer to one that an address does not take:
    Django's is empty, and who opens again an address that was posted to would see a blank page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in TAKEN:
            return not_allowed(", ".join(TAKEN))
        response = self.get_response(request)
        is_blank = response.status_code == 405 and not response.content
        return not_allowed(response.headers["Allow"]) if is_blank else response


class RefuseTooLarge:
    """Answer 413 to a posting that says it is larger than all files that may come at once, before
    anything reads it: the check against forged forms would first put it on the disk whole.

    Django reads no more than a posting says, and nothing of one sent in pieces of unknown number,
    which would look like an empty one: it is told so instead (411). No browser sends such.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "HTTP_TRANSFER_ENCODING" in request.META:
            return length_unknown()
        said = str(request.META.get("CONTENT_LENGTH") or "").lstrip("0")[:18]
        if said.isdecimal() and int(said) > settings.POSTING_MAX_MB * 1024 * 1024:
            return too_large()
        return self.get_response(request)


def _sent(request: HttpRequest) -> Iterator[str]:
    """Yield what an address and its cookies hold; the body is each page's own to read."""
    yield request.path
    yield from request.COOKIES.values()
    for name, texts in request.GET.lists():
        yield name
        yield from texts


class KeepPrivate:
    """Let no browser keep a page: after signing out, going back must not show it again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
