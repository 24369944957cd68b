"""PDFs that somebody brought: broken, locked, forged to cost time and memory."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, EncodedStreamObject, NameObject, StreamObject

from indicators.catalogue.cells import BadFile
from reporting.verification.content import Content, Kept
from reporting.verification.pdfs import (
    MOST_ATTACHED,
    MOST_FONTS,
    MOST_MAPPED,
    MOST_OF_PAGE,
    MOST_PAGES,
    MOST_UNPACKED,
    compare_shown,
    read_pdf,
)
from reporting.verification.tables import squashed


def pdf(
    stream: bytes,
    pages: int = 1,
    password: str = "",
    *,
    fonts_of_page: int = 1,
    fonts_of_form: int = 0,
    mapped: bytes = b"",
    shown_by_form: bytes = b"BT /F0 12 Tf (ngoai) Tj ET",
) -> bytes:
    """Return a PDF whose pages all draw the same packed ``stream`` with as many names for a font,
    which says in ``mapped`` which sign is which letter; and may draw one form."""
    writer = PdfWriter()
    drawn = StreamObject()
    drawn.set_data(stream)
    contents = writer._add_object(drawn.flate_encode())
    font = writer._add_object(
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
    )
    if mapped:
        letters = StreamObject()
        letters.set_data(mapped)
        added = writer._add_object(letters.flate_encode())
        font.get_object()[NameObject("/ToUnicode")] = added  # type: ignore[index]

    def named(count: int) -> DictionaryObject:
        return DictionaryObject({NameObject(f"/F{number}"): font for number in range(count)})

    form = StreamObject()
    form.set_data(shown_by_form)
    form = form.flate_encode()
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): named(fonts_of_form)})
    forms = DictionaryObject({NameObject("/X0"): writer._add_object(form)})
    for _ in range(pages):
        page = writer.add_blank_page(600, 800)
        page[NameObject("/Contents")] = contents
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): named(fonts_of_page), NameObject("/XObject"): forms}
        )
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def test_what_pages_show_is_read_page_after_page() -> None:
    words, attached = read_pdf("x.pdf", pdf(b"BT /F0 12 Tf (Xin chao) Tj ET", pages=2))
    assert words == "XinchaoXinchao"
    assert attached == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7\n", "bị hỏng"),
        (pdf(b"")[:-200], "bị hỏng"),
        (pdf(b"", password="x"), "được đặt mật khẩu"),
        (pdf(b"", pages=MOST_PAGES + 1), "có 151 trang; nhiều nhất 150 trang"),
        (b"%PDF-" + b"0" * 10_000_000, "nhiều nhất 10 MB"),
    ],
    ids=["empty", "cut", "locked", "pages", "heavy"],
)
def test_what_cannot_be_read_is_told_why(content: bytes, sentence: str) -> None:
    with pytest.raises(BadFile, match=sentence):
        read_pdf("x.pdf", content)


def test_what_a_form_on_a_page_shows_is_read() -> None:
    words, _ = read_pdf("x.pdf", pdf(b"BT /F0 12 Tf (trong) Tj ET /X0 Do", fonts_of_form=2))
    assert words == "trongngoai"


@pytest.mark.parametrize(
    "content",
    [
        pdf(b"BT ET", fonts_of_page=MOST_FONTS + 1),
        pdf(b"/X0 Do " * 10, fonts_of_form=MOST_FONTS // 10 + 1),
        pdf(b"BT ET", mapped=b" " * (MOST_MAPPED + 1)),
        pdf(b"BT ET", fonts_of_page=6, mapped=b" " * (MOST_MAPPED // 5)),
    ],
    ids=["fonts", "drawn again", "letters", "letters of several"],
)
def test_a_page_with_more_letters_to_learn_than_any_paper_has_is_given_up(content: bytes) -> None:
    """The clock is looked at between pages only, and each font may take a tenth of a second."""
    with pytest.raises(BadFile, match="bị hỏng hoặc không đúng chuẩn"):
        read_pdf("x.pdf", content)


def test_tables_attached_are_read_up_to_what_a_paper_may_hold() -> None:
    writer = PdfWriter()
    writer.add_blank_page(600, 800)
    for number in range(2):
        writer.add_attachment(f"{number}.csv", b"x" * (MOST_UNPACKED // 2 + 1))
    target = BytesIO()
    writer.write(target)
    with pytest.raises(BadFile, match="bị hỏng hoặc không đúng chuẩn"):
        read_pdf("x.pdf", target.getvalue())


def test_forms_that_a_page_only_names_are_not_all_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each takes megabytes of memory, and a file of 2 MB may name 400 of them."""
    writer = PdfWriter()
    forms = DictionaryObject()
    for number in range(40):
        form = StreamObject()
        form.set_data(b" " * MOST_OF_PAGE)
        packed = form.flate_encode()
        packed[NameObject("/Subtype")] = NameObject("/Form")
        forms[NameObject(f"/X{number}")] = writer._add_object(packed)
    page = writer.add_blank_page(600, 800)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): forms})
    target = BytesIO()
    writer.write(target)
    unpacked = []
    get_data = EncodedStreamObject.get_data

    def counted(self: EncodedStreamObject) -> bytes:
        unpacked.append(self)
        return get_data(self)

    monkeypatch.setattr(EncodedStreamObject, "get_data", counted)
    with pytest.raises(BadFile, match="bị hỏng hoặc không đúng chuẩn"):
        read_pdf("x.pdf", target.getvalue())
    assert len(unpacked) == 1


def test_a_row_written_again_and_again_with_other_figures_says_none_of_them() -> None:
    lines = [
        Kept(f"2.{at}", f"2.{at}.", "Văn bản đã ban hành", "Văn bản", str(at), Decimal(at), "")
        for at in range(1, 17)
    ]
    content = Content([], [], "Chỉ tiêu", "Ghi chú", lines, "")

    def shown(*figures: Sequence[int]) -> str:
        return squashed(
            "".join(
                f"{line.stt}{line.label}{line.unit}{figure}{line.remark}"
                for line, guessed in zip(lines, figures, strict=True)
                for figure in guessed
            )
        )

    honest = compare_shown(content, lines, shown(*([at] for at in range(1, 17))))
    assert (honest.is_same, len(honest.agreeing)) == (True, 16)
    guessing = compare_shown(content, lines, shown(*[range(24, -1, -1)] * 16))
    assert (guessing.agreeing, guessing.is_another) == (set(), True)


def test_so_many_tables_are_attached_to_no_paper() -> None:
    writer = PdfWriter()
    writer.add_blank_page(600, 800)
    for number in range(MOST_ATTACHED + 1):
        writer.add_attachment(f"{number}.csv", b"x")
    target = BytesIO()
    writer.write(target)
    with pytest.raises(BadFile, match="bị hỏng hoặc không đúng chuẩn"):
        read_pdf("x.pdf", target.getvalue())


@pytest.mark.parametrize(
    "content",
    [
        pdf(b" " * 60_000_000),
        pdf(b"BT /F0 12 Tf " + b"(a) Tj " * 400_000 + b"ET"),
        pdf(b"BT /F0 12 Tf " + b"(a) Tj " * 20_000 + b"ET", pages=MOST_PAGES),
        pdf(b"BT /F0 12 Tf <" + b"61" * MOST_OF_PAGE + b"> Tj ET"),
        pdf(
            b"/X0 Do " * 10,
            fonts_of_form=1,
            shown_by_form=b"BT /F0 12 Tf <" + b"61" * 2_400_000 + b"> Tj ET",
        ),
    ],
    ids=["unpacked", "drawn", "shown", "one word", "in a form"],
)
def test_a_forged_file_is_given_up(content: bytes) -> None:
    """Small as they are, they would take minutes or gigabytes."""
    assert len(content) < 100_000
    with pytest.raises(BadFile, match="bị hỏng hoặc không đúng chuẩn"):
        read_pdf("x.pdf", content)
