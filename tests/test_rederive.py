"""A publication derived again by the written rules, and what was tampered with."""

import ast
import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from indicators.actions.versions import load_indicators, load_version
from indicators.catalogue.written import (
    INDICATOR_COLUMNS,
    ROW_COLUMNS,
    VersionHead,
    VersionSheet,
)
from reporting.actions.rounds import open_round
from reporting.models import (
    Agency,
    AgencyKind,
    Figure,
    Filing,
    Publication,
    Round,
    RoundForm,
    Submission,
    User,
)
from reporting.snapshot import FigureStatus
from reporting.workflow import State
from tests.cast import agency, approved, form, planned_round, published, typed
from tests.guards import record_open
from tests.rederive.__main__ import main
from tests.rederive.comparing import Comparison

RULES = Path(__file__).parent / "rederive"


def test_it_knows_nothing_of_the_portal() -> None:
    """Else it would agree with itself."""
    for module in RULES.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            rooms = {name.partition(".")[0] for name in names}
            assert rooms.isdisjoint({"reporting", "indicators", "cchc_portal"}), module
            assert all(name.startswith("tests.rederive") for name in names if "tests" in name)


@pytest.fixture
def small_round(
    report: Submission,
    noi_vu_report: Submission,
    cong_an_report: Submission,
    commune_report: Submission,
) -> Round:
    """Two forms, a rate, answers, nothing arisen, a vertical agency, one not approved."""
    approved(report, {"1.1": "1.000", "1.2.a": "4", "1.2.b": "3", "1.6": "1", "3.4.3.b": "10"})
    approved(noi_vu_report, {"1.1": "không phát sinh", "1.6": "0", "1.4.a": "7"})
    approved(cong_an_report, {"1.1": "50", "3.1.4.a": "20"})
    typed(commune_report, {"1.1.3": "4"})
    return Round.objects.select_related("province").get(pk=report.round_id)


@pytest.mark.parametrize("layout", ["PL2-KH-2022", "PL2-XA-QN-2022"])
def test_a_published_round_comes_out_the_same(
    small_round: Round, layout: str, capsys: pytest.CaptureFixture[str]
) -> None:
    published(small_round, layout)
    assert main(["--round", small_round.code, "--layout", layout]) == 0
    assert capsys.readouterr().out.startswith("0 khác / ")


Tamper = Callable[[dict], None]


def _of_line(key: str, **said: str) -> Tamper:
    def change(content: dict) -> None:
        next(line for line in content["appendix"]["lines"] if line["key"] == key).update(said)

    return change


def _of_total(key: str, **said: str | int) -> Tamper:
    return lambda content: content["totals"][key].update(said)


def _without_last(content: dict) -> None:
    content["appendix"]["lines"].pop()


def _approved_more(content: dict) -> None:
    content["reports"][-1]["is_taken"] = True


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (_of_line("1.1", text="1.001"), "Dòng 1.1, chữ in: công bố '1.001', tính lại '1.000'."),
        (_of_line("1.2", number="74.99"), "Dòng 1.2, số in: công bố '74.99', tính lại '75'."),
        (_of_line("1.1", remark="3/3 đơn vị"), "Dòng 1.1, cột cuối: công bố '3/3 đơn vị'"),
        (_of_total("1.1", number="1001"), "Dòng 1.1, number: công bố 1001, tính lại 1000."),
        (_of_total("1.1", expected=9), "Dòng 1.1, số đơn vị phải báo cáo: công bố 9"),
        (_without_last, "Bảng in 206 dòng, biểu có 207 dòng, hoặc thứ tự khác."),
        (_approved_more, "Báo cáo ('MH.X001', 'PL2-XA-QN-2022', 'both'): công bố ghi draft"),
    ],
)
def test_what_was_tampered_with_is_found(
    small_round: Round, tamper: Tamper, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = published(small_round)
    content = json.loads(made.content)
    tamper(content)
    with record_open():
        Publication.objects.filter(pk=made.pk).update(content=json.dumps(content))
    assert main(["--round", small_round.code, "--layout", "PL2-KH-2022", "--number", "1"]) == 1
    assert told in capsys.readouterr().out


def test_a_figure_changed_behind_a_publication_is_found(small_round: Round) -> None:
    published(small_round)
    changed = Figure.objects.get(submission__agency__code="MH.SCT", row__key="1.2.a")
    changed.number = Decimal(5)
    changed.save()
    assert Comparison(small_round.code, "PL2-KH-2022").differences == [
        "Dòng 1.2, chữ in: công bố '75', tính lại '60'.",
        "Dòng 1.2, số in: công bố '75', tính lại '60'.",
        "Dòng 1.2, cột cuối: công bố '3/4; 1/3 đơn vị', tính lại '3/5; 1/3 đơn vị'.",
        "Dòng 1.2, number: công bố 75, tính lại 60.",
        "Dòng 1.2, whole: công bố 4, tính lại 5.",
        "Dòng 1.2.a, chữ in: công bố '4', tính lại '5'.",
        "Dòng 1.2.a, số in: công bố '4', tính lại '5'.",
        "Dòng 1.2.a, number: công bố 4, tính lại 5.",
        "Báo cáo ('MH.SCT', 'PL2-KH-2022', 'both') dòng 1.2.a: công bố ghi '4', trong bảng số liệu"
        " là '5'.",
    ]


def test_what_was_never_published_is_said(
    small_round: Round, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--round", small_round.code, "--layout", "PL2-KH-2022"]) == 2
    assert "chưa công bố lần nào" in capsys.readouterr().err


# Every way of adding up, in two forms that ask differently, filled at random


COMMON: Mapping[str, Mapping[str, str]] = {
    "dau": {"kind": "heading", "across_agencies": "none", "indicator": ""},
    "tong": {"across_agencies": "sum"},
    "lon": {"across_agencies": "max"},
    "sau": {"across_agencies": "latest"},
    "tien": {"kind": "amount"},
    "phan": {},
    "toan": {},
    "ty_le": {"kind": "percent", "across_agencies": "rate"},
    "ty_le_go": {"kind": "percent", "across_agencies": "rate"},
    "chon": {"kind": "choice", "across_agencies": "choices", "choices": "0=Không|1=Có|2=Đang làm"},
    "chon_sau": {"kind": "choice", "across_agencies": "latest", "choices": "1=Có|2=Không"},
    "ty_le_sau": {"kind": "percent", "across_agencies": "latest"},
    "giao": {"across_agencies": "designated", "reporter": "noi_vu"},
    "giao_hoi": {"across_agencies": "designated", "reporter": "noi_vu", "asked": "so"},
    "giao_ty_le": {"kind": "percent", "across_agencies": "designated", "reporter": "tu_phap"},
    "giao_chon": {
        "kind": "choice",
        "across_agencies": "designated",
        "reporter": "noi_vu",
        "choices": "0=Chưa|1=Hoàn thành",
    },
    "hoi_so": {"asked": "so"},
    "hoi_chon": {
        "kind": "choice",
        "across_agencies": "choices",
        "choices": "0=Không|1=Có",
        "asked": "huyen",
    },
    "hoi_ty_le": {"kind": "percent", "across_agencies": "rate", "asked": "huyen"},
    "hoi_viec": {"asked": "tu_phap", "reporter": "noi_vu"},
    "ca_doc": {"vertical": "1"},
    "khong": {"across_agencies": "none"},
}
DEPARTMENT = {**COMMON, "ty_le": {**COMMON["ty_le"], "formula": "percent([phan], [toan])"}}
# Without the rate itself, with other codes for the same words, with a row that it does not add.
COMMUNE = {
    **{key: said for key, said in COMMON.items() if key not in {"ty_le", "tien", "giao_ty_le"}},
    "chon": {**COMMON["chon"], "choices": "1=Không|2=Có|3=Chưa rõ"},
    "lon": {"across_agencies": "none"},
    "hoi_so": {"asked": "huyen"},
    "giao": {"across_agencies": "sum"},
}


def made_form(code: str, rows: Mapping[str, Mapping[str, str]]) -> str:
    """Publish a form of these rows; return the code of its version."""
    lines = [
        dict.fromkeys(ROW_COLUMNS, "")
        | {
            "position": str(position),
            "key": key,
            "label": f"Dòng {key}",
            "kind": "count",
            "indicator": f"thu.{key}",
            "across_agencies": "sum",
        }
        | dict(said)
        for position, (key, said) in enumerate(rows.items(), start=1)
    ]
    load_indicators(
        [
            dict.fromkeys(INDICATOR_COLUMNS, "")
            | {"code": line["indicator"], "name": line["label"], "kind": line["kind"]}
            for line in lines
            if line["indicator"]
        ]
    )
    head = VersionHead(
        code=f"{code}-2026",
        form=code,
        form_name=f"Biểu {code}",
        edition="2026",
        valid_from=date(2026, 1, 1),
        appendix_label="",
        title="BIỂU THỬ",
        legal_line="",
        label_heading="Chỉ tiêu",
        last_heading="Ghi chú",
        note="",
    )
    load_version(VersionSheet(head, lines))
    return head.code


@pytest.fixture
def every_way(minh_hoa: Agency, hanh: User) -> Round:
    """A round of two forms with departments, a vertical agency, a district with communes, and
    reports for the whole province apart from their agencies' own."""
    layouts = {kind: form(made_form(kind, rows)) for kind, rows in FORMS.items()}
    for number, functions in enumerate(("noi_vu", "tu_phap noi_vu", "tu_phap", "")):
        agency(f"MH.S{number}", f"Sở {number}", AgencyKind.DEPARTMENT, minh_hoa, functions)
    agency("MH.D", "Cục thuế", AgencyKind.VERTICAL, minh_hoa, "tu_phap")
    district = agency("MH.H", "UBND huyện Sơn Tây", AgencyKind.DISTRICT, minh_hoa)
    for number, above in enumerate((minh_hoa, minh_hoa, district, district)):
        agency(f"MH.X{number}", f"UBND xã {number}", AgencyKind.COMMUNE, above)
    round_ = planned_round(minh_hoa, "MH-THU")
    round_.splits_capacities = True
    round_.save()
    round_.forms.all().delete()
    for kind, code in ASKED.items():
        RoundForm.objects.create(round=round_, agency_kind=kind, form_version=layouts[code])
    open_round(round=round_, by=hanh)
    return round_


FORMS = {"THU-SO": DEPARTMENT, "THU-XA": COMMUNE}
ASKED = {"so": "THU-SO", "nganh_doc": "THU-SO", "huyen": "THU-XA", "xa": "THU-XA"}


def fill_at_random(round_: Round, random: Random, by: User) -> None:
    """Leave every report in some state with some figures, whatever the portal's pages would say."""
    reports = list(round_.submissions.select_related("form_version").order_by("pk"))
    states = random.choices(["approved", "submitted", "draft"], [6, 1, 1], k=len(reports))
    for report, state in zip(reports, states, strict=True):
        report.state = State(state).value if report is not reports[0] else State.APPROVED.value
        report.save()
        Figure.objects.bulk_create(
            Figure(submission=report, row=row, **cell)
            for row in report.form_version.rows.exclude(kind="heading")
            if (cell := _cell(row.kind, row.formula, row.choices, random)) is not None
        )
    for minute, report in enumerate(random.sample(reports, len(reports))):
        for number in range(1, random.randint(1, 3)):
            Filing.objects.create(
                submission=report,
                number=number,
                revision=number,
                at=timezone.now() + timedelta(minutes=minute, seconds=number),
                by=by,
                is_late=False,
                is_nil=False,
                figures=1,
                content="{}",
                sha256="ab" * 32,
            )


def _cell(kind: str, formula: str, choices: str, random: Random) -> dict[str, Any] | None:
    said = random.random()
    if said < 0.2:
        return None
    if said < 0.45:
        return {"status": random.choice(SILENT)}
    number = Decimal(random.choice([0, 1, 2, 5, 1000, 123456789]))
    if kind == "choice":
        stray: dict[str, Any] = random.choice([{"number": number}, {"choice": "9"}])
        codes = [text.partition("=")[0] for text in choices.split("|")]
        return stray if random.random() < 0.3 else {"choice": random.choice(codes)}
    if kind == "amount":
        return {"number": number + Decimal(random.choice(["0.125", "0.1", "0.333"]))}
    if kind != "percent" or formula:
        return {"number": number}
    typed_rate = {"number": Decimal("33.33")} if random.random() < 0.8 else {}
    parts = {"numerator": number, "denominator": random.choice([number, number * 3, Decimal(0)])}
    return (typed_rate | parts) if random.random() < 0.6 else typed_rate or None


SILENT = [FigureStatus.NIL.value, FigureStatus.OUT_OF_SCOPE.value, FigureStatus.NOTE.value]


@pytest.mark.parametrize("seed", range(6))
def test_every_way_comes_to_what_the_rules_say(every_way: Round, hanh: User, seed: int) -> None:
    fill_at_random(every_way, Random(seed), hanh)
    for layout in FORMS:
        published(every_way, f"{layout}-2026")
        assert Comparison(every_way.code, f"{layout}-2026").differences == []
