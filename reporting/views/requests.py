"""What the pages read from a request besides their forms."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from indicators.words import clean
from reporting.access import may_read_round
from reporting.models import Round, Submission, User

# Before the name of a field that is carried through signing in.
KEPT_PREFIX = "kept-"
# Some proxies write the port of the connection as well, behind an address of IPv6 in brackets.
_WITH_PORT = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::\d{1,5})?|([0-9.]+):\d{1,5}")
# A filter of the desk is short; what is longer was written by nobody of ours.
_LONGEST_QUERY = 300


class SignedInRequest(HttpRequest):
    """A request behind ``SignInFirst``: its user has an account."""

    user: User
    htmx: HtmxDetails


def address_of(request: HttpRequest) -> str:
    """Return where a request came from. Behind the proxy every connection is the proxy's: it adds
    whom it heard last to the end of X-Forwarded-For; what stands before that, anybody can write."""
    connected = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER is None:
        return connected
    told = request.headers.get("X-Forwarded-For", "").rpartition(",")[-1].strip()
    if with_port := _WITH_PORT.fullmatch(told):
        told = with_port[1] or with_port[2]
    try:
        return str(ip_address(told))
    except ValueError:
        return connected


def posted_revision(request: HttpRequest) -> int:
    """Return the revision the posted page was drawn from; 0, older than any, when unreadable."""
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def kept(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what is carried through signing in, as it was posted; a list's values one by one."""
    return [
        (name, text)
        for name, texts in request.POST.lists()
        for text in texts
        if name.startswith(KEPT_PREFIX)
    ]


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk of a round as a reviewer had it: by its filter the reports that wait follow one
    another. ``query`` is the filter as an address has it."""

    query: str
    state: str
    search: str

    @classmethod
    def of(cls, asked: QueryDict) -> "Desk":
        kept = asked.copy()
        kept.pop("chon", None)  # ticks are not the filter
        return cls(kept.urlencode(), asked.get("trang-thai", ""), clean(asked.get("tim", "")))

    @property
    def passed_on(self) -> str:
        """The desk as the end of another page's address, where it had a filter."""
        return f"?{urlencode({'ds': self.query})}" if self.query else ""

    def address(self, round_: Round) -> str:
        """The desk itself."""
        return reverse("round", args=[round_.code]) + (f"?{self.query}" if self.query else "")


def way_back(request: SignedInRequest, submission: Submission) -> dict[str, object]:
    """Return what the crumbs above a report's own pages lead back to (reports/way_back.html)."""
    return {
        "reads_round": may_read_round(request.user, submission.round),
        "desk": desk_of(request),
    }


def desk_of(request: HttpRequest) -> Desk:
    """Return the desk that an address or a posted page names; one without filter where none."""
    text = request.POST.get("ds", request.GET.get("ds", ""))
    return Desk.of(QueryDict(clean(text)[:_LONGEST_QUERY]))
