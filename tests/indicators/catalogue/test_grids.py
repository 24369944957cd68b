"""Two libraries read workbooks; whichever it is, the cells are the same."""

import re
from collections.abc import Callable
from datetime import date, datetime, time

import pytest

from indicators.catalogue.cells import Cell, Grid, Odd
from indicators.catalogue.grids import open_grids
from tests.indicators.catalogue.books import (
    FORMS,
    OWN,
    form,
    own_workbook,
    packed,
    unpacked,
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
