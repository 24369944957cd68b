"""The end of a draft, good or bad, and the record of a version."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from indicators.access import (
    CatalogueRequest,
    managed_version,
)
from indicators.actions.drafts import (
    discard,
    take_up,
)
from indicators.actions.record import CatalogueRefused
from indicators.actions.versions import publish, retire
from indicators.catalogue.documents import from_record
from indicators.catalogue.lint import what_is_wrong
from indicators.forms.drafts import (
    NoteForm,
    RetireForm,
)
from indicators.kinds import Severity, Status
from indicators.models import FormVersion
from indicators.queries.known import known
from indicators.views.requests import listed, posted, posted_revision, to_version


@require_http_methods(["GET", "HEAD", "POST"])
def publish_draft(request: CatalogueRequest, code: str) -> HttpResponse:
    """Show what is still to be said of a draft, ask for a note, and freeze it."""
    version = managed_version(request.user, code)
    if version.status != Status.DRAFT:
        return to_version(request, version)
    form = NoteForm(posted(request))
    error = ""
    if request.method == "POST" and form.is_valid():
        try:
            publish(
                version=version,
                revision=posted_revision(request),
                note=form.cleaned_data["note"],
                by=request.user,
            )
        except CatalogueRefused as refusal:
            error = str(refusal)
        else:
            messages.success(
                request,
                f"Đã công bố {version.code}. Đơn vị nhập theo biểu này khi quản trị hệ thống mở"
                f" đợt báo cáo dùng {version.code}.",
            )
            return redirect("version", code=version.code)
    current = managed_version(request.user, code)
    document = from_record(current.draft)
    earlier = _latest_of(current)
    found = listed(what_is_wrong(document, known()), document)
    return render(
        request,
        "catalogue/publish.html",
        {
            "version": current,
            "form": form,
            "error": error,
            "document": document,
            "errors": [one for one in found if one[0].severity is Severity.ERROR],
            "warnings": [one for one in found if one[0].severity is Severity.WARNING],
            "earlier": earlier,
            "clashes": earlier is not None and earlier.valid_from == current.valid_from,
        },
        status=409 if error else 422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def retire_version(request: CatalogueRequest, code: str) -> HttpResponse:
    """Take a published version out of use after a day."""
    version = managed_version(request.user, code)
    if version.status != Status.PUBLISHED:
        return to_version(request, version)
    form = RetireForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            retire(
                version=version,
                last_day=form.cleaned_data["last_day"],
                note=form.cleaned_data["note"],
                by=request.user,
            )
        except CatalogueRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            last_day = form.cleaned_data["last_day"]
            messages.success(request, f"{version.code} dùng đến hết ngày {last_day:%d/%m/%Y}.")
            return redirect("version", code=version.code)
    return render(
        request,
        "catalogue/retire.html",
        {"version": version, "form": form},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def discard_draft(request: CatalogueRequest, code: str) -> HttpResponse:
    """Put a draft aside after asking."""
    version = managed_version(request.user, code)
    if version.status != Status.DRAFT:
        return to_version(request, version)
    error = ""
    if request.method == "POST":
        try:
            discard(version=version, revision=posted_revision(request), by=request.user)
        except CatalogueRefused as refusal:
            error = str(refusal)
        else:
            messages.success(request, f"Đã bỏ bản thảo {version.code}; nội dung vẫn được giữ.")
            return redirect("forms")
    current = managed_version(request.user, code)
    return render(
        request,
        "catalogue/discard.html",
        {"version": current, "rows": len(from_record(current.draft).rows), "error": error},
        status=409 if error else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def version_record(request: CatalogueRequest, code: str) -> HttpResponse:
    """Show every act on a version, newest first; a POST takes a draft back to one of them."""
    version = managed_version(request.user, code)
    error = ""
    if request.method == "POST":
        event = get_object_or_404(version.events, pk=_number(request.POST.get("event", "")))
        try:
            take_up(
                version=version, revision=posted_revision(request), event=event, by=request.user
            )
        except CatalogueRefused as refusal:
            error = str(refusal)
        else:
            messages.success(request, "Đã quay lại nội dung của lần ghi đã chọn.")
            return redirect("draft", code=version.code)
    current = managed_version(request.user, code)
    return render(
        request,
        "catalogue/record.html",
        {
            "version": current,
            "is_draft": current.status == Status.DRAFT,
            "events": current.events.select_related("by").defer("content").order_by("-pk"),
            "uploads": current.uploads.select_related("by").defer("original", "content"),
            "error": error,
        },
        status=409 if error else 200,
    )


def _latest_of(version: FormVersion) -> FormVersion | None:
    """Return the version that this one will follow."""
    return (
        FormVersion.objects.filter(form=version.form, status=Status.PUBLISHED.value)
        .order_by("-valid_from")
        .first()
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0
