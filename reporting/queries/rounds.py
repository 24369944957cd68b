"""Rounds as lists show them."""

from django.db.models import Count, F, Q, QuerySet

from reporting.models import Round
from reporting.workflow import WAITING, State


def rounds_with_counts(rounds: QuerySet[Round]) -> QuerySet[Round]:
    """Annotate rounds with ``expected``, ``waiting`` and ``approved`` submissions, newest first.
    One query."""
    counted = rounds.select_related("province").annotate(
        expected=Count("submissions"),
        waiting=Count("submissions", filter=Q(submissions__state__in=WAITING)),
        approved=Count("submissions", filter=Q(submissions__state=State.APPROVED.value)),
    )
    # Counting groups the query, and a grouped query forgets the order of the model.
    return counted.order_by(F("data_to").desc(nulls_last=True), "code")
