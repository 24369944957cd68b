"""The checks that every form has, whatever its own rules: one function each, numbered.

They know what is impossible for a kind of row, what looks like a slip, and what was reported
before. Of what is only unusual they ask; they never forbid it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.definition import FormDefinition, RowDefinition
from indicators.formulas import Check, Percent, Ratio, keys
from indicators.formulas.words import in_words
from indicators.kinds import AcrossPeriods, Kind, Severity
from reporting.numbers import (
    PRINTED_RATE_PLACES,
    decimals_of,
    is_rounding,
    places_written,
    rounded,
    write,
)
from reporting.rules.declared import name_of
from reporting.rules.finding import Finding
from reporting.rules.history import Past
from reporting.rules.report import Report
from reporting.snapshot import Cell, Reading, answers_with_number
from reporting.windows import Window

# A figure is unusual from these on: so many times another, and so far from it. Quarters of one
# office differ by half as a matter of course, and single cases by any factor.
UNUSUAL_TIMES, UNUSUAL_APART = 2, 20
STRANGE_TIMES, STRANGE_APART = 5, 50
UNUSUAL_POINTS = 30
# About a thousand times: dots and commas, or đồng and triệu đồng, taken for one another.
SLIP_FROM, SLIP_TO = 500, 2_000
# Fewer figures than this are alike by chance.
FEWEST_COPIED = 5
_FULL = Decimal(100)
_UNUSUAL_APART = Decimal(UNUSUAL_APART)
# Figures 500 times apart, or 125 of them in a window four times as long, differ by two digits.
_FEWEST_DIGITS = 2
# Reaching an enumeration's member takes longer than looking a figure up.
_COUNT, _PERCENT, _HEADING = Kind.COUNT, Kind.PERCENT, Kind.HEADING
_COUNTED = frozenset({Kind.COUNT, Kind.AMOUNT})
_NEVER_FALLS = frozenset({AcrossPeriods.CUMULATIVE})
_OF_THE_WINDOW = frozenset({AcrossPeriods.IN_PERIOD, AcrossPeriods.UNSAID})

Told = Iterator[Finding]


@dataclass(frozen=True, slots=True)
class GeneralCheck:
    """One check of every form: ``asks`` says what, in words, for the rule book.

    ``version`` counts up whenever it asks something else.
    """

    code: str
    severity: Severity
    asks: str
    instruction: str
    run: Callable[["GeneralCheck", Report], Told]
    version: int = 1

    def finding(
        self,
        rows: Sequence[RowDefinition],
        sentence: str,
        *,
        found: str = "",
        expected: str = "",
        formula: str = "",
        severity: Severity | None = None,
        instruction: str = "",
        waits: bool = False,
    ) -> Finding:
        return Finding(
            code=self.code,
            severity=severity or self.severity,
            keys=tuple(row.key for row in rows),
            sentence=sentence,
            instruction=instruction or self.instruction,
            found=found,
            expected=expected,
            formula=formula,
            version=str(self.version),
            waits=waits,
        )


def broken_checks(report: Report) -> Told:
    """Yield what the general checks find, check by check."""
    for check in GENERAL:
        yield from check.run(check, report)


# What is there at all


def _not_answered(check: GeneralCheck, report: Report) -> Told:
    """A row that the form gives to this agency by name has nobody else to answer it."""
    for row in report.snapshot.form.typed_rows:
        if _is_given_by_name(row, report) and not report.snapshot.cell(row.key).is_answered:
            yield check.finding(
                [row], "Biểu giao dòng này cho đơn vị nhưng còn trống.", found="trống", waits=True
            )


def _left_blank(check: GeneralCheck, report: Report) -> Told:
    blank = [
        row
        for row in report.snapshot.form.typed_rows
        if row.key in report.asked
        and not report.snapshot.cell(row.key).is_answered
        and not _is_given_by_name(row, report)
    ]
    if blank:
        asked = sum(row.key in report.asked for row in report.snapshot.form.typed_rows)
        yield check.finding(
            [],
            f"Còn {len(blank)} dòng trống. Trống là chưa báo cáo, không phải là 0.",
            found=f"{len(blank)} trên {asked} dòng",
            waits=True,
        )


def _is_given_by_name(row: RowDefinition, report: Report) -> bool:
    """Other agencies have no such row, or this one alone reports it for the province."""
    snapshot = report.snapshot
    if not snapshot.agency_kind or row.key not in report.asked:
        return False
    is_designated = bool(row.designated) and row.designated in snapshot.agency_functions
    return is_designated or not row.asked.isdisjoint(snapshot.agency_functions)


def _half_a_rate(check: GeneralCheck, report: Report) -> Told:
    for row, formula in _rates(report):
        parts = report.snapshot.parts(row)
        if row.key in report.asked and (parts.part is None) is not (parts.whole is None):
            lacking, half = (
                ("tử số", formula.part) if parts.part is None else ("mẫu số", formula.whole)
            )
            by_key = report.snapshot.form.by_key
            rows = [row, *(by_key[key] for key in dict.fromkeys(keys(half)) if key in by_key)]
            yield check.finding(
                rows,
                f"Tỷ lệ chưa tính được vì thiếu {lacking}.",
                found=_two_numbers(parts),
                formula=_formula(row, report),
                waits=True,
            )


def _copied(check: GeneralCheck, report: Report) -> Told:
    rows = [row for row, cell in report.filled if cell.reading is Reading.COPIED and row.is_typed]
    if rows:
        yield check.finding(
            rows,
            f"{len(rows)} số lấy lại từ kỳ trước mà chưa ai xem lại.",
            found=f"{len(rows)} dòng: {', '.join(row.stt.rstrip('.') or row.key for row in rows)}",
        )


def _copy_of_last_period(check: GeneralCheck, report: Report) -> Told:
    """Figures of a window of its own do not come out the same a period later."""
    previous = report.history.previous
    if previous is None:
        return
    pairs = [
        (report.numbers[row.key], previous.numbers[row.indicator])
        for row in report.snapshot.form.typed_rows
        if row.across_periods in _OF_THE_WINDOW
        and row.kind in _COUNTED
        and report.numbers.get(row.key)
        and row.indicator in previous.numbers
    ]
    if len(pairs) >= FEWEST_COPIED and all(now == before for now, before in pairs):
        yield check.finding(
            [],
            f"Cả {len(pairs)} số phát sinh trong kỳ đều giống hệt {previous.name}.",
            found=f"{len(pairs)} số giống hệt",
            expected="số của kỳ này",
        )


# What a kind of row can hold


def _impossible(check: GeneralCheck, report: Report) -> Told:
    for row, cell in report.filled:
        sentence = _why_impossible(row, cell)
        if sentence:
            yield check.finding([row], sentence, found=_shown(cell), expected=_range(row))
        elif row.kind is Kind.PERCENT and cell.number is not None and cell.number < 0:
            # A rate that is typed may be of a growth; one of two counts may not.
            severity = Severity.ERROR if row.formula else Severity.WARNING
            found, expected = _percent(cell.number), _range(row)
            yield check.finding(
                [row], "Tỷ lệ âm.", found=found, expected=expected, severity=severity
            )


def _why_impossible(row: RowDefinition, cell: Cell) -> str:
    if row.kind is _COUNT and cell.number is not None and cell.number >= 0:
        return "Số đếm không thể lẻ." if cell.number % 1 else ""
    match row.kind:
        case Kind.COUNT if cell.number is not None:
            return "Số đếm không thể âm."
        case Kind.CHOICE if cell.choice and row.option(cell.choice) is None:
            return f"Mã «{cell.choice}» không có trong các lựa chọn của dòng."
        # An answer may be printed as a row of its own ("2 cấp = 1"): 0 says that it is another.
        case Kind.CHOICE if cell.number is not None and (cell.number or len(row.options) > 1):
            return f"Số {write(cell.number)} không phải mã nào trong các lựa chọn của dòng."
        case _:
            return ""


def _range(row: RowDefinition) -> str:
    if row.kind is Kind.CHOICE:
        return "; ".join(f"{option.code} = {option.label}" for option in row.options)
    return "số nguyên từ 0 trở lên" if row.kind is Kind.COUNT else "từ 0 đến 100"


def _shown(cell: Cell) -> str:
    return cell.choice or (write(cell.number) if cell.number is not None else cell.written)


def _above_hundred(check: GeneralCheck, report: Report) -> Told:
    """Where the form says itself how large a rate, or its part, may be, its rule tells it."""
    form = report.snapshot.form
    for row in form.rows:
        number = report.numbers.get(row.key)
        if row.kind is not _PERCENT or number is None or number <= _FULL:
            continue
        is_compared = report.snapshot.parts(row).is_complete and _has_own_rule(row, form)
        if not (row.key in form.limited or is_compared):
            yield check.finding(
                [row],
                "Tỷ lệ vượt quá 100 %.",
                found=_percent(number),
                expected="nhiều nhất 100 %",
                formula=_formula(row, report),
            )


def _has_own_rule(row: RowDefinition, form: FormDefinition) -> bool:
    """A rule of the form compares the part of a rate with its whole."""
    if not isinstance(row.formula, Percent):
        return False
    sides = {frozenset(keys(row.formula.part)), frozenset(keys(row.formula.whole))}
    return any(
        isinstance(rule.test, Check)
        and rule.test.sign in {"<=", "<", ">=", ">"}
        and {frozenset(keys(rule.test.left)), frozenset(keys(rule.test.right))} == sides
        for rule in form.rules
    )


# What does not fit what stands beside it


def _other_rate(check: GeneralCheck, report: Report) -> Told:
    """A rate as typed, or as a paper has it, beside the one that its two numbers make."""
    for row, cell in report.filled:
        if row.kind is not _PERCENT or cell.number is None:
            continue
        parts = report.snapshot.parts(row)
        if not parts.is_complete:
            continue
        rows = [row, *_parts_of(row, report)]
        found = f"{_percent(cell.number)}; {_of_two(parts)}"
        if parts.percent is None:
            yield check.finding(
                rows,
                "Mẫu số là 0 nên không có tỷ lệ.",
                found=found,
                expected="–",
                formula=_formula(row, report),
                instruction="Mẫu số 0 thì để trống tỷ lệ, hoặc ghi «không phát sinh».",
            )
        elif not is_rounding(
            cell.number, parts.percent, places_written(cell.written, cell.number, row.kind)
        ):
            yield check.finding(
                rows,
                "Tỷ lệ ghi khác tỷ lệ tính từ các số của báo cáo.",
                found=f"{found} = {_percent(parts.percent)}",
                expected=_percent(parts.percent),
                formula=_formula(row, report),
            )


def _two_numbers(parts: Ratio) -> str:
    """Write the two numbers of a rate, either of which may be missing."""
    both = {"tử số": parts.part, "mẫu số": parts.whole}
    return "; ".join(
        f"{name}: {'trống' if number is None else write(number)}" for name, number in both.items()
    )


def _of_two(parts: Ratio) -> str:
    """Write how the two numbers of a rate make it."""
    if parts.part is None or parts.whole is None:
        return ""
    return f"{write(parts.part)} ÷ {write(parts.whole)} × 100"


def _rate_without_numbers(check: GeneralCheck, report: Report) -> Told:
    for row, _ in _rates(report):
        cell, parts = report.snapshot.cell(row.key), report.snapshot.parts(row)
        if cell.number is not None and parts.part is None and parts.whole is None:
            rows = [row, *_parts_of(row, report)]
            yield check.finding(
                rows,
                "Có tỷ lệ nhưng không có hai số của nó.",
                found=f"{_percent(cell.number)}; hai số: trống",
                formula=_formula(row, report),
            )


def _total_left_blank(check: GeneralCheck, report: Report) -> Told:
    """The form itself says, by an equality, which rows make up a total."""
    form = report.snapshot.form
    told: set[str] = set()
    for rule in form.rules:
        total, parts = rule.total
        if total in told or total not in report.asked:
            continue
        if total in report.numbers or report.snapshot.cell(total).is_answered:
            continue
        there = [report.numbers[key] for key in parts if key in report.numbers]
        if there:
            told.add(total)
            yield check.finding(
                [form.by_key[key] for key in (total, *parts) if key in form.by_key],
                "Chưa nhập tổng số, trong khi các dòng thành phần đã có số.",
                found=f"trống, các dòng cộng lại là {write(sum(there, Decimal(0)))}",
                expected=write(sum(there, Decimal(0))),
                formula=in_words(rule.test, lambda key: name_of(form, key)),
            )


def _other_details(check: GeneralCheck, report: Report) -> Told:
    for row, cell in report.filled:
        if not cell.details:
            continue
        numbers = [line.number for line in cell.details if line.number is not None]
        total = sum(numbers, Decimal(0))
        is_complete = bool(numbers) and len(numbers) == len(cell.details)
        # Of a rate the lines stand beside it: rates are never added.
        is_added = row.kind in _COUNTED and is_complete
        if cell.number is not None and is_added and total != cell.number:
            added = " + ".join(map(write, numbers))
            yield check.finding(
                [row],
                "Các dòng chi tiết cộng lại khác số của dòng.",
                found=f"{added} = {write(total)}, khác {write(cell.number)}",
                expected=f"bằng {write(cell.number)}",
                formula="tổng các dòng chi tiết = số của dòng",
            )


def _figure_at_a_heading(check: GeneralCheck, report: Report) -> Told:
    for row, cell in report.filled:
        if row.kind is _HEADING and cell.has_value:
            yield check.finding(
                [row],
                "Số ghi ở dòng tiêu đề, nơi biểu không có ô số.",
                found=_shown(cell) or cell.text,
            )


# What does not fit what was before


def _fallen(check: GeneralCheck, report: Report) -> Told:
    """What is counted from the start of the year, or over a longer window that holds the last
    one, can't be less than it was."""
    window, previous = report.history.window, report.history.previous
    if previous is None or previous.window is None or window is None:
        return
    for row, now, before in report.beside(previous):
        why = _why_no_fall(row.across_periods, window, previous.window)
        if row.kind in _COUNTED and why and now < before:
            yield check.finding(
                [row],
                f"Thấp hơn {previous.name}, mà {why}.",
                found=f"{write(now)}; {previous.name}: {write(before)}",
                expected=f"ít nhất {write(before)}",
            )


def _why_no_fall(across: AcrossPeriods, window: Window, before: Window) -> str:
    if across in _NEVER_FALLS and window.year == before.year:
        return "số lũy kế trong năm không giảm"
    if across in _OF_THE_WINDOW and before.is_within(window):
        return "kỳ này gồm cả kỳ đó"
    return ""


def _slipped(check: GeneralCheck, report: Report) -> Told:
    told: set[str] = set()
    for row, now, before, past in _all_beside(report):
        # A glance at the first digits spares nearly all of the reckoning.
        if not now or not before or abs(now.adjusted() - before.adjusted()) < _FEWEST_DIGITS:
            continue
        likely = {before, _spread(before, row, past, report)}
        if row.key not in told and any(_is_slip(now, one) for one in likely):
            told.add(row.key)
            times = "Gấp khoảng 1.000 lần" if now > before else "Chỉ bằng khoảng một phần nghìn"
            yield check.finding(
                [row],
                f"{times} {past.name}: có thể nhầm dấu chấm, dấu phẩy hoặc đơn vị.",
                found=f"{write(now)} {row.unit}; {past.name}: {write(before)}",
                expected=f"khoảng {write(before)}",
            )


def _spread(before: Decimal, row: RowDefinition, past: Past, report: Report) -> Decimal:
    """What a figure of another window comes to over as many days as this one has; a stock is what
    it is, on any day."""
    window = report.history.window
    if row.across_periods is AcrossPeriods.STOCK or window is None or past.window is None:
        return before
    # Quarters differ by a day or two, which is no reason to count otherwise.
    if window.is_as_long_as(past.window):
        return before
    return before * window.days / past.window.days


def _is_slip(now: Decimal, before: Decimal) -> bool:
    low, high = sorted((abs(now), abs(before)))
    return low > 0 and SLIP_FROM * low <= high <= SLIP_TO * low


def _jumped(check: GeneralCheck, report: Report) -> Told:
    told: set[str] = set()
    for row, now, before, past in _beside(report):
        severity = _how_unusual(row.kind, now, before)
        if severity is None or row.key in told or _is_slip(now, before):
            continue
        told.add(row.key)
        yield check.finding(
            [row],
            _change(row.kind, now, before, past.name),
            found=f"{_with_sign(row, now)}; {past.name}: {_with_sign(row, before)}",
            severity=severity,
        )


def _how_unusual(kind: Kind, now: Decimal, before: Decimal) -> Severity | None:
    apart = abs(now - before)
    if kind is _PERCENT:
        return Severity.NOTE if apart >= UNUSUAL_POINTS else None
    if apart < _UNUSUAL_APART:
        return None
    low, high = sorted((abs(now), abs(before)))
    if apart >= STRANGE_APART and high >= STRANGE_TIMES * low:
        return Severity.WARNING
    return Severity.NOTE if high >= UNUSUAL_TIMES * low else None


def _change(kind: Kind, now: Decimal, before: Decimal, name: str) -> str:
    verb = "Tăng" if now > before else "Giảm"
    if kind is Kind.PERCENT:
        points = write(rounded(abs(now - before), 1))
        return f"{verb} {points} điểm phần trăm so với {name}."
    low, high = sorted((now, before))
    if low <= 0:
        return f"{verb} {write(abs(now - before))} so với {name}."
    times = write(rounded(high / low, 1))
    return f"Gấp {times} lần {name}." if now > before else f"Giảm {times} lần so với {name}."


def _with_sign(row: RowDefinition, number: Decimal) -> str:
    return _percent(number) if row.kind is Kind.PERCENT else write(number)


def _all_beside(report: Report) -> Iterator[tuple[RowDefinition, Decimal, Decimal, Past]]:
    """Yield each figure with one of before, of whatever window: a year is no thousand quarters."""
    for past in _others(report):
        if report.history.window is None or past.window is None:
            continue
        for row, now, before in report.beside(past):
            if row.kind in _COUNTED:
                yield row, now, before, past


def _others(report: Report) -> Sequence[Past]:
    """The reports that this one is compared with, each once."""
    history = report.history
    both = [history.previous]
    if history.last_year is not history.previous:
        both.append(history.last_year)
    return [past for past in both if past is not None]


def _beside(report: Report) -> Iterator[tuple[RowDefinition, Decimal, Decimal, Past]]:
    """Yield each figure with a comparable one: of last period, and of the same period last year."""
    window, history = report.history.window, report.history
    for past in _others(report):
        if window is None or past.window is None:
            continue
        comparable = _comparable(
            is_alike=window.is_as_long_as(past.window), is_last_year=past is history.last_year
        )
        for row, now, before in report.beside(past):
            if answers_with_number(row.kind) and row.across_periods in comparable:
                yield row, now, before, past


def _comparable(*, is_alike: bool, is_last_year: bool) -> Collection[AcrossPeriods]:
    """Stocks always; the rest over windows of one length; what grows from the start of the year
    only with the same time of another."""
    if not is_alike:
        return {AcrossPeriods.STOCK}
    return {*_OF_THE_WINDOW, AcrossPeriods.STOCK} | (_NEVER_FALLS if is_last_year else set())


# Rates


def _rates(report: Report) -> Iterator[tuple[RowDefinition, Percent]]:
    for row in report.snapshot.form.rows:
        if isinstance(row.formula, Percent):
            yield row, row.formula


def _parts_of(row: RowDefinition, report: Report) -> Sequence[RowDefinition]:
    wanted = dict.fromkeys(keys(row.formula)) if row.formula else {}
    by_key = report.snapshot.form.by_key
    return [by_key[key] for key in wanted if key in by_key]


def _formula(row: RowDefinition, report: Report) -> str:
    """Return how a rate is computed, in words; "" of one that is typed."""
    if row.formula is None:
        return ""
    words = in_words(row.formula, lambda key: name_of(report.snapshot.form, key))
    return f"{row.name()} = {words}"


def _percent(number: Decimal) -> str:
    is_long = decimals_of(number) > PRINTED_RATE_PLACES
    shown = rounded(number, PRINTED_RATE_PLACES) if is_long else number
    return f"{write(shown)} %"


GENERAL: Sequence[GeneralCheck] = (
    GeneralCheck(
        "C01",
        Severity.WARNING,
        "Dòng mà biểu giao đích danh cho đơn vị thì phải có số, hoặc ghi «không phát sinh».",
        "Nhập số của dòng này; không có việc nào thì ghi «không phát sinh».",
        _not_answered,
    ),
    GeneralCheck(
        "C02",
        Severity.NOTE,
        "Mọi dòng được hỏi có câu trả lời; trống là chưa báo cáo, không phải là 0.",
        "Xem các dòng còn trống; dòng không có việc nào thì ghi «không phát sinh».",
        _left_blank,
    ),
    GeneralCheck(
        "C03",
        Severity.WARNING,
        "Tỷ lệ có đủ cả tử số và mẫu số.",
        "Nhập số còn thiếu; nếu thiếu, số của đơn vị không được tính vào tỷ lệ của tỉnh.",
        _half_a_rate,
    ),
    GeneralCheck(
        "C04",
        Severity.ERROR,
        "Số đếm là số nguyên không âm; tỷ lệ của hai số đếm không âm (tỷ lệ âm khác: cảnh báo); lựa"
        " chọn là một trong các mã của dòng.",
        "Sửa lại số theo đúng loại của dòng; dòng không phải việc của đơn vị thì ghi «không thuộc"
        " phạm vi».",
        _impossible,
    ),
    GeneralCheck(
        "C05",
        Severity.WARNING,
        "Tỷ lệ nhiều nhất 100 %, trừ khi biểu có quy tắc riêng cho dòng ấy.",
        "Xem lại tử số và mẫu số; nếu đúng là vượt 100 % thì giải trình vì sao.",
        _above_hundred,
    ),
    GeneralCheck(
        "C06",
        Severity.WARNING,
        "Tỷ lệ ghi trên báo cáo bằng tỷ lệ tính từ hai số của nó, làm tròn hoặc cắt bớt đến số lẻ"
        " đã ghi; mẫu số là 0 thì không có tỷ lệ.",
        "Xem lại tỷ lệ và hai số của nó: một trong ba số chưa đúng.",
        _other_rate,
    ),
    GeneralCheck(
        "C07",
        Severity.WARNING,
        "Các dòng chi tiết cộng lại bằng số của dòng.",
        "Sửa số hoặc các dòng chi tiết cho khớp; nếu chi tiết chỉ là một phần thì giải trình.",
        _other_details,
    ),
    GeneralCheck(
        "C08",
        Severity.NOTE,
        "Dòng tiêu đề không có số.",
        "Số ở dòng tiêu đề không được cộng vào đâu: chuyển xuống dòng con, hoặc để nguyên nếu các"
        " dòng con đã có.",
        _figure_at_a_heading,
    ),
    GeneralCheck(
        "C09",
        Severity.WARNING,
        "Số lũy kế trong năm, và số của kỳ dài hơn, không thấp hơn kỳ trước nằm trong nó.",
        "Xem lại hai kỳ: nhập cả phần của kỳ trước, hoặc giải trình nếu kỳ trước đã báo thừa.",
        _fallen,
    ),
    GeneralCheck(
        "C10",
        Severity.WARNING,
        "Số không gấp khoảng 1.000 lần, hoặc bằng khoảng một phần nghìn, kỳ trước hay cùng kỳ năm"
        " trước.",
        "So với giấy tờ gốc: dấu chấm hàng nghìn, dấu phẩy phần lẻ, đồng hay triệu đồng.",
        _slipped,
    ),
    GeneralCheck(
        "C11",
        Severity.WARNING,
        f"So với kỳ trước cùng độ dài và cùng kỳ năm trước: chênh từ {UNUSUAL_TIMES} lần và"
        f" {UNUSUAL_APART} đơn vị, hoặc {UNUSUAL_POINTS} điểm phần trăm, thì lưu ý; từ"
        f" {STRANGE_TIMES} lần và {STRANGE_APART} đơn vị thì cảnh báo.",
        "Xem lại số; nếu đúng thì giải trình ngắn gọn vì sao thay đổi nhiều.",
        _jumped,
    ),
    GeneralCheck(
        "C12",
        Severity.WARNING,
        f"Các số phát sinh trong kỳ (từ {FEWEST_COPIED} số trở lên) không giống hệt kỳ trước.",
        "Kiểm tra có phải chép nhầm báo cáo kỳ trước không.",
        _copy_of_last_period,
    ),
    GeneralCheck(
        "C13",
        Severity.WARNING,
        "Số lấy lại từ kỳ trước đã có người xem lại.",
        "Mở từng dòng: bấm «Giữ số này» nếu còn đúng, hoặc nhập số của kỳ này.",
        _copied,
    ),
    GeneralCheck(
        "C14",
        Severity.WARNING,
        "Tổng số không để trống khi các dòng của nó đã có số (theo quy tắc «tổng số bằng các dòng»"
        " của biểu).",
        "Nhập tổng số: tỉnh cộng theo dòng này, bỏ trống thì số của đơn vị không được tính.",
        _total_left_blank,
    ),
    GeneralCheck(
        "C15",
        Severity.NOTE,
        "Tỷ lệ ghi trên báo cáo có tử số và mẫu số để tính lại.",
        "Nhập tử số và mẫu số nếu có: tỷ lệ không có hai số thì không cộng được vào số của tỉnh.",
        _rate_without_numbers,
    ),
)
