"""Letters about reports, as they are drawn up and as PDF and Word say them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from django.utils import timezone
from docx import Document

from indicators.queries.definitions import form_definition
from reporting.actions.comments import add_comment
from reporting.actions.reviews import send_back
from reporting.documents.formats.letters import LETTER_FORMATS
from reporting.documents.letters import receipt_letter, reminder_letter, return_letter
from reporting.models import Round, Submission, User
from reporting.printing.letter import Letter, LetterTable
from reporting.queries.filings import receipt_of, taken_back
from reporting.queries.submissions import last_return, waited_for
from reporting.reviewing import Point, Remark
from tests.cast import moved, report_of, stored, submitted
from tests.documents.conftest import poppler
from tests.documents.readers import squeezed
from tests.documents.test_pdf import HOSTILE

pytestmark = pytest.mark.django_db

WHOLE = "cả báo cáo"


@pytest.fixture
def sent_back(report: Submission, hanh: User) -> Submission:
    """A report that went back with a remark on one row and one on the whole of it."""
    submitted(report, {"1.1": "3"})
    name = form_definition(report.form_version).names["1.1"]
    remarks = [
        (WHOLE, "", add_comment(submission=stored(report), row_key="", text="Ký lại.", by=hanh)),
        (
            f"dòng {name}",
            "3",
            add_comment(submission=stored(report), row_key="1.1", text="Ít quá?\n2. Hai.", by=hanh),
        ),
    ]
    points = [
        Point(place, figure, Remark(comment.pk, comment.text, str(hanh), timezone.localtime()))
        for place, figure, comment in remarks
    ]
    current = stored(report)
    return send_back(
        submission=current,
        reason="Còn sai.\nXem lại.",
        points=points,
        seen=[point.remark.id for point in points],
        by=hanh,
        revision=current.revision,
    )


def the_return(report: Submission) -> Letter:
    found = last_return(report)
    assert found is not None
    return return_letter(report, found)


def test_a_return_tells_each_remark_in_its_row(sent_back: Submission) -> None:
    letter = the_return(sent_back)
    assert letter.addressee == "Sở Công Thương"
    assert letter.letterhead.above == "UBND TỈNH MINH HỌA"
    assert letter.letterhead.issuer == "SỞ NỘI VỤ"
    assert letter.letterhead.number.splitlines() == [
        "Số: ……",
        "V/v trả lại báo cáo số liệu cải cách hành chính quý này",
    ]
    assert " của Sở Công Thương, đợt báo cáo quý này và trả lại lúc " in letter.paragraphs[0]
    assert re.search(r"lúc \d\d giờ \d\d phút, ngày \d\d/\d\d/\d{4} \(", letter.paragraphs[0])
    assert letter.paragraphs[1:] == ["Còn sai.", "Xem lại.", "Ý kiến cần xử lý (2):"]
    assert letter.table is not None
    told = [row[:4] for row in letter.table.rows]
    assert told[0] == ("1", "Cả báo cáo", "", "Ký lại.")
    assert told[1][0] == "2"
    assert told[1][1].startswith("Dòng 1.1 Số văn bản")
    assert told[1][2:] == ("3", "Ít quá?\n2. Hai.")
    assert all(row[4].startswith("Trần Minh Hạnh, ") for row in letter.table.rows)
    assert letter.last_words[-1].endswith("./.")


def test_a_return_without_remarks_has_no_table(report: Submission, hanh: User) -> None:
    submitted(report, {"1.1": "3"})
    letter = the_return(moved(report, "return", by=hanh, reason="Thiếu chữ ký."))
    assert letter.table is None
    assert letter.paragraphs[1:] == ["Thiếu chữ ký."]


def test_a_letter_stays_as_it_went_back(sent_back: Submission) -> None:
    before = the_return(sent_back)
    Round.objects.update(edit_until=timezone.localdate() + timedelta(days=30))
    assert the_return(stored(sent_back)) == before


def test_a_reminder_names_what_is_waited_for(open_quarter: Round, report: Submission) -> None:
    now = timezone.localtime() + timedelta(days=7)
    letter = reminder_letter(open_quarter, waited_for(open_quarter, report.agency_id), now)
    assert letter.table is not None
    ((number, what, state, day, against),) = letter.table.rows
    assert (number, state) == ("1", "Chưa nhập")
    assert what.startswith("Phụ lục 2 – ")
    assert day == f"{open_quarter.due_on:%d/%m/%Y}"
    assert against == "quá hạn 2 ngày"
    assert letter.paragraphs == [
        f"Đến {now:%H} giờ {now:%M} phút, ngày {now:%d/%m/%Y}, Sở Nội vụ chưa nhận được 01 báo cáo"
        " sau đây của Sở Công Thương trong đợt báo cáo quý này:"
    ]


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Báo cáo quý III năm 2026", "đợt báo cáo quý III năm 2026"),
        ("Đợt quý III", "đợt quý III"),
        ("CCHC quý III", "đợt CCHC quý III"),
    ],
)
def test_a_round_is_called_so_within_a_sentence(
    open_quarter: Round, report: Submission, name: str, called: str
) -> None:
    open_quarter.name = name
    letter = reminder_letter(open_quarter, [report], timezone.localtime())
    assert letter.paragraphs[0].endswith(f" trong {called}:")


def test_a_reminder_asks_for_what_can_be_done(open_quarter: Round, report: Submission) -> None:
    def asked(days: int, **of_report: bool) -> Sequence[str]:
        reports = waited_for(open_quarter, report.agency_id)
        reports[0].mends = of_report.get("mends", False)
        return reminder_letter(
            open_quarter, reports, timezone.localtime() + timedelta(days=days)
        ).closing

    (open_still,) = asked(7)
    assert "nhập đủ, kiểm tra và gửi báo cáo" in open_still
    (sent_back,) = asked(7, mends=True)
    assert "sửa theo ý kiến đã nêu và gửi lại" in sent_back
    why, shut = asked(30)
    assert why.endswith(f" đã đóng sau ngày {open_quarter.closes_on:%d/%m/%Y}.")
    assert "lý do chưa gửi và thời gian cần thêm, nếu cần." in shut


def test_nothing_is_waited_for_of_what_was_handed_in_or_cancelled(
    open_quarter: Round, report: Submission
) -> None:
    assert waited_for(open_quarter, report.agency_id) == [report]
    open_quarter.status = "cancelled"
    assert not waited_for(open_quarter, report.agency_id)
    open_quarter.status = "open"
    submitted(report, {"1.1": "3"})
    assert not waited_for(open_quarter, report.agency_id)


def test_a_receipt_tells_what_its_page_tells(report: Submission, hanh: User, hoa: User) -> None:
    current = submitted(report, {"1.1": "3"})
    receipt = receipt_of(current, 1)
    assert receipt is not None
    letter = receipt_letter(current, receipt, taken_back(current))
    assert letter.letterhead.number == f"Số: MH-QUY/{report.pk}-1"
    assert letter.table is not None
    told = {row[0]: row[1] for row in letter.table.rows}
    assert told["Đơn vị"] == "Sở Công Thương"
    assert told["Mã băm SHA-256"] == receipt.filing.sha256
    assert told["Hạn nộp"].endswith(": đúng hạn")
    assert len(letter.closing) == 1
    back = moved(current, "return", by=hanh, reason="Sai.")
    later = receipt_letter(back, receipt, taken_back(back))
    assert later.closing[0].startswith("Trần Minh Hạnh đã trả lại")


# The files


@pytest.fixture
def letters(sent_back: Submission, open_quarter: Round, so_noi_vu: object) -> dict[str, Letter]:
    report = stored(sent_back)
    receipt = receipt_of(report, 1)
    assert receipt is not None
    waited = report_of(open_quarter, report.agency)
    return {
        "return": the_return(report),
        "reminder": reminder_letter(open_quarter, [waited], timezone.localtime()),
        "receipt": receipt_letter(report, receipt, taken_back(report)),
    }


def words_of(letter: Letter) -> list[str]:
    """Return all that a letter says."""
    head, table = letter.letterhead, letter.table or LetterTable((), ())
    return [
        *(head.above, head.issuer, *head.number.splitlines(), head.place_and_date),
        *("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
        *([letter.name, letter.about] if letter.name else [f"Kính gửi: {letter.addressee}"]),
        *letter.paragraphs,
        *(heading for heading, _ in table.headings),
        *(said for row in table.rows for said in row),
        *letter.last_words,
        letter.signature.signer_title,
        "Nơi nhận:",
        *letter.recipients,
    ]


def test_pdf_and_word_say_all_of_a_letter(letters: dict[str, Letter], tmp_path: Path) -> None:
    for name, letter in letters.items():
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(LETTER_FORMATS["pdf"].render(letter))
        in_pdf = "".join(sorted(squeezed(poppler("pdftotext", path, "-"))))
        said = squeezed(" ".join(words_of(letter)))
        # Lines of neighbouring cells are mixed when a page is read: every letter is there.
        for sign in set(said):
            assert in_pdf.count(sign) >= said.count(sign), (name, sign)
        in_word = squeezed(words_in(LETTER_FORMATS["docx"].render(letter)))
        for one in words_of(letter):
            assert squeezed(one) in in_word, (name, one)


def words_in(content: bytes) -> str:
    body = Document(BytesIO(content)).element.body
    return " ".join(piece.text or "" for piece in body.iter() if piece.tag.endswith("}t"))


def test_a_letter_is_a_pdf_that_keeps_and_the_same_file_each_time(
    letters: dict[str, Letter],
) -> None:
    for format_ in LETTER_FORMATS.values():
        assert format_.render(letters["return"]) == format_.render(letters["return"])
    read = pypdf.PdfReader(BytesIO(LETTER_FORMATS["pdf"].render(letters["return"])))
    assert len(read.pages) == 1
    assert "/OutputIntents" in read.root_object
    assert read.metadata is not None
    assert read.metadata.title == "Trả lại báo cáo số liệu cải cách hành chính quý này"


@pytest.mark.parametrize("text", [*HOSTILE, "=HYPERLINK(1)", "ŵơ " * 1600])
def test_what_people_typed_stays_text(
    letters: dict[str, Letter], tmp_path: Path, text: str
) -> None:
    table = LetterTable((("TT", 10), ("Ý kiến", 90)), [("1", text), ("2", text)])
    hostile = replace(letters["return"], paragraphs=[text], table=table, addressee=text)
    path = tmp_path / "hostile.pdf"
    path.write_bytes(LETTER_FORMATS["pdf"].render(hostile))
    count = 4 * text.count("ŵ") if "ŵ" in text else 4
    said = squeezed(poppler("pdftotext", path, "-"))
    assert said.count("ŵ" if "ŵ" in text else squeezed(text)) == count
    content = LETTER_FORMATS["docx"].render(hostile)
    assert squeezed(words_in(content)).count(squeezed(text)) == 4
    assert b"instrText" not in content
