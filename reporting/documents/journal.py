"""The record as a list for Excel: one line for each changed cell and each other act."""

from collections.abc import Iterator, Sequence
from itertools import chain

from django.utils import timezone

from reporting.actions.record import About, remember
from reporting.documents.files import File
from reporting.documents.formats.listing import ListFormat, Listing
from reporting.documents.record import Event, told_singly
from reporting.models import Agency, User
from reporting.queries.record import Reads, Wanted, every
from reporting.tidings import Subject

MOST_LINES = 50_000
MOST = f"{MOST_LINES:,}".replace(",", ".")
HEADINGS = (
    ("Lúc", 20),
    ("Ai", 24),
    ("Việc", 40),
    ("Báo cáo, đợt, đơn vị", 36),
    ("Thay đổi", 40),
    ("Trước", 22),
    ("Sau", 22),
    ("Lý do, nội dung", 36),
    ("Từ đâu", 26),
    ("Mã yêu cầu", 20),
)


def journal_file(reads: Reads, wanted: Wanted, format_: ListFormat, *, by: User) -> File:
    """Return what is read and wanted of the record as a file, and record that it went out."""
    now = timezone.localtime()
    listing = Listing(
        name="Nhật ký",
        title="Nhật ký",
        notes=[f"{by} xuất lúc {now:%H:%M ngày %d/%m/%Y}; nhiều nhất {MOST} dòng."],
        headings=HEADINGS,
        rows=_rows(reads, wanted),
    )
    content = format_.render(listing)
    file = File(f"NhatKy_{now:%Y-%m-%d}.{format_.extension}", format_.content_type, content)
    for province in Agency.objects.filter(pk__in=reads.provinces) or [None]:
        remember(
            Subject.SYSTEM,
            "export-journal",
            f"tải nhật ký {format_.label} ({file.name}), mã băm {file.sha256}",
            by=by,
            via="page",
            about=About(province=province),
        )
    return file


def _rows(reads: Reads, wanted: Wanted) -> Iterator[Sequence[str]]:
    """Yield the lines of the list, read some at a time; a list that is cut says so at its end."""
    lines = every(reads, wanted, limit=MOST_LINES + 1)
    for number, line in enumerate(lines):
        if number == MOST_LINES:
            yield ["…", "", _CUT, *[""] * (len(HEADINGS) - 3)]
            return
        yield _row(told_singly(line))


_CUT = "Còn nữa; hãy lọc theo ngày để xuất phần còn lại."


def _row(event: Event) -> Sequence[str]:
    changes = event.changes
    return [
        f"{timezone.localtime(event.at):%H:%M:%S %d/%m/%Y}",
        event.by,
        event.what,
        event.place.words,
        "\n".join(chain((change.name for change in changes), event.words)),
        "\n".join(change.before for change in changes),
        "\n".join(change.after for change in changes),
        event.reason,
        event.via,
        event.request,
    ]
