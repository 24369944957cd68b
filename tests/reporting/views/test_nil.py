"""Saying «không phát sinh» for all rows that are still blank."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.queries.definitions import form_definition
from reporting.documents.record import record_of
from reporting.models import Figure, FigureChange, Submission, User
from reporting.printing.appendix import Heading, submission_appendix
from reporting.printing.cells import printed_total
from reporting.queries.figures import snapshot
from reporting.queries.province import province_table
from reporting.snapshot import Cell, FigureStatus
from reporting.workflow import Role
from tests.cast import approved, clerk_of, form, moved, person, reviewer_of, stored, typed
from tests.reporting.actions.acts import close, everything
from tests.reporting.views.pages import ASKED_OF_A_DEPARTMENT, cells, post_sheet, sheet_row

NIL = Cell(status=FigureStatus.NIL)


@pytest.fixture
def hoas(client: Client, hoa: User) -> Client:
    client.force_login(hoa)
    return client


def address(report: Submission, section: str = "") -> str:
    return f"/bao-cao/{report.pk}/khong-phat-sinh/{f'?phan={section}' if section else ''}"


def shown_rows(response: Any) -> list[str]:
    return [blank.row.key for part in response.context["parts"] for blank in part.blank]


def ids(report: Submission, keys: Sequence[str]) -> list[str]:
    rows = form_definition(report.form_version).by_key
    return [str(rows[key].id) for key in keys]


def mark(
    client: Client,
    report: Submission,
    keys: Sequence[str] | None = None,
    *,
    section: str = "",
    revision: int | None = None,
) -> Any:
    """Post the page as drawn now, or the rows ``keys`` of one drawn at ``revision``."""
    where = address(report, section)
    keys = shown_rows(client.get(where)) if keys is None else keys
    revision = stored(report).revision if revision is None else revision
    return client.post(where, {"revision": str(revision), "take": ids(report, keys)})


def said(response: Any, client: Client) -> list[str]:
    followed = client.get(response.headers["Location"].partition("#")[0])
    return [str(message) for message in followed.context["messages"]]


# What is shown


def test_every_blank_row_of_the_agency_is_shown_and_nothing_is_written(
    report: Submission, hoas: Client
) -> None:
    typed(report, {"1.1": "3", "1.2.a": "0", "2.2.a": "ktpv"})
    before = everything(report)
    response = hoas.get(address(report))
    rows = shown_rows(response)
    assert (len(rows), response.context["answered"]) == (ASKED_OF_A_DEPARTMENT - 3, 3)
    assert not {"1.1", "1.2.a", "2.2.a", "1", "3.4.1", "4.1.3"}.intersection(rows)
    page = response.content.decode()
    assert f"Ghi «Không phát sinh» ở {ASKED_OF_A_DEPARTMENT - 3} dòng" in page
    assert page.count('name="take"') == ASKED_OF_A_DEPARTMENT - 3
    assert "<b>3 dòng</b> đã có số liệu hoặc câu trả lời được giữ nguyên" in page
    assert everything(report) == before


def test_one_section_is_shown_alone(report: Submission, hoas: Client) -> None:
    typed(report, {"2.2.a": "3", "1.1": "3"})
    response = hoas.get(address(report, "2"))
    assert [part.key for part in response.context["parts"]] == ["2"]
    assert {key[0] for key in shown_rows(response)} == {"2"}
    assert response.context["answered"] == 1
    assert f'action="{address(report, "2")}"' in response.content.decode()


def test_a_section_that_the_form_has_not_is_unknown(report: Submission, hoas: Client) -> None:
    assert hoas.get(address(report, "99")).status_code == 404
    assert mark(hoas, report, ["1.1"], section="99").status_code == 404
    assert cells(report) == {}


def test_nothing_blank_is_said(report: Submission, hoas: Client) -> None:
    mark(hoas, report)
    page = hoas.get(address(report)).content.decode()
    assert "Không còn dòng nào trống." in page
    assert "<button class" not in page


# What is marked


def test_exactly_the_blank_rows_are_marked_and_where_it_came_from_is_kept(
    report: Submission, hoas: Client, hoa: User
) -> None:
    typed(report, {"2.2.a": "3", "1.1": "3"})
    figures = cells(report)
    rows = shown_rows(hoas.get(address(report, "2")))
    response = mark(hoas, report, section="2")
    assert response.headers["Location"] == f"/bao-cao/{report.pk}/#s-2"
    assert said(response, hoas) == [f"Đã ghi «Không phát sinh» ở {len(rows)} dòng."]
    assert cells(report) == figures | dict.fromkeys(rows, NIL)
    changes = FigureChange.objects.filter(submission=report, via="nil")
    assert changes.count() == len(rows)
    assert set(changes.values_list("by", flat=True)) == {hoa.pk}
    newest = next(event for event in record_of(stored(report)).events if event.changes)
    assert newest.via == "ghi không phát sinh cho cả phần"
    assert {(change.before, change.after) for change in newest.changes} == {
        ("trống", "Không phát sinh")
    }


def test_the_whole_report_is_marked_in_one_saving(report: Submission, hoas: Client) -> None:
    response = mark(hoas, report)
    assert response.headers["Location"] == f"/bao-cao/{report.pk}/"
    assert set(cells(report).values()) == {NIL}
    assert len(cells(report)) == ASKED_OF_A_DEPARTMENT
    assert (stored(report).revision, stored(report).state) == (2, "draft")


def test_a_row_with_only_a_note_counts_as_blank_and_keeps_it(
    report: Submission, hoas: Client
) -> None:
    post_sheet(hoas, report, {}, {"1.1": "Dự kiến <b>Quý IV</b>"})
    assert "(ghi chú: Dự kiến &lt;b&gt;Quý IV&lt;/b&gt;)" in (
        hoas.get(address(report)).content.decode()
    )
    mark(hoas, report, ["1.1"])
    assert cells(report) == {"1.1": Cell(status=FigureStatus.NIL, note="Dự kiến <b>Quý IV</b>")}


def test_only_rows_that_were_shown_are_marked(report: Submission, hoas: Client) -> None:
    mark(hoas, report, ["1.1", "1.2.a"])
    assert cells(report) == {"1.1": NIL, "1.2.a": NIL}


def test_what_somebody_else_filled_in_meanwhile_stays_and_is_told(
    report: Submission, hoas: Client
) -> None:
    other = person("binh", "Lý Thị Bình", (Role.CLERK, report.agency))
    typed(report, {"1.1": "0", "1.6": "1"}, by=other)
    response = mark(hoas, report, ["1.1", "1.6", "1.2.a"], revision=0)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Đã ghi 1 dòng; 2 dòng chưa ghi" in page
    assert "Lý Thị Bình đã ghi «0» lúc" in page
    assert "Lý Thị Bình đã ghi «1 = Có» lúc" in page
    assert cells(report) == {
        "1.1": Cell(number=Decimal(0), written="0"),
        "1.6": Cell(choice="1"),
        "1.2.a": NIL,
    }


def test_a_note_written_meanwhile_is_kept(report: Submission, hoas: Client) -> None:
    post_sheet(hoas, report, {}, {"1.1": "chờ số"})
    assert mark(hoas, report, ["1.1"], revision=0).status_code == 302
    assert cells(report)["1.1"] == Cell(status=FigureStatus.NIL, note="chờ số")


def test_the_same_page_posted_twice_writes_once(report: Submission, hoas: Client) -> None:
    mark(hoas, report, ["1.1"], revision=0)
    before = everything(report)
    response = mark(hoas, report, ["1.1"], revision=0)
    assert said(response, hoas)[-1] == (
        "Không ghi thêm dòng nào: các dòng này đều đã có câu trả lời."
    )
    assert everything(report) == before


@pytest.mark.parametrize("key", ["1", "3.4.1", "4.1.3", "1.1"])
def test_rows_that_are_not_blank_rows_of_the_agency_stay(
    report: Submission, hoas: Client, key: str
) -> None:
    """A heading, a computed rate, a row of another's, and one that has its figure."""
    typed(report, {"1.1": "3"})
    before = everything(report)
    assert mark(hoas, report, [key]).status_code == 302
    assert everything(report) == before


def test_rows_of_other_forms_and_nonsense_change_nothing(report: Submission, hoas: Client) -> None:
    other = form_definition(form("PL2-XA-QN-2022")).typed_rows[0].id
    before = everything(report)
    for take in ([str(other)], ["0", "-1", "x", "\x00", "9" * 40], []):
        assert hoas.post(address(report), {"revision": "x", "take": take}).status_code == 302
    assert everything(report) == before


# Nothing arose, nothing was counted, nothing was said: three different things


def test_nil_is_neither_zero_nor_blank_in_store_sheet_and_appendix(
    report: Submission, hoas: Client
) -> None:
    typed(report, {"1.2.a": "0"})
    mark(hoas, report, ["1.1"])
    rows = {row.key: row.id for row in form_definition(report.form_version).rows}
    stored_cells = {
        figure.row_id: (figure.status, figure.number)
        for figure in Figure.objects.filter(submission=report)
    }
    assert stored_cells == {
        rows["1.1"]: ("nil", None),
        rows["1.2.a"]: ("reported", Decimal(0)),
    }
    page = hoas.get(f"/bao-cao/{report.pk}/")
    keys = ("1.1", "1.2.a", "1.2.b")
    assert [sheet_row(page, key).box for key in keys] == ["Không phát sinh", "0", ""]
    appendix = submission_appendix(snapshot(stored(report)), Heading("Sở", "", "quý này"))
    lines = {line.key: line.figure for line in appendix.lines}
    assert [(lines[key].text, lines[key].number) for key in keys] == [
        ("Không phát sinh", None),
        ("0", Decimal(0)),
        ("", None),
    ]


def test_nil_is_neither_zero_nor_blank_in_the_provinces_total(
    report: Submission, noi_vu_report: Submission, hoas: Client
) -> None:
    """One department: nothing in 1.1, 0 in 1.2.a, no word of 1.2.b. The other: 7 in 2.2.a alone."""
    typed(report, {"1.2.a": "0"})
    mark(hoas, report, ["1.1", "2.2.a"])
    moved(report, "submit", by=clerk_of(report.agency))
    moved(report, "approve", by=reviewer_of(report))
    approved(noi_vu_report, {"2.2.a": "7"})
    table = province_table(report.round, form("PL2-KH-2022"))
    found = {
        total.row.key: (printed_total(total).text, total.reported, total.expected)
        for total in table.totals
    }
    expected = found["1.2.b"][2]
    assert found["1.1"] == ("Không phát sinh", 1, found["1.1"][2])
    assert found["1.2.a"] == ("0", 1, expected)
    assert found["1.2.b"] == ("", 0, expected)
    assert found["2.2.a"][:2] == ("7", 2)


# When, and by whom


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_a_report_that_was_handed_in_is_not_marked(
    report: Submission, hoas: Client, state: str
) -> None:
    typed(report, {"1.1": "3"})
    moved(report, "submit", by=clerk_of(report.agency))
    if state == "approved":
        moved(report, "approve", by=reviewer_of(report))
    before = everything(report)
    response = mark(hoas, report, ["1.2.a"])
    assert response.status_code == 409
    assert "nên không sửa được số liệu" in response.content.decode()
    assert "<button class" not in response.content.decode()
    assert everything(report) == before
    assert 'name="take"' not in hoas.get(address(report)).content.decode()


def test_a_closed_round_is_not_marked(report: Submission, hoas: Client) -> None:
    close(report.round)
    before = everything(report)
    response = mark(hoas, report, ["1.1"])
    assert response.status_code == 409
    assert "đã đóng" in response.content.decode()
    assert everything(report) == before


def test_another_agency_finds_no_such_page(report: Submission, thu: User, client: Client) -> None:
    client.force_login(thu)
    before = everything(report)
    assert client.get(address(report)).status_code == 404
    assert mark(client, report, ["1.1"]).status_code == 404
    assert everything(report) == before


def test_who_only_reads_may_not_mark(report: Submission, hanh: User, client: Client) -> None:
    client.force_login(hanh)
    assert "không được nhập số liệu cho đơn vị" in client.get(address(report)).content.decode()
    before = everything(report)
    assert mark(client, report, ["1.1"]).status_code == 409
    assert everything(report) == before


def test_the_queries_do_not_grow_with_the_rows(report: Submission, hoas: Client) -> None:
    typed(report, {"1.1": "3"})
    counts = []
    for keys in (["1.2.a"], [f"3.1.4{end}" for end in ("", ".a", ".b", ".c")]):
        with CaptureQueriesContext(connection) as shown:
            hoas.get(address(report))
        with CaptureQueriesContext(connection) as marked:
            mark(hoas, report, keys)
        counts.append((len(shown), len(marked)))
    assert counts[0] == counts[1]
