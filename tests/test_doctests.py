"""The examples in the docstrings of both apps, and of the derivation beside them."""

import doctest
import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import pytest

import indicators
import reporting
from tests import rederive


def _modules() -> Iterator[ModuleType]:
    for app in (indicators, reporting, rederive):
        for found in pkgutil.walk_packages(app.__path__, f"{app.__name__}."):
            if ".migrations" not in found.name:
                yield importlib.import_module(found.name)


EXAMPLES = [
    example
    for module in _modules()
    for example in doctest.DocTestFinder().find(module)
    if example.examples
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_says_what_happens(example: doctest.DocTest) -> None:
    told: list[str] = []
    doctest.DocTestRunner().run(example, out=told.append)
    assert "".join(told) == ""


def test_the_examples_are_found() -> None:
    assert "reporting.numbers.read" in [example.name for example in EXAMPLES]
