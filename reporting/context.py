"""What every page's frame shows: where the signed-in person may go."""

from django.conf import settings
from django.http import HttpRequest

from reporting.access import FILLS_IN, holds_any, journal_reads
from reporting.workflow import ROUND_READERS, Role


def navigation(request: HttpRequest) -> dict[str, object]:
    """Return flags for the main menu, how many notices are unread, and what the single sign-on is
    called where there is one."""
    user = request.user
    offered = {"sso_name": settings.OIDC_NAME} if settings.OIDC_ISSUER else {}
    if not user.is_authenticated:
        return {**offered}
    return {
        **offered,
        "may_report": holds_any(user, FILLS_IN),
        "may_read_rounds": holds_any(user, ROUND_READERS),
        "may_manage_people": holds_any(user, {Role.REVIEWER}),
        # Counted where the account is read (reporting.accounts).
        "unread": getattr(user, "unread", 0),
        "may_read_journal": bool(journal_reads(user)),
    }
