"""The pages of indicators: search, one indicator with its life, what a manager says of it."""

from collections.abc import Sequence
from dataclasses import asdict
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from indicators.access import CatalogueRequest, require_manager, visible_versions
from indicators.actions.indicators import (
    StaleIndicator,
    describe,
    described,
    is_published,
    last_event,
    link,
    lock,
    unlink,
)
from indicators.actions.record import CatalogueRefused
from indicators.forms.indicators import DescriptionForm, LinkForm
from indicators.kinds import Change, Kind, Meaning
from indicators.models import Indicator, IndicatorLink
from indicators.queries.functions import called
from indicators.queries.lineage import lineage
from indicators.queries.search import LONGEST, Wanted, contents, search
from indicators.views.lines import shown_places
from indicators.words import clean

# The parts of an address and what each asks for.
_PARTS = {"tim": "words", "bieu": "version", "phan": "section", "dvt": "unit", "loai": "kind"}


@require_safe
def listing(request: CatalogueRequest) -> HttpResponse:
    """Search the rows of what is published; without a search, offer the sections of the forms in
    force."""
    wanted = _wanted(request)
    today = timezone.localdate()
    found = search(wanted, page=_page(request), today=today) if wanted else contents(today)
    return render(
        request,
        "catalogue/indicators.html",
        {
            "wanted": wanted,
            "found": found,
            "kinds": [(kind.value, kind.label) for kind in Kind],
            "query": _query(wanted),
            "longest": LONGEST,
        },
    )


def _wanted(request: HttpRequest) -> Wanted:
    said = {part: clean(request.GET.get(name, ""))[:LONGEST] for name, part in _PARTS.items()}
    return Wanted(**said)


def _query(wanted: Wanted) -> str:
    """Return what is asked for as an address, without the page."""
    said = {name: getattr(wanted, part) for name, part in _PARTS.items()}
    return urlencode({name: text for name, text in said.items() if text})


def _page(request: HttpRequest) -> int:
    text = request.GET.get("trang", "")
    return int(text) if text.isdecimal() and len(text) < 7 else 1


@require_safe
def detail(request: CatalogueRequest, code: str) -> HttpResponse:
    """Show one indicator: what it means, where it stood, what it came out of, its record."""
    indicator = get_object_or_404(Indicator, code=code)
    life = lineage(indicator, visible_versions(request.user))
    return render(
        request,
        "catalogue/indicator.html",
        {
            "indicator": indicator,
            "places": shown_places(life.places, called()),
            "lineage": life,
            "events": indicator.events.select_related("by").order_by("-pk"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: CatalogueRequest, code: str) -> HttpResponse:
    """Let a manager say what an indicator means, link it with others and undo a link: one page of
    one form, whose words are saved whatever button is pressed."""
    require_manager(request.user)
    indicator = get_object_or_404(Indicator, code=code)
    if request.method != "POST":
        return _edit_page(request, indicator)
    form, link_form = _description_form(indicator, request), _link_form(request)
    # Both are judged, so that all faults are told at once.
    is_good = [form.is_valid(), not link_form.is_bound or link_form.is_valid()]
    if not all(is_good):
        return _edit_page(request, indicator, form=form, link_form=link_form, status=422)
    try:
        with transaction.atomic():
            return _done(request, indicator, form, link_form)
    except CatalogueRefused as refusal:
        indicator.refresh_from_db()
        return _edit_page(
            request,
            indicator,
            form=form,
            link_form=link_form,
            error=str(refusal),
            is_stale=isinstance(refusal, StaleIndicator),
            status=409,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return _edit_page(request, indicator, form=form, link_form=link_form, status=422)


def _done(
    request: CatalogueRequest, indicator: Indicator, form: DescriptionForm, link_form: LinkForm
) -> HttpResponse:
    """Do what the button says, after saving the description. Raises CatalogueRefused, or django's
    ValidationError."""
    if link_form.is_bound:
        return _link(request, indicator, form, link_form)
    if "unlink" in request.POST:
        return _unlink(request, indicator, form)
    changes = _describe(request, indicator, form)
    said = "Đã lưu và ghi vào lịch sử." if changes else "Không có gì thay đổi."
    messages.add_message(request, messages.SUCCESS if changes else messages.INFO, said)
    return redirect("indicator", code=indicator.code)


def _describe(
    request: CatalogueRequest, indicator: Indicator, form: DescriptionForm
) -> Sequence[str]:
    return describe(
        indicator=indicator,
        description=form.description(),
        seen=_seen(request),
        note=form.cleaned_data["note"],
        by=request.user,
    )


def _link(
    request: CatalogueRequest, indicator: Indicator, form: DescriptionForm, link_form: LinkForm
) -> HttpResponse:
    said = link_form.cleaned_data
    is_older = said["place"] == LinkForm.OLDER
    older, newer = (said["other"], indicator) if is_older else (indicator, said["other"])
    lock(older, newer)
    changes = _describe(request, indicator, form)
    link(
        older=older,
        newer=newer,
        change=Change(said["change"]),
        meaning=Meaning(said["meaning"]),
        note=said["note"],
        by=request.user,
    )
    messages.success(request, f"Đã nối với «{said['other'].code}».{_also(changes)}")
    return redirect("indicator-edit", code=indicator.code)


def _unlink(request: CatalogueRequest, indicator: Indicator, form: DescriptionForm) -> HttpResponse:
    text = request.POST["unlink"]
    found = _links(indicator).filter(pk=text if text.isdecimal() and len(text) < 10 else 0).first()
    if found is None:
        raise CatalogueRefused("Liên hệ này đã được bỏ rồi, hoặc không phải của chỉ tiêu này.")
    lock(found.older, found.newer)
    changes = _describe(request, indicator, form)
    unlink(link=found, by=request.user)
    messages.success(request, f"Đã bỏ liên hệ.{_also(changes)}")
    return redirect("indicator-edit", code=indicator.code)


def _also(changes: Sequence[str]) -> str:
    return " Nội dung đã sửa cũng được lưu." if changes else ""


def _edit_page(
    request: CatalogueRequest,
    indicator: Indicator,
    *,
    form: DescriptionForm | None = None,
    link_form: LinkForm | None = None,
    error: str = "",
    is_stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    """What is typed stays in its boxes."""
    return render(
        request,
        "catalogue/indicator_edit.html",
        {
            "indicator": indicator,
            "form": form or _description_form(indicator),
            "link_form": link_form or LinkForm(prefix="link"),
            "links": _links(indicator),
            "others": Indicator.objects.exclude(pk=indicator.pk).values_list("code", "name"),
            "seen": last_event(indicator),
            "error": error,
            "is_stale": is_stale,
        },
        status=status,
    )


def _description_form(
    indicator: Indicator, request: CatalogueRequest | None = None
) -> DescriptionForm:
    return DescriptionForm(
        request.POST if request else None,
        initial=asdict(described(indicator)),
        is_published=is_published(indicator),
    )


def _link_form(request: CatalogueRequest) -> LinkForm:
    """Bound where linking is asked for; else what is typed stays without being judged."""
    if "link" in request.POST:
        return LinkForm(request.POST, prefix="link")
    typed = {name: request.POST.get(f"link-{name}") for name in LinkForm.base_fields}
    given = {name: text for name, text in typed.items() if text is not None}
    return LinkForm(initial=given, prefix="link")


def _links(indicator: Indicator) -> QuerySet[IndicatorLink]:
    """Return the links that ``indicator`` is one end of."""
    found = IndicatorLink.objects.filter(Q(older=indicator) | Q(newer=indicator))
    return found.select_related("older", "newer")


def _seen(request: CatalogueRequest) -> int:
    """Return the line of the record that the posted page was drawn from; -1, which none has, when
    unreadable."""
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1
