"""The names that the portal's own code looks for in a request: found in its text, not listed."""

import ast
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.forms import BaseForm

ROOMS = ("reporting", "indicators", "cchc_portal")
_READING = {"get", "getlist", "pop", "setdefault"}
_LONGEST = 40


@cache
def names_in(path: Path) -> frozenset[str]:
    """Return the words by which a module looks into anything: ``asked.get("tim")``,
    ``request.POST["reason"]``, ``"brought" in request.POST``."""
    return frozenset(
        word
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for word in _words(node)
        if 0 < len(word) <= _LONGEST
    )


def _words(node: ast.AST) -> Iterable[str]:
    match node:
        case ast.Call(func=ast.Attribute(attr=reading), args=[ast.Constant(value=str(word)), *_]):
            if reading in _READING:
                yield word
        case ast.Subscript(slice=ast.Constant(value=str(word))):
            yield word
        case ast.Compare(left=ast.Constant(value=str(word)), ops=[ast.In() | ast.NotIn()]):
            yield word


def names_of(view: Callable[..., Any]) -> frozenset[str]:
    """Return the words that the module of a view looks for."""
    module = inspect.getsourcefile(inspect.unwrap(view))
    return names_in(Path(module)) if module else frozenset()


@cache
def fields() -> Mapping[str, type[BaseForm]]:
    """Return the field names of all forms of the portal, each with one form that has it."""
    found: dict[str, type[BaseForm]] = {}
    waiting: list[type[BaseForm]] = [BaseForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.split(".")[0] in ROOMS:
            found |= dict.fromkeys(getattr(form, "base_fields", {}), form)
    return found


@cache
def everywhere() -> Sequence[str]:
    """Return all names that any view, form or middleware of the portal looks for."""
    folders = [Path(settings.BASE_DIR) / room for room in ROOMS]
    modules = [
        path
        for folder in folders
        for path in folder.rglob("*.py")
        if "views" in path.parts
        or "forms" in path.stem
        or "forms" in path.parts
        or path.parent in folders
    ]
    return sorted({word for path in modules for word in names_in(path)} | set(fields()))
