"""The pages of the province's figures: provisional, by group, opened, reconciled, over time."""

from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from reporting.actions.rounds import open_round
from reporting.models import Agency, AgencyKind, RecordLine, Round, Settlement, Submission, User
from tests.cast import agency, approved, planned_round, report_of, submitted


@pytest.fixture
def hanhs(client: Client, hanh: User) -> Client:
    client.force_login(hanh)
    return client


@pytest.fixture
def dats(client: Client, dat: User) -> Client:
    client.force_login(dat)
    return client


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


# Provisional figures


def test_reports_that_wait_are_added_only_when_asked_for(
    report: Submission, noi_vu_report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "3"})
    submitted(noi_vu_report, {"1.1": "100"})
    page = hanhs.get("/dot/MH-QUY/tong-hop/", {"so": "gui"})
    lines = {line.behind: line for line in page.context["lines"]}
    assert (lines["1.1"].figure.text, lines["1.1"].coverage) == ("103", "2/3 đơn vị")
    assert "đã cộng 1 báo cáo đã duyệt và 1 báo cáo đã gửi, chưa duyệt" in text_of(page)
    opened = hanhs.get("/dot/MH-QUY/tong-hop/dong/", {"dong": "1.1", "so": "gui"})
    assert [
        (part.agency, part.is_provisional) for part in opened.context["parts"] if part.is_counted
    ] == [("Sở Công Thương", False), ("Sở Nội vụ", True)]
    file = hanhs.get("/dot/MH-QUY/phu-luc.csv", {"so": "gui"})
    assert "Số tạm tính. Tổng hợp khi đã duyệt 1/4 báo cáo. Đã cộng cả 1 báo cáo" in text_of(file)
    assert "TamTinh" in file.headers["Content-Disposition"]


@pytest.mark.parametrize("basis", ["", "duyet", "khac", "'"])
def test_anything_else_asks_for_approved_reports(
    report: Submission, hanhs: Client, basis: str
) -> None:
    submitted(report, {"1.1": "3"})
    page = hanhs.get("/dot/MH-QUY/tong-hop/", {"so": basis})
    assert not page.context["is_provisional"]
    assert "<b>Chưa có báo cáo nào được duyệt</b> nên chưa có số tổng hợp." in text_of(page)


# Groups


def test_the_table_may_be_told_by_kind_of_agency(
    report: Submission, commune_report: Submission, cong_an_report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "3"})
    approved(commune_report, {"1.1.3": "4"})
    approved(cong_an_report, {"1.1": "50"})
    page = hanhs.get("/dot/MH-QUY/tong-hop/", {"nhom": "loai"})
    assert page.context["groups"] == ["Sở, ban, ngành", "Cơ quan ngành dọc", "UBND cấp xã"]
    lines = {line.behind: line for line in page.context["lines"]}
    assert lines["1.1"].figure.text == "7"
    assert [cell.figure.text for cell in lines["1.1"].groups] == ["3", "", "4"]


def test_only_what_tells_agencies_apart_is_offered(
    report: Submission, minh_hoa: Agency, hanhs: Client
) -> None:
    page = hanhs.get("/dot/MH-QUY/tong-hop/")
    assert [by.value for by in page.context["found"].groupings] == ["loai"]
    Submission.objects.filter(pk=report.pk).update(agency_area="Đông")
    page = hanhs.get("/dot/MH-QUY/tong-hop/")
    assert [by.value for by in page.context["found"].groupings] == ["loai"]


def test_groups_stand_in_vietnamese_order_and_who_has_none_last(
    report: Submission, noi_vu_report: Submission, hanhs: Client
) -> None:
    Submission.objects.filter(pk=report.pk).update(agency_area="Đông Sơn")
    Submission.objects.filter(pk=noi_vu_report.pk).update(agency_area="Dương Hòa")
    page = hanhs.get("/dot/MH-QUY/tong-hop/", {"nhom": "dia-ban"})
    assert page.context["groups"] == ["Dương Hòa", "Đông Sơn", ""]
    assert "Không ghi</th>" in text_of(page)


def test_communes_are_told_by_the_district_they_stood_in(
    minh_hoa: Agency, hanh: User, hanhs: Client
) -> None:
    communes = []
    for number in (1, 2):
        district = agency(f"MH.H{number}", f"Huyện số {number}", AgencyKind.DISTRICT, minh_hoa)
        communes.append(agency(f"MH.H{number}.X", f"Xã số {number}", AgencyKind.COMMUNE, district))
    round_ = planned_round(minh_hoa, "MH-HUYEN")
    open_round(round=round_, by=hanh)
    for number, commune in enumerate(communes, start=1):
        approved(report_of(round_, commune), {"1.1.3": str(number)})
    # The reform of July 2025: communes stand right below the province, districts end.
    Agency.objects.filter(kind="xa", code__startswith="MH.H").update(parent=minh_hoa)
    page = hanhs.get("/dot/MH-HUYEN/tong-hop/", {"nhom": "huyen"})
    assert page.context["groups"] == ["Huyện số 1", "Huyện số 2"]
    lines = {line.behind: line for line in page.context["lines"]}
    assert [cell.figure.text for cell in lines["1.1"].groups] == ["1", "2"]


def test_a_row_says_which_forms_lack_it(report: Submission, hanhs: Client) -> None:
    page = hanhs.get("/dot/MH-QUY/tong-hop/")
    lines = {line.behind: line for line in page.context["lines"] if line.behind}
    assert lines["1.1"].without == ""
    assert lines["1.3.1"].without == "PL2-XA-QN-2022"
    opened = hanhs.get("/dot/MH-QUY/tong-hop/dong/", {"dong": "1.3.1"})
    assert "Biểu PL2-XA-QN-2022 không hỏi chỉ tiêu này" in text_of(opened)


# Provenance


def test_a_total_opens_to_submission_sending_and_approver_and_back(
    report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "3"})
    opened = hanhs.get("/dot/MH-QUY/tong-hop/dong/", {"dong": "1.1"})
    (part,) = [part for part in opened.context["parts"] if part.is_counted]
    assert (part.filing, part.approved_by, part.key) == ("lần gửi 1", "Trần Minh Hạnh", "1.1")
    assert f'<a href="/bao-cao/{report.pk}/dong/1.1/">3</a>' in text_of(opened)
    row = hanhs.get(f"/bao-cao/{report.pk}/dong/1.1/")
    back = "/dot/MH-QUY/tong-hop/dong/?bieu=PL2-KH-2022&amp;dong=1.1"
    assert f'<a href="{back}">Số tổng hợp của tỉnh ở dòng này</a>' in text_of(row)


def test_a_clerk_is_led_to_no_total(report: Submission, hoa: User, client: Client) -> None:
    client.force_login(hoa)
    row = client.get(f"/bao-cao/{report.pk}/dong/1.1/")
    assert "Số tổng hợp của tỉnh" not in text_of(row)


def test_nothing_over_nothing_prints_a_dash_and_says_why(report: Submission, hanhs: Client) -> None:
    approved(report, {"1.1": "1", "1.2.a": "0", "1.2.b": "0"})
    opened = hanhs.get("/dot/MH-QUY/tong-hop/dong/", {"dong": "1.2"})
    assert opened.context["line"].figure.text == "–"
    assert "Mẫu số của cả tỉnh bằng 0 nên không có tỷ lệ" in text_of(opened)


# Differences, and rounds end to end


@pytest.fixture
def year(report: Submission, minh_hoa: Agency, hanh: User) -> Round:
    """A round whose window ends with that of the open quarter and begins long before it."""
    round_ = planned_round(minh_hoa, "MH-NAM", name="Báo cáo năm")
    Round.objects.filter(pk=round_.pk).update(
        data_from=date(round_.data_to.year - 1, 1, 1)  # type: ignore[union-attr]
    )
    round_.refresh_from_db()
    open_round(round=round_, by=hanh)
    return round_


def test_differences_are_listed_with_who_may_be_the_cause(
    year: Round, report: Submission, noi_vu_report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "9"})
    approved(noi_vu_report, {"1.1": "5"})
    approved(report_of(year, report.agency), {"1.1": "10"})
    page = hanhs.get("/dot/MH-NAM/doi-chieu/")
    assert (page.context["open"], page.context["every"]) == (1, 1)
    ((_, lines, (found,)),) = page.context["groups"]
    assert lines == []
    assert found.difference.missing == ("Sở Nội vụ",)
    assert "Báo cáo năm (1/3 đơn vị)" in text_of(page)
    assert "Báo cáo quý này (2/3 đơn vị)" in text_of(page)


def test_a_note_settles_a_difference(year: Round, report: Submission, hanhs: Client) -> None:
    approved(report, {"1.1": "9"})
    approved(report_of(year, report.agency), {"1.1": "4"})
    posted = {"cho": "dot-dai:chi_dao.van_ban.so_luong:MH-QUY", "so": "4 / 9"}
    answer = hanhs.post("/dot/MH-NAM/doi-chieu/", posted | {"noi-dung": " Quý ghi nhầm.  "})
    assert answer.status_code == 302
    assert Settlement.objects.get().text == "Quý ghi nhầm."
    page = hanhs.get(answer.headers["Location"])
    assert "Cả 1 chỗ lệch đều đã có ghi chú." in text_of(page)
    ((_, (found,), _),) = page.context["groups"]
    assert answer.headers["Location"].endswith(f"#{found.difference.anchor}")
    # The same again, or nothing where nothing stands, is no act.
    again = posted | {"noi-dung": "Quý ghi nhầm.", "da-ghi": str(found.said.pk)}
    assert hanhs.post("/dot/MH-NAM/doi-chieu/", again).status_code == 302
    assert Settlement.objects.count() == 1


def test_two_who_note_at_once_the_second_is_told_and_keeps_the_words(
    year: Round, report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "9"})
    approved(report_of(year, report.agency), {"1.1": "4"})
    posted = {"cho": "dot-dai:chi_dao.van_ban.so_luong:MH-QUY", "so": "4 / 9"}
    hanhs.post("/dot/MH-NAM/doi-chieu/", posted | {"noi-dung": "Quý ghi nhầm."})
    answer = hanhs.post("/dot/MH-NAM/doi-chieu/", posted | {"noi-dung": "Năm ghi thiếu."})
    assert answer.status_code == 422
    assert "Người khác vừa ghi chú chỗ này." in text_of(answer)
    assert "Năm ghi thiếu.</textarea>" in text_of(answer)


def test_an_empty_note_where_none_stands_is_no_act(
    year: Round, report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "9"})
    approved(report_of(year, report.agency), {"1.1": "4"})
    posted = {"cho": "dot-dai:chi_dao.van_ban.so_luong:MH-QUY", "so": "4 / 9", "noi-dung": " "}
    assert hanhs.post("/dot/MH-NAM/doi-chieu/", posted).status_code == 302
    assert not Settlement.objects.exists()


def test_without_approved_reports_nothing_is_said_to_agree(year: Round, hanhs: Client) -> None:
    page = hanhs.get("/dot/MH-NAM/doi-chieu/")
    assert "<b>Chưa có báo cáo nào được duyệt</b> nên chưa đối chiếu được." in text_of(page)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"so": "4 / 8"}, "Hai số này đã thay đổi sau khi ông/bà mở trang."),
        ({"cho": "không có"}, "Hai số này đã thay đổi sau khi ông/bà mở trang."),
        ({"noi-dung": "x" * 5001}, "Ghi chú dài quá"),
    ],
)
def test_what_cannot_be_noted_is_told_and_nothing_is_kept(
    year: Round, report: Submission, hanhs: Client, changed: dict[str, str], told: str
) -> None:
    approved(report, {"1.1": "9"})
    approved(report_of(year, report.agency), {"1.1": "4"})
    posted = {"cho": "dot-dai:chi_dao.van_ban.so_luong:MH-QUY", "so": "4 / 9", "noi-dung": "Vì."}
    answer = hanhs.post("/dot/MH-NAM/doi-chieu/", posted | changed)
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert not Settlement.objects.exists()
    assert not RecordLine.objects.filter(act="settle").exists()


def test_a_viewer_reads_differences_and_notes_none(year: Round, dats: Client) -> None:
    page = dats.get("/dot/MH-NAM/doi-chieu/")
    assert page.status_code == 200
    assert 'name="noi-dung"' not in text_of(page)


def test_rounds_that_leave_a_gap_are_not_added(year: Round, hanhs: Client) -> None:
    page = hanhs.get("/dot/MH-NAM/qua-ky/")
    assert page.context["lines"] == []
    assert "còn hở ngày, hoặc trùng ngày nên chỉ so sánh, không cộng" in text_of(page)
    page = hanhs.get("/dot/MH-QUY/qua-ky/")
    assert "Không đợt nào khác có kỳ số liệu nằm trong đợt này." in text_of(page)


@pytest.fixture
def first_part(year: Round, report: Submission, minh_hoa: Agency, hanh: User) -> Round:
    """What comes before the quarter in its year."""
    round_ = planned_round(minh_hoa, "MH-DAU", name="Báo cáo phần đầu năm")
    quarter = report.round
    Round.objects.filter(pk=round_.pk).update(
        data_from=year.data_from,
        data_to=quarter.data_from - timedelta(days=1),  # type: ignore[operator]
    )
    round_.refresh_from_db()
    open_round(round=round_, by=hanh)
    return round_


def test_rounds_end_to_end_are_added_beside_the_whole(
    year: Round, first_part: Round, report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "9", "1.2.a": "10", "1.2.b": "9"})
    approved(report_of(first_part, report.agency), {"1.1": "5", "1.2.a": "10", "1.2.b": "4"})
    approved(report_of(year, report.agency), {"1.1": "15", "1.2.a": "10", "1.2.b": "9"})
    page = hanhs.get("/dot/MH-NAM/qua-ky/")
    lines = {line.label: line for line in page.context["lines"]}
    added = next(line for line in lines.values() if line.stt == "1.1")
    cells = [(cell.figure.text, cell.coverage) for cell in added.cells]
    assert cells == [("5", "1/3 đơn vị"), ("9", "1/3 đơn vị")]
    assert (added.whole.text, added.why, added.now.figure.text) == ("14", "chưa đủ đơn vị", "15")
    assert added.differs
    whole = lines["- Số nhiệm vụ đề ra trong kế hoạch"]
    assert (whole.whole.text, whole.why, whole.differs) == (
        "10",
        "lũy kế: lấy đợt cuối; chưa đủ đơn vị",
        False,
    )
    assert any(line.why.startswith("thiếu số Báo cáo") for line in lines.values())


@pytest.mark.parametrize("chosen", ["1", "99", "x", "-1", "²", "9" * 5000])
def test_a_way_that_is_not_there_is_the_first(
    year: Round, first_part: Round, hanhs: Client, chosen: str
) -> None:
    page = hanhs.get("/dot/MH-NAM/qua-ky/", {"cach": chosen})
    assert (page.status_code, len(page.context["tiles"])) == (200, 2)


# Cost


@pytest.mark.parametrize(
    ("page", "queries"),
    [("tong-hop/?nhom=loai", 10), ("doi-chieu/", 18), ("qua-ky/", 13), ("cong-bo/", 24)],
)
def test_a_page_costs_the_same_for_one_and_three_agencies(
    minh_hoa: Agency,
    hanh: User,
    hanhs: Client,
    page: str,
    queries: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    counted = []
    for code, agencies in (("MH-MOT", 1), ("MH-BA", 3)):
        for number in range(agencies):
            if not Agency.objects.filter(code=f"MH.S{number}").exists():
                agency(f"MH.S{number}", f"Sở số {number}", AgencyKind.DEPARTMENT, minh_hoa)
        round_ = planned_round(minh_hoa, code)
        open_round(round=round_, by=hanh)
        for submission in round_.submissions.select_related("agency"):
            approved(report_of(round_, submission.agency), {"1.1": "3"})
        Round.objects.filter(pk=round_.pk).update(data_from=date(2020, agencies, 1))
        Round.objects.exclude(pk=round_.pk).update(status="cancelled")
        hanhs.get(f"/dot/{code}/{page}")
        with django_assert_max_num_queries(queries) as captured:
            assert hanhs.get(f"/dot/{code}/{page}").status_code == 200
        counted.append(len(captured))
    assert counted[0] == counted[1]
