"""Forms and reports as a measurement wants them."""

import re
from dataclasses import replace
from datetime import date, timedelta

from django.utils import timezone

from indicators.actions.versions import load_indicators, load_version
from indicators.catalogue.written import (
    INDICATOR_COLUMNS,
    ROW_COLUMNS,
    RULE_COLUMNS,
    VersionHead,
    VersionSheet,
)
from indicators.kinds import Kind
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition, written
from reporting.actions.rounds import open_round, plan_round
from reporting.models import AgencyKind, Round, Submission, User
from reporting.workflow import Role
from tests import cast


def large_form(rows: int, form: str = "DO-DAC") -> FormVersion:
    """Publish so many rows: in every ten a rate with its two parts, a choice, an amount."""
    kinds = ("percent", "count", "count", "choice", "amount", *["count"] * 5)
    lines = []
    for number in range(rows):
        kind = kinds[number % 10]
        row = dict.fromkeys(ROW_COLUMNS, "") | {
            "position": str(number + 1),
            "key": str(number + 1),
            "stt": f"{number + 1}.",
            "label": f"Số hồ sơ thủ tục hành chính đã tiếp nhận, giải quyết, loại {number}",
            "unit": "Hồ sơ",
            "kind": kind,
            "indicator": f"do_dac.{number:03d}",
            "across_agencies": {"percent": "rate", "choice": "choices"}.get(kind, "sum"),
            "across_periods": "in_period",
        }
        if kind == "percent":
            row["formula"] = f"percent([{number + 2}], [{number + 3}])"
        if kind == "choice":
            row["choices"] = "0=Không|1=Có"
        lines.append(row)
    load_indicators(
        [
            dict.fromkeys(INDICATOR_COLUMNS, "")
            | {"code": row["indicator"], "name": row["label"], "kind": row["kind"]}
            for row in lines
        ]
    )
    head = VersionHead(
        code=f"{form}-2026",
        form=form,
        form_name="Biểu đo đạc",
        edition="2026",
        valid_from=date(2026, 1, 1),
        appendix_label="",
        title="BIỂU ĐO ĐẠC",
        legal_line="",
        label_heading="Chỉ tiêu",
        last_heading="Ghi chú",
        note="",
    )
    load_version(VersionSheet(head, lines))
    return cast.form(head.code)


def ruled_form() -> FormVersion:
    """Publish the real form once more, with a rule for each rate: no part is above its whole."""
    sheet = written(cast.form("PL2-KH-2022"))
    rules = []
    for row in sheet.rows:
        if row["formula"].startswith("percent"):
            part, whole = re.findall(r"\[(.+?)\]", row["formula"])
            rule = dict.fromkeys(RULE_COLUMNS, "") | {
                "code": f"phan-{part}",
                "severity": "error",
                "condition": f"[{part}] <= [{whole}]",
                "sentence": f"Dòng {part} lớn hơn dòng {whole}.",
                "instruction": "Xem lại hai số.",
            }
            rules.append(rule)
    head = replace(sheet.head, code="CO-QUY-TAC-2026", form="CO-QUY-TAC", form_name="Có quy tắc")
    load_version(VersionSheet(head, sheet.rows, rules))
    return cast.form(head.code)


def report_on(version: FormVersion, code: str) -> tuple[Submission, User]:
    """Open a round on ``version`` to one department; return its report and clerk."""
    province = cast.agency(code, f"Tỉnh {code}", AgencyKind.PROVINCE)
    at = cast.agency(f"{code}.SCT", "Sở Công Thương", AgencyKind.DEPARTMENT, province)
    clerk = cast.person(f"clerk-{code}", "Nguyễn Thị Hoa", (Role.CLERK, at))
    today = timezone.localdate()
    round_ = plan_round(
        round=Round(
            province=province,
            code=f"{code}-NAM",
            name="Báo cáo năm",
            period_kind="nam",
            period_text="năm nay",
            opens_on=today,
            due_on=today + timedelta(days=5),
            closes_on=today + timedelta(days=10),
            summary_version=version,
        ),
        forms={AgencyKind.DEPARTMENT: [version]},
        by=None,
    )
    open_round(round=round_, by=None)
    return cast.report_of(round_, at), clerk


def all_typed(version: FormVersion) -> dict[str, str]:
    """Return a text for every box of ``version``."""
    texts = {Kind.COUNT: "1.234", Kind.AMOUNT: "1.234,5", Kind.PERCENT: "29,6", Kind.TEXT: "Đã làm"}
    return {
        row.key: row.options[0].code if row.options else texts[row.kind]
        for row in form_definition(version).typed_rows
    }
