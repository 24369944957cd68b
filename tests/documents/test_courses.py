"""The course of an indicator as pages tell it: pictures, tables, changes in words."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from indicators.kinds import AcrossAgencies, AcrossPeriods
from reporting.calculations.courses import Reading
from reporting.documents.courses import change, course, every_year, sparkle
from tests.reporting.pictures.drawn import Drawn
from tests.reporting.readings import CHOICE, COUNT, RATE, in_quarter, in_year, reading

Q1_25, Q3_25 = in_quarter(1, 2025), in_quarter(3, 2025)
Q1_26, Q3_26 = in_quarter(1, 2026), in_quarter(3, 2026)


def address(one: Reading) -> str:
    return f"/dot/{one.moment.code}/?bieu={one.place.layout.code}&dong={one.total.row.key}"


def drawn(found: Sequence[Reading]) -> Drawn:
    return Drawn(course("d", "Chỉ tiêu", found, address).svg)


def test_points_are_the_printed_figures_with_what_they_stand_on() -> None:
    found = [
        reading(Q1_25, of=RATE, parts=(1, 3)),
        reading(Q3_25, of=RATE, parts=(2, 3), stands_on=(2, 3)),
    ]
    picture = drawn(found)
    assert picture.told[:2] == [
        "quý I năm 2025: 33,33 % (3/3 đơn vị)",
        "quý III năm 2025: 66,67 % (2/3 đơn vị)",
    ]
    assert len(picture.all("circle", "partial")) == 2  # the point, the legend
    [first, _] = picture.all("a")
    assert first.get("href") == "/dot/2025-Q1/?bieu=THU-1&dong=1.2"


def test_the_table_has_the_newest_first_with_parts_and_coverage() -> None:
    figure = course(
        "d",
        "Chỉ tiêu",
        [reading(Q1_25, of=RATE, parts=(1, 3)), reading(Q3_25, of=RATE)],
        address,
    )
    assert list(figure.head) == [
        "Kỳ báo cáo",
        "Số liệu",
        "Tử số/mẫu số",
        "Đã cộng",
        "Biểu mẫu, dòng",
    ]
    assert [[cell.text for cell in line] for line in figure.rows] == [
        ["quý III năm 2025", "chưa có số", "", "3/3 đơn vị", "THU-1, 1.2"],
        ["quý I năm 2025", "33,33 %", "1/3", "3/3 đơn vị", "THU-1, 1.2"],
    ]
    assert figure.rows[0][1].href == "/dot/2025-Q3/?bieu=THU-1&dong=1.2"


def test_what_stands_instead_of_a_number_is_told_apart() -> None:
    found = [
        reading(Q1_25, of=RATE, parts=(0, 0)),
        reading(Q3_25, of=RATE, all_nil=True),
        reading(Q1_26, of=RATE, stands_on=(0, 3)),
    ]
    picture = drawn(found)
    assert picture.lines == []
    assert picture.description == "Chưa có số liệu của kỳ nào."
    picture = drawn([*found, reading(in_quarter(3, 2026), of=RATE, parts=(1, 2))])
    assert picture.told[:3] == [
        "quý I năm 2025: mẫu số bằng 0 (3/3 đơn vị)",
        "quý III năm 2025: không phát sinh (3/3 đơn vị)",
        "quý I năm 2026: chưa có số (0/3 đơn vị)",
    ]


def test_another_layout_is_marked_and_joined() -> None:
    picture = drawn([reading(Q1_25, "1"), reading(Q3_25, "2", form=2)])
    assert picture.lines == [2]
    assert picture.words("mark") == ["THU-2"]


def test_another_meaning_breaks_the_line() -> None:
    picture = drawn([reading(Q1_25, "1", meaning=1), reading(Q3_25, "2")])
    assert picture.lines == []
    said = "Đứt chuỗi số liệu từ quý III năm 2025: trước: 1.1 Dòng 1.1."
    assert said in picture.description


def test_figures_are_compared_on_one_side_of_a_break_alone() -> None:
    older = reading(Q1_25, "900", meaning=1)
    found = [older, reading(Q3_25, "2"), reading(Q1_26, "1")]
    description = drawn(found).description
    assert "Cao nhất từ quý III năm 2025: 2 Hồ sơ (quý III năm 2025)." in description
    assert "900" not in description


IN_MILLIONS, IN_BILLIONS = (replace(COUNT, unit=unit) for unit in ("Triệu đồng", "Tỷ đồng"))


def test_what_was_measured_in_another_unit_stands_in_the_table_alone() -> None:
    found = [
        reading(in_quarter(1, 2024), "5000", of=IN_MILLIONS),
        reading(Q1_25, "6000", of=IN_MILLIONS),
        reading(Q3_25, "7", of=IN_BILLIONS),
        reading(Q1_26, "5", of=IN_BILLIONS, form=2),
    ]
    figure = course("d", "Kinh phí", found, address)
    picture = Drawn(figure.svg)
    assert picture.description == (
        "2 kỳ, từ quý III năm 2025 đến quý I năm 2026. Mới nhất: 5 Tỷ đồng (quý I năm 2026)."
        " Cao nhất: 7 Tỷ đồng (quý III năm 2025). Thấp nhất: 5 Tỷ đồng (quý I năm 2026)."
        " Biểu mẫu THU-2 từ quý I năm 2026."
    )
    assert not any("000" in words for words in picture.written)
    assert figure.note == ("Các kỳ trước ghi bằng triệu đồng, có trong bảng, không vẽ chung.")
    assert [cell.text for cell in figure.rows[-1]][:3] == [
        "quý I năm 2024",
        "5.000",
        "Triệu đồng",
    ]
    assert [line[2].text for line in figure.rows] == [
        "Tỷ đồng",
        "Tỷ đồng",
        "Triệu đồng",
        "Triệu đồng",
    ]
    assert figure.head[2] == "Đơn vị tính"


@pytest.mark.parametrize(
    ("older", "newer", "said"),
    [
        (
            reading(Q1_25, "40", of=replace(COUNT, unit="")),
            reading(Q1_26, of=RATE, parts=(1, 2)),
            "1 kỳ trước không ghi đơn vị tính, có trong bảng, không vẽ chung.",
        ),
        (
            reading(Q1_25, of=RATE, parts=(1, 2)),
            reading(Q1_26, "40"),
            "1 kỳ trước là tỷ lệ %, có trong bảng, không vẽ chung.",
        ),
        (
            reading(Q1_25, of=CHOICE, answers=(("Có", 3),)),
            reading(Q1_26, "40"),
            "1 kỳ trước là câu trả lời lựa chọn, có trong bảng, không vẽ chung.",
        ),
        (
            reading(Q1_25, "40", of=replace(COUNT, unit="USD")),
            reading(Q1_26, of=CHOICE, answers=(("Có", 3),)),
            "1 kỳ trước ghi bằng USD, có trong bảng, không vẽ chung.",
        ),
    ],
)
def test_counts_rates_and_answers_are_not_drawn_together(
    older: Reading, newer: Reading, said: str
) -> None:
    for figure in (
        course("d", "Chỉ tiêu", [older, newer], address),
        every_year("d", "Chỉ tiêu", [older, newer], address),
    ):
        assert figure.note == said
        assert len(figure.rows) == 2
        assert "quý I năm 2025" not in Drawn(figure.svg).description


def test_a_unit_that_came_back_is_drawn_without_what_lies_between() -> None:
    found = [
        reading(Q1_25, "4", of=IN_BILLIONS),
        reading(Q3_25, "6000", of=IN_MILLIONS),
        reading(Q1_26, "5", of=IN_BILLIONS),
    ]
    figure = course("d", "Kinh phí", found, address)
    assert Drawn(figure.svg).told[:2] == [
        "quý I năm 2025: 4 (3/3 đơn vị)",
        "quý I năm 2026: 5 (3/3 đơn vị)",
    ]
    assert figure.note.startswith("1 kỳ trước ghi bằng triệu đồng")


def test_choices_are_counted_by_answer_and_silence() -> None:
    found = [
        reading(Q1_25, of=CHOICE, answers=(("Không", 2), ("Có", 1)), stands_on=(3, 4)),
        reading(Q3_25, of=CHOICE, answers=(("Có", 2), ("Một phần", 1))),
    ]
    picture = drawn(found)
    assert picture.description == (
        "quý I năm 2025: 2 Không, 1 Có, 1 chưa trả lời; quý III năm 2025: 2 Có, 1 Một phần."
    )
    assert picture.words("figure") == ["3/4 đơn vị", "3/3 đơn vị"]


def test_that_nothing_arose_is_an_answer_and_no_silence() -> None:
    found = [
        reading(Q1_25, of=CHOICE, answers=(("Có", 1),), stands_on=(3, 4)),
        reading(Q3_25, of=CHOICE, stands_on=(2, 3), all_nil=True),
    ]
    assert drawn(found).description == (
        "quý I năm 2025: 1 Có, 2 không phát sinh, 1 chưa trả lời;"
        " quý III năm 2025: 2 không phát sinh, 1 chưa trả lời."
    )
    assert "không phát sinh" not in drawn(
        [reading(Q1_25, of=CHOICE, answers=(("Có", 3),), stands_on=(3, 4))]
    ).words("soft")


def test_the_latest_answer_holds_for_all_and_nobody_else_said_nothing() -> None:
    latest = replace(CHOICE, across_agencies=AcrossAgencies.LATEST)
    found = [reading(Q1_25, of=latest, answers=(("Có", 1),), stands_on=(3, 4))]
    assert drawn(found).description == "quý I năm 2025: 1 Có, 1 chưa trả lời."


def test_nothing_has_a_pattern_that_no_answer_has() -> None:
    answers = tuple((f"Câu {number}", 1) for number in range(6))
    found = [reading(Q1_25, of=CHOICE, answers=answers, stands_on=(8, 9))]
    picture = drawn(found)
    assert picture.description == (
        "quý I năm 2025: 1 Câu 0, 5 câu trả lời khác, 2 không phát sinh, 1 chưa trả lời."
    )
    used = [one.get("fill") for one in picture.all("rect", "p4") if one.get("width") != "24"]
    assert len(used) == 1


def test_more_answers_than_patterns_are_put_together() -> None:
    answers = tuple((f"Câu {number}", 1) for number in range(6))
    picture = drawn([reading(Q1_25, of=CHOICE, answers=answers, stands_on=(6, 6))])
    assert "câu trả lời khác" in picture.words("soft")
    # Two that the form offers, two more with a pattern of their own, four put together.
    assert picture.description == "quý I năm 2025: 1 Câu 0, 1 Câu 1, 4 câu trả lời khác."


def test_the_same_period_of_other_years_stands_side_by_side() -> None:
    figure = every_year("c", "Quý I các năm", [reading(Q1_25, "4"), reading(Q1_26, "8")], address)
    picture = Drawn(figure.svg)
    assert picture.told == [
        "quý I năm 2025 (3/3 đơn vị): 4",
        "quý I năm 2026 (3/3 đơn vị): 8",
    ]
    assert figure.note == ""


def test_years_of_another_meaning_have_no_bar() -> None:
    found = [reading(Q1_25, "4", meaning=1), reading(Q1_26, "8")]
    figure = every_year("c", "Quý I các năm", found, address)
    assert len(Drawn(figure.svg).all("rect", "bar")) == 1
    assert len(figure.rows) == 2
    assert figure.note == "Không vẽ 1 năm trước chỗ đứt chuỗi số liệu."


def test_a_spark_shows_nothing_of_another_meaning() -> None:
    found = [reading(Q1_25, "4", meaning=1), reading(Q3_25, "8"), reading(Q1_26, "9")]
    assert Drawn(sparkle("k", "Chỉ tiêu", found)).description == "Lần lượt: chưa có số; 8; 9."


def test_what_is_counted_from_the_start_of_the_year_is_not_joined_with_the_year_before() -> None:
    running = replace(COUNT, across_periods=AcrossPeriods.CUMULATIVE)
    found = [
        reading(moment, number, of=running)
        for moment, number in ((Q1_25, "4"), (Q3_25, "8"), (Q1_26, "3"), (Q3_26, "9"))
    ]
    picture = Drawn(sparkle("k", "Chỉ tiêu", found))
    assert picture.lines == [2, 2]
    assert picture.description == "Lần lượt: 4; 8; tính lại từ đầu: 3; 9."
    # Years are compared as wholes; so are first quarters.
    for moments in ((in_year(2024), in_year(2025)), (Q1_25, Q1_26)):
        years = [reading(one, "4", of=running) for one in moments]
        assert Drawn(sparkle("k", "Chỉ tiêu", years)).lines == [2]
    assert Drawn(sparkle("k", "Chỉ tiêu", [reading(Q3_25, "8"), reading(Q1_26, "3")])).lines == [2]


def test_one_figure_is_no_course() -> None:
    assert sparkle("k", "Chỉ tiêu", [reading(Q1_25), reading(Q1_26, "9")]) == ""
    assert sparkle("k", "Chỉ tiêu", []) == ""


@pytest.mark.parametrize(
    ("now", "earlier", "said"),
    [
        (reading(Q1_26, "15"), reading(Q1_25, "3"), "tăng 12 so với quý I năm 2025"),
        (reading(Q1_26, "3"), reading(Q1_25, "1234.5"), "giảm 1.231,5 so với quý I năm 2025"),
        (reading(Q1_26, "3"), reading(Q1_25, "3"), "bằng quý I năm 2025"),
        (reading(Q1_26, "3"), reading(Q1_25), "quý I năm 2025: chưa có số"),
        (reading(Q1_26, "3"), reading(Q1_25, all_nil=True), "quý I năm 2025: không phát sinh"),
        (reading(Q1_26), reading(Q1_25, "3"), ""),
        (reading(Q1_26, "3"), None, ""),
        (
            reading(Q1_26, "3", stands_on=(9, 10)),
            reading(Q1_25, "9"),
            "giảm 6 so với quý I năm 2025 (kỳ ấy 3/3 đơn vị)",
        ),
        # Sums of few agencies and of many say nothing of each other; rates do.
        (
            reading(Q1_26, "1500", stands_on=(71, 147)),
            reading(Q1_25, "2954", stands_on=(144, 147)),
            "chưa so được: mới có 71/147 đơn vị, quý I năm 2025 có 144/147",
        ),
        (
            reading(Q1_26, "2954", stands_on=(144, 147)),
            reading(Q1_25, "1500", stands_on=(71, 147)),
            "không so được: có 144/147 đơn vị, quý I năm 2025 mới có 71/147",
        ),
        (
            reading(Q1_26, of=RATE, parts=(3, 4), stands_on=(71, 147)),
            reading(Q1_25, of=RATE, parts=(1, 4), stands_on=(144, 147)),
            "tăng 50 điểm % so với quý I năm 2025 (kỳ ấy 144/147 đơn vị)",
        ),
        (
            reading(Q1_26, "3"),
            reading(Q1_25, "9", meaning=1),
            "không so với quý I năm 2025: đứt chuỗi số liệu",
        ),
        # Both are rounded first: the difference is that of what is printed.
        (
            reading(Q1_26, of=RATE, parts=(2, 3)),
            reading(Q1_25, of=RATE, parts=(1, 3)),
            "tăng 33,34 điểm % so với quý I năm 2025",
        ),
    ],
)
def test_a_change_is_told_in_words(now: Reading, earlier: Reading | None, said: str) -> None:
    assert change(now, earlier) == said
