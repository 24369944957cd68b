"""Rows and forms made by hand, without a database."""

from typing import Any

from indicators.definition import FormDefinition, RowDefinition, options
from indicators.formulas import parse
from indicators.kinds import AcrossAgencies, AcrossPeriods, Emphasis, Kind

_PLAIN: dict[str, Any] = {
    "stt": "",
    "label": "Số văn bản",
    "unit": "Văn bản",
    "who_reports": "",
    "parent": "",
    "depth": 0,
    "section": "1",
    "indicator": "thu.van_ban",
    "across_agencies": AcrossAgencies.SUM,
    "across_periods": AcrossPeriods.IN_PERIOD,
    "asked": frozenset(),
    "reporters": (),
    "vertical": False,
    "emphasis": Emphasis.PLAIN,
}


def row(
    key: str, kind: Kind = Kind.COUNT, *, formula: str = "", choices: str = "", **changes: object
) -> RowDefinition:
    """Return one row; what is not said of it is as on a plain row that is counted and added."""
    return RowDefinition(
        id=1,
        position=1,
        key=key,
        kind=kind,
        formula=parse(formula) if formula else None,
        options=options(choices),
        **{**_PLAIN, **changes},
    )


def form(*rows: RowDefinition, **changes: str) -> FormDefinition:
    """Return a form of ``rows`` with a short head."""
    head: dict[str, Any] = {
        "title": "THỐNG KÊ {PERIOD} CỦA {AGENCY}",
        "appendix_label": "Phụ lục thử",
        "legal_line": "(Kèm theo Báo cáo số {number} ngày {date} của {agency})",
        "label_heading": "Chỉ tiêu",
        "last_heading": "Ghi chú",
    }
    return FormDefinition(
        id=1,
        code="THU-2026",
        form="THU",
        form_name="Biểu thử",
        edition="2026",
        content_hash="",
        rows=rows,
        **{**head, **changes},
    )
