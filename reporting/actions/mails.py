"""The letters: which notices go out by mail, and what became of each letter.

In the portal every notice stands in any case. A letter names what has happened and leads there: it
quotes no reason and no figure.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import groupby
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from reporting.access import still_theirs
from reporting.actions.jobs import DELIVERY, enqueue_later, enqueue_on_commit
from reporting.actions.record import About, remember
from reporting.models import Agency, Mail, Notice, User
from reporting.queries.mails import UNKNOWN, is_under_way
from reporting.queries.people import province_of_person
from reporting.refusals import NotAgain
from reporting.tidings import ONLY_IN_DIGEST, MailChoice, MailState, NoticeKind, Subject

logger = logging.getLogger(__name__)

MOST_LETTERS_A_DAY = 3
MOST_TRIES = 4
# A mail server that refuses a letter for the moment is not asked again sooner.
PAUSE = timedelta(minutes=10)
# What is older has been seen in the portal, or is no news: nobody who begins to take mail gets it.
OLDEST = timedelta(days=7)
MOST_NAMED = 40
NO_LONGER_THEIRS = "Không gửi: người nhận đã nghỉ hoặc không còn vai trò ở nơi thư nói đến."
_PREFIX = "[Thống kê CCHC]"
_LONGEST_SUBJECT = 200
# Of what waits for a person who got so many letters today, what goes out now.
Choice = Callable[[User, Sequence[Notice], int], Sequence[Notice]]


def deliver() -> None:
    """Write the letters that go out at once, and send all that wait.

    Raises OSError or SMTPException where the mail server can't be reached: the letters wait.
    """
    with transaction.atomic():
        _write(_at_once)
    _send(_to_send(timezone.now()))
    if Mail.objects.filter(state=MailState.WAITING.value).exists():
        enqueue_later(DELIVERY, PAUSE)


@transaction.atomic
def write_digests() -> None:
    """Write the letter of the day to everybody for whom something waits; they are sent by the next
    delivery. A second time on a day this writes nothing."""
    _write(_in_digest)
    enqueue_on_commit(DELIVERY)


def _at_once(person: User, waiting: Sequence[Notice], sent_today: int) -> Sequence[Notice]:
    if person.mail != MailChoice.EACH or sent_today >= MOST_LETTERS_A_DAY:
        return ()
    return [one for one in waiting if NoticeKind(one.kind) not in ONLY_IN_DIGEST]


def _in_digest(person: User, waiting: Sequence[Notice], sent_today: int) -> Sequence[Notice]:
    """Who takes one letter a day gets all that waits; who takes each, what was left from before
    today, and today's with it."""
    if person.mail == MailChoice.DAILY:
        return () if sent_today else waiting
    midnight = _midnight()
    return waiting if any(one.at < midnight for one in waiting) else ()


def _write(choose: Choice) -> None:
    """Make one letter for each person of the notices that ``choose`` takes. A fixed number of
    queries; two workers at once wait for each other's notices and find them taken."""
    waiting = (
        Notice.objects.select_for_update(of=("self",), no_key=True)
        .filter(mail=None, read_at=None, at__gt=timezone.now() - OLDEST, user__is_active=True)
        .exclude(Q(user__email="") | Q(user__mail=MailChoice.NONE.value))
        .filter(still_theirs(timezone.localdate()))
        .select_related("user")
        .order_by("user", "pk")
    )
    by_person = [
        (person, list(notices)) for person, notices in groupby(waiting, lambda one: one.user)
    ]
    sent = _letters_today(person for person, _ in by_person)
    chosen = [
        (person, taken)
        for person, notices in by_person
        if (taken := choose(person, notices, sent.get(person.pk, 0)))
    ]
    letters = Mail.objects.bulk_create(_letter(person, taken) for person, taken in chosen)
    for letter, (_, taken) in zip(letters, chosen, strict=True):
        for notice in taken:
            notice.mail = letter
    Notice.objects.bulk_update([one for _, taken in chosen for one in taken], ["mail"])


def _letters_today(people: Iterable[User]) -> Mapping[int, int]:
    written = Mail.objects.filter(user__in=list(people), at__gte=_midnight()).order_by()
    return dict(written.values_list("user").annotate(Count("pk")))


def _midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def _letter(person: User, notices: Sequence[Notice]) -> Mail:
    one = notices[0].subject if len(notices) == 1 else f"{len(notices)} thông báo mới"
    return Mail(
        user=person,
        address=person.email,
        subject=f"{_PREFIX} {one}"[:_LONGEST_SUBJECT],
        text=render_to_string("mail/letter.txt", _contents(person, notices)),
        at=timezone.now(),
    )


def _contents(person: User, notices: Sequence[Notice]) -> Mapping[str, object]:
    return {
        "person": person,
        "notices": [
            (one.subject, _link(reverse("notice", args=[one.pk]))) for one in notices[:MOST_NAMED]
        ],
        "more": max(0, len(notices) - MOST_NAMED),
        "all": _link(reverse("notices")),
    }


def _link(path: str) -> str:
    return f"{settings.PORTAL_URL}{path}"


def _to_send(now: datetime) -> QuerySet[Mail]:
    """Return the letters that wait, but not those that the server has just refused."""
    return (
        Mail.objects.filter(state=MailState.WAITING.value)
        .filter(Q(attempts=0) | Q(sent_at__lte=now - PAUSE))
        .select_related("user")
        .prefetch_related("notices")
        .order_by("pk")
    )


def _send(letters: QuerySet[Mail]) -> None:
    """Send letter by letter; one that fails is kept for a later delivery and stops no other."""
    connection = get_connection()
    try:
        for letter in letters:
            connection.open()
            if _claim(letter):
                if _may_leave(letter):
                    _send_claimed(letter, connection)
                else:
                    _keep(letter, MailState.FAILED, NO_LONGER_THEIRS)
    finally:
        connection.close()


def _may_leave(letter: Mail) -> bool:
    """Say whether the person may still be told what the letter tells: it may have waited while
    they left or lost a role. Of several notices those that are theirs go, in a letter without the
    others; those are free again, for who gets the role back."""
    theirs = list(letter.notices.filter(still_theirs(timezone.localdate())).order_by("pk"))
    gone = set(letter.notices.all()).difference(theirs)
    if not letter.user.is_active or (gone and not theirs):
        return False
    if gone:
        anew = _letter(letter.user, theirs)
        letter.subject, letter.text = anew.subject, anew.text
        with transaction.atomic():
            letter.notices.remove(*gone)
            letter.save(update_fields=["subject", "text"])
    return True


def _claim(letter: Mail) -> bool:
    """Take the letter from other workers before it leaves. Until it is known what became of it, it
    stands as one of which nobody knows: a worker killed here leaves that, and it is not resent."""
    tried = letter.attempts
    letter.attempts, letter.sent_at = tried + 1, timezone.now()
    won = Mail.objects.filter(pk=letter.pk, state=MailState.WAITING.value, attempts=tried).update(
        state=MailState.FAILED.value,
        error=UNKNOWN,
        attempts=letter.attempts,
        sent_at=letter.sent_at,
    )
    return won == 1


def _send_claimed(letter: Mail, connection: BaseEmailBackend) -> None:
    try:
        _message(letter, connection).send()
    except (SMTPException, OSError, ValueError) as fault:  # the last: an address that is none
        logger.warning("Letter %s, try %s: %s", letter.pk, letter.attempts, type(fault).__name__)
        is_last = letter.attempts >= MOST_TRIES
        _keep(
            letter,
            MailState.FAILED if is_last else MailState.WAITING,
            f"{type(fault).__name__}: {fault}"[:500],
        )
        with suppress(SMTPException, OSError):  # the server may have hung up: begin anew
            connection.close()
    else:
        _keep(letter, MailState.SENT, "")


def _keep(letter: Mail, state: MailState, error: str) -> None:
    Mail.objects.filter(pk=letter.pk, attempts=letter.attempts).update(
        state=state.value, error=error
    )


def _message(letter: Mail, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        letter.subject,
        letter.text,
        to=[letter.address],
        headers={"Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    notices = sorted(letter.notices.all(), key=lambda one: one.pk)
    page = render_to_string("mail/letter.html", _contents(letter.user, notices))
    message.attach_alternative(page, "text/html")
    return message


@transaction.atomic
def send_again(*, letter: Mail, by: User, via: str = "page") -> None:
    """Let a letter that failed wait for the next delivery once more, to the address that the person
    has now. Raises NotAgain."""
    current = (
        Mail.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user")
        .get(pk=letter.pk)
    )
    if current.state != MailState.FAILED:
        raise NotAgain(
            f"Thư này đang ở tình trạng «{MailState(current.state).label}» nên không cần gửi lại."
        )
    if is_under_way(current):
        raise NotAgain("Thư vừa được gửi đi và chưa rõ kết quả. Hãy xem lại sau 15 phút.")
    if not current.user.email:
        raise NotAgain(f"Tài khoản của {current.user} chưa có địa chỉ thư. Hãy ghi địa chỉ trước.")
    before, current.address = current.address, current.user.email
    current.state, current.attempts, current.error = MailState.WAITING.value, 0, ""
    current.save(update_fields=["state", "attempts", "error", "address"])
    remember(
        Subject.SYSTEM,
        "mail-again",
        f"gửi lại thư «{current.subject}» cho {current.user}",
        by=by,
        via=via,
        about=About(province=_province_of(current), person=current.user),
        changes=(
            [{"label": "Địa chỉ", "before": before, "after": current.address}]
            if before != current.address
            else []
        ),
    )
    enqueue_on_commit(DELIVERY)


def _province_of(letter: Mail) -> Agency | None:
    """Return the province of whose rounds the letter tells; of none or several, the person's."""
    told = set(Agency.objects.filter(rounds__in=letter.notices.values("round")))
    return told.pop() if len(told) == 1 else province_of_person(letter.user)
