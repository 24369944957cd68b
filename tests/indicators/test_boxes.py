"""The boxes of a form, by kind, and what was refused placed beside them."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from indicators.forms.boxes import DayWithin, box, offer, place_errors


class Small(forms.Form):
    colour = forms.ChoiceField()
    day = DayWithin(earliest=2000, latest=2100, wrong="Không có năm {year}.", required=False)


def bound(**said: str) -> Small:
    form = Small(said)
    offer(form, "colour", [("x", "xanh")])
    return form


def test_a_box_is_what_it_is_said_to_be() -> None:
    assert box(bound(), "colour", forms.ChoiceField).choices == [("x", "xanh")]
    with pytest.raises(TypeError, match="colour is no DateField"):
        box(bound(), "colour", forms.DateField)


@pytest.mark.parametrize(
    ("day", "faults"),
    [
        ("01/01/2000", []),
        ("31/12/2100", []),
        ("", []),
        ("31/12/1999", ["Không có năm 1999."]),
        ("01/01/2101", ["Không có năm 2101."]),
    ],
)
def test_a_day_lies_in_its_years(day: str, faults: list[str]) -> None:
    assert bound(colour="x", day=day).errors.get("day", []) == faults


def test_what_was_refused_stands_beside_its_boxes_and_the_rest_above() -> None:
    form = bound(colour="x")
    place_errors(form, ValidationError({"day": ["Muộn.", "Lẻ."], "parent": ["Không có."]}))
    place_errors(form, ValidationError("Cả hai."))
    assert form.errors == {"day": ["Muộn.", "Lẻ."], "__all__": ["Không có.", "Cả hai."]}
