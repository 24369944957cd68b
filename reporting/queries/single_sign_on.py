"""Who is linked to the province's single sign-on, and signs in by it alone."""

from django.conf import settings

from reporting.models import Link, User


def link_of(person: User) -> Link | None:
    """Return the link of ``person`` to the provider that is used now: one to an earlier provider
    says nothing of who somebody is at this one."""
    return Link.objects.filter(user=person, issuer=settings.OIDC_ISSUER).first()


def is_let_in_by_provider(person: User) -> bool:
    """Say whether ``person`` may be here by the single sign-on: nobody without their link to it,
    and never an operator. One query, none for those."""
    return not (person.is_staff or person.is_superuser) and link_of(person) is not None


def has_password_of_own(person: User) -> bool:
    """Say whether ``person`` may sign in by a password here. Operators always may: who mends the
    single sign-on must get in without it."""
    if not settings.OIDC_ISSUER or settings.OIDC_PASSWORDS:
        return True
    if person.is_staff or person.is_superuser:
        return True
    return link_of(person) is None


def has_email_of_own(person: User) -> bool:
    """Say whether ``person`` changes their e-mail themselves: not who has no password here to do it
    by, and nobody while accounts are found by it at the provider."""
    if settings.OIDC_ISSUER and settings.OIDC_CLAIM == "email":
        return False
    return person.has_usable_password() and has_password_of_own(person)
