"""A file with a list of agencies: its faults or what it would change, then taken in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from indicators.catalogue.cells import BadFile
from indicators.words import clean
from reporting.access import KEEPERS, province_for
from reporting.actions.agency_files import Judged, judge_again, judge_file, take_in
from reporting.agency_forms import RosterForm, signed, unsigned
from reporting.models import Agency
from reporting.refusals import Refused
from reporting.views.agencies import of_province
from reporting.views.requests import SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: SignedInRequest) -> HttpResponse:
    """Read a file and show what it would do; what was shown is written when it is confirmed."""
    province = province_for(request.user, request.GET.get("tinh", ""), KEEPERS)
    if request.method != "POST":
        return _page(request, province, RosterForm())
    if "brought" in request.POST:
        return _confirm(request, province)
    form = RosterForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            judged = judge_file(
                province=province, file_name=clean(file.name)[:200], content=file.read()
            )
        except BadFile as error:
            form.add_error("file", str(error))
        else:
            # A file with faults is no error of the page, but nothing of it may be taken in.
            status = 422 if judged.faults else 200
            return _page(request, province, form, judged=judged, status=status)
    return _page(request, province, form, status=422)


def _confirm(request: SignedInRequest, province: Agency) -> HttpResponse:
    brought = unsigned(request.POST["brought"])
    if brought is None:
        form = RosterForm(None)
        error = "Nội dung xem trước không còn nguyên vẹn. Chưa ghi gì; hãy nạp lại tệp."
        return _page(request, province, form, error=error, status=409)
    try:
        done = take_in(province=province, brought=brought, by=request.user)
    except Refused as refusal:
        judged = judge_again(province=province, brought=brought)
        return _page(request, province, RosterForm(), judged=judged, error=str(refusal), status=409)
    messages.success(
        request,
        f"Đã nạp {brought.file_name}: {len(done.new)} đơn vị mới, {len(done.changed)} đơn vị thay"
        f" đổi, {done.same} đơn vị giữ nguyên. Tất cả đã ghi vào nhật ký.",
    )
    return redirect(f"{reverse('agencies')}{of_province(request, province)['at']}")


def _page(
    request: SignedInRequest,
    province: Agency,
    form: RosterForm,
    *,
    judged: Judged | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    is_ready = judged is not None and judged.comparison is not None
    return render(
        request,
        "agencies/import.html",
        {
            **of_province(request, province),
            "form": form,
            "judged": judged,
            "found": judged.comparison if judged else None,
            "brought": signed(judged.brought) if judged and is_ready else "",
            "error": error,
        },
        status=status,
    )
