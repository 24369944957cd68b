"""Reading the catalogue from folders of CSV and TOML, as under ``fixtures/catalogue``."""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path

import tablib

from indicators.catalogue.written import ROW_COLUMNS, RULE_COLUMNS, VersionHead, VersionSheet


class BadCatalogue(ValueError):
    """The catalogue's files cannot be read; the message says which file and why."""


def read_version(folder: Path) -> VersionSheet:
    """Read ``version.toml``, ``rows.csv`` and, where there is one, ``rules.csv`` of one folder;
    raise BadCatalogue."""
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
    if head.valid_to and head.valid_to < head.valid_from:
        raise BadCatalogue(f"{name}: valid_to ở trước valid_from")
    rows = read_table(folder / "rows.csv", ROW_COLUMNS)
    if not rows:
        raise BadCatalogue(f"{folder.name}/rows.csv không có dòng nào")
    return VersionSheet(head, rows, read_optional(folder / "rules.csv", RULE_COLUMNS))


def read_optional(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a CSV as ``read_table`` does; nothing where there is no such file."""
    return read_table(path, columns) if path.exists() else []


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
