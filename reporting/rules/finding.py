"""One thing that a check finds: where, what stands there, what was expected, what to do."""

from dataclasses import dataclass

from indicators.kinds import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that the figures of a report break.

    ``keys`` are the rows it is about, the one to look at first; none where it is about the report
    as a whole. ``found`` are the figures as they stand, ``expected`` what they should be,
    ``formula`` the check in words. ``version`` marks what the check asked when this was found.
    One that ``waits`` may settle itself: a figure that it reads has not been reported yet.
    """

    code: str
    severity: Severity
    keys: tuple[str, ...]
    sentence: str
    instruction: str
    found: str = ""
    expected: str = ""
    formula: str = ""
    version: str = ""
    waits: bool = False

    @property
    def place(self) -> str:
        """The row that the finding is shown at; "" for the report as a whole."""
        return self.keys[0] if self.keys else ""

    @property
    def name(self) -> str:
        """What tells one finding of a report from all others of it, whatever its figures."""
        return finding_name(self.code, self.place)

    @property
    def measure(self) -> str:
        """How ``expected`` is introduced: a note only says what is usual."""
        return "Thường là" if self.severity is Severity.NOTE else "Phải là"


def finding_name(code: str, place: str) -> str:
    return f"{code} {place}".strip()
