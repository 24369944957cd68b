"""What is refused before anything reads a request."""

from collections.abc import Callable, Iterator

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse

from cchc_portal.errors import bad_request

NUL = "\x00"


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


def _sent(request: HttpRequest) -> Iterator[str]:
    """Yield what an address and its cookies hold; the body is each page's own to read."""
    yield request.path
    yield from request.COOKIES.values()
    for name, texts in request.GET.lists():
        yield name
        yield from texts
