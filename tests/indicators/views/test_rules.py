"""The page on which the rules of a draft are written."""

import re
from html import unescape

import pytest
from django.test import Client

from indicators.formulas.examples import WRITINGS
from indicators.models import FormVersion
from reporting.models import User
from tests.indicators.views.catalogue_pages import begun, document, stored

pytestmark = pytest.mark.django_db

ADDRESS = "/bieu-mau/THU-2027/quy-tac/"
RULE = {
    "code": "Q01",
    "severity": "warning",
    "missing": "",
    "condition": "[1.1.b] <= [1.1.a]",
    "sentence": "Số đúng hạn lớn hơn tổng số.",
    "instruction": "Kiểm tra lại hai số.",
}


@pytest.fixture
def manager(client: Client, mai: User) -> Client:
    client.force_login(mai)
    return client


@pytest.fixture
def draft(mai: User) -> FormVersion:
    return begun(mai)


def posted(*rules: dict[str, str], initial: int = 0, revision: int = 0) -> dict[str, object]:
    """Return what the page posts with these rules, ``initial`` of them saved before."""
    found: dict[str, object] = {
        "form-TOTAL_FORMS": len(rules),
        "form-INITIAL_FORMS": initial,
        "revision": revision,
    }
    for number, rule in enumerate(rules):
        found |= {f"form-{number}-{name}": text for name, text in rule.items()}
    return found


def with_rules(version: FormVersion, *rules: dict[str, str]) -> FormVersion:
    version.draft = {**(version.draft or {}), "rules": list(rules)}
    version.save()
    return stored(version)


def page(client: Client) -> str:
    response = client.get(ADDRESS)
    assert response.status_code == 200
    return response.content.decode()


def box(text: str, name: str) -> str:
    """Return the value of an input."""
    match = re.search(rf'<input[^>]*name="{name}"[^>]*>', text)
    assert match is not None
    value = re.search('value="([^"]*)"', match[0])
    return unescape(value[1]) if value else ""


def test_a_condition_is_told_in_words_under_its_box(manager: Client, draft: FormVersion) -> None:
    with_rules(draft, RULE)
    assert "Nghĩa là:</span> «Đúng hạn» ≤ «Tổng số»</p>" in page(manager)


def test_words_follow_what_was_typed_when_saving_fails(manager: Client, draft: FormVersion) -> None:
    with_rules(draft, RULE)
    changed = {**RULE, "condition": "[1.1.b] < 2 * [1.1.a]", "sentence": ""}
    response = manager.post(ADDRESS, posted(changed, initial=1))
    text = response.content.decode()
    assert response.status_code == 422
    assert "Nghĩa là:</span> «Đúng hạn» &lt; 2 × «Tổng số»</p>" in text
    assert '<a href="#quy-tac-1">Quy tắc Q01</a>' in text


def test_a_condition_that_cannot_be_read_has_no_words_but_a_sentence(
    manager: Client, draft: FormVersion
) -> None:
    text = manager.post(ADDRESS, posted({**RULE, "condition": "[1.1.b"})).content.decode()
    assert "Nghĩa là" not in text
    assert "Công thức «[1.1.b»" in text


def test_what_a_missing_figure_does_is_chosen_and_kept(manager: Client, draft: FormVersion) -> None:
    assert manager.post(ADDRESS, posted({**RULE, "missing": "all"})).status_code == 302
    assert [rule["missing"] for rule in document(draft).rules] == ["all"]
    assert '<option value="all" selected>' in page(manager)


def test_saving_leads_back_to_the_rules(manager: Client, draft: FormVersion) -> None:
    response = manager.post(ADDRESS, posted(RULE), follow=True)
    assert response.redirect_chain == [(ADDRESS, 302)]
    assert "Đã lưu các quy tắc kiểm tra." in response.content.decode()


def test_a_new_rule_is_offered_the_next_code(manager: Client, draft: FormVersion) -> None:
    assert box(page(manager), "form-0-code") == "Q01"
    with_rules(draft, RULE, {**RULE, "code": "Q07"})
    text = page(manager)
    assert box(text, "form-2-code") == "Q08"
    assert "Quy tắc mới" in text


def test_a_blank_rule_with_only_its_code_is_no_rule(manager: Client, draft: FormVersion) -> None:
    """Whatever code it was offered: others may have added rules since."""
    with_rules(draft, RULE)
    blank = {**dict.fromkeys(RULE, ""), "code": "Q09", "severity": "warning"}
    assert manager.post(ADDRESS, posted(RULE, blank, initial=1)).status_code == 302
    assert [rule["code"] for rule in document(draft).rules] == ["Q01"]


def test_a_blank_rule_with_words_must_be_whole(manager: Client, draft: FormVersion) -> None:
    begun_rule = {**dict.fromkeys(RULE, ""), "code": "Q01", "severity": "note", "sentence": "Sai."}
    response = manager.post(ADDRESS, posted(begun_rule))
    assert response.status_code == 422
    assert document(draft).rules == []


def test_every_rule_is_in_the_index_and_can_be_tried(manager: Client, draft: FormVersion) -> None:
    with_rules(draft, *({**RULE, "code": f"Q{number:02d}"} for number in range(1, 71)))
    text = page(manager)
    places = re.findall('<li><a href="#(quy-tac-[0-9]+)"(?: class="bad")?>', text)
    assert len(places) == 71
    assert [place for place in places if f'id="{place}"' not in text] == []
    assert f'href="{ADDRESS}thu/?ma=Q70"' in text
    assert box(text, "form-MAX_NUM_FORMS") == "200"


def test_two_hundred_rules_can_be_saved(manager: Client, draft: FormVersion) -> None:
    many = [{**RULE, "code": f"Q{number:03d}"} for number in range(1, 201)]
    assert manager.post(ADDRESS, posted(*many)).status_code == 302
    assert len(document(draft).rules) == 200
    text = manager.post(ADDRESS, posted(*many, RULE, initial=200, revision=1)).content.decode()
    assert "Chưa lưu: có chỗ cần sửa" in text
    assert len(document(draft).rules) == 200


def test_what_is_wrong_with_a_saved_rule_leads_to_it(manager: Client, draft: FormVersion) -> None:
    with_rules(draft, RULE, {**RULE, "code": "Q02", "condition": "[1.1.b] <= [9]"})
    text = page(manager)
    assert '<a href="#quy-tac-2">Quy tắc Q02</a>: Quy tắc gọi dòng không có: 9.' in text
    assert '<a href="#quy-tac-2" class="bad">Q02' in text
    assert "Nghĩa là:</span> «Đúng hạn» ≤ [9]</p>" in text


def test_every_way_of_writing_is_explained(manager: Client, draft: FormVersion) -> None:
    text = unescape(page(manager))
    assert [one.form for one in WRITINGS if one.example not in text] == []


def test_words_of_a_rule_are_text(manager: Client, draft: FormVersion) -> None:
    content = draft.draft or {}
    content["rows"][3]["label"] = "<i>Đúng</i> hạn"
    with_rules(draft, {**RULE, "sentence": "</textarea><b>Sai</b>"})
    text = page(manager)
    assert "</textarea><b>Sai" not in text
    assert "«&lt;i&gt;Đúng&lt;/i&gt; hạn» ≤" in text
