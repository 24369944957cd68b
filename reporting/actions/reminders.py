"""The daily act: remind of reports that are not handed in, and write the letters of the day."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from reporting.access import FILLS_IN
from reporting.actions.mails import write_digests
from reporting.actions.notices import Tiding, by_person, tell_each
from reporting.actions.submissions import why_not_open
from reporting.models import Round, Submission, User
from reporting.queries.submissions import due_day
from reporting.reminders import Stage, stage_on, subject, text
from reporting.workflow import HANDED_IN, RoundStatus

logger = logging.getLogger(__name__)


def remind() -> None:
    """Tell who has not handed in that a day is near or past, each person once for each round, due
    day and stage; then write the letters of the day. A second time on a day this does nothing.

    A round whose reminders fail stops no other; its fault is raised at the end, so that the job
    shows it and is tried again.
    """
    faults = []
    asking = Round.objects.filter(
        status__in=[RoundStatus.OPEN.value, RoundStatus.CLOSED.value],
        is_archive=False,
        due_on__isnull=False,
    )
    for round_ in asking:
        try:
            with transaction.atomic():
                tell_each(_reminders(round_, timezone.localdate()))
        except Exception as fault:
            logger.exception("No reminders for round %s", round_.code)
            faults.append(fault)
    write_digests()
    if faults:
        raise ExceptionGroup("Reminders failed for some rounds", faults)


def _reminders(round_: Round, today: date) -> Iterator[tuple[User, Tiding]]:
    for (due, stage, is_shut), reports in _waited_for(round_, today).items():
        shut = why_not_open(reports[0], today)
        for person, mine in by_person(reports, FILLS_IN).items():
            whose = [one.whose for one in mine]
            yield (
                person,
                Tiding(
                    kind=stage.kind,
                    key=f"remind-{round_.pk}-{due:%Y%m%d}-{stage.name}{'-shut' * is_shut}",
                    subject=subject(stage, round_.name, due, whose),
                    path=(
                        reverse("submission", args=[mine[0].pk])
                        if len(mine) == 1
                        else reverse("my-reports")
                    ),
                    text=text(whose, shut),
                    round=round_,
                ),
            )


def _waited_for(
    round_: Round, today: date
) -> Mapping[tuple[date, Stage, bool], Sequence[Submission]]:
    """Return the reports of a round to remind of, by due day, stage and if they are shut.

    What takes no figures is told of once it is overdue, so that more time may be asked for, and
    not week after week.
    """
    found: dict[tuple[date, Stage, bool], list[Submission]] = defaultdict(list)
    missing = Submission.objects.filter(round=round_).exclude(state__in=HANDED_IN)
    for report in missing.select_related("agency", "round").order_by("agency__code", "pk"):
        due = due_day(report)
        stage = stage_on(today, due) if due else None
        if due is None or stage is None:
            continue
        is_shut = bool(why_not_open(report, today))
        if not is_shut or (stage.days < 0 and not stage.is_repeated):
            found[due, stage, is_shut].append(report)
    return found
