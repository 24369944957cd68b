"""How a paper numbers its rows, and where it goes wrong."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from indicators.catalogue.numbering import numeral
from indicators.catalogue.problems import Problem
from indicators.catalogue.slips.rows import BULLET, Form, Row, at, listed
from indicators.kinds import Severity

_ROMAN = {numeral(number): number for number in range(1, 40)}


def _ordinal(part: str) -> int:
    """The place that a number gives its row; 0 for letters, of which papers skip some (đ, f, j).

    >>> [_ordinal(part) for part in ("7", "IV", "c")]
    [7, 4, 0]
    """
    return int(part) if part.isdecimal() else _ROMAN.get(part, 0)


def _numbered_above(row: Row) -> Row | None:
    """The nearest row above in the tree that has a number; the section where none has."""
    above = row.above
    while above is not None and not above.parts and above.above is not None:
        above = above.above
    return above


def _belongs(row: Row, above: Row | None) -> bool:
    """Whether the number of ``row`` may stand under ``above``: it goes on from it, or is written
    in another style (1 or 2.1 under II, I under A, a under 1.2)."""
    if above is None or not above.parts or row.parts[:-1] == above.parts:
        return True
    return _style(row.parts[0]) != _style(above.parts[-1])


def _style(part: str) -> tuple[bool, bool, bool]:
    return part.isdecimal(), part in _ROMAN, part.isupper()


def _counted_together(form: Form) -> Iterator[tuple[Row | None, Sequence[Row]]]:
    """Yield the numbered rows that are counted together, with the row they stand under."""
    found: dict[tuple[Row | None, bool], list[Row]] = defaultdict(list)
    for row in form.rows:
        above = _numbered_above(row)
        if row.parts and _belongs(row, above):
            found[above, row.parts[-1].isdecimal()].append(row)
    for (above, _), rows in found.items():
        yield above, rows


def repeated(form: Form) -> Iterator[Problem]:
    for _, rows in _counted_together(form):
        first: dict[tuple[str, ...], Row] = {}
        for row in rows:
            if (before := first.setdefault(row.parts, row)) is not row:
                yield at(
                    row,
                    "stt-trung",
                    "stt",
                    f"STT «{row.stt}» đã có ở dòng {before.key} cùng mục; mỗi dòng cần một số"
                    " riêng. Hãy đánh lại STT của mục này.",
                )


def disordered(form: Form) -> Iterator[Problem]:
    for above, rows in _counted_together(form):
        found = [_ordinal(row.parts[-1]) for row in rows]
        start = found[0] if above is None else 1
        expected = range(start, start + len(found))
        if 0 in found or len(set(found)) < len(found) or found == list(expected):
            continue
        row, place = next(
            (row, place)
            for row, place, number in zip(rows, expected, found, strict=True)
            if number != place
        )
        yield at(
            row,
            "stt-lon-xon",
            "stt",
            f"STT «{row.stt}» đứng ở chỗ của số thứ {place} trong mục. Hãy xem có sót dòng, xếp"
            " lộn dòng hay đánh nhầm số.",
        )


def of_another_parent(form: Form) -> Iterator[Problem]:
    wrong: dict[Row, list[Row]] = defaultdict(list)
    for row in form.rows:
        above = _numbered_above(row)
        if row.parts and above is not None and not _belongs(row, above):
            wrong[above].append(row)
    for above, rows in wrong.items():
        head = ".".join(above.parts)
        yield at(
            rows[0],
            "stt-lon-xon",
            "stt",
            f"{len(rows)} dòng dưới mục {head} mang STT {listed(row.stt for row in rows)}; chờ"
            f" {head}.1, {head}.2 … Hãy đánh lại STT hoặc chuyển dòng về đúng mục.",
        )


def counted_anew(form: Form) -> Iterator[Problem]:
    first: dict[tuple[str, ...], Row] = {}
    for row in form.rows:
        section = form.rows[row.section]
        goes_on = bool(section.parts) and section.parts[0].isdecimal()
        if not row.parts or row is section or goes_on:
            continue
        before = first.setdefault(row.parts, row)
        if before.section != row.section:
            yield at(
                row,
                "stt-danh-lai",
                "stt",
                f"STT đánh lại từ đầu ở mỗi phần: «{row.stt}» đã có ở phần"
                f" {form.rows[before.section].key}. Khi dẫn một dòng phải nói cả phần; nếu được,"
                " hãy đánh số nối theo phần.",
                Severity.NOTE,
            )
            return


def last_dots(form: Form) -> Iterator[Problem]:
    numbered = [row for row in form.rows if row.parts and row.parts[0].isdecimal()]
    dotted = [row for row in numbered if row.stt.endswith(".")]
    bare = [row for row in numbered if not row.stt.endswith(".")]
    if dotted and bare:
        odd, how = (bare, "không có") if len(bare) <= len(dotted) else (dotted, "có")
        yield at(
            odd[0],
            "stt-dau-cham",
            "stt",
            f"Dấu chấm cuối STT lúc có lúc không: {len(odd)} trong {len(numbered)} dòng {how} dấu"
            f" chấm ({listed(row.stt for row in odd)}). Hãy viết thống nhất.",
            Severity.NOTE,
        )


def words_for_numbers(form: Form) -> Iterator[Problem]:
    for row in form.rows:
        if row.stt and not row.parts and not BULLET.fullmatch(row.stt):
            yield at(
                row,
                "trong-do-o-cot-stt",
                "stt",
                f"Cột STT ghi chữ «{row.stt}»; chờ một số hoặc để trống. Hãy đưa chữ này vào cuối"
                " tên dòng cha.",
            )


def orphan_bullets(form: Form) -> Iterator[Problem]:
    for before, row in pairwise([None, *form.rows]):
        if row is None or not BULLET.match(row.line["label"]):
            continue
        if row.above is None or row.above not in _path(before):
            where = (
                "không có dòng cha" if row.above is None else f"đứng xa dòng cha {row.above.key}"
            )
            yield at(
                row,
                "gach-dau-dong-mo-coi",
                "parent",
                f"Dòng gạch đầu dòng {where}; chờ nó đứng ngay dưới dòng mà nó chi tiết hóa. Hãy"
                " chọn lại dòng cha hoặc chuyển dòng.",
            )


def _path(row: Row | None) -> Iterator[Row]:
    while row is not None:
        yield row
        row = row.above
