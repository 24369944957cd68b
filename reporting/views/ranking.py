"""The page that ranks the agencies of a round by one row."""

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indicators.definition import FormDefinition, RowDefinition
from indicators.kinds import Kind
from indicators.queries.definitions import form_definition
from reporting.access import round_for
from reporting.calculations.contributions import Basis
from reporting.documents.matrix import Wanted, matrix_rows
from reporting.documents.ranking import choices, compared, ranking
from reporting.queries.matrix import figures_of
from reporting.queries.province import layouts, round_sources
from reporting.views.asked import LONGEST, Asked
from reporting.views.layouts import chosen
from reporting.views.requests import SignedInRequest


@require_safe
def detail(request: SignedInRequest, code: str) -> HttpResponse:
    """Rank the agencies by the row that is asked for; where none is, by the form's first rate."""
    round_ = round_for(request.user, code)
    asked = Asked.of(request)
    forms = layouts(round_)
    layout = chosen(forms, asked.layout)
    form = form_definition(layout)
    row = _row(form, asked.row)
    asked = replace(asked, layout=layout.code, row=row.key)
    found = round_sources(round_, asked.basis)
    wanted = Wanted(asked.kind, asked.area, asked.search)
    ranked = ranking(row, form, found, figures_of(found, form, [row]), wanted)
    return render(
        request,
        "rounds/ranking.html",
        {
            "round": round_,
            "asked": asked,
            "layouts": forms,
            "layout": layout,
            "row": row,
            "above": form.by_key.get(row.parent),
            "choices": choices(form),
            "ranking": ranked,
            "figure": compared(ranked, f"So sánh các đơn vị: {form.names[row.key]}"),
            "read": sum(one.is_taken for one in found),
            "expected": len(found),
            "bases": list(Basis),
            "provisional": replace(asked, basis=Basis.HANDED_IN).query,
            "everybody": Asked(asked.layout, asked.basis, row=asked.row).query,
            "longest": LONGEST,
        },
    )


def _row(form: FormDefinition, key: str) -> RowDefinition:
    rows = matrix_rows(form)
    if key:
        found = next((row for row in rows if row.key == key), None)
    else:
        found = next((row for row in rows if row.kind is Kind.PERCENT), None) or next(
            iter(rows), None
        )
    if found is None:
        raise Http404("Không có dòng này trong biểu tổng hợp.")
    return found
