"""Whether a file that somebody brought is what was printed under a code, and where it is not."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from indicators.catalogue.cells import BadFile
from reporting.documents.standing import moment
from reporting.models import VerificationCode
from reporting.numbers import write
from reporting.printing.appendix import FIGURE_HEADING
from reporting.printing.sections import Section
from reporting.queries.verification import export_of, parts_of
from reporting.verification.comparison import (
    BLANK,
    WITHHELD,
    Comparison,
    Difference,
    compare,
    outside,
)
from reporting.verification.content import Content, Kept, content_of
from reporting.verification.pdfs import UNSEEN, beginnings, compare_shown, is_pdf, read_pdf, shows
from reporting.verification.tables import tables_of

MOST_TOLD = 200
# More rows than this, and than one in so many, nobody takes away one by one.
MOST_UNSEEN = 3
MOST_UNSEEN_SHARE = 20


class Likeness(Enum):
    """What a file is to the paper of a code, in the word and the colour that tell it."""

    SAME = "success", "Giống hệt"
    WITHOUT_CODE = "success", "Tệp cổng đã xuất, không mang mã riêng"
    CELLS = "warning", "Các ô khớp bản in, không phải tệp gốc"
    DIFFERENT = "error", "Khác ở đây"
    ANOTHER = "error", "Không phải tệp của mã này"
    EXTENDED = "warning", "Tệp cổng đã xuất, có phần thêm ở sau"
    NOT_OURS = "warning", "Không phải tệp cổng đã xuất"

    def __init__(self, colour: str, label: str) -> None:
        self.colour = colour
        self.label = label


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a file, with all that differs, or as much of it as is told."""

    likeness: Likeness
    sentences: Sequence[str]
    differences: Sequence[Difference] = ()


def verdict_of(code: VerificationCode, name: str, content: bytes) -> Verdict:
    """Say whether the file is what was printed under ``code``; raise BadFile where it cannot be
    read. Nothing of it is kept."""
    export = export_of([hashlib.sha256(content).hexdigest()], code)
    if export is not None and export.code == code:
        layout = f", {export.layout}" if export.layout else ""
        return Verdict(
            Likeness.SAME,
            [
                f"Từng byte là tệp {export.format.upper()} mà cổng đã xuất với mã này{layout}"
                f" (lần đầu lúc {moment(export.at)})."
            ],
        )
    if export is not None and export.code is None:
        return Verdict(
            Likeness.WITHOUT_CODE,
            [f"Từng byte là tệp «{export.file_name}» mà cổng đã xuất lúc {moment(export.at)}."],
        )
    if export is not None:
        return Verdict(
            Likeness.ANOTHER,
            [f"Cổng đã xuất tệp này, nhưng với mã kiểm chứng khác: {export.code}."],
        )
    kept = content_of(code.content)
    parts = parts_of(code, kept)
    if is_pdf(content):
        ours = _length_of_ours(code, content)
        if ours:
            return _of_extended(name, content, len(content) - ours, kept, parts)
        return _of_pdf(name, content, kept, parts)
    found = _of_tables(name, content, kept, parts)
    if found.comparison.is_another:
        return Verdict(Likeness.ANOTHER, [_ANOTHER])
    if found.comparison.is_same:
        return Verdict(Likeness.CELLS, [_same(found, kept)])
    differences = found.told(kept, parts)[:MOST_TOLD]
    said = [_apart(found.comparison), *_withheld(differences)]
    if any(one.column == FIGURE_HEADING and one.in_file == BLANK for one in differences):
        said.append(
            "Nếu ô nhìn thấy có số mà ở đây ghi «trống» thì chương trình lưu tệp chưa tính công"
            " thức: hãy mở tệp bằng Excel, lưu lại rồi so lần nữa."
        )
    return Verdict(Likeness.DIFFERENT, said, differences)


def _length_of_ours(code: VerificationCode, content: bytes) -> int:
    """Return how much of the file from its beginning is a file that went out under ``code``; 0
    where none of it is."""
    lengths = beginnings(content)
    export = export_of(lengths, code)
    if export is not None and export.code == code:
        return lengths[export.sha256]
    return 0


_Parts = Sequence[tuple[Section | None, Sequence[Kept]]]


@dataclass(frozen=True, slots=True)
class _Found:
    """A file compared with the part of the table that it comes closest to."""

    section: Section | None
    lines: int
    comparison: Comparison

    def told(self, kept: Content, parts: _Parts) -> Sequence[Difference]:
        """Return the differences as they may be told, section by section."""
        sections = [lines for section, lines in parts if section]
        inside = {line.key for lines in sections for line in lines}
        rest = [line for line in parts[0][1] if line.key not in inside]
        return self.comparison.told(kept, [*sections, rest])


def _closest(parts: _Parts, comparing: Callable[[Sequence[Kept]], Comparison]) -> _Found:
    """The whole is tried first; of equals it stays."""
    found = []
    for section, lines in parts:
        try:
            found.append(_Found(section, len(lines), comparing(lines)))
        except BadFile:
            if section is None:
                raise
    return min(found, key=lambda one: len(one.comparison.differences))


def _of_tables(name: str, content: bytes, kept: Content, parts: _Parts) -> _Found:
    """Of several tables that a file shows, the one that differs most counts: nobody knows which of
    them a person looks at."""
    shown = tables_of(name, content)
    around = list(outside(kept, shown.words))
    worst = [
        _closest(parts, lambda lines, rows=rows: compare(name, kept, lines, rows, around))  # type: ignore[misc]
        for rows in shown.tables
    ]
    return max(worst, key=lambda one: len(one.comparison.differences))


def _same(found: _Found, kept: Content) -> str:
    what = (
        f"phần «{found.section.name}» ({found.lines} dòng)"
        if found.section
        else (f"cả {found.lines} dòng")
    )
    return (
        f"Từng ô của bảng giống bản in: {what}, các cột «STT», «{kept.label_heading}»,"
        f" «Đơn vị tính», «Số liệu», «{kept.last_heading}», và chữ ở đầu, cuối bảng. Nhưng tệp"
        " không còn từng byte như lúc tải: chương trình khác đã lưu lại, hoặc có người sửa phần"
        " không so được (dòng, cột ẩn, định dạng số, đầu trang, trang khác). Muốn chắc chắn, hãy"
        " dùng tệp tải thẳng từ cổng."
    )


def _apart(comparison: Comparison) -> str:
    number = len(comparison.differences)
    more = f"; dưới đây là {MOST_TOLD} chỗ đầu" if number > MOST_TOLD else ""
    return f"Tệp khác bản in ở {number} chỗ{more}. Các chỗ còn lại giống."


def _withheld(differences: Sequence[Difference]) -> list[str]:
    """Say why of some of what differs it is not told what was printed."""
    if all(one.in_portal != WITHHELD for one in differences):
        return []
    return [
        f"Chỗ ghi «{WITHHELD}» thuộc phần mà tệp khác bản in quá nhiều, hoặc phần có quá ít số liệu"
        " khớp để cổng tin rằng người hỏi đang giữ bản in: hãy xem trên bản in."
    ]


_ANOTHER = (
    "Nhiều số liệu khác bản in của mã này nên cổng không kể từng chỗ: tệp là của báo cáo khác,"
    " hoặc đã bị thay nhiều. Hãy xem lại mã in trên tệp."
)


def _of_extended(name: str, content: bytes, added: int, kept: Content, parts: _Parts) -> Verdict:
    """What follows our bytes may draw over them, so that this is never the same file."""
    said = [
        f"Phần đầu đúng từng byte tệp cổng đã xuất; phía sau có thêm {write(Decimal(added))} byte,"
        " thường là chữ ký số. Phần thêm có thể đổi điều nhìn thấy: mở bằng chương trình đọc PDF và"
        " xem bản trước khi ký."
    ]
    try:
        return _shown(Likeness.EXTENDED, said, name, content, kept, parts)
    except BadFile:
        said.append("Sau khi thêm, cổng không đọc được chữ trên các trang nên không so được.")
        return Verdict(Likeness.EXTENDED, said)


def _of_pdf(name: str, content: bytes, kept: Content, parts: _Parts) -> Verdict:
    """A PDF of other bytes is not the portal's, whatever it says: what its pages show can be drawn
    over, and what is attached is not what is seen."""
    said = [
        "Tệp PDF này không giống từng byte tệp nào mà cổng đã xuất với mã này: nó đã được in lại,"
        " lưu từ Excel hay Word, ghép hoặc sửa. Đừng coi nó là bản của cổng; hãy xin tệp gốc hoặc"
        " tải lại."
    ]
    return _shown(Likeness.NOT_OURS, said, name, content, kept, parts)


def _shown(
    likeness: Likeness,
    said: Sequence[str],
    name: str,
    content: bytes,
    kept: Content,
    parts: _Parts,
) -> Verdict:
    """Return the verdict that ``said`` begins, with what the pages and the attached table say."""
    words, attached = read_pdf(name, content)
    found = _closest(_seen(parts, words), lambda lines: compare_shown(kept, lines, words))
    shown = found.comparison
    if _is_unread(found):
        return Verdict(likeness, [*said, _UNREAD])
    if shown.is_another:
        another = "Chữ đọc được trên các trang không phải của bản in này."
        return Verdict(likeness, [*said, another])
    told, differences = list(said), list(found.told(kept, parts))
    for one in attached:
        inside = _of_tables(f"{name}: tệp đính kèm", one, kept, parts)
        if not inside.comparison.is_same:
            told.append("Bảng đính kèm trong PDF cũng khác bản in.")
            if not inside.comparison.is_another:
                differences += inside.told(kept, parts)
    if differences:
        told.append(f"Chữ đọc được khác bản in ở {len(differences)} chỗ.")
    else:
        told.append("Chữ đọc được trên các trang thì khớp bản in.")
    told += _withheld(differences[:MOST_TOLD])
    return Verdict(likeness, told, differences[:MOST_TOLD])


_UNREAD = (
    "Không đọc được bảng từ PDF này một cách chắc chắn (trang là ảnh quét, hoặc chương trình khác"
    " đã sắp lại chữ) nên không so từng ô; hãy tải tệp Excel hoặc Word lên."
)


def _is_unread(found: _Found) -> bool:
    """Whether so many rows are not seen that the page was rather misread than changed: words of a
    cell that another program broke are not found in one piece."""
    unseen = sum(one.in_file == UNSEEN for one in found.comparison.differences)
    return unseen > max(MOST_UNSEEN, found.lines // MOST_UNSEEN_SHARE)


def _seen(parts: _Parts, words: str) -> _Parts:
    """Return the whole, and a part that is printed alone where no other is seen."""
    seen = [(section, lines) for section, lines in parts if section and shows(lines, words)]
    return [parts[0], *(seen if len(seen) == 1 else ())]
