"""Whose letterhead a document of a report or of a province bears."""

from indicators.kinds import AgencyKind
from reporting.models import Round, Submission
from reporting.printing.appendix import Appendix, Letterhead, authority
from reporting.printing.letterhead import letterhead_of


def letterhead_of_report(
    submission: Submission, appendix: Appendix, *, issuer: str, number: str
) -> Letterhead:
    """Return the letterhead of an agency's report: its own name below the one it stands under."""
    above = submission.agency.parent
    return letterhead_of(
        appendix,
        issuer=issuer,
        above=_called(above.name, above.kind) if above is not None else "",
        number=number,
    )


def letterhead_of_province(round_: Round, appendix: Appendix, *, number: str = "") -> Letterhead:
    """Return the letterhead of the province's own report, which nobody stands above."""
    return letterhead_of(appendix, issuer=authority(round_.province.name), above="", number=number)


def _called(name: str, kind: str) -> str:
    return authority(name) if kind == AgencyKind.PROVINCE else name
