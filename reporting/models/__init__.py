"""The tables of reporting."""

from indicators.kinds import AgencyKind
from reporting.models.agencies import Agency, Membership, User
from reporting.models.evidence import Comment, Evidence
from reporting.models.figures import DetailLine, Figure, FigureChange
from reporting.models.records import ExportRecord
from reporting.models.rounds import Round, RoundForm
from reporting.models.submissions import Submission, Transition

__all__ = [
    "Agency",
    "AgencyKind",
    "Comment",
    "DetailLine",
    "Evidence",
    "ExportRecord",
    "Figure",
    "FigureChange",
    "Membership",
    "Round",
    "RoundForm",
    "Submission",
    "Transition",
    "User",
]
