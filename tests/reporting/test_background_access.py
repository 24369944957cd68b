"""Work in the background: who causes it, whose rights it has, and what it leaves to whom."""

from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_tasks.base import Task
from pytest_django import Settings

from reporting import tasks
from reporting.actions.accounts import send_invitation, send_reset
from reporting.actions.mails import NO_LONGER_THEIRS, deliver, write_digests
from reporting.actions.people import deactivate_person, end_role
from reporting.actions.reminders import remind
from reporting.models import Book, Mail, Notice, RecordLine, Round, Submission, User
from reporting.tidings import MailChoice, MailState
from tests.cast import moved, submitted
from tests.reporting.background import by_mail, told
from tests.reporting.books_by_hand import offered
from tests.reporting.files_by_hand import ended

DOCUMENTED = (Path(__file__).parents[2] / "docs" / "access.md").read_text(encoding="utf-8")


def test_every_task_has_its_line_in_the_table_of_access() -> None:
    """Who may cause it, with whose rights it works, who sees what it makes."""
    found = {name for name, one in vars(tasks).items() if isinstance(one, Task)}
    told = {
        line.split("`")[1]
        for line in DOCUMENTED.partition("## Work in the background")[2].splitlines()
        if line.startswith("| `")
    }
    assert told == found
    assert {path.rpartition(".")[2] for path in tasks.NAMES} == found


def returned(report: Submission, *, of: User, hanh: User) -> Notice:
    """Return what a clerk is told when their report is sent back, with the reason in it."""
    by_mail(of)
    submitted(report, {"1.1": "3"})
    moved(report, "return", by=hanh, reason="Số liệu mật.")
    return Notice.objects.get(user=of, submission=report)


def lost(person: User, by: User) -> None:
    """End all roles of a person."""
    for held in person.memberships.filter(ended_at=None):
        end_role(membership=held, by=by)


def went_to(person: User) -> list[str]:
    return [str(one.subject) for one in mail.outbox if one.to == [person.email]]


def test_no_letter_tells_of_a_report_who_has_lost_their_role_before_it_was_written(
    report: Submission, hoa: User, hanh: User
) -> None:
    notice = returned(report, of=hoa, hanh=hanh)
    lost(hoa, hanh)
    deliver()
    write_digests()
    assert not went_to(hoa)
    notice.refresh_from_db()
    assert notice.mail is None


def test_no_letter_tells_of_a_round_who_has_lost_their_role(
    report: Submission, hoa: User, thu: User, hanh: User
) -> None:
    for person in (by_mail(hoa), by_mail(thu)):
        Notice.objects.create(
            user=person,
            kind="opened",
            key="mo",
            subject="Mở đợt",
            path="/bao-cao/",
            round=report.round,
            at=timezone.now(),
        )
    lost(hoa, hanh)
    deliver()
    assert (len(went_to(hoa)), len(went_to(thu))) == (0, 1)


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_letter_that_waited_does_not_leave_once_its_person_may_not_see_it(
    report: Submission, hoa: User, hanh: User, is_gone: bool
) -> None:
    notice = returned(report, of=hoa, hanh=hanh)
    notice.mail = letter = Mail.objects.create(
        user=hoa, address=hoa.email, subject="Trả lại", at=timezone.now()
    )
    notice.save()
    if is_gone:
        deactivate_person(person=hoa, reason="Nghỉ hưu.", by=hanh)
    else:
        lost(hoa, hanh)
    deliver()
    letter.refresh_from_db()
    assert not went_to(hoa)
    assert (letter.state, letter.error) == (MailState.FAILED, NO_LONGER_THEIRS)


def test_of_a_letter_that_waited_the_notices_that_are_still_theirs_leave(
    report: Submission, hoa: User, hanh: User
) -> None:
    gone = returned(report, of=hoa, hanh=hanh)
    theirs = [told(hoa, key, subject=f"Tin {key}") for key in ("một", "hai")]
    letter = Mail.objects.create(
        user=hoa, address=hoa.email, subject="3 thông báo mới", text=gone.subject, at=timezone.now()
    )
    Notice.objects.filter(pk__in=[one.pk for one in (gone, *theirs)]).update(mail=letter)
    lost(hoa, hanh)
    deliver()
    letter.refresh_from_db()
    assert (letter.state, letter.error) == (MailState.SENT, "")
    assert went_to(hoa) == [letter.subject] == ["[Thống kê CCHC] 2 thông báo mới"]
    [sent] = mail.outbox
    assert isinstance(sent, mail.EmailMultiAlternatives)
    for page in map(str, (letter.text, sent.body, sent.alternatives[0][0])):
        assert all(one.subject in page for one in theirs)
        assert gone.subject not in page
    assert set(Notice.objects.filter(mail=letter)) == set(theirs)
    assert not Notice.objects.get(pk=gone.pk).mail


def test_who_has_lost_their_role_is_not_reminded(report: Submission, hoa: User, hanh: User) -> None:
    by_mail(hoa, MailChoice.EACH)
    Round.objects.filter(pk=report.round_id).update(due_on=timezone.localdate())
    lost(hoa, hanh)
    remind()
    assert not Notice.objects.filter(user=hoa).exists()
    assert Notice.objects.exists()  # others are


@pytest.mark.parametrize("send", [send_invitation, send_reset])
def test_who_has_left_gets_no_link_to_a_password(hoa: User, hanh: User, send: object) -> None:
    by_mail(hoa)
    deactivate_person(person=hoa, reason="Nghỉ hưu.", by=hanh)
    assert callable(send)
    send(hoa.pk)
    assert not went_to(hoa)


def test_of_an_invitation_that_did_not_go_out_the_record_tells_why(hoa: User, hanh: User) -> None:
    deactivate_person(person=hoa, reason="Nghỉ hưu.", by=hanh)
    send_invitation(hoa.pk)
    line = RecordLine.objects.filter(person=hoa).latest("pk")
    assert line.what == "không gửi thư mời: người này đã nghỉ"


def test_a_book_is_not_for_who_asked_for_it_once_they_have_lost_their_role(
    report: Submission, hanh: User, dat: User, client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    book = offered(report.round, dat)
    assert may_download(client, dat, book)
    lost(dat, hanh)
    assert not may_download(client, dat, book)
    assert may_download(client, hanh, book)


def may_download(client: Client, person: User, book: Book) -> bool:
    client.force_login(person)
    answer = client.get(f"/dot/{book.round.code}/quyen/{book.pk}/tep/")
    ended(answer)
    return answer.status_code == 200
