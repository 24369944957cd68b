"""How a figure behaves from one round to the next, told by the words of its row."""

import re
from collections.abc import Sequence

from indicators.catalogue.spelling import today_called, words
from indicators.kinds import AcrossPeriods

_IN_PARENTHESES = re.compile(r"\([^()]*\)?")
_IN_PERIOD = re.compile(
    r"\b(?:trong kỳ|phát sinh|công bố mới|bãi bỏ|thay thế|vi phạm|kiểm tra|thanh tra|rà soát"
    r"|ban hành|đơn giản hóa|tuyển dụng|bổ nhiệm|kỷ luật)\b"
    # What arises and is done with.
    r"|^(?:(?:tổng số|số lượng|số|tỷ lệ(?: sử dụng)?) )?"
    r"(?:hồ sơ|văn bản|tin nhắn|báo cáo|phiếu|tiền|lượt|nhiệm vụ phát sinh)\b"
)
_CUMULATIVE = re.compile(r"\blũy kế\b")
_STOCK = re.compile(
    r"\b(?:thời điểm|hiệu lực|hiện có|có mặt|biên chế|người làm việc|vị trí việc làm|so với năm"
    r"|đủ điều kiện|đang (?:cung cấp|triển khai|sử dụng|vận hành)|kết nối|tích hợp"
    r"|một cửa|sắp xếp|quy trình nội bộ|hệ thống|nền tảng|kiến trúc|chứng thư số)\b"
)
_PLANNED = re.compile(r"\b(?:kế hoạch|nhiệm vụ\b.*\bgiao|giải ngân)\b")
# What exists and is counted again each time.
_LASTING = re.compile(
    r"\b(?:thủ tục|đơn vị|cơ quan|tổ chức|ban|quy trình|quyết định|hệ thống|cổng|trang|email"
    r"|chứng thư|máy|phần mềm)\b"
)


def behaviour(labels: Sequence[str], unit: str) -> AcrossPeriods:
    """Tell it from the label of a row, those of the rows above it, nearest first, and its unit.

    >>> behaviour(["Tổng số TTHC đang có hiệu lực", "Thống kê TTHC"], "Thủ tục").value
    'stock'
    """
    own = " ".join(words(_IN_PARENTHESES.sub(" ", today_called(labels[0]))))
    everything = " | ".join(" ".join(words(label)) for label in labels)
    is_lasting = _LASTING.search(" ".join(words(unit))) is not None
    if is_cumulative(labels):
        return AcrossPeriods.STOCK if is_lasting else AcrossPeriods.CUMULATIVE
    if _IN_PERIOD.search(own):
        return AcrossPeriods.IN_PERIOD
    if _STOCK.search(everything):
        return AcrossPeriods.STOCK
    if _PLANNED.search(everything):
        return AcrossPeriods.CUMULATIVE
    return AcrossPeriods.STOCK if is_lasting else AcrossPeriods.IN_PERIOD


def is_cumulative(labels: Sequence[str]) -> bool:
    """Say whether a row, or one above it, says that its figure runs on («lũy kế»)."""
    return any(_CUMULATIVE.search(" ".join(words(label))) for label in labels)
