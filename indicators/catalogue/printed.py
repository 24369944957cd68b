"""The table as papers print it: which column is which, where a page break cut a row in two."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from indicators.catalogue.cells import Cell, written
from indicators.catalogue.problems import LONGEST_LABEL
from indicators.catalogue.spelling import folded

Rows = Sequence[tuple[int, Sequence[Cell]]]

# The order of columns where nothing says it, by their number.
_WITHOUT_HEADER = {
    1: ("label",),
    2: ("stt", "label"),
    3: ("stt", "label", "unit"),
    4: ("stt", "label", "unit", "last"),
    5: ("stt", "label", "unit", "figure", "last"),
}
_STT_HEADINGS = {"stt", "tt", "so tt", "so thu tu"}
_LABEL_HEADING = re.compile(r"(ten |danh muc |he thong |cac )?(chi tieu|noi dung|tieu chi)")
_UNIT_HEADING = re.compile(r"don vi tinh|dvt|don vi( do)?$")
_FIGURE_HEADING = re.compile(r"so lieu|ket qua|gia tri|ke hoach|luy ke|ky |thuc hien$")
_LAST_HEADING = re.compile(
    r"ghi chu|co quan|don vi|dia phuong|thuc hien|bao cao|phu trach|trach nhiem|nguon|dau moi"
)
# Below the headings some papers number their columns: (1) (2) (3), A B 1 2.
_COLUMN_NUMBER = re.compile(r"\(?[A-Za-z0-9]\)?")
_STT = re.compile(r"(\d{1,2}(\.\d{1,3})*\.?|[IVXLC]+\.?|[A-ZĐa-zđ][.)]|\(?\d{1,2}\)|Trong đó:?)")
_STT_BEFORE_LABEL = re.compile(
    r"((?:[IVXLC]+|\d+(?:\.\d+)*|[A-ZĐ])[.)]|\d+(?:\.\d+)+)\s+(\S.*)", re.DOTALL
)
_BULLETS = "-–—−+*•·▪◦"
_OPENING = "(“\"'«["
# What stands below a table: place and date, signatures, to whom the paper goes.
_END = re.compile(
    r"[^\d,]{2,40}, *ngày\b.{0,6}\btháng\b.{0,6}\bnăm\b.{0,6}|người lập( biểu| bảng)?|nơi nhận:?",
    re.IGNORECASE,
)
_SIGNED_FOR = re.compile(r"(TM|KT|TL|TUQ)\.? [^a-z]+")
# In small letters the same words are the rest of a row that a page cut in two.
_NOTE = re.compile(r"\*?\s*(?:Ghi chú|GHI CHÚ|Chú thích|CHÚ THÍCH)\b|\(\*+\)")
_TAG = re.compile(r"</?(?:b|strong|i|em|u|ul|ol|li|p|span|sub|sup)\b[^<>]*>", re.IGNORECASE)
_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_BOLD = re.compile(r"<(b|strong)\b[^<>]*>.*?</\1>", re.IGNORECASE | re.DOTALL)
_ITALIC = re.compile(r"<(i|em)\b[^<>]*>.*?</\1>", re.IGNORECASE | re.DOTALL)
# A cell that Excel has put into quotation marks because it holds line breaks or such marks.
_QUOTED = re.compile(r'(?:(?<=[\t\n])|\A)"((?:[^"\t]|"")*)"(?=[\t\n]|\Z)')
BREAK_IN_CELL = "\x1f"
MOST_BREAKS = 100  # in the cells of one row


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One printed row; ``place`` is its line in a text or its cell in a sheet. ``figure`` is read
    only where the columns say where it stands: a form has none."""

    stt: str
    label: str
    unit: str
    last: str
    bold: bool = False
    italic: bool = False
    place: str = ""
    figure: str = ""


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A printed table with the lines of text before it, and what stands in it or below it without
    being a row: notes, signatures and what follows them."""

    lines: tuple[PrintedLine, ...]
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    label_heading: str = ""
    last_heading: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a printed table stand, and the first row below its headings."""

    places: Mapping[str, int]
    width: int
    heading: int = 0
    first: int = 0
    label_heading: str = ""
    last_heading: str = ""


def read_pasted(text: str) -> PrintedTable:
    """Read what copying a table in Word or Excel puts into a text box; without rows where the
    text holds no table. Without headings the columns are taken in the order of papers."""
    rows, tabs, found = pasted_rows(text)
    columns = found or _columns_without_header(rows, tabs + 1)
    return read_rows(rows, columns, _line_place) if tabs else PrintedTable(())


def pasted_rows(text: str) -> tuple[Rows, int, Columns | None]:
    """Return the rows of a pasted table, by how many tabs their cells are parted, and the columns
    that its headings tell."""
    lines = pasted_lines(text)
    counts = Counter(tabs for _, line in lines if (tabs := line.count("\t")) > 1)
    for tabs, _ in counts.most_common(5):
        rows = _assembled(lines, tabs)
        columns = find_columns(rows)
        if columns and columns.width == tabs + 1:
            return rows, tabs, columns
    tabs = counts.most_common(1)[0][0] if counts else max(line.count("\t") for _, line in lines)
    rows = _assembled(lines, tabs)
    return rows, tabs, find_columns(rows)


def find_columns(rows: Rows) -> Columns | None:
    """Return the columns of the first headings in ``rows``; None where no row is one."""
    for index, (_, cells) in enumerate(rows):
        first = [_plain(cell.text) for cell in cells]
        if _is_heading(first):
            second = [_plain(cell.text) for cell in rows[index + 1][1]] if rows[index + 1 :] else []
            below = second if _is_second_heading(second) else []
            columns = _columns(first, below, index)
            if columns:
                return columns
    return None


def read_rows(rows: Rows, columns: Columns, place: Callable[[int, int], str]) -> PrintedTable:
    """Read the rows below ``columns``; ``place`` names a row by its number and a column."""
    lines: list[PrintedLine] = []
    below: list[str] = []
    is_after_cut = is_note = False
    inside, after = _cut_at_end(rows[columns.first :])
    for number, cells in inside:
        texts = [_plain(cell.text) for cell in cells]
        if _is_heading(texts) or _is_second_heading(texts):
            is_after_cut = True
            continue
        if not any(texts) or _are_column_numbers(texts):
            continue
        line, figure = _line(cells, columns, place(number, columns.places["label"]))
        is_note = _is_note(line, figure, is_after_note=is_note)
        if is_note:
            below.append(_on_one_line(cells))
        elif (
            lines
            # Two figures are two rows: joined, "5" and "700" would read as five thousand.
            and not (line.figure and lines[-1].figure)
            and _goes_on(line, figure, is_after_cut=is_after_cut)
        ):
            lines[-1] = _joined(lines[-1], line)
        elif line.stt or line.label or line.unit or line.last or line.figure:
            lines.append(line)
        is_after_cut = False
    above = (_on_one_line(cells).strip("* ") for _, cells in rows[: columns.heading])
    below += [_on_one_line(cells) for _, cells in after]
    return PrintedTable(
        tuple(lines),
        tuple(filter(None, above)),
        tuple(filter(None, below)),
        columns.label_heading,
        columns.last_heading,
    )


def _cut_at_end(rows: Rows) -> tuple[Rows, Rows]:
    """Return the rows of a table, and those from its signatures on."""
    for index, (_, cells) in enumerate(rows):
        if _ends_table([_plain(cell.text) for cell in cells]):
            return rows[:index], rows[index:]
    return rows, ()


def _on_one_line(cells: Sequence[Cell]) -> str:
    return " ".join(text for cell in cells if (text := _plain(cell.text)))


def _is_note(line: PrintedLine, figure: str, *, is_after_note: bool) -> bool:
    """Whether a row is a note on the table, or the next line of one: nobody fills it in."""
    begins = _NOTE.match(line.stt or line.label) is not None
    if line.unit or line.last or figure or (line.stt and not begins):
        return False
    return begins or is_after_note


def _plain(text: str) -> str:
    """Return the words of a cell on one line, without the marks of bold, italic and lists."""
    return " ".join(_TAG.sub("", _BREAK_TAG.sub(" ", text)).split())


def _is_heading(texts: Sequence[str]) -> bool:
    return any(len(text) < 20 and folded(text) in _STT_HEADINGS for text in texts) and any(
        _LABEL_HEADING.match(folded(text)) for text in texts
    )


def _is_second_heading(texts: Sequence[str]) -> bool:
    """Whether this is the row below spanning headings: nothing but "unit" and "figure"."""
    words = [folded(text) for text in texts if text] if max(map(len, texts), default=0) < 40 else []
    return any(_UNIT_HEADING.match(word) for word in words) and all(
        _UNIT_HEADING.match(word) or _FIGURE_HEADING.match(word) for word in words
    )


def _columns(first: Sequence[str], second: Sequence[str], index: int) -> Columns | None:
    """Tell the columns by one or two rows of headings; None without a unit column."""
    missing = len(second) - len(first)
    if missing > 0:
        # A heading that spans columns is copied as one cell: the last ones belong to the right.
        first = [*first[:-1], *[""] * missing, first[-1]]
    headings = [
        (second[place] if place < len(second) else "") or text for place, text in enumerate(first)
    ]
    words = [folded(text) for text in headings]
    stt = next(place for place, word in enumerate(words) if word in _STT_HEADINGS)
    label = next(place for place, word in enumerate(words) if _LABEL_HEADING.match(word))
    unit = next((place for place, word in enumerate(words) if _UNIT_HEADING.match(word)), None)
    if unit is None:
        return None
    places = {"stt": stt, "label": label, "unit": unit}
    last = [
        place
        for place, word in enumerate(words)
        if place > unit and _LAST_HEADING.search(word) and not _FIGURE_HEADING.match(word)
    ]
    if last:
        # Beside the column that says who reports, remarks are the agency's own.
        places["last"] = next((place for place in last if words[place] != "ghi chu"), last[-1])
    return Columns(
        places=places,
        width=len(headings),
        heading=index,
        first=index + (2 if second else 1),
        label_heading=headings[label],
        last_heading=headings[places["last"]] if last else "",
    )


def _columns_without_header(rows: Rows, width: int) -> Columns:
    names = _WITHOUT_HEADER.get(width) or (*_WITHOUT_HEADER[3], *["figure"] * (width - 4), "last")
    first = next((index for index, (_, cells) in enumerate(rows) if len(cells) > 1), len(rows))
    places = {name: place for place, name in enumerate(names) if name != "figure"}
    return Columns(places=places, width=width, heading=first, first=first)


def _are_column_numbers(texts: Sequence[str]) -> bool:
    said = [text for text in texts if text]
    return len(said) > 2 and all(_COLUMN_NUMBER.fullmatch(text) for text in said)


def _ends_table(texts: Sequence[str]) -> bool:
    return any(_END.fullmatch(text) or _SIGNED_FOR.fullmatch(text) for text in texts)


def _line(cells: Sequence[Cell], columns: Columns, place: str) -> tuple[PrintedLine, str]:
    """Return one row under the columns of its table, and its figure, which only tells whether the
    row stands on its own."""
    found = {name: cells[index] for name, index in columns.places.items() if index < len(cells)}
    texts = {name: _plain(cell.text) for name, cell in found.items()}
    stt, label = texts.get("stt", ""), texts.get("label", "")
    unit, last = texts.get("unit", ""), texts.get("last", "")
    shown = found.get("label", Cell())
    if stt and not (label or unit or last or _STT.fullmatch(stt)):
        # A heading whose cell spans the table stands in the first column, number and all.
        shown = found["stt"]
        numbered = _STT_BEFORE_LABEL.fullmatch(stt)
        stt, label = (numbered[1], numbered[2]) if numbered else ("", stt)
    words = {"stt", "label", "unit", "last"}
    taken = {index for name, index in columns.places.items() if name in words}
    figures = " ".join(cell.text for index, cell in enumerate(cells) if index not in taken)
    figure = found.get("figure", Cell()).text
    bold = shown.bold or _is_all(_BOLD, shown.text)
    italic = shown.italic or _is_all(_ITALIC, shown.text)
    return PrintedLine(stt, label, unit, last, bold, italic, place, figure), figures.strip()


def _is_all(marked: re.Pattern[str], text: str) -> bool:
    if len(text) > LONGEST_LABEL:
        return False
    rest, times = marked.subn("", _BREAK_TAG.sub(" ", text))
    return bool(times) and not rest.strip()


def _goes_on(line: PrintedLine, figure: str, *, is_after_cut: bool) -> bool:
    """Whether a row is the rest of the one above: a page ended within it, or an empty cell of it
    was given a row of its own."""
    if line.stt:
        return False
    if not line.label:
        return bool(line.unit or line.last)
    if line.unit:
        return is_after_cut and _begins_small(line.label)
    if _begins_small(line.label) and not figure:
        return True
    # "2015" of "so với năm / 2015"; a part of an agency's own; "Trong đó:" beside "cáo số liệu".
    return is_after_cut and (
        line.label[0] in "+0123456789"
        or (line.label[0] not in _BULLETS and _begins_small(line.last))
    )


def _begins_small(text: str) -> bool:
    """Whether a text begins within a sentence; "a) Số …" does not."""
    return text.lstrip(_OPENING)[:1].islower() and not re.match(r"[a-zđ][.)]\s", text)


def _joined(line: PrintedLine, rest: PrintedLine) -> PrintedLine:
    return replace(
        line,
        label=f"{line.label} {rest.label}".strip(),
        unit=f"{line.unit} {rest.unit}".strip(),
        last=f"{line.last} {rest.last}".strip(),
        figure=f"{line.figure} {rest.figure}".strip(),
    )


def _line_place(number: int, _: int) -> str:
    return f"dòng {number}"


def pasted_lines(text: str) -> list[tuple[int, str]]:
    """Return the lines of a pasted text with their numbers; a break within a quoted cell ends no
    line, and stands there as ``BREAK_IN_CELL``."""
    whole = _QUOTED.sub(_unquoted, text.replace("\r\n", "\n").replace("\r", "\n"))
    lines, number = [], 1
    for line in whole.split("\n"):
        lines.append((number, line))
        number += 1 + line.count(BREAK_IN_CELL)
    return lines


def _unquoted(found: re.Match[str]) -> str:
    inside = found[1]
    if "\n" not in inside and '""' not in inside:
        return found[0]
    return inside.replace('""', '"').replace("\n", BREAK_IN_CELL)


def _assembled(lines: Sequence[tuple[int, str]], tabs: int) -> Rows:
    """Return the rows of a text with ``tabs`` tabs in each: Word copies every paragraph of a cell
    as a line of its own."""
    rows: list[tuple[int, str]] = []
    is_open = False
    for number, line in lines:
        if is_open and _is_rest(line, rows[-1][1], tabs):
            rows[-1] = (rows[-1][0], f"{rows[-1][1]}{BREAK_IN_CELL}{line}")
        elif line.strip():
            rows.append((number, line))
        is_open = bool(line.strip())
    return [
        (
            number,
            [
                written(part.replace(BREAK_IN_CELL, "\n"))
                for part in _fitted(line.split("\t"), tabs + 1)
            ],
        )
        for number, line in rows
    ]


def _is_rest(line: str, row: str, tabs: int) -> bool:
    held, more = row.count("\t"), line.count("\t")
    is_row = held + more > tabs or line.startswith("\t")
    if is_row or not (held and line.strip()) or row.count(BREAK_IN_CELL) > MOST_BREAKS:
        return False
    start = line.partition("\t")[0].strip()
    if _NOTE.match(start) or (_NOTE.match(row.strip()) and row.strip().count("\t") < 2):
        return False
    if held == tabs:
        return start[:1] in _BULLETS or _begins_small(start)
    return not _STT.fullmatch(start)


def _fitted(parts: list[str], width: int) -> list[str]:
    """Return the cells of a row; Word copies a bullet or number of its own with a tab behind."""
    while width < len(parts) < width + 5:
        bullet = next(
            (i for i, part in enumerate(parts[:-1]) if part.strip() in set(_BULLETS)), None
        )
        if bullet is not None:
            parts = [*parts[:bullet], f"{parts[bullet]} {parts[bullet + 1]}", *parts[bullet + 2 :]]
        elif not parts[1].strip() and _STT.fullmatch(parts[0].strip()):
            parts = [parts[0], *parts[2:]]
        else:
            break
    return parts
