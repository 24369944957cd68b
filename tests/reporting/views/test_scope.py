"""The sheet of an agency that a form does not ask for everything, in a browser without scripts."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.actions.versions import load_indicators, load_version
from indicators.catalogue.written import INDICATOR_COLUMNS, VersionSheet, blank_row, numbered
from indicators.kinds import Capacity
from indicators.models import FormVersion
from reporting.actions.rounds import expect
from reporting.models import Agency, Round, Submission, User
from tests import cast
from tests.indicators import sheets
from tests.reporting.views.pages import boxes, cells, post_sheet, sheet_row

WITHIN = {
    "code": "dung-han",
    "severity": "warning",
    "condition": "[1.1.b] <= [1.1.a]",
    "missing": "",
    "sentence": "Số đúng hạn <b>lớn hơn</b> tổng số.",
    "instruction": "Hãy xem lại hai dòng.",
}


@pytest.fixture
def made_form(db: None) -> FormVersion:
    """A form of two sections: the second asks communes only, and 1.2 Sở Nội vụ alone."""
    sheet = sheets.sheet("1.1.a", "reporter", "tu_phap", rules=[WITHIN])
    count = {
        "unit": "Việc",
        "kind": "count",
        "parent": "2",
        "across_agencies": "sum",
        "across_periods": "in_period",
        "asked": "xa",
    }
    more = [
        blank_row(key="2", stt="2.", label="Mục hai", kind="heading", across_agencies="none"),
        blank_row(key="2.1", stt="2.1", label="Việc của xã", indicator="thu.xa", **count),
        blank_row(key="2.2", stt="2.2", label="Việc khác của xã", indicator="thu.khac", **count),
    ]
    kinds = sheets.INDICATORS | {"thu.xa": "count", "thu.khac": "count"}
    load_indicators(
        [
            dict.fromkeys(INDICATOR_COLUMNS, "") | {"code": code, "name": code, "kind": kind}
            for code, kind in kinds.items()
        ]
    )
    load_version(VersionSheet(sheet.head, numbered([*sheet.rows, *more]), sheet.rules))
    return cast.form(sheet.head.code)


@pytest.fixture
def made_round(
    made_form: FormVersion,
    minh_hoa: Agency,
    so_cong_thuong: Agency,
    so_noi_vu: Agency,
    xa_minh_an: Agency,
    hanh: User,
) -> Round:
    """A round that asks two departments and a commune for the form."""
    round_ = cast.planned_round(minh_hoa, "MH-THU")
    asked = [
        (agency, made_form, Capacity.BOTH) for agency in (so_cong_thuong, so_noi_vu, xa_minh_an)
    ]
    expect(round=round_, asked=asked, by=hanh)
    return round_


@pytest.fixture
def trade(made_round: Round, so_cong_thuong: Agency) -> Submission:
    return cast.report_of(made_round, so_cong_thuong)


@pytest.fixture
def hoas(client: Client, hoa: User) -> Client:
    client.force_login(hoa)
    return client


def opened(client: Client, report: Submission) -> str:
    return str(client.get(f"/bao-cao/{report.pk}/").content.decode())


def row_html(page: str, key: str) -> str:
    """Return the table row that holds the box or the anchor of a row."""
    before, _, after = page.partition(f'id="r-{key}"')
    return before.rpartition("<tr")[2] + after.partition("</tr>")[0]


def test_a_row_outside_the_scope_is_folded_and_its_box_still_saves(
    trade: Submission, hoas: Client
) -> None:
    row = row_html(opened(hoas, trade), "2.1")
    assert '<span class="o">không thuộc phạm vi</span>' in row
    assert '<details class="n"><summary>Nhập nếu có</summary><input ' in row
    assert post_sheet(hoas, trade, {"2.1": "4"}, {"2.2": "của xã"}).status_code == 302
    assert (cells(trade)["2.1"].number, cells(trade)["2.2"].note) == (Decimal(4), "của xã")
    page = opened(hoas, trade)
    for key in ("2.1", "2.2"):
        assert "Nhập nếu có" not in row_html(page, key)
        assert "Ngoài phạm vi của đơn vị" in row_html(page, key)


def test_a_refused_box_outside_the_scope_stands_open(trade: Submission, hoas: Client) -> None:
    response = post_sheet(hoas, trade, {"2.1": "bốn"})
    assert response.status_code == 422
    row = row_html(response.content.decode(), "2.1")
    assert 'value="bốn"' in row
    assert "Nhập nếu có" not in row


def test_a_section_outside_the_scope_says_so_at_its_head(trade: Submission, hoas: Client) -> None:
    page = opened(hoas, trade)
    assert "không thuộc phạm vi của đơn vị (2 dòng)" in row_html(page, "2")
    assert "0/2" in row_html(page, "1")
    assert '<li class="out"><a href="#s-2">' in page


def test_the_designated_agency_is_told_that_the_figure_is_the_provinces(
    made_round: Round, so_noi_vu: Agency, client: Client
) -> None:
    report = cast.report_of(made_round, so_noi_vu)
    client.force_login(cast.clerk_of(so_noi_vu))
    row = row_html(opened(client, report), "1.2")
    assert "Số của cả tỉnh" in row
    assert "<select" in row
    assert "Nhập nếu có" not in row


def test_a_reader_sees_in_words_what_is_not_asked(
    trade: Submission, hanh: User, client: Client
) -> None:
    cast.typed(trade, {"2.1": "4"})
    client.force_login(hanh)
    page = opened(client, trade)
    assert "không thuộc phạm vi" not in row_html(page, "2.1")
    assert '<span class="o">không thuộc phạm vi</span>' in row_html(page, "2.2")
    assert "<details" not in row_html(page, "2.2")


def test_only_rows_of_the_agency_are_listed_as_blank_before_handing_in(
    trade: Submission, hoas: Client
) -> None:
    cast.typed(trade, {"1.1.a": "4"})
    page = hoas.get(f"/bao-cao/{trade.pk}/gui/").content.decode()
    assert "đã nhập 1/2 dòng" in page
    assert "#r-1.1.b" in page
    assert "#r-1.2" not in page
    assert "#r-2.1" not in page


def test_lists_count_the_rows_of_each_agency(
    made_round: Round, trade: Submission, hoas: Client, hanh: User
) -> None:
    cast.typed(trade, {"1.1.a": "4", "2.1": "4"})
    [mine] = hoas.get("/bao-cao/").context["to_do"]
    assert (mine.answered, mine.typed) == (1, 2)
    hoas.force_login(hanh)
    desk = hoas.get(f"/dot/{made_round.code}/").context["reports"]
    assert {report.submission.agency_name: (report.answered, report.typed) for report in desk} == {
        "Sở Công Thương": (1, 2),
        "Sở Nội vụ": (0, 3),
        "UBND xã Minh An": (0, 4),
    }


def test_who_is_not_asked_is_not_missed_in_the_provinces_table(
    made_round: Round,
    made_form: FormVersion,
    trade: Submission,
    xa_minh_an: Agency,
    hoas: Client,
    hanh: User,
) -> None:
    cast.approved(trade, {"2.1": "4"})
    cast.approved(cast.report_of(made_round, xa_minh_an), {"2.1": "3", "2.2": "1"})
    hoas.force_login(hanh)
    address = f"/dot/{made_round.code}/tong-hop/"
    lines = hoas.get(address, {"bieu": made_form.code}).context["lines"]
    found = {line.behind: (line.figure.text, line.coverage) for line in lines}
    assert (found["2.1"], found["2.2"]) == (("7", "2/2 đơn vị"), ("1", "1/1 đơn vị"))
    page = hoas.get(f"{address}dong/", {"bieu": made_form.code, "dong": "2.1"})
    assert [(part.agency, part.standing.value) for part in page.context["parts"]] == [
        ("Sở Công Thương", "counted"),
        ("UBND xã Minh An", "counted"),
        ("Sở Nội vụ", "not_asked"),
    ]
    assert page.content.decode().count("biểu không giao, đơn vị vẫn báo cáo") == 1


def test_what_the_rules_find_stands_beside_the_table_and_what_was_said_for_the_reviewer(
    trade: Submission, hoas: Client, hanh: User
) -> None:
    assert "Cần xem lại (" not in opened(hoas, trade)
    assert post_sheet(hoas, trade, {"1.1.a": "4", "1.1.b": "5"}).status_code == 302
    page = opened(hoas, trade)
    assert "Cần xem lại (1)" in page
    assert '<span class="badge warning">Cảnh báo</span>' in page
    assert "Số đúng hạn &lt;b&gt;lớn hơn&lt;/b&gt; tổng số. <b>5, lớn hơn 4</b>." in page
    assert "Hãy xem lại hai dòng." in page
    assert '<a href="#r-1.1.b"> Đúng hạn</a>: 5' in page
    cast.moved(trade, "submit", by=cast.clerk_of(trade.agency))
    hoas.force_login(hanh)
    page = opened(hoas, trade)
    assert "<b>Giải trình:</b> Đúng theo hồ sơ." in page
    # Beside the figure too, in the row that the finding is about.
    assert "Giải trình: Đúng theo hồ sơ. (Nguyễn Thị Hoa)." in row_html(page, "1.1.b")


def test_what_is_explained_is_headed_as_explained(trade: Submission, hoas: Client) -> None:
    post_sheet(hoas, trade, {"1.1.a": "4", "1.1.b": "5"})
    assert 'data-open="1">Cần xem lại (1)</h2>' in opened(hoas, trade)
    cast.answered(cast.stored(trade))
    page = opened(hoas, trade)
    assert 'data-open="0">Đã giải trình (1)</h2>' in page
    assert "Cần xem lại (" not in page


def test_a_sheet_with_rules_costs_no_query_more(trade: Submission, hoas: Client) -> None:
    counts = []
    for figures in ({"1.1.a": "4"}, {"1.1.b": "5", "2.1": "4"}):
        cast.typed(cast.stored(trade), figures)
        with CaptureQueriesContext(connection) as captured:
            hoas.get(f"/bao-cao/{trade.pk}/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_conflict_outside_the_scope_shows_both(trade: Submission, hoas: Client) -> None:
    post_sheet(hoas, trade, {"2.1": "4"}, revision=0)
    response = post_sheet(hoas, trade, {"2.1": "5"}, revision=0)
    assert response.status_code == 422
    row = sheet_row(response, "2.1")
    assert (row.is_outside, row.box) == (False, "5")
    [field] = boxes(trade, {"2.1": ""})
    assert f'name="{field}"' in response.content.decode()
