"""Rounds in any number: one is filled, the database itself copies its figures into the others."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Model

from indicators.kinds import Kind
from indicators.models import FormVersion
from reporting.actions.rounds import open_round
from reporting.models import Agency, AgencyKind, Figure, Round, RoundForm, Submission, User
from reporting.periods import Period, first_months, quarter
from reporting.workflow import Role, RoundStatus, State
from tests import cast

QUARTERS = 4
ROUNDS_A_YEAR = QUARTERS + 2
FIRST_YEAR = 2016
# Agencies type at the same time, each a few rows in one sitting: what one of them reports lies
# among what the others do.
SITTING = 25


def filled_round(code: str, version: FormVersion, agencies: int) -> tuple[Round, User]:
    """Enter a province and a round that so many agencies have filled in; its reviewer too."""
    province = cast.agency(code, f"Tỉnh {code}", AgencyKind.PROVINCE)
    reviewer = cast.person(f"tonghop-{code}", "Lê Văn Tổng", (Role.REVIEWER, province))
    Agency.objects.bulk_create(
        Agency(code=f"{code}.{number}", name=f"UBND xã số {number}", kind="xa", parent=province)
        for number in range(agencies)
    )
    [round_] = rounds(province, version, [0])
    RoundForm.objects.create(round=round_, agency_kind="xa", form_version=version)
    open_round(round=round_, by=reviewer)
    submissions = round_.submissions
    submissions.update(state=State.APPROVED.value)
    figures = [
        filled(submission, row_id, Kind(kind), number)
        for submission in submissions.all()
        for number, (row_id, kind) in enumerate(version.rows.values_list("pk", "kind"))
    ]
    figures.sort(key=lambda one: _sitting(one.submission_id, one.row_id))
    Figure.objects.bulk_create(figures, batch_size=5000)
    return round_, reviewer


def _sitting(submission: int, row: int) -> int:
    return (submission * 7919 + row // SITTING * 104729) % 1000003


def filled(submission: Submission, row_id: int, kind: Kind, number: int) -> Figure:
    """Return a figure: parts of rates stay within their wholes, one in eight is no whole number."""
    figure = Figure(submission=submission, row_id=row_id)
    if kind is Kind.CHOICE:
        figure.choice = str(number % 2)
    elif kind is Kind.PERCENT:
        figure.number = Decimal("33.33")
    elif kind is Kind.AMOUNT:
        figure.number = Decimal(number) + Decimal("0.125")
    else:
        figure.number = Decimal(1000 + (submission.pk * number) % 4000)
    figure.written = figure.choice or str(figure.number)
    return figure


def rounds(province: Agency, version: FormVersion, numbers: Iterable[int]) -> list[Round]:
    """Enter rounds by their place in time, ``ROUNDS_A_YEAR`` from ``FIRST_YEAR`` on: the quarters,
    the first half and the year."""
    return Round.objects.bulk_create(
        _round(province, version, periods_of(FIRST_YEAR + number // ROUNDS_A_YEAR)[place])
        for number in numbers
        for place in [number % ROUNDS_A_YEAR]
    )


def periods_of(year: int) -> Sequence[Period]:
    return [quarter(number, year) for number in range(1, QUARTERS + 1)] + [
        first_months(months, year) for months in (6, 12)
    ]


def _round(province: Agency, version: FormVersion, period: Period) -> Round:
    return Round(
        province=province,
        code=f"{province.code}-{period.code}",
        name=f"Báo cáo {period.in_sentence}",
        period_kind=period.kind.value,
        period_text=period.in_sentence,
        data_from=period.data_from,
        data_to=period.data_to,
        opens_on=period.data_to,
        due_on=period.due_on,
        closes_on=period.due_on,
        status=RoundStatus.OPEN.value,
        summary_version=version,
    )


@transaction.atomic
def copied_into(first: Round, later: Sequence[Round]) -> None:
    """Fill rounds like the first, all at the same time: of the same province, or of another with
    a code as long, whose agencies are those of the same number."""
    _without_looking_up_keys()
    number = f"substr({{}}.code, {len(first.province.code) + 1})"
    wanted = ", ".join(str(round_.pk) for round_ in later)
    copy_rows(
        Submission,
        {"round_id": "r.id", "agency_id": "a.id", "agency_name": "a.name"},
        "JOIN reporting_agency o ON o.id = t.agency_id"
        f" JOIN reporting_agency a ON {number.format('a')} = {number.format('o')}"
        f" JOIN reporting_round r ON r.province_id = a.parent_id AND r.id IN ({wanted})"
        f" WHERE t.round_id = {first.pk} ORDER BY r.id, a.id",
    )
    copy_rows(
        Figure,
        {"submission_id": "s.id"},
        "JOIN reporting_submission f ON f.id = t.submission_id"
        " JOIN reporting_agency o ON o.id = f.agency_id"
        f" JOIN reporting_agency a ON {number.format('a')} = {number.format('o')}"
        f" JOIN reporting_submission s ON s.agency_id = a.id AND s.round_id IN ({wanted})"
        f" WHERE f.round_id = {first.pk}"
        f" ORDER BY (s.id * 7919 + t.row_id / {SITTING} * 104729) % 1000003, s.id, t.row_id",
    )


def copy_rows(model: type[Model], changed: Mapping[str, str], of: str) -> None:
    """Copy the rows ``t`` of a table, joined and chosen as ``of`` says, to its end; what becomes of
    the columns ``changed`` are expressions."""
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    found = ", ".join(changed.get(column, f"t.{column}") for column in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {found} FROM {table} t {of}"  # noqa: S608
        )


def _without_looking_up_keys() -> None:
    """Every key is one that is there. PostgreSQL would look each of millions up, row by row; the
    owner of a throwaway server may spare it that."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
