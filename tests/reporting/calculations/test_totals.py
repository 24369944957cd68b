"""The province's figure of a row: every way of adding up against everything agencies do."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.definition import FormDefinition, RowDefinition
from indicators.formulas import Ratio
from indicators.kinds import AcrossAgencies, AgencyKind, Kind
from reporting.calculations.contributions import (
    Contribution,
    Given,
    Reported,
    Source,
    Standing,
    contributions,
)
from reporting.calculations.totals import Answers, Total, by_group, lacking, province_totals, total
from reporting.workflow import State
from tests.reporting.forms_by_hand import form_of, row

# Departments are asked, unless a row designates who reports it.
ROWS = {
    AcrossAgencies.SUM: row("sum", asked="so"),
    AcrossAgencies.MAX: row("max", across=AcrossAgencies.MAX, asked="so"),
    AcrossAgencies.LATEST: row("latest", across=AcrossAgencies.LATEST, asked="so"),
    AcrossAgencies.RATE: row("rate", Kind.PERCENT, AcrossAgencies.RATE, asked="so"),
    AcrossAgencies.CHOICES: row(
        "choices", Kind.CHOICE, AcrossAgencies.CHOICES, choices="0=Không|1=Có", asked="so"
    ),
    AcrossAgencies.DESIGNATED: row(
        "designated", across=AcrossAgencies.DESIGNATED, reporter="noi_vu"
    ),
    AcrossAgencies.NONE: row("none", across=AcrossAgencies.NONE),
}
LAYOUT = form_of(*ROWS.values())


def figure(
    submission: int,
    of: RowDefinition,
    number: str | None = None,
    *,
    parts: tuple[str, str] | None = None,
    choice: str = "",
    status: str = "reported",
) -> Reported:
    return Reported(
        submission,
        of.id,
        status,
        Decimal(number) if number is not None else None,
        Decimal(parts[0]) if parts else None,
        Decimal(parts[1]) if parts else None,
        choice,
    )


def by_cell(figures: Sequence[Reported]) -> dict[int, dict[int, Given]]:
    """Index figures as the store's query does: by row, then by submission, bare numbers bare."""
    found: dict[int, dict[int, Given]] = {}
    for one in figures:
        is_bare = one.number is not None and one.numerator is None and not one.choice
        figure = one.number if is_bare and one.number is not None else one
        found.setdefault(one.row_id, {})[one.submission_id] = figure
    return found


def source(
    submission: int,
    form: FormDefinition = LAYOUT,
    *,
    approved: bool = True,
    kind: AgencyKind = AgencyKind.DEPARTMENT,
    functions: str = "noi_vu",
    within: int | None = None,
    sent: int = 0,
) -> Source:
    return Source(
        submission_id=submission,
        agency_id=submission,
        agency=f"Cơ quan {submission}",
        kind=kind,
        functions=frozenset(functions.split()),
        form=form,
        state=State.APPROVED if approved else State.SUBMITTED,
        is_taken=approved,
        within=within,
        sent=sent,
        code=f"{submission:04}",
    )


def total_of(
    target: RowDefinition,
    sources: Sequence[Source],
    figures: Sequence[Reported],
    layout: FormDefinition = LAYOUT,
) -> Total:
    """Return the total of one row of the whole table, which is the same as that of its parts."""
    cells = by_cell(figures)
    found = province_totals(layout, sources, cells)[layout.rows.index(target)]
    if target.is_added:
        assert replace(found, without=()) == total(
            target, contributions(target, layout, sources, cells)
        )
    return replace(found, without=())


def standings(
    target: RowDefinition,
    sources: Sequence[Source],
    figures: Sequence[Reported],
    layout: FormDefinition = LAYOUT,
) -> list[Standing]:
    found: list[Contribution] = contributions(target, layout, sources, by_cell(figures))
    return [contribution.standing for contribution in found]


# One agency after the other does each of these; what "first" and "second" write is below.
SITUATIONS: Mapping[str, tuple[str, ...]] = {
    "nobody is asked": (),
    "one reports": ("first",),
    "one leaves it blank": ("blank",),
    "one has nothing": ("nil",),
    "one is out of scope": ("out_of_scope",),
    "one is not approved": ("not_approved",),
    "two report": ("first", "second"),
    "everything at once": ("first", "blank", "nil", "out_of_scope", "not_approved", "second"),
    "nobody says a number": ("blank", "nil", "out_of_scope", "not_approved"),
}
FIRST: Mapping[AcrossAgencies, Mapping[str, object]] = {
    AcrossAgencies.SUM: {"number": "5"},
    AcrossAgencies.MAX: {"number": "5"},
    AcrossAgencies.LATEST: {"number": "5"},
    AcrossAgencies.RATE: {"number": "75", "parts": ("3", "4")},
    AcrossAgencies.CHOICES: {"choice": "1"},
    AcrossAgencies.DESIGNATED: {"number": "5"},
    AcrossAgencies.NONE: {"number": "5"},
}
SECOND: Mapping[AcrossAgencies, Mapping[str, object]] = {
    AcrossAgencies.SUM: {"number": "7"},
    AcrossAgencies.MAX: {"number": "7"},
    AcrossAgencies.LATEST: {"number": "4"},
    AcrossAgencies.RATE: {"number": "30", "parts": ("30", "100")},
    AcrossAgencies.CHOICES: {"choice": "0"},
    AcrossAgencies.DESIGNATED: {"number": "7"},
    AcrossAgencies.NONE: {"number": "7"},
}
# 3/4 and 30/100 together are 33/104 = 31,73…, not the mean of 75 and 30.
Written = tuple[Decimal | None, Ratio | None, tuple[Answers, ...]]
ONE: Mapping[AcrossAgencies, Written] = {
    AcrossAgencies.SUM: (Decimal(5), None, ()),
    AcrossAgencies.MAX: (Decimal(5), None, ()),
    AcrossAgencies.LATEST: (Decimal(5), None, ()),
    AcrossAgencies.RATE: (Decimal(75), Ratio(Decimal(3), Decimal(4)), ()),
    AcrossAgencies.CHOICES: (None, None, (Answers("Có", 1),)),
    AcrossAgencies.DESIGNATED: (Decimal(5), None, ()),
}
TWO: Mapping[AcrossAgencies, Written] = {
    AcrossAgencies.SUM: (Decimal(12), None, ()),
    AcrossAgencies.MAX: (Decimal(7), None, ()),
    AcrossAgencies.LATEST: (Decimal(4), None, ()),
    AcrossAgencies.RATE: (
        Decimal(3300) / Decimal(104),
        Ratio(Decimal(33), Decimal(104)),
        (),
    ),
    AcrossAgencies.CHOICES: (None, None, (Answers("Không", 1), Answers("Có", 1))),
    AcrossAgencies.DESIGNATED: (Decimal(12), None, ()),
}
NOTHING: Written = (None, None, ())
# Situation → what is written, how many reported, of how many expected, all of them nil.
EXPECTED: Mapping[str, tuple[str, int, int, bool]] = {
    "nobody is asked": ("nothing", 0, 0, False),
    "one reports": ("one", 1, 1, False),
    "one leaves it blank": ("nothing", 0, 1, False),
    "one has nothing": ("nothing", 1, 1, True),
    "one is out of scope": ("nothing", 0, 0, False),
    "one is not approved": ("nothing", 0, 1, False),
    "two report": ("two", 2, 2, False),
    "everything at once": ("two", 3, 5, False),
    "nobody says a number": ("nothing", 1, 3, True),
}


def played(way: AcrossAgencies, situation: str) -> tuple[list[Source], list[Reported]]:
    """Return the sources and figures of one situation."""
    sources, figures = [], []
    for number, act in enumerate(SITUATIONS[situation], start=1):
        sources.append(source(number, approved=act != "not_approved"))
        if act in {"nil", "out_of_scope"}:
            figures.append(figure(number, ROWS[way], status=act))
        if act in {"first", "not_approved"}:
            figures.append(figure(number, ROWS[way], **FIRST[way]))  # type: ignore[arg-type]
        if act == "second":
            figures.append(figure(number, ROWS[way], **SECOND[way]))  # type: ignore[arg-type]
    return sources, figures


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("way", [way for way in AcrossAgencies if way is not AcrossAgencies.NONE])
def test_every_way_gives_what_the_truth_table_says(way: AcrossAgencies, situation: str) -> None:
    written, reported, expected, all_nil = EXPECTED[situation]
    number, parts, answers = {"nothing": NOTHING, "one": ONE[way], "two": TWO[way]}[written]
    assert total_of(ROWS[way], *played(way, situation)) == Total(
        ROWS[way],
        number,
        parts,
        answers,
        reported,
        expected,
        all_nil,
    )


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_row_that_is_not_added_has_no_total(situation: str) -> None:
    none = ROWS[AcrossAgencies.NONE]
    assert total_of(none, *played(AcrossAgencies.NONE, situation)) == Total(none)
    assert not none.is_added


def test_the_rate_of_sums_is_not_the_mean_of_rates() -> None:
    rate = ROWS[AcrossAgencies.RATE]
    figures = [
        figure(1, rate, "100", parts=("1", "1")),
        figure(2, rate, "0", parts=("0", "99")),
    ]
    assert total_of(rate, [source(1), source(2)], figures).number == Decimal(1)


def test_a_bare_percentage_enters_no_rate_but_is_counted_as_expected() -> None:
    rate = ROWS[AcrossAgencies.RATE]
    figures = [figure(1, rate, "50", parts=("5", "10")), figure(2, rate, "100")]
    total = total_of(rate, [source(1), source(2)], figures)
    assert (total.number, total.reported, total.expected) == (Decimal(50), 1, 2)
    assert standings(rate, [source(1), source(2)], figures) == [
        Standing.COUNTED,
        Standing.NO_PARTS,
    ]


def test_a_rate_of_nothing_over_nothing_is_undefined_not_zero() -> None:
    rate = ROWS[AcrossAgencies.RATE]
    total = total_of(rate, [source(1)], [figure(1, rate, parts=("0", "0"))])
    assert total.number is None
    assert total.parts is not None
    assert total.parts.is_undefined


FORMULA = form_of(
    row("whole"),
    row("part"),
    row("ratio", Kind.PERCENT, AcrossAgencies.RATE, formula="percent([part], [whole])"),
    id=2,
)
WHOLE, PART, RATIO = FORMULA.rows


def test_a_computed_rate_is_the_rate_of_the_sums_of_its_rows() -> None:
    figures = [
        figure(1, PART, "3"),
        figure(1, WHOLE, "4"),
        figure(2, PART, "30"),
        figure(2, WHOLE, "100"),
    ]
    total = total_of(RATIO, [source(1, FORMULA), source(2, FORMULA)], figures, FORMULA)
    assert total.parts == Ratio(Decimal(33), Decimal(104))
    assert total.number == Decimal(3300) / Decimal(104)


def test_half_of_a_rate_adds_neither_part_nor_whole() -> None:
    figures = [figure(1, PART, "3"), figure(1, WHOLE, "4"), figure(2, WHOLE, "100")]
    sources = [source(1, FORMULA), source(2, FORMULA)]
    total = total_of(RATIO, sources, figures, FORMULA)
    assert total.parts == Ratio(Decimal(3), Decimal(4))
    assert (total.reported, total.expected) == (1, 2)
    assert standings(RATIO, sources, figures, FORMULA) == [Standing.COUNTED, Standing.NO_PARTS]


@pytest.mark.parametrize(
    ("part", "whole", "standing"),
    [
        ("blank", "blank", Standing.BLANK),
        ("note", "blank", Standing.BLANK),
        ("nil", "blank", Standing.NO_PARTS),
        ("out_of_scope", "out_of_scope", Standing.OUT_OF_SCOPE),
        ("out_of_scope", "blank", Standing.OUT_OF_SCOPE),
    ],
)
def test_what_a_rate_lacks_is_told_as_the_agency_said_it(
    part: str, whole: str, standing: Standing
) -> None:
    said = {PART: part, WHOLE: whole}
    figures = [figure(1, row, status=how) for row, how in said.items() if how != "blank"]
    assert standings(RATIO, [source(1, FORMULA)], figures, FORMULA) == [standing]


@pytest.mark.parametrize(
    ("part", "parts"), [("nil", (3, 104)), ("out_of_scope", (3, 4)), ("blank", (3, 4))]
)
def test_nothing_arising_is_zero_of_the_whole_but_out_of_scope_is_not(
    part: str, parts: tuple[int, int]
) -> None:
    figures = [figure(1, PART, "3"), figure(1, WHOLE, "4"), figure(2, WHOLE, "100")]
    if part != "blank":
        figures.append(figure(2, PART, status=part))
    total = total_of(RATIO, [source(1, FORMULA), source(2, FORMULA)], figures, FORMULA)
    assert total.parts == Ratio(Decimal(parts[0]), Decimal(parts[1]))


def test_an_agency_without_cases_leaves_the_rate_of_the_others_alone() -> None:
    figures = [
        figure(1, PART, "3"),
        figure(1, WHOLE, "4"),
        figure(2, PART, "0"),
        figure(2, WHOLE, "0"),
    ]
    total = total_of(RATIO, [source(1, FORMULA), source(2, FORMULA)], figures, FORMULA)
    assert (total.number, total.reported) == (Decimal(75), 2)


def test_a_form_with_only_the_parts_of_a_rate_still_adds_to_it() -> None:
    parts_only = form_of(row("a", indicator="whole"), row("b", indicator="part"), id=3)
    figures = [
        figure(1, PART, "3"),
        figure(1, WHOLE, "4"),
        figure(2, parts_only.rows[1], "30"),
        figure(2, parts_only.rows[0], "100"),
    ]
    total = total_of(RATIO, [source(1, FORMULA), source(2, parts_only)], figures, FORMULA)
    assert total.parts == Ratio(Decimal(33), Decimal(104))


def test_a_form_with_one_part_of_a_rate_is_not_asked_for_it() -> None:
    whole_only = form_of(row("a", indicator="whole"), id=3)
    assert standings(RATIO, [source(1, whole_only)], [], FORMULA) == []


@pytest.mark.parametrize(
    ("vertical_row", "expected"),
    [(False, [Standing.VERTICAL]), (True, [Standing.COUNTED])],
)
def test_a_vertical_agency_is_added_only_where_the_row_says_so(
    vertical_row: bool, expected: list[Standing]
) -> None:
    layout = form_of(row("v", vertical=vertical_row))
    figures = [figure(1, layout.rows[0], "5")]
    sources = [source(1, layout, kind=AgencyKind.VERTICAL)]
    assert standings(layout.rows[0], sources, figures, layout) == expected
    total = total_of(layout.rows[0], sources, figures, layout)
    assert total.number == (Decimal(5) if vertical_row else None)
    assert total.expected == (1 if vertical_row else 0)


def test_only_the_designated_agency_is_printed_and_the_others_are_not_missed() -> None:
    designated = ROWS[AcrossAgencies.DESIGNATED]
    sources = [source(1), source(2, functions=""), source(3, functions="tttt tai_chinh")]
    figures = [figure(number, designated, str(number * 10)) for number in (1, 2, 3)]
    total = total_of(designated, sources, figures)
    assert (total.number, total.reported, total.expected) == (Decimal(10), 1, 1)
    assert standings(designated, sources, figures) == [
        Standing.COUNTED,
        Standing.NOT_DESIGNATED,
        Standing.NOT_DESIGNATED,
    ]


def test_the_bare_percentage_of_one_designated_agency_is_the_provinces() -> None:
    layout = form_of(row("d", Kind.PERCENT, AcrossAgencies.DESIGNATED, reporter="noi_vu"))
    figures = [figure(1, layout.rows[0], "98.64")]
    total = total_of(layout.rows[0], [source(1, layout)], figures, layout)
    assert (total.number, total.parts, total.reported) == (Decimal("98.64"), None, 1)


def test_bare_percentages_of_two_designated_agencies_are_no_figure() -> None:
    layout = form_of(row("d", Kind.PERCENT, AcrossAgencies.DESIGNATED, reporter="noi_vu"))
    figures = [figure(1, layout.rows[0], "98"), figure(2, layout.rows[0], "90")]
    total = total_of(layout.rows[0], [source(1, layout), source(2, layout)], figures, layout)
    assert (total.number, total.parts, total.reported) == (None, None, 2)


def test_a_designated_rate_with_its_parts_is_the_rate_of_sums() -> None:
    layout = form_of(row("d", Kind.PERCENT, AcrossAgencies.DESIGNATED, reporter="noi_vu"))
    figures = [
        figure(1, layout.rows[0], "75", parts=("3", "4")),
        figure(2, layout.rows[0], "30", parts=("30", "100")),
    ]
    total = total_of(layout.rows[0], [source(1, layout), source(2, layout)], figures, layout)
    assert total.parts == Ratio(Decimal(33), Decimal(104))


def test_a_designated_choice_is_told_in_words() -> None:
    layout = form_of(
        row("d", Kind.CHOICE, AcrossAgencies.DESIGNATED, choices="0=Chưa|1=Có", reporter="noi_vu")
    )
    figures = [figure(1, layout.rows[0], choice="0")]
    total = total_of(layout.rows[0], [source(1, layout)], figures, layout)
    assert total.answers == (Answers("Chưa", 1),)


# What an agency does that its form does not ask: how it stands, whether its figure is in the total,
# how many reported, of how many expected.
NOT_ASKED: Mapping[str, tuple[Standing, str, int, int]] = {
    "blank": (Standing.NOT_ASKED, "nothing", 0, 0),
    "not_approved": (Standing.NOT_ASKED, "nothing", 0, 0),
    "out_of_scope": (Standing.OUT_OF_SCOPE, "nothing", 0, 0),
    "nil": (Standing.NIL, "nothing", 1, 1),
    "first": (Standing.COUNTED, "one", 1, 1),
}


@pytest.mark.parametrize("act", NOT_ASKED)
@pytest.mark.parametrize(
    "way",
    [way for way in ONE if way is not AcrossAgencies.DESIGNATED],
)
def test_who_is_not_asked_is_not_missed_but_what_it_filed_is_not_dropped(
    way: AcrossAgencies, act: str
) -> None:
    standing, written, reported, expected = NOT_ASKED[act]
    commune = source(1, kind=AgencyKind.COMMUNE, approved=act != "not_approved")
    figures = []
    if act in {"nil", "out_of_scope"}:
        figures.append(figure(1, ROWS[way], status=act))
    if act == "first":
        figures.append(figure(1, ROWS[way], **FIRST[way]))  # type: ignore[arg-type]
    (part,) = contributions(ROWS[way], LAYOUT, [commune], by_cell(figures))
    assert (part.standing, part.is_asked) == (standing, False)
    total = total_of(ROWS[way], [commune], figures)
    number, parts, answers = ONE[way] if written == "one" else NOTHING
    assert (total.number, total.parts, total.answers) == (number, parts, answers)
    assert (total.reported, total.expected) == (reported, expected)


def test_coverage_counts_those_who_are_asked() -> None:
    communes = [source(number, kind=AgencyKind.COMMUNE) for number in (3, 4, 5)]
    target = ROWS[AcrossAgencies.SUM]
    figures = [figure(1, target, "5"), figure(4, target, "2")]
    total = total_of(target, [source(1), source(2), *communes], figures)
    assert (total.number, total.reported, total.expected) == (Decimal(7), 2, 3)


def test_the_holder_of_a_function_may_be_asked_whatever_its_kind() -> None:
    layout = form_of(row("f", asked="huyen tu_phap"))
    sources = [source(1, layout, functions="tu_phap"), source(2, layout, functions="noi_vu")]
    assert standings(layout.rows[0], sources, [], layout) == [Standing.BLANK, Standing.NOT_ASKED]


@pytest.mark.parametrize(
    ("figures", "standing"),
    [
        ([("ratio", "75")], Standing.NO_PARTS),
        ([("part", "3")], Standing.NOT_ASKED),
        ([("part", "3"), ("whole", "4")], Standing.COUNTED),
        ([], Standing.NOT_ASKED),
    ],
)
def test_whether_a_rate_is_asked_is_told_by_its_own_row(
    figures: Sequence[tuple[str, str]], standing: Standing
) -> None:
    """Its parts are asked of everybody. Half of it is no figure of the rate; a bare percentage
    is one, although it cannot be added."""
    layout = form_of(
        row("whole"),
        row("part"),
        row(
            "ratio",
            Kind.PERCENT,
            AcrossAgencies.RATE,
            formula="percent([part], [whole])",
            asked="xa",
        ),
    )
    found = [figure(1, layout.by_key[key], number) for key, number in figures]
    assert standings(layout.rows[2], [source(1, layout)], found, layout) == [standing]


def test_an_agency_is_asked_by_its_own_form_not_by_the_provinces() -> None:
    communes = form_of(row("k", indicator="sum"), row("m", indicator="max", asked="huyen"), id=2)
    commune = source(2, communes, kind=AgencyKind.COMMUNE)
    for way, standing in (
        (AcrossAgencies.SUM, Standing.BLANK),
        (AcrossAgencies.MAX, Standing.NOT_ASKED),
    ):
        assert standings(ROWS[way], [source(1), commune], []) == [Standing.BLANK, standing]


def test_a_form_that_designates_one_agency_asks_no_other() -> None:
    """On another form of the round the row is added: there the others are not missed, and what is
    said for the whole province is not added to what agencies say of themselves."""
    own = form_of(
        row("d", across=AcrossAgencies.DESIGNATED, indicator="sum", reporter="tttt"), id=2
    )
    sources = [source(1, own, functions="tttt"), source(2, own, functions="noi_vu")]
    assert standings(ROWS[AcrossAgencies.SUM], sources, []) == [
        Standing.PROVINCE_WIDE,
        Standing.NOT_ASKED,
    ]


def test_who_gives_its_own_figure_beside_the_designated_agency_only_informs() -> None:
    layout = form_of(
        row("d", across=AcrossAgencies.DESIGNATED, asked="so", reporter="noi_vu"),
    )
    sources = [source(1, layout), source(2, layout, functions="")]
    figures = [figure(1, layout.rows[0], "90"), figure(2, layout.rows[0], "7")]
    assert standings(layout.rows[0], sources, figures, layout) == [
        Standing.COUNTED,
        Standing.NOT_DESIGNATED,
    ]


def test_choices_are_joined_by_words_although_their_codes_differ() -> None:
    one = form_of(
        row("c", Kind.CHOICE, AcrossAgencies.CHOICES, choices="0=Chưa|1=Hoàn thành"), id=1
    )
    other = form_of(
        row(
            "k",
            Kind.CHOICE,
            AcrossAgencies.CHOICES,
            indicator="c",
            choices="1=Hoàn thành|2=Chưa|3=Bỏ dở",
        ),
        id=2,
    )
    figures = [
        figure(1, one.rows[0], choice="1"),
        figure(2, one.rows[0], choice="0"),
        figure(3, other.rows[0], choice="1"),
        figure(4, other.rows[0], choice="2"),
        figure(5, other.rows[0], choice="2"),
        figure(6, other.rows[0], choice="3"),
    ]
    sources = [source(1, one), source(2, one), *(source(number, other) for number in (3, 4, 5, 6))]
    assert total_of(one.rows[0], sources, figures, one).answers == (
        Answers("Chưa", 3),
        Answers("Hoàn thành", 2),
        Answers("Bỏ dở", 1),
    )


def test_a_code_that_was_not_offered_is_told_and_not_counted() -> None:
    choices = ROWS[AcrossAgencies.CHOICES]
    figures = [figure(1, choices, choice="1"), figure(2, choices, "5")]
    total = total_of(choices, [source(1), source(2)], figures)
    assert (total.answers, total.reported, total.expected) == ((Answers("Có", 1),), 1, 2)
    assert standings(choices, [source(1), source(2)], figures) == [
        Standing.COUNTED,
        Standing.NOT_OFFERED,
    ]


def test_forms_are_joined_by_indicator_whatever_their_keys() -> None:
    other = form_of(row("3.1", indicator="sum"), row("sum", indicator="else"), id=2)
    figures = [
        figure(1, ROWS[AcrossAgencies.SUM], "5"),
        figure(2, other.rows[0], "7"),
        figure(2, other.rows[1], "1000"),
    ]
    total = total_of(ROWS[AcrossAgencies.SUM], [source(1), source(2, other)], figures)
    assert (total.number, total.expected) == (Decimal(12), 2)


def test_a_form_that_does_not_ask_is_not_expected() -> None:
    other = form_of(row("else"), id=2)
    assert standings(ROWS[AcrossAgencies.SUM], [source(1, other)], []) == []


def test_a_row_that_its_own_form_does_not_add_is_left_out() -> None:
    """The procedures of a commune are the same in every commune."""
    commune = form_of(row("3.1.1", across=AcrossAgencies.NONE, indicator="sum"), id=2)
    figures = [figure(1, ROWS[AcrossAgencies.SUM], "5"), figure(2, commune.rows[0], "127")]
    total = total_of(ROWS[AcrossAgencies.SUM], [source(1), source(2, commune)], figures)
    assert (total.number, total.expected) == (Decimal(5), 1)


def test_a_heading_has_an_empty_total() -> None:
    layout = form_of(row("h", Kind.HEADING, AcrossAgencies.NONE, indicator=""))
    assert total_of(layout.rows[0], [source(1, layout)], [], layout) == Total(layout.rows[0])


values = st.lists(
    st.decimals(0, 10**11, places=3, allow_nan=False, allow_infinity=False), max_size=40
)


@given(values)
def test_a_sum_is_the_sum_of_the_decimals_themselves(numbers: list[Decimal]) -> None:
    target = ROWS[AcrossAgencies.SUM]
    sources = [source(number) for number in range(len(numbers))]
    figures = [figure(number, target, str(value)) for number, value in enumerate(numbers)]
    expected = sum(numbers, Decimal(0)) if numbers else None
    assert total_of(target, sources, figures).number == expected


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=40))
def test_a_rate_adds_parts_and_wholes_apart(pairs: list[tuple[int, int]]) -> None:
    rate = ROWS[AcrossAgencies.RATE]
    sources = [source(number) for number in range(len(pairs))]
    figures = [
        figure(number, rate, parts=(str(part), str(whole)))
        for number, (part, whole) in enumerate(pairs)
    ]
    assert total_of(rate, sources, figures).parts == Ratio(
        Decimal(sum(part for part, _ in pairs)), Decimal(sum(whole for _, whole in pairs))
    )


@given(st.permutations([("1", "3"), ("2", "4"), ("3", "5")]))
def test_the_order_of_agencies_does_not_matter(turned: list[tuple[str, str]]) -> None:
    target = ROWS[AcrossAgencies.SUM]
    sources = [source(int(number)) for number, _ in turned]
    figures = [figure(int(number), target, value) for number, value in turned]
    assert total_of(target, sources, figures).number == Decimal(12)


# The report handed in last


# Sent at no known time, the agency whose code comes last.
@pytest.mark.parametrize(("sent", "number"), [((1, 2), "7"), ((2, 1), "5"), ((0, 0), "7")])
def test_the_latest_is_of_the_report_handed_in_last(sent: tuple[int, int], number: str) -> None:
    target = ROWS[AcrossAgencies.LATEST]
    sources = [source(one, sent=at) for one, at in enumerate(sent, start=1)]
    figures = [figure(1, target, "5"), figure(2, target, "7")]
    assert total_of(target, sources, figures).number == Decimal(number)


def test_the_latest_may_be_a_rate_or_an_answer() -> None:
    layout = form_of(
        row("rate", Kind.PERCENT, AcrossAgencies.LATEST),
        row("c", Kind.CHOICE, AcrossAgencies.LATEST, choices="0=Không|1=Có"),
    )
    rate, choice = layout.rows
    sources = [source(1, layout, sent=2), source(2, layout, sent=1)]
    figures = [figure(1, rate, "75", parts=("3", "4")), figure(2, rate, "5", parts=("1", "20"))]
    figures += [figure(1, choice, choice="0"), figure(2, choice, choice="1")]
    assert total_of(rate, sources, figures, layout).parts == Ratio(Decimal(3), Decimal(4))
    assert total_of(choice, sources, figures, layout).answers == (Answers("Không", 1),)


def test_where_the_last_to_write_said_nothing_arose_that_holds() -> None:
    target = ROWS[AcrossAgencies.LATEST]
    figures = [figure(1, target, "5"), figure(2, target, status="nil")]
    found = total_of(target, [source(1, sent=1), source(2, sent=2)], figures)
    assert (found.number, found.all_nil, found.reported) == (None, True, 2)
    assert total_of(target, [source(1, sent=2), source(2, sent=1)], figures).number == Decimal(5)


# Forms whose way is another, and another measure


def test_a_figure_of_the_whole_province_is_not_added_to_the_agencies_own() -> None:
    """The commune's form adds what the departments' form has one agency report for all."""
    communes = form_of(row("k", indicator="n"), id=2)
    departments = form_of(
        row("d", across=AcrossAgencies.DESIGNATED, indicator="n", reporter="noi_vu", asked="so"),
        id=3,
    )
    (target,) = communes.rows
    sources = [
        source(1, communes, kind=AgencyKind.COMMUNE, functions=""),
        source(2, departments),
        source(3, departments, functions=""),
    ]
    figures = [
        figure(1, target, "7"),
        figure(2, departments.rows[0], "100"),
        figure(3, departments.rows[0], "2"),
    ]
    found = total_of(target, sources, figures, communes)
    assert (found.number, found.reported, found.expected) == (Decimal(9), 2, 2)
    assert standings(target, sources, figures, communes)[1] is Standing.PROVINCE_WIDE
    (whole,) = departments.rows
    assert total_of(whole, sources, figures, departments).number == Decimal(100)


def test_amounts_in_another_unit_are_not_added_but_missed() -> None:
    millions = form_of(replace(row("a", Kind.AMOUNT), unit="Triệu đồng"))
    billions = form_of(replace(row("b", Kind.AMOUNT, indicator="a"), unit="Tỷ đồng"), id=2)
    alike = form_of(replace(row("c", Kind.AMOUNT, indicator="a"), unit="triệu  đồng"), id=3)
    (target,) = millions.rows
    sources = [source(1, millions), source(2, billions), source(3, alike)]
    figures = [
        figure(1, target, "5000"),
        figure(2, billions.rows[0], "5"),
        figure(3, alike.rows[0], "1"),
    ]
    found = total_of(target, sources, figures, millions)
    assert (found.number, found.reported, found.expected) == (Decimal(5001), 2, 3)
    assert standings(target, sources, figures, millions)[1] is Standing.OTHER_UNIT


def test_a_central_agency_that_is_named_speaks_for_the_province() -> None:
    layout = form_of(row("d", across=AcrossAgencies.DESIGNATED, reporter="cong_an"))
    holder = source(1, layout, kind=AgencyKind.VERTICAL, functions="cong_an")
    found = total_of(layout.rows[0], [holder], [figure(1, layout.rows[0], "5")], layout)
    assert (found.number, found.reported, found.expected) == (Decimal(5), 1, 1)


# Districts, whose figures hold those of their communes


def district_and_communes(layout: FormDefinition) -> list[Source]:
    return [
        source(1, layout, kind=AgencyKind.DISTRICT),
        source(2, layout, kind=AgencyKind.COMMUNE, within=1),
        source(3, layout, kind=AgencyKind.COMMUNE, within=9),
    ]


def test_a_commune_is_not_added_beside_the_district_that_reports_for_it() -> None:
    """Only where both are asked; a district that has not reported is missed, not its communes."""
    layout = form_of(row("n"))
    target = layout.rows[0]
    sources = district_and_communes(layout)
    figures = [figure(number, target, "10") for number in (1, 2, 3)]
    found = total_of(target, sources, figures, layout)
    assert (found.number, found.reported, found.expected) == (Decimal(20), 2, 2)
    assert standings(target, sources, figures, layout) == [
        Standing.COUNTED,
        Standing.INCLUDED,
        Standing.COUNTED,
    ]
    without = total_of(target, sources, figures[1:], layout)
    assert (without.number, without.reported, without.expected) == (Decimal(10), 1, 2)


def test_a_district_that_is_not_asked_for_a_row_holds_nothing_of_its_communes() -> None:
    """Its form has the row, but asks it of others."""
    asked_of_communes = form_of(row("n", asked="xa"))
    district, commune, _ = district_and_communes(asked_of_communes)
    target = asked_of_communes.rows[0]
    found = total_of(target, [district, commune], [figure(2, target, "8")], asked_of_communes)
    assert (found.number, found.reported, found.expected) == (Decimal(8), 1, 1)


def test_a_commune_is_added_where_its_district_is_asked_something_else() -> None:
    layout, other = form_of(row("n")), form_of(row("m"), id=2)
    district, *communes = district_and_communes(layout)
    sources = [district._replace(form=other), *communes]
    target = layout.rows[0]
    figures = [figure(2, target, "10"), figure(3, target, "10")]
    assert total_of(target, sources, figures, layout).number == Decimal(20)


def test_the_totals_of_groups_make_the_whole() -> None:
    layout = form_of(row("n"))
    sources = [
        *district_and_communes(layout),
        source(4, layout),
        source(5, layout, kind=AgencyKind.VERTICAL),
    ]
    figures = [figure(number, layout.rows[0], "10") for number in range(1, 6)]
    groups = by_group(layout, sources, by_cell(figures), lambda one: one.kind.label)
    found = {name: (totals[0].number, totals[0].expected) for name, totals in groups.items()}
    assert found == {
        "UBND cấp huyện": (Decimal(10), 1),
        "UBND cấp xã": (Decimal(10), 1),
        "Sở, ban, ngành": (Decimal(10), 1),
        "Cơ quan ngành dọc": (None, 0),
    }
    assert total_of(layout.rows[0], sources, figures, layout).number == Decimal(30)


# A figure of one source: None is blank. What becomes of it is drawn too.
drawn = st.tuples(
    st.one_of(st.none(), st.integers(0, 10**12)),
    st.sampled_from(["reported", "nil", "out_of_scope"]),
    st.booleans(),
    st.sampled_from([None, 0, 1, 2]),
)


@given(st.lists(drawn, max_size=25))
def test_a_random_tree_adds_up_to_the_direct_sum(
    agencies: list[tuple[int | None, str, bool, int | None]],
) -> None:
    """Three districts report for the communes below them; all else is added, whoever reports."""
    layout = form_of(row("n"))
    target = layout.rows[0]
    sources = [source(number, layout, kind=AgencyKind.DISTRICT) for number in range(3)]
    figures = [figure(0, target, "1"), figure(2, target, "3")]
    expected = [1, 3]
    for number, (value, status, approved, within) in enumerate(agencies, start=3):
        kind = AgencyKind.DEPARTMENT if within is None else AgencyKind.COMMUNE
        sources.append(source(number, layout, kind=kind, within=within, approved=approved))
        if status != "reported":
            figures.append(figure(number, target, status=status))
        elif value is not None:
            figures.append(figure(number, target, str(value)))
            expected += [value] if approved and within is None else []
    found = total_of(target, sources, figures, layout)
    assert found.number == sum(expected)
    below = sum(within is not None for *_, within in agencies)
    outside = sum(
        status == "out_of_scope" and approved and within is None
        for _, status, approved, within in agencies
    )
    assert found.expected == len(sources) - below - outside


def test_forms_without_the_indicator_are_named() -> None:
    layout, other = form_of(row("n")), form_of(row("m"), id=2)
    sources = [source(1, layout), source(2, replace(other, code="KHAC"))]
    (found,) = province_totals(layout, sources, {})
    assert found.without == lacking(layout.rows[0], layout, sources) == ("KHAC",)


def test_a_form_that_does_not_add_the_row_is_named_too() -> None:
    layout = form_of(row("n"))
    other = replace(form_of(row("m", across=AcrossAgencies.NONE, indicator="n"), id=2), code="KHAC")
    (found,) = province_totals(layout, [source(1, layout), source(2, other)], {})
    assert found.without == ("KHAC",)


def test_who_has_sent_and_who_has_not_are_told_apart() -> None:
    target = ROWS[AcrossAgencies.SUM]
    sources = [source(1, approved=False), source(2, approved=False)._replace(state=State.DRAFT)]
    assert standings(target, sources, []) == [Standing.NOT_APPROVED, Standing.NOT_HANDED_IN]


def test_a_sum_beyond_fifteen_digits_is_exact() -> None:
    target = ROWS[AcrossAgencies.SUM]
    sources = [source(number) for number in range(2000)]
    figures = [figure(number, target, "999999999999.999") for number in range(2000)]
    assert total_of(target, sources, figures).number == Decimal("1999999999999998.000")
