"""The acts on figures: what was typed into boxes, or a report that comes whole from elsewhere."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from indicators.queries.definitions import form_definition
from reporting.actions.submissions import change_state, locked, require_entry
from reporting.entry import Attempt, Refusal, posted_attempts, refusal
from reporting.models import DetailLine, Figure, FigureChange, Submission, User
from reporting.numbers import Unreadable
from reporting.queries.figures import (
    Changes,
    LaterChange,
    changes_after,
    known_revision,
    saved_since,
    snapshot,
)
from reporting.refusals import Conflict
from reporting.snapshot import EMPTY, Cell, Merged, SubmissionSnapshot, merged, recorded
from reporting.workflow import MOVES, State


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has become of one attempt: taken, or unread, or contested, or both of these.

    One that the same page has overtaken since counts as taken: nothing is left to do for it.
    """

    attempt: Attempt
    refusal: Refusal | None = None
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What a saving did, and the revision that a page drawn now stands on.

    ``keys`` are the cells written; ``now`` is the report after it. ``changed`` are all cells saved
    after what the page had seen, before this saving, and ``moved`` those of them that others saved.
    """

    keys: Sequence[str]
    outcomes: Sequence[Outcome]
    revision: int
    now: SubmissionSnapshot
    changed: Collection[str] = ()
    moved: Collection[str] = ()

    @property
    def conflicts(self) -> Sequence[Conflict]:
        """Rows, read or not, that somebody else had written since the person looked."""
        return [outcome.conflict for outcome in self.outcomes if outcome.conflict]

    @property
    def refused(self) -> Mapping[str, Refusal]:
        """The boxes that could not be read, by row key."""
        return {one.attempt.key: one.refusal for one in self.outcomes if one.refusal}


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
    are read under one lock. Raises WrongState, RoundClosed or NotYours, and IntegrityError for a
    name that the record has for something else, which no page sends; then nothing is changed.
    """
    current = locked(submission)
    require_entry(current, by=by)
    now = snapshot(current)
    attempts = [replace(one, base=known_revision(current, one.base)) for one in attempts]
    since = () if seen is None else saved_since(current, seen)
    changes = changes_after(
        current,
        min([current.revision, *(attempt.base for attempt in attempts)]),
        rows=[now.form.by_key[attempt.key].id for attempt in attempts],
    )
    settled = _settle(now, changes, attempts, by)
    act = _Act(by, via, source=source, names=settled.names)
    keys = _save(current, now, settled.cells, act)
    submission.revision, submission.state = current.revision, current.state
    pages = {attempt.page for attempt in attempts}
    return Saved(
        keys,
        settled.outcomes,
        current.revision,
        now=replace(now, cells={**now.cells, **settled.cells}),
        changed={saving.key for saving in since},
        moved={saving.key for saving in since if saving.page not in pages},
    )


@dataclass(slots=True)
class _Settled:
    """What comes of attempts: the cells to write, each with the name of the last attempt that made
    it so, and the outcome of each attempt in turn."""

    cells: dict[str, Cell] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)


def _settle(
    now: SubmissionSnapshot, changes: Changes, attempts: Iterable[Attempt], by: User
) -> _Settled:
    settled = _Settled()
    # What one page makes of a cell in several steps stands on its own last step.
    drafts: dict[tuple[str, str], Cell] = {}
    for attempt in attempts:
        key = attempt.key
        savings = changes.get(key, ())
        own = [one for one in savings if attempt.page and _is_of(one, attempt, by)]
        if any(one.number >= attempt.number for one in own):
            # Made already, or overtaken: the older one has been long on its way.
            settled.outcomes.append(Outcome(attempt))
            continue
        stands = now.cell(key)
        later = [one for one in savings if one.revision > attempt.base]
        mine_at = {one.revision for one in own}
        others = [one for one in later if one.revision not in mine_at]
        shown = _known_of(later, own) if others else stands
        before = drafts.get((key, attempt.page), shown)
        try:
            mine = attempt.make(before)
        except Unreadable as error:
            unread = refusal(attempt, now.form, before, error)
            moved = bool(others) and not stands.says_same_as(shown)
            conflict = _unread(key, stands, others[-1]) if moved else None
            settled.outcomes.append(Outcome(attempt, unread, conflict))
            continue
        conflict = None
        if not others:
            settled.cells[key] = mine
        else:
            both = merged(shown, stands, mine)
            conflict = _contested(key, stands, both, others[-1])
            if conflict is None:
                settled.cells[key] = both.cell
        if conflict is None:
            drafts[key, attempt.page] = mine
        if conflict is None and (attempt.entry or mine != before):
            settled.names[key] = attempt.entry
        settled.outcomes.append(Outcome(attempt, conflict=conflict))
    return settled


def _is_of(saving: LaterChange, attempt: Attempt, by: User) -> bool:
    """Say whether a saving came from the same page of the same person: a name alone is no proof."""
    return saving.page == attempt.page and saving.by_id == by.pk


def _known_of(later: Sequence[LaterChange], own: Sequence[LaterChange]) -> Cell:
    """Return the cell as the person knows it: as they saw it, with what the same page has saved
    since, but without what others did."""
    known = later[0].before
    for saving in later:
        if saving in own:
            known = merged(saving.before, known, saving.after).cell
    return known


def _contested(key: str, stands: Cell, both: Merged, last: LaterChange) -> Conflict | None:
    if not both.is_contested:
        return None
    return Conflict(
        key,
        stands,
        both.cell,
        last.by,
        last.at,
        in_figure=both.contested_figure,
        in_note=both.contested_note,
    )


def _unread(key: str, stands: Cell, last: LaterChange) -> Conflict:
    """A box that could not be read, in a cell that somebody else has changed."""
    in_note = stands.note != last.before.note
    return Conflict(key, stands, EMPTY, last.by, last.at, in_note=in_note)


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
    """Write what differs from what stands there, with the record; return its keys.

    The record keeps the name of an attempt that changed nothing too: an older one of the same page
    that is still on its way must not come after it.
    """
    changed = {key: cell for key, cell in cells.items() if cell != now.cell(key)}
    told = {key: now.cell(key) for key, name in act.names.items() if name} | changed
    if not told:
        return ()
    current.revision += 1
    after = {**now.cells, **changed}
    current.answered = sum(after[key].is_answered for key in now.typed if key in after)
    current.save(update_fields=["revision", "answered"])
    at = timezone.now()
    if changed:
        _write(current, now, changed)
    _log(current, now, told, act, at)
    if changed and current.state == State.NOT_STARTED:
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
