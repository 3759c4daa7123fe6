"""Two providers on loopback, and the application that knows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from community.accounts.oidc import discovery
from tests.accounts.oidc.faulty import FaultyProvider

Both = tuple[FaultyProvider, FaultyProvider]


@pytest.fixture(scope="module")
def _servers() -> Iterator[Both]:
    both = FaultyProvider(), FaultyProvider()
    yield both
    for one in both:
        one.stop()


@pytest.fixture
def providers(app: Flask, _servers: Both) -> Iterator[Both]:
    """North, which vouches for its people, and south, which does not; both honest."""
    north, south = _servers
    before = app.extensions["settings"]
    known = (north.settings("north", vouches=True), south.settings("south"))
    app.extensions["settings"] = replace(before, providers=known)
    for one in _servers:
        one.reset()
    discovery.forget()
    yield north, south
    app.extensions["settings"] = before


@pytest.fixture
def north(providers: Both) -> FaultyProvider:
    """The first provider."""
    return providers[0]


@pytest.fixture
def south(providers: Both) -> FaultyProvider:
    """The second provider."""
    return providers[1]
