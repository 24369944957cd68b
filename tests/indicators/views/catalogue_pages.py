"""Drafts for the pages' tests, and what a manager's browser posts."""

from collections.abc import Mapping
from dataclasses import replace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from indicators.actions.drafts import begin_draft
from indicators.catalogue.documents import from_record
from indicators.catalogue.written import ROW_COLUMNS, Document
from indicators.models import FormVersion
from reporting.models import User
from tests.indicators.sheets import HEAD, rows

HEAD_POSTED = {
    "code": "MOI-2027",
    "form": "MOI",
    "form_name": "Biểu mới",
    "edition": "2027",
    "valid_from": "01/01/2027",
    "title": "BIỂU MỚI {PERIOD}",
    "label_heading": "Chỉ tiêu",
    "last_heading": "Ghi chú",
}


def begun(by: User, document: Document | None = None, code: str = "THU-2027") -> FormVersion:
    """Return a new draft, of the small sheet's rows if nothing else is said."""
    return begin_draft(
        head=replace(HEAD, code=code),
        document=Document(rows()) if document is None else document,
        by=by,
    )


def stored(version: FormVersion) -> FormVersion:
    return FormVersion.objects.select_related("form").get(pk=version.pk)


def document(version: FormVersion) -> Document:
    return from_record(stored(version).draft)


def row(version: FormVersion, key: str) -> Mapping[str, str]:
    return next(line for line in document(version).rows if line["key"] == key)


def edited(client: Client, version: FormVersion, act: str, **said: object) -> tuple[int, str]:
    """Press a button of the editor; return the status and the page that follows."""
    response = client.post(
        f"/bieu-mau/{version.code}/sua/",
        {"act": act, "revision": stored(version).revision, **said},
        follow=True,
    )
    return response.status_code, response.content.decode()


def boxes(line: Mapping[str, str], **changes: object) -> dict[str, object]:
    """Return what the boxes of an open row post."""
    posted: dict[str, object] = {
        name: line[name]
        for name in ROW_COLUMNS
        if name not in {"position", "parent", "asked", "reporter", "vertical"}
    }
    posted |= {"asked": line["asked"].split(), "reporter": line["reporter"].split()}
    if line["vertical"]:
        posted["vertical"] = "on"
    return posted | changes


def file(name: str, content: bytes | str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
