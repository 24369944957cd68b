"""The closed vocabularies of the catalogue: what a row holds and how it adds up."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A closed list of codes, each with the Vietnamese words shown to people."""

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(member.value, member.label) for member in cls]


class Kind(Labelled):
    """What stands in the figure's cell."""

    HEADING = "heading", "tiêu đề"
    COUNT = "count", "số đếm"
    PERCENT = "percent", "tỷ lệ %"
    AMOUNT = "amount", "số tiền"
    CHOICE = "choice", "lựa chọn"
    TEXT = "text", "chữ"


class AcrossAgencies(Labelled):
    """How one row of many agencies becomes one figure of the province."""

    SUM = "sum", "cộng"
    RATE = "rate", "tỷ lệ của các tổng"
    CHOICES = "choices", "đếm theo câu trả lời"
    MAX = "max", "lớn nhất"
    DESIGNATED = "designated", "cơ quan được giao báo cáo"
    NONE = "none", "không cộng"


class AcrossPeriods(Labelled):
    """How the same figure behaves from one round to the next."""

    UNSAID = "", "không nói"
    IN_PERIOD = "in_period", "trong kỳ"
    CUMULATIVE = "cumulative", "lũy kế"
    STOCK = "stock", "thời điểm"


class Emphasis(Labelled):
    """How the paper prints the row."""

    PLAIN = "", "thường"
    BOLD = "bold", "đậm"
    ITALIC = "italic", "nghiêng"


class Status(Labelled):
    """The life of a form version; published content never changes again."""

    DRAFT = "draft", "bản thảo"
    PUBLISHED = "published", "đã công bố"
    RETIRED = "retired", "hết hiệu lực"
