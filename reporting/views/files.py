"""Files as responses, and what a person asks of the paper before they are made."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header

from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.documents.files import File
from reporting.documents.formats import FORMATS, Format
from reporting.printing.appendix import Paper
from reporting.printing.sections import Section, sections

WITH_LETTERHEAD = "co"
WIDE = "ngang"


@dataclass(frozen=True, slots=True)
class Offers:
    """In which formats, parts and layouts a page offers its appendix as a file: each format with
    its address, which ``asked`` are fields of."""

    formats: Sequence[tuple[Format, str]]
    sections: Sequence[Section]
    asked: Sequence[tuple[str, str]]

    @property
    def query(self) -> str:
        return f"?{urlencode(self.asked)}" if self.asked else ""


def offers(
    version: FormVersion, name: str, *of: object, asked: Sequence[tuple[str, str]] = ()
) -> Offers:
    """Return what the page of an appendix by ``version`` offers; ``name`` and ``of`` make its
    files' addresses, to which the pairs ``asked`` belong."""
    return Offers(
        [(format_, reverse(name, args=[*of, format_.extension])) for format_ in FORMATS.values()],
        sections(form_definition(version)),
        asked,
    )


def paper_asked(request: HttpRequest, version: FormVersion) -> Paper:
    """Return how the paper is wanted: ``?dau=co`` as a whole document, ``?kho=ngang`` across,
    ``?phan=KEY`` one section; one that the form does not have answers 404."""
    section = request.GET.get("phan", "")
    if section and section not in {one.key for one in sections(form_definition(version))}:
        raise Http404("Biểu mẫu này không có phần đó.")
    return Paper(
        is_document=request.GET.get("dau") == WITH_LETTERHEAD,
        is_wide=request.GET.get("kho") == WIDE,
        section=section,
    )


def download(file: File) -> HttpResponse:
    """Return ``file`` as an attachment under its own name, never kept by a cache."""
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or ""
    response["Cache-Control"] = "private, no-store"
    return response
