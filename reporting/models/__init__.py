"""The tables of reporting."""

from indicators.kinds import AgencyKind
from reporting.models.agencies import Agency, Membership, User
from reporting.models.evidence import Comment, Evidence
from reporting.models.figures import DetailLine, Figure, FigureChange
from reporting.models.findings import CheckedFinding, CheckRun, FindingAnswer
from reporting.models.records import ExportRecord
from reporting.models.rounds import Round, RoundForm
from reporting.models.submissions import Submission, Transition

__all__ = [
    "Agency",
    "AgencyKind",
    "CheckRun",
    "CheckedFinding",
    "Comment",
    "DetailLine",
    "Evidence",
    "ExportRecord",
    "Figure",
    "FigureChange",
    "FindingAnswer",
    "Membership",
    "Round",
    "RoundForm",
    "Submission",
    "Transition",
    "User",
]
