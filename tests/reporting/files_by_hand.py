"""Files as people attach them, made small by hand; and attaching one."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http.response import HttpResponseBase
from docx import Document
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter

from reporting.actions.evidence import attach_file
from reporting.models import Evidence, Submission, User
from tests.cast import clerk_of

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EXCEL_START = b"\x09\x08\x10\x00" + bytes(16)
WORD_START = b"\xec\xa5\xc1\x00" + bytes(28)


def pdf(title: str = "Kế hoạch") -> bytes:
    """Return a PDF of one empty page; another title makes another content."""
    writer, target = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": title})
    writer.write(target)
    return target.getvalue()


def image(form: str, *, size: tuple[int, int] = (60, 40), **how: object) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, "#0b5871").save(target, form, **how)
    return target.getvalue()


def docx() -> bytes:
    document, target = Document(), BytesIO()
    document.add_paragraph("Báo cáo")
    document.save(target)
    return target.getvalue()


def xlsx() -> bytes:
    book, target = Workbook(), BytesIO()
    book.save(target)
    return target.getvalue()


def with_parts(package: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return a zipped file with more parts in it."""
    target = BytesIO(package)
    with ZipFile(target, "a") as changed:
        for name, content in parts.items():
            changed.writestr(name, content)
    return target.getvalue()


def packed(*names: str) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return target.getvalue()


def compound(**streams: bytes) -> bytes:
    """Return an old Office file: a head, a directory of up to four streams, and the streams of up
    to a sector each."""
    head = COMPOUND + bytes(22) + (9).to_bytes(2, "little")
    directory, sectors = b"", b""
    for sector, (name, content) in enumerate(streams.items(), start=1):
        words = name.replace("__", " ").encode("utf-16-le")
        entry = words.ljust(64, b"\0") + (len(words) + 2).to_bytes(2, "little")
        directory += entry.ljust(116, b"\0") + sector.to_bytes(4, "little") + bytes(8)
        sectors += content.ljust(512, b"\0")
    return head.ljust(512, b"\0") + directory.ljust(512, b"\0") + sectors


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def attached(
    submission: Submission,
    name: str = "Kế hoạch 31.pdf",
    content: bytes | None = None,
    *,
    row_key: str | None = "1.1",
    by: User | None = None,
) -> Evidence:
    """Attach a file as the clerk of the agency does."""
    return attach_file(
        submission=submission,
        row_key=row_key,
        upload=upload(name, pdf() if content is None else content),
        by=by or clerk_of(submission.agency),
    )


def stored_files() -> set[Path]:
    """Return all that lies in the store of uploaded files."""
    return {path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


def ended(response: HttpResponseBase) -> None:
    """Let go of the file that a response sends, as a server does at its end, but not of the test's
    own connection to the database."""
    request_finished.disconnect(close_old_connections)
    response.close()
    request_finished.connect(close_old_connections)
