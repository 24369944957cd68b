"""The page of all agencies' figures, and its files: links, states, order, filters, cost."""

import csv
import re
from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO, StringIO

import docx
import pypdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from indicators.queries.definitions import form_definition
from reporting.documents.matrix import SHORT, Look
from reporting.models import Agency, AgencyKind, ExportRecord, Figure, Round, Submission, User
from tests.cast import agency, approved, form, opened_round, report_of, submitted, typed
from tests.reporting.views.pages import text_of

PAGE = "/dot/MH-QUY/bang-so/"


@pytest.fixture
def hanhs(client: Client, hanh: User) -> Client:
    client.force_login(hanh)
    return client


def page(client: Client, **asked: str) -> str:
    response = client.get(PAGE, {name.replace("_", "-"): text for name, text in asked.items()})
    assert response.status_code == 200
    return response.content.decode()


def lines(content: str) -> list[str]:
    """The lines of agencies, as HTML."""
    body = content.split("<tbody>")[1].split("</tbody>", maxsplit=1)[0]
    return [line for line in re.findall(r"<tr>.*?</tr>", body) if "<td" in line]


def names(content: str) -> list[str]:
    return [re.sub(r"<.*?>", "", line.split("</a>")[0]) for line in lines(content)]


def keys(content: str) -> list[str]:
    return re.findall(r'<th scope="col" id="c-(.*?)"', content)


def cell(content: str, key: str, line: int = 0) -> str:
    found: list[str] = re.findall(r"<td.*?</td>", lines(content)[line])
    return found[keys(content).index(key)]


def total(content: str, key: str) -> str:
    line = content.split('<tr class="all">')[1].split("</tr>", maxsplit=1)[0]
    found: list[str] = re.findall(r"<td.*?</td>", line)
    return found[keys(content).index(key)]


# The table


def test_a_figure_leads_to_its_cell_in_the_report_by_its_own_form(
    report: Submission, commune_report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "1.234"})
    approved(commune_report, {"1.1.3": "4"})
    content = page(hanhs)
    assert names(content) == ["Sở Công Thương", "Sở Nội vụ", "Công an tỉnh", "UBND xã Minh An"]
    link = f"/bao-cao/{report.pk}/dong/1.1/"
    assert cell(content, "1.1") == f'<td><a href="{link}">1.234</a></td>'
    theirs = f"/bao-cao/{commune_report.pk}/dong/1.1.3/"
    assert cell(content, "1.1", 3) == f'<td><a href="{theirs}">4</a></td>'
    for address in (link, theirs):
        assert hanhs.get(address).status_code == 200


def test_the_provinces_figure_is_the_first_line_and_opens(
    report: Submission, commune_report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "3", "1.2.a": "40", "1.2.b": "30"})
    approved(commune_report, {"1.1.3": "4"})
    content = page(hanhs)
    address = "/dot/MH-QUY/tong-hop/dong/?bieu=PL2-KH-2022&amp;dong=1.1"
    assert f'href="{address}"' in total(content, "1.1")
    shown = {
        line.behind: line.figure.text
        for line in hanhs.get("/dot/MH-QUY/tong-hop/").context["lines"]
        if line.behind
    }
    assert text_of(total(content, "1.1")) == shown["1.1"] == "7"
    assert text_of(total(content, "1.2")) == shown["1.2"] == "75"
    assert hanhs.get(address.replace("&amp;", "&")).status_code == 200


def test_each_state_has_its_own_look_and_words(
    report: Submission, noi_vu_report: Submission, commune_report: Submission, hanhs: Client
) -> None:
    approved(
        report,
        {"1.1": "0", "1.2.a": "không phát sinh", "1.2.b": "0", "1.3.2.a": "không thuộc phạm vi"},
    )
    approved(commune_report, {"1.1.3": "4"})
    typed(noi_vu_report, {"1.1": "5"})
    content = page(hanhs)
    seen = {
        "0": cell(content, "1.1"),
        "nil": cell(content, "1.2.a"),
        "out": cell(content, "1.3.2.a"),
        "blank": cell(content, "1.3.2.b"),
        "undefined": cell(content, "1.2"),
    }
    assert text_of(seen["0"]) == "0"
    assert seen["nil"] == '<td class="n">không phát sinh</td>'
    assert seen["out"] == '<td class="x">ngoài phạm vi</td>'
    assert seen["blank"] == '<td class="b">trống</td>'
    assert 'class="z"' in seen["undefined"]
    assert text_of(seen["undefined"]) == "–"
    # The commune's form has not all rows of the departments', and says so in each.
    assert '<td class="h">biểu không có</td>' in lines(content)[3]
    # A report that is not approved shows none of its figures.
    assert "Đang nhập: chưa có trong bảng" in lines(content)[1]
    assert "dong/1.1/" not in lines(content)[1]


def test_a_figure_outside_the_provinces_is_shown_as_such(
    report: Submission, cong_an_report: Submission, hanhs: Client
) -> None:
    approved(cong_an_report, {"1.1": "50"})
    content = page(hanhs)
    assert "chưa có số" in total(content, "1.1")
    shown = cell(content, "1.1", 2)
    assert ">50</a>" in shown
    assert '<abbr title="Ngành dọc, không cộng vào số của tỉnh">°</abbr>' in shown


def test_what_is_handed_in_is_shown_as_provisional_where_it_is_asked_for(
    report: Submission, noi_vu_report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "3"})
    submitted(noi_vu_report, {"1.1": "4"})
    content = page(hanhs)
    assert (text_of(total(content, "1.1")), "Số tạm tính" in content) == ("3", False)
    content = page(hanhs, so="gui")
    assert text_of(total(content, "1.1")) == "7"
    assert "<b>Số tạm tính:</b> gồm 2/4 báo cáo" in content
    assert "<small>Đã gửi</small>" in lines(content)[1]


def test_the_region_scrolls_by_keyboard_and_says_what_it_is(
    report: Submission, hanhs: Client
) -> None:
    content = page(hanhs)
    assert 'role="region" aria-label="Bảng số của các đơn vị" tabindex="0"' in content
    assert '<th scope="colgroup"' in content
    assert "<style" not in content
    assert " style=" not in content


def test_another_form_of_the_round_lays_it_out(report: Submission, hanhs: Client) -> None:
    approved(report, {"1.1": "7"})
    content = page(hanhs, bieu="PL2-XA-QN-2022")
    assert text_of(cell(content, "1.1.3")) == "7"
    assert text_of(total(content, "1.1.3")) == "7"


def test_what_a_commune_alone_counts_is_shown_and_not_added(
    commune_report: Submission, hanhs: Client
) -> None:
    approved(commune_report, {"3.1.1": "127"})
    content = page(hanhs, bieu="PL2-XA-QN-2022")
    assert text_of(cell(content, "3.1.1", 3)) == "127"
    assert text_of(total(content, "3.1.1")) == "không cộng"
    # The departments' form adds it, the commune's does not.
    content = page(hanhs)
    assert ">127</a>" in cell(content, "3.1.2", 3)
    assert 'title="Không cộng vào số của tỉnh"' in cell(content, "3.1.2", 3)


@pytest.mark.parametrize("address", ["bang-so/", "bang-so.csv", "bang-so.xlsx", "xep-hang/"])
@pytest.mark.parametrize("layout", ["PL1-GL-2023", "khong-co", "'"])
def test_a_form_the_round_does_not_use_is_not_found(
    open_quarter: Round, hanhs: Client, address: str, layout: str
) -> None:
    response = hanhs.get(f"/dot/MH-QUY/{address}", {"bieu": layout})
    assert response.status_code == 404
    assert "Đợt này không dùng biểu mẫu đó." in response.content.decode()
    assert not ExportRecord.objects.exists()


# Order and filters


def test_a_head_sorts_by_its_column_down_and_then_up(
    report: Submission, noi_vu_report: Submission, commune_report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "9"})
    approved(noi_vu_report, {"1.1": "10"})
    approved(commune_report, {"1.1.3": "không phát sinh"})
    content = page(hanhs, loai="", tim="sở")
    assert 'href="?tim=s%E1%BB%9F&amp;xep=-1.1#c-1.1"' in content
    down = page(hanhs, xep="-1.1")
    assert names(down) == ["Sở Nội vụ", "Sở Công Thương", "Công an tỉnh", "UBND xã Minh An"]
    head = '<th scope="col" id="c-1.1" aria-sort="descending"><a href="?xep=1.1#c-1.1"'
    assert head in down
    assert 'class="group"' not in down
    up = page(hanhs, xep="1.1")
    assert names(up)[:2] == ["Sở Công Thương", "Sở Nội vụ"]
    assert names(up)[2:] == names(down)[2:]
    assert 'aria-sort="ascending"' in up
    assert "Đang xếp theo «1.1 Số văn bản" in up


@pytest.mark.parametrize("order", ["", "-", "-99", "'", "1", "--1.1", "<b>"])
def test_an_order_that_there_is_not_is_left_out(
    report: Submission, hanhs: Client, order: str
) -> None:
    content = page(hanhs, xep=order)
    assert "aria-sort" not in content
    assert content.count('class="group"') == 3


def test_each_kind_stands_under_a_heading_that_counts(report: Submission, hanhs: Client) -> None:
    content = page(hanhs)
    assert re.findall(r"<span>([^<]*\(\d\))</span>", content) == [
        "Sở, ban, ngành (2)",
        "Cơ quan ngành dọc (1)",
        "UBND cấp xã (1)",
    ]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"loai": "so"}, ["Sở Công Thương", "Sở Nội vụ"]),
        ({"loai": "nowhere"}, ["Sở Công Thương", "Sở Nội vụ", "Công an tỉnh", "UBND xã Minh An"]),
        ({"tim": "noi vu"}, ["Sở Nội vụ"]),
        ({"dia_ban": "Phía Đông"}, ["UBND xã Minh An"]),
        ({"co_so": "1"}, ["Sở Công Thương"]),
    ],
)
def test_agencies_are_narrowed(
    report: Submission,
    commune_report: Submission,
    hanhs: Client,
    asked: dict[str, str],
    expected: list[str],
) -> None:
    approved(report, {"1.1": "3"})
    Submission.objects.filter(pk=commune_report.pk).update(agency_area="Phía Đông")
    assert names(page(hanhs, **asked)) == expected


def test_one_section_or_only_what_has_figures(report: Submission, hanhs: Client) -> None:
    approved(report, {"1.1": "3"})
    rows = form_definition(form("PL2-KH-2022")).rows
    of_two = [row.key for row in rows if row.section == "2" and row.is_answered]
    assert keys(page(hanhs, phan="2")) == of_two
    assert keys(page(hanhs, co_so="1")) == ["1.1"]
    assert len(keys(page(hanhs, phan="'"))) == 174
    # The order by a column of another section goes with it.
    assert "aria-sort" not in page(hanhs, phan="2", xep="-1.1")


def test_where_nothing_fits_it_says_so(report: Submission, hanhs: Client) -> None:
    content = page(hanhs, tim="<script>")
    assert "Không có đơn vị nào khớp với điều kiện." in content
    assert "<script>" not in content.split("<main")[-1]
    assert "<table" not in content
    assert "Không đơn vị nào có số khớp với điều kiện." in page(hanhs, co_so="1")


def test_a_round_of_nobody_is_shown_empty(minh_hoa: Agency, hanh: User, hanhs: Client) -> None:
    opened_round(minh_hoa, "MH-TRONG", by=hanh)
    content = hanhs.get("/dot/MH-TRONG/bang-so/").content.decode()
    assert "Đợt này chưa giao báo cáo cho đơn vị nào." in content
    for name in ("xep-hang/", "bang-so.csv", "bang-so.xlsx"):
        assert hanhs.get(f"/dot/MH-TRONG/{name}").status_code == 200


def test_names_are_escaped(minh_hoa: Agency, hanh: User, hanhs: Client) -> None:
    odd = '<script>alert("1")</script>'
    at = agency("MH.LA", f'Sở {odd} & "Lạ"', AgencyKind.DEPARTMENT, minh_hoa)
    Agency.objects.filter(pk=at.pk).update(area="<b>Địa bàn</b>")
    round_ = opened_round(minh_hoa, "MH-LA", by=hanh)
    Round.objects.filter(pk=round_.pk).update(name="<i>Đợt</i> lạ")
    approved(report_of(round_, at), {"1.1": "3", "1.2.a": "5", "1.2.b": "4"})
    for address in ("bang-so/", "bang-so/?xep=-1.1", "xep-hang/", "xep-hang/?dong=1.7"):
        content = hanhs.get(f"/dot/MH-LA/{address}").content.decode()
        for written in ("<script>alert", "<b>Địa bàn", "<i>Đợt"):
            assert written not in content
        assert "Sở &lt;script&gt;" in content


def test_a_number_unlike_its_peers_is_marked_in_words(
    minh_hoa: Agency, hanh: User, hanhs: Client
) -> None:
    round_ = quarter_of(minh_hoa, hanh, "MH-QUY", 9, [str(one) for one in range(1, 9)] + ["5000"])
    assert round_.submissions.count() == 9
    content = page(hanhs)
    assert content.count("<i>▲ cao hẳn</i>") == 1
    assert "1 số khác hẳn" in content
    assert "<i>▲ cao hẳn</i>" in cell(content, "1.1", names(content).index("Sở số 8"))


def quarter_of(
    province: Agency, by: User, code: str, agencies: int, figures: Sequence[str] = ()
) -> Round:
    """Return a round with so many departments, each approved with its figure of 1.1."""
    for number in range(agencies):
        at = f"MH.{code}.{number}"
        if not Agency.objects.filter(code=at).exists():
            agency(at, f"Sở số {number}", AgencyKind.DEPARTMENT, province)
    round_ = opened_round(province, code, by=by)
    row = form_definition(form("PL2-KH-2022")).by_key["1.1"]
    Figure.objects.bulk_create(
        Figure(submission=one, row_id=row.id, number=Decimal(text))
        for one, text in zip(
            round_.submissions.order_by("pk"), figures or ["3"] * agencies, strict=False
        )
    )
    round_.submissions.update(state="approved")
    return round_


# Files


def read_xlsx(content: bytes) -> list[list[object]]:
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def test_the_files_have_the_cells_of_the_page(
    report: Submission, noi_vu_report: Submission, commune_report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "1.234", "1.2.a": "43", "1.2.b": "34", "1.6": "1"})
    approved(commune_report, {"1.1.3": "không phát sinh"})
    typed(noi_vu_report, {"1.1": "99"})
    asked = {"phan": "1", "xep": "-1.1"}
    content = page(hanhs, **asked)
    book = read_xlsx(hanhs.get("/dot/MH-QUY/bang-so.xlsx", asked).content)
    text = read_csv(hanhs.get("/dot/MH-QUY/bang-so.csv", asked).content)
    top = next(place for place, row in enumerate(book) if row[0] == "Đơn vị")
    assert len(book[top]) - 5 == len(keys(content))
    assert str(book[top][5]).startswith("1.1 Số văn bản chỉ đạo CCHC đã ban hành (Kế hoạch,")
    assert str(book[top][5]).endswith("quán triệt) (Văn bản)")
    heads, whole, *rest = book[top:]
    assert whole[:1] + whole[5:7] == ["Toàn tỉnh", 1234, 79.07]
    assert [row[0] for row in rest] == names(content)
    at = {key: 5 + place for place, key in enumerate(keys(content))}
    for place, row in enumerate(rest):
        if row[4] != "Đã duyệt":
            assert set(row[5:]) == {SHORT[Look.NOT_READ]}
            continue
        for key, column in at.items():
            on_page, in_file = text_of(cell(content, key, place)), row[column]
            if isinstance(in_file, int | float):
                assert on_page.replace(".", "").replace(",", ".").rstrip("°") == str(in_file)
            else:
                assert (in_file or "trống") == on_page
    # The other format says the same.
    start = next(place for place, row in enumerate(text) if row and row[0] == "Đơn vị")
    assert text[start] == heads
    assert text[start + 2][0] == "Sở Công Thương"
    assert text[start + 2][3:7] == ["PL2-KH-2022", "Đã duyệt", "1234", "79,07"]
    assert len(text[start:]) == len(book[top:])


def test_on_paper_stand_the_same_cells(
    report: Submission, commune_report: Submission, hanhs: Client
) -> None:
    approved(report, {"1.1": "1.234", "1.2.a": "43", "1.2.b": "34", "1.6": "1"})
    approved(commune_report, {"1.1.3": "không phát sinh"})
    asked = {"phan": "1"}
    text = read_csv(hanhs.get("/dot/MH-QUY/bang-so.csv", asked).content)
    start = next(place for place, row in enumerate(text) if row[0] == "Đơn vị")
    # Of what is said of an agency, paper has only what tells it from the others.
    table = [[row[0], *row[3:]] for row in text[start:]]
    word = docx.Document(BytesIO(hanhs.get("/dot/MH-QUY/bang-so.docx", asked).content))
    joined: list[list[str]] = [[] for _ in table]
    for place, band in enumerate(word.tables):
        for line, row in zip(joined, band.rows, strict=True):
            line.extend([cell.text for cell in row.cells][place > 0 :])
    assert [[one.replace(".", "") for one in line] for line in joined] == [
        [one.replace(".", "") for one in line] for line in table
    ]
    pdf = pypdf.PdfReader(BytesIO(hanhs.get("/dot/MH-QUY/bang-so.pdf", asked).content))
    printed = "".join("".join(page.extract_text() for page in pdf.pages).split())
    for line in joined:
        for said in line:
            assert "".join(said.split()) in printed


def test_a_table_too_large_for_a_pdf_is_not_drawn_and_says_what_to_do(
    report: Submission, hanhs: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reporting.views.matrix.MOST_PDF_CELLS", 10)
    response = hanhs.get("/dot/MH-QUY/bang-so.pdf", {"phan": "1"}, follow=True)
    assert response.redirect_chain == [("/dot/MH-QUY/bang-so/?phan=1", 302)]
    content = response.content.decode()
    assert "hãy chọn một phần của biểu, lọc bớt đơn vị" in content
    assert "PDF (chọn một phần của biểu trước)" in content
    assert "bang-so.pdf" not in content
    assert not ExportRecord.objects.exists()


def test_more_than_fifteen_digits_are_words_in_a_spreadsheet(
    minh_hoa: Agency, hanh: User, hanhs: Client
) -> None:
    """Each cell keeps fifteen; only a sum of them is longer."""
    round_ = quarter_of(minh_hoa, hanh, "MH-QUY", 2, ["999999999999.999", "1"])
    figures = Figure.objects.filter(submission__round=round_)
    row = next(one for one in form_definition(form("PL2-KH-2022")).rows if one.kind == "amount")
    figures.update(row_id=row.id)
    figures.exclude(number=Decimal("999999999999.999")).update(number=Decimal("999999999999.998"))
    book = read_xlsx(hanhs.get("/dot/MH-QUY/bang-so.xlsx", {"co-so": "1"}).content)
    whole, *rest = book[-3:]
    assert whole[5] == "1.999.999.999.999,997"
    assert [one[5] for one in rest] == [999999999999.999, 999999999999.998]


@pytest.mark.parametrize("extension", ["csv", "xlsx", "docx", "pdf"])
def test_a_file_that_leaves_is_recorded(
    report: Submission, hanhs: Client, hanh: User, extension: str
) -> None:
    approved(report, {"1.1": "3"})
    response = hanhs.get(f"/dot/MH-QUY/bang-so.{extension}")
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="BangSo_PL2_MinhHoa_MH-QUY.{extension}"'
    )
    kept = ExportRecord.objects.get()
    assert (kept.by, kept.via, kept.format, kept.submission) == (hanh, "page", extension, None)
    assert kept.round == report.round
    told = hanhs.get("/nhat-ky/").content.decode()
    assert f"tải bảng số của các đơn vị {extension.upper()}" in told


def test_a_formula_in_a_name_is_words_in_the_files(
    minh_hoa: Agency, hanh: User, hanhs: Client
) -> None:
    agency("MH.CT", "=1+1", AgencyKind.DEPARTMENT, minh_hoa)
    opened_round(minh_hoa, "MH-CT", by=hanh)
    sheet = load_workbook(BytesIO(hanhs.get("/dot/MH-CT/bang-so.xlsx").content)).worksheets[0]
    found = [one for row in sheet.iter_rows() for one in row if one.value == "=1+1"]
    assert [one.data_type for one in found] == ["s"]
    first = {row[0] for row in read_csv(hanhs.get("/dot/MH-CT/bang-so.csv").content) if row}
    assert " =1+1" in first
    assert "=1+1" not in first


# Cost: the same for one agency and for three


@pytest.mark.parametrize(
    ("address", "queries"),
    [("bang-so/", 9), ("bang-so/?phan=1&xep=-1.1", 9), ("bang-so.csv", 11), ("xep-hang/", 9)],
)
def test_a_page_costs_the_same_for_one_and_three_agencies(
    minh_hoa: Agency, hanh: User, hanhs: Client, address: str, queries: int
) -> None:
    counts = []
    for code, agencies in (("MH-MOT", 1), ("MH-BA", 3)):
        Agency.objects.filter(parent=minh_hoa).update(valid_to="2020-01-01")
        round_ = quarter_of(minh_hoa, hanh, code, agencies)
        assert round_.submissions.count() == agencies
        hanhs.get(f"/dot/{code}/{address}")
        with CaptureQueriesContext(connection) as captured:
            assert hanhs.get(f"/dot/{code}/{address}").status_code == 200
        counts.append(len(captured))
    assert counts == [queries, queries]
