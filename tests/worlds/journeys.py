"""What a dozen people do in a browser, from joining to signing out; what the database then holds."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import time_machine

from community.accounts import vault
from community.accounts.members import User
from community.accounts.titles import Institution
from community.core.db import db, transaction
from community.core.jobs import run_waiting_jobs
from tests import cast as people
from tests.conftest import Browser, build_app
from tests.make import accounts as make
from tests.make import world as worlds
from tests.make.conversations import lets_write
from tests.worlds.dump import Rows, account_tables, dump, numbered

NAMES = ["Ana", "Bel", "Cyr", "Dov", "Eli", "Fay", "Gus", "Hal", "Ida", "Jon", "Kit", "Lea", "Mia", "Ned"]
PEOPLE = len(NAMES)
CLOSES = 10  # of two names
MORNING = datetime(2026, 3, 2, 8, 3, 11, 507_000, tzinfo=UTC)
CHOSEN = re.compile(r'name="persona" value="([0-9A-Za-z]{22})"')


@dataclass
class Aftermath:
    """The database while jobs wait and when they have run, and what only the vault can tell."""

    waiting: Rows
    done: Rows
    accounts: set[str]
    jobs: list[tuple[str, str]]  # every job that was ever written: what tells which, all that it holds
    links: dict[str, list[str]]  # the personas behind each member, in the order of their slots
    numbered: dict[str, set[tuple[int, int]]]  # what the engine keeps with rows, unasked


@dataclass
class Walk:
    """One application, one clock, and the people who use it."""

    app: Any
    clock: Any
    world: worlds.World
    now: datetime = MORNING
    browsers: dict[str, Any] = field(default_factory=dict)
    reports: Counter[str] = field(default_factory=Counter)  # three hide a message from those who come after

    def later(self) -> None:
        """Some time passes; never a whole number of minutes."""
        self.now += timedelta(minutes=7, seconds=13, milliseconds=291)
        self.clock.move_to(self.now, tick=False)

    def send(self, browser: Any, address: str, form: str = "", **fields: Any) -> Any:
        """Fill a form a little later; it must be taken."""
        self.later()
        answer = make.send(browser, address, form=form or "/en/menu", **fields)
        assert answer.status_code < 400, f"{address}: {answer.status}\n{answer.text}"
        return answer


@contextmanager
def walked(folder: Path, name: str) -> Iterator[Aftermath]:
    """Let everybody do everything, and look at all tables."""
    written: list[tuple[str, str]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _facts: Any, many: bool) -> None:
        """However the program writes a job, the database is told so."""
        if statement.upper().startswith("INSERT INTO JOB "):
            written.extend((f"{row}"[:40], repr(row)) for row in (values if many else [values]))

    def watch(connection: Any, _record: object) -> None:
        """SQLite says what it was told, with the values, also past SQLAlchemy."""
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(lambda told: note(None, None, told, told, None, many=False))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    sa.event.listen(sa.Engine, "connect", watch)
    app = build_app(folder, name)
    app.test_client_class = Browser
    try:
        with app.app_context(), time_machine.travel(MORNING, tick=False) as clock:
            walk = Walk(app, clock, worlds.build(people.assemble()))
            with transaction():
                day = MORNING.date()
                db.session.add(
                    Institution(value="hospital.example", kind="domain", name="A hospital", added_on=day)
                )
            lets_write(walk.world.cast["member"])
            for number in range(PEOPLE):
                _join(walk, number)
            for number in range(PEOPLE):
                _live(walk, number)
            _decide(walk)
            _protect(walk)
            waiting, accounts = _look()
            run_waiting_jobs()
            done, links = _look()[0], _links()
            yield Aftermath(waiting, done, accounts, written, links, _numbered())
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
        sa.event.remove(sa.Engine, "connect", watch)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def _look() -> tuple[Rows, set[str]]:
    db.session.remove()
    with db.engine.connect() as connection:
        return dump(connection), account_tables(connection)


def _numbered() -> dict[str, set[tuple[int, int]]]:
    db.session.remove()
    with db.engine.connect() as connection:
        return numbered(connection)


def _links() -> dict[str, list[str]]:
    members = db.session.scalars(sa.text("SELECT id FROM member")).all()
    return {
        member: [persona for _, persona in sorted(vault.personas_of(member).items())] for member in members
    }


def _address(number: int) -> str:
    return f"person.{number:02d}@example.org"


def _join(walk: Walk, number: int) -> None:
    """Join, under one's own name or a proposed one, and confirm; a few hours pass between two people."""
    walk.now += timedelta(hours=5)
    walk.later()
    browser = walk.browsers[_address(number)] = walk.app.test_client()
    wish: dict[str, Any] = {"name": f"Tess {NAMES[number]} Brook", "groups": ["public"]}
    if number % 3 == 0:
        wish = {
            "kind": "protected",
            "proposed": make.proposed(browser),
            "groups": ["lived_experience"],
            "name": "",
        }
    form = make.joining_form(browser, email=_address(number), **{"region": "", **wish})
    assert browser.post("/en/join", data=form).location == "/en/join/sent"
    walk.later()
    letters = [letter for letter in make.post_box() if letter.to == [_address(number)]]
    path = make.link_in(letters[-1])
    walk.send(browser, path, form=path, password=make.PASSWORD)


def _live(walk: Walk, number: int) -> None:
    """Sign in, write, make a protected name, write under it, change back, sign out."""
    browser = walk.browsers[_address(number)]
    walk.later()
    assert make.sign_in(browser, _address(number)).status_code == 302
    _write(walk, browser, "public-square")
    if number % 3:
        _claim(walk, browser, number)
        _change_name(walk, browser, number)
        _write(walk, browser, "lived-experience")
        first = _names(walk, browser)[0]
        walk.send(browser, "/en/names/speak", persona=first)
    walk.send(browser, "/en/consents", purpose="notifications", given="yes")
    if number % 4 == 2:
        _names(walk, browser)
        walk.send(browser, "/en/rescue-codes")
    if number % 4 == 1:
        _names(walk, browser)
        walk.send(
            browser, "/en/password/change", password=make.PASSWORD, new_password=make.PASSWORD + " again"
        )
    _take_along(walk, browser, number)
    if number == CLOSES:
        _close(walk, browser)
    else:
        walk.send(browser, "/en/sign-out")


def _take_along(walk: Walk, browser: Any, number: int) -> None:
    """Ask for what is kept of the name in use and, in the same minutes, of the account."""
    if number % 4 == 3:
        _names(walk, browser)
        walk.send(browser, "/en/privacy/archives/name")
        assert browser.get("/en/privacy/archives/account").status_code == 200


def _close(walk: Walk, browser: Any) -> None:
    """Close the account of two names, and choose something else for each."""
    chosen = dict(zip(_names(walk, browser), ("former", "removed"), strict=True))
    walk.send(
        browser, "/en/privacy/close", sure="y", **{f"choice:{key}": value for key, value in chosen.items()}
    )


def _claim(walk: Walk, browser: Any, number: int) -> None:
    """Claim a title, and have a code sent to the mail of one's hospital."""
    walk.send(browser, "/en/credential", profession="nurse", jurisdiction="on", number=f"4471{number:02d}")
    page = re.search(r"/en/credential/[0-9A-Za-z]{22}/proof", browser.get("/en/credential").text)
    assert page
    sent = {"csrf_token": make.csrf(browser.get(page[0])), "address": f"person.{number:02d}@hospital.example"}
    walk.later()
    assert browser.post(page[0], data=sent).location == page[0]


def _change_name(walk: Walk, browser: Any, number: int) -> None:
    _names(walk, browser)
    page = browser.get("/en/names/new").text
    name = re.findall(r'name="proposed" type="radio" value="([^"]+)"', page)[0]
    walk.send(
        browser, "/en/names/new", kind="protected", proposed=name, groups=["lived_experience"], region=""
    )
    second = _names(walk, browser)[1]
    walk.send(browser, "/en/names/speak", persona=second)
    if number % 2:
        _names(walk, browser)
        walk.send(browser, "/en/names/code", persona=second)


def _names(walk: Walk, browser: Any) -> list[str]:
    """One's own names, once the password was typed again."""
    walk.send(browser, "/en/sign-in/again", form="/en/sign-in/again", password=make.PASSWORD)
    return list(dict.fromkeys(CHOSEN.findall(browser.get("/en/names/all").text)))


def _write(walk: Walk, browser: Any, slug: str) -> None:
    """Everything one can do in a space."""
    topic, post = walk.world.topics[f"{slug} open"].key, walk.world.posts[f"{slug} shown"].key
    question = {"kind": "question", "title": "What would you do?", "body": "Tell me.", "lang": "en"}
    notes = (BytesIO(b"What I wrote down that day."), "notes of that day.txt", "text/plain")
    files: dict[str, Any] = {"file_1": notes} if walk.world.spaces[slug].files else {}
    walk.send(browser, f"/en/topics/{topic}/replies", body="So it was for me.", lang="en", **files)
    walk.send(browser, f"/en/spaces/{slug}/new", **question)
    walk.send(browser, f"/en/posts/{post}/react", add="thanks")
    walk.send(browser, f"/en/posts/{post}/bookmark")
    if walk.reports[post] < 2:
        walk.reports[post] += 1
        walk.send(browser, f"/en/posts/{post}/report", reason="advice", words="Not so.")
    walk.send(browser, f"/en/topics/{topic}/follow", level="watch")
    walk.send(browser, f"/en/topics/{topic}/read", number="3")
    walk.send(browser, "/en/drafts", place=f"space:{slug}", body="Not yet.")
    _choose(walk, browser)


def _choose(walk: Walk, browser: Any) -> None:
    """How a name is told and asked, and what it wants to read."""
    walk.send(browser, "/en/what-i-can-answer", weekly="3")
    walk.send(browser, f"/en/people/{walk.world.cast['physician'].persona_id}/distance", kind="mute")
    walk.send(browser, "/en/who-may-write", who="anybody")
    walk.send(browser, "/en/conversations/new", to="Robin Tallgrass", subject="A word", body="May I ask?")
    walk.send(browser, "/en/notifications/preferences", **{"kind:answer": "daily"})
    walk.send(browser, "/en/notifications/hours", quiet_from="22", quiet_until="7", zone="America/Halifax")
    walk.send(browser, "/en/reading", notes="death")


def _protect(walk: Walk) -> None:
    """Eleven hold a clinician's title, and the vault attests a second name of one; two open a link."""
    walk.later()
    with transaction():
        for number in range(10):
            people.title(people.persona(f"Titled Person {number}"), "nurse")
        public = people.persona("Titled Person 10")
        people.title(public, "nurse")
        owner = db.session.get_one(User, public.member_id)
        fern = people.persona("Still-Fern", kind="protected", owner=owner, slot=1)
        ada = people.persona("Ada Second")
        people.duty(ada, "administrator")
    first, keeper = walk.world.cast["administrator"], walk.world.cast["moderator"]
    reason = "An order of a court, which is kept in the office."
    asked = _just_in(walk, first, "/en/break-glass", name="Quiet-Alder", reason=reason).location
    _just_in(walk, ada, f"{asked}/agree", form=asked)
    _just_in(walk, first, f"{asked}/open", form=asked)
    _just_in(walk, fern, "/en/names/clinician")
    charter = "/en/spaces/lived-experience/charter/edit"
    _just_in(walk, keeper, charter, words_en="We listen.", words_fr="On écoute.", version="0")


def _just_in(walk: Walk, who: people.Someone, address: str, form: str = "", **fields: Any) -> Any:
    """Sign in, and fill the form of an act for which the password must have been typed a moment ago."""
    return walk.send(who.signs_in(walk.app.test_client()), address, form=form or address, **fields)


def _decide(walk: Walk) -> None:
    """A coordinator looks at what was claimed; an administrator gives a duty."""
    walk.later()
    coordinator = walk.world.cast["coordinator"].signs_in(walk.app.test_client())
    claims = re.findall(r"/en/credentials/([0-9A-Za-z]{22})", coordinator.get("/en/credentials").text)
    for key in list(dict.fromkeys(claims))[:4]:
        said = {"because": "register", "reason": "The register says so.", "spoke": "y"}
        walk.send(coordinator, f"/en/credentials/{key}", decision="verified", **said)
    administrator = walk.world.cast["administrator"].signs_in(walk.app.test_client())
    somebody = walk.world.cast["policy"].persona_id
    walk.send(administrator, "/en/duties", persona=somebody, duty="coordinator", scope="")
