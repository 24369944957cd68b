"""Which row of a form each line of a pasted block is: by its label, or by its place in a column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from indicators.definition import FormDefinition, RowDefinition
from indicators.kinds import Kind, Labelled
from reporting.entry import read_cell
from reporting.numbers import Unreadable
from reporting.pasted.blocks import Block, BlockLine, Unpastable, read_block
from reporting.pasted.chains import Pair, certain
from reporting.pasted.names import Called, FormNames, full_name, names_of, stt_of
from reporting.pasted.rates import agrees
from reporting.snapshot import EMPTY, Cell, SubmissionSnapshot

# How well a line fits a row of its name: any fit outweighs what tells two fits apart.
_NAMED, _SAME_STT, _UNDER_NEAREST, _UNDER = 100, 6, 10, 4
_PARTS = ("", "+", "-", "–", "•", "*")
_UNKNOWN = "Biểu này không có dòng nào mang tên như vậy."
_NAMELESS = "Dòng này không có tên chỉ tiêu nên không biết là dòng nào của biểu."
_HEADING = "Dòng tiêu đề không nhận số liệu; hãy ghi vào các dòng bên dưới."
_BEYOND = "Biểu đã hết dòng trước khi đến dòng này của khối dán."


class Counting(Labelled):
    """Which rows of the form the lines of a column are counted against."""

    PRINTED = "printed", "mỗi dòng dán là một dòng in trên biểu, kể cả tiêu đề và tỷ lệ tự tính"
    BOXES = "boxes", "mỗi dòng dán là một ô nhập; tiêu đề và tỷ lệ tự tính không tính"


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure of the block and the row it goes to; ``unit`` and ``details`` are what the block
    says beside it otherwise than the form."""

    row_key: str
    line_number: int
    written: str
    unit: str = ""
    details: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """A figure of the block that goes nowhere, and the sentence why; ``row_key`` is the row it
    stands on, where that is known."""

    line_number: int
    text: str
    why: str
    row_key: str = ""


@dataclass(frozen=True, slots=True)
class Pasted:
    """What became of a block. ``computed`` are figures on rows that the portal computes itself:
    to compare, never to take over. ``blank`` counts the lines that leave their row as it is.
    ``counting`` is how a column was counted, ``other`` a way that would place it otherwise."""

    placed: Sequence[Placed]
    computed: Sequence[Placed]
    left: Sequence[Left]
    blank: int
    aside: Sequence[str]
    counting: Counting | None = None
    other: Counting | None = None


def place(
    text: str, form: FormDefinition, *, start: str = "", counting: Counting | None = None
) -> Pasted:
    """Find the rows of ``form`` for the lines of ``text``; raise Unpastable.

    ``start`` is the row at which a column without labels begins; ``counting`` overrules how its
    lines are counted. No row is given two lines.
    """
    names = names_of(form)
    block = read_block(text, names)
    if not block.has_labels:
        return _in_a_column(block, form, start, counting)
    return _by_labels(block, form, names)


# By labels


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with what its label names."""

    line: BlockLine
    called: Called

    @property
    def stt(self) -> str:
        return stt_of(self.line.stt or self.called.stt)

    @property
    def may_be_a_heading(self) -> bool:
        """It names no row of the form, and is no part of an agency's own."""
        return not self.called.rows and self.line.label[:1] not in _PARTS


def _by_labels(block: Block, form: FormDefinition, names: FormNames) -> Pasted:
    lines = _rejoined([_Line(line, names.called(line.label)) for line in block.lines], names)
    search = _Search(form, lines)
    found = search.found()
    placed: list[Placed] = []
    computed: list[Placed] = []
    left: list[Left] = []
    aside, blank = [*block.aside], 0
    for index, known in enumerate(lines):
        line = known.line
        row = form.rows[found[index]] if index in found else None
        if not line.figure:
            blank += row is not None
            aside += [] if known.called.rows else [line.text]
        elif row is None:
            left.append(Left(line.number, line.text, search.why_not(index)))
        elif row.kind is Kind.HEADING:
            left.append(Left(line.number, line.text, _HEADING, row.key))
        else:
            target = computed if row.is_derived else placed
            target.append(_placed(line, row, known.called.details))
    return Pasted(placed, computed, left, blank, aside)


def _placed(line: BlockLine, row: RowDefinition, details: str = "") -> Placed:
    return Placed(row.key, line.number, line.figure, line.unit, details)


def _rejoined(lines: Sequence[_Line], names: FormNames) -> list[_Line]:
    """Join two lines that name nothing but make one name together: a cell was cut in two."""
    joined: list[_Line] = []
    for known in lines:
        above = joined[-1] if joined else known
        if joined and not (above.called.rows or known.called.rows or known.line.stt):
            whole = names.called(f"{above.line.label} {known.line.label}")
            if whole.rows and not (above.line.figure and known.line.figure):
                joined[-1] = _Line(_one_line(above.line, known.line), whole)
                continue
        joined.append(known)
    return joined


def _one_line(above: BlockLine, below: BlockLine) -> BlockLine:
    return replace(
        above,
        label=f"{above.label} {below.label}",
        unit=f"{above.unit} {below.unit}".strip(),
        figure=above.figure or below.figure,
    )


class _Search:
    """The lines of one block among the rows of one form.

    What names one row alone is that row. What names several is told apart by the line of their
    parent that comes nearest before it, by its STT, and by what stands beside it.
    """

    def __init__(self, form: FormDefinition, lines: Sequence[_Line]) -> None:
        self.form, self.lines = form, lines
        self.places = {row.key: place for place, row in enumerate(form.rows)}
        self.sections = list(self._sections())
        self.claims = self._claims()
        self.rows = [self._open_rows(index) for index in range(len(lines))]
        self.under: list[Mapping[int, int]] = list(self._under())

    def found(self) -> dict[int, int]:
        """Return, by the index of a line, the place of its row."""
        agreed = certain(
            [self._weights(index) for index in range(len(self.lines))],
            len(self.form.rows),
            self._follow,
        )
        lines_of = {row: index for index, row in agreed.items()}
        kept = {i: row for i, row in agreed.items() if self._is_told(i, row, lines_of)}
        used = set(kept.values())
        for index, rows in enumerate(self.rows):
            if len(rows) == 1 and index not in kept and rows[0] not in used:
                kept[index] = rows[0]
                used.add(rows[0])
        return kept

    def why_not(self, index: int) -> str:
        """Say why the row of a line is not known."""
        rows = self.lines[index].called.rows
        if not self.lines[index].line.label:
            return _NAMELESS
        if not rows:
            return _UNKNOWN
        if not self._inside(index):
            section = self.form.by_key[self.sections[index]].name()
            return (
                f"Trong khối dán, dòng này nằm dưới phần {section}; biểu chỉ có dòng cùng tên ở"
                f" phần khác ({self._parents(rows)}). Hãy nhập dòng này trên bảng."
            )
        rows = self._inside(index)
        if len(rows) == 1:
            numbers = ", ".join(str(self.lines[i].line.number) for i in self.claims[rows[0]])
            return (
                f"Dòng {full_name(self.form.rows[rows[0]], self.form)} của biểu được ghi ở nhiều"
                f" dòng của khối dán ({numbers}); hãy chỉ giữ một dòng."
            )
        return (
            f"Biểu có {len(rows)} dòng cùng tên này ({self._parents(rows)}), chưa rõ là dòng nào."
            " Hãy chép cả dòng tiêu đề ở trên nó, hoặc nhập dòng này trên bảng."
        )

    def _parents(self, rows: Sequence[int]) -> str:
        keys = dict.fromkeys(self.form.rows[row].parent for row in rows)
        parents = [self.form.by_key[key] for key in keys if key]
        return "thuộc " + ", ".join(row.stt.strip(" .") or row.name() for row in parents)

    def _sections(self) -> Iterator[str]:
        """Yield the part of the form that each line stands in, "" where no line says it: a line
        that names nothing may begin a part unknown."""
        section = ""
        for known in self.lines:
            named = [self.form.rows[row] for row in known.called.rows]
            if len(named) == 1 and not named[0].parent:
                section = named[0].section
            elif known.may_be_a_heading:
                section = ""
            yield section

    def _inside(self, index: int) -> Sequence[int]:
        """Return the rows that a line names in its part of the form."""
        rows, section = self.lines[index].called.rows, self.sections[index]
        return [row for row in rows if section in {"", self.form.rows[row].section}]

    def _claims(self) -> Mapping[int, Sequence[int]]:
        """Return the lines with a figure that name one row alone, by that row."""
        claims: dict[int, list[int]] = {}
        for index, known in enumerate(self.lines):
            rows = self._inside(index)
            if len(rows) == 1 and known.line.figure:
                claims.setdefault(rows[0], []).append(index)
        return claims

    def _open_rows(self, index: int) -> Sequence[int]:
        """Return the rows a line may be. Of lines that name the same one row, only one that alone
        has a figure is it."""
        rows = self._inside(index)
        if len(rows) == 1 and self.claims.get(rows[0], [index]) != [index]:
            return ()
        return rows

    def _under(self) -> Iterator[Mapping[int, int]]:
        """Yield, for each line, which of its rows have a parent that was named before it, and in
        which line last. A line that names nothing may be a parent unknown: what was named before it
        counts no more."""
        seen: dict[int, int] = {}
        for index, known in enumerate(self.lines):
            parents = {row: self.places.get(self.form.rows[row].parent) for row in self.rows[index]}
            yield {row: seen[place] for row, place in parents.items() if place in seen}
            if known.may_be_a_heading:
                seen.clear()
            seen |= dict.fromkeys(self.rows[index], index)

    def _weights(self, index: int) -> dict[int, int]:
        under = self.under[index]
        nearest = max(under.values(), default=-1)
        weights = {}
        for row in self.rows[index]:
            weights[row] = _NAMED + _SAME_STT * self._has_stt(index, row)
            if row in under:
                weights[row] += _UNDER_NEAREST if under[row] == nearest else _UNDER
        return weights

    def _has_stt(self, index: int, row: int) -> bool:
        stt = self.lines[index].stt
        return stt != "" and stt == stt_of(self.form.rows[row].stt)

    def _follow(self, one: Pair, other: Pair) -> bool:
        """Whether two lines stand as their rows do: next to each other, or around a line that has
        the STT of its row but another name."""
        between = one[0] + 1
        if between == other[0]:
            return True
        return not self.lines[between].called.rows and self._has_stt(between, one[1] + 1)

    def _is_told(self, index: int, row: int, lines_of: Mapping[int, int]) -> bool:
        """Whether more than the order of names says that a line is this row and no other."""
        if len(self.rows[index]) == 1:
            return True
        under = self.under[index]
        open_ones = [other for other in under if lines_of.get(other, index) == index]
        if any(under[other] > under.get(row, -1) for other in open_ones):
            return False
        if row in under or self._has_stt(index, row):
            return True
        pair = (index, row)
        near = [(index + gap, row + gap) for gap in (-2, -1, 1, 2)]
        return any(
            lines_of.get(beside[1]) == beside[0] and self._follow(*sorted((pair, beside)))
            for beside in near
        )


# In a column


def _in_a_column(
    block: Block, form: FormDefinition, start: str, counting: Counting | None
) -> Pasted:
    rows = form.rows[_first(block.lines, form, start) :]
    readings = {
        Counting.PRINTED: _counted(block, rows),
        Counting.BOXES: _counted(block, [row for row in rows if row.is_typed]),
    }
    likely = counting or min(readings, key=lambda way: _misfits(readings[way], form))
    other = Counting.BOXES if likely is Counting.PRINTED else Counting.PRINTED
    is_same = _targets(readings[likely]) == _targets(readings[other])
    return replace(
        readings[likely],
        aside=block.aside,
        counting=None if is_same else likely,
        other=None if is_same else other,
    )


def _first(lines: Sequence[BlockLine], form: FormDefinition, start: str) -> int:
    """Return the place of the first row; without a start only a whole column says it."""
    for place, row in enumerate(form.rows):
        if row.key == start:
            return place
    if len(lines) in {len(form.rows), len(form.typed_rows)}:
        return 0
    raise Unpastable(
        "Khối dán không có tên chỉ tiêu nên cần biết bắt đầu từ dòng nào. Hãy chọn dòng bắt đầu rồi"
        " xem trước lại."
    )


def _counted(block: Block, rows: Sequence[RowDefinition]) -> Pasted:
    placed: list[Placed] = []
    computed: list[Placed] = []
    left: list[Left] = []
    blank = 0
    for line, row in zip_longest(block.lines, rows[: len(block.lines)]):
        if not line.figure:
            blank += 1
        elif row is None:
            left.append(Left(line.number, line.text, _BEYOND))
        elif row.kind is Kind.HEADING:
            left.append(Left(line.number, line.text, _HEADING, row.key))
        else:
            (computed if row.is_derived else placed).append(_placed(line, row))
    return Pasted(placed, computed, left, blank, ())


def _targets(pasted: Pasted) -> Mapping[int, str]:
    lines: Iterable[Placed | Left] = (*pasted.placed, *pasted.computed, *pasted.left)
    return {line.line_number: line.row_key for line in lines}


def _misfits(pasted: Pasted, form: FormDefinition) -> int:
    """Count what shows that the lines are not the rows they were counted against: figures beyond
    the form, on headings, unreadable there, or other than the form computes from the rest."""
    cells: dict[str, Cell] = {}
    unreadable = 0
    for line in pasted.placed:
        try:
            cells[line.row_key] = read_cell(line.written, form.by_key[line.row_key], EMPTY)
        except Unreadable:
            unreadable += 1
    snapshot = SubmissionSnapshot(form, cells)
    strange = sum(
        agrees(line.written, form.by_key[line.row_key], snapshot) is not True
        for line in pasted.computed
    )
    return len(pasted.left) + unreadable + strange
