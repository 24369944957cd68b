"""The parts of an appendix that are printed alone."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from indicators.definition import FormDefinition
from indicators.formulas import keys
from reporting.printing.appendix import Appendix, Line


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a form: its key and its name as the form prints it."""

    key: str
    name: str


def sections(form: FormDefinition) -> Sequence[Section]:
    """Return the parts of ``form`` in its order; none where it is all one."""
    found = tuple(dict.fromkeys(row.section for row in form.rows if row.section))
    if len(found) < 2:
        return ()
    return [Section(key, _name(form, key)) for key in found]


def _name(form: FormDefinition, key: str) -> str:
    head = next(row for row in form.rows if row.section == key)
    return f"{head.stt} {head.label}".strip()


def section_of(appendix: Appendix, form: FormDefinition, key: str) -> Appendix:
    """Return the lines of one section alone.

    The rules of the form reach over all of it, so that a part carries none and tells no finding; a
    figure computed from rows that are not printed is printed as it comes out."""
    kept = {row.key for row in form.rows if row.section == key}
    return replace(
        appendix,
        lines=[_alone(line, kept) for line in appendix.lines if line.key in kept],
        checks=None,
        notes=[note for note in appendix.notes if note.key in kept],
        found=None,
    )


def _alone(line: Line, kept: AbstractSet[str]) -> Line:
    if line.computed is None or kept >= set(keys(line.computed.formula)):
        return line
    return replace(line, computed=None)
