"""The password that was forgotten: the letter, its link, and what strangers learn of it."""

import re
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries

from reporting.actions.accounts import BETWEEN_RESETS, invitation_path, reset_path, resets
from reporting.models import RecordLine, User
from tests.cast import PASSWORD
from tests.guards import record_open
from tests.reporting.background import by_mail, work

NEW = "rất khó đoán 2026"


def asked(name: str, client: Client | None = None) -> Any:
    response = (client or Client()).post("/quen-mat-khau/", {"name": name})
    work()
    return response


def chosen(client: Client, link: str, new: str = NEW) -> Any:
    place = client.get(link).headers["Location"]
    return client.post(place, {"new_password1": new, "new_password2": new})


def test_the_letter_leads_to_a_new_password_and_ends_all_sessions(hoa: User, hanh: User) -> None:
    by_mail(hoa)
    elsewhere, client = Client(), Client()
    elsewhere.force_login(hoa)
    assert "Hãy xem hộp thư" in asked("hoa", client).content.decode()
    [letter] = mail.outbox
    assert letter.to == ["hoa@minh-hoa.example"]
    found = re.search(r"http://127\.0\.0\.1:8000(/dat-lai-mat-khau/\S+)", str(letter.body))
    assert found is not None
    response = chosen(client, found[1])
    assert response.headers["Location"] == "/dang-nhap/"
    hoa.refresh_from_db()
    assert hoa.check_password(NEW)
    assert elsewhere.get("/tai-khoan/").status_code == 302
    assert Client().get(found[1]).status_code == 410
    acts = RecordLine.objects.filter(person=hoa, act__in=["reset_sent", "password"])
    assert [line.what for line in acts.order_by("pk")] == [
        "đã gửi thư đặt lại mật khẩu đến hoa@minh-hoa.example theo yêu cầu ở trang đăng nhập",
        "đặt lại mật khẩu đã quên bằng đường dẫn trong thư",
    ]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("hoa", 1),
        ("HOA", 1),
        ("hoa@minh-hoa.example", 1),
        ("Hoa@Minh-Hoa.example ", 1),
        ("ai-do", 0),
        ("thu", 0),  # has no e-mail
        ("shared@minh-hoa.example", 0),  # two people's
        ("hanh", 0),  # shut
        ("khac", 0),  # has no password yet
        ("hoa' OR 1=1 --", 0),
    ],
)
def test_the_answer_is_the_same_whoever_there_is(
    hoa: User, thu: User, hanh: User, dat: User, mai: User, khac: User, name: str, letters: int
) -> None:
    by_mail(hoa)
    by_mail(dat, address="shared@minh-hoa.example")
    by_mail(mai, address="shared@minh-hoa.example")
    User.objects.filter(pk=by_mail(hanh).pk).update(is_active=False)
    by_mail(khac).set_unusable_password()
    khac.save()
    response = asked(name)
    assert response.status_code == 200
    assert response.content == asked("khong-co-ai").content
    assert len(mail.outbox) == letters


def test_who_has_left_does_not_stand_in_the_way_of_who_has_their_email_now(
    hoa: User, thu: User
) -> None:
    User.objects.filter(pk=by_mail(hoa).pk).update(is_active=False)
    by_mail(thu, address=hoa.email)
    asked(hoa.email)
    assert [letter.to for letter in mail.outbox] == [[hoa.email]]
    assert RecordLine.objects.get(act="reset_sent").person == thu


def test_it_costs_the_same_whoever_there_is(
    hoa: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    by_mail(hoa)
    for name in ("hoa", "khong-co-ai"):
        with django_assert_num_queries(3):  # how often, who it is, and the job
            Client().post("/quen-mat-khau/", {"name": name})
    assert DBTaskResult.objects.count() == 2
    assert mail.outbox == []  # the page waits for no mail server


def test_one_letter_in_a_quarter_of_an_hour(hoa: User) -> None:
    by_mail(hoa)
    for _ in range(3):
        asked("hoa")
    assert len(mail.outbox) == 1
    at = timezone.now() - BETWEEN_RESETS - timedelta(seconds=1)
    backdated("reset_sent", at)
    asked("hoa")
    assert len(mail.outbox) == 2


def backdated(act: str, at: Any) -> None:
    """Have a letter been sent before: another line tells it, the record itself is not edited."""
    [line] = RecordLine.objects.filter(act=act)
    with record_open(connection):
        RecordLine.objects.filter(pk=line.pk).update(at=at)


def test_a_letter_that_did_not_go_out_is_recorded_and_tried_again(
    hoa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_mail(hoa)

    def refuse(*_: object, **__: object) -> None:
        raise SMTPException

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
        asked("hoa")
    assert RecordLine.objects.get(act="reset_not_sent").person == hoa
    DBTaskResult.objects.update(run_after=timezone.now())
    work()
    assert len(mail.outbox) == 1


def test_a_link_is_good_for_an_hour(hoa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    link, made = reset_path(hoa), timezone.localtime().replace(tzinfo=None)
    for minutes, status in ((59, 302), (61, 410)):
        now = made + timedelta(minutes=minutes)
        monkeypatch.setattr(resets, "_now", lambda now=now: now)
        assert Client().get(link).status_code == status


@pytest.mark.parametrize("change", ["email", "signed in", "password", "shut"])
def test_a_link_is_over_once_things_have_changed(hoa: User, change: str) -> None:
    by_mail(hoa)
    link = reset_path(hoa)
    if change == "email":
        by_mail(hoa, address="khac@minh-hoa.example")
    elif change == "signed in":
        Client().post("/dang-nhap/", {"username": "hoa", "password": PASSWORD})
    elif change == "password":
        hoa.set_password(NEW)
        hoa.save()
    else:
        User.objects.update(is_active=False)
    page = Client().get(link)
    assert page.status_code == 410
    assert "trong một giờ" in page.content.decode()


def test_an_invitation_is_no_reset_and_the_other_way_round(hoa: User) -> None:
    invitation, reset = invitation_path(hoa), reset_path(hoa)
    swapped = (
        invitation.replace("/loi-moi/", "/dat-lai-mat-khau/"),
        reset.replace("/dat-lai-mat-khau/", "/loi-moi/"),
    )
    assert [Client().get(link).status_code for link in swapped] == [410, 410]


def test_a_weak_password_is_refused_and_the_link_stays_good(hoa: User, client: Client) -> None:
    link = reset_path(hoa)
    assert chosen(client, link, "123").status_code == 422
    assert chosen(client, link).status_code == 302


def test_the_browser_in_which_it_was_chosen_is_at_home(hoa: User, client: Client) -> None:
    chosen(client, reset_path(hoa))
    for at in range(50):
        posted = {"username": "hoa", "password": "sai"}
        Client().post("/dang-nhap/", posted, REMOTE_ADDR=f"192.0.2.{at}")
    posted = {"username": "hoa", "password": NEW}
    assert Client().post("/dang-nhap/", posted, REMOTE_ADDR="192.0.2.99").status_code == 429
    assert client.post("/dang-nhap/", posted).status_code == 302


def test_one_address_asks_so_often_and_no_more(hoa: User) -> None:
    client = Client()
    for _ in range(20):
        assert client.post("/quen-mat-khau/", {"name": "ai-do"}).status_code == 200
    refused = client.post("/quen-mat-khau/", {"name": "ai-do"})
    assert refused.status_code == 429
    assert "báo quên mật khẩu 20 lần" in refused.content.decode()
    assert client.post("/quen-mat-khau/", {"name": "x"}, REMOTE_ADDR="192.0.2.4").status_code == 200


@pytest.mark.parametrize("name", ["", "   ", "x" * 300])
def test_what_is_no_name_is_told(db: None, name: str) -> None:
    response = Client().post("/quen-mat-khau/", {"name": name})
    assert response.status_code == 422
    assert response.context["form"].errors
    assert not DBTaskResult.objects.exists()
