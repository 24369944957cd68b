"""What these pages read from a request and a file besides their forms."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect

from indicators.access import CatalogueRequest
from indicators.actions.reading import PASTED, Found, read_paste, read_source
from indicators.catalogue.problems import Problem
from indicators.catalogue.written import Document
from indicators.forms.drafts import SourceForm
from indicators.kinds import Status
from indicators.models import FormVersion

_MOST_REMARKS = 12


def posted_revision(request: CatalogueRequest) -> int:
    """Return the revision the posted page was drawn from; -1, which none has, when unreadable."""
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def posted(request: CatalogueRequest) -> QueryDict | None:
    """Return what was posted, for a form to judge; None where a page is only looked at."""
    return request.POST if request.method == "POST" else None


def to_version(request: CatalogueRequest, version: FormVersion) -> HttpResponse:
    """Lead from a page that the version no longer has to the version itself; whoever posted there
    is told why nothing was done."""
    if request.method == "POST":
        messages.warning(
            request,
            f"{version.code} đang ở trạng thái «{Status(version.status).label}» nên việc vừa rồi"
            " không được thực hiện. Muốn thay đổi, hãy lập phiên bản mới.",
        )
    return redirect("version", code=version.code)


def read_given(given: SourceForm, *, form: str, base: Document) -> Found | None:
    """Return what the file or the pasted table holds; None where neither was given."""
    said = given.cleaned_data
    if said["file"]:
        return read_source(
            name=said["file"].name, content=said["file"].read(), form=form, base=base
        )
    if said["pasted"].strip():
        return read_paste(text=said["pasted"], form=form, base=base)
    return None


def tell_remarks(request: CatalogueRequest, found: Found) -> None:
    """Show on the next page what a file holds beside what was taken from it."""
    for fault in found.remarks[:_MOST_REMARKS]:
        messages.warning(request, fault.sentence)
    if (more := len(found.remarks) - _MOST_REMARKS) > 0:
        messages.warning(request, f"Còn {more} lưu ý khác về tệp.")


def original(given: SourceForm) -> tuple[str, bytes]:
    file = given.cleaned_data["file"]
    if not file:
        return PASTED, given.cleaned_data["pasted"].encode()
    file.seek(0)
    return file.name, file.read()


def listed(found: Sequence[Problem], document: Document) -> list[tuple[Problem, str]]:
    """Return each problem with the key of its row, "" where it is of no row: a list links there."""
    return [
        (
            problem,
            document.rows[problem.index]["key"]
            if problem.table == "rows" and problem.index is not None
            else "",
        )
        for problem in found
    ]
