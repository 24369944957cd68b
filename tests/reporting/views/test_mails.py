"""The log of letters: who sees which, and sending one again."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from reporting.models import Agency, Mail, Membership, RecordLine, User
from reporting.queries.mails import UNKNOWN
from tests.cast import planned_round
from tests.reporting.background import failed_letter, told


@pytest.fixture
def hanhs(client: Client, hanh: User) -> Client:
    client.force_login(hanh)
    return client


def shown(client: Client, query: str = "") -> set[str]:
    """Return to whom the letters go that the page lists."""
    return {mail.user.username for mail in client.get(f"/thu/{query}").context["page"]}


def test_a_reviewer_sees_the_letters_to_people_of_the_province_today(
    hanhs: Client, hoa: User, thu: User, khac: User, quantri: User
) -> None:
    for one in (hoa, thu, khac, quantri):
        failed_letter(one)
    assert shown(hanhs) == {"hoa", "thu"}
    Membership.objects.filter(user=thu).update(valid_to="2020-01-01")
    assert shown(hanhs) == {"hoa"}


def test_an_operator_sees_all(client: Client, hoa: User, khac: User, quantri: User) -> None:
    for one in (hoa, khac):
        failed_letter(one)
    client.force_login(quantri)
    assert shown(client) == {"hoa", "khac"}


def test_who_is_both_reviewer_and_operator_sees_all(client: Client, hanh: User, khac: User) -> None:
    failed_letter(khac)
    hanh.is_staff = True
    hanh.save()
    client.force_login(hanh)
    assert shown(client) == {"khac"}


def test_letters_are_filtered_by_what_became_of_them(hanhs: Client, hoa: User, thu: User) -> None:
    failed_letter(hoa)
    Mail.objects.filter(pk=failed_letter(thu).pk).update(state="sent", error="")
    assert shown(hanhs, "?trang-thai=failed") == {"hoa"}
    assert shown(hanhs, "?trang-thai=sent") == {"thu"}
    assert shown(hanhs, "?trang-thai=gi") == {"hoa", "thu"}
    page = hanhs.get("/thu/?trang-thai=waiting").content.decode()
    assert "Không có thư nào ở tình trạng này" in page


def test_the_page_tells_what_was_wrong_and_offers_to_send_again(hanhs: Client, hoa: User) -> None:
    assert "Cổng chưa gửi thư nào" in hanhs.get("/thu/").content.decode()
    letter = failed_letter(hoa, error="SMTPException: <b>550</b>")
    page = hanhs.get("/thu/").content.decode()
    assert "SMTPException: &lt;b&gt;550&lt;/b&gt;" in page
    assert f'action="/thu/{letter.pk}/gui-lai/"' in page
    answer = hanhs.post(f"/thu/{letter.pk}/gui-lai/", follow=True).content.decode()
    assert "sẽ được gửi lại trong ít phút" in answer
    assert "gui-lai" not in answer
    assert Mail.objects.get().state == "waiting"


def test_a_letter_of_which_nobody_knows_says_so(hanhs: Client, hoa: User) -> None:
    failed_letter(hoa, error=UNKNOWN)
    page = hanhs.get("/thu/").content.decode()
    assert ">Không rõ</span>" in page
    assert "có thể có hai thư giống nhau" in page


def test_a_refusal_is_a_sentence_and_changes_nothing(hanhs: Client, hoa: User) -> None:
    letter = failed_letter(hoa)
    Mail.objects.update(state="sent")
    response = hanhs.post(f"/thu/{letter.pk}/gui-lai/")
    assert response.status_code == 409
    assert "không cần gửi lại" in response.content.decode()
    assert not RecordLine.objects.exists()


def test_another_provinces_letter_looks_like_none(hanhs: Client, khac: User) -> None:
    letter = failed_letter(khac)
    for pk in (letter.pk, letter.pk + 7777):
        assert hanhs.post(f"/thu/{pk}/gui-lai/").status_code == 404
    assert Mail.objects.get().state == "failed"


def test_the_page_costs_the_same_for_one_and_three(
    hanhs: Client,
    minh_hoa: object,
    hoa: User,
    thu: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for people in ([hoa], [hoa, thu]):
        for one in people:
            failed_letter(one)
        with django_assert_num_queries(6):  # session, account, roles, counts, count, page
            hanhs.get("/thu/")


def test_a_letter_that_tells_of_another_provinces_round_is_not_shown(
    hanhs: Client, hoa: User, so_khac: Agency, minh_hoa: Agency, tinh_khac: Agency
) -> None:
    """A person of two provinces: each reviewer looks after the letters of their own rounds."""
    Membership.objects.create(user=hoa, agency=so_khac, role="clerk")
    other, own, mixed = (failed_letter(hoa) for _ in range(3))
    here, there = planned_round(minh_hoa, "MH-QUY"), planned_round(tinh_khac, "TK-QUY")
    for key, letter, round_ in (
        ("a", other, there),
        ("b", own, here),
        ("c", own, None),
        ("d", mixed, here),
        ("e", mixed, there),
    ):
        notice = told(hoa, key)
        notice.mail, notice.round = letter, round_
        notice.save()
    assert list(hanhs.get("/thu/").context["page"]) == [own]
    for letter in (other, mixed):
        assert hanhs.post(f"/thu/{letter.pk}/gui-lai/").status_code == 404
    assert hanhs.post(f"/thu/{own.pk}/gui-lai/").status_code == 302
    assert RecordLine.objects.get(act="mail-again").province == minh_hoa
