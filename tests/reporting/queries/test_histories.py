"""What stands beside many reports is what stands beside each."""

from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from indicators.definition import FormDefinition
from indicators.queries.definitions import form_definition
from reporting.models import Agency, Round, Submission, User
from reporting.queries.histories import histories_of
from reporting.queries.history import history_beside
from reporting.rules import History
from tests.cast import form, stored
from tests.reporting.forms_by_hand import rule
from tests.reporting.queries.test_rule_trials import filed, opened


def with_rules(*conditions: str) -> FormDefinition:
    """Return the departments' form with other rules."""
    return replace(form_definition(form("PL2-KH-2022")), rules=tuple(map(rule, conditions)))


@pytest.fixture
def reports(
    minh_hoa: Agency, so_cong_thuong: Agency, so_noi_vu: Agency, hoa: User, hanh: User
) -> list[Submission]:
    """Two reports of today, the first with a round before and one of a year ago."""
    year_ago = opened(minh_hoa, "MH-NAM", hanh, days_ago=365)
    last = opened(minh_hoa, "MH-TRUOC", hanh, days_ago=91)
    now = opened(minh_hoa, "MH-NAY", hanh, days_ago=0)
    filed(year_ago, so_cong_thuong, {"1.1": "20", "1.2.a": "8", "1.2.b": "4"})
    filed(last, so_cong_thuong, {"1.1": "không phát sinh", "1.2.a": "9"})
    found = [filed(now, at, {"1.1": "10"}) for at in (so_cong_thuong, so_noi_vu)]
    return [stored(one) for one in found]


def of_all(definition: FormDefinition, reports: list[Submission]) -> list[History]:
    round_ = Round.objects.get(pk=reports[0].round_id)
    found = histories_of(definition, round_, reports)
    return [found[one.pk] for one in reports]


def test_it_is_the_same_as_beside_each(reports: list[Submission]) -> None:
    conditions = [
        f"[{key}] >= {when}([{key}])"
        for key in ("1.1", "1.2.a", "1.2.b", "1.2")
        for when in ("previous", "last_year")
    ]
    asked = {"1.1", "1.2.a", "1.2.b", "1.2"}
    wanted = {form_definition(form("PL2-KH-2022")).by_key[key].indicator for key in asked}
    for found, alone in zip(
        of_all(with_rules(*conditions), reports), map(history_beside, reports), strict=True
    ):
        assert found.window == alone.window
        for one, other in (
            (found.previous, alone.previous),
            (found.last_year, alone.last_year),
        ):
            assert (one is None) is (other is None)
            if one is not None and other is not None:
                assert (one.name, one.window) == (other.name, other.window)
                assert one.numbers == {
                    name: number for name, number in other.numbers.items() if name in wanted
                }


def test_a_rate_of_before_is_computed_from_its_parts(reports: list[Submission]) -> None:
    [first, second] = of_all(with_rules("[1.2] >= last_year([1.2])"), reports)
    assert first.last_year is not None
    rate = form_definition(form("PL2-KH-2022")).by_key["1.2"].indicator
    assert first.last_year.numbers[rate] == 50
    assert second.last_year is None


def test_rules_that_look_at_nothing_else_cost_nothing(
    reports: list[Submission], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    definition = with_rules("[1.1] >= 0")
    round_ = Round.objects.get(pk=reports[0].round_id)
    with django_assert_num_queries(0):
        assert histories_of(definition, round_, reports) == {}
