"""What is said beside figures: in words, and on the sheets of a workbook."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from indicators.kinds import Kind
from reporting.documents.formats import xlsx
from reporting.printing.appendix import Appendix, Heading, submission_appendix
from reporting.printing.cells import BLANK, PrintedCell
from reporting.printing.notes import Found, FoundLine, Note, notes_of
from reporting.printing.sections import section_of
from reporting.snapshot import Cell, Detail, Reading, SubmissionSnapshot
from tests.documents.forms import form, row
from tests.documents.readers import sheet_names, sheet_of

FORM = form(
    row("1.1", stt="1.1", label="Thủ tục"),
    row("1.2", stt="1.2", label="Tỷ lệ", kind=Kind.PERCENT),
    row("2.1", stt="2.1", label="Hồ sơ", section="2"),
)
CELLS = {
    "1.1": Cell(
        number=Decimal(5),
        note="Chờ số\ncủa xã",
        details=(
            Detail("Hộ tịch", Decimal("4.000"), "4"),
            Detail("Nuôi con nuôi", Decimal(1)),
            Detail("Khác", None),
        ),
    ),
    "1.2": Cell(number=Decimal("79.07"), written="34/43", reading=Reading.CONFIRMED),
    "2.1": Cell(number=Decimal(5356), written="5.356", reading=Reading.CHANGED),
}
FIVE = PrintedCell("5", Decimal(5))
FOUND = Found(
    when="Kiểm tra khi gửi lúc 08:00 ngày 05/04/2026.",
    lines=[
        FoundLine(
            code="Q01",
            severity="lỗi",
            row="1.1 Thủ tục",
            sentence="=Số xong lớn hơn số giao",
            found="5 > 4",
            expected="≤ 4",
            formula="",
            instruction="Xem lại.",
            answers=["Giải trình: tính cả năm trước (Hoa, 05/04/2026)", "Miễn lỗi: đúng vậy"],
        )
    ],
)


def snapshot(**changes: Any) -> SubmissionSnapshot:
    return SubmissionSnapshot(FORM, CELLS, **changes)


def appendix(**changes: Any) -> Appendix:
    heading = Heading(agency="Sở Tư pháp", place="", period="quý này")
    return replace(submission_appendix(snapshot(), heading), **changes)


def test_each_thing_said_is_a_note_of_its_figure() -> None:
    rate = PrintedCell("79,07", Decimal("79.07"))
    files = PrintedCell("5.356", Decimal(5356))
    four, one = PrintedCell("4", Decimal(4)), PrintedCell("1", Decimal(1))
    assert list(notes_of(snapshot())) == [
        Note("1.1", "1.1", "Thủ tục", FIVE, "Ghi chú", "Chờ số\ncủa xã"),
        Note("1.1", "1.1", "Thủ tục", FIVE, "Dòng chi tiết", "Hộ tịch", four),
        Note("1.1", "1.1", "Thủ tục", FIVE, "Dòng chi tiết", "Nuôi con nuôi", one),
        Note("1.1", "1.1", "Thủ tục", FIVE, "Dòng chi tiết", "Khác", BLANK),
        Note("1.2", "1.2", "Tỷ lệ", rate, "Đã gõ", "34/43"),
        Note("2.1", "2.1", "Hồ sơ", files, "Đã gõ", "5.356"),
    ]


def test_what_a_paper_says_is_told_as_that() -> None:
    kinds = [note.kind for note in notes_of(snapshot(is_paper=True))]
    assert kinds[-2:] == ["Ghi trên báo cáo", "Ghi trên báo cáo"]


def test_a_text_that_was_read_as_it_stands_is_no_note() -> None:
    assert list(notes_of(SubmissionSnapshot(FORM, {"1.1": Cell(number=Decimal(5))}))) == []
    typed = Cell(number=Decimal(5), written="5", reading=Reading.AS_IS)
    assert list(notes_of(SubmissionSnapshot(FORM, {"1.1": typed}))) == []


def test_a_section_has_its_own_notes_and_tells_no_finding() -> None:
    found = section_of(appendix(found=FOUND), FORM, "2")
    assert [note.key for note in found.notes] == ["2.1"]
    assert found.found is None


def test_the_workbook_has_a_sheet_of_notes_with_numbers_as_numbers() -> None:
    content = xlsx.render(appendix())
    assert sheet_names(content) == ["Phụ lục", "Ghi chú"]
    rows = sheet_of(content, "Ghi chú")
    first = next(place for place, line in enumerate(rows) if line[0] == "STT")
    assert rows[first:] == [
        ["STT", "Chỉ tiêu", "Số liệu", "Loại", "Nội dung", "Số"],
        ["1.1", "Thủ tục", 5.0, "Ghi chú", "Chờ số\ncủa xã", ""],
        ["1.1", "Thủ tục", 5.0, "Dòng chi tiết", "Hộ tịch", 4.0],
        ["1.1", "Thủ tục", 5.0, "Dòng chi tiết", "Nuôi con nuôi", 1.0],
        ["1.1", "Thủ tục", 5.0, "Dòng chi tiết", "Khác", ""],
        ["1.2", "Tỷ lệ", 79.07, "Đã gõ", "34/43", ""],
        ["2.1", "Hồ sơ", 5356.0, "Đã gõ", "5.356", ""],
    ]


def test_the_workbook_tells_every_finding_with_what_was_said_of_it() -> None:
    content = xlsx.render(appendix(found=FOUND, notes=()))
    assert sheet_names(content) == ["Phụ lục", "Phát hiện"]
    rows = [[cell for cell in line if cell != ""] for line in sheet_of(content, "Phát hiện")]
    assert ["Kiểm tra khi gửi lúc 08:00 ngày 05/04/2026."] in rows
    assert rows[-1] == [
        "Q01",
        "lỗi",
        "1.1 Thủ tục",
        "=Số xong lớn hơn số giao",
        "5 > 4",
        "≤ 4",
        "Xem lại.",
        "Giải trình: tính cả năm trước (Hoa, 05/04/2026)\nMiễn lỗi: đúng vậy",
    ]


def test_a_report_without_findings_says_so() -> None:
    content = xlsx.render(appendix(found=Found(when="", lines=[])))
    rows = [line[0] for line in sheet_of(content, "Phát hiện")]
    assert "Không có điều gì phải xem lại." in rows


def test_a_form_without_notes_has_no_sheet_of_them() -> None:
    heading = Heading(agency="", place="", period="")
    assert sheet_names(xlsx.render(submission_appendix(SubmissionSnapshot(FORM), heading))) == [
        "Phụ lục"
    ]


def test_a_row_without_a_number_is_told_by_the_one_above() -> None:
    """Labels stand under several rows alike."""
    named = form(
        row("3", stt="3.4.1.", label="Tỷ lệ đúng hạn"),
        row("3.a", stt="", label="- Cấp tỉnh", parent="3"),
        row("3.a.1", stt="", label="- Số hồ sơ", parent="3.a"),
        row("x", stt="", label="- Số hồ sơ"),
    )
    said = {key: Cell(note="Chờ.") for key in named.by_key}
    found = [note.stt for note in notes_of(SubmissionSnapshot(named, said))]
    assert found == ["3.4.1.", "(3.4.1)", "(3.4.1)", ""]
