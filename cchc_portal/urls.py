"""All addresses of the portal."""

from django.contrib import admin
from django.urls import include, path

handler400 = "cchc_portal.errors.bad_request"

urlpatterns = [
    path("quan-tri/", admin.site.urls),
    path("", include("reporting.urls")),
    path("", include("indicators.urls")),
]
