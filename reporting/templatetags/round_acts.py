"""Where a round stands, and what the person may do with it."""

from datetime import date

from django import template
from django.utils import timezone

from reporting.access import may_run_round
from reporting.actions.rounds import why_no_act
from reporting.models import Round
from reporting.queries.rounds import ending_of
from reporting.schedule import Stage
from reporting.schedule import stage as stage_on
from reporting.workflow import ROUND_ACTS, RoundStatus

register = template.Library()
ENDED = frozenset({RoundStatus.CLOSED, RoundStatus.CANCELLED})


@register.filter
def stage(round_: Round, today: date) -> Stage:
    """Return where the round stands on a day."""
    status = RoundStatus(round_.status)
    return stage_on(status, round_.days, today, is_archive=round_.is_archive)


@register.inclusion_tag("rounds/acts.html", takes_context=True)
def round_acts(context: template.Context, round_: Round) -> dict[str, object]:
    """Draw the stage of the round for all, its acts for who runs it: those that can be done. One
    query for who runs it, and one of a round that has ended: who ended it, and why."""
    status = RoundStatus(round_.status)
    runs = may_run_round(context["user"], round_)
    acts = [act for act in ROUND_ACTS.values() if runs and status in act.sources]
    return {
        "round": round_,
        "stage": stage(round_, timezone.localdate()),
        "acts": [act for act in acts if not why_no_act(round_, act)],
        "ending": ending_of(round_) if status in ENDED else None,
    }
