"""The written form of the catalogue: one set of columns for folders, workbooks and comparison."""

import hashlib
import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

import tablib

from indicators import formulas
from indicators.definition import options
from indicators.kinds import AcrossAgencies, AcrossPeriods, Emphasis, Kind, Labelled

INDICATOR_COLUMNS = ("code", "name", "unit", "kind")
ROW_COLUMNS = (
    "position",
    "key",
    "stt",
    "label",
    "unit",
    "who_reports",
    "parent",
    "kind",
    "choices",
    "indicator",
    "formula",
    "across_agencies",
    "across_periods",
    "reporter",
    "vertical",
    "emphasis",
)
_VOCABULARIES: Mapping[str, type[Labelled]] = {
    "kind": Kind,
    "across_agencies": AcrossAgencies,
    "across_periods": AcrossPeriods,
    "emphasis": Emphasis,
}


_NUMBER_WAYS = frozenset(
    {AcrossAgencies.SUM, AcrossAgencies.MAX, AcrossAgencies.DESIGNATED, AcrossAgencies.NONE}
)
# The ways of adding up that make sense for each kind: a percentage is never added.
_WAYS: Mapping[str, frozenset[AcrossAgencies]] = {
    Kind.HEADING: frozenset({AcrossAgencies.NONE}),
    Kind.TEXT: frozenset({AcrossAgencies.NONE}),
    Kind.COUNT: _NUMBER_WAYS,
    Kind.AMOUNT: _NUMBER_WAYS,
    Kind.PERCENT: frozenset({AcrossAgencies.RATE, AcrossAgencies.DESIGNATED, AcrossAgencies.NONE}),
    Kind.CHOICE: frozenset(
        {AcrossAgencies.CHOICES, AcrossAgencies.DESIGNATED, AcrossAgencies.NONE}
    ),
}
_COUNTED = {Kind.COUNT, Kind.AMOUNT}
LONGEST_CODE = 10


class BadCatalogue(ValueError):
    """The catalogue's files cannot be read; the message says which file and why."""


@dataclass(frozen=True, slots=True)
class VersionHead:
    """What is said of a form version beside its rows."""

    code: str
    form: str
    form_name: str
    edition: str
    valid_from: date
    appendix_label: str
    title: str
    legal_line: str
    label_heading: str
    last_heading: str
    note: str
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class VersionSheet:
    """A form version as written: its head, and its rows under ``ROW_COLUMNS``, all text."""

    head: VersionHead
    rows: Sequence[Mapping[str, str]]

    @property
    def content_hash(self) -> str:
        """SHA-256 over head and rows in a fixed writing: equal content, equal hash."""
        content = {
            # A form may be renamed by a later edition; what this one prints stays the same.
            "head": {
                name: str(value or "")
                for name, value in asdict(self.head).items()
                if name != "form_name"
            },
            "rows": [[row[column] for column in ROW_COLUMNS] for row in self.rows],
        }
        written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()


def read_version(folder: Path) -> VersionSheet:
    """Read ``version.toml`` and ``rows.csv`` of one folder; raise BadCatalogue."""
    name = f"{folder.name}/version.toml"
    try:
        said = tomllib.loads(_text(folder / "version.toml"))
        head = VersionHead(**said)
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise BadCatalogue(f"{name} không đọc được: {error}") from error
    for column in fields(VersionHead):
        value = getattr(head, column.name)
        wanted = date if column.name in {"valid_from", "valid_to"} else str
        if type(value) is not wanted and not (value is None and column.name == "valid_to"):
            kind = "một ngày, ví dụ 2022-01-01" if wanted is date else "một đoạn chữ"
            raise BadCatalogue(f"{name}: {column.name} phải là {kind}, không phải «{value}»")
    if not re.fullmatch(r"[A-Za-z0-9-]{1,40}", head.code):
        raise BadCatalogue(f"{name}: mã «{head.code}» chỉ gồm chữ không dấu, số và gạch nối")
    rows = read_table(folder / "rows.csv", ROW_COLUMNS)
    if not rows:
        raise BadCatalogue(f"{folder.name}/rows.csv không có dòng nào")
    return VersionSheet(head, rows)


def read_table(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a CSV of exactly ``columns`` as NFC text; raise BadCatalogue."""
    name = f"{path.parent.name}/{path.name}"
    try:
        dataset = tablib.Dataset().load(_text(path), format="csv")
    except tablib.InvalidDimensions as error:
        raise BadCatalogue(f"{name}: có dòng thừa hoặc thiếu cột") from error
    if tuple(dataset.headers or ()) != tuple(columns):
        raise BadCatalogue(
            f"{name}: cột phải là {', '.join(columns)}; tệp có {', '.join(dataset.headers or ())}"
        )
    return list(dataset.dict)


def _text(path: Path) -> str:
    try:
        return unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadCatalogue(f"Không mở được tệp {path}: {error.strerror}") from error
    except UnicodeError as error:
        raise BadCatalogue(f"Tệp {path} không phải UTF-8: hãy lưu lại theo UTF-8") from error


def problems(sheet: VersionSheet, indicators: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for everything that would make the rows unusable, all of it at once.

    ``indicators`` maps each known indicator code to its kind.
    """
    above: set[str] = set()
    used: set[str] = set()
    rows = {row["key"]: row for row in sheet.rows}
    for expected, row in enumerate(sheet.rows, start=1):
        place = f"dòng {row['position']} ({row['key']})"
        if row["position"] != str(expected):
            yield f"{place}: thứ tự phải là {expected}"
        if row["key"] in above:
            yield f"{place}: khóa bị lặp"
        if row["parent"] and row["parent"] not in above:
            yield f"{place}: dòng cha «{row['parent']}» không đứng ở phía trên"
        if row["indicator"] and row["indicator"] in used:
            yield f"{place}: chỉ tiêu «{row['indicator']}» đã dùng ở dòng khác"
        above.add(row["key"])
        used.add(row["indicator"])
        for problem in (
            *_word_problems(row),
            *_indicator_problems(row, indicators),
            *_choice_problems(row),
            *_formula_problems(row, rows),
        ):
            yield f"{place}: {problem}"


def _word_problems(row: Mapping[str, str]) -> Iterator[str]:
    known = True
    for column, vocabulary in _VOCABULARIES.items():
        if row[column] not in set(vocabulary):
            known = False
            yield f"{column} «{row[column]}» không có trong {', '.join(vocabulary)}"
    if known and row["across_agencies"] not in _WAYS[row["kind"]]:
        yield f"loại «{row['kind']}» không cộng theo cách «{row['across_agencies']}»"
    if row["vertical"] not in {"", "1"}:
        yield f"vertical «{row['vertical']}» phải là 1 hoặc để trống"
    if bool(row["reporter"]) != (row["across_agencies"] == AcrossAgencies.DESIGNATED):
        yield "cách cộng «designated» và cột reporter phải đi cùng nhau"


def _indicator_problems(row: Mapping[str, str], indicators: Mapping[str, str]) -> Iterator[str]:
    code = row["indicator"]
    if not code:
        if row["kind"] != Kind.HEADING:
            yield "dòng có số liệu phải gắn với một chỉ tiêu"
    elif code not in indicators:
        yield f"chỉ tiêu «{code}» không có trong danh mục"
    elif row["kind"] != indicators[code]:
        yield f"loại «{row['kind']}» khác loại «{indicators[code]}» của chỉ tiêu «{code}»"


def _choice_problems(row: Mapping[str, str]) -> Iterator[str]:
    if bool(row["choices"]) != (row["kind"] == Kind.CHOICE):
        yield "chỉ dòng lựa chọn mới có, và phải có, các lựa chọn"
    try:
        codes = [option.code for option in options(row["choices"])]
    except ValueError as error:
        yield str(error)
        return
    for code in codes:
        if len(code) > LONGEST_CODE:
            yield f"mã lựa chọn «{code}» dài hơn {LONGEST_CODE} ký tự"
        if codes.count(code) > 1:
            yield f"mã lựa chọn «{code}» bị lặp"


def _formula_problems(
    row: Mapping[str, str], rows: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    """A formula reads typed numbers of its form; a rate is a formula, and only a rate is."""
    if not row["formula"]:
        return
    try:
        formula = formulas.parse(row["formula"])
    except formulas.BadFormula as error:
        yield str(error)
        return
    if not (row["kind"] == Kind.PERCENT and formulas.is_plain_rate(formula)):
        yield "công thức phải là percent(phần, tổng) của các dòng số, và đứng ở dòng tỷ lệ"
    for key in dict.fromkeys(formulas.keys(formula)):
        if key not in rows:
            yield f"công thức gọi dòng không có: {key}"
        elif rows[key]["kind"] not in _COUNTED or rows[key]["formula"]:
            yield f"công thức gọi dòng {key}, không phải dòng số đếm hay số tiền được nhập"


def differences(old: VersionSheet, new: VersionSheet) -> Iterator[str]:
    """Yield what differs between two writings of one version, in reading order."""
    before, after = asdict(old.head), asdict(new.head)
    for name in before:
        if before[name] != after[name]:
            yield f"{name}: «{before[name]}» → «{after[name]}»"
    old_rows = {row["key"]: row for row in old.rows}
    new_rows = {row["key"]: row for row in new.rows}
    yield from (f"dòng {key}: bị bỏ" for key in old_rows if key not in new_rows)
    for key, row in new_rows.items():
        if key not in old_rows:
            yield f"dòng {key}: được thêm"
            continue
        for column in ROW_COLUMNS:
            if row[column] != old_rows[key][column]:
                yield f"dòng {key}, {column}: «{old_rows[key][column]}» → «{row[column]}»"
    if _order(old, new_rows) != _order(new, old_rows):
        yield "thứ tự hoặc số lần của các dòng"


def _order(sheet: VersionSheet, known: Mapping[str, object]) -> list[str]:
    """The keys of ``sheet`` that the other writing has too, as often as they are written."""
    return [row["key"] for row in sheet.rows if row["key"] in known]
