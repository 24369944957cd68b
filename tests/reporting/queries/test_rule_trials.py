"""Rules tried on what is stored: which reports, joined how, beside what, at what cost."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from indicators.actions.drafts import begin_draft
from indicators.catalogue.written import Document, blank_row
from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.actions.rounds import open_round
from reporting.models import Agency, Round, Submission, User
from reporting.queries import rule_trials
from reporting.queries.rule_trials import Tried, tried
from tests.cast import planned_round, report_of, typed
from tests.indicators.sheets import HEAD


def indicator(key: str) -> str:
    """Return the indicator of a row of the departments' form."""
    version = FormVersion.objects.select_related("form").get(code="PL2-KH-2022")
    return form_definition(version).by_key[key].indicator


def draft(by: User, *conditions: str, form: str = "PL2-KH") -> FormVersion:
    """Begin a draft with the figures of 1.2.a, 1.2.b and 1.1 of the departments' form, under keys
    of its own."""
    keys = {"a": "1.2.a", "b": "1.2.b", "c": "1.1"}
    rows = [
        blank_row(
            key=key,
            label=f"Dòng {key}",
            kind="count",
            indicator=indicator(old),
            across_agencies="sum",
            across_periods="in_period",
        )
        for key, old in keys.items()
    ]
    rules = [
        {
            "code": f"Q{place:02d}",
            "severity": "warning",
            "condition": condition,
            "missing": "",
            "sentence": "Câu.",
            "instruction": "Sửa.",
        }
        for place, condition in enumerate(conditions, start=1)
    ]
    numbered = [{**row, "position": str(place)} for place, row in enumerate(rows, start=1)]
    head = replace(HEAD, code=f"{form}-2027", form=form)
    return begin_draft(head=head, document=Document(numbered, rules), by=by)


def filed(
    round_: Round, at: Agency, figures: Mapping[str, str], state: str = "approved"
) -> Submission:
    """Bring a report to a state without asking its checks: they are not what is tried here."""
    report = report_of(round_, at)
    typed(report, figures)
    Submission.objects.filter(pk=report.pk).update(state=state)
    return report


def opened(province: Agency, code: str, by: User, *, days_ago: int, days: int = 90) -> Round:
    """Open a round whose data ended ``days_ago`` and are of ``days``."""
    round_ = planned_round(province, code, name=code)
    today = timezone.localdate()
    Round.objects.filter(pk=round_.pk).update(
        data_to=today - timedelta(days=days_ago),
        data_from=today - timedelta(days=days_ago + days - 1),
    )
    round_.refresh_from_db()
    open_round(round=round_, by=by)
    return round_


@pytest.fixture
def last_round(minh_hoa: Agency, open_quarter: Round, hanh: User) -> Round:
    """A round before ``open_quarter``, opened to the same agencies."""
    return opened(minh_hoa, "MH-TRUOC", hanh, days_ago=100)


def try_out(version: FormVersion, rounds: QuerySet[Round] | None = None) -> Tried:
    every = Round.objects.all() if rounds is None else rounds
    return tried(version, form_definition(version), every)


def told(found: Tried) -> list[tuple[str, int, list[tuple[int, int]]]]:
    """Return, by round, its reports and for each rule how many it judges and finds fault with."""
    return [
        (one.round.code, one.reports, [(out.judged, len(out.hits)) for out in one.outcomes])
        for one in found.rounds
    ]


def test_a_rule_is_counted_by_round_over_what_was_handed_in_or_approved(
    open_quarter: Round,
    last_round: Round,
    so_cong_thuong: Agency,
    so_noi_vu: Agency,
    cong_an: Agency,
    mai: User,
) -> None:
    filed(open_quarter, so_cong_thuong, {"1.2.a": "8", "1.2.b": "9"}, "submitted")
    filed(open_quarter, so_noi_vu, {"1.2.a": "8"})
    filed(open_quarter, cong_an, {"1.2.a": "8", "1.2.b": "9"}, "draft")
    filed(last_round, so_cong_thuong, {"1.2.a": "8", "1.2.b": "không phát sinh"})
    found = try_out(draft(mai, "[b] <= [a]", "[a] > 100"))
    assert told(found) == [
        ("MH-QUY", 2, [(1, 1), (2, 2)]),
        ("MH-TRUOC", 1, [(1, 0), (1, 1)]),
    ]
    [hit] = found.rounds[0].outcomes[0].hits
    assert (hit.agency, hit.finding.found) == ("Sở Công Thương", "9, lớn hơn 8")
    assert [version.code for version in found.versions] == ["PL2-KH-2022"]


def test_a_published_version_is_tried_on_its_own_reports_by_key(
    report: Submission, commune_report: Submission
) -> None:
    """The commune's form is another one, although it asks for the same."""
    filed(report.round, report.agency, {"1.2.a": "8", "1.2.b": "9"})
    filed(report.round, commune_report.agency, {"1.1.3": "4"})
    found = try_out(report.form_version)
    assert [version.code for version in found.versions] == ["PL2-KH-2022"]
    assert [one.reports for one in found.rounds] == [1]


def test_a_new_form_is_tried_on_reports_of_forms_that_ask_for_the_same(
    report: Submission, commune_report: Submission, mai: User
) -> None:
    filed(report.round, report.agency, {"1.2.a": "8", "1.2.b": "9"})
    filed(report.round, commune_report.agency, {"1.1.3": "4"})
    version = draft(mai, "[b] <= [a]", form="MOI")
    codes = [one.code for one in try_out(version).versions]
    assert "PL2-KH-2022" in codes
    assert told(try_out(version))[0][2] == [(1, 1)]


def test_a_form_that_shares_little_is_tried_on_nothing(report: Submission, mai: User) -> None:
    filed(report.round, report.agency, {"1.2.a": "8"})
    version = draft(mai, "[b] <= [a]", form="MOI")
    # Five more rows of indicators that nobody has: three of eight are no half.
    content = version.draft or {}
    content["rows"] += [
        {**content["rows"][0], "key": f"x{n}", "position": str(4 + n), "indicator": f"moi.{n}"}
        for n in range(5)
    ]
    found = try_out(version)
    assert (found.versions, found.rounds) == ([], [])


def test_only_the_rounds_given_are_looked_at(
    report: Submission, tinh_khac: Agency, so_khac: Agency, khac: User, mai: User
) -> None:
    other = opened(tinh_khac, "TK-QUY", khac, days_ago=0)
    filed(report.round, report.agency, {"1.2.a": "8", "1.2.b": "9"})
    filed(other, so_khac, {"1.2.a": "8", "1.2.b": "9"})
    version = draft(mai, "[b] <= [a]")
    ours = Round.objects.filter(province=report.round.province)
    assert [code for code, _, _ in told(try_out(version, ours))] == ["MH-QUY"]


def test_the_last_rounds_are_tried_and_older_ones_mentioned(
    minh_hoa: Agency,
    so_cong_thuong: Agency,
    hoa: User,
    hanh: User,
    mai: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rule_trials, "MOST_ROUNDS", 2)
    for number, code in enumerate(("MH-A", "MH-B", "MH-C")):
        round_ = opened(minh_hoa, code, hanh, days_ago=100 * number)
        filed(round_, so_cong_thuong, {"1.2.a": "8"})
    found = try_out(draft(mai, "[a] > 0"))
    assert [code for code, _, _ in told(found)] == ["MH-A", "MH-B"]
    assert found.has_more
    monkeypatch.setattr(rule_trials, "MOST_ROUNDS", 3)
    assert not try_out(FormVersion.objects.select_related("form").get(code="PL2-KH-2027")).has_more


# Rules that look back, and elsewhere


def test_a_rule_compares_with_the_last_round_and_the_year_before(
    minh_hoa: Agency, so_cong_thuong: Agency, so_noi_vu: Agency, hoa: User, hanh: User, mai: User
) -> None:
    year_ago = opened(minh_hoa, "MH-NAM", hanh, days_ago=365)
    last = opened(minh_hoa, "MH-TRUOC", hanh, days_ago=91)
    now = opened(minh_hoa, "MH-NAY", hanh, days_ago=0)
    filed(year_ago, so_cong_thuong, {"1.2.a": "20"})
    filed(last, so_cong_thuong, {"1.2.a": "5"})
    filed(last, so_noi_vu, {"1.2.a": "50"}, "submitted")
    for at in (so_cong_thuong, so_noi_vu):
        filed(now, at, {"1.2.a": "10"})
    found = try_out(draft(mai, "[a] <= previous([a])", "[a] <= last_year([a])"))
    # What was only handed in is no figure to compare with; who was never approved before has none.
    assert told(found)[0] == ("MH-NAY", 2, [(1, 1), (1, 0)])
    assert told(found)[1] == ("MH-TRUOC", 2, [(1, 0), (0, 0)])
    [hit] = found.rounds[0].outcomes[0].hits
    assert hit.finding.found == "10, lớn hơn 5"


def test_another_provinces_reports_are_no_past_of_an_agency_that_moved(
    tinh_khac: Agency,
    khac: User,
    minh_hoa: Agency,
    so_khac: Agency,
    hanh: User,
    mai: User,
) -> None:
    before = opened(tinh_khac, "TK-TRUOC", khac, days_ago=91)
    filed(before, so_khac, {"1.2.a": "5"})
    so_khac.parent = minh_hoa
    so_khac.save()
    now = opened(minh_hoa, "MH-NAY", hanh, days_ago=0)
    filed(now, so_khac, {"1.2.a": "10"})
    ours = Round.objects.filter(province=minh_hoa)
    found = try_out(draft(mai, "[a] <= previous([a])"), ours)
    assert told(found) == [("MH-NAY", 1, [(0, 0)])]


def test_the_year_so_far_is_added_where_rounds_lie_end_to_end(
    minh_hoa: Agency, so_cong_thuong: Agency, so_noi_vu: Agency, hoa: User, hanh: User, mai: User
) -> None:
    first = opened(minh_hoa, "MH-I", hanh, days_ago=0)
    second = opened(minh_hoa, "MH-II", hanh, days_ago=0)
    year = timezone.localdate().year
    for round_, start, end in ((first, (1, 1), (3, 31)), (second, (4, 1), (6, 30))):
        Round.objects.filter(pk=round_.pk).update(
            data_from=timezone.localdate().replace(year=year, month=start[0], day=start[1]),
            data_to=timezone.localdate().replace(year=year, month=end[0], day=end[1]),
        )
    filed(first, so_cong_thuong, {"1.2.b": "6", "1.2.a": "10"})
    filed(second, so_cong_thuong, {"1.2.b": "5", "1.2.a": "10"})
    # Its first quarter is not there: the year so far is not known.
    filed(second, so_noi_vu, {"1.2.b": "50", "1.2.a": "10"})
    found = try_out(draft(mai, "year_to_date([b]) <= [a]"))
    assert told(found) == [("MH-II", 2, [(1, 1)]), ("MH-I", 1, [(1, 0)])]
    assert found.rounds[0].outcomes[0].hits[0].finding.found == "11, lớn hơn 10"


def test_a_rule_reads_the_agencys_report_under_another_form(
    report: Submission, commune_report: Submission, mai: User
) -> None:
    filed(report.round, report.agency, {"1.2.a": "8", "1.1": "3"})
    other = Submission.objects.create(
        round=report.round,
        agency=report.agency,
        form_version=commune_report.form_version,
        agency_name=report.agency_name,
        agency_kind=report.agency_kind,
        state_at=timezone.now(),
    )
    typed(other, {"1.1.3": "4"})
    version = draft(mai, f"[c] >= elsewhere([PL2-XA-QN:{indicator('1.1')}])")
    assert told(try_out(version)) == [("MH-QUY", 1, [(0, 0)])]
    Submission.objects.filter(pk=other.pk).update(state="submitted")
    assert told(try_out(version)) == [("MH-QUY", 1, [(1, 1)])]


# What it costs


@pytest.mark.parametrize("reports", [1, 3])
@pytest.mark.parametrize(
    ("conditions", "queries"),
    [(["[b] <= [a]"], 4), (["[b] <= previous([a])", "[a] >= last_year([a])"], 7)],
)
def test_a_round_costs_the_same_whatever_its_reports(
    reports: int,
    conditions: list[str],
    queries: int,
    open_quarter: Round,
    last_round: Round,
    mai: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    departments = Agency.objects.filter(kind__in=["so", "nganh_doc"]).order_by("code")
    for at in departments[:reports]:
        filed(open_quarter, at, {"1.2.a": "8", "1.2.b": "9"})
        filed(last_round, at, {"1.2.a": "8"})
    version = draft(mai, *conditions)
    now = Round.objects.filter(code="MH-QUY")
    try_out(version, now)  # the forms are read once a process
    with django_assert_num_queries(queries):
        found = try_out(version, now)
    assert [one.reports for one in found.rounds] == [reports]
