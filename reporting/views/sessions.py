"""Signing in, the front page, the password, and what is shown when something is wrong."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, login, logout, update_session_auth_hash
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.auth.views import (
    INTERNAL_RESET_SESSION_TOKEN,
    RedirectURLMixin,
    redirect_to_login,
)
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from indicators.words import clean
from reporting.access import FILLS_IN, holds_any
from reporting.actions.accounts import (
    accept_invitation,
    choose_password,
    invitations,
    sign_in_failed,
    signed_in,
    signed_out,
)
from reporting.forms import ChangePasswordForm, ChoosePasswordForm, CodeForm, SignInForm
from reporting.lockout import be_at_home, is_just_locked
from reporting.models import User
from reporting.queries.second_factor import needs_second_factor, second_factor_of
from reporting.queries.single_sign_on import is_let_in_by_provider
from reporting.refusals import InvitationOver
from reporting.single_sign_on import way_out
from reporting.views.requests import KEPT_PREFIX, SignedInRequest, address_of, kept
from reporting.workflow import ROUND_READERS, Role

LONGEST_USERNAME = 150
CHANGE_FIRST = (
    "Mật khẩu đang dùng do người khác cấp. Hãy đổi mật khẩu ở trang «Đổi mật khẩu» rồi làm tiếp;"
    " những gì đã gõ vẫn giữ trong máy này."
)
SET_UP_FIRST = (
    "Cổng yêu cầu tài khoản này xác thực hai bước. Hãy mở trang «Xác thực hai bước», bật lên rồi"
    " làm tiếp; những gì đã gõ vẫn giữ trong máy này."
)
ACCOUNTS = "reporting.accounts.Accounts"
# In a session: what the person has shown besides their password, the factor's number or that it was
# the provider's.
FACTOR_SHOWN = "second-factor"
BY_PROVIDER = "provider"
ID_TOKEN = "sso-id-token"  # noqa: S105 - where it is kept
_WAITS_FOR_CODE = "waits-for-code"
LONGEST_WAIT = 300


class Onwards(RedirectURLMixin):
    """Goes on to a page of this portal by its path alone: a word is the name of no page."""

    def get_redirect_url(self) -> str:
        found = super().get_redirect_url()
        return found if found.startswith("/") else ""


class SignIn(Onwards, auth.LoginView):
    """Sign in; figures posted after the session had ended are carried through and offered again.

    They travel as hidden fields under ``KEPT_PREFIX`` from the refused page to this one and,
    once signed in, to a page that posts them to where they were going. A page that signs in without
    being left asks for JSON and is told who has signed in, or the sentence why not.
    """

    template_name = "login.html"
    authentication_form = SignInForm

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        return super().get_context_data(kept=kept(self.request), **extra)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        if second_factor_of(user) is None:
            return enter(self.request, user, self.get_success_url())
        wait_for_code(self.request, user)
        if asks_for_json(self.request):
            return JsonResponse({"code": reverse("second-factor")})
        return code_page(self.request, self.get_redirect_url())

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        # As the name was looked up: an input method may give other forms of the same letters.
        username = User.normalize_username(clean(form.data.get("username", "")))[:LONGEST_USERNAME]
        locked_until: datetime | None = getattr(self.request, "locked_until", None)
        is_refused = locked_until is not None and not is_just_locked(self.request)
        if not is_refused:  # what is refused unheard is not told again and again
            sign_in_failed(
                username=username, address=address_of(self.request), locked_until=locked_until
            )
        status = 429 if locked_until else 422
        if asks_for_json(self.request):
            sentences = [str(one) for errors in form.errors.values() for one in errors]
            return JsonResponse({"sentence": " ".join(sentences)}, status=status)
        return self.render_to_response(
            self.get_context_data(form=form), status=429 if locked_until else 200
        )


def enter(
    request: HttpRequest,
    user: User,
    target: str,
    *,
    factor: int | str = "",
    carried: Sequence[tuple[str, str]] | None = None,
    told: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Sign ``user`` in, who has shown all that is asked of them, and go on to ``target`` with what
    was ``carried`` there, or else is posted here; the session keeps what was ``told``."""
    carried = kept(request) if carried is None else carried
    login(request, user, backend=ACCOUNTS)
    if factor:
        request.session[FACTOR_SHOWN] = factor
    request.session.update(told or {})
    signed_in(address=address_of(request), by=user, is_elsewhere=factor == BY_PROVIDER)
    response: HttpResponse
    if asks_for_json(request):
        first = _first_of_all(request, user)
        response = (
            JsonResponse({"sentence": first.sentence}, status=403)
            if first
            else JsonResponse({"user": user.pk})
        )
    else:
        response = _resumed(request, target, carried) or HttpResponseRedirect(
            target or reverse("home")
        )
    be_at_home(request, response, user)
    return response


def wait_for_code(request: HttpRequest, user: User) -> None:
    """Remember for some minutes that ``user`` has given the right password. It is nobody's session
    yet: it opens no page but the one that asks for the code."""
    request.session.flush()
    request.session[_WAITS_FOR_CODE] = [user.pk, user.get_session_auth_hash(), int(time())]


def who_waits(request: HttpRequest) -> User | None:
    """Return whose code is asked for; None where that was too long ago, or things have changed."""
    pk, mark, since = request.session.get(_WAITS_FOR_CODE, (0, "", 0))
    if not 0 <= time() - since <= LONGEST_WAIT:
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    is_same = user is not None and constant_time_compare(user.get_session_auth_hash(), mark)
    return user if is_same else None


def code_page(
    request: HttpRequest, target: str, form: CodeForm | None = None, *, status: int = 200
) -> HttpResponse:
    """Ask for the code, with all that is on its way."""
    form = form or CodeForm()
    form.fields["code"].widget.attrs["autofocus"] = True
    context = {"form": form, "next": target, "kept": kept(request)}
    return render(request, "second_factor.html", context, status=status)


def sign_in_page(
    request: HttpRequest,
    target: str,
    carried: Sequence[tuple[str, str]],
    *,
    sentence: str = "",
    status: int,
) -> HttpResponse:
    """Ask to sign in, perhaps anew and with the ``sentence`` why, with all that is on its way."""
    context = {
        "form": SignInForm(request),
        "next": target,
        "kept": carried,
        "sentence": sentence,
    }
    return render(request, "login.html", context, status=status)


def carried_on(fields: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what was carried, as it is to be posted at last."""
    return [(name.removeprefix(KEPT_PREFIX), text) for name, text in fields]


def resumed(request: HttpRequest, target: str) -> HttpResponse | None:
    """Return the page that posts to ``target`` what was carried here, if anything was."""
    return _resumed(request, target, kept(request))


def _resumed(
    request: HttpRequest, target: str, carried: Sequence[tuple[str, str]]
) -> HttpResponse | None:
    if not carried:
        return None
    context = {"target": target, "kept": carried_on(carried)}
    return render(request, "reports/resume.html", context)


def safe_target(request: HttpRequest) -> str:
    """Return where the person wants to go on to; empty where that is no page of this portal."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    is_page = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_page else ""


@method_decorator(login_not_required, name="dispatch")
class SignOut(auth.LogoutView):
    """Sign out, and record it of who was signed in; who came from the single sign-on goes on to
    sign out there, or the next at the same machine would be let in as them."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if isinstance(request.user, User):
            signed_out(address=address_of(request), by=request.user)
        id_token = request.session.get(ID_TOKEN, "") if settings.OIDC_ISSUER else ""
        answer = super().post(request, *args, **kwargs)
        further = way_out(id_token) if id_token else ""
        return HttpResponseRedirect(further) if further else answer


def asks_for_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


class SignInFirst(LoginRequiredMiddleware):
    """Every page asks who is not signed in to do so, unless it says that it is for everybody; but
    what was posted after a session had ended is kept, carried through signing in, and offered to
    be posted again. Who was given a password by somebody else chooses one of their own first, who
    must have a second factor sets it up: no other page opens until then, and what was posted is
    carried in the same way. A session without the code that is asked of its person is none."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        user = request.user
        if not isinstance(user, User):
            return super().process_view(request, view_func, args, kwargs)
        if not getattr(view_func, "login_required", True):
            return None
        is_by_provider = request.session.get(FACTOR_SHOWN) == BY_PROVIDER
        if is_by_provider and not is_let_in_by_provider(user):
            logout(request)  # unlinked, or made an operator, since it began
            return self.handle_no_permission(request, view_func)
        factor = second_factor_of(user)
        if factor and request.session.get(FACTOR_SHOWN) not in (factor, BY_PROVIDER):
            logout(request)  # begun before there was one, or by one from before
            return self.handle_no_permission(request, view_func)
        first = _first_of_all(request, user)
        at = request.resolver_match
        if first is None or (at is not None and at.view_name in (first.page, "password")):
            return None
        return _do_first(request, user, first)

    def handle_no_permission(  # type: ignore[override]  # it may answer with any response
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)  # a part of a page has no room for signing in
        if request.method != "POST":
            return super().handle_no_permission(request, view_func)
        return sign_in_page(request, request.get_full_path(), _posted(request), status=401)


def _posted(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what was posted as the fields that carry it further."""
    return [
        (f"{KEPT_PREFIX}{name}", text)
        for name, texts in request.POST.lists()
        for text in texts
        # Passwords are typed again: none is ever written into a page.
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]


@dataclass(frozen=True, slots=True)
class First:
    """What is done before anything else: at which page, and why."""

    page: str
    sentence: str


def _first_of_all(request: HttpRequest, user: User) -> First | None:
    if request.session.get(FACTOR_SHOWN) == BY_PROVIDER:
        return None  # the provider asks what it asks; a password of this portal was not used
    if user.must_change_password:
        return First("password", CHANGE_FIRST)
    if second_factor_of(user) is None and needs_second_factor(user):
        return First("second-factor-setup", SET_UP_FIRST)
    return None


def _do_first(request: HttpRequest, user: User, first: First) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(first.sentence, status=403, content_type="text/plain; charset=utf-8")
    if "application/json" in (request.content_type, request.headers.get("Accept")):
        return JsonResponse({"sentence": first.sentence}, status=403)
    target = request.get_full_path()
    if request.method != "POST":
        return redirect_to_login(target, reverse(first.page), REDIRECT_FIELD_NAME)
    if first.page == "password":
        context = {"form": ChangePasswordForm(user), "next": target, "kept": _posted(request)}
        return render(request, "password.html", context, status=403)
    context = {"target": target, "kept": carried_on(_posted(request)), "first": first}
    return render(request, "reports/resume.html", context, status=403)


class ChangePassword(Onwards, auth.PasswordChangeView):
    """Change one's password, the first one that somebody else gave included; then go on to the
    page that was asked for, with what was posted to it."""

    template_name = "password.html"
    form_class = ChangePasswordForm
    next_page = "home"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        context = {"next": self.get_redirect_url(), "kept": kept(self.request)}
        return super().get_context_data(**context, **extra)

    def get_success_url(self) -> str:
        return Onwards.get_success_url(self)

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        user = choose_password(password=form.cleaned_data["new_password1"], by=form.user)
        update_session_auth_hash(self.request, user)
        messages.success(self.request, "Đã đổi mật khẩu.")
        target = self.get_success_url()
        return resumed(self.request, target) or HttpResponseRedirect(target)


class Invitation(auth.PasswordResetConfirmView):
    """Choose a password by the link of an invitation. The link's secret goes into the session and
    out of the address at once, so that no log and no other page gets it."""

    template_name = "people/invitation.html"
    form_class = ChoosePasswordForm
    token_generator: PasswordResetTokenGenerator = invitations
    accept = staticmethod(accept_invitation)
    reset_url_token = "chon-mat-khau"  # noqa: S105 - a place in the address
    success_url = reverse_lazy("login")

    def get_user(self, uidb64: str) -> User | None:
        found = super().get_user(uidb64)
        return found if isinstance(found, User) and found.is_active else None

    def form_valid(self, form: ChoosePasswordForm) -> HttpResponse:
        token = self.request.session.pop(INTERNAL_RESET_SESSION_TOKEN, "")
        try:
            self.accept(person=form.user, token=token, password=form.cleaned_data["new_password1"])
        except InvitationOver:
            self.validlink = False
            return self.render_to_response(self.get_context_data())
        messages.success(
            self.request,
            f"Đã chọn mật khẩu. Hãy đăng nhập bằng tên «{form.user.username}».",
        )
        response = redirect(self.get_success_url())
        be_at_home(self.request, response, form.user)
        return response

    def render_to_response(self, context: dict[str, Any], **extra: Any) -> HttpResponse:
        failed = 422 if self.validlink and context["form"].errors else 200
        return super().render_to_response(
            context, status=failed if self.validlink else 410, **extra
        )


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """Lead each person to the page they work on: rounds for the Sở Nội vụ, the province at a glance
    for its leaders, reports for those who fill them in, the catalogue for who draws up forms, the
    administration for who only runs the portal."""
    if holds_any(request.user, {Role.REVIEWER}):
        return redirect("rounds")
    if holds_any(request.user, ROUND_READERS):
        return redirect("overview")
    if request.user.manages_catalogue and not holds_any(request.user, FILLS_IN):
        return redirect("forms")
    if request.user.is_staff and not holds_any(request.user, FILLS_IN):
        return redirect("admin:index")
    return redirect("my-reports")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page that was open too long, or whose sign-in changed meanwhile, cannot be posted."""
    return render(request, "errors/csrf.html", {"reason": reason}, status=403)
