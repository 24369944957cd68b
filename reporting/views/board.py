"""The page of progress: all agencies of a province over its rounds, at a glance."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe
from django_htmx.http import HTMX_STOP_POLLING

from indicators.kinds import AgencyKind
from indicators.words import clean
from reporting.access import province_for, provinces_for
from reporting.documents.board import board_file
from reporting.documents.formats.listing import LIST_FORMATS
from reporting.models import Round
from reporting.numbers import write
from reporting.progress import (
    LATE_SIGN,
    NIL_SIGN,
    NOT_EXPECTED,
    NOT_EXPECTED_SIGN,
    OVERDUE_SIGN,
    Only,
    Stage,
)
from reporting.queries.board import COUNTED, Board, BoardRow, Totals, Wanted, board, rounds_of
from reporting.schedule import Stage as RoundStage
from reporting.schedule import stage
from reporting.views.board_rows import rows_html
from reporting.views.files import download
from reporting.views.requests import SignedInRequest
from reporting.workflow import ROUND_READERS, RoundStatus

ARCHIVE = "luu-tru"
COLUMNS = 8
ON_A_PAGE = 250
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: of which rounds (a year, the archive, or all), which of them stand
    side by side, which is looked at more closely, and to which agencies the board is narrowed."""

    province: str = ""
    period: str = ""
    columns: int = 1
    at: str = ""
    only: Only = Only.ALL
    kind: str = ""
    area: str = ""
    search: str = ""
    page: int = 1

    @property
    def query(self) -> str:
        """The same as an address."""
        said = {name: getattr(self, part) for name, part in _PARTS.items()}
        return urlencode({name: value for name, value in said.items() if value not in {"", 1}})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.only or self.kind or self.area or self.search)


# The parts of an address and what each asks for.
_PARTS = {
    "tinh": "province",
    "ky": "period",
    "cot": "columns",
    "dot": "at",
    "tinh-trang": "only",
    "loai": "kind",
    "dia-ban": "area",
    "tim": "search",
    "trang": "page",
}


def _asked(request: HttpRequest) -> Asked:
    """Read the address; what it cannot mean is left out."""
    said = {name: clean(request.GET.get(name, ""))[:LONGEST_SEARCH] for name in _PARTS}
    only, kind = said["tinh-trang"], said["loai"]
    return Asked(
        province=said["tinh"],
        period=said["ky"],
        columns=_number(said["cot"]),
        at=said["dot"],
        only=Only(only) if only in set(Only) else Only.ALL,
        kind=kind if kind in set(AgencyKind) else "",
        area=said["dia-ban"],
        search=said["tim"],
        page=_number(said["trang"]),
    )


def _number(text: str) -> int:
    return max(int(text), 1) if text.isdecimal() and len(text) < 7 else 1


@dataclass(frozen=True, slots=True)
class Spread:
    """The rounds that stand side by side, the one looked at more closely, and what else there is to
    choose."""

    rounds: Sequence[Round]
    at: Round | None
    columns: int
    sheets: int
    years: Sequence[int]
    has_archive: bool


@dataclass(frozen=True, slots=True)
class TotalCell:
    """One count of one round, and the address of the agencies behind it."""

    round: Round
    text: str
    aside: str = ""
    query: str = ""


@require_safe
def detail(request: SignedInRequest) -> HttpResponse:
    """Show the board; to a page that is open already its table alone, as it stands now."""
    asked, today = _asked(request), timezone.localdate()
    province = province_for(request.user, asked.province, ROUND_READERS)
    spread = _spread(rounds_of(province), asked, today)
    asked = replace(asked, columns=spread.columns, at=spread.at.code if spread.at else "")
    found = board(province, spread.rounds, _wanted(asked, spread), today)
    page = Paginator(found.rows, ON_A_PAGE).get_page(asked.page)
    asked = replace(asked, page=page.number)
    is_live = any(_is_live(one, today) for one in spread.rounds)
    is_part = bool(request.htmx) and not request.htmx.history_restore_request
    return render(
        request,
        "rounds/board_table.html" if is_part else "rounds/board.html",
        {
            "asked": asked,
            "provinces": provinces_for(request.user, ROUND_READERS),
            "province": province,
            "spread": spread,
            "board": found,
            "body": _body(list(page), found, spread),
            "totals": [
                (only, [_total(found.totals[one.pk], only, one, asked) for one in spread.rounds])
                for only in COUNTED[1:]
            ],
            "page": page,
            "query": f"{replace(asked, page=1).query}&",
            "older": replace(asked, columns=asked.columns + 1, at="", page=1).query,
            "newer": replace(asked, columns=asked.columns - 1, at="", page=1).query,
            "newest": Asked(asked.province).query,
            "archive": Asked(asked.province, ARCHIVE).query,
            "everybody": Asked(asked.province, asked.period, asked.columns, asked.at).query,
            "kinds": found.kinds,
            "standings": list(Only),
            "legend": _LEGEND,
            "formats": LIST_FORMATS.values(),
            "is_live": is_live,
            "now": timezone.now(),
            "today": today,
            "longest": LONGEST_SEARCH,
        },
        # What asks again and again is told when there is nothing more to wait for.
        status=HTMX_STOP_POLLING if is_part and not is_live else 200,
    )


# Signs that stand for nothing by themselves are shown in an example.
_LEGEND = (
    *((stage.value, stage.sign, stage.label) for stage in Stage if stage is not Stage.DRAFT),
    (Stage.DRAFT.value, "40 %", "đang nhập, đã trả lời 40 % số dòng"),
    ("late", f"{OVERDUE_SIGN} 40 %", "quá hạn, chưa gửi"),
    ("", LATE_SIGN, "gửi sau hạn"),
    ("", NIL_SIGN, "cả báo cáo không phát sinh"),
    ("", "×2", "hai báo cáo, hiện báo cáo chậm hơn"),
    ("none", NOT_EXPECTED_SIGN, NOT_EXPECTED),
)


@require_GET
def export(request: SignedInRequest, extension: str) -> HttpResponse:
    """Send the board as a list: all agencies that are asked for, in the rounds side by side."""
    asked, today = _asked(request), timezone.localdate()
    province = province_for(request.user, asked.province, ROUND_READERS)
    spread = _spread(rounds_of(province), asked, today)
    found = board(province, spread.rounds, _wanted(asked, spread), today)
    format_ = LIST_FORMATS[extension]
    return download(board_file(province, spread.rounds, found.rows, format_, by=request.user))


def _spread(rounds: Sequence[Round], asked: Asked, today: date) -> Spread:
    years = sorted({year for one in rounds if (year := _year(one))}, reverse=True)
    kept = [one for one in rounds if _is_of(one, asked.period)]
    sheets = max(-(-len(kept) // COLUMNS), 1)
    columns = min(asked.columns, sheets)
    shown = kept[(columns - 1) * COLUMNS : columns * COLUMNS]
    at = next((one for one in shown if one.code == asked.at), None)
    return Spread(
        shown,
        at or _nearest(shown, today) or next(iter(shown), None),
        columns,
        sheets,
        years,
        has_archive=any(one.is_archive for one in rounds),
    )


def _is_of(round_: Round, period: str) -> bool:
    """An archive is looked at only where it is asked for."""
    if round_.is_archive or period == ARCHIVE:
        return round_.is_archive and period == ARCHIVE
    return not period or str(_year(round_)) == period


def _year(round_: Round) -> int | None:
    return round_.data_to.year if round_.data_to and not round_.is_archive else None


def _is_live(round_: Round, today: date) -> bool:
    """Reports of the round may change while somebody looks on."""
    is_open = round_.status == RoundStatus.OPEN
    return is_open and round_.closes_on is not None and today <= round_.closes_on


def _nearest(rounds: Sequence[Round], today: date) -> Round | None:
    """Return the round that is due next of those that take figures today: one that was opened
    ahead of its days says nothing yet."""
    taking = [
        (one.due_on < today, one.due_on, one.code, one)
        for one in rounds
        if stage(RoundStatus(one.status), one.days, today) is RoundStage.TAKING and one.due_on
    ]
    return min(taking)[-1] if taking else None


def _wanted(asked: Asked, spread: Spread) -> Wanted:
    at = spread.at.pk if spread.at else None
    return Wanted(asked.kind, asked.area, asked.search, asked.only, at)


def _body(rows: Sequence[BoardRow], found: Board, spread: Spread) -> str:
    if spread.at is None:
        return ""
    return rows_html(
        rows,
        spread.rounds,
        at=spread.at,
        of_kind=Counter(row.kind for row in found.rows),
    )


def _total(totals: Totals, only: Only, round_: Round, asked: Asked) -> TotalCell:
    """Say one count of a round; of those sent and of those in time, of how many."""
    count, expected = totals.counts[only], totals.counts[Only.ALL]
    if round_.status == RoundStatus.CANCELLED or not expected:
        return TotalCell(round_, "–")
    query = replace(asked, at=round_.code, only=only, page=1).query
    if only in {Only.SENT, Only.APPROVED}:
        return TotalCell(round_, f"{count}/{expected}", query=query)
    if only is Only.ON_TIME:
        percent = totals.percent_on_time
        if percent is None:
            return TotalCell(round_, "–")
        return TotalCell(round_, f"{write(percent)} %", f"{count}/{totals.timed}", query)
    return TotalCell(round_, str(count), query=query)
