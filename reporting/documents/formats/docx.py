"""An Appendix as a Word file, laid out as on the state's paper."""

from collections.abc import Iterator, Sequence

from reporting.documents.formats import qr
from reporting.documents.formats.word import (
    CONTENT_TYPE,
    WordFile,
    cell,
    columns,
    letterhead_block,
    paragraph,
    row,
    runs,
    table,
)
from reporting.documents.formats.workbook import printed_lines
from reporting.printing.appendix import (
    FIGURE_HEADING,
    SPANNED_HEADING,
    STT_HEADING,
    UNIT_HEADING,
    Appendix,
    Line,
    Signature,
)
from reporting.printing.breaks import broken, together

__all__ = ["CONTENT_TYPE", "render"]

# STT, label, unit, figure, last column, in millimetres: all of the paper between its margins.
UPRIGHT = columns(15, 60, 27, 25, 36)
ACROSS = columns(16, 117, 28, 29, 60)
# How far labels stand in, in points, by their depth.
INDENTS = (0, 0, 8, 14, 20)
# So many last rows stay on one page with the signature.
KEPT_ROWS = 2
# A row of more letters than this may be taller than a page: it must be allowed to go on.
MOST_UNCUT = 700
# A bold letter of the headings, in twips, and a line of them, in points.
LETTER, HEADING_LEADING = 130, 14


def render(appendix: Appendix) -> bytes:
    """Return ``appendix`` as the bytes of a Word file; the same appendix gives the same bytes."""
    file = WordFile(title=appendix.title, is_wide=appendix.is_wide, foot=appendix.foot)
    if appendix.letterhead:
        file.add(letterhead_block(appendix.letterhead, file.width))
    widths = ACROSS if appendix.is_wide else UPRIGHT
    file.add(
        *_top(appendix),
        table(
            widths,
            [*_headings(appendix, widths), *_rows(appendix, widths)],
            has_grid=True,
            name=appendix.title,
        ),
        *_signature(appendix.signature, file.width),
    )
    if appendix.mark:
        file.mark(qr.png(appendix.mark.address), *appendix.mark.words)
    return file.content()


def _top(appendix: Appendix) -> Iterator[str]:
    """Yield what stands above the table."""
    for text, type_ in (
        (appendix.label, "label"),
        (together(appendix.title), "title"),
        (appendix.legal_line, "legal"),
        (appendix.notice, "notice"),
    ):
        if text:
            yield paragraph(runs(text), type_, keeps_next=True)
    yield paragraph("", "notice", keeps_next=True)


def _headings(appendix: Appendix, widths: Sequence[int]) -> Iterator[str]:
    """Yield the two rows that are repeated on every page."""
    stt, label, unit, figure, last = widths
    height = _heading_height(appendix, widths) / 2

    def head(width: int, text: str, *, across: int = 1, down: str = "") -> str:
        said = paragraph(runs(text), "head", keeps_next=True)
        return cell(width, said, across=across, down=down, at="center")

    yield row(
        head(stt, STT_HEADING, down="restart"),
        head(label, appendix.label_heading, down="restart"),
        head(unit + figure, SPANNED_HEADING, across=2),
        head(last, appendix.last_heading, down="restart"),
        is_heading=True,
        height=height,
    )
    yield row(
        head(stt, "", down="continue"),
        head(label, "", down="continue"),
        head(unit, UNIT_HEADING),
        head(figure, FIGURE_HEADING),
        head(last, "", down="continue"),
        is_heading=True,
        height=height,
    )


def _heading_height(appendix: Appendix, widths: Sequence[int]) -> float:
    """Return the points that both rows take: not every program makes room for a heading over two
    rows where it repeats it."""
    texts = ((appendix.label_heading, widths[1]), (appendix.last_heading, widths[4]))
    lines = max(printed_lines(text, int(width / LETTER)) for text, width in texts)
    return HEADING_LEADING * max(lines, 2) + 8


def _rows(appendix: Appendix, widths: Sequence[int]) -> Iterator[str]:
    kept = len(appendix.lines) - KEPT_ROWS
    for number, line in enumerate(map(broken, appendix.lines)):
        yield _row(line, widths, keeps_next=line.is_bold or number >= kept)


def _row(line: Line, widths: Sequence[int], *, keeps_next: bool) -> str:
    """A bold row heads those below it and never ends a page."""
    said = (line.stt, line.label, line.unit, line.figure.text, line.remark)
    figure = "figure" if line.figure.is_number else "centre"
    indent = INDENTS[min(line.depth, len(INDENTS) - 1)]
    cells = (
        cell(
            width,
            paragraph(
                runs(
                    text,
                    is_bold=line.is_bold and type_ != "remark",
                    is_italic=line.is_italic and type_ != "remark",
                ),
                type_,
                keeps_next=keeps_next,
                indent=indent if type_ == "cell" else 0,
            ),
            at="center",
        )
        for width, text, type_ in zip(
            widths, said, ("stt", "cell", "centre", figure, "remark"), strict=True
        )
    )
    return row(*cells, is_whole=max(map(len, said)) <= MOST_UNCUT)


def _signature(signature: Signature, width: int) -> Iterator[str]:
    """Yield the signature block, which is never alone on a page."""
    half = columns(width / 2)[0]

    def line(text: str, type_: str, gap: float = 0) -> str:
        return paragraph(runs(text), type_, keeps_next=True, gap=gap)

    yield line("", "notice")
    yield table(
        (half, half),
        [
            row(
                cell(half, line("", "date"), line("NGƯỜI LẬP BIỂU", "sign")),
                cell(
                    half,
                    line(signature.place_and_date, "date"),
                    line(signature.signer_title, "sign"),
                    line(signature.signer_name, "sign", gap=52),
                ),
            )
        ],
        has_grid=False,
    )
