"""Who has a second factor, and of whom one is required."""

from django.conf import settings
from django.db.models import Exists, OuterRef
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from reporting.models import User
from reporting.workflow import Role

OFF, OPTIONAL, REVIEWERS, EVERYBODY = "off", "optional", "reviewers", "everybody"
# Who judges or changes what is others', besides who runs the portal.
ASKED = frozenset({Role.REVIEWER, Role.MANAGER})

# Of an account that is read: whether it has a second factor.
HAS_ONE = Exists(TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True))


def has_second_factor(person: User) -> bool:
    """Say whether ``person`` is asked for a code. No query where it was read with the account."""
    if settings.SECOND_FACTOR == OFF:
        return False
    known: bool | None = getattr(person, "has_second_factor", None)
    if known is not None:
        return known
    return bool(TOTPDevice.objects.filter(user=person, confirmed=True).exists())


def needs_second_factor(person: User) -> bool:
    """Say whether the installation requires one of ``person``, whether or not they have it."""
    if settings.SECOND_FACTOR == REVIEWERS:
        return person.is_staff or any(role in ASKED for _, role in person.roles_held)
    return bool(settings.SECOND_FACTOR == EVERYBODY)


def recovery_codes_left(person: User) -> int:
    return int(StaticToken.objects.filter(device__user=person).count())
