"""Letters: what goes out when, what becomes of each, and the bytes that leave."""

import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from reporting.actions.mails import MOST_NAMED, deliver, send_again, write_digests
from reporting.actions.notices import mark_read, tell_of_move
from reporting.models import Agency, Mail, Notice, RecordLine, Submission, User
from reporting.queries.mails import UNKNOWN
from reporting.refusals import NotAgain
from reporting.tidings import MailChoice, MailState, NoticeKind
from reporting.workflow import MOVES
from tests.cast import person, submitted
from tests.reporting.background import by_mail, failed_letter, told

EACH, DAILY, NONE = MailChoice.EACH, MailChoice.DAILY, MailChoice.NONE


def sent_to(person_: User) -> Sequence[str]:
    """Return the subjects of the letters that have left to a person, in order."""
    return [str(one.subject) for one in mail.outbox if one.to == [person_.email]]


def days_pass(days: int = 1) -> None:
    """Let all that was written and sent have happened some days ago."""
    for one in Notice.objects.all():
        one.at -= timedelta(days=days)
        one.save()
    for letter in Mail.objects.all():
        letter.at -= timedelta(days=days)
        letter.sent_at = letter.sent_at and letter.sent_at - timedelta(days=days)
        letter.save()


class Moody(EmailBackend):
    """A mail server that refuses some addresses, breaks off at others, or is not there."""

    refused: dict[str, BaseException] = {}
    is_down = False

    def open(self) -> None:
        if self.is_down:
            raise ConnectionRefusedError("no server")

    def send_messages(self, messages: Sequence[mail.EmailMessage]) -> int:
        for message in messages:
            if fault := self.refused.get(message.to[0]):
                raise fault
        return super().send_messages(messages)


@pytest.fixture
def server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> type[Moody]:
    settings.EMAIL_BACKEND = f"{__name__}.Moody"
    monkeypatch.setattr(Moody, "refused", {})
    monkeypatch.setattr(Moody, "is_down", False)
    return Moody


# What goes out when


def test_all_that_waits_for_a_person_is_one_letter(hoa: User, thu: User) -> None:
    by_mail(hoa), by_mail(thu)
    told(hoa, "a"), told(hoa, "b"), told(thu, "a")
    deliver()
    assert sent_to(hoa) == ["[Thống kê CCHC] 2 thông báo mới"]
    assert sent_to(thu) == ["[Thống kê CCHC] Trả lại: a"]
    assert not Notice.objects.filter(mail=None).exists()
    deliver()
    assert len(mail.outbox) == 2


def test_a_fourth_letter_of_a_day_waits_for_the_next_morning(hoa: User) -> None:
    by_mail(hoa)
    for number in range(5):
        told(hoa, f"{number}")
        deliver()
    assert sent_to(hoa) == [f"[Thống kê CCHC] Trả lại: {number}" for number in range(3)]
    write_digests()
    deliver()
    assert len(sent_to(hoa)) == 3  # it is still the same day
    days_pass()
    for _ in range(2):
        write_digests()
        deliver()
    assert sent_to(hoa)[3:] == ["[Thống kê CCHC] 2 thông báo mới"]


def test_who_wants_one_letter_a_day_gets_one(hoa: User) -> None:
    by_mail(hoa, DAILY)
    told(hoa, "a")
    deliver()
    assert sent_to(hoa) == []
    for key in ("b", "c"):
        told(hoa, key)
        write_digests()
        deliver()
    assert sent_to(hoa) == ["[Thống kê CCHC] 2 thông báo mới"]
    days_pass()
    write_digests()
    deliver()
    assert sent_to(hoa)[1:] == ["[Thống kê CCHC] Trả lại: c"]


def test_what_was_handed_in_comes_only_in_the_letter_of_the_day(hanh: User) -> None:
    by_mail(hanh)
    told(hanh, "a", kind=NoticeKind.HANDED_IN)
    told(hanh, "b", kind=NoticeKind.RETURNED)
    deliver()
    assert sent_to(hanh) == ["[Thống kê CCHC] Trả lại: b"]
    days_pass()
    deliver()
    assert len(sent_to(hanh)) == 1
    write_digests()
    deliver()
    assert sent_to(hanh)[1:] == ["[Thống kê CCHC] Trả lại: a"]


@pytest.mark.parametrize("why", ["none", "no address", "shut out", "read", "old"])
def test_what_is_not_mailed_stands_in_the_portal(hoa: User, why: str) -> None:
    by_mail(hoa, NONE if why == "none" else EACH)
    notice = told(hoa, days_ago=8 if why == "old" else 0)
    if why == "no address":
        User.objects.filter(pk=hoa.pk).update(email="")
    if why == "shut out":
        User.objects.filter(pk=hoa.pk).update(is_active=False)
    if why == "read":
        mark_read(notice=notice, by=hoa)
    deliver()
    write_digests()
    deliver()
    assert not Mail.objects.exists()
    assert Notice.objects.filter(user=hoa).exists()


def test_letters_to_many_cost_what_letters_to_one_cost(so_cong_thuong: Agency) -> None:
    def cost(names: str) -> int:
        for name in names:
            for key in ("a", "b"):
                told(by_mail(person(name, name)), key) if key == "a" else told(
                    User.objects.get(username=name), key
                )
        days_pass()
        with CaptureQueriesContext(connection) as queries:
            write_digests()
        assert Mail.objects.count() >= len(names)
        return len(queries)

    assert cost("x") == cost("pqr")


# What becomes of a letter


def test_a_failing_address_stops_no_other_and_is_tried_four_times(
    hoa: User, thu: User, hanh: User, server: type[Moody], caplog: pytest.LogCaptureFixture
) -> None:
    by_mail(hoa, address="hong@x.example"), by_mail(thu), by_mail(hanh, address="a\nb@x.example")
    for one in (hoa, thu, hanh):
        told(one)
    refusal = SMTPRecipientsRefused({"hong@x.example": (550, b"No such user")})
    server.refused = {"hong@x.example": refusal}
    deliver()
    assert sent_to(thu) == ["[Thống kê CCHC] Trả lại: a"]
    letter = Mail.objects.get(user=hoa)
    assert (letter.state, letter.attempts) == ("waiting", 1)
    assert "550" in letter.error
    assert Mail.objects.get(user=hanh).state == "waiting"  # the address is none
    assert "hong@x.example" not in caplog.text
    deliver()
    assert Mail.objects.get(user=hoa).attempts == 1  # not again at once
    for tries in (2, 3, 4):
        days_pass()
        deliver()
        assert Mail.objects.get(user=hoa).attempts == tries
    days_pass()
    deliver()
    letter = Mail.objects.get(user=hoa)
    assert (letter.state, letter.attempts) == ("failed", 4)
    assert len(mail.outbox) == 1


def test_what_failed_is_tried_again_without_anybody_asking(hoa: User, server: type[Moody]) -> None:
    told(by_mail(hoa))
    server.refused = {hoa.email: OSError("broken pipe")}
    deliver()
    [later] = DBTaskResult.objects.all()
    assert later.run_after > timezone.now() + timedelta(minutes=9)
    deliver()
    assert DBTaskResult.objects.count() == 1


def test_a_server_that_is_not_there_costs_no_letter_a_try(
    hoa: User, server: type[Moody], monkeypatch: pytest.MonkeyPatch
) -> None:
    told(by_mail(hoa))
    monkeypatch.setattr(server, "is_down", True)
    with pytest.raises(ConnectionRefusedError):
        deliver()
    letter = Mail.objects.get()
    assert (letter.state, letter.attempts, letter.error) == ("waiting", 0, "")
    monkeypatch.setattr(server, "is_down", False)
    deliver()
    assert Mail.objects.get().state == "sent"


def test_a_worker_killed_while_sending_leaves_a_letter_that_is_not_sent_again(
    hoa: User, thu: User, server: type[Moody]
) -> None:
    told(by_mail(hoa)), told(by_mail(thu))
    server.refused = {hoa.email: KeyboardInterrupt()}
    with pytest.raises(KeyboardInterrupt):
        deliver()
    server.refused = {}
    deliver()
    letter = Mail.objects.get(user=hoa)
    assert (letter.state, letter.error) == ("failed", UNKNOWN)
    assert sent_to(hoa) == []
    assert sent_to(thu) == ["[Thống kê CCHC] Trả lại: a"]


def test_a_letter_that_another_worker_has_taken_is_left_to_it(
    hoa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(by_mail(hoa))

    class Overtaken(EmailBackend):
        def open(self) -> None:
            Mail.objects.update(attempts=1, state=MailState.FAILED.value, error=UNKNOWN)

    monkeypatch.setattr("reporting.actions.mails.get_connection", Overtaken)
    deliver()
    assert mail.outbox == []
    assert Mail.objects.get().attempts == 1


# Once more


def test_a_failed_letter_goes_again_to_the_address_of_today(
    hoa: User, hanh: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    letter = failed_letter(hoa)
    with django_capture_on_commit_callbacks(execute=True):
        send_again(letter=letter, by=hanh)
    assert DBTaskResult.objects.count() == 1
    deliver()
    assert sent_to(hoa) == ["[Thống kê CCHC] Trả lại"]
    assert Mail.objects.get().state == "sent"
    line = RecordLine.objects.get()
    assert (line.act, line.by, line.person) == ("mail-again", hanh, hoa)
    assert line.province == hanh.memberships.get().agency
    assert line.changes == [
        {"label": "Địa chỉ", "before": "cu@minh-hoa.example", "after": "hoa@minh-hoa.example"}
    ]


@pytest.mark.parametrize("why", ["waiting", "sent", "under way", "no address"])
def test_a_letter_that_cannot_go_again_stays_as_it_is(hoa: User, hanh: User, why: str) -> None:
    letter = failed_letter(hoa)
    if why in {"waiting", "sent"}:
        Mail.objects.update(state=why)
    if why == "under way":
        Mail.objects.update(error=UNKNOWN, sent_at=timezone.now() - timedelta(minutes=14))
    if why == "no address":
        User.objects.filter(pk=hoa.pk).update(email="")
    before = list(Mail.objects.values())
    with pytest.raises(NotAgain):
        send_again(letter=letter, by=hanh)
    assert list(Mail.objects.values()) == before
    assert not RecordLine.objects.exists()


def test_one_of_which_nobody_knows_may_be_sent_again_after_a_while(hoa: User, hanh: User) -> None:
    letter = failed_letter(hoa, error=UNKNOWN)
    send_again(letter=letter, by=hanh)
    assert Mail.objects.get().state == "waiting"


# The bytes


def message() -> EmailMessage:
    """Read the one letter that has left back from its bytes."""
    [letter] = mail.outbox
    found = message_from_bytes(letter.message().as_bytes(), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_the_bytes_read_back_with_every_diacritic(hoa: User, settings: Settings) -> None:
    settings.PORTAL_URL = "https://thongke.example.vn"
    hoa.full_name = unicodedata.normalize("NFD", "Nguyễn Thị Hoà <b>")
    hoa.full_name = unicodedata.normalize("NFC", hoa.full_name)
    hoa.save()
    notice = told(by_mail(hoa), unicodedata.normalize("NFD", "Báo cáo quý, Sở Nội vụ & <b>"))
    deliver()
    found = message()
    assert found["Subject"].strip() == "[Thống kê CCHC] Trả lại: Báo cáo quý, Sở Nội vụ & <b>"
    assert found["From"].startswith("Thống kê CCHC <")
    assert found["To"] == "hoa@minh-hoa.example"
    assert found["Auto-Submitted"] == "auto-generated"
    plain, page = found.iter_parts()
    assert isinstance(plain, EmailMessage)
    assert isinstance(page, EmailMessage)
    assert [one.get_content_type() for one in (plain, page)] == ["text/plain", "text/html"]
    assert [one.get_content_charset() for one in (plain, page)] == ["utf-8", "utf-8"]
    link = f"https://thongke.example.vn/thong-bao/{notice.pk}/"
    for words in ("Kính gửi ông/bà Nguyễn Thị Hoà <b>", "Báo cáo quý, Sở Nội vụ & <b>", link):
        assert words in plain.get_content()
    escaped = page.get_content()
    assert "Báo cáo quý, Sở Nội vụ &amp; &lt;b&gt;" in escaped
    assert "<b>" not in escaped
    assert f'<a href="{link}">' in escaped
    assert unicodedata.is_normalized("NFC", plain.get_content() + escaped + found["Subject"])


def test_a_letter_quotes_no_reason_and_no_figure(report: Submission, hoa: User, hanh: User) -> None:
    by_mail(hoa)
    submitted(report, {"1.1": "987654"})
    Notice.objects.all().delete()
    report.refresh_from_db()
    tell_of_move(report, MOVES["return"], by=hanh, reason="Dòng 1.1 ghi 987654 là sai.")
    assert "987654" in Notice.objects.get().text
    deliver()
    assert "987654" not in message().as_string()


def test_a_subject_has_no_line_breaks_and_an_end(hoa: User) -> None:
    told(by_mail(hoa), subject="dòng\r\nBcc: x@y.example " + "dài " * 60)
    deliver()
    subject = mail.outbox[0].subject
    assert "\n" not in subject
    assert len(subject) <= 200
    assert mail.outbox[0].recipients() == [hoa.email]


def test_a_long_letter_names_the_first_and_counts_the_rest(hoa: User) -> None:
    by_mail(hoa)
    for number in range(MOST_NAMED + 3):
        told(hoa, f"số {number}.")
    deliver()
    text = Mail.objects.get().text
    assert f"số {MOST_NAMED - 1}." in text
    assert f"số {MOST_NAMED}." not in text
    assert "Và 3 thông báo khác" in text
