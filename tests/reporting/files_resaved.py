"""Files of the portal as other programs leave them: saved again, with something changed or not."""

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document
from docx.document import Document as WordDocument
from openpyxl import load_workbook
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject

# STT, label, unit, figure, last column: what becomes of the rows of the table.
Rows = list[list[str]]
Change = Callable[[Rows], Rows]


def resaved(extension: str, content: bytes, change: Change = list) -> bytes:
    """Return the file as a program of its kind saves it after ``change``."""
    return {"xlsx": _workbook, "docx": _document, "csv": _text}[extension](content, change)


def _workbook(content: bytes, change: Change) -> bytes:
    book = load_workbook(BytesIO(content), data_only=True)
    sheet = book.worksheets[0]
    texts = [[cell.value for cell in row] for row in sheet.iter_rows(max_col=5)]
    first = next(at for at, row in enumerate(texts) if row[0] == "STT") + 2
    last = next(at for at, row in enumerate(texts) if row[1] == "NGƯỜI LẬP BIỂU") - 2
    body = texts[first:last]
    rows = change([["" if cell is None else str(cell) for cell in row] for row in body])
    numbers = {str(row[3]): row[3] for row in body if row[3] is not None}
    sheet.delete_rows(first + 1, last - first)
    sheet.insert_rows(first + 1, len(rows))
    for at, row in enumerate(rows, first + 1):
        for column, text in enumerate(row, 1):
            sheet.cell(at, column, numbers.get(text, text) if column == 4 else text)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _document(content: bytes, change: Change) -> bytes:
    document = Document(BytesIO(content))
    table = _table(document)
    body = table.rows[2:]
    rows = change([[cell.text for cell in row.cells] for row in body])
    for row in body[len(rows) :]:
        row._element.getparent().remove(row._element)
    for _ in rows[len(body) :]:
        table.add_row()
    for row, texts in zip(table.rows[2:], rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            if cell.text != text:
                cell.text = text
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _table(document: WordDocument):  # type: ignore[no-untyped-def]
    return max(document.tables, key=lambda table: len(table.rows))


def _text(content: bytes, change: Change) -> bytes:
    """Excel in Vietnam separates cells by semicolons."""
    texts = list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    first = next(at for at, row in enumerate(texts) if row[0] == "STT") + 1
    last = next(at for at, row in enumerate(texts) if row[0] == "Mã kiểm chứng")
    target = StringIO()
    csv.writer(target, delimiter=";").writerows(
        [*texts[:first], *change(texts[first:last]), *texts[last:]]
    )
    return ("\ufeff" + target.getvalue()).encode()


def resaved_pdf(content: bytes) -> bytes:
    """Return the pages of a PDF in a file of other bytes."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(content)))
    writer.add_metadata({"/Producer": "x"})
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def bomb(content: bytes, part: str, megabytes: int) -> bytes:
    """Return a zipped file in which one part is that many megabytes of spaces."""
    target = BytesIO()
    with ZipFile(BytesIO(content)) as before, ZipFile(target, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            spaces = b" " * (megabytes * 1_000_000) if name == part else b""
            after.writestr(name, before.read(name) + spaces)
    return target.getvalue()


def signed_pdf(content: bytes, shown: bytes | None = None) -> bytes:
    """Return a PDF with something appended as a signature is; ``shown`` is then drawn on the first
    page instead of what was there."""
    writer = PdfWriter(BytesIO(content), incremental=True)
    writer.add_metadata({"/Producer": "x"})
    if shown is not None:
        drawn = StreamObject()
        drawn.set_data(shown)
        writer.pages[0][NameObject("/Contents")] = writer._add_object(drawn)
    target = BytesIO()
    writer.write(target)
    return target.getvalue()
