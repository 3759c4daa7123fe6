"""What moderation keeps sealed is read after the key was changed, and not before it is opened."""

from __future__ import annotations

import pytest

from community.accounts.cli import vault_group
from community.core import clock
from community.core.db import db, transaction
from community.core.sealing import seal_text, unseal_text
from community.moderation.models import Act, Matter
from community.moderation.queries.cases import SEAL, evidence_of
from community.moderation.services import resealing
from community.moderation.services.editing import SEAL as EDITED
from tests.make import accounts as make

COUNT = 5
WORDS = "What it said."


@pytest.fixture
def instance(tmp_path, worker_id):
    """An instance with its own key file, and decisions made under its first key."""
    with make.own_app(tmp_path, f"passerelle_sealed_{worker_id}") as app:
        with transaction() as session:
            for number in range(COUNT):
                key = f"matter{number}"
                common = {"reason": "other", "rank": 5, "origin": "own", "opened_at": clock.now()}
                session.add(
                    Matter(key=key, kind="post", thing=key, evidence=seal_text(SEAL, WORDS, key), **common)
                )
                session.flush()
                sealed = {"sealed": seal_text(EDITED, WORDS, key)}
                session.add(
                    Act(
                        key=f"act{number}",
                        matter_key=key,
                        act="edit",
                        reason="other",
                        before=sealed,
                        at=clock.now(),
                    )
                )
            session.add(Matter(key="let go of", kind="post", thing="x", evidence="", **common))
        yield app


@pytest.mark.parametrize("batch", [2, 200])
def test_it_follows_a_change_of_key(instance, monkeypatch, batch):
    monkeypatch.setattr(resealing, "BATCH", batch)
    run = instance.test_cli_runner().invoke
    for words in (["rotate"], ["rotate", "--finish"]):
        answer = run(vault_group, words)
        assert answer.exit_code == 0, answer.output
    db.session.remove()
    assert len(instance.extensions["keyring"].secrets) == 1
    for number in range(COUNT):
        matter, act = db.session.get_one(Matter, f"matter{number}"), db.session.get_one(Act, f"act{number}")
        assert evidence_of(matter) == WORDS
        assert unseal_text(EDITED, act.before["sealed"], matter.thing) == WORDS
    assert db.session.get_one(Matter, "let go of").evidence == ""


def test_what_no_key_opens_stays_as_it_is(instance):
    with transaction():
        db.session.get_one(Matter, "matter0").evidence = "lost"
        for table in (resealing.matters, resealing.acts):
            after = ""
            while after := table(after):
                pass
    assert db.session.get_one(Matter, "matter0").evidence == "lost"
    assert evidence_of(db.session.get_one(Matter, "matter1")) == WORDS
