"""How the versions of forms stand on a day, and what a list tells of each."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from indicators.actions.drafts import discard
from indicators.actions.versions import retire
from indicators.models import FormVersion
from indicators.queries.editions import Standing, editions, listed_forms
from reporting.models import User
from tests.indicators.actions.acts import begun, published

pytestmark = pytest.mark.django_db


def standings(today: date) -> dict[str, Standing]:
    found = editions(FormVersion.objects.filter(form__code="THU"), today)
    return {edition.version.code: edition.standing for edition in found}


@pytest.fixture
def versions(mai: User) -> None:
    """Three editions of one form and a draft of the fourth."""
    published(mai, code="THU-2024", valid_from=date(2024, 1, 1), valid_to=date(2024, 12, 31))
    published(mai, code="THU-2025", valid_from=date(2025, 1, 1))
    published(mai, code="THU-2026", valid_from=date(2026, 1, 1))
    begun(mai, code="THU-2027", valid_from=date(2027, 1, 1))


@pytest.mark.parametrize(
    ("today", "first", "second", "third"),
    [
        (date(2023, 12, 31), "coming", "coming", "coming"),
        (date(2024, 12, 31), "in_force", "coming", "coming"),
        (date(2025, 6, 1), "ended", "in_force", "coming"),
        (date(2026, 1, 1), "ended", "replaced", "in_force"),
    ],
)
def test_one_version_of_a_form_is_in_force(
    versions: None, today: date, first: str, second: str, third: str
) -> None:
    assert standings(today) == {
        "THU-2027": "draft",
        "THU-2026": third,
        "THU-2025": second,
        "THU-2024": first,
    }


def test_a_retired_version_is_in_force_until_its_last_day(versions: None, mai: User) -> None:
    retire(
        version=FormVersion.objects.get(code="THU-2026"),
        last_day=date(2026, 3, 31),
        note="Bãi bỏ.",
        by=mai,
    )
    assert standings(date(2026, 3, 31))["THU-2026"] is Standing.IN_FORCE
    after = standings(date(2026, 4, 1))
    assert (after["THU-2026"], after["THU-2025"]) == (Standing.ENDED, Standing.IN_FORCE)
    [edition, *_] = editions(FormVersion.objects.filter(code="THU-2026"), date(2026, 4, 1))
    assert edition.last_day == date(2026, 3, 31)


def test_a_draft_put_aside_says_so(mai: User) -> None:
    draft = begun(mai)
    discard(version=draft, revision=draft.revision, by=mai)
    [edition] = editions(FormVersion.objects.filter(pk=draft.pk), date(2026, 1, 1))
    assert (edition.standing, edition.is_draft) == (Standing.DISCARDED, True)


def test_a_list_tells_rows_acts_and_the_version_before(versions: None, mai: User) -> None:
    [listed] = listed_forms(FormVersion.objects.filter(form__code="THU"), date(2026, 6, 1))
    assert listed.form.name == "Biểu thử"
    assert [
        (
            row.edition.version.code,
            row.rows,
            row.event and row.event.act,
            row.previous and str(row.previous.code),
        )
        for row in listed.editions
    ] == [
        ("THU-2027", 5, "begin", "THU-2026"),
        ("THU-2026", 5, "publish", "THU-2025"),
        ("THU-2025", 5, "publish", "THU-2024"),
        ("THU-2024", 5, "publish", None),
    ]
    assert {row.event and row.event.by for row in listed.editions} == {mai}


def test_a_list_costs_the_same_for_one_version_and_for_all(
    versions: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for chosen in (FormVersion.objects.filter(code="THU-2026"), FormVersion.objects.all()):
        with django_assert_num_queries(5):
            listed_forms(chosen.select_related("form"), date(2026, 6, 1))
