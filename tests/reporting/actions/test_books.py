"""The acts on books: one of a content at a time, taken by one, stopped, told in the record."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks

from reporting.actions.books import (
    KEPT_FOR,
    Bound,
    NotOurs,
    ask_for_book,
    break_off_book,
    cancel_book,
    expire_book,
    fail_book,
    finish_book,
    take_book,
    tell_progress,
)
from reporting.books import PATIENCE, UNDER_WAY, Binding, BookState
from reporting.calculations.contributions import Basis
from reporting.models import Book, RecordLine, Round, Submission, User
from reporting.refusals import NothingToBind, NotUnderWay, NotYours
from tests.cast import approved, form, submitted
from tests.reporting.books_by_hand import asked, book_in

BOUND = Bound(name="Quyen_MH-QUY.pdf", path="books/a.pdf", size=7, sha256="ab" * 32)


def told(round_: Round) -> list[tuple[str, str | None]]:
    """Return what the record tells of books, and who did it."""
    lines = RecordLine.objects.filter(round=round_, act__startswith="book-").order_by("pk")
    return [(line.act, line.by.username if line.by else None) for line in lines]


def taken() -> Book:
    book = take_book()
    assert book is not None
    return book


def test_a_book_is_asked_for_and_its_making_is_put_into_the_queue(
    report: Submission,
    dat: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    approved(report, {"1.1": "3"})
    with django_capture_on_commit_callbacks(execute=True):
        book = asked(report.round, dat)
    assert (book.state, book.by, book.path) == ("waiting", dat, "")
    assert [job.task_path for job in DBTaskResult.objects.filter(task_path__contains="book")] == [
        "reporting.tasks.make_book"
    ]
    assert told(report.round) == [("book-asked", "dat")]
    what = RecordLine.objects.get(act="book-asked").what
    assert what == "đặt làm quyển phụ lục PDF, mọi biểu mẫu (báo cáo đã duyệt)"


def test_who_asks_for_what_is_being_made_gets_that_one(
    report: Submission, hanh: User, dat: User
) -> None:
    approved(report, {"1.1": "3"})
    first = asked(report.round, dat)
    assert asked(report.round, hanh) == first
    taken()
    assert asked(report.round, hanh) == first
    others = [
        asked(report.round, hanh, binding=Binding.ZIP, format="xlsx"),
        asked(report.round, hanh, binding=Binding.ZIP, format="pdf"),
        asked(report.round, hanh, basis=Basis.HANDED_IN),
    ]
    assert len({first, *others}) == 4
    assert told(report.round)[:2] == [("book-asked", "dat"), ("book-begun", None)]


def test_of_one_form_is_another_book(report: Submission, hanh: User) -> None:
    approved(report, {"1.1": "3"})
    whole = asked(report.round, hanh)
    kept = {
        "round": report.round, "binding": Binding.BOUND, "format": "pdf", "basis": Basis.APPROVED,
    }  # fmt: skip
    of_one = ask_for_book(form_version=form("PL2-KH-2022"), by=hanh, **kept)  # type: ignore[arg-type]
    assert of_one != whole
    assert ask_for_book(form_version=form("PL2-KH-2022"), by=hanh, **kept) == of_one  # type: ignore[arg-type]


@pytest.mark.parametrize("state", sorted(UNDER_WAY))
def test_the_database_refuses_a_second_one_of_the_same_content(
    open_quarter: Round, hanh: User, state: BookState
) -> None:
    book_in(BookState(state), open_quarter, hanh)
    with pytest.raises(IntegrityError), transaction.atomic():
        book_in(BookState.WAITING, open_quarter, hanh)
    for ended in set(BookState) - UNDER_WAY - {BookState.DONE}:
        book_in(ended, open_quarter, hanh)


def test_a_round_without_reports_has_nothing_to_bind(report: Submission, hanh: User) -> None:
    with pytest.raises(NothingToBind, match="chưa có báo cáo nào gửi về"):
        asked(report.round, hanh, basis=Basis.HANDED_IN)
    submitted(report, {"1.1": "3"})
    with pytest.raises(NothingToBind, match="chưa có báo cáo nào đã duyệt nên"):
        asked(report.round, hanh)
    with pytest.raises(NothingToBind, match="theo biểu PL2-XA-QN-2022"):
        ask_for_book(
            round=report.round,
            form_version=form("PL2-XA-QN-2022"),
            binding=Binding.BOUND,
            format="pdf",
            basis=Basis.HANDED_IN,
            by=hanh,
        )
    assert not Book.objects.exists()
    asked(report.round, hanh, basis=Basis.HANDED_IN)


def test_who_sees_no_whole_round_asks_for_none(report: Submission, hoa: User, khac: User) -> None:
    approved(report, {"1.1": "3"})
    for stranger in (hoa, khac):
        with pytest.raises(NotYours):
            asked(report.round, stranger)
    assert not Book.objects.exists()


# Stopped


@pytest.mark.parametrize("state", sorted(UNDER_WAY))
def test_what_is_under_way_is_stopped(open_quarter: Round, hanh: User, state: BookState) -> None:
    book = book_in(BookState(state), open_quarter, hanh)
    cancel_book(book=book, by=hanh)
    book.refresh_from_db()
    assert book.state == BookState.CANCELLED
    assert told(open_quarter) == [("book-cancelled", "hanh")]


@pytest.mark.parametrize("state", sorted(set(BookState) - UNDER_WAY))
def test_what_has_ended_is_not_stopped(open_quarter: Round, hanh: User, state: BookState) -> None:
    book = book_in(BookState(state), open_quarter, hanh)
    with pytest.raises(NotUnderWay, match=BookState(state).label):
        cancel_book(book=book, by=hanh)
    book.refresh_from_db()
    assert book.state == state
    assert told(open_quarter) == []


def test_a_viewer_stops_only_what_they_asked_for(
    open_quarter: Round, hanh: User, dat: User
) -> None:
    book = book_in(BookState.WAITING, open_quarter, hanh)
    with pytest.raises(NotYours):
        cancel_book(book=book, by=dat)
    Book.objects.update(by=dat)
    book.refresh_from_db()
    cancel_book(book=book, by=dat)


# Made


def test_a_book_is_taken_by_one_and_told_step_by_step(open_quarter: Round, hanh: User) -> None:
    book_in(BookState.WAITING, open_quarter, hanh)
    book = taken()
    assert take_book() is None
    tell_progress(book, done=1, total=4)
    stored = Book.objects.get()
    assert (stored.state, stored.attempts, stored.done, stored.total) == ("making", 1, 1, 4)
    finish_book(book, BOUND)
    stored.refresh_from_db()
    assert (stored.state, stored.path, stored.sha256) == ("done", BOUND.path, BOUND.sha256)
    assert stored.expires_at is not None
    assert abs(stored.expires_at - timezone.now() - KEPT_FOR) < timedelta(minutes=1)
    assert told(open_quarter) == [("book-begun", None), ("book-done", None)]
    assert take_book() is None


def test_what_nobody_has_begun_comes_before_what_broke_off(open_quarter: Round, hanh: User) -> None:
    broken = book_in(BookState.BROKEN, open_quarter, hanh)
    fresh = Book.objects.create(
        round=open_quarter, binding="zip", format="csv", basis="duyet", by=hanh,
        at=broken.at, moved_at=broken.at,
    )  # fmt: skip
    assert [taken().pk, taken().pk] == [fresh.pk, broken.pk]


def test_one_whose_maker_is_silent_is_taken_up_again_and_the_first_maker_may_not_end_it(
    open_quarter: Round, hanh: User
) -> None:
    book_in(BookState.WAITING, open_quarter, hanh)
    first = taken()
    Book.objects.update(moved_at=timezone.now() - timedelta(minutes=1))
    assert take_book() is None
    Book.objects.update(moved_at=timezone.now() - timedelta(minutes=3))
    second = taken()
    assert second.attempts == 2
    steps: tuple[Callable[[], None], ...] = (
        lambda: tell_progress(first, done=3, total=4),
        lambda: finish_book(first, BOUND),
        lambda: fail_book(first, "Lỗi."),
        lambda: break_off_book(first),
    )
    for act in steps:
        with pytest.raises(NotOurs):
            act()
    assert Book.objects.get().state == BookState.MAKING
    assert told(open_quarter) == [("book-begun", None), ("book-begun", None)]
    finish_book(second, BOUND)


def test_asking_again_undoes_nothing_that_was_done_since_it_was_read(
    open_quarter: Round, hanh: User, dat: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    book_in(BookState.BROKEN, open_quarter, hanh)
    read = Book.objects.get()
    cancel_book(book=Book.objects.get(), by=hanh)
    monkeypatch.setattr("reporting.actions.books.under_way", lambda *_, **__: read)
    assert asked(open_quarter, dat).state == BookState.CANCELLED
    assert Book.objects.get().state == BookState.CANCELLED


def test_who_asks_again_takes_the_book_from_its_silent_maker(
    open_quarter: Round, hanh: User, dat: User
) -> None:
    book_in(BookState.WAITING, open_quarter, hanh)
    first = taken()
    Book.objects.update(moved_at=timezone.now() - timedelta(minutes=3))
    asked(open_quarter, dat)
    second = taken()
    with pytest.raises(NotOurs):
        finish_book(first, BOUND)
    finish_book(second, BOUND)


def test_a_stopped_book_is_ours_no_more(open_quarter: Round, hanh: User) -> None:
    book_in(BookState.WAITING, open_quarter, hanh)
    book = taken()
    cancel_book(book=Book.objects.get(), by=hanh)
    with pytest.raises(NotOurs):
        tell_progress(book, done=1, total=4)
    with pytest.raises(NotOurs):
        finish_book(book, BOUND)
    assert Book.objects.get().state == BookState.CANCELLED


def test_one_that_breaks_off_again_and_again_waits_until_somebody_asks(
    open_quarter: Round, report: Submission, hanh: User, dat: User
) -> None:
    approved(report, {"1.1": "3"})
    asked(open_quarter, hanh)
    for _ in range(PATIENCE):
        break_off_book(taken())
    assert take_book() is None
    again = asked(open_quarter, dat)
    assert (again.pk, again.state) == (Book.objects.get().pk, "waiting")
    # Its number only grows: whoever made it before holds it no more.
    assert taken().attempts == PATIENCE + 1
    assert told(open_quarter)[-2:] == [("book-asked", "dat"), ("book-begun", None)]


def test_a_failed_book_says_why_and_is_asked_for_anew(report: Submission, hanh: User) -> None:
    approved(report, {"1.1": "3"})
    asked(report.round, hanh)
    fail_book(taken(), "Máy chủ hết chỗ.")
    failed = Book.objects.get()
    assert (failed.state, failed.error) == ("failed", "Máy chủ hết chỗ.")
    assert RecordLine.objects.get(act="book-failed").reason == "Máy chủ hết chỗ."
    assert take_book() is None
    assert asked(report.round, hanh) != failed


def test_a_book_expires_once_and_not_before_its_time(open_quarter: Round, hanh: User) -> None:
    book = book_in(BookState.DONE, open_quarter, hanh)
    assert not expire_book(book, timezone.now())
    later = timezone.now() + timedelta(days=8)
    assert expire_book(book, later)
    assert not expire_book(book, later)
    assert told(open_quarter) == [("book-expired", None)]
