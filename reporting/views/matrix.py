"""The page of all agencies' figures in one round, and its files."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_safe

from indicators.definition import FormDefinition
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.access import round_for
from reporting.calculations.contributions import Basis
from reporting.documents.formats.printed_lists import MOST_PDF_CELLS, PRINTED_LIST_FORMATS
from reporting.documents.matrix import (
    SHORT,
    Look,
    Matrix,
    Section,
    Wanted,
    cells_of,
    matrix,
    matrix_rows,
    sections_of,
)
from reporting.documents.matrix_file import matrix_file
from reporting.models import Round
from reporting.numbers import write
from reporting.queries.matrix import figures_of
from reporting.queries.province import layouts, round_sources
from reporting.views.asked import LONGEST, Asked
from reporting.views.files import download
from reporting.views.layouts import chosen
from reporting.views.matrix_rows import body_html, head_html
from reporting.views.requests import SignedInRequest


@dataclass(frozen=True, slots=True)
class Found:
    """A round's table as an address asks for it."""

    round: Round
    asked: Asked
    layouts: list[FormVersion]
    layout: FormVersion
    form: FormDefinition
    sections: list[Section]
    matrix: Matrix


@require_safe
def detail(request: SignedInRequest, code: str) -> HttpResponse:
    """Show the figures of all agencies side by side."""
    found = _found(request, code)
    asked, form = found.asked, found.form
    sorted_row = form.by_key.get(asked.key)
    return render(
        request,
        "rounds/matrix.html",
        {
            "round": found.round,
            "asked": asked,
            "layouts": found.layouts,
            "layout": found.layout,
            "sections": found.sections,
            "matrix": found.matrix,
            "bases": list(Basis),
            "head": head_html(found.matrix, _opened(found), _sorted_by(asked), asked.order),
            "body": body_html(found.matrix, is_grouped=sorted_row is None),
            "sorted_by": form.names[sorted_row.key] if sorted_row else "",
            "unsorted": replace(asked, order="").query,
            "everybody": Asked(layout=asked.layout, basis=asked.basis, order=asked.order).query,
            "provisional": replace(asked, basis=Basis.HANDED_IN).query,
            "ranking": Asked(
                asked.layout, asked.basis, asked.kind, asked.area, row=asked.key
            ).query,
            "legend": [(look.value, SHORT[look], look.label) for look in _LEGEND],
            "formats": PRINTED_LIST_FORMATS.values(),
            "too_many": too_many(found.matrix),
            "longest": LONGEST,
        },
    )


_LEGEND = (Look.ABSENT, Look.BLANK, Look.NOT_ASKED, Look.NIL, Look.OUT_OF_SCOPE, Look.NOT_READ)


def too_many(found: Matrix) -> str:
    """Say why the table is not drawn as a PDF; nothing where it is."""
    cells = cells_of(found)
    if cells <= MOST_PDF_CELLS:
        return ""
    return (
        f"Bảng đang xem có {write(Decimal(cells))} ô, bản PDF chứa nhiều nhất"
        f" {write(Decimal(MOST_PDF_CELLS))} ô: hãy chọn một phần của biểu, lọc bớt đơn vị,"
        " hoặc tải bản Word hay Excel."
    )


@require_GET
def export(request: SignedInRequest, code: str, extension: str) -> HttpResponse:
    """Send the same table as a file."""
    found = _found(request, code)
    format_ = PRINTED_LIST_FORMATS[extension]
    if extension == "pdf" and (told := too_many(found.matrix)):
        messages.warning(request, told)
        return redirect(f"{reverse('matrix', args=[code])}?{found.asked.query}")
    file = matrix_file(
        found.round, found.layout, found.matrix, found.asked.basis, format_, by=request.user
    )
    return download(file)


def _found(request: SignedInRequest, code: str) -> Found:
    round_ = round_for(request.user, code)
    asked = Asked.of(request)
    forms = layouts(round_)
    layout = chosen(forms, asked.layout)
    form = form_definition(layout)
    sections = list(sections_of(form))
    if asked.section not in {section.key for section in sections}:
        asked = replace(asked, section="")
    rows = matrix_rows(form, asked.section)
    if asked.key not in {row.key for row in rows}:
        asked = replace(asked, order="")
    found = round_sources(round_, asked.basis)
    figures = figures_of(found, form, rows)
    return Found(
        round_,
        asked,
        forms,
        layout,
        form,
        sections,
        matrix(form, rows, found, figures, _wanted(asked)),
    )


def _wanted(asked: Asked) -> Wanted:
    return Wanted(
        kind=asked.kind,
        area=asked.area,
        search=asked.search,
        only_figures=bool(asked.only_figures),
        key=asked.key,
        is_descending=asked.is_descending,
    )


def _opened(found: Found) -> Callable[[str], str]:
    """Where a figure of the province opens to the agencies behind it."""
    query = {"bieu": found.layout.code}
    if found.asked.is_provisional:
        query["so"] = found.asked.basis.value
    base = f"{reverse('breakdown', args=[found.round.code])}?{urlencode(query)}"
    return lambda key: f"{base}&{urlencode({'dong': key})}"


def _sorted_by(asked: Asked) -> Callable[[str], str]:
    """Where agencies stand in another order, with the column that they are sorted by in sight."""
    others = replace(asked, order="").query

    def address(order: str) -> str:
        if not order:
            return f"?{others}#bang"
        query = "&".join(filter(None, (others, urlencode({"xep": order}))))
        return f"?{query}#c-{quote(order.removeprefix('-'))}"

    return address
