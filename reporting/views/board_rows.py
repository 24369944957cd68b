"""The rows of the board as HTML. Written here and not in a template because a page has two thousand
cells: joined in Python they take a tenth of a template's time.

Every text from people goes through ``esc``. A cell's link carries the name of its agency and round,
so that it speaks for itself, and an id, so that the focus outlives a refreshing.
"""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from reporting.models import AgencyKind, Round
from reporting.progress import NOT_EXPECTED, NOT_EXPECTED_SIGN
from reporting.queries.board import BoardRow, Placed
from reporting.views.rows import esc


def rows_html(
    rows: Sequence[BoardRow],
    rounds: Sequence[Round],
    *,
    at: Round,
    of_kind: Mapping[AgencyKind, int],
) -> SafeString:
    """Return ``rows`` with a cell for each of ``rounds``, each kind of agency under a heading that
    says how many there are; ``at`` is the round that a narrow screen shows."""
    drawn: list[str] = []
    reports = reverse("my-reports")
    kind = None
    for row in rows:
        if row.kind is not kind:
            kind = row.kind
            drawn.append(
                f'<tr class="group"><th scope="rowgroup" colspan="{1 + len(rounds)}">'
                f"<span>{esc(kind.label)} ({of_kind[kind]})</span></th></tr>"
            )
        cells = "".join(_cell(row, one, reports, is_on=one is at) for one in rounds)
        drawn.append(f'<tr><th scope="row">{esc(row.name)}</th>{cells}</tr>')
    return mark_safe("\n".join(drawn))  # noqa: S308 - every text in it is escaped


def _cell(row: BoardRow, round_: Round, reports: str, *, is_on: bool) -> str:
    on = ' class="on"' if is_on else ""
    placed = row.reports.get(round_.pk)
    if not placed:
        return (
            f'<td{on}><span class="none"><b aria-hidden="true">{NOT_EXPECTED_SIGN}</b>'
            f'<span class="w">{NOT_EXPECTED}</span></span></td>'
        )
    worst = placed[0].progress
    many = f" ×{len(placed)}" if len(placed) > 1 else ""
    return (
        f'<td{on}><a id="o-{row.pk}-{round_.pk}" class="{worst.css}"'
        f' href="{reports}{placed[0].pk}/"><b aria-hidden="true">{worst.sign}{many}</b>'
        f'<span class="w">{esc(_words(placed))}</span>'
        f'<span class="vh">: {esc(row.name)}, {esc(round_.name)}</span></a></td>'
    )


def _words(placed: Sequence[Placed]) -> str:
    """What the cell says in full: of several reports, each."""
    told = "; ".join(one.progress.words for one in placed)
    return f"{len(placed)} báo cáo: {told}" if len(placed) > 1 else told
