"""What was said of findings: explanations of warnings, waivers of errors, what is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from indicators.kinds import Labelled, Severity
from reporting.rules.finding import Finding


class AnswerKind(Labelled):
    """Who answers for a finding: the agency that explains it, or the reviewer who lets it pass."""

    EXPLANATION = "explanation", "Giải trình"
    WAIVER = "waiver", "Miễn lỗi"


# What may be said of a finding of each severity, and what of it settles the finding: an agency's
# word for an error asks the reviewer to let it pass.
MAY_BE_SAID: Mapping[Severity, frozenset[AnswerKind]] = {
    Severity.ERROR: frozenset(AnswerKind),
    Severity.WARNING: frozenset({AnswerKind.EXPLANATION}),
    Severity.NOTE: frozenset(),
}
SETTLES: Mapping[Severity, frozenset[AnswerKind]] = {
    Severity.ERROR: frozenset({AnswerKind.WAIVER}),
    Severity.WARNING: frozenset({AnswerKind.EXPLANATION}),
    Severity.NOTE: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The last thing of its kind said of a finding, and of which figures it was said."""

    kind: AnswerKind
    text: str
    found: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Weighed:
    """A finding with what was said of it: of the figures as they stand (``said``), or of others
    that stood there before (``outdated``), which settles nothing."""

    finding: Finding
    said: tuple[Answer, ...] = ()
    outdated: tuple[Answer, ...] = ()

    def answer(self, kind: AnswerKind) -> Answer | None:
        return next((answer for answer in self.said if answer.kind is kind), None)

    def outdated_answer(self, kind: AnswerKind) -> Answer | None:
        return next((answer for answer in self.outdated if answer.kind is kind), None)

    def takes(self, kind: AnswerKind) -> bool:
        return kind in MAY_BE_SAID[self.finding.severity]

    @property
    def is_open(self) -> bool:
        """The finding stands in the way of handing in."""
        settle = SETTLES[self.finding.severity]
        return bool(settle) and not any(answer.kind in settle for answer in self.said)


def weighed(found: Sequence[Finding], answers: Mapping[str, Sequence[Answer]]) -> list[Weighed]:
    """Return each of ``found`` with what was last said of it; ``answers`` are by finding's name."""
    return [_weighed(finding, answers.get(finding.name, ())) for finding in found]


def _weighed(finding: Finding, answers: Sequence[Answer]) -> Weighed:
    return Weighed(
        finding,
        said=tuple(answer for answer in answers if answer.found == finding.found),
        outdated=tuple(answer for answer in answers if answer.found != finding.found),
    )


def in_the_way(found: Sequence[Weighed]) -> str:
    """Say what keeps a report from being handed in; "" where nothing does."""
    errors = sum(one.is_open and one.finding.severity is Severity.ERROR for one in found)
    warnings = sum(one.is_open and one.finding.severity is Severity.WARNING for one in found)
    said = [f"{errors} lỗi phải sửa hoặc được Sở Nội vụ miễn"] * bool(errors)
    said += [f"{warnings} cảnh báo chưa giải trình"] * bool(warnings)
    return f"Còn {' và '.join(said)} nên báo cáo chưa gửi được." if said else ""
