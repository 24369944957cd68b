"""Where a file says something else than the portal keeps under the code that it bears."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher

from indicators.catalogue.cells import BadFile
from reporting.printing.appendix import FIGURE_HEADING, STT_HEADING, UNIT_HEADING
from reporting.verification.content import Content, Kept
from reporting.verification.tables import DRAWN_UP_BY, FileRow, squashed

# A file with so many more rows than were printed is another one, and costs time to compare.
MOST_EXTRA = 300
# What the portal has is told where so many figures agree, and three times those that do not: of
# somebody who holds the paper, not of somebody who holds its code and guesses.
_ENOUGH = 4
_TIMES = 3
_VIETNAMESE = re.compile(r"(-?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?")
WHOLE_ROW = "cả dòng"
ABSENT = "không có dòng này"
OUTSIDE = "Phần ngoài bảng"
BLANK = "trống"
WITHHELD = "không kể ra ở đây"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a file says otherwise: in which row, in which column, what and what; ``key``
    is the printed row's, "" where there is none."""

    place: str
    stt: str
    label: str
    column: str
    in_file: str
    in_portal: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences in the order of the table, and in which rows the printed figure agrees."""

    differences: Sequence[Difference]
    agreeing: Set[str]
    figures_apart: int

    @property
    def is_same(self) -> bool:
        return not self.differences

    @property
    def is_another(self) -> bool:
        """Whether this can hardly be the same paper. What the portal has is then not told: it would
        be told to somebody who holds the code alone."""
        return _is_guessed(len(self.agreeing), self.figures_apart)

    def told(self, content: Content, groups: Iterable[Sequence[Kept]]) -> Sequence[Difference]:
        """Return the differences; in those ``groups`` of rows that the file hardly shows, without
        what the report says there. A section goes on alone under the code of the whole: who holds
        it must not be told the others for it. What stands in many rows is soon guessed: each number
        counts once there, and neither a zero nor words do."""
        of_the_form = {STT_HEADING, content.label_heading, UNIT_HEADING}
        apart = {one.key for one in self.differences if one.column not in of_the_form}
        withheld: set[str] = set()
        for lines in groups:
            known = {line.number for line in lines if line.number and line.key in self.agreeing}
            differing = apart & {line.key for line in lines}
            if _is_guessed(len(known), len(differing)):
                withheld |= differing
        return [
            replace(one, in_portal=WITHHELD)
            if one.key in withheld and one.column not in of_the_form
            else one
            for one in self.differences
        ]


def _is_guessed(agreeing: int, apart: int) -> bool:
    return bool(apart) and agreeing < max(_ENOUGH, _TIMES * apart)


def compare(
    name: str,
    content: Content,
    lines: Sequence[Kept],
    rows: Sequence[FileRow],
    around: Iterable[Difference] = (),
) -> Comparison:
    """Compare ``rows`` of the file ``name`` with ``lines`` of ``content``, all or some of them;
    ``around`` is what differs outside of its tables. Raises BadFile where it is far too long."""
    if len(rows) > len(lines) + MOST_EXTRA:
        raise BadFile(
            f"Tệp «{name}» có {len(rows)} dòng, bản in của mã này có {len(lines)} dòng."
            " Hãy chọn đúng tệp phụ lục đã tải từ cổng."
        )
    found, apart = [*around], 0
    agreeing: set[str] = set()
    for kept, row in _aligned(lines, rows):
        told = list(_told(content, kept, row))
        found += told
        if kept is not None and kept.figure and row is not None and says(row.figure, kept):
            agreeing.add(kept.key)
        is_apart = any(one.column in {FIGURE_HEADING, WHOLE_ROW} for one in told)
        apart += is_apart and bool((kept and kept.figure) or (row and row.figure))
    return Comparison(found, agreeing, apart)


def outside(content: Content, words: str) -> Iterator[Difference]:
    """Yield what should stand around the table and is not among ``words``; the signature only where
    the file has one, which a CSV has not."""
    is_signed = squashed(DRAWN_UP_BY) in words
    for text in (*content.above, *(content.signature if is_signed else ())):
        if squashed(text) not in words:
            yield Difference("", "", OUTSIDE, "", "không thấy chữ này", text)


def _told(content: Content, kept: Kept | None, row: FileRow | None) -> Iterator[Difference]:
    if kept is None:
        if row is not None:
            said = row.figure or BLANK
            yield Difference(row.place, row.stt, row.label, WHOLE_ROW, said, ABSENT)
        return
    if row is None:
        printed = kept.figure or BLANK
        yield Difference("", stt_of(kept), kept.label, WHOLE_ROW, ABSENT, printed, kept.key)
        return
    for column, said, printed in (
        (STT_HEADING, row.stt, kept.stt),
        (content.label_heading, row.label, kept.label),
        (UNIT_HEADING, row.unit, kept.unit),
        (content.last_heading, row.remark, kept.remark),
    ):
        if squashed(said) != squashed(printed):
            yield _apart(kept, row, column, said, printed)
    if not says(row.figure, kept):
        yield _apart(kept, row, FIGURE_HEADING, row.figure, kept.figure)


def stt_of(kept: Kept) -> str:
    """Say by its number which row is meant; labels may stand several times."""
    return kept.stt or kept.place


def _apart(kept: Kept, row: FileRow, column: str, said: str, printed: str) -> Difference:
    return Difference(
        row.place,
        stt_of(kept),
        kept.label,
        column,
        said.strip() or BLANK,
        printed or BLANK,
        kept.key,
    )


def says(text: str, kept: Kept) -> bool:
    """Whether a cell that reads ``text`` says the figure that was printed.

    >>> printed = Kept("1", "1", "", "", "5.356", Decimal(5356), "")
    >>> [says(text, printed) for text in ("5.356", "5356", "5356,0", "5,356")]
    [True, True, True, False]
    """
    if squashed(text) == squashed(kept.figure):
        return True
    return kept.number is not None and _number(squashed(text)) == kept.number


def _number(text: str) -> Decimal | None:
    found = _VIETNAMESE.fullmatch(text)
    if found is None:
        return None
    sign, whole, decimals = found.groups()
    return Decimal(f"{sign}{whole.replace('.', '')}.{decimals or 0}")


_Pair = tuple[Kept | None, FileRow | None]


def _aligned(lines: Sequence[Kept], rows: Sequence[FileRow]) -> Iterator[_Pair]:
    """Yield printed and read rows side by side: rows of the same name belong together, and so do
    as many between them as there should be."""
    ours = [(squashed(line.stt), squashed(line.label)) for line in lines]
    theirs = [(squashed(row.stt), squashed(row.label)) for row in rows]
    for act, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if act == "equal" or i2 - i1 == j2 - j1:
            yield from zip(lines[i1:i2], rows[j1:j2], strict=True)
        else:
            yield from _loosely(lines[i1:i2], rows[j1:j2])


def _loosely(lines: Sequence[Kept], rows: Sequence[FileRow]) -> Iterator[_Pair]:
    """Yield rows of which some are gone or new: those belong together that have the same label, or
    at least the same number."""
    left = [(squashed(row.label), squashed(row.stt), row) for row in rows]
    for line in lines:
        label, stt = squashed(line.label), squashed(line.stt)
        like = next((one for one in left if one[0] == label), None)
        if like is None and stt:
            like = next((one for one in left if one[1] == stt), None)
        if like is not None:
            left.remove(like)
        yield line, like[2] if like is not None else None
    for _, _, row in left:
        yield None, row
