"""The page of an indicator over time, in all its states."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.kinds import Change, Kind, Meaning
from indicators.models import Indicator, IndicatorLink
from reporting.models import Agency, Round, Submission, User
from reporting.workflow import Role
from tests.cast import approved, opened_round, person, report_of, submitted
from tests.reporting.pictures.drawn import Drawn
from tests.reporting.views.pages import text_of

PAGE = "/dien-bien/"
DIRECTIVES = "chi_dao.van_ban.so_luong"
PLAN_RATE = "chi_dao.ke_hoach.ty_le_hoan_thanh"


@pytest.fixture
def dats(client: Client, dat: User) -> Client:
    client.force_login(dat)
    return client


Opened = Callable[..., Round]


@pytest.fixture
def quarter(
    minh_hoa: Agency, so_cong_thuong: Agency, so_noi_vu: Agency, xa_minh_an: Agency, hanh: User
) -> Opened:
    """Open the round of a quarter, and approve what Sở Công Thương reports in it."""

    def opened(number: int, year: int, kind: str = "quy", **figures: str) -> Round:
        code = f"MH-{year}-{kind}-{number}"
        made = opened_round(minh_hoa, code, by=hanh)
        Round.objects.filter(pk=made.pk).update(
            data_from=date(year - 1, 12, 15),
            data_to=date(year, 3 * number, 14),
            period_kind=kind,
            period_text=f"quý {number} năm {year}" if kind == "quy" else f"năm {year}",
        )
        if figures:
            typed = {key.replace("_", "."): text for key, text in figures.items()}
            approved(report_of(made, so_cong_thuong), {key[1:]: typed[key] for key in typed})
        return made

    return opened


def pictures(html: str) -> list[Drawn]:
    return [Drawn("<svg" + part.split("</svg>")[0] + "</svg>") for part in html.split("<svg")[1:]]


def page_of(client: Client, code: str, **more: str) -> str:
    response = client.get(PAGE, {"chi-tieu": code, **more})
    assert response.status_code == 200
    return response.content.decode()


def test_without_any_round_there_is_nothing_to_choose(dats: Client) -> None:
    assert "Chưa có đợt nào để so sánh." in text_of(dats.get(PAGE).content.decode())
    assert "Chưa có đợt nào của tỉnh hỏi chỉ tiêu này" in page_of(dats, DIRECTIVES)


def test_without_an_indicator_there_is_a_list_to_choose_from(
    open_quarter: Round, dats: Client
) -> None:
    html = dats.get(PAGE).content.decode()
    assert f'href="?chi-tieu={DIRECTIVES}&amp;tinh=MH"' in html
    assert "1. Công tác chỉ đạo điều hành CCHC" in html
    found = dats.get(PAGE, {"tim": "kế hoạch hoàn thành tỷ lệ"}).content.decode()
    assert f"chi-tieu={PLAN_RATE}&amp;" in found
    assert f"chi-tieu={DIRECTIVES}&amp;" not in found
    nothing = dats.get(PAGE, {"tim": "<b>không có</b>"}).content.decode()
    assert "Không có chỉ tiêu nào khớp với «&lt;b&gt;không có&lt;/b&gt;»." in nothing


def test_an_indicator_that_does_not_exist_answers_404(open_quarter: Round, dats: Client) -> None:
    assert dats.get(PAGE, {"chi-tieu": "khong.co"}).status_code == 404
    assert dats.get(PAGE, {"chi-tieu": DIRECTIVES, "tinh": "TK"}).status_code == 404


def test_who_reads_no_round_finds_no_page(open_quarter: Round, hoa: User, client: Client) -> None:
    client.force_login(hoa)
    assert client.get(PAGE, {"chi-tieu": DIRECTIVES}).status_code == 404
    assert 'href="/tong-quan/"' not in client.get("/bao-cao/").content.decode()


def test_the_course_stands_with_its_table_and_leads_behind_each_figure(
    quarter: Opened, dats: Client
) -> None:
    for year, figure in ((2024, "10"), (2025, "12")):
        quarter(1, year, f1_1=figure)
    html = page_of(dats, DIRECTIVES)
    [course, same] = pictures(html)
    assert course.told[:2] == [
        "quý 1 năm 2024: 10 (1/3 đơn vị)",
        "quý 1 năm 2025: 12 (1/3 đơn vị)",
    ]
    assert same.words("figure") == ["10", "12"]
    behind = "/dot/MH-2025-quy-1/tong-hop/dong/?bieu=PL2-KH-2022&amp;dong=1.1"
    assert f'<td class="num"><a href="{behind}">12</a></td>' in html
    assert dats.get(behind.replace("&amp;", "&")).status_code == 200


def test_only_one_kind_of_period_is_on_a_line(quarter: Opened, dats: Client) -> None:
    quarter(1, 2024, f1_1="10")
    quarter(3, 2024, f1_1="12")
    quarter(4, 2024, "nam", f1_1="30")
    html = page_of(dats, DIRECTIVES)
    assert pictures(html)[0].words("figure") == ["12", "10"]
    assert "Quý (2)" in html
    assert "Năm (1)" in html
    yearly = page_of(dats, DIRECTIVES, ky="nam")
    assert pictures(yearly)[0].words("figure") == ["30"]
    # A kind that there is not means the usual one.
    assert pictures(page_of(dats, DIRECTIVES, ky="<b>"))[0].words("figure") == ["12", "10"]


def test_what_stands_on_a_day_is_joined_over_all_kinds_of_period(
    quarter: Opened, dats: Client
) -> None:
    quarter(1, 2024, f3_1_4="10")
    quarter(4, 2024, "nam", f3_1_4="12")
    quarter(1, 2025, f3_1_4="13")
    html = page_of(dats, "tthc.hieu_luc.tong_so")
    assert pictures(html)[0].lines == [3]
    assert "Mọi kỳ (3)" in html
    assert pictures(page_of(dats, "tthc.hieu_luc.tong_so", ky="nam"))[0].lines == []


def test_choices_are_counted_by_answer(quarter: Opened, dats: Client) -> None:
    quarter(1, 2024, f1_6="1")
    html = page_of(dats, "chi_dao.khao_sat_hai_long.co_thuc_hien")
    assert pictures(html)[0].description == "quý 1 năm 2024: 1 Có, 1 chưa trả lời."
    assert "1 Có" in text_of(html)


def test_the_period_that_is_compared_over_the_years_is_chosen(
    quarter: Opened, dats: Client
) -> None:
    for number, year, figure in ((1, 2024, "1"), (3, 2024, "2"), (1, 2025, "3"), (3, 2025, "4")):
        quarter(number, year, f1_1=figure)
    assert pictures(page_of(dats, DIRECTIVES))[1].words("figure") == ["2", "4"]
    first = page_of(dats, DIRECTIVES, **{"cung-ky": "quy-3"})
    assert pictures(first)[1].words("figure") == ["1", "3"]


def test_what_is_only_handed_in_is_a_gap(
    quarter: Opened, so_cong_thuong: Agency, dats: Client
) -> None:
    submitted(report_of(quarter(1, 2024), so_cong_thuong), {"1.1": "10"})
    html = page_of(dats, DIRECTIVES)
    assert pictures(html)[0].description == "Chưa có số liệu của kỳ nào."
    assert "chưa có số" in html


def test_a_rate_without_a_whole_says_so(quarter: Opened, dats: Client) -> None:
    made = quarter(1, 2024, **{"f1_2_a": "0", "f1_2_b": "0"})
    html = page_of(dats, PLAN_RATE)
    assert f'/dot/{made.code}/tong-hop/dong/?bieu=PL2-KH-2022&amp;dong=1.2">–</a>' in html


def test_a_break_is_told_and_leads_to_the_other_indicator(quarter: Opened, dats: Client) -> None:
    quarter(1, 2024, f1_1="10")
    newer = Indicator.objects.create(code="moi", name="Tên <mới>", kind=Kind.COUNT.value)
    IndicatorLink.objects.create(
        older=Indicator.objects.get(code=DIRECTIVES),
        newer=newer,
        change=Change.RENAMED.value,
        meaning=Meaning.BREAK.value,
        note="Cách đếm khác.",
    )
    html = page_of(dats, "moi")
    assert f'Trước đó: <a href="?chi-tieu={DIRECTIVES}&amp;tinh=MH">' in html
    assert "Cách đếm khác." in html
    assert "Về sau" in page_of(dats, DIRECTIVES)


def test_who_reads_two_provinces_goes_from_one_to_the_other(
    open_quarter: Round, tinh_khac: Agency, client: Client
) -> None:
    both = [(Role.VIEWER, tinh_khac), (Role.VIEWER, open_quarter.province)]
    client.force_login(person("haitinh", "Lê Hai Tỉnh", *both))
    assert f'href="?chi-tieu={DIRECTIVES}&amp;tinh=TK"' in page_of(client, DIRECTIVES)
    assert '<option value="MH" selected>' in client.get(PAGE).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_rounds(quarter: Opened, dats: Client) -> None:
    counts = []
    for years in ((2023,), (2024, 2025)):
        for year in years:
            quarter(1, year, f1_1="10", f1_2_a="8", f1_2_b="4")
        page_of(dats, PLAN_RATE)  # the forms are read once in a process
        with CaptureQueriesContext(connection) as captured:
            page_of(dats, PLAN_RATE)
        counts.append(len(captured))
    assert counts == [13, 13]


def test_the_newest_round_that_says_enough_stands_above_as_on_the_leaders_page(
    quarter: Opened, dats: Client
) -> None:
    older = quarter(1, 2025, f1_1="10")
    newer = quarter(2, 2025, f1_1="4")
    first = dats.get(PAGE, {"chi-tieu": DIRECTIVES}).context
    assert first["newest"].reading.moment.code == newer.code  # of neither, half is approved
    assert first["newer"] is None
    Submission.objects.filter(round=older).update(state="approved")
    html = page_of(dats, DIRECTIVES)
    assert "10</a> <span>" in html.split('<div class="newest">')[1]
    assert "Quý 2 năm 2025 đang thu số: 1/3 đơn vị" in text_of(html)
    Submission.objects.filter(round=newer).update(state="approved")
    both = dats.get(PAGE, {"chi-tieu": DIRECTIVES}).context
    assert both["newest"].reading.moment.code == newer.code
    assert both["newer"] is None


def test_the_path_has_the_indicators_name(quarter: Opened, dats: Client) -> None:
    quarter(1, 2025, f1_1="10")
    path = page_of(dats, DIRECTIVES).split('<nav class="crumbs"')[1].split("</nav>")[0]
    assert f'aria-current="page">{Indicator.objects.get(code=DIRECTIVES).name}<' in path


def test_the_breakdown_leads_to_the_course(quarter: Opened, dats: Client) -> None:
    made = quarter(1, 2024, f1_1="10")
    html = dats.get(f"/dot/{made.code}/tong-hop/dong/?dong=1.1").content.decode()
    assert f'href="/dien-bien/?chi-tieu={DIRECTIVES}&amp;tinh=MH"' in html
