"""A small form version in the catalogue's writing, to be spoilt by one cell at a time."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from indicators.catalogue.written import (
    INDICATOR_COLUMNS,
    ROW_COLUMNS,
    RULE_COLUMNS,
    Document,
    Known,
    Line,
    VersionHead,
    VersionSheet,
)

HEAD = VersionHead(
    code="THU-2026",
    form="THU",
    form_name="Biểu thử",
    edition="2026",
    valid_from=date(2026, 1, 1),
    appendix_label="Phụ lục thử",
    title="THỐNG KÊ {PERIOD} CỦA {AGENCY}",
    legal_line="(Kèm theo Báo cáo số {number})",
    label_heading="Chỉ tiêu",
    last_heading="Ghi chú",
    note="Chỉ để thử.",
)
INDICATORS = {
    "thu.dung_han": "count",
    "thu.hinh_thuc": "choice",
    "thu.tong_so": "count",
    "thu.ty_le": "percent",
}
KNOWN = Known(indicators=INDICATORS, functions={"noi_vu": "Nội vụ", "tu_phap": "Tư pháp"})
RULE = {
    "code": "dung-han",
    "severity": "error",
    "condition": "[1.1.b] <= [1.1.a]",
    "missing": "",
    "sentence": "Số đúng hạn lớn hơn tổng số.",
    "instruction": "Xem lại hai dòng.",
}
_ROWS = (
    "1||1.|Mục một||||heading||||none|||||bold",
    "2||1.1|Tỷ lệ|%|Cơ quan báo cáo|1|percent||thu.ty_le|percent([1.1.b], [1.1.a])"
    "|rate|in_period||||",
    "3|1.1.a||- Tổng số|Hồ sơ||1.1|count||thu.tong_so||sum|in_period||||",
    "4|1.1.b||- Đúng hạn|Hồ sơ||1.1|count||thu.dung_han||sum|in_period||||",
    "5||1.2|Hình thức|Trực tuyến = 0|Sở Nội vụ|1|choice|0=Trực tuyến;1=Phát phiếu|thu.hinh_thuc|"
    "|designated|stock||noi_vu|1|italic",
)


def rows() -> list[dict[str, str]]:
    """Return the five rows; where no key is written it is the STT without its last dot."""
    found = []
    for line in _ROWS:
        row = dict(zip(ROW_COLUMNS, line.split("|"), strict=True))
        row["key"] = row["key"] or row["stt"].rstrip(".")
        row["choices"] = row["choices"].replace(";", "|")
        found.append(row)
    return found


def spoilt(key: str = "", column: str = "", text: str = "") -> list[dict[str, str]]:
    """Return the five rows, with ``text`` in one cell if one is named."""
    return [row | {column: text} if key and row["key"] == key else row for row in rows()]


def sheet(
    key: str = "", column: str = "", text: str = "", *, rules: Sequence[Line] = ()
) -> VersionSheet:
    """Return the form version, with ``text`` in one cell if one is named."""
    return VersionSheet(HEAD, spoilt(key, column, text), list(rules))


def document(
    key: str = "", column: str = "", text: str = "", *, rules: Sequence[Line] = ()
) -> Document:
    """Return a draft of the rows, with ``text`` in one cell if one is named."""
    return Document(spoilt(key, column, text), list(rules))


def head(**changes: str) -> VersionSheet:
    """Return the form version with another head."""
    return replace(sheet(), head=replace(HEAD, **changes))  # type: ignore[arg-type]


def new_indicator(code: str, **said: str) -> dict[str, str]:
    """Return the line of an indicator that the catalogue does not have, a count if not said."""
    return (
        dict.fromkeys(INDICATOR_COLUMNS, "") | {"code": code, "name": "Mới", "kind": "count"} | said
    )


def indicator_lines() -> list[dict[str, str]]:
    """Return the indicators of the rows as their file has them."""
    return [new_indicator(code, name=f"Tên {code}", kind=kind) for code, kind in INDICATORS.items()]


def as_released_before(sheet: VersionSheet) -> VersionSheet:
    """Return a form as it was before rows said who is asked: a reporter stood only where the way
    of adding up asked for one."""
    return replace(
        sheet,
        rows=[
            {
                **row,
                "asked": "",
                "reporter": row["reporter"] if row["across_agencies"] == "designated" else "",
            }
            for row in sheet.rows
        ],
    )


def write_catalogue(folder: Path, *sheets: VersionSheet) -> Path:
    """Write ``sheets`` and their indicators into ``folder``, as under fixtures/catalogue."""
    folder.mkdir(exist_ok=True)
    _write_csv(folder / "indicators.csv", INDICATOR_COLUMNS, indicator_lines())
    for sheet in sheets:
        place = folder / sheet.head.code
        place.mkdir(exist_ok=True)
        (place / "version.toml").write_text(_toml(sheet.head), encoding="utf-8")
        _write_csv(place / "rows.csv", ROW_COLUMNS, sheet.rows)
        if sheet.rules:
            _write_csv(place / "rules.csv", RULE_COLUMNS, sheet.rules)
    return folder


def _write_csv(path: Path, columns: Sequence[str], lines: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def _toml(head: VersionHead) -> str:
    entries = {name: getattr(head, name) for name in VersionHead.__dataclass_fields__}
    return "".join(
        f"{name} = {value}\n" if isinstance(value, date) else f'{name} = "{value}"\n'
        for name, value in entries.items()
        if value is not None
    )
