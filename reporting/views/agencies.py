"""The pages of agencies: the list of a province, one agency, entering and changing one."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from indicators.catalogue.spelling import says
from indicators.forms.boxes import place_errors
from indicators.kinds import Labelled
from indicators.queries.functions import called
from indicators.words import clean
from reporting.access import KEEPERS, agency_for, province_for, provinces_for, roles_at
from reporting.actions.agencies import MOST_AT_ONCE, change_agency, enter_agency
from reporting.agency_forms import AgencyForm, NewAgencyForm
from reporting.collation import by_kind_and_name, vietnamese
from reporting.documents.agencies import agencies_file, blank_agencies_file
from reporting.models import Agency, AgencyKind
from reporting.queries.agencies import (
    MOST_SHOWN,
    chain_of,
    mark_of,
    province_of,
    record_of,
    reports_of,
    roles_at_agency,
    successions_in,
    tree_of,
)
from reporting.refusals import Refused, StaleAgencies
from reporting.views.files import download
from reporting.views.requests import SignedInRequest
from reporting.workflow import ROUND_READERS

PAGE = 100


class Standing(Labelled):
    """Which agencies a list shows, by the days of their existence."""

    NOW = "", "Đang hoạt động"
    ENDED = "ket-thuc", "Đã kết thúc"
    COMING = "chua", "Chưa hoạt động"
    ALL = "tat-ca", "Tất cả"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the list; ``wrong_day`` is a day that could not be read."""

    words: str
    kind: str
    area: str
    standing: Standing
    day: date
    wrong_day: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list; ``group`` is the kind of what stands right below the province."""

    agency: Agency
    group: AgencyKind
    is_below: bool
    standing: Standing
    functions: Sequence[str]


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """List the agencies of a province as a tree, with a search."""
    province = province_for(request.user, request.GET.get("tinh", ""), ROUND_READERS)
    wanted = _wanted(request)
    tree = tree_of(province)
    lines = list(_lines(tree, province, wanted.day))
    found = [line for line in lines if _matches(line, wanted)]
    counts = Counter(line.agency.kind for line in found)
    found = [line for line in found if wanted.kind in {"", line.agency.kind}]
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    query = {name: text for name, text in request.GET.items() if text and name != "trang"}
    return render(
        request,
        "agencies/list.html",
        {
            **of_province(request, province),
            "wanted": wanted,
            "page": page,
            "number": len(found),
            "all": len(lines),
            "counts": [(kind, counts[kind]) for kind in AgencyKind if counts[kind]],
            "matching": sum(counts.values()),
            "standings": list(Standing),
            "areas": areas_of(tree),
            "is_filtered": not query.keys() <= {"tinh"},
            "query": urlencode(query),
            "query_of_kinds": urlencode({k: v for k, v in query.items() if k != "loai"}),
            "chosen": _chosen(found) if len(found) <= MOST_AT_ONCE else "",
        },
    )


def of_province(request: SignedInRequest, province: Agency) -> dict[str, object]:
    """Return what the pages of one province share; ``at`` keeps the choice among several."""
    several = provinces_for(request.user, ROUND_READERS)
    return {
        "province": province,
        "provinces": several if len(several) > 1 else [],
        "at": f"?{urlencode({'tinh': province.code})}" if len(several) > 1 else "",
        "may_keep": not KEEPERS.isdisjoint(roles_at(request.user, province)),
    }


def _wanted(request: HttpRequest) -> Wanted:
    said = {name: clean(text)[:200] for name, text in request.GET.dict().items()}
    day, typed = timezone.localdate(), said.get("ngay", "")
    wrong = ""
    if typed:
        try:
            day = datetime.strptime(typed, "%d/%m/%Y").date()
        except ValueError:
            wrong = typed
    standing = said.get("tinh-trang", "")
    return Wanted(
        words=said.get("tim", ""),
        kind=said.get("loai", "") if said.get("loai") in set(AgencyKind) else "",
        area=said.get("dia-ban", ""),
        standing=Standing(standing) if standing in set(Standing) else Standing.NOW,
        day=day,
        wrong_day=wrong,
    )


def _lines(tree: Mapping[int, Agency], province: Agency, day: date) -> Iterator[Listed]:
    """Yield the agencies below the province by kind, each followed by those below it, in the
    Vietnamese order of names."""
    below: dict[int, list[Agency]] = {}
    for agency in sorted(tree.values(), key=_place):
        if agency.parent_id is not None and agency.pk != province.pk:
            below.setdefault(agency.parent_id, []).append(agency)
    names = called()
    for top in below.get(province.pk, []):
        for agency in (top, *below.get(top.pk, [])):
            yield Listed(
                agency,
                group=AgencyKind(top.kind),
                is_below=agency is not top,
                standing=_standing(agency, day),
                functions=[names.get(code, code) for code in agency.functions.split()],
            )


def _place(agency: Agency) -> tuple[object, ...]:
    return by_kind_and_name(agency.kind, agency.name)


def _standing(agency: Agency, day: date) -> Standing:
    if agency.stands_on(day):
        return Standing.NOW
    return Standing.ENDED if agency.valid_to and agency.valid_to < day else Standing.COMING


def _matches(line: Listed, wanted: Wanted) -> bool:
    if wanted.standing not in {Standing.ALL, line.standing}:
        return False
    if wanted.area and line.agency.area != wanted.area:
        return False
    return says(wanted.words, line.agency.name, line.agency.code, *line.functions)


def _chosen(lines: Sequence[Listed]) -> str:
    return urlencode([("chon", line.agency.pk) for line in lines])


def areas_of(tree: Mapping[int, Agency]) -> list[str]:
    return sorted({agency.area for agency in tree.values() if agency.area}, key=vietnamese)


@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show one agency: what it is, what it came out of, its people, its reports, its record."""
    agency = agency_for(request.user, pk)
    province = province_of(agency)
    today = timezone.localdate()
    names = called()
    reports = list(reports_of(agency, province)[: MOST_SHOWN + 1])
    record = list(record_of(agency, province)[: MOST_SHOWN + 1])
    below = agency.children.all() if agency != province else Agency.objects.none()
    return render(
        request,
        "agencies/detail.html",
        {
            **of_province(request, province),
            "agency": agency,
            "is_province": agency == province,
            "standing": _standing(agency, today),
            "functions": [names.get(code, code) for code in agency.functions.split()],
            "chain": chain_of(agency, successions_in(province)),
            "below": sorted(below, key=_place),
            "roles": list(roles_at_agency(agency, today)),
            "reports": reports[:MOST_SHOWN],
            "has_more_reports": len(reports) > MOST_SHOWN,
            "record": record[:MOST_SHOWN],
            "has_more_record": len(record) > MOST_SHOWN,
            "most": MOST_SHOWN,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: SignedInRequest) -> HttpResponse:
    """Enter a new agency of a province."""
    province = province_for(request.user, request.GET.get("tinh", ""), KEEPERS)
    tree = tree_of(province)
    if request.method != "POST":
        above = {"parent": province.pk, "valid_from": None, "place": province.place}
        return _form_page(request, province, NewAgencyForm(initial=above, tree=tree))
    form = NewAgencyForm(request.POST, tree=tree)
    if form.is_valid():
        agency, reason = form.into(Agency())
        try:
            enter_agency(agency=agency, by=request.user, reason=reason)
        except ValidationError as error:
            place_errors(form, error)
        except Refused as refusal:
            return _form_page(request, province, form, error=str(refusal), status=409)
        else:
            messages.success(request, f"Đã nhập {agency.name} và ghi vào nhật ký.")
            return redirect("agency", pk=agency.pk)
    return _form_page(request, province, form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change one agency."""
    agency = agency_for(request.user, pk, KEEPERS)
    province = province_of(agency)
    tree = tree_of(province)
    seen = mark_of([agency])
    if agency == province:
        return _form_page(request, province, None, agency=agency, error=_OF_OPERATORS, status=409)
    if request.method != "POST":
        return _form_page(request, province, AgencyForm.of(agency, tree), agency=agency, seen=seen)
    form = AgencyForm(request.POST, tree=tree, above=agency.parent_id)
    if form.is_valid():
        changed, reason = form.into(Agency.objects.get(pk=pk))
        try:
            has_changed = change_agency(
                agency=changed, seen=request.POST.get("seen", ""), by=request.user, reason=reason
            )
        except ValidationError as error:
            place_errors(form, error)
        except Refused as refusal:
            # After a refusal for being stale, what is on the page has been seen.
            return _form_page(
                request,
                province,
                form,
                agency=agency,
                seen=seen,
                error=str(refusal),
                is_stale=isinstance(refusal, StaleAgencies),
                status=409,
            )
        else:
            said = "Đã lưu và ghi vào nhật ký." if has_changed else "Không có gì thay đổi."
            messages.add_message(request, messages.SUCCESS if has_changed else messages.INFO, said)
            return redirect("agency", pk=pk)
    return _form_page(
        request, province, form, agency=agency, seen=request.POST.get("seen", ""), status=422
    )


_OF_OPERATORS = "Tỉnh do quản trị hệ thống sửa ở trang quản trị."


def _form_page(
    request: SignedInRequest,
    province: Agency,
    form: AgencyForm | None,
    *,
    agency: Agency | None = None,
    seen: str = "",
    error: str = "",
    is_stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    return render(
        request,
        "agencies/form.html",
        {
            **of_province(request, province),
            "form": form,
            "agency": agency,
            "seen": seen,
            "error": error,
            "is_stale": is_stale,
            "areas": areas_of(tree_of(province)) if form is None else areas_of(form.tree),
        },
        status=status,
    )


@require_GET
def export(request: SignedInRequest, extension: str) -> HttpResponse:
    """Send the list as a file that can be brought back."""
    province = province_for(request.user, request.GET.get("tinh", ""), ROUND_READERS)
    return download(agencies_file(province, extension, by=request.user))


@require_safe
def blank(request: SignedInRequest) -> HttpResponse:
    """Send the workbook to be filled in."""
    province = province_for(request.user, request.GET.get("tinh", ""), KEEPERS)
    return download(blank_agencies_file(province))
