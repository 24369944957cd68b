"""The sheet of a workbook on which the rules of the form follow the figures of its table."""

from collections.abc import Mapping

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle

from indicators.formulas import Ref
from indicators.formulas.excel import SILENT, answer, any_of, fits, quoted
from reporting.documents.formats.addresses import Addresses
from reporting.documents.formats.list_sheet import ListSheet
from reporting.documents.formats.workbook import Book, Writer
from reporting.printing.appendix import Appendix, Checks, RuleLine

SHEET = "Kiểm tra"
TITLE = "KIỂM TRA SỐ LIỆU THEO QUY TẮC CỦA BIỂU"
NOTE = (
    "Kết quả tính lại khi sửa số ở trang «Phụ lục». Dấu «–»: còn thiếu số, hoặc quy tắc không hỏi"
    " đơn vị này."
)
NOTE_BESIDE = "Số của kỳ khác, biểu khác là số có trên cổng lúc tải tệp."
HEADINGS: Mapping[str, int] = {
    "Mã": 10,
    "Mức": 10,
    "Điều phải đúng": 54,
    "Kết quả": 14,
    "Việc cần làm": 38,
}
RESULT = 4
WORDS: Mapping[bool | None, str] = {False: "Cần xem lại", None: "–", True: "Đạt"}
_WARNING = "FFFCE4D6"


def write_checks(book: Book, appendix: Appendix, checks: Checks, addresses: Addresses) -> None:
    """Add the sheet; ``addresses`` are the figures as it calls them."""
    note = f"{NOTE} {NOTE_BESIDE}" if checks.beside else NOTE
    sheet = ListSheet(book, SHEET, HEADINGS, title=TITLE, appendix=appendix, notes=[note])
    for line in checks.rules:
        _write_rule(sheet, line, addresses)
    _mark_broken(sheet.write, f"D{sheet.heading_row + 1}:D{sheet.last}")
    sheet.finish()


def _write_rule(sheet: ListSheet, line: RuleLine, addresses: Addresses) -> None:
    severity = line.rule.severity.label.capitalize()
    row = sheet.row_for(line.rule.code, severity, line.words, "", line.rule.instruction)
    write = sheet.write
    write.words(row, 1, line.rule.code, "centre plain")
    write.words(row, 2, severity, "centre plain")
    write.words(row, 3, line.words, "label plain 0")
    write.words(row, 5, line.rule.instruction, "label plain 0")
    formula, shown = result(line, addresses), WORDS[line.holds]
    if fits(formula):
        write.formula(row, RESULT, formula, shown, "centre plain")
    else:
        write.words(row, RESULT, f"{shown} (lúc tải tệp)", "centre plain")


def result(line: RuleLine, addresses: Addresses) -> str:
    """Return the Excel expression of what a rule says of the figures, in words."""
    said = answer(line.rule.test, addresses.cells, line.rule.missing)
    if line.waits_for:
        one_is_there = any_of(addresses.cells.figure(Ref(key)).is_there for key in line.waits_for)
        said = f"IF({one_is_there},{said},{SILENT})"
    return f"CHOOSE(1+{said},{','.join(map(quoted, WORDS.values()))})"


def _mark_broken(write: Writer, results: str) -> None:
    look = DifferentialStyle(font=Font(bold=True), fill=PatternFill(bgColor=_WARNING))
    broken = Rule(type="cellIs", operator="equal", dxf=look, formula=[quoted(WORDS[False])])
    write.sheet.conditional_formatting.add(results, broken)
