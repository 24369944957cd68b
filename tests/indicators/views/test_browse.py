"""The catalogue for everyone signed in: forms, one version, two compared."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.actions.drafts import discard, write_draft
from indicators.actions.versions import retire
from indicators.models import FormVersion, VersionEvent
from reporting.models import User
from tests.cast import form
from tests.guards import record_open
from tests.indicators.actions.acts import begun, published
from tests.indicators.sheets import RULE, document

PAPER = ("PL2-KH-2021", "PL2-KH-2022")


@pytest.fixture
def hoas(client: Client, hoa: User) -> Client:
    """A clerk's browser."""
    client.force_login(hoa)
    return client


@pytest.fixture
def mais(mai: User) -> Client:
    """The catalogue manager's browser."""
    client = Client()
    client.force_login(mai)
    return client


def page(client: Client, address: str, **asked: str) -> str:
    response = client.get(address, asked)
    assert response.status_code == 200
    return response.content.decode()


def listed(client: Client) -> dict[str, Any]:
    """Return the versions on the page of forms by their codes."""
    found = client.get("/bieu-mau/").context["forms"]
    return {row.edition.version.code: row for form in found for row in form.editions}


# The list of forms


def test_everyone_sees_what_is_published(hoas: Client) -> None:
    shown = listed(hoas)
    assert (shown["PL2-KH-2021"].edition.standing.label, shown["PL2-KH-2021"].rows) == (
        "hết hiệu lực",
        160,
    )
    assert (shown["PL2-KH-2022"].edition.standing.label, shown["PL2-KH-2022"].rows) == (
        "đang có hiệu lực",
        207,
    )
    assert "?cu=PL2-KH-2021&amp;moi=PL2-KH-2022" in page(hoas, "/bieu-mau/")


def test_drafts_are_listed_for_managers_only(hoas: Client, mais: Client, mai: User) -> None:
    draft = begun(mai)
    write_draft(version=draft, revision=0, document=document("1", "label", "Phần"), by=mai)
    assert "THU-2026" not in page(hoas, "/bieu-mau/")
    row = listed(mais)["THU-2026"]
    assert (row.edition.standing.label, row.rows) == ("bản thảo", 5)
    assert (row.event.act, row.event.by) == ("edit", mai)


def test_drafts_put_aside_stay_in_reach_of_managers(hoas: Client, mais: Client, mai: User) -> None:
    draft = begun(mai)
    discard(version=draft, revision=draft.revision, by=mai)
    assert f"/bieu-mau/THU-2026-bo-{draft.pk}/" in page(mais, "/bieu-mau/")
    assert f"-bo-{draft.pk}" not in listed(mais)
    assert "-bo-" not in page(hoas, "/bieu-mau/")


def test_only_a_manager_is_offered_to_begin_a_form(hoas: Client, mais: Client) -> None:
    assert "Lập biểu mẫu mới" not in page(hoas, "/bieu-mau/")
    assert "Lập biểu mẫu mới" in page(mais, "/bieu-mau/")


@pytest.mark.parametrize(("who", "words"), [("hoa", "nó sẽ hiện ở đây"), ("mai", "đầu tiên")])
def test_an_empty_catalogue_says_what_comes_next(
    who: str, words: str, request: pytest.FixtureRequest, client: Client
) -> None:
    client.force_login(request.getfixturevalue(who))
    with record_open():
        VersionEvent.objects.all().delete()
    FormVersion.objects.all().delete()
    text = page(client, "/bieu-mau/")
    assert "Chưa có biểu mẫu nào được công bố" in text
    assert words in text


def queries(client: Client, address: str) -> int:
    """Return what one opening costs, the person's own account and session included."""
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    return len(found)


def test_the_list_costs_the_same_for_more_forms(mais: Client, mai: User) -> None:
    before = queries(mais, "/bieu-mau/")
    published(mai)
    begun(mai, code="THU-2027", valid_from=date(2027, 1, 1))
    assert queries(mais, "/bieu-mau/") == before == 9


# One version


def test_a_version_says_what_it_is_and_who_published_it(mais: Client, mai: User) -> None:
    version = published(mai, valid_to=date(2026, 12, 31))
    version = FormVersion.objects.get(pk=version.pk)
    text = page(mais, "/bieu-mau/THU-2026/")
    assert "Biểu thử" in text
    assert "THỐNG KÊ … CỦA …" in text
    assert "(Kèm theo Báo cáo số …)" in text
    assert "từ 01/01/2026 đến hết 31/12/2026" in text
    assert "Đỗ Thị Mai" in text
    assert "Khi công bố: Công văn 1" in text
    assert f'<abbr title="{version.content_hash}">{version.content_hash[:12]}…</abbr>' in text


def row(text: str, key: str) -> str:
    """Return one row of a version's page."""
    [found] = re.findall(rf'<tr class="[^"]*" id="r-{re.escape(key)}">.*?</tr>', text)
    return str(found)


def test_a_row_shows_its_formula_its_ways_and_its_indicator(hoas: Client) -> None:
    drawn = row(page(hoas, "/bieu-mau/PL2-KH-2022/"), "1.2")
    assert '= <a href="#r-1.2.b">[1.2.b]</a> ÷ <a href="#r-1.2.a">[1.2.a]</a> × 100' in drawn
    assert "tỷ lệ của các tổng, lũy kế" in drawn
    assert '<span class="badge">mọi đơn vị</span>' in drawn
    assert 'href="/chi-tieu/chi_dao.ke_hoach.ty_le_hoan_thanh/"' in drawn


def test_a_row_says_who_reports_it(hoas: Client) -> None:
    text = page(hoas, "/bieu-mau/PL2-KH-2022/")
    assert '<span class="badge">Sở Thông tin và Truyền thông báo cáo số của tỉnh</span>' in row(
        text, "7.4"
    )
    assert "<q>Sở Thông tin và Truyền thông báo cáo</q>" in row(text, "7.4")


def test_a_heading_asks_nobody(hoas: Client) -> None:
    drawn = row(page(hoas, "/bieu-mau/PL2-KH-2022/"), "1")
    assert "badge" not in drawn
    assert "không cộng" not in drawn


def test_the_options_of_a_choice_are_told(hoas: Client) -> None:
    assert "0 = Trực tuyến; 1 = Phát phiếu; 2 = Kết hợp" in row(
        page(hoas, "/bieu-mau/PL2-KH-2022/"), "1.6.b"
    )


def test_every_printed_row_is_there(hoas: Client) -> None:
    text = page(hoas, "/bieu-mau/PL1-GL-2023/")
    assert text.count('id="r-') == form("PL1-GL-2023").rows.count()


def test_rules_are_told_with_links_to_their_rows(mais: Client, mai: User) -> None:
    published(mai, document(rules=[RULE]))
    text = page(mais, "/bieu-mau/THU-2026/")
    assert '<a href="#r-1.1.b">[1.1.b]</a> ≤ <a href="#r-1.1.a">[1.1.a]</a>' in text
    assert RULE["sentence"] in text


def test_words_from_the_catalogue_are_text(mais: Client, mai: User) -> None:
    published(mai, document("1.1", "label", "<b>đậm</b> & 'nháy'"), edition="<i>")
    text = page(mais, "/bieu-mau/THU-2026/")
    assert "&lt;b&gt;đậm&lt;/b&gt; &amp; &#x27;nháy&#x27;" in text
    assert "<b>đậm" not in text
    assert "ấn bản &lt;i&gt;" in text


def test_a_draft_is_for_managers_only(hoas: Client, mais: Client, mai: User) -> None:
    begun(mai)
    assert hoas.get("/bieu-mau/THU-2026/").status_code == 404
    text = page(mais, "/bieu-mau/THU-2026/")
    assert "bản thảo" in text
    assert row(text, "1.1.a")
    assert 'href="/chi-tieu/thu.tong_so/"' in text


def test_an_indicator_still_to_be_made_has_no_link(mais: Client, mai: User) -> None:
    begun(mai, document("1.1.a", "indicator", "thu.moi"))
    text = page(mais, "/bieu-mau/THU-2026/")
    assert "thu.moi" in row(text, "1.1.a")
    assert "/chi-tieu/thu.moi/" not in text


def test_a_draft_without_rows_says_so(mais: Client, mai: User) -> None:
    draft = begun(mai)
    FormVersion.objects.filter(pk=draft.pk).update(draft={})
    assert "Bản thảo chưa có dòng nào" in page(mais, "/bieu-mau/THU-2026/")


def test_a_retired_version_says_when_and_why(hoas: Client, mai: User) -> None:
    version = published(mai)
    retire(version=version, last_day=date(2026, 3, 31), note="Thay bằng biểu mới.", by=mai)
    text = page(hoas, "/bieu-mau/THU-2026/")
    assert "đến hết 31/03/2026" in text
    assert "Thay bằng biểu mới." in text


def test_the_version_before_is_one_step_away(hoas: Client) -> None:
    assert hoas.get("/bieu-mau/PL2-KH-2022/").context["previous"] == form("PL2-KH-2021")
    assert hoas.get("/bieu-mau/PL2-KH-2021/").context["previous"] is None


def test_only_managers_are_offered_to_change_a_version(hoas: Client, mais: Client) -> None:
    offered = ("Lập phiên bản mới từ bản này", "Cho hết hiệu lực")
    assert [words in page(hoas, "/bieu-mau/PL2-KH-2022/") for words in offered] == [False, False]
    assert [words in page(mais, "/bieu-mau/PL2-KH-2022/") for words in offered] == [True, True]


def test_files_and_trials_are_offered_to_everyone(hoas: Client) -> None:
    text = page(hoas, "/bieu-mau/PL2-KH-2022/")
    for address in ("tep.xlsx", "tep.csv", "xem-tren-giay/", "nhap-thu/"):
        assert f"/bieu-mau/PL2-KH-2022/{address}" in text


@pytest.mark.parametrize("code", ["KHONG-CO", "pl2-kh-2022"])
def test_an_unknown_version_is_not_there(hoas: Client, code: str) -> None:
    assert hoas.get(f"/bieu-mau/{code}/").status_code == 404


@pytest.mark.parametrize("code", ["BM7-2025", "PL1-GL-2023"])
def test_a_version_costs_the_same_whatever_its_rows(hoas: Client, code: str) -> None:
    assert queries(hoas, f"/bieu-mau/{code}/") == 8


# Two versions


def compared(client: Client, **more: str) -> Any:
    response = client.get("/bieu-mau/so-sanh/", dict(zip(("cu", "moi"), PAPER, strict=True)) | more)
    assert response.status_code == 200
    return response


def test_rows_that_changed_are_shown_first(hoas: Client) -> None:
    response = compared(hoas)
    shown = response.context
    assert all(row.changes for row in shown["rows"])
    assert len(shown["rows"]) == shown["changed"] < shown["all"]
    counts = {change.value: number for change, number in shown["counts"]}
    assert counts["added"] > 0
    assert counts["removed"] > 0


def test_all_rows_are_shown_on_demand(hoas: Client) -> None:
    shown = compared(hoas, xem="tat-ca").context
    assert len(shown["rows"]) == shown["all"]
    assert {row.new.key for row in shown["rows"] if row.new} == set(
        form("PL2-KH-2022").rows.values_list("key", flat=True)
    )


@pytest.mark.parametrize("change", ["added", "removed", "moved", "renamed", "reunited"])
def test_rows_of_one_change_are_shown_on_demand(hoas: Client, change: str) -> None:
    shown = compared(hoas, xem=change).context
    assert {change} <= set.intersection(*(set(row.changes) for row in shown["rows"]))
    assert len(shown["rows"]) == dict(shown["counts"])[change]


def test_changed_words_are_marked_on_both_sides(hoas: Client) -> None:
    text = compared(hoas, xem="renamed").content.decode()
    assert (
        "Số văn bản chỉ đạo CCHC đã ban hành <ins>(Kế hoạch, công văn chỉ đạo, quán triệt)</ins>"
        in text
    )
    assert "Kiểm tra <ins>công tác </ins>CCHC" in text
    assert "<del>Văn bản</del>" not in text


def small(mais: Client, mai: User, key: str, column: str, to: str, **asked: str) -> str:
    """Publish the small form, draft its next edition with one cell changed, compare the two."""
    published(mai)
    begun(mai, document(key, column, to), code="THU-2027", valid_from=date(2027, 1, 1))
    return page(mais, "/bieu-mau/so-sanh/", cu="THU-2026", moi="THU-2027", **asked)


@pytest.mark.parametrize(
    ("key", "column", "to", "expected"),
    [
        ("1.1.a", "unit", "Thủ tục", "<del>Hồ sơ</del>"),
        ("1.1.a", "stt", "1.1.1", "<ins>1.1.1</ins>"),
        (
            "1.1.a",
            "across_periods",
            "stock",
            "qua các kỳ: <del>trong kỳ</del> → <ins>thời điểm</ins>",
        ),
        (
            "1.1.a",
            "asked",
            "xa noi_vu",
            "ai báo cáo: <del>mọi đơn vị</del> → <ins>UBND cấp xã; Sở Nội vụ</ins>",
        ),
        ("1.1.a", "vertical", "1", "gồm cả ngành dọc: <del>không</del> → <ins>có</ins>"),
        (
            "1.1.a",
            "indicator",
            "thu.khac",
            "chỉ tiêu gốc: <del>thu.tong_so</del> → <ins>thu.khac</ins>",
        ),
        ("1.1.b", "who_reports", "Sở", "cột cuối trên giấy: <del>trống</del> → <ins>Sở</ins>"),
    ],
)
def test_what_changed_beside_the_words_is_told_in_words(
    mais: Client, mai: User, key: str, column: str, to: str, expected: str
) -> None:
    text = small(mais, mai, key, column, to)
    assert expected in text
    assert "<b>1</b>" in text


def test_a_bullet_says_what_it_belongs_to(mais: Client, mai: User) -> None:
    assert "thuộc 1.1 Tỷ lệ" in small(mais, mai, "1.1.a", "unit", "Thủ tục")


def test_the_heads_are_compared(mais: Client, mai: User) -> None:
    text = small(mais, mai, "1.1.a", "unit", "Thủ tục")
    assert "Phần đầu biểu: 1 chỗ khác nhau" in text
    assert '<td data-l="Cũ">01/01/2026</td><td data-l="Mới">01/01/2027</td>' in text


def test_rules_are_compared(mais: Client, mai: User) -> None:
    published(mai, document(rules=[RULE]))
    changed = [{**RULE, "severity": "warning"}, {**RULE, "code": "moi"}]
    begun(mai, document(rules=changed), code="THU-2027", valid_from=date(2027, 1, 1))
    response = mais.get("/bieu-mau/so-sanh/", {"cu": "THU-2026", "moi": "THU-2027"})
    told = [
        (rule.code, rule.what, [(detail.title, detail.old, detail.new) for detail in rule.details])
        for rule in response.context["rules"]
    ]
    assert told[0] == ("dung-han", "đổi", [("mức", "lỗi", "cảnh báo")])
    assert told[1][:2] == ("moi", "thêm")
    assert "chỉ phần đầu biểu hoặc quy tắc khác nhau" in response.content.decode()


def test_a_version_is_equal_to_itself(hoas: Client) -> None:
    text = page(hoas, "/bieu-mau/so-sanh/", cu="BM7-2025", moi="BM7-2025")
    assert "không có gì khác nhau" in text


@pytest.mark.parametrize("asked", [{}, {"cu": "BM7-2025"}, {"moi": "BM7-2025"}])
def test_two_versions_have_to_be_chosen(hoas: Client, asked: dict[str, str]) -> None:
    assert "Hãy chọn bản cũ và bản mới" in page(hoas, "/bieu-mau/so-sanh/", **asked)


def test_drafts_are_compared_by_managers_only(hoas: Client, mais: Client, mai: User) -> None:
    begun(mai)
    asked = {"cu": "BM7-2025", "moi": "THU-2026"}
    assert hoas.get("/bieu-mau/so-sanh/", asked).status_code == 404
    assert mais.get("/bieu-mau/so-sanh/", asked).status_code == 200
    assert "THU-2026" not in page(hoas, "/bieu-mau/so-sanh/")
    assert "THU-2026" in page(mais, "/bieu-mau/so-sanh/")


def test_an_unknown_version_cannot_be_compared(hoas: Client) -> None:
    asked = {"cu": "BM7-2025", "moi": "KHONG-CO"}
    assert hoas.get("/bieu-mau/so-sanh/", asked).status_code == 404


def test_a_comparison_costs_the_same_whatever_its_rows(hoas: Client) -> None:
    few = queries(hoas, "/bieu-mau/so-sanh/?cu=BM7-2025&moi=BM7-2025")
    many = queries(hoas, "/bieu-mau/so-sanh/?cu=PL2-KH-2021&moi=PL2-KH-2022")
    assert many - few <= 1  # the functions' names, which equal versions need not
