"""The boxes of a form: each as the kind it is, its choices, and what an act refused of it."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError

from indicators.forms.drafts import Day

Box = TypeVar("Box", bound=forms.Field)


def box(form: forms.BaseForm, name: str, kind: type[Box]) -> Box:
    """Return the box ``name`` of a form, which is of ``kind``."""
    found = form.fields[name]
    if not isinstance(found, kind):
        raise TypeError(f"{name} is no {kind.__name__}")
    return found


def offer(form: forms.BaseForm, name: str, choices: Sequence[tuple[str, str]]) -> None:
    """Give the box ``name`` what may be chosen in it."""
    box(form, name, forms.ChoiceField).choices = choices


def place_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put what an act refused beside the boxes it is about; the rest above them."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, ValidationError(errors))


class DayWithin(Day):
    """A day of the years from ``earliest`` to ``latest``; ``wrong`` says that there is no other,
    with the ``{year}`` that was typed."""

    def __init__(self, *, earliest: int, latest: int, wrong: str, **said: Any) -> None:
        super().__init__(**said)
        self.earliest, self.latest, self.wrong = earliest, latest, wrong

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and not self.earliest <= day.year <= self.latest:
            raise ValidationError(self.wrong.format(year=day.year))
        return day
