"""What a rule asks, in words."""

from dataclasses import replace

import pytest

from indicators.catalogue.conditions import Phrase, next_code, phrases
from indicators.formulas import parse_check
from tests.reporting.forms_by_hand import form_of, row

FORM = form_of(
    row("1"),
    row("1.a"),
    row("2"),
    replace(row("2.a", parent="2"), stt="", label="- Số đúng hạn"),
    replace(row("1.b", parent="1"), stt="", label="- Số đúng hạn"),
)


def told(condition: str) -> str:
    return "".join(phrase.text for phrase in phrases(parse_check(condition), FORM.names))


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("[1.a] <= [1]", "1.a Dòng 1.a ≤ 1 Dòng 1"),
        ("[2] >= previous([2])", "2 Dòng 2 ≥ 2 Dòng 2 kỳ trước"),
        ("children([1]) = [1]", "tổng các dòng con của 1 Dòng 1 = 1 Dòng 1"),
        ("[1] >= elsewhere([BM7:tthc.cong_bo])", "1 Dòng 1 ≥ chỉ tiêu tthc.cong_bo ở biểu BM7"),
        ('if(chosen([2], "0"), [1] = 0)', "nếu 2 Dòng 2 chọn mã 0 thì 1 Dòng 1 = 0"),
        ("[1] < [khong-co]", "1 Dòng 1 < [khong-co]"),
        # One label under two rows.
        ("[2.a] > [1.b]", "«Số đúng hạn» (mục 2) > «Số đúng hạn» (mục 1)"),
    ],
)
def test_rows_are_called_by_their_names(condition: str, words: str) -> None:
    assert told(condition) == words


def test_a_name_leads_to_its_row_where_the_form_has_it() -> None:
    found = list(phrases(parse_check("[1] + [khong-co] <= 3 * previous([2])"), FORM.names))
    assert [phrase for phrase in found if phrase.key] == [
        Phrase("1 Dòng 1", "1"),
        Phrase("2 Dòng 2 kỳ trước", "2"),
    ]


@pytest.mark.parametrize(
    ("taken", "code"),
    [
        ([], "Q01"),
        (["Q01", "Q02"], "Q03"),
        (["Q02", "Q7"], "Q08"),
        (["Q99"], "Q100"),
        (["dung-han", "q05", "Q5a", ""], "Q01"),
    ],
)
def test_the_next_code_is_free(taken: list[str], code: str) -> None:
    assert next_code(taken) == code
