"""The archive: every figure written on the five filed papers is in the portal, as what it is."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest

from indicators.definition import FormDefinition, RowDefinition
from indicators.queries.definitions import form_definition
from reporting.models import Figure
from tests.golden import (
    BIEU_7,
    CONG_THUONG,
    DAN_TOC,
    SEEDS,
    SON_LIEN,
    TU_PHAP,
    Filed,
    Written,
    written,
)

pytestmark = pytest.mark.django_db

# Rows whose unit column offers codes, and the code written there.
CHOSEN = {
    CONG_THUONG: {"1.6": "0", "1.7": "0", "5.3.a": "0", "7.5.2.a": "1"},
    DAN_TOC: {
        "I.6": "0",
        "I.6.2": "0",
        "I.7": "0",
        "IV.1.1.1": "1",
        "VII.1": "0",
        "VII.2": "0",
        "VII.4": "0",
        "VII.5.1.1": "1",
        "VII.5.3.1": "1",
    },
    TU_PHAP: {"1.7": "0", "5.3.a": "0", "7.5.a": "1", "7.6.2.a": "1"},
    BIEU_7: {},
    SON_LIEN: {},
}

Forms = Mapping[str, Filed]


def on_paper(filed: Forms, seed: str) -> Iterator[tuple[Written, RowDefinition]]:
    """Pair each filled cell of a paper with the row of the form that stands at its place."""
    rows = definition(filed, seed).rows
    return ((line, rows[line.row - 1]) for line in written(seed))


def definition(filed: Forms, seed: str) -> FormDefinition:
    return form_definition(filed[seed].submission.form_version)


def answered(form: Filed) -> dict[str, Figure]:
    return {
        key: figure
        for key, figure in form.figures.items()
        if figure.number is not None or figure.choice or figure.text
    }


@pytest.mark.parametrize(
    ("seed", "filled"),
    [(CONG_THUONG, 75), (DAN_TOC, 146), (TU_PHAP, 60), (BIEU_7, 17), (SON_LIEN, 13)],
)
def test_each_paper_gave_as_many_figures_as_it_has_filled_cells(
    filed: Forms, seed: str, filled: int
) -> None:
    assert len(written(seed)) == filled
    assert len(answered(filed[seed])) == filled


@pytest.mark.parametrize("seed", SEEDS)
def test_every_written_value_is_stored_as_what_it_means(filed: Forms, seed: str) -> None:
    wrong = []
    for line, row in on_paper(filed, seed):
        figure = filed[seed].figures[row.key]
        code = CHOSEN[seed].get(row.key)
        expected = (None, code) if code else (line.value, "")
        if (figure.number, figure.choice) != expected or figure.written != line.written:
            wrong.append((row.key, line.written, figure.number, figure.choice, figure.written))
        if (figure.status, figure.text) != ("reported", ""):
            wrong.append((row.key, line.written, None, figure.status, figure.text))
    assert wrong == []


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_stored_where_the_paper_is_blank(filed: Forms, seed: str) -> None:
    on_the_paper = {row.key for _, row in on_paper(filed, seed)}
    assert set(answered(filed[seed])) == on_the_paper


@pytest.mark.parametrize("seed", SEEDS)
def test_every_filled_row_is_the_row_printed_there(filed: Forms, seed: str) -> None:
    for line, row in on_paper(filed, seed):
        assert row.stt == line.stt
        assert squeezed(row.label) == squeezed(line.label.partition(" + ")[0]) or (
            row.label == line.label
        )


def test_the_details_are_those_written_under_the_label(filed: Forms) -> None:
    details = filed[TU_PHAP].details
    for line, row in on_paper(filed, TU_PHAP):
        if row.key == "7.6.2.a":  # its detail stands in the number cell
            continue
        told = "".join(
            f" + {label}: {written}" if written else f" + {label}"
            for label, _, written in details.get(row.key, ())
        )
        assert squeezed(row.label + told) == squeezed(line.label).replace(";+", "+")


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_only_the_justice_department_wrote_details(filed: Forms) -> None:
    assert {seed: len(form.details) for seed, form in filed.items()} == {
        CONG_THUONG: 0,
        DAN_TOC: 0,
        TU_PHAP: 14,
        BIEU_7: 0,
        SON_LIEN: 0,
    }


def test_details_with_numbers_add_up_to_their_figure(filed: Forms) -> None:
    form = filed[TU_PHAP]
    added = {
        key: sum((number for _, number, _ in lines if number is not None), Decimal(0))
        for key, lines in form.details.items()
        if key not in {"3.4.3.b", "7.6.2.a"}  # names without numbers; certificates of a yes
    }
    assert added == {key: form.figures[key].number for key in added}
    assert added == {
        "3.2.a": 115,
        "3.2.b": 17,
        "3.2.c": 19,
        "3.4.1.1.a": 17,
        "3.4.1.1.b": 1,
        "3.4.1.2.a": 123,
        "3.4.1.2.b": 14,
        "3.4.2.a": 11,
        "3.4.2.b": 7,
        "3.4.4.a": 106,
        "3.4.4.b": 9,
        "3.4.4.c": 8,
    }


def test_the_fifteen_fields_of_the_justice_department_are_kept_in_their_order(filed: Forms) -> None:
    assert [(label, str(number)) for label, number, _ in filed[TU_PHAP].details["3.2.a"]] == [
        ("Nuôi con nuôi", "4.000"),
        ("Hộ tịch", "1.000"),
        ("Quốc tịch", "5.000"),
        ("Lý lịch tư pháp", "3.000"),
        ("Bồi thường nhà nước", "4.000"),
        ("Quản lý luật sư", "14.000"),
        ("Giám định tư pháp", "8.000"),
        ("Tư vấn pháp luật", "6.000"),
        ("Quản lý công chứng", "26.000"),
        ("Quản tài viên và hành nghề quản lý, thành lý tài sản", "5.000"),
        ("Đấu giá tài sản", "9.000"),
        ("Trọng tài thương mại", "6.000"),
        ("Hòa giải thương mại", "8.000"),
        ("Thừa phát lại", "10.000"),
        ("Trợ giúp pháp lý", "6.000"),
    ]


def test_a_detail_without_a_number_is_kept_as_a_name(filed: Forms) -> None:
    assert filed[TU_PHAP].details["3.4.3.b"] == [
        ("Lý lịch tư pháp", None, ""),
        ("Cấp bản sao hộ tịch", None, ""),
    ]


# What is hard to read, one by one


def test_34_of_43_tasks_is_34_and_the_43_is_kept(filed: Forms) -> None:
    figure = filed[TU_PHAP].figures["1.1.b"]
    assert [figure.number, figure.numerator, figure.denominator] == [34, 34, 43]
    assert (figure.written, figure.reading) == ("34/43", "confirmed")


def test_08_thang_is_8_with_the_agencys_note(filed: Forms) -> None:
    figure = filed[TU_PHAP].figures["1.4"]
    assert figure.number == 8
    assert (figure.written, figure.reading) == ("08 tháng", "confirmed")
    assert figure.note == "Tháng 9 dự kiến được đánh giá vào đầu Quý IV"


def test_1_14_CTS_is_a_yes_with_fourteen_certificates(filed: Forms) -> None:  # noqa: N802
    form = filed[TU_PHAP]
    figure = form.figures["7.6.2.a"]
    assert (figure.choice, figure.number, figure.written) == ("1", None, "1 14 CTS")
    assert form.details["7.6.2.a"] == [("CTS", Decimal(14), "14 CTS")]


@pytest.mark.parametrize(
    ("key", "rate", "part", "whole", "unit", "written"),
    [
        ("3.4.7.1", "51.3", 253, 493, "253/493", "51,3%"),
        ("3.4.7.2", "44", 218, 493, "218/493", "44%"),
        ("3.4.7.3", "26", 65, 253, "65/253", "26%"),
    ],
)
def test_a_ratio_typed_in_the_unit_column_is_the_rates_two_parts(
    filed: Forms, key: str, rate: str, part: int, whole: int, unit: str, written: str
) -> None:
    figure = filed[TU_PHAP].figures[key]
    assert [figure.number, figure.numerator, figure.denominator] == [Decimal(rate), part, whole]
    assert (figure.written, figure.written_unit) == (written, unit)


def test_5_356_dossiers_are_five_thousand(filed: Forms) -> None:
    figures = filed[CONG_THUONG].figures
    assert {key: figures[key].number for key in ("3.4.1.a", "3.4.1.b", "7.7.4.a", "7.7.4.b")} == {
        "3.4.1.a": 5356,
        "3.4.1.b": 5346,
        "7.7.4.a": 5356,
        "7.7.4.b": 4910,
    }
    assert figures["3.4.1.a"].reading == "changed"


@pytest.mark.parametrize(
    ("seed", "key", "rate", "written"),
    [
        (CONG_THUONG, "1.2", "29.6", "29,6"),
        (CONG_THUONG, "4.3.d", "8.7", "8,7"),
        (DAN_TOC, "III.3.1", "100", "100.00"),
        (DAN_TOC, "III.3.4", "0", "0.00"),
        (DAN_TOC, "IV.2.5", "16.90", "16.90"),
        (BIEU_7, "3.2", "100", "100%"),
        (BIEU_7, "4.1", "100", "=100%"),
        (BIEU_7, "4.2", "98.64", "=98,64%"),
        (BIEU_7, "4.3", "45.26", "=45,26%"),
        (BIEU_7, "4.4", "84.58", "=84,58%"),
    ],
)
def test_a_rate_is_the_filed_one_however_it_was_written(
    filed: Forms, seed: str, key: str, rate: str, written: str
) -> None:
    figure = filed[seed].figures[key]
    assert (figure.number, figure.written) == (Decimal(rate), written)


def test_code_0_where_only_others_are_offered_stays_a_number_and_no_answer(filed: Forms) -> None:
    form, rows = filed[DAN_TOC], definition(filed, DAN_TOC).by_key
    not_offered = {
        key: figure.number
        for key, figure in form.figures.items()
        if rows[key].options and not figure.choice
    }
    assert not_offered == {
        "IV.1.1.2": 0,
        "IV.1.2.1": 0,
        "IV.1.2.2": 0,
        "VII.2.1": 0,
        "VII.2.2": 0,
        "VII.5.1.2": 0,
        "VII.5.3.2": 0,
    }
    assert [rows[key].option("0") for key in not_offered] == [None] * 7


def test_a_value_on_a_heading_is_kept(filed: Forms) -> None:
    found = {}
    for seed, form in filed.items():
        rows = definition(filed, seed).by_key
        for key, figure in answered(form).items():
            if rows[key].kind == "heading":
                found[seed[:3], key] = figure.number
    assert found == {
        ("000", "3.2.2"): 0,
        ("000", "3.4"): 100,
        ("000", "4.3"): 0,
        ("000", "5.2.1"): 0,
        ("000", "5.3"): 0,
        ("000", "5.4"): 0,
        ("002", "1.6"): 0,
        ("004", "1.2"): 0,
        ("004", "3.4"): 3,
        ("004", "4.2"): 20,
    }


def test_a_remark_without_a_figure_is_no_figure(filed: Forms) -> None:
    silent = {
        (seed[:3], key): (figure.number, figure.choice, figure.note)
        for seed, form in filed.items()
        for key, figure in form.figures.items()
        if figure.status != "reported"
    }
    plan = "Quyết định số 15/QĐ-STP ngày 19/01/2021 ban hành Kế hoạch CCHC năm 2021 của Sở Tư pháp."
    assert silent == {
        ("002", "1.1"): (None, "", plan),
        ("002", "1.3"): (None, "", "Dự kiến Quý IV/2021"),
    }
    assert {filed[TU_PHAP].figures[key].status for key in ("1.1", "1.3")} == {"note"}


def test_a_remark_beside_a_figure_is_its_note(filed: Forms) -> None:
    noted = {
        (seed[:3], key): figure.note
        for seed, form in filed.items()
        for key, figure in form.figures.items()
        if figure.note and figure.status == "reported"
    }
    assert noted == {
        ("000", "3.5"): "Không phát sinh",
        ("000", "5.2.1"): "Chưa phát sinh",
        ("000", "5.3"): "Chưa phát sinh mới",
        ("000", "7.8.2"): "Chưa phát sinh",
        ("002", "1.4"): "Tháng 9 dự kiến được đánh giá vào đầu Quý IV",
        (
            "002",
            "3.4.4.a",
        ): "TT nhập quốc tịch Việt Nam yêu cầu nộp trực tiếp tại cơ quan tiếp nhận",
        ("002", "4.3.a"): "(gồm 22 biên chế người làm việc và 03 HĐLĐ 68)",
    }


# The record


@pytest.mark.parametrize("seed", SEEDS)
def test_the_first_entry_of_every_figure_is_in_the_record(filed: Forms, seed: str) -> None:
    form = filed[seed]
    assert set(form.changes) == set(form.figures)
    for key, changes in form.changes.items():
        (change,) = changes
        figure = form.figures[key]
        assert change.before is None
        assert change.after is not None
        assert change.after["status"] == figure.status
        number = change.after.get("number")
        assert (Decimal(number) if number else None) == figure.number
        assert change.after.get("choice", "") == figure.choice
        assert change.after.get("written", "") == figure.written
        assert len(change.after.get("details", ())) == len(form.details.get(key, ()))
        assert (change.revision, str(change.by)) == (1, "Người nhập báo cáo giấy")
        assert (change.via, change.source) == ("archive", form.submission.source_document)


def test_the_record_names_the_paper(filed: Forms) -> None:
    assert filed[CONG_THUONG].submission.source_document == (
        "000_9572e72af2d5847b.txt – Phụ lục 2 kèm theo Báo cáo số 31/BC-SCT ngày 10/3/2022"
        " của Sở Công Thương Khánh Hòa"
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_each_form_was_opened_filled_handed_in_and_approved(filed: Forms, seed: str) -> None:
    form = filed[seed]
    assert [(step.move, step.target, step.via) for step in form.transitions] == [
        ("open", "not_started", "archive"),
        ("start", "draft", "archive"),
        ("submit", "submitted", "archive"),
        ("approve", "approved", "archive"),
    ]
    assert form.submission.state == "approved"
