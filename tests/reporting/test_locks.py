"""Acts that wait for each other do not kill each other: a lock never bars a mere mention."""

import threading

import pytest
from django.db import connection, transaction

from reporting.actions.submissions import locked
from reporting.models import Notice, Round, Submission, User
from tests.cast import stored

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def test_a_held_round_can_be_mentioned(report: Submission, hoa: User) -> None:
    """One act holds the round and wants the report, another holds the report and tells of the
    round: with locks that bar foreign keys, both would wait for ever."""
    holds_round, holds_report = threading.Event(), threading.Event()
    failed: list[BaseException] = []

    def extend() -> None:
        try:
            with transaction.atomic():
                Round.objects.select_for_update(no_key=True).get(pk=report.round_id)
                holds_round.set()
                holds_report.wait(10)
                locked(stored(report))
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=extend)
    other.start()
    with transaction.atomic():
        current = locked(stored(report))
        holds_round.wait(10)
        holds_report.set()
        Notice.objects.create(
            user=hoa, kind="returned", key="k", subject="s", path="/", round=current.round,
            at=current.state_at,
        )  # fmt: skip
    other.join(20)
    assert failed == []
    assert Notice.objects.filter(key="k").exists()
