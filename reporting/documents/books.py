"""Books made: reports laid out, what is not on the shelf yet rendered, all of it bound together."""

import errno
import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.utils import timezone

from indicators.models import FormVersion
from reporting.actions.books import (
    Bound,
    Enclosed,
    NotOurs,
    break_off_book,
    expire_book,
    fail_book,
    finish_book,
    take_book,
    tell_progress,
)
from reporting.actions.jobs import BINDING, enqueue, enqueue_later
from reporting.books import Binding, BookState
from reporting.calculations.contributions import Basis
from reporting.documents.binding import Chapter, Leaf, TitlePage, bind, numbered, zip_together
from reporting.documents.drawing import LEAVES, NotDrawn, ProcessKilled, Work, drawn
from reporting.documents.edition import edition
from reporting.documents.files import paper_of_submission
from reporting.documents.formats import FORMATS
from reporting.documents.names import book_stem
from reporting.documents.shelf import Shelf, written_whole
from reporting.models import Book, Submission
from reporting.printing.identity import hash_of, hash_of_parts
from reporting.queries.books import SILENT_AFTER, reports_of_book, to_be_made

logger = logging.getLogger(__name__)

# What nobody asked for in so long is rendered again when somebody does.
UNUSED_FOR = timedelta(days=30)
MOST_BYTES = 2 * 1024**3
# No book is made for as long.
_LEFT_BEHIND = timedelta(days=1)
_JUST_MADE = timedelta(hours=1)
_A_LITTLE = timedelta(minutes=1)
TELL_FOUND = frozenset(each.extension for each in FORMATS.values() if each.tells_found)
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
NO_ROOM = (
    "Máy chủ không còn chỗ để ghi tệp nên quyển chưa làm được; phần ghi dở đã xóa. Hãy báo quản trị"
    " hệ thống dọn ổ đĩa rồi đặt lại."
)
_NOTHING = (
    "Không còn báo cáo nào để đóng quyển: các báo cáo đã được mở lại hoặc rút về sau khi đặt. Hãy"
    " đặt lại khi có báo cáo được duyệt."
)
_FAULT = "Cổng gặp lỗi khi làm quyển này. Hãy đặt lại; nếu vẫn lỗi, báo quản trị hệ thống."


class _Nothing(Exception):
    """No report of the round is left that goes into the book."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One appendix of a book: whose it is, of which report and under which code, by which form,
    since when the report stands as it does, and where its file is or will be."""

    name: str
    submission: int
    code: int
    form: str
    since: datetime
    file_name: str
    key: str
    place: Path


def shelf() -> Shelf:
    return Shelf(Path(settings.MEDIA_ROOT))


def place_of(book: Book) -> Path:
    """Return where the file of a finished book lies."""
    return shelf().root / book.path


def make_next_book() -> None:
    """Make the book that waits longest, if there is one; see to it that the others come next.

    Raises what should leave its trace with the job. The book then is failed or broken off, and says
    so; nothing half written is left.
    """
    book = take_book()
    if book is not None or Book.objects.filter(state=BookState.MAKING.value).exists():
        # Should the maker be killed with all of its process, somebody looks after the book.
        enqueue_later(BINDING, SILENT_AFTER + _A_LITTLE)
    if book is None:
        return
    try:
        finish_book(book, _made(book))
    except NotOurs as why:
        logger.info("%s", why)
    except _Nothing:
        _end(book, _NOTHING)
    except ProcessKilled:
        with suppress(NotOurs):
            break_off_book(book)
        raise
    except Exception as fault:
        _end(book, _why(fault))
        raise
    finally:
        if to_be_made().filter(state=BookState.WAITING.value).exists():
            enqueue(BINDING)


def _end(book: Book, sentence: str) -> None:
    """Give the book up, unless it was stopped meanwhile."""
    with suppress(NotOurs):
        fail_book(book, sentence)


def _why(fault: Exception) -> str:
    """Return what people are told of a fault."""
    if isinstance(fault, NotDrawn):
        return f"Không dựng được phụ lục của {fault}. Hãy báo quản trị hệ thống."
    return NO_ROOM if isinstance(fault, OSError) and fault.errno in _NO_ROOM else _FAULT


def _made(book: Book) -> Bound:
    """Make the book's file, as far as it is not there from an earlier making. Raises NotOurs as
    soon as the book is stopped."""
    on = shelf()
    with on.unfinished(f"book-{book.pk}") as folder:
        parts = _parts_rendered(book, folder)
        extension = "pdf" if book.binding == Binding.BOUND else "zip"
        page = _title_page(book, len(parts))
        told = [text for part in parts for text in (part.name, part.form, part.file_name, part.key)]
        # Of a zip, when its files are from: as long as the reports stand, it is the same file.
        since = timezone.localtime(max(part.since for part in parts)).replace(microsecond=0)
        if book.binding == Binding.ZIP:
            told.append(since.isoformat())
        key = hash_of_parts(
            [edition(), book.binding, page.title, page.subtitle, page.notice, *told]
        )
        place = on.book(key, extension)
        if not on.found(place):
            with written_whole(place, within=folder) as target:
                if book.binding == Binding.BOUND:
                    bind(target, page, _chapters(parts))
                else:
                    files = ((part.file_name, part.place.read_bytes()) for part in parts)
                    zip_together(target, files, at=since)
    return Bound(
        name=f"{_stem(book)}.{extension}",
        path=str(place.relative_to(on.root)),
        size=place.stat().st_size,
        sha256=_digest(place),
        files=() if book.binding == Binding.BOUND else [_enclosed(part) for part in parts],
    )


def _enclosed(part: _Part) -> Enclosed:
    return Enclosed(part.submission, part.code, part.file_name, _digest(part.place))


def _digest(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Progress:
    """How far a making is; told at most once a second, and always at the end."""

    def __init__(self, book: Book, total: int) -> None:
        self.book, self.total, self.done = book, total, 0
        self.tell()

    def one_less(self) -> None:
        self.total -= 1

    def one_done(self) -> None:
        self.done += 1
        if self.done >= self.total or monotonic() >= self._told + 1:
            self.tell()

    def tell(self) -> None:
        """Raises NotOurs."""
        tell_progress(self.book, done=self.done, total=self.total)
        self._told = monotonic()


def _parts_rendered(book: Book, folder: Path) -> Sequence[_Part]:
    """Return the parts of the book in its order, all on the shelf; say how far it is."""
    reports = reports_of_book(book)
    progress = _Progress(book, len(reports))
    states = {state.value for state in Basis(book.basis).states}
    way = LEAVES if book.binding == Binding.BOUND else book.format
    parts: list[_Part] = []

    def missing() -> Iterator[Work]:
        """Lay the reports out one by one while others are being rendered."""
        for report in reports:
            part, work = _part_of(report, way)
            if report.state not in states:  # it was reopened while the others were laid out
                progress.one_less()
                continue
            parts.append(part)
            if shelf().found(part.place):
                progress.one_done()
            else:
                yield work

    for _ in drawn(missing(), within=folder):
        progress.one_done()
    if not parts:
        raise _Nothing
    progress.tell()
    names = numbered(part.file_name for part in parts)
    return [replace(part, file_name=name) for part, name in zip(parts, names, strict=True)]


def _part_of(report: Submission, way: str) -> tuple[_Part, Work]:
    """Lay a report out as it stands now; return what of it goes into the book, and the work to be
    done where that is not on the shelf."""
    paper = paper_of_submission(report, tells_found=way in TELL_FOUND)
    key = hash_of_parts([edition(), way, hash_of(paper.appendix)])
    extension = "pdf" if way == LEAVES else way
    place = shelf().rendered(key, extension)
    version = report.form_version
    form = _as_chosen(version)
    name = f"{paper.stem}.{extension}"
    part = _Part(
        name=report.whose,
        submission=report.pk,
        code=paper.code.pk,
        form=form,
        since=report.state_at,
        file_name=name,
        key=key,
        place=place,
    )
    return part, Work(report.whose, paper.appendix, way, place)


def _as_chosen(version: FormVersion) -> str:
    """Call a form as the page calls it where a book is asked for."""
    label = version.appendix_label
    return f"{label} ({version.code})" if label else version.code


def _title_page(book: Book, count: int) -> TitlePage:
    round_ = book.round
    taken = "đã duyệt" if Basis(book.basis) is Basis.APPROVED else "đã gửi, kể cả chưa duyệt"
    said = f"{count} phụ lục của các báo cáo {taken}. {round_.notice}".strip()
    title = f"Phụ lục của các đơn vị, {round_.province.name}"
    return TitlePage(title=title, subtitle=round_.name, notice=said)


def _chapters(parts: Sequence[_Part]) -> Sequence[Chapter]:
    return [
        Chapter(form, [Leaf(part.name, part.place) for part in of])
        for form, of in groupby(parts, lambda part: part.form)
    ]


def _stem(book: Book) -> str:
    what = "" if book.binding == Binding.BOUND else book.format.upper()
    return book_stem(book.form_version, book.round, what)


def prune_books() -> tuple[int, int]:
    """Take expired books off, and of the shelf what is long unused or too much; have books that
    were broken off taken up again. Return how many books and how many appendices are gone."""
    on, now = shelf(), timezone.now()
    gone = 0
    ripe = Book.objects.filter(state=BookState.DONE.value, expires_at__lte=now)
    for book in ripe.select_related("round__province", "form_version"):
        if expire_book(book, now):
            gone += 1
    _take_off_books_nobody_may_have(on, now)
    on.clear_unfinished(now - _LEFT_BEHIND)
    cleared = on.clear_rendered(now, unused_for=UNUSED_FOR, most_bytes=MOST_BYTES)
    if to_be_made().exists():
        enqueue(BINDING)
    return gone, cleared


def _take_off_books_nobody_may_have(on: Shelf, now: datetime) -> None:
    """Books of the same content share a file: it goes with the last that offers it. One just made
    may be about to be offered."""
    offered = set(Book.objects.filter(state=BookState.DONE.value).values_list("path", flat=True))
    for path in on.books(before=now - _JUST_MADE):
        if str(path.relative_to(on.root)) not in offered:
            path.unlink(missing_ok=True)
