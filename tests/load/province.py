"""The province of the deadline hour: 150 agencies with the longest form, a round behind them that
is approved, and one whose last reports are being typed."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from django.utils import timezone

from cchc_portal.passwords import Argon2
from indicators.definition import FormDefinition
from indicators.queries.definitions import form_definition
from reporting.actions.figures import save_figures
from reporting.books import Binding
from reporting.demo.province import invented_cells
from reporting.entry import box_text
from reporting.models import Agency, AgencyKind, Membership, Round, Submission, User
from reporting.periods import quarter
from reporting.snapshot import Cell
from reporting.workflow import Role
from tests import cast
from tests.load.crowd import (
    AGENCIES,
    BINDERS,
    CLERKS_EACH,
    EACH_CELL,
    HANDED_IN,
    LEADERS,
    PRINTERS,
    REVIEWERS,
    TABS,
)

CODE = "H"


def province_at_work(seconds: float) -> dict[str, Any]:
    """Enter everything; return what the people of ``tests.load.people`` need to know of it.

    What is left to type of a report is as much as its clerks type until it is to be handed in;
    these moments lie evenly over the ``seconds``.
    """
    province = cast.agency(CODE, "Tỉnh Đông Người", AgencyKind.PROVINCE)
    reviewer = cast.person("duyet", "Trần Minh Hạnh", (Role.REVIEWER, province))
    agencies = Agency.objects.bulk_create(
        Agency(code=f"{CODE}.{number:03d}", name=f"Sở số {number}", kind="so", parent=province)
        for number in range(AGENCIES)
    )
    clerks = [accounts(f"vt{number}-", Role.CLERK, agencies) for number in range(CLERKS_EACH)]
    past = cast.opened_round(province, f"{CODE}-TRUOC", by=reviewer, data_to_days_ago=92)
    for report, cells in zip(reports(past), figures(past), strict=True):
        save_figures(submission=report, cells=cells, by=clerk(report), via="page")
        cast.moved(report, "submit", by=clerk(report))
        cast.moved(report, "approve", by=reviewer)
    now = cast.opened_round(province, f"{CODE}-NAY", by=reviewer)
    form = form_definition(now.summary_version)
    # Nobody hands in in the first tenth, and none is still to be judged after the last.
    moments = (seconds * (0.1 + 0.8 * place / (AGENCIES // HANDED_IN)) for place in count())
    desks = []
    for number, (report, cells) in enumerate(zip(reports(now), figures(now), strict=True)):
        hands_in = number % HANDED_IN == 0
        left = (
            min(CLERKS_EACH * round(next(moments) / EACH_CELL), len(cells))
            if hands_in
            else len(cells)
        )
        typed = list(cells.items())
        before = dict(typed[: len(typed) - left])
        if before:
            save_figures(submission=report, cells=before, by=clerk(report), via="page")
        to_type = [
            (form.by_key[key].id, box_text(cell, form.by_key[key]))
            for key, cell in typed[len(typed) - left :]
        ]
        desks.append((report, hands_in, to_type))
    office = REVIEWERS + TABS + PRINTERS + BINDERS
    return {
        "password": cast.PASSWORD,
        "round": now.code,
        "past": past.code,
        "filed": [f"/bao-cao/{report.pk}/" for report in reports(past)],
        "rows": [row.key for row in form.typed_rows],
        "indicator": next(row.indicator for row in form.typed_rows if row.indicator),
        "kind_of_book": Binding.BOUND.value,
        "clerks": [
            {
                **account,
                "house": f"10.{half}.0.{report.agency_id % 250}",
                "address": f"/bao-cao/{report.pk}/",
                "hands_in": hands_in,
                "cells": to_type[half::CLERKS_EACH],
                "rows": [row.id for row in form.typed_rows][half::CLERKS_EACH],
                "keys": [row.key for row in form.typed_rows],
            }
            for half, found in enumerate(clerks)
            for account, (report, hands_in, to_type) in zip(found, desks, strict=True)
        ],
        "reviewers": of_the_province("snv", Role.REVIEWER, province, office),
        "leaders": of_the_province("ld", Role.VIEWER, province, LEADERS),
    }


def of_the_province(name: str, role: Role, province: Agency, number: int) -> list[dict[str, Any]]:
    return [
        account | {"house": f"10.9.0.{place}"}
        for place, account in enumerate(accounts(name, role, [province] * number))
    ]


def accounts(name: str, role: Role, places: Sequence[Agency]) -> list[dict[str, Any]]:
    """Enter an account for each place. All have the same password, hashed once, as installations
    hash it."""
    hasher = Argon2()
    password = hasher.encode(cast.PASSWORD, hasher.salt())
    people = User.objects.bulk_create(
        User(
            username=f"{name}{number:03d}",
            full_name=f"Người {name} số {number}",
            email=f"{name}{number:03d}@dong-nguoi.example",
            password=password,
        )
        for number in range(len(places))
    )
    Membership.objects.bulk_create(
        Membership(user=person, agency=place, role=role.value)
        for person, place in zip(people, places, strict=True)
    )
    return [{"user": person.pk, "username": person.username} for person in people]


def reports(round_: Round) -> Sequence[Submission]:
    found = round_.submissions.select_related("agency__parent", "form_version__form", "round")
    return list(found.order_by("agency__code"))


def clerk(report: Submission) -> User:
    return cast.clerk_of(report.agency)


def figures(round_: Round) -> Iterator[dict[str, Cell]]:
    """Invent what each agency reports, by the quarter that the round is about."""
    day = round_.data_to or timezone.localdate()
    period = quarter((day.month + 2) // 3, day.year)
    form: FormDefinition = form_definition(round_.summary_version)
    for report in reports(round_):
        yield invented_cells(form, AgencyKind.DEPARTMENT, report.agency, period)
