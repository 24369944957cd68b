"""Signing in by the province's single sign-on: there, and back."""

import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from reporting.actions.single_sign_on import Claims, account_of
from reporting.refusals import NoAccount
from reporting.single_sign_on import NotSignedIn, ProviderAway, asked_to_sign_in, claims_of
from reporting.views.limits import CARRIED, house_of, wait_first
from reporting.views.requests import kept
from reporting.views.sessions import (
    BY_PROVIDER,
    ID_TOKEN,
    enter,
    safe_target,
    sign_in_page,
)

log = logging.getLogger(__name__)

_ON_THE_WAY = "sso-on-the-way"
_NOWHERE: Mapping[str, Any] = {"next": "", "kept": ()}
CANCELLED = "Ông/bà chưa đăng nhập xong bằng {name}, hoặc đã bấm hủy ở đó. Hãy thử lại."
TOO_LATE = (
    "Lần đăng nhập này đã quá lâu, đã dùng rồi, hoặc bắt đầu ở một trình duyệt khác. Hãy bắt đầu"
    " lại từ trang đăng nhập."
)
NOT_BELIEVED = (
    "Câu trả lời của hệ thống {name} không đúng với yêu cầu của cổng nên không được nhận. Hãy thử"
    " lại; nếu vẫn vậy, hãy báo quản trị hệ thống."
)
AWAY = "Hệ thống {name} chưa trả lời. Hãy thử lại sau ít phút"
OR_HERE = ", hoặc đăng nhập bằng mật khẩu của cổng"
WHOM_TO_ASK = " Hãy liên hệ Sở Nội vụ."
# Written for whoever asks, signed in or not. The longest sheet of the catalogue, 209 rows with a
# note of 300 letters each, comes to 71,000 letters. In bytes: that is what a disk is filled with.
LONGEST_CARRIED = 250_000
TOO_LONG = (
    "Những gì vừa gõ dài quá, không đem theo qua {name} được. Hãy đăng nhập ở một thẻ khác, rồi trở"
    " lại trang trước trong thẻ này mà lưu lại từng phần"
)
SENTENCES = {"access_denied": CANCELLED, "login_required": CANCELLED, "mismatching_state": TOO_LATE}


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Lead to the provider; what was typed, and where to go, wait in the session."""
    _require_offered()
    target, carried = safe_target(request), kept(request)
    if sum(len(f"{name}{text}".encode()) for name, text in carried) > LONGEST_CARRIED:
        sentence = f"{_named(TOO_LONG)}{_or_here()}."
        return sign_in_page(request, target, carried, sentence=sentence, status=413)
    if carried and (wait := CARRIED.limit.count(house_of(request))):
        return wait_first(request, CARRIED, wait)
    request.session[_ON_THE_WAY] = {"next": target, "kept": carried}
    try:
        return asked_to_sign_in(request)
    except ProviderAway as fault:
        return _away(request, fault)


@never_cache
@login_not_required
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """Sign in who comes back from the provider, if they have an account here."""
    _require_offered()
    way = request.session.get(_ON_THE_WAY, _NOWHERE)
    try:
        told, id_token = claims_of(request)
        person = account_of(Claims.of(told))
    except ProviderAway as fault:
        return _away(request, fault)
    except NotSignedIn as fault:
        # Of what may have come with the address a word is written, never a line.
        word = str(fault) if str(fault).isidentifier() else "other"
        log.warning("single sign-on refused: %.60s", word)
        return _failed(request, _named(SENTENCES.get(str(fault), NOT_BELIEVED)), status=403)
    except NoAccount as refusal:
        return _failed(request, f"{refusal}{WHOM_TO_ASK}", status=403)
    request.session.pop(_ON_THE_WAY, None)
    carried = [(name, text) for name, text in way["kept"]]
    return enter(
        request, person, way["next"], factor=BY_PROVIDER, carried=carried, told={ID_TOKEN: id_token}
    )


def _require_offered() -> None:
    if not settings.OIDC_ISSUER:
        raise Http404("Cổng này không dùng đăng nhập một lần.")


def _failed(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    """Offer to sign in anew, with what waits in the session."""
    way = request.session.get(_ON_THE_WAY, _NOWHERE)
    return sign_in_page(request, way["next"], [*way["kept"]], sentence=sentence, status=status)


def _away(request: HttpRequest, fault: ProviderAway) -> HttpResponse:
    log.warning("single sign-on: %s", fault)
    return _failed(request, f"{_named(AWAY)}{_or_here()}.", status=503)


def _or_here() -> str:
    return OR_HERE if settings.OIDC_PASSWORDS else ""


def _named(sentence: str) -> str:
    return sentence.format(name=settings.OIDC_NAME)
