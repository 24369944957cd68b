"""Acts that wait for each other do not kill each other: a lock never bars a mere mention."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction

from reporting.actions.submissions import locked
from reporting.models import Notice, Round, Submission, Transition, User
from reporting.publication import Published
from reporting.queries.publications import Publishable, publishable
from tests.cast import approved, moved, published, stored

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def test_a_report_is_not_reopened_while_it_is_published(
    report: Submission, hanh: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is frozen is of one moment: a reopening waits until the publication is made."""
    approved(report, {"1.1": "3"})
    reads, failed = threading.Event(), list[BaseException]()

    def slowly(*asked: Any) -> Publishable:
        found = publishable(*asked)
        reads.set()
        other.join(1)  # it cannot end as long as the report is held
        return found

    def reopen() -> None:
        try:
            reads.wait(10)
            moved(report, "reopen", by=hanh, reason="Sai.")
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=reopen)
    monkeypatch.setattr("reporting.actions.publications.publishable", slowly)
    other.start()
    made = published(report.round)
    other.join(20)
    assert failed == []
    reopened = Transition.objects.get(submission=report, move="reopen")
    assert made.at < reopened.at
    (one,) = [one for one in Published(made.content).reports if one["agency"] == "MH.SCT"]
    assert (one["state"], one["figures"]["1.1"]) == ("approved", "3")


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
