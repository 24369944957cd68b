"""What was typed survives a portal that is killed, a network that goes, a tab that is closed …"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.resilience import FAULTS, one_clerks_portal, survived

pytestmark = pytest.mark.browser

CELLS = 45


def test_nothing_typed_is_lost_whatever_happens_meanwhile(
    chromium: Browser, tmp_path: Path
) -> None:
    with one_clerks_portal(tmp_path) as (portal, clerk):
        outcome = survived(chromium, portal, clerk, cells=CELLS, seed=7, each=True)
    assert set(FAULTS) <= set(outcome.faults), outcome.told()
    assert outcome.is_whole, outcome.told()
    assert outcome.acknowledged == outcome.cells > CELLS / 3
