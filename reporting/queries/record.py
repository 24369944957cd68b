"""The record searched: all its tables as one list, newest first, page by page."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from itertools import islice, product
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from indicators.definition import RowDefinition
from indicators.kinds import Act, Severity
from indicators.models import FormVersion, IndicatorEvent, Row, VersionEvent
from reporting.models import (
    CheckedFinding,
    CheckRun,
    Comment,
    Evidence,
    ExportRecord,
    FigureChange,
    Filing,
    FindingAnswer,
    RecordLine,
    Round,
    Submission,
    Transition,
)
from reporting.tidings import KIND_OF, RecordKind, Subject
from reporting.workflow import MOVES

PAGE = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MARK = re.compile(r"(\d{1,17})-(\d{1,2})-(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reads:
    """What of the record a person reads: of which provinces, of the portal itself, of the
    catalogue. An operator reads who was given which account, and nothing of a report."""

    provinces: frozenset[int] = frozenset()
    is_operator: bool = False
    catalogue: bool = False

    def __bool__(self) -> bool:
        return bool(self.provinces) or self.is_operator or self.catalogue


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for in the record. None and empty words ask for nothing; people and agencies
    that nobody is find nothing. ``row`` is one of the form of ``report``."""

    first: date | None = None
    last: date | None = None
    people: Collection[int] | None = None
    agencies: Collection[int] | None = None
    round: int | None = None
    kind: RecordKind | None = None
    words: str = ""
    request: str = ""
    report: Submission | None = None
    row: RowDefinition | None = None


class Mark(NamedTuple):
    """The place of one line. Lines of one moment stand by table and number, so that a page ends
    between two lines whatever their times."""

    at: datetime
    rank: int
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.rank}-{self.pk}"


def mark_from(text: str) -> Mark | None:
    """Return the mark that ``text`` is of; None for any other text.

    >>> str(mark_from("1773302400000001-3-17")), mark_from("hôm qua")
    ('1773302400000001-3-17', None)
    """
    found = _MARK.fullmatch(text)
    if found is None:
        return None
    microseconds, rank, pk = map(int, found.groups())
    return Mark(_EPOCH + microseconds * _MICROSECOND, rank, pk)


class Line(NamedTuple):
    """One line: its place and what stands there. ``ends`` says that it is the second act on a
    thing: a comment settled, a file taken away."""

    mark: Mark
    act: Any
    ends: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, newest first; ``after`` is where the next page begins, None at the end."""

    lines: Sequence[Line]
    after: Mark | None


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of the record, and where its lines say what a search asks for; a line of a table
    that can not say it ("") is not what is looked for.

    ``texts`` are the columns with words; with ``labels`` the row's words count too. ``says`` are
    words in which each line is told, ``named`` a column of closed words with what each is told as.
    """

    lines: Callable[[], QuerySet[Any]]
    kind: RecordKind | None
    at: str = "at"
    by: str = "by"
    agency: str = "submission__agency"
    round: str = "submission__round"
    report: str = "submission"
    row: str = ""
    request: str = "request_id"
    texts: Sequence[str] = ()
    labels: bool = False
    says: str = ""
    named: tuple[str, Mapping[str, str]] | None = None
    ends: bool = False


def _changes() -> QuerySet[FigureChange]:
    """A line that only keeps the name of an entry, because it changed nothing, is for the portal
    and not for people."""
    return (
        FigureChange.objects.exclude(before=F("after"))
        .exclude(before__isnull=True, after__isnull=True)
        .select_related("submission__round", "row", "by")
    )


def _moves() -> QuerySet[Transition]:
    """Moves, each with the number and the hash of what was handed in by it."""
    filed = Filing.objects.filter(submission=OuterRef("submission"), at=OuterRef("at"))
    return Transition.objects.select_related("submission__round", "by").annotate(
        number=Subquery(filed.values("number")[:1]), sha256=Subquery(filed.values("sha256")[:1])
    )


def _runs() -> QuerySet[CheckRun]:
    """Checks at handing in, each with how much of which severity was found."""
    counts = {
        severity.value: Subquery(
            CheckedFinding.objects.filter(run=OuterRef("pk"), severity=severity.value)
            .order_by()
            .values("run")
            .annotate(count=Count("pk"))
            .values("count")
        )
        for severity in Severity
    }
    return CheckRun.objects.select_related("submission__round", "by").annotate(**counts)


def _of_reports(manager: Any, *beside: str) -> Callable[[], QuerySet[Any]]:
    return lambda: manager.select_related("submission__round", *beside)


# In this order acts of one moment came about: checked, then handed in; saved, then begun.
_TABLES = (
    _Table(
        _changes,
        RecordKind.FIGURES,
        row="row",
        texts=("reason", "source"),
        labels=True,
        says="lưu ô số liệu",
    ),
    _Table(
        _of_reports(Evidence.objects, "row", "by"),
        RecordKind.FILES,
        row="row",
        request="",
        texts=("name",),
        says="gắn tệp",
    ),
    _Table(
        _of_reports(Evidence.objects.filter(removed_at__isnull=False), "row", "removed_by"),
        RecordKind.FILES,
        at="removed_at",
        by="removed_by",
        row="row",
        request="",
        texts=("name",),
        says="gỡ tệp",
        ends=True,
    ),
    _Table(
        _of_reports(Comment.objects, "row", "by"),
        RecordKind.COMMENTS,
        row="row",
        request="",
        texts=("text",),
        says="ghi ý kiến",
    ),
    _Table(
        _of_reports(Comment.objects.filter(resolved_at__isnull=False), "row", "resolved_by"),
        RecordKind.COMMENTS,
        at="resolved_at",
        by="resolved_by",
        row="row",
        request="",
        texts=("text",),
        says="đánh dấu đã xong ý kiến",
        ends=True,
    ),
    _Table(
        _of_reports(FindingAnswer.objects, "by"),
        RecordKind.CHECKS,
        row="place",
        texts=("text", "code", "found"),
        says="giải trình",
    ),
    _Table(_runs, RecordKind.CHECKS, request="", says="kiểm tra khi gửi"),
    _Table(
        _moves,
        RecordKind.STATES,
        texts=("reason",),
        named=("move", {move.name: move.done for move in MOVES.values()}),
    ),
    _Table(
        lambda: ExportRecord.objects.select_related(
            "submission__round", "round", "by", "code"
        ).defer("code__content"),
        RecordKind.FILES,
        round="round",
        texts=("file_name", "layout", "code__code", "sha256"),
        says="tải phụ lục",
    ),
    _Table(
        lambda: VersionEvent.objects.select_related("version", "by").defer(
            "content", "version__draft"
        ),
        RecordKind.CATALOGUE,
        texts=("note", "version__code"),
        named=("act", {act.value: act.label for act in Act}),
        agency="",
        round="",
        report="",
    ),
    _Table(
        lambda: IndicatorEvent.objects.select_related("indicator", "by"),
        RecordKind.CATALOGUE,
        texts=("note", "indicator__code", "indicator__name"),
        says="sửa chỉ tiêu",
        agency="",
        round="",
        report="",
    ),
    _Table(
        lambda: RecordLine.objects.select_related("agency", "round", "person", "by"),
        None,
        agency="agency",
        round="round",
        report="",
        texts=("what", "reason"),
    ),
)
_LINES = _TABLES[-1]
# Whom an operator gives accounts to, and where.
_OPERATORS = [Subject.AGENCY.value, Subject.PERSON.value, Subject.SIGN_IN.value]


def search(reads: Reads, wanted: Wanted, *, after: Mark | None = None, limit: int = PAGE) -> Page:
    """Return the ``limit`` lines that come after a mark, newest first, of all that is read and
    wanted. One query for each table that can have such lines, and one for their forms."""
    found = [
        _lines(rank, table, scope & _asked(table, wanted), after, limit + 1)
        for rank, table in enumerate(_TABLES)
        if _has(table, wanted) and (scope := _scope(table, reads)) is not None
    ]
    lines = list(islice(merge(*found, key=lambda line: line.mark, reverse=True), limit + 1))
    shown = lines[:limit]
    _fetch_forms(shown)
    return Page(shown, shown[-1].mark if len(lines) > limit else None)


def every(reads: Reads, wanted: Wanted, *, limit: int, chunk: int = 1000) -> Iterator[Line]:
    """Yield the first ``limit`` lines; no more of them than a chunk are held at once."""
    after: Mark | None = None
    while limit > 0:
        page = search(reads, wanted, after=after, limit=min(chunk, limit))
        yield from page.lines
        if page.after is None:
            return
        after, limit = page.after, limit - len(page.lines)


def _lines(rank: int, table: _Table, asked: Q, after: Mark | None, limit: int) -> Sequence[Line]:
    """Return the newest lines of one table behind a mark."""
    lines = table.lines().filter(asked)
    if after is not None:
        # Of the moment itself: the tables that stand behind, and of its own the lines behind.
        lines = lines.filter(**{f"{table.at}__lte": after.at})
        if rank > after.rank:
            lines = lines.filter(**{f"{table.at}__lt": after.at})
        elif rank == after.rank:
            lines = lines.filter(Q(**{f"{table.at}__lt": after.at}) | Q(pk__lt=after.pk))
    return [
        Line(Mark(getattr(act, table.at), rank, act.pk), act, table.ends)
        for act in lines.order_by(f"-{table.at}", "-pk")[:limit]
    ]


def _scope(table: _Table, reads: Reads) -> Q | None:
    """Return which lines of a table a person reads; None where none."""
    if table.kind is RecordKind.CATALOGUE:
        return Q() if reads.catalogue else None
    if table is _LINES:
        return _lines_read(reads)
    if not reads.provinces:
        return None
    return _round_is(table, province__in=reads.provinces)


def _round_is(table: _Table, **condition: object) -> Q:
    """A condition on the round of a line, asked of each line, newest first, until the page is full.
    On what is joined, a database may collect all lines of the round first, and sort them."""
    return Q(Exists(Round.objects.filter(pk=OuterRef(table.round), **condition)))


def _lines_read(reads: Reads) -> Q | None:
    scope = Q(province__in=reads.provinces) if reads.provinces else None
    if reads.is_operator:
        own = Q(province=None) | Q(subject__in=_OPERATORS)
        return scope | own if scope else own
    return scope


def _has(table: _Table, wanted: Wanted) -> bool:
    """Say whether lines of a table can be what is wanted."""
    asked = (
        (wanted.agencies is not None, table.agency),
        (wanted.round is not None, table.round),
        (wanted.report is not None, table.report or table is _LINES),
        (wanted.row is not None, table.row),
        (bool(wanted.request), table.request),
    )
    kinds = KIND_OF.values() if table is _LINES else (table.kind,)
    return all(can for is_asked, can in asked if is_asked) and (
        wanted.kind is None or wanted.kind in kinds
    )


def _asked(table: _Table, wanted: Wanted) -> Q:
    """Return what is wanted as a condition on a table that can have it."""
    asked = Q()
    if wanted.first:
        asked &= Q(**{f"{table.at}__gte": _midnight(wanted.first)})
    if wanted.last:
        asked &= Q(**{f"{table.at}__lt": _midnight(wanted.last + timedelta(days=1))})
    if wanted.agencies is not None:
        asked &= Q(**{f"{table.agency}__in": wanted.agencies})
    if wanted.round is not None:
        asked &= _round_is(table, pk__in=[wanted.round])
    if wanted.row is not None:
        asked &= Q(**{table.row: wanted.row.key if table.row == "place" else wanted.row.id})
    if wanted.request:
        asked &= Q(**{table.request: wanted.request})
    asked &= _about(table, wanted) & _said(table, wanted.words)
    if table is _LINES and wanted.kind:
        asked &= Q(subject__in=[one.value for one in Subject if KIND_OF[one] is wanted.kind])
    return asked


def _about(table: _Table, wanted: Wanted) -> Q:
    """Of these people: who acted, and whom an act was on. Of this report: what was done for its
    agency in its round, too."""
    asked = Q()
    if wanted.people is not None:
        asked &= Q(**{f"{table.by}__in": wanted.people})
        if table is _LINES:
            asked |= Q(person__in=wanted.people)
    report = wanted.report
    if report is not None and table is _LINES:
        asked &= Q(agency=report.agency_id, round=report.round_id)
    elif report is not None:
        asked &= Q(**{table.report: report})
    return asked


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _said(table: _Table, words: str) -> Q:
    """The condition that a line is told with ``words``. SQLite folds the case of ASCII letters
    only: the usual writings of other letters are asked for one by one."""
    folded = words.casefold()
    if folded in table.says.casefold():
        return Q()
    writings = {words, words.lower(), words.upper(), words[:1].upper() + words[1:], words.title()}
    said = _any_of(table.texts, writings)
    if table.labels:
        # Found among the rows of all forms once, not read beside each line.
        said |= Q(row__in=Row.objects.filter(_any_of(["label"], writings)).values("pk"))
    if table.named:
        column, names = table.named
        said |= Q(**{f"{column}__in": [one for one in names if folded in names[one].casefold()]})
    return said


def _any_of(texts: Iterable[str], writings: Iterable[str]) -> Q:
    found = Q(pk=None)
    for text, writing in product(texts, writings):
        found |= Q(**{f"{text}__icontains": writing})
    return found


def _fetch_forms(lines: Sequence[Line]) -> None:
    """Give each report the version of its form, as far as reading its definition needs it."""
    reports = [
        report for line in lines if (report := getattr(line.act, "submission", None)) is not None
    ]
    wanted = {report.form_version_id for report in reports}
    versions = FormVersion.objects.only("status", "content_hash").in_bulk(wanted)
    for report in reports:
        report.form_version = versions[report.form_version_id]
