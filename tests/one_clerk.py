"""Enter one clerk with one open report into the database at hand, and tell about them as JSON.

    python -m tests.one_clerk

For a portal that runs as a process of its own: who drives it needs no Django.
"""

import json
import sys

import django

django.setup()

from django.core.management import call_command

from indicators.queries.definitions import form_definition
from reporting.models import AgencyKind
from reporting.workflow import Role
from tests import cast


def main() -> None:
    call_command("load_catalogue", stdout=sys.stderr)
    province = cast.agency("MH", "Tỉnh Minh Họa", AgencyKind.PROVINCE)
    at = cast.agency("MH.SCT", "Sở Công Thương", AgencyKind.DEPARTMENT, province)
    reviewer = cast.person("hanh", "Trần Minh Hạnh", (Role.REVIEWER, province))
    clerk = cast.person("hoa", "Nguyễn Thị Hoa", (Role.CLERK, at))
    report = cast.report_of(cast.opened_round(province, "MH-QUY", by=reviewer), at)
    told = {
        "username": clerk.username,
        "password": cast.PASSWORD,
        "address": f"/bao-cao/{report.pk}/",
        "kinds": {row.key: row.kind for row in form_definition(report.form_version).typed_rows},
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
