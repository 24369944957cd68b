"""The form on a page: whose each row is to the agency, what is counted, what the rules find."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from indicators.definition import FormDefinition
from indicators.kinds import AcrossAgencies, Kind, Severity
from reporting.entry import Refusal
from reporting.lines import Beside, SheetRow
from reporting.reviewing import Remark
from reporting.sheet import Only, Sheet, build_sheet, build_update
from reporting.snapshot import EMPTY, Cell, Detail, FigureStatus, SubmissionSnapshot
from tests.reporting.forms_by_hand import form_of, row, rule

NONE = AcrossAgencies.NONE
FORM = form_of(
    row("1", Kind.HEADING, NONE),
    row("1.1", parent="1"),
    row("1.2", parent="1", asked="huyen xa"),
    row("1.3", across=AcrossAgencies.DESIGNATED, parent="1", reporter="noi_vu"),
    row("1.4", parent="1", reporter="noi_vu tttt"),
    row("2", Kind.HEADING, NONE),
    row("2.1", parent="2", asked="xa"),
    row("2.2", parent="2", asked="xa"),
    row(
        "2.3",
        Kind.PERCENT,
        AcrossAgencies.RATE,
        parent="2",
        asked="xa",
        formula="percent([2.1], [2.2])",
    ),
)
NIL = Cell(status=FigureStatus.NIL)
SAID = Remark(1, "Xem lại.", "Trần Minh Hạnh", datetime(2026, 12, 3, 10, 12))


def sheet(
    kind: str,
    functions: str = "",
    cells: Mapping[str, Cell] | None = None,
    form: FormDefinition = FORM,
) -> Sheet:
    return build_sheet(
        SubmissionSnapshot(form, cells or {}, agency_kind=kind, agency_functions=functions.split())
    )


def rows(sheet: Sheet) -> dict[str, SheetRow]:
    return {row.key: row for section in sheet.sections for row in section.rows}


def folded(sheet: Sheet) -> list[str]:
    return [key for key, row in rows(sheet).items() if row.is_outside]


@pytest.mark.parametrize(
    ("kind", "functions", "outside", "marks"),
    [
        ("so", "", ["1.2", "1.3", "2", "2.1", "2.2", "2.3"], {}),
        ("xa", "", ["1.3"], {}),
        ("huyen", "", ["1.3", "2", "2.1", "2.2", "2.3"], {}),
        (
            "so",
            "noi_vu",
            ["1.2", "2", "2.1", "2.2", "2.3"],
            {"1.3": "Số của cả tỉnh", "1.4": "Số của riêng đơn vị"},
        ),
        (
            "so",
            "tu_phap tttt",
            ["1.2", "1.3", "2", "2.1", "2.2", "2.3"],
            {"1.4": "Số của riêng đơn vị"},
        ),
        ("", "", [], {}),
    ],
)
def test_each_agency_sees_what_is_its_own_the_provinces_and_neither(
    kind: str, functions: str, outside: list[str], marks: Mapping[str, str]
) -> None:
    found = sheet(kind, functions)
    assert folded(found) == outside
    assert {key: row.mark for key, row in rows(found).items() if row.mark} == marks
    assert [key for key, row in rows(found).items() if "out" in row.css.split()] == outside


def test_only_the_agencys_rows_are_counted() -> None:
    found = sheet("so", "noi_vu", {"1.1": NIL, "1.3": NIL})
    assert [(part.answered, part.typed, part.outside) for part in found.sections] == [
        (2, 3, 1),
        (0, 0, 2),
    ]
    assert (found.answered, found.typed, found.outside) == (2, 3, 3)
    assert [part.is_outside for part in found.sections] == [False, True]


def test_an_answer_outside_the_scope_counts_neither_way() -> None:
    found = sheet("so", cells={"1.2": Cell(number=Decimal(5)), "2.1": NIL})
    assert (found.answered, found.typed, found.outside) == (0, 2, 4)
    assert found.percent == 0


@pytest.mark.parametrize(
    "cell", [Cell(number=Decimal(5)), NIL, Cell(status=FigureStatus.NOTE, note="chờ")]
)
def test_a_row_outside_the_scope_with_something_in_it_stands_open(cell: Cell) -> None:
    found = sheet("so", cells={"1.2": cell})
    assert "1.2" not in folded(found)
    assert rows(found)["1.2"].mark == "Ngoài phạm vi của đơn vị"
    assert not rows(found)["1.2"].is_asked


def test_a_row_outside_the_scope_that_was_refused_stands_open() -> None:
    found = build_sheet(
        SubmissionSnapshot(FORM, agency_kind="so"), refused={"1.2": Refusal("x", "Có chữ.")}
    )
    assert "1.2" not in folded(found)
    assert rows(found)["1.2"].box == "x"
    assert found.sections[0].refused == 1


def test_a_computed_rate_outside_the_scope_is_shown_where_its_parts_are_there() -> None:
    cells = {"2.1": Cell(number=Decimal(1)), "2.2": Cell(number=Decimal(2))}
    assert "2.3" not in folded(sheet("so", cells=cells))
    assert rows(sheet("so", cells=cells))["2.3"].shown == "50"


def test_a_heading_is_outside_with_all_that_stands_below_it() -> None:
    form = form_of(
        row("1", Kind.HEADING, NONE),
        replace(row("1.1", Kind.HEADING, NONE, parent="1"), depth=1),
        replace(row("1.1.a", parent="1.1", asked="xa"), section="1"),
        replace(row("1.2", Kind.HEADING, NONE, parent="1"), depth=1),
        replace(row("1.2.a", parent="1.2"), section="1"),
        row("1.3", Kind.HEADING, NONE, parent="1"),
    )
    assert folded(sheet("so", form=form)) == ["1.1", "1.1.a"]


def test_what_the_rules_find_is_shown_with_the_rows_and_their_figures() -> None:
    said = rule("[1.4] <= [1.1]", "Phần lớn hơn.", "Xem lại.", severity=Severity.ERROR)
    form = replace(FORM, rules=(said,))
    cells = {"1.1": Cell(number=Decimal(1000)), "1.4": Cell(number=Decimal(1001))}
    (found,) = sheet("so", cells=cells, form=form).findings
    told = found.weighed.finding
    assert (told.severity, told.sentence, told.instruction) == (
        Severity.ERROR,
        "Phần lớn hơn.",
        "Xem lại.",
    )
    assert [(row.key, row.shown) for row in found.rows] == [("1.4", "1.001"), ("1.1", "1.000")]
    assert not sheet("so", form=form).findings


# What a page redraws


PART = rule("[2.1] <= [2.2]", "Phần lớn hơn cả.", "Sửa lại.")
CHECKED = replace(FORM, rules=(PART,))


def commune(cells: Mapping[str, Cell], form: FormDefinition = CHECKED) -> SubmissionSnapshot:
    return SubmissionSnapshot(form, cells, agency_kind="xa")


def test_a_changed_cell_redraws_itself_and_what_is_computed_from_it() -> None:
    snapshot = commune({"2.1": Cell(number=Decimal(3)), "2.2": Cell(number=Decimal(4))})
    update = build_update(snapshot, {"2.2"})
    assert {row.key: row.shown for row in update.rows} == {"2.2": "4", "2.3": "75"}
    assert [(tally.key, tally.answered, tally.typed) for tally in update.sections] == [
        ("1", 0, 3),
        ("2", 2, 2),
    ]
    assert (update.answered, update.typed, update.findings) == (2, 5, [])


def test_a_change_elsewhere_redraws_nothing_of_them() -> None:
    snapshot = commune({"2.1": Cell(number=Decimal(3)), "2.2": Cell(number=Decimal(4))})
    assert [row.key for row in build_update(snapshot, {"1.1"}).rows] == ["1.1"]


def test_what_the_rules_find_stands_at_each_row_that_they_compare() -> None:
    broken = commune({"2.1": Cell(number=Decimal(5)), "2.2": Cell(number=Decimal(4))})
    update = build_update(broken, {"1.1"})
    [finding] = update.findings
    assert [row.key for row in finding.rows] == ["2.1", "2.2"]
    assert [[one.text for one in row.findings] for row in finding.rows] == [
        ["Cảnh báo: Phần lớn hơn cả. 5, lớn hơn 4. Sửa lại."],
        ["Cảnh báo: Phần lớn hơn cả."],
    ]
    drawn = rows(build_sheet(broken))
    assert [key for key, row in drawn.items() if row.findings] == ["2.1", "2.2"]
    assert "found" in drawn["2.1"].css.split()


# Fewer rows


def shown(sheet: Sheet) -> list[str]:
    return [key for key, row in rows(sheet).items() if "off" not in row.css.split()]


def test_only_blank_rows_with_those_above_them() -> None:
    snapshot = commune({"2.1": Cell(number=Decimal(3)), "1.1": NIL, "1.2": NIL})
    assert shown(build_sheet(snapshot, only=Only.BLANK)) == ["1", "1.4", "2", "2.2"]


def test_only_rows_with_findings_or_refused_boxes() -> None:
    broken = commune({"2.1": Cell(number=Decimal(5)), "2.2": Cell(number=Decimal(4))})
    refused = {"1.2": Refusal("năm", "Câu.")}
    sheet = build_sheet(broken, only=Only.FOUND, refused=refused)
    assert shown(sheet) == ["1", "1.2", "2", "2.1", "2.2"]


def test_only_rows_with_notes_or_open_comments() -> None:
    snapshot = commune({"2.1": Cell(note="theo tháng")})
    beside = Beside(comments={FORM.by_key["1.1"].id: [SAID, SAID]})
    sheet = build_sheet(snapshot, only=Only.SAID, beside=beside)
    assert shown(sheet) == ["1", "1.1", "2", "2.1"]


def test_each_way_to_show_fewer_tells_how_many_it_leaves() -> None:
    snapshot = commune({"2.1": Cell(number=Decimal(5), note="x"), "2.2": Cell(number=Decimal(4))})
    assert build_sheet(snapshot).filters == [
        (Only.ALL, 5),
        (Only.BLANK, 3),
        (Only.FOUND, 2),
        (Only.SAID, 1),
    ]


def test_all_rows_are_shown_unless_fewer_are_asked_for() -> None:
    assert len(shown(build_sheet(commune({})))) == len(FORM.rows)


def test_files_and_comments_are_counted_at_their_row() -> None:
    one, other = FORM.by_key["1.1"].id, FORM.by_key["1.2"].id
    drawn = rows(build_sheet(commune({}), beside=Beside({one: 2}, {other: [SAID]})))
    assert [(row.files, list(row.comments)) for row in (drawn["1.1"], drawn["1.2"])] == [
        (2, []),
        (0, [SAID]),
    ]


def test_the_same_period_of_last_year_stands_beside_the_period_before() -> None:
    last, year = commune({"1.1": Cell(number=Decimal(7))}), commune({"1.1": NIL})
    sheet = build_sheet(commune({}), previous=last, last_year=year)
    row = rows(sheet)["1.1"]
    assert (row.previous, row.last_year) == ("7", "Không phát sinh")
    assert (sheet.has_previous, sheet.has_last_year) == (True, True)


# What has become of a report since an earlier time

BEFORE = {"1.1": Cell(number=Decimal(12), written="12"), "1.2": NIL, "2.1": Cell(note="chờ")}


@pytest.mark.parametrize(
    ("now", "was"),
    [
        ({"1.1": Cell(number=Decimal(15))}, {"1.1": "12 → 15"}),
        # The same said in other letters is the same.
        ({"1.1": Cell(number=Decimal(12), written="012")}, {}),
        ({"1.1": EMPTY}, {"1.1": "12 → trống"}),
        ({"1.2": Cell(number=Decimal(0))}, {"1.2": "Không phát sinh → 0"}),
        ({"1.4": NIL}, {"1.4": "trống → Không phát sinh"}),
        ({"1.1": Cell(number=Decimal(12), note="ước")}, {"1.1": "12 → 12; ước"}),
        (
            {"1.1": Cell(number=Decimal(12), details=(Detail("a", Decimal(5)),))},
            {"1.1": "12 → 12; + a: 5"},
        ),
        ({"2.1": EMPTY}, {"2.1": "chờ → trống"}),
    ],
)
def test_what_was_handed_in_the_time_before_is_told(
    now: Mapping[str, Cell], was: Mapping[str, str]
) -> None:
    sheet = build_sheet(commune({**BEFORE, **now}), beside=Beside(before=BEFORE))
    drawn = rows(sheet)
    assert {key: row.was for key, row in drawn.items() if row.was} == was
    assert {key for key, row in drawn.items() if "changed" in row.css.split()} == set(was)
    assert (Only.CHANGED, len(was)) in sheet.filters


def test_without_an_earlier_handing_in_nothing_is_compared() -> None:
    sheet = build_sheet(commune(BEFORE), only=Only.CHANGED)
    assert not any(row.was or row.is_new for row in rows(sheet).values())
    # A filter that asks for a time that never was shows all rows.
    assert sheet.only is Only.ALL
    assert len(shown(sheet)) == len(FORM.rows)


@pytest.mark.parametrize(("fresh", "count"), [((), 0), (["2.1", "2.2"], 2)])
def test_rows_saved_after_the_last_look_are_new(fresh: list[str], count: int) -> None:
    sheet = build_sheet(commune(BEFORE), beside=Beside(fresh=fresh), only=Only.NEW)
    assert [key for key, row in rows(sheet).items() if row.is_new] == list(fresh)
    assert (Only.NEW, count) in sheet.filters
    assert Only.CHANGED not in dict(sheet.filters)
    assert shown(sheet) == (["2", *fresh] if fresh else [])
