"""How soon a new post is found, while an import runs: people post, and look for each post at once.

Each post is looked for by its own word on the results page, as anybody would, from the moment its
author was answered until it is there. The import is a real one, in a process of its own; what it
leaves to be indexed goes on after it.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, count

from sqlalchemy import func, select

from community.core.db import db
from community.core.jobs import LANES, Job
from ground.console import ROOT
from ground.serving import FLASK
from tests.soak.browser import Browser, NoAnswer
from tests.soak.gauge import Gauge
from tests.soak.ledger import Ledger
from tests.soak.people import join
from tests.soak.site import Siege
from tests.soak.storm import Report, beside
from tests.soak.writer import Writer, body

PROMISED = 2.0  # seconds; issue 3 and PRODUCT
# When a post is looked for, in seconds after its author was answered; then four times a second. Looking
# costs as much as any search: whoever looked ten times a second would measure nothing else.
LOOKS = (0.6, 1.0, 1.5, 1.9)
EACH = 0.45  # posts a second that one person may write without meeting the limit of 30 a minute
LOOKERS = 24
SPACE = "public-square"
_WORDS = tuple(
    word
    for line in (
        "care plan dose nurse clinic pharmacy question answer family doctor evidence study risk support",
        "treatment methadone naloxone withdrawal pain sleep team visit region service referral training",
    )
    for word in line.split()
)


@dataclass(frozen=True)
class Pace:
    """How much happens at once."""

    seconds: float = 40.0
    rate: float = 10.0  # posts a second, of all people together
    threads: int = 3_000  # questions that are imported, each with its answer


class Finding:
    """Posts during an import, each looked for until it is found."""

    def __init__(self, site: Siege, pace: Pace, seed: int = 1) -> None:
        self.site, self.pace = site, pace
        self.gauge, self.ledger = Gauge(), Ledger()
        self.app = beside(site)
        people = join(self.app, max(2, round(pace.rate / EACH)), "finder")
        self.writers = [
            Writer.at(site, number, one, self.gauge, self.ledger, seed) for number, one in enumerate(people)
        ]
        self.found: list[float] = []
        self.lost: list[str] = []
        self.waiting: list[int] = []  # what the import had still left to index, each second

    def run(self) -> Report:
        """Post for as long as planned; returns the figures. What is never found is a violation."""
        for writer in self.writers:
            writer.sign_in()
        topics = self._topics()
        with self._importing() as importing, ThreadPoolExecutor(LOOKERS) as lookers:
            threads = [
                threading.Thread(target=self._post, args=(writer, topics, lookers)) for writer in self.writers
            ]
            threads.append(threading.Thread(target=self._watch))
            self.end = time.monotonic() + self.pace.seconds
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.imported = importing.poll() is not None
            importing.terminate()  # started again it would go on; this soak has seen enough
        report = self._report()
        if importing.returncode not in {0, -signal.SIGTERM}:
            report.violations.append(f"the import ended with {importing.returncode}")
        return report

    def _topics(self) -> list[str]:
        for writer in self.writers[:6]:
            writer.ask()
        return [message.topic for message in self.ledger.known()]

    def _importing(self) -> subprocess.Popen[bytes]:
        file = self.site.folder / "questions.jsonl"
        file.write_text("".join(f"{json.dumps(row)}\n" for row in _rows(self.pace.threads)), "utf-8")
        command = [*map(str, FLASK), "forum", "import", str(file), "--space", SPACE]
        with self.site.log.open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, env=self.site.environment(), stdout=log, stderr=log)

    def _post(self, writer: Writer, topics: list[str], lookers: ThreadPoolExecutor) -> None:
        """One person, who posts at a steady pace; other threads look for what was posted."""
        step = len(self.writers) / self.pace.rate
        due = time.monotonic() + writer.number / self.pace.rate
        form = writer.browser.get(f"/en/topics/{topics[writer.number % len(topics)]}").form("/replies")
        number = 0
        while due < self.end:
            time.sleep(max(0.0, due - time.monotonic()))
            due, number = max(due + step, time.monotonic()), number + 1
            mark = f"q{writer.number}x{number}q"
            try:
                # The key of the form is a new one each time: these are different posts.
                key = f"{form.value('idem')[:-6]}{number:06d}"
                answer = writer.browser.send(form.filled(body=body(mark), idem=key))
            except NoAnswer:
                continue
            if answer.done:
                lookers.submit(self._look, writer.number, number, mark, time.monotonic())

    def _look(self, person: int, number: int, mark: str, posted: float) -> None:
        """Somebody without an account, from another address each time: searching has its limit, too."""
        browser = Browser(self.site.port, f"10.200.{person}.{number % 250}", self.gauge)
        looks = chain(LOOKS, count(2.25, 0.25))
        while time.monotonic() < posted + 60:
            time.sleep(max(0.0, posted + next(looks) - time.monotonic()))
            asked = time.monotonic()
            try:
                page = browser.get(f"/en/search?q={mark}")
            except NoAnswer:
                continue
            if page.status == 200 and f"<mark>{mark}</mark>" in page.text:
                self.found.append(asked - posted)  # it was there when the page was asked for
                return
        self.lost.append(mark)

    def _watch(self) -> None:
        left = select(func.count()).select_from(Job).where(Job.lane == LANES["bulk"])
        while time.monotonic() < self.end:
            with self.app.app_context():
                self.waiting.append(db.session.scalar(left) or 0)
                db.session.remove()
            time.sleep(1)
        with self.app.app_context():
            db.engine.dispose()  # nobody looks any more

    def _report(self) -> Report:
        report = Report(rounds=1)
        report.violations = [f"never found: {mark}" for mark in self.lost]
        report.violations += [f"{count} times {fault}" for fault, count in self.gauge.faults.items()]
        late = sum(seconds > PROMISED for seconds in self.found)
        report.figures = {
            "posts": f"{len(self.found)} in {self.pace.seconds:.0f} s",
            "questions imported": f"{self.pace.threads}{'' if self.imported else ', not all by the end'}",
            "seconds in which the import was being indexed": sum(map(bool, self.waiting)),
            "found after: half, 95 %, worst (s)": " / ".join(
                f"{self.after(share):.2f}" for share in (0.5, 0.95, 1)
            ),
            f"found later than {PROMISED:.0f} s": late,
            "answers: half, 95 %, all within (s)": " / ".join(
                f"{self.gauge.slowest(share):.2f}" for share in (0.5, 0.95, 1)
            ),
        }
        return report

    def after(self, share: float) -> float:
        """The time within which this share of the posts was found."""
        ordered = sorted(self.found)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _rows(many: int) -> Iterator[dict[str, str]]:
    """Questions and answers of no meaning and of about the usual length, each another one."""
    rng = random.Random(many)  # noqa: S311 - the same file each time
    for number in range(many):
        question = " ".join(rng.choices(_WORDS, k=9))
        answer = " ".join(rng.choices(_WORDS, k=120))
        yield {"question": f"Question {number}: {question}?", "answer": f"{answer}."}
