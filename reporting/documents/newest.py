"""The newest figure of an indicator as pages tell it: with what it stands on and how it changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.calculations.courses import Reading, before, year_before
from reporting.documents.courses import Address, change, shown
from reporting.printing.cells import coverage, printed_total, written_parts


@dataclass(frozen=True, slots=True)
class Newest:
    """The last figure with what is said beside it."""

    reading: Reading
    figure: str
    is_number: bool
    unit: str
    parts: str
    coverage: str
    address: str
    changes: Sequence[str]


def newest_of(found: Sequence[Reading], at: Reading, address: Address) -> Newest:
    """Return ``at`` as the newest of ``found``, with the agencies behind it at ``address``."""
    compared = (change(at, before(found, at)), change(at, year_before(found, at)))
    return Newest(
        reading=at,
        figure=shown(at.total),
        is_number=printed_total(at.total).is_number,
        unit="" if at.unit == "%" else at.unit,
        parts=written_parts(at.total.parts),
        coverage=coverage(at.total),
        address=address(at),
        # The round before may be that of the year before.
        changes=list(dict.fromkeys(filter(None, compared))),
    )
