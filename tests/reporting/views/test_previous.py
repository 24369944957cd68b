"""Taking figures over from the last approved report, and looking at those taken over."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.definition import RowDefinition
from indicators.kinds import Capacity
from indicators.queries.definitions import form_definition
from reporting.actions.figures import save_figures
from reporting.actions.rounds import expect
from reporting.documents.record import record_of
from reporting.models import Agency, FigureChange, Submission, User
from reporting.printing.appendix import Heading, submission_appendix
from reporting.queries.figures import snapshot
from reporting.snapshot import Cell, FigureStatus, Reading
from reporting.workflow import Role
from tests.cast import (
    approved,
    clerk_of,
    form,
    moved,
    opened_round,
    person,
    planned_round,
    report_of,
    stored,
    typed,
)
from tests.reporting.actions.acts import close, everything
from tests.reporting.views.pages import cells, post_sheet, sheet_row

# Of PL2-KH-2022: stocks, a choice on a stock, one of a period; then what is not taken over.
LAST = {
    "3.1.4": "1.250",
    "4.2.e": "34/43",
    "7.5.2.a": "1",
    "1.6": "1",
    "1.1": "3",
    "1.2.a": "10",
}
FILLED_IN_PERIOD = {"1.1": "số trong kỳ phải nhập mới", "1.2.a": "số lũy kế phải nhập mới"}


@pytest.fixture
def hoas(client: Client, hoa: User) -> Client:
    client.force_login(hoa)
    return client


@pytest.fixture
def last(report: Submission, minh_hoa: Agency, hanh: User) -> Submission:
    """The approved report of the quarter before, on the same form."""
    round_ = opened_round(minh_hoa, "MH-TRUOC", by=hanh, data_to_days_ago=92)
    round_.name = "Báo cáo quý trước"
    round_.save()
    return approved(report_of(round_, report.agency), LAST)


def address(report: Submission) -> str:
    return f"/bao-cao/{report.pk}/ky-truoc/"


def row_of(report: Submission, key: str) -> RowDefinition:
    return form_definition(report.form_version).by_key[key]


def offered(response: Any) -> dict[str, str]:
    parts = response.context["parts"]
    return {line.row.key: line.text for part in parts for line in part.lines}


def fields(report: Submission, shown: dict[str, str]) -> dict[str, str]:
    return {f"s{row_of(report, key).id}": text for key, text in shown.items()}


def take(
    client: Client,
    report: Submission,
    keys: Sequence[str],
    *,
    shown: dict[str, str] | None = None,
    revision: int | None = None,
    **more: str,
) -> Any:
    """Post the page as drawn now, or as drawn at ``revision`` with the figures ``shown``."""
    shown = offered(client.get(address(report))) if shown is None else shown
    revision = stored(report).revision if revision is None else revision
    return client.post(
        address(report),
        {
            "revision": str(revision),
            "take": [str(row_of(report, key).id) for key in keys],
            **fields(report, shown),
            **more,
        },
    )


def look_at(client: Client, report: Submission, keys: Sequence[str], revision: int = -1) -> Any:
    return client.post(
        address(report),
        {
            "revision": str(stored(report).revision if revision < 0 else revision),
            "looked": "1",
            "seen": [str(row_of(report, key).id) for key in keys],
        },
    )


def said(response: Any, client: Client) -> list[str]:
    followed = client.get(response.headers["Location"])
    return [str(message) for message in followed.context["messages"]]


# What is offered


def test_stocks_and_answers_are_offered_and_nothing_is_ticked(
    last: Submission, report: Submission, hoas: Client
) -> None:
    response = hoas.get(address(report))
    assert offered(response) == {
        "1.6": "Có",
        "3.1.4": "1.250",
        "4.2.e": "79,07",
        "7.5.2.a": "Có",
    }
    left = {line.row.key: line.offer.why_not.label for line in response.context["left"]}
    assert left == FILLED_IN_PERIOD
    page = response.content.decode()
    assert page.count('type="checkbox"') == 4
    assert "checked" not in page
    assert "Lấy tất cả 4 dòng" in page
    assert "kỳ trước: Báo cáo quý trước" in page
    lines = {line.row.key: line.within for part in response.context["parts"] for line in part.lines}
    assert lines["7.5.2.a"] == "7.5.2 Số lượng chứng thư số, chữ ký số đã cấp"
    assert lines["3.1.4"] == ""
    assert everything(report)[3] == []


def test_rows_already_answered_are_not_offered_and_those_with_a_note_are(
    last: Submission, report: Submission, hoas: Client
) -> None:
    post_sheet(hoas, report, {"3.1.4": "0", "4.2.e": "kps", "1.1": "4"}, {"7.5.2.a": "chờ số"})
    response = hoas.get(address(report))
    assert set(offered(response)) == {"1.6", "7.5.2.a"}
    assert [line.row.key for line in response.context["left"]] == ["1.2.a"]


def test_without_an_approved_report_there_is_nothing_to_take(
    report: Submission, hoas: Client
) -> None:
    page = hoas.get(address(report)).content.decode()
    assert "Chưa có báo cáo kỳ trước nào được duyệt." in page
    assert "<button class" not in page


def test_when_all_is_answered_there_is_nothing_to_take(
    last: Submission, report: Submission, hoas: Client
) -> None:
    typed(report, dict.fromkeys(LAST, "kps"))
    page = hoas.get(address(report)).content.decode()
    assert "Không còn dòng nào để lấy lại." in page
    assert "Không lấy lại:" not in page


def test_another_edition_is_joined_by_indicator(
    report: Submission, minh_hoa: Agency, so_cong_thuong: Agency, hoas: Client, hanh: User
) -> None:
    """3.2 of 2021 is 3.1.4 of 2022, and 3.1.4 was something else."""
    before = planned_round(minh_hoa, "MH-2021", data_to_days_ago=92)
    expect(round=before, asked=[(so_cong_thuong, form("PL2-KH-2021"), Capacity.BOTH)], by=hanh)
    approved(report_of(before, so_cong_thuong), {"3.2": "77", "1.2": "5"})
    response = hoas.get(address(report))
    assert offered(response) == {"3.1.4": "77"}
    assert [line.row.key for line in response.context["left"]] == ["1.1"]


# Taking


def test_what_is_ticked_is_written_with_where_it_came_from(
    last: Submission, report: Submission, hoas: Client, hoa: User
) -> None:
    response = take(hoas, report, ["3.1.4", "4.2.e", "7.5.2.a"])
    assert (response.status_code, response.headers["Location"]) == (302, address(report))
    assert cells(report) == {
        "3.1.4": Cell(number=Decimal(1250), written="1.250", reading=Reading.COPIED),
        "4.2.e": Cell(
            number=Decimal("79.07"),
            numerator=Decimal(34),
            denominator=Decimal(43),
            written="79,07",
            reading=Reading.COPIED,
        ),
        "7.5.2.a": Cell(choice="1", written="1", reading=Reading.COPIED),
    }
    changes = FigureChange.objects.filter(submission=report)
    assert set(changes.values_list("via", "source", "by")) == {
        ("previous", "Báo cáo quý trước", hoa.pk)
    }
    assert {change.after["reading"] for change in changes if change.after} == {"copied"}
    assert said(response, hoas) == ["Đã lấy lại số kỳ trước ở 3 dòng."]
    assert stored(report).state == "draft"


def test_all_that_were_shown_are_taken_at_once(
    last: Submission, report: Submission, hoas: Client
) -> None:
    take(hoas, report, [], all="1")
    assert set(cells(report)) == {"1.6", "3.1.4", "4.2.e", "7.5.2.a"}
    assert stored(report).revision == 2  # one saving and the start of the report


def test_nothing_ticked_takes_nothing(last: Submission, report: Submission, hoas: Client) -> None:
    before = everything(report)
    response = take(hoas, report, [])
    assert said(response, hoas) == ["Chưa lấy lại dòng nào. Hãy đánh dấu dòng cần lấy rồi bấm lại."]
    assert everything(report) == before


def test_a_note_stays_beside_what_is_taken(
    last: Submission, report: Submission, hoas: Client
) -> None:
    post_sheet(hoas, report, {}, {"3.1.4": "chờ Sở Tư pháp"})
    take(hoas, report, ["3.1.4"])
    assert cells(report)["3.1.4"] == Cell(
        number=Decimal(1250), note="chờ Sở Tư pháp", written="1.250", reading=Reading.COPIED
    )


def test_the_same_page_posted_twice_writes_once(
    last: Submission, report: Submission, hoas: Client
) -> None:
    shown = offered(hoas.get(address(report)))
    take(hoas, report, ["3.1.4"], shown=shown, revision=0)
    before = everything(report)
    assert take(hoas, report, ["3.1.4"], shown=shown, revision=0).status_code == 302
    assert everything(report) == before


def test_what_somebody_else_filled_in_meanwhile_stays_and_is_told(
    last: Submission, report: Submission, hoas: Client, so_cong_thuong: Agency
) -> None:
    shown = offered(hoas.get(address(report)))
    other = person("binh", "Lý Thị Bình", (Role.CLERK, so_cong_thuong))
    typed(report, {"3.1.4": "9", "7.5.2.a": "kps"}, by=other)
    response = take(hoas, report, ["3.1.4", "7.5.2.a", "1.6"], shown=shown, revision=0)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Đã ghi 1 dòng; 2 dòng chưa ghi" in page
    assert "Lý Thị Bình đã ghi «9» lúc" in page
    assert "Lý Thị Bình đã ghi «Không phát sinh» lúc" in page
    assert cells(report)["3.1.4"] == Cell(number=Decimal(9), written="9")
    assert cells(report)["7.5.2.a"] == Cell(status=FigureStatus.NIL)
    assert cells(report)["1.6"].reading is Reading.COPIED


def test_the_same_figure_typed_meanwhile_is_not_turned_into_a_copy(
    last: Submission, report: Submission, hoas: Client
) -> None:
    shown = offered(hoas.get(address(report)))
    typed(report, {"3.1.4": "1250"}, by=person("binh", "Bình", (Role.CLERK, report.agency)))
    assert take(hoas, report, ["3.1.4"], shown=shown, revision=0).status_code == 302
    assert cells(report) == {"3.1.4": Cell(number=Decimal(1250), written="1250")}


def test_what_is_written_is_what_was_shown_or_nothing(
    last: Submission, report: Submission, hoas: Client, hanh: User
) -> None:
    """The last report was reopened and mended while the page stood open."""
    shown = offered(hoas.get(address(report)))
    moved(last, "reopen", by=hanh, reason="Sai số TTHC.")
    typed(last, {"3.1.4": "1.300", "7.5.2.a": "kps"}, by=clerk_of(report.agency))
    moved(last, "submit", by=clerk_of(report.agency))
    moved(last, "approve", by=hanh)
    response = take(hoas, report, ["3.1.4", "7.5.2.a", "1.6"], shown=shown)
    assert response.status_code == 422
    page = response.content.decode()
    assert "trang ông/bà mở ghi số kỳ trước là «1.250», nay là «1.300»" in page
    assert "trang ông/bà mở ghi số kỳ trước là «Có», nay không lấy lại được" in page
    assert set(cells(report)) == {"1.6"}


def test_a_last_report_that_is_open_again_is_no_source(
    last: Submission, report: Submission, hoas: Client, hanh: User
) -> None:
    shown = offered(hoas.get(address(report)))
    moved(last, "reopen", by=hanh, reason="Sai số TTHC.")
    response = take(hoas, report, [], shown=shown, all="1")
    assert response.status_code == 422
    assert "4 dòng chưa ghi" in response.content.decode()
    assert cells(report) == {}


@pytest.mark.parametrize("key", ["1", "3.4.1", "4.1.3", "1.1", "1.2.a", "5.1.a"])
def test_a_row_that_is_not_offered_cannot_be_taken(
    last: Submission, report: Submission, hoas: Client, key: str
) -> None:
    """A heading, a computed rate, another's figure; of the period, cumulative, not reported."""
    before = everything(report)
    shown = {key: LAST.get(key, "3")}
    take(hoas, report, [key], shown=shown)
    take(hoas, report, [], shown=shown, all="1")
    assert everything(report) == before


def test_rows_of_other_forms_and_nonsense_change_nothing(
    last: Submission, report: Submission, hoas: Client
) -> None:
    other = form_definition(form("PL2-XA-QN-2022")).typed_rows[0].id
    before = everything(report)
    strange = [str(other), "0", "-1", "x", "9" * 40, "\x00"]
    for more in ({"take": strange}, {"all": "1"}, {"looked": "1", "seen": strange}):
        posted = {f"s{name}": "3" for name in strange} | {"revision": "x"} | more
        assert hoas.post(address(report), posted).status_code == 302
    assert everything(report) == before


def test_a_row_is_taken_only_with_the_figure_that_the_page_showed(
    last: Submission, report: Submission, hoas: Client
) -> None:
    before = everything(report)
    assert take(hoas, report, ["3.1.4"], shown={}).status_code == 302
    assert take(hoas, report, ["3.1.4"], shown={"3.1.4": "999"}).status_code == 422
    assert everything(report) == before


# Looking at what was taken


def test_what_was_taken_stays_in_sight_until_it_was_looked_at(
    last: Submission, report: Submission, hoas: Client
) -> None:
    take(hoas, report, ["3.1.4", "7.5.2.a"])
    response = hoas.get(address(report))
    found = [(one.row.key, one.text) for one in response.context["copied"]]
    assert found == [("3.1.4", "1.250"), ("7.5.2.a", "1 = Có")]
    assert "Đã lấy lại, chưa xem lại (2 dòng)" in response.content.decode()
    response = look_at(hoas, report, ["3.1.4"])
    assert said(response, hoas) == ["Đã ghi là xem lại 1 dòng."]
    assert cells(report)["3.1.4"] == Cell(number=Decimal(1250), written="1.250")
    assert cells(report)["7.5.2.a"].reading is Reading.COPIED
    last_change = FigureChange.objects.filter(submission=report).last()
    assert last_change is not None
    assert last_change.before is not None
    assert last_change.after is not None
    assert (last_change.via, last_change.before["reading"], last_change.after["reading"]) == (
        "previous",
        "copied",
        "as_is",
    )


def test_looking_at_nothing_changes_nothing(
    last: Submission, report: Submission, hoas: Client
) -> None:
    take(hoas, report, ["3.1.4"])
    post_sheet(hoas, report, {"1.1": "5,0"})
    before = everything(report)
    for keys, sentence in (
        (["1.1"], "1 dòng đã được gõ lại, đổi số hoặc xem lại sau khi ông/bà mở trang"),
        (["4.1.3"], "1 dòng đã được gõ lại, đổi số hoặc xem lại sau khi ông/bà mở trang"),
        (["1"], "Chưa ghi dòng nào là đã xem lại. Hãy đánh dấu dòng rồi bấm lại."),
        ([], "Chưa ghi dòng nào là đã xem lại. Hãy đánh dấu dòng rồi bấm lại."),
    ):
        assert sentence in said(look_at(hoas, report, keys), hoas)[-1]
    assert everything(report) == before


def test_a_figure_that_somebody_changed_meanwhile_was_not_looked_at(
    last: Submission, report: Submission, hoas: Client
) -> None:
    take(hoas, report, ["3.1.4"])
    seen = stored(report).revision
    other = person("binh", "Lý Thị Bình", (Role.CLERK, report.agency))
    copy = Cell(number=Decimal(8), written="8", reading=Reading.COPIED)
    save_figures(submission=stored(report), cells={"3.1.4": copy}, by=other, via="previous")
    response = look_at(hoas, report, ["3.1.4"], revision=seen)
    assert cells(report)["3.1.4"] == copy
    assert "1 dòng đã được gõ lại, đổi số" in said(response, hoas)[-1]


@pytest.mark.parametrize(("text", "reading"), [("1250", Reading.AS_IS), ("1.251", Reading.CHANGED)])
def test_typing_it_anew_ends_the_copy(
    last: Submission, report: Submission, hoas: Client, text: str, reading: Reading
) -> None:
    take(hoas, report, ["3.1.4"])
    post_sheet(hoas, report, {"3.1.4": text})
    assert cells(report)["3.1.4"].reading is reading
    assert hoas.get(address(report)).context["copied"] == []


def test_a_box_left_as_it_stands_leaves_the_copy(
    last: Submission, report: Submission, hoas: Client
) -> None:
    take(hoas, report, ["3.1.4", "7.5.2.a"])
    page = hoas.get(f"/bao-cao/{report.pk}/")
    kept = {key: sheet_row(page, key).box for key in ("3.1.4", "7.5.2.a")}
    post_sheet(hoas, report, kept, {"3.1.4": "đã đối chiếu"})
    assert {cells(report)[key].reading for key in kept} == {Reading.COPIED}


def test_record_and_appendix_say_which_figures_nobody_has_looked_at(
    last: Submission, report: Submission, hoas: Client
) -> None:
    take(hoas, report, ["3.1.4", "4.2.e"])
    look_at(hoas, report, ["4.2.e"])
    looked, taken, *_ = [event for event in record_of(stored(report)).events if event.changes]
    assert (looked.via, taken.via) == (
        "lấy lại từ kỳ trước",
        "lấy lại từ kỳ trước (Báo cáo quý trước)",
    )
    assert [change.after for change in taken.changes] == [
        "1.250; Lấy lại số kỳ trước, chưa xem lại",
        "79,07 (34/43); Lấy lại số kỳ trước, chưa xem lại",
    ]
    assert [(change.before, change.after) for change in looked.changes] == [
        ("79,07 (34/43); Lấy lại số kỳ trước, chưa xem lại", "79,07 (34/43)")
    ]
    appendix = submission_appendix(snapshot(stored(report)), Heading("Sở", "", "quý này"))
    remarks = {line.key: line.remark for line in appendix.lines}
    assert "Lấy lại số kỳ trước, chưa xem lại" in remarks["3.1.4"]
    assert "Lấy lại" not in remarks["4.2.e"]


# When, and by whom


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_a_report_that_was_handed_in_takes_nothing(
    last: Submission, report: Submission, hoas: Client, hanh: User, state: str
) -> None:
    take(hoas, report, ["3.1.4"])
    shown = offered(hoas.get(address(report)))
    moved(report, "submit", by=clerk_of(report.agency))
    if state == "approved":
        moved(report, "approve", by=hanh)
    before = everything(report)
    for response in (take(hoas, report, ["1.6"], shown=shown), look_at(hoas, report, ["3.1.4"])):
        assert response.status_code == 409
        assert "nên không sửa được số liệu" in response.content.decode()
        assert "<button class" not in response.content.decode()
    assert everything(report) == before
    assert hoas.get(address(report)).status_code == 200


def test_a_closed_round_takes_nothing(last: Submission, report: Submission, hoas: Client) -> None:
    shown = offered(hoas.get(address(report)))
    close(report.round)
    before = everything(report)
    response = take(hoas, report, ["3.1.4"], shown=shown)
    assert response.status_code == 409
    assert "đã đóng" in response.content.decode()
    assert everything(report) == before


def test_a_returned_report_takes_figures_after_the_round_has_closed(
    last: Submission, report: Submission, hoas: Client, hanh: User
) -> None:
    post_sheet(hoas, report, {"1.1": "3"})
    moved(report, "submit", by=clerk_of(report.agency))
    moved(report, "return", by=hanh, reason="Thiếu số TTHC.")
    close(report.round)
    assert take(hoas, report, ["3.1.4"]).status_code == 302
    assert cells(report)["3.1.4"].number == Decimal(1250)


def test_another_agency_finds_no_such_page(
    last: Submission, report: Submission, thu: User, client: Client
) -> None:
    client.force_login(thu)
    before = everything(report)
    assert client.get(address(report)).status_code == 404
    assert take(client, report, ["3.1.4"], shown={"3.1.4": "1.250"}).status_code == 404
    assert everything(report) == before


def test_who_only_reads_is_told_and_may_not_write(
    last: Submission, report: Submission, hanh: User, client: Client
) -> None:
    client.force_login(hanh)
    page = client.get(address(report)).content.decode()
    assert "không được nhập số liệu cho đơn vị" in page
    assert 'type="checkbox"' not in page
    before = everything(report)
    assert take(client, report, ["3.1.4"], shown={"3.1.4": "1.250"}).status_code == 409
    assert everything(report) == before


def test_the_last_reports_words_are_shown_as_text(
    last: Submission, report: Submission, hoas: Client, hanh: User
) -> None:
    evil = '"><script>alert(1)</script>'
    response = take(hoas, report, ["3.1.4"], shown={"3.1.4": evil})
    assert "<script>alert" not in response.content.decode()


def test_the_queries_do_not_grow_with_the_rows(
    report: Submission, minh_hoa: Agency, hoas: Client, hanh: User
) -> None:
    counts = []
    rows = [row for row in form_definition(report.form_version).typed_rows if not row.options]
    asked = [row.key for row in rows if snapshot(report).scope(row) != "outside"]
    for number, keys in enumerate((["3.1.4"], [key for key in asked if key.startswith("4.2")])):
        round_ = opened_round(minh_hoa, f"MH-{number}", by=hanh, data_to_days_ago=90 - number)
        approved(report_of(round_, report.agency), dict.fromkeys(keys, "3"))
        with CaptureQueriesContext(connection) as shown:
            found = offered(hoas.get(address(report)))
        with CaptureQueriesContext(connection) as taken:
            take(hoas, report, [], shown=found, all="1")
        counts.append((len(found), len(shown), len(taken)))
    (few, *first), (many, *second) = counts
    assert few < many
    # The first saving also starts the report: two statements.
    assert (first[0], first[1] - 2) == tuple(second)
