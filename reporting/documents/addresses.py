"""Where the pages are that figures over time lead to."""

from urllib.parse import urlencode

from django.urls import reverse

from reporting.calculations.courses import Reading
from reporting.models import Agency


def address_of(province: Agency, indicator: str, **more: str) -> str:
    """Return the query of the page of an indicator."""
    return urlencode({"chi-tieu": indicator, "tinh": province.code, **more})


def behind(reading: Reading) -> str:
    """Return the address of the agencies behind a reading."""
    query = urlencode({"bieu": reading.place.layout.code, "dong": reading.total.row.key})
    return f"{reverse('breakdown', args=[reading.moment.code])}?{query}"
