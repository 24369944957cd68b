"""What stands in a figure's cell, told by the unit that the paper prints beside it."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from indicators.catalogue.problems import LONGEST, LONGEST_CODE
from indicators.catalogue.spelling import words
from indicators.kinds import Kind


class Measure(NamedTuple):
    """The kind of a row, its choices as the catalogue writes them, and what tells so."""

    kind: Kind
    choices: str
    why: str


_DITTO = re.compile(r"[\"”“″〃'’]{1,2}|[-–]?\s*nt\s*[-–]?|như trên", re.IGNORECASE)
_CODE_THEN_LABEL = re.compile(rf"\s*([0-9]{{1,{LONGEST_CODE}}})(?![0-9])(.*)")
_LABEL_THEN_CODE = re.compile(rf"(.*[^\s;,.|/•–-])[\s;,.|/•–-]+([0-9]{{1,{LONGEST_CODE}}})\s*")
_CODE = re.compile(rf"[0-9]{{1,{LONGEST_CODE}}}")
_BETWEEN_OPTIONS = " ;,.|/•–-+*:"
_YES_OR_NO = re.compile(r"((?:đã )?có)\s*/\s*(không|chưa)( có)?", re.IGNORECASE)
_RATIO = re.compile(r"[0-9]+\s*/\s*[0-9]+")
_PERCENT = re.compile(r"(?:đơn vị tính )?(?:tỷ lệ )?(?:%|phần trăm)|tỷ lệ")
_MONEY = re.compile(r"(?:(?:nghìn|ngàn|chục|trăm|triệu|tỷ|[0-9]+) )*(?:đồng|vnđ|vnd|usd)")


def written_out(units: Sequence[str]) -> list[str]:
    """Return what each unit of a table stands for: a ditto mark repeats the one above.

    >>> written_out(["Hồ sơ", '"', "-nt-", "%"])
    ['Hồ sơ', 'Hồ sơ', 'Hồ sơ', '%']
    """
    found: list[str] = []
    for unit in units:
        plain = " ".join(unicodedata.normalize("NFC", unit).split())
        found.append(found[-1] if found and _DITTO.fullmatch(plain) else plain)
    return found


def measure(unit: str, label: str, *, has_parts: bool, is_title: bool) -> Measure:
    """Tell what is counted. ``is_title``: the paper prints the row as one, or at the top level.

    >>> measure("Chưa =0 Có = 1", "Cấp xã", has_parts=False, is_title=False).choices
    '0=Chưa|1=Có'
    """
    choices = choices_in(unit)
    if choices:
        return Measure(Kind.CHOICE, choices, "đọc từ ô đơn vị tính")
    said = " ".join(words(unit))
    if _PERCENT.fullmatch(said):
        return Measure(Kind.PERCENT, "", f"đơn vị tính là «{unit}»")
    if _RATIO.fullmatch(unit):
        return Measure(Kind.PERCENT, "", f"ô đơn vị tính bị ghi đè tỷ số «{unit}»")
    if _MONEY.fullmatch(said):
        return Measure(Kind.AMOUNT, "", f"đơn vị tính là tiền: «{unit}»")
    if unit:
        return Measure(Kind.COUNT, "", f"đơn vị tính là «{unit}»")
    return _without_unit(" ".join(words(label)), has_parts=has_parts, is_title=is_title)


def _without_unit(said: str, *, has_parts: bool, is_title: bool) -> Measure:
    why = "không có đơn vị tính"
    if said.startswith("tỷ lệ "):
        return Measure(Kind.PERCENT, "", f"{why}, tên bắt đầu bằng «Tỷ lệ»")
    if said.startswith("tổng số "):
        return Measure(Kind.COUNT, "", f"{why}, tên bắt đầu bằng «Tổng số»")
    if has_parts:
        return Measure(Kind.HEADING, "", f"{why}, có các dòng bên dưới")
    if said.startswith("số ") and not said.startswith("số liệu "):
        return Measure(Kind.COUNT, "", f"{why}, tên bắt đầu bằng «Số»")
    if is_title:
        return Measure(Kind.HEADING, "", f"{why}, in như một tiêu đề")
    return Measure(Kind.TEXT, "", f"{why}, không có dòng nào bên dưới: trả lời bằng chữ")


def choices_in(unit: str) -> str:
    """Return the options that a unit lists, in printed order; "" where it lists none.

    >>> choices_in("Đã kết nối = 1 Chưa kết nối = 2"), choices_in("1 = Có; 0 = Không")
    ('1=Đã kết nối|2=Chưa kết nối', '1=Có|0=Không')
    """
    either = _YES_OR_NO.fullmatch(unit)
    if either:
        return f"1={either[1]}|0={either[2]}{either[3] or ''}"
    found = _labels_first(unit) or _codes_first(unit)
    choices = "|".join(f"{code}={label}" for code, label in found)
    is_one = all(re.search(r"[^\W\d_]", label) and "|" not in label for _, label in found)
    return choices if is_one and len(choices) <= LONGEST["choices"] else ""


def _labels_first(text: str) -> list[tuple[str, str]]:
    """Không = 0 Có = 1"""
    label, *rest = text.split("=")
    found = []
    for part in rest:
        option = _CODE_THEN_LABEL.fullmatch(part)
        if option is None:
            return []
        found.append((option[1], _trimmed(label)))
        label = option[2]
    return [] if _trimmed(label).strip("() ") else found


def _codes_first(text: str) -> list[tuple[str, str]]:
    """0 = Không 1 = Có"""
    code, *rest = text.strip().split("=")
    found = []
    for part in rest[:-1]:
        option = _LABEL_THEN_CODE.fullmatch(part)
        if option is None:
            return []
        found.append((code.strip(), _trimmed(option[1])))
        code = option[2]
    if not (rest and all(_CODE.fullmatch(one.strip()) for one in (code, *dict(found)))):
        return []
    return [*found, (code.strip(), _trimmed(rest[-1]))]


def _trimmed(label: str) -> str:
    label = label.strip(_BETWEEN_OPTIONS)
    # "(Có = 1; Không = 0)"
    return label if label.count("(") == label.count(")") else label.strip("() ")
