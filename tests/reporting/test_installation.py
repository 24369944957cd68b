"""What an installation is warned of before people use it."""

from typing import Any

import pytest
from django.core.checks import Warning, run_checks

DEPLOYED = {"DEBUG": False, "HTTPS": True, "PORTAL_URL": "http://127.0.0.1:8000"}


def warned(settings: Any, **changed: object) -> list[str]:
    for name, value in {**DEPLOYED, **changed}.items():
        setattr(settings, name, value)
    found = run_checks(tags=["security"], include_deployment_checks=True)
    return [one.msg for one in found if one.id == "reporting.W001" and isinstance(one, Warning)]


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000", "http://localhost", "https://[::1]:8000", ""]
)
def test_papers_that_would_lead_to_the_readers_own_machine_are_warned_of(
    settings: Any, address: str
) -> None:
    (sentence,) = warned(settings, PORTAL_URL=address)
    assert sentence.startswith(f"PORTAL_URL is {address}")


@pytest.mark.parametrize(
    "changed", [{"PORTAL_URL": "https://thongke.example.vn"}, {"HTTPS": False}, {"DEBUG": True}]
)
def test_an_address_that_others_reach_and_a_developers_machine_are_not(
    settings: Any, changed: dict[str, object]
) -> None:
    assert warned(settings, **changed) == []
