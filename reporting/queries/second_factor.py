"""Who has a second factor, and of whom one is required."""

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from reporting.models import User
from reporting.workflow import Role

OFF, OPTIONAL, REVIEWERS, EVERYBODY = "off", "optional", "reviewers", "everybody"
# Who judges or changes what is others', besides who runs the portal.
ASKED = frozenset({Role.REVIEWER, Role.MANAGER})

# Of an account that is read: the number of its second factor.
THE_ONE = Subquery(
    TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True).order_by("pk").values("pk")[:1]
)


def second_factor_of(person: User) -> int | None:
    """Return the number of the factor whose code ``person`` is asked for; None of who has none. No
    query where it was read with the account."""
    if settings.SECOND_FACTOR == OFF:
        return None
    if hasattr(person, "second_factor"):
        known: int | None = person.second_factor
        return known
    held = TOTPDevice.objects.filter(user=person, confirmed=True).order_by("pk")
    found: int | None = held.values_list("pk", flat=True).first()
    return found


def needs_second_factor(person: User) -> bool:
    """Say whether the installation requires one of ``person``, whether or not they have it."""
    if settings.SECOND_FACTOR == REVIEWERS:
        return person.is_staff or any(role in ASKED for _, role in person.roles_held)
    return bool(settings.SECOND_FACTOR == EVERYBODY)


def recovery_codes_left(person: User) -> int:
    return int(StaticToken.objects.filter(device__user=person).count())
