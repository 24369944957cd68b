"""What an attached file is: told by its content, everything else refused with a sentence."""

import struct
import time
import tracemalloc
from io import BytesIO
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from reporting.attachments import (
    ACCEPTED,
    DOC,
    DOCX,
    JPEG,
    KINDS,
    LONGEST_NAME,
    PDF,
    PNG,
    XLS,
    XLSX,
    AttachmentKind,
    BadAttachment,
    check_size,
    kind_of,
    safe_name,
)
from reporting.models import evidence
from tests.reporting.files_by_hand import (
    COMPOUND,
    EXCEL_START,
    WORD_START,
    compound,
    docx,
    image,
    packed,
    pdf,
    with_parts,
    xlsx,
)

WANTED = "Cổng chỉ nhận PDF, ảnh PNG hoặc JPEG, Word (.docx, .doc) và Excel (.xlsx, .xls)."
FILM = image("JPEG") + b"\0\0\0\x18ftypmp42" + bytes(100_000)
LOCKED_EXCEL = EXCEL_START + b"\x2f\x00\x02\x00\x01\x00"
LOCKED_WORD = WORD_START[:10] + b"\x00\x01" + WORD_START[12:]


def told(name: str, content: bytes) -> AttachmentKind:
    return kind_of(name, BytesIO(content))


def refused(name: str, content: bytes) -> str:
    with pytest.raises(BadAttachment) as refusal:
        told(name, content)
    return str(refusal.value)


# What is taken


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", pdf(), PDF),
        ("A.PDF", pdf(), PDF),
        ("hóa đơn.v2.pdf", pdf(), PDF),
        ("a.pdf", pdf() + b"\n" * 900, PDF),
        ("a.png", image("PNG"), PNG),
        ("a.jpg", image("JPEG"), JPEG),
        ("a.jpeg", image("JPEG", progressive=True), JPEG),
        (
            "hai ảnh trong một.jpg",
            image("MPO", save_all=True, append_images=[Image.new("RGB", (9, 9))]),
            JPEG,
        ),
        ("ảnh động của điện thoại.jpg", FILM, JPEG),
        ("a.docx", docx(), DOCX),
        ("a.xlsx", xlsx(), XLSX),
        ("có bảng nhúng.docx", with_parts(docx(), {"word/embeddings/a.xlsx": xlsx()}), DOCX),
        ("a.doc", compound(WordDocument=WORD_START), DOC),
        ("a.xls", compound(Workbook=EXCEL_START), XLS),
        ("Excel 95.xls", compound(Book=EXCEL_START), XLS),
        ("có bảng nhúng.doc", compound(Workbook=EXCEL_START, WordDocument=WORD_START), DOC),
        ("có văn bản nhúng.xls", compound(WordDocument=WORD_START, Workbook=EXCEL_START), XLS),
    ],
)
def test_a_file_is_what_its_content_is(name: str, content: bytes, kind: AttachmentKind) -> None:
    assert told(name, content) == kind


def test_the_file_is_wound_back_to_be_stored_whole() -> None:
    content = BytesIO(docx())
    content.seek(7)
    kind_of("a.docx", content)
    assert content.tell() == 0
    assert not content.closed


def test_an_image_stays_open_to_be_stored() -> None:
    for name, content in (("a.png", image("PNG")), ("a.jpg", image("JPEG"))):
        file = BytesIO(content)
        kind_of(name, file)
        assert file.read() == content


def test_every_kind_is_sent_out_under_a_type_of_its_own() -> None:
    assert len({kind.content_type for kind in KINDS}) == len(KINDS) == 7
    assert ACCEPTED == ".pdf,.png,.jpg,.jpeg,.docx,.doc,.xlsx,.xls"


# What is refused, and how it is told


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.pdf", b"", "trống, không có byte nào (0 byte)"),
        ("a.pdf", pdf()[:-300], "bị hỏng hoặc bị cắt cụt"),
        ("a.pdf", pdf()[:9], "bị hỏng hoặc bị cắt cụt"),
        ("a.png", image("PNG")[:-20], "bị hỏng hoặc bị cắt cụt"),
        ("a.png", image("PNG").replace(b"IDAT", b"IDAX"), "bị hỏng hoặc bị cắt cụt"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "bị hỏng hoặc bị cắt cụt"),
        ("a.jpg", image("JPEG")[:-2], "bị hỏng hoặc bị cắt cụt"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "bị hỏng hoặc bị cắt cụt"),
        ("a.docx", docx()[:-100], "bị hỏng hoặc bị cắt cụt"),
        ("a.docx", docx()[:4000] + docx()[6000:], "bị hỏng hoặc bị cắt cụt"),
        ("a.docm", with_parts(docx(), {"word/vbaProject.bin": b"x"}), "có chứa macro"),
        ("a.docx", with_parts(docx(), {"word/vbaProject.bin": b"x"}), "có chứa macro"),
        ("a.xlsx", with_parts(xlsx(), {"xl/macrosheets/sheet1.xml": b"x"}), "có chứa macro"),
        ("a.doc", compound(WordDocument=WORD_START, _VBA_PROJECT=b"x"), "có chứa macro"),
        ("a.xls", compound(Workbook=EXCEL_START, _VBA_PROJECT=b"x"), "có chứa macro"),
        ("a.docx", compound(EncryptedPackage=b"x"), "được đặt mật khẩu"),
        ("a.doc", compound(WordDocument=LOCKED_WORD), "được đặt mật khẩu"),
        ("a.xls", compound(Workbook=LOCKED_EXCEL), "được đặt mật khẩu"),
        ("a.doc", compound(PowerPoint__Document=b"x"), "là tệp Office kiểu cũ, không phải Word"),
        ("a.doc", COMPOUND, "là tệp Office kiểu cũ, không phải Word"),
        ("a.docx", packed("a.txt", "b.pdf"), "là tệp nén (.zip)"),
        ("a.docx", packed("word/document.xml"), "là tệp nén (.zip)"),
        ("a.xlsx", packed("[Content_Types].xml", "xl/workbook.xml"), "là tệp nén (.zip)"),
        ("a.pptx", packed("[Content_Types].xml", "ppt/presentation.xml"), "là tệp trình chiếu"),
        ("a.odt", packed("mimetype", "content.xml"), "là tệp của LibreOffice"),
        ("a.pdf", b"<!doctype html><script>alert(1)</script>", "là trang web, SVG hoặc XML"),
        ("a.png", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "là trang web, SVG hoặc XML"),
        ("a.xls", b"\xef\xbb\xbf \n<table>", "là trang web, SVG hoặc XML"),
        ("a.jpg", image("GIF"), "là ảnh GIF"),
        ("a.jpg", image("BMP"), "là ảnh BMP"),
        ("a.jpg", image("TIFF"), "là ảnh TIFF"),
        ("a.jpg", image("WEBP"), "là ảnh WebP"),
        ("a.jpg", b"\0\0\0\x18ftypheic\0\0\0\0", "là ảnh HEIC của điện thoại"),
        ("hoa-don.pdf.exe", b"MZ\x90\0" + bytes(60), "là chương trình"),
        ("hoa-don.pdf", b"MZ\x90\0" + bytes(60), "là chương trình"),
        ("a.pdf", b"\x7fELF\x02", "là chương trình"),
        ("a.pdf", b"#!/bin/sh\n", "là chương trình"),
        ("a.pdf", b"Rar!\x1a\x07", "là tệp nén"),
        ("a.doc", rb"{\rtf1\ansi}", "là tệp RTF"),
        ("a.pdf", b"xin chao", "không phải là loại tệp mà cổng đọc được"),
        ("a.pdf", b"\n%PDF-1.7", "không phải là loại tệp mà cổng đọc được"),
    ],
)
def test_a_bad_file_is_refused_with_what_was_found_and_what_is_wanted(
    name: str, content: bytes, found: str
) -> None:
    sentence = refused(name, content)
    assert sentence.startswith(f"Tệp «{name}» {found}")
    assert WANTED in sentence
    assert not sentence.endswith(WANTED)  # what to do comes last


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", image("PNG"), "có đuôi «.pdf» nhưng nội dung là ảnh PNG; đuôi phải là .png."),
        ("hoa-don.pdf.exe", pdf(), "có đuôi «.exe» nhưng nội dung là PDF; đuôi phải là .pdf."),
        ("a", pdf(), "không có đuôi nhưng nội dung là PDF; đuôi phải là .pdf."),
        (
            "a.png",
            image("JPEG"),
            "có đuôi «.png» nhưng nội dung là ảnh JPEG; đuôi phải là .jpg hoặc .jpeg.",
        ),
        (
            "a.doc",
            docx(),
            "có đuôi «.doc» nhưng nội dung là Word (.docx); đuôi phải là .docx.",
        ),
        (
            "a.docx",
            xlsx(),
            "có đuôi «.docx» nhưng nội dung là Excel (.xlsx); đuôi phải là .xlsx.",
        ),
        (
            "a.xls",
            compound(WordDocument=WORD_START),
            "có đuôi «.xls» nhưng nội dung là Word kiểu cũ (.doc); đuôi phải là .doc.",
        ),
    ],
)
def test_the_extension_must_say_what_the_content_is(
    name: str, content: bytes, sentence: str
) -> None:
    assert refused(name, content) == (
        f"Tệp «{name}» {sentence} Hãy sửa đuôi của tên tệp cho đúng, hoặc chọn lại đúng tệp."
    )


def test_a_macro_document_called_by_another_type_is_refused() -> None:
    def document(main: bytes) -> bytes:
        types = b'<Types><Override ContentType="application/%b.main+xml"/></Types>' % main
        return with_parts(packed("word/document.xml"), {"[Content_Types].xml": types})

    plain = document(b"vnd.openxmlformats-officedocument.wordprocessingml.document")
    assert told("a.docx", plain) == DOCX
    macros = document(b"vnd.ms-word.document.macroEnabled")
    assert "có chứa macro" in refused("a.docx", macros)


def test_an_encrypted_zip_is_refused() -> None:
    content = bytearray(docx())
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    assert "được đặt mật khẩu" in refused("a.docx", bytes(content))


def test_a_workbook_that_only_forbids_writing_is_taken_and_a_locked_one_behind_it_is_not() -> None:
    protected = EXCEL_START + b"\x86\x00\x00\x00"
    assert told("a.xls", compound(Workbook=protected)) == XLS
    locked = protected + b"\x2f\x00\x02\x00\x01\x00"
    assert "được đặt mật khẩu" in refused("a.xls", compound(Workbook=locked))


@pytest.mark.parametrize(("width", "height"), [(9_000, 10_000), (12_000, 12_000), (60_000, 60_000)])
def test_an_image_of_too_many_pixels_is_refused_undrawn(width: int, height: int) -> None:
    content = bytearray(image("PNG"))
    content[16:24] = struct.pack(">II", width, height)
    header = bytes(content[12:29])
    content[29:33] = struct.pack(">I", crc32(header))
    assert refused("a.png", bytes(content)) == (
        "Tệp «a.png» là ảnh quá lớn; nhiều nhất 89 triệu điểm ảnh."
        " Hãy quét hoặc lưu lại với độ phân giải thấp hơn."
    )


def test_an_archive_that_lists_half_a_million_parts_costs_nothing() -> None:
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 0, 20, 0, *(0,) * 7, 1, *(0,) * 6) + b"a"
    directory = entry * (20_000_000 // len(entry))
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(directory), 0, 0)
    content = BytesIO(b"PK\3\4" + directory + end)
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(BadAttachment, match="bị hỏng"):
        kind_of("a.docx", content)
    assert time.process_time() - began < 0.5
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


# Size


def test_a_file_within_the_limit_is_not_refused() -> None:
    check_size("a.pdf", 20 * 1024 * 1024, most_megabytes=20)


def test_a_file_above_the_limit_is_told_its_weight() -> None:
    with pytest.raises(BadAttachment) as refusal:
        check_size("a.pdf", 209_715_200, most_megabytes=20)
    assert str(refusal.value) == (
        "Tệp «a.pdf» nặng 200,0 MB; mỗi tệp nhiều nhất 20 MB."
        " Hãy quét với độ phân giải thấp hơn, hoặc tách thành nhiều tệp."
    )
    with pytest.raises(BadAttachment):
        check_size("a.pdf", 20 * 1024 * 1024 + 1, most_megabytes=20)


# Names


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Kế hoạch số 31 (bản ký).pdf", "Kế hoạch số 31 (bản ký).pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\a.pdf", "a.pdf"),
        ("C:\\x\\y.pdf", "y.pdf"),
        ("/", "tep"),
        ("..", "tep."),
        ("", "tep"),
        (".pdf", "tep.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\u2066b\u2069.pdf", "ab.pdf"),
        ("a\u061cb\u200e.pdf", "ab.pdf"),
        ("a\x00b\r\nc\td.pdf", "ab c d.pdf"),
        ("Ha\u0300 No\u0323\u0302i.pdf", "Hà Nội.pdf"),
        ("  a\u00a0 b .pdf ", "a b.pdf"),
        ("a" * 300 + ".docx", "a" * 195 + ".docx"),
        ("a." + "b" * 300, ("a." + "b" * 300)[:200]),
    ],
)
def test_a_name_is_kept_without_path_and_unseen_signs(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


@given(st.text(max_size=400))
def test_whatever_it_is_called_a_name_can_be_kept_and_seen(name: str) -> None:
    kept = safe_name(name)
    assert 0 < len(kept) <= LONGEST_NAME
    assert kept.isprintable()
    assert not {"/", "\\"} & set(kept)
    assert safe_name(kept) == kept


def test_the_longest_name_is_the_columns() -> None:
    assert LONGEST_NAME == evidence.LONGEST_NAME
