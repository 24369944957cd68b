"""What is kept under a verification code, and how that stands today."""

from collections.abc import Collection
from dataclasses import replace

from django.db.models import F

from indicators.queries.definitions import form_definition
from reporting.models import ExportRecord, Filing, Publication, Submission, VerificationCode
from reporting.printing.sections import Section, sections
from reporting.queries.filings import last_filing
from reporting.verification.content import Content, Kept


def code_named(code: str) -> VerificationCode | None:
    """Return what is kept under ``code``. One query."""
    found = VerificationCode.objects.select_related(
        "round__province",
        "round__summary_version",
        "form_version__form",
        "submission__agency",
        "filing",
        "publication",
    ).defer("filing__content", "publication__content")
    return found.filter(code=code).first()


def later_publication(publication: Publication) -> Publication | None:
    """Return the last publication that replaces one; None of the newest. One query."""
    later = Publication.objects.filter(
        round=publication.round_id,
        form_version=publication.form_version_id,
        number__gt=publication.number,
    )
    return later.defer("content").order_by("number").last()


def newest_publication(code: VerificationCode) -> Publication | None:
    """Return the newest publication of the round and the form that a code is of. One query."""
    found = Publication.objects.filter(round=code.round_id, form_version=code.form_version_id)
    return found.defer("content").order_by("number").last()


def later_filing(submission: Submission, filing: Filing) -> Filing | None:
    """Return the last handing in of a report where it is another than ``filing``. One query."""
    last = last_filing(submission)
    return last if last is not None and last.number > filing.number else None


def reports_moved_since(code: VerificationCode) -> int:
    """Return how many reports of the round have changed their state since a table was printed."""
    return Submission.objects.filter(round=code.round_id, state_at__gt=code.at).count()


def export_of(hashes: Collection[str], code: VerificationCode) -> ExportRecord | None:
    """Return a file that went out with one of ``hashes``: under ``code`` where there is one, else
    under another code, else under none."""
    found = list(
        ExportRecord.objects.filter(sha256__in=hashes)
        .select_related("code")
        .defer("code__content")
        .order_by(F("code").asc(nulls_last=True), "pk")[:50]
    )
    return next((one for one in found if one.code == code), found[0] if found else None)


def parts_of(code: VerificationCode, content: Content) -> list[tuple[Section | None, list[Kept]]]:
    """Return what may have been printed of a code: all of it (None), and each section alone."""
    form = form_definition(code.form_version)
    lines = [
        replace(line, place=form.stt_of(form.by_key[line.key])) if line.key in form.by_key else line
        for line in content.lines
    ]
    parts: list[tuple[Section | None, list[Kept]]] = [(None, lines)]
    for section in sections(form):
        keys = {row.key for row in form.rows if row.section == section.key}
        parts.append((section, [line for line in lines if line.key in keys]))
    return parts
