"""Every address that the portal answers stands in a table of access: of reports, of the catalogue,
or, with all of the administration, the one that is run here."""

import re
from collections.abc import Iterator, Mapping

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern, URLResolver, get_resolver

from indicators.models import Function
from reporting.models import Agency, Round, Submission, User
from tests.answers import (
    ANONYMOUS,
    answers,
    expected,
    lines_of,
    named,
)
from tests.reporting.test_access import KEPT

TABLE = lines_of("other_access_table.csv")
NAMED = {
    line["name"]
    for table in ("access_table.csv", "catalogue_access_table.csv")
    for line in lines_of(table)
}
OPERATOR = "operator"
FORM = "application/x-www-form-urlencoded"


def routes(within: URLResolver, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Yield every address below a resolver as it is written, and its name."""
    for one in within.url_patterns:
        route = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from routes(one, route, f"{one.namespace}:" if one.namespace else space)
        else:
            assert isinstance(one, URLPattern)
            yield route, f"{space}{one.name or ''}"


# Of two that are written alike the first one answers.
ROUTES = dict(reversed(list(routes(get_resolver()))))


def test_every_address_has_a_line_for_each_method() -> None:
    others = {route for route, name in ROUTES.items() if name not in NAMED}
    wanted = {(route, method) for route in others for method in ("GET", "POST")}
    assert {(line["name"], line["method"]) for line in TABLE} == wanted


def filled(route: str) -> str:
    """Return an address of the administration with an object of the right kind in it."""
    kind = re.search(r"quan-tri/\w+/(user|agency|round|function)/", route)
    models = {"user": User, "agency": Agency, "round": Round, "function": Function}
    model = models[kind[1]] if kind else Round
    words = {
        "object_id": str(model._default_manager.order_by("pk")[0].pk),
        "id": str(User.objects.order_by("pk")[0].pk),
        "content_type_id": str(ContentType.objects.get_for_model(Submission).pk),
        "app_label": "reporting",
        "url": "khong-co",
    }
    path = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda found: words[found[1]], route)
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: words[found[1]], path)
    return f"/{path.replace('^', '').replace('$', '')}"


@pytest.mark.one_database
@pytest.mark.parametrize("line", TABLE, ids=named)
def test_everybody_gets_the_answer_of_the_table(
    line: Mapping[str, str], crowd: Mapping[str, User]
) -> None:
    like = {who: ANONYMOUS if who == "gone" else "signed_in" for who in crowd}
    sent = {who: {"data": "", "content_type": FORM} for who in (ANONYMOUS, *crowd)}
    found = answers(line["method"], filled(line["name"]), sent, crowd, untouched=KEPT)
    assert found == expected(line, crowd, like=like, unlike={})
