"""Publishing: frozen once, corrected by another, added up again every night."""

from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from indicators.queries.definitions import form_definition
from reporting.actions.publications import check_publications, settle
from reporting.actions.rounds import cancel_round, open_round
from reporting.actions.submissions import Heading
from reporting.filing import sha256_of
from reporting.models import (
    Agency,
    AgencyKind,
    Figure,
    Publication,
    RecordLine,
    Round,
    RoundForm,
    Settlement,
    Submission,
    User,
)
from reporting.publication import Published, mark_of
from reporting.queries.province import province_table, round_heading
from reporting.queries.publications import FormChanged, forms_of, publishable
from reporting.queries.reconciliation import weighed
from reporting.refusals import (
    NothingReported,
    NotYours,
    ReasonMissing,
    Refused,
    StaleRound,
    WrongStatus,
)
from tests.cast import agency, approved, form, moved, planned_round, published, report_of, typed
from tests.guards import record_open


def test_what_is_published_is_the_table_with_all_that_stands_behind_it(
    report: Submission, commune_report: Submission, hanh: User
) -> None:
    approved(report, {"1.1": "3", "1.6": "1", "1.2.a": "4", "1.2.b": "3"})
    approved(commune_report, {"1.1.3": "4"})
    made = published(report.round)
    assert (made.number, made.by, made.approved, made.expected) == (1, hanh, 2, 4)
    assert made.sha256 == sha256_of(made.content)
    read = Published(made.content)
    table = province_table(report.round, form("PL2-KH-2022"))
    assert [total.number for total in read.totals(forms_of(read))] == [
        total.number for total in table.totals
    ]
    lines = {line.key: line for line in read.appendix.lines}
    assert (lines["1.1"].figure.text, lines["1.1"].remark) == ("7", "2/3 đơn vị")
    (one,) = [found for found in read.reports if found["agency"] == "MH.SCT"]
    assert (one["filing"], one["approved_by"], one["figures"]["1.1"]) == (
        1,
        "Trần Minh Hạnh",
        "3",
    )
    line = RecordLine.objects.get(act="publish")
    assert line.what.startswith("công bố số tổng hợp lần 1 theo PL2-KH-2022 (2/4 báo cáo, mã băm ")


def test_a_later_correction_is_another_publication_and_leaves_the_first(
    report: Submission, hanh: User
) -> None:
    approved(report, {"1.1": "3"})
    first = published(report.round)
    kept = first.content
    moved(report, "reopen", by=hanh, reason="Sai.")
    approved(report, {"1.1": "5"})
    second = published(report.round, reason="Sở Công Thương sửa số văn bản.")
    assert (second.number, second.reason) == (2, "Sở Công Thương sửa số văn bản.")
    first.refresh_from_db()
    assert first.content == kept
    notice = Published(second.content).appendix.notice
    assert "Công bố lần 2, thay lần 1 ngày " in notice
    assert "Công bố lần" not in Published(first.content).appendix.notice


def test_a_second_publication_says_why(report: Submission, hanh: User) -> None:
    approved(report, {"1.1": "3"})
    published(report.round)
    moved(report, "reopen", by=hanh, reason="Sai.")
    approved(report, {"1.1": "5"})
    with pytest.raises(ReasonMissing, match="hãy ghi vì sao phải công bố lại"):
        published(report.round)
    assert Publication.objects.count() == 1


def test_what_says_nothing_new_is_not_published_again(report: Submission) -> None:
    approved(report, {"1.1": "3"})
    published(report.round)
    with pytest.raises(Refused, match="Không có số nào khác lần công bố 1"):
        published(report.round, reason="Thử.")
    again = published(
        report.round, reason="Sai ngày ký.", heading=Heading(report_date=date(2026, 3, 21))
    )
    assert again.number == 2


def test_each_form_has_publications_of_its_own(report: Submission) -> None:
    approved(report, {"1.1": "3"})
    published(report.round)
    assert published(report.round, "PL2-XA-QN-2022").number == 1


def test_figures_that_changed_since_the_page_are_not_published_unseen(report: Submission) -> None:
    approved(report, {"1.1": "3"})
    with pytest.raises(StaleRound, match="Số tổng hợp đã thay đổi sau khi ông/bà mở trang này"):
        published(report.round, seen="another mark")


def test_a_round_without_approved_reports_has_nothing_to_publish(report: Submission) -> None:
    typed(report, {"1.1": "3"})
    with pytest.raises(NothingReported, match="Chưa có báo cáo nào được duyệt"):
        published(report.round)


@pytest.mark.parametrize("who", ["hoa", "dat", "khac"])
def test_only_who_runs_the_round_publishes(
    report: Submission, who: str, request: pytest.FixtureRequest
) -> None:
    approved(report, {"1.1": "3"})
    by = request.getfixturevalue(who)
    with pytest.raises(NotYours):
        published(report.round, by=by)
    with pytest.raises(NotYours):
        settle(round=report.round, name="x", found="1 / 2", text="Vì.", by=by)


def test_a_cancelled_round_is_not_published(report: Submission, hanh: User) -> None:
    cancel_round(round=report.round, by=hanh, reason="Nhầm.")
    with pytest.raises(WrongStatus):
        published(report.round)


def test_sqlite_and_postgresql_give_the_same_bytes(
    report: Submission,
    noi_vu_report: Submission,
    cong_an_report: Submission,
    commune_report: Submission,
) -> None:
    """Both are held against one file: two forms, a rate, answers, an amount, nothing arisen, a
    vertical agency, and a report that is not approved."""
    Round.objects.filter(pk=report.round_id).update(
        data_from=date(2025, 12, 15), data_to=date(2026, 3, 14)
    )
    round_ = Round.objects.select_related("province").get(pk=report.round_id)
    approved(report, {"1.1": "1.000", "1.2.a": "4", "1.2.b": "3", "1.6": "1", "3.4.3.b": "10"})
    approved(noi_vu_report, {"1.1": "không phát sinh", "1.6": "0", "4.1.3": "2"})
    approved(cong_an_report, {"1.1": "50", "3.1.4.a": "20"})
    typed(commune_report, {"1.1.3": "4"})
    made = published(round_)
    golden = Path(__file__).parents[2] / "golden" / "publication-of-a-round.json"
    assert made.content == golden.read_text(encoding="utf-8").rstrip("\n")


# Every night


def test_all_is_well_where_nothing_was_touched(report: Submission) -> None:
    approved(report, {"1.1": "3"})
    published(report.round)
    Figure.objects.filter(submission=report).update(number=Decimal(99))
    assert check_publications() == (1, [])
    out = StringIO()
    call_command("check_publications", stdout=out)
    assert out.getvalue() == "Đã cộng lại 1 bảng đã công bố: không bảng nào lệch.\n"


def test_a_text_that_was_changed_by_hand_is_named_and_recorded(report: Submission) -> None:
    approved(report, {"1.1": "3"})
    made = published(report.round)
    with record_open():
        Publication.objects.filter(pk=made.pk).update(
            content=made.content.replace('"1.1":"3"', '"1.1":"4"')
        )
    count, (wrong,) = check_publications()
    assert (count, wrong.publication) == (1, made)
    assert wrong.sentences[0] == "Nội dung không còn đúng mã băm khi công bố."
    assert any(one.startswith("Dòng 1.1: tổng đã công bố") for one in wrong.sentences)
    assert RecordLine.objects.get(act="mismatch").round == report.round
    err = StringIO()
    with pytest.raises(CommandError, match=r"1/1 bảng đã công bố không khớp\."):
        call_command("check_publications", stderr=err)
    assert "Dòng 1.1" in err.getvalue()


@pytest.mark.parametrize(
    ("was", "now"),
    [('{"about"', '"about"'), ('"1.1":"3"', '"9.9.9":"3"'), ('"totals"', '"sums"')],
)
def test_one_that_cannot_be_read_keeps_no_other_from_being_checked(
    report: Submission, was: str, now: str
) -> None:
    approved(report, {"1.1": "3"})
    damaged, other = published(report.round), published(report.round, "PL2-XA-QN-2022")
    with record_open():
        for one in (damaged, other):
            changed = one.content.replace(was, now, 1) if one == damaged else one.content
            Publication.objects.filter(pk=one.pk).update(content=changed)
    for _ in range(2):
        count, (wrong,) = check_publications()
        assert (count, wrong.publication) == (2, damaged)
    assert "không đọc lại được" in wrong.sentences[-1]
    assert RecordLine.objects.filter(act="mismatch").count() == 1


def test_who_goes_on_typing_does_not_keep_a_table_from_being_published(
    report: Submission, noi_vu_report: Submission
) -> None:
    approved(report, {"1.1": "3"})
    typed(noi_vu_report, {"1.1": "4"})
    found = publishable(report.round, form("PL2-KH-2022"))
    seen = mark_of(found.content(round_heading(report.round, notice=""), 0))
    typed(noi_vu_report, {"1.1": "5"})
    published(report.round, seen=seen)
    typed(noi_vu_report, {"1.1": "6"})
    with pytest.raises(Refused, match="Không có số nào khác"):
        published(report.round, reason="Thử.")


def test_a_form_that_is_not_the_one_it_was_is_told(report: Submission) -> None:
    approved(report, {"1.1": "3"})
    made = published(report.round)
    sha256 = form_definition(form("PL2-KH-2022")).content_hash
    other = Published(made.content.replace(sha256, "0" * 64))
    with pytest.raises(FormChanged, match="Biểu mẫu PL2-KH-2022 không còn đúng bản khi công bố"):
        forms_of(other)


# Notes on differences


@pytest.fixture
def difference(report: Submission, minh_hoa: Agency, so_cong_thuong: Agency, hanh: User) -> Round:
    """A year whose figure is less than that of the quarter inside it."""
    approved(report, {"1.1": "9"})
    year = planned_round(minh_hoa, "MH-NAM", name="Báo cáo năm")
    year.data_from = date(report.round.data_from.year - 1, 1, 1)  # type: ignore[union-attr]
    year.save()
    open_round(round=year, by=hanh)
    approved(
        year.submissions.select_related("agency", "round").get(agency=so_cong_thuong), {"1.1": "4"}
    )
    return year


def test_a_difference_is_settled_by_a_note_until_its_figures_change(
    difference: Round, so_cong_thuong: Agency, hanh: User
) -> None:
    layout = form("PL2-KH-2022")
    (found,) = weighed(difference, layout)
    assert (found.difference.found, found.is_settled) == ("4 / 9", False)
    name = found.difference.name
    settle(round=difference, name=name, found="4 / 9", text="Quý I ghi nhầm.", by=hanh)
    (found,) = weighed(difference, layout)
    assert found.is_settled
    line = RecordLine.objects.get(act="settle")
    assert (line.what, line.reason) == ("ghi chú chỗ lệch 4 / 9", "Quý I ghi nhầm.")
    yearly = report_of(difference, so_cong_thuong)
    moved(yearly, "reopen", by=hanh, reason="Sửa.")
    approved(yearly, {"1.1": "5"})
    (found,) = weighed(difference, layout)
    assert (found.difference.found, found.is_settled, found.is_stale) == ("5 / 9", False, True)
    settle(round=difference, name=name, found="5 / 9", text="", by=hanh)
    (found,) = weighed(difference, layout)
    assert found.said is None
    assert Settlement.objects.count() == 2


def test_a_cancelled_or_archived_round_is_not_compared(
    difference: Round, report: Submission
) -> None:
    layout = form("PL2-KH-2022")
    Round.objects.filter(pk=report.round_id).update(is_archive=True)
    assert weighed(difference, layout) == []
    Round.objects.filter(pk=report.round_id).update(is_archive=False, status="cancelled")
    assert weighed(difference, layout) == []


def test_a_round_of_another_province_is_not_compared(
    difference: Round, report: Submission, tinh_khac: Agency
) -> None:
    Round.objects.filter(pk=report.round_id).update(province=tinh_khac)
    assert weighed(difference, form("PL2-KH-2022")) == []


def test_a_district_that_reports_holds_its_communes(minh_hoa: Agency, hanh: User) -> None:
    """As before July 2025: communes below a district of the same round are not added twice."""
    district = agency("MH.H1", "UBND huyện Sơn Tây", AgencyKind.DISTRICT, minh_hoa)
    commune = agency("MH.H1.X1", "UBND xã Sơn Đông", AgencyKind.COMMUNE, district)
    round_ = planned_round(minh_hoa, "MH-CU")
    version = form("PL2-XA-QN-2022")
    RoundForm.objects.create(round=round_, agency_kind="huyen", form_version=version)
    open_round(round=round_, by=hanh)
    reports = {one.agency: one for one in round_.submissions.select_related("agency", "round")}
    approved(reports[district], {"1.1.3": "10"})
    approved(reports[commune], {"1.1.3": "4"})
    table = province_table(round_, version)
    total = next(total for total in table.totals if total.row.key == "1.1.3")
    assert (total.number, total.reported, total.expected) == (Decimal(10), 1, 1)
    # Whoever is moved since moves no figure of the past.
    Agency.objects.filter(pk=commune.pk).update(parent=minh_hoa)
    again = province_table(round_, version)
    assert next(one for one in again.totals if one.row.key == "1.1.3").number == Decimal(10)
    made = published(round_, "PL2-XA-QN-2022")
    assert list(Published(made.content).mismatches(forms_of(Published(made.content)))) == []
