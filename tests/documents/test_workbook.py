"""The workbook of a report that computes itself: live rates, and a sheet of checks.

That a spreadsheet program computes the same, shows tests.with_libreoffice.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from indicators.definition import RuleDefinition
from indicators.formulas import Chosen
from indicators.kinds import AgencyKind, Kind, Missing, Severity
from reporting.documents.formats import xlsx
from reporting.documents.formats.names import cell_name
from reporting.documents.formats.workbook import with_results
from reporting.printing.appendix import Appendix, Heading, Letterhead, Mark, submission_appendix
from reporting.rules import NO_HISTORY, History
from reporting.rules.history import Past
from reporting.snapshot import Cell, FigureStatus, SubmissionSnapshot
from tests.documents.forms import form, row
from tests.reporting.forms_by_hand import rule

HEADING = Heading(agency="Sở Công Thương", place="", period="quý này", notice="Bản chưa duyệt.")
NIL = Cell(status=FigureStatus.NIL)
ROWS = (
    row("1", label="Số đề ra"),
    row("2", label="Số hoàn thành"),
    row("3", Kind.PERCENT, label="Tỷ lệ", unit="%", formula="percent([2], [1])"),
    row("4", Kind.CHOICE, label="Hình thức", choices='0=Không|x"y=Lạ'),
    row("5", label="Số của xã", asked=frozenset({AgencyKind.COMMUNE.value})),
)
# Their figures stand in D7 to D11.
FIRST = 7
WITHIN = rule("[2] <= [1]", instruction="Xem lại hai số.", code="Q01", severity=Severity.ERROR)


def number(text: str) -> Cell:
    return Cell(number=Decimal(text))


def appendix(
    cells: Mapping[str, Cell],
    *rules: RuleDefinition,
    is_paper: bool = False,
    history: History = NO_HISTORY,
) -> Appendix:
    snapshot = SubmissionSnapshot(
        replace(form(*ROWS, legal_line=""), rules=rules),
        cells,
        is_paper=is_paper,
        agency_kind=AgencyKind.DEPARTMENT.value,
    )
    return submission_appendix(snapshot, HEADING, history)


def opened(found: Appendix, *, data_only: bool = False) -> list[Worksheet]:
    book = load_workbook(BytesIO(xlsx.render(found)), data_only=data_only)
    return [*book.worksheets]


def read(found: Appendix, sheet: int = 0) -> list[list[Any]]:
    """Return what a program shows that computes nothing."""
    book = CalamineWorkbook.from_filelike(BytesIO(xlsx.render(found)))
    return book.get_sheet_by_index(sheet).to_python(skip_empty_area=False)


# Rates

RATE = (
    '=IF(AND(OR(ISNUMBER(D8),D8="Không phát sinh"),OR(ISNUMBER(D7),D7="Không phát sinh")),'
    'IF(N(D7)=0,"–",ROUND(100*N(D8)/N(D7),2)),"")'
)


@pytest.mark.parametrize(
    ("cells", "shown", "number_format"),
    [
        ({"1": number("27"), "2": number("8")}, 29.63, "[$-42A]#,##0.00"),
        ({"1": number("8"), "2": number("1")}, 12.5, "[$-42A]#,##0.0"),
        ({"1": number("20000"), "2": number("201")}, 1.01, "[$-42A]#,##0.00"),
        ({"1": number("8"), "2": NIL}, 0.0, "[$-42A]#,##0"),
        ({"1": NIL, "2": NIL}, "–", "General"),
        ({"1": number("8")}, "", "[$-42A]#,##0.00"),
        ({"1": number("8"), "3": Cell(status=FigureStatus.NOTE, note="Chờ")}, "", None),
        ({}, "", None),
    ],
)
def test_a_computed_figure_is_a_formula_and_shows_what_it_comes_to(
    cells: Mapping[str, Cell], shown: float | str, number_format: str | None
) -> None:
    found = appendix(cells)
    cell = opened(found)[0]["D9"]
    assert cell.value == RATE
    assert read(found)[FIRST + 1][3] == shown
    assert number_format in {None, cell.number_format}


@pytest.mark.parametrize("said", [number("33.4"), NIL, Cell(status=FigureStatus.OUT_OF_SCOPE)])
def test_what_was_typed_over_a_computed_figure_stays(said: Cell) -> None:
    found = appendix({"1": number("27"), "2": number("8"), "3": said})
    cell = opened(found)[0]["D9"]
    assert cell.data_type != "f"
    assert str(cell.value) == str(said.number or said.status.label)


def test_a_computed_figure_shows_as_many_decimals_as_it_needs_once_others_are_changed() -> None:
    sheet = opened(appendix({}))[0]
    (shown,) = sheet.conditional_formatting
    assert str(shown.sqref) == "D9"
    assert [(each.formula, each.dxf.numFmt.formatCode) for each in shown.rules] == [
        (["ROUND(D9,0)=D9"], "[$-42A]#,##0"),
        (["ROUND(D9,1)=D9"], "[$-42A]#,##0.0"),
        (["ROUND(D9,2)=D9"], "[$-42A]#,##0.00"),
        (["ROUND(D9,3)=D9"], "[$-42A]#,##0.000"),
    ]


def test_a_paper_shows_its_figures_as_filed_and_is_not_checked() -> None:
    figures = {"1": number("27"), "2": number("28"), "3": number("29.6")}
    (sheet,) = opened(appendix(figures, WITHIN, is_paper=True))
    assert [cell.value for (cell,) in sheet["D7:D9"]] == [27, 28, 29.6]
    assert not [cell for cells in sheet.iter_rows() for cell in cells if cell.data_type == "f"]


# The sheet of checks


def test_every_rule_has_a_line_that_follows_the_figures() -> None:
    found = appendix({"1": number("8"), "2": number("9")}, WITHIN)
    table, checks = opened(found)
    assert (table.title, checks.title) == ("Phụ lục", "Kiểm tra")
    assert [cell.value for cell in checks[6]] == [
        "Mã",
        "Mức",
        "Điều phải đúng",
        "Kết quả",
        "Việc cần làm",
    ]
    assert [cell.value for cell in checks[7]] == [
        "Q01",
        "Lỗi",
        "«Số hoàn thành» ≤ «Số đề ra»",
        "=CHOOSE(1+IF(AND(OR(ISNUMBER('Phụ lục'!D8),'Phụ lục'!D8=\"Không phát sinh\"),"
        "OR(ISNUMBER('Phụ lục'!D7),'Phụ lục'!D7=\"Không phát sinh\")),"
        '2*(ROUND(N(\'Phụ lục\'!D8)-N(\'Phụ lục\'!D7),4)<=0),1),"Cần xem lại","–","Đạt")',
        "Xem lại hai số.",
    ]
    assert read(found, 1)[6] == [
        "Q01",
        "Lỗi",
        "«Số hoàn thành» ≤ «Số đề ra»",
        "Cần xem lại",
        "Xem lại hai số.",
    ]


def results(found: Appendix) -> list[str]:
    lines = read(found, 1)
    first = next(place for place, line in enumerate(lines) if line[0] == "Mã") + 1
    return [str(line[3]) for line in lines[first:]]


def test_a_rule_is_kept_broken_or_says_nothing() -> None:
    conditions = ("[2] <= [1]", "[1] <= [2]", "[5] <= [1]", "[3] < 90")
    rules = [rule(text, code=f"Q{place}") for place, text in enumerate(conditions)]
    assert results(appendix({"1": number("8"), "2": number("7")}, *rules)) == [
        "Đạt",
        "Cần xem lại",
        "–",
        "Đạt",
    ]


def test_rules_that_do_not_ask_this_agency_say_nothing_until_it_answers() -> None:
    for_communes = rule("[5] > 0", code="Q03", missing=Missing.ZERO)
    for_all = rule("[1] > 0", code="Q04", missing=Missing.ZERO)
    given = rule("given([5])", code="Q05")
    asked = rule("given([1])", code="Q06")
    found = appendix({}, for_communes, for_all, given, asked)
    assert results(found) == ["–", "Cần xem lại", "–", "Cần xem lại"]
    formula = opened(found)[1]["D7"].value
    assert formula.startswith(
        "=CHOOSE(1+IF(OR(ISNUMBER('Phụ lục'!D11),'Phụ lục'!D11=\"Không phát sinh\"),"
    )
    assert results(appendix({"5": number("0")}, for_communes, given)) == ["Cần xem lại", "Đạt"]


def test_figures_of_other_rounds_and_forms_stand_in_the_formulas_as_they_are_now() -> None:
    rules = (
        rule("[1] >= previous([1])", code="Q07"),
        rule("year_to_date([1]) <= 25", code="Q08"),
        rule("[1] = elsewhere([PL9:x.y])", code="Q09"),
    )
    rows = {"1": number("8")}
    assert results(appendix(rows, *rules)) == ["–", "–", "–"]
    history = History(
        previous=Past("kỳ trước", None, {"thu.van_ban": Decimal(9)}),
        earlier=[{"thu.van_ban": Decimal(17)}],
        elsewhere={"PL9:x.y": Decimal(8)},
    )
    found = appendix(rows, *rules, history=history)
    assert results(found) == ["Cần xem lại", "Đạt", "Đạt"]
    written = [cell.value for (cell,) in opened(found)[1]["D7:D9"]]
    assert "ROUND(N('Phụ lục'!D7)-9,4)>=0" in written[0]
    assert "N('Phụ lục'!D7)+17" in written[1]
    assert "ROUND(N('Phụ lục'!D7)-8,4)=0" in written[2]
    assert "kỳ khác" in str(opened(found)[1]["A4"].value)
    assert "kỳ khác" not in str(opened(appendix(rows, *rules))[1]["A4"].value)


def test_a_rule_reads_a_rate_as_exact_as_it_is() -> None:
    limit = rule("[3] <= 100", code="Q10")
    found = appendix({"1": number("100000"), "2": number("100001")}, limit)
    assert read(found)[FIRST + 1][3] == 100
    assert results(found) == ["Cần xem lại"]
    assert "ROUND((100*N('Phụ lục'!D8)/N('Phụ lục'!D7)),2)" in opened(found)[1]["D7"].value


def test_a_form_without_rules_has_no_sheet_of_checks() -> None:
    assert [sheet.title for sheet in opened(appendix({}))] == ["Phụ lục"]


def test_a_blank_form_computes_and_checks_itself_too() -> None:
    tried = replace(form(*ROWS, legal_line=""), rules=(WITHIN, rule("given([5])")))
    blank = submission_appendix(SubmissionSnapshot(tried), HEADING)
    table, checks = opened(blank)
    assert (table["D9"].data_type, checks["D7"].data_type) == ("f", "f")
    assert results(blank) == ["–", "Cần xem lại"]  # of a form on trial every row is asked


def test_a_rule_too_long_for_excel_says_what_held_when_the_file_was_made() -> None:
    long = rule(" + ".join(["[1] * [2]"] * 60) + " >= [1]", code="Q11")
    several = rule(" and ".join(["[1] <> [2]"] * 53), code="Q12")
    found = appendix({"1": number("8"), "2": number("1")}, long, several)
    kinds = [cell.data_type for (cell,) in opened(found)[1]["D7:D8"]]
    assert kinds == ["f", "s"]
    assert results(found) == ["Đạt", "Đạt (lúc tải tệp)"]


def test_words_of_the_form_never_become_formulas() -> None:
    odd = rule('chosen([4], "0")', code="=Q13", instruction="=1+1")
    rows = {"4": Cell(choice='x"y'), "1": Cell(number=Decimal(1), note="=HYPERLINK(1)")}
    found = appendix(rows, odd)
    formulas = {
        cell.coordinate
        for sheet in opened(found)
        for cells in sheet.iter_rows()
        for cell in cells
        if cell.data_type == "f"
    }
    assert formulas == {"D9", "D7"}
    assert (read(found)[FIRST - 1][4], read(found, 1)[6][0]) == ("=HYPERLINK(1)", "=Q13")
    assert results(found) == ["Cần xem lại"]


def test_words_that_look_like_a_sign_are_read_as_they_are() -> None:
    found = appendix({"1": Cell(number=Decimal(1), note="_x0041_ và A")})
    assert read(found)[FIRST - 1][4] == "_x0041_ và A"


def test_a_code_with_quotation_marks_stays_inside_the_formula() -> None:
    odd = replace(rule('chosen([4], "0")', code="Q14"), test=Chosen("4", 'x"y'))
    found = appendix({"4": Cell(choice='x"y')}, odd)
    assert 'EXACT(\'Phụ lục\'!D10&"","x""y")' in opened(found)[1]["D7"].value
    assert results(found) == ["Đạt"]


def test_the_checks_print_on_a4_landscape_with_their_headings_kept() -> None:
    sheet = opened(appendix({}, WITHIN))[1]
    assert (str(sheet.page_setup.paperSize), sheet.page_setup.orientation) == ("9", "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert (sheet.page_setup.firstPageNumber, sheet.page_setup.useFirstPageNumber) == (1, True)
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$6:$6", "A7")
    assert (sheet.print_area, sheet.auto_filter.ref) == ("'Kiểm tra'!$A$1:$E$7", "A6:E7")
    assert {cell.font.name for cells in sheet["A6:E7"] for cell in cells} == {"Times New Roman"}


def test_what_is_broken_is_marked() -> None:
    (marked,) = opened(appendix({}, WITHIN))[1].conditional_formatting
    (mark,) = marked.rules
    assert (str(marked.sqref), mark.operator, mark.formula) == ("D7", "equal", ['"Cần xem lại"'])
    assert mark.dxf.fill.bgColor.rgb == "FFFCE4D6"


# What a formula shows before it is run


@pytest.mark.parametrize("empty", [b"<v/>", b"<v />", b"<v></v>"])
def test_every_way_of_writing_no_result_is_filled(empty: bytes) -> None:
    sheet = b'<row r="1"><c r="A1" s="3"><f>1+1</f>%s</c><c r="B1"><f>A1</f>%s</c></row>'
    found = with_results(sheet % (empty, empty), {"A1": Decimal("2.50"), "B1": 'a<b & "c"'})
    assert found == (
        b'<row r="1"><c r="A1" s="3"><f>1+1</f><v>2.50</v></c>'
        b'<c r="B1" t="str"><f>A1</f><v>a&lt;b &amp; "c"</v></c></row>'
    )


def test_no_formula_leaves_without_its_result() -> None:
    rules = [replace(WITHIN, code=f"Q{place}") for place in range(3)]
    found = appendix({"1": number("8"), "2": number("7")}, *rules)
    sheets = opened(found, data_only=True)
    shown = [sheets[0]["D9"].value, *(cell.value for (cell,) in sheets[1]["D7:D9"])]
    assert shown == [87.5, "Đạt", "Đạt", "Đạt"]


# Names, paper, letterhead and mark

HEAD = Letterhead("UBND TỈNH MINH HỌA", "SỞ CÔNG THƯƠNG", "Số: 12/BC-SCT", "Minh Họa, nay")
MARK = Mark("K7QM-3XWP", "https://portal.example/kiem-chung/K7QM-3XWP/")


def test_the_cell_of_every_figure_has_a_name_by_its_key() -> None:
    book = load_workbook(BytesIO(xlsx.render(appendix({"1": number("27")}))))
    found = {name: defined.attr_text for name, defined in book.defined_names.items()}
    assert found == {f"CT_{key}": f"'Phụ lục'!$D${row}" for row, key in enumerate("12345", start=7)}


@given(keys=st.sets(st.text("aAbBđĐ19._- I", min_size=1, max_size=6), min_size=2))
def test_no_two_keys_share_a_name_and_every_name_is_legal(keys: set[str]) -> None:
    names = [cell_name(key) for key in keys]
    assert len({name.casefold() for name in names}) == len(keys)
    for name in names:
        assert re.fullmatch(r"CT_[A-Za-z0-9._]+", name)


def test_a_key_too_long_for_a_name_has_none() -> None:
    assert cell_name("a" * 252) == f"CT_{'a' * 252}"
    assert cell_name("a" * 253) == ""
    long = replace(appendix({}).lines[0], key="a" * 253)
    book = load_workbook(BytesIO(xlsx.render(replace(appendix({}), lines=[long, long]))))
    assert not book.defined_names


@pytest.mark.parametrize(("is_wide", "orientation"), [(False, "portrait"), (True, "landscape")])
def test_the_sheet_lies_as_it_is_asked_to(*, is_wide: bool, orientation: str) -> None:
    sheet = opened(replace(appendix({}), is_wide=is_wide))[0]
    assert sheet.page_setup.orientation == orientation
    widths = [sheet.column_dimensions[letter].width for letter in "ABCDE"]
    # A column is measured in digits of the first type: 6 points each of a letter of 12 points.
    normal = load_workbook(BytesIO(xlsx.render(appendix({}))))._named_styles["Normal"].font  # type: ignore[attr-defined]
    assert (normal.name, normal.size) == (xlsx.FONT, 12)
    across = 297 if is_wide else 210
    paper = across / 25.4 - sheet.page_margins.left - sheet.page_margins.right
    assert 0.97 <= paper * 72 / (6 * sum(widths)) <= 1.03


def test_what_a_cell_lists_stands_one_below_the_other_and_its_row_is_as_high() -> None:
    plain = appendix({}).lines[0]
    listed = replace(plain, unit="Trực tuyến = 0 Phát phiếu = 1 Kết hợp = 2", remark="- Sở - Xã")
    sheet = opened(replace(appendix({}), lines=[plain, listed]))[0]
    assert sheet["C8"].value == "Trực tuyến\xa0=\xa00\nPhát phiếu\xa0=\xa01\nKết hợp\xa0=\xa02"
    assert sheet["E8"].value == "- Sở\n- Xã"
    heights = [sheet.row_dimensions[row].height for row in (7, 8)]
    assert heights == [16.5, 3 * 16.5]


def test_a_title_keeps_the_words_of_its_period() -> None:
    sheet = opened(replace(appendix({}), label="", title="BÁO CÁO QUÝ III NĂM 2026"))[0]
    assert sheet["A1"].value == "BÁO CÁO QUÝ\xa0III\xa0NĂM\xa02026"


def test_every_page_says_at_its_foot_what_it_is_and_by_which_code() -> None:
    marked = replace(appendix({}), mark=MARK, standing="Bản chưa duyệt")
    page = opened(marked)[0].HeaderFooter
    for foot in (page.firstFooter, page.oddFooter):
        assert foot is not None
        assert foot.right.text == f"Bản chưa duyệt · Mã kiểm chứng {MARK.code}"
    assert not opened(appendix({}))[0].HeaderFooter.oddFooter


def test_a_whole_document_begins_with_its_letterhead() -> None:
    rows = read(replace(appendix({}), letterhead=HEAD))
    assert [[cell for cell in row if cell != ""] for row in rows[:5]] == [
        ["UBND TỈNH MINH HỌA", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["SỞ CÔNG THƯƠNG", "Độc lập - Tự do - Hạnh phúc"],
        ["Số: 12/BC-SCT", "Minh Họa, nay"],
        [],
        ["Phụ lục thử"],
    ]
    alone = read(replace(appendix({}), letterhead=replace(HEAD, above="")))
    assert [row[0] for row in alone[:3]] == ["SỞ CÔNG THƯƠNG", "", "Số: 12/BC-SCT"]


def test_formulas_and_names_follow_a_table_that_begins_lower() -> None:
    found = replace(appendix({"1": number("27"), "2": number("8")}), letterhead=HEAD)
    book = load_workbook(BytesIO(xlsx.render(found)))
    sheet = book.worksheets[0]
    at = book.defined_names["CT_3"].attr_text.rpartition("!")[2].replace("$", "")
    assert sheet[at].value == RATE.replace("D8", "D12").replace("D7", "D11")
    assert sheet.freeze_panes == "A11"
    assert sheet.print_title_rows == "$9:$10"


def test_the_mark_is_a_picture_with_its_words_below_the_signature() -> None:
    found = replace(appendix({}), mark=MARK)
    sheet = opened(found)[0]
    (drawn,) = sheet._images  # type: ignore[attr-defined]
    first = drawn.anchor._from.row + 1
    assert sheet.cell(first, 2).value == MARK.words[0]
    assert drawn.anchor.ext.width == drawn.anchor.ext.height
    said = [cell for row in read(found)[first - 1 :] for cell in row if cell]
    assert said == list(MARK.words)
    assert sheet.print_area == f"'Phụ lục'!$A$1:$E${first + xlsx.MARK_ROWS - 1}"


def test_the_file_says_its_title_and_neither_day_nor_author() -> None:
    package = ZipFile(BytesIO(xlsx.render(appendix({}))))
    said = package.read("docProps/core.xml").decode()
    assert "THỐNG KÊ" in said
    assert "vi-VN" in said
    assert not re.search("openpyxl|created|modified", said)
    assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_same_appendix_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    found = replace(appendix({"1": number("27")}, WITHIN), mark=MARK, letterhead=HEAD)
    first = xlsx.render(found)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert xlsx.render(found) == first
