"""What stood in the cells at a moment, from changes alone."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from reporting.past import Change, cells_at
from reporting.snapshot import EMPTY, Cell, Detail, FigureStatus, Reading, recorded

BEGIN = datetime(2026, 3, 10, 8, tzinfo=UTC)
numbers = st.decimals(-(10**9), 10**9, places=3, allow_nan=False)
cells = st.one_of(
    st.just(EMPTY),
    st.builds(
        Cell,
        number=numbers,
        note=st.sampled_from(["", "theo hồ sơ"]),
        written=st.sampled_from(["", "5.356"]),
        reading=st.sampled_from(list(Reading)),
        details=st.lists(st.builds(Detail, st.just("Hộ tịch"), numbers), max_size=2).map(tuple),
    ),
    st.builds(Cell, numerator=numbers, denominator=numbers, number=numbers),
    st.just(Cell(status=FigureStatus.NIL)),
    st.just(Cell(status=FigureStatus.OUT_OF_SCOPE, note="không giao")),
    st.just(Cell(choice="1")),
    st.just(Cell(text="Đã ban hành")),
)
# Each saving: how long after the one before, and what it makes of which cells.
savings = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.dictionaries(st.sampled_from(["1.1", "1.2.a", "3.4"]), cells, min_size=1),
    ),
    max_size=8,
)


@given(savings)
def test_each_moment_is_what_stood_there_then(made: list[tuple[int, dict[str, Cell]]]) -> None:
    now: dict[str, Cell] = {}
    at, changes = BEGIN, []
    stood = [(BEGIN - timedelta(seconds=1), now)]
    for seconds, saved in made:
        at += timedelta(seconds=seconds)
        now = {key: cell for key, cell in (now | saved).items() if not cell.is_empty}
        changes += [Change(key, at, recorded(cell)) for key, cell in saved.items()]
        stood.append((at, now))
    # Of savings in one moment the last one counts.
    for moment, expected in dict(stood).items():
        assert cells_at(changes, moment) == expected
    assert cells_at(changes, at + timedelta(days=9999)) == now


def test_nothing_stood_before_the_first_change() -> None:
    changes = [Change("1.1", BEGIN, recorded(Cell(number=Decimal(3))))]
    assert cells_at(changes, BEGIN - timedelta(microseconds=1)) == {}
    assert cells_at(changes, BEGIN) == {"1.1": Cell(number=Decimal(3))}


def test_an_emptied_cell_is_not_there() -> None:
    changes = [
        Change("1.1", BEGIN, recorded(Cell(number=Decimal(3)))),
        Change("1.1", BEGIN + timedelta(hours=1), None),
    ]
    assert cells_at(changes, BEGIN + timedelta(hours=1)) == {}
