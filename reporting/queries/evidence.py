"""The files behind a report: listed for people, and counted by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from indicators.queries.definitions import form_definition
from reporting.models import Evidence, Submission

WHOLE_REPORT = "Cả báo cáo"


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """One file as a list shows it; ``row_key`` is empty where it stands behind the whole report."""

    pk: int
    name: str
    size: int
    sha256: str
    row_key: str
    row_name: str
    by: str
    at: datetime


def attached_files(submission: Submission, *, row_key: str | None = None) -> Sequence[AttachedFile]:
    """Return the files not taken away, of the whole report or of one row: those behind the whole
    report first, then by row as printed. One query and the form's."""
    form = form_definition(submission.form_version)
    rows = {row.id: row for row in form.rows}
    files = _standing(submission).select_related("by")
    if row_key is not None:
        files = files.filter(row__key=row_key)
    found = []
    for file in files:
        row = rows[file.row_id] if file.row_id else None
        place = row.position if row else 0
        listed = AttachedFile(
            pk=file.pk,
            name=file.name,
            size=file.size,
            sha256=file.sha256,
            row_key=row.key if row else "",
            row_name=row.name() if row else WHOLE_REPORT,
            by=str(file.by),
            at=file.at,
        )
        found.append((place, listed))
    return [listed for _, listed in sorted(found, key=lambda pair: pair[0])]


def evidence_counts(submission: Submission) -> Mapping[int | None, int]:
    """Return how many files stand behind each row that has any, by the row's id, and behind the
    whole report, by None. One query."""
    counted = _standing(submission).order_by().values_list("row_id").annotate(files=Count("pk"))
    return dict(counted)


def _standing(submission: Submission) -> QuerySet[Evidence]:
    return Evidence.objects.filter(submission=submission, removed_at=None)
