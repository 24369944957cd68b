"""Which version of a form is in force on a day, and what a stored version holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from indicators.catalogue.documents import recorded
from indicators.catalogue.written import Document
from indicators.kinds import Status
from indicators.models import Form, FormVersion
from indicators.queries.definitions import document_of, written
from indicators.queries.versions import in_force
from tests.cast import form
from tests.indicators.sheets import HEAD, RULE, document

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Edition:
    """A version with its days; published in the order in which they are listed."""

    code: str
    since: date
    until: date | None = None
    retired: date | None = None
    status: Status = Status.PUBLISHED


def entered(*editions: Edition, code: str = "THU") -> Form:
    """Store the versions of a form; return it."""
    owner = Form.objects.create(code=code, name="Biểu thử")
    for place, edition in enumerate(editions):
        FormVersion.objects.create(
            form=owner,
            code=edition.code,
            edition="x",
            title="x",
            label_heading="x",
            last_heading="x",
            valid_from=edition.since,
            valid_to=edition.until,
            retired_on=edition.retired,
            status=edition.status,
            content_hash="x",
            published_at=datetime(2020, 1, 1 + place, tzinfo=UTC),
        )
    return owner


def day(text: str) -> date:
    """Return the day of "1/3" in 2026."""
    number, month = text.split("/")
    return date(2026, int(month), int(number))


FIRST = Edition("A", date(2026, 1, 1))
SECOND = Edition("B", date(2026, 7, 1))
CASES: list[tuple[Iterable[Edition], dict[str, str | None]]] = [
    ([], {"1/1": None}),
    # The first day counts.
    ([SECOND], {"30/6": None, "1/7": "B", "31/12": "B"}),
    # A newer edition takes over on its first day.
    ([FIRST, SECOND], {"1/1": "A", "30/6": "A", "1/7": "B", "31/12": "B"}),
    ([SECOND, FIRST], {"30/6": "A", "1/7": "B"}),
    # The last day counts, whether set beforehand or by retiring.
    ([Edition("A", day("1/1"), until=day("31/3"))], {"31/3": "A", "1/4": None}),
    (
        [Edition("A", day("1/1"), retired=day("31/3"), status=Status.RETIRED)],
        {"31/3": "A", "1/4": None},
    ),
    # The earlier of two last days.
    (
        [Edition("A", day("1/1"), day("30/6"), day("31/3"), Status.RETIRED)],
        {"31/3": "A", "1/4": None},
    ),
    (
        [Edition("A", day("1/1"), day("31/3"), day("30/6"), Status.RETIRED)],
        {"31/3": "A", "1/4": None},
    ),
    # An edition for some months lies over one that goes on.
    (
        [FIRST, Edition("B", day("1/7"), until=day("30/9"))],
        {"30/6": "A", "1/7": "B", "30/9": "B", "1/10": "A"},
    ),
    # Of two for the same day, the one published later.
    ([FIRST, Edition("B", day("1/1"))], {"1/1": "B"}),
    ([Edition("B", day("1/1")), FIRST], {"1/1": "A"}),
    # Drafts, discarded or not, are filled in by nobody.
    ([FIRST, Edition("B", day("1/7"), status=Status.DRAFT)], {"1/7": "A"}),
    ([FIRST, Edition("B", day("1/7"), status=Status.DISCARDED)], {"1/7": "A"}),
    ([Edition("B", day("1/7"), status=Status.DRAFT)], {"1/7": None}),
]


@pytest.mark.parametrize(("editions", "expected"), CASES)
def test_one_version_is_in_force_on_a_day(
    editions: Iterable[Edition], expected: dict[str, str | None]
) -> None:
    owner = entered(*editions)
    found = {text: in_force(day(text)).get(owner.pk) for text in expected}
    assert {text: version and version.code for text, version in found.items()} == expected


def test_another_form_has_versions_of_its_own() -> None:
    owner = entered(FIRST)
    entered(SECOND, code="KHAC")
    assert in_force(day("1/8"))[owner.pk].code == "A"


def test_the_real_forms_follow_each_other() -> None:
    owner = form("PL2-KH-2021").form
    assert owner == form("PL2-KH-2022").form
    since = form("PL2-KH-2022").valid_from
    before, after = (in_force(since.replace(year=year))[owner.pk] for year in (2021, 2022))
    assert (before.code, after.code) == ("PL2-KH-2021", "PL2-KH-2022")


def test_all_that_is_in_force_is_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    entered(FIRST, SECOND)
    entered(Edition("C", day("1/1")), code="KHAC")
    with django_assert_num_queries(1):
        found = {version.form.code: version.code for version in in_force(day("1/8")).values()}
    assert (found["KHAC"], found["THU"]) == ("C", "B")


def test_what_a_draft_holds_is_read_from_itself() -> None:
    owner = entered(Edition("A", day("1/1"), status=Status.DRAFT))
    version = owner.versions.get()
    assert document_of(version) == Document([], [], [])
    version.draft = recorded(document(rules=[RULE]))
    assert document_of(version) == Document(document().rows, [RULE], [])
    assert written(version).rows == document().rows
    assert written(version).head.form_name == HEAD.form_name


def test_reading_a_published_version_takes_few_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    version = form("PL2-KH-2022")
    with django_assert_num_queries(2):
        assert len(document_of(version).rows) == 207
