"""The sheets of an Excel workbook as grids."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat
from zipfile import ZIP_STORED, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from indicators.catalogue.cells import BadFile, Cell, Grid, Odd, written
from indicators.catalogue.readers.limits import (
    MOST_CELLS,
    check_cells,
    check_lines,
    check_read,
    check_signs,
)

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
# All that is needed to read the cells of a workbook: no pictures, comments, links, macros.
PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/workbook\w*\.xml\.rels"
    r"|xl/(?:workbook|sharedStrings|styles)\.xml|" + _SHEET.pattern
)
_ROW = re.compile(rb"<(?:[^<>\s:/]+:)?row[\s>/]")
# A cell of a sheet, or a text that cells share.
_CELL = re.compile(rb"<(?:[^<>\s:/]+:)?(?:c|si)[\s>/]")
# What the fast reader does not tell: formulas, errors, merged cells, hidden rows.
_UNTOLD = re.compile(rb"<(?:\w+:)?(?:f|mergeCell)[\s>/]|\s(?:t=[\"']e[\"']|hidden=[\"'][1t])")
# Cells so far away that it would lay out millions of empty ones before them.
_FAR = re.compile(rb"\s(?:r\s+=|r=\s|r=[\"'](?:[B-Zb-z][A-Za-z]|[A-Za-z]{3}|[A-Za-z]*\d{5}))")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^<>]*?ref\s*=\s*[\"']([A-Za-z0-9:]+)")
_CORNERS = re.compile(r"([A-Za-z]{1,3})(\d{1,7}):([A-Za-z]{1,3})(\d{1,7})")
_STYLE = re.compile(rb"<(?:[^<>\s:/]+:)?(?:xf|font|fill|border|numFmt|dxf)[\s>/]")
_LISTED = re.compile(rb"<(?:[^<>\s:/]+:)?sheet[\s>/]")
MOST_SHEETS = 100
_NO_VALUES = {"f": Odd.FORMULA, "e": Odd.ERROR}


def read_workbook(name: str, parts: Mapping[str, bytes], *, looks: bool) -> list[Grid]:
    """Return the sheets of a workbook; bold and italic only with ``looks``. Raises BadFile.

    Values come from calamine, ten times as fast as openpyxl; but it gives an empty text for an
    error and for a formula that was never calculated, so that a workbook with anything of the kind
    is read by openpyxl.
    """
    bare = _checked(name, parts)
    sheets = _sheets(bare)
    if not looks and not any(_UNTOLD.search(one) or _FAR.search(one) for one in sheets):
        _check_xml(bare)
        try:
            return _read_fast(bare)
        except CalamineError:
            pass  # what one library cannot read, the other may
    book = load_workbook(BytesIO(_packed(bare)), keep_links=False)
    return [_grid(name, sheet) for sheet in book.worksheets]


def read_results(name: str, parts: Mapping[str, bytes]) -> list[Grid]:
    """Return the sheets of a workbook as a person sees them: of a formula what it came to when it
    was last computed. Raises BadFile."""
    bare = _checked(name, parts)
    if any(_FAR.search(content) for content in _sheets(bare)):
        raise BadFile(
            f"Tệp «{name}» có ô nằm rất xa bảng. Hãy xóa những ô ấy, hoặc chép riêng bảng sang một"
            " tệp mới."
        )
    _check_xml(bare)
    return _read_fast(bare)


def _read_fast(parts: Mapping[str, bytes]) -> list[Grid]:
    """Return the sheets as calamine finds them. Raises CalamineError, also where it broke down:
    what it throws then is no Exception, so that nobody above would catch it."""
    try:
        return _values(CalamineWorkbook.from_object(BytesIO(_packed(parts))))
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # made by its runtime, exported nowhere
            raise CalamineError(str(error)) from error
        raise


def _sheets(parts: Mapping[str, bytes]) -> list[bytes]:
    return [content for part, content in parts.items() if _SHEET.fullmatch(part)]


def _check_xml(parts: Mapping[str, bytes]) -> None:
    """The fast reader would read on past what is no XML, and leave rows out."""
    for content in parts.values():
        expat.ParserCreate().Parse(content, True)


def _checked(name: str, parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the parts without what no table needs; raise BadFile where too much is left."""
    bare = {
        part: _without_empty_cells(content) if _SHEET.fullmatch(part) else content
        for part, content in parts.items()
    }
    if "xl/workbook.xml" in bare:
        bare["xl/workbook.xml"] = _without_names(bare["xl/workbook.xml"])
    sheets = _sheets(bare)
    for content in sheets:
        check_lines(name, "Một trang", len(_ROW.findall(content)))
    check_cells(name, sum(len(_CELL.findall(content)) for content in bare.values()))
    check_read(name, sum(map(len, bare.values())))
    check_cells(name, len(_STYLE.findall(bare.get("xl/styles.xml", b""))))
    check_cells(name, sum(map(_merged_cells, sheets)))
    _check_shared(name, bare)
    if (listed := len(_LISTED.findall(bare.get("xl/workbook.xml", b"")))) > MOST_SHEETS:
        raise BadFile(
            f"Tệp «{name}» có {listed} trang tính; nhiều nhất {MOST_SHEETS}. Hãy chép riêng bảng"
            " của biểu sang một tệp mới."
        )
    return bare


def _check_shared(name: str, parts: Mapping[str, bytes]) -> None:
    """Count a text as often as cells refer to it: both libraries copy it into each of them."""
    signs = [
        sum(len(part.text or "") for part in text.iter() if _tag(part) == "t")
        for text in _shared_texts(parts.get("xl/sharedStrings.xml", b"<sst/>"))
    ]
    check_signs(name, max(signs, default=0))
    if any(times > 1 for times in _listings(parts).values()):
        raise BadFile(
            f"Tệp «{name}» liệt kê một trang tính nhiều lần. Hãy mở bằng Excel, lưu thành tệp mới"
            " rồi tải lại."
        )
    used = Counter(number for sheet in _sheets(parts) for number in _references(sheet))
    check_read(name, sum(signs[number] * times for number, times in used.items()))


def _shared_texts(shared: bytes) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(shared)  # noqa: S314 -- declarations have been refused
    texts = [one for one in root if _tag(one) == "si"]
    if len(texts) != sum(_tag(one) == "si" for one in root.iter()):
        raise ElementTree.ParseError("a text within another")
    return texts


def _references(sheet: bytes) -> Iterator[int]:
    """Yield the number of the shared text in each cell that holds one."""
    root = ElementTree.fromstring(sheet)  # noqa: S314 -- declarations have been refused
    cells = [one for one in root.iter() if _tag(one) == "c"]
    values = [(cell, value) for cell in cells for value in cell if _tag(value) == "v"]
    if len(values) != sum(_tag(one) in {"v", "si"} for one in root.iter()):
        raise ElementTree.ParseError("a value outside a cell")
    for cell, value in values:
        if (
            "s" in (kind for name, kind in cell.items() if name.rpartition("}")[2] == "t")
            and value.text
        ):
            yield int(value.text)


def _listings(parts: Mapping[str, bytes]) -> Counter[str]:
    """Return how often the list of sheets names each part."""
    targets: dict[str, str] = {}
    for part, content in parts.items():
        if part.startswith("xl/_rels/"):
            for relation in _elements(content, "Relationship"):
                path = posixpath.normpath(relation.get("Target", "").replace("\\", "/"))
                targets[relation.get("Id", "")] = "/".join(path.lower().split("/")[-2:])
    listed = [
        value
        for sheet in _elements(parts.get("xl/workbook.xml", b"<workbook/>"), "sheet")
        for name, value in sheet.items()
        if name.endswith("}id")
    ]
    return Counter(targets.get(one, one) for one in listed)


def _elements(xml: bytes, tag: str) -> Iterator[ElementTree.Element]:
    root = ElementTree.fromstring(xml)  # noqa: S314 -- declarations have been refused
    return (one for one in root.iter() if _tag(one) == tag)


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[-1]


def _merged_cells(sheet: bytes) -> int:
    """Return how many cells are merged into others: openpyxl makes an object for each."""
    found = 0
    for ref in _MERGED.findall(sheet):
        corners = _CORNERS.fullmatch(ref.decode())
        if corners is None:  # whole columns or rows
            return 2 * MOST_CELLS
        columns = column_index_from_string(corners[3]) - column_index_from_string(corners[1]) + 1
        found += columns * (int(corners[4]) - int(corners[2]) + 1)
    return found


def _packed(parts: Mapping[str, bytes]) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_STORED) as package:
        for part, content in parts.items():
            package.writestr(part, content)
    return target.getvalue()


def _without_empty_cells(sheet: bytes) -> bytes:
    """Return a sheet up to its last row that holds something, with its merged cells.

    A sheet may be ruled down to row 1,048,576; what is ruled after the last words is cut off here
    instead of being made into a million objects. Links, pictures and rules of input go as well.
    """
    end = sheet.rfind(b"sheetData>")
    close = sheet.rfind(b"<", 0, end)
    if end < 0 or sheet[close + 1 : close + 2] != b"/":
        return sheet
    last = max(sheet.rfind(sign, 0, close) for sign in (b"v>", b"is>", b"f>"))
    if last < 0:
        begin = sheet.find(b">", sheet.find(b"sheetData")) + 1
    else:
        begin = sheet.find(b"row>", last) + len(b"row>")
    merged = _element(sheet, b"mergeCells", close)
    return b"".join(
        (
            sheet[:begin],
            sheet[close : end + len(b"sheetData>")],
            sheet[merged],
            sheet[sheet.rfind(b"</") :],
        )
    )


def _without_names(book: bytes) -> bytes:
    """Return the list of sheets without what it says of other parts of the file."""
    for tag in (b"definedNames", b"pivotCaches", b"externalReferences"):
        found = _element(book, tag, 0)
        book = book[: found.start] + book[found.stop :]
    return book


def _element(xml: bytes, tag: bytes, start: int) -> slice:
    """Return where an element stands that occurs once at most; an empty slice where it does not."""
    begin = re.compile(rb"<(?:\w+:)?" + tag).search(xml, start)
    end = xml.rfind(tag + b">")
    if begin is None or end < begin.start():
        return slice(0, 0)
    return slice(begin.start(), end + len(tag) + 1)


def _values(book: CalamineWorkbook) -> list[Grid]:
    return [
        Grid(
            name=sheet.name,
            rows=[
                (number, [_value(value) for value in values])
                for number, values in enumerate(
                    book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False), start=1
                )
            ],
            is_hidden=sheet.visible is not SheetVisibleEnum.Visible,
        )
        for sheet in book.sheets_metadata
        if sheet.typ is SheetTypeEnum.WorkSheet
    ]


def _value(value: object) -> Cell:
    text, odd = _text(value)
    return Cell(text, odd) if odd else written(text)


def _grid(name: str, sheet: Worksheet) -> Grid:
    if sheet.max_row * sheet.max_column > 4 * MOST_CELLS:
        last = sheet.cell(sheet.max_row, sheet.max_column).coordinate
        raise BadFile(
            f"Trang «{sheet.title}» của tệp «{name}» kéo dài đến ô {last}. Hãy xóa những ô nằm xa"
            " bảng, hoặc chép riêng bảng sang một tệp mới."
        )
    rows = [
        (number, [_cell(cell) for cell in cells])
        for number, cells in enumerate(sheet.iter_rows(), start=1)
    ]
    held = {number for number, cells in rows if any(cell.text for cell in cells)}
    return Grid(
        name=sheet.title,
        rows=rows,
        merged=[
            (found.min_row, found.min_col, found.max_row, found.max_col)
            for found in sheet.merged_cells.ranges
        ],
        hidden=sorted(
            number
            for number, look in sheet.row_dimensions.items()
            if look.hidden and number in held
        ),
        is_hidden=sheet.sheet_state != "visible",
    )


def _cell(cell: Any) -> Cell:
    if cell.value is None:
        return Cell()
    if cell.data_type in _NO_VALUES:
        # Of a formula over several cells, the first holds an object with its text.
        return Cell(str(getattr(cell.value, "text", cell.value)), _NO_VALUES[cell.data_type])
    # openpyxl leaves signs as the file writes them: "_x000D_" is a line end.
    text, odd = _text(unescape(cell.value) if isinstance(cell.value, str) else cell.value)
    if odd:
        return Cell(text, odd)
    font = cell.font
    return written(text, bold=bool(font.b), italic=bool(font.i))


def _text(value: object) -> tuple[str, Odd | None]:
    match value:
        case bool():
            return str(int(value)), Odd.FLAG
        case float():
            # Excel shows 15 digits; the rest is how the machine holds the number.
            text = str(int(value)) if value.is_integer() else f"{value:.15g}"
            return text, Odd.NUMBER if "." in text else None
        case date():
            return f"{value:%d/%m/%Y}", Odd.DATE
        case time() | timedelta():
            return str(value), Odd.DATE
    return str(value), None
