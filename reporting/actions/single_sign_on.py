"""Signing in by a provider of single sign-on: whose account it is here, told from claims."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from reporting.actions.accounts import remember_of
from reporting.models import Link, User
from reporting.queries.single_sign_on import link_of
from reporting.refusals import NoAccount, WrongState

MOST_ALIKE = 2


@dataclass(frozen=True, slots=True)
class Claims:
    """What a provider says of who has signed in there."""

    subject: str
    name: str
    is_sure: bool

    @classmethod
    def of(cls, told: Mapping[str, object]) -> "Claims":
        """Read the claims by which accounts are found here. An e-mail that nobody has verified
        could be typed by anybody."""
        name = told.get(settings.OIDC_CLAIM)
        is_sure = settings.OIDC_CLAIM != "email" or told.get("email_verified") is True
        return cls(str(told["sub"]), name if isinstance(name, str) else "", is_sure)


@transaction.atomic
def account_of(claims: Claims) -> User:
    """Return the account that is whose claims these are. The first time it is found by the claim
    that the installation names, and kept by what never changes; no account is made here.

    Raises NoAccount with what is to be done where there is none, or it is shut.
    """
    found = _linked(claims) or _linked_now(claims)
    if not found.is_active:
        raise NoAccount("Tài khoản của ông/bà trên cổng thống kê đã ngừng hoạt động.")
    return found


def _linked(claims: Claims) -> User | None:
    links = Link.objects.filter(issuer=settings.OIDC_ISSUER, subject=claims.subject)
    link = links.select_related("user").first()
    return link.user if link else None


def _linked_now(claims: Claims) -> User:
    if not claims.name or not claims.is_sure:
        raise NoAccount(
            f"{settings.OIDC_NAME.capitalize()} không cho biết "
            + ("e-mail đã xác minh" if settings.OIDC_CLAIM == "email" else "tên đăng nhập")
            + " của ông/bà nên không tìm được tài khoản trên cổng thống kê."
        )
    field = "email" if settings.OIDC_CLAIM == "email" else "username"
    people = User.objects.select_for_update(of=("self",), no_key=True)
    # Who has left gives way to who is here: an e-mail of an office goes from one to the next.
    found = list(
        people.filter(**{f"{field}__iexact": claims.name}).order_by("-is_active", "pk")[:MOST_ALIKE]
    )
    found = [one for one in found if one.is_active] or found[:1]
    if len(found) != 1:
        raise NoAccount(
            f"Cổng thống kê {'có nhiều' if found else 'không có'} tài khoản mang"
            f" {'e-mail' if field == 'email' else 'tên'} «{claims.name[:80]}»."
        )
    [person] = found
    if (link := link_of(person)) is not None:
        if link.subject == claims.subject:
            return person  # linked by another tab while this one waited for the account
        raise NoAccount(
            f"Tài khoản «{person.username}» trên cổng thống kê đã nối với một tài khoản khác của"
            f" {settings.OIDC_NAME}."
        )
    if person.is_active:
        Link.objects.create(
            user=person,
            issuer=settings.OIDC_ISSUER,
            subject=claims.subject,
            at=timezone.now(),
        )
        what = f"nối với {settings.OIDC_NAME} ({claims.name}, mã {claims.subject})"
        remember_of(person, "link", what, by=person)
    return person


def unlink(person: User) -> str:
    """Take the link away, so that the next signing in makes one anew; return what it was to. Raises
    WrongState where there is none."""
    link = link_of(person)
    if link is None:
        raise WrongState(f"Tài khoản của {person} chưa nối với {settings.OIDC_NAME}.")
    link.delete()
    return link.subject
