"""The board's part of the budgets: all agencies of a province over the rounds, and the desk of one
round."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.kinds import Severity
from indicators.queries.definitions import form_definition
from reporting.actions.rounds import open_round
from reporting.models import (
    Agency,
    AgencyKind,
    CheckedFinding,
    CheckRun,
    Filing,
    Notice,
    Round,
    RoundForm,
    Submission,
    User,
)
from reporting.workflow import HANDED_IN, Role, RoundStatus, State
from tests import cast
from tests.bench_forms import large_form
from tests.budgets import Budget, milliseconds

MANY, FEW, ROUNDS, OF_THE_DESK = 4_000, 40, 8, 150


def board() -> list[Budget]:
    """The whole request of a signed-in reviewer: the largest board there may be, a small one that
    must cost as many queries, and the desk of a round of 150 agencies. The board's baseline is the
    barest reading of the same cells: their states and nothing else."""
    large, small, desk = (
        province_of(code, agencies)
        for code, agencies in (("BDN", MANY), ("BDI", FEW), ("BDB", OF_THE_DESK))
    )
    check(desk)
    pages = [page_of(large, "/tien-do/"), page_of(small, "/tien-do/")]
    at_the_desk = page_of(desk, f"/dot/{desk.username}-1/")
    time, bare, few, listed = milliseconds(
        pages[0], lambda: bare_states(large), pages[1], at_the_desk, turns=7
    )
    queries, of_few, of_desk = (queries_of(page) for page in (*pages, at_the_desk))
    return [
        Budget(f"board, {MANY} agencies × {ROUNDS} rounds", time, "ms", most=300),
        Budget("  its states alone, read barely", bare, "ms"),
        Budget("  its queries", queries, "", most=of_few),
        Budget(f"board, {FEW} agencies × {ROUNDS} rounds", few, "ms"),
        Budget("  its queries", of_few, "", most=11),
        Budget(f"desk of {OF_THE_DESK} reports", listed, "ms", most=50),
        Budget("  its queries", of_desk, "", most=13),
    ]


def opening() -> list[Budget]:
    """Opening a round for 150 agencies with a form of 250 rows, each with a clerk who is told;
    beside writing the same reports barely. Nothing of it stays."""
    version = large_form(250, "MO-DOT")
    province = cast.agency("BDM", "Tỉnh BDM", AgencyKind.PROVINCE)
    reviewer = cast.person("BDM", "Trần Minh Hạnh", (Role.REVIEWER, province))
    for number in range(OF_THE_DESK):
        at = cast.agency(f"BDM.{number}", f"UBND xã Tân An {number}", AgencyKind.COMMUNE, province)
        cast.person(f"bdm{number}", f"Văn thư {number}", (Role.CLERK, at))
    round_ = round_of(province, 0)
    Round.objects.filter(pk=round_.pk).update(status=RoundStatus.PLANNED.value)
    RoundForm.objects.create(round=round_, agency_kind="xa", form_version=version)
    told: list[int] = []

    def open_it() -> None:
        with transaction.atomic():
            made = open_round(round=Round.objects.get(pk=round_.pk), by=reviewer)
            told.append(made + Notice.objects.filter(round=round_).count())
            transaction.set_rollback(True)

    def write_barely() -> None:
        with transaction.atomic():
            Submission.objects.bulk_create(reports(round_))
            transaction.set_rollback(True)

    time, bare = milliseconds(open_it, write_barely, turns=7)
    with CaptureQueriesContext(connection) as queries:
        open_it()
    if set(told) != {2 * OF_THE_DESK}:
        raise SystemExit(f"Opening made and told {told} instead of {2 * OF_THE_DESK}.")
    return [
        Budget(f"opening a round, {OF_THE_DESK} agencies × 250 rows", time, "ms", most=2000),
        Budget("  the same reports, written barely", bare, "ms"),
        Budget("  its queries", len(queries), "", most=30),
    ]


def page_of(user: User, address: str) -> Callable[[], bytes]:
    client = Client(SERVER_NAME="localhost", headers={"Accept-Encoding": "gzip"})
    client.force_login(user)

    def page() -> bytes:
        response = client.get(address)
        if response.status_code != 200:
            raise SystemExit(f"{address} answers {response.status_code}.")
        return response.content

    return page


def queries_of(page: Callable[[], bytes]) -> int:
    with CaptureQueriesContext(connection) as queries:
        page()
    return len(queries)


def bare_states(reviewer: User) -> list[tuple[int, int, str]]:
    province = reviewer.memberships.get().agency_id
    found = Submission.objects.filter(round__province=province)
    return list(found.values_list("round", "agency", "state"))


def province_of(code: str, agencies: int) -> User:
    """Enter a province with so many communes, its rounds with a report of each in every state, and
    the handings in of those that were sent; return its reviewer, whose name is ``code``."""
    province = cast.agency(code, f"Tỉnh {code}", AgencyKind.PROVINCE)
    reviewer = cast.person(code, "Trần Minh Hạnh", (Role.REVIEWER, province))
    Agency.objects.bulk_create(
        Agency(
            code=f"{code}.{number}", name=f"UBND xã Tân Phú {number}", kind="xa", parent=province
        )
        for number in range(agencies)
    )
    Submission.objects.bulk_create(
        (report for number in range(ROUNDS) for report in reports(round_of(province, number))),
        batch_size=2000,
    )
    sent = Submission.objects.filter(round__province=province, state__in=HANDED_IN)
    Filing.objects.bulk_create(
        (filing(pk, reviewer) for pk in sent.values_list("pk", flat=True)), batch_size=2000
    )
    return reviewer


def check(reviewer: User) -> None:
    """Enter what the checks found when the reports of a province were handed in: two warnings in
    each."""
    province = reviewer.memberships.get().agency
    sent = Submission.objects.filter(round__province=province, state__in=HANDED_IN)
    runs = CheckRun.objects.bulk_create(
        CheckRun(submission=one, revision=1, by=reviewer, at=timezone.now()) for one in sent
    )
    CheckedFinding.objects.bulk_create(
        CheckedFinding(run=run, position=position, code="R1", severity=Severity.WARNING.value)
        for run in runs
        for position in (1, 2)
    )


def round_of(province: Agency, number: int) -> Round:
    ended = timezone.localdate() - timedelta(days=90 * number)
    return Round.objects.create(
        province=province,
        code=f"{province.code}-{number + 1}",
        name=f"Kỳ thứ {number + 1}",
        period_kind="quy",
        period_text="quý này",
        data_from=ended - timedelta(days=90),
        data_to=ended,
        opens_on=ended - timedelta(days=5),
        due_on=ended + timedelta(days=3),
        closes_on=ended + timedelta(days=10),
        status=RoundStatus.OPEN.value,
        summary_version=cast.form("PL2-XA-QN-2022"),
    )


def reports(round_: Round) -> Iterator[Submission]:
    chance = Random(round_.code)
    form = form_definition(round_.summary_version)
    for agency in Agency.objects.filter(parent=round_.province):
        yield Submission(
            round=round_,
            agency=agency,
            form_version=round_.summary_version,
            agency_name=agency.name,
            agency_kind=agency.kind,
            state=chance.choice(list(State)).value,
            state_at=timezone.now(),
            answered=chance.randrange(len(form.typed_rows)),
            extended_until=round_.closes_on if chance.random() < 0.05 else None,
        )


def filing(submission: int, by: User) -> Filing:
    return Filing(
        submission_id=submission,
        number=1,
        revision=1,
        at=timezone.now(),
        by=by,
        is_late=submission % 5 == 0,
        is_nil=submission % 9 == 0,
        figures=1,
        content="{}",
        sha256="",
    )
