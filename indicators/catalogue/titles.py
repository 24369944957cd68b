"""What people call the columns of a form's tables and the codes that stand in them."""

from collections.abc import Mapping

from indicators.catalogue.problems import VOCABULARIES
from indicators.kinds import Labelled, Missing, Severity

TITLES: Mapping[str, str] = {
    "position": "Thứ tự",
    "key": "Khóa",
    "stt": "STT",
    "label": "Chỉ tiêu",
    "unit": "Đơn vị tính",
    "who_reports": "Cột cuối trên giấy",
    "parent": "Dòng cha",
    "kind": "Loại số liệu",
    "choices": "Các lựa chọn",
    "indicator": "Mã chỉ tiêu",
    "formula": "Công thức",
    "across_agencies": "Cộng giữa các đơn vị",
    "across_periods": "Qua các kỳ",
    "asked": "Đơn vị báo cáo số của mình",
    "reporter": "Cơ quan báo cáo số của cả tỉnh",
    "vertical": "Gồm ngành dọc",
    "emphasis": "Kiểu chữ",
    "code": "Mã",
    "severity": "Mức",
    "condition": "Điều phải đúng",
    "missing": "Khi thiếu số",
    "sentence": "Câu báo khi sai",
    "instruction": "Việc cần làm",
    "name": "Tên chỉ tiêu",
    "definition": "Định nghĩa, cách tính",
    "legal_basis": "Căn cứ pháp lý",
}
YES = "có"
ALL_VOCABULARIES: Mapping[str, type[Labelled]] = {
    **VOCABULARIES,
    "severity": Severity,
    "missing": Missing,
}


def in_words(column: str, text: str) -> str:
    """Return what people read in a column: the words of a code, not the code.

    >>> in_words("across_periods", "cumulative"), in_words("vertical", "1"), in_words("asked", "xa")
    ('lũy kế', 'có', 'xa')
    """
    if column == "vertical" and text == "1":
        return YES
    vocabulary = ALL_VOCABULARIES.get(column)
    return vocabulary(text).label if vocabulary and text and text in set(vocabulary) else text
