"""What a label counts and what its unit measures, and where the two fall apart."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from indicators import formulas
from indicators.catalogue.problems import Problem
from indicators.catalogue.slips.rows import A_COUNT, A_RATE, A_TOTAL, Form, Row, at, keys_of
from indicators.catalogue.spelling import lowered
from indicators.kinds import Kind, Severity

_MONEY = "tiền"
_THINGS = {
    "hồ sơ": r"hồ sơ|hs\b",
    "thủ tục": r"tthc|thủ tục|dvctt|dvc\b",
    "văn bản": r"văn bản|vbqppl|vb\b",
    "nhiệm vụ": r"nhiệm vụ",
    "vấn đề": r"vấn đề",
    "quyết định": r"quyết định",
    "quy trình": r"quy trình|qtnb",
    "người": r"người|công chức|viên chức|cán bộ|lãnh đạo",
    _MONEY: r"tiền|kinh phí|(?:(?:nghìn|triệu|tỷ) )?đồng\b|trđ",
}
# Units that are two writings of one; «Người» and «Công chức» are not.
_SAME_IN_TWO_WRITINGS = {"hồ sơ", "thủ tục", "văn bản", "quy trình"}


def _thing(text: str) -> str:
    """What is counted, by the first words of a label or by a unit; "" where nothing known is.

    >>> _thing("hồ sơ TTHC đã giải quyết"), _thing("Triệu đồng"), _thing("Cuộc")
    ('hồ sơ', 'tiền', '')
    """
    said = lowered(text)
    return next((thing for thing, names in _THINGS.items() if re.match(names, said)), "")


def alike(unit: str, other: str) -> bool:
    """Whether figures in the two units may be added.

    >>> alike("Cơ quan, đơn vị, địa phương", "Cơ quan, đơn vị"), alike("Thủ tục", "TTHC")
    (True, True)
    >>> alike("Hồ sơ", "Thủ tục"), alike("Đồng", "Triệu đồng")
    (False, False)
    """
    if lowered(unit) == lowered(other):
        return True
    things = {_thing(unit), _thing(other)}
    if _MONEY in things:
        return False
    return len(things - {""}) == 1 == len(things) or bool(_named(unit) & _named(other))


def _named(unit: str) -> set[str]:
    return {lowered(part) for part in unit.split(",")}


def _is_rate(unit: str) -> bool:
    return bool(re.search(r"[%‰]|t[ỷỉ] lệ|phần trăm", unit.casefold()))


def contradicting(form: Form) -> Iterator[Problem]:
    for row in form.rows:
        if not row.unit or not (row.is_counted or row.kind == Kind.PERCENT):
            continue
        counted = A_COUNT.match(row.said)
        thing = _thing(row.said[counted.end() :]) if counted else ""
        measured = _thing(row.unit)
        if counted and _is_rate(row.unit):
            why = "Tên hỏi một số đếm; nếu là tỷ lệ, hãy sửa tên thành «Tỷ lệ …»."
        elif A_RATE.match(row.said) and not _is_rate(row.unit):
            why = "Tên hỏi một tỷ lệ, chờ «%»; nếu là số đếm, hãy sửa tên thành «Số …»."
        elif thing and measured and thing != measured:
            why = f"Tên đếm {thing}, đơn vị tính lại là của {measured}; hãy sửa một trong hai."
        else:
            continue
        yield at(
            row,
            "nhan-khac-don-vi",
            "unit",
            f"Đơn vị tính «{row.unit}» không hợp với tên «{row.short}». {why}",
        )


def missing(form: Form) -> Iterator[Problem]:
    for row in form.rows:
        if row.unit or row.kind in {Kind.HEADING, Kind.TEXT}:
            continue
        below = {child.unit for child in form.under(row) if child.kind == row.kind}
        wanted = "đơn vị đếm được"
        if row.kind == Kind.PERCENT:
            wanted = "«%»"
        elif row.kind == Kind.CHOICE:
            wanted = "các mã trả lời, ví dụ «Không = 0 Có = 1»"
        elif len(below) == 1:
            wanted = f"«{below.pop()}» như các dòng dưới"
        yield at(
            row,
            "thieu-don-vi",
            "unit",
            f"Dòng có số liệu ({row.kind_in_words}) nhưng cột đơn vị tính để trống; hãy ghi"
            f" {wanted}.",
        )


def headings_that_ask(form: Form) -> Iterator[Problem]:
    for row in form.rows:
        if row.kind == Kind.HEADING and (A_COUNT.match(row.said) or A_RATE.match(row.said)):
            yield at(
                row,
                "tieu-de-hoi-so",
                "unit",
                f"Tên «{row.short}» như hỏi một số, nhưng dòng không có đơn vị tính nên là tiêu đề,"
                " không có ô nhập. Hãy ghi đơn vị tính nếu cần số, hoặc đổi tên.",
                Severity.NOTE,
            )


def apart(form: Form) -> Iterator[Problem]:
    for row in form.rows:
        first, *others = _put_together(form, row) or [row]
        odd = next((other for other in others if not alike(first.unit, other.unit)), None)
        if odd is not None:
            yield at(
                row,
                "don-vi-khac-nhau",
                "unit",
                f"Dòng {first.key} tính bằng «{first.unit}», dòng {odd.key} tính bằng «{odd.unit}»"
                " mà được cộng hoặc chia với nhau; hãy ghi cùng một đơn vị tính.",
            )


def _put_together(form: Form, row: Row) -> Sequence[Row]:
    """The rows whose figures ``row`` puts together: a total and its parts, or a rate's parts."""
    if row.line["formula"]:
        keys = _formula_keys(row.line["formula"])
        return [other for other in form.rows if other.key in keys and other.unit]
    if not (row.unit and row.is_counted and (form.says_in_it(row) or A_TOTAL.match(row.said))):
        return ()
    return [row, *(part for part in form.under(row) if part.kind == row.kind and part.unit)]


def _formula_keys(text: str) -> set[str]:
    try:
        return set(formulas.keys(formulas.parse(text)))
    except formulas.BadFormula:
        return set()


def in_two_writings(form: Form) -> Iterator[Problem]:
    written: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in form.rows:
        if row.is_counted and (thing := _thing(row.unit)) in _SAME_IN_TWO_WRITINGS:
            written[thing][lowered(row.unit)].append(row)
    for ways in written.values():
        usual, *others = sorted(ways.values(), key=len, reverse=True)
        for rows in others:
            yield at(
                rows[0],
                "don-vi-hai-cach",
                "unit",
                f"Một đơn vị tính viết hai cách: «{rows[0].unit}» ở dòng {keys_of(rows)},"
                f" «{usual[0].unit}» ở {len(usual)} dòng khác. Hãy viết thống nhất.",
                Severity.NOTE,
            )
