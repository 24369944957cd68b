"""The leaders' page, in all its states."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.kinds import AcrossAgencies
from indicators.models import Indicator
from indicators.queries.definitions import form_definition
from reporting.models import Agency, KeyIndicator, Round, Submission, User
from tests.cast import approved, opened_round, published, report_of
from tests.reporting.views.pages import text_of
from tests.reporting.views.test_trends import pictures

PAGE = "/tong-quan/"
CHOOSE = "/tong-quan/chon/"


@pytest.fixture
def dats(client: Client, dat: User) -> Client:
    client.force_login(dat)
    return client


def shown(client: Client, **asked: str) -> str:
    response = client.get(PAGE, asked)
    assert response.status_code == 200
    return response.content.decode()


def test_without_any_round_the_page_says_what_will_come(dats: Client) -> None:
    assert "Chưa có đợt nào được mở." in text_of(shown(dats))


def test_rounds_without_a_data_window_are_not_passed_over_in_silence(
    open_quarter: Round, dats: Client
) -> None:
    Round.objects.update(data_from=None, data_to=None)
    html = shown(dats)
    assert "không ghi kỳ số liệu nên không xếp theo thời gian được" in html
    assert "Chưa có đợt nào được mở." not in html
    assert 'href="/dot/">Xem các đợt báo cáo</a>' in html
    Round.objects.update(status="planned")
    assert "Chưa có đợt nào được mở." in shown(dats)


def test_what_was_published_of_the_round_is_told(report: Submission, dats: Client) -> None:
    approved(report, {"1.1": "5"})
    assert "Đã công bố" not in shown(dats)
    published(report.round)
    html = shown(dats)
    assert "Đã công bố lần 1 (31/BC-UBND): xem số đã công bố" in text_of(html)
    assert 'href="/dot/MH-QUY/cong-bo/PL2-KH-2022/1/"' in html


def test_the_menu_of_a_viewer_begins_with_it(open_quarter: Round, dats: Client) -> None:
    html = shown(dats)
    menu = html.split('<nav aria-label="Chính">')[1].split("</nav>")[0]
    assert menu.index('href="/tong-quan/" aria-current="page"') < menu.index('href="/dot/"')


def test_a_round_of_which_nothing_is_approved_has_tiles_without_figures(
    open_quarter: Round, dats: Client
) -> None:
    html = shown(dats)
    assert html.count('<li class="panel">') == 10
    assert "Mới duyệt <b>0/4</b> báo cáo" in html
    assert "chưa có số" in html


def test_a_tile_has_figure_unit_coverage_and_changes(
    report: Submission, minh_hoa: Agency, hanh: User, so_cong_thuong: Agency, dats: Client
) -> None:
    older = opened_round(minh_hoa, "MH-CU", by=hanh, data_to_days_ago=91)
    Round.objects.filter(pk=older.pk).update(period_text="quý trước")
    approved(report_of(older, so_cong_thuong), {"1.2.a": "8", "1.2.b": "2", "1.1": "9"})
    approved(report, {"1.2.a": "8", "1.2.b": "3", "1.1": "5"})
    html = shown(dats, dot="MH-QUY")
    first, second = html.split('<li class="panel">')[1:3]
    words = text_of(first)
    assert "37,5 %" in words
    assert "1/3 đơn vị · 3/8" in words
    assert "chi-tieu=chi_dao.ke_hoach.ty_le_hoan_thanh&amp;tinh=MH&amp;ky=quy" in first
    assert 'class="picture spark"' in first
    assert "5 Văn bản" in text_of(second)
    assert "giảm 4 so với quý trước" in text_of(second)


def test_a_cumulative_rate_is_not_compared_across_the_turn_of_the_year(
    report: Submission, minh_hoa: Agency, hanh: User, so_cong_thuong: Agency, dats: Client
) -> None:
    older = opened_round(minh_hoa, "MH-CU", by=hanh, data_to_days_ago=400)
    approved(report_of(older, so_cong_thuong), {"1.2.a": "8", "1.2.b": "2"})
    approved(report, {"1.2.a": "8", "1.2.b": "3"})
    first = shown(dats, dot="MH-QUY").split('<li class="panel">')[1]
    assert "Chưa có kỳ trước để so." in text_of(first)


def test_the_pictures_stand_with_their_tables(report: Submission, dats: Client) -> None:
    approved(report, {"1.1": "5"})
    html = shown(dats)
    large = [one for one in pictures(html) if "stacked" in (one.root.get("class") or "")]
    assert [one.title for one in large][:2] == [
        "Báo cáo của từng đợt đang ở đâu",
        "Lần gửi đầu của từng đợt đúng hạn hay muộn",
    ]
    assert large[0].description == "quý này: 1 đã duyệt, 3 chưa gửi."
    assert large[1].description == "quý này: 1 đúng hạn, 3 chưa gửi lần nào."
    assert html.count("<summary>Bảng số liệu</summary>") == 3
    assert 'href="/tien-do/?tinh=MH&amp;dot=MH-QUY"' in html
    ids = [part.split('"')[0] for part in html.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


def test_the_newest_settled_round_is_shown_and_leads_to_the_newer_one(
    report: Submission, minh_hoa: Agency, hanh: User, dats: Client
) -> None:
    older = opened_round(minh_hoa, "MH-CU", by=hanh, data_to_days_ago=91)
    Submission.objects.filter(round=older).update(state="approved")
    html = shown(dats)
    assert '<option value="MH-CU" selected>' in html
    assert 'href="?tinh=MH&amp;dot=MH-QUY">Xem số của đợt ấy</a>' in html
    # What is not a round means the usual one.
    assert '<option value="MH-CU" selected>' in shown(dats, dot="<b>")


def test_a_foreign_province_is_as_one_that_does_not_exist(
    open_quarter: Round, tinh_khac: Agency, dats: Client
) -> None:
    assert dats.get(PAGE, {"tinh": "TK"}).status_code == 404
    assert dats.get(PAGE, {"tinh": "khong-co"}).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_rounds(
    report: Submission, minh_hoa: Agency, hanh: User, so_cong_thuong: Agency, dats: Client
) -> None:
    approved(report, {"1.1": "5"})
    counts = []
    for numbers in ((), (1, 2)):
        for number in numbers:
            older = opened_round(minh_hoa, f"MH-C{number}", by=hanh, data_to_days_ago=91 * number)
            approved(report_of(older, so_cong_thuong), {"1.1": "2"})
        shown(dats)  # the forms are read once in a process
        with CaptureQueriesContext(connection) as captured:
            shown(dats)
        counts.append(len(captured))
    assert counts == [24, 24]


# Choosing the key figures


def test_the_key_figures_are_chosen_on_a_page(
    report: Submission, hanh: User, client: Client, minh_hoa: Agency
) -> None:
    client.force_login(hanh)
    page = client.get(CHOOSE)
    assert page.context["is_default"]
    assert len(page.context["boxes"]) == 10
    codes = ["chi_dao.van_ban.so_luong", "", "chi_dao.ke_hoach.ty_le_hoan_thanh"]
    answer = client.post(CHOOSE, {"chi-tieu": codes})
    assert answer.headers["Location"] == "/tong-quan/?tinh=MH"
    shown = client.get("/tong-quan/").context["tiles"]
    assert [tile.name[:12] for tile in shown] == ["Số văn bản c", "Tỷ lệ hoàn t"]
    again = client.get(CHOOSE)
    assert again.context["boxes"][:3] == [codes[0], codes[2], ""]


def test_only_what_has_a_tile_is_offered(
    report: Submission,
    hanh: User,
    client: Client,
    minh_hoa: Agency,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    form = form_definition(report.round.summary_version)
    apart = replace(form.by_key["1.1"], across_agencies=AcrossAgencies.NONE)
    rows = [apart if row.key == apart.key else row for row in form.rows]
    changed = replace(form, rows=tuple(rows))
    monkeypatch.setattr("reporting.queries.overview.form_definition", lambda _: changed)
    client.force_login(hanh)

    def offered() -> dict[str, str]:
        sections = client.get(CHOOSE).context["sections"]
        return {code: name for name, rows in sections for code, _ in rows}

    assert apart.indicator not in offered()
    assert form.by_key["1.2"].indicator in offered()
    # What was chosen before stays to be seen, and to be taken away.
    indicator = Indicator.objects.get(code=apart.indicator)
    KeyIndicator.objects.create(province=minh_hoa, indicator=indicator, position=1)
    assert offered()[apart.indicator] == "Chỉ tiêu khác"


def test_the_list_of_all_indicators_is_another_page(
    report: Submission, hanh: User, client: Client
) -> None:
    client.force_login(hanh)
    assert "Chỉ tiêu trọng tâm" not in client.get("/dien-bien/").content.decode()
    assert "Chỉ tiêu trọng tâm" in client.get(CHOOSE).content.decode()


def test_a_wrong_choice_keeps_what_was_chosen_in_its_boxes(
    report: Submission, hanh: User, client: Client
) -> None:
    client.force_login(hanh)
    twice = ["chi_dao.van_ban.so_luong"] * 2
    answer = client.post(CHOOSE, {"chi-tieu": twice})
    assert answer.status_code == 422
    assert answer.context["boxes"][:3] == [*twice, ""]
    assert "đã chọn ở ô trên" in answer.content.decode()


def test_codes_are_made_safe_and_told_in_short(
    report: Submission, hanh: User, client: Client, minh_hoa: Agency
) -> None:
    client.force_login(hanh)
    posted = {"chi-tieu": ["chi_dao.van_ban.so_luong\0", "\0"], "seen": ["\0"]}
    assert client.post(CHOOSE, posted).status_code == 422  # nobody was shown a choice without name
    assert client.post(CHOOSE, posted | {"seen": []}).status_code == 302
    assert KeyIndicator.objects.get(province=minh_hoa).indicator.code == "chi_dao.van_ban.so_luong"
    seen = ["chi_dao.van_ban.so_luong"]
    answer = client.post(CHOOSE, {"chi-tieu": ["x" * 1_000_000], "seen": seen})
    assert answer.status_code == 422
    assert "x" * 100 in answer.content.decode()
    assert "x" * 101 not in answer.content.decode()


def test_of_two_who_choose_at_once_the_second_sees_both_choices(
    report: Submission, hanh: User, client: Client, minh_hoa: Agency
) -> None:
    client.force_login(hanh)
    theirs = "chi_dao.ke_hoach.ty_le_hoan_thanh"
    KeyIndicator.objects.create(
        province=minh_hoa, indicator=Indicator.objects.get(code=theirs), position=1
    )
    answer = client.post(CHOOSE, {"chi-tieu": ["chi_dao.van_ban.so_luong"]})
    assert answer.status_code == 422
    assert answer.context["boxes"][:2] == [theirs, ""]
    assert answer.context["seen"] == [theirs]
    html = text_of(answer.content.decode())
    assert html.index("Ông/bà vừa chọn:") < html.index("Số văn bản") < html.index("Ô 1")
    # A choice that is refused for itself still stands on what was shown.
    other = {"chi-tieu": ["khong.co"], "seen": [theirs]}
    assert client.post(CHOOSE, other).context["seen"] == [theirs]


def test_the_rows_of_a_paper_are_offered_where_there_is_no_other_round(
    open_quarter: Round, hanh: User, client: Client
) -> None:
    client.force_login(hanh)
    Round.objects.update(is_archive=True, data_from=None, data_to=None)
    assert client.get(CHOOSE).context["sections"]
    Round.objects.update(status="cancelled")
    html = client.get(CHOOSE).content.decode()
    assert "Tỉnh chưa có đợt nào để chọn chỉ tiêu." in html
    assert "<select" not in html
