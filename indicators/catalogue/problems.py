"""What makes a form version unusable: every fault at once, each with its place and remedy."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from indicators import formulas
from indicators.catalogue.written import Document, Known, Line
from indicators.definition import options
from indicators.kinds import (
    AcrossAgencies,
    AcrossPeriods,
    AgencyKind,
    Emphasis,
    Kind,
    Labelled,
    Missing,
    Severity,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: where it stands, what was found there, and what was expected instead.

    ``index`` is the line of ``table`` ("rows", "rules", "indicators" or "head"), counted from 0;
    None where the table as a whole is meant. ``column`` is the name in the columns' list, or "".
    """

    code: str
    sentence: str
    severity: Severity = Severity.ERROR
    table: str = "rows"
    index: int | None = None
    column: str = ""
    found: str = ""


VOCABULARIES: Mapping[str, type[Labelled]] = {
    "kind": Kind,
    "across_agencies": AcrossAgencies,
    "across_periods": AcrossPeriods,
    "emphasis": Emphasis,
}
# The longest text that a column of the store holds; columns not named hold any length.
LONGEST = {
    "key": 40,
    "stt": 20,
    "unit": 200,
    "choices": 400,
    "indicator": 100,
    "formula": 300,
    "asked": 120,
    "reporter": 120,
}
LONGEST_OF_RULE = {"code": 40, "condition": formulas.LONGEST}
LONGEST_OF_INDICATOR = {"code": 100, "name": 400, "unit": 100}
LONGEST_LABEL = 2_000
LONGEST_CODE = 10
_INDICATOR_CODE = re.compile(r"[A-Za-z0-9_.-]+")
# The codes C01, C02 … are those of the checks that every form has.
_RULE_CODE = re.compile(r"(?!C[0-9]{2}\Z)[A-Za-z0-9_.-]+")
# A key is written in square brackets, stands in addresses of pages, and in lists apart by spaces.
_KEY = re.compile(r"[^\s\[\]|/?#%\"\\]+")
MOST_ROWS = 1_000
# More figures than this no rule of a form reads; each of them is told, and written into workbooks.
MOST_READ = 300

_EVERY_WAY = frozenset({AcrossAgencies.LATEST, AcrossAgencies.DESIGNATED, AcrossAgencies.NONE})
_NUMBER_WAYS = _EVERY_WAY | {AcrossAgencies.SUM, AcrossAgencies.MAX}
# The ways of adding up that make sense for each kind: a percentage is never added.
WAYS: Mapping[str, frozenset[AcrossAgencies]] = {
    Kind.HEADING: frozenset({AcrossAgencies.NONE}),
    Kind.TEXT: frozenset({AcrossAgencies.NONE}),
    Kind.COUNT: _NUMBER_WAYS,
    Kind.AMOUNT: _NUMBER_WAYS,
    Kind.PERCENT: _EVERY_WAY | {AcrossAgencies.RATE},
    Kind.CHOICE: _EVERY_WAY | {AcrossAgencies.CHOICES},
}
_COUNTED = {Kind.COUNT, Kind.AMOUNT}


def problems(document: Document, known: Known) -> list[Problem]:
    """Return everything that keeps the rows and rules from being published, in their order."""
    return [
        *unreadable(document.rows),
        *_unusable_rows(document, known),
        *_unsettled(document),
        *_unusable_rules(document, known),
        *_unusable_indicators(document.indicators),
    ]


def in_words(found: Sequence[Problem], document: Document) -> list[str]:
    """Return each problem as one sentence that names its line."""
    return [f"{place(problem, document)}{problem.sentence}" for problem in found]


def place(problem: Problem, document: Document) -> str:
    """Return the words that lead to the line of a problem: "dòng 3 (1.1.a): "; "" without one."""
    if problem.index is None:
        return ""
    if problem.table == "rows":
        key = document.rows[problem.index]["key"] or "chưa có khóa"
        return f"dòng {problem.index + 1} ({key}): "
    lines = {"rules": document.rules, "indicators": document.indicators}[problem.table]
    what = {"rules": "quy tắc", "indicators": "chỉ tiêu mới"}[problem.table]
    return f"{what} {problem.index + 1} ({lines[problem.index]['code']}): "


def unreadable(rows: Sequence[Line]) -> Iterator[Problem]:
    """Yield what keeps rows from being kept at all, even in a draft: a row without identity or
    words, a parent that is not above it, a word outside the vocabularies, a text too long."""
    if not rows:
        yield Problem("khong-co-dong", "Biểu chưa có dòng nào.")
    if len(rows) > MOST_ROWS:
        yield Problem("qua-nhieu-dong", f"Biểu có {len(rows)} dòng; nhiều nhất {MOST_ROWS} dòng.")
    seen = Counter(row["key"] for row in rows)
    above: set[str] = set()
    for index, row in enumerate(rows):
        for problem in (
            *_identity(row, index + 1, seen, above),
            *_words(row),
            *_lengths(row, {**LONGEST, "label": LONGEST_LABEL}),
        ):
            yield replace(problem, index=index, found=row.get(problem.column, ""))
        above.add(row["key"])


def _identity(row: Line, place: int, seen: Mapping[str, int], above: set[str]) -> Iterator[Problem]:
    key, parent = row["key"], row["parent"]
    if not key:
        yield Problem("thieu-khoa", "Dòng chưa có khóa; hãy ghi một khóa riêng.", column="key")
    elif not _KEY.fullmatch(key):
        yield Problem(
            "khoa-la",
            f'Khóa «{key}» có dấu cách hoặc một trong các dấu [ ] | / ? # % " \\; hãy bỏ đi.',
            column="key",
        )
    elif seen[key] > 1:
        yield Problem(
            "trung-khoa",
            f"Khóa «{key}» bị lặp ở {seen[key]} dòng; mỗi dòng cần một khóa riêng.",
            column="key",
        )
    if row["position"] != str(place):
        yield Problem("thu-tu", f"Thứ tự phải là {place}.", column="position")
    if not row["label"].strip():
        yield Problem("thieu-ten", "Dòng chưa có tên chỉ tiêu.", column="label")
    if parent and parent not in above:
        yield Problem(
            "dong-cha", f"Dòng cha «{parent}» không đứng ở phía trên dòng này.", column="parent"
        )


def _words(row: Line) -> Iterator[Problem]:
    for column, vocabulary in VOCABULARIES.items():
        if row[column] not in set(vocabulary):
            offered = ", ".join(member.label for member in vocabulary)
            yield Problem(
                "tu-la", f"«{row[column]}» không có trong danh sách: {offered}.", column=column
            )
    if row["vertical"] not in {"", "1"}:
        yield Problem("tu-la", f"«{row['vertical']}» phải là 1 hoặc để trống.", column="vertical")


def _lengths(line: Line, most: Mapping[str, int]) -> Iterator[Problem]:
    for column, longest in most.items():
        if len(line[column]) > longest:
            yield Problem(
                "qua-dai", f"Dài {len(line[column])} ký tự; nhiều nhất {longest}.", column=column
            )


def _unusable_rows(document: Document, known: Known) -> Iterator[Problem]:
    """Yield what may stand in a draft but not be published."""
    kinds = {line["code"]: line["kind"] for line in document.indicators} | dict(known.indicators)
    used = Counter(row["indicator"] for row in document.rows)
    rows = {row["key"]: row for row in document.rows}
    circular = _circular(rows)
    for index, row in enumerate(document.rows):
        found = (
            *_way(row),
            *_asked(row, known.functions),
            *_indicator(row, kinds, used),
            *_choices(row),
            *_formula(row, rows, circular),
        )
        for problem in found:
            yield replace(problem, index=index, found=row.get(problem.column, ""))


def _unsettled(document: Document) -> Iterator[Problem]:
    """One problem for all of them: each stands beside its row anyway."""
    keys = {row["key"] for row in document.rows}
    waiting = [said for key, said in document.proposals.items() if said and key in keys]
    if waiting:
        yield Problem(
            "de-xuat",
            f"Còn {sum(map(len, waiting))} đề xuất ở {len(waiting)} dòng chưa được nhận hoặc sửa.",
        )


def _unusable_rules(document: Document, known: Known) -> Iterator[Problem]:
    rows = {row["key"]: row for row in document.rows}
    indicators = {*known.indicators, *(line["code"] for line in document.indicators)}
    codes = Counter(rule["code"] for rule in document.rules)
    for index, rule in enumerate(document.rules):
        for problem in (
            *_rule(rule, codes),
            *_condition(rule, rows, indicators),
            *_lengths(rule, LONGEST_OF_RULE),
        ):
            yield replace(problem, table="rules", index=index, found=rule.get(problem.column, ""))


def _unusable_indicators(lines: Sequence[Line]) -> Iterator[Problem]:
    codes = Counter(line["code"] for line in lines)
    for index, line in enumerate(lines):
        for problem in (*_new_indicator(line, codes), *_lengths(line, LONGEST_OF_INDICATOR)):
            yield replace(
                problem, table="indicators", index=index, found=line.get(problem.column, "")
            )


def _new_indicator(line: Line, codes: Mapping[str, int]) -> Iterator[Problem]:
    code = line["code"]
    if not _INDICATOR_CODE.fullmatch(code):
        yield Problem(
            "chi-tieu-moi",
            f"Mã «{code}» phải gồm chữ không dấu, số, dấu chấm và gạch.",
            column="code",
        )
    elif codes[code] > 1:
        yield Problem("chi-tieu-moi", f"Mã chỉ tiêu «{code}» bị lặp.", column="code")
    if not line["name"].strip():
        yield Problem("chi-tieu-moi", "Chỉ tiêu mới chưa có tên.", column="name")
    if line["kind"] not in set(Kind) - {Kind.HEADING}:
        offered = ", ".join(kind.label for kind in Kind if kind is not Kind.HEADING)
        yield Problem(
            "chi-tieu-moi",
            f"«{line['kind']}» không có trong danh sách: {offered}.",
            column="kind",
        )


def _way(row: Line) -> Iterator[Problem]:
    kind, way = row["kind"], row["across_agencies"]
    if kind in WAYS and way in set(AcrossAgencies) and way not in WAYS[kind]:
        yield Problem(
            "cach-cong",
            f"Loại «{Kind(kind).label}» không cộng theo cách «{AcrossAgencies(way).label}».",
            column="across_agencies",
        )
    if way == AcrossAgencies.DESIGNATED and len(row["reporter"].split()) != 1:
        yield Problem(
            "co-quan-duoc-giao",
            "Cách cộng «cơ quan được giao báo cáo» cần đúng một cơ quan báo cáo số của cả tỉnh.",
            column="reporter",
        )


def _asked(row: Line, functions: Mapping[str, str]) -> Iterator[Problem]:
    if row["kind"] == Kind.HEADING and (row["asked"] or row["reporter"]):
        yield Problem(
            "tieu-de-khong-giao", "Dòng tiêu đề không giao cho ai báo cáo.", column="asked"
        )
    kinds = dict(AgencyKind.choices())
    if not {*kinds, *functions}.issuperset(row["asked"].split()):
        yield Problem(
            "don-vi-la",
            f"«{row['asked']}» không phải các mã trong danh mục. Hãy ghi mã loại đơn vị hoặc mã"
            f" chức năng, cách nhau dấu cách: {_offered({**kinds, **functions})}.",
            column="asked",
        )
    if not set(functions).issuperset(row["reporter"].split()):
        yield Problem(
            "chuc-nang-la",
            f"«{row['reporter']}» không phải các mã trong danh mục. Hãy ghi mã chức năng, cách nhau"
            f" dấu cách: {_offered(functions)}.",
            column="reporter",
        )


def _offered(names: Mapping[str, str]) -> str:
    return "; ".join(f"{code} = {name}" for code, name in names.items())


def _indicator(row: Line, kinds: Mapping[str, str], used: Mapping[str, int]) -> Iterator[Problem]:
    code = row["indicator"]
    if not code:
        if row["kind"] != Kind.HEADING:
            yield Problem(
                "thieu-chi-tieu", "Dòng có số liệu phải gắn với một chỉ tiêu.", column="indicator"
            )
        return
    if code not in kinds:
        yield Problem(
            "chi-tieu-la", f"Chỉ tiêu «{code}» không có trong danh mục.", column="indicator"
        )
    elif row["kind"] != kinds[code]:
        yield Problem(
            "khac-loai",
            f"Loại «{_label(Kind, row['kind'])}» khác loại «{_label(Kind, kinds[code])}» của chỉ"
            f" tiêu «{code}».",
            column="kind",
        )
    if used[code] > 1:
        yield Problem(
            "trung-chi-tieu",
            f"Chỉ tiêu «{code}» đã dùng ở {used[code]} dòng; mỗi chỉ tiêu chỉ một dòng.",
            column="indicator",
        )


def _label(vocabulary: type[Labelled], code: str) -> str:
    return vocabulary(code).label if code in set(vocabulary) else code


def _choices(row: Line) -> Iterator[Problem]:
    if bool(row["choices"]) != (row["kind"] == Kind.CHOICE):
        yield Problem(
            "lua-chon", "Chỉ dòng lựa chọn mới có, và phải có, các lựa chọn.", column="choices"
        )
    try:
        codes = [option.code for option in options(row["choices"])]
    except ValueError as error:
        yield Problem("lua-chon", f"{error}.", column="choices")
        return
    for code, times in Counter(codes).items():
        if len(code) > LONGEST_CODE:
            yield Problem(
                "lua-chon",
                f"Mã lựa chọn «{code}» dài hơn {LONGEST_CODE} ký tự.",
                column="choices",
            )
        if times > 1:
            yield Problem("lua-chon", f"Mã lựa chọn «{code}» bị lặp.", column="choices")


def _formula(row: Line, rows: Mapping[str, Line], circular: Collection[str]) -> Iterator[Problem]:
    """A formula reads typed numbers of its form; a rate is a formula, and only a rate is."""
    if not row["formula"]:
        return
    try:
        formula = formulas.parse(row["formula"])
    except formulas.BadFormula as error:
        yield Problem("cong-thuc", str(error), column="formula")
        return
    if not (row["kind"] == Kind.PERCENT and formulas.is_plain_rate(formula)):
        yield Problem(
            "cong-thuc",
            "Chỉ dòng tỷ lệ có công thức, và chỉ chia các dòng số; hãy chọn dòng tử số và dòng mẫu"
            " số.",
            column="formula",
        )
    for key in dict.fromkeys(formulas.keys(formula)):
        if key == row["key"]:
            yield Problem(
                "cong-thuc-vong", f"Công thức gọi chính dòng {key} của nó.", column="formula"
            )
        elif key not in rows:
            yield Problem(
                "cong-thuc-dong-la", f"Công thức gọi dòng không có: {key}.", column="formula"
            )
        elif key in circular and row["key"] in circular:
            yield Problem(
                "cong-thuc-vong",
                f"Công thức gọi dòng {key}, mà dòng {key} lại tính từ dòng này: vòng tròn.",
                column="formula",
            )
        elif rows[key]["kind"] not in _COUNTED or rows[key]["formula"]:
            yield Problem(
                "cong-thuc",
                f"Công thức gọi dòng {key}, không phải dòng số đếm hay số tiền được nhập.",
                column="formula",
            )


def _circular(rows: Mapping[str, Line]) -> set[str]:
    """Return the rows whose formulas lead round in a circle. Rows that no formula reads, and rows
    whose formula reads no formula, are taken away until none is left to take."""
    calls: dict[str, set[str]] = {}
    for key, row in rows.items():
        try:
            calls[key] = set(formulas.keys(formulas.parse(row["formula"])))
        except formulas.BadFormula:
            continue
    left = set(calls)
    while True:
        read = {called for key in left for called in calls[key]}
        core = {key for key in left & read if not calls[key].isdisjoint(left)}
        if core == left:
            return core
        left = core


def _rule(rule: Line, codes: Mapping[str, int]) -> Iterator[Problem]:
    """A rule has a code of its own, and tells people what is wrong and what to do."""
    if not rule["code"]:
        yield Problem("quy-tac", "Quy tắc chưa có mã.", column="code")
    elif not _RULE_CODE.fullmatch(rule["code"]):
        yield Problem(
            "quy-tac",
            f"Mã quy tắc «{rule['code']}» phải gồm chữ không dấu, số, dấu chấm và gạch; C và hai"
            " chữ số là mã của các kiểm tra chung.",
            column="code",
        )
    elif codes[rule["code"]] > 1:
        yield Problem("quy-tac", f"Mã quy tắc «{rule['code']}» bị lặp.", column="code")
    if rule["severity"] not in set(Severity):
        offered = ", ".join(member.label for member in Severity)
        yield Problem(
            "quy-tac",
            f"«{rule['severity']}» không có trong danh sách: {offered}.",
            column="severity",
        )
    if rule["missing"] not in set(Missing):
        offered = ", ".join(member.label for member in Missing)
        yield Problem(
            "quy-tac",
            f"«{rule['missing']}» không có trong danh sách: {offered}.",
            column="missing",
        )
    for column in ("sentence", "instruction"):
        if not rule[column].strip():
            yield Problem(
                "quy-tac",
                "Quy tắc cần một câu nói điều gì sai và một câu nói phải làm gì.",
                column=column,
            )


def _condition(
    rule: Line, rows: Mapping[str, Line], indicators: Collection[str]
) -> Iterator[Problem]:
    """A rule compares numbers of its form, or asks for answers in it."""
    if len(rule["condition"]) > LONGEST_OF_RULE["condition"]:
        return  # told as a text too long; not read, which would take long too
    try:
        test = formulas.parse_check(rule["condition"])
    except formulas.BadFormula as error:
        yield Problem("quy-tac", str(error), column="condition")
        return
    read = sum(
        _children_of(part.key, rows) if isinstance(part, formulas.Children) else 1
        for part in formulas.walk(test)
    )
    if read > MOST_READ:
        yield Problem(
            "quy-tac", f"Quy tắc đọc {read} số; nhiều nhất {MOST_READ}.", column="condition"
        )
    parts = list(formulas.walk(test))
    if not any(isinstance(part, _NAMES) for part in parts):
        yield Problem("quy-tac", _NAMES_NOTHING, column="condition")
    said = dict.fromkeys(
        sentence
        for part in parts
        for sentence in (*_named(part, rows), *_elsewhere(part, indicators))
    )
    for sentence in said:
        yield Problem("quy-tac", sentence, column="condition")


def _children_of(key: str, rows: Mapping[str, Line]) -> int:
    return sum(row["parent"] == key for row in rows.values())


_NAMES = (
    formulas.Ref,
    formulas.Elsewhere,
    formulas.Children,
    formulas.Chosen,
    formulas.Given,
)
_NAMES_NOTHING = "Quy tắc không gọi dòng nào; khóa của dòng đặt trong ngoặc vuông, ví dụ [1.2.a]."


def _elsewhere(part: formulas.Node | formulas.Test, indicators: Collection[str]) -> Iterator[str]:
    if isinstance(part, formulas.Elsewhere) and part.indicator not in indicators:
        yield f"Quy tắc gọi chỉ tiêu không có trong danh mục: {part.indicator}."


def _named(part: formulas.Node | formulas.Test, rows: Mapping[str, Line]) -> Iterator[str]:
    """Say what is wrong with a row that a rule names: it must be there, and hold what is asked."""
    if not isinstance(part, formulas.Ref | formulas.Children | formulas.Chosen | formulas.Given):
        return
    key = part.key
    if key not in rows:
        yield f"Quy tắc gọi dòng không có: {key}."
        return
    kind = rows[key]["kind"]
    match part:
        case formulas.Ref() if kind not in {*_COUNTED, Kind.PERCENT}:
            yield f"Quy tắc gọi dòng {key}, không phải dòng số."
        case formulas.Ref(_, when) if when and not rows[key]["indicator"]:
            yield f"Quy tắc so dòng {key} với kỳ trước, nhưng dòng không gắn với chỉ tiêu nào."
        case formulas.Children() if not _has_children(key, kind, rows):
            yield f"Quy tắc cộng các dòng con của {key}, nhưng dòng này không có dòng con là số."
        case formulas.Given() if kind == Kind.HEADING:
            yield f"Quy tắc hỏi dòng {key} có trả lời không, nhưng đó là dòng tiêu đề."
        case formulas.Chosen(_, code):
            yield from _offers(rows[key], code)


def _has_children(key: str, kind: str, rows: Mapping[str, Line]) -> bool:
    """As ``documents.children`` adds them: those of the row's own kind, or of counts below a
    heading; rates are never added."""
    wanted = Kind.COUNT if kind == Kind.HEADING else kind
    return wanted in _COUNTED and any(
        row["parent"] == key and row["kind"] == wanted for row in rows.values()
    )


def _offers(row: Line, code: str) -> Iterator[str]:
    try:
        codes = [option.code for option in options(row["choices"])]
    except ValueError:
        return  # told of the row itself
    if code not in codes:
        offered = ", ".join(codes) or "không có"
        yield f"Dòng {row['key']} không có lựa chọn mã «{code}»; các mã: {offered}."
