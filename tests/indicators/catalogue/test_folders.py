"""Folders of CSV and TOML: read as written, or refused with the file's name."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from indicators.catalogue.folders import BadCatalogue, read_optional, read_table, read_version
from indicators.catalogue.written import INDICATOR_COLUMNS, RULE_COLUMNS
from tests.indicators.sheets import HEAD, RULE, sheet, write_catalogue


def written(folder: Path) -> Path:
    """Write the small form into ``folder``; return its place."""
    return write_catalogue(folder, sheet()) / "THU-2026"


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("rules", [[], [RULE], [RULE, {**RULE, "code": "khac"}]])
def test_a_folder_is_read_as_it_was_written(tmp_path: Path, rules: list[dict[str, str]]) -> None:
    found = sheet("1.1", "asked", "so huyen", rules=rules)
    write_catalogue(tmp_path, found)
    assert read_version(tmp_path / "THU-2026") == found


def test_a_last_day_is_read_too(tmp_path: Path) -> None:
    ended = replace(sheet(), head=replace(HEAD, valid_to=date(2026, 12, 31)))
    write_catalogue(tmp_path, ended)
    assert read_version(tmp_path / "THU-2026") == ended


def test_text_is_composed_when_it_is_read(tmp_path: Path) -> None:
    path = written(tmp_path)
    replaced(path / "rows.csv", "- Tổng số", "- To\u0302\u0309ng so\u0302\u0301")
    replaced(path / "version.toml", "Biểu thử", "Bie\u0302\u0309u thu\u031b\u0309")
    assert read_version(path) == sheet()


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    path = write_catalogue(tmp_path, sheet()) / "indicators.csv"
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert read_table(path, INDICATOR_COLUMNS)[0]["code"] == "thu.dung_han"


def test_other_columns_are_refused_with_both_lists(tmp_path: Path) -> None:
    path = tmp_path / "indicators.csv"
    path.write_text("code,unit\na,b\n", encoding="utf-8")
    with pytest.raises(BadCatalogue) as refusal:
        read_table(path, INDICATOR_COLUMNS)
    assert str(refusal.value) == (
        f"{tmp_path.name}/indicators.csv: cột phải là code, name, unit, kind, definition,"
        " legal_basis; tệp có code, unit"
    )


def test_a_line_with_a_comma_too_many_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "indicators.csv"
    path.write_text(f"{','.join(INDICATOR_COLUMNS)}\na,b,c,d,e,f,g\n", encoding="utf-8")
    with pytest.raises(BadCatalogue, match=r"indicators\.csv: có dòng thừa hoặc thiếu cột$"):
        read_table(path, INDICATOR_COLUMNS)


def test_an_optional_table_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert read_optional(tmp_path / "rules.csv", RULE_COLUMNS) == []


def test_a_form_without_rows_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    header, _, _ = (path / "rows.csv").read_text(encoding="utf-8").partition("\n")
    (path / "rows.csv").write_text(f"{header}\n", encoding="utf-8")
    with pytest.raises(BadCatalogue, match=r"^THU-2026/rows\.csv không có dòng nào$"):
        read_version(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadCatalogue) as refusal:
        read_version(tmp_path)
    assert str(refusal.value) == (
        f"Không mở được tệp {tmp_path}/version.toml: No such file or directory"
    )


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = written(tmp_path) / "rows.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    with pytest.raises(BadCatalogue, match=r"rows\.csv không phải UTF-8"):
        read_version(path.parent)


@pytest.mark.parametrize("toml", ["code =", 'code = "A"', 'colour = "red"'])
def test_a_head_that_is_none_is_refused_with_its_file(tmp_path: Path, toml: str) -> None:
    path = written(tmp_path)
    (path / "version.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(BadCatalogue, match=r"^THU-2026/version\.toml không đọc được: "):
        read_version(path)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "2026-01-01",
            '"2026"',
            "valid_from phải là một ngày, ví dụ 2022-01-01, không phải «2026»",
        ),
        ("2026-01-01", "2026-01-01T08:00:00", "valid_from phải là một ngày"),
        ("2026-01-01", '2026-01-01\nvalid_to = "2027"', "valid_to phải là một ngày"),
        ('"2026"', "2026", "edition phải là một đoạn chữ, không phải «2026»"),
        ('"THU-2026"', '"THU 2026"', "mã «THU 2026» chỉ gồm chữ không dấu, số và gạch nối"),
        ('"THU-2026"', '"../THU"', "mã «../THU» chỉ gồm chữ không dấu, số và gạch nối"),
        ('"THU-2026"', '""', "mã «» chỉ gồm chữ không dấu, số và gạch nối"),
        ("2026-01-01", "2026-01-01\nvalid_to = 2025-12-31", "valid_to ở trước valid_from"),
    ],
)
def test_a_wrong_entry_of_the_head_is_named(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    path = written(tmp_path)
    replaced(path / "version.toml", old, new)
    with pytest.raises(BadCatalogue) as refusal:
        read_version(path)
    assert str(refusal.value).startswith(f"THU-2026/version.toml: {sentence}")
