"""A Letter as a Word file, ready to be numbered and signed."""

from collections.abc import Iterator, Sequence

from reporting.documents.formats.docx import MOST_UNCUT
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
from reporting.printing.letter import Letter, LetterTable

__all__ = ["CONTENT_TYPE", "render"]

# Room for a hand to sign, in points.
_TO_SIGN = 60


def render(letter: Letter) -> bytes:
    """Return ``letter`` as the bytes of a Word file; the same letter gives the same bytes."""
    file = WordFile(title=letter.title)
    file.add(letterhead_block(letter.letterhead, file.width), *_top(letter))
    file.add(*(paragraph(runs(said), "letter") for said in letter.paragraphs))
    if letter.table:
        file.add(_table(letter.table, file.width), paragraph("", "mark", keeps_next=True))
    file.add(*(paragraph(runs(said), "letter", keeps_next=True) for said in letter.last_words))
    file.add(_end(letter, file.width))
    return file.content()


def _top(letter: Letter) -> Iterator[str]:
    if letter.name:
        yield paragraph(runs(letter.name), "label")
        yield paragraph(runs(letter.about, is_bold=True), "address")
    if letter.addressee:
        yield paragraph(runs(f"Kính gửi: {letter.addressee}"), "address")


def _table(said: LetterTable, width: int) -> str:
    widths = columns(*(part * width / 100 for _, part in said.headings))
    headings = [
        cell(at, paragraph(runs(heading), "head", keeps_next=True), at="center")
        for at, (heading, _) in zip(widths, said.headings, strict=True)
    ]
    rows = [
        row(
            *(
                cell(at, paragraph(runs(words), "cell", keeps_next=number == len(said.rows)))
                for at, words in zip(widths, words_of, strict=True)
            ),
            is_whole=max(map(len, words_of)) <= MOST_UNCUT,
        )
        for number, words_of in enumerate(said.rows, start=1)
    ]
    return table(widths, [row(*headings, is_heading=True), *rows], has_grid=True)


def _end(letter: Letter, width: int) -> str:
    half = columns(width / 2, width / 2)
    return table(
        half,
        (
            row(
                cell(half[0], *_recipients(letter.recipients)),
                cell(
                    half[1],
                    paragraph(runs(letter.signature.signer_title), "sign"),
                    paragraph(runs(letter.signature.signer_name), "sign", gap=_TO_SIGN),
                ),
            ),
        ),
        has_grid=False,
    )


def _recipients(recipients: Sequence[str]) -> Iterator[str]:
    yield paragraph(runs("Nơi nhận:", is_bold=True, is_italic=True), "recipient")
    for one in recipients:
        yield paragraph(runs(f"- {one}"), "recipient")
