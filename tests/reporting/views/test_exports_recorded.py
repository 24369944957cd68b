"""Every file that goes out leaves its line in the record, but for those without figures."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from reporting.models import ExportRecord, RecordLine, Round, Submission, User
from reporting.urls import urlpatterns
from tests.cast import approved, moved, published, stored, submitted
from tests.reporting.files_by_hand import ended
from tests.reporting.test_access import address

# Forms and rules are everybody's; what was attached came from outside as it is.
UNRECORDED = {"blank-file", "trial-file", "rule-book-file", "evidence-file"}
# Recorded with the round and the report that they are of, under a code where they bear one.
EXPORTS = {
    "submission-file": True,
    "filing-file": True,
    "round-file": True,
    "publication-file": True,
    "checks-file": False,
    "matrix-file": False,
    "receipt-file": False,
    "letter-file": False,
    "reminder-file": False,
    "reminders-file": False,
    "book-file": False,
}
# Recorded as acts: they are of no round.
ACTS = {"journal-file", "board-file", "agencies-file", "who-may-file"}
FILES = {str(one.name) for one in urlpatterns if str(one.name).endswith("-file")}


def test_every_address_of_a_file_is_named_here() -> None:
    assert UNRECORDED | set(EXPORTS) | ACTS == FILES


@pytest.mark.parametrize("name", sorted({*EXPORTS, *ACTS}))
def test_whoever_takes_a_file_is_in_the_record(
    name: str, report: Submission, hanh: User, client: Client
) -> None:
    approved(report, {"1.1": "3"})
    if name == "publication-file":
        published(report.round)
    if name in {"letter-file", "reminder-file", "reminders-file"}:
        moved(report, "reopen", by=hanh, reason="Xem lại.")
    if name == "reminders-file":
        Round.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    if name == "letter-file":
        submitted(report, {"1.1": "4"})
        moved(report, "return", by=hanh, reason="Xem lại.")
    path = address({"name": name, "move": ""}, stored(report))
    exports, acts = ExportRecord.objects.count(), RecordLine.objects.count()
    client.force_login(hanh)
    response = client.get(path)
    content = response.getvalue()
    ended(response)
    assert response.status_code == 200
    digest = hashlib.sha256(content).hexdigest()
    file_name = re.search(r'filename="([^"]+)"', response.headers["Content-Disposition"])
    assert file_name is not None
    if name in ACTS:
        line = RecordLine.objects.order_by("-pk")[0]
        assert (ExportRecord.objects.count(), RecordLine.objects.count()) == (exports, acts + 1)
        assert line.by == hanh
        assert digest in line.what
        return
    record = ExportRecord.objects.filter(file_name=file_name[1]).order_by("-pk")[0]
    # Each letter in the one file of all is recorded besides.
    added = ExportRecord.objects.count() - exports
    assert added > 1 if name == "reminders-file" else added == 1
    assert (record.by, record.round) == (hanh, report.round)
    assert record.file_name == file_name[1]
    # The book of this test was never made: its own tests hold the hash.
    assert record.sha256 == digest or name == "book-file"
    assert (record.code is not None) is EXPORTS[name]
