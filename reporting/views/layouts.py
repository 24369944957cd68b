"""The form whose rows a table of a round is laid out by."""

from collections.abc import Sequence

from django.http import Http404

from indicators.models import FormVersion


def chosen(forms: Sequence[FormVersion], code: str) -> FormVersion:
    """Return the form asked for, the province's own when none is; an unknown one answers 404."""
    if not code:
        return forms[0]
    for form in forms:
        if form.code == code:
            return form
    raise Http404("Đợt này không dùng biểu mẫu đó.")
