"""Words on paper that break off, repeat themselves or speak of something else."""

import re
from collections.abc import Iterator

from indicators.catalogue.problems import Problem
from indicators.catalogue.slips.rows import CHANGE, Form, Row, at, renamed
from indicators.catalogue.spelling import lowered, words
from indicators.kinds import Kind, Severity

_LEVELS = frozenset({"tỉnh", "sở", "ngành", "huyện", "xã", "phường"})


def repeated_labels(form: Form) -> Iterator[Problem]:
    seen: dict[tuple[object, ...], Row] = {}
    for row in form.rows:
        before = [seen.setdefault((*place, row.name), row) for place in _places(row)]
        if twin := next((other for other in before if other is not row), None):
            yield at(
                row,
                "nhan-trung",
                "label",
                f"Tên «{row.short}» đã dùng ở dòng {twin.key}: không phân biệt được hai dòng hỏi gì"
                " khác nhau. Hãy nói rõ ở mỗi dòng, hoặc bỏ một dòng.",
            )


def _places(row: Row) -> Iterator[tuple[object, ...]]:
    """Where a label must not stand twice: among siblings of one unit; a heading in its section; a
    count of "all …", which no parent narrows down but by a level, among cousins."""
    yield "siblings", row.above, row.unit
    if row.kind == Kind.HEADING:
        yield "section", row.section
    elif row.above and row.above.above and re.search(r"\b(?:tất cả|toàn bộ)\b", row.said):
        yield "cousins", row.above.above, row.unit, _LEVELS & set(row.above.said.split())


_PAIRS = (("“", "”"), ("«", "»"), ("(", ")"), ("[", "]"))
_LIST_LETTER = re.compile(r"^\s*\w{1,3}\)")
_FOOTNOTE = re.compile(r"\[[0-9]+\]|\(\*+\)")
_OPEN_END = re.compile(r"(?:\b(?:và|hoặc|của|các|những|cho|với|để)|,)\s*$", re.I)
_OPEN_REPORT = re.compile(r"(?<!\bthông )(?<!\bdự )\bbáo\s*$", re.I)


def broken(form: Form) -> Iterator[Problem]:
    for row in form.rows:
        for column in ("label", "unit", "who_reports"):
            if what := _broken(row.line[column]) or _cut(row.line[column], column):
                yield at(
                    row,
                    "cau-cut",
                    column,
                    f"{what}; hãy chép lại cho đủ theo văn bản ban hành.",
                )


def _broken(text: str) -> str:
    """Say which mark of ``text`` is left alone; "" where none is."""
    for left, right in _PAIRS:
        if text.count(left) != _LIST_LETTER.sub("", text).count(right):
            return f"Dấu {left} không đi với dấu {right}"
    footnote = _FOOTNOTE.search(text)
    return f"Còn dấu chú thích {footnote[0]} mà không có lời chú thích" if footnote else ""


def _cut(text: str, column: str) -> str:
    """Say where ``text`` breaks off; "" where it does not. The last column holds several texts."""
    is_last = column == "who_reports"
    for end in re.split(r";|\n|\s-\s", text) if is_last else [text]:
        if _OPEN_END.search(end) or (is_last and _OPEN_REPORT.search(end)):
            return f"Câu bị cắt ở «…{' '.join(end.split()[-4:])}»"
    return ""


def renamed_in_place(form: Form) -> Iterator[Problem]:
    for row in form.rows:
        if not CHANGE.search(row.line["label"]):
            continue
        before, now = renamed(row.line["label"])
        if words(before) == words(now):
            yield at(
                row,
                "dieu-chinh-thanh",
                "label",
                f"Dòng được «điều chỉnh thành» đúng những chữ cũ («{now}»): không rõ thay đổi gì."
                " Hãy xem lại văn bản ban hành, rồi chỉ giữ một tên.",
            )
        else:
            yield at(
                row,
                "dieu-chinh-thanh",
                "label",
                f"Tên cũ còn in cạnh tên mới; hãy chỉ giữ «{now}» và ghi tên cũ ở quan hệ của chỉ"
                " tiêu gốc.",
                Severity.NOTE,
            )


_SOMEBODY = re.compile(
    r"\b(?:sở|ubnd|hđnd|[uủ][yỷ] ban|văn phòng|vp|cơ quan|đơn vị|địa phương|cục|thanh tra|công an"
    r"|kho bạc|bảo hiểm xã hội|trung tâm|ngành|cấp (?:tỉnh|huyện|xã)"
    r"|ban (?:quản lý|dân tộc|tổ chức|tiếp công dân|chỉ đạo))\b",
    re.I,
)


def nobody_reports(form: Form) -> Iterator[Problem]:
    for row in form.rows:
        said = row.line["who_reports"].strip()
        if said and not _SOMEBODY.search(said):
            yield at(
                row,
                "nguoi-bao-cao-khong-ro",
                "who_reports",
                f"Cột cuối ghi «{said}», không nêu cơ quan nào. Nếu là ghi chú của một đơn vị, hãy"
                " bỏ khỏi biểu mẫu; nếu không, hãy ghi tên cơ quan báo cáo.",
                Severity.NOTE,
            )


def somebody_elses_task(form: Form) -> Iterator[Problem]:
    for row in form.rows:
        giver = re.search(r"\bđược (.{3,40}?) giao\b", row.line["who_reports"], re.I)
        if giver and re.search(r"\bgiao\b", row.said) and lowered(giver[1]) not in row.said:
            yield at(
                row,
                "nguoi-bao-cao-noi-khac",
                "who_reports",
                f"Cột cuối nói việc «{giver[0]}», tên dòng không nhắc {giver[1]}: hai nơi hỏi hai"
                " việc khác nhau. Hãy sửa một trong hai cho khớp.",
            )
