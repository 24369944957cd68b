"""The rule book of a version, and its rules tried on past rounds."""

import re
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from indicators.models import FormVersion
from indicators.queries.definitions import document_of
from reporting.models import Agency, Round, Submission, User
from reporting.rules import GENERAL
from reporting.workflow import Role
from tests.cast import form, opened_round, person, report_of, typed
from tests.indicators.views.catalogue_pages import begun, stored

pytestmark = pytest.mark.django_db

RULES = [
    {
        "code": "Q01",
        "severity": "error",
        "condition": "[1.1.b] <= [1.1.a]",
        "missing": "",
        "sentence": "Số đúng hạn <b>lớn hơn</b> tổng số.",
        "instruction": "Xem lại & sửa.",
    },
    {
        "code": "Q02",
        "severity": "note",
        "condition": "[1.1] <= 100",
        "missing": "zero",
        "sentence": "Tỷ lệ quá 100 %.",
        "instruction": "Xem lại.",
    },
]


def rule(condition: str, code: str = "Q01") -> dict[str, str]:
    return RULES[0] | {"code": code, "condition": condition}


def draft_with(by: User, *rules: dict[str, str], code: str = "THU-2027") -> FormVersion:
    """Begin a draft of the small sheet with ``rules``."""
    version = begun(by, code=code)
    return with_rules(version, *rules)


def with_rules(version: FormVersion, *rules: dict[str, str]) -> FormVersion:
    version.draft = {**(version.draft or {}), "rules": list(rules)}
    version.save()
    return stored(version)


@pytest.fixture
def manager(client: Client, mai: User) -> Client:
    client.force_login(mai)
    return client


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


# The book


def test_a_rule_is_told_with_its_rows_by_name_and_linked(manager: Client, mai: User) -> None:
    draft_with(mai, *RULES)
    text = page(manager, "/bieu-mau/THU-2027/quy-tac-kiem-tra/")
    assert (
        '<a href="/bieu-mau/THU-2027/#r-1.1.b">«Đúng hạn»</a> ≤ '
        '<a href="/bieu-mau/THU-2027/#r-1.1.a">«Tổng số»</a>'
    ) in text
    assert "<small>Thiếu một số thì bỏ qua.</small>" in text
    assert "<small>Số thiếu coi là 0.</small>" in text
    assert '<span class="badge error">lỗi</span>' in text


def test_words_of_a_rule_are_text(manager: Client, mai: User) -> None:
    version = draft_with(mai, *RULES)
    content = version.draft or {}
    content["rows"][3]["label"] = "<i>Đúng</i> hạn"
    version.save()
    text = page(manager, "/bieu-mau/THU-2027/quy-tac-kiem-tra/")
    assert "&lt;b&gt;lớn hơn&lt;/b&gt;" in text
    assert "«&lt;i&gt;Đúng&lt;/i&gt; hạn»" in text
    assert "Xem lại &amp; sửa." in text
    assert "<b>lớn hơn" not in text
    assert "<i>Đúng" not in text


def test_the_general_checks_stand_below(manager: Client, mai: User) -> None:
    draft_with(mai)
    text = page(manager, "/bieu-mau/THU-2027/quy-tac-kiem-tra/")
    assert "Biểu này chưa có quy tắc riêng." in text
    assert [check.code for check in GENERAL if f'id="{check.code}"' not in text] == []


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Q01", "Q02"}),
        ("?muc=error", {"Q01"}),
        ("?muc=warning", set()),
        ("?tim=ĐÚNG+hạn", {"Q01"}),
        ("?tim=q02", {"Q02"}),
        ("?tim=q02&muc=error", set()),
    ],
)
def test_the_book_is_filtered_by_severity_and_words(
    manager: Client, mai: User, query: str, shown: set[str]
) -> None:
    draft_with(mai, *RULES)
    text = page(manager, f"/bieu-mau/THU-2027/quy-tac-kiem-tra/{query}")
    assert set(re.findall('<tr id="(Q[0-9]+)"', text)) == shown


def test_a_rule_that_cannot_be_read_is_mentioned(manager: Client, mai: User) -> None:
    draft_with(mai, rule("[1.1.b] so với"), RULES[1])
    text = page(manager, "/bieu-mau/THU-2027/quy-tac-kiem-tra/")
    assert "Còn 1 quy tắc chưa đọc được" in text


def test_everyone_reads_the_book_of_a_published_version(client: Client, hoa: User) -> None:
    client.force_login(hoa)
    text = page(client, "/bieu-mau/PL2-KH-2022/quy-tac-kiem-tra/")
    assert "Kiểm tra chung của mọi biểu" in text
    assert "/quy-tac/thu/" not in text
    assert "Quy tắc kiểm tra</a>" in page(client, "/bieu-mau/PL2-KH-2022/")


def test_the_book_goes_out_as_a_workbook(manager: Client, mai: User) -> None:
    draft_with(mai, *RULES, rule("=1+1 > [1.1.a]", "Q03"))
    response = manager.get("/bieu-mau/THU-2027/quy-tac-kiem-tra.xlsx")
    assert 'filename="THU-2027_QuyTacKiemTra.xlsx"' in response.headers["Content-Disposition"]
    sheet = load_workbook(BytesIO(response.content)).worksheets[0]
    lines = [[cell.value or "" for cell in line] for line in sheet.iter_rows()]
    [first] = [line for line in lines if line[0] == "Q01"]
    assert first == [
        "Q01",
        "lỗi",
        "1. Mục một",
        "«Đúng hạn» ≤ «Tổng số»",
        "thiếu một số thì bỏ qua",
        "Số đúng hạn <b>lớn hơn</b> tổng số.",
        "Xem lại & sửa.",
        "[1.1.b] <= [1.1.a]",
    ]
    codes = [line[0] for line in lines]
    assert codes[-len(GENERAL) :] == [check.code for check in GENERAL]


def test_the_book_of_the_largest_form_costs_no_query_for_its_rules(
    client: Client, hoa: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(hoa)
    page(client, "/bieu-mau/PL2-KH-2022/quy-tac-kiem-tra/")
    with django_assert_max_num_queries(5):
        page(client, "/bieu-mau/PL2-KH-2022/quy-tac-kiem-tra/")


# Trials


@pytest.fixture
def draft(mai: User) -> FormVersion:
    """A draft of the departments' form with rules of its own."""
    source = form("PL2-KH-2022")
    version = begun(mai, document_of(source), code="PL2-KH-2027")
    version.form = source.form
    rules = (rule("[1.2.b] <= [1.2.a]"), rule("[1.2.b] >= 0", "Q02"), rule("[2.1] >= 0", "Q03"))
    return with_rules(version, *rules)


def filed(round_: Round, at: Agency, **figures: str) -> Submission:
    """Approve a report without asking its checks: they are not what is tried here."""
    report = report_of(round_, at)
    typed(report, {key.replace("_", "."): text for key, text in figures.items()})
    Submission.objects.filter(pk=report.pk).update(state="approved")
    return report


FIGURES = {"1_2_a": "8", "1_2_b": "9"}
TRIAL = "/bieu-mau/PL2-KH-2027/quy-tac/thu/"


def test_the_page_counts_for_each_rule_and_round(
    manager: Client, draft: FormVersion, report: Submission, noi_vu_report: Submission
) -> None:
    filed(report.round, report.agency, **FIGURES)
    filed(report.round, noi_vu_report.agency, **{"1_2_a": "9", "1_2_b": "9"})
    text = page(manager, TRIAL)
    assert "<small>2 báo cáo</small>" in text
    assert f'<a href="{TRIAL}?ma=Q01#dot-MH-QUY"><b>1</b>/2</a>' in text
    assert '<span class="soft">0/2</span>' in text
    assert '<span class="soft">–</span>' in text


@pytest.mark.parametrize(
    ("only", "codes"),
    [
        ("", ["Q01", "Q02", "Q03"]),
        ("co-bao", ["Q01"]),
        ("khong-bao", ["Q02"]),
        ("chua-xet", ["Q03"]),
    ],
)
def test_the_page_shows_some_rules_on_demand(
    manager: Client, draft: FormVersion, report: Submission, only: str, codes: list[str]
) -> None:
    filed(report.round, report.agency, **FIGURES)
    text = page(manager, f"{TRIAL}?loc={only}")
    assert re.findall(r'<th scope="row"><a href="[^"]*">(Q\d+)</a>', text) == codes


def test_one_rule_opens_to_the_rounds(
    manager: Client, draft: FormVersion, report: Submission, noi_vu_report: Submission
) -> None:
    filed(report.round, report.agency, **FIGURES)
    filed(report.round, noi_vu_report.agency, **{"1_2_a": "9", "1_2_b": "9"})
    text = page(manager, f"{TRIAL}?ma=Q01")
    assert "sẽ báo ở <b>1</b> trong 2 báo cáo xét được" in text
    # Who only manages forms reads no report.
    assert "chỉ hiện với người được xem báo cáo" in text
    for told in ("Sở Công Thương", "9, lớn hơn 8", "nhiều nhất 8", f"/bao-cao/{report.pk}/"):
        assert told not in text
    silent = page(manager, f"{TRIAL}?ma=Q02")
    assert "không báo; 2 báo cáo xét được đều đúng" in silent
    assert "không báo cáo nào có đủ số để xét" in page(manager, f"{TRIAL}?ma=Q03")


@pytest.fixture
def both(client: Client, minh_hoa: Agency) -> Client:
    """Who manages forms and reviews reports."""
    who = person("ca-hai", "Cả Hai", (Role.MANAGER, minh_hoa), (Role.REVIEWER, minh_hoa))
    client.force_login(who)
    return client


def test_who_also_reviews_sees_the_agencies_with_their_figures(
    both: Client, draft: FormVersion, report: Submission, noi_vu_report: Submission
) -> None:
    filed(report.round, report.agency, **FIGURES)
    filed(report.round, noi_vu_report.agency, **{"1_2_a": "9", "1_2_b": "9"})
    text = page(both, f"{TRIAL}?ma=Q01")
    for told in ("Sở Công Thương", "9, lớn hơn 8", "nhiều nhất 8"):
        assert told in text
    assert f'href="/bao-cao/{report.pk}/"' in text
    assert "Sở Nội vụ" not in text


def test_nothing_of_another_province_is_told(
    manager: Client, draft: FormVersion, tinh_khac: Agency, so_khac: Agency, khac: User
) -> None:
    filed(opened_round(tinh_khac, "TK-QUY", by=khac), so_khac, **FIGURES)
    for address in (TRIAL, f"{TRIAL}?ma=Q01"):
        text = page(manager, address)
        assert "Chưa có báo cáo nào đã gửi để thử." in text
        assert "TK-QUY" not in text
        assert "Tỉnh Khác" not in text


def test_a_managers_province_is_theirs_whatever_the_other_has(
    client: Client,
    draft: FormVersion,
    report: Submission,
    tinh_khac: Agency,
    so_khac: Agency,
    khac: User,
) -> None:
    filed(report.round, report.agency, **FIGURES)
    filed(opened_round(tinh_khac, "TK-QUY", by=khac), so_khac, **FIGURES)
    client.force_login(person("ql-khac", "Quản Lý", (Role.MANAGER, tinh_khac)))
    text = page(client, TRIAL)
    assert "#dot-TK-QUY" in text
    assert "#dot-MH-QUY" not in text
    opened = page(client, f"{TRIAL}?ma=Q01")
    assert 'id="dot-TK-QUY"' in opened
    assert 'id="dot-MH-QUY"' not in opened


@pytest.mark.parametrize("who", ["hoa", "hanh", "dat", "quantri"])
def test_trials_are_for_managers_only(
    client: Client, draft: FormVersion, who: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(TRIAL).status_code == 404
    assert client.get("/bieu-mau/PL2-KH-2022/quy-tac/thu/").status_code == 404


def test_a_rule_that_is_not_there_is_not_found(manager: Client, draft: FormVersion) -> None:
    assert manager.get(f"{TRIAL}?ma=Q99").status_code == 404


def test_a_form_without_rules_says_so(
    manager: Client, draft: FormVersion, report: Submission
) -> None:
    filed(report.round, report.agency, **FIGURES)
    with_rules(draft)
    assert "Biểu này chưa có quy tắc nào để thử." in page(manager, TRIAL)


def test_a_published_version_is_tried_too(manager: Client, report: Submission, mai: User) -> None:
    filed(report.round, report.agency, **FIGURES)
    assert "PL2-KH-2022" in page(manager, "/bieu-mau/PL2-KH-2022/quy-tac/thu/")


def test_words_on_the_page_of_trials_are_text(
    both: Client, draft: FormVersion, report: Submission
) -> None:
    filed(report.round, report.agency, **FIGURES)
    Submission.objects.update(agency_name="<b>Sở</b>")
    text = page(both, f"{TRIAL}?ma=Q01")
    assert "&lt;b&gt;Sở&lt;/b&gt;" in text
    assert "Số đúng hạn &lt;b&gt;lớn hơn&lt;/b&gt; tổng số." in text


@pytest.mark.parametrize("reports", [1, 3])
def test_the_page_costs_the_same_whatever_the_reports(
    reports: int,
    manager: Client,
    draft: FormVersion,
    open_quarter: Round,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    departments = Agency.objects.filter(kind__in=["so", "nganh_doc"]).order_by("code")
    for at in departments[:reports]:
        filed(open_quarter, at, **FIGURES)
    page(manager, TRIAL)
    # Session, account, roles; the version; forms, rounds, reports, figures.
    with django_assert_num_queries(8):
        page(manager, TRIAL)
