"""Planning a round and opening it to those who report in it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from indicators.actions.drafts import begin_draft
from indicators.actions.versions import publish
from indicators.kinds import Capacity
from indicators.models import FormVersion
from indicators.queries.definitions import document_of, head_of
from indicators.queries.versions import version_in_force
from reporting.actions.rounds import expect, open_round, plan_round, reschedule_round
from reporting.models import Agency, AgencyKind, Round, RoundForm, Submission, Transition, User
from reporting.queries.figures import snapshot
from tests.cast import agency, form, planned_round, report_of, stored, typed


def expected(round_: Round) -> list[tuple[str, str]]:
    found = Submission.objects.filter(round=round_).order_by("agency__code", "form_version__code")
    return list(found.values_list("agency__code", "form_version__code"))


def test_each_agency_gets_the_form_of_its_kind(open_quarter: Round) -> None:
    assert expected(open_quarter) == [
        ("MH.CA", "PL2-KH-2022"),
        ("MH.SCT", "PL2-KH-2022"),
        ("MH.SNV", "PL2-KH-2022"),
        ("MH.X001", "PL2-XA-QN-2022"),
    ]


def test_opening_is_recorded_for_each_submission(open_quarter: Round, hanh: User) -> None:
    lines = Transition.objects.filter(submission__round=open_quarter)
    assert {(line.move, line.source, line.target, line.by, line.via) for line in lines} == {
        ("open", "", "not_started", hanh, "page")
    }
    assert lines.count() == 4


def test_opening_again_makes_nothing(open_quarter: Round, hanh: User) -> None:
    before = list(Submission.objects.values())
    assert open_round(round=open_quarter, by=hanh) == 0
    assert list(Submission.objects.values()) == before
    assert Transition.objects.count() == 4


def test_an_agency_entered_later_gets_its_own_only(
    open_quarter: Round, minh_hoa: Agency, hanh: User
) -> None:
    later = agency("MH.SYT", "Sở Y tế", AgencyKind.DEPARTMENT, minh_hoa)
    assert open_round(round=open_quarter, by=hanh) == 1
    assert report_of(open_quarter, later).state == "not_started"


def test_a_kind_without_a_form_is_not_asked(
    open_quarter: Round, minh_hoa: Agency, hanh: User
) -> None:
    agency("MH.H1", "UBND huyện Sơn Tây", AgencyKind.DISTRICT, minh_hoa)
    assert open_round(round=open_quarter, by=hanh) == 0


def test_communes_below_a_district_report_too(
    open_quarter: Round, minh_hoa: Agency, hanh: User
) -> None:
    district = agency("MH.H1", "UBND huyện Sơn Tây", AgencyKind.DISTRICT, minh_hoa)
    commune = agency("MH.H1.X1", "UBND xã Sơn Liên", AgencyKind.COMMUNE, district)
    assert open_round(round=open_quarter, by=hanh) == 1
    assert report_of(open_quarter, commune).form_version.code == "PL2-XA-QN-2022"


def test_the_other_province_is_left_alone(open_quarter: Round, so_khac: Agency, hanh: User) -> None:
    assert open_round(round=open_quarter, by=hanh) == 0


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "is_expected"),
    [
        (None, None, True),
        (None, -1, False),
        (None, 0, True),
        (0, None, True),
        (1, None, False),
        (-400, -200, False),
        (-30, 30, True),
    ],
)
def test_an_agency_is_asked_if_it_existed_when_the_data_closed(
    minh_hoa: Agency,
    hanh: User,
    valid_from: int | None,
    valid_to: int | None,
    is_expected: bool,
) -> None:
    """Days are counted from the closing of the data, which is today."""
    today = timezone.localdate()
    merged = agency("MH.STTTT", "Sở Thông tin và Truyền thông", AgencyKind.DEPARTMENT, minh_hoa)
    merged.valid_from = None if valid_from is None else today + timedelta(days=valid_from)
    merged.valid_to = None if valid_to is None else today + timedelta(days=valid_to)
    merged.save()
    assert open_round(round=planned_round(minh_hoa, "MH-QUY"), by=hanh) == int(is_expected)


def test_a_round_of_unknown_window_asks_everybody(minh_hoa: Agency, hanh: User) -> None:
    gone = agency("MH.STTTT", "Sở Thông tin và Truyền thông", AgencyKind.DEPARTMENT, minh_hoa)
    gone.valid_to = date(2020, 1, 1)
    gone.save()
    round_ = planned_round(minh_hoa, "MH-QUY")
    round_.data_from = round_.data_to = None
    round_.save()
    assert open_round(round=round_, by=hanh) == 1


def test_a_kind_may_have_several_forms(minh_hoa: Agency, xa_minh_an: Agency, hanh: User) -> None:
    round_ = planned_round(minh_hoa, "MH-QUY")
    RoundForm.objects.create(round=round_, agency_kind="xa", form_version=form("BM7-2025"))
    assert open_round(round=round_, by=hanh) == 2
    assert expected(round_) == [("MH.X001", "BM7-2025"), ("MH.X001", "PL2-XA-QN-2022")]


def test_expecting_one_pair_twice_makes_it_once(
    open_quarter: Round, so_cong_thuong: Agency, hanh: User
) -> None:
    asked = (so_cong_thuong, form("BM7-2025"), Capacity.BOTH)
    assert expect(round=open_quarter, asked=[asked], by=hanh) == 1
    assert expect(round=open_quarter, asked=[asked], by=hanh) == 0


def dated(minh_hoa: Agency, **days: date | None) -> Round:
    """Return a round with good days but for those given, not stored yet."""
    good: dict[str, date | None] = {
        "data_from": date(2025, 12, 15),
        "data_to": date(2026, 3, 14),
        "opens_on": date(2026, 3, 1),
        "due_on": date(2026, 3, 17),
        "closes_on": date(2026, 3, 27),
    }
    return Round(
        province=minh_hoa,
        code="MH-2026-Q1",
        name="Quý I năm 2026",
        period_kind="quy",
        period_text="quý I năm 2026",
        summary_version=form("PL2-KH-2022"),
        **(good | days),
    )


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (
            {"data_from": date(2026, 3, 15)},
            "Ngày đầu kỳ số liệu phải trước ngày chốt số liệu.",
        ),
        ({"due_on": date(2026, 2, 28)}, "Ngày mở, hạn nộp và ngày đóng phải theo thứ tự."),
        ({"closes_on": date(2026, 3, 16)}, "Ngày mở, hạn nộp và ngày đóng phải theo thứ tự."),
        ({"opens_on": date(2026, 3, 18)}, "Ngày mở, hạn nộp và ngày đóng phải theo thứ tự."),
    ],
)
def test_days_out_of_order_are_refused_with_a_sentence(
    minh_hoa: Agency, days: dict[str, date | None], sentence: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        plan_round(round=dated(minh_hoa, **days), forms={}, by=None)
    assert refusal.value.messages == [sentence]
    assert not Round.objects.exists()


@pytest.mark.parametrize("missing", ["opens_on", "due_on", "closes_on"])
def test_a_round_of_entry_needs_all_its_days(minh_hoa: Agency, missing: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        plan_round(round=dated(minh_hoa, **{missing: None}), forms={}, by=None)
    assert refusal.value.messages == ["Ngày mở, hạn nộp và ngày đóng phải theo thứ tự."]


def test_all_wrong_days_are_told_at_once(minh_hoa: Agency) -> None:
    round_ = dated(minh_hoa, data_from=date(2026, 3, 15), due_on=date(2026, 2, 28))
    with pytest.raises(ValidationError) as refusal:
        plan_round(round=round_, forms={}, by=None)
    assert len(refusal.value.messages) == 2


def test_one_day_may_be_all_three(minh_hoa: Agency) -> None:
    day = date(2026, 3, 17)
    plan_round(round=dated(minh_hoa, opens_on=day, due_on=day, closes_on=day), forms={}, by=None)
    assert Round.objects.get().due_on == day


def test_a_code_is_used_once(minh_hoa: Agency) -> None:
    plan_round(round=dated(minh_hoa), forms={}, by=None)
    with pytest.raises(ValidationError):
        plan_round(round=dated(minh_hoa), forms={}, by=None)


def test_rescheduling_into_disorder_changes_nothing(open_quarter: Round) -> None:
    before = Round.objects.values().get()
    with pytest.raises(ValidationError):
        reschedule_round(
            round=open_quarter,
            opens_on=date(2026, 3, 18),
            due_on=date(2026, 3, 17),
            closes_on=date(2026, 3, 27),
        )
    assert Round.objects.values().get() == before


def test_two_forms_that_ask_for_the_same_are_not_given_to_one_kind(minh_hoa: Agency) -> None:
    both = [form("PL2-KH-2022"), form("PL2-KH-2021")]
    with pytest.raises(ValidationError) as refusal:
        plan_round(round=dated(minh_hoa), forms={AgencyKind.DEPARTMENT: both}, by=None)
    [sentence] = refusal.value.messages
    assert sentence.startswith("Biểu mẫu PL2-KH-2021 và PL2-KH-2022 cùng hỏi chỉ tiêu «")
    assert sentence.endswith("số của đơn vị sẽ bị cộng hai lần.")
    assert not Round.objects.exists()


def test_two_forms_that_ask_for_the_same_may_be_given_to_two_kinds(minh_hoa: Agency) -> None:
    forms = {
        AgencyKind.DEPARTMENT: [form("PL2-KH-2022")],
        AgencyKind.VERTICAL: [form("PL2-KH-2021")],
    }
    plan_round(round=dated(minh_hoa), forms=forms, by=None)
    assert RoundForm.objects.count() == 2


def test_a_draft_is_given_to_nobody(minh_hoa: Agency) -> None:
    FormVersion.objects.filter(code="BM7-2025").update(status="draft")
    with pytest.raises(ValidationError) as refusal:
        plan_round(round=dated(minh_hoa), forms={AgencyKind.COMMUNE: [form("BM7-2025")]}, by=None)
    assert refusal.value.messages == ["Biểu mẫu BM7-2025 chưa công bố nên chưa giao được."]
    assert not Round.objects.exists()


def test_a_report_keeps_the_agency_as_it_was_when_asked(
    open_quarter: Round, so_noi_vu: Agency
) -> None:
    so_noi_vu.name, so_noi_vu.functions, so_noi_vu.kind = "Sở Nội vụ mới", "", "nganh_doc"
    so_noi_vu.save()
    report = report_of(open_quarter, so_noi_vu)
    assert (report.agency_name, report.agency_kind, report.agency_functions) == (
        "Sở Nội vụ",
        "so",
        "noi_vu",
    )
    assert str(report) == "Sở Nội vụ – Báo cáo quý này"


def test_a_newer_version_leaves_open_reports_on_theirs(
    open_quarter: Round, report: Submission, minh_hoa: Agency, hanh: User
) -> None:
    """A round is bound to the versions that it was planned with, those asked later too."""
    older = form("PL2-KH-2022")
    typed(report, {"1.1": "12"})
    newer = replace(head_of(older), code="PL2-KH-MOI", valid_from=timezone.localdate())
    document = document_of(older)
    renamed = [{**row, "label": "Tên mới"} if row["key"] == "1.1" else row for row in document.rows]
    draft = begin_draft(head=newer, document=replace(document, rows=renamed), by=hanh)
    followed = publish(version=draft, revision=0, note="Biểu mới", by=hanh)
    assert version_in_force(older.form, on=timezone.localdate()) == followed

    typed(report, {"1.1": "13"})
    assert stored(report).form_version == older
    assert open_quarter.summary_version == older
    [cell] = snapshot(stored(report)).cells.values()
    assert cell.number == 13
    assert snapshot(stored(report)).form.by_key["1.1"].label != "Tên mới"
    later = agency("MH.SYT", "Sở Y tế", AgencyKind.DEPARTMENT, minh_hoa)
    open_round(round=open_quarter, by=hanh)
    assert report_of(open_quarter, later).form_version == older
