"""A fixed slice of the fuzzer: every address as it is found, and once with something wrong."""

from tests.fuzz.running import Fuzz
from tests.fuzz.world import build


def test_no_address_is_broken_by_what_is_sent_to_it(db: None) -> None:
    fuzz = Fuzz(build(), seed=9)
    fuzz.crawl()
    for number in range(len(fuzz.examples)):
        fuzz.attack(number)
    assert not fuzz.found, "\n\n".join(fuzz.found.values())
    # Whoever is led astray by a changed page sends to nothing, and finds nothing.
    assert fuzz.statuses[200] > 200
    assert {400, 404, 405} <= set(fuzz.statuses)
