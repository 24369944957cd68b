"""What a PDF that somebody brought shows, and the table that is attached to it, as far as it can be
read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from io import BytesIO
from itertools import islice
from time import thread_time

from pypdf import Configuration, PageObject, PdfReader, apply_configuration
from pypdf.generic import DictionaryObject, PdfObject, StreamObject

from indicators.catalogue.cells import BadFile
from indicators.catalogue.readers.limits import check_bytes
from reporting.printing.appendix import FIGURE_HEADING
from reporting.verification.comparison import (
    BLANK,
    WHOLE_ROW,
    Comparison,
    Difference,
    outside,
    stt_of,
)
from reporting.verification.content import Content, Kept
from reporting.verification.tables import squashed

MOST_PAGES = 150
MOST_UNPACKED = 5_000_000
MOST_SHOWN = 3_000_000
# Of a page with the forms that it may draw: a third of a second. Ours have 44,000.
MOST_OF_PAGE = 300_000
# Of work, not of waiting on a busy machine. Ours take less than one; looked at before each page,
# so that what a page costs is bounded apart.
MOST_SECONDS = 5
# Ours have four, with 6,000 bytes of which sign is which letter; each may take a tenth of a second.
MOST_FONTS, MOST_MAPPED = 30, 500_000
# Ours has one, which is compared like a file by itself.
MOST_ATTACHED = 3
# How often a page may draw a form, whose fonts are then read anew.
_MOST_DRAWN = 10
# What reading costs at most, whatever a forged file says of itself.
_LIMITS = Configuration(
    maximum_declared_stream_length=MOST_UNPACKED,
    array_based_stream_maximum_output_length=MOST_UNPACKED,
    zlib_maximum_output_length=MOST_UNPACKED,
    lzw_maximum_output_length=MOST_UNPACKED,
    run_length_maximum_output_length=MOST_UNPACKED,
    brotli_maximum_output_length=MOST_UNPACKED,
    stream_parsing_work_maximum_count=200_000,
    xform_maximum_invocations_per_extraction=_MOST_DRAWN,
    array_maximum_element_count=20_000,
    dictionary_maximum_element_count=20_000,
    page_tree_maximum_entries=MOST_PAGES * 4,
    page_tree_maximum_page_entries=100_000,
)
# Between two rows there is at most the head of a page, with its number.
_WINDOW = 1_500
_LONGEST_TOLD = 160
# Ours ends once; each that signs adds an end.
MOST_ENDS = 20
_END = re.compile(rb"%%EOF(?:\r\n|\r|\n)?")
UNSEEN = "không thấy dòng này"


def is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF")


def beginnings(content: bytes) -> Mapping[str, int]:
    """Return the hash and the length of each beginning that may have been a PDF by itself: what is
    signed has the signature after its end."""
    found, hashed, done = {}, sha256(), 0
    for end in islice(_END.finditer(content), MOST_ENDS):
        hashed.update(content[done : end.end()])
        done = end.end()
        found[hashed.hexdigest()] = done
    return found


def read_pdf(name: str, content: bytes) -> tuple[str, Sequence[bytes]]:
    """Return the words that the pages show, without what stands between them, and the tables that
    are attached. Raises BadFile."""
    check_bytes(name, len(content))
    try:
        with apply_configuration(_LIMITS):
            return _read(name, PdfReader(BytesIO(content)))
    except BadFile:
        raise
    except Exception as error:  # a broken file may be wrong in any way, a forged one in more
        raise BadFile(
            f"Tệp «{name}» bị hỏng hoặc không đúng chuẩn nên không đọc được, và không phải tệp mà"
            " cổng đã xuất. Hãy chọn đúng tệp đã tải từ cổng."
        ) from error


def _read(name: str, reader: PdfReader) -> tuple[str, Sequence[bytes]]:
    if reader.is_encrypted:
        raise BadFile(
            f"Tệp «{name}» được đặt mật khẩu nên không đọc được. Tệp của cổng không có mật khẩu,"
            " hãy chọn đúng tệp đã tải từ cổng."
        )
    if len(reader.pages) > MOST_PAGES:
        raise BadFile(
            f"Tệp «{name}» có {len(reader.pages)} trang; nhiều nhất {MOST_PAGES} trang."
            " Hãy chọn đúng tệp phụ lục đã tải từ cổng."
        )
    return squashed("".join(_shown(reader))), list(_attached(reader))


def _shown(reader: PdfReader) -> Iterator[str]:
    left, started = MOST_SHOWN, thread_time()
    for page in reader.pages:
        left -= _shown_by(page)
        if left < 0 or thread_time() - started > MOST_SECONDS:
            raise ValueError("too much to read")
        yield page.extract_text()


def _shown_by(page: PageObject) -> int:
    """Return how many bytes a page may have read to show what it does. Raises ValueError where they
    or its fonts are too many, before the rest of them is unpacked."""
    shown = mapped = 0
    for length, resources, times in _drawn(page):
        shown += times * length
        if shown > MOST_OF_PAGE:
            raise ValueError("too much on a page")
        sizes = 0
        for number, font in enumerate(_held(resources, "/Font"), 1):
            size = _mapped(font)
            sizes += size
            mapped += size
            if max(mapped, times * sizes) > MOST_MAPPED or times * number > MOST_FONTS:
                raise ValueError("too many letters to learn")
    return shown


def _drawn(page: PageObject) -> Iterator[tuple[int, Mapping[str, object], int]]:
    """Yield the length of what a page draws, and what it draws with; then the same of each form
    that it may draw, once each; and how often that may be read at most, which is as often for all
    forms together."""
    known: set[int] = set()
    waiting: list[tuple[PdfObject | None, object, int]] = [
        (page.get_contents(), page.get_inherited("/Resources"), 1)
    ]
    while waiting:
        stream, held, times = waiting.pop()
        # Not before its turn: a page may name thousands, each of them megabytes.
        length = len(stream.get_data()) if isinstance(stream, StreamObject) else 0
        resources = _opened(held)
        yield length, resources, times
        for form in _held(resources, "/XObject"):
            if form.get("/Subtype") == "/Form" and id(form) not in known:
                known.add(id(form))
                waiting.append((form, form.get("/Resources"), _MOST_DRAWN))


def _held(resources: Mapping[str, object], kind: str) -> Iterator[DictionaryObject]:
    for value in _opened(resources.get(kind)).values():
        opened = _opened(value)
        if opened:
            yield opened


def _opened(value: object) -> DictionaryObject:
    found = value.get_object() if isinstance(value, PdfObject) else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _mapped(font: DictionaryObject) -> int:
    stream = _opened(font.get("/ToUnicode"))
    return len(stream.get_data()) if isinstance(stream, StreamObject) else 0


def _attached(reader: PdfReader) -> Iterator[bytes]:
    left, more = MOST_UNPACKED, MOST_ATTACHED
    for attached, contents in reader.attachments.items():
        if attached.lower().endswith(".csv"):
            for content in contents:
                left, more = left - len(content), more - 1
                if left < 0 or more < 0:
                    raise ValueError("too much to read")
                yield content


def compare_shown(content: Content, lines: Sequence[Kept], words: str) -> Comparison:
    """Compare what the pages show with ``lines``: each row must be found after the one before, and
    with the figure that its name stands before first. A page that writes a row again and again with
    other figures guesses."""
    found = list(outside(content, words))
    at = _beginning(content, words)
    agreeing: set[str] = set()
    apart = 0
    heads = [squashed(line.stt + line.label) for line in lines]
    for place, (line, head) in enumerate(zip(lines, heads, strict=True)):
        whole = squashed(line.stt + line.label + line.unit + line.figure + line.remark)
        here = words.find(head or whole, at, at + _WINDOW + len(whole))
        end = here + len(whole)
        is_here = here >= 0 and words.startswith(whole, here)
        if is_here and (line.remark or not _goes_on(words, end, heads[place : place + 2])):
            at = end
            if line.figure:
                agreeing.add(line.key)
            continue
        apart += bool(line.figure)
        told, at = _told(line, lines[place + 1 : place + 2], words, at)
        found.append(told)
    return Comparison(found, agreeing, apart)


def _goes_on(words: str, at: int, heads: Sequence[str]) -> bool:
    """Say whether the figure that ends ``at`` is but the beginning of a longer one: more of a
    number stands between it and the name of a row."""
    names = tuple(filter(None, heads))
    if words.startswith(names, at):
        return False
    number = _MORE.match(words, at)
    ends = range(at + 1, number.end() + 1) if number else ()
    return any(words.startswith(names, end) for end in ends)


_MORE = re.compile(r"[\d.,]{1,30}")


def shows(lines: Sequence[Kept], words: str) -> bool:
    """Whether the pages show the part of a form that ``lines`` are: its heading."""
    return bool(lines) and squashed(lines[0].stt + lines[0].label) in words


def _beginning(content: Content, words: str) -> int:
    """Return where the rows begin: titles may say what a row says, too."""
    head = squashed(content.label_heading)
    return max(words.find(head), 0)


def _told(line: Kept, following: Sequence[Kept], words: str, at: int) -> tuple[Difference, int]:
    """Say what stands where a row should, up to the next row; return where to read on."""
    head = squashed(line.stt + line.label)
    here = words.find(head, at, at + _WINDOW + len(head))
    if here < 0:
        printed = line.figure or BLANK
        return Difference("", stt_of(line), line.label, WHOLE_ROW, UNSEEN, printed, line.key), at
    start = here + len(head)
    end = start + _LONGEST_TOLD
    for after in following:
        found = words.find(squashed(after.stt + after.label), start, start + _WINDOW)
        end = found if found >= 0 else end
    said = words[start : min(end, start + _LONGEST_TOLD)] or BLANK
    printed = " ".join(filter(None, (line.unit, line.figure, line.remark))) or BLANK
    return Difference("", stt_of(line), line.label, _REST, said, printed, line.key), start


_REST = f"{FIGURE_HEADING} và các ô bên cạnh"
