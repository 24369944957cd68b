"""The acts on figures: what was typed into boxes, or a report that comes whole from elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from indicators.queries.definitions import form_definition
from reporting.actions.submissions import change_state, locked, require_entry
from reporting.entry import Attempt, Refusal, posted_attempts, refusal
from reporting.models import DetailLine, Figure, FigureChange, Submission, User
from reporting.numbers import Unreadable
from reporting.queries.figures import Changes, LaterChange, changes_after, snapshot
from reporting.refusals import Conflict
from reporting.snapshot import EMPTY, Cell, SubmissionSnapshot, merged, recorded
from reporting.workflow import MOVES, State


@dataclass(frozen=True, slots=True)
class Saved:
    """What a saving did, and the revision that a page drawn now stands on.

    ``keys`` are the cells written. ``refused`` are the boxes that could not be read.
    ``conflicts`` are rows, read or not, that somebody else had written since the person looked.
    ``now`` is the report after it, ``moved`` the cells that others changed since ``seen``.
    """

    keys: Sequence[str]
    conflicts: Sequence[Conflict]
    refused: Mapping[str, Refusal]
    revision: int
    now: SubmissionSnapshot
    moved: Sequence[str] = ()


def save_posted(
    *,
    submission: Submission,
    posted: Mapping[str, str],
    base_revision: int,
    by: User,
    via: str = "page",
    source: str = "",
) -> Saved:
    """Read the boxes of a posted page that was drawn from ``base_revision``, and save them.

    Does and raises as ``save_attempts``.
    """
    form = form_definition(submission.form_version)
    return save_attempts(
        submission=submission,
        attempts=list(posted_attempts(form, posted, base_revision)),
        by=by,
        via=via,
        source=source,
    )


@transaction.atomic
def save_attempts(
    *,
    submission: Submission,
    attempts: Sequence[Attempt],
    by: User,
    via: str,
    source: str = "",
    seen: int | None = None,
) -> Saved:
    """Make of each cell what a person makes of it, as far as that can be read and nobody else has
    changed the cell since they saw it.

    A cell that somebody else has changed is not overwritten but reported as a conflict; a box that
    cannot be read keeps its text; the others are saved. An attempt that the record already has
    under its name is not made again. What the person saw, what was saved since and what stands now
    are read under one lock. Raises WrongState, RoundClosed or NotYours; then nothing is changed.
    """
    current = locked(submission)
    require_entry(current, by=by)
    now = snapshot(current)
    attempts = [replace(attempt, base=_known(attempt.base, current)) for attempt in attempts]
    since = [attempt.base for attempt in attempts] + ([] if seen is None else [seen])
    changes = changes_after(current, min(since, default=current.revision))
    settled = _settle(now, changes, attempts)
    act = _Act(by, via, source=source, names=settled.names)
    keys = _save(current, now, settled.cells, act)
    submission.revision, submission.state = current.revision, current.state
    return Saved(
        keys,
        settled.conflicts,
        settled.refused,
        current.revision,
        now=replace(now, cells={**now.cells, **settled.cells}),
        moved=() if seen is None else _moved(changes, seen, {a.page for a in attempts}),
    )


def _known(base: int, current: Submission) -> int:
    """A revision still to come (a page drawn before the database was restored) is no known one:
    everything counts as later."""
    return base if base <= current.revision else 0


def _moved(changes: Changes, seen: int, pages: Iterable[str]) -> Sequence[str]:
    """Return the cells changed after ``seen`` by others than one of ``pages``."""
    return [
        key
        for key, savings in changes.items()
        if any(saving.revision > seen and saving.page not in pages for saving in savings)
    ]


@dataclass(slots=True)
class _Settled:
    """What comes of attempts: cells to write, each with the attempt's name; and what is left."""

    cells: dict[str, Cell] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    refused: dict[str, Refusal] = field(default_factory=dict)


def _settle(now: SubmissionSnapshot, changes: Changes, attempts: Iterable[Attempt]) -> _Settled:
    settled = _Settled()
    made = {saving.entry for savings in changes.values() for saving in savings if saving.entry}
    for attempt in attempts:
        if attempt.entry in made:
            continue
        key = attempt.key
        stands = settled.cells.get(key, now.cell(key))
        later = _later(changes.get(key, ()), attempt)
        shown = later.before if later else stands
        try:
            mine = attempt.make(shown)
        except Unreadable as error:
            settled.refused[key] = refusal(attempt, now.form, shown, error)
            if later and not stands.says_same_as(shown):
                settled.conflicts.append(_unread(key, stands, later))
            continue
        if mine == shown:
            continue
        if later is None:
            settled.cells[key], settled.names[key] = mine, attempt.entry
            continue
        both = merged(shown, stands, mine)
        if both.is_contested:
            settled.conflicts.append(
                Conflict(
                    key,
                    stands,
                    both.cell,
                    later.by,
                    later.at,
                    in_figure=both.contested_figure,
                    in_note=both.contested_note,
                )
            )
        else:
            settled.cells[key], settled.names[key] = both.cell, attempt.entry
    return settled


def _unread(key: str, stands: Cell, later: LaterChange) -> Conflict:
    """A box that could not be read, in a cell that somebody else has changed."""
    in_note = stands.note != later.before.note
    return Conflict(key, stands, EMPTY, later.by, later.at, in_note=in_note)


def _later(savings: Sequence[LaterChange], attempt: Attempt) -> LaterChange | None:
    """Return how a cell has moved on since the person saw it: what it held then, who saved last.

    What the same page saved meanwhile the person knows.
    """
    others = [
        saving
        for saving in savings
        if saving.revision > attempt.base and not (attempt.page and saving.page == attempt.page)
    ]
    return replace(others[-1], before=others[0].before) if others else None


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
    keys = _save(current, now, cells, _Act(by, via, source=source, reason=reason))
    submission.revision, submission.state = current.revision, current.state
    return keys


@dataclass(frozen=True, slots=True)
class _Act:
    """Who writes, from where and why. ``names`` are those of the attempts, by row key."""

    by: User
    via: str
    source: str = ""
    reason: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


def _save(
    current: Submission, now: SubmissionSnapshot, cells: Mapping[str, Cell], act: _Act
) -> Sequence[str]:
    """Write what differs from what stands there, with the record; return its keys."""
    changed = {key: cell for key, cell in cells.items() if cell != now.cell(key)}
    if not changed:
        return ()
    current.revision += 1
    current.save(update_fields=["revision"])
    at = timezone.now()
    _write(current, now, changed)
    _log(current, now, changed, act, at)
    if current.state == State.NOT_STARTED:
        change_state(current, MOVES["start"], by=act.by, at=at, via=act.via)
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
    act: _Act,
    at: datetime,
) -> None:
    FigureChange.objects.bulk_create(
        FigureChange(
            submission=submission,
            row_id=before.form.by_key[key].id,
            revision=submission.revision,
            before=recorded(before.cell(key)),
            after=recorded(cell),
            by=act.by,
            at=at,
            via=act.via,
            source=act.source,
            reason=act.reason,
            entry=act.names.get(key, ""),
        )
        for key, cell in changed.items()
    )
