"""The sheet of a workbook on which the rules of the form follow the figures of its table."""

from collections.abc import Mapping

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle

from indicators.formulas import Ref
from indicators.formulas.excel import SILENT, answer, any_of, fits, quoted
from reporting.documents.formats.addresses import Addresses
from reporting.documents.formats.workbook import (
    LEADING,
    Book,
    Writer,
    lay_out,
    printed_lines,
)
from reporting.printing.appendix import Appendix, Checks, RuleLine

SHEET = "Kiểm tra"
TITLE = "KIỂM TRA SỐ LIỆU THEO QUY TẮC CỦA BIỂU"
NOTE = (
    "Kết quả tính lại khi sửa số ở trang «Phụ lục». Dấu «–»: còn thiếu số, hoặc quy tắc không hỏi"
    " đơn vị này."
)
NOTE_BESIDE = "Số của kỳ khác, biểu khác là số có trên cổng lúc tải tệp."
HEADINGS: Mapping[str, int] = {
    "Mã": 12,
    "Mức": 12,
    "Điều phải đúng": 68,
    "Kết quả": 16,
    "Việc cần làm": 52,
}
WIDTHS = dict(zip("ABCDE", HEADINGS.values(), strict=True))
COLUMNS = len(HEADINGS)
RESULT = 4
WORDS: Mapping[bool | None, str] = {False: "Cần xem lại", None: "–", True: "Đạt"}
_WARNING = "FFFCE4D6"


def write_checks(book: Book, appendix: Appendix, checks: Checks, addresses: Addresses) -> None:
    """Add the sheet; ``addresses`` are the figures as it calls them."""
    write = book.sheet(SHEET)
    headings = _write_top(write, appendix, checks)
    for row, line in enumerate(checks.rules, headings + 1):
        _write_rule(write, row, line, addresses)
    last = headings + len(checks.rules)
    _mark_broken(write, f"D{headings + 1}:D{last}")
    lay_out(write.sheet, WIDTHS, headings=(headings, headings), last=last)
    write.sheet.auto_filter.ref = f"A{headings}:E{last}"
    write.sheet.page_setup.orientation = "landscape"
    # Else its pages are counted on from those of the appendix.
    write.sheet.page_setup.firstPageNumber = 1
    write.sheet.page_setup.useFirstPageNumber = True
    margins = write.sheet.page_margins
    margins.top, margins.bottom, margins.left, margins.right = 0.79, 0.79, 0.6, 0.6


def _write_top(write: Writer, appendix: Appendix, checks: Checks) -> int:
    """Write what stands above the rules; return the row of the headings."""
    note = f"{NOTE} {NOTE_BESIDE}" if checks.beside else NOTE
    row = 1
    for text, style in (
        (TITLE, "top"),
        (appendix.title, "legal"),
        (appendix.notice, "legal"),
        (note, "legal"),
    ):
        if text:
            write.across(row, 1, COLUMNS, text, style)
            write.height(row, 19 * printed_lines(text, 130))
            row += 1
    row += 1
    for column, heading in enumerate(HEADINGS, start=1):
        write.words(row, column, heading, "head")
    write.height(row, 2 * LEADING)
    return row


def _write_rule(write: Writer, row: int, line: RuleLine, addresses: Addresses) -> None:
    severity = line.rule.severity.label.capitalize()
    write.words(row, 1, line.rule.code, "centre plain")
    write.words(row, 2, severity, "centre plain")
    write.words(row, 3, line.words, "label plain 0")
    write.words(row, 5, line.rule.instruction, "label plain 0")
    texts = (line.rule.code, severity, line.words, "", line.rule.instruction)
    widths = HEADINGS.values()
    lines = max(printed_lines(text, width) for text, width in zip(texts, widths, strict=True))
    write.height(row, LEADING * lines)
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
