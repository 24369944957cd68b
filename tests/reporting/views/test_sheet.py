"""The sheet: what is shown, what a saving keeps, what it says of each box it did not take."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.kinds import Capacity
from indicators.queries.definitions import form_definition
from reporting.actions.rounds import expect, reschedule_round
from reporting.entry import figure_field
from reporting.models import Agency, Figure, FigureChange, Round, Submission, Transition, User
from reporting.snapshot import Cell, FigureStatus, Reading
from reporting.workflow import Role
from tests.cast import (
    approved,
    brought_to,
    form,
    moved,
    opened_round,
    person,
    planned_round,
    report_of,
    stored,
    submitted,
    typed,
)
from tests.reporting.views import pages
from tests.reporting.views.pages import ASKED_OF_A_DEPARTMENT, boxes, cells, post_sheet, sheet_row


@pytest.fixture
def hoas(client: Client, hoa: User) -> Client:
    client.force_login(hoa)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_the_whole_form_is_shown(report: Submission, hoas: Client) -> None:
    response = hoas.get(f"/bao-cao/{report.pk}/")
    assert response.status_code == 200
    sheet = response.context["sheet"]
    assert [section.key for section in sheet.sections] == ["1", "2", "3", "4", "5", "6", "7"]
    assert sum(len(section.rows) for section in sheet.sections) == 207
    assert (sheet.answered, sheet.typed) == (0, ASKED_OF_A_DEPARTMENT)
    assert response.context["may_edit"] is True


def test_a_good_page_is_saved_and_leads_back(report: Submission, hoas: Client) -> None:
    response = post_sheet(hoas, report, {"1.1": "3", "1.2.a": "5.356", "1.6": "1"})
    assert (response.status_code, response.headers["Location"]) == (302, f"/bao-cao/{report.pk}/")
    assert cells(report) == {
        "1.1": Cell(number=Decimal(3), written="3"),
        "1.2.a": Cell(number=Decimal(5356), written="5.356", reading=Reading.CHANGED),
        "1.6": Cell(choice="1"),
    }
    followed = hoas.get(response.headers["Location"])
    assert [str(message) for message in followed.context["messages"]] == ["Đã lưu 3 ô."]
    assert sheet_row(followed, "1.2.a").box == "5.356"
    assert followed.context["sheet"].answered == 3


def test_saving_and_going_on_to_hand_in(report: Submission, hoas: Client) -> None:
    response = post_sheet(hoas, report, {"1.1": "3"}, submit="1")
    assert response.headers["Location"] == f"/bao-cao/{report.pk}/gui/"


def test_nothing_changed_is_said(report: Submission, hoas: Client) -> None:
    response = hoas.post(f"/bao-cao/{report.pk}/", {"revision": "0"}, follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "Không có ô nào thay đổi."
    ]
    assert stored(report).state == "not_started"


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("1.1", "08 tháng", "có chữ, nhưng ô này nhận một số nguyên"),
        ("1.1", "5,356", "có thể là 5 phẩy 356 hoặc 5 nghìn 356"),
        ("1.1", "5,5", "có phần thập phân"),
        ("1.1", "-5", "là số âm"),
        ("1.1", "9" * 13, "lớn hơn 999.999.999.999"),
        ("1.1", "9" * 3000, "Nội dung dài 3000 ký tự"),
        ("1.1", "34/43", "gồm hai số"),
        ("1.1", "٣", "không đọc được"),
        ("1.1", "\U0001f600", "không đọc được"),
        ("1.1", "<script>alert(1)", "có chữ"),
        ("1.4.b", "101", "vượt quá 100 %"),
        ("1.4.b", "29,625", "có 3 chữ số thập phân; ô này nhận nhiều nhất 2"),
        ("1.4.b", "3/0", "có mẫu số bằng 0"),
        ("1.4.b", "43/34", "có tử số lớn hơn mẫu số"),
        ("1.6", "7", "không có trong các lựa chọn của dòng này (0 = Không, 1 = Có)."),
        ("1.6", "1" * 300, "không có trong các lựa chọn"),
    ],
)
def test_a_bad_box_keeps_what_was_typed_while_the_good_ones_are_saved(
    report: Submission, hoas: Client, key: str, text: str, sentence: str
) -> None:
    response = post_sheet(hoas, report, {"1.2.a": "43", key: text})
    assert response.status_code == 422
    row = sheet_row(response, key)
    assert row.box == text
    assert sentence in row.message
    assert response.context["sheet"].refused == 1
    assert response.context["saved"] == 1
    assert cells(report) == {"1.2.a": Cell(number=Decimal(43), written="43")}


def test_all_bad_boxes_are_told_at_once(report: Submission, hoas: Client) -> None:
    response = post_sheet(hoas, report, {"1.1": "x", "1.2.a": "y", "1.4.b": "101"})
    assert response.context["sheet"].refused == 3
    assert cells(report) == {}
    assert stored(report).state == "not_started"


def test_a_refused_figure_keeps_its_note_in_the_box(report: Submission, hoas: Client) -> None:
    response = post_sheet(hoas, report, {"1.1": "x"}, {"1.1": "theo báo cáo tháng"})
    assert sheet_row(response, "1.1").note == "theo báo cáo tháng"


def test_the_corrected_page_is_saved(report: Submission, hoas: Client) -> None:
    first = post_sheet(hoas, report, {"1.1": "x", "1.2.a": "43"})
    revision = first.context["submission"].revision
    second = post_sheet(hoas, report, {"1.1": "5", "1.2.a": "43"}, revision=revision)
    assert second.status_code == 302
    assert cells(report)["1.1"].number == Decimal(5)


def test_markup_in_a_note_and_a_figure_is_shown_as_text(report: Submission, hoas: Client) -> None:
    evil = '"><script>alert(1)</script>'
    response = post_sheet(hoas, report, {"1.1": evil}, {"1.2.a": evil})
    shown = text_of(response)
    assert "<script>alert(1)" not in shown
    assert shown.count("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;") >= 2
    again = text_of(hoas.get(f"/bao-cao/{report.pk}/"))
    assert "<script>alert(1)" not in again
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in again


EVIL = """<script>alert('1')</script>"><img src=x onerror="alert(1)">"""


@pytest.mark.parametrize("key", ["1.1", "1.4.b", "1.6"])
def test_markup_refused_in_any_kind_of_box_is_shown_as_text(
    report: Submission, hoas: Client, key: str
) -> None:
    response = post_sheet(hoas, report, {key: EVIL}, {key: EVIL})
    assert response.status_code == 422
    assert_harmless(response)


def test_markup_of_another_person_is_shown_as_text(
    report: Submission, hoas: Client, hoa: User, lans: Client
) -> None:
    hoa.full_name = EVIL
    hoa.save()
    post_sheet(hoas, report, {"1.1": "3"}, {"1.1": EVIL}, revision=0)
    response = post_sheet(lans, report, {"1.1": "4"}, {"1.1": "khác"}, revision=0)
    assert response.status_code == 422
    assert_harmless(response)
    assert_harmless(lans.get(f"/bao-cao/{report.pk}/nhat-ky/"))


def test_markup_is_shown_as_text_to_readers(report: Submission, hoas: Client, hanh: User) -> None:
    post_sheet(hoas, report, {"1.1": "3"}, {"1.1": EVIL})
    submitted(report, {"1.2.a": "5"})
    reader = Client()
    reader.force_login(hanh)
    assert_harmless(reader.get(f"/bao-cao/{report.pk}/"))


def assert_harmless(response: Any) -> None:
    """The markup is there, and stands there as text."""
    shown = text_of(response)
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "&lt;script&gt;alert" in shown


@pytest.mark.parametrize(
    ("note", "kept"),
    [
        ("a\x00b", "ab"),
        ("a\x1b[0mb", "a[0mb"),
        ("đ" * 2000, "đ" * 2000),
        ("🙂" * 500, "🙂" * 500),
        ("'; DROP TABLE x; --", "'; DROP TABLE x; --"),
        ("{{ 7 }}", "{{ 7 }}"),
        ("một\r\nhai", "một\nhai"),
    ],
)
def test_a_note_of_any_letters_is_kept_without_what_no_paper_prints(
    report: Submission, hoas: Client, note: str, kept: str
) -> None:
    assert post_sheet(hoas, report, notes={"1.1": note}).status_code == 302
    assert cells(report)["1.1"].note == kept
    assert hoas.get(f"/bao-cao/{report.pk}/").status_code == 200


def test_a_note_that_is_too_long_is_refused_and_kept_on_the_page(
    report: Submission, hoas: Client
) -> None:
    response = post_sheet(hoas, report, {"1.1": "5"}, {"1.1": "a" * 2001})
    assert response.status_code == 422
    assert sheet_row(response, "1.1").message.startswith("Ghi chú dài 2001 ký tự; nhiều nhất 2000.")
    assert sheet_row(response, "1.1").note == "a" * 2001


def test_a_number_with_many_blanks_inside_is_saved(report: Submission, hoas: Client) -> None:
    assert post_sheet(hoas, report, {"1.1": "12" + " " * 400 + "345"}).status_code == 302
    assert cells(report)["1.1"].number == Decimal(12345)


@pytest.mark.parametrize("revision", ["", "x", "-1", "1e9", "9" * 50, "٣", "²", "999999999", "0.5"])
def test_a_forged_revision_is_none(report: Submission, hoas: Client, revision: str) -> None:
    assert post_sheet(hoas, report, {"1.1": "5"}, revision=revision).status_code == 302
    assert cells(report)["1.1"].number == Decimal(5)


def test_forged_boxes_are_ignored(
    report: Submission, hoas: Client, commune_report: Submission
) -> None:
    """Rows of another form, headings, computed rates and rows that do not exist."""
    rows = form_definition(report.form_version).by_key
    forged = boxes(commune_report, {"1.1.3": "77"}) | {
        f"f{rows['1.3'].id}": "5",
        f"f{rows['1.2'].id}": "5",
        "f0": "5",
        "fx": "5",
        f"f{rows['1.1'].id}x": "5",
    }
    assert hoas.post(f"/bao-cao/{report.pk}/", {"revision": "0", **forged}).status_code == 302
    assert cells(report) == {}
    assert not Figure.objects.exists()


def test_more_fields_than_a_form_has_are_refused(report: Submission, hoas: Client) -> None:
    many = {f"x{number}": "1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    assert hoas.post(f"/bao-cao/{report.pk}/", many).status_code == 400


def test_a_full_form_is_saved_at_once(report: Submission, hoas: Client) -> None:
    form = form_definition(report.form_version)
    figures = {row.key: row.options[0].code if row.options else "1" for row in form.typed_rows}
    notes = {row.key: f"ghi chú {row.key}" for row in form.typed_rows}
    assert post_sheet(hoas, report, figures, notes).status_code == 302
    assert len(cells(report)) == 158
    response = hoas.get(f"/bao-cao/{report.pk}/")
    sheet = response.context["sheet"]
    assert (sheet.answered, sheet.percent) == (ASKED_OF_A_DEPARTMENT, 100)


def test_having_nothing_is_stored_as_such(report: Submission, hoas: Client) -> None:
    post_sheet(hoas, report, {"1.1": "không phát sinh", "1.2.a": "Không thuộc phạm vi"})
    assert {key: cell.status for key, cell in cells(report).items()} == {
        "1.1": FigureStatus.NIL,
        "1.2.a": FigureStatus.OUT_OF_SCOPE,
    }


def test_a_computed_rate_is_shown_from_its_parts(report: Submission, hoas: Client) -> None:
    typed(report, {"1.2.a": "43", "1.2.b": "34"})
    row = sheet_row(hoas.get(f"/bao-cao/{report.pk}/"), "1.2")
    assert (row.shown, row.is_derived, row.is_typed) == ("79,07", True, False)


def test_a_rate_of_nothing_over_nothing_prints_a_dash(report: Submission, hoas: Client) -> None:
    typed(report, {"1.2.a": "0", "1.2.b": "0"})
    assert sheet_row(hoas.get(f"/bao-cao/{report.pk}/"), "1.2").shown == "–"


def test_what_was_understood_is_echoed(report: Submission, hoas: Client) -> None:
    typed(report, {"1.1": "007", "1.4.b": "=98,64%", "1.2.a": "5.356"})
    response = hoas.get(f"/bao-cao/{report.pk}/")
    assert sheet_row(response, "1.1").echo == "đã lưu: 7"
    assert sheet_row(response, "1.4.b").echo == "đã lưu: 98,64 %"
    assert sheet_row(response, "1.2.a").echo == ""


# Two pages open


@pytest.fixture
def lans(report: Submission) -> Client:
    """The browser of a second clerk of Sở Công Thương."""
    client = Client()
    client.force_login(person("lan", "Phạm Thị Lan", (Role.CLERK, report.agency)))
    return client


def test_the_second_of_two_pages_is_told_and_loses_nothing(
    report: Submission, hoas: Client, lans: Client
) -> None:
    post_sheet(hoas, report, {"1.1": "3"}, revision=0)
    response = post_sheet(lans, report, {"1.1": "4", "1.2.a": "10"}, revision=0)
    assert response.status_code == 422
    row = sheet_row(response, "1.1")
    assert row.box == "4"
    assert row.message.startswith("Nguyễn Thị Hoa đã ghi «3» ở ô này lúc ")
    assert cells(report) == {
        "1.1": Cell(number=Decimal(3), written="3"),
        "1.2.a": Cell(number=Decimal(10), written="10"),
    }
    revision = response.context["submission"].revision
    assert post_sheet(lans, report, {"1.1": "4"}, revision=revision).status_code == 302
    assert cells(report)["1.1"].number == Decimal(4)
    assert FigureChange.objects.filter(submission=report, row__key="1.1").count() == 2


def test_the_hour_of_the_other_is_that_of_vietnam(
    report: Submission, hoas: Client, lans: Client
) -> None:
    post_sheet(hoas, report, {"1.1": "3"}, revision=0)
    at = timezone.localtime(FigureChange.objects.get(submission=report).at)
    response = post_sheet(lans, report, {"1.1": "4"}, revision=0)
    assert f"lúc {at:%H:%M ngày %d/%m/%Y}" in sheet_row(response, "1.1").message


def test_an_old_page_does_not_undo_what_it_did_not_touch(
    report: Submission, hoas: Client, lans: Client
) -> None:
    """The whole old page is posted: the boxes left as they were are no entries."""
    post_sheet(hoas, report, {"1.1": "3", "1.2.a": "43"}, revision=0)
    seen = stored(report).revision
    post_sheet(lans, report, {"1.1": "5"}, revision=seen)
    response = post_sheet(hoas, report, {"1.1": "3", "1.2.a": "44"}, revision=seen)
    assert response.status_code == 302
    assert {key: cell.number for key, cell in cells(report).items()} == {
        "1.1": Decimal(5),
        "1.2.a": Decimal(44),
    }


def test_a_bad_box_overtaken_by_another_is_told_of_both(
    report: Submission, hoas: Client, lans: Client
) -> None:
    post_sheet(hoas, report, {"1.1": "3"}, revision=0)
    response = post_sheet(lans, report, {"1.1": "x"}, revision=0)
    assert response.status_code == 422
    row = sheet_row(response, "1.1")
    assert row.box == "x"
    assert "có chữ" in row.message
    assert "Nguyễn Thị Hoa đã ghi «3»" in row.message


def test_one_person_with_two_tabs_is_told_as_well(report: Submission, hoas: Client) -> None:
    post_sheet(hoas, report, {"1.1": "3"}, revision=0)
    response = post_sheet(hoas, report, {"1.1": "4"}, revision=0)
    assert response.status_code == 422
    assert cells(report)["1.1"].number == Decimal(3)


# Saving where it is too late


def test_saving_after_handing_in_changes_nothing_and_shows_what_was_typed(
    report: Submission, hoas: Client
) -> None:
    submitted(report, {"1.1": "3"})
    response = post_sheet(hoas, report, {"1.1": "4", "1.2.a": "x"}, {"1.5.a": "lưu ý"})
    assert response.status_code == 409
    assert response.context["error"].startswith("Báo cáo ở trạng thái «Đã gửi»")
    assert {(unsaved.saved, unsaved.typed) for unsaved in response.context["unsaved"]} == {
        ("3", "4"),
        ("trống", "x"),
        ("trống", " (ghi chú: lưu ý)"),
    }
    assert cells(report)["1.1"].number == Decimal(3)


def test_saving_after_closing_changes_nothing_and_shows_what_was_typed(
    report: Submission, hoas: Client
) -> None:
    day = timezone.localdate() - timedelta(days=1)
    reschedule_round(round=report.round, opens_on=day, due_on=day, closes_on=day)
    response = post_sheet(hoas, report, {"1.1": "4"})
    assert response.status_code == 409
    assert response.context["error"].startswith(f"Báo cáo quý này đã đóng sau ngày {day:%d/%m/%Y}.")
    assert [unsaved.typed for unsaved in response.context["unsaved"]] == ["4"]
    assert cells(report) == {}


def test_a_viewer_posting_is_told_and_nothing_changes(
    report: Submission, dat: User, client: Client
) -> None:
    client.force_login(dat)
    response = post_sheet(client, report, {"1.1": "4"})
    assert response.status_code == 409
    assert response.context["error"] == (
        "Ông/bà được xem báo cáo này nhưng không được nhập số liệu cho đơn vị."
    )
    assert cells(report) == {}


def test_figures_posted_after_the_session_ended_are_asked_for_again(
    report: Submission, hoa: User, client: Client
) -> None:
    response = post_sheet(client, report, {"1.1": "4"})
    assert response.status_code == 401
    [field] = boxes(report, {"1.1": ""})
    assert ("kept-" + field, "4") in response.context["kept"]
    assert cells(report) == {}
    signed_in = client.post(
        "/dang-nhap/",
        {
            "username": "hoa",
            "password": "minh-hoa-cchc",
            "next": f"/bao-cao/{report.pk}/",
            **dict(response.context["kept"]),
        },
    )
    assert signed_in.context["target"] == f"/bao-cao/{report.pk}/"
    kept = dict(signed_in.context["kept"])
    assert client.post(signed_in.context["target"], kept).status_code == 302
    assert cells(report)["1.1"].number == Decimal(4)


# What the page shows to whom


def test_a_reader_sees_figures_and_no_boxes(report: Submission, hanh: User, client: Client) -> None:
    typed(report, {"1.1": "3"})
    client.force_login(hanh)
    response = client.get(f"/bao-cao/{report.pk}/")
    assert response.context["may_edit"] is False
    [field] = boxes(report, {"1.1": ""})
    assert f'name="{field}"' not in text_of(response)
    assert sheet_row(response, "1.1").shown == "3"


@pytest.mark.parametrize(
    ("state", "who", "moves"),
    [
        ("draft", "hoa", []),
        ("draft", "hanh", []),
        ("submitted", "hoa", ["withdraw"]),
        ("submitted", "hanh", ["review", "approve"]),
        ("submitted", "dat", []),
        ("approved", "hoa", []),
        ("approved", "hanh", ["reopen"]),
    ],
)
def test_each_person_is_offered_the_moves_open_to_them(
    report: Submission,
    request: pytest.FixtureRequest,
    client: Client,
    state: str,
    who: str,
    moves: list[str],
) -> None:
    brought_to(state, report, {"1.1": "3"})
    client.force_login(request.getfixturevalue(who))
    response = client.get(f"/bao-cao/{report.pk}/")
    assert [move.name for move in response.context["moves"]] == moves


def test_a_returned_report_shows_who_returned_it_and_why(
    report: Submission, hoas: Client, hanh: User
) -> None:
    submitted(report, {"1.1": "3"})
    moved(report, "return", by=hanh, reason="Xem lại mục 1.1 <b>nhé</b>.")
    response = hoas.get(f"/bao-cao/{report.pk}/")
    last: Transition = response.context["last_return"]
    assert (last.by, last.reason) == (hanh, "Xem lại mục 1.1 <b>nhé</b>.")
    assert "Xem lại mục 1.1 &lt;b&gt;nhé&lt;/b&gt;." in text_of(response)
    assert response.context["may_edit"] is True


def test_the_figures_of_the_last_approved_round_stand_beside(
    report: Submission, minh_hoa: Agency, hoas: Client, hanh: User
) -> None:
    earlier = opened_round(minh_hoa, "MH-TRUOC", by=hanh, data_to_days_ago=90)
    approved(report_of(earlier, report.agency), {"1.1": "1.234"})
    response = hoas.get(f"/bao-cao/{report.pk}/")
    assert sheet_row(response, "1.1").previous == "1.234"
    assert sheet_row(response, "1.2.a").previous == ""


def test_an_unapproved_earlier_round_does_not_stand_beside(
    report: Submission, minh_hoa: Agency, hoas: Client, hanh: User
) -> None:
    earlier = opened_round(minh_hoa, "MH-TRUOC", by=hanh, data_to_days_ago=90)
    submitted(report_of(earlier, report.agency), {"1.1": "1.234"})
    response = hoas.get(f"/bao-cao/{report.pk}/")
    assert response.context["previous"] is None


def test_my_reports_list_what_is_to_do_first(
    report: Submission, minh_hoa: Agency, hoas: Client, hanh: User
) -> None:
    earlier = report_of(
        opened_round(minh_hoa, "MH-TRUOC", by=hanh, data_to_days_ago=90), report.agency
    )
    approved(earlier, {"1.1": "3"})
    typed(report, {"1.1": "3", "1.2.a": "không phát sinh"})
    response = hoas.get("/bao-cao/")
    [to_do], [done] = response.context["to_do"], response.context["done"]
    assert (to_do.submission, to_do.answered, to_do.typed) == (report, 2, ASKED_OF_A_DEPARTMENT)
    assert (done.submission, done.state.value, done.is_late) == (earlier, "approved", False)


@pytest.mark.parametrize(
    ("days", "granted", "is_returned", "card", "facts"),
    [
        ({}, None, False, "Hạn nộp {5} còn 5 ngày", "Hạn nộp {5} Đóng sau ngày {8}"),
        (
            {"due_on": -1},
            None,
            False,
            "Hạn nộp {-1} quá hạn 1 ngày vẫn gửi được đến hết ngày {8}",
            "Hạn nộp {-1} Đóng sau ngày {8}",
        ),
        (
            {},
            9,
            False,
            "Được gia hạn đến hết ngày {9} còn 9 ngày",
            "Hạn nộp {9} (được gia hạn)",
        ),
        ({"closes_on": -1, "due_on": -1}, None, False, "Đã đóng sau ngày {-1}", "Hạn nộp {-1}"),
        (
            {"closes_on": -2, "due_on": -3},
            -1,
            False,
            "Đã hết gia hạn sau ngày {-1}",
            "Hạn nộp {-1} (được gia hạn)",
        ),
        # What was sent back is mended in its own time, whatever the round's days say.
        ({}, None, True, "Sửa và gửi lại được cho đến khi Sở Nội vụ duyệt", ""),
        ({"edit_until": 12}, None, True, "Sửa và gửi lại đến hết ngày {12}", "Hạn sửa {12}"),
        (
            {"edit_until": 12, "closes_on": -1, "due_on": -2},
            9,
            True,
            "Sửa và gửi lại đến hết ngày {12} còn 12 ngày",
            "Hạn sửa {12}",
        ),
        (
            {"edit_until": -1, "closes_on": -1, "due_on": -2},
            None,
            True,
            "Đã hết hạn sửa sau ngày {-1}",
            "Hạn sửa {-1}",
        ),
    ],
)
def test_a_page_tells_the_one_day_that_binds(
    report: Submission,
    hoas: Client,
    hanh: User,
    days: dict[str, int],
    granted: int | None,
    is_returned: bool,
    card: str,
    facts: str,
) -> None:
    if is_returned:
        submitted(report, {"1.1": "3"})
        moved(report, "return", by=hanh, reason="Thiếu số liệu.")
    today = timezone.localdate()
    stands = {"opens_on": -20, "due_on": 5, "closes_on": 8} | days
    Round.objects.update(**{name: today + timedelta(days=day) for name, day in stands.items()})
    until = today + timedelta(days=granted) if granted is not None else None
    Submission.objects.filter(pk=report.pk).update(extended_until=until)

    def dated(words: str) -> str:
        return re.sub(
            r"\{(-?\d+)\}", lambda at: f"{today + timedelta(days=int(at[1])):%d/%m/%Y}", words
        )

    mine = pages.text_of(hoas.get("/bao-cao/").content.decode())
    assert dated(card) in mine
    sheet = pages.text_of(hoas.get(f"/bao-cao/{report.pk}/").content.decode())
    told = sheet.partition("Trạng thái từ")[0]
    assert dated(facts) in told
    for word in ("Hạn nộp", "Hạn sửa", "Đóng sau ngày", "(được gia hạn)"):
        assert (word in told) is (word in facts), word


def test_a_report_is_not_late_on_its_due_day(report: Submission, hoas: Client) -> None:
    today = timezone.localdate()
    reschedule_round(round=report.round, opens_on=today, due_on=today, closes_on=today)
    assert hoas.get("/bao-cao/").context["to_do"][0].is_late is False


def test_a_report_past_its_due_day_is_late_until_handed_in(
    report: Submission, hoas: Client
) -> None:
    today = timezone.localdate()
    reschedule_round(
        round=report.round,
        opens_on=today - timedelta(days=9),
        due_on=today - timedelta(days=1),
        closes_on=today,
    )
    assert hoas.get("/bao-cao/").context["to_do"][0].is_late is True
    submitted(report, {"1.1": "3"})
    assert hoas.get("/bao-cao/").context["done"][0].is_late is False


# Cost


def test_a_sheet_costs_the_same_whatever_it_holds(
    report: Submission, minh_hoa: Agency, hoas: Client, hanh: User
) -> None:
    earlier = report_of(
        opened_round(minh_hoa, "MH-TRUOC", by=hanh, data_to_days_ago=90), report.agency
    )
    approved(earlier, {"1.1": "3"})
    typed(report, {"1.1": "3"})
    with CaptureQueriesContext(connection) as one:
        hoas.get(f"/bao-cao/{report.pk}/")
    typed(stored(report), dict.fromkeys(plain_keys(report)[:100], "1"))
    with CaptureQueriesContext(connection) as hundred:
        hoas.get(f"/bao-cao/{report.pk}/")
    assert (len(one), len(hundred)) == (13, 13)


def test_a_saving_costs_the_same_whatever_it_holds(report: Submission, hoas: Client) -> None:
    """Up to 80 cells: from 84 on SQLite takes them in several statements."""
    typed(report, {"1.1": "3"})
    keys = plain_keys(report)
    with CaptureQueriesContext(connection) as one:
        post_sheet(hoas, report, {keys[1]: "1"}, revision=2)
    with CaptureQueriesContext(connection) as eighty:
        post_sheet(hoas, report, dict.fromkeys(keys[2:82], "1"), revision=3)
    assert (len(one), len(eighty)) == (12, 12)


def plain_keys(report: Submission) -> list[str]:
    """Return the rows that take a number."""
    return [row.key for row in form_definition(report.form_version).typed_rows if not row.options]


def test_every_row_to_be_typed_has_a_box_on_every_form(
    minh_hoa: Agency, so_cong_thuong: Agency, hanh: User, hoas: Client
) -> None:
    """A section may itself be a question: on Biểu mẫu 7 the first two are."""
    codes = ["BM7-2025", "PL1-GL-2023", "PL2-KH-2021", "PL2-KH-2022", "PL2-XA-QN-2022"]
    for code in codes:
        round_ = planned_round(minh_hoa, f"MH-{code}")
        expect(round=round_, asked=[(so_cong_thuong, form(code), Capacity.BOTH)], by=hanh)
        report = report_of(round_, so_cong_thuong)
        page = hoas.get(f"/bao-cao/{report.pk}/").content.decode()
        rows = form_definition(report.form_version).typed_rows
        assert [row.key for row in rows if f'name="{figure_field(row)}"' not in page] == []


def test_an_old_page_that_was_not_touched_holds_nothing_unsaved(
    report: Submission, hoas: Client, hoa: User
) -> None:
    drawn_from = report.revision
    shown = {"1.1": "", "1.2.a": ""}
    submitted(report, {"1.1": "3", "1.2.a": "5"})
    response = post_sheet(hoas, report, shown, revision=drawn_from)
    assert response.status_code == 409
    assert response.context["unsaved"] == []
