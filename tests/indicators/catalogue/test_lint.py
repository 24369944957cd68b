"""The slips found on the five papers, no more and no fewer; for each code a form that has the slip
and one that has not."""

import ast
import csv
import re
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from indicators.catalogue import problems
from indicators.catalogue.folders import read_version
from indicators.catalogue.lint import lint, what_is_wrong
from indicators.catalogue.problems import MOST_ROWS, Problem
from indicators.catalogue.slips import choices, stt, totals, units, wording
from indicators.catalogue.written import Document, Known, blank_row, numbered
from indicators.kinds import Kind, Severity

FOLDER = settings.BASE_DIR / "fixtures" / "catalogue"
PAGE = (settings.BASE_DIR / "docs" / "form-lint.md").read_text(encoding="utf-8")
FORMS = ("BM7-2025", "PL1-GL-2023", "PL2-KH-2021", "PL2-KH-2022", "PL2-XA-QN-2022")

with (Path(__file__).parent / "slips.csv").open(encoding="utf-8", newline="") as lines:
    SLIPS = list(csv.DictReader(lines))

# code: a form that has the slip, the row it is found at; a form much like it that has not.
# A row is "key|stt|label|unit|kind|last column|formula"; its parent is the longest key above it
# that begins its own.
CASES = {
    "stt-trung": (
        "1|1.|Một\n1.1|1.1.|A\n1.2|1.1|B",
        "1.2",
        "1|1.|Một\n1.1|1.1.|A\n2|2.|Hai\n2.1|2.1.|B",
    ),
    "stt-lon-xon": (
        "1|1.|Một\n1.1|1.1.|A\n1.2|1.2.|B\n1.4|1.4.|D",
        "1.4",
        # Counted anew under letters and Roman numerals, and on through a heading without number.
        "I|I|Một\nI.1|1|N\nI.1.a||A\nI.1.a.1|1.1|X\nI.1.b||B\nI.1.b.2|1.2|Y\nI.1.c|a)|P"
        "\nI.1.d|d)|Q\nII|II|Hai\nII.1|2.1|Z\nIII|III|Ba\nIV|IV|Bốn"
        "\nIV.1|A|T\nIV.1.a|a|U\nIV.1.a.1|I|V",
    ),
    "stt-danh-lai": (
        "I|I.|Một\nI.1|1.|A\nII|II.|Hai\nII.1|1.|B",
        "II.1",
        "1|1.|Một\n1.1|1.1.|A\n2|2.|Hai\n2.1|2.1.|B",
    ),
    "stt-dau-cham": ("1|1.|Một\n1.1|1.1|A\n2|2.|Hai", "1.1", "I|I.|Một\nI.1|1|A\nI.2|2|B"),
    "trong-do-o-cot-stt": ("1|1.|Một\n1.a|Trong đó|A", "1.a", "1|1.|Một\n1.a|-|A\n1.b|a)|B"),
    "gach-dau-dong-mo-coi": (
        "1|1.|Một\n2|2.|Hai\n1.a||- A",
        "1.a",
        "1|1.|Một\n1.a||- A\n1.a.a||+ B\n1.b||- C",
    ),
    "nhan-khac-don-vi": (
        "1|1.|Tổng số hồ sơ tiếp nhận|Thủ tục|count",
        "1",
        "1|1.|Tổng số hồ sơ tiếp nhận|Hồ sơ|count\n2|2.|Số hợp đồng|Người|count"
        "\n3|3.|Tỷ lệ đúng hạn|%|percent\n4|4.|Số liệu về biên chế|%|percent",
    ),
    "thieu-don-vi": (
        "1|1.|Tổng số đơn vị||count\n1.a||- Thuộc tỉnh|Đơn vị|count",
        "1",
        "1|1.|Biên chế\n1.1|1.1.|Tổng số|Người|count\n2|2.|Nhận xét||text",
    ),
    "tieu-de-hoi-so": (
        "1|1.|Số người làm việc\n1.a||- Được giao|Người|count",
        "1",
        "1|1.|Số liệu về biên chế\n2|2.|Số hóa hồ sơ\n3|3.|Tổng số|Người|count",
    ),
    "don-vi-khac-nhau": (
        "1|1.|Tổng số vốn. Trong đó:|Triệu đồng|amount\n1.a||- Trung ương|Đồng|amount",
        "1",
        "1|1.|Số đã kiểm tra, trong đó:|Cơ quan, đơn vị, địa phương|count"
        "\n1.a||- Sở, ngành|Cơ quan, đơn vị|count\n2|2.|Số cuộc kiểm tra|Cuộc|count"
        "\n2.a||- Số người được kiểm tra|Người|count",
    ),
    "don-vi-hai-cach": (
        "1|1.|Số TTHC mới|Thủ tục|count\n2|2.|Số TTHC cũ|Thủ tục|count\n3|3.|Số TTHC|TTHC|count",
        "3",
        "1|1.|Số công chức|Người|count\n2|2.|Số công chức nữ|Công chức|count",
    ),
    "lua-chon-mot": (
        "1|1.|Họp trực tuyến|Chưa có = 0|choice",
        "1",
        "1|1.|Họp trực tuyến|Chưa có = 0 Có = 1|choice",
    ),
    "lua-chon-nhieu-dong": (
        "1|1.|Sắp xếp phòng\n1.1|1.1.|Đã xong|Xong = 1|choice\n1.2|1.2.|Chưa|Chưa = 2|choice",
        "1",
        "1|1.|Cấp tỉnh|Chưa = 0 Có = 1|choice\n2|2.|Cấp xã|Chưa = 0 Có = 1|choice",
    ),
    "lua-chon-ho": (
        "1|1.|LGSP|Chưa = 0 Đang làm = 1 Hoàn thành = 3|choice",
        "1",
        "1|1.|Thi tuyển|Đã thực hiện = 1 Chưa thực hiện = 0|choice"
        "\n2|2.|Kết nối|Không = 0 Có = 1 Một phần = 2|choice",
    ),
    "lua-chon-lech-ma": (
        "1|1.|Đối thoại|Không = 0 Có = 1|choice\n2|2.|Kết nối|Đã có = 1 Chưa có = 2|choice",
        "2",
        "1|1.|Đối thoại|Không = 0 Có = 1|choice\n2|2.|Kết nối|Chưa có = 0 Đã có = 1|choice",
    ),
    "thieu-cau-hoi-co-khong": (
        "1|1.|Khảo sát\n1.a||- Hình thức khảo sát|Trực tuyến = 0 Phát phiếu = 1|choice",
        "1.a",
        "1|1.|Khảo sát|Không = 0 Có = 1|choice"
        "\n1.a||- Hình thức khảo sát|Trực tuyến = 0 Phát phiếu = 1|choice"
        "\n2|2.|Thi tuyển\n2.a||- Hình thức|Không = 0 Thi = 1|choice"
        "\n3|3.|Đánh giá\n3.a||- Xếp loại|Tốt = 1 Khá = 2|choice",
    ),
    "ty-le-chua-tinh": (
        "1|1.|Tỷ lệ đúng hạn|%|percent\n1.a||- Tổng số hồ sơ|Hồ sơ|count"
        "\n1.b||- Số hồ sơ đúng hạn|Hồ sơ|count",
        "1",
        "1|1.|Tỷ lệ đúng hạn|%|percent||percent([1.b], [1.a])\n1.a||- Tổng số hồ sơ|Hồ sơ|count"
        "\n1.b||- Số hồ sơ đúng hạn|Hồ sơ|count\n2|2.|Tỷ lệ tinh giản|%|percent"
        "\n3|3.|Số hồ sơ|Hồ sơ|count\n4|4.|Tổng số hồ sơ|Hồ sơ|count",
    ),
    "ty-le-thieu-phan": (
        "1|1.|Tỷ lệ đơn vị đã kết nối|%|percent",
        "1",
        "1|1.|Tỷ lệ đúng hạn|%|percent||percent([3], [2])\n2|2.|Tổng số|Hồ sơ|count"
        "\n3|3.|Số đúng hạn|Hồ sơ|count",
    ),
    "tong-khong-noi-phan": (
        "1|1.|Tỷ lệ hồ sơ đúng hạn. Trong đó:|%|percent\n1.a||- Tỷ lệ trễ hạn đất đai|%|percent",
        "1",
        "1|1.|Tỷ lệ hồ sơ đúng hạn. Trong đó:|%|percent\n1.a||- Số trễ hạn|Hồ sơ|count"
        "\n1.b||- Số đúng hạn|Hồ sơ|count\n2|2.|Có khảo sát|Không = 0 Có = 1|choice"
        "\n2.a||- Hình thức|Phiếu = 1 Mạng = 2|choice\n3|3.|Số đúng hạn, trễ hạn|Hồ sơ|count"
        "\n3.a||- Trễ hạn|Hồ sơ|count",
    ),
    "trong-do-khong-co-phan": (
        "1|1.|Số TTHC liên thông. Trong đó:|Thủ tục|count\n2|2.|Cùng cấp|Thủ tục|count",
        "1",
        "1|1.|Số TTHC liên thông. Trong đó:|Thủ tục|count\n1.a||- Cùng cấp|Thủ tục|count",
    ),
    "dong-cha-khong-noi-trong-do": (
        "1|1.|Số TTHC. Trong đó:|Thủ tục|count\n1.a||- Mới|Thủ tục|count"
        "\n2|2.|Số văn bản|Văn bản|count\n2.a||- Đi|Văn bản|count\n2.b||- Đến|Văn bản|count",
        "2",
        "1|1.|Số TTHC|Thủ tục|count\n1.a|Trong đó|Mới|Thủ tục|count\n1.b||Cũ|Thủ tục|count"
        "\n2|2.|Số văn bản|Văn bản|count\n2.a||- Tỷ lệ đi|%|percent||percent([1.a], [1.b])",
    ),
    "tong-duoi-phan": (
        "1|1.|Số đơn vị đã phê duyệt|Đơn vị|count\n1.1|1.1.|Tổng số đơn vị|Đơn vị|count",
        "1.1",
        "1|1.|Tổng số đơn vị|Đơn vị|count\n1.1|1.1.|Tổng số đơn vị cấp tỉnh|Đơn vị|count"
        "\n2|2.|Số cuộc|Cuộc|count\n2.1|2.1.|Tổng số người dự|Người|count",
    ),
    "phan-trung-tong": (
        "1|1.|Số thủ tục hành chính (TTHC) mới|Thủ tục|count"
        "\n1.1|1.1.|Số TTHC mới, trong đó:|Thủ tục|count\n1.1.a||- Cấp xã|Thủ tục|count",
        "1",
        "1|1.|Kiểm tra\n1.1|1.1.|Kiểm tra|Cuộc|count",
    ),
    "nhan-trung": (
        "1|1.|Một\n1.1|1.1.|Vận hành Cổng\n1.1.1|1.1.1.|A\n1.2|1.2.|Vận hành cổng",
        "1.2",
        "1|1.|Một\n1.1|1.1.|Tỷ lệ của sở|%|percent\n1.1.a||- Tổng số (tất cả phí)|Thủ tục|count"
        "\n1.2|1.2.|Tỷ lệ của xã|%|percent\n1.2.a||- Tổng số (tất cả phí)|Thủ tục|count"
        "\n1.3|1.3.|Cấp tỉnh|Hồ sơ|count\n1.4|1.4.|Cấp tỉnh|%|percent\n2|2.|Hai\n2.1|2.1.|Một"
        "\n1.a||- Số (tất cả phí)|Thủ tục|count\n2.a||- Số (tất cả phí)|Thủ tục|count",
    ),
    "cau-cut": (
        "1|1.|Một|||- Sở Nội vụ tổng hợp báo; - Cơ quan, đơn vị báo cáo",
        "1",
        "1|1.|Gửi, nhận thông báo (qua mạng)|||- Sở Nội vụ tổng hợp - Đơn vị gửi thông báo"
        "\n2|2.|a) Số “đạt”\n3|3.|Số cảnh báo",
    ),
    "dieu-chinh-thanh": (
        "1|1.|Số TTHC cấp sở (điều chỉnh thành “Số TTHC cấp tỉnh”)|Thủ tục|count",
        "1",
        "1|1.|Số văn bản được điều chỉnh|Văn bản|count",
    ),
    "nguoi-bao-cao-khong-ro": (
        "1|1.|Một|||Dự kiến ban hành Quý IV/2021",
        "1",
        "1|1.|Một|||Cơ quan ngành dọc báo cáo\n2|2.|Hai|||UBND cấp xã\n3|3.|Ba|||Ban Dân tộc",
    ),
    "nguoi-bao-cao-noi-khac": (
        "1|1.|Thực hiện nhiệm vụ Chính phủ giao|||Các đơn vị báo cáo nhiệm vụ được UBND tỉnh giao",
        "1",
        "1|1.|Nhiệm vụ UBND tỉnh giao|||Các đơn vị báo cáo nhiệm vụ được UBND tỉnh giao"
        "\n2|2.|Nhiệm vụ khác|||Đơn vị được giao nhiệm vụ"
        "\n3|3.|Kế hoạch|||Đơn vị báo cáo việc được UBND tỉnh giao",
    ),
}


def form(text: str) -> Document:
    """Return the form written in a case."""
    found: list[dict[str, str]] = []
    for line in text.split("\n"):
        key, number, label, unit, kind, who, formula, *_ = [*line.split("|"), *[""] * 6]
        above = [row["key"] for row in found if key.startswith(f"{row['key']}.")]
        answers = re.findall(r"(\S[^=]*?)\s*=\s*(\d+)", unit) if kind == "choice" else []
        found.append(
            blank_row(
                key=key,
                stt=number,
                label=label,
                unit=unit,
                who_reports=who,
                parent=max(above, key=len, default=""),
                kind=kind or "heading",
                choices="|".join(f"{code}={words}" for words, code in answers),
                formula=formula,
                across_agencies="rate" if kind == "percent" else "none",
            )
        )
    return Document(rows=numbered(found))


def found(document: Document) -> list[tuple[str, str]]:
    """Return the code of each slip with the key of its row."""
    return [(problem.code, key_of(problem, document)) for problem in lint(document)]


def key_of(problem: Problem, document: Document) -> str:
    assert problem.index is not None
    return document.rows[problem.index]["key"]


def paper(code: str) -> Document:
    sheet = read_version(FOLDER / code)
    return Document(sheet.rows, sheet.rules)


def written_codes(*modules: ModuleType) -> set[str]:
    """Return the codes that modules give to what they find, read from their source."""
    return {
        argument.value
        for module in modules
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Problem", "at"}
        for argument in node.args[:2]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        if re.fullmatch(r"[a-z]+(-[a-z]+)+", argument.value)
    }


SLIP_CODES = written_codes(stt, units, choices, totals, wording)


@pytest.mark.parametrize("code", FORMS)
def test_every_slip_of_a_paper_is_found_and_nothing_else(code: str) -> None:
    document = paper(code)
    assert [
        (key_of(problem, document), problem.code, problem.severity.value)
        for problem in lint(document)
    ] == [
        (line["key"], line["code"], line["severity"]) for line in SLIPS if line["version"] == code
    ]


@pytest.mark.parametrize("code", FORMS)
def test_what_is_said_of_a_slip_tells_what_to_do(code: str) -> None:
    for problem in lint(paper(code)):
        assert "hãy " in problem.sentence.casefold()
        assert problem.sentence.endswith(".")
        assert problem.found == paper(code).rows[problem.index or 0][problem.column]


def test_a_question_how_is_told_at_its_row_with_the_row_to_mend() -> None:
    document = form(CASES["thieu-cau-hoi-co-khong"][0])
    [problem] = lint(document)
    assert (problem.index, problem.column) == (1, "label")
    assert problem.sentence.startswith("Dòng này hỏi «Hình thức khảo sát»")
    assert "đơn vị tính của dòng 1 ở trên" in problem.sentence


@pytest.mark.parametrize("code", FORMS)
def test_no_slip_asks_people_for_a_formula(code: str) -> None:
    wrong, _, _ = CASES["ty-le-chua-tinh"]
    said = [problem.sentence for problem in (*lint(paper(code)), *lint(form(wrong)))]
    assert any("chọn dòng tử số và dòng mẫu số" in sentence for sentence in said)
    assert not any("percent(" in sentence for sentence in said)


def test_there_is_a_case_for_every_code() -> None:
    assert set(CASES) == SLIP_CODES


@pytest.mark.parametrize("code", CASES)
def test_a_slip_is_found_once_at_its_row(code: str) -> None:
    wrong, key, _ = CASES[code]
    assert [place for slip, place in found(form(wrong)) if slip == code] == [key]


@pytest.mark.parametrize("code", CASES)
def test_what_only_looks_like_a_slip_is_left_alone(code: str) -> None:
    _, _, right = CASES[code]
    assert [place for slip, place in found(form(right)) if slip == code] == []


MORE = {
    "dong-cha-khong-noi-trong-do": (
        "1|1.|Số TTHC|Thủ tục|count\n1.a|Trong đó|Mới|Thủ tục|count\n2|2.|Số văn bản|Văn bản|count"
        "\n2.a||Đi|Văn bản|count\n2.b||Đến|Văn bản|count",
    ),
    "thieu-don-vi": ("1|1.|Đối thoại||choice", "1|1.|Tỷ lệ||percent", "1|1.|Số phiếu||count"),
    "nhan-khac-don-vi": (
        "1|1.|Số cơ quan được thanh tra|%|percent",
        "1|1.|Tỉ lệ hồ sơ|Hồ sơ|count",
    ),
    "tong-khong-noi-phan": (
        "1|1.|Chứng thư số|Chứng thư|count\n1.a||- Tỉnh|Chưa = 0 Có = 1|choice",
    ),
    "don-vi-khac-nhau": (
        "1|1.|Tổng số|Hồ sơ|count\n1.a||- Cấp xã|Thủ tục|count",
        "1|1.|Đã nhận, trong đó:|Hồ sơ|count\n1.a||- Cấp xã|Thủ tục|count",
        "1|1.|Tỷ lệ|%|percent||percent([1.b], [1.a])\n1.a||- Tổng số|Thủ tục|count"
        "\n1.b||- Đã xong|Hồ sơ|count",
    ),
    "ty-le-chua-tinh": (
        "1|1.|Tỷ lệ xử lý|%|percent\n2|2.|Tổng số văn bản|Văn bản|count"
        "\n3|3.|Số văn bản đã xử lý|Văn bản|count",
    ),
    "gach-dau-dong-mo-coi": ("a||- A", "1|1.|Một\n1.1|1.1.|A\n2|2.|Hai\n1.1.a||- B"),
    "nhan-trung": (
        "1|1.|Một\n1.1|1.1.|Số|Hồ sơ|count\n1.2|1.2.|Số:|Hồ sơ|count",
        "1|1.|Một\n1.1|1.1.|Tỷ lệ số hóa|%|percent\n1.1.a||- Tổng số (toàn bộ)|Thủ tục|count"
        "\n1.2|1.2.|Tỷ lệ thanh toán|%|percent\n1.2.a||- Tổng số (toàn bộ)|Thủ tục|count",
    ),
    "cau-cut": (
        "1|1.|Kế hoạch (năm",
        "1|1.|Tổng số VBQPPL[1] ban hành",
        "1|1.|Số công chức và|Người|count",
        "1|1.|Số văn bản chỉ đạo,|Văn bản|count",
        "1|1.|Kế hoạch “năm",
    ),
    "stt-lon-xon": (
        "1|1.|Một\n1.1|1.1.|A\n1.2|1.2.|B\n1.2.1|1.1.1.|C",
        "1|1.|Một\n1.1|1.2.|A\n1.2|1.3.|B",
        "I|I|Một\nII|III|Ba\nIII|II|Hai",
        "I|I|Một\nII|II|Hai\nII.1|I.1|A",
    ),
    "dieu-chinh-thanh": ("1|1.|Số TTHC mới (điều chỉnh lại thành Số TTHC ban hành)|Thủ tục|count",),
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code in MORE for text in MORE[code]])
def test_a_slip_is_found_in_its_other_shapes(code: str, text: str) -> None:
    assert code in dict(found(form(text)))


SENTENCES = [
    (
        "1|1.|Số TTHC mới|Thủ tục|count\n1.1|1.1.|Số TTHC mới|Thủ tục|count"
        "\n1.2|1.2.|Xã|Thủ tục|count",
        "Dòng tổng và phần 1.1 của nó cùng một tên, mà tổng còn gồm dòng 1.2; hãy đặt cho dòng tổng"
        " một tên bao gồm mọi phần.",
    ),
    (
        "1|1.|Tỷ lệ hồ sơ được tiếp nhận và trả kết quả qua bưu chính|Hồ sơ|count",
        "Đơn vị tính «Hồ sơ» không hợp với tên «Tỷ lệ hồ sơ được tiếp nhận và trả kết…». Tên"
        " hỏi một tỷ lệ, chờ «%»; nếu là số đếm, hãy sửa tên thành «Số …».",
    ),
    (
        "1|1.|Số cũ (điều chỉnh lại thành Số văn bản mới)|Văn bản|count",
        "Tên cũ còn in cạnh tên mới; hãy chỉ giữ «Số văn bản mới» và ghi tên cũ ở quan hệ của chỉ"
        " tiêu gốc.",
    ),
    (
        "1|1.|Tổng số đơn vị||count\n1.a||- Thuộc tỉnh|Đơn vị|count\n1.b||- Thuộc xã|Đơn vị|count",
        "Dòng có số liệu (số đếm) nhưng cột đơn vị tính để trống; hãy ghi «Đơn vị» như các dòng"
        " dưới.",
    ),
    (
        "1|1.|Một\n1.1|1.1.|A\n1.2|1.2.|B\n1.4|1.4.|D\n1.5|1.5.|E",
        "STT «1.4.» đứng ở chỗ của số thứ 3 trong mục. Hãy xem có sót dòng, xếp lộn dòng hay đánh"
        " nhầm số.",
    ),
    (
        "1|1.|Một\n1.1|1.2|A\n2|2|Hai",
        "Dấu chấm cuối STT lúc có lúc không: 1 trong 3 dòng có dấu chấm (1.). Hãy viết thống nhất.",
    ),
]


@pytest.mark.parametrize(("text", "sentence"), SENTENCES)
def test_a_sentence_says_what_was_found_and_expected(text: str, sentence: str) -> None:
    assert sentence in [problem.sentence for problem in lint(form(text))]


def test_a_row_that_says_its_new_name_is_judged_by_it() -> None:
    label = "Kế hoạch CCHC (điều chỉnh thành “Tỷ lệ hoàn thành kế hoạch”)"
    assert "nhan-khac-don-vi" in dict(found(form(f"1|1.|{label}|Nhiệm vụ|count")))
    assert "nhan-khac-don-vi" not in dict(found(form(f"1|1.|{label}|%|percent")))


@pytest.mark.parametrize(
    ("label", "severity"),
    [
        ("Số A (điều chỉnh thành “Số B”)", Severity.NOTE),
        ("Số A (điều chỉnh thành “Số A”)", Severity.WARNING),
    ],
)
def test_a_change_into_the_same_words_asks_for_an_answer(label: str, severity: Severity) -> None:
    [slip] = lint(form(f"1|1.|{label}|Văn bản|count"))
    assert (slip.code, slip.severity) == ("dieu-chinh-thanh", severity)


def test_a_number_given_twice_is_not_also_out_of_order() -> None:
    assert found(form("1|1.|Một\n1.1|1.1.|A\n1.2|1.1.|B\n1.3|1.2.|C")) == [("stt-trung", "1.2")]


def test_what_stops_a_draft_is_said_first() -> None:
    document = form("1|1.|Tổng số hồ sơ tiếp nhận|Thủ tục|count\n2|2|Tỷ lệ||percent||[9]")
    severities = [one.severity for one in what_is_wrong(document, Known({}, {}))]
    assert set(severities) == set(Severity)
    assert severities == sorted(severities, key=list(Severity).index)


AWKWARD = st.sampled_from(
    [
        "",
        "1",
        "1.",
        "1.1",
        "I",
        "a)",
        "Trong đó",
        "²",
        "- Số hồ sơ, trong đó:",
        "Tổng số",
        "Tỷ lệ trễ hạn (",
        "điều chỉnh thành",
        "%",
        "Thủ tục",
        "0=Không|1=Có",
        "2=Chưa",
        "=",
        "percent([1], [1.1])",
        "percent(",
    ]
)


@given(
    st.lists(
        st.builds(
            blank_row,
            key=AWKWARD,
            stt=AWKWARD,
            label=AWKWARD,
            unit=AWKWARD,
            who_reports=AWKWARD,
            parent=AWKWARD,
            kind=st.sampled_from(["", *Kind]),
            choices=AWKWARD,
            formula=AWKWARD,
        ),
        max_size=12,
    )
)
def test_a_draft_in_any_state_is_read_to_its_end(rows: list[dict[str, str]]) -> None:
    slips = lint(Document(rows=rows))
    assert [slip.index for slip in slips] == sorted(slip.index or 0 for slip in slips)
    for slip in slips:
        assert slip.code in SLIP_CODES
        assert slip.severity is not Severity.ERROR
        assert slip.index is not None
        assert slip.found == rows[slip.index][slip.column]


def test_rows_nested_as_deep_as_a_form_can_be_are_read() -> None:
    nested = [
        blank_row(key=str(n), parent=str(n - 1) if n else "", label="- Số", kind="count")
        for n in range(MOST_ROWS)
    ]
    assert len(lint(Document(rows=nested))) >= MOST_ROWS


# The page that explains the codes


def documented() -> dict[str, str]:
    """Return the codes of the page's table with their severities."""
    return dict(re.findall(r"^\| `([a-z-]+)` \| ([a-z, ]+) \|", PAGE, flags=re.MULTILINE))


def test_the_page_names_every_code_and_no_other() -> None:
    assert set(documented()) == SLIP_CODES | written_codes(problems)


def test_the_page_says_how_grave_each_slip_is() -> None:
    seen = defaultdict(set)
    texts = [
        *(wrong for wrong, _, _ in CASES.values()),
        *(t for more in MORE.values() for t in more),
    ]
    for document in (*map(form, texts), *map(paper, FORMS)):
        for problem in lint(document):
            seen[problem.code].add(problem.severity.value)
    said = {code: set(words.split(", ")) for code, words in documented().items()}
    assert {code: said[code] for code in SLIP_CODES} == seen
    assert {*(said[code] == {"error"} for code in written_codes(problems))} == {True}


@pytest.mark.parametrize("code", sorted(SLIP_CODES))
def test_the_page_points_at_a_row_that_has_the_slip(code: str) -> None:
    """An example names form and row; where no paper has the slip, the page says so."""
    [line] = [line for line in PAGE.splitlines() if line.startswith(f"| `{code}` ")]
    examples = re.findall(rf"({'|'.join(FORMS)}) (\S+?)[:,;]", line.split("|")[4])
    real = {(line["version"], line["key"]) for line in SLIPS if line["code"] == code}
    assert set(examples) <= real
    assert bool(examples) == bool(real)
    assert bool(examples) != ("none of the five" in line)
