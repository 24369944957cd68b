"""Enter a province with fifty agencies into the database at hand, each with a clerk who is signed
in; tell about them as JSON.

    python -m tests.chaos.people
"""

import json
import sys
from collections.abc import Sequence
from typing import Any

import django

django.setup()

from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils.crypto import get_random_string

from indicators.definition import RowDefinition
from indicators.kinds import Kind
from indicators.queries.definitions import form_definition
from reporting.models import Agency, AgencyKind, Submission, User
from reporting.queries.findings import weighed_findings
from reporting.workflow import Role
from tests import cast

CLERKS = 50
MOST_ROWS = 8


def main() -> None:
    call_command("load_catalogue", stdout=sys.stderr)
    province = cast.agency("C", "Tỉnh Gian Nan", AgencyKind.PROVINCE)
    reviewer = cast.person("reviewer", "Trần Minh Hạnh", (Role.REVIEWER, province))
    Agency.objects.bulk_create(
        Agency(code=f"C.{number}", name=f"Sở số {number}", kind="so", parent=province)
        for number in range(CLERKS)
    )
    round_ = cast.opened_round(province, "C-QUY", by=reviewer)
    reports = list(round_.submissions.select_related("agency", "form_version__form", "round"))
    people = [cast.clerk_of(report.agency) for report in reports]
    for person in (reviewer, *people):
        person.email = f"{person.username}@example.org"
        person.save(update_fields=["email"])
    rows = [row.id for row in quiet_rows(reports[0], people[0])]
    told = {
        "round": {"id": round_.pk, "code": round_.code},
        "rows": rows,
        "reviewer": signed_in(reviewer),
        "clerks": [
            {"report": report.pk, **signed_in(person)}
            for report, person in zip(reports, people, strict=True)
        ],
    }
    sys.stdout.write(json.dumps(told))


def quiet_rows(report: Submission, clerk: User) -> Sequence[RowDefinition]:
    """Return rows that no check has anything to say of, whatever whole numbers stand in them: a
    report of these can be handed in."""
    chosen: list[RowDefinition] = []
    for row in form_definition(report.form_version).typed_rows:
        if row.kind is Kind.COUNT and len(chosen) < MOST_ROWS:
            tried = [*chosen, row]
            if all(is_quiet(report, clerk, tried[::step]) for step in (1, -1)):
                chosen = tried
    return chosen


def is_quiet(report: Submission, clerk: User, rows: Sequence[RowDefinition]) -> bool:
    with transaction.atomic():
        typed = {row.key: str(7 + 1000 * place) for place, row in enumerate(rows)}
        cast.typed(cast.stored(report), typed, by=clerk)
        found = any(one.is_open for one in weighed_findings(cast.stored(report)))
        transaction.set_rollback(True)
    return not found


def signed_in(person: User) -> dict[str, Any]:
    client = Client()
    client.force_login(person)
    session = client.cookies["sessionid"].value
    return {"user": person.pk, "session": session, "token": get_random_string(32)}


if __name__ == "__main__":
    main()
