"""Formulas written for a spreadsheet; what one makes of them shows tests.with_libreoffice."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from indicators.formulas import (
    Chosen,
    Elsewhere,
    Given,
    Ref,
    parse,
    parse_check,
    with_children,
)
from indicators.formulas.excel import (
    MISSING,
    SILENT,
    Cells,
    Entry,
    added,
    answer,
    chosen,
    computed,
    computed_in_cell,
    constant,
    fits,
    given,
    in_cell,
    quoted,
    value,
)
from indicators.kinds import Missing

AT = {"a": "A1", "b": "A2", "c": "A3", "k": "A9"}
BESIDE = {"previous a": Decimal("-1.5"), "elsewhere PL9:x": Decimal(12)}
BELOW: Mapping[str, tuple[str, ...]] = {"a": ("b", "c"), "b": ()}


def figure(operand: Ref | Elsewhere) -> Entry:
    if isinstance(operand, Ref) and not operand.when:
        return in_cell(AT[operand.key], "nil") if operand.key in AT else MISSING
    return constant(BESIDE.get(operand.address))


def fact(operand: Chosen | Given) -> str:
    if operand.key not in AT:
        return SILENT
    at = AT[operand.key]
    if isinstance(operand, Chosen):
        return chosen(at, operand.code)
    return given(at, blank="", is_asked=operand.key != "c")


CELLS = Cells(figure, fact)
A, B, C = ('OR(ISNUMBER(A1),A1="nil")', 'OR(ISNUMBER(A2),A2="nil")', 'OR(ISNUMBER(A3),A3="nil")')


def said(condition: str, missing: Missing = Missing.SKIP_ANY) -> str:
    return answer(with_children(parse_check(condition), BELOW.__getitem__), CELLS, missing)


# Figures that are computed


def test_a_rate_shows_nothing_where_a_figure_is_missing_and_a_dash_where_it_is_one_of_nothing() -> (
    None
):
    written = computed(parse("percent([b], [a])"), CELLS, places=2, undefined="–")
    assert written == f'IF(AND({B},{A}),IF(N(A1)=0,"–",ROUND(100*N(A2)/N(A1),2)),"")'


def test_the_parts_of_a_rate_may_be_sums() -> None:
    written = computed(parse("percent([b] - [c], [a] + [c])"), CELLS, places=2, undefined="–")
    assert written == (
        f'IF(AND({B},{C},{A}),IF((N(A1)+N(A3))=0,"–",ROUND(100*(N(A2)-N(A3))/(N(A1)+N(A3)),2)),"")'
    )


def test_a_rate_of_a_row_that_the_sheet_does_not_hold_shows_nothing() -> None:
    written = computed(parse("percent([b], [nowhere])"), CELLS, places=2, undefined="–")
    assert written.startswith("IF(FALSE,")


def test_what_is_no_rate_of_rows_shows_nothing_where_it_cannot_be_computed() -> None:
    assert computed(parse("[b] / [a]"), CELLS, places=9, undefined="–") == (
        f'IFERROR(IF(AND({B},{A}),ROUND((N(A2)/N(A1)),9),""),"")'
    )
    assert computed(parse("percent([b] / [c], [a])"), CELLS, places=2, undefined="–") == (
        f'IFERROR(IF(AND({B},{C},{A}),IF(AND(ISNUMBER((N(A2)/N(A3))),N(A1)=0),"–",'
        'ROUND(100*(N(A2)/N(A3))/N(A1),2)),""),"")'
    )


# Numbers


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("[a]", "N(A1)"),
        ("2.5", "2.5"),
        ("[a] - [b] + 1", "(N(A1)-N(A2)+1)"),
        ("-[a] + [b]", "(-N(A1)+N(A2))"),
        ("[a] - ([b] - [c])", "(N(A1)-(N(A2)-N(A3)))"),
        ("2 * [a] / [b]", "(2*N(A1)/N(A2))"),
        ("[c] / percent([b], [a])", "(N(A3)/(100*N(A2)/N(A1)))"),
        ("min([a], [b], 3)", "MIN(N(A1),N(A2),3)"),
        ("max([a], [b])", "MAX(N(A1),N(A2))"),
        ("abs([a] - [b])", "ABS((N(A1)-N(A2)))"),
    ],
)
def test_a_number_is_written_with_brackets_where_they_are_needed(text: str, written: str) -> None:
    assert value(parse(text), CELLS) == written


def test_one_of_two_numbers_is_chosen_and_unknown_where_the_choice_is_or_the_number() -> None:
    written = value(parse('if(chosen([k], "1"), [a], 0)'), CELLS)
    assert written == (f'CHOOSE(1+IF(A9="",1,2*EXACT(A9&"","1")),0,NA(),IF({A},N(A1),NA()))')


# Tests


@pytest.mark.parametrize(
    ("missing", "written"),
    [
        (Missing.SKIP_ANY, f"IF(AND({B},{C},{A}),2*(ROUND((N(A2)+N(A3))-N(A1),4)=0),1)"),
        (Missing.SKIP_ALL, f"IF(AND(OR({B},{C}),{A}),2*(ROUND((N(A2)+N(A3))-N(A1),4)=0),1)"),
        (Missing.ZERO, "2*(ROUND((N(A2)+N(A3))-N(A1),4)=0)"),
    ],
)
def test_a_comparison_says_what_it_does_without_a_figure(missing: Missing, written: str) -> None:
    assert said("[b] + [c] = [a]", missing) == written
    assert said("children([a]) = [a]", missing) == written


def test_a_division_by_zero_says_nothing() -> None:
    assert said("[a] / [b] > 1", Missing.ZERO) == "IFERROR(2*(ROUND((N(A1)/N(A2))-1,9)>0),1)"


def test_children_that_nobody_knows_make_no_sum() -> None:
    assert said("children([b]) >= 0", Missing.ZERO) == "IFERROR(2*(ROUND((NA())-0,1)>=0),1)"


@pytest.mark.parametrize(
    ("condition", "places"),
    [
        ("[a] <= 3", 4),
        ("[a] <= 0.12345", 6),
        ("[a] * 0.5 <= [b]", 5),
        ("[a] * [b] <= min([c], 1)", 7),
        ("[a] / 3 <= [b]", 9),
        ("[a] <= percent([b], [c])", 9),
        ("[a] * [b] * [c] * [k] <= 1", 9),
        ("if([a] > 3, 0.1234, 0) < 1", 5),
        ("elsewhere([PL9:x]) < 1", 1),
    ],
)
def test_numbers_are_compared_to_one_decimal_more_than_they_can_have(
    condition: str, places: int
) -> None:
    assert f",{places})" in said(condition, Missing.ZERO).rpartition("<")[0]


def test_a_figure_that_stands_nowhere_makes_a_comparison_silent_or_is_zero() -> None:
    assert said("[nowhere] <= [a]") == said("[nowhere] = [a]", Missing.SKIP_ALL) == SILENT
    assert said("[nowhere] = [a]", Missing.ZERO) == "2*(ROUND(0-N(A1),4)=0)"
    assert said("given([nowhere])") == said('chosen([nowhere], "1")') == SILENT


def test_figures_of_elsewhere_are_constants() -> None:
    assert said("[a] >= previous([a])") == f"IF({A},2*(ROUND(N(A1)-(-1.5),4)>=0),1)"
    assert said("elsewhere([PL9:x]) > last_year([a])") == SILENT
    assert said("elsewhere([PL9:x]) > 3") == "2*(ROUND(12-3,1)>0)"


def test_answers_are_joined_by_the_smallest_and_the_largest_and_turned_round() -> None:
    one, other = "2*(ROUND(N(A1)-1,4)>0)", "2*(ROUND(N(A2)-1,4)>0)"
    zero = Missing.ZERO
    assert said("[a] > 1 and [b] > 1", zero) == f"MIN({one},{other})"
    assert said("[a] > 1 or [b] > 1", zero) == f"MAX({one},{other})"
    assert said("not([a] > 1)", zero) == f"(2-{one})"
    assert said("if([a] > 1, [b] > 1)", zero) == f"CHOOSE(1+{one},2,1,{other})"
    assert said("if([a] > 1, [b] > 1, [a] > 1)", zero) == f"CHOOSE(1+{one},{one},1,{other})"


def test_a_formula_grows_with_its_rule_and_not_with_its_depth() -> None:
    nested = "[a] > 1"
    for _ in range(15):
        nested = f"if([b] > 1, {nested})"
    assert len(said(nested)) < 16 * len(said("if([b] > 1, [a] > 1)"))


def test_an_answer_is_told_by_its_code_or_by_standing_there() -> None:
    assert said('chosen([k], "0")') == 'IF(A9="",1,2*EXACT(A9&"","0"))'
    assert said("given([k])") == 'IF(A9<>"",2,0)'
    assert said("given([c])") == 'IF(A3<>"",2,1)'  # not asked: blank says nothing


def test_a_code_is_compared_as_its_cell_shows_it() -> None:
    assert chosen("A9", "01") == 'IF(A9="",1,2*EXACT(A9&"","1"))'


def test_words_do_not_break_out_of_their_quotation_marks() -> None:
    assert quoted('="x"') == '"=""x"""'
    assert chosen("A9", '")&HYPERLINK("') == 'IF(A9="",1,2*EXACT(A9&"",""")&HYPERLINK("""))'
    assert in_cell("A1", 'không "có"').is_there == 'OR(ISNUMBER(A1),A1="không ""có""")'


# Figures that stand nowhere as they are read


def test_a_constant_has_as_many_digits_as_a_spreadsheet_keeps() -> None:
    assert constant(Decimal(200) / 3) == Entry("TRUE", "66.6666666666667", None)
    assert constant(Decimal("1E+3")) == Entry("TRUE", "1000", 0)
    assert constant(Decimal("-0.125")) == Entry("TRUE", "(-0.125)", 3)
    assert constant(None) == MISSING


def test_a_rounded_figure_is_read_as_exact_as_it_is_unless_something_is_written_over_it() -> None:
    entry = computed_in_cell("A5", "nil", parse("percent([b], [a])"), CELLS, 2)
    exact = "(100*N(A2)/N(A1))"
    assert entry.number == f"IFERROR(IF(A5=ROUND({exact},2),{exact},N(A5)),N(A5))"
    assert (entry.is_there, entry.places) == ('OR(ISNUMBER(A5),A5="nil")', None)


def test_the_year_so_far_is_there_where_both_parts_are() -> None:
    figure = in_cell("A1", "nil")
    assert added(figure, constant(Decimal(20))) == Entry(A, f"IF({A},N(A1)+20,0)", 3)
    assert added(figure, MISSING) == MISSING


def test_a_formula_that_excel_does_not_take_is_known() -> None:
    deep = "ABS(" * 64 + "1" + ")" * 64
    assert fits(deep)
    assert not fits(f"ABS({deep})")
    assert fits("ABS(1)+" * 70 + "1")
    assert not fits("1+" * 5000)
