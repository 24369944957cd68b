"""A form version as frozen values: what checks, sums and exporters read instead of models."""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

from indicators.formulas import (
    Check,
    Children,
    Node,
    Number,
    Operand,
    Ref,
    Sum,
    Test,
    Truth,
    keys,
    operands,
    truth_of,
)
from indicators.formulas.words import in_words
from indicators.kinds import (
    AcrossAgencies,
    AcrossPeriods,
    Capacity,
    Emphasis,
    Kind,
    Missing,
    Scope,
    Severity,
)

# What a label says of the rows below it is no part of its name.
_AMONG_THEM = re.compile(r"(?:[,.]\s*)?trong đó\s*(?::\s*)?$|:\s*$", re.IGNORECASE)
# Of labels whose first words are alike, so many are told.
_MANY_WORDS = 40


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that a choice row offers: the code printed and its words."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class RowDefinition:
    """One printed line of a form, with its place in the tree and its way of adding up."""

    id: int
    position: int
    key: str
    stt: str
    label: str
    unit: str
    who_reports: str
    parent: str
    depth: int
    section: str
    kind: Kind
    options: tuple[Option, ...]
    indicator: str
    formula: Node | None
    across_agencies: AcrossAgencies
    across_periods: AcrossPeriods
    # Whose own figures are asked for: kinds of agency and functions; empty where everybody's are,
    # or nobody's because a designated agency reports for all.
    asked: frozenset[str]
    # The functions whose holders report the whole province's figure.
    reporters: tuple[str, ...]
    vertical: bool
    emphasis: Emphasis

    @property
    def is_derived(self) -> bool:
        """The figure is computed from other rows and is not typed."""
        return self.formula is not None

    @property
    def is_answered(self) -> bool:
        return self.kind is not Kind.HEADING

    @property
    def is_added(self) -> bool:
        """The figures of several agencies make one of the province."""
        return bool(self.indicator) and self.across_agencies is not AcrossAgencies.NONE

    @property
    def is_typed(self) -> bool:
        return self.is_answered and not self.is_derived

    @property
    def designated(self) -> str:
        """The function whose holder alone reports the province's figure; "" where figures are
        added."""
        is_one = self.across_agencies is AcrossAgencies.DESIGNATED and self.reporters
        return self.reporters[0] if is_one else ""

    def scope(
        self, kind: str, functions: Collection[str], capacity: Capacity = Capacity.BOTH
    ) -> Scope:
        """Return what this row is to an agency of ``kind`` that holds ``functions`` and speaks in
        ``capacity``."""
        if capacity is not Capacity.OWN and self.designated and self.designated in functions:
            return Scope.PROVINCE
        if capacity is Capacity.PROVINCE:
            return Scope.OUTSIDE
        if not self.asked:
            return Scope.OUTSIDE if self.designated else Scope.OWN
        # Who reports the province's figure has figures of its own in the row too.
        is_asked = kind in self.asked or not {*self.asked, *self.reporters}.isdisjoint(functions)
        return Scope.OWN if is_asked else Scope.OUTSIDE

    def option(self, code: str) -> Option | None:
        return next((option for option in self.options if option.code == code), None)

    def name(self, most: int = 10) -> str:
        """How messages call the row: its STT where it has one, and the first words of its label."""
        words = _AMONG_THEM.sub("", self.label.lstrip("- ")).split()
        short = " ".join(words[:most]) + ("…" if len(words) > most else "")
        return f"{self.stt.rstrip('.')} {short}" if self.stt[:1].isdigit() else f"«{short}»"


@dataclass(frozen=True)
class RuleDefinition:
    """What the figures of one report should satisfy, with what people are told where they don't.

    ``condition`` is the test as it is written, ``missing`` what it does where figures are missing.
    """

    code: str
    severity: Severity
    condition: str
    test: Test
    sentence: str
    instruction: str
    missing: Missing = Missing.SKIP_ANY

    def __getstate__(self) -> Mapping[str, object]:
        """Leave behind what is compiled: it can't go to another process, which compiles anew."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @cached_property
    def holds(self) -> Truth:
        """The test compiled: whether it is true of figures; None where too much is missing."""
        return truth_of(self.test, self.missing)

    @cached_property
    def operands(self) -> tuple[Operand, ...]:
        return operands(self.test)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The rows that the rule names, each once, in order of writing."""
        return tuple(dict.fromkeys(keys(self.test)))

    @cached_property
    def total(self) -> tuple[str, Sequence[str]]:
        """The row that the rule says several rows make up, and those; "" where it says no such."""
        if isinstance(self.test, Check) and self.test.sign == "=":
            sides = self.test.left, self.test.right
            for single, rest in (sides, sides[::-1]):
                parts = _added(rest)
                if parts and isinstance(single, Ref) and not single.when:
                    return single.key, parts
        return "", ()

    @cached_property
    def version(self) -> str:
        """A mark of what the rule asks: one that is stricter, or asks otherwise, has another."""
        asked = "\n".join((self.severity, self.condition, self.missing))
        return hashlib.sha256(asked.encode()).hexdigest()[:8]


@dataclass(frozen=True)
class FormDefinition:
    """A form version with its rows in printed order."""

    id: int
    code: str
    form: str
    form_name: str
    edition: str
    title: str
    appendix_label: str
    legal_line: str
    label_heading: str
    last_heading: str
    content_hash: str
    rows: tuple[RowDefinition, ...]
    rules: tuple[RuleDefinition, ...] = ()

    @cached_property
    def by_key(self) -> Mapping[str, RowDefinition]:
        return {row.key: row for row in self.rows}

    def typed_by(self, kind: str, functions: str, capacity: Capacity) -> frozenset[str]:
        """The keys of the rows that an agency of ``kind`` with ``functions`` (codes between
        spaces) is to type; every row for nobody in particular (``kind`` empty)."""
        whose = kind, functions, capacity
        if whose not in self._typed_by:
            held = functions.split()
            self._typed_by[whose] = frozenset(
                row.key
                for row in self.typed_rows
                if not kind or row.scope(kind, held, capacity) is not Scope.OUTSIDE
            )
        return self._typed_by[whose]

    @cached_property
    def _typed_by(self) -> dict[tuple[str, str, Capacity], frozenset[str]]:
        """Kept, because every list of reports and every saving asks for it."""
        return {}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What messages call each row so that no other is meant: longer where first words are
        alike, with its place where they or the STT stand elsewhere in the form too."""
        short = Counter(row.name() for row in self.rows)
        stts = Counter(row.stt for row in self.rows if row.stt)
        found = {}
        for row in self.rows:
            name = row.name() if short[row.name()] == 1 else row.name(_MANY_WORDS)
            is_elsewhere = short[row.name()] > 1 or stts[row.stt] > 1
            place = self._place(row) if is_elsewhere else ""
            found[row.key] = f"{name} ({place})" if place else name
        return found

    def stt_of(self, row: RowDefinition) -> str:
        """The STT of ``row``; without one, in brackets that of the nearest row above it."""
        if row.stt:
            return row.stt
        above = self.by_key.get(row.parent)
        while above is not None and not above.stt:
            above = self.by_key.get(above.parent)
        return f"({above.stt.rstrip('.')})" if above else ""

    @cached_property
    def rules_in_words(self) -> Mapping[str, str]:
        """What each rule asks, by its code, the rows called by their names."""
        return {
            rule.code: in_words(rule.test, lambda key: self.names.get(key, f"[{key}]"))
            for rule in self.rules
        }

    def _place(self, row: RowDefinition) -> str:
        """Where ``row`` stands: its part of the form, or, without an STT, the row above it."""
        if row.stt[:1].isdigit():
            part = self.by_key.get(row.section, row)
            return "" if part is row else f"phần {part.stt.rstrip('.') or part.key}"
        above = self.by_key.get(row.parent)
        return f"mục {above.stt.rstrip('.') or above.key}" if above else ""

    @cached_property
    def by_indicator(self) -> Mapping[str, RowDefinition]:
        return {row.indicator: row for row in self.rows if row.indicator}

    @cached_property
    def special_operands(self) -> tuple[Operand, ...]:
        """What the rules read beside the numbers of the report itself, each once."""
        read = dict.fromkeys(operand for rule in self.rules for operand in rule.operands)
        return tuple(one for one in read if not (isinstance(one, Ref) and not one.when))

    @cached_property
    def limited(self) -> frozenset[str]:
        """The rows of which a rule of the form itself says how large they may be."""
        return frozenset(
            rule.test.left.key
            for rule in self.rules
            if isinstance(rule.test, Check)
            and isinstance(rule.test.left, Ref)
            and isinstance(rule.test.right, Number)
            and rule.test.sign in {"<=", "<"}
        )

    @cached_property
    def typed_rows(self) -> tuple[RowDefinition, ...]:
        return tuple(row for row in self.rows if row.is_typed)


def _added(node: Node) -> Sequence[str]:
    """Return the rows of this report that ``node`` adds up and nothing else; none else."""
    match node:
        case Children(_, of):
            return of
        case Sum(terms, signs) if set(signs) == {1}:
            added = [term.key for term in terms if isinstance(term, Ref) and not term.when]
            return added if len(added) == len(terms) else ()
        case _:
            return ()


def options(text: str) -> tuple[Option, ...]:
    """Read the catalogue's writing of a choice list; raise ValueError when it is not one.

    >>> options("0=Không|1=Có")
    (Option(code='0', label='Không'), Option(code='1', label='Có'))
    >>> options("")
    ()
    """
    found = []
    for part in filter(None, text.split("|")):
        code, equals, label = part.partition("=")
        if not (equals and code.strip() and label.strip()):
            raise ValueError(f"«{part}» không có dạng mã=nhãn")
        found.append(Option(code.strip(), label.strip()))
    return tuple(found)
