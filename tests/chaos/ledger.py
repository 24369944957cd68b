"""What people were told was done, and what they never heard of again."""

import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Saved:
    """An entry that the portal has acknowledged."""

    at: float
    entry: str
    submission: int
    row: int
    figure: str


@dataclass(frozen=True, slots=True)
class Act:
    """A move of a report, a publication or a book that the portal has acknowledged."""

    at: float
    what: str
    about: int


@dataclass(frozen=True, slots=True)
class File:
    """A file that was attached, or taken out: of which report, with which hash."""

    at: float
    submission: int
    sha256: str


@dataclass
class Ledger:
    """``unsure`` counts the acts that were sent and never answered: done or not, but whole."""

    saved: list[Saved] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    attached: list[File] = field(default_factory=list)
    taken_out: list[File] = field(default_factory=list)
    unsure: Counter[tuple[str, int]] = field(default_factory=Counter)
    sent_again: int = 0
    requests: int = 0
    unanswered: int = 0
    away: int = 0  # answered 503
    strange: list[str] = field(default_factory=list)

    def before(self, moment: float) -> "Ledger":
        """Return what had been acknowledged by then; what came later may have been done or not."""
        later = Counter((act.what, act.about) for act in self.acts if act.at >= moment)
        return Ledger(
            saved=[one for one in self.saved if one.at < moment],
            acts=[one for one in self.acts if one.at < moment],
            attached=[one for one in self.attached if one.at < moment],
            taken_out=[one for one in self.taken_out if one.at < moment],
            unsure=self.unsure + later,
        )


def now() -> float:
    return time.time()
