"""A browser, two running sites, and people to sit before them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from ground.browser import ensure_chromium
from tests.journeys.person import FLAGS, PATIENCE, Device, Person, somebody
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
    browser = playwright.chromium.launch(executable_path=ensure_chromium(), args=[*FLAGS])
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Site]:
    """The demonstration community, running."""
    yield from running(tmp_path_factory.mktemp("demonstration"), demonstration=True, models=models)


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Site]:
    """The structure of a community and nobody in it, running."""
    yield from running(tmp_path_factory.mktemp("empty"), demonstration=False, models=models)


@pytest.fixture
def own_site(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Site]:
    """An empty site that only this test uses, and may do anything to."""
    yield from running(tmp_path_factory.mktemp("own"), demonstration=False, models=models)


@pytest.fixture
def sit_down(browser: Browser) -> Iterator[Somebody]:
    """Let one more person sit down: ``sit_down(site, "fr", Device(390))``. All must leave without a fault."""
    people: list[Person] = []

    def one_more(site: Site, lang: Lang = "en", device: Device | None = None) -> Person:
        people.append(somebody(browser, site, lang, device or Device()))
        return people[-1]

    yield one_more
    faults = [fault for person in people for fault in person.finish()]
    assert not faults, "\n".join(faults)
