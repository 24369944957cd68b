"""The rows of a sheet as HTML. Written here and not in a template because two hundred of them are
drawn on every opening and saving: joined in Python they take a tenth of a template's time.

Every text from people or from the catalogue goes through ``esc``; only ``_body`` calls the result
safe. A typed row's box carries the row's anchor (``r-KEY``), so that a link to the row puts the
cursor into its box; a computed one's figure carries ``o-ID``, where a script puts what has become
of it. A row outside the agency's scope keeps its box folded away: it is not asked for, and nobody
is locked out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from indicators.kinds import Severity
from indicators.words import LONGEST_WORDS
from reporting.lines import SILENT_WORDS, SheetRow
from reporting.sheet import Sheet, SheetFinding, SheetSection

_SEVERITIES = {
    one: f'<span class="badge {one}">{one.label.capitalize()}</span>' for one in Severity
}
# The words of a form are the same on every page: two thousand texts a page are mostly known.
esc = lru_cache(maxsize=8192)(escape)
Drawn = Sequence[tuple[SheetSection, SafeString]]
# Stands where a figure would be.
_BLANK = "trống"
_OUTSIDE = '<span class="o">không thuộc phạm vi</span>'


@dataclass(frozen=True, slots=True)
class _Look:
    """What the rows of one page have in common. ``panels`` is where the pages of single rows
    are, ``comments`` the page of all comments; "" where there are none."""

    sheet: Sheet
    panels: str
    comments: str = ""

    def before(self, row: SheetRow) -> str:
        """The figures of the rounds before."""
        cells = f'<td class="p">{esc(row.previous)}</td>' if self.sheet.has_previous else ""
        if self.sheet.has_last_year:
            cells += f'<td class="p y">{esc(row.last_year)}</td>'
        return cells

    @property
    def columns_before(self) -> int:
        return self.sheet.has_previous + self.sheet.has_last_year

    def panel(self, row: SheetRow) -> str:
        """The way to all that is known of one row, with what there is."""
        if not self.panels or not (row.is_typed or row.is_derived):
            return ""
        there = beside_words(row.parts, row.files, len(row.comments))
        return f'<a class="more" href="{self.panels}{esc(row.key)}/">{there}</a>'

    def talk(self, row: SheetRow) -> str:
        """The way to what is said about a whole section: its heading stays in sight, so that the
        words themselves would stand in the way."""
        if not self.comments:
            return ""
        said = f"{len(row.comments)} ý kiến" if row.comments else "Ý kiến"
        return (
            f'<a class="talk" href="{self.comments}?phan={esc(row.key)}#p-{esc(row.key)}">{said}'
            f'<span class="vh"> về phần {esc(row.stt)}</span></a>'
        )


def findings_html(found: Sequence[SheetFinding], checks: str = "", waiting: int = 0) -> SafeString:
    """Return what the checks find, as a list that leads to the rows, and to the page of ``checks``
    where warnings are explained; ``waiting`` counts what blanks may still settle."""
    if not (found or waiting):
        return mark_safe("")
    count = sum(one.weighed.is_open for one in found)
    told = "".join(map(_finding, found))
    more = ""
    if waiting:
        more = f"<p>Khi gửi, trang còn hỏi thêm về {waiting} điều ở các dòng chưa nhập.</p>"
    if checks:
        more += f'<p><a href="{checks}">Xem đầy đủ, ghi giải trình…</a></p>'
    return mark_safe(  # noqa: S308 - every text in it is escaped
        '<section class="note" aria-labelledby="xem-lai">'
        f'<h2 id="xem-lai" data-open="{count}">{_headline(found, waiting)}</h2>'
        f"<ul>{told}</ul>{more}</section>"
    )


def _headline(found: Sequence[SheetFinding], waiting: int) -> str:
    """Say what is to be done about the list; where nothing is, what was."""
    weighed = [one.weighed for one in found]
    if count := sum(one.is_open for one in weighed):
        return f"Cần xem lại ({count})"
    if settled := [one.standing for one in weighed if one.is_settled]:
        return f"{' và '.join(sorted(set(settled))).capitalize()} ({len(settled)})"
    return f"Lưu ý ({len(found)})" if found else f"Còn hỏi khi gửi ({waiting})"


# Where a finding is about many rows, the first of them are led to.
_MOST_ROWS = 6


def _finding(one: SheetFinding) -> str:
    found, standing = one.weighed.finding, one.weighed.standing
    stands = f" <b>{esc(found.found)}</b>." if found.found else ""
    wanted = f" {found.measure}: {esc(found.expected)}." if found.expected else ""
    rows = " · ".join(map(_found_row, one.rows[:_MOST_ROWS]))
    more = len(one.rows) - _MOST_ROWS
    rows += f" · và {more} dòng nữa" if more > 0 else ""
    said = f' <span class="badge settled">{esc(standing.capitalize())}</span>' if standing else ""
    todo = "" if one.weighed.is_settled else f" {esc(found.instruction)}"
    return (
        f"<li>{_SEVERITIES[found.severity]}{said} {esc(found.sentence)}{stands}{wanted}{todo}"
        f'<p class="small">{rows}</p></li>'
    )


def _found_row(row: SheetRow) -> str:
    label = esc(row.label.removeprefix("- ").rstrip(":"))
    return f'<a href="#r-{esc(row.key)}">{esc(row.stt)} {label}</a>: {esc(row.shown) or _BLANK}'


def beside_words(details: int, files: int, comments: int) -> str:
    """Say how much stands beside a figure, on the way to it."""
    there = ((details, "chi tiết"), (files, "tệp"), (comments, "ý kiến"))
    return ", ".join(f"{count} {what}" for count, what in there if count) or "Chi tiết"


def edit_sections(
    sheet: Sheet,
    address: str,
    *,
    is_paper: bool,
    panels: str = "",
    nil: str = "",
    comments: str = "",
) -> Drawn:
    """Return each section with its rows as boxes to fill in; ``address`` is where they go, ``nil``
    where a whole section is said to have nothing. The rates of a paper are those filed: nothing
    is computed there."""
    here, look = esc(address), _Look(sheet, panels, comments)

    def progress(section: SheetSection) -> str:
        return (
            '<span class="vh">đã nhập </span>'
            f'<b class="done">{section.answered}/{section.typed}</b> '
            f'<button class="btn slim no-js" formaction="{here}#s-{esc(section.key)}">Lưu'
            f'<span class="vh"> và ở lại phần {esc(section.stt)}</span></button>'
        )

    def aside(section: SheetSection) -> str:
        if not nil or section.is_outside or section.answered == section.typed:
            return ""
        return f'<a class="nil" href="{nil}?phan={esc(section.key)}">Phần này không phát sinh…</a>'

    def draw(row: SheetRow) -> str:
        if row.is_typed:
            return _typed_row(row, look)
        if row.is_derived and not row.is_outside:
            hint = "" if is_paper else "<i>tự tính</i>"
            return _read_row(row, look, f'<output id="o-{row.id}">{esc(row.shown)}</output>{hint}')
        if row.is_derived:
            return _read_row(row, look, _OUTSIDE)
        return _heading_row(row, look, esc(row.shown), said=_said(row))

    return [
        (section, _body(section, look, draw, progress, aside(section)))
        for section in sheet.sections
    ]


def read_sections(sheet: Sheet, *, is_paper: bool, panels: str = "", comments: str = "") -> Drawn:
    """Return each section with its rows to read; a paper's rates were filed, not computed."""
    look = _Look(sheet, panels, comments)

    def progress(section: SheetSection) -> str:
        return f'<span class="vh">đã nhập </span>{section.answered}/{section.typed}'

    def draw(row: SheetRow) -> str:
        if row.is_outside and (row.is_typed or row.is_derived):
            return _read_row(row, look, _OUTSIDE)
        aside = row.echo or ("tự tính" if row.is_derived and row.shown and not is_paper else "")
        beneath = (f"<i>{esc(aside)}</i>" if aside else "") + _since(row)
        return _read_row(row, look, esc(row.shown) + beneath)

    return [(section, _body(section, look, draw, progress)) for section in sheet.sections]


def _body(
    section: SheetSection,
    look: _Look,
    draw: Callable[[SheetRow], str],
    progress: Callable[[SheetSection], str],
    aside: str = "",
) -> SafeString:
    head, *rows = section.rows
    if head.is_typed or head.is_derived:  # a section that is itself a question
        drawn, rows = [], [head, *rows]
    else:
        said = _all_outside(section) if section.is_outside else progress(section)
        drawn = [_heading_row(head, look, esc(head.shown) + said + look.talk(head), aside=aside)]
    drawn += [draw(row) for row in rows]
    return mark_safe("\n".join(drawn))  # noqa: S308 - every text in it is escaped


def _since(row: SheetRow) -> str:
    """What has become of the figure since an earlier time, in words."""
    was = f'<i class="was">lần trước: {esc(row.was)}</i>' if row.was else ""
    return was + ('<i class="new">mới từ lần ông/bà xem</i>' if row.is_new else "")


def _all_outside(section: SheetSection) -> str:
    return f'<span class="o">không thuộc phạm vi của đơn vị ({section.outside} dòng)</span>'


def _heading_row(
    row: SheetRow, look: _Look, figure: str, *, aside: str = "", said: str = ""
) -> str:
    return (
        f'<tr class="{row.css}" id="r-{esc(row.key)}"><td class="s">{esc(row.stt)}</td>'
        f'<th scope="row" colspan="2">{esc(row.label)}{said}</th>'
        f'<td class="v" colspan="{1 + look.columns_before}">{figure}</td>'
        f'<td class="w">{aside}{_remarks(row)}{_who_reports(row)}</td></tr>'
    )


def _who_reports(row: SheetRow) -> str:
    """Who reports a heading's rows: cut to one line, since headings of sections stay in sight."""
    who = esc(row.who_reports)
    return f'<span class="r" title="{who}">{who}</span>' if who else ""


def _read_row(row: SheetRow, look: _Look, figure: str) -> str:
    return (
        f'<tr class="{row.css}" id="r-{esc(row.key)}"><td class="s">{esc(row.stt)}</td>'
        f'<th scope="row">{esc(row.label)}{_found(row)}{_said(row)}</th>'
        f'<td class="u">{esc(row.unit)}</td>'
        f'{look.before(row)}<td class="v">{figure}</td>'
        f'<td class="w">{_mark(row)}{_remarks(row)}{look.panel(row)}'
        f"{esc(row.who_reports)}</td></tr>"
    )


def _typed_row(row: SheetRow, look: _Look) -> str:
    key = esc(row.key)
    figure, remarks = _box(row, key), _mark(row) + details_html(row)
    ways = f'<div class="ways">{_note_box(row, key)}{look.panel(row)}</div>'
    if row.is_outside:
        fold = f"<summary>Nhập nếu có</summary>{figure}{remarks}{ways}"
        figure, remarks, ways = f'{_OUTSIDE}<details class="n">{fold}</details>', "", ""
    return (
        f'<tr class="{row.css}{" has-m" if row.message else ""}"><td class="s">{esc(row.stt)}</td>'
        f'<th scope="row"><label for="r-{key}">{esc(row.label)}</label>'
        f"{_found(row)}{_said(row)}</th>"
        f'<td class="u">{esc(row.unit)}</td>{look.before(row)}<td class="v">{figure}</td>'
        f'<td class="w">{remarks}{ways}{esc(row.who_reports)}</td></tr>'
    )


def _box(row: SheetRow, key: str) -> str:
    """The box with what stands beneath it, and tied to it for who listens to the page."""
    told = beneath = ""
    if row.message:
        told = f' aria-invalid="true" aria-describedby="m-{key}"'
        beneath = f'<span class="m" id="m-{key}">{esc(row.message)}</span>'
    elif row.echo:
        told = f' aria-describedby="m-{key}"'
        beneath = f'<i id="m-{key}">{esc(row.echo)}</i>'
    named = f'id="r-{key}" name="{row.figure_field}"{told}'
    if row.options:
        return (
            f'<select {named}><option value="">– chọn –</option>{_options(row)}</select>{beneath}'
        )
    box = esc(row.box)
    if row.is_text:
        return f'<textarea {named} maxlength="{LONGEST_WORDS}">\n{box}</textarea>{beneath}'
    # A pad of digits has no stroke for 34/43.
    pad = "" if row.is_rate else ' inputmode="decimal"'
    return f'<input {named} value="{box}"{pad} autocomplete="off">{beneath}'


def _options(row: SheetRow) -> str:
    offered = [(option.code, f"{option.code} = {option.label}") for option in row.options]
    offered += [(words, words) for words in SILENT_WORDS]
    return "".join(
        f'<option value="{esc(code)}"{" selected" if code == row.box else ""}>{esc(words)}</option>'
        for code, words in offered
    )


def _note_box(row: SheetRow, key: str) -> str:
    return (
        f'<details class="n"{" open" if row.note else ""}><summary>Ghi chú</summary>'
        f'<textarea name="{row.note_field}" maxlength="{LONGEST_WORDS}"'
        f' aria-label="Ghi chú dòng {key}">\n{esc(row.note)}</textarea></details>'
    )


def _mark(row: SheetRow) -> str:
    return f'<span class="k">{row.mark}</span>' if row.mark else ""


def _found(row: SheetRow) -> str:
    """What the checks find in the row; a script draws the same (answers.js)."""
    if not row.findings:
        return ""
    return "".join(f'<span class="f {one.css}">{esc(one.text)}</span>' for one in row.findings)


def _said(row: SheetRow) -> str:
    """The comments that are open, in place beneath the label."""
    if not row.comments:
        return ""
    return "".join(
        f'<span class="t"><b>Ý kiến:</b> {esc(one.text)} <i>{esc(one.signed)}</i></span>'
        for one in row.comments
    )


def _remarks(row: SheetRow) -> str:
    return (f"<mark>{esc(row.note)}</mark>" if row.note else "") + details_html(row)


def details_html(row: SheetRow) -> str:
    return "".join(f'<i class="e">{esc(line)}</i>' for line in row.details)
