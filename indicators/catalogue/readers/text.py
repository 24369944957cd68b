"""CSV, and what Excel saves as "Unicode text", as a grid."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from io import StringIO

from indicators.catalogue.cells import BadFile, Cell, Grid, Odd, written
from indicators.catalogue.readers.limits import check_cells, check_lines

# What Excel leaves of "1.2" and of "- Số hồ sơ" when it opens a CSV and saves it again.
_DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{4}|\d{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-\d{2}")
_ERROR = re.compile(r"#(REF|NAME|VALUE|N/A|DIV/0|NULL|NUM)[!?]?")


def read_text(name: str, content: bytes) -> Grid:
    """Return the one table of a text; raise BadFile."""
    text = _decoded(name, content)
    check_lines(name, "Nội dung", max(text.count("\n"), text.count("\r")))
    check_cells(name, max(text.count(sign) for sign in ",;\t"))
    readings = [rows for separator in "\t;," if (rows := _separated(text, separator)) is not None]
    if not readings:
        raise BadFile(
            f"Tệp «{name}» có dấu ngoặc kép mở mà không đóng, nên không biết ô nào kết thúc ở đâu."
            " Hãy mở bằng Excel, lưu lại kiểu «CSV UTF-8» rồi tải lên."
        )
    rows = max(readings, key=_evenness)
    return Grid(
        name=name,
        rows=[
            (number, [_text_cell(text) for text in cells])
            for number, cells in enumerate(rows, start=1)
        ],
    )


def _text_cell(text: str) -> Cell:
    cell = written(text)
    if _ERROR.fullmatch(cell.text):
        return cell._replace(odd=Odd.ERROR)
    return cell._replace(odd=Odd.DATE) if _DATE.fullmatch(cell.text) else cell


def _decoded(name: str, content: bytes) -> str:
    """Return the text of a CSV, or of what Excel calls "Unicode text"; raise BadFile."""
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeError as error:
        raise BadFile(
            f"Tệp «{name}» không phải Excel, Word, cũng không phải chữ theo UTF-8. Nếu là tệp CSV,"
            " hãy mở bằng Excel và lưu kiểu «CSV UTF-8»; nếu không, hãy tải lên tệp Excel (.xlsx),"
            " Word (.docx)."
        ) from error
    if text.count("\0") > len(text) // 100:
        raise BadFile(
            f"Tệp «{name}» không phải bảng chữ. Hãy tải lên tệp Excel (.xlsx), Word (.docx)"
            " hoặc CSV."
        )
    return text


def _separated(text: str, separator: str) -> list[list[str]] | None:
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return None


def _evenness(rows: Sequence[Sequence[str]]) -> int:
    """Return how many cells stand in rows as wide as most are; 0 where those have one cell. A sign
    that only words hold makes few and narrow ones."""
    widths = Counter(len(row) for row in rows if row)
    width, times = widths.most_common(1)[0] if widths else (0, 0)
    return times * width if width > 1 else 0
