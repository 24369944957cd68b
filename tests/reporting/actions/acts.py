"""What the tests of the actions do and look at."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from reporting.actions.figures import Saved, save_figures, save_posted
from reporting.actions.rounds import reschedule_round
from reporting.models import (
    DetailLine,
    Figure,
    FigureChange,
    Round,
    Submission,
    Transition,
    User,
)
from reporting.snapshot import Cell
from tests.cast import (
    stored,
)
from tests.reporting.views.pages import boxes


def save(submission: Submission, cells: Mapping[str, Cell], by: User) -> Sequence[str]:
    return save_figures(submission=submission, cells=cells, by=by, via="page")


def post(
    submission: Submission,
    figures: Mapping[str, str],
    by: User,
    *,
    notes: Mapping[str, str] | None = None,
    drawn_from: int | None = None,
) -> Saved:
    """Save the boxes of a page drawn from a revision, from the newest if none is named."""
    return save_posted(
        submission=submission,
        posted=boxes(submission, figures, notes),
        base_revision=stored(submission).revision if drawn_from is None else drawn_from,
        by=by,
    )


def number(text: str) -> Cell:
    return Cell(number=Decimal(text), written=text)


def everything(submission: Submission) -> list[object]:
    """Return all that is stored of a submission, to see that nothing has changed."""
    return [
        Submission.objects.filter(pk=submission.pk).values().get(),
        list(Figure.objects.filter(submission=submission).order_by("pk").values()),
        list(DetailLine.objects.filter(figure__submission=submission).order_by("pk").values()),
        list(FigureChange.objects.filter(submission=submission).values()),
        list(Transition.objects.filter(submission=submission).values()),
    ]


def close(round_: Round) -> None:
    today = timezone.localdate()
    reschedule_round(
        round=round_,
        opens_on=today - timedelta(days=9),
        due_on=today - timedelta(days=5),
        closes_on=today - timedelta(days=1),
    )
