"""The page of a round's books: asked for, seen being made, stopped, downloaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from indicators.models import FormVersion
from reporting.access import book_for, may_cancel_book, round_for
from reporting.actions.books import ask_for_book, cancel_book, record_download
from reporting.actions.jobs import BOOKS
from reporting.books import UNDER_WAY, Binding, BookState
from reporting.calculations.contributions import Basis
from reporting.documents.books import place_of
from reporting.documents.formats import FORMATS
from reporting.models import Book, Round, User
from reporting.queries.books import books_of, is_silent
from reporting.queries.jobs import overdue
from reporting.queries.province import layouts
from reporting.refusals import Refused
from reporting.views.requests import SignedInRequest

# The badge's colour is that of reports in a like state.
_BADGES = {
    BookState.WAITING: "draft",
    BookState.MAKING: "submitted",
    BookState.BROKEN: "returned",
    BookState.DONE: "approved",
    BookState.FAILED: "late",
    BookState.CANCELLED: "",
    BookState.EXPIRED: "",
}
# What a button that asks again says.
_AGAIN = {BookState.BROKEN: "Làm tiếp", BookState.FAILED: "Đặt lại", BookState.EXPIRED: "Đặt lại"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One book as the page shows it; ``again`` is what the button says that asks for it again."""

    book: Book
    state: BookState
    css: str
    basis: Basis
    kind: str
    megabytes: str
    is_taken_up_alone: bool
    may_cancel: bool
    again: str

    @property
    def is_moving(self) -> bool:
        """Its progress is worth asking for again soon."""
        return self.is_taken_up_alone or self.state in {BookState.WAITING, BookState.MAKING}

    @property
    def said(self) -> str:
        """How the book is, in words that change a few times in all while it is being made."""
        what = f"{self.book.what[:1].upper()}{self.book.what[1:]}: {self.state.label.lower()}"
        quarters = 4 * self.book.done // max(self.book.total, 1)
        if self.state is BookState.MAKING and quarters:
            return f"{what}, được {25 * quarters} phần trăm"
        return what


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to have a book, as the form names it."""

    name: str
    label: str
    binding: Binding
    format: str


def kinds() -> Sequence[Kind]:
    bound = Kind(Binding.BOUND.value, Binding.BOUND.label, Binding.BOUND, "pdf")
    zips = (
        Kind(f"zip-{one.extension}", f"Tệp nén, mỗi đơn vị một tệp {one.label}", Binding.ZIP, ext)
        for ext, one in FORMATS.items()
    )
    return (bound, *zips)


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: SignedInRequest, code: str) -> HttpResponse:
    """List the books of a round with how far they are; a POST asks for one."""
    round_ = round_for(request.user, code)
    if request.method != "POST":
        return _page(request, round_)
    forms = layouts(round_)
    version, kind, basis = _asked(request, forms)
    try:
        ask_for_book(
            round=round_,
            form_version=version,
            binding=kind.binding,
            format=kind.format,
            basis=basis,
            by=request.user,
        )
    except Refused as refusal:
        return _page(request, round_, error=str(refusal), status=409)
    messages.success(request, "Cổng đang làm quyển; có thể rời trang, quyển vẫn được làm tiếp.")
    return redirect("books", code=code)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Stop a book; a GET leads to the list."""
    book = book_for(request.user, code, pk)
    if request.method != "POST":
        return redirect("books", code=code)
    try:
        cancel_book(book=book, by=request.user)
    except Refused as refusal:
        return _page(request, book.round, error=str(refusal), status=409)
    messages.success(request, "Đã hủy quyển; phụ lục đã dựng xong được giữ cho lần sau.")
    return redirect("books", code=code)


@require_safe
def export(request: SignedInRequest, code: str, pk: int) -> HttpResponseBase:
    """Send a finished book, piece by piece, while it may be had."""
    book = book_for(request.user, code, pk)
    if book.state != BookState.DONE or book.expires_at is None:
        raise Http404(f"Quyển này không tải được ({BookState(book.state).label.lower()}).{_WHERE}")
    if book.expires_at <= timezone.now():
        day = localtime(book.expires_at)
        raise Http404(f"Quyển này chỉ tải được đến {day:%H:%M ngày %d/%m/%Y}.{_WHERE}")
    try:
        file = place_of(book).open("rb")
    except FileNotFoundError as missing:
        raise Http404(f"Tệp của quyển này không còn trên máy chủ.{_WHERE}") from missing
    if request.method == "GET":
        record_download(book=book, by=request.user)
    response = FileResponse(file, as_attachment=True, filename=book.name)
    response["Cache-Control"] = "private, no-store"
    return response


_WHERE = " Hãy đặt lại ở trang «Quyển phụ lục» của đợt."


def _asked(
    request: SignedInRequest, forms: Sequence[FormVersion]
) -> tuple[FormVersion | None, Kind, Basis]:
    """Return what is asked for; what the page does not offer is taken for its first choice."""
    found = {one.name: one for one in kinds()}
    kind = found.get(request.POST.get("dang", ""), kinds()[0])
    version = next((one for one in forms if one.code == request.POST.get("bieu")), None)
    asked = request.POST.get("tinh-ca", "")
    return version, kind, Basis(asked) if asked in list(Basis) else Basis.APPROVED


def _page(
    request: SignedInRequest, round_: Round, *, error: str = "", status: int = 200
) -> HttpResponse:
    books = [_shown(book, request.user) for book in books_of(round_)]
    forms = layouts(round_)
    is_moving = any(one.is_moving for one in books)
    news = _news(books)
    told = sha256(news.encode()).hexdigest()[:12]
    is_part = bool(request.htmx) and not request.htmx.history_restore_request
    return render(
        request,
        "rounds/books_list.html" if is_part else "rounds/books.html",
        {
            "round": round_,
            "layouts": forms,
            "layout": forms[0],
            "kinds": kinds(),
            "bases": list(Basis),
            "books": books,
            "is_moving": is_moving,
            "news": news,
            "told": told,
            "has_more_news": is_part and told != request.GET.get("tin"),
            "stands": is_moving and overdue(BOOKS) is not None,
            "error": error,
        },
        status=status,
    )


def _news(books: Sequence[Shown]) -> str:
    """Say what those hear who don't see the list: how the books are that are being made, by
    quarters, and what ended meanwhile; where none is being made, what ended last."""
    moving = [one for one in books if one.is_moving]
    ended = [one for one in books if not one.is_moving]
    last = max(ended, key=lambda one: one.book.moved_at, default=None)
    since = min((one.book.at for one in moving), default=last and last.book.moved_at)
    told = [one for one in ended if since and one.book.moved_at >= since]
    return " ".join(f"{one.said}." for one in (*reversed(told), *reversed(moving)))


def _shown(book: Book, user: User) -> Shown:
    state = BookState.BROKEN if is_silent(book) else BookState(book.state)
    return Shown(
        book=book,
        state=state,
        css=_BADGES[state],
        basis=Basis(book.basis),
        kind=book.binding if book.binding == Binding.BOUND else f"{book.binding}-{book.format}",
        megabytes=f"{max(book.size / 1e6, 0.1):.1f}".replace(".", ","),
        is_taken_up_alone=state is BookState.BROKEN and book.attempts < book.most_attempts,
        may_cancel=state in UNDER_WAY and may_cancel_book(user, book),
        again=_AGAIN.get(state, ""),
    )
