"""Tables as they come out of Word and Excel when somebody copies and pastes them."""

import unicodedata
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.catalogue.printed import PrintedLine, PrintedTable, read_pasted
from indicators.catalogue.written import Line
from tests.indicators.catalogue.books import FORMS, form

HEADING = (
    "STT\tChỉ tiêu thống kê\tKết quả thống kê\t\tCơ quan thực hiện",
    "\t\tĐơn vị tính\tSố liệu\t",
)
BREAK = ("", *HEADING)
TAGS = {"bold": "b", "italic": "i"}
ROWS_ON_A_PAGE = 12


def texts(table: PrintedTable) -> list[tuple[str, str, str, str]]:
    return [(line.stt, line.label, line.unit, line.last) for line in table.lines]


def read(*lines: str) -> list[tuple[str, str, str, str]]:
    return texts(read_pasted("\n".join(lines)))


def labels(*lines: str) -> list[str]:
    return [label for _, label, _, _ in read(*lines)]


def cut(text: str) -> tuple[str, str]:
    """Cut a text where a page may end: before a word in small letters, near its middle."""
    words = text.split(" ")
    places = [place for place, word in enumerate(words) if place and word[:1].islower()]
    place = min(places, key=lambda place: abs(place - len(words) // 2), default=len(words))
    return " ".join(words[:place]), " ".join(words[place:])


def pages(rows: Sequence[Line]) -> Iterator[str]:
    """Print a form as its paper is: the headings on every page, rows cut by the page's end,
    figures filled in, emphasis as tags."""
    yield from ("Phụ lục 2", "TIÊU ĐỀ", "", *HEADING)
    for place, row in enumerate(rows, start=1):
        tag = TAGS.get(row["emphasis"])
        label, unit, last = row["label"], row["unit"], row["who_reports"]
        figure = "5.356" if unit else ""
        if place % ROWS_ON_A_PAGE or tag:
            label = f"<{tag}>{label}</{tag}>" if tag else label
            yield "\t".join((row["stt"], label, unit, figure, last))
            continue
        (label, more), (last, last_more) = cut(label), cut(last)
        yield "\t".join((row["stt"], label, unit, figure, last))
        yield from BREAK
        if more or last_more:
            yield "\t".join(("", more, "", "", last_more))


@pytest.mark.parametrize("code", FORMS)
def test_a_form_pasted_as_its_paper_prints_it_is_read_row_by_row(code: str) -> None:
    rows = form(code)[0].rows
    table = read_pasted("\n".join(pages(rows)))
    assert table.above == ("Phụ lục 2", "TIÊU ĐỀ")
    assert (table.label_heading, table.last_heading) == ("Chỉ tiêu thống kê", "Cơ quan thực hiện")
    assert [
        (line.stt, line.label, line.unit, line.last, line.bold, line.italic) for line in table.lines
    ] == [
        (
            row["stt"],
            row["label"],
            row["unit"],
            row["who_reports"],
            row["emphasis"] == "bold",
            row["emphasis"] == "italic",
        )
        for row in rows
    ]


def test_pages_are_cut_within_rows() -> None:
    """The test above would prove little of forms whose rows all end with the page."""
    printed = list(pages(form("PL2-KH-2022")[0].rows))
    after = [printed[place + 2] for place, line in enumerate(printed[:-2]) if line == HEADING[0]]
    assert sum(line.startswith("\t") and "\t-" not in line for line in after) > 10


@pytest.mark.parametrize(
    ("above", "below", "together"),
    [
        (
            "\t- Tỷ lệ ĐVSNCL đã cắt giảm so với năm\t%\t0\t- Cơ quan chuyên môn cấp tỉnh",
            "\t2015\t\t\t- UBND cấp huyện",
            (
                "",
                "- Tỷ lệ ĐVSNCL đã cắt giảm so với năm 2015",
                "%",
                "- Cơ quan chuyên môn cấp tỉnh - UBND cấp huyện",
            ),
        ),
        (
            "3.4.3.\tSố TTHC cho phép nộp hồ sơ trực tuyến.\tThủ tục\t\t- Sở Nội vụ báo",
            "\tTrong đó:\t\t\tcáo số liệu của tỉnh",
            (
                "3.4.3.",
                "Số TTHC cho phép nộp hồ sơ trực tuyến. Trong đó:",
                "Thủ tục",
                "- Sở Nội vụ báo cáo số liệu của tỉnh",
            ),
        ),
        (
            "7.2.\tHệ thống họp trực tuyến Liên thông 2 cấp: UBND các\tChưa có = 0\t\t",
            "\t<i>huyện</i> <i>Liên thông 3 cấp</i>\t2 cấp = 1 3 cấp = 2\t\t",
            (
                "7.2.",
                "Hệ thống họp trực tuyến Liên thông 2 cấp: UBND các huyện Liên thông 3 cấp",
                "Chưa có = 0 2 cấp = 1 3 cấp = 2",
                "",
            ),
        ),
        (
            "7.1.\tCập nhật Kiến trúc\tChưa = 0 Hoàn thành\t\t",
            "\t\t= 1\t\t",
            ("7.1.", "Cập nhật Kiến trúc", "Chưa = 0 Hoàn thành = 1", ""),
        ),
        (
            "3.4.7.3.\tHồ sơ\t%\t26%\t- Sở Nội vụ tổng hợp, báo cáo",
            "\t\t\t\t- Các cơ quan, đơn vị",
            ("3.4.7.3.", "Hồ sơ", "%", "- Sở Nội vụ tổng hợp, báo cáo - Các cơ quan, đơn vị"),
        ),
        (
            "\t- Số TTHC cấp tỉnh + Quản lý luật sư: 14;\tThủ tục\t115\t",
            "\t+ Giám định tư pháp: 8\t\t\t",
            ("", "- Số TTHC cấp tỉnh + Quản lý luật sư: 14; + Giám định tư pháp: 8", "Thủ tục", ""),
        ),
    ],
)
def test_a_row_that_a_page_cut_in_two_is_one_row(
    above: str, below: str, together: tuple[str, str, str, str]
) -> None:
    assert read(*HEADING, above, *BREAK, below) == [together]


def test_a_row_cut_without_headings_between_is_one_row() -> None:
    assert labels(*HEADING, "1.\tTỷ lệ hồ sơ\t%\t\t", "\t(lũy kế từ đầu năm)\t\t\t") == [
        "Tỷ lệ hồ sơ (lũy kế từ đầu năm)"
    ]


@pytest.mark.parametrize(
    "below",
    [
        "\t- Số hồ sơ đã giải quyết\t\t\t",
        "\tCải cách thể chế\t\t\t",
        "\tSố TTHC cấp huyện:\tThủ tục\t\t",
        "\ta) Số hồ sơ trực tiếp\t\t\t",
        "\tsố hồ sơ trực tiếp\t\t5\t",
        "1.2\tsố hồ sơ trực tiếp\t\t\t",
        "Trong đó\tsố hồ sơ trực tiếp\t\t\t",
    ],
)
def test_a_row_of_its_own_is_not_joined_to_the_one_above(below: str) -> None:
    assert len(read(*HEADING, "1.1.\tTổng số\tHồ sơ\t\t", *BREAK, below)) == 2


def test_the_numbers_of_the_columns_below_the_headings_are_no_row() -> None:
    assert labels(*HEADING, "(1)\t(2)\t(3)\t(4)\t(5)", "1.\tMục một\t\t\t") == ["Mục một"]
    assert labels(*HEADING, "A\tB\t1\t2\t3", "1.\tMục một\t\t\t") == ["Mục một"]


@pytest.mark.parametrize(
    ("heading", "row", "expected"),
    [
        (
            "TT\tNội dung\tĐVT\tGhi chú",
            "1.\tSố hồ sơ\tHồ sơ\tSở Nội vụ",
            ("1.", "Số hồ sơ", "Hồ sơ", "Sở Nội vụ"),
        ),
        (
            "Số TT\tTên chỉ tiêu\tĐơn vị tính\tSố liệu\tKết quả kỳ trước",
            "1.\tSố hồ sơ\tHồ sơ\t5\t4",
            ("1.", "Số hồ sơ", "Hồ sơ", ""),
        ),
        (
            "Đơn vị tính\tSTT\tChỉ tiêu\tĐơn vị thực hiện",
            "Hồ sơ\t1.\tSố hồ sơ\tSở Nội vụ",
            ("1.", "Số hồ sơ", "Hồ sơ", "Sở Nội vụ"),
        ),
    ],
)
def test_the_columns_are_told_by_their_headings(
    heading: str, row: str, expected: tuple[str, str, str, str]
) -> None:
    assert read(heading, row) == [expected]


def test_who_reports_goes_before_remarks_and_figures_before_neither() -> None:
    table = read_pasted(
        "STT\tChỉ tiêu\tĐơn vị tính\tKế hoạch\tThực hiện\tCơ quan thực hiện\tGhi chú\n"
        "1.\tSố hồ sơ\tHồ sơ\t5\t4\tSở Nội vụ\tDự kiến"
    )
    assert (table.last_heading, texts(table)) == (
        "Cơ quan thực hiện",
        [("1.", "Số hồ sơ", "Hồ sơ", "Sở Nội vụ")],
    )


def test_a_column_of_figures_is_not_taken_for_the_last_column() -> None:
    table = read_pasted("STT\tChỉ tiêu\tĐơn vị tính\tKết quả kỳ trước\n1.\tSố hồ sơ\tHồ sơ\t4")
    assert (table.last_heading, texts(table)) == ("", [("1.", "Số hồ sơ", "Hồ sơ", "")])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("1.\tSố hồ sơ", ("1.", "Số hồ sơ", "", "")),
        ("1.\tSố hồ sơ\tHồ sơ", ("1.", "Số hồ sơ", "Hồ sơ", "")),
        ("1.\tSố hồ sơ\tHồ sơ\tSở Nội vụ", ("1.", "Số hồ sơ", "Hồ sơ", "Sở Nội vụ")),
        ("1.\tSố hồ sơ\tHồ sơ\t5\tSở Nội vụ", ("1.", "Số hồ sơ", "Hồ sơ", "Sở Nội vụ")),
        ("1.\tSố hồ sơ\tHồ sơ\t5\t6\tSở Nội vụ", ("1.", "Số hồ sơ", "Hồ sơ", "Sở Nội vụ")),
    ],
)
def test_without_headings_the_columns_are_taken_in_the_order_of_papers(
    row: str, expected: tuple[str, str, str, str]
) -> None:
    second = row.replace("1.", "2.", 1)
    assert read("BIỂU SỐ LIỆU", row, second) == [expected, ("2.", *expected[1:])]
    assert read_pasted(f"BIỂU SỐ LIỆU\n{row}\n{second}").above == ("BIỂU SỐ LIỆU",)


def test_word_copies_each_paragraph_of_a_cell_as_a_line() -> None:
    assert read(
        "STT\tChỉ tiêu thống kê",
        "(Sử dụng hàng quý)\tKết quả thống kê\tGhi chú",
        "\t\tĐơn vị tính\tSố liệu\t",
        "1.6.\tKhảo sát\tKhông = 0",
        "Có = 1\t0\t- Sở Nội vụ báo cáo",
        "- UBND cấp huyện báo cáo",
        "1.7.\tSố hồ sơ\tHồ sơ\t\t",
    ) == [
        ("1.6.", "Khảo sát", "Không = 0 Có = 1", "- Sở Nội vụ báo cáo - UBND cấp huyện báo cáo"),
        ("1.7.", "Số hồ sơ", "Hồ sơ", ""),
    ]


def test_word_copies_its_own_bullets_and_numbers_with_a_tab() -> None:
    assert read(
        *HEADING,
        "1.\t\tMục một\t\t\t",
        "\t-\tSố hồ sơ\tHồ sơ\t5\tSở Nội vụ",
        "\t- Số phiếu\tPhiếu\t\t",
        "\t- Số buổi\tBuổi\t\t",
    ) == [
        ("1.", "Mục một", "", ""),
        ("", "- Số hồ sơ", "Hồ sơ", "Sở Nội vụ"),
        ("", "- Số phiếu", "Phiếu", ""),
        ("", "- Số buổi", "Buổi", ""),
    ]


def test_excel_puts_cells_with_line_breaks_into_quotation_marks() -> None:
    table = read_pasted(
        "STT\tChỉ tiêu\tĐơn vị tính\tGhi chú\r\n"
        '1.\t"Hệ thống ""một cửa""\r\nđiện tử"\t"Chưa = 0\nCó = 1"\t\r\n'
        '2.\t"Một cửa"\tHồ sơ\t\r\n'
    )
    assert texts(table) == [
        ("1.", 'Hệ thống "một cửa" điện tử', "Chưa = 0 Có = 1", ""),
        ("2.", '"Một cửa"', "Hồ sơ", ""),
    ]
    assert [line.place for line in table.lines] == ["dòng 2", "dòng 5"]


def test_a_heading_whose_cell_spans_the_table_is_a_row() -> None:
    assert read(
        *HEADING, "I. CẢI CÁCH THỂ CHẾ", "1.\tSố văn bản\tVăn bản\t\t", "Phần khác", "1.2. Mục hai"
    ) == [
        ("I.", "CẢI CÁCH THỂ CHẾ", "", ""),
        ("1.", "Số văn bản", "Văn bản", ""),
        ("", "Phần khác", "", ""),
        ("1.2.", "Mục hai", "", ""),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "\t\tKhánh Hòa, ngày 10 tháng 3 năm 2022\t\t",
        "\t\tKhánh Hòa, ngày    tháng    năm 2022\t\t",
        "\tNGƯỜI LẬP BIỂU\tTHỦ TRƯỞNG ĐƠN VỊ\t\t",
        "TM. ỦY BAN NHÂN DÂN",
        "Nơi nhận:",
    ],
)
def test_place_date_and_signatures_end_the_table(line: str) -> None:
    table = read_pasted("\n".join([*HEADING, "1.\tMục một\t\t\t", line, "\tKpã Đô\t\t\t"]))
    assert [row.label for row in table.lines] == ["Mục một"]
    assert table.below == (" ".join(line.replace("\t", " ").split()), "Kpã Đô")


@pytest.mark.parametrize(
    "note",
    [
        "Ghi chú: Số liệu tính từ ngày 15/12/2024.",
        "\tGhi chú: Số liệu tính từ ngày 15/12/2024.\t\t\t",
        "GHI CHÚ: Mục 1",
        "* Ghi chú: Mục 1",
        "<i>Chú thích</i>: Mục 1",
        "(*) Không gồm cấp xã",
        "(**)\tKhông gồm cấp xã\t\t\t",
    ],
)
def test_a_note_on_the_table_is_no_row_but_is_kept(note: str) -> None:
    more = ("- Số liệu lũy kế.", "\tKhông gồm ngành dọc.\t\t\t")
    rows = ("1.\tMục một\tHồ sơ\t5\tSở Nội vụ", note, *more, "2.\tMục hai\tHồ sơ\t\t")
    table = read_pasted("\n".join([*HEADING, *rows]))
    assert [line.label for line in table.lines] == ["Mục một", "Mục hai"]
    assert (table.lines[0].last, len(table.below)) == ("Sở Nội vụ", 3)
    assert table.below[1:] == ("- Số liệu lũy kế.", "Không gồm ngành dọc.")


@pytest.mark.parametrize(
    "row",
    [
        "2.\tGhi chú của đơn vị\t\t\t",
        "\tGhi chú của đơn vị\tÝ kiến\t\t",
        "\tGhi chú của đơn vị\t\t\tCác sở, ngành",
        "\tGhi chú của đơn vị\t\t5\t",
        "\tSố (*) đã duyệt\t\t\t",
    ],
)
def test_what_only_looks_like_a_note_stays_a_row(row: str) -> None:
    table = read_pasted("\n".join([*HEADING, "1.\tMục một\tHồ sơ\t\t", row]))
    assert (len(table.lines), table.below) == (2, ())


def test_the_rest_of_a_row_may_begin_with_the_word_for_a_note() -> None:
    assert labels(*HEADING, "1.\tCột\tHồ sơ\t\t", "\tghi chú của biểu\t\t\t") == [
        "Cột ghi chú của biểu"
    ]


def test_tags_are_looks_and_breaks_but_less_than_is_a_sign() -> None:
    table = read_pasted(
        "\n".join(
            (
                *HEADING,
                "<b>3</b>\t<b>Kiểm tra CCHC</b>\t\t\t",
                "\t<i>Liên thông</i><br><i>ba cấp</i>\tTừ <i>2</i> cấp\t\t",
                '\t<ul style="none"><li>- Tự chủ < 10% hoặc > 30%</li></ul>\tĐơn vị\t\t',
            )
        )
    )
    assert table.lines == (
        PrintedLine("3", "Kiểm tra CCHC", "", "", bold=True, place="dòng 3"),
        PrintedLine("", "Liên thông ba cấp", "Từ 2 cấp", "", italic=True, place="dòng 4"),
        PrintedLine("", "- Tự chủ < 10% hoặc > 30%", "Đơn vị", "", place="dòng 5"),
    )


def test_text_comes_out_composed_and_without_unseen_signs() -> None:
    decomposed = unicodedata.normalize("NFD", "Số hồ sơ đã giải quyết")
    assert labels(*HEADING, f"1.\t{decomposed}\u200b\u00a0đúng hạn\tHồ sơ\t\t") == [
        "Số hồ sơ đã giải quyết đúng hạn"
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "Không có bảng nào ở đây.", "Một dòng\nHai dòng"])
def test_a_text_without_a_table_has_no_rows(text: str) -> None:
    assert read_pasted(text).lines == ()


def test_another_table_above_does_not_stand_for_the_form() -> None:
    """A commune's report counts dossiers in a small table within its narrative."""
    table = read_pasted(
        "\n".join(
            (
                "STT\tNội dung\tSố hồ sơ",
                "1\tLĩnh vực đất đai\t00",
                "",
                *HEADING,
                "1.\tMục một\t\t\t",
                "1.1.\tSố hồ sơ\tHồ sơ\t\t",
            )
        )
    )
    assert [line.label for line in table.lines] == ["Mục một", "Số hồ sơ"]
    assert table.above == ("STT Nội dung Số hồ sơ", "1 Lĩnh vực đất đai 00")


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from('\t\t\t\n\n"1.-aĐ <b>STT%\r\x0b\x1f\u0300'), max_size=200))
def test_whatever_is_pasted_is_read_to_clean_lines(text: str) -> None:
    for line in read_pasted(text).lines:
        said = (line.stt, line.label, line.unit, line.last)
        assert any(said)
        assert all(part == " ".join(part.split()) for part in said)
        assert all(unicodedata.is_normalized("NFC", part) for part in said)
