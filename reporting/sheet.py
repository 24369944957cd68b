"""The form as a page shows it: sections of rows with what is counted in each, what the
checks find in it, and what is redrawn when cells change."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import assert_never

from indicators.definition import FormDefinition, RowDefinition
from indicators.formulas import keys as formula_keys
from indicators.kinds import Labelled, Scope
from reporting.entry import Refusal
from reporting.lines import (
    ASKING,
    NOTHING_BESIDE,
    Beside,
    Drawing,
    SheetRow,
    figures_of,
    left_of,
    scopes_of,
)
from reporting.refusals import Conflict
from reporting.rules import findings
from reporting.rules.answers import Weighed, weighed
from reporting.snapshot import SubmissionSnapshot


class Only(Labelled):
    """Which rows a page shows; rows above them in the hierarchy stay, to tell what they mean."""

    ALL = "", "Tất cả"
    BLANK = "trong", "Còn trống"
    FOUND = "xem-lai", "Dòng cần xem lại"
    SAID = "ghi-chu", "Có ghi chú, ý kiến"
    CHANGED = "doi", "Đổi so với lần gửi trước"
    NEW = "moi", "Mới từ lần ông/bà xem"


@dataclass(frozen=True, slots=True)
class SheetSection:
    """One numbered part of the form with how many of the agency's rows have an answer.

    ``outside`` counts the rows to be typed that are not the agency's.
    """

    key: str
    stt: str
    label: str
    rows: Sequence[SheetRow]
    answered: int
    typed: int
    outside: int
    refused: int

    @property
    def is_outside(self) -> bool:
        """Nothing in this part is asked of the agency."""
        return self.outside > 0 and not self.typed

    @property
    def is_complete(self) -> bool:
        return self.answered == self.typed and not self.refused


@dataclass(frozen=True, slots=True)
class SheetFinding:
    """What a check finds and what was said of it, with the rows that it is about."""

    weighed: Weighed
    rows: Sequence[SheetRow]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole form on a page; its counts are of the rows that are the agency's."""

    sections: Sequence[SheetSection]
    findings: Sequence[SheetFinding]
    answered: int
    typed: int
    outside: int
    refused: int
    has_previous: bool
    has_last_year: bool
    has_who_reports: bool
    offered: Sequence[Only]
    only: Only = Only.ALL

    @property
    def percent(self) -> int:
        return round(100 * self.answered / self.typed) if self.typed else 100

    @property
    def open_findings(self) -> int:
        """How many findings ask for something before the report can be handed in."""
        return sum(one.weighed.is_open for one in self.findings)

    @property
    def commented(self) -> Sequence[SheetRow]:
        """The rows with comments that are open."""
        return [row for section in self.sections for row in section.rows if row.comments]

    @property
    def filters(self) -> Sequence[tuple[Only, int]]:
        """The ways to show fewer rows, each with how many it leaves (headings not counted)."""
        rows = [row for section in self.sections for row in section.rows]
        return [
            (Only.ALL, self.typed),
            *((only, sum(_matches(row, only) for row in rows)) for only in self.offered[1:]),
        ]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the rows of one section are asked of the agency, and how many are answered."""

    key: str
    answered: int
    typed: int
    outside: int


@dataclass(frozen=True, slots=True)
class SheetUpdate:
    """What a page redraws after a saving: some rows, all counts, all findings."""

    rows: Sequence[SheetRow]
    sections: Sequence[Tally]
    findings: Sequence[SheetFinding]

    @property
    def answered(self) -> int:
        return sum(section.answered for section in self.sections)

    @property
    def typed(self) -> int:
        return sum(section.typed for section in self.sections)


def build_sheet(
    snapshot: SubmissionSnapshot,
    *,
    previous: SubmissionSnapshot | None = None,
    last_year: SubmissionSnapshot | None = None,
    found: Sequence[Weighed] | None = None,
    refused: Mapping[str, Refusal] | None = None,
    conflicts: Sequence[Conflict] = (),
    beside: Beside = NOTHING_BESIDE,
    only: Only = Only.ALL,
) -> Sheet:
    """Lay ``snapshot`` out for a page; refused boxes keep what was typed, with its sentence.

    ``found`` are the findings to show, with what was said of them; without them the checks are run
    as for somebody who types, on this report alone.
    """
    form = snapshot.form
    shown = typing_findings(snapshot) if found is None else found
    left = left_of(snapshot, refused or {}, conflicts)
    drawing = Drawing(
        snapshot,
        scopes_of(snapshot),
        shown,
        previous=figures_of(form, previous),
        last_year=figures_of(form, last_year),
        left=left,
        beside=beside,
    )
    offered = _offered(beside)
    only = only if only in offered else Only.ALL
    rows = _narrowed(form, drawing.rows(form.rows), only)
    members = groupby(form.rows, key=lambda row: row.section)
    sections = [
        SheetSection(
            key=tally.key,
            stt=shown[0].stt,
            label=shown[0].label,
            rows=shown,
            answered=tally.answered,
            typed=tally.typed,
            outside=tally.outside,
            refused=sum(row.key in left for row in shown),
        )
        for tally, shown in zip(
            tallies(snapshot, drawing.scopes),
            ([rows[row.key] for row in group] for _, group in members),
            strict=True,
        )
    ]
    return Sheet(
        sections=sections,
        findings=_told(drawing.found, rows),
        answered=sum(section.answered for section in sections),
        typed=sum(section.typed for section in sections),
        outside=sum(section.outside for section in sections),
        refused=len(left),
        has_previous=previous is not None,
        has_last_year=last_year is not None,
        has_who_reports=any(row.who_reports for row in form.rows),
        offered=offered,
        only=only,
    )


def _offered(beside: Beside) -> Sequence[Only]:
    """The ways to show fewer rows; those that tell of an earlier time only where there was one."""
    missing = {Only.CHANGED} if beside.before is None else set()
    missing |= {Only.NEW} if beside.fresh is None else set()
    return [only for only in Only if only not in missing]


def build_row(
    snapshot: SubmissionSnapshot,
    row: RowDefinition,
    *,
    previous: SubmissionSnapshot | None = None,
    last_year: SubmissionSnapshot | None = None,
    found: Sequence[Weighed] = (),
) -> SheetRow:
    """Return one row as the sheet shows it."""
    drawing = Drawing(
        snapshot,
        scopes_of(snapshot),
        found,
        previous=figures_of(snapshot.form, previous),
        last_year=figures_of(snapshot.form, last_year),
    )
    return drawing.rows([row])[row.key]


def build_update(
    snapshot: SubmissionSnapshot,
    changed: Collection[str],
    found: Sequence[Weighed] | None = None,
) -> SheetUpdate:
    """Return what a page that shows ``snapshot`` redraws when the cells ``changed``: their rows,
    the rows computed from them, and those that findings name."""
    shown = typing_findings(snapshot) if found is None else found
    drawing = Drawing(snapshot, scopes_of(snapshot), shown)
    named = {key for one in drawing.found for key in one.finding.keys}
    rows = drawing.rows(
        row
        for row in snapshot.form.rows
        if row.key in changed or row.key in named or not _reads(row).isdisjoint(changed)
    )
    return SheetUpdate(
        rows=[row for key, row in rows.items() if key in changed or row.is_derived],
        sections=tallies(snapshot, drawing.scopes),
        findings=_told(drawing.found, rows),
    )


def typing_findings(snapshot: SubmissionSnapshot) -> list[Weighed]:
    """Return what the checks find in this report alone, as for somebody who types."""
    return shown_while_typing(weighed(findings(snapshot), {}))


def shown_while_typing(found: Sequence[Weighed]) -> list[Weighed]:
    """Leave out what figures still to come may settle."""
    return [one for one in found if not one.finding.waits]


def _told(found: Sequence[Weighed], rows: Mapping[str, SheetRow]) -> list[SheetFinding]:
    return [SheetFinding(one, [rows[key] for key in one.finding.keys]) for one in found]


def _reads(row: RowDefinition) -> frozenset[str]:
    """The rows that ``row`` is computed from."""
    return frozenset(formula_keys(row.formula)) if row.formula else frozenset()


def tallies(snapshot: SubmissionSnapshot, scopes: Mapping[str, Scope]) -> list[Tally]:
    """Count what is asked and answered in each section, in the paper's order."""
    found = []
    for key, members in groupby(snapshot.form.rows, key=lambda row: row.section):
        typed = [row for row in members if row.is_typed]
        asked = [row for row in typed if scopes[row.key] is not Scope.OUTSIDE]
        answered = sum(snapshot.cell(row.key).is_answered for row in asked)
        found.append(Tally(key, answered, len(asked), outside=len(typed) - len(asked)))
    return found


def _matches(row: SheetRow, only: Only) -> bool:
    match only:
        case Only.ALL:
            return row.is_typed and row.is_asked
        case Only.BLANK:
            return row.is_blank
        case Only.FOUND:
            return bool(row.message) or any(one.css in ASKING for one in row.findings)
        case Only.SAID:
            return row.is_said
        case Only.CHANGED:
            return bool(row.was)
        case Only.NEW:
            return row.is_new
        case _:
            assert_never(only)


def _narrowed(
    form: FormDefinition, rows: Mapping[str, SheetRow], only: Only
) -> Mapping[str, SheetRow]:
    """Mark the rows that are not shown, and those shown only because wanted ones stand below."""
    if only is Only.ALL:
        return rows
    kept: set[str] = set()
    for row in form.rows:
        key = row.key if _matches(rows[row.key], only) else ""
        while key and key not in kept:
            kept.add(key)
            key = form.by_key[key].parent
    return {
        key: row
        if _matches(row, only)
        else row._replace(css=f"{row.css} {'above' if key in kept else 'off'}")
        for key, row in rows.items()
    }
