"""What an operator watches: ``/metrics`` in Prometheus' format, without anybody in it.

A request is counted under the name of its route and its status, never its address: no key of a
topic or a person becomes a label. What all processes share (the queue, the index) is measured when
somebody asks; what each process has is counted in it, and added up over the processes when the
environment names a ``PROMETHEUS_MULTIPROC_DIR``, which the library reads itself.
"""

from __future__ import annotations

import hmac
import os
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, has_app_context, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from community.core import clock, logs
from community.core.db import db
from community.core.jobs import LANES, Job
from community.core.store import settings

bp = Blueprint("operations", __name__)
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_NOTE_SECONDS = 5.0
_OURS = CollectorRegistry()

requests = Counter(
    "passerelle_requests", "Requests by route and status.", ["route", "status"], registry=_OURS
)
seconds = Histogram(
    "passerelle_request_seconds",
    "Time to answer, by part of the site.",
    ["part"],
    buckets=_BUCKETS,
    registry=_OURS,
)
memory = Gauge(
    "passerelle_process_memory_bytes", "Resident memory.", registry=_OURS, multiprocess_mode="livesum"
)
pool = Gauge(
    "passerelle_database_connections_in_use", "Of the pools.", registry=_OURS, multiprocess_mode="livesum"
)
processes = Gauge("passerelle_web_processes", "That answered.", registry=_OURS, multiprocess_mode="livesum")

_measured: dict[str, tuple[str, Callable[[], float]]] = {}
_noted = 0.0


def measure(name: str, what: str, look: Callable[[], float]) -> None:
    """Have a value shown that all processes share; it is looked up when somebody asks."""
    _measured[f"passerelle_{name}"] = (what, look)


def init_app(app: Flask) -> None:
    """Count every request; answer ``/metrics``."""
    logs.count_by(_count)
    app.register_blueprint(bp)


def _count(endpoint: str, status: int, took: float) -> None:
    """One more of its kind. Costs microseconds; the gauges of the process are noted now and then."""
    asked, answered_in = _lines(endpoint, status)
    asked.inc()
    answered_in.observe(took)
    if time.monotonic() - _noted > _NOTE_SECONDS and has_app_context():
        _note()


@cache
def _lines(endpoint: str, status: int) -> tuple[Counter, Histogram]:
    """The lines of a route and of its part: finding them by name each time costs more than counting."""
    part = endpoint.partition(".")[0]
    return requests.labels(endpoint or "none", str(status)), seconds.labels(part or "none")


def _note() -> None:
    global _noted
    _noted = time.monotonic()
    memory.set(_resident())
    processes.set(1)
    lent = getattr(db.engine, "pool", None)  # a test may stand on one connection, without a pool
    found = re.search(r"(?:Checked out|checked out) connections: (\d+)", lent.status() if lent else "")
    pool.set(int(found[1]) if found else 0)


def _resident() -> int:
    """The memory of this process, in bytes."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # not Linux: the most it ever had
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


@bp.get("/metrics")
def metrics() -> Response:
    """For those the settings name; for anybody else there is no such page."""
    if not _may_look():
        abort(404)
    _note()
    registry = _OURS
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        _forget_the_dead(Path(folder))
        registry = CollectorRegistry()
        registry.register(_Counted(Path(folder)))
    shared = CollectorRegistry()
    shared.register(_Shared())
    answer = Response(generate_latest(registry) + generate_latest(shared), content_type=CONTENT_TYPE_LATEST)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _may_look() -> bool:
    wanted, given = settings().metrics_token, request.headers.get("Authorization", "")
    if wanted and hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode()):
        return True
    try:
        asks = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return any(asks in ip_network(one) for one in settings().metrics_from)


def _forget_the_dead(folder: Path) -> None:
    """A process that was killed is no longer part of the sums of those that live."""
    for file in folder.glob("gauge_live*_*.db"):
        number = file.stem.rpartition("_")[2]
        if number.isdigit() and not Path(f"/proc/{number}").exists() and Path("/proc/self").exists():
            with suppress(FileNotFoundError):  # somebody asks another process at the same moment
                multiprocess.mark_process_dead(int(number), str(folder))  # type: ignore[no-untyped-call]


class _Counted(Collector):
    """What every process has counted in a file of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def collect(self) -> Iterator[Metric]:
        """A process that is just starting has made its file before it has given it a length: the
        library fails on such a file, and there is nothing in it yet."""
        files = [str(file) for file in self.folder.glob("*.db") if _length(file)]
        yield from multiprocess.MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]


def _length(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


class _Shared(Collector):
    """The queue, and what domains measure: the same from every process."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Ask the database; what it does not answer is not shown."""
        try:
            yield from _queue()
            for name, (what, look) in _measured.items():
                yield GaugeMetricFamily(name, what, value=look())
        except SQLAlchemyError:
            pass
        finally:
            db.session.rollback()


def _queue() -> Iterator[GaugeMetricFamily]:
    names = {number: name for name, number in LANES.items()}
    due = select(Job.lane, func.count(), func.min(Job.run_at))
    due = due.where(Job.state == "waiting", Job.run_at <= clock.now()).group_by(Job.lane)
    found = {lane: (count, oldest) for lane, count, oldest in db.session.execute(due)}
    depth = GaugeMetricFamily("passerelle_jobs_due", "Jobs that could run now, by lane.", labels=["lane"])
    age = GaugeMetricFamily("passerelle_jobs_oldest_seconds", "How long the oldest waits.", labels=["lane"])
    for number, name in names.items():
        count, oldest = found.get(number, (0, None))
        depth.add_metric([name], count)
        age.add_metric([name], max((clock.now() - oldest).total_seconds(), 0) if oldest else 0)
    yield depth
    yield age
    dead = db.session.scalar(select(func.count()).select_from(Job).where(Job.state == "dead"))
    yield GaugeMetricFamily("passerelle_jobs_dead", "Jobs that were given up: flask check.", value=dead or 0)
