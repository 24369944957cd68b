"""The pages on which the Sở Nội vụ runs its rounds."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reporting.actions.rounds import cancel_round, open_round, plan_round
from reporting.models import (
    Agency,
    AgencyKind,
    RecordLine,
    Round,
    RoundForm,
    Submission,
    User,
)
from reporting.periods import Period, first_months, quarter
from reporting.workflow import Role
from tests.cast import agency, approved, form, opened_round, person, planned_round, submitted, typed

TODAY = timezone.localdate
REASON = "Theo công văn <12>/SNV."
ACTS = ("sua", "mo", "dong", "mo-lai", "huy", "gia-han")


@pytest.fixture
def hanhs(client: Client, hanh: User) -> Client:
    client.force_login(hanh)
    return client


def main(response: Any) -> str:
    """Return the words of a page's own part, without its tags."""
    inside = response.content.decode().split("<main")[-1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", inside.split(">", 1)[1]).split())


def day(in_days: int) -> str:
    return f"{TODAY() + timedelta(days=in_days):%d/%m/%Y}"


def drawn(response: Any) -> dict[str, Any]:
    """Return what the boxes of a drawn plan hold, as a browser would post them."""
    form_ = response.context["form"]
    fields: dict[str, Any] = {}
    for box in form_:
        value = box.value()
        if isinstance(value, date):
            value = f"{value:%d/%m/%Y}"
        if value not in (None, "", False, []):
            fields[box.html_name] = value
    return fields | {"seen": response.context.get("seen", "")}


def filed_before(province: Agency, period: Period, code: str) -> Round:
    """Plan a round of an earlier period with the usual forms."""
    return plan_round(
        round=Round(
            province=province,
            code=code,
            name=f"Báo cáo {period.in_sentence}",
            period_kind=period.kind.value,
            period_text=period.in_sentence,
            data_from=period.data_from,
            data_to=period.data_to,
            opens_on=period.data_to,
            due_on=period.due_on,
            closes_on=period.province_due_on,
            summary_version=form("PL2-KH-2022"),
        ),
        forms={
            AgencyKind.DEPARTMENT: [form("PL2-KH-2022")],
            AgencyKind.COMMUNE: [form("PL2-XA-QN-2022")],
        },
        by=None,
    )


# Who sees them


def test_the_acts_are_offered_to_the_reviewer_only(
    open_quarter: Round, hanhs: Client, dat: User
) -> None:
    words = main(hanhs.get("/dot/MH-QUY/"))
    assert (
        "Đang mở Việc của đợt: Giao báo cáo còn thiếu Sửa đợt Gia hạn cho đơn vị Đối chiếu" in words
    )
    leader = Client()
    leader.force_login(dat)
    page = main(leader.get("/dot/MH-QUY/"))
    assert "Đang mở" in page
    assert "Việc của đợt" not in page
    listed = main(leader.get("/dot/"))
    assert "Lịch năm" in listed
    assert "Lập đợt mới" not in listed
    calendar = main(leader.get("/dot/lich/"))
    assert "Chưa lập đợt" in calendar
    assert "Lập đợt quý" not in calendar


@pytest.mark.parametrize("path", [*ACTS, "moi", "lich"])
def test_an_address_of_the_portal_is_no_round(
    open_quarter: Round, hanhs: Client, thu: User, path: str
) -> None:
    inside = f"/dot/MH-QUY/{path}/" if path in ACTS else f"/dot/{path}/"
    assert hanhs.get(inside).status_code == 200
    clerk = Client()
    clerk.force_login(thu)
    assert clerk.get(inside).status_code == 404


def test_a_province_one_does_not_run_is_not_found(
    minh_hoa: Agency, tinh_khac: Agency, hanhs: Client
) -> None:
    for path in ("/dot/moi/", "/dot/lich/"):
        assert hanhs.get(path, {"tinh": "TK"}).status_code == 404
    assert hanhs.post("/dot/moi/?tinh=TK", {"code": "X"}).status_code == 404
    assert not Round.objects.exists()


# The calendar


def test_the_calendar_holds_the_rounds_and_offers_what_is_lacking(
    minh_hoa: Agency, so_khac: Agency, hanhs: Client, hanh: User, khac: User
) -> None:
    filed_before(minh_hoa, quarter(1, 2026), "MH-2026-Q1")
    filed_before(minh_hoa, first_months(9, 2026), "MH-2026-9T")
    gone = filed_before(minh_hoa, first_months(12, 2026), "MH-2026-NAM")
    cancel_round(round=gone, reason=REASON, by=hanh)
    filed_before(so_khac.parent or so_khac, first_months(6, 2026), "TK-2026-6T")
    response = hanhs.get("/dot/lich/2026/")
    found = [
        line.round.code if line.round else [period.code for period in line.periods]
        for line in response.context["lines"]
    ]
    assert found == ["MH-2026-Q1", ["2026-6T"], "MH-2026-9T", "MH-2026-NAM", ["2026-NAM"]]
    words = main(response)
    assert "14 chốt số liệu 17 hạn nộp" in words
    assert "Đang chuẩn bị" in words
    assert "Đã hủy" in words
    assert 'href="/dot/moi/?ky=2026-6T&amp;tinh=MH"' in response.content.decode()


def test_a_round_that_closes_in_the_next_year_stands_in_both(
    minh_hoa: Agency, hanhs: Client
) -> None:
    round_ = filed_before(minh_hoa, first_months(12, 2026), "MH-2026-NAM")
    round_.closes_on = date(2027, 1, 10)
    round_.save()
    for year in (2026, 2027):
        lines = hanhs.get(f"/dot/lich/{year}/").context["lines"]
        assert "MH-2026-NAM" in [line.round.code for line in lines if line.round]


@pytest.mark.parametrize("year", ["1999", "2101", "0", "99999"])
def test_a_year_that_cannot_be_is_not_found(minh_hoa: Agency, hanhs: Client, year: str) -> None:
    assert hanhs.get(f"/dot/lich/{year}/").status_code == 404


@pytest.mark.parametrize("year", [2000, 2100])
def test_the_first_and_the_last_year_have_one_neighbour(
    minh_hoa: Agency, hanhs: Client, year: int
) -> None:
    assert len(hanhs.get(f"/dot/lich/{year}/").context["years"]) == 2


def test_the_calendar_costs_the_same_for_one_and_three_rounds(
    minh_hoa: Agency, hanhs: Client
) -> None:
    counts = []
    for number in (1, 2, 3):
        filed_before(minh_hoa, quarter(number, 2026), f"MH-{number}")
        with CaptureQueriesContext(connection) as captured:
            hanhs.get("/dot/lich/2026/")
        counts.append(len(captured))
    assert counts == [6, 6, 6]


# Planning


def test_a_new_round_is_filled_in_with_the_decree_and_the_round_before(
    minh_hoa: Agency, hanhs: Client
) -> None:
    filed_before(minh_hoa, quarter(1, 2025), "MH-2025-Q1")
    response = hanhs.get("/dot/moi/", {"ky": "2026-Q1"})
    assert drawn(response) == {
        "code": "MH-2026-Q1",
        "name": "Báo cáo quý I năm 2026",
        "period_kind": "quy",
        "period_text": "quý I năm 2026",
        "data_from": "15/12/2025",
        "data_to": "14/03/2026",
        "opens_on": "01/03/2026",
        "due_on": "17/03/2026",
        "closes_on": "20/03/2026",
        "summary_version": "PL2-KH-2022",
        "forms_so": ["PL2-KH-2022"],
        "forms_xa": ["PL2-XA-QN-2022"],
        "seen": "",
    }


def test_of_the_rounds_before_the_last_of_the_same_kind_lends_its_forms(
    minh_hoa: Agency, hanhs: Client, hanh: User
) -> None:
    filed_before(minh_hoa, quarter(1, 2025), "MH-2025-Q1")
    year = filed_before(minh_hoa, first_months(12, 2025), "MH-2025-NAM")
    RoundForm.objects.filter(round=year, agency_kind="so").delete()
    assert "forms_so" in drawn(hanhs.get("/dot/moi/", {"ky": "2026-Q1"}))
    assert "forms_so" not in drawn(hanhs.get("/dot/moi/", {"ky": "2026-NAM"}))
    # No half of a year was there before: the last round of any kind.
    assert "forms_so" not in drawn(hanhs.get("/dot/moi/", {"ky": "2026-6T"}))
    cancel_round(round=year, reason=REASON, by=hanh)
    assert "forms_so" in drawn(hanhs.get("/dot/moi/", {"ky": "2026-NAM"}))


def test_an_older_edition_is_suggested_in_that_of_the_day(minh_hoa: Agency, hanhs: Client) -> None:
    before = filed_before(minh_hoa, quarter(3, 2021), "MH-2021-Q3")
    before.summary_version = form("PL2-KH-2021")
    before.save()
    RoundForm.objects.filter(round=before, agency_kind="so").update(
        form_version=form("PL2-KH-2021")
    )
    suggested = drawn(hanhs.get("/dot/moi/", {"ky": "2022-Q3"}))
    assert (suggested["forms_so"], suggested["summary_version"]) == (
        ["PL2-KH-2022"],
        "PL2-KH-2022",
    )


@pytest.mark.parametrize("period", ["", "2026-Q9", "'", "x" * 500])
def test_a_period_of_no_name_leaves_the_days_to_the_person(
    minh_hoa: Agency, hanhs: Client, period: str
) -> None:
    response = hanhs.get("/dot/moi/", {"ky": period})
    assert drawn(response) == {"period_kind": "khac", "seen": ""}


def test_a_cancelled_round_leaves_its_code(minh_hoa: Agency, hanhs: Client, hanh: User) -> None:
    gone = filed_before(minh_hoa, quarter(1, 2026), "MH-2026-Q1")
    cancel_round(round=gone, reason=REASON, by=hanh)
    assert drawn(hanhs.get("/dot/moi/", {"ky": "2026-Q1"}))["code"] == "MH-2026-Q1-2"


def new_round(hanhs: Client, **given: Any) -> Any:
    """Post a new round as drawn for quý II of 2026, but for what is given."""
    page = hanhs.get("/dot/moi/", {"ky": "2026-Q2"})
    fields = drawn(page) | {"summary_version": "PL2-KH-2022", "due_on": "18/06/2026"} | given
    return hanhs.post("/dot/moi/?ky=2026-Q2", fields)


def test_every_fault_of_a_plan_leads_to_one_place(minh_hoa: Agency, hanhs: Client) -> None:
    for response in (
        hanhs.get("/dot/moi/", {"ky": "2026-Q2"}),
        new_round(hanhs, name="", forms_xa=["PL2-KH-2022", "PL2-KH-2021"]),
        new_round(hanhs, forms_so=["PL2-KH-2021"]),
    ):
        html = response.content.decode()
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert sorted({one for one in ids if ids.count(one) > 1}) == []
        targets = re.findall(r'<li><a href="#([^"]*)"', html)
        assert set(targets) <= set(ids)


def test_a_round_is_planned_and_leads_on_to_its_opening(
    minh_hoa: Agency, hanhs: Client, hanh: User
) -> None:
    response = new_round(hanhs, forms_xa=["PL2-XA-QN-2022"], name="  Báo ca\u0301o quý II ")
    assert response.headers["Location"] == "/dot/MH-2026-Q2/mo/"
    round_ = Round.objects.get()
    assert (round_.name, round_.status, round_.due_on) == (
        "Báo cáo quý II",
        "planned",
        date(2026, 6, 18),
    )
    assert list(round_.forms.values_list("agency_kind", flat=True)) == ["xa"]
    assert RecordLine.objects.get(act="plan").by == hanh


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"code": "moi"}, {"code": "địa chỉ của cổng"}),
        ({"code": "có dấu"}, {"code": "Mã chỉ gồm"}),
        ({"name": ""}, {"name": "Hãy ghi tên đợt."}),
        ({"due_on": "2026-06-17"}, {"due_on": "ngày/tháng/năm"}),
        ({"due_on": "30/02/2026"}, {"due_on": "ngày/tháng/năm"}),
        ({"closes_on": ""}, {"closes_on": "Hãy ghi ngày"}),
        (
            {"data_from": "15/06/2026", "closes_on": "01/06/2026"},
            {"data_to": "ở trước ngày đầu kỳ", "closes_on": "ở trước hạn nộp"},
        ),
        ({"data_from": "15/03/1026"}, {"data_from": "Năm 1026 không thể là năm của đợt"}),
        ({"summary_version": "KHONG-CO"}, {"summary_version": "KHONG-CO"}),
        ({"forms_xa": ["PL2-KH-2022", "PL2-KH-2021"]}, {"forms_xa": "cộng hai lần"}),
        ({"due_on": "17/06/2026", "data_to": "15/06/2026"}, {"sure": "đánh dấu rồi lưu lại"}),
        ({"forms_so": ["PL2-KH-2021"]}, {"sure": "đánh dấu rồi lưu lại"}),
        ({"name": "x" * 121}, {"name": "121"}),
    ],
)
def test_a_faulty_plan_is_refused_with_all_its_faults_and_kept_as_typed(
    minh_hoa: Agency, hanhs: Client, given: Mapping[str, Any], wrong: Mapping[str, str]
) -> None:
    response = new_round(hanhs, **given)
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert sorted(errors) == sorted(wrong)
    for name, words in wrong.items():
        assert words in str(errors[name])
    for name, typed_text in given.items():
        assert response.context["form"][name].value() == typed_text
    assert not Round.objects.exists()
    assert not RecordLine.objects.filter(subject="round").exists()


def test_what_is_doubted_is_kept_once_it_is_confirmed(minh_hoa: Agency, hanhs: Client) -> None:
    doubted: dict[str, Any] = {"due_on": "10/06/2026", "forms_so": ["PL2-KH-2021"]}
    words = main(new_round(hanhs, **doubted))
    assert "Hạn nộp 10/06/2026 ở trước ngày chốt số liệu 14/06/2026" in words
    assert "PL2-KH-2021: phiên bản có hiệu lực ngày 14/06/2026 là PL2-KH-2022." in words
    assert new_round(hanhs, **doubted, sure="on").status_code == 302
    assert Round.objects.get().due_on == date(2026, 6, 10)


def test_a_code_that_is_taken_is_told(minh_hoa: Agency, hanhs: Client) -> None:
    new_round(hanhs)
    response = new_round(hanhs, code="MH-2026-Q2")
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["code"]
    assert Round.objects.count() == 1


def test_who_runs_two_provinces_chooses_one(
    minh_hoa: Agency, tinh_khac: Agency, client: Client
) -> None:
    both = person("hai", "Hai Tỉnh", (Role.REVIEWER, minh_hoa), (Role.REVIEWER, tinh_khac))
    client.force_login(both)
    page = client.get("/dot/moi/", {"ky": "2026-Q1", "tinh": "TK"})
    assert drawn(page)["code"] == "TK-2026-Q1"
    fields = drawn(page) | {"summary_version": "PL2-KH-2022", "sure": "on"}
    client.post("/dot/moi/?ky=2026-Q1&tinh=TK", fields)
    assert Round.objects.get().province == tinh_khac


# Changing


def test_a_page_of_a_change_saves_what_was_changed(open_quarter: Round, hanhs: Client) -> None:
    page = hanhs.get("/dot/MH-QUY/sua/")
    assert "forms_so" not in page.context["form"].fields
    response = hanhs.post(
        "/dot/MH-QUY/sua/", drawn(page) | {"notice": "<b>Chú ý</b>", "edit_until": day(30)}
    )
    assert response.headers["Location"] == "/dot/MH-QUY/"
    round_ = Round.objects.get()
    assert (round_.notice, round_.edit_until) == (
        "<b>Chú ý</b>",
        TODAY() + timedelta(days=30),
    )
    told = hanhs.get("/dot/MH-QUY/")
    assert "Đã sửa đợt: 2 chỗ thay đổi." in main(told)
    assert "<b>Chú ý</b>" not in told.content.decode()


def test_a_planned_round_is_drawn_with_its_forms_and_given_others(
    minh_hoa: Agency, hanhs: Client
) -> None:
    planned_round(minh_hoa, "MH-QUY")
    page = hanhs.get("/dot/MH-QUY/sua/")
    fields = drawn(page)
    assert (fields["forms_so"], fields["forms_xa"]) == (["PL2-KH-2022"], ["PL2-XA-QN-2022"])
    del fields["forms_nganh_doc"]
    assert hanhs.post("/dot/MH-QUY/sua/", fields | {"sure": "on"}).status_code == 302
    assert sorted(RoundForm.objects.values_list("agency_kind", flat=True)) == ["so", "xa"]


def test_two_editors_of_a_round_see_each_others_words(open_quarter: Round, hanhs: Client) -> None:
    mine, theirs = hanhs.get("/dot/MH-QUY/sua/"), hanhs.get("/dot/MH-QUY/sua/")
    hanhs.post("/dot/MH-QUY/sua/", drawn(theirs) | {"name": "Tên <của> họ", "sure": "on"})
    fields = drawn(mine) | {"name": "Tên của tôi", "sure": "on"}
    response = hanhs.post("/dot/MH-QUY/sua/", fields)
    assert response.status_code == 409
    assert [dict(change) for change in response.context["unlike"]] == [
        {"label": "Tên đợt", "before": "Tên <của> họ", "after": "Tên của tôi"}
    ]
    assert "Tên <của> họ" not in response.content.decode()
    assert response.context["form"]["name"].value() == "Tên của tôi"
    assert Round.objects.get().name == "Tên <của> họ"
    # Having seen both, the person decides.
    again = fields | {"seen": response.context["seen"]}
    assert hanhs.post("/dot/MH-QUY/sua/", again).status_code == 302
    assert Round.objects.get().name == "Tên của tôi"


def test_an_archive_is_changed_without_days(open_quarter: Round, hanhs: Client) -> None:
    Round.objects.update(
        is_archive=True, opens_on=None, due_on=None, closes_on=None, data_from=None, data_to=None
    )
    fields = drawn(hanhs.get("/dot/MH-QUY/sua/")) | {"name": "Lưu trữ"}
    assert hanhs.post("/dot/MH-QUY/sua/", fields).status_code == 302
    assert Round.objects.get().name == "Lưu trữ"


# Opening


def test_the_preview_names_who_is_asked_and_who_is_not(
    minh_hoa: Agency, so_cong_thuong: Agency, so_noi_vu: Agency, xa_minh_an: Agency, hanhs: Client
) -> None:
    agency("MH.HND", "Hội <Nông dân>", AgencyKind.OTHER, minh_hoa)
    planned_round(minh_hoa, "MH-QUY")
    response = hanhs.get("/dot/MH-QUY/mo/")
    words = main(response)
    assert "Sẽ giao 3 báo cáo" in words
    assert "Sở, ban, ngành 2 2 PL2-KH-2022 UBND cấp xã 1 1 PL2-XA-QN-2022" in words
    assert "1 đơn vị chưa có biểu nên không được giao báo cáo" in words
    assert "Hội &lt;Nông dân&gt;" in response.content.decode()
    assert not Submission.objects.exists()
    after = hanhs.post("/dot/MH-QUY/mo/", follow=True)
    assert "Đã mở đợt, giao 3 báo cáo." in main(after)
    assert Submission.objects.count() == 3


def test_a_later_agency_gets_only_what_is_missing(
    open_quarter: Round, minh_hoa: Agency, hanhs: Client
) -> None:
    assert "Không còn báo cáo nào để giao" in main(hanhs.get("/dot/MH-QUY/mo/"))
    agency("MH.SYT", "Sở Y tế", AgencyKind.DEPARTMENT, minh_hoa)
    assert "Sẽ giao 1 báo cáo Đã giao 4 báo cáo" in main(hanhs.get("/dot/MH-QUY/mo/"))
    assert "Đã giao bổ sung 1 báo cáo." in main(hanhs.post("/dot/MH-QUY/mo/", follow=True))


def test_a_round_without_forms_leads_to_choosing_them(minh_hoa: Agency, hanhs: Client) -> None:
    new_round(hanhs)
    response = hanhs.get("/dot/MH-2026-Q2/mo/")
    assert "Chưa giao được báo cáo nào" in main(response)
    assert "<button" not in response.content.decode().split("<main")[-1]


def test_the_preview_costs_the_same_for_one_and_three_agencies(
    minh_hoa: Agency, hanhs: Client
) -> None:
    planned_round(minh_hoa, "MH-QUY")
    counts = []
    for number in range(3):
        agency(f"MH.{number}", f"Sở số {number}", AgencyKind.DEPARTMENT, minh_hoa)
        with CaptureQueriesContext(connection) as captured:
            hanhs.get("/dot/MH-QUY/mo/")
        counts.append(len(captured))
    assert counts[0] == counts[2] == 8


# Closing, reopening, cancelling


def test_closing_asks_to_have_seen_what_is_left(
    open_quarter: Round, report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "3"})
    assert "3 báo cáo chưa duyệt Chưa nhập 3 Công an tỉnh Sở Nội vụ UBND xã Minh An" in main(
        hanhs.get("/dot/MH-QUY/dong/")
    )
    refused = hanhs.post("/dot/MH-QUY/dong/", {"reason": REASON})
    assert refused.status_code == 409
    assert "Còn 3 báo cáo chưa duyệt" in main(refused)
    assert refused.context["form"]["reason"].value() == REASON
    assert hanhs.post("/dot/MH-QUY/dong/", {"seen": "3"}).status_code == 422
    assert hanhs.post("/dot/MH-QUY/dong/", {"seen": "-1", "reason": "x"}).status_code == 422
    assert Round.objects.get().status == "open"
    closed = hanhs.post("/dot/MH-QUY/dong/", {"seen": "3", "reason": REASON}, follow=True)
    assert "Đã đóng Việc của đợt: Sửa đợt Gia hạn cho đơn vị Đối chiếu số của tỉnh Công bố" in main(
        closed
    )
    assert "Lý do: Theo công văn &lt;12&gt;/SNV." in closed.content.decode()
    again = hanhs.post("/dot/MH-QUY/dong/", {"seen": "3", "reason": REASON})
    assert again.status_code == 409
    assert "đang ở tình trạng «Đã đóng» (Trần Minh Hạnh đóng đợt" in main(again)


def test_what_has_changed_since_the_page_was_drawn_is_seen_anew(
    open_quarter: Round, report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "3"})
    response = hanhs.post("/dot/MH-QUY/dong/", {"seen": "4", "reason": REASON})
    assert response.status_code == 409
    assert 'name="seen" value="3"' in response.content.decode()


def test_a_closed_round_is_reopened(open_quarter: Round, hanhs: Client) -> None:
    Round.objects.update(status="closed")
    wrong = hanhs.post(
        "/dot/MH-QUY/mo-lai/", {"closes_on": day(-1), "edit_until": "", "reason": REASON}
    )
    assert wrong.status_code == 422
    assert list(wrong.context["form"].errors) == ["closes_on"]
    assert wrong.context["form"]["reason"].value() == REASON
    done = hanhs.post("/dot/MH-QUY/mo-lai/", {"closes_on": day(9), "reason": REASON})
    assert done.headers["Location"] == "/dot/MH-QUY/"
    assert Round.objects.get().closes_on == TODAY() + timedelta(days=9)


def test_cancelling_tells_what_is_kept_and_is_for_good(
    open_quarter: Round, report: Submission, hanhs: Client, hoa: User
) -> None:
    typed(report, {"1.1": "3"})
    assert "4 đơn vị được giao báo cáo trong đợt này; 1 đơn vị đã nhập số liệu" in main(
        hanhs.get("/dot/MH-QUY/huy/")
    )
    assert hanhs.post("/dot/MH-QUY/huy/", {"reason": " "}).status_code == 422
    assert hanhs.post("/dot/MH-QUY/huy/", {"reason": REASON}).status_code == 302
    assert Round.objects.get().status == "cancelled"
    for act in ACTS:
        page = hanhs.get(f"/dot/MH-QUY/{act}/")
        assert "đang ở tình trạng «Đã hủy»" in main(page)
        assert "<button" not in page.content.decode().split("<main")[-1]
    clerk = Client()
    clerk.force_login(hoa)
    mine = clerk.get("/bao-cao/")
    assert not mine.context["to_do"]
    assert "Đợt đã hủy" in main(mine)
    assert "3" in main(clerk.get(f"/bao-cao/{report.pk}/"))


@pytest.mark.parametrize("closes_in", [-1, 20])
def test_a_page_has_one_name_for_where_a_round_stands(
    open_quarter: Round, hanhs: Client, closes_in: int
) -> None:
    day = TODAY() + timedelta(days=closes_in)
    Round.objects.update(due_on=day, closes_on=day)
    page = main(hanhs.get("/dot/MH-QUY/mo-lai/"))
    stage = "Đang mở" if closes_in > 0 else "Hết ngày nhập, chưa đóng"
    assert page.count(stage) == 2
    assert f"đang ở tình trạng «{stage}»" in page
    assert "Đã mở" not in page


def test_cancelling_is_offered_only_while_nothing_is_approved(
    open_quarter: Round, report: Submission, hanhs: Client
) -> None:
    link = 'href="/dot/MH-QUY/huy/"'
    assert link in hanhs.get("/dot/MH-QUY/").content.decode()
    approved(report, {"1.1": "3"})
    assert link not in hanhs.get("/dot/MH-QUY/").content.decode()
    assert "không hủy được. Hãy đóng đợt." in main(hanhs.get("/dot/MH-QUY/huy/"))
    Round.objects.update(status="closed")
    assert link not in hanhs.get("/dot/MH-QUY/").content.decode()
    closed = main(hanhs.get("/dot/MH-QUY/huy/"))
    assert "Đợt đã có 1 báo cáo được duyệt nên không hủy được." in closed
    assert "Hãy đóng đợt" not in closed


# More time


def given(response: Any) -> list[str]:
    return [one.name for one in response.context["agencies"]]


def test_the_agencies_that_may_want_more_time_are_searched_and_ticked(
    open_quarter: Round, report: Submission, noi_vu_report: Submission, hanhs: Client
) -> None:
    submitted(noi_vu_report, {"1.1": "3"})
    page = hanhs.get("/dot/MH-QUY/gia-han/")
    assert given(page) == ["Sở Công Thương", "Sở Nội vụ", "Công an tỉnh", "UBND xã Minh An"]
    assert given(hanhs.get("/dot/MH-QUY/gia-han/", {"tim": "SỞ"})) == [
        "Sở Công Thương",
        "Sở Nội vụ",
    ]
    assert given(hanhs.get("/dot/MH-QUY/gia-han/", {"tim": "cong thuong"})) == ["Sở Công Thương"]
    assert given(hanhs.get("/dot/MH-QUY/gia-han/", {"tim": "cõng"})) == []
    assert given(hanhs.get("/dot/MH-QUY/gia-han/", {"tim": "<script>"})) == []
    ticked = hanhs.get("/dot/MH-QUY/gia-han/", {"chon": "chua-gui"}).context["ticked"]
    assert len(ticked) == 3
    assert noi_vu_report.agency_id not in ticked
    one = hanhs.get("/dot/MH-QUY/gia-han/", {"don-vi": [str(report.agency_id), "x", "99999"]})
    assert one.context["ticked"] == {report.agency_id}
    approved(report, {"1.1": "3"})
    assert "Sở Công Thương" not in given(hanhs.get("/dot/MH-QUY/gia-han/"))


def test_more_time_is_given_on_the_page_and_listed(
    open_quarter: Round, report: Submission, xa_minh_an: Agency, hanhs: Client, hoa: User
) -> None:
    until = TODAY() + timedelta(days=20)
    fields = {"agencies": [report.agency_id, xa_minh_an.pk], "until": day(20), "reason": REASON}
    response = hanhs.post("/dot/MH-QUY/gia-han/", fields, follow=True)
    assert f"Đã gia hạn cho 2 đơn vị đến hết ngày {until:%d/%m/%Y}." in main(response)
    assert "Các lần gia hạn (2)" in main(response)
    assert f"trống → {until:%d/%m/%Y}" in main(response)
    assert "Theo công văn &lt;12&gt;/SNV." in response.content.decode()
    clerk = Client()
    clerk.force_login(hoa)
    assert f"Được gia hạn đến hết ngày {until:%d/%m/%Y}" in main(clerk.get("/bao-cao/"))


@pytest.mark.parametrize(
    ("fault", "wrong"),
    [
        ({"agencies": []}, "agencies"),
        ({"agencies": ["999999"]}, "agencies"),
        ({"agencies": ["x"]}, "agencies"),
        ({"until": "hôm nay"}, "until"),
        ({"until": "01/01/2020"}, "until"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
    ],
)
def test_a_faulty_extension_changes_nothing_and_keeps_what_was_ticked(
    open_quarter: Round, report: Submission, hanhs: Client, fault: dict[str, Any], wrong: str
) -> None:
    fields = {"agencies": [str(report.agency_id)], "until": day(20), "reason": REASON} | fault
    response = hanhs.post("/dot/MH-QUY/gia-han/?tim=không+có", fields)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [wrong]
    if "agencies" not in fault:
        assert response.context["ticked"] == {report.agency_id}
        assert given(response) == ["Sở Công Thương"]
    assert not Submission.objects.exclude(extended_until=None).exists()


def test_an_agency_of_another_province_is_given_no_time(
    open_quarter: Round, so_khac: Agency, khac: User, hanhs: Client
) -> None:
    opened_round(so_khac.parent or so_khac, "TK-QUY", by=khac)
    fields = {"agencies": [str(so_khac.pk)], "until": day(20), "reason": REASON}
    assert hanhs.post("/dot/MH-QUY/gia-han/", fields).status_code == 422
    assert not Submission.objects.exclude(extended_until=None).exists()


@pytest.mark.parametrize("path", ["dong/", "huy/", "gia-han/", "sua/"])
def test_a_page_of_an_act_costs_the_same_for_two_and_four_agencies(
    minh_hoa: Agency, hanh: User, hanhs: Client, path: str
) -> None:
    counts = []
    for code, agencies in (("MH-HAI", 2), ("MH-BON", 4)):
        for number in range(Agency.objects.filter(parent=minh_hoa).count(), agencies):
            agency(f"MH.{number}", f"Sở số {number}", AgencyKind.DEPARTMENT, minh_hoa)
        open_round(round=planned_round(minh_hoa, code), by=hanh)
        with CaptureQueriesContext(connection) as captured:
            assert hanhs.get(f"/dot/{code}/{path}").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
