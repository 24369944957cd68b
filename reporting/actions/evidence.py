"""The acts on the files behind a report: attach one, take one away."""

from datetime import datetime
from hashlib import sha256
from typing import IO, cast
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from indicators.queries.definitions import form_definition
from reporting.actions.submissions import locked, require_entry
from reporting.attachments import check_size, kind_of, safe_name
from reporting.models import Evidence, Submission, User
from reporting.refusals import (
    AlreadyAttached,
    AlreadyRemoved,
    NoSuchRow,
    Refused,
    TooManyFiles,
)

MOST_FILES = 50


def attach_file(
    *, submission: Submission, row_key: str | None, upload: UploadedFile, by: User
) -> Evidence:
    """Keep ``upload`` behind the row, or behind the whole report where ``row_key`` is None.

    Raises BadAttachment, NoSuchRow, AlreadyAttached, TooManyFiles, and as ``require_entry``; then
    nothing is stored. The bytes are stored before the report is locked: nobody else waits for a
    disk. They are read in pieces, never held whole. After any other fault they stay: the line may
    have been committed although no answer came, and bytes without a line harm nobody.
    """
    require_entry(submission, by=by)
    name = safe_name(upload.name or "")
    check_size(name, upload.size or 0, most_megabytes=settings.EVIDENCE_MAX_MB)
    kind = kind_of(name, cast(IO[bytes], upload.file))
    digest, size = _digest(upload)
    evidence = Evidence(
        submission=submission,
        row_id=_row_id(submission, row_key),
        name=name,
        content_type=kind.content_type,
        size=size,
        sha256=digest,
        by=by,
    )
    evidence.file.save(uuid4().hex, upload, save=False)
    try:
        _enter(evidence, by=by)
    except Refused:
        evidence.file.delete(save=False)
        raise
    return evidence


def _row_id(submission: Submission, row_key: str | None) -> int | None:
    if row_key is None:
        return None
    row = form_definition(submission.form_version).by_key.get(row_key)
    if row is None:
        raise NoSuchRow(f"Biểu này không có dòng «{row_key}». Hãy tải lại trang rồi chọn lại dòng.")
    return row.id


def _digest(upload: UploadedFile) -> tuple[str, int]:
    """Return the hash of the bytes and their number, read piece by piece."""
    found, size = sha256(), 0
    for chunk in upload.chunks():
        found.update(chunk)
        size += len(chunk)
    return found.hexdigest(), size


@transaction.atomic
def _enter(evidence: Evidence, *, by: User) -> None:
    """Write the line of a file whose bytes are stored, if the report takes it as it stands now."""
    require_entry(locked(evidence.submission), by=by)
    standing = Evidence.objects.filter(submission=evidence.submission, removed_at=None)
    same = standing.filter(row=evidence.row_id, sha256=evidence.sha256).select_related("by").first()
    if same is not None:
        place = "dòng này" if same.row_id else "cả báo cáo"
        raise AlreadyAttached(
            f"Tệp «{evidence.name}» giống hệt tệp «{same.name}» mà {same.by} đã gắn vào {place}"
            f" {_at(same.at)}. Không cần gắn lại."
        )
    if standing.count() >= MOST_FILES:
        raise TooManyFiles(
            f"Tệp «{evidence.name}» chưa được nhận: báo cáo đã có {MOST_FILES} tệp, nhiều nhất là"
            f" {MOST_FILES}. Hãy gỡ tệp không còn cần, hoặc gộp nhiều tệp thành một PDF."
        )
    evidence.at = timezone.now()
    evidence.save()


@transaction.atomic
def remove_file(*, evidence: Evidence, by: User) -> None:
    """Take the file off the report; its bytes and its line are kept, the record names them.

    Raises AlreadyRemoved, and as ``require_entry``.
    """
    require_entry(locked(evidence.submission), by=by)
    current = Evidence.objects.select_related("removed_by").get(pk=evidence.pk)
    if current.removed_at is not None:
        raise AlreadyRemoved(
            f"Tệp «{current.name}» đã được {current.removed_by} gỡ {_at(current.removed_at)},"
            " không cần gỡ lại."
        )
    evidence.removed_by, evidence.removed_at = by, timezone.now()
    evidence.save(update_fields=["removed_by", "removed_at"])


def _at(moment: datetime) -> str:
    return f"lúc {timezone.localtime(moment):%H:%M ngày %d/%m/%Y}"
