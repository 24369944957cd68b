"""Rounds as lists show them."""

from django.db.models import Count, Q, QuerySet

from reporting.models import Round
from reporting.workflow import State


def rounds_with_counts(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Annotate rounds with ``expected``, ``waiting`` and ``approved`` submissions. One query."""
    return rounds.select_related("province").annotate(
        expected=Count("submissions"),
        waiting=Count("submissions", filter=Q(submissions__state=State.SUBMITTED.value)),
        approved=Count("submissions", filter=Q(submissions__state=State.APPROVED.value)),
    )
