"""A soak: writers, kills, restarts, and after each round every check."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from flask import Flask

from community.app import create_app
from community.core.db import db
from config import read_settings
from ground.console import say
from tests.soak import checks
from tests.soak.gauge import Gauge
from tests.soak.ledger import Ledger
from tests.soak.people import join
from tests.soak.site import Siege
from tests.soak.writer import Writer

# SECURITY, D1.
BACK_WITHIN = 5.0
# Words searched for after each round, of those known before it; at the end all are.
SOME = 60


@dataclass(frozen=True)
class Plan:
    """How hard a soak is."""

    rounds: int = 5
    writers: int = 20
    kills: int = 2
    longest_up: float = 5.0  # seconds before a kill
    seed: int = 1
    back_within: float = BACK_WITHIN


@dataclass
class Report:
    """What a soak met; figures for people, violations for the exit code."""

    rounds: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    back: list[float] = field(default_factory=list)
    drained: list[float] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    def to_json(self) -> str:
        """For the command that started this soak in a process of its own."""
        return json.dumps({**vars(self), "kills": dict(self.kills)})


class Storm:
    """One soak of one site."""

    def __init__(self, site: Siege, plan: Plan) -> None:
        self.site, self.plan = site, plan
        self.rng = random.Random(plan.seed)  # noqa: S311 - a soak is repeatable, not secret
        self.gauge, self.ledger, self.report = Gauge(), Ledger(), Report()
        self.app = beside(site)
        accounts = join(self.app, plan.writers)
        self.writers = [
            Writer.at(site, number, account, self.gauge, self.ledger, plan.seed)
            for number, account in enumerate(accounts)
        ]

    def run(self) -> Report:
        """Every round, then the last look at everything."""
        for writer in self.writers:
            writer.sign_in()
        for number in range(1, self.plan.rounds + 1):
            known = len(self.ledger.known())
            self._round()
            self._check(number, known)
            self.report.rounds = number
            say(f"round {number}: {self._line()}")
        self._violations("at the end", lambda: checks.found(self.ledger.known()))
        self.report.violations += self.site.faults()
        self.report.violations += [f"{count} times {fault}" for fault, count in self.gauge.faults.items()]
        self.report.figures = self._figures()
        return self.report

    def _round(self) -> None:
        """Let everybody write while the site is killed and started again."""
        stop = threading.Event()
        threads = [threading.Thread(target=writer.work, args=(stop,)) for writer in self.writers]
        for thread in threads:
            thread.start()
        try:
            self._kill_at_times()
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        # While the jobs of what was just written still run.
        for which in range(self.site.workers):
            self._kill("aide", which)
        self._kill("all")

    def _kill_at_times(self) -> None:
        """The site is up for a while before each kill, and as often killed as it comes back."""
        kinds = {"all": 5, "worker": 3, "master": 1, "aide": 5 * bool(self.site.workers)}
        for _ in range(self.plan.kills):
            time.sleep(self.rng.uniform(0.2, self.plan.longest_up))
            what = self.rng.choices([*kinds], [*kinds.values()])[0]
            self._kill(what, self.rng.randrange(self.site.workers or 1))
        time.sleep(self.rng.uniform(0.2, self.plan.longest_up))

    def _kill(self, what: str, which: int = 0) -> None:
        self.report.kills[what] += 1
        if what == "aide":
            self.site.kill_aide(which)
            return
        ways: dict[str, Callable[[], float]] = {
            "all": self.site.kill_all,
            "worker": self.site.kill_worker,
            "master": self.site.kill_master,
        }
        self.gauge.disturbed()
        back = ways[what]()
        self.gauge.calm()
        self.report.back.append(back)
        if back > self.plan.back_within:
            self.report.violations.append(f"back only {back:.1f} s after a kill ({what})")

    def _check(self, number: int, known: int) -> None:
        """Wait until the jobs have run, then look at everything."""
        started, before_it = time.monotonic(), len(self.report.violations)
        where = f"round {number}"
        self._violations(where, checks.queue_empties)
        self.report.drained.append(time.monotonic() - started)
        self._violations(where, checks.rows)
        self._violations(where, lambda: checks.promises(self.ledger))
        self._violations(where, checks.told)
        self._violations(where, checks.search)
        messages = self.ledger.known()
        before = self.rng.sample(messages[:known], min(known, SOME))
        self._violations(where, lambda: checks.found([*before, *messages[known:]]))
        if len(self.report.violations) > before_it:
            self._violations(f"{where}, the jobs then", checks.jobs_there)

    def _violations(self, where: str, check: Callable[[], Iterator[str]]) -> None:
        with self.app.app_context():
            found = list(check())
            db.session.remove()
            # An idle connection of ours must not be what the site waits for.
            db.engine.dispose()
        self.report.violations += [f"{where}: {violation}" for violation in found[:10]]
        if len(found) > 10:
            self.report.violations.append(f"{where}: and {len(found) - 10} more of these")

    def _line(self) -> str:
        back, drained = self.report.back[-1], self.report.drained[-1]
        return (
            f"{len(self.ledger.written)} posts sent, {self.gauge.lost} connections cut, "
            f"back after {back:.1f} s, jobs done after {drained:.1f} s, "
            f"{len(self.report.violations) + len(self.gauge.faults)} violations"
        )

    def _figures(self) -> dict[str, object]:
        written, gauge = self.ledger.written, self.gauge
        return {
            "kills": ", ".join(f"{count} {what}" for what, count in sorted(self.report.kills.items())),
            "slowest return (s)": f"{max(self.report.back):.1f}",
            "slowest emptying of the queue (s)": f"{max(self.report.drained):.1f}",
            "requests answered": sum(gauge.statuses.values()),
            "cut before their answer": gauge.lost,
            "refused with 429 / 503": f"{gauge.statuses[429]} / {gauge.statuses[503]}",
            "answers while up: half, 95 %, all within (s)": " / ".join(
                f"{gauge.slowest(s):.2f}" for s in (0.5, 0.95, 1)
            ),
            "posts sent": len(written),
            "answered": sum(one.promised for one in written),
            "sent more than once": sum(one.sent > 1 for one in written),
            "cut, then there": sum(one.lost > 0 and one.promised for one in written),
            "edits, two at once": f"{gauge.acts['edit']}, {gauge.acts['edit_twice']}",
            "reactions, kept answers, drafts": " / ".join(
                str(gauge.acts[act]) for act in ("react", "keep_answer", "draft")
            ),
        }


def beside(site: Siege) -> Flask:
    """The same instance, as a program that only looks."""
    return create_app(read_settings({**site.environment(), "JOBS": "none"}), RATELIMIT_ENABLED=False)
