"""What is sent too often is not sent, is not lost either, and its author is told where it waits."""

from __future__ import annotations

import pytest
import time_machine

from community.core import clock
from community.core.db import db
from community.forum.queries import drafts
from community.forum.services import drafts as keeping
from tests.make import accounts as make

SAID = {"en": "Your text is kept as a draft", "fr": "Votre texte est gardé en brouillon"}
# A topic or a space that nobody sees has the same limit, and a draft looks at neither.
FORMS = {
    "topic:one": "/topics/one/replies",
    "edit:one": "/posts/one/edit",
    "space:one": "/spaces/one/new",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory, worker_id):
    with make.own_app(tmp_path_factory.mktemp("too_often"), f"passerelle_too_often_{worker_id}") as app:
        yield app
        db.session.remove()


@pytest.mark.parametrize("lang", SAID)
@pytest.mark.parametrize("place", FORMS)
def test_what_comes_too_often_waits_as_a_draft(site, place, lang):
    kind = place.partition(":")[0]
    someone = make.account(f"{kind}.{lang}@example.org", f"Robin {kind.title()}{lang}", lang=lang)
    client = someone.signs_in(site.test_client())
    token = make.csrf(client.get(f"/{lang}/menu"))

    def send(body):
        return client.post(f"/{lang}{FORMS[place]}", data={"csrf_token": token, "body": body})

    # Windows end with the minute: in its first second a new question, of which fewer are let in, waits 63.
    with time_machine.travel(clock.now().replace(second=30), tick=False):
        before = {send("Once more.").status_code for _ in range(30)}
        last = send("One too many.")
        kept = drafts.kept(someone.viewer, place)
        empty = send("  ")
    assert 429 not in before
    assert last.status_code == empty.status_code == 429
    assert SAID[lang] in last.text
    assert int(last.headers["Retry-After"]) <= 62
    assert kept is not None
    assert kept["body"] == "One too many."
    assert SAID[lang] not in empty.text  # nothing was typed: what waited was cleared
    db.session.remove()  # what was read before is no news
    assert drafts.kept(someone.viewer, place) is None


def test_no_draft_is_promised_where_there_is_no_room_for_one(site, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_FAILED", 0)
    someone = make.account("full@example.org", "Robin Full")
    client = someone.signs_in(site.test_client())
    form = {"csrf_token": make.csrf(client.get("/en/menu")), "body": "One too many."}
    with time_machine.travel(clock.now(), tick=False):
        answers = [client.post(f"/en{FORMS['topic:one']}", data=form) for _ in range(31)]
    assert answers[-1].status_code == 429
    assert SAID["en"] not in answers[-1].text
    assert "Copy it before you leave this page." in answers[-1].text
    assert "One too many." in answers[-1].text
