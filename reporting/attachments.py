"""What an attached file is, told by its content: PDF, image, Word or Excel; all else refused."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO
from zipfile import ZipFile

from PIL import Image

from indicators.words import clean

LONGEST_NAME = 200
MEGABYTE = 1024 * 1024
_LONGEST_EXTENSION = 10
# A sheet of A3 scanned at 600 dots per inch has 70 million; Pillow warns of more than 89 million.
_MOST_PIXELS = 89_000_000
# Word and Excel write some hundred parts; a list of half a million costs seconds and 200 MB.
_LARGEST_PART_LIST, _LARGEST_TYPE_LIST = 1_000_000, 1_000_000
_CHUNK = 1_048_576  # a multiple of 128: no entry of a compound file's directory is cut in two
_TAIL = 2048

_WANTED = "Cổng chỉ nhận PDF, ảnh PNG hoặc JPEG, Word (.docx, .doc) và Excel (.xlsx, .xls)."
_TAKE_ANEW = "Hãy mở lại tệp gốc để kiểm tra, lưu hoặc quét lại rồi tải lên."
_PRINT_TO_PDF = "Hãy in ra PDF rồi tải tệp PDF lên."


class BadAttachment(ValueError):
    """The file is not taken; ``str()`` is the sentence to show."""


@dataclass(frozen=True, slots=True)
class AttachmentKind:
    """One kind of file that is taken: its name in a sentence, its extensions, the usual first, and
    the type under which it is sent out again."""

    label: str
    extensions: Sequence[str]
    content_type: str


_OOXML = "application/vnd.openxmlformats-officedocument"
PDF = AttachmentKind("PDF", ("pdf",), "application/pdf")
PNG = AttachmentKind("ảnh PNG", ("png",), "image/png")
JPEG = AttachmentKind("ảnh JPEG", ("jpg", "jpeg"), "image/jpeg")
DOCX = AttachmentKind("Word (.docx)", ("docx",), f"{_OOXML}.wordprocessingml.document")
DOC = AttachmentKind("Word kiểu cũ (.doc)", ("doc",), "application/msword")
XLSX = AttachmentKind("Excel (.xlsx)", ("xlsx",), f"{_OOXML}.spreadsheetml.sheet")
XLS = AttachmentKind("Excel kiểu cũ (.xls)", ("xls",), "application/vnd.ms-excel")
KINDS = (PDF, PNG, JPEG, DOCX, DOC, XLSX, XLS)
# What a browser's window for choosing files offers; what is sent is judged by content alone.
ACCEPTED = ",".join(f".{extension}" for kind in KINDS for extension in kind.extensions)

# First bytes of what people attach by mistake or in malice: what it is, and what to do.
_UNPACK = "Hãy giải nén rồi tải lên từng tệp bên trong."
_TO_JPEG = "Hãy chuyển sang PNG hoặc JPEG rồi tải lên."
_NO_PROGRAMS = "Hãy chọn lại đúng tệp tài liệu."
_FOREIGN = (
    (rb"GIF8", "là ảnh GIF", _TO_JPEG),
    (rb"BM", "là ảnh BMP", _TO_JPEG),
    (rb"II\*\0|MM\0\*", "là ảnh TIFF", _TO_JPEG),
    (rb"RIFF.{4}WEBP", "là ảnh WebP", _TO_JPEG),
    (rb".{4}ftyp(?:hei|hev|mif|msf|avi)", "là ảnh HEIC của điện thoại", _TO_JPEG),
    (rb"MZ|\x7fELF|#!", "là chương trình", _NO_PROGRAMS),
    (rb"Rar!|7z\xbc\xaf|\x1f\x8b", "là tệp nén", _UNPACK),
    (rb"\{\\rtf", "là tệp RTF", "Hãy mở bằng Word, lưu thành .docx rồi tải lên."),
    (rb"(?:\xef\xbb\xbf)?\s*<", "là trang web, SVG hoặc XML", _PRINT_TO_PDF),
)

_LOCKED = (
    "được đặt mật khẩu",
    "Hãy mở tệp, bỏ mật khẩu (Tệp → Thông tin → Bảo vệ) rồi lưu và tải lên lại.",
)
_MACROS = (
    "có chứa macro",
    "Hãy mở tệp, lưu thành (Save As) kiểu .docx hoặc .xlsx không có macro, hoặc in ra PDF.",
)
_DAMAGED = ("bị hỏng hoặc bị cắt cụt", _TAKE_ANEW)

# The main part of a zipped Office file, by its type and its folder.
_MAIN_PARTS = (
    (DOCX, b"wordprocessingml.document.main+xml", "word/"),
    (XLSX, b"spreadsheetml.sheet.main+xml", "xl/"),
)
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = {"WordDocument": DOC, "Workbook": XLS, "Book": XLS}
_WORD_IS_LOCKED = 0x0100
_EXCEL_START, _EXCEL_LOCK = 0x0809, 0x002F


def safe_name(name: str) -> str:
    r"""Return the person's own name of a file without path and unseen signs, not too long.

    >>> safe_name(r"C:\Tài liệu\..\Kế hoạch 31.pdf")
    'Kế hoạch 31.pdf'
    >>> safe_name("../../etc/passwd")
    'passwd'
    """
    last = " ".join(clean(re.split(r"[/\\]", name)[-1]).split())
    # Whatever else turns the direction of writing or cannot be seen is no printable sign either.
    seen = "".join(sign for sign in last if sign.isprintable())
    stem, dot, extension = seen.rpartition(".")
    if not dot or len(extension) > _LONGEST_EXTENSION:
        stem, dot, extension = seen, "", ""
    stem = stem.strip(" .")[: LONGEST_NAME - len(dot + extension)].rstrip() or "tep"
    return f"{stem}{dot}{extension}"


def check_size(name: str, size: int, *, most_megabytes: int) -> None:
    """Raise BadAttachment unless the file is within the limit, which is given in megabytes."""
    if size > most_megabytes * MEGABYTE:
        weight = f"{size / MEGABYTE:.1f}".replace(".", ",")
        raise BadAttachment(
            f"Tệp «{name}» nặng {weight} MB; mỗi tệp nhiều nhất {most_megabytes} MB."
            " Hãy quét với độ phân giải thấp hơn, hoặc tách thành nhiều tệp."
        )


def kind_of(name: str, content: IO[bytes]) -> AttachmentKind:
    """Return what ``content``, a file that can be wound back, is; raise BadAttachment.

    Nothing is unpacked and no pixel is drawn: whatever the file holds, it costs one reading of its
    bytes and a few megabytes.
    """
    content.seek(0)
    head = content.read(64)
    if not head:
        raise BadAttachment(
            f"Tệp «{name}» trống, không có byte nào (0 byte). {_WANTED} {_TAKE_ANEW}"
        )
    if head.startswith(b"%PDF-"):
        kind = _pdf(name, content)
    elif head.startswith(b"\x89PNG\r\n\x1a\n"):
        kind = _image(name, content, PNG, "PNG")
    elif head.startswith(b"\xff\xd8\xff"):
        kind = _image(name, content, JPEG, "JPEG")
    elif head.startswith(b"PK\x03\x04"):
        kind = _packed(name, content)
    elif head.startswith(_COMPOUND):
        kind = _compound(name, content)
    else:
        raise _foreign(name, head)
    _require_extension(name, kind)
    content.seek(0)
    return kind


def _refusal(name: str, found: str, remedy: str) -> BadAttachment:
    return BadAttachment(f"Tệp «{name}» {found}. {_WANTED} {remedy}")


def _foreign(name: str, head: bytes) -> BadAttachment:
    for sign, found, remedy in _FOREIGN:
        if re.match(sign, head, re.DOTALL):
            return _refusal(name, found, remedy)
    return _refusal(name, "không phải là loại tệp mà cổng đọc được", _PRINT_TO_PDF)


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _require_extension(name: str, kind: AttachmentKind) -> None:
    extension = _extension(name)
    if extension in kind.extensions:
        return
    called = f"có đuôi «.{extension}»" if extension else "không có đuôi"
    raise BadAttachment(
        f"Tệp «{name}» {called} nhưng nội dung là {kind.label}; đuôi phải là"
        f" {' hoặc '.join(f'.{ending}' for ending in kind.extensions)}."
        " Hãy sửa đuôi của tên tệp cho đúng, hoặc chọn lại đúng tệp."
    )


def _pdf(name: str, content: IO[bytes]) -> AttachmentKind:
    """A PDF ends with the place of its table of contents: one that was cut off does not."""
    tail = _tail(content, _TAIL)
    if b"startxref" not in tail or b"%%EOF" not in tail:
        raise _refusal(name, *_DAMAGED)
    return PDF


def _tail(content: IO[bytes], length: int) -> bytes:
    size = content.seek(0, 2)
    content.seek(max(0, size - length))
    return content.read()


def _image(name: str, content: IO[bytes], kind: AttachmentKind, form: str) -> AttachmentKind:
    content.seek(0)
    try:
        image = Image.open(content, formats=(form,))
        width, height = image.size
        is_whole = form != "JPEG" or _goes_on_to(content, b"\xff\xd9")
        image.verify()  # of a PNG every sum; of a JPEG nothing
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name) from error
    except Exception as error:  # a broken image may be wrong in any way, a forged one in more
        raise _refusal(name, *_DAMAGED) from error
    if width * height > _MOST_PIXELS:
        raise _too_many_pixels(name)
    if not is_whole:
        raise _refusal(name, *_DAMAGED)
    return kind


def _too_many_pixels(name: str) -> BadAttachment:
    return BadAttachment(
        f"Tệp «{name}» là ảnh quá lớn; nhiều nhất {_MOST_PIXELS // 1_000_000} triệu điểm ảnh."
        " Hãy quét hoặc lưu lại với độ phân giải thấp hơn."
    )


def _goes_on_to(content: IO[bytes], sign: bytes) -> bool:
    """Whether ``sign`` stands anywhere from here on. Inside the picture of a JPEG its end cannot
    stand, but behind it a telephone may have put a film."""
    last = b""
    while chunk := content.read(_CHUNK):
        if sign in last + chunk:
            return True
        last = chunk[-1:]
    return False


def _packed(name: str, content: IO[bytes]) -> AttachmentKind:
    """Word and Excel of today are zipped: the list of types in them says what they are."""
    tail = _tail(content, 65_557)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or int.from_bytes(tail[end + 12 : end + 16], "little") > _LARGEST_PART_LIST:
        raise _refusal(name, *_DAMAGED)
    try:
        with ZipFile(content) as package:
            parts = package.infolist()
            names = [part.filename.lower() for part in parts]
            is_locked = any(part.flag_bits & 1 for part in parts)
            types = b"" if is_locked else _types(package)
    except Exception as error:  # a broken archive may be wrong in any way, a forged one in more
        raise _refusal(name, *_DAMAGED) from error
    if is_locked:
        raise _refusal(name, *_LOCKED)
    if b"macroenabled" in types or any(map(_is_macro, names)):
        raise _refusal(name, *_MACROS)
    for kind, main, folder in _MAIN_PARTS:
        if main in types and any(part.startswith(folder) for part in names):
            return kind
    if any(part.startswith("ppt/") for part in names):
        raise _refusal(name, "là tệp trình chiếu", _PRINT_TO_PDF)
    if "mimetype" in names:
        raise _refusal(name, "là tệp của LibreOffice, OpenOffice", _PRINT_TO_PDF)
    raise _refusal(name, "là tệp nén (.zip)", _UNPACK)


def _types(package: ZipFile) -> bytes:
    """Return the list of types in small letters; nothing where there is none of sensible length."""
    found = [part for part in package.infolist() if part.filename == "[Content_Types].xml"]
    if len(found) != 1 or found[0].file_size > _LARGEST_TYPE_LIST:
        return b""
    return package.read(found[0]).lower()


def _is_macro(part: str) -> bool:
    return part.endswith("vbaproject.bin") or part.startswith("xl/macrosheets/")


def _compound(name: str, content: IO[bytes]) -> AttachmentKind:
    """The old Office files are a small file system: the names in its directory say what they are.

    A document may hold a workbook and a workbook a document: of two kinds found the one that the
    file is called by counts.
    """
    streams = _streams(content)
    if "EncryptedPackage" in streams:
        raise _refusal(name, *_LOCKED)
    if "_VBA_PROJECT" in streams:
        raise _refusal(name, *_MACROS)
    found = [stream for stream in _STREAMS if stream in streams]
    if not found:
        raise _refusal(name, "là tệp Office kiểu cũ, không phải Word hay Excel", _PRINT_TO_PDF)
    called = [stream for stream in found if _extension(name) in _STREAMS[stream].extensions]
    main = (called or found)[0]
    if _is_locked(_STREAMS[main], _start(content, streams[main])):
        raise _refusal(name, *_LOCKED)
    return _STREAMS[main]


def _streams(content: IO[bytes]) -> Mapping[str, int]:
    """Return the wanted names of the directory, with the place of their first entry."""
    wanted = {
        name: name.encode("utf-16-le").ljust(64, b"\0") + bytes([2 * len(name) + 2, 0])
        for name in (*_STREAMS, "EncryptedPackage", "_VBA_PROJECT")
    }
    found: dict[str, int] = {}
    for at, chunk in _chunks(content):
        for name, entry in wanted.items():
            place = chunk.find(entry)
            if place >= 0:
                found.setdefault(name, at + place)
    return found


def _chunks(content: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    at = content.seek(0)
    while chunk := content.read(_CHUNK):
        yield at, chunk
        at += len(chunk)


def _start(content: IO[bytes], entry: int) -> bytes:
    """Return the first bytes of the stream whose directory entry stands at ``entry``."""
    content.seek(30)
    sector_bits = min(int.from_bytes(content.read(2), "little"), 12)
    content.seek(entry + 116)
    sector = int.from_bytes(content.read(4), "little")
    content.seek((sector + 1) << sector_bits)
    return content.read(64)


def _is_locked(kind: AttachmentKind, start: bytes) -> bool:
    """Whether a document's head says that it is encrypted, or a workbook's second or third record
    does: before it only one that forbids writing may stand."""
    if kind is DOC:
        return bool(int.from_bytes(start[10:12], "little") & _WORD_IS_LOCKED)
    at = 0
    numbers: list[int] = []
    while at + 4 <= len(start) and len(numbers) < 3:
        numbers.append(int.from_bytes(start[at : at + 2], "little"))
        at += 4 + int.from_bytes(start[at + 2 : at + 4], "little")
    return numbers[:1] == [_EXCEL_START] and _EXCEL_LOCK in numbers
