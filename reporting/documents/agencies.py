"""The list of a province's agencies as a file, filled in or to be filled in."""

from collections.abc import Sequence

from indicators.queries.functions import called
from reporting.actions.record import About, remember
from reporting.documents.files import File
from reporting.documents.formats import csv, xlsx
from reporting.documents.formats.listing import Listing, render_listing
from reporting.models import Agency, User
from reporting.queries.agencies import lines_of
from reporting.roster.columns import COLUMNS, TITLES, WIDTHS, Line, guide, table, write_csv
from reporting.tidings import Subject

_USUAL_WIDTH = 16


def agencies_file(province: Agency, extension: str, *, by: User, via: str = "page") -> File:
    """Return the present list, which can be edited and brought back, and record that it went out.
    A fixed number of queries."""
    lines = list(lines_of(province).values())
    name = f"Don vi {province.code}.{extension}"
    if extension == "csv":
        file = File(name, csv.CONTENT_TYPE, write_csv(lines).encode())
    else:
        file = File(name, xlsx.CONTENT_TYPE, _workbook(province, "Danh sách đơn vị", lines))
    remember(
        Subject.SYSTEM,
        "export_agencies",
        f"xuất danh sách {len(lines)} đơn vị: tệp {name}, mã băm {file.sha256}",
        by=by,
        via=via,
        about=About(province=province),
    )
    return file


def blank_agencies_file(province: Agency) -> File:
    """Return the workbook to be filled in."""
    content = _workbook(province, "Mẫu danh sách đơn vị", [])
    return File(f"Mau don vi {province.code}.xlsx", xlsx.CONTENT_TYPE, content)


def _workbook(province: Agency, title: str, lines: Sequence[Line]) -> bytes:
    return render_listing(
        Listing(
            name="Đơn vị",
            title=f"{title}: {province.name}",
            notes=guide(province.code, called()),
            headings=[(TITLES[name], WIDTHS.get(name, _USUAL_WIDTH)) for name in COLUMNS],
            rows=table(lines),
        )
    )
