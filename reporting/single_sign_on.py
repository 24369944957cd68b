"""The provider of single sign-on, spoken with by Authlib in OpenID Connect; what is believed of it
is narrowed to what this portal asked for."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

from authlib.integrations.base_client import OAuthError
from authlib.integrations.django_client import OAuth
from authlib.integrations.django_client.apps import DjangoOAuth2App
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from joserfc.errors import JoseError
from requests import RequestException

# Signed with a key that the provider alone has: no "none", no secret that both sides know.
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
PATIENCE = 10
LEEWAY = 60


class ProviderAway(Exception):
    """The provider can't be reached, or does not answer as one."""


class NotSignedIn(Exception):
    """The provider did not let the person in, or its answer is not one to what was asked."""


class Provider(DjangoOAuth2App):
    """What the provider says of itself, believed no further than that."""

    def load_server_metadata(self) -> dict[str, Any]:
        metadata: dict[str, Any] = super().load_server_metadata()
        if str(metadata.get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER:
            self.server_metadata.clear()
            raise ProviderAway("it is another issuer")
        told = metadata.get("id_token_signing_alg_values_supported", SIGNED_BY)
        metadata["id_token_signing_alg_values_supported"] = [
            one for one in told if one in SIGNED_BY
        ]
        return metadata


@cache
def _provider(issuer: str, client_id: str, secret: str) -> Provider:
    registry = OAuth()
    registry.register(
        name="provider",
        client_cls=Provider,
        client_id=client_id,
        client_secret=secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "default_timeout": PATIENCE,
        },
    )
    return registry.create_client("provider")  # type: ignore[no-any-return]


def provider() -> Provider:
    return _provider(settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET)


def asked_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the provider, with state, nonce and the challenge of PKCE; raises ProviderAway."""
    back = f"{settings.PORTAL_URL}{reverse('sso-callback')}"
    try:
        answer: HttpResponse = provider().authorize_redirect(request, back)
    except (RequestException, ValueError, RuntimeError) as fault:
        raise ProviderAway(type(fault).__name__) from fault
    return answer


def claims_of(request: HttpRequest) -> tuple[Mapping[str, object], str]:
    """Return what the provider says of who comes back from it, and the token that says it; raises
    NotSignedIn or ProviderAway."""
    asked = {
        "iss": {"essential": True, "value": provider_issuer()},
        "aud": {"essential": True, "value": settings.OIDC_CLIENT_ID},
    }
    try:
        token = provider().authorize_access_token(request, claims_options=asked, leeway=LEEWAY)
    except (OAuthError, JoseError, ValueError, KeyError, TypeError) as fault:
        raise NotSignedIn(getattr(fault, "error", "") or type(fault).__name__) from fault
    except (RequestException, RuntimeError) as fault:  # the latter: what it should say is missing
        raise ProviderAway(type(fault).__name__) from fault
    told = token.get("userinfo")
    if not told or not told.get("sub") or not told.get("nonce"):
        raise NotSignedIn("no id_token")
    return dict(told), str(token["id_token"])


def provider_issuer() -> str:
    try:
        return str(provider().load_server_metadata()["issuer"])
    except (RequestException, ValueError) as fault:
        raise ProviderAway(type(fault).__name__) from fault


def way_out(id_token: str) -> str:
    """Return where the person signs out at the provider as well; empty if it has no such place."""
    try:
        end = str(provider().load_server_metadata().get("end_session_endpoint", ""))
    except (RequestException, ValueError, ProviderAway):
        return ""
    back = f"{settings.PORTAL_URL}{reverse('login')}"
    asked = {"id_token_hint": id_token, "post_logout_redirect_uri": back}
    return f"{end}{'&' if '?' in end else '?'}{urlencode(asked)}" if end else ""
