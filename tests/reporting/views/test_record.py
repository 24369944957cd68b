"""The record of a submission: every act, told in words, newest first."""

from django.test import Client

from reporting.models import Submission, User
from tests.cast import moved, typed


def test_every_act_is_told_newest_first(
    report: Submission, hoa: User, hanh: User, client: Client
) -> None:
    typed(report, {"1.1": "5.356", "1.2.a": "1"})
    typed(report, {"1.1": "", "1.2.b": "1"})
    moved(report, "submit", by=hoa)
    moved(report, "return", by=hanh, reason="Xem lại.")
    client.force_login(hoa)
    response = client.get(f"/bao-cao/{report.pk}/nhat-ky/")
    assert response.status_code == 200
    told = [(event.by, event.what, event.reason) for event in response.context["told"].events]
    assert told[:4] == [
        ("Trần Minh Hạnh", "trả lại báo cáo", "Xem lại."),
        ("Nguyễn Thị Hoa", "gửi báo cáo", ""),
        ("Nguyễn Thị Hoa", "kiểm tra khi gửi: 1 lưu ý", ""),
        ("Nguyễn Thị Hoa", "lưu 2 ô số liệu", ""),
    ]
    # The first saving and the start it made are of one moment.
    assert sorted(told[4:6]) == [
        ("Nguyễn Thị Hoa", "bắt đầu nhập số liệu", ""),
        ("Nguyễn Thị Hoa", "lưu 2 ô số liệu", ""),
    ]
    assert told[6:] == [("Trần Minh Hạnh", "mở đợt, giao báo cáo cho đơn vị", "")]


def test_each_changed_cell_is_told_with_old_and_new(
    report: Submission, hoa: User, client: Client
) -> None:
    typed(report, {"1.1": "5.356", "1.6": "1"})
    typed(report, {"1.1": "", "1.4.b": "34/43", "1.2.a": "không phát sinh"})
    client.force_login(hoa)
    record = client.get(f"/bao-cao/{report.pk}/nhat-ky/").context["told"].events
    changes = {(change.name, change.before, change.after) for change in record[0].changes}
    assert changes == {
        ("1.1 Số văn bản chỉ đạo CCHC đã ban hành (Kế…", "5.356", "trống"),
        (
            "«Tỷ lệ cơ quan, đơn vị, địa phương đã hoàn…»",
            "trống",
            "79,07 (34/43)",
        ),
        ("«Số nhiệm vụ đề ra trong kế hoạch»", "trống", "Không phát sinh"),
    }


def test_notes_are_told_and_escaped(report: Submission, hoa: User, client: Client) -> None:
    client.force_login(hoa)
    rows = {"revision": "0", f"n{_row(report)}": "<i>sau</i>"}
    client.post(f"/bao-cao/{report.pk}/", rows)
    response = client.get(f"/bao-cao/{report.pk}/nhat-ky/")
    [change] = (
        response.context["told"].events[0].changes or response.context["told"].events[1].changes
    )
    assert (change.before, change.after) == ("trống", "<i>sau</i>")
    assert "<i>sau</i>" not in response.content.decode()


def _row(report: Submission) -> int:
    return int(report.form_version.rows.get(key="1.1").pk)
