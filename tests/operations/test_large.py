"""Two web processes, a worker and a Redis of their own; Redis goes and comes back under people's hands."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from community.core.db import db
from tests.conftest import ENGINE
from tests.servers import valkey_command
from tests.soak import checks
from tests.soak.browser import Browser
from tests.soak.gauge import Gauge
from tests.soak.ledger import Ledger
from tests.soak.people import join
from tests.soak.site import Siege
from tests.soak.site import _children as children
from tests.soak.storm import beside
from tests.soak.writer import Writer

pytestmark = [
    pytest.mark.timeout(180),
    pytest.mark.skipif(ENGINE != "postgresql", reason="the large size runs on PostgreSQL"),
]
MOST_SEARCHES = 60  # a minute, for one reader
ENOUGH = 66


class Redis:
    """A server that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(valkey_command(self.socket), stdout=subprocess.DEVNULL)
        end = time.monotonic() + 10
        while not self.socket.exists():
            assert time.monotonic() < end
            time.sleep(0.01)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.socket.unlink(missing_ok=True)


@dataclass
class Large(Siege):
    """A site with several processes that share a Redis."""

    redis_url: str = ""

    def environment(self) -> Mapping[str, str]:
        """As for any siege, and the metrics of all processes together."""
        counted = self.folder / "counted"
        counted.mkdir(exist_ok=True)
        return {
            **super().environment(),
            "REDIS_URL": self.redis_url,
            "METRICS_FROM": "127.0.0.0/8,10.0.0.0/8",
            "PROMETHEUS_MULTIPROC_DIR": str(counted),
        }


@pytest.fixture(scope="module")
def redis(tmp_path_factory) -> Iterator[Redis]:
    server = Redis(tmp_path_factory.mktemp("r"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def large(tmp_path_factory, redis) -> Iterator[Large]:
    folder = tmp_path_factory.mktemp("large")
    site = Large(folder, processes=2, workers=1, redis_url=f"unix://{redis.socket}")
    site.prepare()
    try:
        site.start()
        yield site
    finally:
        site.stop()


@pytest.fixture
def beside_it(large: Large):
    """A program of our own beside the running site."""
    app = beside(large)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def searches(site: Large, address: str, asked: int = ENOUGH) -> int:
    """How many of many searches from one address, through both processes, are answered."""
    answered = []

    def some():
        browser = Browser(site.port, address, Gauge())
        for _ in range(asked // 3):
            answered.append(browser.get("/en/search?q=dose", also=(429,)).status == 200)

    threads = [threading.Thread(target=some) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(answered)


def test_redis_goes_and_comes_back_and_nobody_loses_anything(large: Large, redis: Redis, beside_it):
    [account] = join(beside_it, 1, "large")
    gauge, ledger = Gauge(), Ledger()
    writer = Writer.at(large, 200, account, gauge, ledger)
    writer.sign_in()
    writer.ask()
    # Where a minute ends meanwhile, one more is answered.
    counted = (searches(large, f"10.9.2.{number}") for number in range(1, 5))
    assert MOST_SEARCHES in counted, "both processes count together"

    redis.kill()
    for _ in range(3):
        writer.reply()
    started = time.monotonic()
    for _ in range(20):
        assert writer.browser.get("/en/").status == 200
    assert time.monotonic() - started < 20, "pages do not wait for it"
    assert searches(large, "10.9.0.2", 30) == 30, "nobody is locked out"

    redis.start()
    for _ in range(3):
        writer.reply()
    end = time.monotonic() + 60
    while searches(large, f"10.9.1.{int(end - time.monotonic()) + 1}") != MOST_SEARCHES:
        assert time.monotonic() < end, "the processes count together again"
        time.sleep(3)
    assert not gauge.faults
    with beside_it.app_context():
        assert [*checks.queue_empties(30)] == []
        assert [*checks.promises(ledger)] == []
        assert [*checks.rows()] == []
        assert [*checks.search()] == []
        db.session.remove()
    assert not large.faults()


def value(site: Large, metric: str) -> float:
    """What one metric says, asked through whichever process answers."""
    answer = Browser(site.port, "10.9.2.1", Gauge()).get("/metrics")
    said = [line for line in answer.text.splitlines() if line.startswith(metric)]
    assert said, (answer.status, answer.text[:2000])
    return float(said[0].split()[-1])


def test_the_metrics_are_those_of_all_processes_that_live(large: Large):
    reader = Browser(large.port, "10.9.2.2", Gauge())
    for _ in range(10):
        reader.get("/en/help")
    assert value(large, 'passerelle_requests_total{route="core.help",status="200"}') == 10
    assert value(large, "passerelle_web_processes ") == 2
    assert large.process is not None
    before = set(children(large.process.pid))
    (large.folder / "counted" / "counter_1.db").touch()  # as a process leaves it that is just starting
    os.kill(min(before), signal.SIGKILL)
    end = time.monotonic() + 60
    while not (set(children(large.process.pid)) - before and value(large, "passerelle_web_processes ") == 2):
        assert time.monotonic() < end, "one came in its place; the killed one is not counted"
    assert value(large, 'passerelle_requests_total{route="core.help",status="200"}') == 10, "nor forgotten"
