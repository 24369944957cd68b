"""One report as the checks read it: its figures, what is asked of its agency, what was before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from indicators.definition import RowDefinition
from indicators.formulas import Chosen, Elsewhere, Given, Operand, Ref, When
from reporting.rules.history import NO_HISTORY, History, Past
from reporting.snapshot import Cell, SubmissionSnapshot


@dataclass(frozen=True)
class Report:
    """What the checks are run on."""

    snapshot: SubmissionSnapshot
    history: History = NO_HISTORY

    @cached_property
    def numbers(self) -> Mapping[str, Decimal]:
        """The figures by row key: as filed, 0 where nothing arose, else as the form computes;
        of a paper only what was filed."""
        found = dict(self.snapshot.operands)
        if self.snapshot.is_paper:
            return found
        for row in self.snapshot.form.rows:
            if row.is_derived and row.key not in found:
                computed = self.snapshot.computed(row)
                if computed is not None:
                    found[row.key] = computed
        return found

    @property
    def asked(self) -> frozenset[str]:
        """The rows to be answered by this agency."""
        return self.snapshot.asked

    @cached_property
    def filled(self) -> Sequence[tuple[RowDefinition, Cell]]:
        """The rows with something in their cell, in the form's order."""
        cells = self.snapshot.cells
        return [(row, cells[row.key]) for row in self.snapshot.form.rows if row.key in cells]

    def beside(self, past: Past) -> Sequence[tuple[RowDefinition, Decimal, Decimal]]:
        """Each figure that ``past`` has too, with what it was."""
        if id(past) not in self._beside:
            now = self.numbers
            self._beside[id(past)] = [
                (row, now[row.key], past.numbers[row.indicator])
                for row in self.snapshot.form.rows
                if row.key in now and row.indicator and row.indicator in past.numbers
            ]
        return self._beside[id(past)]

    @cached_property
    def _beside(self) -> dict[int, Sequence[tuple[RowDefinition, Decimal, Decimal]]]:
        return {}

    def figures(self, operands: Iterable[Operand]) -> Mapping[str, Decimal]:
        """Return what formulas with these operands read, by address; the missing is not there."""
        found = dict(self.numbers)
        for operand in operands:
            if isinstance(operand, Ref) and not operand.when:
                continue
            number = self._special(operand)
            if number is not None:
                found[operand.address] = number
        return found

    def _special(self, operand: Operand) -> Decimal | None:
        """A figure from elsewhere, or whether something was answered."""
        match operand:
            case Elsewhere(form, indicator):
                return self.history.elsewhere.get(f"{form}:{indicator}")
            case Ref(key, when):
                return self._of_another_time(self.snapshot.form.by_key.get(key), when)
            case Chosen(key, code):
                cell = self.snapshot.cell(key)
                return Decimal(cell.choice == code) if cell.is_answered else None
            case Given(key):
                is_given = self.snapshot.cell(key).is_answered or key in self.numbers
                return Decimal(is_given) if is_given or key in self.asked else None

    def _of_another_time(self, row: RowDefinition | None, when: When) -> Decimal | None:
        if row is None:
            return None
        if when is When.YEAR_TO_DATE:
            return self.history.year_to_date(
                row.indicator, self.numbers.get(row.key), row.across_periods
            )
        past = self.history.previous if when is When.PREVIOUS else self.history.last_year
        return _number(past, row)


def _number(past: Past | None, row: RowDefinition) -> Decimal | None:
    return past.numbers.get(row.indicator) if past and row.indicator else None
