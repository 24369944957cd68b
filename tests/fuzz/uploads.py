"""Files that no honest person brings."""

import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile

from tests.fuzz import texts
from tests.reporting.files_by_hand import docx, image, packed, pdf, with_parts, xlsx
from tests.verification.test_pdfs import pdf as drawing

NAMES = (
    "a.xlsx",
    "a.docx",
    "a.csv",
    "a.pdf",
    "a.txt",
    "a.png",
    "a.zip",
    "a.xlsx.exe",
    "a",
    ".xlsx",
    "../../a.xlsx",
    "..\\a.csv",
    "/etc/a.csv",
    "CON.csv",
    "a\u202excod.csv",
    f"{texts.ELEMENT}.csv",
    f"{texts.ATTRIBUTES[0]}.csv",
    "=cmd.csv",
    "đ" * 300 + ".csv",
)
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(9))
    + b'<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&j;&f;</x>'
)


def replaced(package: bytes, part: str, content: bytes) -> bytes:
    """Return a zipped file with one part being another."""
    target = BytesIO()
    with ZipFile(BytesIO(package)) as before, ZipFile(target, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, content if name == part else before.read(name))
    return target.getvalue()


def _deep(tag: bytes, depth: int) -> bytes:
    return b"<%s>" % tag * depth + b"</%s>" % tag * depth


def _nested() -> bytes:
    content = b"\0" * 1_000_000
    for _ in range(6):
        target = BytesIO()
        with ZipFile(target, "w", ZIP_DEFLATED) as package:
            package.writestr("a.zip", content)
        content = target.getvalue()
    return content


def _looping_pdf() -> bytes:
    """Return a PDF whose cross-reference table names itself as the one before, and whose tree of
    pages is its own child."""
    body = (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction"
        b"<</S/JavaScript/JS(app.alert(1))>>>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99999999>>endobj\n"
    )
    at = len(body)
    return body + (
        b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000090 00000 n \n"
        b"trailer<</Size 3/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF" % (at, at)
    )


def _packed_pdf() -> bytes:
    content = zlib.compress(b"0 0 m " * 3_000_000, 9)
    return (
        b"%%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream endobj\n"
        b"trailer<</Size 5/Root 1 0 R>>\n%%%%EOF" % (len(content), content)
    )


def _tables(number: int) -> bytes:
    """Return a document of so many tables that look like ours, beside a word of 9 MB."""
    cell = b"<w:tc><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:tc>"
    titles = ("STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu", "Ghi chú")
    head = b"".join(cell % title.encode() for title in titles)
    table = b"<w:tbl><w:tr>%s</w:tr><w:tr>%s</w:tr></w:tbl>" % (head, cell % b"1" * 5)
    return (
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        b"<w:body>%s<w:tbl><w:tr>%s</w:tr></w:tbl></w:body></w:document>"
    ) % (table * number, cell % (b"Q" * 9_000_000))


def _huge_picture() -> bytes:
    """Return a PNG that says it is 65,000 pixels wide and as high."""
    content = image("PNG")
    head = b"IHDR" + (65_000).to_bytes(4, "big") * 2 + content[24:29]
    return content[:12] + head + zlib.crc32(head).to_bytes(4, "big") + content[33:]


MAKERS: dict[str, Callable[[], bytes]] = {
    "nothing": bytes,
    "nul": lambda: b"\0" * 50_000,
    "one line": lambda: b"a;" * 500_000,
    "one cell": lambda: b"a" * 900_000,
    "quotes": lambda: b'"' * 300_001,
    "lines": lambda: b"1;2;3\n" * 60_000,
    "formulas": "STT;Chỉ tiêu;ĐVT;Số\n1;=cmd|' /C calc'!A0;+1;@SUM(1)\n".encode,
    "markup": f"STT;Chỉ tiêu;ĐVT;Số\n1;{texts.ELEMENT};{texts.ATTRIBUTES[0]};3\n".encode,
    "utf-16": lambda: "STT;Chỉ tiêu;ĐVT;Số\n1;a;b;3\n".encode("utf-16"),
    "no text": lambda: bytes(range(256)) * 50,
    "workbook": xlsx,
    "document": docx,
    "pdf": pdf,
    "picture": lambda: image("PNG"),
    "cut workbook": lambda: xlsx()[:-200],
    "cut document": lambda: docx()[:-200],
    "cut pdf": lambda: pdf()[:-60],
    "entities in a workbook": lambda: replaced(xlsx(), "xl/worksheets/sheet1.xml", ENTITIES),
    "entities in a document": lambda: replaced(docx(), "word/document.xml", ENTITIES),
    "entities in the types": lambda: replaced(docx(), "[Content_Types].xml", ENTITIES),
    "deep document": lambda: replaced(docx(), "word/document.xml", _deep(b"a", 40_000)),
    "deep workbook": lambda: replaced(xlsx(), "xl/worksheets/sheet1.xml", _deep(b"row", 40_000)),
    "bomb in a workbook": lambda: replaced(xlsx(), "xl/worksheets/sheet1.xml", b" " * 120_000_000),
    "bomb beside a document": lambda: with_parts(docx(), {"word/media/a.png": b"\0" * 30_000_000}),
    "zip in zip": _nested,
    "ways up": lambda: packed("../../etc/cron.d/a", "/etc/passwd", "..\\a", "C:\\a", "a\0b"),
    "other package": lambda: packed("mimetype", "content.xml"),
    "looping pdf": _looping_pdf,
    "packed pdf": _packed_pdf,
    "page and picture": lambda: image("GIF") + b"<html><script>alert(1)</script>",
    "form on a pdf": lambda: drawing(
        b"/X0 Do " * 10,
        fonts_of_form=1,
        shown_by_form=b"BT /F0 12 Tf <%s> Tj ET" % (b"61" * 2_400_000),
    ),
    "many tables": lambda: replaced(docx(), "word/document.xml", _tables(900)),
    "picture and zip": lambda: image("PNG") + packed("a"),
    "huge picture": _huge_picture,
}


@cache
def made(kind: str) -> bytes:
    """Return the file of one of these kinds."""
    return MAKERS[kind]()


def upload(random: Random) -> tuple[str, bytes]:
    """Return a file's name and content; seldom do the two belong together."""
    return random.choice(NAMES), made(random.choice(list(MAKERS)))
