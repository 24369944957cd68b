"""Why an act was refused: exceptions whose text is a Vietnamese sentence for the person."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError

from reporting.snapshot import Cell


class Refused(Exception):
    """The act was not done and nothing was changed; ``str()`` is the sentence to show."""


def sentences(refusal: Refused | ValidationError) -> list[str]:
    """Return what is to be shown of an act that was refused, or of values that were."""
    return refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]


class WrongState(Refused):
    """The submission does not stand where the act needs it to stand."""


class StaleSubmission(Refused):
    """The submission has changed since the person looked at it."""


class WrongStatus(Refused):
    """The round does not stand where the act needs it to stand."""


class StaleRound(Refused):
    """The round has changed since the person looked at it."""


class NotConfirmed(Refused):
    """The act leaves something undone that the person has not said to have seen."""


class NotExpected(Refused):
    """The round asks the agency for no report, or for none that is still to come."""


class RoundClosed(Refused):
    """The round does not take figures today."""


class NotYours(Refused):
    """The person's role does not allow the act."""


class ReasonMissing(Refused):
    """The act needs a reason and none was given."""


class NothingReported(Refused):
    """There is no figure to hand in."""


class StaleAgencies(Refused):
    """An agency has changed since the person looked at it."""


class AgencyUnfit(Refused):
    """The agency does not stand where the act needs it to stand."""


class NoSuchRow(Refused):
    """The form of the submission has no row of this key."""


class AlreadyAttached(Refused):
    """The same content lies behind the same row."""


class TooManyFiles(Refused):
    """The submission has as many files as it may have."""


class AlreadyRemoved(Refused):
    """Somebody else has taken the file away."""


class NotTyped(Refused):
    """The row takes no figure from people: it is computed, or a heading."""


class CommentUnfit(Refused):
    """The comment says nothing, or too much."""


class FindingsOpen(Refused):
    """The checks find what has to be mended or answered for before handing in."""


class RemarksOpen(Refused):
    """Something said about the report is not settled yet."""


class AnswerUnfit(Refused):
    """What is said of a finding is too long, or says nothing."""


class NotPlain(Refused):
    """There is something in the report to be looked at before it is approved."""


class NothingChosen(Refused):
    """No report was chosen to act on."""


class AlreadyResolved(Refused):
    """Somebody else has marked the comment as done."""


class StalePerson(Refused):
    """Somebody else has changed the same of the person meanwhile."""


class InvitationOver(Refused):
    """The link was used, is too old, or was followed by a newer one."""


class CodeWrong(Refused):
    """The code of a second factor is not the one asked for, or comes too soon after others."""


class NoAccount(Refused):
    """Who has signed in at the provider has no account here, or none that is open."""


class NotAgain(Refused):
    """A letter or a job is not started again: it is under way, done, or would fail the same way."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two people wrote one cell: what the other saved, who and when.

    ``mine`` is what the boxes show again: mine in the contested half, theirs in the other.
    """

    key: str
    theirs: Cell
    mine: Cell
    by: str
    at: datetime
    in_figure: bool = True
    in_note: bool = False


class NothingToBind(Refused):
    """No report of the round goes into the book that is asked for."""


class NotUnderWay(Refused):
    """The book is not being made, so that there is nothing to stop."""


class BackupFailed(Refused):
    """A backup was not made, is not whole, or was not put back."""
