"""The page of one row, and the same in place: its figure, lines, note, comments, history."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.queries.definitions import form_definition
from reporting.actions.comments import add_comment
from reporting.actions.figures import save_figures
from reporting.calculations.totals import Total
from reporting.documents.files import submission_file
from reporting.documents.formats import FORMATS
from reporting.models import Agency, Comment, Figure, FigureChange, Submission, User
from reporting.printing.appendix import Heading, submission_appendix
from reporting.printing.appendix import Line as PrintedLine
from reporting.queries.figures import snapshot
from reporting.queries.province import province_table
from reporting.snapshot import Cell, Detail, FigureStatus, Reading
from reporting.workflow import Role
from tests.cast import (
    approved,
    brought_to,
    form,
    moved,
    opened_round,
    person,
    report_of,
    stored,
    submitted,
    typed,
)
from tests.reporting.actions.acts import close, everything
from tests.reporting.files_by_hand import attached, pdf
from tests.reporting.views.pages import cells, sheet_row

EVIL = """<script>alert('1')</script>"><img src=x onerror="alert(1)">"""
IN_PLACE = {"HX-Request": "true"}


@pytest.fixture
def hoas(client: Client, hoa: User) -> Client:
    client.force_login(hoa)
    return client


@pytest.fixture
def hanhs(hanh: User) -> Client:
    client = Client()
    client.force_login(hanh)
    return client


@pytest.fixture
def lans(report: Submission) -> Client:
    """The browser of a second clerk of Sở Công Thương."""
    client = Client()
    client.force_login(person("lan", "Phạm Thị Lan", (Role.CLERK, report.agency)))
    return client


def page(client: Client, report: Submission, key: str = "1.1", *, in_place: bool = False) -> Any:
    headers = IN_PLACE if in_place else {}
    return client.get(f"/bao-cao/{report.pk}/dong/{key}/", headers=headers)


def post(
    client: Client,
    report: Submission,
    key: str = "1.1",
    *,
    revision: int | None = None,
    in_place: bool = False,
    **posted: str | list[str],
) -> Any:
    """Post to the row as drawn now, or as drawn at ``revision``."""
    shown = stored(report).revision if revision is None else revision
    return client.post(
        f"/bao-cao/{report.pk}/dong/{key}/",
        {"revision": str(shown), **posted},
        headers=IN_PLACE if in_place else {},
    )


def lines(*pairs: tuple[str, str]) -> dict[str, Any]:
    """Name the boxes of detail lines as the page does."""
    return {"label": [label for label, _ in pairs], "number": [number for _, number in pairs]}


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def errors(response: Any) -> list[str]:
    return list(response.context["last"].errors)


def typed_lines(response: Any) -> list[tuple[str, str]]:
    return [(line.label, line.number) for line in response.context["boxes"].lines]


# The page and the panel


def test_the_row_has_a_page_of_its_own(report: Submission, hoas: Client) -> None:
    typed(report, {"1.4.b": "=98,64%"})
    response = page(hoas, report, "1.4.b")
    shown = text_of(response)
    assert response.status_code == 200
    assert "<html" in shown
    assert "Tỷ lệ cơ quan, đơn vị, địa phương đã hoàn thành việc thực hiện kết luận" in shown
    assert "<b>98,64</b>" in shown
    assert "đọc từ «=98,64%», đọc có chuyển đổi" in shown
    assert "thuộc 1.4 Thanh tra việc thực hiện" in shown


def test_in_place_only_the_panel_is_sent(report: Submission, hoas: Client) -> None:
    response = page(hoas, report, in_place=True)
    whole = response.content.decode().strip()
    assert whole.startswith('<section class="panel row-panel" id="dong-mo"')
    assert whole.endswith("</section>")
    assert whole.count("<section") == 1
    assert "HX-Request" in response.headers["Vary"]
    assert "HX-Request" in page(hoas, report).headers["Vary"]


def test_who_goes_back_in_the_history_gets_the_page(report: Submission, hoas: Client) -> None:
    headers = IN_PLACE | {"HX-History-Restore-Request": "true"}
    response = hoas.get(f"/bao-cao/{report.pk}/dong/1.1/", headers=headers)
    assert "<html" in response.content.decode()


def test_a_key_that_the_form_has_not_is_not_found(report: Submission, hoas: Client) -> None:
    assert page(hoas, report, "9.9.9").status_code == 404
    assert post(hoas, report, "9.9.9", act="nil").status_code == 404


def test_another_agency_finds_nothing(report: Submission, client: Client, thu: User) -> None:
    client.force_login(thu)
    before = everything(report)
    assert page(client, report).status_code == 404
    for posted in ({"act": "nil"}, lines(("a", "1")), {"comment": "x"}, {"resolve": "1"}):
        assert post(client, report, **posted).status_code == 404
    assert everything(report) == before


def test_every_row_of_the_form_has_its_page(report: Submission, hoas: Client) -> None:
    for row in form_definition(report.form_version).rows[:30]:
        assert page(hoas, report, row.key).status_code == 200


def test_earlier_figures_stand_beside_it(
    minh_hoa: Agency, report: Submission, so_cong_thuong: Agency, hanh: User, hoas: Client
) -> None:
    for code, days, figure in (("MH-TRUOC", 91, "17"), ("MH-NAM", 365, "5356")):
        earlier = opened_round(minh_hoa, code, by=hanh, data_to_days_ago=days)
        approved(report_of(earlier, so_cong_thuong), {"1.1": figure})
    response = page(hoas, report)
    assert (response.context["shown"].previous, response.context["shown"].last_year) == (
        "17",
        "5.356",
    )
    shown = text_of(response)
    assert "<dt>Kỳ trước</dt><dd>17 " in shown
    assert "<dt>Cùng kỳ năm trước</dt><dd>5.356 " in shown


def test_without_earlier_reports_nothing_is_said_of_them(report: Submission, hoas: Client) -> None:
    shown = text_of(page(hoas, report))
    assert "Kỳ trước" not in shown
    assert "Cùng kỳ" not in shown


def test_whose_figure_it_is_is_said(noi_vu_report: Submission, so_noi_vu: Agency) -> None:
    client = Client()
    client.force_login(person("nga", "Vũ Thị Nga", (Role.CLERK, so_noi_vu)))
    rows = form_definition(noi_vu_report.form_version).typed_rows
    province = next(row for row in rows if row.designated == "noi_vu")
    elsewhere = next(row for row in rows if row.designated and row.designated != "noi_vu")
    assert "Phạm vi" not in text_of(page(client, noi_vu_report))  # plainly its own
    assert "Số của cả tỉnh" in text_of(page(client, noi_vu_report, province.key))
    assert "Ngoài phạm vi của đơn vị" in text_of(page(client, noi_vu_report, elsewhere.key))


# Acts


def appendix_line(report: Submission, key: str) -> PrintedLine:
    heading = Heading(agency="Sở Công Thương", place="Minh Họa", period="quý này")
    printed = submission_appendix(snapshot(stored(report)), heading).lines
    return next(line for line in printed if line.key == key)


def total_of(report: Submission, key: str) -> Total:
    table = province_table(report.round, form("PL2-KH-2022"))
    return next(total for total in table.totals if total.row.key == key)


@pytest.mark.parametrize(
    ("act", "cell", "shown", "total"),
    [
        ("nil", Cell(status=FigureStatus.NIL), "Không phát sinh", (None, 1, 3, True)),
        (
            "out_of_scope",
            Cell(status=FigureStatus.OUT_OF_SCOPE),
            "Không thuộc phạm vi",
            (None, 0, 2, False),
        ),
        ("clear", None, "", (None, 0, 3, False)),
        # What they all differ from.
        ("zero", Cell(number=Decimal(0), written="0"), "0", (Decimal(0), 1, 3, False)),
    ],
)
def test_each_act_differs_from_zero_and_from_the_others_everywhere(
    report: Submission,
    hoas: Client,
    hoa: User,
    hanh: User,
    act: str,
    cell: Cell | None,
    shown: str,
    total: tuple[Decimal | None, int, int, bool],
) -> None:
    typed(report, {"1.1": "3", "1.2.a": "7"})
    if act == "zero":
        typed(report, {"1.1": "0"})
    else:
        response = post(hoas, report, act=act)
        assert (response.status_code, response.headers["Location"]) == (
            302,
            f"/bao-cao/{report.pk}/dong/1.1/",
        )
    assert cells(report).get("1.1") == cell
    assert Figure.objects.filter(submission=report, row__key="1.1").exists() is (cell is not None)
    on_sheet = hoas.get(f"/bao-cao/{report.pk}/")
    assert (sheet_row(on_sheet, "1.1").box, sheet_row(on_sheet, "1.1").shown) == (shown, shown)
    assert appendix_line(report, "1.1").figure.text == shown
    moved(report, "submit", by=hoa)
    moved(report, "approve", by=hanh)
    found = total_of(report, "1.1")
    assert (found.number, found.reported, found.expected, found.all_nil) == total


def test_an_act_leaves_note_and_lines_and_its_trace(
    report: Submission, hoas: Client, hoa: User
) -> None:
    post(hoas, report, note="tạm tính", **lines(("Hộ tịch", "4")))
    post(hoas, report, act="nil")
    cell = cells(report)["1.1"]
    assert (cell.status, cell.note, len(cell.details)) == (FigureStatus.NIL, "tạm tính", 1)
    last = FigureChange.objects.filter(submission=report).last()
    assert last is not None
    assert (last.by, last.via) == (hoa, "panel")
    assert stored(report).state == "draft"


@pytest.mark.parametrize("act", ["", "zero", "delete"])
def test_an_act_that_is_none_is_not_found(report: Submission, hoas: Client, act: str) -> None:
    typed(report, {"1.1": "3"})
    before = everything(report)
    assert post(hoas, report, act=act).status_code == 404
    assert everything(report) == before


@pytest.mark.parametrize("key", ["1", "1.2"])
def test_a_heading_and_a_computed_row_take_no_acts_lines_or_notes(
    report: Submission, hoas: Client, key: str
) -> None:
    typed(report, {"1.2.a": "4", "1.2.b": "3"})
    shown = text_of(page(hoas, report, key))
    assert 'name="act"' not in shown
    assert 'name="label"' not in shown
    assert 'name="note"' not in shown
    before = everything(report)
    for posted in ({"act": "nil"}, {"note": "x"}, lines(("a", "1")), {"more": "1"}):
        response = post(hoas, report, key, **posted)
        assert response.status_code == 409
        assert "nên không nhập được số liệu, dòng chi tiết hay ghi chú." in errors(response)[0]
    assert everything(report) == before


def test_a_computed_row_says_so(report: Submission, hoas: Client) -> None:
    typed(report, {"1.2.a": "4", "1.2.b": "3"})
    shown = text_of(page(hoas, report, "1.2"))
    assert '<b>75</b> <span class="soft">tự tính từ các dòng khác</span>' in shown


@pytest.mark.parametrize("key", ["1.6", "1.4.b"])
def test_acts_are_of_every_typed_kind(report: Submission, hoas: Client, key: str) -> None:
    post(hoas, report, key, act="nil")
    assert cells(report)[key] == Cell(status=FigureStatus.NIL)


# Detail lines and note


def test_lines_and_note_are_saved_and_the_figure_stays(report: Submission, hoas: Client) -> None:
    typed(report, {"1.1": "5"})
    response = post(
        hoas,
        report,
        note="theo sổ",
        **lines(("Nuôi con nuôi", "04"), ("", ""), ("Bản sao", "1.200")),
    )
    assert response.status_code == 302
    assert cells(report)["1.1"] == Cell(
        number=Decimal(5),
        written="5",
        note="theo sổ",
        details=(
            Detail("Nuôi con nuôi", Decimal(4), "04"),
            Detail("Bản sao", Decimal(1200), "1.200"),
        ),
    )
    followed = page(hoas, report)
    assert "Cộng các dòng chi tiết là 1.204, còn ô số là 5." in text_of(followed)
    assert [str(message) for message in followed.context["messages"]] == ["Đã lưu dòng này."]
    assert appendix_line(report, "1.1").remark == "theo sổ\n+ Nuôi con nuôi: 4\n+ Bản sao: 1.200"


def test_the_sum_fills_the_figure(report: Submission, hoas: Client) -> None:
    typed(report, {"1.1": "5"})
    post(hoas, report, fill="1", **lines(("a", "1.200"), ("b", "4")))
    cell = cells(report)["1.1"]
    assert (cell.number, cell.written) == (Decimal(1204), "1.204")
    assert "Cộng các dòng chi tiết" not in text_of(page(hoas, report))


def test_a_rate_is_not_filled_with_a_sum(report: Submission, hoas: Client) -> None:
    assert 'name="fill"' not in text_of(page(hoas, report, "1.4.b"))
    post(hoas, report, "1.4.b", fill="1", **lines(("a", "20"), ("b", "30")))
    cell = cells(report)["1.4.b"]
    assert (cell.number, len(cell.details)) == (None, 2)


def test_a_choice_takes_a_note_and_no_lines(report: Submission, hoas: Client) -> None:
    assert 'name="label"' not in text_of(page(hoas, report, "1.6"))
    post(hoas, report, "1.6", note="đang làm", **lines(("a", "1")))
    assert cells(report)["1.6"] == Cell(status=FigureStatus.NOTE, note="đang làm")


def test_one_empty_line_more_than_stored_is_offered(report: Submission, hoas: Client) -> None:
    assert text_of(page(hoas, report)).count('name="label"') == 1
    post(hoas, report, **lines(("a", "1"), ("b", "2")))
    assert text_of(page(hoas, report)).count('name="label"') == 3


def test_more_lines_are_offered_with_what_was_typed_and_nothing_saved(
    report: Submission, hoas: Client
) -> None:
    before = everything(report)
    response = post(
        hoas,
        report,
        more="1",
        note="chưa xong",
        fill="1",
        revision=0,
        **lines(("a", "x"), ("", "")),
    )
    assert response.status_code == 200
    assert text_of(response).count('name="label"') == 7
    assert typed_lines(response) == [("a", "x")]
    boxes = response.context["boxes"]
    assert (boxes.note, boxes.fill, boxes.revision) == ("chưa xong", True, 0)
    assert everything(report) == before


def test_no_more_lines_are_offered_than_may_be_kept(report: Submission, hoas: Client) -> None:
    many = [("a", str(number)) for number in range(48)]
    response = post(hoas, report, more="1", **lines(*many, ("", "")))
    assert text_of(response).count('name="label"') == 50
    response = post(hoas, report, **lines(*many, ("b", "1"), ("c", "1"), ("d", "1")))
    assert response.status_code == 422
    assert errors(response) == ["Có 51 dòng chi tiết; nhiều nhất 50 dòng."]
    assert len(typed_lines(response)) == 51
    assert text_of(response).count('name="label"') == 51


def test_a_refusal_keeps_everything_typed_with_a_sentence_for_each_line(
    report: Submission, hoas: Client
) -> None:
    typed(report, {"1.1": "5"})
    before = everything(report)
    response = post(
        hoas,
        report,
        note="tạm tính",
        fill="1",
        **lines(("a", "x"), ("b", "2"), ("", "3"), ("c", "")),
    )
    assert response.status_code == 422
    assert typed_lines(response) == [("a", "x"), ("b", "2"), ("", "3"), ("c", "")]
    told = [line.sentence for line in response.context["boxes"].lines]
    assert [bool(sentence) for sentence in told] == [True, False, True, True]
    assert len(errors(response)) == 3
    assert (response.context["boxes"].note, response.context["boxes"].fill) == ("tạm tính", True)
    assert everything(report) == before
    again = post(
        hoas,
        report,
        revision=response.context["boxes"].revision,
        note="tạm tính",
        fill="1",
        **lines(("a", "1"), ("b", "2")),
    )
    assert again.status_code == 302
    assert cells(report)["1.1"].number == Decimal(3)


def test_nothing_changed_is_said(report: Submission, hoas: Client) -> None:
    post(hoas, report, note="theo sổ", **lines(("a", "04")))
    before = everything(report)
    post(hoas, report, note="theo sổ", **lines(("a", "04"), ("", "")))
    assert everything(report) == before
    told = [str(message) for message in page(hoas, report).context["messages"]]
    assert told[-1] == "Không có gì thay đổi."


# Two people at one row


def test_the_second_is_shown_both_values_the_name_and_what_to_do(
    report: Submission, hoas: Client, lans: Client
) -> None:
    typed(report, {"1.1": "3"})
    seen = stored(report).revision
    post(hoas, report, fill="1", **lines(("a", "4")))
    response = post(lans, report, revision=seen, note="của Lan", **lines(("b", "5")))
    assert response.status_code == 422
    [sentence] = errors(response)
    assert "Nguyễn Thị Hoa đã ghi «4; + a: 4» ở dòng này lúc " in sentence
    assert "Của ông/bà là «3; của Lan; + b: 5», chưa được lưu: bấm lần nữa để thay" in sentence
    assert typed_lines(response) == [("b", "5")]
    assert cells(report)["1.1"].details == (Detail("a", Decimal(4), "4"),)
    again = post(
        lans,
        report,
        revision=response.context["boxes"].revision,
        note="của Lan",
        **lines(("b", "5")),
    )
    assert again.status_code == 302
    cell = cells(report)["1.1"]
    assert (cell.number, cell.details) == (Decimal(4), (Detail("b", Decimal(5), "5"),))


def test_an_act_on_what_somebody_has_written_meanwhile_overwrites_nothing(
    report: Submission, hoas: Client, lans: Client
) -> None:
    post(hoas, report, **lines(("a", "4")), fill="1")
    response = post(lans, report, revision=0, act="nil")
    assert response.status_code == 422
    assert "Nguyễn Thị Hoa đã ghi «4; + a: 4»" in errors(response)[0]
    assert "Của ông/bà là «Không phát sinh»" in errors(response)[0]
    # What the other person wrote stands in the boxes: to press again does not drop it.
    assert typed_lines(response) == [("a", "4")]
    assert cells(report)["1.1"].number == Decimal(4)


def test_a_note_and_a_figure_of_two_people_are_joined(
    report: Submission, hoas: Client, lans: Client
) -> None:
    typed(report, {"1.1": "3"})
    response = post(lans, report, revision=0, note="của Lan", **lines(("", "")))
    assert response.status_code == 302
    assert (cells(report)["1.1"].number, cells(report)["1.1"].note) == (Decimal(3), "của Lan")


def test_lines_that_cannot_be_read_are_told_of_the_other_writer_as_well(
    report: Submission, hoas: Client, lans: Client
) -> None:
    typed(report, {"1.1": "3"})
    response = post(lans, report, revision=0, **lines(("b", "x")))
    assert response.status_code == 422
    assert [sentence[:15] for sentence in errors(response)] == [
        "Dòng chi tiết 1",
        "Nguyễn Thị Hoa ",
    ]
    assert typed_lines(response) == [("b", "x")]


# States that take no figures, and who only reads


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_a_report_handed_in_takes_nothing_and_loses_nothing_typed(
    report: Submission, hoas: Client, state: str
) -> None:
    brought_to(state, report, {"1.1": "3"})
    before = everything(report)
    for posted, typed_text in (
        (lines(("Hộ tịch", "4")), "Hộ tịch: 4"),
        ({"note": "theo sổ"}, "theo sổ"),
        ({"act": "out_of_scope"}, "Không thuộc phạm vi"),
        ({"more": "1", **lines(("Hộ tịch", "4"))}, "Hộ tịch: 4"),
        ({"comment": "Vì sao?"}, "Vì sao?"),
    ):
        response = post(hoas, report, **posted)
        assert response.status_code == 409
        assert "Báo cáo ở trạng thái" in errors(response)[0]
        assert f'<li class="typed">{typed_text}</li>' in text_of(response)
    assert everything(report) == before
    assert Comment.objects.count() == 0


def test_a_closed_round_takes_nothing(report: Submission, hoas: Client) -> None:
    typed(report, {"1.1": "3"})
    close(report.round)
    before = everything(report)
    response = post(hoas, report, act="nil")
    assert response.status_code == 409
    assert "đã đóng sau ngày" in errors(response)[0]
    assert 'name="act"' not in text_of(response)
    assert everything(report) == before


@pytest.mark.parametrize("who", ["hanh", "dat"])
def test_readers_see_everything_and_change_nothing(
    report: Submission, hoas: Client, hoa: User, who: str, request: pytest.FixtureRequest
) -> None:
    post(hoas, report, note="theo sổ", **lines(("Hộ tịch", "4")))
    add_comment(submission=report, row_key="1.1", text="Đã kiểm tra.", by=hoa)
    reader = Client()
    reader.force_login(request.getfixturevalue(who))
    shown = text_of(page(reader, report))
    for text in ("Hộ tịch", "theo sổ", "Đã kiểm tra.", "Cộng các dòng chi tiết là 4"):
        assert text in shown
    for box in ("act", "label", "note", "comment", "more", "save"):
        assert f'name="{box}"' not in shown
    assert "không được nhập số liệu cho đơn vị" not in shown
    before = everything(report)
    for posted in ({"act": "nil"}, lines(("a", "1")), {"comment": "x"}):
        assert post(reader, report, **posted).status_code == 409
    assert everything(report) == before
    assert Comment.objects.count() == 1


def test_a_clerk_of_a_report_handed_in_is_told_why_nothing_can_be_changed(
    report: Submission, hoas: Client
) -> None:
    submitted(report, {"1.1": "3"})
    assert "Hãy rút báo cáo về rồi sửa." in text_of(page(hoas, report))


# Comments


def test_a_comment_goes_to_and_fro(
    report: Submission, hoas: Client, hanhs: Client, hanh: User
) -> None:
    submitted(report, {"1.1": "3"})
    assert post(hanhs, report, comment="Sao chỉ có 3?").status_code == 302
    moved(report, "return", by=hanh, reason="Xem lại.")
    assert post(hoas, report, comment="Đúng là 3.").status_code == 302
    shown = text_of(page(hoas, report))
    assert shown.index("Sao chỉ có 3?") < shown.index("Đúng là 3.")
    assert "Ý kiến (2)" in shown
    # The agency may settle its own answer only, the reviewer both.
    assert shown.count('name="resolve"') == 1
    assert text_of(page(hanhs, report)).count('name="resolve"') == 2
    first = Comment.objects.order_by("pk")[0]
    assert post(hoas, report, resolve=str(first.pk)).status_code == 409
    assert post(hanhs, report, resolve=str(first.pk)).status_code == 302
    after = text_of(page(hanhs, report))
    assert "1 ý kiến đã xong</summary>" in after
    assert "Ý kiến (1)" in after
    assert after.count('name="resolve"') == 1


@pytest.mark.parametrize("wanted", ["", "x", "-1", "9" * 30, "99999"])
def test_a_comment_that_is_not_there_cannot_be_settled(
    report: Submission, hoas: Client, wanted: str
) -> None:
    assert post(hoas, report, resolve=wanted).status_code == 409


@pytest.mark.parametrize("text", ["  ", "đ" * 2001])
def test_an_unfit_comment_is_refused_and_stays_in_its_box(
    report: Submission, hoas: Client, text: str
) -> None:
    response = post(hoas, report, comment=text)
    assert response.status_code == 422
    assert len(errors(response)) == 1
    assert response.context["last"].comment == text.strip()
    assert Comment.objects.count() == 0


def test_comments_are_never_printed(report: Submission, hoas: Client, hoa: User) -> None:
    typed(report, {"1.1": "3"})
    post(hoas, report, comment="Không in ra giấy")
    printed = submission_file(stored(report), FORMATS["csv"], by=hoa)
    assert "Không in ra giấy" in text_of(hoas.get(f"/bao-cao/{report.pk}/nhat-ky/"))
    assert "Không in ra giấy" not in printed.content.decode()


# In place


def test_in_place_a_saving_draws_the_panel_and_tells_the_sheet(
    report: Submission, hoas: Client
) -> None:
    for posted in ({"act": "nil"}, lines(("a", "1")), {"comment": "Xong."}):
        response = post(hoas, report, in_place=True, **posted)
        assert response.status_code == 200
        assert json.loads(response.headers["HX-Trigger"]) == {"rowSaved": {"key": "1.1"}}
        assert response.content.decode().strip().startswith("<section")
        assert 'role="status"' in text_of(response)
    resolved = post(hoas, report, in_place=True, resolve=str(Comment.objects.get().pk))
    assert json.loads(resolved.headers["HX-Trigger"]) == {"rowSaved": {"key": "1.1"}}


def test_the_panel_drawn_after_a_saving_stands_on_it(report: Submission, hoas: Client) -> None:
    first = post(hoas, report, in_place=True, **lines(("a", "1")))
    revision = first.context["boxes"].revision
    second = post(hoas, report, in_place=True, revision=revision, **lines(("a", "2")))
    assert second.status_code == 200
    assert cells(report)["1.1"].details == (Detail("a", Decimal(2), "2"),)


def test_in_place_a_refusal_is_the_panel_and_tells_the_sheet_nothing(
    report: Submission, hoas: Client
) -> None:
    refused = post(hoas, report, in_place=True, **lines(("a", "x")))
    submitted(report, {"1.1": "3"})
    late = post(hoas, report, in_place=True, act="nil")
    assert [refused.status_code, late.status_code] == [422, 409]
    for response in (refused, late):
        assert response.content.decode().strip().startswith("<section")
        assert "HX-Trigger" not in response.headers


def test_forms_go_to_the_row_with_and_without_a_script(report: Submission, hoas: Client) -> None:
    post(hoas, report, comment="Xong.")
    shown = text_of(page(hoas, report, in_place=True))
    here = f"/bao-cao/{report.pk}/dong/1.1/"
    forms = shown.count("<form")
    assert forms == 4
    assert shown.count(f'action="{here}" data-hx-post="{here}"') == forms
    assert shown.count('data-hx-target="closest .row-panel" data-hx-swap="outerHTML"') == forms
    assert shown.count("csrfmiddlewaretoken") == forms
    assert "hx-on" not in shown
    assert "style=" not in shown


# Files and history


def test_the_files_of_the_row_are_listed(report: Submission, hoas: Client) -> None:
    attached(report, "Kế hoạch.pdf", row_key="1.1")
    attached(report, "Khác.pdf", row_key="1.6")
    shown = text_of(page(hoas, report))
    assert f'<a href="/bao-cao/{report.pk}/tep/?dong=1.1">Tài liệu kèm theo (1)</a>' in shown
    assert "Kế hoạch.pdf" in shown
    assert "Khác.pdf" not in shown


def test_the_history_is_newest_first_and_folded_after_five(
    report: Submission, hoas: Client
) -> None:
    for number in range(1, 8):
        typed(report, {"1.1": str(number), "1.2.a": "7777"})
    post(hoas, report, note="đổi ghi chú")
    response = page(hoas, report)
    recent, older = response.context["recent"], response.context["older"]
    assert [(len(recent), len(older))] == [(5, 3)]
    first = recent[0]
    assert (first.by, first.via) == ("Nguyễn Thị Hoa", "trang của dòng")
    assert [(change.before, change.after) for change in first.changes] == [("7", "7; đổi ghi chú")]
    shown = text_of(response)
    assert "3 lần trước đó" in shown
    assert '<span class="soft">6</span> → 7' in shown
    assert "7.777" not in shown


def test_a_cell_never_written_says_so(report: Submission, hoas: Client) -> None:
    assert "Ô này chưa được ghi lần nào." in text_of(page(hoas, report))


def test_the_page_costs_the_same_queries_however_much_is_on_it(
    report: Submission, hoas: Client, hoa: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert page(hoas, report).status_code == 200
        return len(captured)

    def fill(times: range) -> None:
        for number in times:
            post(hoas, report, note=str(number), **lines(*[("a", "1")] * number))
            post(hoas, report, comment=f"Xem lần {number}.")
            attached(report, f"{number}.pdf", pdf(str(number)))

    fill(range(1, 2))
    page(hoas, report)
    once = queries()
    fill(range(2, 4))
    assert len(page(hoas, report).context["open_comments"]) == 3
    assert queries() == once


# Markup


def test_markup_of_people_is_shown_as_text(
    report: Submission, hoas: Client, hoa: User, lans: Client, hanhs: Client
) -> None:
    hoa.full_name = EVIL
    hoa.save()
    post(hoas, report, note=EVIL, **lines((EVIL, "4")))
    post(hoas, report, comment=EVIL)
    attached(report, row_key="1.1")
    answers = [
        page(hoas, report),
        page(hoas, report, in_place=True),
        page(hanhs, report),
        post(lans, report, revision=0, note="x" + EVIL, **lines(("a", "5"))),
        post(hoas, report, note=EVIL, **lines(("", EVIL), (EVIL, EVIL))),
        post(hanhs, report, note=EVIL, **lines((EVIL, EVIL))),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 422, 422, 409]
    for answer in answers:
        shown = text_of(answer)
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert shown.count("&lt;script&gt;alert") >= 3


def test_a_changed_reading_is_said(report: Submission, hoas: Client) -> None:
    typed(report, {"1.1": "5.356"})
    assert cells(report)["1.1"].reading is Reading.CHANGED
    assert "đọc từ «5.356», đọc có chuyển đổi" in text_of(page(hoas, report))


def test_a_figure_taken_over_is_kept_with_one_press(
    report: Submission, hoas: Client, hoa: User
) -> None:
    copied = Cell(number=Decimal(5), written="5", reading=Reading.COPIED)
    save_figures(submission=report, cells={"1.1": copied}, by=hoa, via="previous")
    address, seen = f"/bao-cao/{report.pk}/dong/1.1/", stored(report).revision
    assert "Giữ số này" in text_of(hoas.get(address))
    hoas.post(address, {"act": "keep", "revision": seen})
    assert cells(report)["1.1"] == replace(copied, reading=Reading.AS_IS)
    assert "Giữ số này" not in text_of(hoas.get(address))
