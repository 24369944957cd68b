"""Letters about reports: what goes back, what is waited for, what was received."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from django.db import transaction
from django.utils import timezone

from indicators.queries.definitions import form_definition
from reporting.documents.binding import numbered, zip_together
from reporting.documents.files import File, record_export
from reporting.documents.formats.letters import LETTER_FORMATS, LetterFormat
from reporting.documents.names import (
    RECEIPT_STEM,
    REMINDER_STEM,
    RETURN_STEM,
    handed_in,
    letter_stem,
)
from reporting.filing import about_of, whose
from reporting.models import Agency, Round, Submission, Transition, User
from reporting.periods import how_shut
from reporting.printing.appendix import Letterhead, Signature, authority, long_date
from reporting.printing.letter import Letter, LetterTable
from reporting.queries.filings import Receipt
from reporting.queries.offices import home_affairs
from reporting.queries.submissions import entry_days, wanted_day
from reporting.reviewing import read_letter
from reporting.workflow import MOVES

HOME_AFFAIRS = "Sở Nội vụ"
SUBJECT = "báo cáo số liệu cải cách hành chính"
_NO_NUMBER = "……"
# Whom the letters are to that go out together.
LATE = "Quá hạn"


@dataclass(frozen=True, slots=True)
class _Office:
    """Who writes, from where, and who signs."""

    name: str
    above: str
    place: str
    signer_title: str

    def letterhead(self, day: date, number: str, about: str = "") -> Letterhead:
        under = f"\nV/v {about}" if about else ""
        return Letterhead(
            above=self.above.upper(),
            issuer=self.name.upper(),
            number=f"Số: {number}{under}",
            place_and_date=f"{self.place or '……………'}, {long_date(day)}",
        )

    @property
    def signature(self) -> Signature:
        return Signature("", self.signer_title, "")


def _office(province: Agency, day: date) -> _Office:
    found = home_affairs(province, day)
    return _Office(
        name=found.name if found else HOME_AFFAIRS,
        above=authority(province.name),
        place=(found.place if found else "") or province.place,
        signer_title=(found.signer_title if found else "") or "GIÁM ĐỐC",
    )


# What goes back


def return_letter(submission: Submission, sent_back: Transition) -> Letter:
    """Return the letter that went back with a report, from what was frozen then."""
    at, round_ = timezone.localtime(sent_back.at), submission.round
    office = _office(round_.province, at.date())
    about = f"trả lại {SUBJECT} {round_.period_text}"
    names = form_definition(submission.form_version).names
    reason, points = read_letter(sent_back.reason, set(names.values()))
    table = LetterTable(
        (("TT", 7), ("Chỉ tiêu", 33), ("Đang ghi", 13), ("Ý kiến", 29), ("Người nêu", 18)),
        [
            (str(number), point.place, point.figure, point.text, point.signed)
            for number, point in enumerate(points, start=1)
        ],
    )
    asked = "sửa số liệu hoặc trả lời từng ý kiến nêu trên" if points else "xem lại, hoàn thiện"
    return Letter(
        letterhead=office.letterhead(at.date(), _NO_NUMBER, about),
        about=about[:1].upper() + about[1:],
        addressee=submission.agency_name,
        paragraphs=[
            f"{office.name} đã xem xét {_report(submission)} và trả lại lúc {_moment(at)}"
            f" (người xem xét: {sent_back.by or 'hệ thống'}).",
            *_lines(reason),
            *([f"Ý kiến cần xử lý ({len(points)}):"] if points else []),
        ],
        table=table if points else None,
        closing=[
            *_lines(round_.notice),
            f"Đề nghị {submission.agency_name} {asked} trên cổng rồi gửi lại {office.name}.",
        ],
        signature=office.signature,
        recipients=("Như trên;", "Lưu: VT, CCHC."),
    )


def _report(submission: Submission) -> str:
    """Call a report as a letter does."""
    number = f" kèm theo báo cáo số {submission.report_number}" if submission.report_number else ""
    return f"{_form(submission)}{number} của {submission.whose}, {_within(submission.round)}"


def _form(submission: Submission) -> str:
    return submission.form_version.appendix_label or submission.form_version.code


def _within(round_: Round) -> str:
    """Call a round within a sentence: "Báo cáo quý III" is "đợt báo cáo quý III"."""
    name = str(round_)
    first = name.split(maxsplit=1)[0]
    if first in {"Báo", "Đợt", "Số"}:
        name = f"{name[:1].lower()}{name[1:]}"
    return name if name.startswith("đợt ") else f"đợt {name}"


def _moment(at: datetime) -> str:
    """Write a moment as letters of state do.

    >>> _moment(datetime(2026, 10, 5, 9, 7))
    '09 giờ 07 phút, ngày 05/10/2026'
    """
    return f"{at:%H} giờ {at:%M} phút, ngày {at:%d/%m/%Y}"


def _lines(text: str) -> Sequence[str]:
    return [line for line in text.splitlines() if line.strip()]


# What is waited for


def reminder_letter(round_: Round, reports: Sequence[Submission], now: datetime) -> Letter:
    """Return the letter that reminds an agency of its ``reports`` that are not handed in, of which
    there is one at least."""
    return _reminder(round_, reports, now, _office(round_.province, now.date()))


def _reminder(
    round_: Round, reports: Sequence[Submission], now: datetime, office: _Office
) -> Letter:
    today, agency = now.date(), reports[0].agency_name
    about = f"đôn đốc gửi {SUBJECT} {round_.period_text}"
    return Letter(
        letterhead=office.letterhead(today, _NO_NUMBER, about),
        about=about[:1].upper() + about[1:],
        addressee=agency,
        paragraphs=[
            f"Đến {_moment(now)}, {office.name} chưa nhận được {len(reports):02d} báo cáo sau đây"
            f" của {agency} trong {_within(round_)}:",
        ],
        table=LetterTable(
            (("TT", 7), ("Báo cáo", 37), ("Tình trạng", 20), ("Hạn", 16), ("So với hạn", 20)),
            [
                (
                    str(number),
                    f"{one.form_version.form.name}, {one.whose}",
                    one.get_state_display(),
                    *_due(wanted_day(one), today),
                )
                for number, one in enumerate(reports, start=1)
            ],
        ),
        closing=list(_to_do(reports, office.name, today)),
        signature=office.signature,
        recipients=("Như trên;", "Lưu: VT, CCHC."),
    )


def _due(day: date | None, today: date) -> tuple[str, str]:
    if day is None:
        return "không đặt hạn", ""
    left = (day - today).days
    if left < 0:
        return f"{day:%d/%m/%Y}", f"quá hạn {-left} ngày"
    return f"{day:%d/%m/%Y}", f"còn {left} ngày" if left else "hôm nay"


def _to_do(reports: Sequence[Submission], office: str, today: date) -> Iterator[str]:
    """Yield what is asked of the agency; where its reports take no figures, why, and what then."""
    agency, shut = reports[0].agency_name, [how_shut(entry_days(one), today) for one in reports]
    yield from dict.fromkeys(filter(None, shut))
    if all(shut):
        yield f"Đề nghị {agency} cho {office} biết lý do chưa gửi và thời gian cần thêm, nếu cần."
        return
    again = all(one.mends for one in reports)
    acts = "sửa theo ý kiến đã nêu và gửi lại" if again else "nhập đủ, kiểm tra và gửi"
    yield (
        f"Đề nghị {agency} khẩn trương {acts} báo cáo đến {office} qua cổng; nếu có vướng mắc, báo"
        f" ngay {office} để cùng xử lý."
    )


# What was received


def receipt_letter(submission: Submission, receipt: Receipt, back: Transition | None) -> Letter:
    """Return the receipt of one handing in; ``back`` is the move that undid the last one."""
    filing, about = receipt.filing, about_of(receipt.filing.content)
    at = timezone.localtime(filing.at)
    office = _office(submission.round.province, at.date())
    name = whose(about["agency_name"], about["capacity"])
    return Letter(
        letterhead=office.letterhead(at.date(), receipt.number),
        name="GIẤY BIÊN NHẬN",
        about=f"{SUBJECT[:1].upper()}{SUBJECT[1:]} {submission.round.period_text}",
        paragraphs=[
            f"{office.name} đã nhận qua cổng báo cáo của {name} như sau:",
        ],
        table=LetterTable(
            (("Nội dung", 30), ("Chi tiết", 70)), list(_received(submission, receipt, name, at))
        ),
        closing=[
            *_lines(submission.round.notice),
            *_standing(receipt, back),
            "Mã băm tính từ toàn bộ nội dung đã gửi: đổi một số là mã khác. Giấy này do cổng lập"
            " từ bản ghi của lần gửi.",
        ],
        signature=Signature("", office.name.upper(), ""),
        recipients=(f"{about['agency_name']};", "Lưu: VT, CCHC."),
    )


def _received(
    submission: Submission, receipt: Receipt, name: str, at: datetime
) -> Iterator[Sequence[str]]:
    filing, about = receipt.filing, about_of(receipt.filing.content)
    yield "Đơn vị", name
    yield "Đợt", str(submission.round)
    yield "Biểu mẫu", about["form"]
    yield "Lần gửi", str(filing.number)
    yield "Gửi lúc", f"{at:%H:%M:%S %d/%m/%Y}"
    yield "Người gửi", str(filing.by)
    if filing.received_on:
        yield "Nộp ngoài hệ thống", f"ngày {filing.received_on:%d/%m/%Y}, nhập bù sau"
    late = "quá hạn" if filing.is_late else "đúng hạn"
    yield "Hạn nộp", f"{filing.due_on:%d/%m/%Y}: {late}" if filing.due_on else "không đặt hạn"
    nil = " (cả báo cáo không phát sinh)" if filing.is_nil else ""
    yield "Số ô có nội dung", f"{filing.figures}{nil}"
    for what, key in (("Số báo cáo", "report_number"), ("Người ký", "signer_name")):
        if about[key]:
            yield what, about[key]
    yield "Mã băm SHA-256", filing.sha256


def _standing(receipt: Receipt, back: Transition | None) -> Iterator[str]:
    """Say what has become of the handing in, as its page does."""
    if not receipt.is_whole:
        yield (
            "Nội dung đang lưu không còn khớp mã băm ghi khi gửi: không dùng giấy này, báo ngay"
            " quản trị hệ thống kèm số của giấy."
        )
    if not receipt.is_last:
        yield "Đã có lần gửi sau thay cho lần này."
    elif back is not None:
        at = timezone.localtime(back.at)
        yield (
            f"{back.by or 'Hệ thống'} đã {MOVES[back.move].done} lúc {_moment(at)};"
            f" chưa có lần gửi nào thay cho lần này."
        )


# The files


def return_file(
    submission: Submission, sent_back: Transition, format_: LetterFormat, *, by: User
) -> File:
    """Return the letter that went back with a report, and record that it went out."""
    letter = return_letter(submission, sent_back)
    stem = letter_stem(RETURN_STEM, submission.round, submission.whose)
    return _recorded(letter, stem, format_, submission.round, submission, by=by)


def reminder_file(
    round_: Round, reports: Sequence[Submission], format_: LetterFormat, *, by: User
) -> File:
    """Return the letter that reminds of ``reports`` of one agency, and record that it went out."""
    letter = reminder_letter(round_, reports, timezone.localtime())
    stem = letter_stem(REMINDER_STEM, round_, reports[0].agency_name)
    only = reports[0] if len(reports) == 1 else None
    return _recorded(letter, stem, format_, round_, only, by=by)


@transaction.atomic
def reminders_file(round_: Round, waited: Sequence[Sequence[Submission]], *, by: User) -> File:
    """Return a zip of letters as Word files, each of which reminds one agency of its reports, and
    record that they went out."""
    now, format_ = timezone.localtime(), LETTER_FORMATS["docx"]
    office = _office(round_.province, now.date())
    names = numbered(
        f"{letter_stem(REMINDER_STEM, round_, reports[0].agency_name)}.{format_.extension}"
        for reports in waited
    )
    letters = []
    for name, reports in zip(names, waited, strict=True):
        letter, stem = _reminder(round_, reports, now, office), name.rpartition(".")[0]
        only = reports[0] if len(reports) == 1 else None
        letters.append(_recorded(letter, stem, format_, round_, only, by=by))
    target = BytesIO()
    zip_together(target, [(file.name, file.content) for file in letters], at=now)
    stem = letter_stem(REMINDER_STEM, round_, LATE)
    whole = File(f"{stem}.zip", "application/zip", target.getvalue())
    record_export(whole, "zip", round_=round_, submission=None, by=by, via="page")
    return whole


def receipt_file(
    submission: Submission,
    receipt: Receipt,
    back: Transition | None,
    format_: LetterFormat,
    *,
    by: User,
) -> File:
    """Return the receipt of one handing in, and record that it went out."""
    letter = receipt_letter(submission, receipt, back)
    standing = handed_in(receipt.filing.number)
    stem = letter_stem(RECEIPT_STEM, submission.round, submission.whose, standing)
    return _recorded(letter, stem, format_, submission.round, submission, by=by)


def _recorded(
    letter: Letter,
    stem: str,
    format_: LetterFormat,
    round_: Round,
    submission: Submission | None,
    *,
    by: User,
) -> File:
    file = File(f"{stem}.{format_.extension}", format_.content_type, format_.render(letter))
    record_export(file, format_.extension, round_=round_, submission=submission, by=by, via="page")
    return file
