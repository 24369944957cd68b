"""The matrix's part of the budgets: the figures of all agencies of a round on one page, and as
files."""

from dataclasses import replace
from html import escape
from io import BytesIO

from django.db import connection
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from indicators.queries.definitions import form_definition
from reporting.calculations.contributions import Basis
from reporting.documents.formats import list_docx
from reporting.documents.formats.listing import Listing, render_listing
from reporting.documents.formats.workbook import FONT, NUMBER_FORMATS
from reporting.documents.matrix import Wanted, matrix_rows
from reporting.documents.matrix import matrix as laid_out
from reporting.documents.matrix_file import matrix_listing
from reporting.models import Round, User
from reporting.numbers import decimals_of
from reporting.queries.matrix import figures_of
from reporting.queries.province import round_sources
from tests.bench_board import page_of, queries_of
from tests.budgets import KIB, Budget, milliseconds


def matrix(round_: Round, reviewer: User, agencies: int, rows: int) -> list[Budget]:
    """The whole request of a signed-in reviewer, against one query of the same cells joined to a
    table without links, totals or states."""
    page = page_of(reviewer, f"/dot/{round_.code}/bang-so/")
    ranked = page_of(reviewer, f"/dot/{round_.code}/xep-hang/")
    time, bare, ranking = milliseconds(page, lambda: bare_table(round_), ranked, turns=7)
    content, text = page(), bare_table(round_)
    if text.count("<td>") < agencies * rows * 0.8:
        raise SystemExit("The bare table has not the cells of the page.")
    return [
        Budget(
            f"matrix page, {agencies} agencies × {rows} rows", time, "ms", most=10, baseline=bare
        ),
        Budget("  its queries", queries_of(page), "", most=10),
        Budget("  its size, gzipped", len(content) / KIB, "KiB", most=400),
        Budget("ranking by one rate", ranking, "ms", most=5, baseline=bare),
        *as_files(listing_of(round_)),
    ]


def listing_of(round_: Round) -> Listing:
    """The whole table as a list, with its rows at hand."""
    form = form_definition(round_.summary_version)
    rows = matrix_rows(form)
    reports = round_sources(round_, Basis.APPROVED)
    found = laid_out(form, rows, reports, figures_of(reports, form, rows), Wanted())
    listing = matrix_listing(round_, round_.summary_version, found, Basis.APPROVED)
    return replace(listing, rows=list(listing.rows))


def as_files(listing: Listing) -> list[Budget]:
    """The table as Excel, against openpyxl given the same cells with the same look of each."""
    excel, bare, word = milliseconds(
        lambda: render_listing(listing),
        lambda: bare_workbook(listing),
        lambda: list_docx.render(listing),
        turns=5,
    )
    return [
        Budget("matrix as Excel", excel, "ms", most=1.5, baseline=bare),
        Budget("matrix as Word", word, "ms"),
    ]


def bare_workbook(listing: Listing) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    plain, words = Font(name=FONT, size=12), Alignment(wrap_text=True, vertical="top")
    numbers = Alignment(horizontal="right", vertical="top")
    sheet.append([heading for heading, _ in listing.headings])
    for row in listing.rows:
        cells = []
        for said in row:
            cell = WriteOnlyCell(sheet)
            cell.value = said
            cell.font = plain
            cell.alignment = words if isinstance(said, str) else numbers
            if not isinstance(said, str):
                cell.number_format = NUMBER_FORMATS[decimals_of(said)]
            cells.append(cell)
        sheet.append(cells)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def bare_table(round_: Round) -> str:
    """One query of every cell of the round, in the order of the table, joined to its lines."""
    drawn: list[str] = []
    last = 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.id, s.agency_name, f.number, f.choice FROM reporting_figure f"
            " JOIN reporting_submission s ON s.id = f.submission_id"
            " JOIN indicators_row r ON r.id = f.row_id"
            " WHERE s.round_id = %s AND s.state = 'approved'"
            " ORDER BY s.agency_name, s.id, r.position",
            [round_.pk],
        )
        for submission, name, number, choice in cursor:
            if submission != last:
                last = submission
                drawn.append(f"<tr><th>{escape(name)}</th>")
            drawn.append(f"<td>{number if number is not None else choice}</td>")
    return "".join(drawn)
