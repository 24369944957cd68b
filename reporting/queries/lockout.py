"""How often signing in has failed, of which account, from where: until when it is not tried again.

Of an account nothing is kept but a digest of its name: people type their password into the wrong
box, and a name that nobody has is counted like any other.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Q, Sum
from django.utils.crypto import salted_hmac

# Of one account in a browser where it is at home, or in strange ones from one address.
MOST = 10
# Of one account in strange browsers from everywhere; of all accounts, so, from one address.
MOST_OF_ACCOUNT = 50
MOST_OF_ADDRESS = 100
_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Lock:
    """Until when an account can't be signed in to from somewhere, and whether a browser where it is
    at home is one such place."""

    until: datetime
    holds_at_home: bool


class Shut(NamedTuple):
    """Until when nothing is heard from somewhere; ``is_of_address`` where that is for all accounts
    tried from there, so that unlocking one changes nothing."""

    until: datetime
    is_of_address: bool


def account_key(username: str) -> str:
    """Return what stands for the account of this name."""
    return salted_hmac("reporting.lockout", username.strip().casefold()).hexdigest()


def shut_out(account: str, *, address: str | None, browser: str, now: datetime) -> Shut | None:
    """Return until when ``account`` can't be signed in to from there; None where it can. One
    query. ``browser`` is the name of one where the account is at home, empty of a strange one."""
    strange = Q(user_agent="")
    limits = (
        [(Q(username=account, user_agent=browser), MOST, False)]
        if browser
        else [
            (strange & Q(username=account, ip_address=address), MOST, False),
            (strange & Q(username=account), MOST_OF_ACCOUNT, False),
            (strange & Q(ip_address=address), MOST_OF_ADDRESS, True),
        ]
    )
    fresh = AccessAttempt.objects.filter(
        attempt_time__gt=now - settings.AXES_COOLOFF_TIME
    ).order_by()
    found = fresh.aggregate(
        **{
            f"tries_{at}": Sum("failures_since_start", filter=of)
            for at, (of, _, _) in enumerate(limits)
        },
        **{f"last_{at}": Max("attempt_time", filter=of) for at, (of, _, _) in enumerate(limits)},
    )
    reached = [
        Shut(_end_of(found[f"last_{at}"]), is_of_address)
        for at, (_, most, is_of_address) in enumerate(limits)
        if (found[f"tries_{at}"] or 0) >= most
    ]
    if not reached:
        return None
    return Shut(max(one.until for one in reached), any(one.is_of_address for one in reached))


def _end_of(last: datetime) -> datetime:
    """Return when the wait after the ``last`` failure is over, as it is told everywhere: in whole
    minutes, never too early."""
    return (last + settings.AXES_COOLOFF_TIME).replace(second=0, microsecond=0) + _A_MINUTE


def lock_of_account(username: str, *, now: datetime) -> Lock | None:
    """Return how an account is locked, for who may unlock it: until the last of such times; None
    where it is locked nowhere. One query."""
    held = (
        AccessAttempt.objects.filter(
            username=account_key(username), attempt_time__gt=now - settings.AXES_COOLOFF_TIME
        )
        .values("user_agent", "ip_address")
        .annotate(tries=Sum("failures_since_start"), last=Max("attempt_time"))
        .order_by("last")
    )
    counted = list(held)
    in_strange = sum(one["tries"] for one in counted if not one["user_agent"])
    reached = [
        one
        for one in counted
        if one["tries"] >= MOST or (not one["user_agent"] and in_strange >= MOST_OF_ACCOUNT)
    ]
    if not reached:
        return None
    return Lock(_end_of(reached[-1]["last"]), any(one["user_agent"] for one in reached))
