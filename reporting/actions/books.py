"""The acts on books: ask for one, stop it; for who makes it: take it, say how far it is, end it.

Who makes a book holds it by its state and its attempt: each step asks whether that still stands, so
that a book that was stopped, or that somebody else took up, is left alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from indicators.models import FormVersion
from reporting.access import may_cancel_book, may_read_round
from reporting.actions.jobs import BINDING, enqueue_on_commit
from reporting.actions.record import About, remember
from reporting.books import PATIENCE, UNDER_WAY, Binding, BookState
from reporting.calculations.contributions import Basis
from reporting.models import Book, ExportRecord, Round, User
from reporting.queries.books import how_many, is_silent, to_be_made, under_way
from reporting.refusals import NothingToBind, NotUnderWay, NotYours
from reporting.tidings import Subject

KEPT_FOR = timedelta(days=7)


class NotOurs(Exception):
    """The book was stopped, or somebody else has taken it up."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One file in a zip, which may be passed on by itself: of which report, under which code."""

    submission: int
    code: int
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Bound:
    """A finished file: under which name people keep it, where it lies, what is in it."""

    name: str
    path: str
    size: int
    sha256: str
    files: Sequence[Enclosed] = ()


@transaction.atomic
def ask_for_book(
    *,
    round: Round,
    form_version: FormVersion | None,
    binding: Binding,
    format: str,
    basis: Basis,
    by: User,
    via: str = "page",
) -> Book:
    """Have a book made, and return it; one of the same content that is being made is that one.

    Raises NotYours, and NothingToBind where no report would be in it.
    """
    if not may_read_round(by, round):
        raise NotYours(f"Chỉ người xem được số liệu toàn tỉnh của {round} mới đặt được quyển này.")
    # Two who ask at the same moment come one after the other.
    Round.objects.select_for_update(no_key=True).get(pk=round.pk)
    found = under_way(round, form_version, binding=binding, format_=format, basis=basis)
    if found is not None:
        found.round = round
        return _taken_up_again(found, by=by, via=via)
    if not how_many(round, form_version, basis):
        raise NothingToBind(_nothing(round, form_version, basis))
    now = timezone.now()
    book = Book.objects.create(
        round=round,
        form_version=form_version,
        binding=binding.value,
        format=format,
        basis=basis.value,
        by=by,
        at=now,
        moved_at=now,
    )
    _remember(book, "book-asked", f"đặt làm {book.what} ({_taken(basis)})", by=by, via=via)
    enqueue_on_commit(BINDING)
    return book


def _nothing(round_: Round, version: FormVersion | None, basis: Basis) -> str:
    of = f" theo biểu {version.code}" if version else ""
    if basis is Basis.APPROVED:
        return (
            f"{round_} chưa có báo cáo nào đã duyệt{of} nên không có gì để đóng quyển. Hãy chọn cả"
            " báo cáo đã gửi, hoặc đặt lại sau khi duyệt."
        )
    return f"{round_} chưa có báo cáo nào gửi về{of} nên không có gì để đóng quyển."


def _taken(basis: Basis) -> str:
    return "báo cáo đã duyệt" if basis is Basis.APPROVED else "cả báo cáo đã gửi, chưa duyệt"


def _taken_up_again(book: Book, *, by: User, via: str) -> Book:
    """Let a book that was broken off wait once more; one that is under way is left alone, and so is
    one that was ended or taken up since it was read."""
    if book.state != BookState.BROKEN and not is_silent(book):
        return book
    won = Book.objects.filter(**_seen(book)).update(
        state=BookState.WAITING.value,
        moved_at=timezone.now(),
        most_attempts=book.attempts + PATIENCE,
    )
    book.refresh_from_db(fields=["state", "moved_at", "most_attempts", "attempts"])
    if won:
        _remember(book, "book-asked", f"làm tiếp {book.what} bị gián đoạn", by=by, via=via)
        enqueue_on_commit(BINDING)
    return book


def _seen(book: Book) -> Mapping[str, object]:
    """Return by what the book is told to stand as it was read."""
    return {name: getattr(book, name) for name in ("pk", "state", "attempts", "moved_at")}


@transaction.atomic
def cancel_book(*, book: Book, by: User, via: str = "page") -> None:
    """Stop a book that waits or is being made. Raises NotYours or NotUnderWay."""
    if not may_cancel_book(by, book):
        raise NotYours("Chỉ người đặt quyển hoặc chuyên viên Sở Nội vụ mới hủy được.")
    states = [state.value for state in UNDER_WAY]
    won = Book.objects.filter(pk=book.pk, state__in=states).update(
        state=BookState.CANCELLED.value, moved_at=timezone.now()
    )
    if not won:
        state = BookState(Book.objects.values_list("state", flat=True).get(pk=book.pk))
        raise NotUnderWay(f"Quyển này đang ở tình trạng «{state.label}» nên không còn gì để hủy.")
    _remember(book, "book-cancelled", f"hủy làm {book.what}", by=by, via=via)


@transaction.atomic
def record_download(*, book: Book, by: User, via: str = "page") -> None:
    """Keep who took the book out. A file in a zip is kept with it when it leaves the portal for the
    first time, so that it is known again when somebody brings it to be verified."""
    out = {"round": book.round, "by": by, "at": timezone.now(), "via": via}
    ExportRecord.objects.create(
        format=book.name.rpartition(".")[2], file_name=book.name, sha256=book.sha256, **out
    )
    files = [Enclosed(**one) for one in book.files]
    hashes = [one.sha256 for one in files]
    known = set(ExportRecord.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    ExportRecord.objects.bulk_create(
        ExportRecord(
            submission_id=one.submission,
            code_id=one.code,
            format=book.format,
            file_name=one.name,
            sha256=one.sha256,
            **out,
        )
        for one in files
        if one.sha256 not in known
    )


# By who makes books


def take_book() -> Book | None:
    """Take the next book to be made, or one whose maker is gone; None where there is none. Of two
    who would take it one gets it."""
    for book in to_be_made().select_related("round__province", "form_version", "by"):
        seen = _seen(book)
        book.state, book.moved_at = BookState.MAKING.value, timezone.now()
        book.attempts, book.done, book.total, book.error = book.attempts + 1, 0, 0, ""
        written = ("state", "moved_at", "attempts", "done", "total", "error")
        with transaction.atomic():
            values = {name: getattr(book, name) for name in written}
            if Book.objects.filter(**seen).update(**values):
                again = f", lần thứ {book.attempts}" if book.attempts > 1 else ""
                _remember(book, "book-begun", f"bắt đầu làm {book.what}{again}")
                return book
    return None


def tell_progress(book: Book, *, done: int, total: int) -> None:
    """Say how far the book is. Raises NotOurs."""
    _step(book, done=done, total=total, moved_at=timezone.now())


@transaction.atomic
def finish_book(book: Book, bound: Bound) -> None:
    """Offer the finished file. Raises NotOurs."""
    now = timezone.now()
    _step(
        book,
        state=BookState.DONE.value,
        moved_at=now,
        name=bound.name,
        path=bound.path,
        size=bound.size,
        sha256=bound.sha256,
        expires_at=now + KEPT_FOR,
        files=[asdict(one) for one in bound.files],
    )
    hash_ = f"mã băm {bound.sha256[:12]}"
    _remember(book, "book-done", f"làm xong {book.what}: {book.total} phụ lục, {hash_}")


@transaction.atomic
def fail_book(book: Book, sentence: str) -> None:
    """Give the book up; ``sentence`` says why. Raises NotOurs."""
    _step(book, state=BookState.FAILED.value, moved_at=timezone.now(), error=sentence)
    _remember(book, "book-failed", f"không làm được {book.what}", reason=sentence)


@transaction.atomic
def break_off_book(book: Book) -> None:
    """Leave the book to the next attempt: a process that helped to make it was killed. Raises
    NotOurs."""
    sentence = "Một tiến trình dựng phụ lục bị dừng đột ngột."
    _step(book, state=BookState.BROKEN.value, moved_at=timezone.now(), error=sentence)
    _remember(book, "book-broken", f"đang làm {book.what} thì gián đoạn", reason=sentence)


@transaction.atomic
def expire_book(book: Book, now: datetime) -> bool:
    """Offer the file no more, if its days are over; say whether they were."""
    ripe = Book.objects.filter(pk=book.pk, state=BookState.DONE.value, expires_at__lte=now)
    if not ripe.update(state=BookState.EXPIRED.value, moved_at=now):
        return False
    _remember(book, "book-expired", f"hết hạn tải {book.what}", via="command")
    return True


def _step(book: Book, **values: object) -> None:
    """Write how the book stands, if it is still held by who makes it."""
    held = Book.objects.filter(pk=book.pk, state=BookState.MAKING.value, attempts=book.attempts)
    if not held.update(**values):
        raise NotOurs(f"{book} is made no more, or by somebody else.")
    for name, value in values.items():
        setattr(book, name, value)


def _remember(
    book: Book, act: str, what: str, *, by: User | None = None, via: str = "job", reason: str = ""
) -> None:
    about = About(province=book.round.province, round=book.round)
    remember(Subject.ROUND, act, what, by=by, via=via, about=about, reason=reason)
