"""The record of a submission: every act, told in words, newest first."""

from django.test import Client

from reporting.actions.record import About, remember
from reporting.models import Submission, User
from reporting.tidings import Subject
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


def told(client: Client, report: Submission, query: str) -> list[str]:
    response = client.get(f"/bao-cao/{report.pk}/nhat-ky/{query}")
    assert response.status_code == 200
    return [event.what for event in response.context["told"].events]


def test_it_is_narrowed_to_a_kind_and_to_a_row(
    report: Submission, hoa: User, client: Client
) -> None:
    typed(report, {"1.1": "3", "1.2.a": "1"})
    typed(report, {"1.2.b": "1"})
    moved(report, "submit", by=hoa)
    client.force_login(hoa)
    assert told(client, report, "?loai=trang-thai") == [
        "gửi báo cáo",
        "bắt đầu nhập số liệu",
        "mở đợt, giao báo cáo cho đơn vị",
    ]
    assert told(client, report, "?loai=so-lieu") == ["lưu 1 ô số liệu", "lưu 2 ô số liệu"]
    assert told(client, report, "?dong=1.1") == ["lưu 1 ô số liệu"]
    assert told(client, report, "?dong=1.1&loai=trang-thai") == []
    assert client.get(f"/bao-cao/{report.pk}/nhat-ky/?dong=9.9.9").status_code == 404


def test_a_handing_in_is_told_with_its_number_and_hash(
    report: Submission, hoa: User, client: Client
) -> None:
    typed(report, {"1.1": "3"})
    moved(report, "submit", by=hoa)
    client.force_login(hoa)
    words = f"lần gửi 1, mã băm {report.filings.get().sha256[:12]}"
    assert words in client.get(f"/bao-cao/{report.pk}/nhat-ky/").content.decode()


def test_what_was_done_for_the_agency_in_the_round_is_told_and_nothing_of_others(
    report: Submission, commune_report: Submission, hanh: User, hoa: User, client: Client
) -> None:
    province, round_ = report.round.province, report.round
    for agency in (report.agency, commune_report.agency, None):
        what = f"gia hạn cho {agency}"
        about = About(province=province, agency=agency, round=round_)
        remember(Subject.ROUND, "extend", what, by=hanh, via="page", about=about)
    client.force_login(hoa)
    assert told(client, report, "?loai=dot") == ["gia hạn cho Sở Công Thương"]


def test_a_long_record_is_shown_page_by_page(report: Submission, hoa: User, client: Client) -> None:
    for number in range(1, 61):
        typed(report, {"1.1": str(number)})
    client.force_login(hoa)
    path = f"/bao-cao/{report.pk}/nhat-ky/?loai=so-lieu&dong="
    first = client.get(path).context["told"]
    seen = [change.after for event in first.events for change in event.changes]
    second = client.get(f"{path}&sau={first.after}").context["told"]
    seen += [change.after for event in second.events for change in event.changes]
    assert seen == [str(number) for number in range(60, 0, -1)]
    assert second.after is None


def _row(report: Submission) -> int:
    return int(report.form_version.rows.get(key="1.1").pk)
