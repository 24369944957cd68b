"""The daily act: remind of reports that are not handed in, write the letters of the day, and forget
what is counted no more."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from reporting.access import FILLS_IN
from reporting.actions.limits import forget_counted
from reporting.actions.mails import write_digests
from reporting.actions.notices import Tiding, by_person, page_of, tell_each
from reporting.actions.submissions import why_not_open
from reporting.models import Round, Submission, User
from reporting.queries.submissions import wanted_day
from reporting.reminders import Stage, stage_on, subject, text
from reporting.workflow import HANDED_IN, RoundStatus

logger = logging.getLogger(__name__)


def remind() -> None:
    """Tell who has not handed in, or not again, that a day is near or past, each person once for
    each round, day and stage; then write the letters of the day, and take away the counts of limits
    that are over. A second time on a day this does nothing.

    A round whose reminders fail stops no other; its fault is raised at the end, so that the job
    shows it and is tried again.
    """
    faults = []
    asking = Round.objects.filter(
        status__in=[RoundStatus.OPEN.value, RoundStatus.CLOSED.value], is_archive=False
    )
    for round_ in asking:
        try:
            with transaction.atomic():
                tell_each(_reminders(round_, timezone.localdate()))
        except Exception as fault:
            logger.exception("No reminders for round %s", round_.code)
            faults.append(fault)
    write_digests()
    forget_counted()
    if faults:
        raise ExceptionGroup("Reminders failed for some rounds", faults)


class _Waited(NamedTuple):
    """What reports that are told of together have in common."""

    day: date
    stage: Stage
    is_shut: bool
    mends: bool


def _reminders(round_: Round, today: date) -> Iterator[tuple[User, Tiding]]:
    for waited, reports in _waited_for(round_, today).items():
        day, stage, is_shut, mends = waited
        shut = why_not_open(reports[0], today)
        for person, mine in by_person(reports, FILLS_IN).items():
            whose = [one.whose for one in mine]
            yield (
                person,
                Tiding(
                    kind=stage.kind,
                    key=f"remind-{round_.pk}-{day:%Y%m%d}-{stage.name}"
                    f"{'-mends' * mends}{'-shut' * is_shut}",
                    subject=subject(stage, round_.name, day, whose, mends=mends),
                    path=page_of(mine),
                    text=text(whose, shut, mends=mends),
                    round=round_,
                ),
            )


def _waited_for(round_: Round, today: date) -> Mapping[_Waited, Sequence[Submission]]:
    """Return the reports of a round to remind of. One that was sent back is wanted by the last day
    of mending; where none is set, nobody is pressed.

    What takes no figures is told of once it is overdue, so that more time may be asked for, and
    not week after week.
    """
    found: dict[_Waited, list[Submission]] = defaultdict(list)
    missing = Submission.objects.filter(round=round_).exclude(state__in=HANDED_IN)
    for report in missing.select_related("agency", "round").order_by("agency__code", "pk"):
        day = wanted_day(report)
        stage = stage_on(today, day) if day else None
        if day is None or stage is None:
            continue
        is_shut = bool(why_not_open(report, today))
        if not is_shut or (stage.days < 0 and not stage.is_repeated):
            found[_Waited(day, stage, is_shut, report.mends)].append(report)
    return found
