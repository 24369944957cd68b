"""All addresses of the portal."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from cchc_portal import probes
from reporting.views.sessions import SignOut

handler400 = "cchc_portal.errors.bad_request"
handler500 = "cchc_portal.errors.failed"

# One door: who signs in or out is in the record, and whoever must change a password does so first.
to_the_door = login_not_required(RedirectView.as_view(pattern_name="login", query_string=True))
to_own_password = RedirectView.as_view(pattern_name="password")

urlpatterns = [
    path("healthz", probes.alive, name="healthz"),
    path("readyz", probes.ready, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
    path("quan-tri/login/", to_the_door),
    path("quan-tri/logout/", SignOut.as_view()),
    path("quan-tri/password_change/", to_own_password),
    path("quan-tri/", admin.site.urls),
    path("", include("reporting.urls")),
    path("", include("indicators.urls")),
]
