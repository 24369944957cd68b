"""How often one person, or one address, may ask for what costs much: the one table of it.

Each is set far above what honest work near a deadline comes to (docs/adr/0032), and counted for
all processes of all hosts together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reporting.actions.limits import Limit
from reporting.views.requests import address_of, kept

# One house has one of these, and any number of addresses in it.
_IPV6_HOUSE = 64
_TEN_MINUTES = 600


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted of an address of the portal: ``what`` follows «đã» in the sentence of who
    has reached the limit, ``otherwise`` tells who can't wait what to do; posted forms alone, or
    every way to ask."""

    limit: Limit
    what: str
    is_posted: bool = False
    otherwise: str = ""
    who: str = ""  # other than the person or the network that asks


# Pages that ask who is signed in for their password anew.
PASSWORDS = Counted(Limit("password", 20, _TEN_MINUTES), "nhập mật khẩu đang dùng", is_posted=True)
# Each leaves a session in the database, and nobody has signed in yet: a whole province at eight in
# the morning may come from one address.
ELSEWHERE = Counted(Limit("sso", 1000, _TEN_MINUTES), "bắt đầu đăng nhập bằng tài khoản chung")
# What was typed goes into that session, too: a lost session near a deadline is one of few.
CARRIED = Counted(
    Limit("sso-carried", 100, _TEN_MINUTES),
    "đem những gì vừa gõ qua đăng nhập bằng tài khoản chung",
    otherwise="Hoặc đăng nhập ở một thẻ khác, rồi trở lại trang trước trong thẻ này mà lưu lại.",
)
_ASK_THE_DESK = "Cần gấp thì nhờ Sở Nội vụ cấp mật khẩu đầu."
# A colleague who asks in vain shuts nobody else of the house out; of one name few are heard.
LETTERS = Counted(
    Limit("forgotten", 300, _TEN_MINUTES),
    "báo quên mật khẩu",
    is_posted=True,
    otherwise=_ASK_THE_DESK,
)
LETTERS_OF_NAME = Counted(
    Limit("forgotten-name", 10, _TEN_MINUTES),
    "được báo quên mật khẩu",
    who="Tên này",
    otherwise=_ASK_THE_DESK,
)
_BOOK_INSTEAD = (
    "Nếu cần nhiều tệp của một đợt cùng lúc, Sở Nội vụ có thể đặt một quyển phụ lục ở trang «Quyển"
    " phụ lục» của đợt."
)
# All 150 agencies of a province, one file each.
FILES = Counted(Limit("files", 240, _TEN_MINUTES), "tải tệp", otherwise=_BOOK_INSTEAD)
# Files of a whole province take seconds each.
LARGE_FILES = Counted(
    Limit("large-files", 60, _TEN_MINUTES), "tải tệp của cả tỉnh", otherwise=_BOOK_INSTEAD
)
BOOKS = Counted(Limit("books", 30, _TEN_MINUTES), "đặt quyển phụ lục", is_posted=True)
READINGS = Counted(Limit("readings", 60, _TEN_MINUTES), "nạp tệp", is_posted=True)
ATTACHED = Counted(Limit("attached", 120, _TEN_MINUTES), "gửi tài liệu kèm theo", is_posted=True)

# By the name of the address.
COUNTED: Mapping[str, Counted] = {
    "password": PASSWORDS,
    "account": PASSWORDS,
    "second-factor-setup": PASSWORDS,
    "sso": ELSEWHERE,
    "forgotten": LETTERS,
    "who-may-file": FILES,
    "checks-file": FILES,
    "filing-file": FILES,
    "receipt-file": FILES,
    "letter-file": FILES,
    "evidence-file": FILES,
    "submission-file": FILES,
    "journal-file": FILES,
    "board-file": FILES,
    "reminder-file": FILES,
    "publication-file": FILES,
    "agencies-file": FILES,
    "agencies-blank": FILES,
    "blank-file": FILES,
    "rule-book-file": FILES,
    "trial-file": FILES,
    "version-file": FILES,
    "upload-original": FILES,
    "book-file": FILES,
    "reminders-file": LARGE_FILES,
    "matrix-file": LARGE_FILES,
    "round-file": LARGE_FILES,
    "books": BOOKS,
    "agencies-import": READINGS,
    "new-draft": READINGS,
    "upload": READINGS,
    "evidence": ATTACHED,
}


class WithinLimits:
    """Count who asks for what is counted, and tell who has reached a limit how long to wait."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],  # noqa: ARG002 - Django's signature
        args: Any,  # noqa: ARG002
        kwargs: Any,  # noqa: ARG002
    ) -> HttpResponse | None:
        at = request.resolver_match
        counted = COUNTED.get(at.view_name) if at else None
        if counted is None or (counted.is_posted and request.method != "POST"):
            return None
        wait = counted.limit.count(who_asks(request))
        return wait_first(request, counted, wait) if wait else None


def who_asks(request: HttpRequest) -> str:
    """Return who a request is counted as: the person; who is not signed in, the house."""
    if request.user.is_authenticated:
        return f"person-{request.user.pk}"
    return house_of(request)


def house(address: str) -> str:
    """Return who an address is counted as: all of one house are one."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        return str(ip_network((found, _IPV6_HOUSE), strict=False).network_address)
    return str(found)


def house_of(request: HttpRequest) -> str:
    """Return who a request counts as coming from."""
    return house(address_of(request))


def minutes(seconds: int) -> int:
    """Return a wait in whole minutes, never shorter than it is."""
    return -(-seconds // 60)


def wait_first(request: HttpRequest, counted: Counted, wait: int) -> HttpResponse:
    """Tell who has reached a limit how long to wait; what is carried through signing in waits on
    the page."""
    asking = "Ông/bà" if request.user.is_authenticated else "Từ mạng của cơ quan ông/bà"
    who = counted.who or asking
    limit = counted.limit
    sentence = (
        f"{who} đã {counted.what} {limit.most} lần trong {limit.minutes} phút, là mức nhiều nhất mà"
        f" cổng nhận. Lần này chưa được thực hiện, những gì đã lưu vẫn còn nguyên. Hãy đợi"
        f" {minutes(wait)} phút rồi làm lại."
    )
    context = {"sentence": sentence, "otherwise": counted.otherwise, "kept": kept(request)}
    response = render(request, "429.html", context, status=429)
    response.headers["Retry-After"] = str(wait)
    return response
