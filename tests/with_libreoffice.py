"""Compare what LibreOffice makes of exported workbooks with what the portal says.

    python -m tests.with_libreoffice [RULES [SEED]]

Every rule below, and as many random ones as RULES says, is written with each way of taking what is
missing into the workbook of a blank form. Then figures are typed into it as a colleague would, the
workbook is computed anew, and rates and results of the checks are compared with those of a report
with the same figures; so are the workbooks of these reports themselves, where nothing was touched.

LibreOffice is found on this machine (soffice) and is no requirement of the portal or its tests.
Exits with 1 where something differs, with 75 (EX_TEMPFAIL) where there is no LibreOffice.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from indicators.definition import FormDefinition
from indicators.kinds import AcrossPeriods, AgencyKind, Kind, Missing
from reporting.documents.formats import xlsx
from reporting.documents.formats.checks_sheet import WORDS
from reporting.printing.appendix import Appendix, Heading, submission_appendix
from reporting.rules import History
from reporting.rules.history import Past
from reporting.snapshot import Cell, FigureStatus, SubmissionSnapshot
from tests.reporting.forms_by_hand import form_of, row, rule

RULES, SEED, SUBMISSIONS, MOST_TOLD = 300, 1, 40, 40
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
CHILDREN = {"p": ("p.1", "p.2", "p.3"), "a": ()}
ROWS = (
    row("a"),
    row("b"),
    row("c"),
    row("d", Kind.AMOUNT),
    row("e", Kind.AMOUNT),
    row("p", parent=""),
    *(row(key, parent="p") for key in CHILDREN["p"]),
    row("r", Kind.PERCENT),
    row("s", Kind.PERCENT, formula="percent([b], [a])"),
    row("t", Kind.PERCENT, formula="percent([b] - [c], [a] + [c])"),
    row("k", Kind.CHOICE, choices='0=Không|1=Có|A=Khác|x"y=Lạ'),
    row("l", Kind.CHOICE, choices="01=Một|02=Hai"),
    row("w", Kind.TEXT),
    row("y", across_periods=AcrossPeriods.CUMULATIVE),
    row("u", asked=AgencyKind.COMMUNE.value),
    row("v", asked=AgencyKind.COMMUNE.value),
)
HISTORY = History(
    previous=Past("kỳ trước", None, {"a": Decimal(7), "d": Decimal("-1.5"), "s": Decimal(200) / 3}),
    last_year=Past("năm trước", None, {"a": Decimal(9)}),
    earlier=[{"a": Decimal(20), "d": Decimal("0.125")}],
    elsewhere={"PL9:x.y": Decimal(12)},
)
CONDITIONS = (
    "[b] <= [a]",
    "[a] < [b]",
    "[a] = [b]",
    "[a] <> [b]",
    "[a] >= 5",
    "[a] > 5",
    "[b] + [c] = [a]",
    "-[b] + [a] - 2 >= 0",
    "[d] + [e] = 0.3",
    "[d] * 0.1 = [e]",
    "[a] * [b] / [c] <= 40",
    "[a] / ([b] - [c]) > 2",
    "children([p]) = [p]",
    "children([p]) <= 2 * [p]",
    "children([a]) >= 0",
    "[u] + [v] = 0",
    "[u] = [v]",
    "[u] <= [a]",
    "min([a], [b], [c]) >= 1",
    "max([a], [b]) <= 30",
    "abs([a] - [b]) <= 3",
    "abs([r] - percent([b], [a])) <= 0.5",
    "[s] <= 100",
    "[s] = percent([b], [a])",
    "[s] = [r]",
    "[s] + [t] < 100",
    "percent([b], [a]) <= percent([c], [p])",
    "percent(percent([b], [a]), [c]) > 50",
    'chosen([k], "1")',
    'chosen([k], "A")',
    'not(chosen([k], "0"))',
    'chosen([l], "01")',
    "given([w])",
    "given([s])",
    "given([u])",
    "not(given([a]))",
    'if(chosen([k], "1"), [a] > 0)',
    'if(chosen([k], "0"), [a] = 0, [b] > 0)',
    "if([a] > 3, given([w]))",
    "if(given([u]), [u] <= [a])",
    "if([b] > 0, if([c] > 0, [a] > 0, [p] = 0), [d] < 1)",
    "[a] > 0 and [b] > 0",
    "[a] > 0 or [b] > 0",
    "[a] > 0 and ([b] > 5 or not([c] = 0))",
    "not([a] > 0 and [b] > 0) or given([p])",
    "[a] <= if([b] > 5, [c], [p])",
    'if(chosen([k], "1"), [a], [b]) + [c] >= 10',
    "percent(if([b] > 5, [c], 0), if([a] > 0, [a], 0)) <= 100",
    "[a] >= previous([a])",
    "[d] >= previous([d])",
    "abs([s] - previous([s])) <= 30",
    "[a] >= last_year([a])",
    "[b] >= last_year([b])",
    "year_to_date([a]) >= 25",
    "year_to_date([y]) >= [y]",
    "year_to_date([b]) >= 0",
    "year_to_date([d]) <= 0.4",
    "[a] = elsewhere([PL9:x.y])",
    "[a] <= elsewhere([PL9:nowhere])",
)


def main(arguments: Sequence[str]) -> int:
    program = shutil.which("soffice")
    if program is None:
        sys.stderr.write("with_libreoffice: no soffice on this machine.\n")
        return os.EX_TEMPFAIL
    rules, seed = (*map(int, arguments), *(RULES, SEED)[len(arguments) :])
    form = with_rules((*CONDITIONS, *random_conditions(random.Random(seed), rules)))
    figures = [*by_hand(), *random_figures(random.Random(seed + 1), SUBMISSIONS)]
    cases = [*typed_into_a_blank(form, figures), *as_exported(form, figures)]
    with tempfile.TemporaryDirectory(prefix="cchc-excel-") as folder:
        different = [
            difference
            for case, computed in zip(cases, compute(program, Path(folder), cases), strict=True)
            for difference in differences(case, computed)
        ]
    told = (
        f"{len(different)} differences in {len(cases)} workbooks of {len(form.rules)} rules and"
        f" {sum(one.is_derived for one in form.rows)} rates each (seed {seed})."
    )
    sys.stdout.write("\n".join((*different[:MOST_TOLD], told, "")))
    return 1 if different else 0


@dataclass(frozen=True)
class Case:
    """A workbook, and the report whose figures it is to show."""

    name: str
    content: bytes
    wanted: Appendix


def with_rules(conditions: Sequence[str]) -> FormDefinition:
    """Return the form with every condition under every way of taking what is missing."""
    return form_of(
        *(replace(one, position=place) for place, one in enumerate(ROWS, start=1)),
        rules=tuple(
            rule(text, code=f"Q{number}{missing}", missing=missing, children=CHILDREN)
            for number, text in enumerate(conditions, start=1)
            for missing in Missing
        ),
    )


def appendix_of(form: FormDefinition, cells: Mapping[str, Cell]) -> Appendix:
    heading = Heading(agency="Sở Công Thương", place="", period="quý này")
    kind = AgencyKind.DEPARTMENT.value
    return submission_appendix(SubmissionSnapshot(form, cells, agency_kind=kind), heading, HISTORY)


# The figures


def number(text: str) -> Cell:
    return Cell(number=Decimal(text))


NIL = Cell(status=FigureStatus.NIL)
OUTSIDE = Cell(status=FigureStatus.OUT_OF_SCOPE)


def by_hand() -> Iterator[Mapping[str, Cell]]:
    yield {}
    yield {row.key: NIL for row in ROWS}
    yield {row.key: OUTSIDE for row in ROWS if not row.is_derived}
    yield {row.key: number("0") for row in ROWS if row.is_typed and row.kind is not Kind.CHOICE}
    yield {"a": number("27"), "b": number("8"), "k": Cell(choice="1"), "w": Cell(text="có")}
    yield {"a": number("20000"), "b": number("201"), "c": number("0"), "k": Cell(choice="A")}
    yield {"a": number("100000"), "b": number("100001"), "l": Cell(choice="01")}
    yield {"d": number("0.1"), "e": number("0.2"), "k": Cell(choice='x"y')}
    yield {"d": number("5000000.1"), "e": number("500000.01"), "a": number("3"), "b": NIL}
    yield {"a": number("3"), "b": number("1"), "s": number("33.4"), "r": number("33.33")}
    yield {"p": number("6"), "p.1": number("1"), "p.2": NIL, "p.3": number("5")}
    yield {"a": number("999999999999"), "b": number("999999999998"), "c": number("1")}
    yield {"a": number("5"), "b": number("5"), "c": number("5"), "u": number("2")}
    yield {"w": Cell(text='=1+1 "x"'), "k": Cell(choice="0"), "v": NIL}


def random_figures(chance: random.Random, many: int) -> Iterator[Mapping[str, Cell]]:
    for _ in range(many):
        yield {
            row.key: cell
            for row in ROWS
            if not row.is_derived and (cell := random_cell(chance, row.key)) is not None
        }


def random_cell(chance: random.Random, key: str) -> Cell | None:
    row = next(one for one in ROWS if one.key == key)
    which = chance.random()
    if which < 0.25:
        return None
    if which < 0.4:
        return NIL if which < 0.35 else OUTSIDE
    match row.kind:
        case Kind.CHOICE:
            return Cell(choice=chance.choice(row.options).code)
        case Kind.TEXT:
            return Cell(text="chữ")
        case Kind.COUNT:
            return number(str(chance.choice((0, 1, 2, 3, 5, 8, 40, chance.randrange(10**6)))))
        case _:
            return number(f"{chance.randrange(10 ** chance.choice((3, 8))) / 1000:.3f}")


# Rules that nobody thought of


def random_conditions(chance: random.Random, many: int) -> Iterator[str]:
    for _ in range(many):
        yield random_test(chance, 3)


FACTS = (
    *(f'chosen([k], "{code}")' for code in "01A"),
    'chosen([l], "01")',
    "given([a])",
    "given([s])",
    "given([u])",
)


def random_test(chance: random.Random, depth: int) -> str:
    if chance.random() < 0.4 or not depth:
        if chance.random() < 0.2:
            return chance.choice(FACTS)
        sign = chance.choice(("<=", ">=", "<", ">", "=", "<>"))
        return f"{random_number(chance, depth)} {sign} {random_number(chance, depth)}"
    one, other, third = (random_test(chance, depth - 1) for _ in range(3))
    return chance.choice(
        (
            f"({one}) and ({other})",
            f"({one}) or ({other})",
            f"not({one})",
            f"if({one}, {other})",
            f"if({one}, {other}, {third})",
        )
    )


def random_number(chance: random.Random, depth: int) -> str:
    if chance.random() < 0.5 or not depth:
        leaves = (
            *(f"[{key}]" for key in "aabbccderstyuv"),
            *("children([p])", "previous([a])", "year_to_date([a])", "0", "1", "2.5", "100"),
        )
        return chance.choice(leaves)
    one, other = (random_number(chance, depth - 1) for _ in range(2))
    return chance.choice(
        (
            f"({one} + {other})",
            f"({one} - {other})",
            f"({one} * {other})",
            f"({one} / ({other} + 1))",
            f"percent({one}, ({other}))" if other != "0" else one,
            f"min({one}, {other})",
            f"max({one}, {other})",
            f"abs({one} - {other})",
            f"if({random_test(chance, 0)}, {one}, {other})",
        )
    )


# Typed, computed and compared


def typed_into_a_blank(
    form: FormDefinition, figures: Sequence[Mapping[str, Cell]]
) -> Iterator[Case]:
    blank = xlsx.render(appendix_of(form, {}))
    for place, cells in enumerate(figures):
        wanted = appendix_of(form, cells)
        book = load_workbook(BytesIO(blank))
        sheet = book.worksheets[0]
        first = first_line(sheet.values)
        for at, line in enumerate(wanted.lines, start=first):
            if line.computed is None:
                cell = sheet.cell(at, xlsx.FIGURE_COLUMN)
                cell.value = line.figure.number if line.figure.is_number else line.figure.text
                if isinstance(cell.value, str):
                    cell.data_type = "s"
        target = BytesIO()
        book.save(target)
        yield Case(f"typed-{place}", target.getvalue(), wanted)


def as_exported(form: FormDefinition, figures: Sequence[Mapping[str, Cell]]) -> Iterator[Case]:
    for place, cells in enumerate(figures):
        wanted = appendix_of(form, cells)
        yield Case(f"exported-{place}", xlsx.render(wanted), wanted)


def first_line(rows: Iterator[Sequence[object]] | Sequence[Sequence[object]]) -> int:
    """Return the row, counted from 1, where the table begins below its two headings."""
    return next(place for place, row in enumerate(rows, start=1) if row[0] == "STT") + 2


def compute(program: str, folder: Path, cases: Sequence[Case]) -> Iterator[CalamineWorkbook]:
    """Let LibreOffice open the workbooks, compute every formula, and save them."""
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    for case in cases:
        (folder / f"{case.name}.xlsx").write_bytes(case.content)
    subprocess.run(
        [
            program,
            "--headless",
            f"-env:UserInstallation={profile.parent.as_uri()}",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(folder / "out"),
            *(str(folder / f"{case.name}.xlsx") for case in cases),
        ],
        check=True,
        capture_output=True,
    )
    for case in cases:
        yield CalamineWorkbook.from_path(folder / "out" / f"{case.name}.xlsx")


def differences(case: Case, computed: CalamineWorkbook) -> Iterator[str]:
    table = computed.get_sheet_by_index(0).to_python(skip_empty_area=False)
    for line, found in zip(case.wanted.lines, table[first_line(table) - 1 :], strict=False):
        shown = line.figure.text if line.figure.number is None else float(line.figure.number)
        if found[3] != shown:
            yield f"{case.name}, [{line.key}]: {found[3]!r} instead of {shown!r}"
    assert case.wanted.checks is not None
    checks = computed.get_sheet_by_index(1).to_python(skip_empty_area=False)
    results = {str(line[0]): line[3] for line in checks}
    for one in case.wanted.checks.rules:
        if results[one.rule.code] != WORDS[one.holds]:
            yield (
                f"{case.name}, {one.rule.condition} ({one.rule.missing.label}):"
                f" {results[one.rule.code]!r} instead of {WORDS[one.holds]!r}"
            )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
