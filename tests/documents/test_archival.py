"""A page becomes a file that says of itself what it is, and takes nothing from outside."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pypdf
import pytest
from pypdf.generic import BooleanObject
from weasyprint.document import Document
from weasyprint.urls import FatalURLFetchingError

from reporting.documents.formats import archival
from reporting.documents.formats.archival import PAPER, Data, archived, leaves

PAGE = '<html lang="vi"><head><title>Phụ lục &amp; số</title></head><body>{}</body></html>'
TABLE = PAGE.format(
    "<h1>Phụ lục</h1><table><thead><tr><th>Chỉ tiêu</th></tr></thead>"
    "<tbody><tr><td>Số văn bản</td></tr></tbody></table>"
)
DATA = Data("so-lieu.csv", "Số liệu", "Số văn bản;12\r\n".encode())
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"


def read(content: bytes) -> Any:
    """Return the reader, whose objects are of any kind."""
    return pypdf.PdfReader(BytesIO(content))


def root_of(content: bytes) -> Any:
    return read(content).root_object


def test_it_declares_both_standards_and_its_title_in_one_description() -> None:
    said = root_of(archived(TABLE, PAPER))["/Metadata"].get_object().get_data()
    xmp = ElementTree.fromstring(said)  # noqa: S314 - our own file
    found = {one.tag: "".join(one.itertext()).strip() for one in xmp.iter()}
    assert found[f"{PDFA}part"] == "3"
    assert found[f"{PDFA}conformance"] == "U"
    assert found[f"{PDFUA}part"] == "1"
    assert found["{http://purl.org/dc/elements/1.1/}title"] == "Phụ lục & số"
    assert found["{http://ns.adobe.com/pdf/1.3/}Producer"].startswith("WeasyPrint")
    assert len(xmp.findall("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF")) == 1
    # PDF/A knows the words of PDF/UA only where a schema explains them.
    assert found["{http://www.aiim.org/pdfa/ns/schema#}namespaceURI"] == PDFUA[1:-1]


def test_it_is_tagged_speaks_vietnamese_and_names_its_colours() -> None:
    content = archived(TABLE, PAPER)
    root = root_of(content)
    assert root["/Lang"] == "vi"
    assert root["/MarkInfo"]["/Marked"] == BooleanObject(True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == BooleanObject(True)
    assert "/StructTreeRoot" in root
    intent = root["/OutputIntents"][0]
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_object().get_data()[36:40] == b"acsp"
    assert len(read(content).trailer["/ID"]) == 2


def test_the_data_lie_within_once_as_they_are_and_without_a_made_up_day() -> None:
    content = archived(TABLE, PAPER, data=DATA)
    assert read(content).attachments == {DATA.name: [DATA.content]}
    files = root_of(content)["/AF"]
    assert len(files) == 1
    file = files[0].get_object()
    assert (file["/F"], file["/UF"], file["/AFRelationship"]) == (DATA.name, DATA.name, "/Data")
    stream = file["/EF"]["/F"].get_object()
    assert stream["/Subtype"] == "/text/csv"
    assert set(stream["/Params"]) == {"/CheckSum", "/Size"}


def test_a_page_without_data_has_no_attachment() -> None:
    assert "/AF" not in root_of(archived(TABLE, PAPER))


def test_the_same_page_is_the_same_file_in_another_process_too() -> None:
    code = (
        "import sys; from tests.documents.test_archival import *;"
        "sys.stdout.buffer.write(archived(TABLE, PAPER, data=DATA))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "4711"}
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=environment
    )
    assert other.stdout == archived(TABLE, PAPER, data=DATA)
    assert b"CreationDate" not in other.stdout


@pytest.fixture
def outside() -> Iterator[socket.socket]:
    """A server that nobody should come to."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.mark.parametrize(
    "page",
    [
        '<img src="{}/x.png"/>',
        '<img src="{}/x.svg"/>',
        '<p style="background: url({}/x.png)">x</p>',
        '<object data="{}/x.png"></object>',
        '<link rel="attachment" href="{}/x"/>',
    ],
)
def test_a_page_that_names_something_outside_is_refused(outside: socket.socket, page: str) -> None:
    address = f"http://127.0.0.1:{outside.getsockname()[1]}"
    with pytest.raises(FatalURLFetchingError):
        archived(PAGE.format(page.format(address)), PAPER)
    with pytest.raises(BlockingIOError):
        outside.accept()


def test_a_file_of_the_machine_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"secret")
    with pytest.raises(FatalURLFetchingError):
        archived(PAGE.format(f'<img src="{secret.as_uri()}"/>'), PAPER)


def test_signs_that_xml_does_not_know_are_left_out() -> None:
    content = archived(PAGE.format("<p>chuông\x07 và \x0b dấu \ufffe</p>"), PAPER)
    text = read(content).pages[0].extract_text()
    assert text.split() == ["chuông", "và", "dấu"]


SPANNED = PAGE.format(
    '<table><thead><tr><th rowspan="2">STT</th><th colspan="2">Kết quả</th></tr>'
    "<tr><th>Đơn vị</th><th>Số liệu</th></tr></thead><tbody><tr><td>1</td><td>%</td>"
    "<td>98,64 hai dòng <br/> dài</td></tr></tbody></table>"
)


def parts_of(content: bytes, kind: str) -> list[Any]:
    """Return the parts of a kind in the order in which they are read."""
    found: list[Any] = []

    def look(part: Any) -> None:
        if part["/S"] == kind:
            found.append(part)
        for kid in part["/K"]:
            if not isinstance(kid, int):
                look(kid.get_object())

    look(root_of(content)["/StructTreeRoot"]["/K"][0].get_object())
    return found


def test_no_cell_is_tied_to_another_columns_heading() -> None:
    content = archived(SPANNED, PAPER)
    assert [set(cell["/A"]) for cell in parts_of(content, "/TD")] == [{"/O"}] * 3
    heads = [dict(cell["/A"]) for cell in parts_of(content, "/TH")]
    assert [head["/Scope"] for head in heads] == ["/Column"] * 4
    assert [(head.get("/RowSpan", 1), head.get("/ColSpan", 1)) for head in heads] == [
        (2, 1),
        (1, 2),
        (1, 1),
        (1, 1),
    ]


def test_each_piece_of_text_belongs_to_the_part_that_holds_it() -> None:
    content = archived(SPANNED, PAPER)
    owners = root_of(content)["/StructTreeRoot"]["/ParentTree"]["/Nums"][1]
    pieces = [
        (piece, cell)
        for kind in ("/TH", "/TD")
        for cell in parts_of(content, kind)
        for piece in cell["/K"]
        if isinstance(piece, int)
    ]
    # Seven cells, one of two lines.
    assert len(pieces) == 8
    assert [owners[piece].idnum for piece, _ in pieces] == [
        cell.indirect_reference.idnum for _, cell in pieces
    ]


def test_what_stands_in_the_margins_is_not_read_with_the_text() -> None:
    marked = PAGE.replace("<body>", '<body data-mark="Mã ABC">')
    content = archived(marked.format("<p>Một</p><p style='break-before: page'>Hai</p>"), PAPER)
    found = read(content)
    assert [page.extract_text().split() for page in found.pages] == [
        ["Một", "Mã", "ABC"],
        ["Hai", "2", "Mã", "ABC"],
    ]
    owners = root_of(content)["/StructTreeRoot"]["/ParentTree"]["/Nums"][1::2]
    assert [sum(not isinstance(one.get_object(), dict) for one in page) for page in owners] == [
        1,
        2,
    ]
    drawn = [page.get_contents().get_data().count(b"/Pagination") for page in found.pages]
    assert drawn == [1, 2]
    assert len(parts_of(content, "/P")) == 2


def test_a_picture_says_what_and_where_it_is() -> None:
    square = "%3Csvg xmlns='http://www.w3.org/2000/svg' width='4' height='2'/%3E"
    page = f'<img src="data:image/svg+xml,{square}" alt="Mã" style="display: block; width: 72pt"/>'
    (picture,) = parts_of(archived(PAGE.format(page), PAPER), "/Figure")
    assert picture["/Alt"] == "Mã"
    # 30 mm from the left, 22 mm from the top of 297.
    left, foot, right, top = (float(side) for side in picture["/A"]["/BBox"])
    assert [right - left, top - foot] == pytest.approx([72, 36])
    assert [left, top] == pytest.approx([30 * 72 / 25.4, 275 * 72 / 25.4], abs=0.1)


@pytest.mark.parametrize("draw", [archived, leaves])
def test_two_threads_never_draw_at_once(
    draw: Callable[[str, Path], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They would share what Pango remembers of the fonts, which one at a time may change."""
    drawing: list[int] = []
    beside: list[int] = []
    begin, end = archival._drawn, Document.write_pdf

    def begins(html: str, stylesheet: Path) -> Document:
        drawing.append(threading.get_ident())
        beside.append(len(drawing))
        return begin(html, stylesheet)

    def ends(document: Document, **options: Any) -> Any:
        written = end(document, **options)
        time.sleep(0.05)
        drawing.remove(threading.get_ident())
        return written

    monkeypatch.setattr(archival, "_drawn", begins)
    monkeypatch.setattr(Document, "write_pdf", ends)
    with ThreadPoolExecutor(4) as threads:
        written = set(threads.map(lambda _: draw(TABLE, PAPER), range(4)))
    assert beside == [1] * 4
    assert len(written) == 1
