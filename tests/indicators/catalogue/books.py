"""Files as people bring them: made by the libraries that write such files, or forged by hand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from docx import Document as WordDocument
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from indicators.catalogue.documents import from_record, recorded
from indicators.catalogue.folders import read_version
from indicators.catalogue.workbooks import write_workbook
from indicators.catalogue.written import Document, VersionSheet, blank_row
from tests.indicators.sheets import HEAD

FOLDER = settings.BASE_DIR / "fixtures" / "catalogue"
FORMS = ("BM7-2025", "PL1-GL-2023", "PL2-KH-2021", "PL2-KH-2022", "PL2-XA-QN-2022")
OWN_TITLES = ("Khóa", "STT", "Chỉ tiêu", "Đơn vị tính", "Loại số liệu", "Cộng giữa các đơn vị")
OWN_ROWS = (
    ("1", "1.", "Mục một", None, "tiêu đề", "không cộng"),
    ("1.1", "1.1.", "Số hồ sơ", "Hồ sơ", "số đếm", "cộng"),
)
OWN = {"Dòng chỉ tiêu": (OWN_TITLES, *OWN_ROWS)}
PRINTED = (
    ("STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu", "Ghi chú"),
    ("1.", "Mục một", None, None, None),
    ("1.1.", "Số hồ sơ", "Hồ sơ", 5356, "Sở Nội vụ báo cáo"),
)

Sheets = Mapping[str, Iterable[Sequence[object]]]


def form(code: str) -> tuple[VersionSheet, Document]:
    """Return one of the five forms, and the same as a draft holds it."""
    sheet = read_version(FOLDER / code)
    return sheet, from_record(recorded(Document(sheet.rows, sheet.rules)))


def draft(*rows: Mapping[str, str]) -> Document:
    """Return a draft of ``rows``, each with what it says and blanks for the rest."""
    return from_record(recorded(Document([blank_row(**row) for row in rows])))


def own_workbook(document: Document) -> bytes:
    return write_workbook(document=document, head=HEAD, functions={"noi_vu": "Nội vụ"})


def workbook(sheets: Sheets, change: Callable[[Worksheet], object] = lambda sheet: None) -> bytes:
    """Return a workbook of ``sheets``; ``change`` is done to the first before it is saved."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    change(book.worksheets[0])
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def put(**cells: object) -> Callable[[Worksheet], object]:
    """Return the change that writes ``cells`` into a sheet: ``put(B3=1.1)``."""

    def change(sheet: Any) -> None:
        for place, value in cells.items():
            sheet[place] = value

    return change


def packed(parts: Mapping[str, bytes]) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return target.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def forged(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return a zipped file with ``old`` replaced in one of its parts."""
    parts = unpacked(content)
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new, 1)
    return packed(parts)


def word(*tables: Sequence[Sequence[object]], above: Sequence[str] = ()) -> bytes:
    """Return a Word document of ``tables``; a cell that begins with ``*`` is bold."""
    document = WordDocument()
    for line in above:
        document.add_paragraph(line)
    for rows in tables:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, value in zip(table.add_row().cells, row, strict=True):
                text = "" if value is None else str(value)
                cell.paragraphs[0].add_run(text.lstrip("*")).bold = text.startswith("*") or None
        document.add_paragraph("")
    target = BytesIO()
    document.save(target)
    return target.getvalue()
