"""The page of notices: whose they are, the way to their pages, what was read."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from reporting.actions.notices import Tiding, tell
from reporting.models import Notice, User
from reporting.tidings import NoticeKind
from tests.reporting.background import told


@pytest.fixture
def hoas(client: Client, hoa: User) -> Client:
    client.force_login(hoa)
    return client


def shown(client: Client, query: str = "") -> list[str]:
    """Return the subjects that the page lists, in order."""
    return [notice.subject for notice in client.get(f"/thong-bao/{query}").context["page"]]


def test_an_empty_page_says_what_will_come_here(hoas: Client) -> None:
    page = hoas.get("/thong-bao/").content.decode()
    assert "Chưa có thông báo nào" in page
    assert "Đánh dấu tất cả" not in page


def test_ones_own_notices_are_listed_the_unread_first(hoas: Client, hoa: User, thu: User) -> None:
    for key in "abc":
        told(hoa, key)
    told(thu, "d")
    hoas.post(f"/thong-bao/{Notice.objects.get(key='b').pk}/")
    assert shown(hoas) == ["Trả lại: c", "Trả lại: a", "Trả lại: b"]


def test_words_are_shown_as_they_are(hoas: Client, hoa: User) -> None:
    tell(Tiding(NoticeKind.RETURNED, "k", "<b>Trả lại</b>", "/bao-cao/", "<i>Vì sai</i>"), [hoa])
    page = hoas.get("/thong-bao/").content.decode()
    assert "&lt;b&gt;Trả lại&lt;/b&gt;" in page
    assert "<blockquote>&lt;i&gt;Vì sai&lt;/i&gt;</blockquote>" in page


def test_notices_are_filtered(hoas: Client, hoa: User) -> None:
    told(hoa, "a")
    told(hoa, "b", kind=NoticeKind.APPROVED)
    hoas.post(f"/thong-bao/{Notice.objects.get(key='a').pk}/")
    assert shown(hoas, "?loc=chua-doc") == ["Trả lại: b"]
    assert shown(hoas, "?loc=returned") == ["Trả lại: a"]
    assert shown(hoas, "?loc=gi-do") == ["Trả lại: b", "Trả lại: a"]
    hoas.post("/thong-bao/", {"den": Notice.objects.get(key="b").pk})
    assert "Không có thông báo nào như vậy" in hoas.get("/thong-bao/?loc=chua-doc").content.decode()


def test_a_long_list_has_pages_that_keep_the_filter(hoas: Client, hoa: User) -> None:
    for number in range(31):
        told(hoa, f"{number}")
    page = hoas.get("/thong-bao/?loc=returned").content.decode()
    assert 'href="?loc=returned&amp;trang=2"' in page
    assert shown(hoas, "?loc=returned&trang=2") == ["Trả lại: 0"]
    assert len(shown(hoas, "?trang=x")) == 30


def test_opening_a_notice_leads_to_its_page_and_marks_it(hoas: Client, hoa: User) -> None:
    notice = told(hoa)
    assert hoas.head(f"/thong-bao/{notice.pk}/").status_code == 302
    assert Notice.objects.get().read_at is None  # only looked at by a program
    response = hoas.get(f"/thong-bao/{notice.pk}/")
    assert (response.status_code, response.headers["Location"]) == (302, "/bao-cao/")
    assert Notice.objects.get().read_at is not None


def test_marking_one_stays_on_the_page(hoas: Client, hoa: User) -> None:
    notice = told(hoa)
    assert hoas.post(f"/thong-bao/{notice.pk}/").headers["Location"] == "/thong-bao/"
    assert Notice.objects.get().read_at is not None


def test_another_persons_notice_looks_like_none(hoas: Client, thu: User) -> None:
    notice = told(thu)
    for pk in (notice.pk, notice.pk + 7777):
        assert hoas.get(f"/thong-bao/{pk}/").status_code == 404
        assert hoas.post(f"/thong-bao/{pk}/").status_code == 404
    assert Notice.objects.get().read_at is None


def test_all_that_was_shown_is_marked(hoas: Client, hoa: User, thu: User) -> None:
    told(hoa, "a")
    newest = told(hoa, "b")
    told(thu, "a")
    page = hoas.get("/thong-bao/").content.decode()
    assert f'name="den" value="{newest.pk}"' in page
    told(hoa, "c")
    answer = hoas.post("/thong-bao/", {"den": newest.pk}, follow=True).content.decode()
    assert "Đã đánh dấu 2 thông báo là đã đọc." in answer
    assert set(Notice.objects.filter(read_at=None).values_list("key", flat=True)) == {"c", "a"}


@pytest.mark.parametrize("forged", ["", "x", "-1", "9" * 30])
def test_a_forged_mark_marks_nothing(hoas: Client, hoa: User, forged: str) -> None:
    told(hoa)
    assert hoas.post("/thong-bao/", {"den": forged}).status_code == 302
    assert Notice.objects.get().read_at is None


def test_the_page_costs_the_same_for_one_and_three(
    hoas: Client, hoa: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for keys in ("a", "bcd"):
        for key in keys:
            told(hoa, key)
        with django_assert_num_queries(7):  # session, account, roles, kinds, newest, count, page
            hoas.get("/thong-bao/")
