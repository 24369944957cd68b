"""The page of progress: columns, filters, pages, what refreshes itself, and its files."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from indicators.kinds import Capacity
from reporting.actions.rounds import expect, open_round
from reporting.models import Agency, AgencyKind, RecordLine, Round, Submission, User
from reporting.workflow import Role
from tests.cast import (
    agency,
    approved,
    form,
    opened_round,
    person,
    planned_round,
    report_of,
    submitted,
    typed,
)

PAGE = "/tien-do/"


@pytest.fixture
def hanhs(client: Client, hanh: User) -> Client:
    client.force_login(hanh)
    return client


def names(response: object) -> list[str]:
    return [row.name for row in response.context["board"].rows]  # type: ignore[attr-defined]


def codes(response: object) -> list[str]:
    return [one.code for one in response.context["spread"].rounds]  # type: ignore[attr-defined]


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


def cell(response: object, at: Agency, round_: Round) -> str:
    """Return the cell's link as the page has it."""
    found = re.search(rf'<a id="o-{at.pk}-{round_.pk}".*?</a>', text_of(response))
    return found.group() if found else ""


def past_rounds(province: Agency, number: int, *, first: int = 1) -> list[Round]:
    """Plan rounds of the quarters before, open to nobody."""
    found = []
    for place in range(first, first + number):
        one = planned_round(province, f"MH-C{place}", data_to_days_ago=91 * place)
        one.status = "open"
        one.save()
        found.append(one)
    return found


# Who may look


def test_who_reads_no_round_finds_no_board(open_quarter: Round, hoa: User, client: Client) -> None:
    client.force_login(hoa)
    response = client.get(PAGE)
    assert response.status_code == 404
    assert "Trang này dành cho Sở Nội vụ và người xem số liệu toàn tỉnh." in text_of(response)
    assert 'href="/tien-do/"' not in text_of(client.get("/bao-cao/"))


@pytest.mark.parametrize("page", [PAGE, "/tien-do.csv", "/tien-do.xlsx"])
@pytest.mark.parametrize("province", ["TK", "khong-co", "'"])
def test_a_foreign_province_is_as_one_that_does_not_exist(
    open_quarter: Round, tinh_khac: Agency, hanhs: Client, page: str, province: str
) -> None:
    response = hanhs.get(page, {"tinh": province})
    assert response.status_code == 404
    assert "Không có tỉnh này, hoặc tỉnh không thuộc phạm vi của ông/bà." in text_of(response)
    assert not RecordLine.objects.filter(act="export_board").exists()


def test_who_reads_two_provinces_chooses_and_begins_with_the_newest_round(
    open_quarter: Round, tinh_khac: Agency, so_khac: Agency, khac: User, client: Client
) -> None:
    opened_round(tinh_khac, "TK-CU", by=khac, data_to_days_ago=90)
    both = [(Role.VIEWER, tinh_khac), (Role.VIEWER, open_quarter.province)]
    client.force_login(person("haitinh", "Lê Hai Tỉnh", *both))
    response = client.get(PAGE)
    assert codes(response) == ["MH-QUY"]
    assert '<option value="MH" selected>' in text_of(response)
    assert names(client.get(PAGE, {"tinh": "TK"})) == ["Sở Công Thương Tỉnh Khác"]


def test_a_round_of_another_province_is_not_looked_at(
    open_quarter: Round, tinh_khac: Agency, so_khac: Agency, khac: User, hanhs: Client
) -> None:
    opened_round(tinh_khac, "TK-QUY", by=khac)
    response = hanhs.get(PAGE, {"dot": "TK-QUY", "tinh-trang": "chua-gui"})
    assert codes(response) == ["MH-QUY"]
    assert response.context["spread"].at == open_quarter
    assert "TK-QUY" not in text_of(response)


# The table


def test_a_cell_leads_to_its_report_and_speaks_for_itself(
    open_quarter: Round, report: Submission, noi_vu_report: Submission, hanhs: Client
) -> None:
    typed(report, {"1.1": "3"})
    approved(noi_vu_report, {"1.1": "3"})
    response = hanhs.get(PAGE)
    link = cell(response, report.agency, open_quarter)
    assert f'href="/bao-cao/{report.pk}/"' in link
    assert '<b aria-hidden="true">1 %</b><span class="w">đang nhập 1 %</span>' in link
    assert "Sở Công Thương, Báo cáo quý này</span>" in link
    assert "✓" in cell(response, noi_vu_report.agency, open_quarter)
    assert hanhs.get(f"/bao-cao/{report.pk}/").status_code == 200


def test_several_reports_of_one_agency_stand_in_one_cell_with_their_number(
    open_quarter: Round, report: Submission, so_cong_thuong: Agency, hanh: User, hanhs: Client
) -> None:
    approved(report, {"1.1": "3"})
    version = form("PL1-GL-2023")
    expect(round=open_quarter, asked=[(so_cong_thuong, version, Capacity.BOTH)], by=hanh)
    worse = Submission.objects.get(form_version=version)
    link = cell(hanhs.get(PAGE), so_cong_thuong, open_quarter)
    assert f'href="/bao-cao/{worse.pk}/"' in link
    assert "– ×2</b>" in link
    assert "2 báo cáo: chưa nhập; đã duyệt, gửi đúng hạn" in link


def test_names_are_escaped(minh_hoa: Agency, hanh: User, hanhs: Client) -> None:
    odd = agency("MH.LA", 'Sở <script>alert("1")</script> & "Lạ"', AgencyKind.DEPARTMENT, minh_hoa)
    Agency.objects.filter(pk=odd.pk).update(area="<b>Địa bàn</b>")
    round_ = opened_round(minh_hoa, "MH-LA", by=hanh)
    Round.objects.filter(pk=round_.pk).update(name="<i>Đợt</i> lạ")
    content = text_of(hanhs.get(PAGE, {"tim": '<script>alert("1")'}))
    assert "<script>alert" not in content
    assert "<i>Đợt" not in content
    assert "<b>Địa bàn" not in content
    assert "Sở &lt;script&gt;alert(&quot;1&quot;)" in content


def test_the_last_eight_rounds_stand_side_by_side_and_the_others_behind(
    open_quarter: Round, hanhs: Client
) -> None:
    past_rounds(open_quarter.province, 9)
    planned_round(open_quarter.province, "MH-SAP")
    response = hanhs.get(PAGE)
    assert codes(response) == ["MH-QUY", *(f"MH-C{place}" for place in range(1, 8))]
    assert f"?{response.context['older']}" in text_of(response)
    assert codes(hanhs.get(f"{PAGE}?{response.context['older']}")) == ["MH-C8", "MH-C9"]
    assert codes(hanhs.get(PAGE, {"cot": "99"})) == ["MH-C8", "MH-C9"]


def test_rounds_are_chosen_by_year_and_an_archive_only_when_asked_for(
    open_quarter: Round, hanhs: Client
) -> None:
    old, paper = past_rounds(open_quarter.province, 2, first=9)
    Round.objects.filter(pk=paper.pk).update(is_archive=True)
    assert codes(hanhs.get(PAGE)) == ["MH-QUY", old.code]
    assert old.data_to is not None
    assert open_quarter.data_to is not None
    assert old.data_to.year != open_quarter.data_to.year
    assert codes(hanhs.get(PAGE, {"ky": old.data_to.year})) == [old.code]
    assert codes(hanhs.get(PAGE, {"ky": "luu-tru"})) == [paper.code]
    response = hanhs.get(PAGE, {"ky": "1999"})
    assert codes(response) == []
    assert "Không có đợt nào trong khoảng đã chọn." in text_of(response)


def test_a_cancelled_round_is_told_and_not_counted(open_quarter: Round, hanhs: Client) -> None:
    Round.objects.update(status="cancelled")
    response = hanhs.get(PAGE)
    assert "đã hủy" in text_of(response)
    told = [only.label for only, _ in response.context["totals"]]
    assert told == [
        "Đã gửi",
        "Lần gửi đầu đúng hạn",
        "Gửi muộn",
        "Chưa gửi",
        "Quá hạn",
        "Trả lại để sửa",
        "Đã duyệt",
    ]
    assert {found.text for _, cells in response.context["totals"] for found in cells} == {"–"}


def test_totals_say_of_how_many_and_lead_to_those_behind_them(
    open_quarter: Round, report: Submission, noi_vu_report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "3"})
    submitted(noi_vu_report, {"1.1": "3"})
    response = hanhs.get(PAGE)
    told = {only.label: cells[0] for only, cells in response.context["totals"]}
    assert {label: (one.text, one.aside) for label, one in told.items()} == {
        "Đã gửi": ("2/4", ""),
        "Lần gửi đầu đúng hạn": ("100 %", "2/2"),
        "Gửi muộn": ("0", ""),
        "Chưa gửi": ("2", ""),
        "Quá hạn": ("0", ""),
        "Trả lại để sửa": ("0", ""),
        "Đã duyệt": ("1/4", ""),
    }
    behind = hanhs.get(f"{PAGE}?{told['Chưa gửi'].query}")
    assert names(behind) == ["Công an tỉnh", "UBND xã Minh An"]
    assert behind.context["board"].agencies == 4


@pytest.mark.parametrize(
    "asked",
    [
        {"trang": "abc"},
        {"trang": "-1"},
        {"trang": "99999999999"},
        {"cot": "x"},
        {"tinh-trang": "khong-co"},
        {"loai": "'"},
        {"dot": "<b>"},
    ],
)
def test_what_an_address_cannot_mean_is_left_out(
    open_quarter: Round, hanhs: Client, asked: dict[str, str]
) -> None:
    response = hanhs.get(PAGE, asked)
    assert response.status_code == 200
    assert len(names(response)) == 4


def test_the_empty_board_says_what_to_do(minh_hoa: Agency, hanhs: Client) -> None:
    assert "Chưa có đợt nào được mở." in text_of(hanhs.get(PAGE))
    assert hanhs.get("/tien-do.csv").status_code == 200


def test_a_search_without_result_leads_back(open_quarter: Round, hanhs: Client) -> None:
    response = hanhs.get(PAGE, {"tim": "không có ai", "dot": "MH-QUY"})
    assert "Không có đơn vị nào khớp với điều kiện." in text_of(response)
    assert names(hanhs.get(f"{PAGE}?{response.context['everybody']}")) != []


def test_many_agencies_come_in_pages_that_keep_what_was_asked(
    minh_hoa: Agency, hanh: User, hanhs: Client
) -> None:
    Agency.objects.bulk_create(
        Agency(code=f"MH.{number:03}", name=f"UBND xã số {number:03}", kind="xa", parent=minh_hoa)
        for number in range(251)
    )
    agency("MH.SO", "Sở Một", AgencyKind.DEPARTMENT, minh_hoa)
    opened_round(minh_hoa, "MH-DONG", by=hanh)
    first = hanhs.get(PAGE, {"loai": "xa"})
    assert text_of(first).count('<tr><th scope="row">UBND xã') == 250
    assert "UBND cấp xã (251)" in text_of(first)
    [later] = re.findall(r'rel="next" href="(.*?)"', text_of(first))
    second = hanhs.get(f"{PAGE}{unescape(later)}")
    assert text_of(second).count('<tr><th scope="row">UBND xã') == 1
    assert "Sở Một" not in text_of(second)
    for response in (first, second):
        assert response.context["totals"][0][1][0].text == "0/251"
    assert text_of(hanhs.get(PAGE, {"loai": "xa", "trang": "99"})).count("UBND xã số 250</th>") == 1


# What refreshes itself


def test_an_open_round_refreshes_the_table_with_the_same_filters(
    open_quarter: Round, hanhs: Client
) -> None:
    content = text_of(hanhs.get(PAGE, {"loai": "so", "dot": "MH-QUY"}))
    assert 'data-hx-get="/tien-do/?dot=MH-QUY&amp;loai=so" data-hx-trigger="every 30s"' in content
    part = hanhs.get(PAGE, {"loai": "so"}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert text_of(part).startswith('<table class="list board">')
    assert "<html" not in text_of(part)
    assert 'Cập nhật lúc <time datetime="' in text_of(part)
    assert names(part) == ["Sở Công Thương", "Sở Nội vụ"]


def test_without_an_open_round_nothing_is_asked_again(open_quarter: Round, hanhs: Client) -> None:
    today = timezone.localdate()
    Round.objects.update(
        opens_on=today - timedelta(days=9),
        due_on=today - timedelta(days=5),
        closes_on=today - timedelta(days=1),
    )
    content = text_of(hanhs.get(PAGE))
    assert "data-hx-get" not in content
    assert "htmx" not in content
    # A page that was open when the round closed stops asking.
    assert hanhs.get(PAGE, headers={"HX-Request": "true"}).status_code == 286


def test_a_part_for_who_is_signed_out_is_refused(open_quarter: Round, client: Client) -> None:
    assert client.get(PAGE, headers={"HX-Request": "true"}).status_code == 401


# The files


def test_a_file_holds_all_that_is_asked_for_in_words_and_is_recorded(
    open_quarter: Round, report: Submission, minh_hoa: Agency, hanh: User, hanhs: Client
) -> None:
    submitted(report, {"1.1": "3"})
    agency("MH.MOI", "Sở Mới", AgencyKind.DEPARTMENT, minh_hoa)
    today = timezone.localdate()
    response = hanhs.get("/tien-do.csv", {"loai": "so"})
    assert response.headers["Cache-Control"] == "private, no-store"
    title, note, headings, *lines = response.content.decode("utf-8-sig").splitlines()
    assert title == "Tiến độ báo cáo: Tỉnh Minh Họa"
    assert note.endswith('3 đơn vị, 1 đợt."')
    assert headings.startswith("Đợt,Đơn vị,Loại,Địa bàn,Biểu mẫu,Tình trạng,Đã nhập (%)")
    due = f"{today + timedelta(days=5):%d/%m/%Y}"
    assert lines[0].startswith(
        'Báo cáo quý này,Sở Công Thương,"Sở, ban, ngành",,PL2-KH-2022,'
        f'"Đã gửi, chờ xem xét, gửi đúng hạn",1,{due},{today:%d/%m/%Y},{today:%d/%m/%Y} '
    )
    assert lines[1].startswith(
        f'Báo cáo quý này,Sở Mới,"Sở, ban, ngành",,,Không giao báo cáo,,{due},,'
    )
    assert len(lines) == 3
    line = RecordLine.objects.get(act="export_board")
    name = f"TienDo_TinhMinhHoa_{today:%Y-%m-%d}.csv"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert (line.subject, line.act, line.by, line.province, line.via) == (
        "system",
        "export_board",
        hanh,
        minh_hoa,
        "page",
    )
    assert line.what.startswith(f"xuất tiến độ của 3 đơn vị trong 1 đợt: tệp {name}, mã băm ")


def test_the_workbook_holds_the_same_lines(
    open_quarter: Round, report: Submission, hanhs: Client
) -> None:
    submitted(report, {"1.1": "3"})
    csv = hanhs.get("/tien-do.csv").content.decode("utf-8-sig")
    book = load_workbook(BytesIO(hanhs.get("/tien-do.xlsx").content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert [cell.value for cell in book.worksheets[0]["B"]].count("Sở Công Thương") == 1
    assert len(rows) - 4 == 4  # title, note, a blank line, headings; four agencies
    assert all(str(row[1]) in csv for row in rows[4:])


def test_a_name_never_becomes_a_formula(minh_hoa: Agency, hanh: User, hanhs: Client) -> None:
    agency("MH.CT", "=1+1", AgencyKind.DEPARTMENT, minh_hoa)
    opened_round(minh_hoa, "MH-CT", by=hanh)
    assert ", =1+1," in hanhs.get("/tien-do.csv").content.decode()
    book = load_workbook(BytesIO(hanhs.get("/tien-do.xlsx").content))
    assert [one.data_type for one in book.worksheets[0]["B"] if one.value == "=1+1"] == ["s"]


def test_there_is_no_other_format(open_quarter: Round, hanhs: Client) -> None:
    assert hanhs.get("/tien-do.pdf").status_code == 404


# Cost


def test_the_page_costs_the_same_for_one_and_three(
    minh_hoa: Agency, so_cong_thuong: Agency, hanh: User, hanhs: Client
) -> None:
    counts = []
    for number in (1, 3):
        for place in range(number):
            if not Agency.objects.filter(code=f"MH.{place}").exists():
                agency(f"MH.{place}", f"Sở số {place}", AgencyKind.DEPARTMENT, minh_hoa)
            if not Round.objects.filter(code=f"MH-{place}").exists():
                opened_round(minh_hoa, f"MH-{place}", by=hanh)
        for round_ in Round.objects.all():
            open_round(round=round_, by=hanh)
        for one in Submission.objects.filter(state="not_started"):
            submitted(report_of(one.round, one.agency), {"1.1": "3"})
        hanhs.get(PAGE)  # the forms are read once in a process
        with CaptureQueriesContext(connection) as captured:
            response = hanhs.get(PAGE)
        assert len(codes(response)) == number
        counts.append(len(captured))
    assert counts == [11, 11]


def test_a_round_opened_ahead_of_its_days_is_not_the_one_looked_at(
    open_quarter: Round, hanh: User, client: Client
) -> None:
    later = opened_round(open_quarter.province, "MH-SAU", by=hanh, data_to_days_ago=-80)
    ahead = timezone.localdate() + timedelta(days=60)
    Round.objects.filter(pk=later.pk).update(opens_on=ahead, due_on=ahead, closes_on=ahead)
    client.force_login(hanh)
    assert client.get("/tien-do/").context["spread"].at == open_quarter
