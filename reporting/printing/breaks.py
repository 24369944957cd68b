"""Where the words of a printed line are broken: what a form lists in one cell stands one below the
other."""

import re
from dataclasses import replace

from reporting.printing.appendix import Line

_NO_BREAK = "\u00a0"
_LAST_WORDS = 3
# The dash between "Lao động" and "Thương binh" is part of the name of a department.
_NEXT_DASH = re.compile(r" - (?!Thương binh)")
_PERIOD = re.compile(
    r"QUÝ\s[IV]+(?:\sNĂM\s\d+)?|\d{1,2}\sTHÁNG(?:\s(?:ĐẦU|CUỐI))?(?:\sNĂM\s\d+)?|NĂM\s\d+",
    re.IGNORECASE,
)
_NEXT_LEVEL = re.compile(r" (?=Liên thông \d cấp: )")


def broken(line: Line) -> Line:
    """Return ``line`` with what it lists broken into lines; else it says the same."""
    return replace(
        line,
        label=label_broken(line.label),
        unit=unit_broken(line.unit),
        remark=remark_broken(line.remark),
    )


def label_broken(label: str) -> str:
    """Begin a line with each level that a label lists.

    >>> label_broken("Họp trực tuyến Liên thông 2 cấp: Từ tỉnh Liên thông 3 cấp: Từ tỉnh đến xã")
    'Họp trực tuyến\\nLiên thông 2 cấp: Từ tỉnh\\nLiên thông 3 cấp: Từ tỉnh đến xã'
    """
    return _NEXT_LEVEL.sub("\n", label)


def unit_broken(unit: str) -> str:
    """Begin a line with each answer of a choice, and keep its code beside it.

    >>> unit_broken("Trực tuyến = 0 Kết hợp = 2")
    'Trực tuyến\\xa0=\\xa00\\nKết hợp\\xa0=\\xa02'
    """
    answers = re.sub(r"(=\s?\d+) (?=\S)", r"\1\n", unit)
    return re.sub(r"(?<=\S) ?= ?(?=\d)", f"{_NO_BREAK}={_NO_BREAK}", answers)


def remark_broken(remark: str) -> str:
    """Begin a line with each dash of a list that was written in one line.

    >>> remark_broken("- Sở Nội vụ báo cáo; - Các đơn vị khác (nếu có)")
    '- Sở Nội vụ báo cáo;\\n- Các đơn vị khác (nếu có)'
    >>> remark_broken("- Sở Lao động - Thương binh và Xã hội - UBND cấp huyện")
    '- Sở Lao động - Thương binh và Xã hội\\n- UBND cấp huyện'
    """
    return _NEXT_DASH.sub("\n- ", remark) if remark.startswith("- ") else remark


def together(title: str) -> str:
    """Keep the last words of a title on one line, so that none is left alone, and so the words of
    a period.

    >>> together("BÁO CÁO CCHC QUÝ I/2022")
    'BÁO CÁO CCHC\\xa0QUÝ\\xa0I/2022'
    >>> together("BÁO CÁO QUÝ III NĂM 2026")
    'BÁO CÁO QUÝ\\xa0III\\xa0NĂM\\xa02026'
    """
    kept = _NO_BREAK.join(title.rsplit(" ", _LAST_WORDS - 1))
    return _PERIOD.sub(lambda period: period[0].replace(" ", _NO_BREAK), kept)
