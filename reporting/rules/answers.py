"""What was said of findings: explanations of warnings, waivers of errors, what is open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from indicators.kinds import Labelled, Severity
from reporting.rules.finding import Finding


class AnswerKind(Labelled):
    """What is said of a finding: the agency explains it; the reviewer lets it pass, or does not."""

    EXPLANATION = "explanation", "Giải trình"
    WAIVER = "waiver", "Miễn lỗi"
    REFUSAL = "refusal", "Không miễn"

    @property
    def is_of_reviewer(self) -> bool:
        return self is not AnswerKind.EXPLANATION


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
    """The last thing that one side said of a finding, and of which figures it was said."""

    kind: AnswerKind
    text: str
    found: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """What a person typed for a finding, and what they saw: the figures, and in the box before."""

    text: str
    found: str
    before: str = ""

    @property
    def is_untouched(self) -> bool:
        return self.text == self.before


@dataclass(frozen=True, slots=True)
class Weighed:
    """A finding with what was said of it: of the figures as they stand (``said``), or of others
    that stood there before (``outdated``), which settles nothing."""

    finding: Finding
    said: tuple[Answer, ...] = ()
    outdated: tuple[Answer, ...] = ()

    def answer(self, *, of_reviewer: bool) -> Answer | None:
        return _of(self.said, of_reviewer=of_reviewer)

    def outdated_answer(self, *, of_reviewer: bool) -> Answer | None:
        return _of(self.outdated, of_reviewer=of_reviewer)

    def takes(self, kind: AnswerKind) -> bool:
        return kind in MAY_BE_SAID[self.finding.severity]

    @property
    def is_open(self) -> bool:
        """The finding stands in the way of handing in."""
        return bool(SETTLES[self.finding.severity]) and not self.is_settled

    @property
    def is_settled(self) -> bool:
        settle = SETTLES[self.finding.severity]
        return any(answer.kind in settle for answer in self.said)

    @property
    def standing(self) -> str:
        """How far what was said has got, in words; "" where nothing was said."""
        if self.is_settled:
            return "đã miễn" if self.finding.severity is Severity.ERROR else "đã giải trình"
        kinds = {answer.kind for answer in self.said}
        if AnswerKind.REFUSAL in kinds:
            return "Sở Nội vụ không miễn"
        return "đã đề nghị miễn, chờ Sở Nội vụ" if kinds else ""


def _of(answers: Sequence[Answer], *, of_reviewer: bool) -> Answer | None:
    return next((one for one in answers if one.kind.is_of_reviewer is of_reviewer), None)


def weighed(found: Sequence[Finding], answers: Mapping[str, Sequence[Answer]]) -> list[Weighed]:
    """Return each of ``found`` with what was last said of it; ``answers`` are by finding's name."""
    return [_weighed(finding, answers.get(finding.name, ())) for finding in found]


def _weighed(finding: Finding, answers: Sequence[Answer]) -> Weighed:
    return Weighed(
        finding,
        said=tuple(answer for answer in answers if answer.found == finding.found),
        outdated=tuple(answer for answer in answers if answer.found != finding.found),
    )


def waiting_of(found: Sequence[Weighed]) -> int:
    """Return how many of ``found`` will stand in the way unless blanks are filled in."""
    return sum(one.finding.waits and one.is_open for one in found)


def in_the_way(found: Sequence[Weighed]) -> str:
    """Say what keeps a report from being handed in; "" where nothing does."""
    errors = sum(one.is_open and one.finding.severity is Severity.ERROR for one in found)
    warnings = sum(one.is_open and one.finding.severity is Severity.WARNING for one in found)
    said = [f"{errors} lỗi phải sửa hoặc được Sở Nội vụ miễn"] * bool(errors)
    said += [f"{warnings} cảnh báo chưa giải trình"] * bool(warnings)
    return f"Còn {' và '.join(said)} nên báo cáo chưa gửi được." if said else ""
