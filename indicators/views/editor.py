"""The editor of a draft: its rows, one open at a time, with all that is to be said of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from indicators.access import CatalogueRequest, managed_version
from indicators.actions.drafts import write_draft
from indicators.actions.record import CatalogueRefused
from indicators.catalogue import editing
from indicators.catalogue.documents import from_record
from indicators.catalogue.lint import what_is_wrong
from indicators.catalogue.problems import Problem
from indicators.catalogue.titles import TITLES
from indicators.catalogue.written import DOUBTFUL, Document, Line
from indicators.forms.drafts import RowForm
from indicators.formulas import BadFormula, parse
from indicators.kinds import AcrossAgencies, AgencyKind, Kind, Severity, Status
from indicators.models import FormVersion, Indicator
from indicators.queries.known import known
from indicators.views.lines import pieces
from indicators.views.requests import listed, posted_revision, to_version
from indicators.words import clean

LONGEST_ACT = 80
FILTERS = {
    "loi": "Có lỗi, cảnh báo",
    "de-xuat": "Có đề xuất",
    "gan-giong": "Chỉ gần giống",
    "so-lieu": "Dòng có số liệu",
}


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One row as the editor shows it."""

    line: Line
    depth: int
    parts: int
    problems: Sequence[Problem]
    proposals: Sequence[tuple[str, str]]  # title of the column, why
    asked: str
    form: RowForm | None

    @property
    def kind(self) -> Kind:
        return Kind(self.line["kind"])

    @property
    def formula(self) -> str:
        """The formula as people write it; as it was typed where it cannot be read."""
        try:
            return "".join(piece.text for piece in pieces(parse(self.line["formula"])))
        except BadFormula:
            return self.line["formula"]

    @property
    def options(self) -> str:
        return self.line["choices"].replace("=", " = ").replace("|", "; ")

    @property
    def way(self) -> str:
        return AcrossAgencies(self.line["across_agencies"]).label

    @property
    def is_doubtful(self) -> bool:
        return any(why.startswith(DOUBTFUL) for _, why in self.proposals)

    @property
    def is_wrong(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.problems)


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: CatalogueRequest, code: str) -> HttpResponse:
    """Show a draft with all that is to be said of it; a POST is one edit."""
    version = managed_version(request.user, code)
    if version.status != Status.DRAFT:
        return to_version(request, version)
    if request.method == "POST":
        return _edit(request, version)
    return _editor(request, version)


def _edit(request: CatalogueRequest, version: FormVersion) -> HttpResponse:
    """Do what the pressed button says: ``act`` is a verb, a colon, and a row's key.

    A row that stands open is saved along with every other act, so that nothing typed is lost.
    """
    verb, _, key = clean(request.POST.get("act", ""))[:LONGEST_ACT].partition(":")
    opened = clean(request.POST.get("open", ""))[:LONGEST_ACT]
    form, at = None, ("", "")
    if verb in _FORM_VERBS or (opened and verb != "remove"):
        form = RowForm(
            request.POST,
            functions=known().functions,
            numbers=_numbers(from_record(version.draft)),
        )
        at = (verb, key) if verb in _FORM_VERBS else ("save", opened)
        if not form.is_valid():
            return _editor(request, version, form=form, at=at)
    before = from_record(version.draft)
    try:
        after, opened = _edited(before, verb, key, form, at)
        changes = write_draft(
            version=version,
            revision=posted_revision(request),
            document=after,
            by=request.user,
            note=f"{_NAMED[verb]} {key.partition('/')[0]}".strip(),
        )
    except (editing.CannotEdit, CatalogueRefused) as refusal:
        current = managed_version(request.user, version.code)
        return _editor(request, current, error=str(refusal), form=form, at=at)
    if not changes and verb not in {"save", "accept"}:
        messages.info(request, "Không có gì thay đổi.")
    elif changes and verb in _DONE:
        messages.success(request, _DONE[verb])
    saved = form.values()["key"] if form is not None and verb in _FORM_VERBS else ""
    place = saved or opened or _near(before, after, key)
    return redirect(
        f"{reverse('draft', args=[version.code])}{_query(request, opened, saved, place)}"
    )


_FORM_VERBS = frozenset({"save", "add-after", "add-below"})
_DONE = {
    "remove": "Đã xóa dòng. Muốn lấy lại, hãy vào Lịch sử.",
    "renumber": "Đã đánh lại STT và khóa theo thứ tự các dòng.",
    "accept": "Đã nhận đề xuất.",
}
# How the record names each act, beside what it changed.
_NAMED = {
    "save": "Sửa dòng",
    "add-after": "Thêm dòng sau dòng",
    "add-below": "Thêm dòng con của dòng",
    "remove": "Xóa dòng",
    "up": "Dời lên dòng",
    "down": "Dời xuống dòng",
    "in": "Đưa vào trong dòng",
    "out": "Đưa ra ngoài dòng",
    "renumber": "Đánh lại STT và khóa",
    "accept": "Nhận đề xuất",
}


def _edited(
    document: Document, verb: str, key: str, form: RowForm | None, at: tuple[str, str]
) -> tuple[Document, str]:
    """Return the document after one edit, and the row that is open afterwards."""
    catalogue = known().indicators
    make: set[str] = set()
    opened = ""
    if form is not None:
        values = form.values()
        form_verb, form_key = at
        if form_verb == "save":
            document = editing.changed(document, form_key, values)
        else:
            below = form_verb == "add-below"
            document = editing.added(document, values, after=form_key, below=below)
        saved = values["key"]
        key = saved if key == form_key else key
        if form.cleaned_data["is_new"] and values["kind"] != Kind.HEADING:
            document, code = editing.with_code(document, saved, catalogue)
            make = {code}
    if verb in editing.MOVES:
        document, opened = editing.MOVES[verb](document, key), key
    elif verb == "remove":
        document = editing.removed(document, key)
    elif verb == "renumber":
        document, opened = editing.renumbered(document), ""
    elif verb == "accept":
        row, _, column = key.partition("/")
        document = editing.accepted(
            document, keys={row} if row else (), columns={column} if column else ()
        )
    elif verb not in _FORM_VERBS:
        raise editing.CannotEdit("Không rõ việc cần làm; hãy bấm lại nút trên trang.")
    return editing.with_new_indicators(document, catalogue, make=make), opened


def _near(before: Document, after: Document, key: str) -> str:
    """Return the row of ``key``, or, where it has gone, the last one before it that is left."""
    row, _, _ = key.partition("/")
    left = {line["key"] for line in after.rows}
    if row in left or not row:
        return row
    keys = [line["key"] for line in before.rows]
    place = keys.index(row) if row in keys else 0
    return next((other for other in reversed(keys[:place]) if other in left), "")


def _query(request: CatalogueRequest, opened: str, saved: str, at: str) -> str:
    """Return the rest of the address that leads back to where the person was."""
    asked = request.GET.copy()
    for name in ("sua", "them", "noi", "luu"):
        asked.pop(name, None)
    if opened:
        asked["sua"] = opened
    elif saved:
        asked["luu"] = saved
    query = f"?{asked.urlencode()}" if asked else ""
    return f"{query}#r-{at}" if at else query


def _editor(
    request: CatalogueRequest,
    version: FormVersion,
    *,
    error: str = "",
    form: RowForm | None = None,
    at: tuple[str, str] = ("", ""),
) -> HttpResponse:
    document = from_record(version.draft)
    catalogue = known()
    found = what_is_wrong(document, catalogue)
    functions = catalogue.functions
    opened = _open_form(request, document, functions, form, at)
    rows = _draft_rows(document, found, functions, opened)
    adding = _adding(request, document, functions, form, at)
    chosen = request.GET.get("loc", "")
    return render(
        request,
        "catalogue/draft.html",
        {
            "version": version,
            # A page drawn again for a box that cannot be read stands on what the person has seen.
            "revision": posted_revision(request) if form and not error else version.revision,
            "rows": [row for row in rows if _is_shown(row, chosen)],
            "total": len(rows),
            "problems": listed(found, document),
            "counts": [
                (severity, sum(problem.severity is severity for problem in found))
                for severity in Severity
            ],
            "proposals": [
                (column, TITLES[column], count)
                for column, count in Counter(
                    column for said in document.proposals.values() for column in said
                ).most_common()
            ],
            "doubtful": sum(row.is_doubtful for row in rows),
            "adding": adding,
            "filters": FILTERS,
            "chosen": chosen,
            "saved": request.GET.get("luu", ""),
            "indicators": Indicator.objects.values_list("code", "name"),
            "rules": document.rules,
            "error": error,
        },
        status=409 if error else 422 if form is not None else 200,
    )


def _draft_rows(
    document: Document,
    found: Sequence[Problem],
    functions: Mapping[str, str],
    opened: tuple[str, RowForm | None],
) -> list[DraftRow]:
    by_row: dict[int, list[Problem]] = {}
    for problem in found:
        if problem.table == "rows" and problem.index is not None:
            by_row.setdefault(problem.index, []).append(problem)
    depths: dict[str, int] = {}
    parts = Counter(row["parent"] for row in document.rows)
    key, form = opened
    rows = []
    for index, line in enumerate(document.rows):
        depths[line["key"]] = depths.get(line["parent"], -1) + 1
        said = document.proposals.get(line["key"], {})
        rows.append(
            DraftRow(
                line=line,
                depth=depths[line["key"]],
                parts=parts[line["key"]],
                problems=by_row.get(index, ()),
                proposals=[(TITLES[column], why) for column, why in said.items()],
                asked=_in_charge(line, functions),
                form=form if line["key"] == key else None,
            )
        )
    return rows


def _in_charge(line: Line, functions: Mapping[str, str]) -> str:
    """Say in words whose figures a row asks for; empty where it asks everybody."""
    names = {kind.value: kind.label for kind in AgencyKind} | dict(functions)
    said = []
    if line["asked"]:
        said.append(", ".join(names.get(word, word) for word in line["asked"].split()))
    if line["reporter"]:
        bodies = ", ".join(names.get(word, word) for word in line["reporter"].split())
        said.append(f"số của tỉnh: {bodies}")
    return "; ".join(said)


def _numbers(document: Document) -> list[tuple[str, str]]:
    """Return the rows that a rate may be computed from."""
    return [
        (row["key"], f"{row['key']} {' '.join(row['label'].split()[:12])}")
        for row in document.rows
        if row["kind"] in {Kind.COUNT, Kind.AMOUNT}
    ]


def _is_shown(row: DraftRow, chosen: str) -> bool:
    """A filter hides rows, but never the one that is open."""
    if row.form is not None:
        return True
    match chosen:
        case "loi":
            return any(problem.severity is not Severity.NOTE for problem in row.problems)
        case "de-xuat":
            return bool(row.proposals)
        case "gan-giong":
            return row.is_doubtful
        case "so-lieu":
            return row.kind is not Kind.HEADING
    return True


def _open_form(
    request: CatalogueRequest,
    document: Document,
    functions: Mapping[str, str],
    posted: RowForm | None,
    at: tuple[str, str],
) -> tuple[str, RowForm | None]:
    """Return the row that is open for editing, and its form."""
    if posted is not None and at[0] == "save":
        return at[1], posted
    key = "" if at[0] or "them" in request.GET else request.GET.get("sua", "")
    row = editing.row_of(document, key) if key else None
    if row is None:
        return "", None
    return key, RowForm.of(row, functions=functions, numbers=_numbers(document))


def _adding(
    request: CatalogueRequest,
    document: Document,
    functions: Mapping[str, str],
    posted: RowForm | None,
    at: tuple[str, str],
) -> dict[str, Any] | None:
    """Return the form of a row that is being added, and where it will stand."""
    if posted is not None and at[0].startswith("add-"):
        return {"form": posted, "after": at[1], "verb": at[0]}
    if "them" not in request.GET:
        return None
    after = request.GET["them"]
    row = editing.row_of(document, after) if after else None
    if after and row is None:
        return None
    below = request.GET.get("noi") == "duoi"
    beside = editing.row_of(document, after) or {}
    initial = {
        "kind": Kind.COUNT.value,
        "across_agencies": AcrossAgencies.SUM.value,
        "across_periods": beside.get("across_periods", ""),
        "key": editing.next_key(document, after=after, below=below),
        "unit": "" if below else beside.get("unit", ""),
        "asked": beside.get("asked", "").split(),
        "reporter": beside.get("reporter", "").split(),
        "is_new": True,
    }
    form = RowForm(initial=initial, functions=functions, numbers=_numbers(document))
    return {"form": form, "after": after, "verb": "add-below" if below else "add-after"}
