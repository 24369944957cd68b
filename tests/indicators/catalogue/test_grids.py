"""Two libraries read workbooks; whichever it is, the cells are the same."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest

from indicators.catalogue.cells import BadFile, Cell, Grid, Odd
from indicators.catalogue.grids import open_grids
from tests.indicators.catalogue.books import (
    FORMS,
    OWN,
    PRINTED,
    forged,
    form,
    own_workbook,
    packed,
    unpacked,
    word,
    workbook,
)

VALUES = (
    ("chữ", " hai\ndòng ", "một_x000D_\nhai", "'=1+1", "1.10"),
    (1, 1.0, 1.1, 0.1 + 0.2, 1e-7),
    (12345678901234, -5, 1e15, None, ""),
    (True, False, date(2022, 1, 2), datetime(2022, 1, 2, 3, 4), time(3, 4)),
)
INLINE = re.compile(rb' t="inlineStr"><is><t[^>]*>(.*?)</t></is>', re.DOTALL)


def plain(grids: list[Grid]) -> list[tuple[str, list[tuple[int, list[Cell]]]]]:
    """Return the cells without their looks and without empty ones at the end."""
    found = []
    for grid in grids:
        rows = [
            (number, [cell._replace(bold=False, italic=False) for cell in cells])
            for number, cells in grid.rows
        ]
        found.append((grid.name, [(number, cells) for number, cells in rows if any(cells)]))
    return found


def shared(content: bytes) -> bytes:
    """Return a workbook with its texts kept as Excel keeps them: apart, each once, some of them in
    pieces of different looks."""
    parts, texts = unpacked(content), []

    def kept(found: re.Match[bytes]) -> bytes:
        texts.append(found[1])
        return b' t="s"><v>%d</v>' % (len(texts) - 1)

    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = INLINE.sub(kept, parts[sheet])
    pieces = b"".join(
        b'<si><r><t xml:space="preserve">%b</t></r><r><rPr><b/></rPr><t xml:space="preserve">%b</t>'
        b"</r></si>" % (text[:1], text[1:])
        if text[:1].isalpha()
        else b'<si><t xml:space="preserve">%b</t></si>' % text
        for text in texts
    )
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = b'<sst xmlns="%b">%b</sst>' % (main, pieces)
    about = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="%b"/></Types>' % about,
    )
    relation = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="%b" Target="sharedStrings.xml"/></Relationships>'
        % relation,
    )
    return packed(parts)


@pytest.mark.parametrize("code", FORMS)
def test_a_form_is_the_same_by_both_libraries(code: str) -> None:
    content = own_workbook(form(code)[1])
    assert plain(open_grids("t", content)) == plain(open_grids("t", content, looks=True))


@pytest.mark.parametrize("change", [bytes, shared])
def test_values_of_every_type_are_the_same_by_both_libraries(
    change: Callable[[bytes], bytes],
) -> None:
    content = change(workbook({"A": VALUES, "B": [(None, "x")]}))
    fast, slow = open_grids("t", content), open_grids("t", content, looks=True)
    assert plain(fast) == plain(slow)
    assert [cells for _, cells in plain(fast)[0][1]] == [
        [
            Cell("chữ"),
            Cell("hai\ndòng"),
            Cell("một\nhai"),
            Cell("'=1+1"),
            Cell("1.10"),
        ],
        [
            Cell("1"),
            Cell("1"),
            Cell("1.1", Odd.NUMBER),
            Cell("0.3", Odd.NUMBER),
            Cell("1e-07"),
        ],
        [Cell("12345678901234"), Cell("-5"), Cell("1000000000000000"), Cell(), Cell()],
        [
            Cell("1", Odd.FLAG),
            Cell("0", Odd.FLAG),
            Cell("02/01/2022", Odd.DATE),
            Cell("02/01/2022", Odd.DATE),
            Cell("03:04:00", Odd.DATE),
        ],
    ]


def test_texts_in_pieces_are_read_whole() -> None:
    assert plain(open_grids("t", shared(workbook(OWN)))) == plain(open_grids("t", workbook(OWN)))


# Small files that would cost much


SHARED = "xl/sharedStrings.xml"
SHEET = "xl/worksheets/sheet1.xml"
TEXT = "word/document.xml"
RELATIONS = "_rels/.rels"
LAST = b"<c><v>1</v></c></row></sheetData>"
BROKEN = "bị hỏng hoặc không đúng chuẩn"


def refusal(content: bytes, *, looks: bool = False, results: bool = False) -> str:
    with pytest.raises(BadFile) as refused:
        open_grids("t", content, looks=looks, results=results)
    return str(refused.value)


@pytest.mark.parametrize("way", [{}, {"looks": True}, {"results": True}], ids=str)
def test_a_text_longer_than_excel_takes_is_refused(way: dict[str, Any]) -> None:
    longest = shared(workbook({"A": [("x" * 32_767,)]}))
    assert len(open_grids("t", longest, **way)[0].rows[0][1][0].text) == 32_767
    longer = forged(longest, SHARED, b"</t></r></si>", b"x</t></r></si>")
    assert refusal(longer, **way).startswith(
        "Tệp «t» có ô chứa 32.768 ký tự; Excel cho một ô nhiều nhất 32.767."
    )


@pytest.mark.parametrize("way", [{}, {"looks": True}, {"results": True}], ids=str)
def test_a_text_counts_as_often_as_cells_refer_to_it(way: dict[str, Any]) -> None:
    parts = unpacked(shared(workbook({"A": [("x" * 30_000,)] * 500})))
    first = re.search(rb"<si>.*?</si>", parts[SHARED])
    assert first
    parts[SHARED] = re.sub(rb"<si>.*</si>", first[0], parts[SHARED])
    parts[SHEET] = re.sub(rb"<v>\d+</v>", b"<v>0</v>", parts[SHEET])
    assert len(packed(parts)) < 20_000
    assert refusal(packed(parts), **way).startswith("Tệp «t» có 15 MB chữ, quá nhiều cho một biểu")


def test_a_sheet_listed_again_is_refused() -> None:
    content = workbook({"A": [("x",)], "B": [("y",)]})
    again = forged(content, "xl/_rels/workbook.xml.rels", b"sheet2.xml", b"Sheet1.xml")
    assert refusal(again).startswith("Tệp «t» liệt kê một trang tính nhiều lần.")


@pytest.mark.parametrize("new", [b"<x><v>0</v></x>", b"<v>7</v>"], ids=["elsewhere", "no such"])
def test_references_that_cannot_be_counted_are_refused(new: bytes) -> None:
    content = forged(shared(workbook({"A": [("x",)]})), SHEET, b"<v>0</v>", new)
    assert BROKEN in refusal(content)


def test_where_the_fast_reader_breaks_down_the_file_is_refused_like_any_broken_one() -> None:
    """What it throws is no Exception; that date is out of its clock's bounds."""
    content = forged(
        workbook({"A": [(date(2022, 1, 2),)]}), SHEET, b"<v>44563</v>", b"<v>-1e300</v>"
    )
    assert BROKEN in refusal(content, results=True)
    assert BROKEN in refusal(content)


@pytest.mark.parametrize("space", [b" ", b"\n", b"\t"])
def test_cells_are_counted_however_they_are_written(space: bytes) -> None:
    content = forged(
        workbook({"A": [("x",)]}),
        SHEET,
        b"</sheetData>",
        b"<row>" + (b"<a.b:c" + space + b'xmlns:a.b="x"/>') * 20_000 + LAST,
    )
    assert refusal(content).startswith("Tệp «t» có 20.002 ô, quá nhiều")


NESTED = {
    "paragraphs": (b"<w:p>", b"</w:p>"),
    "runs": (b"<w:p><w:r><w:r>", b"</w:r></w:r></w:p>"),
    "boxes": (
        b"<w:p><w:r><w:pict><w:txbxContent><w:p><w:p>",
        b"</w:p></w:p></w:txbxContent></w:pict></w:r></w:p>",
    ),
}


@pytest.mark.parametrize(("begin", "end"), NESTED.values(), ids=NESTED)
def test_a_paragraph_within_a_paragraph_is_refused(begin: bytes, end: bytes) -> None:
    text = begin + b"<w:p><w:r><w:t>x</w:t></w:r></w:p>" + end
    content = forged(word(PRINTED), TEXT, b"</w:tc>", text + b"</w:tc>")
    assert refusal(content).startswith("Tệp «t» có đoạn văn nằm trong một đoạn văn khác")


def test_the_paragraphs_of_a_text_box_are_read_once_each() -> None:
    deep = 300
    box = b"<w:p><w:r><w:t>x</w:t><w:pict><w:txbxContent>"
    text = box * deep + b"</w:txbxContent></w:pict></w:r></w:p>" * deep
    (grid,) = open_grids("t", forged(word((("a",),)), TEXT, b"</w:tc>", text + b"</w:tc>"))
    assert grid.rows[0][1][0].text == "a" + "\nx" * deep


def test_what_stands_above_many_tables_is_counted_for_each() -> None:
    above = b"<w:p/>" * 2_000 + b"<w:tbl/>" * 1_000
    content = forged(word(PRINTED), TEXT, b"<w:body>", b"<w:body>" + above)
    assert len(content) < 60_000
    assert refusal(content).startswith("Tệp «t» có 12 MB chữ")


# The one text that Word opens


def with_second(name: str) -> dict[str, bytes]:
    parts = unpacked(word((("thật",),)))
    return {**parts, name: parts[TEXT].replace("thật".encode(), "giả và dài hơn".encode())}


@pytest.mark.parametrize("way", [{}, {"results": True}], ids=str)
def test_a_second_text_beside_the_one_that_word_opens_is_refused(way: dict[str, Any]) -> None:
    assert refusal(packed(with_second("word/document9.xml")), **way) == (
        "Tệp «t» chứa nhiều văn bản Word trong một, nên không biết phải đọc văn bản nào. Hãy mở"
        " bằng Word, lưu thành tệp mới rồi tải lại."
    )


def test_the_text_is_the_one_that_the_package_names() -> None:
    parts = with_second("word/document9.xml")
    del parts["word/document9.xml"]
    parts["word/document2.xml"] = parts.pop(TEXT)
    named = parts[RELATIONS].replace(b"word/document.xml", b"/word/document2.xml")
    (grid,) = open_grids("t", packed({**parts, RELATIONS: named}))
    assert grid.rows[0][1][0].text == "thật"
    assert BROKEN in refusal(packed(parts))
    relation = re.search(rb"<Relationship [^>]*officeDocument\"[^>]*>", named)
    assert relation
    twice = named.replace(relation[0], relation[0] * 2)
    assert "nhiều văn bản Word" in refusal(packed({**parts, RELATIONS: twice}))


@pytest.mark.parametrize("second", ["Word/Document.xml", "WORD/DOCUMENT.XML"])
def test_parts_that_only_capitals_tell_apart_are_refused(second: str) -> None:
    assert refusal(packed(with_second(second))).startswith("Tệp «t» chứa hai phần cùng tên")
