"""The page for pasting: what it shows before anything is written, and what a confirming writes."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.queries.definitions import form_definition
from reporting.documents.record import record_of
from reporting.models import Figure, FigureChange, Submission, Transition, User
from reporting.workflow import Role
from tests.cast import brought_to, moved, person, stored, typed
from tests.reporting.test_pasted import block
from tests.reporting.views.pages import boxes, cells

NAME = "Số văn bản chỉ đạo CCHC đã ban hành (Kế hoạch, công văn chỉ đạo, quán triệt)"
BLOCK = f"1.1\t{NAME}\tVăn bản\t13\t\n\t- Số nhiệm vụ đề ra trong kế hoạch\tNhiệm vụ\t27\t\n"


@pytest.fixture
def hoas(client: Client, hoa: User) -> Client:
    client.force_login(hoa)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def pasted(client: Client, submission: Submission, text: str, **more: str) -> Any:
    return client.post(f"/bao-cao/{submission.pk}/dan/", {"text": text, **more})


def confirmed(
    client: Client,
    submission: Submission,
    figures: Mapping[str, str],
    *,
    take: Iterable[str] | None = None,
    revision: int | None = None,
    text: str = BLOCK,
    **more: str,
) -> Any:
    """Post the preview's form with ``figures`` (row key → text), the rows of ``take`` ticked."""
    rows = form_definition(submission.form_version).by_key
    return client.post(
        f"/bao-cao/{submission.pk}/dan/",
        {
            "text": text,
            "confirm": "1",
            "revision": str(stored(submission).revision if revision is None else revision),
            "take": [str(rows[key].id) for key in (figures if take is None else take)],
            **boxes(submission, figures),
            **more,
        },
    )


def numbers(submission: Submission) -> dict[str, str]:
    return {key: cell.written for key, cell in cells(submission).items()}


def test_the_page_offers_a_box_and_the_rows_to_begin_at(report: Submission, hoas: Client) -> None:
    response = hoas.get(f"/bao-cao/{report.pk}/dan/?tu=1.2.a")
    page = text_of(response)
    assert response.status_code == 200
    assert '<textarea id="text" name="text"' in page
    assert page.count("<option ") == 208
    assert re.findall(r'<option value="([^"]+)" selected>([^<]+)', page) == [
        ("1.2.a", "«Số nhiệm vụ đề ra trong kế hoạch» (thuộc 1.2)")
    ]


def test_a_row_that_is_none_is_not_chosen(report: Submission, hoas: Client) -> None:
    page = text_of(hoas.get(f'/bao-cao/{report.pk}/dan/?tu="><script>'))
    assert "selected" not in page
    assert "<script>" not in page


def test_a_preview_changes_nothing(report: Submission, hoas: Client) -> None:
    typed(report, {"1.1": "9"})
    before = stored(report).revision
    response = pasted(hoas, report, block("seed-000"))
    assert response.status_code == 200
    assert (stored(report).revision, numbers(report)) == (before, {"1.1": "9"})
    assert FigureChange.objects.count() == 1
    page = text_of(response)
    assert "Sẽ ghi 62 ô; 1 ô thay số cũ; 6 dòng không đặt được" in page
    assert "Ghi 62 ô</button>" in page
    assert page.count('name="take"') == page.count(" checked") == 62
    assert f'name="revision" value="{before}"' in page
    assert "7 dòng tự tính không ghi theo khối dán" in page


def test_a_preview_says_what_stands_and_what_is_not_taken(report: Submission, hoas: Client) -> None:
    typed(report, {"1.1": "9"})
    response = pasted(hoas, report, BLOCK.replace("27", "5,356"))
    lines = {one.line.row.key: one for one in response.context["offered"]}
    assert (lines["1.1"].line.now, lines["1.1"].is_ticked) == ("9", True)
    assert (lines["1.2.a"].line.effect, lines["1.2.a"].is_ticked) == ("refused", False)
    page = text_of(response)
    assert "thay số cũ" in page
    assert "5 nghìn 356" in page
    assert page.count('name="take"') == 1


def test_confirming_writes_with_the_record(report: Submission, hoas: Client, hoa: User) -> None:
    response = confirmed(hoas, report, {"1.2.a": "27", "1.1": "13"})
    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"/bao-cao/{report.pk}/#r-1.1",
    )
    assert numbers(report) == {"1.1": "13", "1.2.a": "27"}
    changes = FigureChange.objects.filter(submission=report)
    assert {(change.via, change.by, change.before) for change in changes} == {("paste", hoa, None)}
    event = next(event for event in record_of(stored(report)).events if event.changes)
    assert (event.via, event.what) == ("dán từ bảng tính", "lưu 2 ô số liệu")
    assert "Đã ghi 2 ô từ khối dán." in text_of(hoas.get(f"/bao-cao/{report.pk}/"))


def test_what_the_preview_posts_is_what_it_showed(report: Submission, hoas: Client) -> None:
    """The page's own fields, posted as they stand, write all that it said."""
    page = text_of(pasted(hoas, report, block("seed-000")))
    form = page[page.index('name="confirm"') : page.index('class="save"')]
    fields = dict(re.findall(r'type="hidden" name="(f\d+)" value="([^"]*)"', form))
    take = re.findall(r'name="take" value="(\d+)" checked', form)
    response = hoas.post(
        f"/bao-cao/{report.pk}/dan/",
        {"text": "1", "start": "1.1", "confirm": "1", "revision": "0", "take": take, **fields},
    )
    assert response.status_code == 302
    assert Figure.objects.filter(submission=report).count() == len(take) == 62
    assert cells(report)["3.4.1.a"].number == 5356


def test_rows_that_are_not_ticked_are_left(report: Submission, hoas: Client) -> None:
    typed(report, {"1.1": "9"})
    confirmed(hoas, report, {"1.1": "13", "1.2.a": "27"}, take=["1.2.a"])
    assert numbers(report) == {"1.1": "9", "1.2.a": "27"}


def test_nothing_ticked_writes_nothing_and_says_so(report: Submission, hoas: Client) -> None:
    response = confirmed(hoas, report, {"1.1": "13"}, take=[])
    assert response.status_code == 422
    assert "chưa đánh dấu dòng nào" in text_of(response)
    assert numbers(report) == {}
    assert response.context["ticked"] == 0


def test_what_stands_already_is_no_change(report: Submission, hoas: Client) -> None:
    typed(report, {"1.1": "13"})
    response = confirmed(hoas, report, {"1.1": "13"})
    assert response.headers["Location"] == f"/bao-cao/{report.pk}/"
    assert FigureChange.objects.count() == 1


def test_a_blank_never_clears_a_row(report: Submission, hoas: Client) -> None:
    typed(report, {"1.1": "9"})
    assert confirmed(hoas, report, {"1.1": " \xa0"}).status_code == 422
    assert numbers(report) == {"1.1": "9"}


def test_forged_rows_and_fields_are_ignored(
    report: Submission, commune_report: Submission, hoas: Client
) -> None:
    """A heading, a computed rate, a row of another form, a note and words for an id."""
    rows = form_definition(report.form_version).by_key
    other = form_definition(commune_report.form_version).typed_rows[0].id
    ids = [rows["1"].id, rows["1.2"].id, other, rows["1.1"].id]
    response = hoas.post(
        f"/bao-cao/{report.pk}/dan/",
        {
            "text": BLOCK,
            "confirm": "1",
            "revision": "0",
            "take": [*map(str, ids), "x", "-1", "1 OR 1=1"],
            **{f"f{row_id}": "7" for row_id in ids},
            f"n{rows['1.1'].id}": "ghi chú",
            "fx": "7",
        },
    )
    assert response.status_code == 302
    assert numbers(report) == {"1.1": "7"}
    assert cells(report)["1.1"].note == ""
    assert cells(commune_report) == {}


def test_what_cannot_be_read_is_not_written(report: Submission, hoas: Client) -> None:
    text = BLOCK.replace("13", "mười ba")
    response = confirmed(hoas, report, {"1.1": "mười ba", "1.2.a": "27"}, text=text)
    assert response.status_code == 422
    assert numbers(report) == {"1.2.a": "27"}
    assert "«mười ba» có chữ" in text_of(response)


def test_what_another_wrote_since_the_preview_is_shown_and_not_overwritten(
    report: Submission, hoas: Client
) -> None:
    seen = stored(report).revision
    ha = person("ha", "Lý Thị Hà", (Role.CLERK, report.agency))
    typed(report, {"1.1": "9"}, by=ha)
    response = confirmed(hoas, report, {"1.1": "13", "1.2.a": "27"}, revision=seen)
    assert response.status_code == 422
    assert numbers(report) == {"1.1": "9", "1.2.a": "27"}
    page = text_of(response)
    assert "Đã ghi 1 ô; 1 ô chưa ghi vì người khác vừa ghi" in page
    assert re.search(r"Lý Thị Hà đã ghi «9» lúc \d\d:\d\d ngày .*; số của ông/bà là\s«13»", page)
    ticks = {one.line.row.key: one.is_ticked for one in response.context["offered"]}
    assert ticks == {"1.1": False, "1.2.a": False}
    # Ticked again, on what was shown now, it is written.
    again = response.context["revision"]
    assert again == stored(report).revision
    assert confirmed(hoas, report, {"1.1": "13"}, revision=again).status_code == 302
    assert numbers(report) == {"1.1": "13", "1.2.a": "27"}


def test_the_same_figure_by_two_people_is_no_conflict(report: Submission, hoas: Client) -> None:
    seen = stored(report).revision
    typed(report, {"1.1": "13"}, by=person("ha", "Lý Thị Hà", (Role.CLERK, report.agency)))
    assert confirmed(hoas, report, {"1.1": "13"}, revision=seen).status_code == 302


@pytest.mark.parametrize("confirm", [{}, {"confirm": "1"}])
@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_a_report_that_takes_no_figures_keeps_the_text(
    report: Submission, hoas: Client, state: str, confirm: dict[str, str]
) -> None:
    brought_to(state, report, {"1.1": "9"})
    response = pasted(hoas, report, BLOCK, **confirm)
    page = text_of(response)
    assert response.status_code == 409
    assert "nên không sửa được số liệu" in page
    assert NAME in page
    assert "Xem trước</button>" not in page
    assert numbers(report) == {"1.1": "9"}


def test_a_report_handed_in_since_the_preview_is_not_written(
    report: Submission, hoas: Client, hoa: User
) -> None:
    typed(report, {"1.1": "9"})
    seen = stored(report).revision
    moved(report, "submit", by=hoa)
    assert confirmed(hoas, report, {"1.1": "13"}, revision=seen).status_code == 409
    assert numbers(report) == {"1.1": "9"}
    assert Transition.objects.filter(submission=report, via="paste").count() == 0


@pytest.mark.parametrize("who", ["hanh", "dat"])
def test_who_only_looks_is_told_so(
    report: Submission, client: Client, request: pytest.FixtureRequest, who: str
) -> None:
    client.force_login(request.getfixturevalue(who))
    shown = client.get(f"/bao-cao/{report.pk}/dan/")
    assert shown.status_code == 200
    assert "không được nhập số liệu cho đơn vị" in text_of(shown)
    assert 'name="text"' not in text_of(shown)
    assert pasted(client, report, BLOCK).status_code == 409


def test_markup_in_the_block_is_text(report: Submission, hoas: Client) -> None:
    evil = '</textarea><script>alert("1")</script>'
    text = f"1.1\t{NAME}\t{evil}\t{evil}\t\n9.9\t{evil}\tHồ sơ\t4\t\n"
    for response in (
        pasted(hoas, report, text),
        pasted(hoas, report, evil),
        confirmed(hoas, report, {"1.1": evil}, text=text),
    ):
        page = text_of(response)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_leading_blank_lines_survive_the_page(report: Submission, hoas: Client) -> None:
    """A browser drops the first line break of a textarea: the page writes one more."""
    page = text_of(pasted(hoas, report, "\n27\n5", start="1.2"))
    assert page.count('<textarea name="text" hidden>\n\n27\n5</textarea>') == 2
    assert "Đang hiểu: <b>mỗi dòng dán là một dòng in trên biểu" in page


def test_the_other_way_of_counting_can_be_asked_for(report: Submission, hoas: Client) -> None:
    found = pasted(hoas, report, "27\n8\n\n5", start="1.2.a", counting="boxes").context["found"]
    assert [line.row.key for line in found.lines] == ["1.2.a", "1.2.b", "1.3.1.a"]
    unknown = pasted(hoas, report, "27\n8\n\n5", start="1.2.a", counting="?").context["found"]
    assert [line.row.key for line in unknown.lines] == ["1.2.a", "1.2.b", "1.3.1"]


def test_a_column_without_a_start_is_refused_and_kept(report: Submission, hoas: Client) -> None:
    response = pasted(hoas, report, "27\n8")
    assert response.status_code == 422
    assert "Hãy chọn dòng bắt đầu" in text_of(response)
    assert "27\n8</textarea>" in text_of(response)


def test_five_thousand_lines_are_refused_with_their_number(
    report: Submission, hoas: Client
) -> None:
    response = pasted(hoas, report, "1\n" * 5_000)
    assert response.status_code == 422
    assert "Khối dán có 5.000 dòng; nhiều nhất 2.000." in text_of(response)


def test_a_block_of_ten_megabytes_is_no_error_of_the_server(
    report: Submission, hoas: Client
) -> None:
    assert pasted(hoas, report, "x" * 10_000_000).status_code in {400, 413, 422}
    assert numbers(report) == {}


@pytest.mark.parametrize("text", [BLOCK, block("seed-000")])
def test_a_preview_costs_the_same_queries_for_two_rows_and_sixty(
    report: Submission, hoas: Client, text: str
) -> None:
    pasted(hoas, report, BLOCK)
    with CaptureQueriesContext(connection) as queries:
        pasted(hoas, report, text)
    assert len(queries) == 6
