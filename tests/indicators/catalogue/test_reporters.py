"""Every last-column text of the five real forms, decided by hand; and how such texts vary."""

import unicodedata
from collections.abc import Sequence

import pytest
from django.conf import settings

from indicators.catalogue.folders import read_table, read_version
from indicators.catalogue.reporters import Reporters, handed_down, read_reporters
from indicators.catalogue.written import FUNCTION_COLUMNS, Line, blank_row

FOLDER = settings.BASE_DIR / "fixtures" / "catalogue"
FUNCTIONS: Sequence[Line] = read_table(FOLDER / "functions.csv", FUNCTION_COLUMNS)
SAYS_NOTHING = Reporters("", "", False)

# Text → whose own figures are asked, who reports the province's, whether that one reports alone.
DECIDED = {
    # Everybody reports, the province's figure is the sum.
    "- Cơ quan, đơn vị, địa phương báo cáo": ("", "", False),
    "Các cơ quan, đơn vị, địa phương báo cáo": ("", "", False),
    # One body reports the province's figure, everybody else its own.
    "- VP UBND tỉnh báo cáo - Các cơ quan, đơn vị, địa phương báo cáo kết quả thực hiện nhiệm vụ"
    " được UBND tỉnh giao": ("", "vp_ubnd", False),
    "- Sở Nội vụ báo cáo kết quả thực hiện của tỉnh - Các cơ quan, đơn vị, địa phương báo cáo"
    " (nếu có)": ("", "noi_vu", False),
    "- Đối với các đơn vị được giao nhiệm vụ tại Kế hoạch CCHC tỉnh - Các đơn vị khác (nếu có)"
    " - Sở Kế hoạch và Đầu tư tổng hợp, báo cáo kết quả thực hiện của tỉnh": ("", "kh_dt", False),
    "- Đối với các cơ quan, đơn vị, địa phương được giao nhiệm vụ tại kế hoạch CCHC tỉnh; - Cơ"
    " quan, đơn vị, địa phương khác (nếu có); - Sở Kế hoạch và Đầu tư tổng hợp, báo cáo kết quả"
    " thực hiện của tỉnh": ("", "kh_dt", False),
    "- Sở Tư pháp báo cáo kết quả thực hiện của tỉnh - Các cơ quan, đơn vị, địa phương báo cáo": (
        "", "tu_phap", False,
    ),
    "- Sở Thông tin và Truyền thông báo cáo số liệu của tỉnh - Các cơ quan, đơn vị, địa phương báo"
    " cáo (bao gồm các cơ quan ngành dọc)": ("", "tttt", False),
    "- Sở Nội vụ báo cáo số liệu của tỉnh - Các cơ quan, đơn vị, địa phương báo cáo": (
        "", "noi_vu", False,
    ),
    "- Các cơ quan, đơn vị, địa phương báo cáo (bao gồm các cơ quan ngành dọc) - VP UBND tỉnh tổng"
    " hợp, báo cáo": ("", "vp_ubnd", False),
    "- Sở Thông tin và Truyền thông tổng hợp, báo cáo - Cơ quan, đơn vị, địa phương báo cáo (bao"
    " gồm các cơ quan ngành dọc)": ("", "tttt", False),
    "- Sở Thông tin và Truyền thông tổng hợp, báo cáo - Các cơ quan, đơn vị, địa phương (bao gồm"
    " các cơ quan ngành dọc)": ("", "tttt", False),
    "- Sở Nội vụ tổng hợp, báo cáo - Các cơ quan, đơn vị, địa phương (bao gồm các cơ quan ngành"
    " dọc)": ("", "noi_vu", False),
    "- Sở Nội vụ tổng hợp, báo cáo - Cơ quan, đơn vị, địa phương báo cáo": ("", "noi_vu", False),
    "- Sở Nội vụ tổng hợp báo; - Cơ quan, đơn vị, địa phương báo cáo": ("", "noi_vu", False),
    "- Sở Tài chính tổng hợp, báo cáo - Các cơ quan, đơn vị, địa phương báo cáo": (
        "", "tai_chinh", False,
    ),
    "- Các cơ quan, đơn vị, địa phương báo cáo - Sở Thông tin và Truyền thông tổng hợp, báo cáo": (
        "", "tttt", False,
    ),
    "- Sở Thông tin và Truyền thông báo cáo số liệu, kết quả của tỉnh; - Cơ quan, đơn vị, địa"
    " phương báo cáo": ("", "tttt", False),
    # One body or several report the province's figure, the listed kinds their own.
    "- VP UBND tỉnh báo cáo số liệu của tỉnh - Cơ quan chuyên môn cấp tỉnh báo cáo": (
        "so", "vp_ubnd", False,
    ),
    "- Cơ quan chuyên môn cấp tỉnh báo cáo - VP UBND tỉnh tổng hợp, báo cáo số liệu của tỉnh": (
        "so", "vp_ubnd", False,
    ),
    "- Sở Thông tin và Truyền thông tổng hợp, báo cáo; - Cơ quan chuyên môn cấp tỉnh, UBND cấp"
    " huyện báo cáo": ("so huyen", "tttt", False),
    "- Sở Thông tin và Truyền thông báo cáo số liệu, kết quả của tỉnh; - Cơ quan chuyên môn cấp"
    " tỉnh, UBND cấp huyện báo cáo": ("so huyen", "tttt", False),
    "- Sở Tài nguyên và Môi trường, Sở Xây dựng, Sở Kế hoạch và Đầu tư báo cáo số liệu, kết quả của"
    " tỉnh; - UBND cấp huyện báo cáo số liệu, kết quả thực hiện của huyện, xã": (
        "huyen", "tn_mt xay_dung kh_dt", False,
    ),
    # Only the listed ones report, each its own.
    "UBND cấp huyện báo cáo": ("huyen", "", False),
    "UBND cấp huyện": ("huyen", "", False),
    "Cơ quan ngành dọc báo cáo": ("nganh_doc", "", False),
    "Các cơ quan chuyên môn cấp tỉnh báo cáo": ("so", "", False),
    "Cơ quan chuyên môn cấp tỉnh báo cáo": ("so", "", False),
    "- Cơ quan chuyên môn cấp tỉnh - UBND cấp huyện": ("so huyen", "", False),
    "- Cơ quan chuyên môn cấp tỉnh - Cơ quan ngành dọc": ("so nganh_doc", "", False),
    "- Sở Tài nguyên và Môi trường - UBND cấp huyện": ("huyen tn_mt", "", False),
    "- Sở Xây dựng - UBND cấp huyện": ("huyen xay_dung", "", False),
    "- Sở Kế hoạch và Đầu tư - UBND cấp huyện": ("huyen kh_dt", "", False),
    "- Sở Lao động - Thương binh và Xã hội - UBND cấp huyện": ("huyen ld_tbxh", "", False),
    # One body alone reports for the whole province.
    "Sở Nội vụ báo cáo": ("", "noi_vu", True),
    "Sở Nội vụ tổng hợp, báo cáo": ("", "noi_vu", True),
    "Sở Nội vụ tổng hợp báo cáo số liệu, kết quả của tỉnh": ("", "noi_vu", True),
    "VP UBND tỉnh báo cáo": ("", "vp_ubnd", True),
    "Sở Thông tin và Truyền thông báo cáo": ("", "tttt", True),
    "Sở Thông tin và Truyền thông tổng hợp, báo cáo": ("", "tttt", True),
}  # fmt: skip


def test_every_text_of_the_forms_is_decided() -> None:
    texts = {
        row["who_reports"]
        for folder in FOLDER.iterdir()
        if folder.is_dir()
        for row in read_version(folder).rows
    }
    assert texts - {""} == DECIDED.keys()


@pytest.mark.parametrize("text", DECIDED)
def test_a_text_of_the_forms_is_read_as_decided(text: str) -> None:
    assert read_reporters(text, FUNCTIONS) == Reporters(*DECIDED[text])


@pytest.mark.parametrize("text", DECIDED)
def test_another_writing_of_the_letters_says_the_same(text: str) -> None:
    for written in (
        unicodedata.normalize("NFD", text),
        text.upper(),
        text.replace("- ", "– "),
        text.replace("; - ", "\n- "),
        f"  {text}.",
        text.replace(" báo", "  báo\n"),
        text.replace("UBND", "Ủy ban nhân dân").replace("VP", "Văn phòng"),
        text.replace("UBND", "Uỷ ban nhân dân"),
    ):
        assert read_reporters(written, FUNCTIONS) == Reporters(*DECIDED[text])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sở TT&TT báo cáo", ("", "tttt", True)),
        ("Sở LĐ-TB&XH báo cáo", ("", "ld_tbxh", True)),
        ("Sở Lao động, Thương binh & Xã hội báo cáo", ("", "ld_tbxh", True)),
        ("Văn phòng UBND tỉnh báo cáo", ("", "vp_ubnd", True)),
        # Said twice, it is still one body alone.
        ("- Sở Nội vụ báo cáo; - Sở Nội vụ tổng hợp", ("", "noi_vu", True)),
        # Names of after the mergers of 2025.
        ("Sở Nông nghiệp và Môi trường báo cáo", ("", "tn_mt", True)),
        ("Sở Dân tộc và Tôn giáo báo cáo", ("", "ban_dan_toc", True)),
        ("UBND cấp xã", ("xa", "", False)),
        ("UBND cấp huyện, cấp xã báo cáo", ("huyen xa", "", False)),
        ("Các sở, ban, ngành và UBND các xã, phường báo cáo", ("so xa", "", False)),
        # Kinds in their own order, then functions in the order of the text.
        (
            "UBND cấp xã; Sở Tư pháp; Sở Nội vụ; Cơ quan ngành dọc",
            ("nganh_doc xa tu_phap noi_vu", "", False),
        ),
        ("Sở Tư pháp, Sở Nội vụ báo cáo", ("tu_phap noi_vu", "", False)),
        # Who sums up for the province does so only in its own clause.
        ("- Sở Xây dựng - Sở Nội vụ tổng hợp, báo cáo", ("xay_dung", "noi_vu", False)),
        (
            "Sở Xây dựng,\nSở Tài chính báo cáo số liệu toàn tỉnh\nUBND cấp xã",
            ("xa", "xay_dung tai_chinh", False),
        ),
        ("Sở Nội vụ báo cáo. UBND cấp xã báo cáo.", ("xa noi_vu", "", False)),
        # Several for the province and nobody else: it is theirs alone.
        (
            "Sở Xây dựng, Sở Tài chính báo cáo số liệu của tỉnh",
            ("xay_dung tai_chinh", "xay_dung tai_chinh", False),
        ),
    ],
)
def test_other_words_for_the_same_bodies(text: str, expected: tuple[str, str, bool]) -> None:
    assert read_reporters(text, FUNCTIONS) == Reporters(*expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " - ",
        "Không phát sinh",
        "Chưa phát sinh mới",
        "Dự kiến Quý IV/2021",
        "Tháng 9 dự kiến được đánh giá vào đầu Quý IV",
        "TT nhập quốc tịch Việt Nam yêu cầu nộp trực tiếp tại cơ quan tiếp nhận",
        "(gồm 22 biên chế người làm việc và 03 HĐLĐ 68)",
        # Bodies are named, but not as those who report.
        "Quyết định số 15/QĐ-STP ngày 19/01/2021 ban hành Kế hoạch CCHC năm 2021 của Sở Tư pháp.",
        "Sở Nội vụ đã có văn bản hướng dẫn",
        "UBND cấp xã báo cáo Sở Nội vụ",
        # One of the bodies is unknown: to read only the others would leave it out.
        "Sở Y tế báo cáo",
        "Sở Nội vụ, Sở Y tế báo cáo",
        "- Sở Nội vụ báo cáo - Sở Y tế báo cáo",
        "- Sở Y tế báo cáo; - UBND cấp huyện báo cáo",
        "Cơ quan chuyên môn cấp huyện báo cáo",
        # The mark that stands for a known body inside the reader.
        "⟨noi_vu⟩ báo cáo",
    ],
)
def test_what_is_not_wholly_understood_says_nothing(text: str) -> None:
    assert read_reporters(text, FUNCTIONS) == SAYS_NOTHING


def test_only_the_names_given_are_known() -> None:
    assert read_reporters("Sở Nội vụ báo cáo", ()) == SAYS_NOTHING
    nameless = {"code": "noi_vu", "name": "Nội vụ", "called": ""}
    assert read_reporters("Sở Nội vụ báo cáo", [nameless]) == SAYS_NOTHING
    assert read_reporters("UBND cấp huyện báo cáo", [nameless]).asked == "huyen"


def rows(*lines: str) -> list[dict[str, str]]:
    """Return rows of which only key, parent, kind and the last column matter."""
    columns = ("key", "parent", "kind", "who_reports")
    return [blank_row(**dict(zip(columns, line.split("|"), strict=True))) for line in lines]


def test_an_empty_cell_takes_over_the_cell_merged_with_it() -> None:
    table = rows(
        "1||heading|Mọi người",
        "1.1|1|heading|",
        "1.1.a|1.1|count|",
        "1.1.b|1.1|count|Sở A",
        "1.1.c|1.1|count|",
        "1.1.d|1.1|count|UBND",
        "1.1.e|1.1|count|",
        "1.1.e.x|1.1.e|count|",
        "1.2|1|count|",
        "2||heading|",
        "2.1|2|heading|Sở A",
        "2.1.a|2.1|count|",
        "2.2|2|count|",
        "2.3|2|heading|",
    )  # fmt: skip
    assert handed_down(table) == [
        "Mọi người", "Mọi người", "Mọi người", "Sở A", "Sở A", "UBND", "UBND", "UBND",
        "Mọi người", "", "Sở A", "Sở A", "", "",
    ]  # fmt: skip
