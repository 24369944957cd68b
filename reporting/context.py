"""What every page's frame shows: where the signed-in person may go."""

from django.http import HttpRequest

from reporting.access import FILLS_IN, holds_any, journal_reads
from reporting.workflow import ROUND_READERS


def navigation(request: HttpRequest) -> dict[str, object]:
    """Return flags for the main menu."""
    user = request.user
    if not user.is_authenticated:
        return {}
    return {
        "may_report": holds_any(user, FILLS_IN),
        "may_read_rounds": holds_any(user, ROUND_READERS),
        "may_read_journal": bool(journal_reads(user)),
    }
