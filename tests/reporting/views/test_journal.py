"""The record on its page: told in sentences, searched, sent as a list."""

import csv
from io import BytesIO, StringIO
from unittest.mock import patch

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from reporting.actions.record import About, remember
from reporting.models import Agency, RecordLine, Round, Submission, User
from reporting.tidings import Subject
from reporting.workflow import Role
from tests.cast import moved, person, typed
from tests.indicators.actions.acts import begun
from tests.reporting.views.pages import text_of

PAGE = "/nhat-ky/"


@pytest.fixture
def told(report: Submission, hoa: User, hanh: User) -> Submission:
    """A report that was filled in, handed in and sent back."""
    typed(report, {"1.1": "5356"})
    moved(report, "submit", by=hoa)
    return moved(report, "return", by=hanh, reason="Kiểm tra <b>mục 3.4</b>.")


def page(client: Client, who: User, query: str = "", status: int = 200) -> str:
    client.force_login(who)
    response = client.get(f"{PAGE}{query}")
    assert response.status_code == status
    return response.content.decode()


def test_acts_are_told_in_sentences_with_what_they_changed(
    told: Submission, hanh: User, client: Client
) -> None:
    html = page(client, hanh, "?donvi=MH.SCT")
    words = text_of(html)
    assert "Trần Minh Hạnh trả lại báo cáo của Sở Công Thương, Báo cáo quý này" in words
    assert "Nguyễn Thị Hoa gửi báo cáo của Sở Công Thương" in words
    assert "lần gửi 1, mã băm" in words
    assert "lưu 1 ô số liệu – Sở Công Thương, Báo cáo quý này" in words
    assert "1.1 Số văn bản chỉ đạo CCHC đã ban hành (Kế… Văn bản trống 5.356" in words
    assert f'href="/bao-cao/{told.pk}/"' in html
    assert f'href="/bao-cao/{told.pk}/luc/?luc=' in html


def test_words_of_people_are_escaped(told: Submission, hanh: User, client: Client) -> None:
    html = page(client, hanh, "?tim=%3Cb%3E")
    assert "Kiểm tra &lt;b&gt;mục 3.4&lt;/b&gt;." in html
    assert "<b>mục" not in html
    assert 'value="&lt;b&gt;"' in html


def test_an_act_on_round_agency_or_person_leads_there_and_says_what_changed(
    open_quarter: Round, so_cong_thuong: Agency, hoa: User, hanh: User, client: Client
) -> None:
    remember(
        Subject.ROUND,
        "extend",
        "gia hạn cho Sở Công Thương",
        by=hanh,
        via="page",
        about=About(open_quarter.province, so_cong_thuong, open_quarter, hoa),
        changes=[{"label": "Hạn", "before": "17/03/2026", "after": "20/03/2026"}],
        reason="Mất điện.",
    )
    html = page(client, hanh, "?loai=dot")
    words = text_of(html)
    assert "Trần Minh Hạnh gia hạn cho Sở Công Thương" in words
    assert "Đợt: Báo cáo quý này Đơn vị: Sở Công Thương Người: Nguyễn Thị Hoa" in words
    assert "Hạn 17/03/2026 20/03/2026" in words
    assert "Mất điện." in words
    assert 'href="/dot/MH-QUY/"' in html


@pytest.mark.parametrize(
    ("who", "opened"),
    [
        ("hanh", {"/dot/", "/don-vi/", "/nguoi-dung/"}),
        ("dat", {"/dot/", "/don-vi/"}),
        ("quantri", set()),
    ],
)
def test_the_record_links_only_what_its_reader_may_open(
    open_quarter: Round,
    so_cong_thuong: Agency,
    hoa: User,
    client: Client,
    who: str,
    opened: set[str],
    request: pytest.FixtureRequest,
) -> None:
    about = About(open_quarter.province, so_cong_thuong, open_quarter, hoa)
    remember(Subject.PERSON, "give", "giao vai trò", by=None, via="page", about=about)
    html = page(client, request.getfixturevalue(who), "?loai=nguoi-dung")
    assert "Đơn vị: Sở Công Thương Người: Nguyễn Thị Hoa" in text_of(html)
    paths = {
        f"/dot/{open_quarter.code}/",
        f"/don-vi/{so_cong_thuong.pk}/",
        f"/nguoi-dung/{hoa.pk}/",
    }
    linked = {path for path in paths if f'href="{path}"' in html}
    assert {f"/{path.split('/')[1]}/" for path in linked} == opened
    assert [client.get(path).status_code for path in linked] == [200] * len(linked)


def test_the_record_links_a_draft_for_managers_only(hanh: User, mai: User, client: Client) -> None:
    draft = begun(mai)
    for who, is_linked in ((hanh, False), (mai, True)):
        html = page(client, who, "?loai=danh-muc")
        assert f"biểu mẫu {draft.code}" in text_of(html)
        assert (f'href="/bieu-mau/{draft.code}/"' in html) is is_linked
        assert (client.get(f"/bieu-mau/{draft.code}/").status_code == 200) is is_linked
        assert 'href="/bieu-mau/PL2-KH-2022/"' in html


@pytest.mark.parametrize(
    ("query", "seen", "unseen"),
    [
        ("?loai=trang-thai", "trả lại báo cáo", "ô số liệu"),
        ("?loai=so-lieu", "ô số liệu", "trả lại báo cáo"),
        ("?nguoi=tran minh hanh", "trả lại báo cáo", "Nguyễn Thị Hoa gửi"),
        ("?nguoi=hoa", "gửi báo cáo", "trả lại báo cáo"),
        ("?donvi=cong thuong", "gửi báo cáo", "UBND xã Minh An"),
        ("?tim=mục 3.4", "trả lại báo cáo", "gửi báo cáo"),
        ("?dot=MH-QUY&loai=trang-thai", "gửi báo cáo", "ô số liệu"),
        ("?loai=danh-muc", "biểu mẫu", "gửi báo cáo"),
        ("?tu=1/1/2020&den=2/1/2020", "Không có việc nào khớp", "gửi báo cáo"),
        ("?nguoi=không có ai", "Không có việc nào khớp", "gửi báo cáo"),
    ],
)
def test_the_record_is_narrowed(
    told: Submission, hanh: User, client: Client, query: str, seen: str, unseen: str
) -> None:
    words = text_of(page(client, hanh, query))
    assert seen in words
    assert unseen not in words


def test_one_report_and_one_request(told: Submission, hanh: User, client: Client) -> None:
    html = page(client, hanh, f"?baocao={told.pk}")
    assert "Chỉ nhật ký của báo cáo" in html
    assert "UBND xã Minh An" not in html
    name = RecordLine.objects.create(
        subject=Subject.ROUND.value,
        act="x",
        what="đổi hạn",
        province=told.round.province,
        at=told.state_at,
        via="page",
        request_id="yeucau-0001",
    ).request_id
    words = text_of(page(client, hanh, f"?ma={name}"))
    assert "đổi hạn" in words
    assert "gửi báo cáo" not in words


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?tu=31/2/2026", "Ngày không đúng; hãy ghi ngày/tháng/năm, ví dụ 01/01/2027."),
        ("?den=1/1/0001", "Không có nhật ký của năm 1."),
        ("?tu=2/1/2026&den=1/1/2026", "Ngày cuối ở trước ngày đầu (02/01/2026)."),
        ("?loai=gi-do", "Hãy chọn"),
        ("?dot=KHONG-CO", "Hãy chọn"),
        ("?baocao=abc", "Chưa tìm được"),
    ],
)
def test_a_search_that_cannot_be_read_says_why_and_keeps_what_was_typed(
    told: Submission, hanh: User, client: Client, query: str, sentence: str
) -> None:
    html = page(client, hanh, query, status=422)
    assert sentence in text_of(html) or sentence == "Hãy chọn"
    assert "trả lại báo cáo" not in html
    client.force_login(hanh)
    assert client.get(f"/nhat-ky.csv{query}").status_code == 422


def test_a_name_of_too_many_is_asked_for_in_full(
    told: Submission, so_cong_thuong: Agency, hanh: User, client: Client
) -> None:
    with patch("reporting.forms.MOST_NAMED", 1):
        html = page(client, hanh, "?donvi=sở", status=422)
    assert "Có 2 đơn vị mang tên «sở»; hãy ghi đủ tên, hoặc mã đơn vị." in html


@pytest.mark.parametrize("number", ["{}", "99999"])
def test_another_provinces_report_is_as_unknown(
    told: Submission, khac: User, client: Client, number: str
) -> None:
    page(client, khac, f"?baocao={number.format(told.pk)}", status=404)
    client.force_login(khac)
    assert client.get(f"/nhat-ky.csv?baocao={number.format(told.pk)}").status_code == 404


def test_another_provinces_round_is_as_unknown(
    told: Submission, khac: User, client: Client
) -> None:
    theirs = page(client, khac, "?dot=MH-QUY", status=422).replace("MH-QUY", "?")
    unknown = page(client, khac, "?dot=TK-XYZ", status=422).replace("TK-XYZ", "?")
    assert text_of(theirs) == text_of(unknown)


def test_an_operator_sees_no_report_and_is_offered_no_search_of_any(
    told: Submission, quantri: User, client: Client
) -> None:
    html = page(client, quantri)
    assert "báo cáo của" not in html
    assert 'name="dot"' not in html
    assert page(client, quantri, "?loai=so-lieu", status=422)
    assert "trả lại" not in page(client, quantri, f"?baocao={told.pk}&dot=MH-QUY")


def test_a_manager_sees_the_catalogue_only(told: Submission, mai: User, client: Client) -> None:
    html = page(client, mai)
    assert "biểu mẫu" in html
    assert "báo cáo của" not in html
    assert 'name="donvi"' not in html


@pytest.mark.parametrize(
    ("who", "seen"),
    [("hanh", True), ("dat", True), ("mai", True), ("quantri", True), ("hoa", False)],
)
def test_the_menu_leads_to_the_record_whoever_may_read_it(
    who: str, seen: bool, hoa: User, client: Client, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert (f'href="{PAGE}"' in client.get("/bieu-mau/").content.decode()) is seen


def test_pages_follow_each_other_without_loss(
    open_quarter: Round, hanh: User, client: Client
) -> None:
    for number in range(120):
        remember(
            Subject.ROUND,
            "x",
            f"việc {number:03}.",
            by=hanh,
            via="page",
            about=About(open_quarter.province),
        )
    client.force_login(hanh)
    found, query = [], "?loai=dot"
    for _ in range(3):
        response = client.get(f"{PAGE}{query}")
        told = response.context["told"]
        found += [event.what for event in told.events]
        html = response.content.decode()
        assert ("Về mới nhất" in html) is ("sau=" in query)
        query = f"?loai=dot&sau={told.after}"
        assert (query.replace("&", "&amp;") in html) is (told.after is not None)
    assert found[:120] == [f"việc {number:03}." for number in range(119, -1, -1)]
    assert [what.partition(" ")[0] for what in found[120:]] == ["mở", "lập"]


@pytest.mark.parametrize("times", [1, 3])
def test_the_page_costs_the_same_queries_however_much_happened(
    report: Submission,
    commune_report: Submission,
    hoa: User,
    thu: User,
    hanh: User,
    client: Client,
    times: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(times):
        typed(report, {"1.1": str(number + 1)})
        typed(commune_report, {"1.1.3": str(number + 1)})
    page(client, hanh)
    # Session, account and its roles; the twelve tables and the forms; the rounds to choose.
    with django_assert_num_queries(3 + 13 + 1):
        client.get(PAGE)


# The list as a file


def lines_of(response: object) -> list[list[str]]:
    text = response.content.decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(StringIO(text)))


def test_the_file_holds_a_line_for_each_cell_and_act_and_is_recorded(
    told: Submission, hanh: User, client: Client
) -> None:
    typed(told, {"1.1": "5357", "1.2.a": "7"})
    client.force_login(hanh)
    response = client.get("/nhat-ky.csv?donvi=MH.SCT")
    assert response.status_code == 200
    title, note, heading, *rows = lines_of(response)
    assert (title, heading[:3]) == (["Nhật ký"], ["Lúc", "Ai", "Việc"])
    assert "nhiều nhất 50.000 dòng" in note[0]
    cells = [row[4:7] for row in rows if row[4]]
    assert ["1.1 Số văn bản chỉ đạo CCHC đã ban hành (Kế…", "5.356", "5.357"] in cells
    assert len(cells) == 3
    assert [row[2] for row in rows if row[1] == "Trần Minh Hạnh"] == [
        "trả lại báo cáo",
        "mở đợt, giao báo cáo cho đơn vị",
    ]
    line = RecordLine.objects.get(act="export-journal")
    assert (line.by, line.province) == (hanh, told.round.province)
    assert line.what.startswith("tải nhật ký CSV (NhatKy_")
    assert "tải nhật ký CSV" in page(client, hanh, "?loai=he-thong")


def test_the_workbook_holds_the_same_as_the_other_file(
    told: Submission, hanh: User, client: Client
) -> None:
    client.force_login(hanh)
    _, _, *expected = lines_of(client.get("/nhat-ky.csv?donvi=MH.SCT"))
    sheet = load_workbook(BytesIO(client.get("/nhat-ky.xlsx?donvi=MH.SCT").content)).active
    assert sheet is not None
    found = [[str(text or "") for text in row] for row in sheet.iter_rows(values_only=True)]
    assert found[3:] == expected
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == f"A4:J{len(expected) + 3}"
    assert (sheet.row_dimensions[5].height or 0) > 16
    assert all(cell.data_type in {"s", "n"} for row in sheet.iter_rows() for cell in row)


def test_words_that_look_like_a_formula_stay_words(
    report: Submission, hoa: User, hanh: User, client: Client
) -> None:
    typed(report, {"1.1": "3"})
    moved(report, "submit", by=hoa)
    moved(report, "return", by=hanh, reason="=HYPERLINK(1)")
    client.force_login(hanh)
    rows = lines_of(client.get("/nhat-ky.csv"))
    assert " =HYPERLINK(1)" in {row[7] for row in rows if len(row) > 7}
    sheet = load_workbook(BytesIO(client.get("/nhat-ky.xlsx").content)).active
    assert sheet is not None
    [cell] = [one for row in sheet.iter_rows() for one in row if one.value == "=HYPERLINK(1)"]
    assert cell.data_type == "s"


def test_a_list_that_is_cut_says_so_at_its_end(
    told: Submission, hanh: User, client: Client
) -> None:
    client.force_login(hanh)
    whole = lines_of(client.get("/nhat-ky.csv?donvi=MH.SCT"))
    with patch("reporting.documents.journal.MOST_LINES", 2):
        cut = lines_of(client.get("/nhat-ky.csv?donvi=MH.SCT"))
    assert cut[3:5] == whole[3:5]
    assert cut[5][2].startswith("Còn nữa")
    assert len(cut) == 6
    with patch("reporting.documents.journal.MOST_LINES", len(whole) - 3):
        assert lines_of(client.get("/nhat-ky.csv?donvi=MH.SCT"))[3:] == whole[3:]


def test_an_operators_file_holds_nothing_of_reports_and_is_the_operators_own_line(
    told: Submission, quantri: User, client: Client
) -> None:
    client.force_login(quantri)
    text = client.get("/nhat-ky.csv").content.decode()
    assert "Sở Công Thương" not in text
    assert RecordLine.objects.get(act="export-journal").province is None


def test_a_reader_of_two_provinces_leaves_a_line_in_both(
    told: Submission, minh_hoa: Agency, tinh_khac: Agency, client: Client
) -> None:
    client.force_login(person("hai", "Hai", (Role.VIEWER, minh_hoa), (Role.VIEWER, tinh_khac)))
    client.get("/nhat-ky.csv")
    lines = RecordLine.objects.filter(act="export-journal")
    assert {line.province for line in lines} == {minh_hoa, tinh_khac}
