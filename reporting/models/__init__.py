"""The tables of reporting."""

from reporting.models.agencies import Agency, AgencyKind, Membership, User
from reporting.models.figures import DetailLine, Figure, FigureChange
from reporting.models.records import ExportRecord
from reporting.models.rounds import Round, RoundForm
from reporting.models.submissions import Submission, Transition

__all__ = [
    "Agency",
    "AgencyKind",
    "DetailLine",
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
