"""The operator's pages: what they let through, and what they keep."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reporting.actions.rounds import cancel_round, reschedule_round
from reporting.models import (
    Agency,
    Membership,
    Notice,
    RecordLine,
    Round,
    RoundForm,
    Submission,
    User,
)
from reporting.queries.rounds import facts, seen_as
from reporting.tidings import Subject
from reporting.workflow import Role
from tests.cast import PASSWORD, form, planned_round
from tests.fuzz.pages import read


@pytest.fixture
def operators(client: Client, quantri: User) -> Client:
    client.force_login(quantri)
    return client


def opened(operators: Client, round_: Round) -> Any:
    """Run the action "Mở đợt" on a round; return the page that follows."""
    return operators.post(
        "/quan-tri/reporting/round/",
        {"action": "open_rounds", "_selected_action": [round_.pk]},
        follow=True,
    )


@pytest.mark.parametrize("model", ["user", "agency", "round"])
def test_the_lists_and_the_forms_open(open_quarter: Round, operators: Client, model: str) -> None:
    assert operators.get(f"/quan-tri/reporting/{model}/").status_code == 200
    assert operators.get(f"/quan-tri/reporting/{model}/add/").status_code == 200


def test_opening_a_round_makes_the_missing_reports_under_the_operators_name(
    minh_hoa: Agency, so_cong_thuong: Agency, xa_minh_an: Agency, operators: Client, quantri: User
) -> None:
    round_ = planned_round(minh_hoa, "MH-QUY")
    response = opened(operators, round_)
    assert [str(message) for message in response.context["messages"]] == [
        "Báo cáo quý này: đã tạo 2 báo cáo."
    ]
    report = Submission.objects.get(round=round_, agency=so_cong_thuong)
    line = report.transitions.get()
    assert (line.by, line.via) == (quantri, "admin")


def test_opening_again_says_that_nothing_was_missing(
    open_quarter: Round, operators: Client
) -> None:
    [message] = opened(operators, open_quarter).context["messages"]
    assert str(message).startswith("Báo cáo quý này: không tạo thêm báo cáo nào.")
    assert Submission.objects.count() == 4


@pytest.mark.parametrize("model", ["user", "agency", "round"])
def test_nothing_that_the_record_names_is_deleted(
    open_quarter: Round, hoa: User, operators: Client, model: str
) -> None:
    kept = {"user": hoa, "agency": open_quarter.province, "round": open_quarter}[model]
    path = f"/quan-tri/reporting/{model}/{kept.pk}/delete/"
    assert operators.post(path, {"post": "yes"}).status_code == 403
    assert type(kept)._default_manager.filter(pk=kept.pk).exists()


def test_an_account_is_entered_and_given_a_role(
    so_cong_thuong: Agency, operators: Client, quantri: User
) -> None:
    fields = {
        "username": "moi",
        "full_name": "Người Mới",
        "email": "",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-agency": str(so_cong_thuong.pk),
        "memberships-0-role": "clerk",
    }
    assert operators.post("/quan-tri/reporting/user/add/", fields).status_code == 302
    new = User.objects.get(username="moi")
    assert new.check_password(PASSWORD)
    held = Membership.objects.filter(user=new).values_list("agency", "role", "given_by__username")
    assert list(held) == [(so_cong_thuong.pk, Role.CLERK.value, "quantri")]
    assert new.must_change_password
    lines = of_people().order_by("pk")
    assert [(line.act, line.by, line.via, line.person) for line in lines] == [
        ("invite", quantri, "admin", new),
        ("give_role", quantri, "admin", new),
    ]


def of_people() -> QuerySet[RecordLine]:
    """Return the record's lines of people; those of agencies come with the cast."""
    return RecordLine.objects.filter(subject=Subject.PERSON)


def account_fields(user: User, **more: str) -> dict[str, str]:
    """Return what the page of an account posts: its boxes, its roles and one empty line."""
    held = list(user.memberships.filter(ended_at=None))
    fields = {
        "username": user.username,
        "full_name": user.full_name,
        "email": user.email,
        "is_active": "on",
        "memberships-TOTAL_FORMS": str(len(held) + 1),
        "memberships-INITIAL_FORMS": str(len(held)),
    }
    for number, one in enumerate(held):
        fields |= {
            f"memberships-{number}-id": str(one.pk),
            f"memberships-{number}-user": str(user.pk),
        }
    return fields | more


def test_what_an_operator_changes_of_an_account_is_recorded(hoa: User, operators: Client) -> None:
    path = f"/quan-tri/reporting/user/{hoa.pk}/change/"
    assert operators.get(path).status_code == 200
    assert operators.post(path, account_fields(hoa)).status_code == 302
    assert not of_people().exists()
    changed = account_fields(hoa, email="hoa@example.vn")
    assert operators.post(path, changed).status_code == 302
    line = of_people().get()
    assert (line.act, line.via, line.person) == ("change", "admin", hoa)
    assert line.changes == [{"label": "e-mail", "before": "trống", "after": "hoa@example.vn"}]


def test_a_role_that_an_operator_takes_away_is_ended_not_deleted(
    hoa: User, quantri: User, operators: Client
) -> None:
    held = Membership.objects.get(user=hoa)
    path = f"/quan-tri/reporting/user/{hoa.pk}/change/"
    away = account_fields(hoa) | {"memberships-0-DELETE": "on"}
    assert operators.post(path, away).status_code == 302
    held.refresh_from_db()
    assert held.ended_by == quantri
    assert of_people().get().act == "end_role"


def test_a_role_is_not_rewritten_by_an_operator(
    hoa: User, so_noi_vu: Agency, operators: Client
) -> None:
    path = f"/quan-tri/reporting/user/{hoa.pk}/change/"
    forged = {"memberships-0-agency": str(so_noi_vu.pk), "memberships-0-role": "reviewer"}
    operators.post(path, account_fields(hoa, **forged))
    assert list(hoa.memberships.values_list("agency__code", "role")) == [("MH.SCT", "clerk")]


def test_an_account_that_an_operator_shuts_keeps_no_role(hoa: User, operators: Client) -> None:
    fields = account_fields(hoa)
    del fields["is_active"]
    assert operators.post(f"/quan-tri/reporting/user/{hoa.pk}/change/", fields).status_code == 302
    hoa.refresh_from_db()
    assert not hoa.is_active
    assert not hoa.has_usable_password()  # reactivating must not bring the old one back
    assert Membership.objects.get(user=hoa).ended_at is not None
    assert [change["label"] for change in of_people().get().changes] == [
        "đang làm việc",
        "Nguyễn Thị Hoa: chuyên viên nhập liệu tại Sở Công Thương",
    ]


@pytest.mark.parametrize("why", ["the agency has ended", "the account is shut"])
def test_a_role_that_cannot_be_given_is_told_and_the_rest_is_saved(
    hoa: User, so_noi_vu: Agency, operators: Client, why: str
) -> None:
    new = {"memberships-1-agency": str(so_noi_vu.pk), "memberships-1-role": "clerk"}
    fields = account_fields(hoa, email="hoa@example.vn", **new)
    if why == "the agency has ended":
        Agency.objects.filter(pk=so_noi_vu.pk).update(valid_to="2025-02-28")
        said = "Sở Nội vụ đã kết thúc hoạt động ngày 28/02/2025. Hãy chọn đơn vị kế thừa."
    else:
        del fields["is_active"]
        said = "Nguyễn Thị Hoa đã nghỉ. Hãy cho trở lại trước."
    path = f"/quan-tri/reporting/user/{hoa.pk}/change/"
    response = operators.post(path, fields, follow=True)
    assert f"Nguyễn Thị Hoa: chuyên viên nhập liệu tại Sở Nội vụ: {said}" in [
        str(message) for message in response.context["messages"]
    ]
    hoa.refresh_from_db()
    assert hoa.email == "hoa@example.vn"
    assert not hoa.memberships.filter(agency=so_noi_vu).exists()


def test_a_password_that_an_operator_gives_is_recorded_and_to_be_changed(
    hoa: User, operators: Client
) -> None:
    new = "rất khó đoán 2026"
    fields = {"password1": new, "password2": new, "usable_password": "true"}
    path = f"/quan-tri/reporting/user/{hoa.pk}/password/"
    assert operators.post(path, fields).status_code == 302
    hoa.refresh_from_db()
    assert hoa.check_password(new)
    assert hoa.must_change_password
    assert of_people().get().act == "first_password"
    assert new not in str(list(RecordLine.objects.values()))


def test_a_password_that_an_operator_takes_away_is_recorded_as_that(
    hoa: User, operators: Client
) -> None:
    fields = {"usable_password": "false", "unset-password": "1"}
    path = f"/quan-tri/reporting/user/{hoa.pk}/password/"
    assert operators.post(path, fields).status_code == 302
    hoa.refresh_from_db()
    assert not hoa.has_usable_password()
    line = of_people().get()
    assert (line.act, line.what) == ("no_password", "bỏ mật khẩu của Nguyễn Thị Hoa")


def test_an_operator_changes_the_own_password_at_the_portals_page(operators: Client) -> None:
    """Django's own page of it would leave no line in the record."""
    response = operators.get("/quan-tri/password_change/")
    assert response.headers["Location"] == "/mat-khau/"


def round_fields(province: Agency, **forms: str) -> dict[str, str]:
    return {
        "province": str(province.pk),
        "code": "MH-MOI",
        "name": "Đợt mới",
        "period_kind": "quy",
        "period_text": "quý I năm 2026",
        "opens_on": "01/03/2026",
        "due_on": "17/03/2026",
        "closes_on": "27/03/2026",
        "summary_version": str(form("PL2-KH-2022").pk),
        "forms-TOTAL_FORMS": "2",
        "forms-INITIAL_FORMS": "0",
        "forms-0-agency_kind": "so",
        "forms-0-form_version": str(form("PL2-KH-2022").pk),
        "forms-1-agency_kind": "xa",
        "forms-1-form_version": str(form("PL2-XA-QN-2022").pk),
    } | forms


def test_a_round_is_planned_with_its_forms(minh_hoa: Agency, operators: Client) -> None:
    response = operators.post("/quan-tri/reporting/round/add/", round_fields(minh_hoa))
    assert response.status_code == 302
    assert sorted(RoundForm.objects.values_list("agency_kind", "form_version__code")) == [
        ("so", "PL2-KH-2022"),
        ("xa", "PL2-XA-QN-2022"),
    ]


@pytest.mark.parametrize(
    ("page", "lines"),
    [("round/add/", "forms"), ("user/add/", "memberships"), ("user/{pk}/change/", "memberships")],
)
def test_nobody_is_made_to_draw_thousands_of_lines(
    quantri: User, operators: Client, page: str, lines: str
) -> None:
    posted = {f"{lines}-TOTAL_FORMS": "9" * 19, f"{lines}-INITIAL_FORMS": "0"}
    address = "/quan-tri/reporting/" + page.format(pk=quantri.pk)
    with CaptureQueriesContext(connection) as queries:
        response = operators.post(address, posted)
    assert response.status_code == 200
    assert len(response.context["inline_admin_formsets"][0].formset.forms) == 50
    assert "Mỗi lần lưu nhận nhiều nhất 50 dòng. Hãy bỏ bớt" in response.content.decode()
    assert len(queries) < 350
    assert not Round.objects.exists()


def test_a_form_for_no_kind_of_agency_is_told(minh_hoa: Agency, operators: Client) -> None:
    fields = round_fields(minh_hoa, **{"forms-1-agency_kind": ""})
    response = operators.post("/quan-tri/reporting/round/add/", fields)
    assert response.status_code == 200
    assert not Round.objects.exists()


def test_two_forms_that_ask_for_the_same_are_refused_with_a_sentence(
    minh_hoa: Agency, operators: Client
) -> None:
    both = {"forms-1-agency_kind": "so", "forms-1-form_version": str(form("PL2-KH-2021").pk)}
    response = operators.post("/quan-tri/reporting/round/add/", round_fields(minh_hoa, **both))
    assert response.status_code == 200
    assert "số của đơn vị sẽ bị cộng hai lần" in response.content.decode()
    assert not Round.objects.exists()


def test_days_out_of_order_are_refused_with_a_sentence(minh_hoa: Agency, operators: Client) -> None:
    fields = round_fields(minh_hoa) | {"due_on": "01/01/2026"}
    response = operators.post("/quan-tri/reporting/round/add/", fields)
    assert response.status_code == 200
    assert "Hạn nộp 01/01/2026 ở trước ngày mở nhập 01/03/2026" in response.content.decode()
    assert not Round.objects.exists()


def test_what_the_reports_of_a_round_were_asked_under_stays(
    open_quarter: Round, operators: Client
) -> None:
    response = operators.get(f"/quan-tri/reporting/round/{open_quarter.pk}/change/")
    assert {"province", "summary_version"}.isdisjoint(response.context["adminform"].form.fields)
    assert not response.context["inline_admin_formsets"][0].has_add_permission


def test_the_page_of_an_open_round_is_stored_as_a_browser_posts_it(
    open_quarter: Round, operators: Client
) -> None:
    address = f"/quan-tri/reporting/round/{open_quarter.pk}/change/"
    page = operators.get(address).content.decode()
    posted = next(form for form in read(page)[1] if "name" in dict(form.pairs)).pairs
    response = operators.post(address, {**dict(posted), "name": "Quý này"})
    assert response.status_code == 302
    open_quarter.refresh_from_db()
    assert open_quarter.name == "Quý này"


@pytest.mark.parametrize("query", ["parent=on", "valid_from=x", "code=%00", "parent=1&parent=2"])
def test_an_address_fills_nothing_in(db: None, operators: Client, query: str) -> None:
    response = operators.get(f"/quan-tri/reporting/agency/add/?{query}")
    assert response.status_code == (400 if "%00" in query else 200)


@pytest.mark.parametrize("parent", ["/etc/passwd", "\u00b2", "9" * 30])
def test_what_is_no_agency_is_refused_in_words(db: None, operators: Client, parent: str) -> None:
    posted = {"code": "MH.A", "name": "A", "kind": "department", "parent": parent}
    response = operators.post("/quan-tri/reporting/agency/add/", posted)
    assert response.status_code == 200
    assert "parent" in response.context["adminform"].errors
    assert not Agency.objects.filter(code="MH.A").exists()
    role = {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0"}
    hoa = User.objects.get(username="quantri")
    role |= {"memberships-0-agency": parent, "memberships-0-role": Role.CLERK}
    page = operators.post(f"/quan-tri/reporting/user/{hoa.pk}/change/", role)
    assert page.status_code == 200


def fields_of(round_: Round, **given: str) -> dict[str, str]:
    """Return what the page of an open round posts."""
    days = ("data_from", "data_to", "opens_on", "due_on", "closes_on")
    return {
        "name": round_.name,
        **{name: f"{getattr(round_, name):%d/%m/%Y}" for name in days},
        "seen": seen_as(round_.status, facts(round_)),
        "forms-TOTAL_FORMS": "0",
        "forms-INITIAL_FORMS": "0",
    } | given


def test_planning_and_changing_here_is_recorded_too(
    minh_hoa: Agency, open_quarter: Round, operators: Client, quantri: User
) -> None:
    operators.post("/quan-tri/reporting/round/add/", round_fields(minh_hoa))
    planned = RecordLine.objects.get(act="plan", via="admin")
    assert (planned.by, planned.round) == (quantri, Round.objects.get(code="MH-MOI"))
    assert {"label": "Biểu của UBND cấp xã", "before": "trống", "after": "PL2-XA-QN-2022"} in (
        planned.changes
    )
    path = f"/quan-tri/reporting/round/{open_quarter.pk}/change/"
    assert operators.post(path, fields_of(open_quarter, name="Tên khác")).status_code == 302
    changed = RecordLine.objects.get(act="change")
    assert (changed.by, changed.via) == (quantri, "admin")
    assert changed.changes == [
        {"label": "Tên đợt", "before": "Báo cáo quý này", "after": "Tên khác"}
    ]


def test_new_days_given_here_are_told_too(
    open_quarter: Round, operators: Client, hoa: User
) -> None:
    path = f"/quan-tri/reporting/round/{open_quarter.pk}/change/"
    assert operators.post(path, fields_of(open_quarter, name="Tên khác")).status_code == 302
    assert not Notice.objects.exists()
    open_quarter.refresh_from_db()
    due = f"{open_quarter.closes_on:%d/%m/%Y}"
    assert operators.post(path, fields_of(open_quarter, due_on=due)).status_code == 302
    assert f"Hạn nộp: {due} (trước là " in Notice.objects.get(user=hoa).text


def test_a_cancelled_round_is_only_read_here(
    open_quarter: Round, operators: Client, hanh: User
) -> None:
    cancel_round(round=open_quarter, reason="Lập nhầm.", by=hanh)
    path = f"/quan-tri/reporting/round/{open_quarter.pk}/change/"
    assert operators.get(path).status_code == 200
    assert operators.post(path, fields_of(open_quarter, name="Tên khác")).status_code == 403
    [message] = opened(operators, open_quarter).context["messages"]
    assert "đang ở tình trạng «Đã hủy»" in str(message)
    assert Round.objects.get().name == "Báo cáo quý này"


def test_a_code_that_is_an_address_is_refused(minh_hoa: Agency, operators: Client) -> None:
    fields = round_fields(minh_hoa) | {"code": "moi"}
    response = operators.post("/quan-tri/reporting/round/add/", fields)
    assert "«moi» là địa chỉ của cổng; hãy lấy mã khác." in response.content.decode()
    assert not Round.objects.exists()


def test_a_page_that_is_out_of_date_overwrites_nothing_and_keeps_what_was_typed(
    open_quarter: Round, operators: Client, hanh: User
) -> None:
    path = f"/quan-tri/reporting/round/{open_quarter.pk}/change/"
    page = operators.get(path)
    typed = fields_of(open_quarter, name="Tên khác")
    assert page.context["adminform"].form.initial["seen"] == typed["seen"]
    assert f'name="seen" value="{typed["seen"]}"' in page.content.decode()
    today = timezone.localdate()
    later = today + timedelta(days=13)
    reschedule_round(round=open_quarter, opens_on=today, due_on=today, closes_on=later, by=hanh)
    response = operators.post(path, typed)
    assert response.status_code == 200
    answer = response.content.decode()
    assert "Đợt đã thay đổi sau khi ông/bà mở trang này (Trần Minh Hạnh sửa đợt" in answer
    assert 'value="Tên khác"' in answer
    kept = Round.objects.get()
    assert (kept.name, kept.closes_on) == ("Báo cáo quý này", later)
    assert operators.post(path, {**typed, "seen": ""}).status_code == 200
    assert Round.objects.get().name == "Báo cáo quý này"


def test_a_planned_round_whose_forms_were_changed_meanwhile_is_told_as_well(
    minh_hoa: Agency, operators: Client
) -> None:
    operators.post("/quan-tri/reporting/round/add/", round_fields(minh_hoa))
    round_ = Round.objects.get()
    lines = list(round_.forms.order_by("pk"))
    typed = round_fields(minh_hoa) | {
        "name": "Tên khác",
        "seen": seen_as(round_.status, facts(round_)),
        "forms-INITIAL_FORMS": "2",
        "forms-0-id": str(lines[0].pk),
        "forms-1-id": str(lines[1].pk),
    }
    lines[1].delete()
    path = f"/quan-tri/reporting/round/{round_.pk}/change/"
    response = operators.post(path, typed)
    assert response.status_code == 200
    assert "Đợt đã thay đổi sau khi ông/bà mở trang này" in response.content.decode()
    assert Round.objects.get().name == "Đợt mới"


def test_only_what_was_changed_is_written(open_quarter: Round, operators: Client) -> None:
    path = f"/quan-tri/reporting/round/{open_quarter.pk}/change/"
    typed = fields_of(open_quarter, name="Tên khác")
    with CaptureQueriesContext(connection) as queries:
        assert operators.post(path, typed).status_code == 302
    written = [one["sql"] for one in queries if one["sql"].startswith('UPDATE "reporting_round"')]
    assert len(written) == 1
    assert '"name"' in written[0]
    assert '"status"' not in written[0]
    assert '"closes_on"' not in written[0]
