"""Counting how often somebody asks: nothing is lost between processes, and everything runs out."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from reporting.actions import limits
from reporting.actions.limits import Limit, forget_counted
from reporting.actions.reminders import remind
from reporting.models import Tally

THREE = Limit("three", most=3, seconds=600)


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.9

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(limits, "time", found)
    return found


def test_so_many_are_let_through_and_the_next_is_told_how_long_to_wait(
    db: None, clock: Clock
) -> None:
    assert [THREE.count("a") for _ in range(3)] == [0, 0, 0]
    clock.now += 100
    assert (THREE.wait("a"), THREE.count("a")) == (500, 500)
    assert (THREE.wait("b"), THREE.count("b")) == (0, 0)
    assert Limit("other", most=3, seconds=600).count("a") == 0


def test_asking_on_makes_nobody_wait_longer(db: None, clock: Clock) -> None:
    for _ in range(9):
        THREE.count("a")
    clock.now += 599
    assert (THREE.wait("a"), THREE.count("a")) == (1, 1)
    clock.now += 1
    assert THREE.wait("a") == 0
    assert [THREE.count("a") for _ in range(4)] == [0, 0, 0, 600]


def test_looking_counts_nothing(db: None, clock: Clock) -> None:
    for _ in range(5):
        assert THREE.wait("a") == 0
    assert not Tally.objects.exists()


def test_counting_is_one_statement(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        THREE.count("a")
    with django_assert_num_queries(1):
        THREE.count("a")


def test_what_is_over_is_forgotten_once_a_day(db: None, clock: Clock) -> None:
    THREE.count("early")
    clock.now += 300
    THREE.count("late")
    clock.now += 300
    remind()
    assert [one.key for one in Tally.objects.all()] == ["three:late"]
    clock.now += 300
    forget_counted()
    assert not Tally.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_those_who_count_at_once_lose_no_count() -> None:
    def ten(_: int) -> int:
        try:
            return sum(THREE.count("all") == 0 for _ in range(10))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as several:
        let_through = sum(several.map(ten, range(4)))
    assert let_through == 3
    assert Tally.objects.get().times == 40
