"""Who has failed to sign in too often, counted by django-axes in the portal's own way (ADR 29), and
the browsers where an account is at home."""

import secrets
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from reporting.models import User
from reporting.queries.lockout import account_key, shut_out

_AT_HOME_FOR = 400 * 24 * 60 * 60  # the longest that browsers keep a cookie


def account_of(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return what stands for the account that is tried."""
    named = (credentials or {}).get("username") or request.POST.get("username") or ""
    return account_key(str(named))


class Lockout(AxesDatabaseHandler):
    """Counts what fails and keeps nothing of what was posted: besides the password, that is
    figures on their way through signing in."""

    def get_failures(self, request: Any, credentials: dict[str, Any] | None = None) -> int:
        """Return 1 where one of the limits is reached: each has its own number."""
        request.locked_until = self._locked_until(request, account_of(request, credentials))
        return int(request.locked_until is not None)

    def user_login_failed(
        self, _sender: Any, credentials: dict[str, Any], request: Any = None, **_: Any
    ) -> None:
        """Count what has failed; but not while it is locked, or it would be locked for ever."""
        if request.axes_locked_out:
            return
        account = account_of(request, credentials)
        self.clean_expired_user_attempts(request, credentials)
        with transaction.atomic():
            counted, is_first = AccessAttempt.objects.get_or_create(
                username=account,
                ip_address=_valid(request.axes_ip_address),
                user_agent=home_of(request, account),
                defaults={"failures_since_start": 1},
            )
            if not is_first:
                AccessAttempt.objects.filter(pk=counted.pk).update(
                    failures_since_start=F("failures_since_start") + 1,
                    attempt_time=request.axes_attempt_time,
                )
        request.locked_until = self._locked_until(request, account)
        request.axes_locked_out = request.has_just_been_locked = bool(request.locked_until)

    def user_logged_in(self, _sender: Any, request: Any, user: User, **_: Any) -> None:
        """Forget what failed before at the same place: the person is in."""
        account = account_key(user.get_username())
        AccessAttempt.objects.filter(
            username=account,
            ip_address=_valid(request.axes_ip_address),
            user_agent=home_of(request, account),
        ).delete()

    def user_logged_out(self, *_: Any, **__: Any) -> None:
        """Nothing ends with it."""

    def _locked_until(self, request: Any, account: str) -> datetime | None:
        browser = home_of(request, account)
        shut = shut_out(
            account,
            address=_valid(request.axes_ip_address),
            browser=browser,
            now=request.axes_attempt_time,
        )
        request.is_at_home = bool(browser)
        request.is_address_shut = shut is not None and shut.is_of_address
        return shut and shut.until


def is_just_locked(request: HttpRequest) -> bool:
    """Say of a refused request whether it was the one too many, not one refused unheard."""
    return getattr(request, "has_just_been_locked", False)


def _valid(address: str) -> str | None:
    try:
        return str(ip_address(address))
    except ValueError:
        return None


def home_of(request: HttpRequest, account: str) -> str:
    """Return the name of the browser if the account is at home in it; empty if it is strange."""
    found = request.get_signed_cookie(
        _cookie(account), default="", salt=account, max_age=_AT_HOME_FOR
    )
    return str(found)


def be_at_home(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let the browser be known as one where ``user`` has signed in."""
    account = account_key(user.get_username())
    response.set_signed_cookie(
        _cookie(account),
        home_of(request, account) or secrets.token_urlsafe(16),
        salt=account,
        max_age=_AT_HOME_FOR,
        path=reverse("login"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _cookie(account: str) -> str:
    return f"quen-{account[:16]}"
