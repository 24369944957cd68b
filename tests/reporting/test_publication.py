"""A publication as text: the same figures, the same bytes; added up again from nothing else."""

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from indicators.definition import FormDefinition
from indicators.kinds import AcrossAgencies, AgencyKind, Kind
from reporting.calculations.contributions import Figures, Given, Reported, Source
from reporting.calculations.totals import province_totals
from reporting.printing.appendix import Heading, province_appendix
from reporting.publication import (
    Behind,
    Published,
    changed_lines,
    changed_reports,
    content_of,
    mark_of,
)
from reporting.workflow import State
from tests.reporting.forms_by_hand import form_of, row

LAYOUT = form_of(
    row("n"),
    row("whole"),
    row("part"),
    row("rate", Kind.PERCENT, AcrossAgencies.RATE, formula="percent([part], [whole])"),
    row("k", Kind.CHOICE, AcrossAgencies.CHOICES, choices="0=Không|1=Có"),
    row("l", across=AcrossAgencies.LATEST),
    row("t", Kind.TEXT, AcrossAgencies.NONE),
)
FORMS = {LAYOUT.code: LAYOUT}
AGENCIES = ("SCT", "SYT", "SXD")
# What the agencies have reported, in their order; None is blank.
REPORTED: Mapping[str, tuple[str | None, ...]] = {
    "n": ("1000", "0.125", "nil"),
    "whole": ("4", "100", None),
    "part": ("3", "30", None),
    "k": ("=1", "=0", "=1"),
    "l": ("5", "7", None),
}


def figures(shift: int = 0) -> Figures:
    found: dict[int, dict[int, Given]] = {}
    for key, texts in REPORTED.items():
        row_id = LAYOUT.by_key[key].id
        for place, text in enumerate(texts, start=1 + shift):
            if text is not None:
                found.setdefault(row_id, {})[place] = _given(text, place, row_id)
    return found


def _given(text: str, place: int, row_id: int) -> Given:
    if text == "nil":
        return Reported(place, row_id, "nil", None)
    if text.startswith("="):
        return Reported(place, row_id, "reported", None, choice=text[1:])
    return Decimal(text)


def behind(shift: int = 0, *, not_taken: str = "") -> list[Behind]:
    """Three reports; ``shift`` moves the numbers that the database gives them."""
    return [
        Behind(
            source=Source(
                submission_id=place + shift,
                agency_id=place + shift,
                agency=f"Sở {code}",
                kind=AgencyKind.DEPARTMENT,
                functions=frozenset({"a", "b", "c"}),
                form=LAYOUT,
                state=State.APPROVED if code != not_taken else State.SUBMITTED,
                is_taken=code != not_taken,
                sent=10 * (place + shift) if code != "SYT" else 10 * (9 + shift),
            ),
            code=code,
            revision=place,
            filing=1,
            sha256="ab" * 32,
            approved_by="Trần Minh Hạnh",
        )
        for place, code in enumerate(AGENCIES, start=1)
    ]


ABOUT = {"round": "MH-QUY", "layout": LAYOUT.code, "layout_hash": LAYOUT.content_hash}
HEADING = Heading(agency="UBND tỉnh Minh Họa", place="Minh Họa", period="quý I năm 2026")


def text(
    shift: int = 0, *, not_taken: str = "", layout: FormDefinition = LAYOUT, order: int = 1
) -> str:
    reports = behind(shift, not_taken=not_taken)[::order]
    cells = figures(shift)
    totals = province_totals(layout, [one.source for one in reports], cells)
    return content_of(ABOUT, province_appendix(layout, totals, HEADING), totals, reports, cells)


def test_the_text_is_the_golden_one() -> None:
    """Kept in a file: SQLite, PostgreSQL and a year from now have to give the same bytes."""
    golden = Path(__file__).parents[1] / "golden" / "publication.json"
    assert text() == golden.read_text(encoding="utf-8").rstrip("\n")


def test_neither_the_numbers_of_a_database_nor_its_order_are_in_it() -> None:
    assert text(shift=500) == text(order=-1) == text()


def test_what_was_frozen_prints_again_as_it_was() -> None:
    totals = province_totals(LAYOUT, [one.source for one in behind()], figures())
    assert Published(text()).appendix == province_appendix(LAYOUT, totals, HEADING)


def test_it_is_added_up_again_from_its_own_text() -> None:
    published = Published(text())
    totals = {total.row.key: total for total in published.totals(FORMS)}
    assert totals["n"].number == Decimal("1000.125")
    assert (totals["n"].reported, totals["n"].expected) == (3, 3)
    assert totals["rate"].number == Decimal(3300) / Decimal(104)
    assert [(one.label, one.agencies) for one in totals["k"].answers] == [("Không", 1), ("Có", 2)]
    assert totals["l"].number == Decimal(7)  # Sở SYT sent last
    assert list(published.mismatches(FORMS)) == []


def changed(**edit: object) -> str:
    """Return the text with one of its frozen entries written otherwise, as by hand."""
    found = json.loads(text())
    for path, value in edit.items():
        *steps, last = path.split("__")
        at = found
        for step in steps:
            at = at[int(step)] if isinstance(at, list) else at[step]
        at[last] = value
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ({"totals__n__number": "1001"}, "Dòng n: tổng đã công bố không bằng tổng tính lại"),
        ({"reports__0__figures__n": "1001"}, "Dòng n: tổng đã công bố không bằng"),
        ({"appendix__lines__0__text": "9.999"}, "Dòng n: đã in «9.999»"),
        ({"appendix__lines__0__remark": "2/3 đơn vị"}, "Dòng n: đã in «1.000,125» (2/3 đơn vị)"),
        ({"totals__k__answers": [["Có", 3]]}, "Dòng k: tổng đã công bố"),
    ],
)
def test_any_entry_that_was_changed_is_told(edit: dict[str, object], told: str) -> None:
    sentences = list(Published(changed(**edit)).mismatches(FORMS))
    assert sentences
    assert sentences[0].startswith(told)


def test_the_mark_is_of_the_figures_and_not_of_the_heading() -> None:
    assert mark_of(changed(appendix__title="KHÁC")) == mark_of(text())
    assert mark_of(changed(reports__0__figures__n="1001")) != mark_of(text())


def test_two_publications_differ_in_lines_and_reports() -> None:
    before, after = Published(text(not_taken="SXD")), Published(text())
    lines = changed_lines(before.appendix, after.appendix)
    assert [
        (one.label, one.before and one.before.remark, one.after and one.after.remark)
        for one in lines
    ] == [
        ("Dòng n", "2/3 đơn vị", "3/3 đơn vị"),
        ("Dòng k", "2/3 đơn vị", "3/3 đơn vị"),
    ]
    (report,) = changed_reports(before, after)
    assert (report.agency, report.what) == ("Sở SXD", "mới được cộng")
    (gone,) = changed_reports(after, before)
    assert gone.what == "không còn được cộng, đã gửi"


def test_a_report_that_was_saved_since_is_told_with_how_many_figures() -> None:
    later = changed(reports__0__figures__n="1001")
    (report,) = changed_reports(Published(text()), Published(later))
    assert (report.agency, report.what) == ("Sở SCT", "sửa 1 số liệu")
    assert report.rows == ("dòng n: 1.000 → 1.001",)
    assert changed_reports(Published(text()), Published(text())) == []


@pytest.mark.parametrize(
    ("key", "now", "told"),
    [
        ("k", {"status": "reported", "choice": "0"}, "dòng k: mã 1 → mã 0"),
        ("n", {"status": "nil"}, "dòng n: 1.000 → không phát sinh"),
        ("n", None, "dòng n: 1.000 → trống"),
        (
            "rate",
            {"status": "reported", "numerator": "3", "denominator": "4"},
            "dòng rate: trống → 3/4",
        ),
    ],
)
def test_a_changed_figure_is_told_as_people_read_it(key: str, now: object, told: str) -> None:
    found = json.loads(text())
    found["reports"][0]["figures"][key] = now
    if now is None:
        del found["reports"][0]["figures"][key]
    later = json.dumps(found)
    (report,) = changed_reports(Published(text()), Published(later))
    assert report.rows == (told,)


def test_a_row_that_one_of_them_lacks_is_told() -> None:
    shorter = replace(LAYOUT, rows=LAYOUT.rows[1:])
    before, after = Published(text(layout=shorter)), Published(text())
    (line,) = changed_lines(before.appendix, after.appendix)
    assert (line.stt, line.before) == ("n.", None)
    (gone,) = changed_lines(after.appendix, before.appendix)
    assert (gone.stt, gone.after) == ("n.", None)


def test_the_forms_it_stands_on_are_named_with_their_hash() -> None:
    assert Published(text()).forms == {(LAYOUT.code, LAYOUT.content_hash)}
