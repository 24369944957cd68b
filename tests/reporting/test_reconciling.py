"""Figures of a province that should agree: told where they do not, and silent where they do."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import pytest

from indicators.definition import FormDefinition
from indicators.kinds import AcrossAgencies, AcrossPeriods, AgencyKind, Capacity, Kind
from reporting.calculations.contributions import Reported, Source
from reporting.reconciling import Comparison, Difference, Gathered, differences
from reporting.windows import Window
from reporting.workflow import State
from tests.reporting.forms_by_hand import form_of, row, rule

YEAR = Window(date(2025, 12, 15), date(2026, 12, 14))
FIRST = Window(date(2025, 12, 15), date(2026, 6, 14))
SECOND = Window(date(2026, 6, 15), date(2026, 12, 14))

LAYOUT = form_of(
    row("n"),
    row("c", across_periods=AcrossPeriods.CUMULATIVE),
    row("s", across_periods=AcrossPeriods.STOCK),
    row("d", across=AcrossAgencies.DESIGNATED, reporter="noi_vu", asked="so"),
    row("whole"),
    row("part", parent="whole"),
)
RULED = replace(LAYOUT, rules=(rule("[part] <= [whole]", "Phần lớn hơn tổng."),))


def gathered(
    name: str,
    window: Window | None,
    agencies: Mapping[str, Mapping[str, int]],
    *,
    layout: FormDefinition = LAYOUT,
    changes: Mapping[str, Mapping[str, object]] = MappingProxyType({}),
) -> Gathered:
    """Return a round in which the departments named have reported these figures; one without
    figures is not approved. ``changes`` are made to the source of an agency's name."""
    sources, figures = [], dict[int, dict[int, Decimal]]()
    for pk, (agency, reported) in enumerate(agencies.items(), start=1):
        source = Source(
            submission_id=pk,
            agency_id=pk,
            agency=agency,
            kind=AgencyKind.DEPARTMENT,
            functions=frozenset({"noi_vu"} if agency == "SNV" else ()),
            form=layout,
            state=State.APPROVED if reported else State.DRAFT,
            is_taken=bool(reported),
        )
        sources.append(source._replace(**changes.get(agency, {})))  # type: ignore[arg-type]
        for key, number in reported.items():
            figures.setdefault(layout.by_key[key].id, {})[pk] = Decimal(number)
    return Gathered(name, name, window, sources, figures)


def told(found: list[Difference]) -> list[tuple[str, str, str, str]]:
    return [(one.comparison.value, one.row.key, one.found, one.gap_written) for one in found]


NOTHING = Reported(1, LAYOUT.by_key["d"].id, "nil", None)


# A longer round and the shorter ones inside it


def test_what_is_counted_over_a_longer_time_is_no_less() -> None:
    now = gathered("năm", YEAR, {"SCT": {"n": 5, "c": 9, "s": 1}})
    short = gathered("6T", FIRST, {"SCT": {"n": 7, "c": 9, "s": 40}})
    (found,) = differences(LAYOUT, now, [short])
    assert told([found]) == [("dot-dai", "n", "5 / 7", "−2")]
    assert found.name == "dot-dai:n:6T"


def test_a_round_that_reaches_out_of_the_window_is_not_compared() -> None:
    now = gathered("6T", FIRST, {"SCT": {"n": 5}})
    assert differences(LAYOUT, now, [gathered("năm", YEAR, {"SCT": {"n": 70}})]) == []
    unknown = gathered("không rõ", None, {"SCT": {"n": 70}})
    assert differences(LAYOUT, now, [unknown]) == []
    assert differences(LAYOUT, replace(now, window=None), [now]) == []


def test_who_reported_in_one_of_them_only_may_be_the_cause() -> None:
    now = gathered("năm", YEAR, {"SCT": {"n": 5}, "SYT": {}})
    short = gathered("6T", FIRST, {"SCT": {"n": 5}, "SYT": {"n": 4}})
    (found,) = differences(LAYOUT, now, [short])
    assert found.missing == ("SYT",)


def test_rounds_that_tile_the_longer_one_come_to_the_same() -> None:
    now = gathered("năm", YEAR, {"SCT": {"n": 13, "c": 9, "s": 4}})
    halves = [
        gathered("6T", FIRST, {"SCT": {"n": 7, "c": 5, "s": 40}}),
        gathered("6TC", SECOND, {"SCT": {"n": 6, "c": 9, "s": 4}}),
    ]
    assert differences(LAYOUT, now, halves) == []
    other = gathered("năm", YEAR, {"SCT": {"n": 14, "c": 10, "s": 5}})
    assert told(differences(LAYOUT, other, halves)) == [
        ("cong-dot", "n", "14 / 13", "+1"),
        ("cong-dot", "c", "10 / 9", "+1"),
        ("cong-dot", "s", "5 / 4", "+1"),
    ]


def test_where_a_half_lacks_the_figure_equality_says_nothing() -> None:
    now = gathered("năm", YEAR, {"SCT": {"n": 13}})
    halves = [
        gathered("6T", FIRST, {"SCT": {"n": 7}}),
        gathered("6TC", SECOND, {"SCT": {"s": 1}}),
    ]
    assert differences(LAYOUT, now, halves) == []


# One agency for the whole province


def test_the_others_together_cannot_exceed_the_province() -> None:
    """Who speaks for the province in one report leaves its own figure unsaid."""
    now = gathered("năm", YEAR, {"SNV": {"d": 10}, "SCT": {"d": 4}, "SYT": {"d": 5}})
    assert differences(LAYOUT, now, []) == []
    more = gathered("năm", YEAR, {"SNV": {"d": 10}, "SCT": {"d": 8}, "SYT": {"d": 5}})
    assert told(differences(LAYOUT, more, [])) == [("tinh", "d", "10 / 13", "−3")]


def test_where_its_own_figure_stands_apart_they_must_be_equal() -> None:
    agencies = {"SNV": {"d": 10}, "SNV riêng": {"d": 3}, "SCT": {"d": 6}, "SYT": {}}
    capacities: dict[str, Mapping[str, object]] = {
        "SNV": {"capacity": Capacity.PROVINCE},
        "SNV riêng": {"capacity": Capacity.OWN, "functions": frozenset({"noi_vu"})},
    }
    (found,) = differences(LAYOUT, gathered("năm", YEAR, agencies, changes=capacities), [])
    assert told([found]) == [("tinh", "d", "10 / 9", "+1")]
    assert found.missing == ("SYT",)
    agencies["SCT"] = {"d": 7}
    assert differences(LAYOUT, gathered("năm", YEAR, agencies, changes=capacities), []) == []


def test_that_nothing_arose_is_a_figure_of_the_province_too() -> None:
    now = gathered("năm", YEAR, {"SNV": {"d": 0}, "SCT": {"d": 30}})
    nil = dict.fromkeys((1,), NOTHING)
    figures = {**now.figures, LAYOUT.by_key["d"].id: {**now.figures[LAYOUT.by_key["d"].id], **nil}}
    (found,) = differences(LAYOUT, replace(now, figures=figures), [])
    assert told([found]) == [("tinh", "d", "0 / 30", "−30")]


def test_who_has_not_said_its_own_figure_is_told_as_missing() -> None:
    agencies = {"SNV": {"d": 2}, "SCT": {"d": 6}, "SYT": {}}
    (found,) = differences(LAYOUT, gathered("năm", YEAR, agencies), [])
    assert found.right_name == "Các đơn vị cộng lại (1/2)"
    assert found.missing == ("SYT",)


def test_where_the_form_asks_nobody_else_nobody_is_missed() -> None:
    layout = form_of(row("d", across=AcrossAgencies.DESIGNATED, reporter="noi_vu"))
    agencies = {"SNV": {"d": 2}, "SCT": {"d": 6}, "SYT": {}}
    (found,) = differences(layout, gathered("năm", YEAR, agencies, layout=layout), [])
    assert (found.right_name, found.missing) == ("Các đơn vị cộng lại (1/1)", ())


def test_without_a_figure_of_the_province_there_is_nothing_to_compare() -> None:
    now = gathered("năm", YEAR, {"SCT": {"d": 4}})
    assert differences(LAYOUT, now, []) == []


# Rows, districts


def test_a_rule_of_the_form_is_asked_of_the_totals() -> None:
    """Each report keeps it by itself where both figures are there."""
    agencies = {"SCT": {"whole": 5, "part": 5}, "SYT": {"part": 2}}
    now = gathered("năm", YEAR, agencies, layout=RULED)
    (found,) = differences(RULED, now, [])
    assert told([found]) == [("muc-con", "part", "7 / 5", "+2")]
    assert found.sentence.startswith("Phần lớn hơn tổng.")
    assert found.missing == ("SYT",)


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("[part] = [whole] - [n]", [("10 / 0", "«Dòng part»", "«Dòng whole»; «Dòng n»")]),
        # A number of its own holds of one report, not of a sum.
        ("[part] <= 3 * [n]", []),
    ],
)
def test_both_sides_are_what_the_rule_makes_of_them(
    condition: str, found: list[tuple[str, str, str]]
) -> None:
    ruled = replace(LAYOUT, rules=(rule(condition),))
    now = gathered("năm", YEAR, {"SCT": {"part": 10, "whole": 5, "n": 5}}, layout=ruled)
    assert [
        (one.found, one.left_name, one.right_name) for one in differences(ruled, now, [])
    ] == found


@pytest.mark.parametrize(
    "condition", ["[part] <= [whole@prev]", "[part] <= [p]", "[part] <= 5", "[whole] >= 100"]
)
def test_a_rule_that_reads_another_time_or_what_is_not_added_is_not_asked(condition: str) -> None:
    layout = form_of(row("whole"), row("part"), row("p", across=AcrossAgencies.NONE))
    ruled = replace(layout, rules=(rule(condition),))
    now = gathered("năm", YEAR, {"SCT": {"whole": 1, "part": 9, "p": 1}}, layout=ruled)
    assert differences(ruled, now, []) == []


def test_communes_are_no_more_than_their_district() -> None:
    agencies = {"Huyện A": {"n": 10}, "Xã B": {"n": 7}, "Xã C": {"n": 4}, "Xã lạ": {"n": 90}}
    placed: dict[str, Mapping[str, object]] = {
        "Huyện A": {"kind": AgencyKind.DISTRICT},
        "Xã B": {"kind": AgencyKind.COMMUNE, "within": 1},
        "Xã C": {"kind": AgencyKind.COMMUNE, "within": 1},
        "Xã lạ": {"kind": AgencyKind.COMMUNE},
    }
    (found,) = differences(LAYOUT, gathered("năm", YEAR, agencies, changes=placed), [])
    assert told([found]) == [("huyen", "n", "10 / 11", "−1")]
    assert (found.comparison, found.left_name) == (Comparison.DISTRICT, "Huyện A")


def test_rates_and_choices_are_not_compared_as_numbers() -> None:
    layout = form_of(
        row("r", Kind.PERCENT, AcrossAgencies.RATE),
        row("k", Kind.CHOICE, AcrossAgencies.CHOICES, choices="0=Không|1=Có"),
    )
    now = gathered("năm", YEAR, {"SCT": {"r": 5}}, layout=layout)
    short = gathered("6T", FIRST, {"SCT": {"r": 50}}, layout=layout)
    assert differences(layout, now, [short]) == []
