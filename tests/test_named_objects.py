"""What pages read from an address or a posting may name a thing: each such name is known, and tried
with a thing of another province."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.forms import BaseForm
from django.urls import get_resolver

from tests.answers import browser_of, everything, lines_of, taken_back
from tests.marks import marks_in
from tests.reporting.test_access import KEPT
from tests.two_provinces import DRAFT, ELSEWHERE, OWN, World

FORM = "application/x-www-form-urlencoded"
BASE = Path(settings.BASE_DIR)
VIEWS = [*BASE.glob("*/views/*.py"), *BASE.glob("*/lockout.py")]
# What views call that which was sent.
SENT = ("request.GET", "request.POST", "posted", "asked", "query", "kept")
READING = {"get", "getlist", "pop"}


def read_in(tree: ast.AST) -> Iterator[str]:
    """Yield the names that a module reads from what was sent."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in READING
            and _is_sent(node.func.value)
            and node.args
        ):
            yield from _texts(node.args[0])
        elif isinstance(node, ast.Subscript) and _is_sent(node.value):
            yield from _texts(node.slice)
        elif isinstance(node, ast.Compare) and any(_is_sent(one) for one in node.comparators):
            yield from _texts(node.left)
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in {"_PARTS", "names"}:
            yield from _texts(node.value)
        elif isinstance(node, ast.comprehension) and isinstance(node.iter, ast.Tuple):
            yield from _texts(node.iter)


def _is_sent(node: ast.expr) -> bool:
    return ast.unparse(node) in SENT


def _texts(node: ast.expr) -> Iterator[str]:
    dictionary = node.keys if isinstance(node, ast.Dict) else [node]
    for one in node.elts if isinstance(node, ast.Tuple) else dictionary:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def forms(base: type[BaseForm] = BaseForm) -> Iterator[type[Any]]:
    for one in base.__subclasses__():
        if one.__module__.startswith(("reporting.", "indicators.")):
            yield one
        yield from forms(one)


def read() -> set[str]:
    """Return every name that a page or a form reads."""
    assert get_resolver().url_patterns  # with them every form is there
    found = {name for path in VIEWS for name in read_in(ast.parse(path.read_text("utf-8")))}
    return found | {name for form in forms() for name in form.base_fields}


# What a name names; most name nothing but words, days, ways to show a page.
NAMED = {line["name"]: line["thing"] for line in lines_of("named_in_requests.csv")}


def test_every_name_that_is_read_is_known() -> None:
    assert read() == set(NAMED)


@dataclass(frozen=True, slots=True)
class Try:
    """A page, and what is sent to it: ``name`` is that of a thing, which is another's."""

    path: str
    name: str
    kind: str
    who: tuple[str, ...] = ("reviewer",)
    rest: str = ""  # what is posted besides; nothing is posted without
    before: str = ""  # what forms write before the name
    answers: tuple[int, ...] = (404,)

    def __str__(self) -> str:
        return f"{self.path}-{self.name}-{'POST' if self.rest else 'GET'}"


READERS = ("reviewer", "viewer")
FOUND = (200,)
REFUSED = (404, 422)
MARCH = "on=01/03/2026&reason=Vì sai."
BY_PROVINCE = {
    READERS: (
        *("/tien-do/", "/tien-do.csv", "/don-vi/", "/don-vi.csv", "/dot/lich/", "/dien-bien/"),
        "/tong-quan/",
    ),
    ("reviewer",): (
        *("/don-vi/moi/", "/don-vi/nap/", "/don-vi/chuyen/", "/don-vi/sap-nhap/", "/dot/moi/"),
        "/tong-quan/chon/",
    ),
}
TRIES = (
    *(Try(path, "tinh", "province", who) for who, paths in BY_PROVINCE.items() for path in paths),
    Try("/tien-do/", "dot", "round", READERS, answers=(200, 404)),
    Try("/tong-quan/", "dot", "round", READERS, answers=(200, 404)),
    Try("/nhat-ky/", "dot", "round", READERS, answers=(200, 422)),
    Try("/nhat-ky.csv", "dot", "round", READERS, answers=(200, 404, 422)),
    Try("/nhat-ky/", "donvi", "agency", READERS, answers=FOUND),
    Try("/nhat-ky/", "nguoi", "person", READERS, answers=FOUND),
    Try("/nhat-ky/", "baocao", "report"),
    Try("/nguoi-dung/", "don-vi", "agency", answers=FOUND),
    Try("/dot/MH-QUY/gia-han/", "don-vi", "agency", answers=FOUND),
    Try("/don-vi/chuyen/", "chon", "agency", answers=FOUND),
    Try("/don-vi/sap-nhap/", "chon", "agency", answers=FOUND),
    Try("/don-vi/chuyen/", "chon", "agency", rest=f"{MARCH}&area=X", answers=REFUSED),
    Try("/don-vi/sap-nhap/", "chon", "agency", rest="on=01/03/2026", answers=REFUSED),
    Try("/don-vi/sap-nhap/", "into", "agency", rest="on=01/03/2026", answers=REFUSED),
    Try("/don-vi/chuyen/", "parent", "agency", rest=f"{MARCH}&chon=OWN", answers=REFUSED),
    Try("/don-vi/moi/", "parent", "agency", rest="code=MOI&name=Mới&kind=so", answers=REFUSED),
    Try("/dot/MH-QUY/gia-han/", "agencies", "agency", rest="reason=Vì+sai.", answers=REFUSED),
    Try("/dot/MH-QUY/duyet/", "chon", "report", rest="a=a"),
    Try(
        "/nguoi-dung/PERSON/viec/vai-tro/",
        "agency",
        "agency",
        rest="role-role=viewer",
        before="role-",
        answers=REFUSED,
    ),
    Try("/nguoi-dung/PERSON/viec/thoi/", "membership", "membership", rest="reason=a"),
    Try("/tai-khoan/viec/thoi/", "membership", "membership", ("head", "reviewer"), rest="a=a"),
    Try(
        "/tai-khoan/viec/lam-thay/",
        "deputy",
        "person",
        ("head",),
        rest="deputy-agency=MH.SCT",
        before="deputy-",
        answers=REFUSED,
    ),
    Try("/bao-cao/REPORT/y-kien/", "resolve", "comment", rest="a=a", answers=(404, 409)),
    Try("/bao-cao/REPORT/dong/1.1/", "resolve", "comment", rest="a=a", answers=(404, 409)),
    Try("/bieu-mau/THU-MOT/lich-su/", "event", "event", ("manager",), rest="revision=0"),
    Try("/bieu-mau/so-sanh/", "moi", "form", ("own_clerk", *READERS), answers=(200, 404)),
    Try("/bieu-mau/so-sanh/", "cu", "form", ("own_clerk", *READERS), answers=(200, 404)),
    Try("/bieu-mau/moi/", "tu", "form", READERS),
    Try("/bieu-mau/moi/", "source", "form", READERS, rest="code=X"),
    Try("/dot/MH-QUY/tong-hop/", "bieu", "form"),
    Try("/dot/MH-QUY/quyen/", "bieu", "form", ("own_clerk",), rest="dang=pdf"),
)


def test_every_name_of_a_thing_is_tried() -> None:
    assert {(one.name, one.kind) for one in TRIES} >= {
        (name, thing) for name, thing in NAMED.items() if thing
    }


@pytest.mark.parametrize("one", TRIES, ids=str)
def test_nothing_of_anothers_is_shown_or_done_by_its_name(one: Try, world: World, db: None) -> None:
    own, other = (world.things[whose].named for whose in (OWN, ELSEWHERE))
    first, second = world.drafts
    things = {
        **other,
        "agency": other["agency-code"] if one.before else other["office"],
        "event": second.events.earliest("pk").pk,
        "form": first.code,
    }
    thing = f"{things[one.kind]}-1" if one.path.endswith("/duyet/") else things[one.kind]
    path = one.path.replace("PERSON", str(own["person"])).replace("REPORT", str(own["report"]))
    sent = f"{one.before}{one.name}={thing}"
    for who in one.who:
        client = browser_of(world.crowd[who])
        before = everything(KEPT)
        with taken_back():
            if one.rest:
                body = f"{sent}&{one.rest.replace('OWN', str(own['office']))}"
                answer = client.post(path, body, content_type=FORM)
                assert everything(KEPT) == before
            else:
                answer = client.get(f"{path}?{sent}")
            assert answer.status_code in one.answers, who
            assert not {whose for whose, _ in marks_in(answer)} & {ELSEWHERE, DRAFT}, who
