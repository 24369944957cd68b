"""The table of all agencies' figures as HTML. Written here and not in a template because a page has
tens of thousands of cells: joined in Python they take a tenth of a template's time.

Every text from people or from the catalogue goes through ``esc``. A cell that holds no figure is
one word that the stylesheet hides behind a pattern or a tint: whoever listens to the page, or reads
it without styles, has the word. Only a figure is a link, to the page of its row in its report.
"""

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from indicators.kinds import AgencyKind
from reporting.documents.matrix import SHORT, Look, Matrix, MatrixCell, MatrixColumn, MatrixLine
from reporting.views.rows import esc
from reporting.workflow import State

_SILENT = {look: f'<td class="{look.value}">{words}</td>' for look, words in SHORT.items()}
_ABSENT = _SILENT[Look.ABSENT]
_FIGURE = Look.FIGURE


def head_html(
    found: Matrix, opened: Callable[[str], str], sorted_by: Callable[[str], str], key: str
) -> SafeString:
    """Return the frozen lines: sections, rows of the form, the province's figures. ``opened`` is
    where a figure of the province opens, ``sorted_by`` where agencies stand in the order of an
    ``xep``; ``key`` is the order that they stand in."""
    sections = "".join(
        f'<th scope="colgroup" colspan="{one.columns}"><span title="{esc(one.name)}">'
        f"{esc(one.name)}</span></th>"
        for one in found.sections
    )
    heads = "".join(_head(column, sorted_by, key) for column in found.columns)
    totals = "".join(_total(column, opened) for column in found.columns)
    by_name = f'<a href="{esc(sorted_by(""))}">Đơn vị</a>' if key else "Đơn vị"
    return mark_safe(  # noqa: S308 - every text in it is escaped
        f'<tr class="parts"><td></td>{sections}</tr>\n'
        f'<tr class="names"><th scope="col">{by_name}</th>{heads}</tr>\n'
        f'<tr class="all"><th scope="row">Toàn tỉnh</th>{totals}</tr>'
    )


def _head(column: MatrixColumn, sorted_by: Callable[[str], str], key: str) -> str:
    down, up = f"-{column.key}", column.key
    order = {down: ' aria-sort="descending"', up: ' aria-sort="ascending"'}.get(key, "")
    arrow = {down: " ↓", up: " ↑"}.get(key, "")
    unit = f" ({column.unit})" if column.unit else ""
    there = esc(sorted_by(up if key == down else down))
    return (
        f'<th scope="col" id="c-{esc(column.key)}"{order}><a href="{there}"'
        f' title="{esc(column.name + unit)}"><b>{esc(column.stt)}{arrow}</b>'
        f"<span>{esc(column.label)}</span><small>{esc(column.unit)}</small></a></th>"
    )


def _total(column: MatrixColumn, opened: Callable[[str], str]) -> str:
    if not column.is_added:
        return '<td class="c">không cộng</td>'
    words = "" if column.total.is_number else ' class="c"'
    text = esc(column.total.text) or "chưa có số"
    told = f"{text} ({esc(column.coverage)}): mở số này theo từng đơn vị"
    return f'<td{words}><a href="{esc(opened(column.key))}" title="{told}">{text}</a></td>'


def body_html(found: Matrix, *, is_grouped: bool) -> SafeString:
    """Return a line for each agency; with ``is_grouped`` each kind of agency under a heading that
    says how many there are."""
    reports = reverse("my-reports")
    width = len(found.columns)
    of_kind = Counter(line.kind for line in found.lines)
    drawn: list[str] = []
    kind: AgencyKind | None = None
    for line in found.lines:
        if is_grouped and line.kind is not kind:
            kind = line.kind
            drawn.append(
                f'<tr class="group"><th scope="rowgroup" colspan="{1 + width}">'
                f"<span>{esc(kind.label)} ({of_kind[kind]})</span></th></tr>"
            )
        drawn.append(f"<tr>{_name(line, reports)}{_cells(line, width, reports)}</tr>")
    return mark_safe("\n".join(drawn))  # noqa: S308 - every text in it is escaped


def _name(line: MatrixLine, reports: str) -> str:
    """The agency, led to its report; with the forms where it has several lines or reports, and
    where its report stands, unless it is approved."""
    first = line.reports[0]
    notes = []
    if len(line.reports) > 1 or line.is_split:
        notes.append(line.forms)
    if line.is_read and any(report.state is not State.APPROVED for report in line.reports):
        notes.append(line.standing)
    small = f"<small>{esc('; '.join(notes))}</small>" if notes else ""
    name = f'<a href="{reports}{first.submission_id}/">{esc(line.name)}</a>'
    return f'<th scope="row">{name}{small}</th>'


def _cells(line: MatrixLine, width: int, reports: str) -> str:
    if not line.cells:
        return (
            f'<td class="d" colspan="{width}"><span>{esc(line.standing)}: chưa có trong bảng'
            "</span></td>"
        )
    return "".join([_cell(cell, reports) for cell in line.cells])


def _cell(cell: MatrixCell | None, reports: str) -> str:
    if cell is None:
        return _ABSENT
    look, text, number, submission, key, side, outside = cell
    silent = _SILENT.get(look)
    if silent is not None:
        return silent
    if number is None and look is _FIGURE:
        text = esc(text)
    link = f'<a href="{reports}{submission}/dong/{_path(key)}/">{text}</a>'
    if not (side or outside) and number is not None:
        return f"<td>{link}</td>"
    mark = f"<i>{side.sign} {side.label}</i>" if side else ""
    aside = f'<abbr title="{esc(outside)}">°</abbr>' if outside else ""
    css = " ".join(filter(None, (_css(cell), "o" if outside else "", "m" if side else "")))
    return f'<td class="{css}">{link}{aside}{mark}</td>'


def _css(cell: MatrixCell) -> str:
    if cell.look is Look.UNDEFINED:
        return cell.look.value
    return "" if cell.number is not None else "c"


# A key as a part of an address: the same few hundred are asked for again and again.
_path = lru_cache(maxsize=8192)(quote)
