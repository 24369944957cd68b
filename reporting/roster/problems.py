"""What keeps a list of agencies from being taken in, line by line, all of it at once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reporting.roster.columns import COLUMNS, DAYS, KINDS, LONGEST, TITLES, Line, shown
from reporting.roster.reading import Fault, Roster
from reporting.roster.tree import line_up, why_misplaced

EARLIEST, LATEST = 1945, 2100
CODE = re.compile(r"[0-9A-Za-z]+([._-][0-9A-Za-z]+)*")
_FIX = "Sửa ô này trong tệp rồi nạp lại."


@dataclass(frozen=True, slots=True)
class Known:
    """What stands already: the province's code, its agencies by code, the codes of functions, and
    the codes of the list that other agencies hold, in lower case: case tells no two codes apart."""

    province: str
    tree: Mapping[str, Line]
    functions: frozenset[str]
    taken: frozenset[str] = frozenset()


def completed(roster: Roster, known: Known) -> list[Line]:
    """Return the lines with every column: what the file has no column for stays as it stands."""
    blank = dict.fromkeys(COLUMNS, "")
    return [{**blank, **known.tree.get(line["code"], {}), **line} for line in roster.lines]


def faults_in(roster: Roster, known: Known) -> list[Fault]:
    """Return all that is wrong with a list, in the order of its lines."""
    lines = completed(roster, known)
    first: dict[str, int] = {}
    for number, line in zip(roster.numbers, lines, strict=True):
        first.setdefault(line["code"].lower(), number)
    found = list(roster.faults)
    for number, line in zip(roster.numbers, lines, strict=True):
        found += _code_faults(number, line, known, first)
        found += _word_faults(number, line)
        found += _meaning_faults(number, line, known)
        found += _day_faults(number, line)
    found += _place_faults(roster.numbers, lines, known)
    return sorted(found, key=lambda fault: fault.line)


def _fault(number: int, column: str, line: Line, expected: str, todo: str = _FIX) -> Fault:
    return Fault(number, TITLES[column], shown(column, line[column]), expected, todo)


def _code_faults(
    number: int, line: Line, known: Known, first: Mapping[str, int]
) -> Iterator[Fault]:
    code = line["code"]
    if not code:
        yield _fault(number, "code", line, "mã của đơn vị, không để trống")
    elif first[code.lower()] != number:
        expected = f"mỗi mã một dòng; mã này đã có ở dòng {first[code.lower()]}"
        yield _fault(number, "code", line, expected, "Bỏ một trong hai dòng, hoặc sửa mã.")
    elif code.lower() == known.province.lower():
        expected = "đơn vị thuộc tỉnh; đây là mã của chính tỉnh"
        yield _fault(number, "code", line, expected, "Bỏ dòng này: tỉnh do quản trị hệ thống sửa.")
    elif code not in known.tree and code.lower() in known.taken:
        expected = "mã chưa dùng; một đơn vị khác đang mang mã này (chữ hoa, chữ thường coi là một)"
        yield _fault(number, "code", line, expected, "Đặt mã khác.")
    elif code not in known.tree and not CODE.fullmatch(code):
        expected = "chữ không dấu, số, các dấu . _ - ở giữa, ví dụ MH.X001"
        yield _fault(number, "code", line, expected)


def _word_faults(number: int, line: Line) -> Iterator[Fault]:
    if not line["name"]:
        yield _fault(number, "name", line, "tên đơn vị, không để trống")
    for column, longest in LONGEST.items():
        if len(line[column]) > longest:
            expected = f"nhiều nhất {longest} chữ; ô này có {len(line[column])}"
            yield _fault(number, column, line, expected, "Viết ngắn lại.")


def _meaning_faults(number: int, line: Line, known: Known) -> Iterator[Fault]:
    if line["kind"] not in set(KINDS):
        expected = f"một trong: {'; '.join(kind.label for kind in KINDS)}"
        yield _fault(number, "kind", line, expected)
    strange = [code for code in line["functions"].split() if code not in known.functions]
    if strange:
        expected = f"mã trong danh mục chức năng; không có {', '.join(strange)}"
        todo = "Ghi đúng mã như trong tệp mẫu, hoặc để trống."
        yield _fault(number, "functions", line, expected, todo)
    if line["wants_signature"] not in {"", "1"}:
        yield _fault(number, "wants_signature", line, "có hoặc không")


def _day_faults(number: int, line: Line) -> Iterator[Fault]:
    days = {}
    for column in sorted(DAYS):
        if not line[column]:
            continue
        day = day_of(line[column])
        if day is None or not EARLIEST <= day.year <= LATEST:
            expected = f"ngày/tháng/năm, từ {EARLIEST} đến {LATEST}, ví dụ 01/07/2025"
            yield _fault(number, column, line, expected)
        else:
            days[column] = day
    if len(days) == len(DAYS) and days["valid_to"] < days["valid_from"]:
        yield _fault(number, "valid_to", line, f"từ ngày {line['valid_from']} trở đi")


def day_of(text: str) -> date | None:
    """Return the day that a line holds; None for none, and for what is no day."""
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()
    except ValueError:
        return None


def _place_faults(numbers: Sequence[int], lines: Sequence[Line], known: Known) -> Iterator[Fault]:
    """Yield the lines whose agency can't stand below what they name, or would push those below it
    too deep. A line is not blamed for another line that is."""
    parents: dict[str, str | None] = {known.province: None}
    parents |= {code: line["parent"] for code, line in known.tree.items()}
    named = {line["code"]: line["parent"] for line in lines if line["code"] != known.province}
    known_codes = parents.keys() | named.keys()
    parents |= {
        code: above if above in known_codes else known.province for code, above in named.items()
    }
    pushed: dict[str, str] = {}
    for code in known.tree.keys() - named.keys():
        if why := why_misplaced(code, parents):
            moved = [above for above in line_up(code, parents) if _moves(above, named, known)]
            pushed |= dict.fromkeys(moved, why)
    for number, line in zip(numbers, lines, strict=True):
        above, code = line["parent"], line["code"]
        if above not in known_codes or not above:
            expected = f"mã của một đơn vị trong tỉnh hoặc trong tệp, hoặc {known.province}"
            yield _fault(number, "parent", line, expected)
        elif named.get(code) == above and (
            why := why_misplaced(code, parents) or pushed.get(code, "")
        ):
            yield _fault(number, "parent", line, why, "Chọn cấp trên khác.")


def _moves(code: str, named: Mapping[str, str], known: Known) -> bool:
    return code in named and known.tree.get(code, {}).get("parent") != named[code]
