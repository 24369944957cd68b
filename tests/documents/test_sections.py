"""Parts of an appendix, printed alone."""

from dataclasses import replace
from decimal import Decimal

import pytest

from indicators.kinds import Kind
from reporting.printing.appendix import (
    PLAIN,
    Appendix,
    Heading,
    Letterhead,
    Paper,
    on_paper,
    submission_appendix,
)
from reporting.printing.letterhead import letterhead_of
from reporting.printing.sections import Section, section_of, sections
from reporting.snapshot import Cell, SubmissionSnapshot
from tests.documents.forms import form, row
from tests.reporting.forms_by_hand import rule

FORM = form(
    row("1", Kind.HEADING, stt="I.", label="Chỉ đạo", section="1"),
    row("1.1", label="Số nhiệm vụ", section="1"),
    row("1.2", label="Đã xong", section="1"),
    row("1.3", Kind.PERCENT, formula="percent([1.2], [1.1])", section="1"),
    row("2", Kind.HEADING, stt="II.", label="Thể chế", section="2"),
    row("2.1", Kind.PERCENT, formula="percent([1.2], [1.1])", section="2"),
)
CELLS = {"1.1": Cell(number=Decimal(8)), "1.2": Cell(number=Decimal(2))}
HEADING = Heading(agency="Sở Nội vụ", place="Minh Họa", period="quý I")


@pytest.fixture
def whole() -> Appendix:
    return submission_appendix(SubmissionSnapshot(FORM, CELLS), HEADING)


def test_a_form_has_its_parts_in_order_by_the_names_it_prints() -> None:
    assert sections(FORM) == [Section("1", "I. Chỉ đạo"), Section("2", "II. Thể chế")]


def test_a_form_that_is_all_one_has_no_parts() -> None:
    assert sections(form(row("1.1"), row("1.2"))) == ()


def test_a_part_prints_its_own_lines_and_everything_around_them(whole: Appendix) -> None:
    part = section_of(whole, FORM, "2")
    assert [line.key for line in part.lines] == ["2", "2.1"]
    assert (part.title, part.legal_line, part.signature) == (
        whole.title,
        whole.legal_line,
        whole.signature,
    )


def test_a_figure_computed_from_rows_elsewhere_keeps_what_it_comes_to(whole: Appendix) -> None:
    rate = section_of(whole, FORM, "2").lines[1]
    assert rate.figure.text == "25"
    assert rate.computed is None


def test_a_figure_computed_within_the_part_stays_computed(whole: Appendix) -> None:
    assert section_of(whole, FORM, "1").lines[3].computed is not None


def test_the_rules_of_the_form_are_not_judged_by_a_part() -> None:
    ruled = replace(FORM, rules=(rule("[1.2] <= [1.1]"),))
    whole = submission_appendix(SubmissionSnapshot(ruled, CELLS), HEADING)
    assert whole.checks is not None
    assert section_of(whole, ruled, "1").checks is None


# How the paper is asked for


def head(appendix: Appendix) -> Letterhead:
    return letterhead_of(appendix, issuer="Sở Nội vụ", above="UBND tỉnh Minh Họa", number="")


def test_a_plain_paper_is_the_appendix_as_it_is(whole: Appendix) -> None:
    assert on_paper(whole, PLAIN, head(whole)) == whole


def test_a_document_says_place_and_date_in_its_letterhead_alone(whole: Appendix) -> None:
    asked = on_paper(whole, Paper(is_document=True, is_wide=True), head(whole))
    assert asked.is_wide
    assert asked.letterhead == Letterhead(
        "UBND TỈNH MINH HỌA", "SỞ NỘI VỤ", "Số: ……", "Minh Họa, ngày …… tháng …… năm ………"
    )
    assert asked.signature.place_and_date == ""
