"""Who signs in by the province's single sign-on alone."""

from django.conf import settings

from reporting.models import Link, User


def has_password_of_own(person: User) -> bool:
    """Say whether ``person`` may sign in by a password here. Operators always may: who mends the
    single sign-on must get in without it."""
    if not settings.OIDC_ISSUER or settings.OIDC_PASSWORDS or person.is_staff:
        return True
    return not Link.objects.filter(user=person).exists()
