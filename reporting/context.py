"""What every page's frame shows: where the signed-in person may go."""

from django.http import HttpRequest

from reporting.access import FILLS_IN, holds_any, journal_reads
from reporting.workflow import ROUND_READERS, Role


def navigation(request: HttpRequest) -> dict[str, object]:
    """Return flags for the main menu, and how many notices are unread."""
    user = request.user
    if not user.is_authenticated:
        return {}
    return {
        "may_report": holds_any(user, FILLS_IN),
        "may_read_rounds": holds_any(user, ROUND_READERS),
        "may_manage_people": holds_any(user, {Role.REVIEWER}),
        # Counted where the account is read (reporting.accounts).
        "unread": getattr(user, "unread", 0),
        "may_read_journal": bool(journal_reads(user)),
    }
