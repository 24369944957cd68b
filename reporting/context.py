"""What every page's frame shows: where the signed-in person may go."""

from django.http import HttpRequest

from reporting.access import own_submissions, visible_rounds


def navigation(request: HttpRequest) -> dict[str, object]:
    """Return flags for the main menu, looked up only if the page prints it."""
    user = request.user
    if not user.is_authenticated:
        return {}
    return {
        "may_report": lambda: own_submissions(user).exists(),
        "may_read_rounds": lambda: visible_rounds(user).exists(),
    }
