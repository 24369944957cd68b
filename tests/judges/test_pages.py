"""No page is without its judges."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.judges.pages import NO_PAGES, PAGES, chosen, view_of


def named(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    """Yield the names of the portal's own addresses, those of Django's administration left out."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield from [pattern.name] if pattern.name else []
        elif not pattern.namespace:
            yield from named(pattern.url_patterns)


NAMES = sorted(set(named(get_resolver().url_patterns)))


SEEN = {view_of(seen.address) for seen in PAGES if not seen.is_nowhere}


@pytest.mark.parametrize("name", NAMES)
def test_every_address_is_judged_or_is_no_page(name: str) -> None:
    assert (name in SEEN) != (name in NO_PAGES)


def test_what_is_no_page_is_an_address() -> None:
    assert set(NAMES) >= NO_PAGES


def test_no_page_is_judged_twice_in_one_state() -> None:
    names = [seen.name for seen in PAGES]
    assert len(set(names)) == len(names)


def test_every_page_is_among_the_chosen() -> None:
    taken = chosen(PAGES)
    assert {view_of(seen.address) for seen in taken if not seen.is_nowhere} == SEEN
    assert len(taken) < len(PAGES)
