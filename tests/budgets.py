"""Budgets of work against a baseline: measured by turns, printed as a table."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter, process_time

KIB = 1024


@dataclass(frozen=True, slots=True)
class Budget:
    """One measured figure and the most it may be: as a ratio where it has a baseline."""

    name: str
    figure: float
    unit: str
    most: float | None = None
    baseline: float | None = None

    @property
    def judged(self) -> float:
        return self.figure / self.baseline if self.baseline else self.figure

    @property
    def is_kept(self) -> bool:
        return self.most is None or self.judged <= self.most


def report(budgets: Sequence[Budget]) -> None:
    width = max(len(budget.name) for budget in budgets)
    print(f"{'':{width}}{'figure':>12}{'baseline':>12}{'ratio':>7}{'budget':>8}")
    for budget in budgets:
        figure = f"{budget.figure:.1f} {budget.unit}"
        baseline = f"{budget.baseline:.1f} {budget.unit}" if budget.baseline else ""
        ratio = f"{budget.judged:.2f}" if budget.baseline else ""
        most = "" if budget.most is None else f"{budget.most:g}"
        verdict = "" if budget.most is None else "kept" if budget.is_kept else "EXCEEDED"
        columns = f"{figure:>12}{baseline:>12}{ratio:>7}{most:>8}  {verdict}"
        print(f"{budget.name:{width}}{columns}".rstrip())


def milliseconds(*works: Callable[[], object], turns: int) -> list[float]:
    """Return the median time of each work, measured by turns after one to warm up."""
    return [median(found) for found in times(*works, turns=turns)]


def waited_milliseconds(*works: Callable[[], object], turns: int) -> list[float]:
    """Return the median time of each work by the clock on the wall: what a database server does
    meanwhile is no processor time of ours."""
    return [median(found) for found in times(*works, turns=turns, clock=perf_counter)]


def p95_milliseconds(*works: Callable[[], object], turns: int) -> list[float]:
    """Return the time that 95 in 100 turns of each work do not exceed, measured like the median."""
    return [p95(found) for found in times(*works, turns=turns)]


def p95(found: Sequence[float]) -> float:
    return quantiles(found, n=20, method="inclusive")[-1]


def times(
    *works: Callable[[], object], turns: int, clock: Callable[[], float] = process_time
) -> list[list[float]]:
    """Return the milliseconds of every turn of each work, after one to warm up."""
    taken: list[list[float]] = [[] for _ in works]
    for turn in range(turns + 1):
        for work, found in zip(works, taken, strict=True):
            gc.collect()
            began = clock()
            work()
            if turn:
                found.append(1000 * (clock() - began))
    return taken
