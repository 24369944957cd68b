"""Beginning a draft from an earlier version, a file or nothing; its head and its rules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.access import (
    CatalogueRequest,
    managed_version,
    require_manager,
    version_for,
)
from indicators.actions.drafts import (
    begin_draft,
    keep_upload,
    rewrite_head,
    write_draft,
)
from indicators.actions.reading import Found
from indicators.actions.record import CatalogueRefused
from indicators.catalogue.conditions import Phrase, phrases
from indicators.catalogue.documents import from_record
from indicators.catalogue.files import BadFile
from indicators.catalogue.lint import what_is_wrong
from indicators.catalogue.problems import Problem
from indicators.catalogue.written import Document
from indicators.definition import FormDefinition
from indicators.forms.boxes import place_errors
from indicators.forms.drafts import (
    HeadForm,
    RuleForm,
    RuleFormSet,
    SourceForm,
    rules_of,
    suggested_code,
)
from indicators.formulas import BadFormula, parse_check
from indicators.formulas.examples import WRITINGS
from indicators.kinds import Act, Kind, Status
from indicators.models import Form, FormVersion
from indicators.queries.definitions import document_of, form_definition, head_of
from indicators.queries.known import known
from indicators.views.requests import (
    original,
    posted,
    posted_revision,
    read_given,
    tell_remarks,
    to_version,
)
from indicators.words import clean


@require_http_methods(["GET", "HEAD", "POST"])
def new_draft(request: CatalogueRequest) -> HttpResponse:
    """Begin a draft: from an earlier version, from a file or a pasted table, or empty."""
    require_manager(request.user)
    source = _source_version(request)
    forms = dict(Form.objects.values_list("code", "name"))
    if request.method != "POST":
        head = HeadForm(known_forms=forms, initial=_next_head(source))
        return _new_page(request, head, SourceForm(), source)
    head = HeadForm(request.POST, known_forms=forms)
    given = SourceForm(request.POST, request.FILES)
    if not (head.is_valid() and given.is_valid()):
        return _new_page(request, head, given, source)
    base = document_of(source) if source else Document()
    try:
        found = read_given(given, form=head.head().form, base=base)
    except BadFile as error:
        given.add_error(None, str(error))
        return _new_page(request, head, given, source)
    if found is not None and found.stops:
        return _new_page(request, head, given, source, found=found)
    document = found.document if found and found.document else base
    try:
        version = begin_draft(
            head=head.head(), document=document, by=request.user, note=_where_from(given, source)
        )
    except ValidationError as error:
        place_errors(head, error)
        return _new_page(request, head, given, source)
    if found is not None:
        name, content = original(given)
        keep_upload(
            version=version,
            file_name=name,
            original=content,
            document=None,
            by=request.user,
        )
        tell_remarks(request, found)
    messages.success(request, f"Đã lập bản thảo {version.code} với {len(document.rows)} dòng.")
    return redirect("draft", code=version.code)


def _new_page(
    request: CatalogueRequest,
    head: HeadForm,
    given: SourceForm,
    source: FormVersion | None,
    found: Found | None = None,
) -> HttpResponse:
    is_wrong = bool(head.errors or given.errors or found)
    return render(
        request,
        "catalogue/new.html",
        {"head": head, "given": given, "source": source, "found": found},
        status=422 if is_wrong else 200,
    )


def _source_version(request: CatalogueRequest) -> FormVersion | None:
    code = clean(request.POST.get("source") or request.GET.get("tu", ""))
    return version_for(request.user, code) if code else None


def _next_head(source: FormVersion | None) -> dict[str, Any]:
    """Return what is likely of the version that follows ``source``."""
    if source is None:
        return {}
    year = max(source.valid_from.year, timezone.localdate().year) + 1
    taken = set(FormVersion.objects.values_list("code", flat=True))
    head = head_of(source)
    return {name: getattr(head, name) for name in head.__dataclass_fields__} | {
        "code": suggested_code(source.code, taken, year),
        "edition": str(year),
        "valid_from": date(year, 1, 1),
        "valid_to": None,
        "note": "",
    }


def _where_from(given: SourceForm, source: FormVersion | None) -> str:
    if given.cleaned_data["file"]:
        return f"Đọc từ tệp {given.cleaned_data['file'].name}."
    if given.cleaned_data["pasted"].strip():
        return "Đọc từ bảng dán vào trang."
    return f"Chép từ phiên bản {source.code}." if source else "Bắt đầu từ biểu trống."


@require_http_methods(["GET", "HEAD", "POST"])
def draft_head(request: CatalogueRequest, code: str) -> HttpResponse:
    """Change what is said of a draft beside its rows."""
    version = managed_version(request.user, code)
    if version.status != Status.DRAFT:
        return to_version(request, version)
    head = head_of(version)
    known_forms = dict(Form.objects.values_list("code", "name"))
    initial = {name: getattr(head, name) for name in head.__dataclass_fields__}
    form = HeadForm(posted(request), known_forms=known_forms, initial=initial)
    error = ""
    if request.method == "POST" and form.is_valid():
        try:
            changed = rewrite_head(
                version=version,
                revision=posted_revision(request),
                head=form.head(),
                by=request.user,
            )
        except ValidationError as refusal:
            place_errors(form, refusal)
        except CatalogueRefused as refusal:
            error = str(refusal)
        else:
            messages.success(request, "Đã lưu phần đầu biểu.")
            return redirect("draft", code=changed.code)
    current = managed_version(request.user, code)
    return render(
        request,
        "catalogue/head.html",
        {
            "version": current,
            "revision": posted_revision(request) if form.errors else current.revision,
            "form": form,
            "error": error,
            "known_forms": known_forms,
        },
        status=409 if error else 422 if form.errors else 200,
    )


@dataclass(frozen=True, slots=True)
class RuleBox:
    """One rule as its page shows it: its boxes, what it asks in words, what keeps it from use."""

    form: RuleForm
    anchor: str
    code: str
    words: Sequence[Phrase]
    problems: Sequence[Problem]

    @property
    def is_new(self) -> bool:
        return self.form.empty_permitted

    @property
    def is_wrong(self) -> bool:
        return bool(self.form.errors or self.problems)


@require_http_methods(["GET", "HEAD", "POST"])
def draft_rules(request: CatalogueRequest, code: str) -> HttpResponse:
    """Change the rules that the figures of a report should satisfy."""
    version = managed_version(request.user, code)
    if version.status != Status.DRAFT:
        return to_version(request, version)
    document = from_record(version.draft)
    formset = RuleFormSet(posted(request), initial=[dict(rule) for rule in document.rules])
    error = ""
    if request.method == "POST" and formset.is_valid():
        try:
            write_draft(
                version=version,
                revision=posted_revision(request),
                document=replace(document, rules=rules_of(formset)),
                by=request.user,
                act=Act.RULES,
            )
        except CatalogueRefused as refusal:
            error = str(refusal)
        else:
            messages.success(request, "Đã lưu các quy tắc kiểm tra.")
            return redirect("draft-rules", code=version.code)
    current = managed_version(request.user, code)
    boxes = _rule_boxes(formset, form_definition(current), document)
    return render(
        request,
        "catalogue/rules.html",
        {
            "version": current,
            "revision": posted_revision(request)
            if formset.is_bound and not error
            else current.revision,
            "formset": formset,
            "boxes": boxes,
            "wrong": [(box, problem) for box in boxes for problem in box.problems],
            "error": error,
            "rows": [row for row in document.rows if row["kind"] != Kind.HEADING],
            "writings": WRITINGS,
        },
        status=409 if error else 422 if formset.is_bound else 200,
    )


def _rule_boxes(formset: Any, form: FormDefinition, document: Document) -> list[RuleBox]:
    """Return the rules as they stand in their boxes, saved or not; what is wrong with them is told
    of saved ones, which are those of ``document``."""
    found: dict[int, list[Problem]] = {}
    if not formset.is_bound:
        for problem in what_is_wrong(document, known()):
            if problem.table == "rules" and problem.index is not None:
                found.setdefault(problem.index, []).append(problem)
    return [
        RuleBox(
            form=box,
            anchor=f"quy-tac-{place}",
            code=str(box["code"].value() or ""),
            words=_in_words(str(box["condition"].value() or ""), form),
            problems=found.get(place - 1, ()),
        )
        for place, box in enumerate(formset, start=1)
    ]


def _in_words(condition: str, form: FormDefinition) -> Sequence[Phrase]:
    """Return what a condition asks; nothing of one that cannot be read, which its box says."""
    try:
        return list(phrases(parse_check(condition), form.names))
    except BadFormula:
        return ()
