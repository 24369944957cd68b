"""What makes a form version unusable: every fault with its place, its cell and its remedy."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import formulas
from indicators.catalogue import problems as module
from indicators.catalogue.problems import (
    LONGEST,
    LONGEST_LABEL,
    LONGEST_OF_INDICATOR,
    LONGEST_OF_RULE,
    MOST_ROWS,
    VOCABULARIES,
    WAYS,
    Problem,
    in_words,
    problems,
    unreadable,
)
from indicators.catalogue.written import (
    INDICATOR_COLUMNS,
    ROW_COLUMNS,
    RULE_COLUMNS,
    Document,
    blank_row,
    numbered,
)
from indicators.kinds import AcrossAgencies, Kind, Severity
from tests.indicators.sheets import KNOWN, RULE, document, new_indicator, rows, spoilt

# Faults of one cell: key, column and text of the cell; then code, column and found value of each
# problem of that row.
UNREADABLE = [
    ("1.2", "key", "1 a", [("khoa-la", "key", "1 a")]),
    ("1.2", "key", "1/a", [("khoa-la", "key", "1/a")]),
    ("1.2", "key", "[1]", [("khoa-la", "key", "[1]")]),
    ("1.1.a", "key", "", [("thieu-khoa", "key", "")]),
    ("1.1.b", "position", "9", [("thu-tu", "position", "9")]),
    ("1.1.b", "position", "04", [("thu-tu", "position", "04")]),
    ("1.1.b", "label", " ", [("thieu-ten", "label", " ")]),
    ("1.1.b", "parent", "9", [("dong-cha", "parent", "9")]),
    ("1.1", "parent", "1.2", [("dong-cha", "parent", "1.2")]),
    ("1.1.b", "parent", "1.1.b", [("dong-cha", "parent", "1.1.b")]),
    ("1.1.a", "across_periods", "sometimes", [("tu-la", "across_periods", "sometimes")]),
    ("1.1.a", "across_agencies", "", [("tu-la", "across_agencies", "")]),
    ("1.1.a", "emphasis", "red", [("tu-la", "emphasis", "red")]),
    ("1.1.a", "vertical", "0", [("tu-la", "vertical", "0")]),
    *[
        ("1.1.a", column, "x" * (longest + 1), [("qua-dai", column, "x" * (longest + 1))])
        for column, longest in {"stt": LONGEST["stt"], "label": LONGEST_LABEL}.items()
    ],
]
UNUSABLE = [
    ("1.1", "across_agencies", "sum", [("cach-cong", "across_agencies", "sum")]),
    ("1.1.a", "across_agencies", "rate", [("cach-cong", "across_agencies", "rate")]),
    ("1", "across_agencies", "sum", [("cach-cong", "across_agencies", "sum")]),
    ("1.2", "reporter", "", [("co-quan-duoc-giao", "reporter", "")]),
    ("1.2", "reporter", "noi_vu tu_phap", [("co-quan-duoc-giao", "reporter", "noi_vu tu_phap")]),
    ("1", "asked", "so", [("tieu-de-khong-giao", "asked", "so")]),
    ("1", "reporter", "noi_vu", [("tieu-de-khong-giao", "asked", "")]),
    ("1.1", "asked", "so phong", [("don-vi-la", "asked", "so phong")]),
    ("1.1", "asked", "Sở Tư pháp", [("don-vi-la", "asked", "Sở Tư pháp")]),
    ("1.1", "reporter", "so", [("chuc-nang-la", "reporter", "so")]),
    ("1.1", "reporter", "noi_vu so phong", [("chuc-nang-la", "reporter", "noi_vu so phong")]),
    ("1.1.a", "kind", "amount", [("khac-loai", "kind", "amount")]),
    ("1.1.a", "choices", "0=Không", [("lua-chon", "choices", "0=Không")]),
    ("1.2", "choices", "", [("lua-chon", "choices", "")]),
    ("1.2", "choices", "0=Không|Có", [("lua-chon", "choices", "0=Không|Có")]),
    ("1.2", "choices", "0=Không|0=Có", [("lua-chon", "choices", "0=Không|0=Có")]),
    (
        "1.2",
        "choices",
        "12345678901=Có|0=Không",
        [("lua-chon", "choices", "12345678901=Có|0=Không")],
    ),
    *[
        ("1.1", "formula", text, [(code, "formula", text)])
        for text, code in [
            ("[1.1.a] *", "cong-thuc"),
            ("[1.1.b] + [1.1.a]", "cong-thuc"),
            ("percent(percent([1.1.b], [1.1.a]), [1.1.a])", "cong-thuc"),
            ("percent([1.1.b], [1.2])", "cong-thuc"),
            ("percent([1.1.b], [1])", "cong-thuc"),
            ("percent([1.1.b], [8])", "cong-thuc-dong-la"),
            ("percent([1.1.b], [1.1])", "cong-thuc-vong"),
        ]
    ],
    ("1.1.a", "indicator", "", [("thieu-chi-tieu", "indicator", "")]),
    ("1.1.a", "indicator", "thu.la", [("chi-tieu-la", "indicator", "thu.la")]),
]
RULES = [
    ("code", "", [("quy-tac", "code")]),
    ("code", "C03", [("quy-tac", "code")]),
    ("code", "Q 1.1.a", [("quy-tac", "code")]),
    ("severity", "fatal", [("quy-tac", "severity")]),
    ("severity", "", [("quy-tac", "severity")]),
    ("sentence", " ", [("quy-tac", "sentence")]),
    ("instruction", "", [("quy-tac", "instruction")]),
    ("condition", "", [("quy-tac", "condition")]),
    ("condition", "[1.1.a]", [("quy-tac", "condition")]),
    ("condition", "[1.1.a] ** 9 ** 9 <= 3", [("quy-tac", "condition")]),
    ("missing", "bo-qua", [("quy-tac", "missing")]),
    ("condition", "[1.1.a] <= [9]", [("quy-tac", "condition")]),
    ("condition", "[8] <= [9]", [("quy-tac", "condition"), ("quy-tac", "condition")]),
    ("condition", "[1.1.a] <= [1.2]", [("quy-tac", "condition")]),
    ("condition", "[1.1.a] <= [1]", [("quy-tac", "condition")]),
    ("code", "x" * (LONGEST_OF_RULE["code"] + 1), [("qua-dai", "code")]),
]
NEW_INDICATORS = [
    ("code", "", "chi-tieu-moi"),
    ("code", "có dấu", "chi-tieu-moi"),
    ("code", "a/b", "chi-tieu-moi"),
    ("name", " ", "chi-tieu-moi"),
    ("kind", "heading", "chi-tieu-moi"),
    ("kind", "number", "chi-tieu-moi"),
    *[(column, "x" * (most + 1), "qua-dai") for column, most in LONGEST_OF_INDICATOR.items()],
]


def cells(found: list[Problem]) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.column, problem.found) for problem in found]


def test_good_rows_have_no_problem() -> None:
    assert problems(document(rules=[RULE]), KNOWN) == []


@pytest.mark.parametrize(("key", "column", "text", "expected"), [*UNREADABLE, *UNUSABLE])
def test_each_fault_names_its_row_its_cell_and_what_was_found(
    key: str, column: str, text: str, expected: list[tuple[str, str, str]]
) -> None:
    place = [row["key"] for row in rows()].index(key)
    found = problems(document(key, column, text), KNOWN)
    assert cells([problem for problem in found if problem.index == place]) == expected
    assert {(problem.table, problem.severity) for problem in found} == {("rows", Severity.ERROR)}


@pytest.mark.parametrize(("key", "column", "text", "expected"), UNREADABLE)
def test_what_cannot_be_kept_is_no_draft(
    key: str, column: str, text: str, expected: list[tuple[str, str, str]]
) -> None:
    found = list(unreadable(spoilt(key, column, text)))
    assert set(expected) <= set(cells(found))


@pytest.mark.parametrize(("key", "column", "text", "expected"), UNUSABLE)
def test_what_only_keeps_from_publishing_may_stand_in_a_draft(
    key: str, column: str, text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert list(unreadable(spoilt(key, column, text))) == []


def test_an_unknown_kind_cannot_be_kept_and_is_told_with_the_known_ones() -> None:
    [found] = unreadable(spoilt("1.2", "kind", "number"))
    assert (found.code, found.index, found.column, found.found) == ("tu-la", 4, "kind", "number")
    assert found.sentence == (
        "«number» không có trong danh sách: tiêu đề, số đếm, tỷ lệ %, số tiền, lựa chọn, chữ."
    )


def test_words_that_are_no_codes_are_told_once_with_the_codes_there_are() -> None:
    functions = "; ".join(f"{code} = {name}" for code, name in KNOWN.functions.items())
    assert [
        problem.sentence for problem in problems(document("1.1", "asked", "Sở Tư pháp"), KNOWN)
    ] == [
        "«Sở Tư pháp» không phải các mã trong danh mục. Hãy ghi mã loại đơn vị hoặc mã chức năng,"
        " cách nhau dấu cách: tinh = Tỉnh; so = Sở, ban, ngành; nganh_doc = Cơ quan ngành dọc;"
        " huyen = UBND cấp huyện; xa = UBND cấp xã; khac = Cơ quan khác;"
        f" {functions}."
    ]
    assert [problem.sentence for problem in problems(document("1.1", "reporter", "Sở"), KNOWN)] == [
        "«Sở» không phải các mã trong danh mục. Hãy ghi mã chức năng, cách nhau dấu cách:"
        f" {functions}."
    ]


def test_every_code_is_met_here() -> None:
    """A new check stands in one of the tables above, or in a test of its own."""
    source = Path(module.__file__).read_text(encoding="utf-8")
    written = set(re.findall(r'Problem\(\s*"([a-z-]+)"', source))
    tables = {code for *_, expected in [*UNREADABLE, *UNUSABLE] for code, *_ in expected}
    tables |= {code for *_, expected in RULES for code, _ in expected}
    tables |= {code for *_, code in NEW_INDICATORS}
    own = {"khong-co-dong", "qua-nhieu-dong", "trung-khoa", "trung-chi-tieu", "de-xuat"}
    assert written == tables | own


# The rows as a whole


def test_no_rows_are_no_form() -> None:
    assert problems(Document(), KNOWN) == [Problem("khong-co-dong", "Biểu chưa có dòng nào.")]


@pytest.mark.parametrize(("count", "is_told"), [(MOST_ROWS, False), (MOST_ROWS + 1, True)])
def test_more_rows_than_a_form_can_have_are_told(count: int, is_told: bool) -> None:
    many = [
        blank_row(key=str(place), label="Mục", kind="heading", across_agencies="none")
        for place in range(count)
    ]
    found = problems(Document(numbered(many)), KNOWN)
    assert [problem.code for problem in found] == ["qua-nhieu-dong"] * is_told
    assert [problem.index for problem in found] == [None] * is_told


def test_a_repeated_key_is_told_at_each_of_its_rows() -> None:
    found = list(unreadable(spoilt("1.1.b", "key", "1.1.a")))
    assert [(problem.code, problem.index, problem.found) for problem in found] == [
        ("trung-khoa", 2, "1.1.a"),
        ("trung-khoa", 3, "1.1.a"),
    ]
    assert found[0].sentence == ("Khóa «1.1.a» bị lặp ở 2 dòng; mỗi dòng cần một khóa riêng.")


def test_an_indicator_used_twice_is_told_at_each_of_its_rows() -> None:
    found = problems(document("1.1.b", "indicator", "thu.tong_so"), KNOWN)
    assert [(problem.code, problem.index, problem.column) for problem in found] == [
        ("trung-chi-tieu", 2, "indicator"),
        ("trung-chi-tieu", 3, "indicator"),
    ]


@pytest.mark.parametrize("column", LONGEST)
def test_a_cell_may_be_as_long_as_its_column(column: str) -> None:
    def lengths(text: str) -> list[int | None]:
        found = unreadable(spoilt("1.1.a", column, text))
        return [problem.index for problem in found if problem.code == "qua-dai"]

    assert lengths("x" * LONGEST[column]) == []
    assert lengths("x" * (LONGEST[column] + 1)) == [2]


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("way", AcrossAgencies)
def test_each_kind_adds_up_in_its_own_ways_only(kind: Kind, way: AcrossAgencies) -> None:
    row = blank_row(
        key="1",
        label="Dòng",
        kind=kind,
        across_agencies=way,
        reporter="noi_vu" if way is AcrossAgencies.DESIGNATED else "",
    )
    codes = [problem.code for problem in problems(Document(numbered([row])), KNOWN)]
    assert ("cach-cong" in codes) is (way not in WAYS[kind])


def test_a_percentage_is_never_added() -> None:
    assert not WAYS[Kind.PERCENT] & {AcrossAgencies.SUM, AcrossAgencies.MAX}


@pytest.mark.parametrize(
    "asked", ["", "so", "so huyen xa", "noi_vu", "nganh_doc tu_phap", " so  noi_vu "]
)
def test_kinds_of_agency_and_functions_may_be_asked(asked: str) -> None:
    assert problems(document("1.1.a", "asked", asked), KNOWN) == []


def test_several_functions_may_report_for_the_province_beside_the_others() -> None:
    assert problems(document("1.1.a", "reporter", "noi_vu tu_phap"), KNOWN) == []


# Formulas that call each other


def rates(*formulas: str) -> Document:
    """Return rates r0, r1 … of these formulas, over the counts n and d."""
    counts = [
        blank_row(key=key, label=key, kind="count", across_agencies="none") for key in ("n", "d")
    ]
    lines = [
        blank_row(
            key=f"r{place}", label="Tỷ lệ", kind="percent", across_agencies="none", formula=formula
        )
        for place, formula in enumerate(formulas)
    ]
    return Document(numbered([*counts, *lines]))


@pytest.mark.parametrize(
    ("formulas", "circles"),
    [
        (["percent([n], [d])"], []),
        (["percent([n], [r0])"], ["r0"]),
        (["percent([n], [r1])", "percent([n], [r0])"], ["r0", "r1"]),
        (
            ["percent([r1], [d])", "percent([r2], [d])", "percent([n], [r0])"],
            ["r0", "r1", "r2"],
        ),
        # A row that leads into a circle is not in it.
        (["percent([n], [r1])", "percent([n], [r2])", "percent([n], [r1])"], ["r1", "r2"]),
        # What cannot be read leads nowhere.
        (["percent([n], [r1])", "percent("], []),
        (["percent([n], [r1])", "percent([n], [r9])"], []),
    ],
)
def test_circles_are_told_at_the_rows_that_are_in_them(
    formulas: list[str], circles: list[str]
) -> None:
    form = rates(*formulas)
    found = [problem for problem in problems(form, KNOWN) if problem.code == "cong-thuc-vong"]
    assert [form.rows[problem.index or 0]["key"] for problem in found] == circles


def test_a_circle_is_told_in_words() -> None:
    form = rates("percent([n], [r1])", "percent([n], [r0])")
    found = [problem for problem in problems(form, KNOWN) if problem.code == "cong-thuc-vong"]
    assert in_words(found[:1], form) == [
        "dòng 3 (r0): Công thức gọi dòng r1, mà dòng r1 lại tính từ dòng này: vòng tròn."
    ]


def test_a_rate_of_a_rate_is_no_circle_but_is_told() -> None:
    found = problems(rates("percent([n], [r1])", "percent([n], [d])"), KNOWN)
    assert [(problem.index, problem.sentence) for problem in found if "cong" in problem.code] == [
        (2, "Công thức gọi dòng r1, không phải dòng số đếm hay số tiền được nhập.")
    ]


# Rules


@pytest.mark.parametrize(("column", "text", "expected"), RULES)
def test_each_fault_of_a_rule_names_its_cell(
    column: str, text: str, expected: list[tuple[str, str]]
) -> None:
    good = {**RULE, "code": "khac"}
    found = problems(document(rules=[good, {**RULE, column: text}]), KNOWN)
    assert [(problem.code, problem.column) for problem in found] == expected
    assert {(problem.table, problem.index, problem.found) for problem in found} == {
        ("rules", 1, text)
    }


@pytest.mark.parametrize(
    "condition",
    [
        "[1.1] < [1.1.a]",
        "[1.1.a] + [1.1.b] * 2 >= 5",
        "percent([1.1.b], [1.1.a]) <= 100",
        "previous([1.1.a]) <= [1.1.a]",
        "last_year([1.1]) <> [1.1]",
        "year_to_date([1.1.b]) >= [1.1.b]",
        "elsewhere([THU:thu.tong_so]) = [1.1.a]",
        'if(chosen([1.2], "0"), [1.1.a] > 0)',
        "if(given([1.2]), given([1.1.a]) and given([1.1]))",
        "not(abs([1.1.a] - [1.1.b]) > max([1.1.a], 5))",
    ],
)
def test_a_rule_may_ask_whatever_the_language_says(condition: str) -> None:
    assert problems(document(rules=[{**RULE, "condition": condition}]), KNOWN) == []


def told_of(condition: str, key: str = "", column: str = "", text: str = "") -> list[str]:
    """Return what is said of a rule with this condition, ``text`` standing in one cell."""
    found = problems(document(key, column, text, rules=[{**RULE, "condition": condition}]), KNOWN)
    return [problem.sentence for problem in found if problem.table == "rules"]


@pytest.mark.parametrize(
    ("condition", "sentences"),
    [
        ("[1.1.a] <= [9]", ["Quy tắc gọi dòng không có: 9."]),
        (
            "[8] + [9] <= [8]",
            ["Quy tắc gọi dòng không có: 8.", "Quy tắc gọi dòng không có: 9."],
        ),
        ("previous([9]) <= [1.1.a]", ["Quy tắc gọi dòng không có: 9."]),
        ("children([9]) = [1.1.a]", ["Quy tắc gọi dòng không có: 9."]),
        ('chosen([9], "1")', ["Quy tắc gọi dòng không có: 9."]),
        ("given([9])", ["Quy tắc gọi dòng không có: 9."]),
        ("if([1.1.a] > 0, not(given([9])))", ["Quy tắc gọi dòng không có: 9."]),
        ("[1.1.a] <= [1]", ["Quy tắc gọi dòng 1, không phải dòng số."]),
        ("last_year([1.2]) = 1", ["Quy tắc gọi dòng 1.2, không phải dòng số."]),
        (
            "children([1.1.a]) = [1.1.a]",
            ["Quy tắc cộng các dòng con của 1.1.a, nhưng dòng này không có dòng con là số."],
        ),
        # Its rows are a rate and a choice.
        (
            "children([1]) = [1.1.a]",
            ["Quy tắc cộng các dòng con của 1, nhưng dòng này không có dòng con là số."],
        ),
        # Below a rate stand two counts, which are no part of it; rates are not added either.
        (
            "children([1.1]) > 0",
            ["Quy tắc cộng các dòng con của 1.1, nhưng dòng này không có dòng con là số."],
        ),
        ("elsewhere([THU:thu.la]) > 0", ["Quy tắc gọi chỉ tiêu không có trong danh mục: thu.la."]),
        *[
            (
                condition,
                ["Quy tắc không gọi dòng nào; khóa của dòng đặt trong ngoặc vuông, ví dụ [1.2.a]."],
            )
            for condition in ("1.2 <= 1.1", "not(1 > 2)")
        ],
        ("given([1])", ["Quy tắc hỏi dòng 1 có trả lời không, nhưng đó là dòng tiêu đề."]),
        ('chosen([1.2], "7")', ["Dòng 1.2 không có lựa chọn mã «7»; các mã: 0, 1."]),
        (
            'chosen([1.2], "Phát phiếu")',
            ["Dòng 1.2 không có lựa chọn mã «Phát phiếu»; các mã: 0, 1."],
        ),
        ('chosen([1.1.a], "1")', ["Dòng 1.1.a không có lựa chọn mã «1»; các mã: không có."]),
    ],
)
def test_a_rule_asks_only_what_the_rows_it_names_can_answer(
    condition: str, sentences: list[str]
) -> None:
    assert told_of(condition) == sentences


@pytest.mark.parametrize("when", ["previous", "last_year", "year_to_date"])
def test_another_round_is_found_by_the_indicator(when: str) -> None:
    assert told_of(f"{when}([1.1.a]) <= [1.1.a]", "1.1.a", "indicator", "") == [
        "Quy tắc so dòng 1.1.a với kỳ trước, nhưng dòng không gắn với chỉ tiêu nào."
    ]
    assert told_of("[1.1.b] <= [1.1.a]", "1.1.a", "indicator", "") == []


def test_choices_that_cannot_be_read_are_told_at_their_row_alone() -> None:
    assert told_of('chosen([1.2], "1")', "1.2", "choices", "Có") == []


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("", "«hết công thức» không phải dòng [khóa], số hay phép tính"),
        ("[1.1.a]", "chờ dấu so sánh"),
        ("[1.1.a] + 1", "chờ dấu so sánh"),
        ("[1.1.a] / 0 > 1", "chia cho 0"),
        ("9**9**9 > 1", "«*» không phải dòng [khóa], số hay phép tính"),
        ("__import__('os')", "không đọc được từ «'os')»"),
        ("sum([1.1.a]) > 1", "không có phép «sum»"),
        ("elsewhere([thu.tong_so]) > 1", "elsewhere(…) cần mã biểu và mã chỉ tiêu"),
        ("[1.1.a] > \x00", "không đọc được từ «\x00»"),
        ("(" * 500, "ngoặc lồng nhau quá nhiều lớp"),
    ],
)
def test_a_condition_that_cannot_be_read_is_told_with_the_reason(condition: str, why: str) -> None:
    [sentence] = told_of(condition)
    assert sentence.startswith(f"Công thức «{condition[:400]}")
    assert why in sentence


@pytest.mark.parametrize("condition", ["[1.1.a]+" * 1_250, "(" * 10_000, "x" * 10_000])
def test_an_endless_condition_is_told_as_too_long_and_not_read(condition: str) -> None:
    assert told_of(condition) == [f"Dài 10000 ký tự; nhiều nhất {formulas.LONGEST}."]


def test_a_code_of_two_rules_is_told_at_both() -> None:
    found = problems(document(rules=[RULE, RULE]), KNOWN)
    assert in_words(found, document(rules=[RULE, RULE])) == [
        "quy tắc 1 (dung-han): Mã quy tắc «dung-han» bị lặp.",
        "quy tắc 2 (dung-han): Mã quy tắc «dung-han» bị lặp.",
    ]


def test_a_condition_longer_than_its_column_is_told() -> None:
    condition = f"[1.1.a]{' + [1.1.b]' * 80} >= [1.1.a]"
    [found] = problems(document(rules=[{**RULE, "condition": condition}]), KNOWN)
    assert (found.code, found.table, found.column) == ("qua-dai", "rules", "condition")


# New indicators


def with_new(*lines: dict[str, str]) -> Document:
    """Return the draft with new indicators, the first of them on row 1.1.a."""
    return replace(document("1.1.a", "indicator", "moi.mot"), indicators=lines)


def test_a_row_may_use_a_new_indicator() -> None:
    assert problems(with_new(new_indicator("moi.mot")), KNOWN) == []


def test_a_new_indicator_of_another_kind_does_not_fit() -> None:
    [found] = problems(with_new(new_indicator("moi.mot", kind="amount")), KNOWN)
    assert (found.code, found.index, found.column) == ("khac-loai", 2, "kind")
    assert found.sentence == ("Loại «số đếm» khác loại «số tiền» của chỉ tiêu «moi.mot».")


def test_the_catalogue_is_right_about_what_it_has_already() -> None:
    """A draft cannot make another thing of an indicator that is there."""
    claimed = replace(
        document("1.1.a", "kind", "amount"),
        indicators=[new_indicator("thu.tong_so", kind="amount")],
    )
    assert [problem.code for problem in problems(claimed, KNOWN)] == ["khac-loai"]


@pytest.mark.parametrize(("column", "text", "code"), NEW_INDICATORS)
def test_each_fault_of_a_new_indicator_names_its_cell(column: str, text: str, code: str) -> None:
    good = new_indicator("moi.mot")
    found = problems(with_new(good, new_indicator("moi.hai") | {column: text}), KNOWN)
    assert [(problem.code, problem.column, problem.found) for problem in found] == [
        (code, column, text)
    ]
    assert {(problem.table, problem.index) for problem in found} == {("indicators", 1)}


def test_a_new_code_written_twice_is_told_at_both() -> None:
    twice = with_new(new_indicator("moi.mot"), new_indicator("moi.mot"))
    assert in_words(problems(twice, KNOWN), twice) == [
        "chỉ tiêu mới 1 (moi.mot): Mã chỉ tiêu «moi.mot» bị lặp.",
        "chỉ tiêu mới 2 (moi.mot): Mã chỉ tiêu «moi.mot» bị lặp.",
    ]


# Proposals


def test_a_proposal_that_nobody_looked_at_stops_publishing() -> None:
    proposed = replace(
        document(), proposals={"1.1": {"kind": "đơn vị là %", "formula": "có đủ hai phần"}}
    )
    assert in_words(problems(proposed, KNOWN), proposed) == [
        "Còn 2 đề xuất ở 1 dòng chưa được nhận hoặc sửa."
    ]


@pytest.mark.parametrize("proposals", [{"1.1": {}}, {"9.9": {"kind": "đơn vị là %"}}])
def test_settled_proposals_and_those_of_rows_gone_stop_nothing(
    proposals: dict[str, dict[str, str]],
) -> None:
    assert problems(replace(document(), proposals=proposals), KNOWN) == []


# Words


def test_all_faults_are_told_at_once_in_their_order() -> None:
    bad = rows()
    bad[0]["position"] = "9"
    bad[2]["indicator"] = "thu.la"
    bad[3]["key"] = ""
    bad[4]["choices"] = ""
    found = Document(bad, [{**RULE, "severity": "fatal", "condition": "[1.1.a] <= [1.1.a]"}])
    assert in_words(problems(found, KNOWN), found) == [
        "dòng 1 (1): Thứ tự phải là 1.",
        "dòng 4 (chưa có khóa): Dòng chưa có khóa; hãy ghi một khóa riêng.",
        "dòng 2 (1.1): Công thức gọi dòng không có: 1.1.b.",
        "dòng 3 (1.1.a): Chỉ tiêu «thu.la» không có trong danh mục.",
        "dòng 5 (1.2): Chỉ dòng lựa chọn mới có, và phải có, các lựa chọn.",
        "quy tắc 1 (dung-han): «fatal» không có trong danh sách: lỗi, cảnh báo, lưu ý.",
    ]


def test_a_problem_of_the_whole_has_no_place() -> None:
    assert in_words(problems(Document(), KNOWN), Document()) == ["Biểu chưa có dòng nào."]


@given(st.data())
def test_whatever_is_written_is_judged_and_put_into_words(data: st.DataObject) -> None:
    """No text of any cell makes the checks fail instead of finding a problem."""
    texts = st.one_of(
        st.text(max_size=20),
        st.sampled_from([*VOCABULARIES["kind"], "percent([1], [1.1])", "((", "|=", "1=Có|1"]),
    )

    def spoil(line: dict[str, str], columns: tuple[str, ...]) -> dict[str, str]:
        return line | data.draw(st.dictionaries(st.sampled_from(columns), texts, max_size=3))

    found = Document(
        [spoil(row, ROW_COLUMNS) for row in rows()],
        [spoil(RULE, RULE_COLUMNS)],
        [spoil(new_indicator("moi.mot"), INDICATOR_COLUMNS)],
        {data.draw(texts): {"kind": "vì sao"}},
    )
    said = problems(found, KNOWN)
    assert len(in_words(said, found)) == len(said)
    assert all(problem.index is not None or problem.code == "de-xuat" for problem in said)
