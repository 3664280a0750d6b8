"""Shared by the journeys in a browser."""
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.desk_browsers import CHROMIUM, FLAGS


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Started once per file; tests open contexts of their own."""
    from playwright.sync_api import sync_playwright
    with sync_playwright() as p:
        started = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()
