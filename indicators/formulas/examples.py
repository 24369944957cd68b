"""How the conditions of rules are written: every way of writing with one example, for people."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Writing:
    """One way of writing: how it looks, what it means, and a whole condition that uses it."""

    form: str
    meaning: str
    example: str


WRITINGS: Sequence[Writing] = (
    Writing(
        "[khóa]",
        "Số của một dòng trong biểu; khóa đứng cạnh STT ở bảng của bản thảo.",
        "[1.2.b] <= [1.2.a]",
    ),
    Writing(
        "=  <>  <  <=  >  >=",
        "So sánh hai số; cũng viết được ≠, ≤, ≥. Mỗi quy tắc có ít nhất một phép so sánh.",
        "[1.1] >= 0",
    ),
    Writing(
        "+  −  ×  ÷  ( )",
        "Cộng, trừ, nhân, chia; cũng viết được -, *, /. Số lẻ viết dấu chấm: 0.5.",
        "[1.2.b] + [1.2.c] = [1.2.a] × 0.5",
    ),
    Writing(
        "percent(tử số, mẫu số)",
        "Tỷ lệ phần trăm: 100 × tử số ÷ mẫu số. Mẫu số là 0 thì không có tỷ lệ.",
        "abs([1.2] - percent([1.2.b], [1.2.a])) <= 0.01",
    ),
    Writing(
        "children([khóa])",
        "Tổng các dòng số đứng ngay dưới một dòng: cùng loại với dòng ấy, hoặc số đếm nếu dòng ấy"
        " là tiêu đề.",
        "children([2.1]) = [2.1]",
    ),
    Writing("abs(số)", "Giá trị tuyệt đối, để nói chênh lệch.", "abs([1.2.a] - [1.2.b]) <= 5"),
    Writing(
        "min(số, số, …)  max(số, số, …)",
        "Số nhỏ nhất, số lớn nhất trong các số.",
        "[2.1] >= max([2.1.1], [2.1.2]) and [2.2] >= min([2.1.1], [2.1.2])",
    ),
    Writing(
        "if(điều kiện, điều phải đúng)",
        "Chỉ xét khi điều kiện đúng; thêm vế thứ ba cho khi điều kiện sai. Với ba vế mà hai vế sau"
        " là số thì cho một số.",
        "if([1.2.a] > 0, [1.2.b] > 0)",
    ),
    Writing("… and …", "Cả hai điều đều đúng.", "[1.2.b] >= 0 and [1.2.b] <= [1.2.a]"),
    Writing("… or …", "Ít nhất một điều đúng.", "[1.2.a] = 0 or [1.2.b] > 0"),
    Writing("not(điều)", "Điều ấy không đúng.", "not([1.2.a] = 0 and [1.2.b] > 0)"),
    Writing(
        'chosen([khóa], "mã")',
        "Dòng lựa chọn được trả lời bằng mã ấy.",
        'if(chosen([1.6], "0"), [1.6.a] = 0)',
    ),
    Writing(
        "given([khóa])",
        "Dòng có trả lời; «không phát sinh» cũng là trả lời.",
        "if([1.2.a] > 0, given([1.2.b]))",
    ),
    Writing(
        "previous([khóa])",
        "Số của dòng trong báo cáo kỳ trước của đơn vị.",
        "[5.3.b] >= previous([5.3.b])",
    ),
    Writing(
        "last_year([khóa])",
        "Số của dòng ở cùng kỳ năm trước.",
        "[3.1] <= 2 × last_year([3.1])",
    ),
    Writing(
        "year_to_date([khóa])",
        "Số cộng dồn từ đầu năm, khi các kỳ nối tiếp nhau không chồng lên nhau.",
        "year_to_date([1.2.b]) <= [1.2.a]",
    ),
    Writing(
        "elsewhere([BIỂU:chỉ tiêu])",
        "Số của một chỉ tiêu gốc trong báo cáo của cùng đơn vị theo biểu khác, trong cùng đợt.",
        "[3.1] >= elsewhere([PL2-KH:tthc.cong_bo])",
    ),
)
