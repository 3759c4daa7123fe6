"""Jobs of a running site: an indexer killed in the middle, a job that fails until somebody tries it again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select, update

from community.accounts.services import give_duty
from community.accounts.viewer import OPERATOR, viewer_of
from community.core import clock
from community.core.db import db, transaction
from community.core.jobs import MOST_ATTEMPTS, Job
from community.forum.models import Space
from community.forum.services import topics
from community.forum.services.posts import Writing
from tests.journeys.site import START_SECONDS
from tests.soak import checks
from tests.soak.gauge import Gauge
from tests.soak.ledger import Ledger
from tests.soak.people import Account, join, strong_cookie
from tests.soak.site import Siege
from tests.soak.storm import beside
from tests.soak.writer import Writer

pytestmark = pytest.mark.timeout(180)
QUESTIONS = 120  # more than are indexed in one go


@pytest.fixture
def app(siege: Siege):
    """A program of our own beside the running site."""
    found = beside(siege)
    with found.app_context():
        yield found
        db.session.remove()
        db.engine.dispose()


def look(what):
    """A value as it is now."""
    db.session.rollback()
    return db.session.scalar(what)


def until(there: Callable[[], object], seconds: float = START_SECONDS) -> None:
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def killed_in_the_middle(siege: Siege, account: Account) -> bool:
    """Ask many questions, and kill an indexer that has begun with them. Whether it left some."""
    viewer = viewer_of(account.persona)
    assert viewer is not None
    for number in range(QUESTIONS):
        with transaction():
            space = db.session.scalars(select(Space).where(Space.slug == "public-square")).one()
            topics.ask(viewer, space, f"Question {number}?", Writing(f"First: n{number}n.", "en"))
    due = (Job.name.like("search.%"), Job.run_at <= clock.now())
    waiting = select(func.count()).select_from(Job).where(*due)
    indexer = siege.indexer()
    until(lambda: look(waiting) < QUESTIONS)
    os.killpg(indexer.pid, signal.SIGKILL)
    indexer.wait()
    return bool(look(waiting))


def test_an_indexer_killed_in_the_middle_loses_nothing(siege: Siege, app):
    siege.stop()  # so that only the indexers of this test run
    [account] = join(app, 1, "indexed")
    # On a machine with much to do the kill may come when all is done.
    assert any(killed_in_the_middle(siege, account) for _ in range(5)), "the indexer was faster than the kill"
    last = siege.indexer()
    assert last.wait(timeout=120) == 0
    assert not [*checks.queue_empties(10)]
    assert not [*checks.search()]
    siege.start()


class Letters:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - named by aiosmtpd
        """Keep a letter."""
        self.kept.append(envelope.content.decode())
        return "250 OK"


def test_a_job_that_failed_five_times_waits_for_an_administrator(siege: Siege, app):
    [someone, keeper] = join(app, 2, "mailed")
    with transaction():
        give_duty(OPERATOR, keeper.persona, "administrator")
    gauge, ledger = Gauge(), Ledger()
    forgetful = Writer.at(siege, 1, someone, gauge, ledger)
    page = forgetful.browser.get("/en/password/forgotten")
    form = page.form("/password/forgotten").filled(email=someone.email)
    # On SQLite the library's own pages may be told to try again when somebody writes at that very moment.
    until(lambda: forgetful.browser.send(form, also={503}).status != 503)

    mail = Job.name == "core.send_mail"
    attempts, state = select(Job.attempts).where(mail), select(Job.state).where(mail)
    idle = attempts.where(Job.claimed_by.is_(None))
    for attempt in range(1, MOST_ATTEMPTS + 1):
        until(lambda so_many=attempt: (look(idle) or 0) >= so_many)  # type: ignore[misc]
        if attempt < MOST_ATTEMPTS:
            with transaction():  # instead of waiting for an hour
                db.session.execute(update(Job).where(mail).values(run_at=clock.now()))
    assert look(state) == "dead"

    administrator = Writer.at(siege, 2, keeper, gauge, ledger)
    administrator.browser.cookies.update(strong_cookie(app, keeper))
    page = administrator.browser.get("/en/jobs")
    assert "core.send_mail" in page.text
    assert someone.email not in page.text
    letters = Letters()
    server = Controller(letters, hostname="127.0.0.1", port=siege.mail_port, ready_timeout=60)
    server.start()
    try:
        administrator.browser.send(page.form("/retry"))
        until(lambda: look(attempts) is None)
    finally:
        server.stop()
    assert len(letters.kept) == 1
    assert someone.email in letters.kept[0]
    assert "core.send_mail" not in administrator.browser.get("/en/jobs").text
    assert not gauge.faults
