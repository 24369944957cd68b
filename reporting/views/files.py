"""Files as responses."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from reporting.documents.files import File


def download(file: File) -> HttpResponse:
    """Return ``file`` as an attachment under its own name, never kept by a cache."""
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or ""
    response["Cache-Control"] = "private, no-store"
    return response
