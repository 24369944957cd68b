"""The columns of the list of agencies, and how each of their values is written for people."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

from indicators.catalogue.spelling import lowered
from indicators.kinds import AgencyKind

# One agency as the columns hold it: codes for kinds, days as d/m/Y, "1" for yes.
Line = Mapping[str, str]

TITLES = {
    "code": "Mã",
    "name": "Tên",
    "kind": "Loại",
    "parent": "Mã cấp trên",
    "functions": "Chức năng",
    "area": "Địa bàn",
    "place": "Địa danh",
    "signer_title": "Chức danh người ký",
    "wants_signature": "Lãnh đạo ký",
    "valid_from": "Hoạt động từ",
    "valid_to": "Hoạt động đến",
}
COLUMNS = tuple(TITLES)
NEEDED = ("code", "name", "kind", "parent")
DAYS = frozenset({"valid_from", "valid_to"})
# The longest text that a column takes, as the tables do.
LONGEST = {
    "code": 40,
    "name": 200,
    "functions": 120,
    "area": 80,
    "place": 80,
    "signer_title": 120,
}
WIDTHS = {"name": 44, "kind": 20, "functions": 22, "area": 22, "signer_title": 34}
# Kinds that an agency below a province may have.
KINDS = tuple(kind for kind in AgencyKind if kind is not AgencyKind.PROVINCE)
_BYTE_ORDER_MARK = "\ufeff"

CALLED = {lowered(said): column for column, said in TITLES.items()}
KIND_OF = {lowered(said): kind.value for kind in AgencyKind for said in (kind.label, kind.value)}
YES_OR_NO = {"1": "1", "có": "1", "x": "1", "": "", "0": "", "không": ""}


def shown(column: str, value: str) -> str:
    """Return a value as people write it.

    >>> shown("kind", "so"), shown("wants_signature", ""), shown("signer_title", "KT.\\nGIÁM ĐỐC")
    ('Sở, ban, ngành', 'không', 'KT. | GIÁM ĐỐC')
    """
    match column:
        case "kind" if value in set(AgencyKind):
            return AgencyKind(value).label
        case "wants_signature":
            return "có" if value else "không"
        case "signer_title":
            return " | ".join(value.split("\n"))
    return value


def guide(province: str, functions: Mapping[str, str]) -> Sequence[str]:
    """Return what a person needs to know to fill the list in, one sentence to a line."""
    kinds = "; ".join(kind.label for kind in KINDS)
    named = "; ".join(f"{code} ({name})" for code, name in functions.items())
    return (
        "Mỗi dòng một đơn vị, nhận ra theo cột «Mã»: mã đã có thì sửa đơn vị ấy, mã chưa có thì"
        " thêm đơn vị mới. Đơn vị không có trong tệp được giữ nguyên.",
        f"«Loại» là một trong: {kinds}.",
        f"«Mã cấp trên»: {province} nếu trực thuộc tỉnh, nếu không thì mã của đơn vị cấp trên.",
        f"«Chức năng»: không, một hoặc nhiều mã cách nhau dấu cách, trong các mã: {named}.",
        "«Chức danh người ký»: nhiều dòng thì cách nhau bằng dấu |, ví dụ"
        " TM. ỦY BAN NHÂN DÂN | CHỦ TỊCH. «Lãnh đạo ký»: có hoặc không.",
        "«Hoạt động từ», «Hoạt động đến»: ngày/tháng/năm, ví dụ 01/07/2025; để trống nếu không"
        " biết, hoặc chưa kết thúc.",
    )


def write_csv(lines: Iterable[Line]) -> str:
    """Return lines as text that Excel opens and ``reading`` reads back unchanged."""
    target = StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(TITLES.values())
    for line in lines:
        writer.writerow([_safe(shown(column, line[column])) for column in COLUMNS])
    return _BYTE_ORDER_MARK + target.getvalue()


def _safe(text: str) -> str:
    """Put a space, which reading takes off, before what a spreadsheet would take for a formula."""
    return f" {text}" if text[:1] in {"=", "+", "-", "@"} else text


def table(lines: Iterable[Line]) -> list[list[str]]:
    """Return lines as the cells of a workbook."""
    return [[shown(column, line[column]) for column in COLUMNS] for line in lines]
