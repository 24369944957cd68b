"""The page of books: asked for, seen being made, downloaded while that may be."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from reporting.actions.jobs import BOOKS
from reporting.books import BookState
from reporting.documents.formats import FORMATS
from reporting.models import Book, ExportRecord, Round, Submission, User
from tests.cast import approved
from tests.reporting.background import job
from tests.reporting.books_by_hand import CONTENT, book_in, offered
from tests.reporting.files_by_hand import ended
from tests.reporting.views.pages import text_of

PAGE = "/dot/MH-QUY/quyen/"


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def hanhs(client: Client, hanh: User) -> Client:
    client.force_login(hanh)
    return client


def shown(client: Client, *, htmx: bool = False) -> str:
    response = client.get(PAGE, headers={"HX-Request": "true"} if htmx else {})
    assert response.status_code == 200
    return response.content.decode()


def test_a_book_is_asked_for_on_the_page_and_stands_there(
    report: Submission, hanhs: Client
) -> None:
    assert "Chưa đặt quyển nào." in shown(hanhs)
    approved(report, {"1.1": "3"})
    posted = {"dang": "zip-xlsx", "bieu": "PL2-KH-2022", "tinh-ca": "gui"}
    answer = hanhs.post(PAGE, posted)
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    book = Book.objects.get()
    assert book.form_version is not None
    assert (book.binding, book.format, book.basis, book.form_version.code) == (
        "zip", "xlsx", "gui", "PL2-KH-2022",
    )  # fmt: skip
    words = text_of(shown(hanhs))
    assert "PL2-KH-2022 · cả báo cáo đã gửi, chưa duyệt" in words
    assert "Trần Minh Hạnh đặt lúc" in words
    assert "Chờ làm" in words


def test_every_format_is_offered_and_the_first_choice_is_a_bound_book_of_all(
    report: Submission, hanhs: Client
) -> None:
    page = shown(hanhs)
    for extension in FORMATS:
        assert f'value="zip-{extension}"' in page
    approved(report, {"1.1": "3"})
    hanhs.post(PAGE, {"dang": "exe", "bieu": "khong-co", "tinh-ca": "x"})
    book = Book.objects.get()
    assert (book.binding, book.format, book.basis, book.form_version) == (
        "quyen", "pdf", "duyet", None,
    )  # fmt: skip


def test_a_round_without_reports_is_told_so(report: Submission, hanhs: Client) -> None:
    answer = hanhs.post(PAGE, {})
    assert answer.status_code == 409
    assert "chưa có báo cáo nào đã duyệt nên không có gì để đóng quyển" in answer.content.decode()
    assert not Book.objects.exists()


@pytest.mark.parametrize(
    ("state", "minutes", "words"),
    [
        (BookState.WAITING, 0, "Chờ làm"),
        (BookState.MAKING, 0, "Đang làm 2/4 phụ lục"),
        (BookState.MAKING, 3, "Gián đoạn Dừng giữa chừng khi đã xong 2/4 phụ lục"),
        (
            BookState.BROKEN,
            0,
            "Cổng sẽ tự làm tiếp, muộn nhất là trong đêm; bấm «Làm tiếp» để làm ngay.",
        ),
        (BookState.DONE, 0, "Xong 4 phụ lục Quyen_MH-QUY.pdf 0,1 MB, tải được đến"),
        (BookState.FAILED, 0, "Không làm được Máy chủ hết chỗ."),
        (BookState.CANCELLED, 0, "Đã hủy"),
        (BookState.EXPIRED, 0, "Hết hạn tải"),
    ],
)
def test_each_state_is_told_with_what_can_be_done(
    open_quarter: Round, hanhs: Client, hanh: User, state: BookState, minutes: int, words: str
) -> None:
    book_in(state, open_quarter, hanh, minutes_ago=minutes)
    page = shown(hanhs)
    assert words in text_of(page)
    is_moving = state in {BookState.WAITING, BookState.MAKING, BookState.BROKEN}
    assert ('data-hx-trigger="every 2s"' in page) is is_moving
    assert ("htmx-config" in page) is is_moving
    can_stop = state in {BookState.WAITING, BookState.MAKING, BookState.BROKEN}
    assert ("/huy/" in page) is can_stop
    may_ask = state in {BookState.BROKEN, BookState.FAILED, BookState.EXPIRED} or minutes > 0
    assert (">Làm tiếp<" in page or ">Đặt lại<" in page) is may_ask


def test_while_it_is_made_only_the_list_is_drawn_again(
    open_quarter: Round, hanhs: Client, hanh: User
) -> None:
    book = book_in(BookState.MAKING, open_quarter, hanh)
    part = shown(hanhs, htmx=True)
    assert part.startswith('<div id="quyen" data-hx-get=')
    assert "<html" not in part
    Book.objects.filter(pk=book.pk).update(state=BookState.CANCELLED.value)
    assert shown(hanhs, htmx=True).startswith('<div id="quyen">')


def test_what_has_the_focus_keeps_its_id_from_one_drawing_to_the_next(
    open_quarter: Round, hanhs: Client, hanh: User
) -> None:
    """By it htmx gives the focus back."""
    made, failed = (
        book_in(state, open_quarter, hanh).pk for state in (BookState.DONE, BookState.FAILED)
    )
    book = book_in(BookState.MAKING, open_quarter, hanh)
    ids = [f"tai-{made}", f"lai-{failed}", f"huy-{book.pk}"]
    for done in (2, 3):
        Book.objects.filter(pk=book.pk).update(done=done)
        part = shown(hanhs, htmx=True)
        assert sorted(re.findall(r'<(?:a|button)[^>]* id="([^"]+)"', part)) == sorted(ids)
        assert part.count("<button") + part.count("<a ") == len(ids)


def test_news_are_told_once(open_quarter: Round, hanhs: Client, hanh: User) -> None:
    book = book_in(BookState.MAKING, open_quarter, hanh)
    said = "Quyển phụ lục PDF, mọi biểu mẫu: đang làm, được 50 phần trăm."
    page = shown(hanhs)
    assert f'role="status">{said}</p>' in page
    assert "data-hx-swap-oob" not in page

    def asked_again() -> str:
        [path] = re.findall(r'data-hx-get="([^"]+)"', page)
        return hanhs.get(path, headers={"HX-Request": "true"}).content.decode()

    Book.objects.update(total=9, done=5)  # more than half still, and less than three quarters
    part = asked_again()
    assert "5/9 phụ lục" in part
    assert "data-hx-swap-oob" not in part
    Book.objects.filter(pk=book.pk).update(done=7)
    assert 'data-hx-swap-oob="innerHTML">Quyển phụ lục PDF, mọi biểu mẫu: đang làm, được 75' in (
        asked_again()
    )
    Book.objects.filter(pk=book.pk).update(state=BookState.CANCELLED.value)
    assert "PDF, mọi biểu mẫu: đã hủy.</p>" in asked_again()


def test_what_ended_while_another_is_made_is_among_the_news(
    open_quarter: Round, hanhs: Client, hanh: User
) -> None:
    book_in(BookState.CANCELLED, open_quarter, hanh, minutes_ago=60)
    ended = book_in(BookState.DONE, open_quarter, hanh, minutes_ago=5)
    book_in(BookState.WAITING, open_quarter, hanh, minutes_ago=10)
    what = "Quyển phụ lục PDF, mọi biểu mẫu"
    assert f'role="status">{what}: xong. {what}: chờ làm.</p>' in shown(hanhs)
    Book.objects.filter(pk=ended.pk).update(moved_at=timezone.now() - timedelta(hours=1))
    assert f'role="status">{what}: chờ làm.</p>' in shown(hanhs)


def test_what_broke_off_is_asked_for_again_with_the_same_choices(
    report: Submission, hanhs: Client, hanh: User
) -> None:
    approved(report, {"1.1": "3"})
    book = book_in(BookState.BROKEN, report.round, hanh)
    assert '<input type="hidden" name="dang" value="quyen">' in shown(hanhs)
    hanhs.post(PAGE, {"dang": "quyen", "bieu": "", "tinh-ca": "duyet"})
    book.refresh_from_db()
    assert (book.state, Book.objects.count()) == ("waiting", 1)


def test_where_no_worker_runs_the_page_says_so(
    open_quarter: Round, hanhs: Client, hanh: User
) -> None:
    from django_tasks import TaskResultStatus  # noqa: PLC0415

    book_in(BookState.WAITING, open_quarter, hanh)
    assert "Việc nền đang chờ quá 5 phút" not in shown(hanhs)
    job(TaskResultStatus.READY, minutes_ago=6)  # a letter, which another worker may send
    assert "Việc nền đang chờ quá 5 phút" not in shown(hanhs)
    job(TaskResultStatus.READY, minutes_ago=6, queue=BOOKS)
    assert "Việc nền đang chờ quá 5 phút" in shown(hanhs)


def test_a_viewer_stops_their_own_book_and_no_other(
    open_quarter: Round, client: Client, hanh: User, dat: User
) -> None:
    client.force_login(dat)
    book = book_in(BookState.WAITING, open_quarter, hanh)
    assert "/huy/" not in shown(client)
    assert client.post(f"{PAGE}{book.pk}/huy/").status_code == 409
    Book.objects.update(by=dat)
    assert client.post(f"{PAGE}{book.pk}/huy/").headers["Location"] == PAGE
    assert Book.objects.get().state == BookState.CANCELLED
    again = client.post(f"{PAGE}{book.pk}/huy/")
    assert again.status_code == 409
    assert "«Đã hủy» nên không còn gì để hủy" in again.content.decode()


# Downloaded


def content_of(response: HttpResponseBase) -> bytes:
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    ended(response)
    return content


def test_a_finished_book_is_downloaded_and_that_is_recorded(
    open_quarter: Round, client: Client, hanh: User, dat: User
) -> None:
    book = offered(open_quarter, hanh)
    client.force_login(dat)
    response = client.get(f"{PAGE}{book.pk}/tep/")
    assert content_of(response) == CONTENT
    assert response.headers["Content-Disposition"] == 'attachment; filename="Quyen_MH-QUY.pdf"'
    assert response.headers["Cache-Control"] == "private, no-store"
    record = ExportRecord.objects.get()
    assert (record.by, record.round, record.sha256) == (dat, open_quarter, book.sha256)
    assert (record.format, record.file_name) == ("pdf", "Quyen_MH-QUY.pdf")
    journal = text_of(client.get("/nhat-ky/").content.decode())
    assert "tải quyển phụ lục PDF (Quyen_MH-QUY.pdf)" in journal


def test_a_link_that_is_over_says_until_when_it_was_good(
    open_quarter: Round, hanhs: Client, hanh: User
) -> None:
    book = offered(open_quarter, hanh)
    over = timezone.now() - timedelta(minutes=1)
    Book.objects.update(expires_at=over)
    response = hanhs.get(f"{PAGE}{book.pk}/tep/")
    assert response.status_code == 404
    day = timezone.localtime(over)
    assert f"chỉ tải được đến {day:%H:%M ngày %d/%m/%Y}" in response.content.decode()
    assert not ExportRecord.objects.exists()


@pytest.mark.parametrize("state", sorted(set(BookState) - {BookState.DONE}))
def test_what_is_not_finished_or_is_gone_is_not_downloaded(
    open_quarter: Round, hanhs: Client, hanh: User, state: BookState
) -> None:
    book = book_in(BookState(state), open_quarter, hanh)
    response = hanhs.get(f"{PAGE}{book.pk}/tep/")
    assert response.status_code == 404
    assert BookState(state).label.lower() in response.content.decode()


def test_a_file_that_is_no_longer_there_is_a_sentence(
    open_quarter: Round, hanhs: Client, hanh: User
) -> None:
    book = book_in(BookState.DONE, open_quarter, hanh)
    response = hanhs.get(f"{PAGE}{book.pk}/tep/")
    assert response.status_code == 404
    assert "không còn trên máy chủ" in response.content.decode()
    assert not ExportRecord.objects.exists()


def test_a_book_of_another_round_is_none_of_this_one(
    open_quarter: Round, client: Client, hanh: User, khac: User
) -> None:
    book = offered(open_quarter, hanh)
    client.force_login(khac)
    assert client.get(f"{PAGE}{book.pk}/tep/").status_code == 404
    client.force_login(hanh)
    assert client.get(f"{PAGE}{book.pk + 1}/tep/").status_code == 404


def test_the_page_costs_the_same_for_many_books(
    open_quarter: Round,
    hanhs: Client,
    hanh: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    book_in(BookState.DONE, open_quarter, hanh)
    shown(hanhs)
    with django_assert_num_queries(6):
        shown(hanhs)
    for state in (BookState.DONE, BookState.FAILED, BookState.CANCELLED):
        book_in(state, open_quarter, hanh)
    with django_assert_num_queries(6):
        shown(hanhs)
