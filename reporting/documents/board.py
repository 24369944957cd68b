"""The board of progress as a list for Excel: one line for each agency and round."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.utils import timezone

from indicators.kinds import Capacity
from reporting.actions.record import About, remember
from reporting.documents.files import File
from reporting.documents.formats.listing import ListFormat, Listing
from reporting.documents.names import file_stem
from reporting.models import Agency, Round, User
from reporting.progress import NOT_EXPECTED, wanted_by
from reporting.queries.board import BoardRow, Placed, Told, told_of
from reporting.tidings import Subject

STEM = "TienDo"
HEADINGS = (
    ("Đợt", 30),
    ("Đơn vị", 38),
    ("Loại", 20),
    ("Địa bàn", 20),
    ("Biểu mẫu", 18),
    ("Tình trạng", 44),
    ("Đã nhập (%)", 12),
    ("Hạn nộp", 13),
    ("Gửi lần đầu", 13),
    ("Cập nhật", 17),
)


def board_file(
    province: Agency,
    rounds: Sequence[Round],
    rows: Sequence[BoardRow],
    format_: ListFormat,
    *,
    by: User,
    via: str = "page",
) -> File:
    """Return where the agencies of ``rows`` stand in ``rounds`` as a file, and record that it went
    out."""
    now = timezone.localtime()
    told = told_of(rounds)
    listing = Listing(
        name="Tiến độ",
        title=f"Tiến độ báo cáo: {province.name}",
        notes=[f"Lúc {now:%H:%M ngày %d/%m/%Y}, {len(rows)} đơn vị, {len(rounds)} đợt."],
        headings=HEADINGS,
        rows=[line for round_ in rounds for row in rows for line in _lines(row, round_, told)],
    )
    name = f"{file_stem(STEM, province.name, f'{now:%Y-%m-%d}')}.{format_.extension}"
    file = File(name, format_.content_type, format_.render(listing))
    remember(
        Subject.SYSTEM,
        "export_board",
        f"xuất tiến độ của {len(rows)} đơn vị trong {len(rounds)} đợt: tệp {name},"
        f" mã băm {file.sha256}",
        by=by,
        via=via,
        about=About(province=province),
    )
    return file


def _lines(row: BoardRow, round_: Round, told: Mapping[int, Told]) -> Iterator[Sequence[str]]:
    placed = row.reports.get(round_.pk, ())
    who = round_.name, row.name, row.kind.label, row.area
    if not placed:
        yield *who, "", NOT_EXPECTED.capitalize(), "", _day(round_.due_on), "", ""
    for one in placed:
        yield *who, *_standing(one, round_, told[one.pk])


def _standing(one: Placed, round_: Round, told: Told) -> Sequence[str]:
    for_province = told.capacity == Capacity.PROVINCE
    filed = told.filed_at and timezone.localtime(told.filed_at).date()
    return (
        f"{told.form} (số của toàn tỉnh)" if for_province else told.form,
        one.progress.words.capitalize(),
        str(one.progress.percent),
        _day(wanted_by(round_.due_on, None, one.progress.extended_until, mends=False)),
        _day(told.received_on or filed),
        f"{timezone.localtime(told.state_at):%d/%m/%Y %H:%M}",
    )


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
