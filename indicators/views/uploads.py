"""Files of the catalogue: read for a draft, previewed, taken over; and sent out."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from indicators.access import (
    CatalogueRequest,
    managed_version,
    version_for,
)
from indicators.actions.drafts import (
    StaleDraft,
    apply_upload,
    keep_upload,
)
from indicators.actions.record import CatalogueRefused
from indicators.catalogue.comparison import Pair, compare, draft_differences
from indicators.catalogue.documents import from_record
from indicators.catalogue.files import BadFile
from indicators.catalogue.lint import what_is_wrong
from indicators.catalogue.titles import TITLES
from indicators.catalogue.workbooks import write_csv, write_workbook
from indicators.catalogue.written import ROW_COLUMNS, VersionSheet
from indicators.forms.drafts import (
    SourceForm,
)
from indicators.kinds import Status
from indicators.models import Upload
from indicators.queries.definitions import document_of, head_of
from indicators.queries.known import known
from indicators.views.requests import listed, original, posted, read_given, tell_remarks, to_version

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: CatalogueRequest, code: str) -> HttpResponse:
    """Read a file or a pasted table for a draft; the draft stays as it is until the preview is
    accepted."""
    version = managed_version(request.user, code)
    if version.status != Status.DRAFT:
        return to_version(request, version)
    given = SourceForm(posted(request), request.FILES or None)
    found = None
    if request.method == "POST" and given.is_valid():
        try:
            found = read_given(given, form=version.form.code, base=from_record(version.draft))
        except BadFile as error:
            given.add_error(None, str(error))
        else:
            if found is None:
                given.add_error(None, "Hãy chọn một tệp, hoặc dán một bảng.")
            elif not found.stops:
                name, content = original(given)
                kept = keep_upload(
                    version=version,
                    file_name=name,
                    original=content,
                    document=found.document,
                    by=request.user,
                )
                tell_remarks(request, found)
                return redirect("upload-preview", code=version.code, pk=kept.pk)
    return render(
        request,
        "catalogue/upload.html",
        {"version": version, "given": given, "found": found},
        status=422 if given.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def upload_preview(request: CatalogueRequest, code: str, pk: int) -> HttpResponse:
    """Show what a file would add, change and remove; a POST takes it over, all or nothing."""
    version = managed_version(request.user, code)
    kept = get_object_or_404(Upload.objects.select_related("by"), pk=pk, version=version)
    if kept.content is None:
        raise Http404("Tệp này không còn gì để nhận.")
    error = ""
    if request.method == "POST":
        try:
            changes = apply_upload(upload=kept, by=request.user)
        except StaleDraft as refusal:
            error = f"{refusal} Hãy nạp lại tệp để so với bản mới."
        except CatalogueRefused as refusal:
            error = str(refusal)
        else:
            messages.success(request, f"Đã nhận tệp {kept.file_name}: {len(changes)} chỗ thay đổi.")
            return redirect("draft", code=version.code)
    document = from_record(kept.content)
    standing, head = document_of(version), head_of(version)
    comparison = compare(VersionSheet(head, standing.rows), VersionSheet(head, document.rows))
    return render(
        request,
        "catalogue/preview.html",
        {
            "version": version,
            "kept": kept,
            "document": document,
            "gone": sum(pair.new is None for pair in comparison.pairs),
            "others": list(
                draft_differences(
                    replace(standing, rows=(), proposals={}),
                    replace(document, rows=(), proposals={}),
                )
            ),
            "changed": [(pair, _cells(pair)) for pair in comparison.pairs if pair.changes],
            "problems": listed(what_is_wrong(document, known()), document),
            "error": error,
        },
        status=409 if error else 200,
    )


def _cells(pair: Pair) -> list[tuple[str, str, str]]:
    """Return what a row that stays has changed besides its printed words: title, old, new."""
    if pair.old is None or pair.new is None:
        return []
    shown_apart = {"position", "stt", "label"}
    return [
        (TITLES[column], pair.old[column], pair.new[column])
        for column in ROW_COLUMNS
        if column not in shown_apart and pair.old[column] != pair.new[column]
    ]


@require_safe
def version_file(request: CatalogueRequest, code: str, extension: str) -> HttpResponse:
    """Send a version in the catalogue's writing: a workbook, or the rows as CSV."""
    version = version_for(request.user, code)
    document = document_of(version)
    name = f"Danh muc {version.code}.{extension}"
    if extension == "csv":
        return _attachment(write_csv(document), name, "text/csv; charset=utf-8")
    content = write_workbook(document=document, head=head_of(version), functions=known().functions)
    return _attachment(content, name, WORKBOOK)


@require_safe
def upload_original(request: CatalogueRequest, code: str, pk: int) -> HttpResponse:
    """Send a file as it was uploaded."""
    version = managed_version(request.user, code)
    kept = get_object_or_404(Upload, pk=pk, version=version)
    return _attachment(bytes(kept.original), kept.file_name, "application/octet-stream")


def _attachment(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    response["Cache-Control"] = "private, no-store"
    return response
