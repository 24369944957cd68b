"""Which slips a form is searched for: what a careful reader would ask about before it goes out."""

from collections.abc import Callable, Iterator

from indicators.catalogue.problems import Problem, problems
from indicators.catalogue.slips import choices, stt, totals, units, wording
from indicators.catalogue.slips.rows import Form, read
from indicators.catalogue.written import Document, Known
from indicators.kinds import Severity

# Each finds one kind of slip; docs/form-lint.md names the codes.
CHECKS: tuple[Callable[[Form], Iterator[Problem]], ...] = (
    stt.repeated,
    stt.disordered,
    stt.of_another_parent,
    stt.counted_anew,
    stt.last_dots,
    stt.words_for_numbers,
    stt.orphan_bullets,
    units.contradicting,
    units.missing,
    units.headings_that_ask,
    units.apart,
    units.in_two_writings,
    choices.single,
    choices.over_several_rows,
    choices.gaps,
    choices.codes_of_denial,
    choices.not_asked_whether,
    totals.rates_not_computed,
    totals.rates_without_parts,
    totals.parts_of_another_kind,
    totals.parts_promised,
    totals.totals_that_do_not_say,
    totals.totals_below_parts,
    totals.parts_named_as_total,
    wording.repeated_labels,
    wording.broken,
    wording.renamed_in_place,
    wording.nobody_reports,
    wording.somebody_elses_task,
)


def what_is_wrong(document: Document, known: Known) -> list[Problem]:
    """Return all that is to be said of a draft: what stops it, then what asks for a note."""
    found = [*problems(document, known), *lint(document)]
    return sorted(found, key=lambda problem: list(Severity).index(problem.severity))


def lint(document: Document) -> list[Problem]:
    """Return the slips of a form's rows, in their order: warnings and notes, never errors, for the
    paper may be wrong and still be the law."""
    form = read(document.rows)
    found = [problem for check in CHECKS for problem in check(form)]
    return sorted(found, key=lambda problem: problem.index or 0)
