"""The acts of people on their own accounts: invitations, passwords, signing in and out."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import base36_to_int, urlsafe_base64_encode
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from reporting.actions.jobs import RESETTING, enqueue
from reporting.actions.record import About, remember
from reporting.models import RecordLine, User
from reporting.queries.lockout import account_key, lock_of_account
from reporting.queries.people import is_alike, province_of_person
from reporting.queries.single_sign_on import has_password_of_own
from reporting.refusals import InvitationOver
from reporting.tidings import Subject

INVITATION_SUBJECT = "Mời ông/bà chọn mật khẩu vào Cổng thống kê CCHC"
SENT, NOT_SENT = "invitation_sent", "invitation_not_sent"
RESET_SUBJECT = "Đặt lại mật khẩu vào Cổng thống kê CCHC"
RESET_SENT, RESET_NOT_SENT = "reset_sent", "reset_not_sent"
EMAIL_SUBJECT = "Tài khoản trên Cổng thống kê CCHC đã đổi e-mail"
RESET_TIMEOUT = 60 * 60
BETWEEN_RESETS = timedelta(minutes=15)
# Who a job is for that only takes its time.
NOBODY = 0

log = logging.getLogger(__name__)


class InvitationTokens(PasswordResetTokenGenerator):
    """Links to choose a password: worthless once a password is chosen, the e-mail changes or
    PASSWORD_RESET_TIMEOUT is over."""

    key_salt = "reporting.actions.accounts.InvitationTokens"


class ResetTokens(PasswordResetTokenGenerator):
    """Links to choose a new password in place of a forgotten one: good for an hour, and worthless
    once it is chosen, the person has signed in, or the e-mail changes."""

    key_salt = "reporting.actions.accounts.ResetTokens"

    def check_token(self, user: User | None, token: str | None) -> bool:
        if not super().check_token(user, token):
            return False
        made = base36_to_int(str(token).partition("-")[0])
        return bool(self._num_seconds(self._now()) - made <= RESET_TIMEOUT)


invitations = InvitationTokens()
resets = ResetTokens()


def invitation_path(person: User) -> str:
    """Return the address under which ``person`` may choose a password once."""
    return _path("invitation", invitations, person)


def reset_path(person: User) -> str:
    """Return the address under which ``person`` may choose a new password once, for an hour."""
    return _path("reset", resets, person)


def _path(name: str, tokens: PasswordResetTokenGenerator, person: User) -> str:
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    return reverse(name, args=[uid, tokens.make_token(person)])


def send_invitation(user_id: int) -> None:
    """Send the link to choose a password, and record whether the letter went out. A mail server
    that fails loses nothing: the account stands, and the page offers the letter again. Who has left
    since it was asked for gets none: the link would lead nowhere.

    Raises SMTPException or OSError where it did not go out.
    """
    person = User.objects.get(pk=user_id)
    if not person.is_active:
        what = "không gửi thư mời: người này đã nghỉ"
        remember_of(person, NOT_SENT, what, by=None, via="mail")
        return
    try:
        _send_link(person, INVITATION_SUBJECT, "mail/invitation", invitation_path(person))
    except (SMTPException, OSError):
        what = f"chưa gửi được thư mời đến {person.email}"
        remember_of(person, NOT_SENT, what, by=None, via="mail")
        raise
    remember_of(person, SENT, f"đã gửi thư mời đến {person.email}", by=None, via="mail")


def tell_old_email(line_id: int) -> None:
    """Tell the e-mail that the change in this line of the record took away: its owner learns of it
    even if it was not they who changed it.

    Raises SMTPException or OSError where it did not go out.
    """
    line = RecordLine.objects.select_related("person").get(pk=line_id)
    if line.person is None:
        return
    [old] = [one["before"] for one in line.changes if one["label"] == "e-mail"]
    _send_link(line.person, EMAIL_SUBJECT, "mail/email_changed", reverse("account"), to=str(old))


def _send_link(
    person: User, subject: str, template: str, path: str, *, to: str | None = None
) -> None:
    """Send a letter that leads to a page of this portal, to the person's e-mail or another."""
    context = {
        "person": person,
        "link": f"{settings.PORTAL_URL}{path}",
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
    }
    letter = EmailMultiAlternatives(
        subject,
        render_to_string(f"{template}.txt", context),
        to=[to or person.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    letter.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    try:
        letter.send()
    except (SMTPException, OSError) as error:
        # Not the error's own words: a server may quote the letter in them.
        log.warning("%s of user %s not sent: %s", template, person.pk, type(error).__name__)
        raise


def ask_for_reset(*, name: str) -> None:
    """Have a letter sent to who signs in by this name, or is alone in having this e-mail, of those
    who have not left. For a name that nobody has a job is put into the queue as well: it takes as
    long, and does nothing."""
    people = User.objects.filter(Q(username__iexact=name) | Q(email__iexact=name), is_active=True)
    found = list(people.values_list("username", "email", "pk"))
    by_name = [pk for username, _, pk in found if is_alike(username, name)]
    chosen = by_name or [pk for _, email, pk in found if is_alike(email, name)]
    enqueue(RESETTING, user_id=chosen[0] if len(chosen) == 1 else NOBODY)


def send_reset(user_id: int) -> None:
    """Send the link to choose a new password to who may have one, unless one was just sent; of
    letters that do not go out the record tells.

    Raises SMTPException or OSError where it did not go out.
    """
    person = User.objects.filter(pk=user_id, is_active=True).exclude(email="").first()
    if person is None or not (person.has_usable_password() and has_password_of_own(person)):
        return  # who never chose one has the invitation
    just_sent = RecordLine.objects.filter(
        person=person, act=RESET_SENT, at__gt=timezone.now() - BETWEEN_RESETS
    )
    if just_sent.exists():
        return
    try:
        _send_link(person, RESET_SUBJECT, "mail/reset", reset_path(person))
    except (SMTPException, OSError):
        what = f"chưa gửi được thư đặt lại mật khẩu đến {person.email}"
        remember_of(person, RESET_NOT_SENT, what, by=None, via="mail")
        raise
    what = f"đã gửi thư đặt lại mật khẩu đến {person.email} theo yêu cầu ở trang đăng nhập"
    remember_of(person, RESET_SENT, what, by=None, via="mail")


@transaction.atomic
def reset_password(*, person: User, token: str, password: str, via: str = "page") -> User:
    """Give the account the new password that its owner chose by the letter they asked for; their
    sessions end with the old one, and a lock is lifted. Raises InvitationOver as
    ``accept_invitation``."""
    what = "đặt lại mật khẩu đã quên bằng đường dẫn trong thư"
    return _choose_by_link(person, resets, token, password, what, via=via)


@transaction.atomic
def accept_invitation(*, person: User, token: str, password: str, via: str = "page") -> User:
    """Give the account the password that its owner chose by the link; raises InvitationOver where
    the link has been used or has lapsed meanwhile."""
    return _choose_by_link(
        person, invitations, token, password, "chọn mật khẩu từ thư mời", via=via
    )


def _choose_by_link(
    person: User,
    tokens: PasswordResetTokenGenerator,
    token: str,
    password: str,
    what: str,
    *,
    via: str,
) -> User:
    current = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not (current.is_active and tokens.check_token(current, token)):
        raise InvitationOver("Đường dẫn này đã dùng rồi hoặc không còn hiệu lực.")
    lift_lockout(current)
    return _keep_password(current, password, what, via=via)


@transaction.atomic
def choose_password(*, password: str, by: User, via: str = "page") -> User:
    """Give ``by`` the password that they chose themselves; nobody asks them for another then."""
    current = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    return _keep_password(current, password, "đổi mật khẩu của mình", via=via)


def _keep_password(person: User, password: str, what: str, *, via: str) -> User:
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    remember_of(person, "password", what, by=person, via=via)
    return person


def signed_in(*, address: str, by: User, is_elsewhere: bool = False) -> None:
    """Record that ``by`` has signed in from a network address, perhaps by the single sign-on."""
    how = f" bằng {settings.OIDC_NAME}" if is_elsewhere else ""
    remember_of(by, "sign_in", f"đăng nhập{how} từ {address}", by=by, subject=Subject.SIGN_IN)


def signed_out(*, address: str, by: User) -> None:
    """Record that ``by`` has signed out."""
    remember_of(by, "sign_out", f"đăng xuất từ {address}", by=by, subject=Subject.SIGN_IN)


def sign_in_failed(*, username: str, address: str, locked_until: datetime | None = None) -> None:
    """Record a wrong password for an account that there is, and whether it is locked for it. Of an
    unknown name nothing is kept: people type their password into the wrong box."""
    person = User.objects.filter(username=username).first()
    if person is None:
        return
    what = f"đăng nhập không thành công bằng tên «{person.username}» từ {address}"
    remember_of(person, "sign_in_failed", what, by=None, subject=Subject.SIGN_IN)
    if locked_until is not None:
        at = timezone.localtime(locked_until)
        what = f"sai quá nhiều lần, tạm khóa đăng nhập từ {address} đến {at:%H:%M ngày %d/%m/%Y}"
        remember_of(person, "locked_out", what, by=None, subject=Subject.SIGN_IN)


def lift_lockout(person: User) -> bool:
    """Let the account be tried again from everywhere, and codes at once; return whether anything
    stood against it."""
    lifted, _ = AccessAttempt.objects.filter(username=account_key(person.username)).delete()
    for device in (TOTPDevice, StaticDevice):
        paused = device.objects.filter(user=person, throttling_failure_count__gt=0)
        lifted += paused.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    return bool(lifted)


@transaction.atomic
def unlock_by_command(*, person: User) -> bool:
    """Let the account be tried again, by who runs the machine; return whether it was locked."""
    is_locked = lock_of_account(person.username, now=timezone.now()) is not None
    lift_lockout(person)
    if is_locked:
        remember_of(person, "unlock", f"mở khóa đăng nhập cho {person}", by=None, via="command")
    return is_locked


def remember_of(
    person: User,
    act: str,
    what: str,
    *,
    by: User | None,
    subject: Subject = Subject.PERSON,
    via: str = "page",
) -> None:
    """Record an act on an account, in the province of its person."""
    about = About(province=province_of_person(person), person=person)
    remember(subject, act, what, by=by, via=via, about=about)
