"""A report as it stood at a moment, read from the record: no figure of today is looked at."""

from dataclasses import dataclass
from datetime import datetime

from indicators.kinds import Capacity
from indicators.queries.definitions import form_definition
from reporting.models import Filing, Submission, Transition
from reporting.past import Change, cells_at
from reporting.snapshot import SubmissionSnapshot


@dataclass(frozen=True, slots=True)
class Past:
    """One moment of a report: its figures, the last move before (None: it was not asked for yet),
    the last handing in before, and the report's first moment."""

    snapshot: SubmissionSnapshot
    move: Transition | None
    filing: Filing | None
    begins: datetime | None


def as_it_stood(submission: Submission, moment: datetime) -> Past:
    """Return ``submission``, fetched with its round, as it stood at ``moment``, what was done in
    that moment included. Three queries and the form's."""
    form = form_definition(submission.form_version)
    keys = {row.id: row.key for row in form.rows}
    changes = submission.changes.order_by("pk").values_list("row_id", "at", "after")
    moves = list(submission.transitions.select_related("by"))
    before = [move for move in moves if move.at <= moment]
    return Past(
        SubmissionSnapshot(
            form=form,
            cells=cells_at((Change(keys[row], at, after) for row, at, after in changes), moment),
            is_paper=submission.round.is_archive,
            agency_kind=submission.agency_kind,
            agency_functions=submission.agency_functions.split(),
            capacity=Capacity(submission.capacity),
        ),
        move=before[-1] if before else None,
        filing=submission.filings.filter(at__lte=moment).select_related("by").last(),
        begins=moves[0].at if moves else None,
    )
