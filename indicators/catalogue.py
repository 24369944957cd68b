"""The written form of the catalogue: one set of columns for folders, workbooks and comparison."""

import hashlib
import json
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
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
            "head": {name: str(value or "") for name, value in asdict(self.head).items()},
            "rows": [[row[column] for column in ROW_COLUMNS] for row in self.rows],
        }
        written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()


def read_version(folder: Path) -> VersionSheet:
    """Read ``version.toml`` and ``rows.csv`` of one folder; raise BadCatalogue."""
    try:
        head = tomllib.loads(_text(folder / "version.toml"))
        return VersionSheet(VersionHead(**head), read_table(folder / "rows.csv", ROW_COLUMNS))
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise BadCatalogue(f"{folder.name}/version.toml không đọc được: {error}") from error


def read_table(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a CSV of exactly ``columns`` as NFC text; raise BadCatalogue."""
    dataset = tablib.Dataset().load(_text(path), format="csv")
    if tuple(dataset.headers or ()) != tuple(columns):
        raise BadCatalogue(
            f"{path.parent.name}/{path.name}: cột phải là {', '.join(columns)};"
            f" tệp có {', '.join(dataset.headers or ())}"
        )
    return list(dataset.dict)


def _text(path: Path) -> str:
    try:
        return unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadCatalogue(f"Không mở được tệp {path}: {error.strerror}") from error


def problems(sheet: VersionSheet, indicators: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for everything that would make the rows unusable, all of it at once.

    ``indicators`` maps each known indicator code to its kind.
    """
    kinds: dict[str, str] = {}
    used: set[str] = set()
    keys = {row["key"] for row in sheet.rows}
    for expected, row in enumerate(sheet.rows, start=1):
        place = f"dòng {row['position']} ({row['key']})"
        if row["position"] != str(expected):
            yield f"{place}: thứ tự phải là {expected}"
        if row["key"] in kinds:
            yield f"{place}: khóa bị lặp"
        if row["parent"] and row["parent"] not in kinds:
            yield f"{place}: dòng cha «{row['parent']}» không đứng ở phía trên"
        kinds[row["key"]] = row["kind"]
        yield from (f"{place}: {problem}" for problem in _row_problems(row, keys, indicators))
        if row["indicator"] and row["indicator"] in used:
            yield f"{place}: chỉ tiêu «{row['indicator']}» đã dùng ở dòng khác"
        used.add(row["indicator"])


def _row_problems(
    row: Mapping[str, str], keys: set[str], indicators: Mapping[str, str]
) -> Iterator[str]:
    for column, vocabulary in _VOCABULARIES.items():
        if row[column] not in set(vocabulary):
            yield f"{column} «{row[column]}» không có trong {', '.join(vocabulary)}"
    if row["kind"] != Kind.HEADING and not row["indicator"]:
        yield "dòng có số liệu phải gắn với một chỉ tiêu"
    if row["indicator"] and row["indicator"] not in indicators:
        yield f"chỉ tiêu «{row['indicator']}» không có trong danh mục"
    if bool(row["choices"]) != (row["kind"] == Kind.CHOICE):
        yield "chỉ dòng lựa chọn mới có, và phải có, các lựa chọn"
    if bool(row["reporter"]) != (row["across_agencies"] == AcrossAgencies.DESIGNATED):
        yield "cách cộng «designated» và cột reporter phải đi cùng nhau"
    try:
        options(row["choices"])
        if row["formula"]:
            unknown = set(formulas.keys(formulas.parse(row["formula"]))) - keys
            if unknown:
                yield f"công thức gọi dòng không có: {', '.join(sorted(unknown))}"
    except ValueError as error:
        yield str(error)


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
