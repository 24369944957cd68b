"""The matrix's part of the budgets: the figures of all agencies of a round on one page."""

from html import escape

from django.db import connection

from reporting.models import Round, User
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
    ]


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
