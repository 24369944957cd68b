"""The pages for requests that cannot be read, are not read at all, or could not be answered."""

import sys

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.defaults import server_error

TRY_AGAIN_AFTER = 10  # seconds


@csrf_exempt
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer in a sentence; nothing posted is looked at again, it was what could not be read."""
    return HttpResponse(render_to_string("400.html"), status=400)


def not_allowed(allowed: str) -> HttpResponse:
    """Say that an address is not asked in this way; ``allowed`` are the ways that it takes."""
    return HttpResponse(render_to_string("405.html"), status=405, headers={"Allow": allowed})


def too_large() -> HttpResponse:
    """Say how much may be sent at once; the body is left unread."""
    limits = {"each": settings.EVIDENCE_MAX_MB, "together": settings.POSTING_MAX_MB}
    return HttpResponse(render_to_string("413.html", limits), status=413)


def length_unknown() -> HttpResponse:
    """Say that the length is missing, to a program: no person meets this."""
    return HttpResponse(
        "Yêu cầu không ghi độ dài nội dung (Content-Length) nên không được đọc."
        " Hãy gửi lại kèm độ dài.",
        status=411,
        content_type="text/plain; charset=utf-8",
    )


def failed(request: HttpRequest) -> HttpResponse:
    """Tell a database that is away, or too busy for a moment, from a fault of the portal: what
    failed for that may be tried again, and the sheet's queue does so by itself."""
    if not is_of_a_database_away(sys.exception()):
        return server_error(request)
    headers = {"Retry-After": str(TRY_AGAIN_AFTER)}
    return HttpResponse(render_to_string("503.html"), status=503, headers=headers)


def is_of_a_database_away(error: BaseException | None) -> bool:
    """psycopg2 has no kind of its own for a connection that is lost while a query runs; Django's
    own errors of the general kind have no cause."""
    if type(error) is DatabaseError:
        return error.__cause__ is not None
    return isinstance(error, InterfaceError | OperationalError)
