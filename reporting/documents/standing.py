"""What the page of a verification code tells: what the paper is, and how it stands today."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from django.utils import timezone

from reporting.calculations.contributions import Basis
from reporting.documents.files import appendix_of_submission
from reporting.filing import sha256_of
from reporting.models import Publication, Submission, VerificationCode
from reporting.printing.appendix import within
from reporting.queries.filings import last_filing, taken_back
from reporting.queries.verification import (
    later_filing,
    later_publication,
    newest_publication,
    reports_moved_since,
)
from reporting.verification.content import content_text
from reporting.workflow import MOVES, RoundStatus, State


class Standing(Enum):
    """How a paper stands, and the colour of it."""

    CURRENT = "approved", "Hiện hành"
    WAITING = "submitted", "Hiện hành, chờ duyệt"
    REPLACED = "late", "Đã được thay"
    TAKEN_BACK = "returned", "Không còn hiệu lực"
    UNOFFICIAL = "draft", "Không phải bản chính thức"
    CANCELLED = "late", "Đợt đã hủy"

    def __init__(self, colour: str, label: str) -> None:
        self.colour = colour
        self.label = label


@dataclass(frozen=True, slots=True)
class Told:
    """What a paper is in one line, what is known of it, how it stands, and why."""

    what: str
    facts: Sequence[tuple[str, str]]
    standing: Standing
    why: str
    is_whole: bool


def told_of(code: VerificationCode) -> Told:
    """Tell what was printed under ``code``: nothing more of it than the paper says itself."""
    province = within(code.round.province.name)
    if code.publication is not None:
        standing, why = _of_publication(code.publication)
        what = f"Số tổng hợp của {province}, công bố lần {code.publication.number}"
    elif code.submission is not None:
        standing, why = _of_report(code, code.submission)
        lot = f"lần gửi {code.filing.number}" if code.filing else "bản in khi chưa gửi"
        what = f"Báo cáo của {code.submission.whose}, {lot}"
    else:
        standing, why = _of_round(code)
        provisional = code.basis != Basis.APPROVED.value
        what = f"Số tổng hợp{' tạm tính' * provisional} của {province}"
    if code.round.status == RoundStatus.CANCELLED:
        standing, why = Standing.CANCELLED, "Đợt báo cáo này đã bị hủy sau khi in."
    return Told(
        what=what,
        facts=[(name, text) for name, text in _facts(code) if text],
        standing=standing,
        why=why,
        is_whole=sha256_of(code.content) == code.sha256,
    )


def _facts(code: VerificationCode) -> Iterator[tuple[str, str]]:
    version, publication, filing = code.form_version, code.publication, code.filing
    yield "Tỉnh", code.round.province.name
    if code.submission is not None:
        yield "Đơn vị", code.submission.whose
    yield "Đợt báo cáo", f"{code.round} ({code.round.code})"
    yield "Biểu mẫu", f"{version.appendix_label}, {version.code}".strip(", ")
    if publication is not None:
        yield "Công bố", f"lần {publication.number}, {moment(publication.at)}"
        yield "Số báo cáo", _numbered(publication.report_number, publication.report_date)
        yield "Mã băm bản công bố", publication.sha256
    if filing is not None:
        yield "Lần gửi", f"lần {filing.number}, {moment(filing.at)}"
        yield "Mã băm lần gửi", filing.sha256
    if code.state and filing is None:
        yield "Khi in, báo cáo", State(code.state).label.lower()
    yield "In lần đầu", moment(code.at)
    yield "Mã băm bảng in", code.sha256


def _numbered(number: str, day: date | None) -> str:
    return f"{number}{f', ngày {day:%d/%m/%Y}' if number and day else ''}"


def moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M ngày %d/%m/%Y}"


def _of_publication(publication: Publication) -> tuple[Standing, str]:
    later = later_publication(publication)
    if later is not None:
        return Standing.REPLACED, (
            f"Đã được thay bằng công bố lần {later.number}, {moment(later.at)}."
        )
    return Standing.CURRENT, "Đây là lần công bố mới nhất của đợt này theo biểu mẫu này."


def _of_report(code: VerificationCode, submission: Submission) -> tuple[Standing, str]:
    if code.filing is None:
        return Standing.UNOFFICIAL, _unsent(code, submission)
    later = later_filing(submission, code.filing)
    if later is not None:
        return Standing.REPLACED, f"Đã được thay bằng lần gửi {later.number}, {moment(later.at)}."
    back = taken_back(submission)
    if back is not None:
        move = MOVES.get(back.move)
        return Standing.TAKEN_BACK, (
            f"Báo cáo không còn ở trạng thái đã gửi: {move.done if move else back.move} lúc"
            f" {moment(back.at)}. Chưa có lần gửi nào thay."
        )
    if State(submission.state) is State.APPROVED:
        return Standing.CURRENT, "Đây là lần gửi mới nhất và đã được duyệt."
    return Standing.WAITING, "Đây là lần gửi mới nhất; báo cáo đang chờ Sở Nội vụ duyệt."


def _unsent(code: VerificationCode, submission: Submission) -> str:
    now = sha256_of(content_text(appendix_of_submission(submission)))
    said = "In khi báo cáo chưa gửi chính thức."
    last = last_filing(submission)
    if last is not None:
        said += f" Báo cáo này có lần gửi {last.number}, {moment(last.at)}."
    if now == code.sha256:
        return f"{said} Nội dung trong cổng hiện nay vẫn như bản in."
    return f"{said} Nội dung hoặc trạng thái trong cổng đã khác bản in."


def _of_round(code: VerificationCode) -> tuple[Standing, str]:
    said = "Bảng in ra để xem, chưa phải bản công bố."
    made = newest_publication(code)
    if made is not None:
        said += f" Bản công bố mới nhất của đợt là lần {made.number}, {moment(made.at)}."
    moved = reports_moved_since(code)
    if moved:
        return Standing.UNOFFICIAL, (
            f"{said} Từ khi in, {moved} báo cáo của đợt đã đổi trạng thái, số tổng hợp có thể đã"
            " khác."
        )
    return Standing.UNOFFICIAL, f"{said} Từ khi in chưa có báo cáo nào của đợt đổi trạng thái."
