"""What a Word file holds besides the cells of its table, which the contract reads back."""

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from PIL import Image

from reporting.documents.formats import docx
from reporting.documents.formats.packages import settled
from reporting.printing.appendix import Appendix, Letterhead, Line, Mark, Signature
from reporting.printing.cells import PrintedCell

PLAIN = Line("1", "1.", "Số văn bản", "Văn bản", PrintedCell("7"), "", 1, False, False)
BOLD = replace(PLAIN, stt="I", label="Cải cách thể chế", figure=PrintedCell(), is_bold=True)
DEEP = replace(PLAIN, label="- Trong đó", depth=3, is_italic=True)
APPENDIX = Appendix(
    label="Phụ lục 2",
    title="THỐNG KÊ SỐ LIỆU",
    legal_line="(Kèm theo Báo cáo số 24/BC-UBND)",
    notice="Bản chưa duyệt.",
    label_heading="Chỉ tiêu",
    last_heading="Ghi chú",
    lines=[BOLD, PLAIN, DEEP, *([PLAIN] * 5)],
    signature=Signature("Sơn Liên, ngày 10 tháng 3 năm 2022", "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", "Dây"),
)
HEAD = Letterhead("UBND TỈNH QUẢNG NGÃI", "UBND XÃ SƠN LIÊN", "Số: 24/BC-UBND", "Sơn Liên, nay")
MARK = Mark("K7QM-3XWP", "https://portal.example/kiem-chung/K7QM-3XWP/")


def opened(appendix: Appendix = APPENDIX) -> Any:
    return Document(BytesIO(docx.render(appendix)))


def kept(row: Any) -> set[bool]:
    """Whether the paragraphs of a row are kept with what follows."""
    found = (paragraph for cell in row._tr.tc_lst for paragraph in cell.p_lst)
    return {paragraph.pPr.find(qn("w:keepNext")) is not None for paragraph in found}


def has(row: Any, property_: str) -> bool:
    return row._tr.trPr is not None and row._tr.trPr.find(qn(property_)) is not None


@pytest.mark.parametrize(("is_wide", "width", "height"), [(False, 210, 297), (True, 297, 210)])
def test_the_paper_is_a4_with_the_margins_of_the_decree(
    *, is_wide: bool, width: int, height: int
) -> None:
    found = opened(replace(APPENDIX, is_wide=is_wide))
    page = found.sections[0]
    sides = (page.page_width, page.page_height)
    assert sides == pytest.approx((Mm(width), Mm(height)), abs=Mm(0.02))
    margins = (page.top_margin, page.right_margin, page.bottom_margin, page.left_margin)
    assert margins == pytest.approx((Mm(22), Mm(17), Mm(20), Mm(30)), abs=Mm(0.02))
    columns = [column.width for column in found.tables[0].columns]
    assert sum(columns) == pytest.approx(Mm(width - 47), abs=Mm(0.1))
    assert found.tables[0].autofit is False


def test_what_a_cell_lists_stands_one_below_the_other() -> None:
    listed = replace(PLAIN, unit="Không = 0 Có = 1", remark="- Sở - Xã")
    table = opened(replace(APPENDIX, lines=[listed])).tables[0]
    assert [cell.text for cell in table.rows[2].cells][2::2] == [
        "Không\xa0=\xa00\nCó\xa0=\xa01",
        "- Sở\n- Xã",
    ]


def test_a_title_keeps_the_words_of_its_period() -> None:
    said = [one.text for one in opened(replace(APPENDIX, title="SỐ QUÝ III NĂM 2026")).paragraphs]
    assert "SỐ QUÝ\xa0III\xa0NĂM\xa02026" in said


def test_every_page_says_at_its_foot_what_it_is_and_by_which_code() -> None:
    page = opened(replace(APPENDIX, mark=MARK, standing="Bản chưa duyệt")).sections[0]
    for foot in (page.first_page_footer, page.footer):
        (words,) = foot.paragraphs
        assert words.text == f"Bản chưa duyệt · Mã kiểm chứng {MARK.code}"
    assert not opened().sections[0].footer.paragraphs[0].text


def test_pages_are_numbered_top_centre_from_the_second_on() -> None:
    page = opened().sections[0]
    assert page.different_first_page_header_footer
    assert not page.first_page_header.paragraphs[0].text
    (field,) = page.header._element.iter(qn("w:fldSimple"))
    assert field.get(qn("w:instr")) == "PAGE"
    assert page.header.paragraphs[0].style.paragraph_format.alignment == 1


def test_both_heading_rows_are_repeated_and_no_row_is_cut() -> None:
    rows = opened().tables[0].rows
    assert [has(row, "w:tblHeader") for row in rows] == [True, True] + [False] * 8
    assert all(has(row, "w:cantSplit") for row in rows)
    assert [cell.text for cell in rows[0].cells] == [
        "STT",
        "Chỉ tiêu",
        "Kết quả thống kê",
        "Kết quả thống kê",
        "Ghi chú",
    ]
    assert [cell.text for cell in rows[1].cells][2:4] == ["Đơn vị tính", "Số liệu"]


def test_a_row_that_no_page_may_hold_may_be_cut() -> None:
    long = replace(PLAIN, remark="Chưa tổng hợp xong. " * 250)
    rows = opened(replace(APPENDIX, lines=[PLAIN, long])).tables[0].rows
    assert [has(row, "w:cantSplit") for row in rows[2:]] == [True, False]


def test_a_bold_row_and_the_last_two_stay_with_what_follows() -> None:
    rows = opened().tables[0].rows
    assert [kept(row) for row in rows[2:]] == [
        {True},
        *([{False}] * 5),
        {True},
        {True},
    ]


def test_the_signature_is_one_row_that_ends_the_file() -> None:
    found = opened()
    (row,) = found.tables[-1].rows
    left, right = (cell.text.split("\n") for cell in row.cells)
    assert left == ["", "NGƯỜI LẬP BIỂU"]
    assert right == ["Sơn Liên, ngày 10 tháng 3 năm 2022", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Dây"]
    assert has(row, "w:cantSplit")
    assert kept(row) == {True}


def test_rows_look_as_on_paper() -> None:
    rows = opened().tables[0].rows[2:5]
    weights = [{(run.bold, run.italic) for run in row.cells[1].paragraphs[0].runs} for row in rows]
    assert weights == [{(True, None)}, {(None, None)}, {(None, True)}]
    indents = [row.cells[1].paragraphs[0].paragraph_format.left_indent for row in rows]
    assert [indent and indent.pt for indent in indents] == [None, None, 14]


def test_figures_stand_to_the_right_and_words_in_the_middle() -> None:
    number, words = replace(PLAIN, figure=PrintedCell("5.356", 5356)), PLAIN  # type: ignore[arg-type]
    rows = opened(replace(APPENDIX, lines=[number, words])).tables[0].rows[2:]
    names = [row.cells[3].paragraphs[0].style.name for row in rows]
    assert names == ["cchc figure", "cchc centre"]


def test_what_stands_above_the_table() -> None:
    assert [line.text for line in opened().paragraphs if line.text] == [
        "Phụ lục 2",
        "THỐNG KÊ\xa0SỐ\xa0LIỆU",
        "(Kèm theo Báo cáo số 24/BC-UBND)",
        "Bản chưa duyệt.",
    ]


def test_a_whole_document_begins_with_its_letterhead() -> None:
    found = opened(replace(APPENDIX, letterhead=HEAD)).tables
    assert len(found) == 3
    assert [[cell.text.strip() for cell in row.cells] for row in found[0].rows] == [
        [
            "UBND TỈNH QUẢNG NGÃI\nUBND XÃ SƠN LIÊN",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
        ],
        ["Số: 24/BC-UBND", "Sơn Liên, nay"],
    ]
    assert found[0]._tbl.tblPr.find(qn("w:tblBorders")) is None
    (nobody_above,) = opened(replace(APPENDIX, letterhead=replace(HEAD, above=""))).tables[:1]
    assert nobody_above.cell(0, 0).paragraphs[0].text == "UBND XÃ SƠN LIÊN"


def test_the_mark_is_a_picture_with_its_words() -> None:
    found = opened(replace(APPENDIX, mark=MARK))
    ((drawn, said),) = (list(row.cells) for row in found.tables[-1].rows)
    assert said.text.split("\n") == [
        "Mã kiểm chứng: K7QM-3XWP",
        "Kiểm chứng tại: https://portal.example/kiem-chung/K7QM-3XWP/",
    ]
    (properties,) = drawn._tc.iter(qn("wp:docPr"))
    assert properties.get("descr").startswith("Mã kiểm chứng: K7QM-3XWP")
    (part,) = (rel.target_part for rel in found.part.rels.values() if "image" in rel.reltype)
    with Image.open(BytesIO(part.blob)) as picture:
        assert picture.width == picture.height > 150
    assert found.inline_shapes[0].width == found.inline_shapes[0].height == Mm(20)


def test_the_file_speaks_vietnamese_in_times_new_roman_and_names_nobody() -> None:
    found = opened()
    said = found.core_properties
    assert (said.title, said.language, said.author) == ("THỐNG KÊ SỐ LIỆU", "vi-VN", "")
    assert said.comments == said.last_modified_by == ""
    assert said.created is None
    (language,) = found.styles.element.iter(qn("w:lang"))
    assert language.get(qn("w:val")) == "vi-VN"
    (fonts,) = found.styles.element.find(qn("w:docDefaults")).iter(qn("w:rFonts"))
    assert set(fonts.attrib.values()) == {"Times New Roman"}
    assert "docProps/thumbnail.jpeg" not in ZipFile(BytesIO(docx.render(APPENDIX))).namelist()


def test_the_same_appendix_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    appendix = replace(APPENDIX, mark=MARK, letterhead=HEAD)
    first = docx.render(appendix)
    # What a package would say of when it was written.
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert docx.render(appendix) == first
    days = {part.date_time for part in ZipFile(BytesIO(first)).infolist()}
    assert days == {(1980, 1, 1, 0, 0, 0)}


def test_a_settled_package_has_the_same_parts(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with ZipFile(path, "w") as package:
        package.writestr("một.xml", "<a/>")
        package.writestr("b/c.bin", b"\x00\x01" * 4000)
    with ZipFile(BytesIO(settled(path.read_bytes()))) as found:
        read: Mapping[str, bytes] = {name: found.read(name) for name in found.namelist()}
    assert read == {"một.xml": b"<a/>", "b/c.bin": b"\x00\x01" * 4000}


def test_what_a_person_wrote_is_words_and_nothing_else() -> None:
    said = '<w:p/>&amp; {PAGE} "x" =1+1\ttab\nline\r\nend\x07 _x0041_ \ufffe'
    found = opened(replace(APPENDIX, lines=[replace(PLAIN, label=said)], title=said))
    wanted = '<w:p/>&amp; {PAGE} "x" =1+1\ttab\nline\nend _x0041_ '
    assert found.tables[0].rows[2].cells[1].text == wanted
    assert not list(found.element.body.iter(qn("w:fldSimple"), qn("w:instrText")))
