"""The bytes of a file as grids of cells: Excel, Word and CSV, told by content; all else refused."""

import re
from collections.abc import Sequence
from io import BytesIO
from zipfile import ZipFile

from indicators.catalogue.cells import BadFile, Grid
from indicators.catalogue.readers import excel, word
from indicators.catalogue.readers.limits import check_bytes, check_unpacked
from indicators.catalogue.readers.text import read_text

WANTED = "Hãy tải lên tệp Excel (.xlsx), Word (.docx) hoặc CSV."
_SAVE_AS_XLSX = (
    "Hãy mở bằng Excel, chọn Lưu thành (Save As) kiểu «Excel Workbook (*.xlsx)» rồi tải lại."
)
_SAVE_AS_DOCX = (
    "Hãy mở bằng Word, chọn Lưu thành (Save As) kiểu «Word Document (*.docx)» rồi tải lại."
)
# First bytes of files that people take for a table, or that are none.
_FOREIGN = (
    (b"%PDF", "là tệp PDF. {wanted}"),
    (b"\x89PNG", "là hình ảnh. {wanted}"),
    (b"\xff\xd8\xff", "là hình ảnh. {wanted}"),
    (b"GIF8", "là hình ảnh. {wanted}"),
    (b"MZ\x90", "là chương trình, không phải bảng. {wanted}"),
    (b"\x7fELF", "là chương trình, không phải bảng. {wanted}"),
    (b"Rar!", "là tệp nén. Hãy giải nén rồi tải lên tệp Excel, Word hoặc CSV bên trong."),
    (b"7z\xbc\xaf", "là tệp nén. Hãy giải nén rồi tải lên tệp Excel, Word hoặc CSV bên trong."),
    (b"\x1f\x8b", "là tệp nén. Hãy giải nén rồi tải lên tệp Excel, Word hoặc CSV bên trong."),
    (b"{\\rtf", f"là tệp RTF. {_SAVE_AS_DOCX}"),
)
# Names inside the container of the old Office formats, and of encrypted new ones.
_OLD = (
    (
        "EncryptedPackage",
        "được đặt mật khẩu nên không đọc được. Hãy mở tệp, bỏ mật khẩu (Tệp → Thông tin → Bảo vệ)"
        " rồi lưu và tải lại.",
    ),
    ("WordDocument", f"là tệp Word kiểu cũ (.doc). {_SAVE_AS_DOCX}"),
    ("Workbook", f"là tệp Excel kiểu cũ (.xls). {_SAVE_AS_XLSX}"),
    ("Book", f"là tệp Excel kiểu cũ (.xls). {_SAVE_AS_XLSX}"),
)
# What the parts of a zipped file say that it is.
_PACKED = (
    (r"xl/workbook\.bin", f"là tệp Excel kiểu nhị phân (.xlsb). {_SAVE_AS_XLSX}"),
    (r"ppt/.*", "là tệp trình chiếu. {wanted}"),
    (r"content\.xml", f"là tệp của LibreOffice, OpenOffice (.ods, .odt). {_SAVE_AS_XLSX}"),
)


def open_grids(
    name: str, content: bytes, *, looks: bool = False, results: bool = False, wanted: str = WANTED
) -> list[Grid]:
    """Return the sheets or tables of a file, in their order; of a workbook bold and
    italic only with ``looks``, and with ``results`` what formulas came to in place of them. Raises
    BadFile, which says that ``wanted`` is asked for.

    Takes less than a second and a few times the memory of what is read, whatever the file holds:
    sizes are checked before anything is unpacked or parsed.
    """
    if not content.strip():
        raise BadFile(f"Tệp «{name}» trống, không có nội dung nào. {wanted}")
    check_bytes(name, len(content))
    for sign, what in _FOREIGN:
        if content.startswith(sign):
            raise BadFile(f"Tệp «{name}» {what.format(wanted=wanted)}")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadFile(f"Tệp «{name}» {_old(content, wanted)}")
    if content.startswith(b"PK"):
        try:
            return _packed(name, content, looks=looks, results=results, asked=wanted)
        except BadFile:
            raise
        except Exception as error:  # a broken file may be wrong in any way, a forged one in more
            raise BadFile(
                f"Tệp «{name}» bị hỏng hoặc không đúng chuẩn nên không đọc được. Hãy mở bằng Excel"
                " hoặc Word, lưu thành tệp mới rồi tải lại."
            ) from error
    if _is_web_page(content):
        raise BadFile(
            f"Tệp «{name}» thực ra là trang web hoặc XML, dù tên tệp có thể là Excel."
            f" {_SAVE_AS_XLSX}"
        )
    return [read_text(name, content)]


def _old(content: bytes, wanted: str) -> str:
    for sign, what in _OLD:
        if sign.encode("utf-16-le") in content:
            return what
    return f"là tệp Office kiểu cũ. {wanted}"


def _is_web_page(content: bytes) -> bool:
    start = content[:2000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return start.startswith((b"<?xml", b"<!doctype", b"<html", b"<table", b"<head", b"<meta"))


def _packed(name: str, content: bytes, *, looks: bool, results: bool, asked: str) -> list[Grid]:
    with ZipFile(BytesIO(content)) as package:
        entries = package.infolist()
        check_unpacked(name, [entry.file_size for entry in entries])
        if any(entry.flag_bits & 1 for entry in entries):
            raise BadFile(f"Tệp «{name}» {_OLD[0][1]}")
        names = [entry.filename for entry in entries]
        wanted = _wanted(name, names, asked)
        _check_once(name, names)
        # Reading checks each part against its sum: a part cannot be longer than it says.
        parts = {part: package.read(part) for part in names if wanted.fullmatch(part)}
    if any(_has_declarations(part) for part in parts.values()):
        raise BadFile(
            f"Tệp «{name}» chứa khai báo XML mà Excel và Word không bao giờ ghi, nên không được"
            " đọc. Hãy mở tệp bằng Excel hoặc Word, lưu lại rồi tải lên."
        )
    if wanted is word.PARTS:
        return word.read_document(name, parts)
    if results:
        return excel.read_results(name, parts)
    return excel.read_workbook(name, parts, looks=looks)


def _check_once(name: str, parts: Sequence[str]) -> None:
    """Programs differ in which of two parts they open, and in whether capitals tell them apart."""
    if len({part.lower() for part in parts}) < len(parts):
        raise BadFile(
            f"Tệp «{name}» chứa hai phần cùng tên, nên mỗi chương trình có thể mở ra một nội dung"
            " khác. Hãy mở bằng Excel hoặc Word, lưu thành tệp mới rồi tải lại."
        )


def _has_declarations(part: bytes) -> bool:
    """Whether a part declares entities, which may stand for gigabytes, or hides whether it does in
    another encoding than UTF-8."""
    return b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"\0" in part[:200]


def _wanted(name: str, parts: Sequence[str], asked: str) -> re.Pattern[str]:
    """Return which parts to read; raise BadFile where the file is no workbook and no document."""
    if any(word.MAIN.fullmatch(part) for part in parts):
        return word.PARTS
    if any(part.startswith("xl/") and part.endswith(".xml") for part in parts) and not any(
        part == "xl/workbook.bin" for part in parts
    ):
        return excel.PARTS
    for sign, what in _PACKED:
        if any(re.fullmatch(sign, part) for part in parts):
            raise BadFile(f"Tệp «{name}» {what.format(wanted=asked)}")
    raise BadFile(
        f"Tệp «{name}» là tệp nén (.zip). Hãy giải nén rồi tải lên tệp Excel, Word hoặc CSV bên"
        " trong."
    )
