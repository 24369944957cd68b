"""The reviewer's desk: rounds, their reports, the province's table and what stands behind it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reporting.actions.rounds import open_round, reschedule_round
from reporting.models import Agency, AgencyKind, ExportRecord, Filing, Round, Submission, User
from reporting.views import rounds
from tests.cast import (
    agency,
    approved,
    moved,
    opened_round,
    report_of,
    reviewer_of,
    submitted,
    typed,
)


@pytest.fixture
def hanhs(client: Client, hanh: User) -> Client:
    client.force_login(hanh)
    return client


@pytest.fixture
def land_office(bare_stage: None, minh_hoa: Agency) -> Agency:
    """Entered before the round is opened, so that it reports in it."""
    return agency("MH.VPDK", "Văn phòng Đăng ký đất đai", AgencyKind.DEPARTMENT, minh_hoa)


def names(response: object) -> list[str]:
    return [report.submission.agency.name for report in response.context["reports"]]  # type: ignore[attr-defined]


def test_rounds_are_listed_newest_first_with_their_counts(
    open_quarter: Round,
    report: Submission,
    noi_vu_report: Submission,
    minh_hoa: Agency,
    hanhs: Client,
    hanh: User,
) -> None:
    earlier = opened_round(minh_hoa, "MH-TRUOC", by=hanh, data_to_days_ago=90)
    approved(report, {"1.1": "3"})
    submitted(noi_vu_report, {"1.1": "3"})
    found = hanhs.get("/dot/").context["rounds"]
    assert [
        (round_.code, round_.expected, round_.waiting, round_.approved) for round_ in found
    ] == [("MH-QUY", 4, 1, 1), (earlier.code, 4, 0, 0)]


def test_the_count_of_what_waits_leads_to_as_many(
    report: Submission, noi_vu_report: Submission, commune_report: Submission, hanhs: Client
) -> None:
    """Taken up by a reviewer, a report waits to be judged still."""
    for one in (report, noi_vu_report):
        submitted(one, {"1.1": "3"})
    moved(noi_vu_report, "review", by=reviewer_of(noi_vu_report))
    typed(commune_report, {"1.1.3": "3"})
    listed = hanhs.get("/dot/")
    [round_] = listed.context["rounds"]
    assert round_.waiting == 2
    assert 'href="/dot/MH-QUY/?trang-thai=cho-duyet"><b>2</b>' in listed.content.decode()
    desk = hanhs.get("/dot/MH-QUY/", {"trang-thai": "cho-duyet"})
    assert names(desk) == ["Sở Công Thương", "Sở Nội vụ"]
    html = desk.content.decode()
    assert '<a href="?trang-thai=cho-duyet" aria-current="true">Chờ duyệt <b>2</b></a>' in html
    page = hanhs.get(f"/bao-cao/{report.pk}/").content.decode()
    assert 'href="/dot/MH-QUY/?trang-thai=cho-duyet">Báo cáo chờ duyệt <b>1/2</b>' in page


def test_departments_stand_before_central_agencies_and_communes(
    land_office: Agency, open_quarter: Round, hanhs: Client
) -> None:
    assert names(hanhs.get("/dot/MH-QUY/")) == [
        "Sở Công Thương",
        "Sở Nội vụ",
        "Văn phòng Đăng ký đất đai",
        "Công an tỉnh",
        "UBND xã Minh An",
    ]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("", ["Sở Công Thương", "Sở Nội vụ", "Công an tỉnh", "UBND xã Minh An"]),
        ("approved", ["Sở Công Thương"]),
        ("submitted", ["Sở Nội vụ"]),
        ("draft", ["UBND xã Minh An"]),
        ("not_started", ["Công an tỉnh"]),
        ("returned", []),
        ("nowhere", []),
        ("late", []),
    ],
)
def test_reports_are_filtered_by_state(
    report: Submission,
    noi_vu_report: Submission,
    commune_report: Submission,
    hanhs: Client,
    state: str,
    expected: list[str],
) -> None:
    approved(report, {"1.1": "3"})
    submitted(noi_vu_report, {"1.1": "3"})
    typed(commune_report, {"1.1.3": "3"})
    response = hanhs.get("/dot/MH-QUY/", {"trang-thai": state})
    assert names(response) == expected
    assert {stored.value: count for stored, count in response.context["counts"]} == {
        "not_started": 1,
        "draft": 1,
        "signing": 0,
        "submitted": 1,
        "in_review": 0,
        "returned": 0,
        "approved": 1,
    }
    assert response.context["expected"] == 4


def test_the_late_are_those_who_have_not_handed_in_after_the_due_day(
    report: Submission, noi_vu_report: Submission, hanhs: Client
) -> None:
    submitted(report, {"1.1": "3"})
    typed(noi_vu_report, {"1.1": "3"})
    today = timezone.localdate()
    reschedule_round(
        round=report.round,
        opens_on=today - timedelta(days=9),
        due_on=today - timedelta(days=1),
        closes_on=today,
    )
    response = hanhs.get("/dot/MH-QUY/", {"trang-thai": "late"})
    assert names(response) == ["Sở Nội vụ", "Công an tỉnh", "UBND xã Minh An"]
    assert response.context["late"] == 3


def filed(report: Submission, by: User, **said: object) -> None:
    """Keep a handing in of a report without asking for one."""
    about = {"is_late": False, "is_nil": False, "figures": 0, "content": "{}", "sha256": ""} | said
    Filing.objects.create(
        submission=report,
        number=report.filings.count() + 1,
        revision=1,
        at=timezone.now(),
        by=by,
        **about,
    )


def test_what_is_mended_in_its_time_is_not_late(
    report: Submission, noi_vu_report: Submission, hanhs: Client, hanh: User
) -> None:
    for one in (report, noi_vu_report):
        submitted(one, {"1.1": "3"})
        moved(one, "return", by=hanh, reason="Thiếu số liệu.")
    today = timezone.localdate()
    Round.objects.update(due_on=today - timedelta(days=1))
    late = {"trang-thai": "late"}
    assert names(hanhs.get("/dot/MH-QUY/", late)) == ["Công an tỉnh", "UBND xã Minh An"]
    Round.objects.update(edit_until=today - timedelta(days=1), closes_on=today - timedelta(days=1))
    Submission.objects.filter(pk=report.pk).update(extended_until=today)
    assert names(hanhs.get("/dot/MH-QUY/", late))[0] == "Sở Nội vụ"


def test_the_head_s_desk_and_the_reviewer_s_are_states_too(
    report: Submission, noi_vu_report: Submission, hanhs: Client
) -> None:
    Submission.objects.filter(pk=report.pk).update(state="signing")
    Submission.objects.filter(pk=noi_vu_report.pk).update(state="in_review")
    for state, name in (("signing", "Sở Công Thương"), ("in_review", "Sở Nội vụ")):
        response = hanhs.get("/dot/MH-QUY/", {"trang-thai": state})
        assert names(response) == [name]
        assert f'<span class="badge {state}">' in response.content.decode()


def test_how_a_report_was_handed_in_stands_beside_its_state(
    report: Submission, noi_vu_report: Submission, hanhs: Client, hanh: User
) -> None:
    day = date(2027, 3, 18)
    filed(report, hanh, is_late=True)
    filed(report, hanh, is_nil=True, received_on=day)
    filed(noi_vu_report, hanh, is_nil=True)
    Submission.objects.filter(pk=report.pk).update(state="submitted", extended_until=day)
    response = hanhs.get("/dot/MH-QUY/", {"trang-thai": "khong-phat-sinh"})
    # What was taken back says nothing yet: it is being filled in again.
    assert names(response) == ["Sở Công Thương"]
    assert response.context["nil"] == 1
    content = response.content.decode()
    for told in (
        "Gửi muộn</span>",
        "Không phát sinh</span>",
        "nộp ngoài hệ thống ngày 18/03/2027",
        "gia hạn đến hết 18/03/2027",
    ):
        assert told in content


def test_reports_with_most_findings_come_first_when_asked_for(
    report: Submission, noi_vu_report: Submission, hanhs: Client
) -> None:
    submitted(report, {"1.1": "3"})
    submitted(noi_vu_report, {"1.3.2.a": "6", "1.3.2.b": "9"})
    plain = hanhs.get("/dot/MH-QUY/", {"tim": "Sở"})
    assert names(plain) == ["Sở Công Thương", "Sở Nội vụ"]
    assert 'href="?tim=S%E1%BB%9F&amp;xep=kiem-tra"' in plain.content.decode()
    first = hanhs.get("/dot/MH-QUY/", {"tim": "Sở", "xep": "kiem-tra"})
    assert names(first) == ["Sở Nội vụ", "Sở Công Thương"]
    assert 'aria-sort="descending"' in first.content.decode()


@pytest.mark.parametrize(
    "search",
    [
        "đất",
        "ĐẤT",
        "Đất đai",
        "  đất ",
        "\u0111a\u0302\u0301t",
        "đăng ký ĐẤT",
        "vĂn PhÒng",
        "dat dai",
    ],
)
def test_a_search_knows_vietnamese_letters(
    land_office: Agency, open_quarter: Round, hanhs: Client, search: str
) -> None:
    response = hanhs.get("/dot/MH-QUY/", {"tim": search})
    assert names(response) == ["Văn phòng Đăng ký đất đai"]


@pytest.mark.parametrize("search", ["đat", "đát", "%", "_", "<script>"])
def test_a_search_strips_no_accent_that_is_typed_nor_knows_wildcards(
    land_office: Agency, open_quarter: Round, hanhs: Client, search: str
) -> None:
    response = hanhs.get("/dot/MH-QUY/", {"tim": search})
    assert response.status_code == 200
    assert names(response) == []
    assert "<script>" not in response.content.decode().split("<main")[-1]


def test_search_and_state_go_together(report: Submission, hanhs: Client) -> None:
    approved(report, {"1.1": "3"})
    response = hanhs.get("/dot/MH-QUY/", {"tim": "sở", "trang-thai": "approved"})
    assert names(response) == ["Sở Công Thương"]


def test_the_desk_leads_to_all_that_is_made_of_the_round(report: Submission, hanhs: Client) -> None:
    page = hanhs.get("/dot/MH-QUY/").content.decode()
    for part, words in (
        ("tong-hop", "Số tổng hợp của tỉnh"),
        ("bang-so", "Bảng số của các đơn vị"),
        ("quyen", "Quyển phụ lục"),
    ):
        assert f'href="/dot/MH-QUY/{part}/">{words}</a>' in page


def test_an_unknown_round_is_not_found_with_a_sentence(open_quarter: Round, hanhs: Client) -> None:
    response = hanhs.get("/dot/MH-2050/")
    assert response.status_code == 404
    assert "Không có đợt báo cáo này, hoặc đợt không thuộc phạm vi của ông/bà." in (
        response.content.decode()
    )


def test_the_table_prints_totals_with_their_coverage(
    report: Submission, noi_vu_report: Submission, commune_report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "1.000", "1.2.a": "40", "1.2.b": "30", "1.6": "1"})
    approved(noi_vu_report, {"1.1": "234", "1.2.a": "60", "1.2.b": "20", "1.6": "0"})
    submitted(commune_report, {"1.1.3": "5"})
    response = hanhs.get("/dot/MH-QUY/tong-hop/")
    found = response.context["found"]
    assert (found.approved, found.expected) == (2, 4)
    lines = {line.behind: line for line in response.context["lines"] if line.behind}
    assert (lines["1.1"].figure.text, lines["1.1"].coverage, lines["1.1"].is_short) == (
        "1.234",
        "2/3 đơn vị",
        True,
    )
    assert (lines["1.2"].figure.text, lines["1.2"].parts) == ("50", "50/100")
    assert lines["1.6"].figure.text == "1 Không / 1 Có"
    assert len(response.context["lines"]) == 207


def test_the_table_may_be_laid_out_by_another_form_of_the_round(
    report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "7"})
    response = hanhs.get("/dot/MH-QUY/tong-hop/", {"bieu": "PL2-XA-QN-2022"})
    lines = {line.behind: line.figure.text for line in response.context["lines"]}
    assert lines["1.1.3"] == "7"


@pytest.mark.parametrize("page", ["tong-hop/", "tong-hop/dong/", "phu-luc.csv"])
@pytest.mark.parametrize("layout", ["PL1-GL-2023", "khong-co", "'"])
def test_a_form_the_round_does_not_use_is_not_found(
    open_quarter: Round, hanhs: Client, page: str, layout: str
) -> None:
    response = hanhs.get(f"/dot/MH-QUY/{page}", {"bieu": layout, "dong": "1.1"})
    assert response.status_code == 404
    assert "Đợt này không dùng biểu mẫu đó." in response.content.decode()


def test_a_total_opens_to_who_is_in_it_and_who_is_not(
    report: Submission, cong_an_report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "3"})
    approved(cong_an_report, {"1.1": "50"})
    response = hanhs.get("/dot/MH-QUY/tong-hop/dong/", {"dong": "1.1"})
    assert [
        (part.agency, part.figure, part.standing.label) for part in response.context["parts"]
    ] == [
        ("Sở Công Thương", "3", "Đã cộng"),
        ("Sở Nội vụ", "", "Chưa gửi báo cáo"),
        ("UBND xã Minh An", "", "Chưa gửi báo cáo"),
        ("Công an tỉnh", "", "Ngành dọc, không cộng vào số của tỉnh"),
    ]
    assert response.context["line"].figure.text == "3"


@pytest.mark.parametrize("key", ["", "1", "1.3", "99", "'"])
def test_a_row_without_a_total_does_not_open(open_quarter: Round, hanhs: Client, key: str) -> None:
    response = hanhs.get("/dot/MH-QUY/tong-hop/dong/", {"dong": key})
    assert response.status_code == 404
    assert "Không có dòng này trong biểu tổng hợp." in response.content.decode()


def test_a_file_that_leaves_is_recorded(report: Submission, hanhs: Client, hanh: User) -> None:
    approved(report, {"1.1": "3"})
    response = hanhs.get("/dot/MH-QUY/phu-luc.csv")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="PL2_MinhHoa_MH-QUY_TongHop.csv"'
    )
    record = ExportRecord.objects.get()
    assert (record.by, record.via, record.format, record.submission) == (hanh, "page", "csv", None)


def test_home_leads_each_to_their_work(
    open_quarter: Round, hoa: User, hanhs: Client, client: Client
) -> None:
    assert hanhs.get("/").headers["Location"] == "/dot/"
    client.force_login(hoa)
    assert client.get("/").headers["Location"] == "/bao-cao/"


def test_a_round_of_nobody_is_shown_empty(minh_hoa: Agency, hanh: User, client: Client) -> None:
    opened_round(minh_hoa, "MH-TRONG", by=hanh)
    client.force_login(hanh)
    for page in ("", "tong-hop/", "phu-luc.csv", "phu-luc.xlsx"):
        assert client.get(f"/dot/MH-TRONG/{page}").status_code == 200


# Cost: the same for one agency and for three


def grown(minh_hoa: Agency, hanh: User, code: str, agencies: int) -> Round:
    """Return a round with so many departments, each approved."""
    round_ = opened_round(minh_hoa, code, by=hanh)
    for number in range(agencies - round_.submissions.count()):
        agency(f"MH.{code}.{number}", f"Sở số {number}", AgencyKind.DEPARTMENT, minh_hoa)
    open_round(round=round_, by=hanh)
    for submission in round_.submissions.select_related("agency"):
        approved(report_of(round_, submission.agency), {"1.1": "3", "1.2.a": "5"})
    return round_


@pytest.mark.parametrize(
    ("page", "queries"),
    [
        ("", 13),
        ("tong-hop/", 10),
        ("tong-hop/dong/?dong=1.1", 11),
        ("phu-luc.csv", 15),  # four draw the code of a new table, one counts the asking
    ],
)
def test_a_page_of_a_round_costs_the_same_for_one_and_three_agencies(
    minh_hoa: Agency, hanhs: Client, hanh: User, page: str, queries: int
) -> None:
    counts = []
    for code, agencies in (("MH-MOT", 1), ("MH-BA", 3)):
        round_ = grown(minh_hoa, hanh, code, agencies)
        assert round_.submissions.count() == agencies
        with CaptureQueriesContext(connection) as captured:
            assert hanhs.get(f"/dot/{code}/{page}").status_code == 200
        counts.append(len(captured))
    assert counts == [queries, queries]


def test_lists_cost_the_same_for_one_and_three(
    minh_hoa: Agency, so_cong_thuong: Agency, hanhs: Client, hanh: User, hoa: User
) -> None:
    opened_round(minh_hoa, "MH-1", by=hanh)
    clerk = Client()
    clerk.force_login(hoa)
    with CaptureQueriesContext(connection) as one_round:
        hanhs.get("/dot/")
    with CaptureQueriesContext(connection) as one_report:
        clerk.get("/bao-cao/")
    opened_round(minh_hoa, "MH-2", by=hanh)
    opened_round(minh_hoa, "MH-3", by=hanh)
    with CaptureQueriesContext(connection) as three_rounds:
        assert len(hanhs.get("/dot/").context["rounds"]) == 3
    with CaptureQueriesContext(connection) as three_reports:
        assert len(clerk.get("/bao-cao/").context["to_do"]) == 3
    assert (len(one_round), len(three_rounds)) == (4, 4)
    assert (len(one_report), len(three_reports)) == (6, 6)


def test_the_filter_for_the_late_is_no_state(open_quarter: Round) -> None:
    assert rounds.LATE not in {"not_started", "draft", "submitted", "returned", "approved"}
