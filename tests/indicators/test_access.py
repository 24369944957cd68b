"""Who may read and change the catalogue: every address, method and person, tried with real ones."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from indicators.access import managed_version, version_for, visible_versions
from indicators.actions.drafts import begin_draft, keep_upload, write_draft
from indicators.catalogue.written import Document, numbered
from indicators.models import (
    Form,
    FormVersion,
    Indicator,
    IndicatorEvent,
    IndicatorLink,
    Row,
    Rule,
    Upload,
    VersionEvent,
)
from indicators.urls import urlpatterns
from reporting.models import User
from tests.answers import ANONYMOUS, answers, expected, lines_of, named
from tests.cast import form
from tests.indicators.sheets import HEAD, rows
from tests.reporting.test_access import shape

PUBLISHED = "PL2-KH-2022"
# Pages of reports that show a form version: they keep the same door.
ELSEWHERE = {
    "paper",
    "blank-file",
    "trial",
    "trial-file",
    "rule-book",
    "rule-book-file",
    "rule-trial",
}

TABLE = lines_of("catalogue_access_table.csv")
# Who has no column answers as another does.
LIKE = {
    **dict.fromkeys(
        ("own_clerk", "head", "deputy", "other_clerk", "lower_clerk", "former_clerk"), "clerk"
    ),
    **dict.fromkeys(("other_reviewer", "former_reviewer", "other_viewer"), "clerk"),
    "gone": "anonymous",
}


@pytest.fixture
def draft(mai: User) -> FormVersion:
    """A draft that could be published, changed once, with a file that waits to be taken over."""
    whole = numbered([row for row in rows() if row["key"] == "1"])
    version = begin_draft(head=replace(HEAD, code="THU-2027"), document=Document(whole[:1]), by=mai)
    write_draft(
        version=version,
        revision=0,
        document=Document([{**whole[0], "label": "Mục đầu"}]),
        by=mai,
    )
    keep_upload(
        version=version,
        file_name="bang.xlsx",
        original=b"PK",
        document=Document([{**whole[0], "label": "Mục khác"}]),
        by=mai,
    )
    return version


def address(line: Mapping[str, str], draft: FormVersion) -> str:
    code = draft.code if line["object"] == "draft" else PUBLISHED
    name = line["name"]
    arguments: dict[str, object] = {}
    if name in {"indicator", "indicator-edit"}:
        arguments = {"code": "chi_dao.van_ban.so_luong"}
    elif name not in {"forms", "compare", "indicators", "new-draft"}:
        arguments = {"code": code}
    if name.startswith("upload-"):
        arguments["pk"] = draft.uploads.get().pk
    if name.endswith("-file") and name != "rule-book-file":
        arguments["extension"] = "csv"
    path = reverse(name, kwargs=arguments)
    return f"{path}?cu={PUBLISHED}&moi={code}" if name == "compare" else path


KEPT = (
    Form,
    FormVersion,
    Indicator,
    IndicatorEvent,
    IndicatorLink,
    Row,
    Rule,
    Upload,
    VersionEvent,
)


@pytest.mark.one_database
@pytest.mark.parametrize("line", TABLE, ids=named)
def test_everybody_gets_the_answer_of_the_table(
    line: Mapping[str, str], draft: FormVersion, crowd: Mapping[str, User]
) -> None:
    path = address(line, draft)
    posted = {
        "revision": FormVersion.objects.get(pk=draft.pk).revision,
        "act": "renumber:",
        "note": "Theo văn bản mới." if line["name"] == "publish" else "",
        "event": draft.events.earliest("pk").pk,
        "form-TOTAL_FORMS": 0,
        "form-INITIAL_FORMS": 0,
    }
    sent = {
        "data": "&".join(f"{name}={quote(str(value))}" for name, value in posted.items()),
        "content_type": "application/x-www-form-urlencoded",
    }
    everybody = dict.fromkeys((ANONYMOUS, *crowd), sent)
    found = answers(line["method"], path, everybody, crowd, untouched=KEPT)
    assert found == expected(line, crowd, like=LIKE, unlike={})


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", [pattern.name for pattern in urlpatterns])
def test_every_address_has_its_line_in_the_table(name: str, method: str) -> None:
    assert (name, method) in {(line["name"], line["method"]) for line in TABLE}


def test_the_table_names_no_address_that_is_gone() -> None:
    assert {line["name"] for line in TABLE} == {pattern.name for pattern in urlpatterns} | ELSEWHERE


def test_a_draft_looks_like_a_version_that_does_not_exist(
    draft: FormVersion, hoa: User, client: Client
) -> None:
    client.force_login(hoa)
    for rest in (
        *("", "sua/", "cong-bo/", "xem-tren-giay/", "nhap-thu/", "tep.xlsx"),
        *("quy-tac-kiem-tra/", "quy-tac-kiem-tra.xlsx", "quy-tac/thu/"),
    ):
        theirs = client.get(f"/bieu-mau/{draft.code}/{rest}")
        unknown = client.get(f"/bieu-mau/KHONG-CO/{rest}")
        assert (theirs.status_code, unknown.status_code) == (404, 404)
        assert shape(theirs.content, draft.code) == shape(unknown.content, "KHONG-CO")


def test_the_door_itself(draft: FormVersion, mai: User, hoa: User, quantri: User) -> None:
    published = form(PUBLISHED)
    assert version_for(hoa, PUBLISHED) == published
    assert version_for(mai, draft.code) == draft
    assert draft in visible_versions(mai)
    for user in (hoa, quantri):
        assert draft not in visible_versions(user)
        with pytest.raises(Http404):
            version_for(user, draft.code)
        with pytest.raises(Http404):
            managed_version(user, PUBLISHED)


def test_who_has_left_manages_nothing(draft: FormVersion, mai: User) -> None:
    mai.is_active = False
    assert not mai.manages_catalogue
    with pytest.raises(Http404):
        managed_version(mai, draft.code)
