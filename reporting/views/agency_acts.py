"""The pages on which agencies end, merge, split and move: filled in, previewed, confirmed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BaseFormSet, Form, formset_factory
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from indicators.queries.functions import called
from reporting.access import KEEPERS, agency_for, province_for
from reporting.actions.agencies import move_agencies
from reporting.actions.successions import (
    ONE_DAY,
    Reform,
    Way,
    end_agency,
    reorganise,
    require_reform,
)
from reporting.agency_forms import (
    ChosenForm,
    EndForm,
    Group,
    MergerForm,
    MoveForm,
    ShortSuccessorForm,
    SplitForm,
    SuccessorForm,
    by_kind,
    posted_roles,
)
from reporting.models import Agency, AgencyKind, Membership
from reporting.queries.agencies import (
    hanging_on,
    mark_of,
    province_of,
    tree_of,
)
from reporting.refusals import Refused, StaleAgencies, sentences
from reporting.views.agencies import areas_of, of_province
from reporting.views.requests import SignedInRequest
from reporting.workflow import Role

NEW_AGENCIES = 4
NewAgencies = formset_factory(
    ShortSuccessorForm,
    extra=NEW_AGENCIES,
    max_num=NEW_AGENCIES,
    absolute_max=NEW_AGENCIES,
    validate_max=True,
)


def _posted_ids(data: QueryDict, name: str) -> list[int]:
    return [int(text) for text in data.getlist(name) if text.isdecimal() and len(text) < 10]


def _kept(tree: Mapping[int, Agency], ids: Collection[int]) -> list[Agency]:
    return [tree[pk] for pk in dict.fromkeys(ids) if pk in tree]


def _going_on(tree: Mapping[int, Agency]) -> list[Agency]:
    return [
        agency
        for agency in tree.values()
        if agency.valid_to is None and agency.kind != AgencyKind.PROVINCE
    ]


def _status(error: Exception) -> int:
    return 422 if isinstance(error, ValidationError) else 409


def _others(tree: Mapping[int, Agency], ids: Collection[int]) -> list[Group]:
    """Return by kind what may be chosen beside the agencies of ``ids``."""
    return by_kind(agency for agency in _going_on(tree) if agency.pk not in ids)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End one agency with none in its place."""
    agency = agency_for(request.user, pk, KEEPERS)
    province = province_of(agency)
    form = EndForm(request.POST or None)
    errors: Sequence[str] = ()
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            end_agency(
                province=province,
                agency=pk,
                on=form.cleaned_data["on"],
                reason=form.cleaned_data["reason"],
                seen=request.POST.get("seen", ""),
                by=request.user,
            )
        except (ValidationError, Refused) as error:
            errors, status = sentences(error), _status(error)
        else:
            messages.success(request, f"Đã ghi ngày kết thúc của {agency.name}.")
            return redirect("agency", pk=pk)
    return render(
        request,
        "agencies/end.html",
        {
            **of_province(request, province),
            "agency": agency,
            "form": form,
            "errors": errors,
            "seen": mark_of([agency]),
            "hanging": hanging_on([agency], timezone.localdate()),
        },
        status=status,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: SignedInRequest) -> HttpResponse:
    """Move the chosen agencies below another one, to another kind or area."""
    province = province_for(request.user, request.GET.get("tinh", ""), KEEPERS)
    tree = tree_of(province)
    is_posted = request.method == "POST"
    form = MoveForm(request.POST if is_posted else None, tree=tree)
    chosen = ChosenForm(request.POST if is_posted else None, tree=tree)
    ids = _posted_ids(request.POST if is_posted else request.GET, "chon")
    errors: Sequence[str] = ()
    status = 422 if is_posted else 200
    if is_posted and all([form.is_valid(), chosen.is_valid()]):
        try:
            number = move_agencies(
                province=province,
                agencies=chosen.cleaned_data["chon"],
                to=form.placing(),
                on=form.cleaned_data["on"],
                reason=form.cleaned_data["reason"],
                seen=request.POST.get("seen", ""),
                by=request.user,
            )
        except (ValidationError, Refused) as error:
            errors, status = sentences(error), _status(error)
        else:
            messages.success(request, f"Đã chuyển {number} đơn vị và ghi vào nhật ký từng đơn vị.")
            return redirect(f"{reverse('agencies')}{of_province(request, province)['at']}")
    return render(
        request,
        "agencies/move.html",
        {
            **of_province(request, province),
            "form": form,
            "errors": [*errors, *_chosen_errors(chosen)],
            "chosen": _kept(tree, ids),
            "groups": _others(tree, ids),
            "seen": mark_of(tree.values()),
            "areas": areas_of(tree),
        },
        status=status,
    )


def _chosen_errors(chosen: Form) -> Sequence[str]:
    return [str(message) for message in chosen.errors.get("chon", [])]


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: SignedInRequest) -> HttpResponse:
    """Let the chosen agencies go over into one: filled in, previewed, confirmed."""
    province = province_for(request.user, request.GET.get("tinh", ""), KEEPERS)
    tree = tree_of(province)
    posted = request.POST if request.method == "POST" else None
    form = MergerForm(posted, going_on=_going_on(tree))
    ids = _posted_ids(posted if posted is not None else request.GET, "chon")
    usual = _usual(province, _kept(tree, ids))
    successor = SuccessorForm(posted, prefix="moi", initial=usual, tree=tree)
    chosen = ChosenForm(posted, tree=tree)
    errors: Sequence[str] = ()
    is_good = form.is_bound and all([form.is_valid(), chosen.is_valid()])
    into = form.cleaned_data.get("into") if is_good else None
    if is_good and (into or successor.is_valid()) and "back" not in request.POST:
        reform = Reform(
            way=Way.MERGE,
            old=chosen.cleaned_data["chon"],
            new=[tree[into] if into else successor.into(Agency())[0]],
            on=form.cleaned_data["on"],
            legal_basis=form.cleaned_data["legal_basis"],
            roles=posted_roles(request.POST.getlist("vai-tro")),
        )
        return _decide(request, province, reform)
    if posted is not None and "back" not in posted:
        errors = _chosen_errors(chosen)
    is_typing_new = posted is not None and posted.get("into", "0") == "0"
    return render(
        request,
        "agencies/merge.html",
        {
            **of_province(request, province),
            "form": form,
            "successor": successor if is_typing_new or posted is None else _unbound(usual, tree),
            "errors": errors,
            "chosen": _kept(tree, ids),
            "groups": _others(tree, ids),
            "areas": areas_of(tree),
        },
        status=422 if posted is not None and "back" not in posted else 200,
    )


def _usual(province: Agency, old: Sequence[Agency]) -> dict[str, object]:
    """Return what the successor of ``old`` most likely is: like the first of them, with the tasks
    of all."""
    if not old:
        return {"parent": province.pk, "place": province.place}
    functions = [code for agency in old for code in agency.functions.split()]
    return {
        "kind": old[0].kind,
        "parent": old[0].parent_id,
        "functions": list(dict.fromkeys(functions)),
        "area": old[0].area,
        "place": old[0].place,
        "signer_title": old[0].signer_title,
        "wants_signature": old[0].wants_signature,
    }


def _unbound(initial: Mapping[str, object], tree: Mapping[int, Agency]) -> SuccessorForm:
    """Return the form of a new agency without faults: another one was chosen."""
    return SuccessorForm(prefix="moi", initial=initial, tree=tree)


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let one agency go over into several: filled in, previewed, confirmed."""
    agency = agency_for(request.user, pk, KEEPERS)
    province = province_of(agency)
    tree = tree_of(province)
    posted = request.POST if request.method == "POST" else None
    form = SplitForm(posted)
    new: BaseFormSet[ShortSuccessorForm] = NewAgencies(posted, prefix="moi")
    there = _kept(tree, _posted_ids(posted, "chon")) if posted is not None else []
    is_good = form.is_bound and all([form.is_valid(), new.is_valid()])
    if is_good and "back" not in request.POST:
        typed = [made for one in new if (made := one.agency(agency)) is not None]
        reform = Reform(
            way=Way(form.cleaned_data["way"]),
            old=[pk],
            new=[*typed, *there],
            on=form.cleaned_data["on"],
            legal_basis=form.cleaned_data["legal_basis"],
            roles=posted_roles(request.POST.getlist("vai-tro")),
        )
        return _decide(request, province, reform)
    return render(
        request,
        "agencies/split.html",
        {
            **of_province(request, province),
            "agency": agency,
            "form": form,
            "new": new,
            "chosen": there,
            "groups": _others(tree, [pk, *(one.pk for one in there)]),
        },
        status=422 if posted is not None and "back" not in posted else 200,
    )


@dataclass(frozen=True, slots=True)
class Box:
    """One tick of the preview: a role that a person is given at one of the successors."""

    value: str
    agency: Agency
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A role at an old agency, with the successors at which the person may get the same one."""

    role: Membership
    boxes: Sequence[Box]

    @property
    def name(self) -> str:
        return Role(self.role.role).label


def _decide(request: SignedInRequest, province: Agency, reform: Reform) -> HttpResponse:
    """Show what a decision does; carry it out when that was shown and confirmed."""
    is_confirmed = "confirm" in request.POST
    now = mark_of(tree_of(province).values())
    errors: Sequence[str] = ()
    status, may_confirm = 200, True
    try:
        if is_confirmed:
            made = reorganise(
                province=province,
                reform=reform,
                seen=request.POST.get("seen", ""),
                by=request.user,
            )
            messages.success(request, f"Đã {reform.way.label} và ghi vào nhật ký từng đơn vị.")
            for sentence in made.refused:
                messages.warning(request, sentence)
            return redirect("agency", pk=made.new[0].pk)
        with transaction.atomic():
            require_reform(province, reform, seen=now, by=request.user)
    except (ValidationError, Refused) as error:
        errors, status = sentences(error), _status(error)
        may_confirm = isinstance(error, StaleAgencies)
    tree = tree_of(province)
    old = _kept(tree, reform.old)
    hanging = hanging_on(old, reform.on)
    offered = set(reform.roles) if is_confirmed else None
    return render(
        request,
        "agencies/preview.html",
        {
            **of_province(request, province),
            "reform": reform,
            "old": old,
            "errors": errors,
            "may_confirm": may_confirm,
            "seen": now,
            "last_day": reform.on - ONE_DAY,
            "lost": _lost(old, reform),
            "reports": hanging.reports,
            "offers": [_offer(role, reform, offered) for role in hanging.roles],
            "hidden": _hidden(request.POST),
        },
        status=status,
    )


def _lost(old: Sequence[Agency], reform: Reform) -> list[str]:
    """Return the functions that end with the old agencies: rows meant for them would be asked of
    nobody."""
    held = {code for agency in old for code in agency.functions.split() if reform.is_end}
    kept = {code for agency in reform.new for code in agency.functions.split()}
    names = called()
    return [names.get(code, code) for code in sorted(held - kept)]


def _offer(role: Membership, reform: Reform, ticked: Collection[tuple[int, int]] | None) -> Offer:
    """Return the boxes of a role: of a merger ticked at first, as people go along with their task;
    who goes where in a split nobody knows but the keeper."""
    is_usual = reform.way is Way.MERGE
    return Offer(
        role,
        [
            Box(
                value=f"{role.pk}-{place}",
                agency=agency,
                is_ticked=is_usual if ticked is None else (role.pk, place) in ticked,
            )
            for place, agency in enumerate(reform.new)
        ],
    )


def _hidden(posted: QueryDict) -> list[tuple[str, str]]:
    """Return what was filled in, to be posted again with the confirmation."""
    apart = {"csrfmiddlewaretoken", "confirm", "back", "seen", "vai-tro"}
    return [(name, text) for name, texts in posted.lists() if name not in apart for text in texts]
