"""The sheets of a workbook that tell what was said beside the figures of a report."""

from collections.abc import Mapping

from reporting.documents.formats.list_sheet import ListSheet
from reporting.documents.formats.workbook import Book
from reporting.printing.appendix import Appendix
from reporting.printing.cells import PrintedCell
from reporting.printing.notes import Found, FoundLine, Note

NOTES = "Ghi chú"
NOTE_HEADINGS: Mapping[str, int] = {
    "STT": 8,
    "Chỉ tiêu": 42,
    "Số liệu": 13,
    "Loại": 15,
    "Nội dung": 36,
    "Số": 12,
}
FOUND = "Phát hiện"
FOUND_HEADINGS: Mapping[str, int] = {
    "Mã": 9,
    "Mức": 9,
    "Dòng": 20,
    "Điều không đúng": 22,
    "Số ghi": 14,
    "Phải là": 12,
    "Việc cần làm": 20,
    "Giải trình, lý do miễn": 20,
}
NOTHING = "Không có điều gì phải xem lại."


def write_notes(book: Book, appendix: Appendix) -> None:
    """Add the sheet of notes: one line for each thing that was said beside a figure."""
    sheet = ListSheet(
        book, NOTES, NOTE_HEADINGS, title="GHI CHÚ VÀ DÒNG CHI TIẾT", appendix=appendix
    )
    for note in appendix.notes:
        _write_note(sheet, note)
    sheet.finish()


def _write_note(sheet: ListSheet, note: Note) -> None:
    texts = (note.stt, note.label, note.figure.text, note.kind, note.text, note.number.text)
    row, write = sheet.row_for(*texts), sheet.write
    write.words(row, 1, note.stt, "centre plain")
    write.words(row, 2, note.label, "label plain 0")
    _write_cell(sheet, row, 3, note.figure)
    write.words(row, 4, note.kind, "centre plain")
    write.words(row, 5, note.text, "label plain 0")
    _write_cell(sheet, row, 6, note.number)


def _write_cell(sheet: ListSheet, row: int, column: int, cell: PrintedCell) -> None:
    sheet.write.figure(row, column, cell, "plain")


def write_found(book: Book, appendix: Appendix, found: Found) -> None:
    """Add the sheet of findings, each with what was said of it."""
    sheet = ListSheet(
        book,
        FOUND,
        FOUND_HEADINGS,
        title="KẾT QUẢ KIỂM TRA SỐ LIỆU",
        appendix=appendix,
        notes=[found.when, "" if found.lines else NOTHING],
    )
    for line in found.lines:
        _write_found(sheet, line)
    sheet.finish()


def _write_found(sheet: ListSheet, line: FoundLine) -> None:
    texts = (
        line.code,
        line.severity,
        line.row,
        line.sentence,
        line.found,
        line.expected,
        line.instruction,
        "\n".join(line.answers),
    )
    row = sheet.row_for(*texts)
    for column, text in enumerate(texts, start=1):
        sheet.write.words(row, column, text, "centre plain" if column < 3 else "label plain 0")
