"""A list of agencies brought in a file: told what is wrong, previewed, written whole or not."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from indicators.catalogue.cells import BadFile
from indicators.kinds import AgencyKind
from reporting.actions.agency_files import Brought, judge_again, judge_file, take_in
from reporting.documents.agencies import agencies_file, blank_agencies_file
from reporting.documents.formats.listing import Listing, render_listing
from reporting.models import Agency, RecordLine, User
from reporting.refusals import AgencyUnfit, NotYours, StaleAgencies
from reporting.roster.columns import COLUMNS, TITLES, write_csv
from reporting.roster.comparison import compare
from reporting.roster.problems import Known, completed, faults_in
from reporting.roster.reading import read_roster
from reporting.roster.tree import line_up, why_misplaced
from tests.cast import agency

HEAD = "mã;tên;loại;mã cấp trên"
KNOWN = Known("MH", {}, frozenset({"noi_vu", "tu_phap"}))


def told(text: str, known: Known = KNOWN) -> list[tuple[int, str, str, str]]:
    """Return what is wrong with a list, without what to do."""
    roster = read_roster("ds.csv", text.encode())
    return [
        (fault.line, fault.column, fault.found, fault.expected)
        for fault in faults_in(roster, known)
    ]


def line(code: str, **values: str) -> dict[str, str]:
    usual = {"code": code, "name": f"Xã {code}", "kind": "xa", "parent": "MH"}
    return {**dict.fromkeys(COLUMNS, ""), **usual, **values}


# Reading, without a database


def test_headings_and_words_are_read_as_people_write_them() -> None:
    text = (
        "\ufeffDanh sách đơn vị;;;;;;;;;;\n\n"
        "MÃ;Tên;loại;Mã cấp trên;Chức năng;Địa bàn;Địa danh;Chức danh người ký;Lãnh đạo ký;"
        "Hoạt động từ;Hoạt động đến\n"
        "MH.A ;  Sở   A;SỞ, BAN, NGÀNH;MH;noi_vu, tu_phap;Bắc;Nha Trang;KT. GIÁM ĐỐC | PHÓ GIÁM"
        " ĐỐC;Có;1/7/2025;31/12/2026\n;;;;;;;;;;\n"
    )
    roster = read_roster("ds.csv", text.encode())
    assert faults_in(roster, KNOWN) == []
    assert roster.numbers == [4]
    assert roster.lines == [
        {
            "code": "MH.A",
            "name": "Sở A",
            "kind": "so",
            "parent": "MH",
            "functions": "noi_vu tu_phap",
            "area": "Bắc",
            "place": "Nha Trang",
            "signer_title": "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC",
            "wants_signature": "1",
            "valid_from": "01/07/2025",
            "valid_to": "31/12/2026",
        }
    ]


def test_letters_are_kept_in_one_spelling() -> None:
    text = unicodedata.normalize("NFD", f"{HEAD}\nMH.A;Sở Nội vụ;so;MH\n")
    assert read_roster("ds.csv", text.encode()).lines[0]["name"] == "Sở Nội vụ"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (";Sở A;so;MH", [(2, "Mã", "", "mã của đơn vị, không để trống")]),
        ("MH.A;;so;MH", [(2, "Tên", "", "tên đơn vị, không để trống")]),
        (
            "Xã A;Xã A;xa;MH",
            [(2, "Mã", "Xã A", "chữ không dấu, số, các dấu . _ - ở giữa, ví dụ MH.X001")],
        ),
        (
            "MH.A;A;thôn;MH",
            [
                (
                    2,
                    "Loại",
                    "thôn",
                    "một trong: Sở, ban, ngành; Cơ quan ngành dọc; UBND cấp huyện; UBND cấp xã;"
                    " Cơ quan khác",
                )
            ],
        ),
        ("MH.A;A;tinh;MH", [(2, "Loại", "Tỉnh", "một trong: Sở, ban, ngành;")]),
        (
            "MH.A;A;so;MH\nMH.B;B;so;MH\nMH.A;C;so;MH",
            [(4, "Mã", "MH.A", "mỗi mã một dòng; mã này đã có ở dòng 2")],
        ),
        ("MH;Tỉnh;so;MH", [(2, "Mã", "MH", "đơn vị thuộc tỉnh; đây là mã của chính tỉnh")]),
        (
            "MH.A;A;so;MH.K",
            [(2, "Mã cấp trên", "MH.K", "mã của một đơn vị trong tỉnh hoặc trong tệp, hoặc MH")],
        ),
        ("MH.A;A;so;", [(2, "Mã cấp trên", "", "mã của một đơn vị trong tỉnh")]),
        ("MH.A;A;so;MH.A", [(2, "Mã cấp trên", "MH.A", "Đơn vị không thể là cấp trên")]),
        (
            "MH.A;A;so;MH.B\nMH.B;B;so;MH.A",
            [
                (2, "Mã cấp trên", "MH.B", "Đơn vị không thể là cấp trên"),
                (3, "Mã cấp trên", "MH.A", "Đơn vị không thể là cấp trên"),
            ],
        ),
        (
            "MH.A;A;huyen;MH\nMH.B;B;xa;MH.A\nMH.C;C;khac;MH.B",
            [(4, "Mã cấp trên", "MH.B", "Cây đơn vị có nhiều nhất ba cấp")],
        ),
    ],
)
def test_each_fault_says_its_line_column_what_was_found_and_what_is_expected(
    lines: str, expected: Sequence[tuple[int, str, str, str]]
) -> None:
    found = told(f"{HEAD}\n{lines}\n")
    assert [one[:3] for one in found] == [one[:3] for one in expected]
    for one, other in zip(found, expected, strict=True):
        assert one[3].startswith(other[3])


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        ("Chức năng", "noi_vu la_la", "mã trong danh mục chức năng; không có la_la"),
        ("Lãnh đạo ký", "chắc là có", "có hoặc không"),
        ("Hoạt động từ", "31/02/2025", "ngày/tháng/năm, từ 1945 đến 2100"),
        ("Hoạt động từ", "2025-07-01", "ngày/tháng/năm"),
        ("Hoạt động từ", "01/07/0025", "ngày/tháng/năm"),
        ("Địa bàn", "x" * 81, "nhiều nhất 80 chữ; ô này có 81"),
        ("Ghi chú", "x", "một trong các cột: Mã, Tên"),
        ("Mã", "MH.B", "một trong các cột"),
        ("", "x", "tiêu đề ở đầu cột"),
    ],
)
def test_faults_of_the_other_columns(column: str, text: str, expected: str) -> None:
    [(number, _, _, said)] = told(f"{HEAD};{column}\nMH.A;A;so;MH;{text}\n")
    assert said.startswith(expected)
    assert number == (1 if column in {"Ghi chú", "Mã"} else 2)


def test_the_last_day_comes_after_the_first() -> None:
    text = f"{HEAD};hoạt động từ;hoạt động đến\nMH.A;A;so;MH;02/07/2025;01/07/2025\n"
    assert told(text) == [(2, "Hoạt động đến", "01/07/2025", "từ ngày 02/07/2025 trở đi")]


def test_a_line_is_blamed_that_pushes_those_below_it_too_deep() -> None:
    tree = {
        "MH.H": line("MH.H", kind="huyen"),
        "MH.H.X": line("MH.H.X", parent="MH.H"),
        "MH.G": line("MH.G", kind="huyen"),
    }
    known = Known("MH", tree, frozenset())
    found = told(f"{HEAD}\nMH.H;H;huyen;MH.G\nMH.G;G;huyen;MH\n", known)
    assert [one[:3] for one in found] == [(2, "Mã cấp trên", "MH.G")]


def test_500_lines_with_three_bad_ones_tell_exactly_these() -> None:
    lines = [f"MH.X{number};Xã {number};UBND cấp xã;MH" for number in range(500)]
    lines[17] = "MH.X17;Xã 17;UBND xã;MH"
    lines[250] = "MH.X249;Xã 250;UBND cấp xã;MH"
    lines[499] = "MH.X499;;UBND cấp xã;MH"
    found = told("\n".join([HEAD, *lines]))
    assert [one[:2] for one in found] == [(19, "Loại"), (252, "Mã"), (501, "Tên")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "trống"),
        ("mã;tên\nA;B\n".encode(), "không có dòng tiêu đề nào đủ các cột «Mã», «Tên»"),
        (f"{HEAD}\n".encode(), "không có đơn vị nào dưới dòng tiêu đề"),
        (b"%PDF-1.7", "là tệp PDF"),
        ("\n".join([HEAD, *["A;B;so;MH"] * 1001]).encode(), "nhiều nhất 1000"),
    ],
)
def test_a_file_that_is_no_list_is_told_in_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(BadFile, match=sentence):
        read_roster("ds.csv", content)


def test_a_formula_is_no_value() -> None:
    workbook = render_listing(
        Listing("Đơn vị", "Đơn vị", [], [(TITLES[name], 10) for name in COLUMNS[:4]], [])
    )
    book = load_workbook(BytesIO(workbook))
    for place, value in enumerate(("MH.A", "=1+1", "so", "MH"), start=1):
        book.worksheets[0].cell(4, place).value = value
    target = BytesIO()
    book.save(target)
    roster = read_roster("ds.xlsx", target.getvalue())
    assert [(fault.line, fault.column) for fault in roster.faults] == [(4, "Tên")]


words = st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=30).map(
    lambda text: " ".join(unicodedata.normalize("NFC", text).split())
)


@given(st.lists(st.tuples(words, words, words, st.booleans()), min_size=1, max_size=8))
def test_a_list_written_and_read_again_is_the_same(
    values: Sequence[tuple[str, str, str, bool]],
) -> None:
    lines = [
        line(
            f"MH.{number}",
            name=name or "A",
            area=area,
            place=place,
            wants_signature="1" if signs else "",
            signer_title="TM. UBND\nCHỦ TỊCH",
            valid_from="01/07/2025",
        )
        for number, (name, area, place, signs) in enumerate(values)
    ]
    again = read_roster("ds.csv", write_csv(lines).encode())
    assert compare(completed(again, KNOWN), {one["code"]: one for one in lines}).is_empty


def test_lines_up_the_tree() -> None:
    parents = {"tinh": None, "huyen": "tinh", "xa": "huyen", "thon": "xa", "a": "b", "b": "a"}
    assert line_up("thon", parents) == ["thon", "xa", "huyen", "tinh"]
    assert [bool(why_misplaced(one, parents)) for one in ("xa", "thon", "a")] == [
        False,
        True,
        True,
    ]


# Judging and writing


@pytest.fixture
def province(minh_hoa: Agency, so_cong_thuong: Agency, so_noi_vu: Agency) -> Agency:
    district = agency("MH.H1", "UBND huyện Sơn Tây", AgencyKind.DISTRICT, minh_hoa)
    commune = agency("MH.H1.X1", "UBND xã Sơn Liên", AgencyKind.COMMUNE, district)
    commune.valid_from, commune.area = date(2020, 1, 1), "Sơn Tây"
    commune.signer_title = "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH"
    commune.save()
    return minh_hoa


def text_of(*lines: Mapping[str, str]) -> bytes:
    return write_csv(lines).encode()


def previewed(province: Agency, content: bytes) -> Brought:
    judged = judge_file(province=province, file_name="ds.csv", content=content)
    assert judged.faults == []
    return judged.brought


NEW = (
    line("MH.H2.X1", name="UBND xã Hai", parent="MH.H2", valid_from="01/07/2025"),
    line("MH.H2", name="UBND huyện Hai", kind="huyen"),
    line("MH.SCT", name="Sở Công Thương", kind="so", place="Minh Họa", area="Tỉnh lỵ"),
)


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
def test_what_was_taken_out_and_brought_back_changes_nothing(
    province: Agency, quantri: User, extension: str
) -> None:
    file = agencies_file(province, extension, by=quantri)
    judged = judge_file(province=province, file_name=file.name, content=file.content)
    assert judged.faults == []
    assert judged.comparison is not None
    assert judged.comparison.is_empty
    assert (judged.comparison.same, judged.comparison.absent) == (4, 0)


def test_the_blank_workbook_has_the_columns_and_no_agency(province: Agency) -> None:
    with pytest.raises(BadFile, match="không có đơn vị nào dưới dòng tiêu đề"):
        read_roster("mau.xlsx", blank_agencies_file(province).content)


def test_new_agencies_and_changes_are_written_with_their_record(
    province: Agency, hanh: User
) -> None:
    content = text_of(*NEW)
    done = take_in(province=province, brought=previewed(province, content), by=hanh)
    assert ([one["code"] for one in done.new], len(done.changed)) == (["MH.H2.X1", "MH.H2"], 1)
    commune = Agency.objects.select_related("parent").get(code="MH.H2.X1")
    assert commune.parent is not None
    assert (commune.parent.code, commune.valid_from) == ("MH.H2", date(2025, 7, 1))
    department = Agency.objects.get(code="MH.SCT")
    assert (department.area, department.signer_title) == ("Tỉnh lỵ", "")
    why = f"Theo tệp ds.csv, SHA-256 {sha256(content).hexdigest()}"
    whole = RecordLine.objects.get(act="import")
    assert (whole.what, whole.reason, whole.by, whole.province) == (
        "nạp danh sách đơn vị từ tệp ds.csv: 2 đơn vị mới, 1 đơn vị thay đổi",
        why,
        hanh,
        province,
    )
    [of_one] = RecordLine.objects.filter(agency=department, act="change")
    assert of_one.changes == [
        {"label": "Địa bàn", "before": "trống", "after": "Tỉnh lỵ"},
        {"label": "Chức danh người ký", "before": "GIÁM ĐỐC", "after": "trống"},
    ]
    assert of_one.reason == why
    assert RecordLine.objects.filter(agency=commune, act="enter").count() == 1


def test_an_agency_that_is_there_is_moved_below_a_new_one(province: Agency, hanh: User) -> None:
    content = text_of(
        line("MH.H1.X1", name="UBND xã Sơn Liên", parent="MH.H2"),
        line("MH.H2", name="UBND huyện Hai", kind="huyen"),
    )
    take_in(province=province, brought=previewed(province, content), by=hanh)
    assert Agency.objects.get(code="MH.H1.X1").parent == Agency.objects.get(code="MH.H2")


def test_columns_that_the_file_lacks_stay(province: Agency, hanh: User) -> None:
    content = f"{HEAD}\nMH.H1.X1;UBND xã Sơn Liên Mới;xa;MH.H1\n".encode()
    take_in(province=province, brought=previewed(province, content), by=hanh)
    kept = Agency.objects.get(code="MH.H1.X1")
    assert (kept.name, kept.area, kept.valid_from) == (
        "UBND xã Sơn Liên Mới",
        "Sơn Tây",
        date(2020, 1, 1),
    )


@pytest.mark.parametrize("number", [1, 40])
def test_judging_and_writing_many_takes_as_many_queries_as_one(
    province: Agency,
    hanh: User,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    by = User.objects.get(pk=hanh.pk)
    lines = [line(f"MH.Z{place}", parent="MH.Z") for place in range(number)]
    lines += [line("MH.Z", kind="huyen"), line("MH.H1", kind="huyen", name="UBND huyện Khác")]
    content = text_of(*lines)
    with django_assert_num_queries(4):  # the tree and its mark, the tree as lines, functions, codes
        brought = previewed(province, content)
    with django_assert_num_queries(15):
        take_in(province=province, brought=brought, by=by)
    assert Agency.objects.filter(parent__code="MH.Z").count() == number


def test_nothing_is_written_where_one_line_is_bad(province: Agency) -> None:
    lines = [line(f"MH.X{number}") for number in range(500)]
    for place in (3, 77, 498):
        lines[place]["kind"] = "thôn"
    judged = judge_file(province=province, file_name="ds.csv", content=text_of(*lines))
    assert [fault.line for fault in judged.faults] == [5, 79, 500]
    assert (judged.comparison, judged.brought.text) == (None, "")
    assert not Agency.objects.filter(code="MH.X1").exists()


@pytest.mark.parametrize("code", ["TK.SCT", "tk.sct", "mh.sct"])
def test_a_code_of_another_agency_is_told_in_whatever_case(
    province: Agency, so_khac: Agency, code: str
) -> None:
    """The database tells no two codes apart by case; the preview must say it first."""
    judged = judge_file(
        province=province, file_name="ds.csv", content=text_of(line(code, kind="so"))
    )
    [fault] = judged.faults
    assert fault.expected == (
        "mã chưa dùng; một đơn vị khác đang mang mã này (chữ hoa, chữ thường coi là một)"
    )


def test_a_code_twice_in_two_cases_and_the_province_in_another_are_told(province: Agency) -> None:
    content = text_of(line("MH.Z1"), line("mh.z1"), line("mh", name="Tỉnh"))
    judged = judge_file(province=province, file_name="ds.csv", content=content)
    assert [(fault.line, fault.expected) for fault in judged.faults] == [
        (3, "mỗi mã một dòng; mã này đã có ở dòng 2"),
        (4, "đơn vị thuộc tỉnh; đây là mã của chính tỉnh"),
    ]


def test_a_tree_that_changed_after_the_preview_is_told_and_compared_anew(
    province: Agency, hanh: User
) -> None:
    brought = previewed(province, text_of(*NEW))
    Agency.objects.filter(code="MH.SCT").update(area="Tỉnh lỵ", signer_title="")
    with pytest.raises(StaleAgencies, match="đã thay đổi sau khi"):
        take_in(province=province, brought=brought, by=hanh)
    assert not Agency.objects.filter(code="MH.H2").exists()
    again = judge_again(province=province, brought=brought)
    assert again.comparison is not None
    assert (len(again.comparison.new), len(again.comparison.changed)) == (2, 0)
    take_in(province=province, brought=again.brought, by=hanh)
    assert Agency.objects.filter(code="MH.H2").exists()


def test_what_was_taken_in_is_not_taken_in_again(province: Agency, hanh: User) -> None:
    take_in(province=province, brought=previewed(province, text_of(*NEW)), by=hanh)
    lines = RecordLine.objects.count()
    with pytest.raises(AgencyUnfit, match="không thay đổi gì"):
        take_in(province=province, brought=previewed(province, text_of(*NEW)), by=hanh)
    assert RecordLine.objects.count() == lines


@pytest.mark.parametrize("who", ["khac", "dat", "hoa"])
def test_only_the_reviewer_of_the_province_brings_a_list(
    province: Agency, who: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(who)
    with pytest.raises(NotYours):
        take_in(province=province, brought=previewed(province, text_of(*NEW)), by=by)
    assert not Agency.objects.filter(code="MH.H2").exists()
