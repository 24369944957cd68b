"""The pages on which the Sở Nội vụ looks after the people of its province and their roles."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from indicators.catalogue.spelling import says
from indicators.forms.boxes import box, place_errors
from indicators.words import LONGEST_WORDS, clean
from reporting.access import (
    managed_agencies,
    may_give,
    person_for,
    require_people_desk,
    visible_people,
)
from reporting.actions.accounts import NOT_SENT, SENT
from reporting.actions.people import (
    change_person,
    deactivate_person,
    end_role,
    give_first_password,
    give_role,
    invite_again,
    invite_person,
    name_deputy,
    reactivate_person,
    reset_second_factor,
    unlink_person,
    unlock_person,
    why_no_account,
)
from reporting.collation import by_kind_and_name, vietnamese
from reporting.documents.who_may import days_told, duties, who_may_file
from reporting.models import Membership, RecordLine, User
from reporting.people_forms import (
    MAIL,
    ChosenField,
    DatedRoleForm,
    DeputyForm,
    InvitationForm,
    PersonForm,
    RoleFormSet,
    offered_agencies,
)
from reporting.queries.lockout import lock_of_account
from reporting.queries.people import (
    Holders,
    ListedPerson,
    listed_people,
    province_of_person,
    record_of_person,
    role_holders,
    roles_of,
)
from reporting.queries.second_factor import OFF, second_factor_of
from reporting.queries.single_sign_on import link_of
from reporting.refusals import Refused
from reporting.views.files import download
from reporting.views.requests import SignedInRequest
from reporting.workflow import Role

PER_PAGE = 50
STANDINGS: Mapping[str, tuple[str, Callable[[ListedPerson], bool]]] = {
    "dang-lam": ("Đang làm việc", lambda one: one.person.is_active),
    "lam-thay": ("Đang làm thay người khác", lambda one: one.is_deputy),
    "chua-vao": ("Đã mời, chưa đăng nhập", lambda one: one.never_came),
    "khong-thu": ("Không có e-mail", lambda one: one.person.is_active and not one.person.email),
    "khong-vai": ("Không có vai trò", lambda one: one.person.is_active and not one.roles),
    "da-nghi": ("Đã nghỉ", lambda one: not one.person.is_active),
}


@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """List the people of the province, those at work first asked for, with search and filters."""
    require_people_desk(request.user)
    asked = {name: clean(request.GET.get(name, ""))[:100] for name in ("tim", "vai-tro", "don-vi")}
    standing = request.GET.get("tinh-trang", "dang-lam")
    everybody = listed_people(
        visible_people(request.user), managed_agencies(request.user), timezone.localdate()
    )
    found = [
        one
        for one in everybody
        if _matches(one, asked) and (standing not in STANDINGS or STANDINGS[standing][1](one))
    ]
    found.sort(key=lambda one: vietnamese(one.person.full_name.split()[-1] + one.person.full_name))
    return render(
        request,
        "people/list.html",
        {
            "page": Paginator(found, PER_PAGE).get_page(request.GET.get("trang")),
            "number": len(found),
            "everybody": len(everybody),
            "asked": asked,
            "role": asked["vai-tro"],
            "agency": asked["don-vi"],
            "standing": standing,
            "standings": [(code, label) for code, (label, _) in STANDINGS.items()],
            "roles": list(Role),
            "query": _query(request),
        },
    )


def _query(request: HttpRequest) -> str:
    """Return what is asked for, for the links to other pages of the same list."""
    query = request.GET.copy()
    query.pop("trang", None)
    return query.urlencode()


def _matches(one: ListedPerson, asked: Mapping[str, str]) -> bool:
    person, places = one.person, [f"{held.agency} {held.agency.code}" for held in one.roles]
    return (
        says(asked["tim"], str(person), person.username, person.email, *places)
        and (not asked["don-vi"] or any(says(asked["don-vi"], place) for place in places))
        and (not asked["vai-tro"] or any(held.role == asked["vai-tro"] for held in one.roles))
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Invite a person: an account with its roles, and a letter or a first password."""
    require_people_desk(request.user)
    offered = offered_agencies(request.user)
    posted = request.POST if request.method == "POST" else None
    form = InvitationForm(posted)
    roles = RoleFormSet(
        posted, prefix="roles", form_kwargs={"user": request.user, "offered": offered}
    )
    error, status = "", 200
    if posted is not None:
        status = 422
        if all([form.is_valid(), roles.is_valid()]):
            try:
                return _invite(request, form, roles)
            except ValidationError as fault:
                place_errors(form, fault)
            except Refused as refusal:
                error, status = str(refusal), 409
    return render(
        request,
        "people/new.html",
        {"form": form, "roles": roles, "offered": offered, "error": error},
        status=status,
    )


def _invite(request: SignedInRequest, form: InvitationForm, roles: Any) -> HttpResponse:
    invited = invite_person(
        person=form.person(),
        roles=[given for one in roles if (given := one.given())],
        by_mail=form.cleaned_data["way"] == MAIL,
        by=request.user,
    )
    if invited.password:
        return _password_page(request, invited.person, invited.password)
    messages.success(request, f"Đã lập tài khoản {invited.person.username}.")
    return redirect("person", pk=invited.person.pk)


def _password_page(request: SignedInRequest, person: User, password: str) -> HttpResponse:
    """Show a first password this once; the page is kept by no browser."""
    context = {"person": person, "password": password}
    return render(request, "people/password_given.html", context)


@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a person: what they may do today and could do when, what was done and by whom."""
    return _page(request, pk)


def _page(
    request: SignedInRequest,
    pk: int,
    *,
    role_form: DatedRoleForm | None = None,
    deputy_form: DeputyForm | None = None,
    opened: str = "",
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    person = person_for(user, pk)
    agencies = managed_agencies(user)
    roles = roles_of(person, agencies, today)
    record = record_of_person(person, agencies)
    letter = (
        RecordLine.objects.filter(person=person, act__in=[SENT, NOT_SENT]).order_by("-pk").first()
    )
    role_form = role_form or DatedRoleForm(prefix="role", user=user)
    return render(
        request,
        "people/person.html",
        {
            "person": person,
            "province": province_of_person(person),
            "now": [_told(one, user) for one in roles.now],
            "deputies": [_told(one, user) for one in roles.deputies],
            "past": roles.past,
            "acts": record.acts,
            "sign_ins": record.sign_ins,
            "letter": letter,
            "is_unsent": letter is not None and letter.act == NOT_SENT,
            "lock": lock_of_account(person.username, now=timezone.now()),
            "link": link_of(person) if settings.OIDC_ISSUER else None,
            "offers_second_factor": settings.SECOND_FACTOR != OFF,
            "has_second_factor": second_factor_of(person) is not None,
            "why_not": why_no_account(person, by=user),
            "role_form": role_form,
            "offered": box(role_form, "agency", ChosenField).offered,
            "deputy_form": deputy_form or _deputy_form(user, person),
            "opened": opened,
            "error": str(refusal or ""),
            "reason": request.POST.get("reason", ""),
            "longest": LONGEST_WORDS,
        },
        status=409 if refusal else status,
    )


def _told(held: Membership, user: User) -> dict[str, Any]:
    """Return a role as the page tells it, with whether ``user`` may end it."""
    role = Role(held.role)
    own = held.user_id == user.pk and held.stands_in_for_id is None and role is Role.REVIEWER
    return {
        "held": held,
        "role": role.label,
        "days": days_told(held, timezone.localdate()),
        "may_end": may_give(user, role, held.agency) and not own,
    }


def _deputy_form(user: User, person: User, posted: Any = None) -> DeputyForm:
    """Return the form for who stands in for ``person``, where they hold roles of their own."""
    held = Membership.objects.filter(
        user=person, agency__in=managed_agencies(user), stands_in_for=None, ended_at=None
    )
    people = visible_people(user).filter(is_active=True).exclude(pk=person.pk)
    return DeputyForm(
        posted, prefix="deputy", agencies=held.values_list("agency", flat=True), people=people
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct a person's name, e-mail, telephone; one's own on one's own page, which asks more."""
    person = person_for(request.user, pk)
    if person == request.user:
        return redirect("account")
    form = PersonForm.of(person, request.POST if request.method == "POST" else None)
    error, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                is_changed = change_person(
                    person=person, values=form.changed(), seen=form.seen(), by=request.user
                )
            except ValidationError as fault:
                place_errors(form, fault)
            except Refused as refusal:
                error, status = str(refusal), 409
            else:
                messages.success(request, "Đã lưu." if is_changed else "Không có gì thay đổi.")
                return redirect("person", pk=person.pk)
    context = {"person": person, "form": form, "error": error}
    return render(request, "people/edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: SignedInRequest, pk: int, name: str) -> HttpResponse:
    """Do one thing to a person's roles or account; who only looks is led to the person."""
    person = person_for(request.user, pk)
    if name not in _ACTS:
        raise Http404("Không có việc này.")
    if request.method != "POST":
        return redirect("person", pk=pk)
    try:
        return _ACTS[name](request, person)
    except Refused as refusal:
        return _page(request, pk, opened=name, refusal=refusal)


def _done(request: HttpRequest, person: User, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("person", pk=person.pk)


def _reason(request: HttpRequest) -> str:
    return clean(request.POST.get("reason", ""))[:LONGEST_WORDS]


def _give(request: SignedInRequest, person: User) -> HttpResponse:
    form = DatedRoleForm(request.POST, prefix="role", user=request.user)
    if form.is_valid():
        role, agency = Role(form.cleaned_data["role"]), form.cleaned_data["agency"]
        try:
            give_role(
                person=person,
                role=role,
                agency=agency,
                valid_from=form.cleaned_data["valid_from"],
                valid_to=form.cleaned_data["valid_to"],
                by=request.user,
            )
        except ValidationError as fault:
            place_errors(form, fault)
        except Refused as refusal:
            return _page(request, person.pk, role_form=form, opened="vai-tro", refusal=refusal)
        else:
            return _done(request, person, f"Đã giao vai trò {role.label} tại {agency}.")
    return _page(request, person.pk, role_form=form, opened="vai-tro", status=422)


def _end(request: SignedInRequest, person: User) -> HttpResponse:
    number = request.POST.get("membership", "")
    held = get_object_or_404(
        Membership.objects.select_related("user", "agency"),
        pk=int(number) if number.isdecimal() and len(number) < 19 else 0,
        user=person,
        agency__in=managed_agencies(request.user),
    )
    end_role(membership=held, by=request.user, reason=_reason(request))
    return _done(request, person, f"Đã thôi vai trò {Role(held.role).label} tại {held.agency}.")


def _stand_in(request: SignedInRequest, person: User) -> HttpResponse:
    form = _deputy_form(request.user, person, request.POST)
    if form.is_valid():
        try:
            name_deputy(person=person, by=request.user, **form.cleaned_data)
        except ValidationError as fault:
            place_errors(form, fault)
        except Refused as refusal:
            return _page(request, person.pk, deputy_form=form, opened="lam-thay", refusal=refusal)
        else:
            return _done(request, person, f"Đã cử {form.cleaned_data['deputy']} làm thay {person}.")
    return _page(request, person.pk, deputy_form=form, opened="lam-thay", status=422)


def _let_go(request: SignedInRequest, person: User) -> HttpResponse:
    deactivate_person(person=person, reason=_reason(request), by=request.user)
    return _done(request, person, f"Đã khóa tài khoản của {person} và thôi mọi vai trò.")


def _take_back(request: SignedInRequest, person: User) -> HttpResponse:
    reactivate_person(person=person, by=request.user)
    return _done(request, person, f"Đã mở lại tài khoản của {person}; hãy giao vai trò.")


def _invite_again(request: SignedInRequest, person: User) -> HttpResponse:
    invite_again(person=person, by=request.user)
    return redirect("person", pk=person.pk)


def _unlock(request: SignedInRequest, person: User) -> HttpResponse:
    unlock_person(person=person, by=request.user)
    return _done(request, person, f"Đã mở khóa: {person} đăng nhập được ngay.")


def _reset_second_factor(request: SignedInRequest, person: User) -> HttpResponse:
    reset_second_factor(person=person, by=request.user)
    return _done(request, person, f"Đã đặt lại: {person} vào được bằng mật khẩu, rồi bật lại.")


def _unlink(request: SignedInRequest, person: User) -> HttpResponse:
    unlink_person(person=person, by=request.user)
    return _done(request, person, f"Đã bỏ nối; {person} đăng nhập lần tới thì nối lại.")


def _first_password(request: SignedInRequest, person: User) -> HttpResponse:
    return _password_page(request, person, give_first_password(person=person, by=request.user))


_ACTS: Mapping[str, Callable[[SignedInRequest, User], HttpResponse]] = {
    "vai-tro": _give,
    "thoi": _end,
    "lam-thay": _stand_in,
    "nghi": _let_go,
    "tro-lai": _take_back,
    "thu-moi": _invite_again,
    "mat-khau": _first_password,
    "mo-khoa": _unlock,
    "dat-lai-ma": _reset_second_factor,
    "bo-noi": _unlink,
}


@require_safe
def who_may(request: SignedInRequest) -> HttpResponse:
    """Show who may do what: the acts of each role, and who holds it at which agency today."""
    require_people_desk(request.user)
    today = timezone.localdate()
    every = role_holders(managed_agencies(request.user), today)
    found = _asked_holders(request, every)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "people/who_may.html",
        {
            "duties": duties(),
            "roles": list(Role),
            "page": page,
            "lines": [_holder_line(one) for one in page],
            "number": len(found),
            "every": len(every),
            "short": sum(bool(one.lacks) for one in every),
            "search": clean(request.GET.get("tim", ""))[:100],
            "role": request.GET.get("vai-tro", ""),
            "only_short": "thieu" in request.GET,
            "query": _query(request),
        },
    )


def _asked_holders(request: HttpRequest, every: Sequence[Holders]) -> Sequence[Holders]:
    words = clean(request.GET.get("tim", ""))[:100]
    role = request.GET.get("vai-tro", "")
    found = [
        one
        for one in every
        if says(words, one.agency.name, one.agency.code, *_names_of(one))
        and ("thieu" not in request.GET or one.lacks)
        and (not role or any(held.value == role for held in one.held))
    ]
    return sorted(found, key=lambda one: by_kind_and_name(one.agency.kind, one.agency.name))


def _names_of(one: Holders) -> Sequence[str]:
    return [str(held.user) for holders in one.held.values() for held in holders]


def _holder_line(one: Holders) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "agency": one.agency,
        "held": [
            (role, [(held.user, days_told(held, today)) for held in one.held.get(role, ())])
            for role in Role
            if one.held.get(role)
        ],
        "lacks": one.lacks,
    }


@require_GET
def who_may_export(request: SignedInRequest) -> HttpResponse:
    """Send who holds which role, as asked for on the page, as a workbook."""
    require_people_desk(request.user)
    today = timezone.localdate()
    agencies = managed_agencies(request.user)
    provinces = list(agencies.filter(parent=None))
    return download(
        who_may_file(
            _asked_holders(request, role_holders(agencies, today)),
            today=today,
            province=provinces[0] if len(provinces) == 1 else None,
            by=request.user,
        )
    )
