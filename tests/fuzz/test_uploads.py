"""Every hostile file at the readers of files: read, or refused with a sentence."""

from collections.abc import Callable
from io import BytesIO

import pytest

from indicators.catalogue.cells import BadFile
from indicators.catalogue.files import read_file
from indicators.catalogue.written import Document
from reporting.attachments import BadAttachment, kind_of
from tests.fuzz.judge import VIETNAMESE
from tests.fuzz.uploads import MAKERS, made

NAMES = ("a.xlsx", "a.docx", "a.csv", "a.pdf")


def attach(name: str, content: bytes) -> object:
    return kind_of(name, BytesIO(content))


def catalogue(name: str, content: bytes) -> object:
    return read_file(name, content, base=Document(()))


@pytest.mark.parametrize("read", [attach, catalogue])
@pytest.mark.parametrize("kind", MAKERS)
def test_a_hostile_file_is_read_or_refused_in_words(
    kind: str, read: Callable[[str, bytes], object]
) -> None:
    refusals = []
    for name in NAMES:
        try:
            read(name, made(kind))
        except (BadFile, BadAttachment) as refusal:
            refusals.append(str(refusal))
    assert all(VIETNAMESE.search(told) for told in refusals)


@pytest.mark.parametrize(
    "kind", ["bomb in a workbook", "entities in a workbook", "deep workbook", "cut workbook"]
)
def test_a_workbook_that_would_go_off_is_refused(kind: str) -> None:
    with pytest.raises(BadFile):
        catalogue("a.xlsx", made(kind))


@pytest.mark.parametrize("kind", ["entities in a document", "deep document", "cut document"])
def test_a_document_that_would_go_off_is_refused(kind: str) -> None:
    with pytest.raises(BadFile):
        catalogue("a.docx", made(kind))
