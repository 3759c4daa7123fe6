"""What a silenced name may still send, of all that carries sentences: by hand, of every such address."""

from __future__ import annotations

import os
from datetime import timedelta

import sqlalchemy as sa

from community.core import clock
from community.core.ids import new_key
from community.moderation.models import Act, Matter
from ground.sharing import DONE_ELSEWHERE
from tests.rules import route_table, things
from tests.rules.place import undone

# What others read under the name: refused, and told until when.
TOLD = {
    *("forum.new_topic", "forum.reply", "forum.edit", "conversations.start", "conversations.send"),
    *("forum.new_meeting", "forum.edit_meeting", "forum.new_decision", "forum.edit_mandate"),
    *("forum.edit_charter", "forum.new_space", "forum.edit_space", "moderation.text"),
    *("organizations.add", "organizations.edit", "arrangements.new", "arrangements.edit"),
    *("directory_groups.new_group", "directory_groups.edit_group", "directory_groups.new_meeting"),
    *("directory_groups.edit_meeting", "directory_links.new_link", "directory_links.edit_link"),
    *("directory_training.new_training", "directory_training.edit_training"),
}
# What is still for help: nobody is kept from saying that something is wrong, nor from asking again.
TAKEN = {"forum.report", "moderation.report", "moderation.appeal"}
# An account's own, names of others, the steps of a duty, and what no name stands under.
APART = {
    *("security.login", "security.register", "security.reset_password", "accounts.come_back"),
    *("accounts.join_by_name", "accounts.written_down", "accounts.add_app", "accounts.claim_affiliation"),
    *("accounts.ask_supervisor", "accounts.credential", "accounts.help_line", "accounts.institution_list"),
    *("accounts.openings", "privacy.new_record", "privacy.change_record", "moderation.judge"),
    *("forum.redact", "forum.look", "forum.preview", "forum.topic_guest", "forum.space_guests"),
    *("forum.space_members", "organizations.name_keeper", "directory_groups.add_organization"),
    "testimonies.write",
}
# On a second engine, those that most people send.
MOSTLY = {"forum.reply", "forum.edit", "conversations.send"} | TAKEN


def sentences(place):
    """Of each address that takes a sentence of somebody signed in: one thing, who may, and what they send."""
    found = {}
    for row in route_table.read():
        if row.method == "GET" or row.endpoint in found:
            continue
        sent = things.form(place.world, row.endpoint, row.thing)
        who = next(
            (one for one, answer in row.answers.items() if answer == "done" and one != "visitor"), None
        )
        if who and any(" " in value for value in sent.values() if isinstance(value, str)):
            found[row.endpoint] = (row.thing, who, sent)
    return found


def silence(connection, persona_id):
    key, now = new_key(), clock.now()
    about = {"author_id": persona_id, "reason": "other", "state": "done", "evidence": "", "opened_at": now}
    matter = {"key": key, "kind": "name", "thing": persona_id, "rank": 5, "origin": "report", "reports": 1}
    connection.execute(sa.insert(Matter).values(**matter, **about))
    act = {"key": new_key(), "matter_key": key, "act": "silence", "reason": "other", "before": {}}
    until = now + timedelta(days=1)
    connection.execute(sa.insert(Act).values(**act, persona_id=persona_id, at=now, until=until))


def test_a_silenced_name_is_told_wherever_others_would_read_it_and_still_asks_for_help(place):
    found = sentences(place)
    assert set(found) == TOLD | TAKEN | APART
    for endpoint in MOSTLY if os.environ.get(DONE_ELSEWHERE) else TOLD | TAKEN:
        thing, who, sent = found[endpoint]
        with undone(place.app) as connection:
            silence(connection, place.world.cast[who].persona_id)
            answer = place._open(who, place.path(endpoint, thing), method="POST", data=sent)
        told = answer.status_code == 403 and "you cannot write under this name" in answer.text
        assert (endpoint, told, answer.status_code < 400) == (endpoint, endpoint in TOLD, endpoint in TAKEN)
