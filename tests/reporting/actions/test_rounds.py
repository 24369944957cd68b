"""Planning a round and opening it to those who report in it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from time import perf_counter
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.actions.drafts import begin_draft
from indicators.actions.versions import publish
from indicators.kinds import Capacity
from indicators.models import FormVersion
from indicators.queries.definitions import document_of, head_of
from indicators.queries.versions import in_force
from reporting.actions.rounds import (
    Plan,
    cancel_round,
    change_round,
    close_round,
    expect,
    extend,
    open_round,
    plan_round,
    reopen_round,
    reschedule_round,
)
from reporting.models import (
    Agency,
    AgencyKind,
    Notice,
    RecordLine,
    Round,
    RoundForm,
    Submission,
    Transition,
    User,
)
from reporting.periods import PeriodKind
from reporting.queries.figures import snapshot
from reporting.queries.rounds import facts, opening_of, seen_as
from reporting.queries.submissions import earlier_submissions, is_late, wanted_day
from reporting.refusals import (
    NotConfirmed,
    NotExpected,
    NotYours,
    ReasonMissing,
    RoundClosed,
    StaleRound,
    WrongStatus,
)
from reporting.schedule import in_stages
from reporting.workflow import RoundStatus
from tests.cast import (
    agency,
    approved,
    clerk_of,
    form,
    moved,
    opened_round,
    planned_round,
    report_of,
    stored,
    submitted,
    typed,
)


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
    ("days", "wrong"),
    [
        ({"data_from": date(2026, 3, 15)}, ["data_to"]),
        ({"due_on": date(2026, 2, 28)}, ["due_on"]),
        ({"closes_on": date(2026, 3, 16)}, ["closes_on"]),
        ({"edit_until": date(2026, 3, 26)}, ["edit_until"]),
        ({"opens_on": None, "due_on": None}, ["due_on", "opens_on"]),
        ({"data_from": date(1999, 3, 15), "closes_on": None}, ["closes_on", "data_from"]),
        ({"data_from": date(2026, 3, 15), "due_on": date(2026, 2, 28)}, ["data_to", "due_on"]),
    ],
)
def test_every_wrong_day_is_refused_with_a_sentence_at_once(
    minh_hoa: Agency, days: dict[str, date | None], wrong: list[str]
) -> None:
    with pytest.raises(ValidationError) as refusal:
        plan_round(round=dated(minh_hoa, **days), forms={}, by=None)
    assert sorted(refusal.value.message_dict) == wrong
    assert not Round.objects.exists()
    assert not RecordLine.objects.filter(subject="round").exists()


@pytest.mark.parametrize("code", ["moi", "lich", "LICH"])
def test_a_code_is_no_address_of_the_portal(minh_hoa: Agency, code: str) -> None:
    round_ = dated(minh_hoa)
    round_.code = code
    with pytest.raises(ValidationError) as refusal:
        plan_round(round=round_, forms={}, by=None)
    assert refusal.value.message_dict == {
        "code": [f"«{code}» là địa chỉ của cổng; hãy lấy mã khác."]
    }


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
    assert in_force(timezone.localdate())[older.form_id] == followed

    typed(report, {"1.1": "13"})
    assert stored(report).form_version == older
    assert open_quarter.summary_version == older
    [cell] = snapshot(stored(report)).cells.values()
    assert cell.number == 13
    assert snapshot(stored(report)).form.by_key["1.1"].label != "Tên mới"
    later = agency("MH.SYT", "Sở Y tế", AgencyKind.DEPARTMENT, minh_hoa)
    open_round(round=open_quarter, by=hanh)
    assert report_of(open_quarter, later).form_version == older


# What is recorded, and who may


TODAY = timezone.localdate
REASON = "Theo công văn 12/SNV."


def last_line(act: str) -> RecordLine:
    return RecordLine.objects.filter(act=act).order_by("-pk")[0]


def everything() -> list[object]:
    return [
        list(model._default_manager.order_by("pk").values())
        for model in (Round, RoundForm, Submission, Transition, RecordLine)
    ]


def seen(round_: Round) -> str:
    """Return what a page drawn now posts back."""
    current = Round.objects.get(pk=round_.pk)
    return seen_as(current.status, facts(current))


def plan_of(round_: Round, **given: Any) -> Plan:
    """Return what stands planned of a round, but for what is given."""
    current = Round.objects.get(pk=round_.pk)
    forms: dict[AgencyKind, list[FormVersion]] = {}
    for line in current.forms.order_by("pk"):
        forms.setdefault(AgencyKind(line.agency_kind), []).append(line.form_version)
    days = {name: given.pop(name) for name in list(given) if name in current.days.__slots__}
    standing = Plan(
        name=current.name,
        days=replace(current.days, **days),
        period_kind=PeriodKind(current.period_kind),
        period_text=current.period_text,
        summary_version=current.summary_version,
        notice=current.notice,
        splits_capacities=current.splits_capacities,
        forms=forms,
    )
    return replace(standing, **given)


ACTS: dict[str, Callable[[Round, User], object]] = {
    "plan": lambda round_, by: plan_round(round=dated(round_.province), forms={}, by=by),
    "change": lambda round_, by: change_round(
        round=round_, plan=plan_of(round_, name="Tên khác"), seen=seen(round_), by=by
    ),
    "open": lambda round_, by: open_round(round=round_, by=by),
    "extend": lambda round_, by: extend(
        round=round_,
        agencies=[Agency.objects.get(code="MH.SCT")],
        until=TODAY(),
        reason=REASON,
        by=by,
    ),
    "close": lambda round_, by: close_round(round=round_, reason=REASON, seen=4, by=by),
    "reopen": lambda round_, by: reopen_round(
        round=round_,
        closes_on=TODAY() + timedelta(days=9),
        edit_until=None,
        reason=REASON,
        by=by,
    ),
    "cancel": lambda round_, by: cancel_round(round=round_, reason=REASON, by=by),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["hoa", "dat", "mai", "khac"])
def test_only_the_provinces_reviewer_runs_its_rounds(
    open_quarter: Round, act: str, who: str, request: pytest.FixtureRequest
) -> None:
    before = everything()
    with pytest.raises(NotYours) as refusal:
        ACTS[act](open_quarter, request.getfixturevalue(who))
    assert "Chỉ chuyên viên Sở Nội vụ của Tỉnh Minh Họa" in str(refusal.value)
    assert everything() == before


@pytest.mark.parametrize("act", ["extend", "close", "reopen", "cancel"])
def test_an_operator_plans_and_opens_but_ends_no_round(
    open_quarter: Round, quantri: User, act: str
) -> None:
    with pytest.raises(NotYours):
        ACTS[act](open_quarter, quantri)


WRONG = {
    "planned": ["extend", "close", "reopen"],
    "open": ["reopen"],
    "closed": ["open", "close"],
    "cancelled": ["change", "open", "extend", "close", "reopen", "cancel"],
}


@pytest.mark.parametrize(
    ("status", "act"), [(status, act) for status, acts in WRONG.items() for act in acts]
)
def test_an_act_out_of_turn_is_refused_with_a_sentence(
    open_quarter: Round, hanh: User, status: str, act: str
) -> None:
    Round.objects.update(status=status)
    before = everything()
    with pytest.raises(WrongStatus) as refusal:
        ACTS[act](open_quarter, hanh)
    label = in_stages(RoundStatus(status))
    # The last act on the round stands in brackets.
    assert str(refusal.value).startswith(
        f"Báo cáo quý này đang ở tình trạng «{label}» (Trần Minh Hạnh mở đợt, giao 4 báo cáo lúc "
    )
    assert everything() == before


@pytest.mark.parametrize("act", ["extend", "close", "reopen", "cancel"])
def test_a_reason_is_needed(open_quarter: Round, hanh: User, act: str) -> None:
    if act == "reopen":
        Round.objects.update(status="closed")
    before = everything()
    acts: dict[str, Callable[[], object]] = {
        "extend": lambda: extend(
            round=open_quarter,
            agencies=[Agency.objects.get(code="MH.SCT")],
            until=TODAY(),
            reason=" ",
            by=hanh,
        ),
        "close": lambda: close_round(round=open_quarter, reason="", seen=4, by=hanh),
        "reopen": lambda: reopen_round(
            round=open_quarter, closes_on=TODAY(), edit_until=None, reason="\n", by=hanh
        ),
        "cancel": lambda: cancel_round(round=open_quarter, reason="", by=hanh),
    }
    with pytest.raises(ReasonMissing, match="Cần ghi lý do để"):
        acts[act]()
    assert everything() == before


def test_planning_is_recorded_with_all_that_was_decided(minh_hoa: Agency, hanh: User) -> None:
    forms = {AgencyKind.COMMUNE: [form("PL2-XA-QN-2022")]}
    round_ = plan_round(round=dated(minh_hoa), forms=forms, by=hanh)
    line = last_line("plan")
    assert (line.what, line.by, line.round, line.province) == (
        "lập đợt «Quý I năm 2026»",
        hanh,
        round_,
        minh_hoa,
    )
    told = {change["label"]: change["after"] for change in line.changes}
    assert told["Hạn nộp"] == "17/03/2026"
    assert told["Biểu của UBND cấp xã"] == "PL2-XA-QN-2022"
    assert "Biểu của Sở, ban, ngành" not in told


# Changing


def test_a_change_is_recorded_old_and_new(open_quarter: Round, hanh: User) -> None:
    due = open_quarter.due_on
    assert due is not None
    plan = plan_of(open_quarter, name="Báo cáo khác", due_on=due + timedelta(days=1))
    change_round(round=open_quarter, plan=plan, seen=seen(open_quarter), by=hanh)
    line = last_line("change")
    assert line.changes == [
        {"label": "Tên đợt", "before": "Báo cáo quý này", "after": "Báo cáo khác"},
        {
            "label": "Hạn nộp",
            "before": f"{due:%d/%m/%Y}",
            "after": f"{due + timedelta(days=1):%d/%m/%Y}",
        },
    ]
    assert Round.objects.get().name == "Báo cáo khác"


def test_no_change_leaves_no_line(open_quarter: Round, hanh: User) -> None:
    before = everything()
    plan, shown = plan_of(open_quarter), seen(open_quarter)
    assert list(change_round(round=open_quarter, plan=plan, seen=shown, by=hanh)) == []
    assert everything() == before


def test_new_days_of_an_open_round_are_told_and_other_words_are_not(
    open_quarter: Round, hoa: User, hanh: User
) -> None:
    change_round(
        round=open_quarter,
        plan=plan_of(open_quarter, notice="Mới"),
        seen=seen(open_quarter),
        by=hanh,
    )
    assert not Notice.objects.exists()
    plan = plan_of(open_quarter, due_on=TODAY() + timedelta(days=6))
    change_round(round=open_quarter, plan=plan, seen=seen(open_quarter), by=hanh)
    assert Notice.objects.get(user=hoa).kind == "rescheduled"


def test_a_second_editor_is_told_and_overwrites_nothing(open_quarter: Round, hanh: User) -> None:
    shown = seen(open_quarter)
    plan = plan_of(open_quarter, notice="Của người thứ hai")
    reschedule_round(
        round=open_quarter,
        opens_on=TODAY(),
        due_on=TODAY(),
        closes_on=TODAY(),
        by=hanh,
    )
    before = everything()
    with pytest.raises(StaleRound) as refusal:
        change_round(round=open_quarter, plan=plan, seen=shown, by=hanh)
    assert "(Trần Minh Hạnh sửa đợt «Báo cáo quý này» lúc " in str(refusal.value)
    assert everything() == before


def test_forms_changed_meanwhile_are_noticed_too(minh_hoa: Agency, hanh: User) -> None:
    round_ = planned_round(minh_hoa, "MH-QUY")
    shown = seen(round_)
    RoundForm.objects.create(round=round_, agency_kind="khac", form_version=form("BM7-2025"))
    with pytest.raises(StaleRound):
        change_round(round=round_, plan=plan_of(round_), seen=shown, by=hanh)


def test_a_planned_round_takes_other_forms(minh_hoa: Agency, hanh: User) -> None:
    round_ = planned_round(minh_hoa, "MH-QUY")
    plan = plan_of(
        round_,
        forms={AgencyKind.COMMUNE: [form("BM7-2025")]},
        period_kind=PeriodKind.MONTH,
        splits_capacities=True,
    )
    changes = change_round(round=round_, plan=plan, seen=seen(round_), by=hanh)
    assert [(change["before"], change["after"]) for change in changes] == [
        ("Quý", "Tháng"),
        ("không", "có"),
        ("PL2-KH-2022", "trống"),
        ("PL2-KH-2022", "trống"),
        ("PL2-XA-QN-2022", "BM7-2025"),
    ]
    assert list(RoundForm.objects.values_list("agency_kind", "form_version__code")) == [
        ("xa", "BM7-2025")
    ]


def test_a_planned_round_refuses_forms_that_clash(minh_hoa: Agency, hanh: User) -> None:
    round_ = planned_round(minh_hoa, "MH-QUY")
    before = everything()
    clash = {AgencyKind.DEPARTMENT: [form("PL2-KH-2022"), form("PL2-KH-2021")]}
    with pytest.raises(ValidationError, match="cộng hai lần"):
        change_round(round=round_, plan=plan_of(round_, forms=clash), seen=seen(round_), by=hanh)
    assert everything() == before


@pytest.mark.parametrize(
    "given",
    [{"period_kind": PeriodKind.YEAR}, {"period_text": "năm nay"}, {"splits_capacities": True}],
)
def test_an_open_round_keeps_what_its_reports_were_asked_under(
    open_quarter: Round, hanh: User, given: dict[str, Any]
) -> None:
    before = everything()
    with pytest.raises(WrongStatus, match="giữ nguyên như khi giao báo cáo"):
        change_round(
            round=open_quarter,
            plan=plan_of(open_quarter, **given),
            seen=seen(open_quarter),
            by=hanh,
        )
    assert everything() == before


def test_a_change_into_disorder_is_refused(open_quarter: Round, hanh: User) -> None:
    before = everything()
    plan = plan_of(open_quarter, closes_on=date(2020, 1, 1), data_to=date(1999, 1, 1))
    with pytest.raises(ValidationError) as refusal:
        change_round(round=open_quarter, plan=plan, seen=seen(open_quarter), by=hanh)
    assert sorted(refusal.value.message_dict) == ["closes_on", "data_to"]
    assert everything() == before


def test_the_days_of_a_round_change_although_its_form_was_retired(
    open_quarter: Round, hanh: User
) -> None:
    FormVersion.objects.filter(code="PL2-KH-2022").update(status="retired")
    plan = plan_of(open_quarter, notice="Mới")
    change_round(round=open_quarter, plan=plan, seen=seen(open_quarter), by=hanh)
    assert Round.objects.get().notice == "Mới"


# Opening


def test_opening_is_recorded_once_with_how_many(
    open_quarter: Round, minh_hoa: Agency, hanh: User
) -> None:
    agency("MH.SYT", "Sở Y tế", AgencyKind.DEPARTMENT, minh_hoa)
    open_round(round=open_quarter, by=hanh)
    open_round(round=open_quarter, by=hanh)
    lines = RecordLine.objects.filter(act="open", round=open_quarter)
    assert [line.what for line in lines] == ["mở đợt, giao 4 báo cáo", "giao bổ sung 1 báo cáo"]
    assert Round.objects.get().status == RoundStatus.OPEN


def test_what_is_foretold_is_what_is_done(
    minh_hoa: Agency, so_cong_thuong: Agency, xa_minh_an: Agency, hanh: User
) -> None:
    agency("MH.HND", "Hội Nông dân", AgencyKind.OTHER, minh_hoa)
    round_ = planned_round(minh_hoa, "MH-QUY")
    foretold = opening_of(round_)
    assert [
        (share.kind, share.agencies, share.reports, share.forms) for share in foretold.shares
    ] == [
        (AgencyKind.DEPARTMENT, 1, 1, ["PL2-KH-2022"]),
        (AgencyKind.COMMUNE, 1, 1, ["PL2-XA-QN-2022"]),
    ]
    assert [one.name for one in foretold.unasked] == ["Hội Nông dân"]
    assert open_round(round=round_, by=hanh) == len(foretold.missing) == 2
    assert (opening_of(round_).missing, opening_of(round_).standing) == ([], 2)


def test_opening_costs_the_same_for_one_and_three_and_150_agencies_are_quick(
    minh_hoa: Agency, hanh: User
) -> None:
    assert hanh.roles_held
    counts = []
    for code, agencies in (("MH-MOT", 1), ("MH-BA", 3), ("MH-TAT-CA", 150)):
        for number in range(Agency.objects.filter(parent=minh_hoa).count(), agencies):
            Agency.objects.create(
                code=f"MH.{number}", name=f"Sở {number}", kind="so", parent=minh_hoa
            )
        round_ = planned_round(minh_hoa, code)
        with CaptureQueriesContext(connection) as foreseeing:
            opening_of(round_)
        started = perf_counter()
        with CaptureQueriesContext(connection) as captured:
            assert open_round(round=round_, by=hanh) == agencies
        took = perf_counter() - started
        counts.append((len(foreseeing), len(captured)))
    assert counts[0] == counts[1]
    assert counts[2][0] == counts[0][0]
    # SQLite takes 999 values at once: 150 rows go in a few inserts, not in 150.
    assert counts[2][1] <= counts[0][1] + 6
    assert took < 2


# Closing, reopening


def test_a_round_with_everything_approved_closes_without_questions(
    open_quarter: Round, report: Submission, hanh: User
) -> None:
    Submission.objects.update(state="approved")
    close_round(round=open_quarter, by=hanh)
    assert Round.objects.get().status == RoundStatus.CLOSED
    assert (last_line("close").what, last_line("close").reason) == ("đóng đợt", "")


@pytest.mark.parametrize("told", [0, 2, 4])
def test_what_is_left_behind_is_named_and_has_to_be_seen(
    open_quarter: Round, report: Submission, noi_vu_report: Submission, hanh: User, told: int
) -> None:
    approved(report, {"1.1": "3"})
    submitted(noi_vu_report, {"1.1": "3"})
    before = everything()
    with pytest.raises(NotConfirmed) as refusal:
        close_round(round=open_quarter, reason=REASON, seen=told, by=hanh)
    assert str(refusal.value) == (
        "Còn 3 báo cáo chưa duyệt (2 «Chưa nhập»: Công an tỉnh, UBND xã Minh An; 1 «Đã gửi»: Sở Nội"
        " vụ). Hãy xác nhận đã xem con số này rồi đóng đợt."
    )
    assert everything() == before


def test_many_left_behind_are_counted_after_the_first_few(
    open_quarter: Round, minh_hoa: Agency, hanh: User
) -> None:
    for number in range(3):
        agency(f"MH.{number}", f"Sở số {number}", AgencyKind.DEPARTMENT, minh_hoa)
    open_round(round=open_quarter, by=hanh)
    with pytest.raises(NotConfirmed, match="và 2 đơn vị khác"):
        close_round(round=open_quarter, by=hanh)


def test_closing_shuts_the_reports_and_says_why(
    open_quarter: Round, report: Submission, hanh: User
) -> None:
    close_round(round=open_quarter, reason=REASON, seen=4, by=hanh)
    line = last_line("close")
    assert (line.what, line.reason) == ("đóng đợt khi còn 4 báo cáo chưa duyệt", REASON)
    with pytest.raises(RoundClosed, match="Sở Nội vụ đã đóng Báo cáo quý này"):
        typed(stored(report), {"1.1": "3"})


def test_a_reopened_round_takes_figures_until_its_new_day(
    open_quarter: Round, report: Submission, hanh: User
) -> None:
    close_round(round=open_quarter, reason=REASON, seen=4, by=hanh)
    until = TODAY() + timedelta(days=20)
    reopen_round(round=open_quarter, closes_on=until, edit_until=until, reason=REASON, by=hanh)
    round_ = Round.objects.get()
    assert (round_.status, round_.closes_on, round_.edit_until) == ("open", until, until)
    line = last_line("reopen")
    assert (line.what, line.reason) == (
        f"mở lại đợt, đóng sau ngày {until:%d/%m/%Y}",
        REASON,
    )
    assert [change["label"] for change in line.changes] == [
        "Đóng sau ngày",
        "Sửa báo cáo bị trả lại đến hết ngày",
    ]
    typed(stored(report), {"1.1": "3"})
    told = Notice.objects.get(user=clerk_of(report.agency))
    assert (told.kind, told.subject) == (
        "rescheduled",
        "Mở lại đợt: Báo cáo quý này, Sở Công Thương",
    )
    assert f"Nhập và gửi đến hết ngày: {until:%d/%m/%Y} (trước là " in told.text


@pytest.mark.parametrize(
    ("closes_in", "edit_in", "wrong"),
    [(-1, None, "closes_on"), (9, 8, "edit_until"), (4, None, "closes_on")],
)
def test_a_round_reopens_with_days_in_order_only(
    open_quarter: Round, hanh: User, closes_in: int, edit_in: int | None, wrong: str
) -> None:
    """The round is due in five days."""
    close_round(round=open_quarter, reason=REASON, seen=4, by=hanh)
    before = everything()
    with pytest.raises(ValidationError) as refusal:
        reopen_round(
            round=open_quarter,
            closes_on=TODAY() + timedelta(days=closes_in),
            edit_until=None if edit_in is None else TODAY() + timedelta(days=edit_in),
            reason=REASON,
            by=hanh,
        )
    assert list(refusal.value.message_dict) == [wrong]
    assert everything() == before


# Cancelling


@pytest.mark.parametrize("status", ["planned", "open", "closed"])
def test_a_round_is_cancelled_from_where_it_stands(
    open_quarter: Round, hanh: User, status: str
) -> None:
    Round.objects.update(status=status)
    cancel_round(round=open_quarter, reason=REASON, by=hanh)
    assert Round.objects.get().status == RoundStatus.CANCELLED
    assert (last_line("cancel").what, last_line("cancel").reason) == (
        "hủy đợt «Báo cáo quý này»",
        REASON,
    )


def test_in_a_cancelled_round_nothing_is_entered_or_moved_and_all_is_kept(
    open_quarter: Round,
    report: Submission,
    noi_vu_report: Submission,
    commune_report: Submission,
    hanh: User,
) -> None:
    typed(report, {"1.1": "3"})
    submitted(noi_vu_report, {"1.1": "4"})
    approved(commune_report, {"1.1.3": "5"})
    with pytest.raises(WrongStatus, match="Đợt đã có 1 báo cáo được duyệt nên không hủy được"):
        cancel_round(round=open_quarter, reason=REASON, by=hanh)
    moved(commune_report, "reopen", by=hanh, reason=REASON)
    cancel_round(round=open_quarter, reason=REASON, by=hanh)
    before = everything()
    acts: list[Callable[[], object]] = [
        lambda: typed(stored(report), {"1.1": "7"}),
        lambda: moved(noi_vu_report, "approve", by=hanh),
        lambda: moved(noi_vu_report, "return", by=hanh, reason=REASON),
        lambda: typed(stored(commune_report), {"1.1.3": "6"}),
    ]
    for act in acts:
        with pytest.raises(RoundClosed, match="đã hủy"):
            act()
    assert everything() == before
    assert [cell.number for cell in snapshot(stored(report)).cells.values()] == [3]


def test_a_cancelled_round_stands_beside_no_later_report_and_is_never_late(
    minh_hoa: Agency, so_cong_thuong: Agency, hanh: User
) -> None:
    before = opened_round(minh_hoa, "MH-TRUOC", by=hanh, data_to_days_ago=100)
    old = approved(report_of(before, so_cong_thuong), {"1.1": "3"})
    now = report_of(opened_round(minh_hoa, "MH-NAY", by=hanh), so_cong_thuong)
    assert earlier_submissions(now).previous == old
    Round.objects.filter(pk=before.pk).update(status="cancelled")  # before this was refused
    assert earlier_submissions(now).previous is None
    late = TODAY() + timedelta(days=6)
    assert is_late(now, late)
    cancel_round(round=now.round, reason=REASON, by=hanh)
    assert not is_late(stored(now), late)


# More time


def given_until(round_: Round) -> dict[str, date | None]:
    return dict(round_.submissions.values_list("agency__code", "extended_until"))


def test_more_time_is_given_to_all_reports_of_an_agency_and_recorded(
    open_quarter: Round, so_cong_thuong: Agency, xa_minh_an: Agency, hanh: User
) -> None:
    expect(
        round=open_quarter,
        asked=[(so_cong_thuong, form("BM7-2025"), Capacity.BOTH)],
        by=hanh,
    )
    until = TODAY() + timedelta(days=20)
    extend(
        round=open_quarter,
        agencies=[so_cong_thuong, xa_minh_an],
        until=until,
        reason=REASON,
        by=hanh,
    )
    of_both = open_quarter.submissions.filter(agency=so_cong_thuong)
    assert [one.extended_until for one in of_both] == [until, until]
    assert given_until(open_quarter)["MH.SNV"] is None
    lines = RecordLine.objects.filter(act="extend").order_by("pk")
    assert [(line.agency, line.what, line.reason) for line in lines] == [
        (one, f"gia hạn cho {one.name} đến hết ngày {until:%d/%m/%Y}", REASON)
        for one in (so_cong_thuong, xa_minh_an)
    ]
    assert wanted_day(stored(of_both[0])) == until


def test_more_time_passes_over_what_is_approved(
    open_quarter: Round, report: Submission, hoa: User, hanh: User
) -> None:
    expect(round=open_quarter, asked=[(report.agency, form("BM7-2025"), Capacity.BOTH)], by=hanh)
    approved(report, {"1.1": "3"})
    Submission.objects.filter(pk=report.pk).update(extended_until=TODAY())
    Notice.objects.all().delete()
    first, last = TODAY() + timedelta(days=12), TODAY() + timedelta(days=20)
    for until in (first, last):
        extend(round=open_quarter, agencies=[report.agency], until=until, reason=REASON, by=hanh)
    standing = open_quarter.submissions.filter(agency=report.agency).order_by("pk")
    assert [one.extended_until for one in standing] == [TODAY(), last]
    [change] = last_line("extend").changes
    assert change["before"] == f"{first:%d/%m/%Y}"
    paths = set(Notice.objects.filter(user=hoa).values_list("path", flat=True))
    assert paths == {f"/bao-cao/{standing[1].pk}/"}


def test_of_two_extensions_the_last_counts(
    open_quarter: Round, so_cong_thuong: Agency, hanh: User
) -> None:
    first, last = TODAY() + timedelta(days=30), TODAY() + timedelta(days=12)
    for until in (first, last):
        extend(round=open_quarter, agencies=[so_cong_thuong], until=until, reason=REASON, by=hanh)
    assert given_until(open_quarter)["MH.SCT"] == last
    assert last_line("extend").changes == [
        {
            "label": "Gia hạn đến hết ngày",
            "before": f"{first:%d/%m/%Y}",
            "after": f"{last:%d/%m/%Y}",
        }
    ]


def test_an_agency_with_more_time_enters_figures_in_a_closed_round(
    open_quarter: Round, report: Submission, noi_vu_report: Submission, hanh: User
) -> None:
    close_round(round=open_quarter, reason=REASON, seen=4, by=hanh)
    extend(round=open_quarter, agencies=[report.agency], until=TODAY(), reason=REASON, by=hanh)
    typed(stored(report), {"1.1": "3"})
    with pytest.raises(RoundClosed):
        typed(stored(noi_vu_report), {"1.1": "3"})


def test_a_day_that_is_over_gives_no_time(
    open_quarter: Round, so_cong_thuong: Agency, hanh: User
) -> None:
    before = everything()
    for until in (TODAY() - timedelta(days=1), date(2101, 1, 1)):
        with pytest.raises(ValidationError) as refusal:
            extend(
                round=open_quarter, agencies=[so_cong_thuong], until=until, reason=REASON, by=hanh
            )
        assert list(refusal.value.message_dict) == ["until"]
    assert everything() == before


def test_more_time_is_refused_to_who_needs_none(
    open_quarter: Round, report: Submission, so_khac: Agency, xa_minh_an: Agency, hanh: User
) -> None:
    approved(report, {"1.1": "3"})
    before = everything()
    refused: list[tuple[list[Agency], str]] = [
        ([], "Chưa chọn đơn vị nào"),
        ([xa_minh_an, so_khac], "Không có báo cáo nào trong đợt này của Sở Công Thương Tỉnh Khác"),
        ([xa_minh_an, report.agency], "Mọi báo cáo đã được duyệt .* Sở Công Thương"),
    ]
    for agencies, sentence in refused:
        with pytest.raises(NotExpected, match=sentence):
            extend(round=open_quarter, agencies=agencies, until=TODAY(), reason=REASON, by=hanh)
    assert everything() == before


def test_codes_that_differ_in_case_alone_are_one(
    minh_hoa: Agency, so_cong_thuong: Agency, open_quarter: Round, hanh: User
) -> None:
    with pytest.raises(ValidationError, match="chữ hoa, thường coi là một"):
        agency("mh.sct", "Sở Khác", AgencyKind.DEPARTMENT, minh_hoa)
    with pytest.raises(ValidationError, match="chữ hoa, chữ thường coi là một"):
        planned_round(minh_hoa, "mh-quy")
