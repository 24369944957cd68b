"""Who is linked to the province's single sign-on, and signs in by it alone."""

from django.conf import settings

from reporting.models import Link, User


def link_of(person: User) -> Link | None:
    """Return the link of ``person`` to the provider that is used now: one to an earlier provider
    says nothing of who somebody is at this one."""
    return Link.objects.filter(user=person, issuer=settings.OIDC_ISSUER).first()


def has_password_of_own(person: User) -> bool:
    """Say whether ``person`` may sign in by a password here. Operators always may: who mends the
    single sign-on must get in without it."""
    if not settings.OIDC_ISSUER or settings.OIDC_PASSWORDS or person.is_staff:
        return True
    return link_of(person) is None
