"""PDFs that somebody brought: broken, locked, forged to cost time and memory."""

from io import BytesIO

import pytest
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from indicators.catalogue.cells import BadFile
from reporting.verification.pdfs import MOST_PAGES, read_pdf


def pdf(stream: bytes, pages: int = 1, password: str = "") -> bytes:
    """Return a PDF whose pages all draw the same packed ``stream``."""
    writer = PdfWriter()
    drawn = StreamObject()
    drawn.set_data(stream)
    contents = writer._add_object(drawn.flate_encode())
    font = writer._add_object(
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
    )
    fonts = DictionaryObject({NameObject("/F0"): font})
    for _ in range(pages):
        page = writer.add_blank_page(600, 800)
        page[NameObject("/Contents")] = contents
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def test_what_pages_show_is_read_page_after_page() -> None:
    words, attached = read_pdf("x.pdf", pdf(b"BT /F0 12 Tf (Xin chao) Tj ET", pages=2))
    assert words == "XinchaoXinchao"
    assert attached == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7\n", "bị hỏng"),
        (pdf(b"")[:-200], "bị hỏng"),
        (pdf(b"", password="x"), "được đặt mật khẩu"),
        (pdf(b"", pages=MOST_PAGES + 1), "có 151 trang; nhiều nhất 150 trang"),
        (b"%PDF-" + b"0" * 10_000_000, "nhiều nhất 10 MB"),
    ],
    ids=["empty", "cut", "locked", "pages", "heavy"],
)
def test_what_cannot_be_read_is_told_why(content: bytes, sentence: str) -> None:
    with pytest.raises(BadFile, match=sentence):
        read_pdf("x.pdf", content)


@pytest.mark.parametrize(
    "content",
    [
        pdf(b" " * 60_000_000),
        pdf(b"BT /F0 12 Tf " + b"(a) Tj " * 400_000 + b"ET"),
        pdf(b"BT /F0 12 Tf " + b"(a) Tj " * 20_000 + b"ET", pages=MOST_PAGES),
    ],
    ids=["unpacked", "drawn", "shown"],
)
def test_a_forged_file_is_given_up(content: bytes) -> None:
    """Small as they are, they would take minutes or gigabytes."""
    assert len(content) < 100_000
    with pytest.raises(BadFile, match="bị hỏng hoặc không đúng chuẩn"):
        read_pdf("x.pdf", content)
