"""Books made by real processes: what is in them, what is made only once, what stays whole."""

import errno
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pypdf import PdfReader
from pytest_django import Settings

from reporting.actions.books import cancel_book, record_download
from reporting.books import Binding, BookState
from reporting.calculations.contributions import Basis
from reporting.documents.books import NO_ROOM, make_next_book, place_of, prune_books
from reporting.documents.drawing import ProcessKilled
from reporting.documents.files import submission_file
from reporting.documents.formats import FORMATS
from reporting.models import Book, ExportRecord, RecordLine, Round, Submission, User
from tests.cast import approved, moved, reviewer_of, stored, submitted
from tests.documents.test_binding import unstamped
from tests.reporting.background import work
from tests.reporting.books_by_hand import asked, book_in, files_below


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def round_(report: Submission, noi_vu_report: Submission, cong_an_report: Submission) -> Round:
    """A round with two reports approved and one that waits."""
    approved(report, {"1.1": "3"})
    approved(noi_vu_report, {"1.1": "4"})
    submitted(cong_an_report, {"1.1": "5"})
    return report.round


def made(round_: Round, by: User, **how: object) -> Book:
    """Ask for a book and have it made."""
    book = asked(round_, by, **how)  # type: ignore[arg-type]
    make_next_book()
    book.refresh_from_db()
    return book


def acts() -> list[str]:
    lines = RecordLine.objects.filter(act__startswith="book-").order_by("pk")
    return [line.act.removeprefix("book-") for line in lines]


def test_a_book_has_the_appendices_of_approved_reports_in_order(
    media: Path, round_: Round, hanh: User
) -> None:
    book = made(round_, hanh)
    assert (book.state, book.done, book.total, book.error) == ("done", 2, 2, "")
    assert book.name == "Quyen_MinhHoa_MH-QUY.pdf"
    content = place_of(book).read_bytes()
    assert len(content) == book.size
    reader = PdfReader(BytesIO(content))
    titles = [str(one.title) for one in reader.outline]  # type: ignore[union-attr]
    assert titles == ["Mục lục", "Sở Công Thương", "Sở Nội vụ"]
    assert "2 phụ lục của các báo cáo đã duyệt." in reader.pages[0].extract_text()
    assert acts() == ["asked", "begun", "done"]
    assert not list((media / "unfinished").iterdir())


def test_a_book_of_several_forms_calls_them_as_the_page_does(
    media: Path, round_: Round, hanh: User
) -> None:
    book = PdfReader(place_of(made(round_, hanh)))
    assert "Phụ lục 2 (PL2-KH-2022)" in " ".join(book.pages[0].extract_text().split())


def test_its_appendices_read_as_the_single_files_do(
    media: Path, round_: Round, report: Submission, hanh: User
) -> None:
    alone = PdfReader(BytesIO(submission_file(stored(report), FORMATS["pdf"], by=hanh).content))
    book = PdfReader(place_of(made(round_, hanh)))
    pages = book.pages[1 : 1 + len(alone.pages)]
    assert [unstamped(page) for page in pages] == [page.extract_text() for page in alone.pages]


def test_a_zip_has_the_single_files_of_all_that_was_handed_in(
    media: Path, round_: Round, cong_an_report: Submission, hanh: User
) -> None:
    book = made(round_, hanh, binding=Binding.ZIP, format="csv", basis=Basis.HANDED_IN)
    assert (book.state, book.total) == ("done", 3)
    single = submission_file(stored(cong_an_report), FORMATS["csv"], by=hanh)
    with ZipFile(place_of(book)) as archive:
        assert len(archive.namelist()) == 3
        assert archive.read(single.name) == single.content


def test_the_files_of_a_zip_are_of_the_time_when_its_last_report_was_approved(
    media: Path, round_: Round, noi_vu_report: Submission, hanh: User
) -> None:
    first, second = (made(round_, hanh, binding=Binding.ZIP, format="csv") for _ in range(2))
    assert first.sha256 == second.sha256
    at = timezone.now() + timedelta(days=2)
    Submission.objects.filter(pk=noi_vu_report.pk).update(state_at=at)
    later = made(round_, hanh, binding=Binding.ZIP, format="csv")
    with ZipFile(place_of(later)) as archive:
        days = {one.date_time[:5] for one in archive.infolist()}
    assert days == {timezone.localtime(at).timetuple()[:5]}


def test_a_file_of_a_zip_that_leaves_for_the_first_time_is_in_the_export_record(
    media: Path, round_: Round, report: Submission, hanh: User
) -> None:
    """Whoever brings one of the files to be verified is told that it is the portal's."""
    single = submission_file(stored(report), FORMATS["pdf"], by=hanh)
    book = made(round_, hanh, binding=Binding.ZIP, format="pdf")
    record_download(book=book, by=hanh)
    record_download(book=book, by=hanh)
    of_zip = ExportRecord.objects.filter(file_name=book.name)
    assert [one.sha256 for one in of_zip] == [book.sha256] * 2
    with ZipFile(place_of(book)) as archive:
        inside = {name: sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    others = ExportRecord.objects.exclude(file_name=book.name)
    assert {one.file_name: one.sha256 for one in others} == inside
    assert len(others) == len(inside) == 2  # the one that had left before is not told again
    assert inside[single.name] == sha256(single.content).hexdigest()
    for one in others:
        assert one.code is not None
        assert one.code.submission == one.submission
        assert one.format == "pdf"


def test_made_again_nothing_is_rendered_and_after_a_change_only_that(
    media: Path, round_: Round, report: Submission, hanh: User
) -> None:
    made(round_, hanh)
    before = files_below(media)
    assert len(before) == 2 + 1
    again = made(round_, hanh)
    assert again.state == BookState.DONE
    assert files_below(media) == before
    assert multiprocessing.active_children() == []

    moved(report, "reopen", by=reviewer_of(report), reason="Sửa số.")
    approved(report, {"1.1": "8"})
    changed = made(round_, hanh)
    after = files_below(media)
    assert {name: after[name] for name in before} == before
    assert sorted(name.split("/")[0] for name in after.keys() - before.keys()) == [
        "books",
        "rendered",
    ]
    assert changed.sha256 != again.sha256


def test_a_report_reopened_before_its_turn_is_left_out(
    media: Path, round_: Round, report: Submission, noi_vu_report: Submission, hanh: User
) -> None:
    book = asked(round_, hanh)
    moved(report, "reopen", by=reviewer_of(report), reason="Sửa số.")
    make_next_book()
    book.refresh_from_db()
    assert (book.state, book.total) == ("done", 1)
    moved(noi_vu_report, "reopen", by=reviewer_of(report), reason="Sửa số.")
    Book.objects.update(state=BookState.WAITING.value)
    make_next_book()
    book.refresh_from_db()
    assert book.state == BookState.FAILED
    assert "Không còn báo cáo nào để đóng quyển" in book.error


def test_the_worker_makes_one_book_a_job(media: Path, round_: Round, hanh: User) -> None:
    for extension in ("csv", "xlsx"):
        asked(round_, hanh, binding=Binding.ZIP, format=extension)
    DBTaskResult.objects.all().delete()
    from reporting.actions.jobs import BINDING, enqueue  # noqa: PLC0415

    enqueue(BINDING)
    work()
    assert {book.state for book in Book.objects.all()} == {"done"}
    jobs = DBTaskResult.objects.filter(task_path=BINDING)
    # One is left for later: it takes up what a killed worker leaves.
    assert sorted(job.status for job in jobs) == ["READY", "SUCCESSFUL", "SUCCESSFUL"]
    assert jobs.get(status="READY").run_after > timezone.now() + timedelta(minutes=2)


def test_a_book_whose_whole_worker_was_killed_is_looked_after_by_a_job(
    media: Path, round_: Round, hanh: User
) -> None:
    asked(round_, hanh, binding=Binding.ZIP, format="csv")
    Book.objects.update(state=BookState.MAKING.value, attempts=1, moved_at=timezone.now())
    DBTaskResult.objects.all().delete()
    make_next_book()
    left = DBTaskResult.objects.get(task_path="reporting.tasks.make_book")
    assert left.run_after > timezone.now() + timedelta(minutes=2)
    Book.objects.update(moved_at=timezone.now() - timedelta(minutes=3))
    make_next_book()
    assert Book.objects.get().state == BookState.DONE


def test_one_report_more_costs_a_few_queries(media: Path, round_: Round, hanh: User) -> None:
    def queries(basis: Basis) -> int:
        asked(round_, hanh, binding=Binding.ZIP, format="csv", basis=basis)
        with CaptureQueriesContext(connection) as found:
            make_next_book()
        return len(found)

    two, three = queries(Basis.APPROVED), queries(Basis.HANDED_IN)
    assert {book.total for book in Book.objects.all()} == {2, 3}
    assert 0 < three - two <= 14


# Stopped, killed, a full disk


def meanwhile(act: Callable[[int], None]) -> threading.Thread:
    """Do ``act`` to the first process that renders, once there is one."""

    def wait() -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if children := multiprocessing.active_children():
                act(children[0].pid or 0)
                return
            time.sleep(0.02)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_a_killed_process_breaks_the_book_off_and_the_next_attempt_makes_it(
    media: Path, round_: Round, hanh: User
) -> None:
    book = asked(round_, hanh)
    killer = meanwhile(lambda pid: os.kill(pid, signal.SIGKILL))
    with pytest.raises(ProcessKilled):
        make_next_book()
    killer.join()
    book.refresh_from_db()
    assert (book.state, book.path) == ("broken", "")
    assert not (media / "books").exists()
    assert not list((media / "unfinished").iterdir())
    make_next_book()
    book.refresh_from_db()
    assert (book.state, book.attempts) == ("done", 2)
    assert acts() == ["asked", "begun", "broken", "begun", "done"]


def test_what_a_killed_worker_left_is_taken_up_and_its_half_files_are_gone(
    media: Path, round_: Round, hanh: User
) -> None:
    book = asked(round_, hanh)
    left = media / "unfinished" / f"book-{book.pk}"
    left.mkdir(parents=True)
    (left / "half").write_bytes(b"%PDF")
    silent = timezone.now() - timedelta(minutes=3)
    Book.objects.update(state=BookState.MAKING.value, attempts=1, moved_at=silent)
    make_next_book()
    book.refresh_from_db()
    assert (book.state, book.attempts) == ("done", 2)
    assert not left.exists()


def test_a_full_disk_fails_the_book_with_a_sentence_and_leaves_nothing(
    media: Path, round_: Round, hanh: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    place_of(made(round_, hanh)).unlink()
    before = files_below(media)

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    book = asked(round_, hanh)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)  # where a full disk shows at last
        with pytest.raises(OSError, match="No space left"):
            make_next_book()
    book.refresh_from_db()
    assert (book.state, book.error, book.path) == ("failed", NO_ROOM, "")
    assert files_below(media) == before
    assert made(round_, hanh).state == BookState.DONE


def test_a_book_stopped_while_it_is_made_offers_nothing(
    media: Path, round_: Round, hanh: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is stopped between its last appendix and its binding, as by another process."""
    book = asked(round_, hanh)
    fsync = os.fsync

    def stopped(handle: int) -> None:
        fsync(handle)
        if Book.objects.get(pk=book.pk).state == BookState.MAKING:
            cancel_book(book=book, by=hanh)

    monkeypatch.setattr(os, "fsync", stopped)
    make_next_book()
    book.refresh_from_db()
    assert (book.state, book.path) == ("cancelled", "")
    assert acts() == ["asked", "begun", "cancelled"]


def test_a_stopped_book_is_not_begun(media: Path, round_: Round, hanh: User) -> None:
    cancel_book(book=asked(round_, hanh), by=hanh)
    make_next_book()
    assert files_below(media) == {}


# Cleared


def test_expired_books_go_and_a_file_that_another_still_offers_stays(
    media: Path, round_: Round, hanh: User
) -> None:
    first, second = made(round_, hanh), made(round_, hanh)
    assert first.path == second.path
    long_ago = timezone.now() - timedelta(hours=2)
    os.utime(place_of(first), (long_ago.timestamp(), long_ago.timestamp()))
    Book.objects.filter(pk=first.pk).update(expires_at=timezone.now())
    assert prune_books() == (1, 0)
    assert place_of(second).exists()
    Book.objects.filter(pk=second.pk).update(expires_at=timezone.now())
    assert prune_books() == (1, 0)
    assert not place_of(second).exists()
    assert {book.state for book in Book.objects.all()} == {"expired"}
    assert acts()[-2:] == ["expired", "expired"]
    assert prune_books() == (0, 0)


def test_a_file_just_made_that_is_not_offered_yet_is_left_alone(
    media: Path, open_quarter: Round
) -> None:
    path = media / "books" / "new.pdf"
    path.parent.mkdir()
    path.write_bytes(b"%PDF")
    prune_books()
    assert path.exists()


def test_pruning_has_a_book_that_was_broken_off_taken_up(
    media: Path, open_quarter: Round, hanh: User
) -> None:
    book_in(BookState.MAKING, open_quarter, hanh, minutes_ago=1)
    prune_books()
    assert not DBTaskResult.objects.filter(task_path__contains="book").exists()
    Book.objects.update(moved_at=timezone.now() - timedelta(minutes=3))
    prune_books()
    assert DBTaskResult.objects.filter(task_path="reporting.tasks.make_book").count() == 1
