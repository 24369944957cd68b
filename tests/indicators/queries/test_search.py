"""What a search finds: words in any spelling and order, STT, form, section, unit, kind."""

import unicodedata
from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from indicators.catalogue.written import Document
from indicators.models import FormVersion, Row
from indicators.queries.search import PAGE, Found, Wanted, contents, search
from reporting.models import User
from tests.indicators.actions.acts import begun, published
from tests.indicators.sheets import rows

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)
LABELS = {
    "1": "Mục một",
    "1.1": "Tỷ lệ hồ sơ giải quyết đúng hạn (TTHC)",
    "1.1.a": "- Tổng số hồ sơ đã số hoá",
    "1.1.b": "- Đúng hạn",
    "1.2": "Hình thức 100% của a_b, “nháy”",
}


def small_form() -> Document:
    return Document([row | {"label": LABELS[row["key"]]} for row in rows()])


@pytest.fixture
def small(mai: User) -> FormVersion:
    """A published form of five rows beside the real ones."""
    return published(mai, small_form())


def looked_for(words: str = "", *, page: int = 1, **narrowed: Any) -> Found:
    return search(Wanted(words=words, **narrowed), page=page, today=TODAY)


def keys(found: Found) -> list[str]:
    return [hit.row.key for hit in found.hits]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("hồ sơ", ["1.1", "1.1.a", "1.1.b"]),  # the last one by its unit
        ("HỒ SƠ", ["1.1", "1.1.a", "1.1.b"]),
        (unicodedata.normalize("NFD", "hồ sơ"), ["1.1", "1.1.a", "1.1.b"]),
        ("ho so", ["1.1", "1.1.a", "1.1.b"]),
        ("hồ so", ["1.1", "1.1.a", "1.1.b"]),
        ("sơ hồ", ["1.1", "1.1.a", "1.1.b"]),
        ("  hạn   tỷ đúng ", ["1.1"]),
        ("dung han", ["1.1", "1.1.b"]),
        ("đung", []),
        ("hồ số hình", []),
        ("hoso", []),
        ("tỉ lệ", ["1.1"]),
        ("ti le", ["1.1"]),
        ("số hoá", ["1.1.a"]),
        ("số hóa", ["1.1.a"]),
        ("so hoa", ["1.1.a"]),
        ("(TTHC)", ["1.1"]),
        ("tthc", ["1.1"]),
        ("tth", []),
        ("1.1", ["1.1"]),
        ("1.1.", ["1.1"]),
        ("1.", ["1"]),
        ("1.1.b", ["1.1.b"]),
        ("1.1.B hạn", ["1.1.b"]),
        ("1.1 hình", []),
        ("9.9", []),
        ("%", ["1.1"]),
        ("100%", ["1.2"]),
        ("1%0", []),
        ("%%", []),
        ("_", []),
        ("a_b", ["1.2"]),
        ("axb", []),
        ("“nháy”", ["1.2"]),
        ("'", []),
        ('"', []),
        ("\\", []),
        ("' OR 1=1 --", []),
        ("…", []),
        ("", ["1", "1.1", "1.1.a", "1.1.b", "1.2"]),
    ],
)
def test_every_word_must_stand_in_the_row(
    small: FormVersion, words: str, expected: list[str]
) -> None:
    found = looked_for(words, version=small.code)
    assert (keys(found), found.number) == (expected, len(expected))


def test_an_endless_search_is_cut(small: FormVersion) -> None:
    assert keys(looked_for("hồ sơ " * 20_000, version=small.code)) == ["1.1", "1.1.a", "1.1.b"]


def test_an_stt_is_found_in_every_form() -> None:
    found = looked_for("3.4.1")
    assert {hit.row.stt for hit in found.hits} <= {"3.4.1", "3.4.1."}
    assert {hit.edition.version.code for hit in found.hits} >= {"PL2-KH-2021", "PL2-KH-2022"}


def test_a_key_with_a_section_is_found() -> None:
    assert keys(looked_for("i.4.1")) == ["I.4.1"]


def test_versions_in_force_stand_first_then_form_and_printed_order() -> None:
    pages = range(1, looked_for("hồ sơ").pages + 1)
    found = [hit for page in pages for hit in looked_for("hồ sơ", page=page).hits]
    places = [
        (not hit.edition.is_current, hit.edition.version.form.code, hit.row.position)
        for hit in found
    ]
    assert places == sorted(places)
    assert {"PL2-KH-2021", "PL2-KH-2022"} <= {hit.edition.version.code for hit in found}


def test_drafts_are_not_searched(mai: User) -> None:
    begun(mai, small_form())
    assert looked_for("nháy").number == 0
    assert "THU-2026" not in [edition.version.code for edition in looked_for().editions]


@pytest.mark.parametrize(("version", "section"), [("PL2-KH-2022", "3"), ("PL1-GL-2023", "VII")])
def test_a_section_is_all_that_is_printed_under_its_head(version: str, section: str) -> None:
    found = looked_for(version=version, section=section)
    expected = Row.objects.filter(version__code=version).filter(key=section) | Row.objects.filter(
        version__code=version, key__startswith=f"{section}."
    )
    assert found.number == expected.count()
    assert keys(found)[0] == section
    assert [row.key for row in found.sections][:1] == [{"3": "1", "VII": "I"}[section]]


def test_a_section_means_nothing_without_its_form() -> None:
    found = looked_for("3.4.1", section="7")
    assert (found.number > 0, found.sections) == (True, [])


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({"kind": "percent"}, ["1.1"]),
        ({"kind": "count"}, ["1.1.a", "1.1.b"]),
        ({"kind": "khong-co"}, ["1", "1.1", "1.1.a", "1.1.b", "1.2"]),
        ({"unit": "hồ  sơ"}, ["1.1.a", "1.1.b"]),
        ({"unit": "Người"}, []),
        ({"unit": "Hồ sơ", "words": "đúng"}, ["1.1.b"]),
        ({"section": "1"}, ["1", "1.1", "1.1.a", "1.1.b", "1.2"]),
        ({"section": "1.1"}, ["1", "1.1", "1.1.a", "1.1.b", "1.2"]),
    ],
)
def test_a_search_is_narrowed(
    small: FormVersion, narrowed: dict[str, Any], expected: list[str]
) -> None:
    assert keys(looked_for(version=small.code, **narrowed)) == expected


def test_an_unknown_form_narrows_nothing() -> None:
    assert looked_for(version="KHONG-CO").number == Row.objects.count()


def test_the_units_of_what_was_found_are_offered(small: FormVersion) -> None:
    assert looked_for(version=small.code).units == ["%", "Hồ sơ", "Trực tuyến = 0"]
    assert looked_for("đúng", version=small.code, unit="%").units == ["%", "Hồ sơ"]


def test_the_words_found_are_marked(small: FormVersion) -> None:
    [hit] = looked_for("so TỔNG 1.1.a", version=small.code).hits
    assert [text for text, is_hit in hit.label if is_hit] == ["Tổng", "số", "sơ", "số"]
    assert [text for text, is_hit in hit.unit if is_hit] == ["sơ"]
    assert "".join(text for text, _ in hit.label) == LABELS["1.1.a"]


def test_an_stt_that_was_typed_is_marked(small: FormVersion) -> None:
    hits = looked_for("1.1", version=small.code).hits
    assert [hit.is_stt_wanted for hit in hits] == [True]
    assert [text for text, is_hit in hits[0].label if is_hit] == []


def test_results_come_in_pages_without_repetition() -> None:
    total = Row.objects.filter(version__code="PL2-KH-2022").count()
    found = [looked_for(version="PL2-KH-2022", page=page) for page in range(1, 6)]
    assert [len(page.hits) for page in found] == [PAGE] * 4 + [total - 4 * PAGE]
    assert len({hit.row.pk for page in found for hit in page.hits}) == total
    assert {(page.number, page.pages) for page in found} == {(total, 5)}


@pytest.mark.parametrize(("asked", "shown"), [(-1, 1), (0, 1), (2, 2), (99, 5)])
def test_a_page_that_is_not_there_is_the_nearest(asked: int, shown: int) -> None:
    assert looked_for(version="PL2-KH-2022", page=asked).page == shown


def test_a_unit_that_was_chosen_stays_offered(small: FormVersion) -> None:
    assert "Người" in looked_for(version=small.code, unit="Người").units


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        (Wanted(words="zzz"), 3),
        (Wanted(words="3.4.1"), 4),
        (Wanted(words="hồ sơ"), 4),
        (Wanted(words="ho so", version="PL2-KH-2022", section="3", unit="%", kind="percent"), 5),
    ],
)
def test_a_search_costs_the_same_whatever_it_finds(
    wanted: Wanted, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(number):
        search(wanted, page=1, today=TODAY)


def test_the_contents_are_the_sections_of_the_forms_in_force(
    small: FormVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(5):
        found = contents(TODAY)
    shown = {form.edition.version.code: form.sections for form in found.contents}
    assert "PL2-KH-2021" not in shown
    assert [(row.label, number) for row, number in shown[small.code]] == [("Mục một", 5)]
    department = shown["PL2-KH-2022"]
    assert [row.key for row, _ in department] == ["1", "2", "3", "4", "5", "6", "7"]
    assert sum(number for _, number in department) == 207
    assert "Hồ sơ" in found.units
    assert "PL2-KH-2021" in [edition.version.code for edition in found.editions]


def test_nothing_is_asked_for_by_empty_boxes() -> None:
    assert not Wanted()
    assert Wanted(kind="count")
