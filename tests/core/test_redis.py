"""A Redis that goes and comes back: nobody waits for it in a row, nobody sees an error."""

from __future__ import annotations

import subprocess
import time
from types import SimpleNamespace
from typing import Any

import pytest

from community.core import circuit, redis
from tests.servers import valkey_command

OTHERWISE: Any = b"otherwise"


@pytest.fixture
def server(tmp_path):
    """Starts and kills a server at one address."""
    address = tmp_path / "r.sock"
    running: list[subprocess.Popen[bytes]] = []

    def start():
        running.append(subprocess.Popen(valkey_command(address), stdout=subprocess.DEVNULL))
        end = time.monotonic() + 60
        while not address.exists():
            assert time.monotonic() < end
            time.sleep(0.01)

    def kill():
        for process in running:
            process.kill()
            process.wait()
        running.clear()
        address.unlink(missing_ok=True)

    yield address, start, kill
    kill()


def test_it_is_asked_again_after_a_rest_and_by_one_at_a_time(app, server, monkeypatch):
    address, start, kill = server
    now = [time.monotonic()]
    monkeypatch.setattr(circuit, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setitem(app.extensions, "redis", redis.connect(f"unix://{address}"))
    start()
    redis.ask(lambda one: one.set("word", b"kept"), OTHERWISE)
    assert redis.ask(lambda one: one.get("word"), OTHERWISE) == b"kept"
    kill()
    asked = []

    def word(one):
        asked.append(one)
        return one.get("word")

    for _ in range(50):
        assert redis.ask(word, OTHERWISE) == OTHERWISE
    assert len(asked) == 1, "after one failure nobody asks for a moment"
    assert redis.client() is None
    start()
    now[0] += circuit.REST_SECONDS + 0.1
    assert redis.client() is not None, "the one that tries"
    assert redis.client() is None, "the others do not wait with it"
    now[0] += circuit.REST_SECONDS + 0.1
    assert redis.ask(lambda one: one.get("word"), OTHERWISE) is None, "it is back, and empty"
    assert redis.client() is not None


def test_a_failing_pipeline_is_no_error_either(app, server, monkeypatch):
    address, _, _ = server
    monkeypatch.setitem(app.extensions, "redis", redis.connect(f"unix://{address}"))

    def two(one):
        return one.pipeline().get("a").get("b").execute()

    assert redis.ask(two, OTHERWISE) == OTHERWISE
    assert redis.client() is None


def test_without_one_nobody_is_asked(app):
    assert redis.client() is None
    assert redis.ask(lambda one: one.get("word"), OTHERWISE) == OTHERWISE
