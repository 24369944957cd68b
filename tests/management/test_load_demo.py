"""The example data: what load_demo makes, and where it refuses."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from indicators.models import FormVersion, VersionEvent
from indicators.queries.definitions import document_of
from reporting.actions.publications import check_publications
from reporting.demo import province
from reporting.models import (
    Agency,
    Figure,
    FigureChange,
    Membership,
    Publication,
    Round,
    Submission,
    Transition,
    User,
)
from reporting.workflow import State
from tests.golden import SEEDS, written
from tests.guards import record_open

ARCHIVE_ROUNDS = {"KH-2022-Q1", "GL-2023-NAM", "KH-2021-Q3", "BM7-KHONG-RO", "QN-2022-Q1"}


@pytest.fixture(autouse=True)
def fewer_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """One finished round says as much as four."""
    monkeypatch.setattr(province, "ROUNDS_BACK", 1)


@pytest.fixture
def few_agencies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(province, "COMMUNES", 5)


def load() -> str:
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


def counts() -> Mapping[str, int]:
    models = (Agency, User, Membership, Round, Submission, Figure, FigureChange, Transition)
    return {model.__name__: model.objects.count() for model in models}


@pytest.mark.django_db
def test_an_empty_portal_becomes_a_province_at_work_and_stays_as_it_is() -> None:
    told = load()

    minh_hoa = Agency.objects.get(code="MH")
    kinds = Counter(minh_hoa.children.values_list("kind", flat=True))
    assert kinds == {"so": 20, "nganh_doc": 3, "xa": 127}
    assert minh_hoa.children.values("name").distinct().count() == 150

    archived = Submission.objects.filter(round__is_archive=True)
    assert set(archived.values_list("round__code", flat=True)) == ARCHIVE_ROUNDS
    assert set(archived.values_list("state", flat=True)) == {"approved"}
    with_value = Figure.objects.filter(submission__in=archived).exclude(status="note")
    papers = {seed: sorted(line.written for line in written(seed)) for seed in SEEDS}
    for submission in archived:
        seed = submission.source_document.partition(".txt")[0]
        stored = with_value.filter(submission=submission).values_list("written", flat=True)
        assert sorted(stored) == papers[seed]
    assert with_value.count() == 311

    last, current = Round.objects.filter(province=minh_hoa).order_by("data_to")
    assert last.submissions.count() == current.submissions.count() == 150
    now = Counter(current.submissions.values_list("state", flat=True))
    assert set(now) == set(State)
    # One agency waits for its head to sign, one report is being looked at.
    assert (now.pop("signing"), now.pop("in_review")) == (1, 1)
    assert min(now.values()) >= 10
    assert Counter(last.submissions.values_list("state", flat=True)) == {
        "approved": 147,
        "draft": 3,
    }
    today = timezone.localdate()
    assert current.opens_on is not None
    assert current.opens_on <= today <= current.due_on <= current.closes_on  # type: ignore[operator]
    assert last.closes_on is not None
    assert last.closes_on < today + timedelta(days=10)
    assert {round_.notice for round_ in (last, current)} == {
        "Số liệu minh họa, không phải số liệu thật."
    }
    returned = Transition.objects.filter(submission__round=current, move="return")
    assert returned.count() == now["returned"]
    assert not returned.filter(reason="").exists()

    # Every figure has its entry in the record.
    assert FigureChange.objects.count() == Figure.objects.count() > 5000

    for username in ("sonoivu", "congthuong", "xa001", "lanhdao", "quantri"):
        assert User.objects.get(username=username).check_password("minh-hoa-cchc")
        assert f"  {username:<12}" in told
    assert "(mật khẩu chung: minh-hoa-cchc)" in told
    assert list(User.objects.filter(is_staff=True).values_list("username", flat=True)) == [
        "quantri"
    ]

    before = counts()
    again = load()
    assert again.startswith("Dữ liệu ví dụ đã có, giữ nguyên.\n")
    assert counts() == before


def test_a_portal_with_agencies_of_its_own_is_left_alone(tinh_khac: Agency) -> None:
    before = counts()
    with pytest.raises(CommandError, match=r"^Cổng này đã có cơ quan ngoài dữ liệu ví dụ"):
        load()
    assert counts() == before
    assert not User.objects.filter(username="quantri").exists()


@pytest.mark.django_db
def test_the_last_finished_round_is_published(few_agencies: None) -> None:
    load()
    last = Round.objects.filter(province__code="MH").order_by("data_to")[0]
    published = Publication.objects.get()
    assert (published.round, published.number, published.expected) == (last, 1, 28)
    assert check_publications() == (1, [])


@pytest.mark.django_db
def test_the_manager_has_a_draft_to_go_on_with(few_agencies: None) -> None:
    load()
    [draft] = FormVersion.objects.filter(status="draft")
    manager = User.objects.get(username="danhmuc")
    assert manager.manages_catalogue
    assert draft.form.code == "PL2-MH"
    assert [event.by for event in draft.events.all()] == [manager]
    assert len(document_of(draft).rows) == 207


@pytest.mark.django_db
def test_example_data_of_before_the_catalogue_had_managers_get_one(few_agencies: None) -> None:
    load()
    with record_open():
        VersionEvent.objects.filter(version__status="draft").delete()
    FormVersion.objects.filter(status="draft").delete()
    Membership.objects.filter(user__username="danhmuc").delete()
    User.objects.get(username="danhmuc").delete()
    before = Submission.objects.count()
    assert "Dữ liệu ví dụ đã có" in load()
    assert User.objects.get(username="danhmuc").manages_catalogue
    assert Submission.objects.count() == before


@pytest.mark.django_db
def test_without_the_catalogue_nothing_is_loaded() -> None:
    with record_open():
        VersionEvent.objects.all().delete()
    FormVersion.objects.all().delete()
    with pytest.raises(CommandError, match=r"^Chưa có biểu mẫu nào: hãy chạy load_catalogue"):
        load()
    assert not Agency.objects.exists()
