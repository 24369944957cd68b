"""A form version tried out: as paper, as a blank to print, and filled in with figures that are
thrown away. Nothing here touches a submission."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from indicators.access import version_for
from indicators.kinds import AgencyKind
from indicators.models import FormVersion, Function
from indicators.queries.definitions import form_definition
from reporting.documents.files import blank_file
from reporting.documents.formats import FORMATS
from reporting.entry import read_entries
from reporting.printing.appendix import Heading, submission_appendix
from reporting.sheet import build_sheet
from reporting.snapshot import Cell, SubmissionSnapshot, from_record, recorded
from reporting.views.files import download, offers, paper_asked
from reporting.views.requests import SignedInRequest
from reporting.views.rows import edit_sections, findings_html

TRIED_SHORT = "Số liệu nhập thử"
TRIED = f"{TRIED_SHORT}, không phải báo cáo."
# To be written by hand.
DOTS = "……………"
HEADING = Heading(agency=DOTS, place="", period=DOTS)


@dataclass(frozen=True, slots=True)
class Trial:
    """What one person has typed into a version on trial; it lives and ends with the session."""

    request: SignedInRequest
    version: FormVersion

    @property
    def _name(self) -> str:
        return f"trial-{self.version.pk}"

    def cells(self) -> dict[str, Cell]:
        """Return what was typed, by row key: the rows of a draft may have changed since."""
        kept = self.request.session.get(self._name, {})
        return {key: from_record(entries) for key, entries in kept.items()}

    def keep(self, cells: dict[str, Cell]) -> None:
        written = {key: recorded(cell) for key, cell in cells.items() if not cell.is_empty}
        self.request.session[self._name] = written

    def throw_away(self) -> None:
        self.request.session.pop(self._name, None)

    def snapshot(self, body: str = "") -> SubmissionSnapshot:
        """Return the figures as ``body`` would see them: a kind of agency, or a function."""
        form = form_definition(self.version)
        return SubmissionSnapshot(
            form=form,
            cells={key: cell for key, cell in self.cells().items() if key in form.by_key},
            agency_kind=body if body in set(AgencyKind) else AgencyKind.DEPARTMENT if body else "",
            agency_functions=(body,),
        )


@require_http_methods(["GET", "HEAD", "POST"])
def trial(request: SignedInRequest, code: str) -> HttpResponse:
    """Fill a version in as an agency would; a POST reads the boxes as a real saving does."""
    version = version_for(request.user, code)
    tried = Trial(request, version)
    bodies = _bodies(version)
    body = request.GET.get("la", "")
    body = body if body in bodies else ""
    here = request.get_full_path()
    refused = None
    if request.method == "POST" and "drop" in request.POST:
        tried.throw_away()
        messages.success(request, "Đã bỏ số liệu nhập thử.")
        return redirect(here)
    if request.method == "POST":
        before = tried.snapshot()
        entries = read_entries(before.form, request.POST.dict(), before.cells)
        tried.keep({**tried.cells(), **entries.cells})
        refused = entries.refused
        if not refused:
            messages.success(request, f"Đã nhận {len(entries.cells)} ô.")
            return redirect(here)
    sheet = build_sheet(tried.snapshot(body), refused=refused)
    return render(
        request,
        "catalogue/trial.html",
        {
            "version": version,
            "sheet": sheet,
            "findings": findings_html(sheet.findings),
            "bodies": edit_sections(sheet, here, is_paper=False),
            "may_edit": True,
            "asked": bodies.items(),
            "body": body,
            "offers": offers(version, "trial-file", version.code),
        },
        status=422 if refused else 200,
    )


def _bodies(version: FormVersion) -> dict[str, str]:
    """Return whose part in the form may be looked at: the kinds of agency, and the functions that
    the form names."""
    named = {word for row in form_definition(version).rows for word in (*row.asked, *row.reporters)}
    functions = Function.objects.filter(code__in=named).values_list("code", "name")
    kinds = {kind.value: kind.label for kind in AgencyKind if kind is not AgencyKind.PROVINCE}
    return kinds | {code: f"Sở, cơ quan giữ chức năng {name}" for code, name in functions}


@require_safe
def trial_export(request: SignedInRequest, code: str, extension: str) -> HttpResponse:
    """Send the appendix that the figures on trial would print."""
    version = version_for(request.user, code)
    heading = replace(HEADING, notice=TRIED, standing=TRIED_SHORT)
    appendix = submission_appendix(Trial(request, version).snapshot(), heading)
    return download(
        blank_file(appendix, version, "nhap thu", FORMATS[extension], paper_asked(request, version))
    )


@require_safe
def paper(request: SignedInRequest, code: str) -> HttpResponse:
    """Show the blank form as the paper prints it."""
    version = version_for(request.user, code)
    appendix = submission_appendix(SubmissionSnapshot(form_definition(version)), HEADING)
    return render(
        request,
        "catalogue/paper.html",
        {
            "version": version,
            "appendix": appendix,
            "offers": offers(version, "blank-file", version.code),
        },
    )


@require_safe
def blank_form(request: SignedInRequest, code: str, extension: str) -> HttpResponse:
    """Send the blank form as a file."""
    version = version_for(request.user, code)
    appendix = submission_appendix(SubmissionSnapshot(form_definition(version)), HEADING)
    return download(
        blank_file(
            appendix, version, "mau trong", FORMATS[extension], paper_asked(request, version)
        )
    )
