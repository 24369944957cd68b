"""The commands that list reports and write them out."""

import hashlib
import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from reporting.models import ExportRecord, Round, Submission
from tests.cast import approved, typed


def run(name: str, *arguments: object) -> str:
    out = StringIO()
    call_command(name, *map(str, arguments), stdout=out)
    return out.getvalue()


# submissions


def test_the_list_gives_every_submission_with_its_id(report: Submission) -> None:
    typed(report, {"1.1": "3"})
    listed = json.loads(run("submissions", "--json"))
    assert [entry["id"] for entry in listed] == sorted(
        Submission.objects.values_list("pk", flat=True)
    )
    assert next(entry for entry in listed if entry["id"] == report.pk) == {
        "id": report.pk,
        "agency": "Sở Công Thương",
        "round": "MH-QUY",
        "form_version": "PL2-KH-2022",
        "state": "draft",
        "source_document": "",
    }


def test_the_list_can_be_of_one_round_and_read_by_people(report: Submission) -> None:
    lines = run("submissions", "--round", "MH-QUY").splitlines()
    assert len(lines) == 4
    assert f"{report.pk}\tSở Công Thương\tMH-QUY\tPL2-KH-2022\tnot_started\t" in lines


def test_the_list_of_a_round_that_is_not_there_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match=r"^Không có đợt báo cáo «2022-Q9»\.$"):
        run("submissions", "--round", "2022-Q9")


# export_appendix


@pytest.mark.parametrize(
    ("extension", "begins"),
    [("xlsx", b"PK"), ("pdf", b"%PDF-"), ("csv", "\ufeffPhụ lục 2".encode())],
)
def test_a_submissions_appendix_is_written_and_recorded(
    report: Submission, tmp_path: Path, extension: str, begins: bytes
) -> None:
    target = tmp_path / f"ra.{extension}"
    told = run("export_appendix", "--submission", report.pk, "--format", extension, "--out", target)
    content = target.read_bytes()
    assert content.startswith(begins)
    assert told == f"Đã ghi {target} ({len(content)} byte).\n"
    record = ExportRecord.objects.get()
    assert (record.submission, record.by, record.via) == (report, None, "command")
    assert record.sha256 == hashlib.sha256(content).hexdigest()


def test_a_rounds_table_is_laid_out_by_the_provinces_form(
    report: Submission, open_quarter: Round, tmp_path: Path
) -> None:
    approved(report, {"1.1": "1.200"})
    target = tmp_path / "dot.csv"
    run("export_appendix", "--round", "MH-QUY", "--format", "csv", "--out", target)
    lines = target.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "Phụ lục 2"
    assert "Tổng hợp khi đã duyệt 1/4 báo cáo." in lines
    assert [line for line in lines if line.startswith("1.1,")] == [
        '1.1,"Số văn bản chỉ đạo CCHC đã ban hành (Kế hoạch, công văn chỉ đạo, quán triệt)",'
        "Văn bản,1200,1/3 đơn vị"
    ]


def test_a_rounds_table_can_be_laid_out_by_another_form_of_the_round(
    open_quarter: Round, tmp_path: Path
) -> None:
    target = tmp_path / "xa.csv"
    wanted = ("--round", "MH-QUY", "--layout", "PL2-XA-QN-2022")
    run("export_appendix", *wanted, "--format", "csv", "--out", target)
    table = target.read_text(encoding="utf-8-sig")
    assert table.count("\n") == 121 + 6  # 121 rows; four lines above, headings, code
    assert ExportRecord.objects.get().file_name == "PL2-XA-QN-2022_MinhHoa_MH-QUY_TongHop.csv"


@pytest.mark.parametrize(
    ("what", "refusal"),
    [
        (["--submission", "999999"], "^Không có báo cáo mã số 999999\\.$"),
        (["--submission", "0"], "^Không có báo cáo mã số 0\\.$"),
        (["--round", "2022-Q9"], "^Không có đợt báo cáo «2022-Q9»\\.$"),
        (
            ["--round", "MH-QUY", "--layout", "PL1-GL-2023"],
            "^Đợt MH-QUY không dùng biểu «PL1-GL-2023»; có: PL2-KH-2022, PL2-XA-QN-2022\\.$",
        ),
    ],
)
def test_what_is_not_there_is_refused_in_one_sentence(
    open_quarter: Round, tmp_path: Path, what: list[str], refusal: str
) -> None:
    target = tmp_path / "ra.csv"
    with pytest.raises(CommandError, match=refusal):
        run("export_appendix", *what, "--format", "csv", "--out", target)
    assert not target.exists()
    assert not ExportRecord.objects.exists()


def test_a_file_that_cannot_be_written_is_refused_and_not_recorded(
    report: Submission, tmp_path: Path
) -> None:
    target = tmp_path / "missing" / "ra.csv"
    with pytest.raises(CommandError, match=f"^Không ghi được tệp {target}: .+\\.$"):
        run("export_appendix", "--submission", report.pk, "--format", "csv", "--out", target)
    assert not ExportRecord.objects.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format", "csv", "--out", "x"],
        ["--submission", "1", "--round", "MH-QUY", "--format", "csv", "--out", "x"],
        ["--submission", "1", "--format", "odt", "--out", "x"],
        ["--submission", "một", "--format", "csv", "--out", "x"],
        ["--submission", "1", "--format", "csv"],
    ],
)
def test_arguments_that_make_no_sense_are_refused(db: None, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        run("export_appendix", *arguments)


def test_on_the_command_line_a_refusal_is_one_line_and_a_failure(tmp_path: Path) -> None:
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    manage = [sys.executable, "manage.py"]

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*manage, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=settings.BASE_DIR,
            env=environment,
        )

    assert call("migrate", "--verbosity", "0").returncode == 0
    done = call("export_appendix", "--submission", "7", "--format", "csv", "--out", "x.csv")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "CommandError: Không có báo cáo mã số 7.\n"


# export_figures


def exported(submission: Submission) -> dict[str, dict[str, Any]]:
    return {
        entry["key"]: entry
        for entry in json.loads(run("export_figures", "--submission", submission.pk, "--json"))
    }


def test_figures_are_given_row_by_row_in_printed_order(report: Submission) -> None:
    found = exported(report)
    assert list(found)[:4] == ["1", "1.1", "1.2", "1.2.a"]
    assert len(found) == 207
    assert {entry["value"] for entry in found.values()} == {None}
    assert {entry["status"] for entry in found.values()} == {"blank"}


def test_a_row_says_all_that_is_known_of_its_figure(report: Submission) -> None:
    typed(report, {"3.4.1.a": "5.356"})
    assert exported(report)["3.4.1.a"] == {
        "key": "3.4.1.a",
        "stt": "",
        "label": "- Tổng số hồ sơ TTHC đã tiếp nhận",
        "unit": "Hồ sơ",
        "kind": "count",
        "indicator": "tthc.dung_han.cap_tinh.tiep_nhan",
        "value": "5356",
        "numerator": None,
        "denominator": None,
        "computed": None,
        "choice": None,
        "text": None,
        "status": "reported",
        "note": "",
        "details": [],
        "written": "5.356",
        "written_unit": "",
    }


def test_a_value_is_decimal_text_a_code_or_nothing(report: Submission) -> None:
    typed(report, {"1.2.a": "27", "1.2.b": "8", "1.6": "1", "7.3": "34/43", "1.1": "kps"})
    found = exported(report)
    assert found["1.2"]["value"] is None
    assert found["1.2"]["computed"] == "29.62962962962962962962962963"
    assert (found["1.6"]["value"], found["1.6"]["choice"]) == ("1", "Có")
    assert (found["1.1"]["value"], found["1.1"]["status"]) == (None, "nil")
    rate = found["7.3"]
    assert (rate["value"], rate["numerator"], rate["denominator"]) == ("79.07", "34", "43")


def test_figures_of_an_unknown_submission_are_refused(db: None) -> None:
    with pytest.raises(CommandError, match=r"^Không có báo cáo mã số 999999\.$"):
        run("export_figures", "--submission", 999999, "--json")
