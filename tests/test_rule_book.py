"""The rule book among the documents is that of the catalogue."""

from indicators.models import FormVersion
from indicators.queries.definitions import form_definition
from reporting.rules import GENERAL
from tests.rule_book import PAGE, _plain, forms_of_the_catalogue, page


def test_the_page_is_what_the_catalogue_says() -> None:
    """After a change of rules: ``python -m tests.rule_book``."""
    assert PAGE.read_text(encoding="utf-8") == page(forms_of_the_catalogue())


def test_the_page_tells_every_rule_of_the_loaded_forms(db: None) -> None:
    text = PAGE.read_text(encoding="utf-8")
    for version in FormVersion.objects.select_related("form"):
        book = text.split(f"\n## {version.code}\n")[1].split("\n## ")[0]
        rules = form_definition(version).rules
        assert [rule.code for rule in rules if f"| {rule.code} | " not in book] == []
        assert [rule.code for rule in rules if _plain(rule.sentence) not in book] == []


def test_the_page_tells_every_general_check() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [check.code for check in GENERAL if f"| {check.code} | " not in text] == []


def test_signs_of_markdown_are_words() -> None:
    assert _plain("[1.a] <b> *x* | _y_") == r"\[1.a\] \<b\> \*x\* \| \_y\_"
    assert _plain("một\nhai") == "một hai"
