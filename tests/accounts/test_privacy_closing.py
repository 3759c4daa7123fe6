"""Closing an account: it is emptied at once, and no name shows at that moment that it was one of its own."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy import func, select

from community.accounts import vault
from community.accounts.members import User
from community.accounts.models import Duty, Persona, VaultRow
from community.accounts.privacy import closing
from community.accounts.privacy.jobs import let_go
from community.accounts.privacy.models import CHOICES, Leaving
from community.accounts.services import duties
from community.conversations.models import Conversation
from community.conversations.queries.talks import subject_of
from community.core import clock, files
from community.core.db import db, transaction
from community.core.errors import Invalid
from community.core.jobs import run_waiting_jobs
from community.core.sealing import tag
from community.forum import checks
from community.forum.models import Post, Reaction, Revision, SpaceMember, Topic
from community.moderation.models import Appeal
from community.moderation.services.keeping import EVIDENCE_FOR
from community.operations import erasures
from tests.make import accounts as make
from tests.make import conversations as talks
from tests.make import forum, moderation


@pytest.fixture
def cast(whole_cast):
    return whole_cast


@pytest.fixture
def topic(cast):
    """A conversation in which both names of one person wrote, and somebody else."""
    begun = forum.topic(forum.space(), cast["lived"], "A title of mine", kind="discussion")
    forum.post(begun, cast["member"], "An answer.")
    forum.post(begun, cast["lived"], "Thank you, said the first.")
    other = forum.topic(forum.space(), cast["member"], "Another conversation", kind="discussion")
    forum.post(other, cast["also_lived"], "Said the second.")
    return begun


def close(client, cast, lived="former", also_lived="former", **fields):
    given = {
        f"choice:{cast[name].persona_id}": choice
        for name, choice in (("lived", lived), ("also_lived", also_lived))
    }
    return make.send(client, "/en/privacy/close", **{"sure": "y", **given, **fields})


def let_all_go():
    """The thirty days pass."""
    with transaction() as session:
        session.execute(sa.update(Leaving).values(due_on=clock.today()))
    for persona_id in closing.due():
        with transaction():
            closing.let_go(persona_id)
    run_waiting_jobs()
    db.session.expire_all()


NOT_THE_PAGE = re.compile(r'name="(csrf_token|idem)" value="[^"]*"')


def seen_by_others(app, cast, topic):
    """What others get to see of both names."""
    addresses = (f"/en/topics/{topic.key}", "/en/latest", f"/en/people/{cast['also_lived'].persona_id}")
    browsers = [cast[name].signs_in(app.test_client()) for name in ("visitor", "member", "moderator")]
    pages = [browser.get(address).text for browser in browsers for address in addresses]
    return [NOT_THE_PAGE.sub("", page) for page in pages]


def test_the_account_is_empty_at_once(client, app, cast, topic):
    cast["lived"].signs_in(client)
    member_id = cast["lived"].member_id
    answer = close(client, cast)
    assert answer.status_code == 302
    assert db.session.get(User, member_id) is None
    for table in db.metadata.tables.values():
        for key in table.foreign_keys:
            if key.column.table.name == "member":
                left = select(func.count()).select_from(table).where(key.parent == member_id)
                assert db.session.scalar(left) == 0, table.name
    assert vault.personas_of(member_id) == {}
    for name in ("lived", "also_lived"):
        assert vault.member_of(cast[name].persona_id) is None
    assert client.get("/en/names").status_code == 302  # nobody is signed in any more
    assert "Clear-Site-Data" in answer.headers


@pytest.mark.parametrize(("lang", "said"), [("en", "sealed, until {} days"), ("fr", "jusqu’à {} jours")])
def test_what_stays_of_reports_is_said_before(client, cast, lang, said):
    cast["lived"].signs_in(client)
    assert said.format(EVIDENCE_FOR.days) in client.get(f"/{lang}/privacy/close").text


def test_nothing_of_either_name_changes_at_that_moment(client, app, cast, topic):
    """SECURITY case 1h."""
    before = seen_by_others(app, cast, topic)
    cast["lived"].signs_in(client)
    assert close(client, cast, "removed", "former").status_code == 302
    run_waiting_jobs()
    assert seen_by_others(app, cast, topic) == before


def test_the_names_leave_on_different_days_within_thirty(client, cast, topic):
    cast["lived"].signs_in(client)
    close(client, cast)
    days = [(row.due_on - clock.today()).days for row in db.session.scalars(select(Leaving))]
    assert len(days) == len(set(days)) == 2
    assert all(1 <= day <= closing.WITHIN_DAYS for day in days)


def test_one_name_leaves_and_the_other_shows_no_change(client, app, cast, topic):
    cast["lived"].signs_in(client)
    close(client, cast, "removed", "former")
    with transaction():
        db.session.get_one(Leaving, cast["lived"].persona_id).due_on = clock.today()
    page = f"/en/people/{cast['also_lived'].persona_id}"
    browser = cast["member"].signs_in(app.test_client())
    before = browser.get(page).status_code
    for persona_id in closing.due():
        with transaction():
            closing.let_go(persona_id)
    run_waiting_jobs()
    assert db.session.get_one(Persona, cast["lived"].persona_id).state == "former"
    assert db.session.get_one(Persona, cast["also_lived"].persona_id).state == "active"
    assert browser.get(page).status_code == before == 200


def test_kept_words_stay_under_former_member(client, cast, topic):
    cast["lived"].signs_in(client)
    close(client, cast)
    let_all_go()
    page = client.get(f"/en/topics/{topic.key}").text
    assert "Thank you, said the first." in page
    assert "Quiet-Alder" not in page
    assert "ormer member" in page
    persona = db.session.get_one(Persona, cast["lived"].persona_id)
    assert (persona.name, persona.groups, persona.region, persona.skeleton) == ("", [], None, None)


def test_words_may_stay_under_a_name_that_the_site_draws(client, cast, topic):
    cast["lived"].signs_in(client)
    close(client, cast, "neutral", "neutral")
    let_all_go()
    names = [db.session.get_one(Persona, cast[name].persona_id) for name in ("lived", "also_lived")]
    assert len({persona.name for persona in names} - {"Quiet-Alder", "Alex Orchard", ""}) == 2
    assert all(persona.kind == "protected" and not persona.groups for persona in names)
    page = client.get(f"/en/topics/{topic.key}").text
    assert names[0].name in page
    assert "Quiet-Alder" not in page
    assert "Alex Orchard" not in page


def test_words_that_are_removed_are_gone_and_those_of_others_stay(client, cast, topic):
    with transaction() as session:
        answer = session.scalars(select(Post).where(Post.body == "An answer.")).one()
        session.add(Reaction(post_id=answer.id, persona_id=cast["lived"].persona_id, kind="thanks"))
        answer.thanks_count = 1
    cast["lived"].signs_in(client)
    close(client, cast, "removed", "former")
    let_all_go()
    page = client.get(f"/en/topics/{topic.key}").text
    assert "An answer." in page
    for word in ("Thank you, said the first.", "A title of mine"):
        assert word not in page
        stored = select(func.count()).select_from(Post).where(Post.body.contains(word))
        assert db.session.scalar(stored) == 0
    db.session.refresh(answer)
    assert answer.thanks_count == 0
    assert db.session.get_one(Topic, topic.id).post_count == 1
    assert not list(checks.counters())
    assert "Said the second." in str(db.session.scalars(select(Post.body)).all())


@pytest.mark.parametrize("choice", CHOICES)
def test_no_quotation_says_who_wrote_it_once_the_name_is_gone(client, cast, topic, choice):
    """In either language, and in what the message said before; words that only look like it stay."""
    name = cast["lived"].name
    before = f"> {name} a écrit\u00a0:\n>\n> Thank you.\n\nI agree."
    quoting = forum.post(topic, cast["member"], f"> {name} wrote:\n>\n> Thank you.\n\nI do.")
    forum.post(topic, cast["member"], f"As {name} wrote: thank you.")
    with transaction() as session:
        session.add(Revision(post_id=quoting.id, version=1, body=before, html="", written_at=clock.now()))
    cast["lived"].signs_in(client)
    close(client, cast, choice, "former")
    let_all_go()
    page = client.get(f"/en/topics/{topic.key}").text
    assert "<p>Former member wrote:</p>" in page
    assert f"As {name} wrote: thank you." in page
    bodies = [*db.session.scalars(select(Post.body)), *db.session.scalars(select(Revision.body))]
    assert [body for body in bodies if f"> {name}" in body] == []
    assert [body for body in bodies if body.startswith("> Ancien membre a écrit\u00a0:\n")]


def test_what_was_written_for_few_is_removed_as_well(client, cast):
    """The subject of a conversation, and why somebody asked for a second look."""
    talk = talks.between(cast["lived"], cast["member"], subject="My sister's name", body="Hello.")
    talks.says(cast["member"], talk, "Hello yourself.")
    with transaction() as session:
        post = forum.first_post(forum.topic(forum.space(), cast["lived"], "Words of mine"))
        done = moderation.matter_of(post)
        done.state, done.done_at = "done", clock.now()
        act = moderation.act_in(done, by=cast["moderator"].persona_id)
        session.add(Appeal(act_key=act.key, words="I was at the hospital.", at=clock.now()))
        key = act.key
    cast["lived"].signs_in(client)
    close(client, cast, "removed", "former")
    let_all_go()
    assert subject_of(db.session.get_one(Conversation, talk.key)) == ""
    assert talks.bodies(cast["member"], talk) == ["Hello yourself."]
    assert db.session.get_one(Appeal, key).words == ""


def test_a_name_that_cannot_go_keeps_no_other_back(client, cast, topic, monkeypatch):
    cast["lived"].signs_in(client)
    close(client, cast)
    with transaction() as session:
        session.execute(sa.update(Leaving).values(due_on=clock.today()))
    stuck, goes = closing.due()
    let_one_go = closing.let_go

    def stumbles(persona_id):
        if persona_id == stuck:
            raise RuntimeError("something of it is in the way")
        let_one_go(persona_id)

    monkeypatch.setattr(closing, "let_go", stumbles)
    with pytest.raises(RuntimeError):
        let_go()
    assert closing.due() == [stuck]
    assert db.session.get_one(Persona, goes).state == "former"
    monkeypatch.undo()
    let_go()
    assert closing.due() == []


def test_no_duty_of_the_community_is_given_to_a_name_whose_account_is_closed(client, cast):
    """The last administrator could else leave it to nobody."""
    cast["member"].signs_in(client)
    closed = cast["member"].persona_id
    make.send(client, "/en/privacy/close", sure="y", **{f"choice:{closed}": "former"})
    for duty in ("administrator", "coordinator"):
        with pytest.raises(Invalid), transaction():
            duties.give(cast["administrator"].viewer, closed, duty)
    assert db.session.get_one(Persona, closed).state == "active"


def test_what_a_name_was_let_into_ends_with_it(client, cast, topic):
    with transaction() as session:
        session.add(SpaceMember(space_id=forum.space().id, persona_id=cast["lived"].persona_id))
    cast["lived"].signs_in(client)
    close(client, cast)
    let_all_go()
    mine = select(SpaceMember).where(SpaceMember.persona_id == cast["lived"].persona_id)
    assert not db.session.scalars(mine).all()


def test_what_a_name_was_let_into_ends_too_when_it_is_left_alone(client, cast):
    with transaction() as session:
        session.add(SpaceMember(space_id=forum.space().id, persona_id=cast["lived"].persona_id))
    cast["lived"].signs_in(client)
    make.send(client, "/en/names/leave", form="/en/menu", persona=cast["lived"].persona_id, sure="yes")
    mine = select(SpaceMember).where(SpaceMember.persona_id == cast["lived"].persona_id)
    assert not db.session.scalars(mine).all()


@pytest.mark.parametrize("missing", ["choice", "sure", "unknown"])
def test_nothing_is_closed_before_every_question_is_answered(client, cast, missing):
    cast["lived"].signs_in(client)
    sure = "" if missing == "sure" else "y"
    answer = close(client, cast, lived={"choice": "", "unknown": "sold"}.get(missing, "former"), sure=sure)
    assert answer.status_code == 422
    assert db.session.get(User, cast["lived"].member_id) is not None
    assert not db.session.scalars(select(Leaving)).all()
    if missing == "choice":
        assert f'name="choice:{cast["also_lived"].persona_id}" value="former" checked' in answer.text


def test_the_name_of_somebody_else_cannot_be_closed(client, cast):
    cast["lived"].signs_in(client)
    close(client, cast, **{f"choice:{cast['member'].persona_id}": "removed"})
    assert {row.persona_id for row in db.session.scalars(select(Leaving))} == {
        cast["lived"].persona_id,
        cast["also_lived"].persona_id,
    }


def test_the_last_administrator_stays(client, cast):
    cast["administrator"].signs_in(client)
    answer = make.send(
        client, "/en/privacy/close", sure="y", **{f"choice:{cast['administrator'].persona_id}": "former"}
    )
    assert answer.status_code == 422
    assert "needs an administrator" in answer.text
    assert db.session.get(User, cast["administrator"].member_id) is not None


def test_a_duty_of_a_public_name_ends_at_once_and_that_of_a_protected_one_with_it(app, client, cast):
    for name in ("coordinator", "moderator"):
        who = cast[name]
        who.signs_in(client)
        make.send(client, "/en/privacy/close", sure="y", **{f"choice:{who.persona_id}": "former"})
    held = {row.persona_id for row in db.session.scalars(select(Duty))}
    assert cast["coordinator"].persona_id not in held
    assert cast["moderator"].persona_id in held
    let_all_go()
    assert cast["moderator"].persona_id not in {row.persona_id for row in db.session.scalars(select(Duty))}


def test_a_last_letter_goes_to_the_address_and_says_no_name(app, client):
    who = make.account("robin@example.org", lang="fr")
    app.extensions["mailman"].outbox = []
    who.signs_in(client)
    make.send(client, "/fr/privacy/close", sure="y", **{f"choice:{who.persona_id}": "former"})
    (letter,) = make.post_box()
    assert letter.to == ["robin@example.org"]
    assert letter.subject == "Votre compte est fermé"
    assert "Robin" not in letter.body


@pytest.mark.parametrize("choice", CHOICES)
def test_whoever_closed_stays_gone_when_a_backup_of_before_is_restored(client, cast, topic, choice):
    """SECURITY case 24: the ledger outside the database is applied to what the backup brought back."""
    member_id, personas = cast["lived"].member_id, [cast["lived"].persona_id, cast["also_lived"].persona_id]
    marks = {
        tag("erasure", kind, whose).hex()
        for kind, whose in [("member", member_id), *((f"leaving {choice}", one) for one in personas)]
    }
    with transaction():
        assert erasures.apply(marks) >= 3
    assert db.session.get(User, member_id) is None
    assert vault.personas_of(member_id) == {}
    assert {row.choice for row in db.session.scalars(select(Leaving))} == {choice}
    with transaction():
        erasures.apply(marks)
    assert len(db.session.scalars(select(Leaving)).all()) == 2


def test_a_name_that_was_replaced_does_not_come_back_with_an_older_backup(cast, topic):
    """The one whose day was still to come waits for a new day; the other is under a drawn name at once."""
    replaced, waits = cast["lived"].persona_id, cast["also_lived"].persona_id
    marks = {tag("erasure", "leaving neutral", one).hex() for one in (replaced, waits)}
    marks.add(tag("erasure", "replaced", replaced).hex())
    with transaction():
        erasures.apply(marks)
    persona = db.session.get_one(Persona, replaced)
    assert (persona.state, persona.kind, persona.groups) == ("active", "protected", [])
    drawn = persona.name
    assert drawn not in {"", "Quiet-Alder"}
    assert vault.member_of(replaced) is None
    assert [row.persona_id for row in db.session.scalars(select(Leaving))] == [waits]
    assert db.session.get_one(Persona, waits).name == "Alex Orchard"
    with transaction():
        erasures.apply(marks)
    assert db.session.get_one(Persona, replaced).name == drawn


def test_that_a_name_was_replaced_is_noted_outside_the_database(client, cast, topic):
    cast["lived"].signs_in(client)
    close(client, cast, "neutral", "former")
    for mark in list(files.site_files().names(erasures.PREFIX)):
        files.site_files().delete(mark)  # of other tests, whose names have the same ids
    let_all_go()
    assert tag("erasure", "replaced", cast["lived"].persona_id).hex() in erasures.ledger()
    assert tag("erasure", "replaced", cast["also_lived"].persona_id).hex() not in erasures.ledger()


def test_removed_words_stay_removed_after_a_restore(cast, topic):
    with transaction():
        erasures.apply({tag("erasure", "words", cast["lived"].persona_id).hex()})
    assert "said the first" not in str(db.session.scalars(select(Post.body)).all())
    assert "Said the second." in str(db.session.scalars(select(Post.body)).all())


def test_the_daily_job_lets_go_of_whoever_is_due_and_of_nobody_else(client, cast, topic):
    cast["lived"].signs_in(client)
    close(client, cast)
    days = sorted(row.due_on for row in db.session.scalars(select(Leaving)))
    with time_machine.travel(clock.now() + (days[0] - clock.today()), tick=False):
        let_go()
        assert db.session.scalar(select(func.count()).select_from(Leaving)) == 1
        let_go()
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        let_go()
    assert db.session.scalar(select(func.count()).select_from(Leaving)) == 0
    assert db.session.scalar(select(func.count()).select_from(VaultRow))
