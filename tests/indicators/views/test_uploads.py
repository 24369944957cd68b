"""Files on the pages: previewed whole, taken over whole or not at all, refused with every place."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from indicators.catalogue.written import Document
from indicators.models import FormVersion, Upload
from indicators.queries.definitions import written
from reporting.models import User
from tests.cast import form
from tests.indicators.catalogue import books
from tests.indicators.sheets import rows
from tests.indicators.views.catalogue_pages import (
    HEAD_POSTED,
    begun,
    document,
    edited,
    file,
    stored,
)

pytestmark = pytest.mark.django_db

SEEDS = ("BM7-2025", "PL1-GL-2023", "PL2-KH-2021", "PL2-KH-2022", "PL2-XA-QN-2022")
PRINTED = (
    "STT\tChỉ tiêu\tĐơn vị tính\tGhi chú\n"
    "1.\tMột cửa\t\t\n"
    "1.1.\tTỷ lệ hồ sơ giấy được số hóa\t%\t\n"
    "\t- Tổng số hồ sơ giấy đã tiếp nhận\tHồ sơ\t\n"
    "\t- Số hồ sơ giấy đã được số hóa\tHồ sơ\t\n"
)


@pytest.fixture
def draft(mai: User) -> FormVersion:
    return begun(mai)


@pytest.fixture
def manager(client: Client, mai: User) -> Client:
    client.force_login(mai)
    return client


def workbook(client: Client, version: FormVersion) -> Workbook:
    return load_workbook(BytesIO(client.get(f"/bieu-mau/{version.code}/tep.xlsx").content))


def letters(sheet: Worksheet) -> dict[str, str]:
    """Return where each column of a sheet stands, by its title."""
    titles = next(sheet.iter_rows(max_row=1, values_only=True))
    return {str(title): get_column_letter(place) for place, title in enumerate(titles, start=1)}


def content(book: Workbook) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def posted(client: Client, version: FormVersion, **given: object) -> tuple[int, str]:
    response = client.post(f"/bieu-mau/{version.code}/nap/", given, follow=True)
    return response.status_code, response.content.decode()


def accept(client: Client, version: FormVersion) -> tuple[int, str]:
    upload = Upload.objects.filter(version=version).latest("pk")
    response = client.post(f"/bieu-mau/{version.code}/nap/{upload.pk}/", follow=True)
    return response.status_code, response.content.decode()


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
@pytest.mark.parametrize("code", SEEDS)
def test_a_real_form_comes_back_from_its_own_download_without_a_difference(
    manager: Client, code: str, extension: str
) -> None:
    source = form(code)
    downloaded = manager.get(f"/bieu-mau/{code}/tep.{extension}").content
    manager.post("/bieu-mau/moi/", {**HEAD_POSTED, "source": code})
    draft = form("MOI-2027")
    _, page = posted(manager, draft, file=file(f"bieu.{extension}", downloaded))
    assert "Không có dòng nào thay đổi." in page
    _, page = accept(manager, draft)
    assert "0 chỗ thay đổi" in page
    manager.post(
        "/bieu-mau/MOI-2027/cong-bo/", {"revision": stored(draft).revision, "note": "Chép lại."}
    )
    again = form("MOI-2027")
    assert again.status == "published"
    assert list(written(again).rows) == list(written(source).rows)


def test_the_preview_shows_what_would_change_and_changes_nothing(
    manager: Client, draft: FormVersion
) -> None:
    before = stored(draft)
    book = workbook(manager, draft)
    sheet = book.worksheets[0]
    sheet[f"{letters(sheet)['Chỉ tiêu']}6"] = "Hình thức khảo sát"
    sheet.delete_rows(4)
    status, page = posted(manager, draft, file=file("bieu.xlsx", content(book)))
    assert status == 200
    assert "Hình thức khảo sát" in page
    assert "2 dòng thay đổi; 4 dòng sau khi nhận." in page
    assert stored(draft).draft == before.draft
    _, page = accept(manager, draft)
    assert "Đã nhận tệp bieu.xlsx" in page
    assert [line["key"] for line in document(draft).rows] == ["1", "1.1", "1.1.b", "1.2"]
    event = stored(draft).events.latest("pk")
    assert event.act == "upload"
    assert "bieu.xlsx (SHA-256 " in event.note


def test_every_fault_is_listed_with_its_cell_and_nothing_is_kept(
    manager: Client, draft: FormVersion
) -> None:
    before = stored(draft).draft
    book = workbook(manager, draft)
    sheet = book.worksheets[0]
    columns = letters(sheet)
    sheet[f"{columns['Loại số liệu']}3"] = "số lẻ"
    sheet[f"{columns['Khóa']}5"] = "1.1.a"
    sheet[f"{columns['Dòng cha']}6"] = "9"
    status, page = posted(manager, draft, file=file("bieu.xlsx", content(book)))
    assert status == 422
    for cell, words in (
        (f"{columns['Loại số liệu']}3", "«số lẻ» không có trong danh sách"),
        (f"{columns['Khóa']}4", "bị lặp ở 2 dòng"),
        (f"{columns['Khóa']}5", "bị lặp ở 2 dòng"),
        (f"{columns['Dòng cha']}6", "«9» không đứng ở phía trên"),
    ):
        assert f'class="keep">{cell}</th>' in page
        assert words in page
    assert stored(draft).draft == before
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("name", "sent", "words"),
    [
        ("bieu.xlsx", b"", "trống"),
        ("bieu.pdf", b"%PDF-1.7\n%", "PDF"),
        ("bieu.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xlsx"),
        ("bieu.xlsx", b"PK\x03\x04 hong", "hỏng"),
        ("bieu.csv", b"a,b\n1,2\n", "bảng"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(
    manager: Client, draft: FormVersion, name: str, sent: bytes, words: str
) -> None:
    status, page = posted(manager, draft, file=file(name, sent))
    assert status == 422
    assert "Chưa đọc được" in page
    assert words in page
    assert not Upload.objects.exists()


def test_neither_or_both_of_file_and_paste_are_refused(manager: Client, draft: FormVersion) -> None:
    status, page = posted(manager, draft)
    assert (status, "Hãy chọn một tệp, hoặc dán một bảng." in page) == (422, True)
    status, page = posted(manager, draft, file=file("a.csv", "x"), pasted=PRINTED)
    assert (status, "Hãy chọn một: tải tệp lên, hoặc dán bảng." in page) == (422, True)
    status, page = posted(manager, draft, pasted="không có bảng nào")
    assert (status, "Chưa đọc được" in page) == (422, True)


def test_a_file_heavier_than_the_most_is_not_even_opened(
    manager: Client, draft: FormVersion
) -> None:
    status, page = posted(manager, draft, file=file("a.csv", b"0" * (5 * 1024 * 1024 + 1)))
    assert (status, "nhiều nhất 5 MB" in page) == (422, True)


def test_a_pasted_table_of_more_rows_than_a_form_may_have_is_refused(
    manager: Client, draft: FormVersion
) -> None:
    lines = "".join(f"{number}.\tSố {number}\tHồ sơ\t\n" for number in range(1, 1002))
    status, page = posted(manager, draft, pasted=lines)
    assert (status, "nhiều nhất 1000 dòng" in page) == (422, True)


def sheet_xml(cells: str, after: str = "") -> bytes:
    """Return a workbook whose sheet is written by hand."""
    book = Workbook()
    book.worksheets[0]["A1"] = "STT"
    source = ZipFile(BytesIO(content(book)))
    target = BytesIO()
    with ZipFile(target, "w") as package:
        for part in source.namelist():
            text = source.read(part).decode()
            if part == "xl/worksheets/sheet1.xml":
                text = text.replace("<sheetData>", f"<sheetData>{cells}")
                text = text.replace("</sheetData>", f"</sheetData>{after}")
            package.writestr(part, text)
    return target.getvalue()


@pytest.mark.parametrize(
    ("cells", "after"),
    [
        ('<row r="2"><c r = "XFD1048576"><v>1</v></c></row>', ""),
        ("", '<mergeCells count="1"><mergeCell ref="E1:F1048576"/></mergeCells>'),
        ("", '<mergeCells count="1"><mergeCell ref="E:F"/></mergeCells>'),
    ],
)
def test_a_small_file_that_means_millions_of_cells_is_refused(
    manager: Client, draft: FormVersion, cells: str, after: str
) -> None:
    status, page = posted(manager, draft, file=file("b.xlsx", sheet_xml(cells, after)))
    assert (status, "Chưa đọc được" in page) == (422, True)
    assert not Upload.objects.exists()


def test_a_printed_table_is_proposed_and_waits_to_be_looked_at(manager: Client, mai: User) -> None:
    draft = begun(mai, Document())
    _, page = posted(manager, draft, pasted=PRINTED)
    assert "Đọc được" in page
    accept(manager, draft)
    assert [(line["key"], line["kind"]) for line in document(draft).rows] == [
        ("1", "heading"),
        ("1.1", "percent"),
        ("1.1.a", "count"),
        ("1.1.b", "count"),
    ]
    assert document(draft).proposals["1.1"]["formula"]
    response = manager.post(
        f"/bieu-mau/{draft.code}/cong-bo/", {"revision": stored(draft).revision, "note": "x"}
    )
    assert response.status_code == 409
    assert "chưa được nhận hoặc sửa" in response.content.decode()


def test_what_is_pasted_below_a_table_is_told(manager: Client, draft: FormVersion) -> None:
    pasted = f"{PRINTED}Ghi chú: Số liệu tính từ ngày 15/12/2024.\n"
    _, page = posted(manager, draft, pasted=pasted)
    assert "Dòng dưới bảng không đưa vào biểu: «Ghi chú: Số liệu tính từ ngày 15/12/2024.»" in page


def test_many_remarks_on_a_file_are_counted(manager: Client, draft: FormVersion) -> None:
    sheets = {"PL2": [line.split("\t") for line in PRINTED.splitlines()]}
    others = {f"Phụ {n}": [["Tên cơ quan", "Số"]] for n in range(15)}
    _, page = posted(manager, draft, file=file("a.xlsx", books.workbook(sheets | others)))
    assert page.count("không có cột của biểu nên không được đọc") == 12
    assert "Còn 3 lưu ý khác về tệp." in page


def test_a_preview_of_an_older_state_is_not_taken_over(manager: Client, draft: FormVersion) -> None:
    posted(manager, draft, pasted=PRINTED)
    edited(manager, draft, "up:1.2")
    before = document(draft)
    status, page = accept(manager, draft)
    assert status == 409
    assert "Hãy nạp lại tệp để so với bản mới." in page
    assert document(draft) == before


def test_a_file_is_taken_over_once_and_kept_as_it_came(manager: Client, draft: FormVersion) -> None:
    sent = manager.get("/bieu-mau/BM7-2025/tep.xlsx").content
    posted(manager, draft, file=file("mẫu 7.xlsx", sent))
    assert accept(manager, draft)[0] == 200
    status, page = accept(manager, draft)
    assert (status, "đã được nhận rồi" in page) == (409, True)
    upload = Upload.objects.get()
    original = manager.get(f"/bieu-mau/{draft.code}/nap/{upload.pk}/tep-goc/")
    assert original.content == sent
    assert "attachment" in original.headers["Content-Disposition"]
    assert "mẫu 7.xlsx" in manager.get(f"/bieu-mau/{draft.code}/lich-su/").content.decode()


def test_the_csv_is_the_folders_own_writing(manager: Client) -> None:
    sent = manager.get("/bieu-mau/BM7-2025/tep.csv").content.decode()
    assert sent.startswith("position,key,stt,label,unit,who_reports,parent,kind,choices,")
    assert "\r" not in sent


def test_a_draft_of_the_small_sheet_comes_back_too(manager: Client, draft: FormVersion) -> None:
    sent = content(workbook(manager, draft))
    _, page = posted(manager, draft, file=file("bieu.xlsx", sent))
    assert "Không có dòng nào thay đổi." in page
    assert len(rows()) == 5
