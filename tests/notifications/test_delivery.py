"""Delivery through a real mail server, by real workers that are killed at the worst moments."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections import Counter
from email import message_from_string
from pathlib import Path

import pytest
import time_machine
from aiosmtpd.controller import Controller
from sqlalchemy import func, select, update

from community.core import cli, clock
from community.core.db import db, transaction
from community.core.ids import new_key
from community.core.jobs import enqueue, run_waiting_jobs
from community.core.keyfile import first_key
from community.forum.services import posts
from community.notifications.jobs import deliver
from community.notifications.models import Letter, MailSetting, Notice
from config import read_settings
from tests import cast as people
from tests.conftest import new_database
from tests.doors import free_port
from tests.make import accounts
from tests.make import forum as make
from tests.notifications.conftest import agree
from tests.notifications.crowd import gather
from tests.starting import Process, started

# A thousand in `dev.py soak mail`.
RECIPIENTS = int(os.environ.get("RECIPIENTS", "150"))


class Peer:
    """A mail server: keeps what it is given, refuses whom it is told to, and may kill who talks to it."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, str, str]] = []  # sender, recipient, the mail
        self.refuses: dict[str, str] = {}
        self.says = "250 OK"
        self.port = 0
        self.ends = ""  # how a connection ends when a second letter is begun on it
        self.asked = 0
        self.before = self.after = 0  # the letter at which the worker is killed: before or after its end
        self.victim: Process | None = None

    async def handle_MAIL(self, server, session, envelope, address, _options) -> str:  # noqa: N802
        """Take a sender; where connections end, that of the first letter of each alone."""
        if self.ends and getattr(session, "had_one", False):
            if self.ends == "cut":
                server.transport.close()
            return "421 4.7.0 Too many letters, come again"
        session.had_one = True
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802
        """Take a recipient, or refuse it."""
        self.asked += 1
        if self.asked == self.before:
            self.kill()
        envelope.rcpt_tos.append(address)
        return self.refuses.get(address, "250 OK")

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802
        """Keep a letter. From here on it is delivered, whether or not whoever sent it hears so."""
        if self.says.startswith("250"):
            self.kept.append((envelope.mail_from, envelope.rcpt_tos[0], envelope.content.decode()))
        if len(self.kept) == self.after:
            self.kill()
        return self.says

    def kill(self) -> None:
        """As the system's killer of memory hogs would."""
        if self.victim is not None:
            os.kill(self.victim.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def peer():
    handler = Peer()
    handler.port = free_port()
    server = Controller(handler, hostname="127.0.0.1", port=handler.port, ready_timeout=60)
    server.start()
    yield handler
    server.stop()


@pytest.fixture(scope="module")
def environment(tmp_path_factory, worker_id, peer):
    folder = tmp_path_factory.mktemp("mail")
    return {
        "PASSERELLE_ENV": "test",
        "INSTANCE_DIR": str(folder),
        "DATABASE_URL": new_database(Path(folder), f"passerelle_mail_{worker_id}"),
        "MAIL_URL": f"smtp://127.0.0.1:{peer.port}",
        "MAIL_FROM": "Passerelle <news@example.org>",
        "MAIL_RETURNS": "returns@example.org",
        "JOBS": "none",
    }


@pytest.fixture(scope="module")
def site(environment):
    settings = read_settings(environment)
    with accounts.next_life(settings) as app:
        db.create_all()
        with transaction():
            first_key(app, settings)
        cli.load_core_data()
        yield people.assemble()


@pytest.fixture(autouse=True)
def clean(peer):
    peer.kept.clear()
    peer.refuses.clear()
    peer.says, peer.ends, peer.asked, peer.before, peer.after, peer.victim = "250 OK", "", 0, 0, 0, None


def reply(site, topic):
    with transaction():
        posts.reply(site["physician"].viewer, make.seen(site["physician"], topic), make.writing())


def due_now():
    """Nobody waits for the seconds by which letters are spread."""
    with transaction():
        db.session.execute(
            update(Letter).where(Letter.state == "waiting").values(due_at=clock.now(), turn=None)
        )


def state_of(person):
    db.session.rollback()
    rows = select(Letter.state).where(Letter.persona_id == person.persona_id).order_by(Letter.due_at.desc())
    return db.session.scalars(rows).first()


def send(site, who):
    """A reply to somebody's question, delivered as far as the peer takes it."""
    agree(site[who])
    reply(site, make.topic(make.space(), site[who]))
    run_waiting_jobs()
    due_now()
    deliver(new_key())


def test_what_arrives_is_a_whole_mail_with_two_parts(site, peer):
    send(site, "member")
    [(sender, _to, raw)] = peer.kept
    mail = message_from_string(raw)
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.walk()][1:] == ["text/plain", "text/html"]
    assert mail["From"] == "Passerelle <news@example.org>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sender.startswith("returns+")
    assert sender.endswith("@example.org")
    assert site["member"].persona_id not in raw


def test_an_address_that_does_not_exist_stops_the_mail_of_that_name_until_it_says_so(site, peer):
    agree(site["policy"])
    reply(site, make.topic(make.space(), site["policy"]))
    run_waiting_jobs()
    due_now()
    from community.accounts.services import address_of

    found = address_of(site["policy"].persona_id)
    assert found
    peer.refuses[found[0]] = "550 5.1.1 No such user"
    deliver(new_key())
    assert state_of(site["policy"]) == "refused"
    assert db.session.get_one(MailSetting, site["policy"].persona_id).stopped
    kinds = db.session.scalars(select(Notice.kind).where(Notice.persona_id == site["policy"].persona_id))
    assert sorted(kinds) == ["answer", "returned"]
    peer.refuses.clear()
    send(site, "policy")
    assert peer.kept == []
    from community.notifications.services import choosing

    with transaction():
        choosing.resume(site["policy"].viewer)
    send(site, "policy")
    assert len(peer.kept) == 1


@pytest.mark.parametrize("refusal", ["450 4.2.1 Try later", "451 4.3.0 Not now"])
def test_a_server_that_takes_it_later_gets_it_later_once(site, peer, refusal):
    peer.says = refusal
    send(site, "coordinator")
    assert (state_of(site["coordinator"]), peer.kept) == ("waiting", [])
    peer.says = "250 OK"
    due_now()
    deliver(new_key())
    deliver(new_key())
    assert (state_of(site["coordinator"]), len(peer.kept)) == ("handed", 1)


@pytest.mark.parametrize(
    "refusal",
    [
        "530 5.7.0 Authentication required",
        "550 5.7.1 Relaying denied",
        "552 5.2.2 Mailbox full",
        "554 5.7.1 Your network is on a list",
        "554 No mail from here",
        "553 5.1.8 Sender address rejected",
    ],
)
def test_a_server_that_wants_no_mail_of_ours_stops_nobodys_mail(site, peer, refusal):
    agree(site["also_lived"])
    from community.accounts.services import address_of

    found = address_of(site["also_lived"].persona_id)
    assert found
    peer.refuses[found[0]] = refusal
    send(site, "also_lived")
    assert (state_of(site["also_lived"]), peer.kept) == ("waiting", [])
    stopped = db.session.get(MailSetting, site["also_lived"].persona_id)
    assert stopped is None or not stopped.stopped
    peer.refuses.clear()
    due_now()
    deliver(new_key())
    assert len(peer.kept) == 1


def test_while_there_is_no_server_letters_wait(site, peer, monkeypatch):
    import smtplib

    def away(*_more):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr(smtplib.SMTP, "connect", away)
        send(site, "administrator")
    assert (state_of(site["administrator"]), peer.kept) == ("waiting", [])
    due_now()
    deliver(new_key())
    assert len(peer.kept) == 1


@pytest.mark.parametrize("ends", ["421", "cut"])
def test_a_server_that_ends_each_connection_after_a_letter_is_called_again(site, peer, ends):
    everybody = [site[who] for who in ("claimed", "coordinator", "administrator")]
    for who in everybody:
        agree(who)
        reply(site, make.topic(make.space(), who))
    run_waiting_jobs()
    due_now()
    peer.ends = ends
    deliver(new_key())
    assert ([state_of(who) for who in everybody], len(peer.kept)) == (["handed"] * 3, 3)


def test_a_letter_that_two_workers_hold_is_handed_over_by_one(site, peer):
    agree(site["claimed"])
    reply(site, make.topic(make.space(), site["claimed"]))
    run_waiting_jobs()
    due_now()
    from community.notifications import letters
    from community.notifications.jobs import _claim
    from community.notifications.post_office import open_office

    row = db.session.scalars(
        select(Letter).where(Letter.persona_id == site["claimed"].persona_id, Letter.state == "waiting")
    ).one()
    written = letters.write(row)
    assert written
    with open_office() as one, open_office() as other:
        assert one.hand(written, lambda: _claim(row.id))
        assert not other.hand(written, lambda: _claim(row.id))
        assert not other.hand(written, lambda: _claim(row.id))
    assert len(peer.kept) == 1


def test_a_returned_mail_stops_it_too_and_others_do_not(site, peer):
    send(site, "social_worker")
    [(sender, _to, _raw)] = peer.kept
    from flask import current_app

    runner = current_app.test_cli_runner()
    for status, stops in (("4.2.2", False), ("5.7.1", False), ("5.1.8", False), ("5.1.1", True)):
        told = returned(sender, status)
        answer = runner.invoke(args=["notifications", "bounce"], input=told)
        assert answer.exit_code == 0, answer.output
        db.session.remove()
        setting = db.session.get(MailSetting, site["social_worker"].persona_id)
        assert bool(setting and setting.stopped) is stops
    assert runner.invoke(args=["notifications", "bounce"], input=b"From: x\n\nHello").exit_code == 0


def returned(sender: str, status: str) -> bytes:
    """A notification that a mail could not be delivered, as mail servers write it."""
    action = "failed" if status.startswith("5") else "delayed"
    return (
        f"To: {sender}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; someone@example.org\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        "--b--\r\n"
    ).encode()


@pytest.mark.timeout(900)
def test_each_gets_one_mail_though_workers_are_killed_at_the_worst_moments(site, peer, environment):
    topic = make.topic(make.space(), site["expired"])
    addresses = gather(RECIPIENTS, topic)
    reply(site, topic)
    with time_machine.travel(clock.now(), tick=False):  # so that none is due before all are written
        run_waiting_jobs()  # slices of a hundred
    waiting = select(func.count()).select_from(Letter).where(Letter.state == "waiting")
    # And none for whoever asked, who did not agree to mail.
    assert db.session.scalar(waiting) == RECIPIENTS
    due_now()
    with transaction():
        enqueue("notifications.deliver", turn=new_key())
    # Right after the server has taken it and before the worker hears so; then in the middle of another.
    peer.after, peer.before = RECIPIENTS // 3, 2 * RECIPIENTS // 3
    lives = work_until_all_is_sent(peer, environment, waiting)
    assert lives >= 3
    found = Counter(to for _sender, to, _raw in peer.kept)
    assert set(found) == set(addresses)
    assert set(found.values()) == {1}


def work_until_all_is_sent(peer, environment, waiting) -> int:
    """Start a worker, and another whenever one was killed. Returns how many that took."""
    lives, until = 0, time.monotonic() + 800
    program = ("flask", "--app", "wsgi", "worker", "--until-idle")
    while time.monotonic() < until:
        db.session.rollback()
        if not db.session.scalar(waiting):
            return lives
        lives += 1
        with tempfile.TemporaryFile() as said:
            peer.victim = started(*program, environment={**os.environ, **environment}, output=said)
            peer.victim.wait(timeout=800)
    raise AssertionError("not everything was sent")
