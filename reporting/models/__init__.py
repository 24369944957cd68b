"""The tables of reporting."""

from indicators.kinds import AgencyKind
from reporting.models.agencies import Agency, Membership, Succession, User
from reporting.models.books import Book
from reporting.models.evidence import Comment, Evidence
from reporting.models.figures import DetailLine, Figure, FigureChange
from reporting.models.findings import CheckedFinding, CheckRun, FindingAnswer
from reporting.models.notices import Mail, Notice
from reporting.models.publications import KeyIndicator, Publication, Settlement
from reporting.models.records import ExportRecord, RecordLine
from reporting.models.rounds import Round, RoundForm
from reporting.models.single_sign_on import Link
from reporting.models.submissions import Filing, Look, Submission, Transition
from reporting.models.tallies import Tally
from reporting.models.verification import VerificationCode

__all__ = [
    "Agency",
    "AgencyKind",
    "Book",
    "CheckRun",
    "CheckedFinding",
    "Comment",
    "DetailLine",
    "Evidence",
    "ExportRecord",
    "Figure",
    "FigureChange",
    "Filing",
    "FindingAnswer",
    "KeyIndicator",
    "Link",
    "Look",
    "Mail",
    "Membership",
    "Notice",
    "Publication",
    "RecordLine",
    "Round",
    "RoundForm",
    "Settlement",
    "Submission",
    "Succession",
    "Tally",
    "Transition",
    "User",
    "VerificationCode",
]
