"""The page for requests that cannot be read."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Answer in a sentence; nothing posted is looked at again, it was what could not be read."""
    return HttpResponse(render_to_string("400.html"), status=400)
