"""The pages of a verification code: for everybody who holds the paper, and nobody learns more."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from indicators.queries.definitions import form_definition
from reporting.actions.rounds import cancel_round
from reporting.documents.files import (
    File,
    appendix_of_submission,
    filing_file,
    publication_file,
    round_file,
    submission_file,
)
from reporting.documents.formats import FORMATS
from reporting.models import ExportRecord, Round, Submission, User, VerificationCode
from reporting.printing.appendix import Paper
from reporting.printing.cells import BLANK
from reporting.printing.sections import sections
from reporting.verification.codes import new_code
from reporting.verification.comparison import WITHHELD
from reporting.views.verification import UNKNOWN, UPLOADS, UPLOADS_OF_CODE, UPLOADS_OF_PERSON
from tests.cast import approved, form, moved, published, stored, submitted, typed
from tests.guards import record_open
from tests.reporting.files_by_hand import ended
from tests.reporting.files_resaved import Change, Rows, bomb, resaved, resaved_pdf, signed_pdf

CSV = FORMATS["csv"]
EXTENSIONS = sorted(FORMATS)
RESAVED = [extension for extension in EXTENSIONS if extension != "pdf"]
FIGURES = {"1.1": "5356", "1.2.a": "40", "1.2.b": "34", "1.3.1": "3", "3.4.1.a": "0"}
FIGURES |= {"1.5.a": "12", "1.5.b": "11"}


def last_code() -> VerificationCode:
    return VerificationCode.objects.order_by("-pk")[0]


def page(client: Client, code: VerificationCode | str) -> str:
    response = client.get(f"/kiem-chung/{code}/")
    assert response.status_code == 200
    return response.content.decode()


def upload(
    client: Client, code: VerificationCode | str, content: bytes | None, name: str = "tep.xlsx"
) -> HttpResponse:
    files = {} if content is None else {"file": SimpleUploadedFile(name, content)}
    return cast(HttpResponse, client.post(f"/kiem-chung/{code}/", files))


def said(response: HttpResponse, status: int = 200) -> str:
    """Return what is told of a file, without the facts below it."""
    assert response.status_code == status
    text = response.content.decode().partition("<main")[2].partition('<div class="two')[0]
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def differences(response: HttpResponse) -> Sequence[Sequence[str]]:
    """Return the lines of the table of differences: row, column, in the file, in the portal."""
    text = response.content.decode()
    found = re.findall(
        r'<tr><th scope="row">(.*?)(?: <small>.*?</small>)?</th><td[^>]*>(.*?)</td>'
        r"<td[^>]*>(.*?)</td><td[^>]*>(.*?)</td></tr>",
        text,
    )
    return [list(line) for line in found]


@pytest.fixture
def filled(report: Submission) -> Submission:
    """A report with some figures, handed in and approved."""
    return stored(approved(report, FIGURES))


def exported(report: Submission, extension: str, paper: Paper | None = None) -> File:
    return submission_file(report, FORMATS[extension], by=None, paper=paper or Paper())


# Asking for a code


def test_everybody_may_ask_and_no_search_engine_keeps_it(client: Client, db: None) -> None:
    response = client.get("/kiem-chung/")
    assert response.status_code == 200
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "Mã kiểm chứng" in response.content.decode()


def test_a_code_is_found_however_it_is_typed(filled: Submission, client: Client) -> None:
    exported(filled, "csv")
    code = last_code().code
    for typed_ in (code.lower().replace("-", " "), f" {code}", code.replace("-", "")):
        response = client.get("/kiem-chung/", {"ma": typed_})
        assert response.headers["Location"] == f"/kiem-chung/{code}/"
    response = client.get(f"/kiem-chung/{code.lower()}/")
    assert response.headers["Location"] == f"/kiem-chung/{code}/"


def test_a_mistyped_code_is_told_in_the_box(client: Client, db: None) -> None:
    response = client.get("/kiem-chung/", {"ma": "K7QM-3XWP-9T4B"})
    assert response.status_code == 422
    assert "Mã gõ sai: «K7QM-3XWP-9T4B»" in response.content.decode()
    assert 'value="K7QM-3XWP-9T4B"' in response.content.decode()
    response = client.get("/kiem-chung/<script>alert(1)</script>")
    assert response.status_code == 404
    assert client.get("/kiem-chung/K7QM-3XWP-9T4B/").status_code == 404


def test_an_unknown_code_is_not_found_and_what_to_do_is_said(client: Client, db: None) -> None:
    response = client.get("/kiem-chung/K7QM-3XWP-9T4A/")
    assert response.status_code == 404
    assert "Cổng chưa từng in tệp nào mang mã K7QM-3XWP-9T4A" in response.content.decode()
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"


# What a code tells


def test_the_address_on_the_paper_opens_the_page(filled: Submission, client: Client) -> None:
    text = exported(filled, "csv").content.decode()
    address = text.split("http://127.0.0.1:8000")[-1].strip()
    assert f"Tệp mang mã {last_code()}" in client.get(address).content.decode()


def test_a_publication_tells_its_number_and_what_replaces_it(
    open_quarter: Round, report: Submission, noi_vu_report: Submission, client: Client, hanh: User
) -> None:
    approved(report, {"1.1": "3"})
    first = published(open_quarter)
    publication_file(first, CSV, by=hanh)
    code = last_code()
    text = page(client, code)
    assert "Số tổng hợp của tỉnh Minh Họa, công bố lần 1" in text
    assert "Hiện hành" in text
    assert first.sha256 in text
    assert code.sha256 in text
    assert "31/BC-UBND, ngày 20/03/2026" in text
    approved(noi_vu_report, {"1.1": "4"})
    published(open_quarter, reason="Bổ sung báo cáo.")
    assert "Đã được thay bằng công bố lần 2" in page(client, code)


def test_a_handing_in_tells_how_it_stands(
    report: Submission, client: Client, hoa: User, hanh: User
) -> None:
    submitted(report, {"1.1": "3"})
    filing = report.filings.get()
    filing_file(stored(report), filing, CSV, by=hoa)
    code = last_code()
    text = page(client, code)
    assert "Báo cáo của Sở Công Thương, lần gửi 1" in text
    assert "đang chờ Sở Nội vụ duyệt" in text
    assert filing.sha256 in text
    moved(report, "approve", by=hanh)
    assert "Đây là lần gửi mới nhất và đã được duyệt." in page(client, code)
    moved(report, "reopen", by=hanh, reason="Xem lại.")
    text = page(client, code)
    assert "Không còn hiệu lực" in text
    assert "mở lại báo cáo đã duyệt lúc" in text
    submitted(report, {"1.1": "4"})
    assert "Đã được thay bằng lần gửi 2" in page(client, code)


def test_a_draft_tells_that_it_is_none_of_what_was_handed_in(
    report: Submission, client: Client, hoa: User
) -> None:
    typed(report, {"1.1": "3"})
    exported(stored(report), "csv")
    code = last_code()
    text = page(client, code)
    assert "bản in khi chưa gửi" in text
    assert "Nội dung trong cổng hiện nay vẫn như bản in." in text
    submitted(report, {"1.1": "4"})
    text = page(client, code)
    assert "Báo cáo này có lần gửi 1" in text
    assert "trong cổng đã khác bản in" in text


def test_a_table_that_was_not_published_says_so(
    open_quarter: Round, report: Submission, client: Client, hanh: User
) -> None:
    round_file(open_quarter, form("PL2-KH-2022"), CSV, by=hanh)
    code = last_code()
    assert "chưa phải bản công bố. Từ khi in chưa có báo cáo nào" in page(client, code)
    approved(report, {"1.1": "3"})
    published(open_quarter)
    text = page(client, code)
    assert "Bản công bố mới nhất của đợt là lần 1" in text
    assert "1 báo cáo của đợt đã đổi trạng thái" in text


def test_a_cancelled_round_is_told(report: Submission, client: Client, hanh: User) -> None:
    exported(report, "csv")
    cancel_round(round=report.round, reason="Lập nhầm.", by=hanh)
    assert "Đợt báo cáo này đã bị hủy sau khi in." in page(client, last_code())


def test_the_page_tells_no_figure_and_no_person(
    filled: Submission, client: Client, hoa: User, hanh: User
) -> None:
    exported(filled, "csv")
    text = page(client, last_code())
    assert "5356" not in text
    assert "5.356" not in text
    for person in (hoa, hanh):
        assert person.full_name not in text
        assert person.username not in text


def test_content_that_was_changed_by_hand_is_told(filled: Submission, client: Client) -> None:
    exported(filled, "csv")
    code = last_code()
    assert "không còn khớp mã băm" not in page(client, code)
    with record_open():
        VerificationCode.objects.update(content=code.content.replace("5356", "5357"))
    assert "không còn khớp mã băm" in page(client, code)


def test_a_page_costs_few_queries(
    filled: Submission, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    exported(filled, "csv")
    with django_assert_max_num_queries(6):
        page(client, last_code())


# A file that was brought


@pytest.mark.parametrize("extension", EXTENSIONS)
@pytest.mark.parametrize("layout", ["plain", "document", "part"])
def test_the_very_file_is_told_to_be_so(
    filled: Submission, client: Client, extension: str, layout: str
) -> None:
    part = sections(form_definition(filled.form_version))[2]
    paper = {
        "plain": Paper(),
        "document": Paper(is_document=True, is_wide=True),
        "part": Paper(section=part.key),
    }[layout]
    file = exported(filled, extension, paper)
    told = said(upload(client, last_code(), file.content, file.name))
    assert f"Giống hệt: {file.name}" in told
    assert f"Từng byte là tệp {extension.upper()}" in told


@pytest.mark.parametrize(
    ("extension", "is_document"),
    [*((one, False) for one in RESAVED), ("docx", True), ("xlsx", True)],
)
def test_a_file_saved_again_is_the_same_cell_by_cell(
    filled: Submission, client: Client, extension: str, is_document: bool
) -> None:
    file = exported(filled, extension, Paper(is_document=is_document))
    again = resaved(extension, file.content)
    assert again != file.content
    response = upload(client, last_code(), again, file.name)
    lines = len(form_definition(filled.form_version).rows)
    told = said(response)
    assert "Các ô khớp bản in, không phải tệp gốc" in told
    assert f"Từng ô của bảng giống bản in: cả {lines} dòng" in told
    assert "Giống hệt" not in told
    assert differences(response) == []


@pytest.mark.parametrize("extension", RESAVED)
def test_a_part_saved_again_is_the_same_part(
    filled: Submission, client: Client, extension: str
) -> None:
    part = sections(form_definition(filled.form_version))[0]
    file = exported(filled, extension, Paper(section=part.key))
    again = resaved(extension, file.content)
    told = said(upload(client, last_code(), again, file.name))
    assert f"giống bản in: phần «{part.name}»" in told


def figure_changed(rows: Rows) -> Rows:
    return [[*row[:3], "99", row[4]] if row[0] == "1.1" else row for row in rows]


def label_changed(rows: Rows) -> Rows:
    return [[row[0], "Số khác", *row[2:]] if row[0] == "1.1" else row for row in rows]


def unit_changed(rows: Rows) -> Rows:
    return [[*row[:2], "Cái", *row[3:]] if row[0] == "1.1" else row for row in rows]


def note_added(rows: Rows) -> Rows:
    return [[*row[:4], "Đã sửa"] if row[0] == "1.1" else row for row in rows]


def row_gone(rows: Rows) -> Rows:
    return [row for row in rows if row[0] != "1.1"]


def row_added(rows: Rows) -> Rows:
    return [*rows[:4], ["", "- Dòng thêm", "Việc", "7", ""], *rows[4:]]


FIRST = "1.1 Số văn bản chỉ đạo CCHC đã ban hành (Kế hoạch, công văn chỉ đạo, quán triệt)"


@pytest.mark.parametrize("extension", RESAVED)
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (figure_changed, [FIRST, "Số liệu", "99", "5.356"]),
        (label_changed, [FIRST, "Chỉ tiêu thống kê", "Số khác", FIRST[4:]]),
        (unit_changed, [FIRST, "Đơn vị tính", "Cái", "Văn bản"]),
        (note_added, [FIRST, "Cơ quan, đơn vị, địa phương thực hiện", "Đã sửa", "trống"]),
        (row_gone, [FIRST, "cả dòng", "không có dòng này", "5.356"]),
        (row_added, ["- Dòng thêm", "cả dòng", "7", "không có dòng này"]),
    ],
)
def test_what_was_changed_is_told_row_by_row(
    filled: Submission, client: Client, extension: str, change: Change, told: list[str]
) -> None:
    file = exported(filled, extension)
    again = resaved(extension, file.content, change)
    response = upload(client, last_code(), again, file.name)
    assert differences(response) == [told]
    assert "Khác ở đây" in said(response)
    assert "khác bản in ở 1 chỗ" in said(response)


def test_a_row_without_a_number_is_told_by_the_one_above(
    filled: Submission, client: Client
) -> None:
    def changed(rows: Rows) -> Rows:
        at = next(at for at, row in enumerate(rows) if row[0].startswith("3.4.1"))
        return [*rows[: at + 1], [*rows[at + 1][:3], "99", rows[at + 1][4]], *rows[at + 2 :]]

    again = resaved("csv", exported(filled, "csv").content, changed)
    ((row, *found),) = differences(upload(client, last_code(), again, "x.csv"))
    assert row.startswith("(3.4.1) - Tổng số hồ sơ")
    # The section has but this figure: who asks need not hold its paper.
    assert found == ["Số liệu", "99", WITHHELD]


@pytest.mark.parametrize("extension", RESAVED)
def test_another_title_is_told(filled: Submission, client: Client, extension: str) -> None:
    """Another period over the same figures."""
    other = stored(filled)
    other.round.period_text = "quý sau"
    forged = FORMATS[extension].render(appendix_of_submission(other))
    exported(filled, extension)
    found = differences(upload(client, last_code(), forged, f"x.{extension}"))
    assert [line[2] for line in found] == ["không thấy chữ này"]
    assert "QUÝ NÀY" in found[0][3]


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_anothers_report_is_not_compared_figure_by_figure(
    filled: Submission,
    noi_vu_report: Submission,
    client: Client,
    extension: str,
) -> None:
    """Who holds a code alone learns no figure by bringing any file of the same form."""
    exported(filled, extension)
    code = last_code()
    approved(noi_vu_report, {key: str(int(text) + 1) for key, text in FIGURES.items()})
    appendix = appendix_of_submission(stored(noi_vu_report))
    response = upload(client, code, FORMATS[extension].render(appendix), f"x.{extension}")
    assert differences(response) == []
    assert "5.356" not in response.content.decode()
    assert ("Không phải tệp của mã này" in said(response)) is (extension != "pdf")


@pytest.mark.parametrize("extension", RESAVED)
def test_who_holds_one_section_is_told_nothing_of_the_others(
    filled: Submission, client: Client, extension: str
) -> None:
    """A part goes on under the code of the whole; the other rows stand on any blank form."""
    exported(filled, extension, Paper(section="1"))
    form = form_definition(filled.form_version)
    keys = {row.key for row in form.rows if row.section == "1"}
    appendix = appendix_of_submission(filled)
    figures = [line for line in appendix.lines if line.figure != BLANK]
    others = [line for line in figures if line.key not in keys]
    assert len(figures) >= 4 * len(others) > 0
    lines = [line if line.key in keys else replace(line, figure=BLANK) for line in appendix.lines]
    brought = FORMATS[extension].render(replace(appendix, lines=lines))
    found = differences(upload(client, last_code(), brought, f"x.{extension}"))
    assert [(column, portal) for _, column, _, portal in found] == [
        ("Số liệu", WITHHELD) for _ in others
    ]


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_blank_form_draws_no_figure_out(
    filled: Submission, client: Client, extension: str
) -> None:
    exported(filled, extension)
    lines = [replace(line, figure=BLANK) for line in appendix_of_submission(filled).lines]
    blank = FORMATS[extension].render(replace(appendix_of_submission(filled), lines=lines))
    response = upload(client, last_code(), blank, f"x.{extension}")
    assert differences(response) == []
    assert "5.356" not in response.content.decode()


def test_a_file_of_another_code_is_told_to_be_of_that(
    filled: Submission, noi_vu_report: Submission, client: Client
) -> None:
    exported(filled, "csv")
    code = last_code()
    other = exported(noi_vu_report, "csv")
    told = said(upload(client, code, other.content, other.name))
    assert f"nhưng với mã kiểm chứng khác: {last_code()}" in told


def test_a_file_that_bears_no_code_of_its_own_is_told_to_be_the_portals(
    filled: Submission, client: Client, hoa: User
) -> None:
    """A bound book, which everybody opens at an appendix with a code."""
    exported(filled, "pdf")
    book = b"%PDF-1.7 all of the appendices"
    ExportRecord.objects.create(
        round=filled.round, by=hoa, at=timezone.now(), via="page", format="pdf",
        file_name="Quyen_MH-QUY.pdf", sha256=hashlib.sha256(book).hexdigest(),
    )  # fmt: skip
    told = said(upload(client, last_code(), book, "x.pdf"))
    assert "Tệp cổng đã xuất, không mang mã riêng: x.pdf" in told
    assert "Từng byte là tệp «Quyen_MH-QUY.pdf» mà cổng đã xuất lúc" in told


def test_a_pdf_of_other_bytes_is_never_the_portals(filled: Submission, client: Client) -> None:
    file = exported(filled, "pdf")
    told = said(upload(client, last_code(), resaved_pdf(file.content), "x.pdf"))
    assert "Không phải tệp cổng đã xuất" in told
    assert "Chữ đọc được trên các trang thì khớp bản in." in told
    assert "Giống hệt" not in told


def test_what_was_signed_begins_with_the_portals_file(filled: Submission, client: Client) -> None:
    content = exported(filled, "pdf").content
    signed = signed_pdf(signed_pdf(content))
    response = upload(client, last_code(), signed, "x.pdf")
    told = said(response)
    added = f"{len(signed) - len(content):,}".replace(",", ".")
    assert "Tệp cổng đã xuất, có phần thêm ở sau: x.pdf" in told
    assert f"Phần đầu đúng từng byte tệp cổng đã xuất; phía sau có thêm {added} byte" in told
    assert "Chữ đọc được trên các trang thì khớp bản in." in told
    assert "Đừng coi nó" not in told
    assert 'class="note warning"' in response.content.decode()
    assert "Giống hệt" not in told


def test_what_is_drawn_over_by_what_follows_is_told(filled: Submission, client: Client) -> None:
    content = exported(filled, "pdf").content
    told = said(upload(client, last_code(), signed_pdf(content, b""), "x.pdf"))
    assert "có phần thêm ở sau" in told
    assert "khớp bản in" not in told
    torn = content + b"\n%%EOF" * 30
    assert "phía sau có thêm 180 byte" in said(upload(client, last_code(), torn, "x.pdf"))


def test_a_beginning_of_another_code_is_not_this_ones(
    filled: Submission, noi_vu_report: Submission, client: Client
) -> None:
    exported(filled, "pdf")
    code = last_code()
    other = exported(noi_vu_report, "pdf").content
    told = said(upload(client, code, signed_pdf(other), "x.pdf"))
    assert "Không phải tệp cổng đã xuất" in told
    assert "Phần đầu đúng" not in told


def test_a_pdf_whose_table_is_torn_is_not_accused_of_anything(
    filled: Submission, client: Client
) -> None:
    """Excel breaks the lines of cells so that no row is found in one piece."""
    appendix = appendix_of_submission(filled)
    exported(filled, "pdf")
    lines = [
        replace(line, label=" ".join(reversed(line.label.split()))) if at % 2 else line
        for at, line in enumerate(appendix.lines)
    ]
    torn = FORMATS["pdf"].render(replace(appendix, lines=lines))
    response = upload(client, last_code(), torn, "x.pdf")
    assert "Không đọc được bảng từ PDF này một cách chắc chắn" in said(response)
    assert "hãy tải tệp Excel hoặc Word lên" in said(response)
    assert "khác bản in ở" not in said(response)
    assert differences(response) == []


def test_a_row_that_a_pdf_lacks_is_told(filled: Submission, client: Client) -> None:
    appendix = appendix_of_submission(filled)
    exported(filled, "pdf")
    lines = [
        replace(line, unit="Tờ") if line.key == "3.4.1.a" else line
        for line in appendix.lines
        if line.key != "1.1"
    ]
    forged = FORMATS["pdf"].render(replace(appendix, lines=lines))
    found = differences(upload(client, last_code(), forged, "x.pdf"))
    assert found[0] == [FIRST, "cả dòng", "không thấy dòng này", "5.356"]
    assert found[1][0].startswith("(3.4.1) - Tổng số hồ sơ")


def test_what_the_pages_of_a_forged_pdf_show_is_told(filled: Submission, client: Client) -> None:
    """Another unit under the same title, on the pages and in what is attached."""
    appendix = appendix_of_submission(filled)
    lines = [replace(line, unit="Tờ") if line.key == "1.1" else line for line in appendix.lines]
    forged = FORMATS["pdf"].render(replace(appendix, lines=lines))
    exported(filled, "pdf")
    response = upload(client, last_code(), forged, "x.pdf")
    assert "Không phải tệp cổng đã xuất" in said(response)
    assert "Bảng đính kèm trong PDF cũng khác bản in." in said(response)
    assert differences(response) == [
        [FIRST, "Số liệu và các ô bên cạnh", "Tờ5.356", "Văn bản 5.356"],
        [FIRST, "Đơn vị tính", "Tờ", "Văn bản"],
    ]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.xlsx", b"", "trống"),
        ("x.csv", b"a;b\n1;2\n", "không có bảng của phụ lục"),
        ("x.pdf", b"%PDF-1.7\nrubbish", "bị hỏng hoặc không đúng chuẩn"),
        ("x.docx", b"PK\x03\x04rubbish", "bị hỏng hoặc không đúng chuẩn"),
        ("x.exe", b"MZ\x90\x00", "là chương trình"),
        (
            "x.png",
            b"\x89PNG\r\n\x1a\n",
            "hình ảnh. Hãy tải lên tệp Excel (.xlsx), Word (.docx), PDF",
        ),
        ("x.jpg", b"\xff\xd8\xff\xe0", "ảnh chụp và bản quét thì không so được"),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Office kiểu cũ"),
        ("x.xlsx", b"<html><table>", "trang web"),
        ("x.csv", b"\xff\xfe\x00" * 50, "không"),
        ("x.csv", b"x" * 10_000_001, "nhiều nhất 10 MB"),
    ],
)
def test_what_is_no_file_of_ours_is_refused_in_a_sentence(
    filled: Submission, client: Client, name: str, content: bytes, sentence: str
) -> None:
    exported(filled, "csv")
    told = said(upload(client, last_code(), content, name), 422)
    assert "Chưa so được tệp" in told
    assert sentence in told


@pytest.mark.parametrize(
    ("extension", "part"),
    [("xlsx", "xl/worksheets/sheet1.xml"), ("docx", "word/document.xml")],
)
def test_a_bomb_does_not_go_off(
    filled: Submission, client: Client, extension: str, part: str
) -> None:
    content = bomb(exported(filled, extension).content, part, megabytes=120)
    assert len(content) < 1_000_000
    told = said(upload(client, last_code(), content, f"x.{extension}"), 422)
    assert "khi mở ra quá lớn" in told


def test_no_file_at_all_is_told(filled: Submission, client: Client) -> None:
    exported(filled, "csv")
    told = said(upload(client, last_code(), None), 422)
    assert "Chưa có tệp nào được gửi lên" in told


def test_nothing_that_is_brought_is_kept(
    filled: Submission, client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    file = exported(filled, "xlsx")
    before = ExportRecord.objects.count()
    ended(upload(client, last_code(), file.content + b"\0" * 3_000_000, "../<b>.xlsx"))
    assert list(tmp_path.iterdir()) == []
    assert (ExportRecord.objects.count(), VerificationCode.objects.count()) == (before, 1)


def test_a_forged_posting_is_refused(filled: Submission) -> None:
    file = exported(filled, "csv")
    guarded = Client(enforce_csrf_checks=True)
    assert upload(guarded, last_code(), file.content).status_code == 403


# Trying


def test_who_tries_codes_is_stopped_after_some(filled: Submission, client: Client) -> None:
    exported(filled, "csv")
    for _ in range(UNKNOWN.most):
        assert client.get(f"/kiem-chung/{new_code()}/").status_code == 404
    response = client.get(f"/kiem-chung/{last_code()}/")
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 600
    assert "Hãy đợi 10 phút rồi thử lại." in response.content.decode()
    other = client.get(f"/kiem-chung/{last_code()}/", REMOTE_ADDR="203.0.113.9")
    assert other.status_code == 200
    client.force_login(User.objects.get(username="hoa"))
    assert client.get(f"/kiem-chung/{last_code()}/").status_code == 200  # a colleague's tries


def test_slips_and_known_codes_are_not_counted(filled: Submission, client: Client) -> None:
    exported(filled, "csv")
    for _ in range(UNKNOWN.most + 1):
        assert client.get("/kiem-chung/K7QM-3XWP-9T4B/").status_code == 404
        page(client, last_code())


def test_one_house_of_the_new_addresses_is_one_address(client: Client, db: None) -> None:
    for at in range(UNKNOWN.most):
        client.get(f"/kiem-chung/{new_code()}/", REMOTE_ADDR=f"2001:db8:1:2::{at:x}")
    address = f"/kiem-chung/{new_code()}/"
    assert client.get(address, REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 429
    assert client.get(address, REMOTE_ADDR="2001:db8:1:3::1").status_code == 404


def test_files_are_compared_so_many_times(filled: Submission, client: Client) -> None:
    file = exported(filled, "csv")
    for _ in range(UPLOADS.most):
        assert upload(client, last_code(), file.content).status_code == 200
    assert upload(client, last_code(), file.content).status_code == 429
    page(client, last_code())


def test_who_is_signed_in_is_counted_as_a_person(
    filled: Submission, client: Client, hoa: User, hanh: User
) -> None:
    """Behind the one address of an office sit many."""
    file = exported(filled, "csv")
    for _ in range(UPLOADS.most):
        upload(client, last_code(), file.content)
    assert upload(client, last_code(), file.content).status_code == 429
    client.force_login(hoa)
    for _ in range(UPLOADS_OF_PERSON.most):
        assert upload(client, last_code(), file.content).status_code == 200
    response = upload(client, last_code(), file.content)
    assert "Ông/bà đã thử quá 60 lần." in said(response, 429)
    client.force_login(hanh)
    assert upload(client, last_code(), file.content).status_code == 200


def test_files_for_one_code_are_counted_from_wherever_they_come(
    filled: Submission, client: Client
) -> None:
    file = exported(filled, "csv")
    path = f"/kiem-chung/{last_code()}/"

    def brought(number: int) -> HttpResponse:
        upload = SimpleUploadedFile("x.csv", file.content)
        address = f"9.9.{number // 200}.{number % 200 + 1}"
        return cast(HttpResponse, client.post(path, {"file": upload}, REMOTE_ADDR=address))

    for number in range(UPLOADS_OF_CODE.most):
        assert brought(number).status_code == 200
    assert "Mã này đã được thử quá 60 lần." in said(brought(300), 429)


# The ways in


ON_PAPER = "Cầm bản giấy: trang này không đối chiếu từng số; hãy xin tệp rồi tải lên"
WAYS = re.compile(r'<p class="links">(.*?)</p>')


def ways(client: Client, code: VerificationCode) -> list[list[str]]:
    text = page(client, code)
    assert ON_PAPER in text
    found = WAYS.search(text)
    return [list(one) for one in re.findall(r'href="([^"]+)">([^<]+)', found[1] if found else "")]


def test_who_holds_paper_is_told_what_to_do(filled: Submission, client: Client) -> None:
    exported(filled, "csv")
    assert ways(client, last_code()) == []
    assert f"/dang-nhap/?next=/kiem-chung/{last_code()}/" in page(client, last_code())


def test_a_handing_in_is_opened_by_whom_its_door_lets_in(
    report: Submission, client: Client, hoa: User, hanh: User, khac: User
) -> None:
    submitted(report, {"1.1": "3"})
    filing_file(stored(report), report.filings.get(), CSV, by=hoa)
    code = last_code()
    moved(report, "return", by=hanh, reason="Sai.")
    submitted(report, {"1.1": "4"})
    first, second = (f"/bao-cao/{report.pk}/lan-gui/{number}/" for number in (1, 2))
    for person in (hoa, hanh):
        client.force_login(person)
        found = ways(client, code)
        assert found == [[first, "Mở bản này trong cổng"], [second, "Mở bản đang thay"]]
        assert [client.get(address).status_code for address, _ in found] == [200, 200]
    client.force_login(khac)
    assert ways(client, code) == []
    assert "đăng nhập</a> để mở" not in page(client, code)


def test_a_publication_is_opened_by_who_reads_the_round(
    open_quarter: Round,
    report: Submission,
    noi_vu_report: Submission,
    client: Client,
    hoa: User,
    hanh: User,
) -> None:
    approved(report, {"1.1": "3"})
    round_file(open_quarter, form("PL2-KH-2022"), CSV, by=hanh)
    table = last_code()
    publication_file(published(open_quarter), CSV, by=hanh)
    code = last_code()
    approved(noi_vu_report, {"1.1": "4"})
    published(open_quarter, reason="Bổ sung báo cáo.")
    client.force_login(hanh)
    base = f"/dot/{open_quarter.code}/cong-bo/PL2-KH-2022/"
    found = ways(client, code)
    assert found == [[f"{base}1/", "Mở bản này trong cổng"], [f"{base}2/", "Mở bản đang thay"]]
    ((address, words),) = ways(client, table)
    assert words == "Mở số tổng hợp của đợt"
    for one in (*(address for address, _ in found), address.replace("&amp;", "&")):
        assert client.get(one).status_code == 200
    client.force_login(hoa)
    assert ways(client, code) == []
    assert ways(client, table) == []


# The record


def test_the_record_names_code_and_layout(filled: Submission, client: Client, hanh: User) -> None:
    part = sections(form_definition(filled.form_version))[1]
    exported(filled, "csv", Paper(is_wide=True, section=part.key))
    client.force_login(hanh)
    for path in (f"/bao-cao/{filled.pk}/nhat-ky/", "/nhat-ky/"):
        text = client.get(path).content.decode()
        assert f"mã kiểm chứng {last_code()}" in text
        assert f"phần {part.name}, khổ ngang" in text
        assert ExportRecord.objects.get().sha256[:12] in text
