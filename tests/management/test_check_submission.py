"""The checks of one submission on the command line."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from reporting.models import CheckRun, Submission, User
from tests.cast import typed
from tests.reporting.checked import WRONG, checked_form, report

__all__ = ["checked_form", "report"]


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("check_submission", *arguments, stdout=out)
    return out.getvalue()


def test_findings_are_printed_for_people(report: Submission, hoa: User) -> None:
    typed(report, WRONG)
    assert printed(str(report.pk)).splitlines() == [
        "Q01\tlỗi\t«Đúng hạn»\tSố đúng hạn <b>lớn hơn</b> tổng số.\t5, lớn hơn 4",
        "1 kết quả, 1 phải xử lý.",
    ]


def test_findings_are_printed_for_scripts_and_nothing_is_written(
    report: Submission, hoa: User
) -> None:
    typed(report, WRONG)
    first, *_ = json.loads(printed(str(report.pk), "--json"))
    assert first == {
        "code": "Q01",
        "version": first["version"],
        "severity": "error",
        "place": "1.1.b",
        "row": "«Đúng hạn»",
        "keys": ["1.1.b", "1.1.a"],
        "sentence": "Số đúng hạn <b>lớn hơn</b> tổng số.",
        "found": "5, lớn hơn 4",
        "expected": "nhiều nhất 4",
        "formula": "«Đúng hạn» ≤ «Tổng số»",
        "instruction": "Hãy xem lại hai dòng.",
        "said": [],
        "is_open": True,
    }
    assert not CheckRun.objects.exists()


def test_an_unknown_submission_is_told(db: None) -> None:
    with pytest.raises(CommandError, match="Không có báo cáo mã số 7"):
        call_command("check_submission", "7")
