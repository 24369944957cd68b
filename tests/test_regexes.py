"""No regular expression of the portal, in Python or in a script, works longer than its text allows.

Judged by structure (``tests.regex_growth``): a clock would say something else on another machine.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from math import inf
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLResolver, get_resolver

from indicators.catalogue import reporters
from tests.regex_growth import degree

ROOT = Path(settings.BASE_DIR)
_OF_RE = {"compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn"}
_IN_SCRIPT = re.compile(
    r"(?:[=(,:?!&|{};\[]|\breturn)\s*/(?![/*])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+)/([a-z]*)"
)
# Grow with the square of a text, which is short, or found to be linear by looking closer.
SQUARE: Mapping[str, str] = {
    r"([^/]*[0-9][^/]*)/(.*[0-9].*)": "a figure of 60 signs at most",
    r"(.*) – (.+, \d\d:\d\d \d\d/\d\d/\d{4})": "a remark of 2,000 signs at most",
    r"\s*\S+\s*": "a word takes the blanks behind it, so none begins among blanks",
    r"lĩnh vực (.+?)(?= được| đang|$)": "words on one line, whose end is always found",
    r"<(b|strong)\b[^<>]*>.*?</\1>": "a label of 2,000 signs at most",
    r"<(i|em)\b[^<>]*>.*?</\1>": "a label of 2,000 signs at most",
    r'(?:(?<=[\t\n])|\A)"((?:[^"\t]|"")*)"(?=[\t\n]|\Z)': "marks opened among others do not pair",
    r"\b(?:kế hoạch|nhiệm vụ\b.*\bgiao|giải ngân)\b": "once in eight signs of a cell",
    r"\b(?:không (?:bao )?gồm|không tính|trừ)\b.*\bngành dọc\b": "once in four signs of a cell",
    r"\s*([IVXLC]{1,6}|[0-9]{1,3}(?:\.[0-9]{1,3})+|[a-zđ])[.)]\s+\S": "asked at the beginning",
    r"\s*([0-9]{1,3})[.)]\s+\S": "asked at the beginning",
    r"[0-9]+,[0-9]": "asked at the beginning",
    r"[0-9]{1,3}(\.[0-9]{3}){2,}(?![.\w])": "asked at the beginning",
    r"[^\W\d]\w*\s*\(": "asked at the beginning",
    reporters._BREAK.pattern: "each gap is one sign by then",
    reporters._CLAUSE.pattern: "each gap is one sign by then",
    r"\bđược (.{3,40}?) giao\b": "looks forty signs on",
    r"điều chỉnh\s+(?:lại\s+)?thành\s*(?::\s*)?[“”\"«'](.+?)(?:[”\"»]|$)": "it always ends",
}
# What is compiled while it runs: where, and from which module's list the texts are.
MADE = {
    "reporting.attachments: re.match(sign, head, re.DOTALL)": "its _FOREIGN, below",
    "indicators.catalogue.grids: re.fullmatch(sign, part)": "its _PACKED, below",
    "indicators.catalogue.slips.units: re.match(names, said)": "its _THINGS, below",
    "reporting.reviewing: re.compile": "names of rows, escaped; looked for at one place",
    "indicators.catalogue.readers.excel: re.compile": "one tag after an optional prefix",
    "indicators.catalogue.reporters: re.compile": "names of bodies, escaped, with gaps between",
}


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression, where it stands, and in which ways it is asked."""

    where: str
    pattern: str | bytes
    flags: int = 0
    ways: frozenset[str] = frozenset({"search"})

    @property
    def degree(self) -> float:
        return max(degree(self.pattern, self.flags, way) for way in self.ways)


def way_of(method: str) -> str:
    return method if method in {"match", "fullmatch"} else "search"


@cache
def modules() -> Mapping[str, ast.Module]:
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(
            path.read_text(encoding="utf-8")
        )
        for room in ("cchc_portal", "reporting", "indicators")
        for path in sorted((ROOT / room).rglob("*.py"))
    }


def asked(tree: ast.AST) -> Mapping[str, frozenset[str]]:
    """Return in which ways each name is asked: ``_BREAK.sub`` searches."""
    found = defaultdict[str, set[str]](set)
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr=method):
                if method in _OF_RE:
                    found[name].add(way_of(method))
    return {name: frozenset(ways) for name, ways in found.items()}


def in_python(module: str, tree: ast.Module) -> Iterator[tuple[ast.Call, frozenset[str]]]:
    """Yield the calls that are handed a regular expression, and in which ways it is asked."""
    own = asked(tree)
    names = {
        id(node.value): node.targets[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=method)):
                if method in _OF_RE:
                    yield node, own.get(names.get(id(node), ""), frozenset({way_of(method)}))
            case ast.Call(func=ast.Name(id="RegexValidator")):
                yield node, frozenset({"search"})


def evaluated(module: str, call: ast.Call, ways: frozenset[str]) -> Regex:
    """Return what a call is handed, by the names of its module; raise NameError where it is made
    of names that only live while it runs."""
    called = ast.unparse(call.func)
    at = {"re.compile": 1, "re.sub": 4, "re.subn": 4, "re.split": 3}.get(called, 2)
    said = [one.value for one in call.keywords if one.arg == "flags"] or call.args[at : at + 1]
    pattern, *flags = (
        eval(compile(ast.Expression(one), module, "eval"), dict(vars(import_module(module))))  # noqa: S307
        for one in [call.args[0], *said]
    )
    return Regex(f"{module}: {called}", pattern, int(sum(flags)), ways)


def in_addresses(resolver: URLResolver) -> Iterator[Regex]:
    """Yield what addresses are compared with; the operator's pages are of Django's making."""
    for one in resolver.url_patterns:
        if not str(one.pattern).startswith("quan-tri"):
            yield Regex(f"address {one.pattern}", one.pattern.regex.pattern)
            if isinstance(one, URLResolver):
                yield from in_addresses(one)


def in_script(name: str, text: str) -> Iterator[Regex]:
    for found in _IN_SCRIPT.finditer(text):
        flags = sum(getattr(re, one.upper()) for one in found[2] if one in "ims")
        yield Regex(name, re.sub(r"\(\?<(?![=!])", "(?P<", found[1]), flags | re.ASCII)


@cache
def everywhere() -> tuple[Sequence[Regex], Sequence[str]]:
    """Return all of them, and the calls that are handed what is made while they run."""
    found, made = list[Regex](), list[str]()
    for module, tree in modules().items():
        for call, ways in in_python(module, tree):
            try:
                found.append(evaluated(module, call, ways))
            except NameError:
                made.append(f"{module}: {ast.unparse(call)}")
    found += in_addresses(get_resolver())
    for path in sorted((ROOT / "static" / "js").rglob("*.js")):
        found += in_script(path.name, path.read_text(encoding="utf-8"))
    for module, name, way in (
        ("reporting.attachments", "_FOREIGN", "match"),
        ("indicators.catalogue.grids", "_PACKED", "fullmatch"),
        ("indicators.catalogue.slips.units", "_THINGS", "match"),
    ):
        listed: Any = getattr(import_module(module), name)
        patterns = listed.values() if isinstance(listed, dict) else (one[0] for one in listed)
        found += [Regex(f"{module}: {name}", one, re.DOTALL, frozenset({way})) for one in patterns]
    return found, made


def test_the_work_of_each_grows_with_the_text_alone() -> None:
    found, _ = everywhere()
    assert len(found) > 200
    faster = {one.pattern: one for one in found if one.degree > 1}
    unexplained = [one for pattern, one in faster.items() if pattern not in SQUARE]
    assert not unexplained, "\n".join(f"{one.degree}: {one}" for one in unexplained)
    assert all(one.degree == 2 for one in faster.values())
    assert set(SQUARE) == set(faster), "told as an exception, and is none"


def test_what_is_made_while_it_runs_is_known() -> None:
    _, made = everywhere()
    assert all(any(one.startswith(known) for known in MADE) for one in made), made
    assert all(any(one.startswith(known) for one in made) for known in MADE)


def test_scripts_make_none_while_they_run() -> None:
    for path in (ROOT / "static" / "js").rglob("*.js"):
        assert "RegExp" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize(
    ("pattern", "way", "expected"),
    [
        (r"(a+)+$", "search", inf),
        (r"(a|a)*b", "match", inf),
        (r"(a|ab|b)*c", "match", inf),
        (r"(a*)*b", "match", inf),
        (r"(a?){30}b", "match", inf),
        (r"(?:\w+\s?)*", "fullmatch", inf),
        (r"(?i)(?:[a-f]x?|[C-G])*1", "match", inf),
        (rb"(?:<a|<[^>])*>", "match", inf),
        (r"a*a*b", "match", 2),
        (r"\s+$", "search", 2),
        (r"[\s;]*(?:x)?[\s;]*$", "search", 3),
        (r"(?<!\s)\s+$", "search", 1),
        (r"^\s+$", "search", 1),
        (r"[a-z]+", "search", 1),
        (r"(?:\w+\s)*", "fullmatch", 1),
        (r"(?:\w+\s?)*", "match", 1),
        (r'(?:[^"]|"")*"', "match", 1),
        (r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?", "fullmatch", 1),
    ],
)
def test_the_judge_knows_good_from_bad(pattern: str | bytes, way: str, expected: float) -> None:
    assert degree(pattern, way=way) == expected


def test_all_ways_of_writing_one_are_found() -> None:
    tree = ast.parse(
        "import re\nA = re.compile('(a+)+$', re.I)\nA.match(x)\nre.sub('a', '', x, flags=re.S)\n"
        "field = CharField(validators=[RegexValidator('^b')])\n"
    )
    calls = [(ast.unparse(call.args[0]), {*ways}) for call, ways in in_python("re", tree)]
    assert sorted(calls) == [
        ("'(a+)+$'", {"match"}), ("'^b'", {"search"}), ("'a'", {"search"})
    ]  # fmt: skip
    script = "const a = /(a+)+$/;\nx.replace(/[/]b/g, y); // no /c/\nreturn /(?<n>d)/.test(z);"
    assert [one.pattern for one in in_script("a.js", script)] == ["(a+)+$", "[/]b", "(?P<n>d)"]
    assert next(in_script("a.js", script)).degree == inf
