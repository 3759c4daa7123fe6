"""A browser, two running sites, and people to sit before them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from ground.browser import find_chromium
from tests.journeys.person import FLAGS, PATIENCE, Device, Person
from tests.journeys.seats import Seats
from tests.journeys.site import Site, running
from tests.journeys.words import Lang

Somebody = Callable[..., Person]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        expect.set_options(timeout=PATIENCE)
        yield found


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium; without one the tests fail with the line to type."""
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*FLAGS])
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Site]:
    """The demonstration community, running."""
    yield from running(tmp_path_factory.mktemp("demonstration"), demonstration=True, models=models)


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Site]:
    """The structure of a community and nobody in it but who joins it in a test, running."""
    yield from running(tmp_path_factory.mktemp("empty"), demonstration=False, models=models)


@pytest.fixture(scope="session")
def seats(browser: Browser) -> Seats:
    """Where people of one test after the other sit down."""
    return Seats(browser)


@pytest.fixture
def sit_down(seats: Seats) -> Iterator[Somebody]:
    """Let one more person sit down: ``sit_down(site, "fr", Device(390))``. All must leave without a fault."""

    def one_more(site: Site, lang: Lang = "en", device: Device | None = None) -> Person:
        return seats.take(site, lang, device or Device())

    yield one_more
    faults = seats.leave()
    assert not faults, "\n".join(faults)
