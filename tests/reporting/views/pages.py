"""Posting a form of the portal as its page would."""

from collections.abc import Mapping
from html import unescape
from typing import Any

from django.test import Client
from django.utils.html import strip_tags

from indicators.queries.definitions import form_definition
from reporting.entry import figure_field, note_field
from reporting.lines import SheetRow
from reporting.models import Submission
from reporting.queries.figures import snapshot
from reporting.sheet import Sheet
from reporting.snapshot import Cell
from tests.cast import stored

# Of the 158 rows of PL2-KH-2022 that are typed, 22 are reported for the province by one department
# and 12 are asked of districts or central agencies.
ASKED_OF_A_DEPARTMENT = 124


def text_of(html: str) -> str:
    """Return the words of a page, as who reads it sees them: no tags, single blanks."""
    return " ".join(unescape(strip_tags(html.replace("<td", " <td").replace("</", " </"))).split())


def boxes(
    submission: Submission,
    figures: Mapping[str, str] | None = None,
    notes: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return the posted fields of some rows by their keys."""
    rows = form_definition(submission.form_version).by_key
    fields = {figure_field(rows[key]): text for key, text in (figures or {}).items()}
    return fields | {note_field(rows[key]): text for key, text in (notes or {}).items()}


def post_sheet(
    client: Client,
    submission: Submission,
    figures: Mapping[str, str] | None = None,
    notes: Mapping[str, str] | None = None,
    *,
    revision: int | str | None = None,
    **more: str,
) -> Any:
    """Post the sheet as drawn now, or as drawn at ``revision``."""
    shown = stored(submission).revision if revision is None else revision
    return client.post(
        f"/bao-cao/{submission.pk}/",
        {"revision": str(shown), **boxes(submission, figures, notes), **more},
    )


def sheet_row(response: Any, key: str) -> SheetRow:
    """Return one row of the sheet that a response shows."""
    sheet: Sheet = response.context["sheet"]
    return next(row for section in sheet.sections for row in section.rows if row.key == key)


def cells(submission: Submission) -> dict[str, Cell]:
    """Return the figures of a submission as stored."""
    return dict(snapshot(stored(submission)).cells)
