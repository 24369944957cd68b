"""The acts on figures: save a posted page, or a report that comes whole from elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from reporting.actions.submissions import change_state, locked, require_entry
from reporting.entry import Refusal, read_entries
from reporting.models import DetailLine, Figure, FigureChange, Submission, User
from reporting.queries.figures import changes_after, snapshot
from reporting.refusals import Conflict
from reporting.snapshot import EMPTY, Cell, SubmissionSnapshot, merged, recorded
from reporting.workflow import MOVES, State


@dataclass(frozen=True, slots=True)
class Saved:
    """What a saving did, and the revision that a page drawn now stands on.

    ``keys`` are the cells written. ``refused`` are the boxes that could not be read.
    ``conflicts`` are rows, read or not, that somebody else had written since the person looked.
    """

    keys: Sequence[str]
    conflicts: Sequence[Conflict]
    refused: Mapping[str, Refusal]
    revision: int


@transaction.atomic
def save_posted(
    *, submission: Submission, posted: Mapping[str, str], base_revision: int, by: User
) -> Saved:
    """Read the boxes of a posted page that was drawn from ``base_revision``, and save them.

    A cell that somebody else has changed since is not overwritten but reported as a conflict; a
    box that cannot be read keeps its text; the others are saved. What the page showed, what was
    saved since and what stands now are read under one lock. Raises WrongState, RoundClosed or
    NotYours; then nothing is changed.
    """
    current = locked(submission)
    require_entry(current, by=by)
    now = snapshot(current)
    later = changes_after(current, base_revision)
    shown = dict(now.cells) | {key: change.before for key, change in later.items()}
    entries = read_entries(now.form, posted, shown)
    conflicts = [
        Conflict(
            key,
            now.cell(key),
            EMPTY,
            later[key].by,
            later[key].at,
            in_note=now.cell(key).note != later[key].before.note,
        )
        for key in entries.refused
        if key in later and not now.cell(key).says_same_as(later[key].before)
    ]
    cells = {}
    for key, mine in entries.cells.items():
        if key not in later:
            cells[key] = mine
            continue
        theirs, change = now.cell(key), later[key]
        both = merged(change.before, theirs, mine)
        if both.is_contested:
            conflicts.append(
                Conflict(
                    key,
                    theirs,
                    both.cell,
                    change.by,
                    change.at,
                    in_figure=both.contested_figure,
                    in_note=both.contested_note,
                )
            )
        else:
            cells[key] = both.cell
    keys = _save(current, now, cells, by=by, via="page")
    submission.revision, submission.state = current.revision, current.state
    return Saved(keys, conflicts, entries.refused, current.revision)


@transaction.atomic
def save_figures(
    *,
    submission: Submission,
    cells: Mapping[str, Cell],
    by: User,
    via: str,
    source: str = "",
    reason: str = "",
) -> Sequence[str]:
    """Write ``cells`` (row key → content) whatever stood there; return the keys that changed.

    For whole reports that come from elsewhere than a page. Raises as ``save_posted``.
    """
    current = locked(submission)
    require_entry(current, by=by)
    now = snapshot(current)
    keys = _save(current, now, cells, by=by, via=via, source=source, reason=reason)
    submission.revision, submission.state = current.revision, current.state
    return keys


def _save(
    current: Submission,
    now: SubmissionSnapshot,
    cells: Mapping[str, Cell],
    *,
    by: User,
    via: str,
    source: str = "",
    reason: str = "",
) -> Sequence[str]:
    """Write what differs from what stands there, with the record; return its keys."""
    changed = {key: cell for key, cell in cells.items() if cell != now.cell(key)}
    if not changed:
        return ()
    current.revision += 1
    current.save(update_fields=["revision"])
    at = timezone.now()
    _write(current, now, changed)
    _log(current, now, changed, by=by, at=at, via=via, source=source, reason=reason)
    if current.state == State.NOT_STARTED:
        change_state(current, MOVES["start"], by=by, at=at, via=via)
    return tuple(changed)


def _write(submission: Submission, before: SubmissionSnapshot, changed: Mapping[str, Cell]) -> None:
    """Put the changed cells in the store: one statement each for figures, removals and details."""
    rows = before.form.by_key
    kept = {key: cell for key, cell in changed.items() if not cell.is_empty}
    gone = [rows[key].id for key in changed if key not in kept]
    Figure.objects.filter(submission=submission, row__in=gone).delete()
    Figure.objects.bulk_create(
        (
            Figure(
                submission=submission,
                row_id=rows[key].id,
                **{name: getattr(cell, name) for name in _CELL_FIELDS},
            )
            for key, cell in kept.items()
        ),
        update_conflicts=True,
        unique_fields=["submission", "row"],
        update_fields=list(_CELL_FIELDS),
    )
    redetailed = {
        rows[key].id: cell.details
        for key, cell in kept.items()
        if cell.details != before.cell(key).details
    }
    if redetailed:
        DetailLine.objects.filter(
            figure__submission=submission, figure__row__in=redetailed
        ).delete()
        figures = Figure.objects.filter(submission=submission, row__in=redetailed)
        DetailLine.objects.bulk_create(
            DetailLine(
                figure_id=figure_id,
                position=position,
                label=detail.label,
                number=detail.number,
                written=detail.written,
            )
            for figure_id, row_id in figures.values_list("pk", "row_id")
            for position, detail in enumerate(redetailed[row_id], start=1)
        )


_CELL_FIELDS = (
    "status",
    "number",
    "numerator",
    "denominator",
    "choice",
    "text",
    "note",
    "written",
    "written_unit",
    "reading",
)


def _log(
    submission: Submission,
    before: SubmissionSnapshot,
    changed: Mapping[str, Cell],
    *,
    by: User,
    at: datetime,
    via: str,
    source: str,
    reason: str,
) -> None:
    FigureChange.objects.bulk_create(
        FigureChange(
            submission=submission,
            row_id=before.form.by_key[key].id,
            revision=submission.revision,
            before=recorded(before.cell(key)),
            after=recorded(cell),
            by=by,
            at=at,
            via=via,
            source=source,
            reason=reason,
        )
        for key, cell in changed.items()
    )
