"""The official handings in of a report, and what each changed against the one before."""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.queries.definitions import form_definition
from reporting.filing import Difference, cells_of, differences, sha256_of
from reporting.models import Filing, Submission, Transition
from reporting.workflow import HANDED_IN, State


@dataclass(frozen=True, slots=True)
class Receipt:
    """One handing in with the one before it. ``is_whole`` says that the stored text still gives the
    hash that was written at handing in; ``is_last`` that no later one replaces it."""

    filing: Filing
    number: str
    before: Filing | None
    changes: Sequence[Difference]
    is_whole: bool
    is_last: bool


def filings_of(submission: Submission) -> Sequence[Filing]:
    """Return the handings in of ``submission``, the first one first, without their text. One
    query."""
    return list(submission.filings.select_related("by").defer("content").order_by("number"))


def last_filing(submission: Submission) -> Filing | None:
    """Return the last handing in of ``submission``, without its text. One query."""
    return submission.filings.select_related("by").defer("content").order_by("number").last()


def filing_in_force(submission: Submission) -> Filing | None:
    """Return the handing in by which a report stands; None of one that is with its agency. One
    query where there is one."""
    return last_filing(submission) if State(submission.state) in HANDED_IN else None


def taken_back(submission: Submission) -> Transition | None:
    """Return the move by which a report that was handed in went back to its agency; None of one
    that stands handed in. One query where it does not."""
    if State(submission.state) in HANDED_IN:
        return None
    left = submission.transitions.filter(source__in=HANDED_IN).exclude(target__in=HANDED_IN)
    return left.select_related("by").last()


def receipt_of(submission: Submission, number: int) -> Receipt | None:
    """Return what is known of handing in ``number``; None where there is none. Two queries and the
    form's."""
    stored = submission.filings.select_related("by").filter(
        number__gte=number - 1, number__lte=number
    )
    by_number = {filing.number: filing for filing in stored}
    filing, before = by_number.get(number), by_number.get(number - 1)
    if filing is None:
        return None
    changes: Sequence[Difference] = ()
    if before is not None:
        form = form_definition(submission.form_version)
        changes = differences(form, cells_of(before.content), cells_of(filing.content))
    return Receipt(
        filing=filing,
        number=f"{submission.round.code}/{submission.pk}-{filing.number}",
        before=before,
        changes=changes,
        is_whole=sha256_of(filing.content) == filing.sha256,
        is_last=not submission.filings.filter(number__gt=number).exists(),
    )
