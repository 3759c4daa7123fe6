"""Taking a passage out of what was published: afterwards it is nowhere."""

from __future__ import annotations

import logging
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.core.audit import AuditEntry
from community.core.db import db, transaction
from community.core.errors import Invalid, NotAllowed
from community.core.jobs import run_waiting_jobs
from community.core.store import settings
from community.forum.models import Post, Topic
from community.forum.services import redaction, reports, topics
from community.forum.services.topics import Heading
from community.moderation.models import Matter
from tests.make import forum as make

NAME = "Perrin Aubelange"
SAID = f"My patient {NAME} came back."


@pytest.fixture
def topic(cast):
    """A lived-experience topic that says a name everywhere it can."""
    space = make.space("lived-experience")
    with transaction():
        heading = Heading("question", f"About {NAME}")
        made = topics.start(cast["lived"].viewer, space, heading, make.writing(SAID))
    with transaction():
        first = make.seen(cast["lived"], make.first_post(made))
        said = make.writing(f"{SAID} Edited.")
        topics.change(cast["lived"].viewer, first, 1, Heading("question", f"On {NAME}"), said)
    make.post(made, cast["moderator"], f"> {SAID}\n\nI would wait.")
    return made


def everything() -> str:
    """Every text of every table, and every file of the search index."""
    db.session.rollback()
    rows = [
        str(value)
        for table in db.metadata.sorted_tables
        for row in db.session.execute(select(table))
        for value in row
    ]
    db.session.remove()
    folder = settings().instance_dir / "index"  # of the engine beside SQLite
    files = [file for file in folder.rglob("*") if file.is_file()]
    return "\n".join([*rows, *(file.read_bytes().decode("latin-1") for file in files)])


def test_only_those_who_moderate_take_something_out_and_never_of_their_own(cast, topic):
    for name in ("lived", "physician", "administrator"):
        with pytest.raises(NotAllowed), transaction():
            redaction.redact(cast[name].viewer, loaded(topic), [NAME], "It names a patient.")
    with pytest.raises(Invalid), transaction():
        redaction.redact(cast["moderator"].viewer, loaded(topic), ["Nobody here"], "It names a patient.")
    assert NAME in make.first_post(topic).body


def loaded(topic, number: int = 1) -> Post:
    """A post with its topic and space."""
    with_space = joinedload(Post.topic).joinedload(Topic.space)
    found = select(Post).where(Post.topic_id == topic.id, Post.number == number).options(with_space)
    return db.session.scalars(found).one()


def test_afterwards_it_is_in_no_table_no_index_no_page_and_no_log(cast, topic, visit, caplog):
    key, author = topic.key, cast["lived"]
    run_waiting_jobs()
    page = visit(author)
    assert NAME in page.get(f"/en/topics/{key}").text
    with transaction():
        reports.report(cast["lived"].viewer, loaded(topic, 2), "advice", f"It names {NAME}.")
    before = everything()
    assert NAME in before
    assert "aubelange" in before or not settings().sqlite
    with caplog.at_level(logging.DEBUG):
        moderator = visit(cast["moderator"])
        first = make.first_post(topic).key
        form = moderator.get(f"/en/posts/{first}/redact").text
        assert "P••••• A••••••••" in form
        (token,) = re.findall(r'name="finding" value="([^"]+)"', form)[:1]
        answer = moderator.post(
            f"/en/posts/{first}/redact", {"finding": token, "reason": "It names a patient."}
        )
        assert answer.status_code == 303
        run_waiting_jobs()
    left = everything()
    assert NAME not in left
    assert "aubelange" not in left.lower()
    assert NAME not in caplog.text
    assert NAME not in page.get(f"/en/topics/{key}").text
    assert NAME not in page.get(f"/en/posts/{first}/history").text
    assert redaction.REMOVED in page.get(f"/en/topics/{key}").text
    # The sealed copy of the message that quotes it and was reported is let go of as well.
    assert db.session.scalars(select(Matter.evidence)).all() == [""]
    kept = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "forum.redacted")).one()
    assert kept.detail["places"] >= 6
