"""Our own workbook of a form: what its columns take, and how it is written."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from indicators.catalogue.problems import MOST_ROWS
from indicators.catalogue.titles import ALL_VOCABULARIES, TITLES, YES, in_words
from indicators.catalogue.written import (
    INDICATOR_COLUMNS,
    ROW_COLUMNS,
    RULE_COLUMNS,
    Document,
    Line,
    VersionHead,
    numbered,
)
from indicators.kinds import AgencyKind
from indicators.words import clean, in_workbook

# One sentence for each column: the comment on its title, the guide, and the pages that edit it.
HELP: Mapping[str, str] = {
    "position": "Số thứ tự của dòng trong tệp; khi đọc lại được đếm theo thứ tự các dòng.",
    "key": "Tên riêng của dòng trong biểu, ví dụ 1.3.2 hoặc 1.3.2.a; không dòng nào trùng nhau.",
    "stt": "Số thứ tự đúng như in trên giấy, kể cả dấu chấm cuối; để trống nếu giấy không in.",
    "label": "Tên chỉ tiêu đúng như in trên giấy, kể cả gạch đầu dòng.",
    "unit": "Đơn vị tính đúng như in trên giấy.",
    "who_reports": "Chữ in sẵn ở cột cuối của biểu (ghi chú, cơ quan thực hiện).",
    "parent": "Khóa của dòng cấp trên, đứng phía trên dòng này; để trống ở dòng cấp cao nhất.",
    "kind": "Điều mà ô số liệu chứa; dòng tiêu đề thì không có ô số liệu.",
    "choices": "Chỉ cho loại «lựa chọn»: mã=nhãn, cách nhau dấu |, ví dụ 0=Không|1=Có.",
    "indicator": "Mã của chỉ tiêu gốc nối các biểu với nhau; chỉ tiêu chưa có thì thêm ở trang «Chỉ"
    " tiêu mới».",
    "formula": "Chỉ cho tỷ lệ tính được từ hai dòng của biểu: percent([khóa phần], [khóa tổng]).",
    "across_agencies": "Cách số của các đơn vị thành số của tỉnh; tỷ lệ không bao giờ cộng.",
    "across_periods": "Số phát sinh trong kỳ, lũy kế từ đầu năm, hay có tại thời điểm báo cáo.",
    "asked": "Mã loại đơn vị và mã chức năng phải báo cáo số của mình, cách nhau dấu cách; để trống"
    " là mọi đơn vị.",
    "reporter": "Mã chức năng của cơ quan báo cáo số của cả tỉnh; để trống nếu không giao cho ai.",
    "vertical": "Ghi «có» nếu số liệu gồm cả các cơ quan ngành dọc của trung ương.",
    "emphasis": "Kiểu chữ của dòng trên giấy: thường, đậm hoặc nghiêng.",
    "code": "Mã riêng, viết không dấu, không dấu cách, ví dụ chi_dao.van_ban.so_luong.",
    "severity": "Nặng nhẹ của điều được báo cho người nhập và người duyệt: lỗi, cảnh báo, lưu ý.",
    "condition": "Phép so sánh giữa các dòng, ví dụ [1.5.b] + [1.5.c] <= [1.5.a].",
    "missing": "Số mà quy tắc cần còn trống thì bỏ qua hay coi là 0. «Không phát sinh» là 0.",
    "sentence": "Câu nói với người nhập điều gì không đúng.",
    "instruction": "Câu nói với người nhập cần làm gì.",
    "name": "Tên đầy đủ của chỉ tiêu, dùng chung cho mọi biểu.",
    "definition": "Số liệu gồm những gì, tính thế nào.",
    "legal_basis": "Văn bản quy định chỉ tiêu.",
}
TABLES: Mapping[str, tuple[str, ...]] = {
    "rows": ROW_COLUMNS,
    "rules": RULE_COLUMNS,
    "indicators": INDICATOR_COLUMNS,
}
SHEETS = {"rows": "Dòng chỉ tiêu", "rules": "Quy tắc", "indicators": "Chỉ tiêu mới"}
GUIDE = "Hướng dẫn"
# Without these a table cannot be read; the other columns may be left out.
NEEDED = {
    "rows": ("key", "label", "kind"),
    "rules": ("code", "condition"),
    "indicators": ("code", "name"),
}
_WIDTHS = {"label": 60, "who_reports": 34, "condition": 34, "sentence": 44, "instruction": 44}
_WIDTHS |= {"name": 60, "definition": 50, "legal_basis": 34, "unit": 18, "choices": 24}
_WIDTHS |= {"indicator": 34, "formula": 28, "position": 8, "key": 12, "stt": 9, "parent": 12}


def write_csv(document: Document) -> bytes:
    """Return the rows as ``fixtures/catalogue/<version>/rows.csv`` holds them."""
    target = StringIO(newline="")
    writer = csv.DictWriter(target, ROW_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(numbered(document.rows))
    return target.getvalue().encode()


def write_workbook(*, document: Document, head: VersionHead, functions: Mapping[str, str]) -> bytes:
    """Return all that a form version holds as a workbook to be filled in and read back.

    ``functions`` are the names of the functions by their codes. Every cell is text.
    """
    book = Workbook()
    book.properties.creator = None
    book.remove(book.worksheets[0])
    tables = {
        "rows": numbered(document.rows),
        "rules": document.rules,
        "indicators": document.indicators,
    }
    for table, lines in tables.items():
        _write_table(book.create_sheet(SHEETS[table]), TABLES[table], lines)
    _write_guide(book.create_sheet(GUIDE), head, functions)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _write_table(sheet: Worksheet, columns: Sequence[str], lines: Sequence[Line]) -> None:
    body = Alignment(wrap_text=True, vertical="top")
    for place, column in enumerate(columns, start=1):
        title = sheet.cell(1, place, TITLES[column])
        title.font, title.fill = Font(bold=True), PatternFill("solid", fgColor="DDE8F0")
        title.alignment = body
        title.comment = Comment(HELP[column], "CCHC", width=320, height=90)
        # What is typed below the last line is text as well: 1.10 stays 1.10.
        below = sheet.column_dimensions[get_column_letter(place)]
        below.width, below.number_format, below.alignment = _WIDTHS.get(column, 20), "@", body
        _offer(sheet, column, get_column_letter(place))
    style: Any = None
    for number, line in enumerate(lines, start=2):
        for place, column in enumerate(columns, start=1):
            cell: Any = sheet.cell(number, place)
            _put(cell, in_words(column, line[column]))
            if style is None:
                # Looked up once and shared: styles take most of the time of writing.
                cell.number_format, cell.alignment = "@", body
                style = cell._style
            cell._style = style
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(lines) + 1}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"


def _put(cell: Any, text: str) -> None:
    """Write words as words: a text that begins with "=" does not become a formula."""
    if text:
        cell.value = in_workbook(clean(text))
        cell.data_type = "s"


def _offer(sheet: Worksheet, column: str, letter: str) -> None:
    """Put the words that a column takes into a list to choose from."""
    words = [member.label for member in ALL_VOCABULARIES.get(column, ())]
    words = [YES] if column == "vertical" else words
    if not words:
        return
    offered = DataValidation(
        type="list",
        formula1=f'"{",".join(words)}"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=TITLES[column],
        error=f"Hãy chọn một trong các từ: {', '.join(words)}.",
    )
    offered.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
    sheet.add_data_validation(offered)


def _write_guide(sheet: Worksheet, head: VersionHead, functions: Mapping[str, str]) -> None:
    wrapped, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
    for number, (first, second) in enumerate(_guide(head, functions), start=1):
        for place, text in enumerate((first, second), start=1):
            cell = sheet.cell(number, place)
            _put(cell, text)
            cell.alignment = wrapped
            if not second or place == 1:
                cell.font = bold
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 100


def _guide(head: VersionHead, functions: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield f"Danh mục {head.code}: {head.form_name}", ""
    yield "Ấn bản", head.edition
    yield "Cách làm", "Sửa trên các trang của tệp này rồi tải lên; cổng cho xem trước mọi thay đổi."
    yield "Thứ tự dòng", "Các dòng được đọc từ trên xuống; muốn đổi chỗ thì cắt và chèn cả dòng."
    yield "Dòng ẩn, bộ lọc", "Dòng đang ẩn vẫn được đọc. Không gộp ô, không dùng công thức."
    yield "Cột", "Có thể đổi chỗ các cột, không đổi tên cột. Cột có dấu * là cột bắt buộc."
    for table, columns in TABLES.items():
        yield f"Trang «{SHEETS[table]}»", ""
        for column in columns:
            yield f"{TITLES[column]}{' *' if column in NEEDED[table] else ''}", HELP[column]
    for column, vocabulary in ALL_VOCABULARIES.items():
        yield f"Các từ của cột «{TITLES[column]}»", ""
        for member in vocabulary:
            yield member.label, f"mã {member.value}" if member.value else "hoặc để trống"
    yield "Mã loại đơn vị (cột «Đơn vị báo cáo số của mình»)", ""
    yield from ((kind.value, kind.label) for kind in AgencyKind)
    yield "Mã chức năng (hai cột cơ quan báo cáo)", ""
    yield from functions.items()
