"""What the pages read from a request besides their forms."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from reporting.models import User


class SignedInRequest(HttpRequest):
    """A request behind ``SignInFirst``: its user has an account."""

    user: User
    htmx: HtmxDetails


def posted_revision(request: HttpRequest) -> int:
    """Return the revision the posted page was drawn from; 0, older than any, when unreadable."""
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
