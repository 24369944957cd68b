"""Publishing the province's table, and the tables that were published."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from reporting.access import may_run_round, round_for, run_round_for
from reporting.actions.publications import publish
from reporting.actions.rounds import why_no_act
from reporting.calculations.totals import total
from reporting.documents.files import publication_file
from reporting.documents.formats import FORMATS
from reporting.documents.table import breakdown_lines, table_lines
from reporting.filing import sha256_of
from reporting.models import Publication, Round
from reporting.publication import Provenance, Published, changed_lines, changed_reports, mark_of
from reporting.publication_forms import PublicationForm
from reporting.queries.province import layouts, round_heading
from reporting.queries.publications import (
    FormChanged,
    Publishable,
    forms_of,
    last_publication,
    publication_of,
    publications_of,
    publishable,
)
from reporting.queries.reconciliation import weighed
from reporting.refusals import Refused
from reporting.views.files import download, offers, paper_asked
from reporting.views.province import layout_asked
from reporting.views.requests import SignedInRequest
from reporting.workflow import ROUND_ACTS


@require_http_methods(["GET", "HEAD", "POST"])
def publishing(request: SignedInRequest, code: str) -> HttpResponse:
    """List what was published of a round; whoever runs it sees what would be published now, and
    publishes it."""
    may_post = request.method == "POST"
    round_ = (run_round_for if may_post else round_for)(request.user, code)
    forms = layouts(round_)
    layout = layout_asked(request, forms)
    context: dict[str, object] = {
        "round": round_,
        "layouts": forms,
        "layout": layout,
        "publications": publications_of(round_),
    }
    if not may_run_round(request.user, round_):
        return render(request, "rounds/publications.html", context)
    found = publishable(round_, layout)
    before = last_publication(round_, layout)
    content = found.content(round_heading(round_, notice=""), 0)
    open_differences = sum(not one.is_settled for one in weighed(round_, layout))
    doubts = _doubts(found, open_differences)
    form = PublicationForm(
        request.POST if may_post else None,
        before=_told(before),
        doubts=doubts,
        initial=_known(round_, before),
    )
    error = ""
    if form.is_bound and form.is_valid():
        try:
            made = publish(
                round=round_,
                layout=layout,
                heading=form.heading(),
                seen=request.POST.get("seen", ""),
                by=request.user,
                reason=form.cleaned_data.get("reason", ""),
            )
        except Refused as refusal:
            error = str(refusal)
        else:
            messages.success(request, f"Đã công bố số tổng hợp lần {made.number}.")
            return redirect("publication", code=code, layout=layout.code, number=made.number)
    context |= {
        "form": form,
        "error": error,
        "shut": why_no_act(round_, ROUND_ACTS["publish"]),
        "act": ROUND_ACTS["publish"],
        "found": found,
        "doubts": doubts,
        "before": before,
        **_changes(before, content),
        "seen": mark_of(content),
        "differences": open_differences,
    }
    return render(
        request, "rounds/publications.html", context, status=422 if error or form.errors else 200
    )


def _doubts(found: Publishable, differences: int) -> Sequence[str]:
    """Return what should be known before publishing."""
    said = []
    left = len(found.behind) - found.approved
    if left:
        said.append(
            f"Còn {left}/{len(found.behind)} báo cáo chưa duyệt: số của các đơn vị ấy không có"
            " trong bảng."
        )
    if differences:
        said.append(f"Còn {differences} chỗ lệch chưa có ghi chú ở trang đối chiếu.")
    return said


def _told(before: Publication | None) -> str:
    """Say who published last, and when."""
    if before is None:
        return ""
    return f"{before.by} đã công bố lần {before.number} lúc {localtime(before.at):%H:%M %d/%m/%Y}"


def _known(round_: Round, before: Publication | None) -> dict[str, object]:
    """Return what the boxes begin with: as it was published last, of today."""
    if before is None:
        return {
            "report_date": timezone.localdate(),
            "signer_title": round_.province.signer_title,
        }
    return {
        "report_date": timezone.localdate(),
        "report_number": before.report_number,
        "signer_title": before.signer_title,
        "signer_name": before.signer_name,
    }


def _changes(before: Publication | None, content: str) -> dict[str, object]:
    """Return which rows and reports differ from the last publication."""
    if before is None:
        return {"changed": (), "changed_reports": ()}
    old, new = Published(before.content), Published(content)
    return {
        "changed": changed_lines(old.appendix, new.appendix),
        "changed_reports": changed_reports(old, new),
    }


@require_safe
def publication(request: SignedInRequest, code: str, layout: str, number: int) -> HttpResponse:
    """Show a published table as it was frozen, and what it changed against the one before."""
    round_, found = _publication(request, code, layout, number)
    published = Published(found.content)
    before = publication_of(round_, number - 1, layout)
    earlier = Published(before.content) if before is not None else None
    return render(
        request,
        "rounds/publication.html",
        {
            "round": round_,
            "publication": found,
            "table": published.appendix,
            "reports": published.reports,
            "before": before,
            "changed": changed_lines(earlier.appendix, published.appendix) if earlier else (),
            "changed_reports": changed_reports(earlier, published) if earlier else (),
            "is_whole": sha256_of(found.content) == found.sha256,
            "later": publications_of(round_)
            .filter(form_version=found.form_version, number__gt=number)
            .first(),
            "offers": offers(found.form_version, "publication-file", code, layout, number),
        },
    )


@require_safe
def row(request: SignedInRequest, code: str, layout: str, number: int, key: str) -> HttpResponse:
    """Open one published figure to the agencies it stood on, from its frozen text alone."""
    round_, found = _publication(request, code, layout, number)
    published = Published(found.content)
    try:
        forms = forms_of(published)
    except FormChanged as change:
        raise Http404(str(change)) from change
    definition = forms[layout].by_key.get(key)
    if definition is None or not definition.is_added:
        raise Http404("Không có dòng này trong bảng đã công bố.")
    parts = published.contributions(key, forms)
    whence = {
        place: Provenance(report["filing"], report["approved_by"])
        for place, report in enumerate(published.reports)
    }
    return render(
        request,
        "rounds/publication_row.html",
        {
            "round": round_,
            "publication": found,
            "row": definition,
            "parent": forms[layout].by_key.get(definition.parent),
            "line": table_lines([total(definition, parts)])[0],
            "parts": breakdown_lines(parts, whence),
        },
    )


@require_GET
def export(
    request: SignedInRequest, code: str, layout: str, number: int, extension: str
) -> HttpResponse:
    """Send a published table as a file."""
    _, found = _publication(request, code, layout, number)
    return download(
        publication_file(
            found,
            FORMATS[extension],
            by=request.user,
            paper=paper_asked(request, found.form_version),
        )
    )


def _publication(
    request: SignedInRequest, code: str, layout: str, number: int
) -> tuple[Round, Publication]:
    round_ = round_for(request.user, code)
    found = publication_of(round_, number, layout)
    if found is None:
        raise Http404("Đợt này không có lần công bố ấy.")
    return round_, found
