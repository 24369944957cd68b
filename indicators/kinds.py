"""The closed vocabularies of the catalogue: what a row holds, how it adds up, who is asked."""

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
    LATEST = "latest", "của báo cáo gửi sau cùng"
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
    DISCARDED = "discarded", "đã bỏ"


class AgencyKind(Labelled):
    """The kinds of agency that a form asks; they decide which form an agency fills in."""

    PROVINCE = "tinh", "Tỉnh"
    DEPARTMENT = "so", "Sở, ban, ngành"
    VERTICAL = "nganh_doc", "Cơ quan ngành dọc"
    DISTRICT = "huyen", "UBND cấp huyện"
    COMMUNE = "xa", "UBND cấp xã"
    OTHER = "khac", "Cơ quan khác"


class Scope(Labelled):
    """What a row is to one agency that fills the form in."""

    OWN = "own", "số của đơn vị"
    PROVINCE = "province", "số của cả tỉnh"
    OUTSIDE = "outside", "không thuộc phạm vi"


class Capacity(Labelled):
    """For whom an agency speaks in one report. A paper holds both in one; where the province's
    figures are asked for in a report of their own, they never share a cell with the agency's."""

    BOTH = "both", "của đơn vị và của toàn tỉnh"
    OWN = "own", "của đơn vị"
    PROVINCE = "province", "của toàn tỉnh"

    @property
    def comparable(self) -> tuple["Capacity", ...]:
        """The capacities whose reports stand beside one of this: a report of both holds the
        figures of either, and the agency's own follow one of both."""
        if self is Capacity.BOTH:
            return (Capacity.BOTH, Capacity.OWN)
        return (self, Capacity.BOTH)


class Severity(Labelled):
    """What follows from something found wrong."""

    ERROR = "error", "lỗi"
    WARNING = "warning", "cảnh báo"
    NOTE = "note", "lưu ý"


class Missing(Labelled):
    """What a comparison of a rule does where figures that it reads are missing: says nothing where
    one is, says nothing where a whole side is and takes others for 0, or takes all for 0."""

    SKIP_ANY = "", "thiếu một số thì bỏ qua"
    SKIP_ALL = "all", "một vế thiếu hết thì bỏ qua"
    ZERO = "zero", "số thiếu coi là 0"


class Change(Labelled):
    """How a newer indicator came out of an older one."""

    RENAMED = "renamed", "điều chỉnh thành"
    MERGED = "merged", "gộp vào"
    SPLIT = "split", "tách thành"


class Meaning(Labelled):
    """Whether figures of an older indicator go on under the newer one."""

    SAME = "same", "cùng ý nghĩa"
    BREAK = "break", "đứt chuỗi số liệu"


class Act(Labelled):
    """What was done with a form version."""

    BEGIN = "begin", "Lập bản thảo"
    EDIT = "edit", "Sửa"
    HEAD = "head", "Sửa phần đầu biểu"
    RULES = "rules", "Sửa quy tắc kiểm tra"
    UPLOAD = "upload", "Nhận tệp"
    TAKE_UP = "take_up", "Quay lại nội dung cũ"
    PUBLISH = "publish", "Công bố"
    COMPLETE = "complete", "Điền thêm cột mới của danh mục"
    RETIRE = "retire", "Cho hết hiệu lực"
    DISCARD = "discard", "Bỏ bản thảo"
