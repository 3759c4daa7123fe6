"""Acts on top of acts: taken back in every order, after others wrote, withdrew or edited."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from community.core import clock
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid, NotAllowed
from community.forum import archive, checks
from community.forum.models import Follow, Space, Topic
from community.forum.services import posts, redaction, topics
from community.moderation.models import Act, Appeal, Matter
from community.moderation.queries import decisions, matters, second_looks
from community.moderation.services import appealing, keeping
from community.notifications.models import Notice
from community.notifications.services import telling
from tests import cast as people
from tests.make import forum as make
from tests.moderation.deciding import at, matter_of, undo


@pytest.fixture
def topic(cast):
    """Five messages in the public square."""
    topic = make.topic(make.space(), cast["member"], when=clock.now() - timedelta(days=3))
    for n in range(4):
        make.post(topic, cast["physician" if n % 2 else "lived"], f"Reply {n}.")
    return topic


@pytest.fixture
def other(cast):
    """A second one, with a reply, whose title names somebody."""
    found = make.topic(make.space(), cast["physician"], "Maria of Baie")
    make.post(found, cast["lived"], "A reply there.")
    return found


def new_of(act):
    return db.session.scalars(select(Topic).where(Topic.key == act.before["new"])).one()


def by_key(key):
    return db.session.scalars(select(Topic).where(Topic.key == key)).one()


def whole():
    """Nothing that ``check`` looks for is wrong."""
    return [*checks.numbers(), *checks.counters(), *checks.revisions(), *checks.first_posts()]


def follow(who, topic, level="watch"):
    with transaction():
        db.session.add(Follow(persona_id=who.persona_id, target=f"topic:{topic.id}", level=level))


def follows():
    return {(row.persona_id, row.target, row.level) for row in db.session.scalars(select(Follow))}


# In sight


def test_taking_a_hiding_back_leaves_hidden_what_was_hidden_again_since(cast, topic, decide):
    first = decide(cast["coordinator"], matter_of(at(topic, 2)), "hide")
    shown = decide(cast["coordinator"], matter_of(at(topic, 2)), "restore")
    last = decide(cast["coordinator"], matter_of(at(topic, 2)), "hide")
    undo(cast["coordinator"], first)
    assert at(topic, 2).state == "hidden"
    undo(cast["coordinator"], shown)
    assert at(topic, 2).state == "hidden"
    undo(cast["coordinator"], last)
    assert at(topic, 2).state == "shown"


def test_what_was_shown_again_is_hidden_once_that_is_taken_back(cast, topic, decide):
    decide(cast["coordinator"], matter_of(at(topic, 2)), "hide")
    shown = decide(cast["coordinator"], matter_of(at(topic, 2)), "restore")
    undo(cast["coordinator"], shown)
    assert at(topic, 2).state == "hidden"


def test_taking_back_twice_is_harmless(cast, topic, decide):
    act = decide(cast["coordinator"], matter_of(at(topic, 2)), "hide")
    undo(cast["coordinator"], act)
    when = act.undone_at
    undo(cast["administrator"], act)
    assert act.undone_at == when


# Whose name


@pytest.mark.parametrize(
    ("who", "whom", "may"),
    [
        ("moderator", "administrator", False),
        ("moderator", "coordinator", False),
        ("moderator", "member", True),
        ("coordinator", "administrator", False),
        ("coordinator", "moderator", True),
        ("administrator", "coordinator", True),
    ],
)
@pytest.mark.parametrize("act", ["silence", "suspend"])
def test_only_who_stands_above_a_duty_keeps_its_name_from_writing(cast, decide, who, whom, may, act):
    topic = make.topic(make.space("lived-experience"), cast["lived"])
    matter = matter_of(make.post(topic, cast[whom]))
    if may:
        assert decide(cast[who], matter, act, days=7).stands
        return
    with pytest.raises(Invalid) as refused:
        decide(cast[who], matter, act, days=7)
    assert "has a duty" in str(refused.value.sentence)
    if whom == "coordinator":
        done = decide(cast["administrator"], matter, act, days=7)
        with pytest.raises(NotAllowed):
            undo(cast[who], done)


# Closed


def test_what_a_decision_closed_its_author_does_not_open(cast, lived, decide):
    act = decide(cast["coordinator"], matter_of(make.first_post(lived)), "lock")
    with pytest.raises(NotAllowed), transaction():
        topics.reopen(cast["lived"].viewer, make.seen(cast["lived"], lived))
    with transaction():
        topics.reopen(cast["moderator"].viewer, make.seen(cast["moderator"], lived))
    assert act.until is not None
    with pytest.raises(NotAllowed), transaction():
        topics.close(
            cast["moderator"].viewer, make.seen(cast["moderator"], lived)
        )  # they decide, and say why
    for step in (topics.close, topics.reopen):  # from here on it is their own again
        with transaction():
            step(cast["lived"].viewer, make.seen(cast["lived"], lived))
    assert by_key(lived.key).state == "open"


def test_it_stays_closed_until_the_last_decision_that_closed_it_is_taken_back(cast, topic, decide):
    first = decide(cast["coordinator"], matter_of(at(topic, 2)), "lock")
    second = decide(cast["coordinator"], matter_of(at(topic, 3)), "lock")
    undo(cast["coordinator"], first)
    assert by_key(topic.key).state == "closed"
    undo(cast["coordinator"], second)
    assert by_key(topic.key).state == "open"


def state_of(topic):
    db.session.expire_all()
    return by_key(topic.key).state


def test_shown_again_a_topic_is_as_closed_as_it_was(cast, topic, decide, report):
    """One report of a patient hides it unread: it opened whatever a decision, or its author, had closed."""
    decide(cast["coordinator"], matter_of(at(topic, 2)), "lock")
    report(cast["physician"], at(topic, 1), "patient")
    assert state_of(topic) == "hidden"
    hidden = decide(cast["coordinator"], matter_of(at(topic, 1)), "restore")
    assert state_of(topic) == "closed"
    undo(cast["coordinator"], hidden)
    decide(cast["coordinator"], matter_of(at(topic, 1)), "restore")
    assert state_of(topic) == "closed"


def test_so_is_one_that_its_author_closed(cast, topic, decide):
    with transaction():
        topics.close(cast["member"].viewer, make.seen(cast["member"], topic))
    hidden = decide(cast["coordinator"], matter_of(at(topic, 1)), "hide")
    undo(cast["coordinator"], hidden)
    assert state_of(topic) == "closed"
    with transaction():
        topics.reopen(cast["member"].viewer, make.seen(cast["member"], topic))
    assert state_of(topic) == "open"
    hidden = decide(cast["coordinator"], matter_of(at(topic, 1)), "hide")
    undo(cast["coordinator"], hidden)
    assert state_of(topic) == "open"


@pytest.mark.parametrize("back", ["undo", "restore"])
def test_where_its_author_left_meanwhile_the_words_of_others_are_shown_again(
    cast, topic, decide, report, visit, back
):
    """Its first message is gone for good, and was all that there was to hide."""
    if back == "undo":
        act = decide(cast["coordinator"], matter_of(at(topic, 1)), "hide")
    else:
        report(cast["physician"], at(topic, 1), "patient")
    assert state_of(topic) == "hidden"
    with transaction():
        archive.leave(cast["member"].persona_id, keep=False)
    if back == "undo":
        undo(cast["coordinator"], act)
    else:
        found = matter_of(at(topic, 1))
        page = visit(cast["coordinator"]).get(f"/en/moderation/matters/{found.key}").text
        assert [act for act in ("nothing", "hide", "restore") if f'value="{act}"' in page] == [
            "hide",
            "restore",
        ]
        decide(cast["coordinator"], found, "restore")
    assert (at(topic, 1).state, at(topic, 1).body, state_of(topic)) == ("withdrawn", "", "open")
    assert make.seen(cast["social_worker"], at(topic, 2)).body == "Reply 0."
    assert whole() == []


def test_one_that_is_closed_while_it_is_hidden_is_shown_closed_unless_that_is_taken_back(cast, topic, decide):
    for taken_back, shown in ((False, "closed"), (True, "open")):
        hidden = decide(cast["coordinator"], matter_of(at(topic, 1)), "hide")
        lock = decide(cast["coordinator"], matter_of(at(topic, 2)), "lock")
        if taken_back:
            undo(cast["coordinator"], lock)
        undo(cast["coordinator"], hidden)
        assert state_of(topic) == shown
        if not taken_back:
            undo(cast["coordinator"], lock)
            assert state_of(topic) == "open"


def test_whoever_began_a_topic_is_told_what_is_done_to_it_and_reads_nothing_of_whose_message_led_to_it(
    cast, topic, decide, visit
):
    act = decide(cast["coordinator"], matter_of(at(topic, 3)), "lock")
    assert act.persona_id == cast["member"].persona_id
    page = visit(cast["member"]).get(f"/en/moderation/decisions/{act.key}").get_data(as_text=True)
    assert topic.title in page
    assert "Reply 1." not in page


# Moved


def test_what_was_written_since_for_fewer_people_is_not_carried_back_to_more(cast, topic, decide):
    policy = make.space("policy")
    act = decide(cast["coordinator"], matter_of(at(topic, 1)), "move", space="policy")
    make.post(topic, cast["physician"], "Only for those here.", when=clock.now())
    with pytest.raises(Conflict):
        undo(cast["coordinator"], act)
    db.session.rollback()
    assert by_key(topic.key).space_id == policy.id
    assert act.stands


def test_what_waits_about_other_messages_goes_along(cast, topic, decide):
    policy = make.space("policy")
    waits = matter_of(at(topic, 4))
    decide(cast["coordinator"], matter_of(at(topic, 2)), "move", space="policy")
    assert waits.space_id == policy.id


def test_nothing_is_moved_to_where_nobody_reads_or_whoever_decides_does_not(cast, topic, decide):
    """Not even to see whether there is such a space."""
    policy = make.space("policy")
    with transaction():
        db.session.get_one(Space, policy.id).archived = True
    with pytest.raises(Invalid):
        decide(cast["coordinator"], matter_of(at(topic, 1)), "move", space="policy")


# Split


def test_what_was_split_off_and_moved_is_not_put_back_before_more_eyes(cast, topic, decide):
    make.space("policy")
    act = decide(cast["coordinator"], matter_of(at(topic, 4)), "split", title="Something else")
    decide(cast["coordinator"], matter_of(at(new_of(act), 2)), "move", space="policy")
    with pytest.raises(Conflict):
        undo(cast["coordinator"], act)


def test_split_at_a_hidden_message_the_new_topic_is_hidden(cast, topic, decide):
    decide(cast["coordinator"], matter_of(at(topic, 4)), "hide")
    act = decide(cast["coordinator"], matter_of(at(topic, 4)), "split", title="Something else")
    assert new_of(act).state == "hidden"
    assert whole() == []


def test_what_waits_about_split_messages_is_about_their_new_topic(cast, topic, decide):
    waits = matter_of(at(topic, 5))
    act = decide(cast["coordinator"], matter_of(at(topic, 4)), "split", title="Something else")
    assert waits.topic == act.before["new"]
    undo(cast["coordinator"], act)
    assert waits.topic == topic.key


# Merged


def test_a_hidden_topic_is_not_merged_its_replies_would_be_shown(cast, topic, other, decide):
    decide(cast["coordinator"], matter_of(at(other, 1)), "hide")
    with pytest.raises(Invalid):
        decide(cast["coordinator"], matter_of(at(other, 2)), "merge", into=topic.key)


def test_nor_is_a_case_whose_facts_would_be_lost(cast, topic, decide):
    case = make.topic(make.space(), cast["physician"], kind="case")
    with pytest.raises(Invalid):
        decide(cast["coordinator"], matter_of(at(case, 1)), "merge", into=topic.key)


def test_who_watched_a_merged_topic_watches_the_other_and_no_later_topic(cast, topic, other, decide):
    lived, member, physician = (cast[name] for name in ("lived", "member", "physician"))
    follow(lived, other)
    follow(physician, other)
    follow(physician, topic, "mute")
    follow(member, other, "mute")
    key = other.key
    act = decide(cast["coordinator"], matter_of(at(other, 2)), "merge", into=topic.key)
    into = f"topic:{topic.id}"
    watching = {row for row in follows() if row[1] == into}
    assert watching == {(lived.persona_id, into, "watch"), (physician.persona_id, into, "mute")}
    fresh = make.topic(make.space(), cast["physician"], "A later one")  # on SQLite of the same number
    assert not [row for row in follows() if row[1] == f"topic:{fresh.id}"]
    undo(cast["coordinator"], act)
    again = f"topic:{by_key(key).id}"
    assert (member.persona_id, again, "mute") in follows()
    assert (lived.persona_id, again, "watch") in follows()


def test_what_was_told_of_messages_leads_to_where_they_stand(cast, topic, other, decide):
    post_id = at(other, 2).id
    with transaction():
        telling.tell_of_post(post_id)
    told = db.session.scalars(select(Notice).where(Notice.post_id == post_id)).all()
    assert {(row.persona_id, row.number) for row in told} == {(cast["physician"].persona_id, 2)}
    key = other.key
    act = decide(cast["coordinator"], matter_of(at(other, 1)), "merge", into=topic.key)
    assert place_of(post_id) == [(topic.id, 7)]
    undo(cast["coordinator"], act)
    assert place_of(post_id) == [(by_key(key).id, 2)]


def place_of(post_id):
    rows = select(Notice.topic_id, Notice.number).where(Notice.post_id == post_id)
    return [tuple(row) for row in db.session.execute(rows)]


def test_a_title_goes_with_its_first_message_and_is_nowhere_in_the_clear(cast, topic, other, decide):
    key = other.key
    act = decide(cast["coordinator"], matter_of(at(other, 2)), "merge", into=topic.key)
    assert "Maria" not in str(act.before)
    with transaction():
        posts.withdraw(cast["physician"].viewer, make.seen(cast["physician"], at(topic, 6)))
    undo(cast["coordinator"], act)
    assert by_key(key).title == "Topic withdrawn by its author"
    assert whole() == []


def test_a_topic_made_anew_of_a_hidden_first_message_is_hidden(cast, topic, other, decide):
    key = other.key
    act = decide(cast["coordinator"], matter_of(at(other, 2)), "merge", into=topic.key)
    decide(cast["coordinator"], matter_of(at(topic, 6)), "hide")
    undo(cast["coordinator"], act)
    assert by_key(key).state == "hidden"


def test_a_passage_taken_out_does_not_come_back_with_a_title(cast, other, decide):
    square = make.topic(make.space("lived-experience"), cast["lived"])
    mine = make.topic(make.space("lived-experience"), cast["lived"], "Maria of Baie")
    act = decide(cast["coordinator"], matter_of(at(mine, 1)), "merge", into=square.key)
    with transaction():
        post = at(square, 2)
        post.body = "It was Maria."
        redaction.redact(cast["moderator"].viewer, make.seen(cast["moderator"], post), ["Maria"], "A name.")
    with transaction():  # as moderation does once it hears of it
        keeping.forget_evidence_of(at(square, 2).id)
    with pytest.raises(Conflict):
        undo(cast["coordinator"], act)


def test_nor_does_it_stay_in_what_was_told_about_it_or_asked_again(cast, lived, decide):
    post = make.post(lived, cast["lived"], "It was Maria.")
    act = decide(cast["coordinator"], matter_of(post), "warn", words="You name Maria.")
    with transaction():
        appealing.appeal(cast["lived"].viewer, act, "Maria agreed.")
    judged = decide(cast["coordinator"], matter_of(make.post(lived, cast["lived"])), "warn", words="Maria.")
    with transaction():
        db.session.add(Appeal(act_key=judged.key, words="Why?", answer="As Maria.", at=clock.now()))
    with transaction():
        redaction.redact(cast["moderator"].viewer, make.seen(cast["moderator"], post), ["Maria"], "A name.")
    said = [*db.session.scalars(select(Act.words)), *db.session.scalars(select(Appeal.words))]
    said += db.session.scalars(select(Appeal.answer))
    assert sorted(said) == sorted(["You name ▒▒▒.", "▒▒▒.", "▒▒▒ agreed.", "Why?", "", "As ▒▒▒."])


def test_a_lock_of_a_topic_that_was_merged_is_no_failure(cast, topic, other, decide):
    act = decide(cast["coordinator"], matter_of(at(other, 1)), "lock")
    decide(cast["coordinator"], matter_of(at(other, 2)), "merge", into=topic.key)
    with pytest.raises(Conflict):
        undo(cast["coordinator"], act)


# Edited


def test_of_two_edits_the_later_one_is_taken_back_first(cast, topic, decide):
    first = decide(cast["coordinator"], matter_of(at(topic, 2)), "edit", body="The first change.")
    second = decide(cast["coordinator"], matter_of(at(topic, 2)), "edit", body="The second change.")
    with pytest.raises(Conflict):
        undo(cast["coordinator"], first)
    db.session.rollback()
    assert at(topic, 2).body.startswith("The second change.")
    for act in (second, first):
        undo(cast["coordinator"], act)
    assert at(topic, 2).body == "Reply 0."
    assert whole() == []


def test_what_its_author_wrote_since_is_not_written_over(cast, topic, decide):
    act = decide(cast["coordinator"], matter_of(at(topic, 2)), "edit", body="The first change.")
    with transaction():
        post = at(topic, 2)
        posts.edit(cast["lived"].viewer, make.seen(cast["lived"], post), post.version, make.writing("Anew."))
    with pytest.raises(Conflict):
        undo(cast["coordinator"], act)


def test_an_edit_of_what_was_withdrawn_since_is_taken_back_and_brings_no_word_back(
    cast, topic, decide, visit
):
    """Else who asked for a second look and was right could never be told so."""
    act = decide(cast["coordinator"], matter_of(at(topic, 2)), "edit", body="The first change.")
    with transaction():
        post = at(topic, 2)
        appealing.appeal(cast["lived"].viewer, act, "It named nobody.")
        posts.withdraw(cast["lived"].viewer, make.seen(cast["lived"], post))
    with transaction():
        said = "You were right: it named nobody."
        appealing.judge(cast["administrator"].viewer, act, decisions.matter_of(act), "upheld", said)
    assert not act.stands
    assert db.session.get_one(Appeal, act.key).state == "upheld"
    assert (post.state, post.body, act.before) == ("withdrawn", "", {})
    page = visit(cast["lived"]).get(f"/fr/moderation/decisions/{act.key}").get_data(as_text=True)
    assert "aucun mot n’en revient" in page
    assert "est comme avant" not in page


@pytest.mark.parametrize(
    ("act", "more", "still"),
    [
        ("lock", {}, "The topic is closed all the same"),
        ("hide", {}, "is hidden all the same"),
        ("silence", {"days": 1}, "Another decision limits"),
    ],
)
def test_taken_back_under_another_decision_it_says_what_is_still_so(
    cast, topic, decide, visit, act, more, still
):
    first, second = (decide(cast["coordinator"], matter_of(at(topic, 2)), act, **more) for _ in range(2))
    undo(cast["coordinator"], first)
    page = visit(cast["coordinator"]).get(f"/en/moderation/decisions/{first.key}").get_data(as_text=True)
    assert still in page
    assert "is as before" not in page
    undo(cast["coordinator"], second)
    page = visit(cast["coordinator"]).get(f"/en/moderation/decisions/{first.key}").get_data(as_text=True)
    assert "is as before" in page


def test_an_edit_begun_before_does_not_take_the_notice_away(cast, topic, decide):
    post = at(topic, 2)
    begun = post.version
    decide(cast["coordinator"], matter_of(post), "edit", body="The first change.")
    with pytest.raises(Conflict), transaction():
        posts.edit(cast["lived"].viewer, make.seen(cast["lived"], post), begun, make.writing("As before."))


# What waits


@pytest.fixture
def held(cast, topic):
    """The first link of a new name."""
    with transaction():
        made_one = posts.reply(
            cast["member"].viewer,
            make.seen(cast["member"], topic),
            make.writing("See https://example.org/guide for it."),
        )
    assert made_one.held
    return db.session.scalars(select(Matter).where(Matter.thing == made_one.key)).one()


def test_what_is_held_is_not_left_held_by_nothing_to_do(cast, held, decide, visit):
    with pytest.raises(Invalid):
        decide(cast["coordinator"], held, "nothing")
    page = visit(cast["coordinator"]).get(f"/en/moderation/matters/{held.key}").get_data(as_text=True)
    assert 'value="nothing"' not in page
    assert all(f'value="{act}"' in page for act in ("hide", "restore"))


def test_another_act_leaves_it_in_the_queue_until_somebody_says_whether_it_is_shown(cast, held, decide):
    decide(cast["coordinator"], held, "warn")
    assert held.state == "open"
    decide(cast["coordinator"], held, "restore")
    assert held.state == "done"


def test_what_was_hidden_unread_stays_hidden_for_a_reason_that_its_author_is_told(
    cast, topic, report, decide
):
    post = at(topic, 2)
    report(cast["physician"], post, "patient")
    act = decide(cast["coordinator"], matters.open_matter_of("post", post.key), "hide", reason="patient")
    assert act.persona_id == cast["lived"].persona_id
    assert at(topic, 2).state == "hidden"


# Asked again


def test_an_act_taken_back_leaves_no_second_look_to_give(cast, topic, decide):
    act = decide(cast["coordinator"], matter_of(at(topic, 2)), "hide")
    with transaction():
        appealing.appeal(cast["lived"].viewer, act, "Look again.")
    undo(cast["coordinator"], act)
    assert second_looks.waiting(cast["administrator"].viewer) == []
    assert not decisions.decision_of(cast["administrator"].viewer, act).may_judge
    assert db.session.get_one(Appeal, act.key).state == "upheld"


def test_a_second_look_that_cannot_take_it_back_keeps_the_answer(cast, topic, decide, visit):
    act = decide(cast["coordinator"], matter_of(at(topic, 2)), "edit", body="The first change.")
    decide(cast["coordinator"], matter_of(at(topic, 2)), "edit", body="The second change.")
    with transaction():
        appealing.appeal(cast["lived"].viewer, act, "Look again.")
    answer = {"verdict": "upheld", "answer": "You are right about this."}
    page = visit(cast["administrator"]).post(f"/en/moderation/decisions/{act.key}/judge", answer)
    assert page.status_code == 422
    assert all(said in page.get_data(as_text=True) for said in ("It was changed since.", answer["answer"]))
    assert db.session.get_one(Appeal, act.key).state == "open"


def test_after_a_move_to_where_others_moderate_one_is_led_to_the_queue(cast, topic, visit):
    with transaction():
        people.duty(cast["moderator"], "moderator", "public-square")
    browser, policy = visit(cast["moderator"]), make.space("policy")
    decided = {"act": "move", "reason": "other", "text": "other-place", "space": policy.slug}
    key = matter_of(at(topic, 2)).key
    sent = browser.post(f"/en/moderation/matters/{key}", decided)
    assert (sent.status_code, by_key(topic.key).space_id) == (303, policy.id)
    assert sent.location.endswith("/en/moderation")
    assert browser.get(sent.location).status_code == 200


@pytest.mark.parametrize("door", ["matters", "messages"])
def test_nothing_is_decided_about_words_that_were_not_on_the_page(cast, topic, visit, door):
    post = at(topic, 2)
    key = matter_of(post).key if door == "matters" else post.key
    address, browser = f"/en/moderation/{door}/{key}", visit(cast["coordinator"])
    read = mark_on(browser.get(address).get_data(as_text=True))
    with transaction():
        mine = make.seen(cast["lived"], post)
        posts.edit(cast["lived"].viewer, mine, mine.version, make.writing("Something else, and worse."))
    decided = {"act": "edit", "reason": "other", "text": "other-place", "body": "As it was read."}
    again = browser.post(address, {**decided, "read": read})
    page = again.get_data(as_text=True)
    assert again.status_code == 422
    assert all(said in page for said in ("It was changed while", "and worse.", "As it was read."))
    assert at(topic, 2).body == "Something else, and worse."
    assert browser.post(address, {**decided, "read": mark_on(page)}).status_code == 303


def test_who_acts_on_an_old_page_is_told_what_was_decided_meanwhile(cast, topic, visit):
    """Two who read the same unreported message would each warn its author."""
    address = f"/en/moderation/messages/{at(topic, 2).key}"
    form = {"act": "warn", "reason": "other", "text": "other-place", "words": "Mine."}
    first, second = visit(cast["coordinator"]), visit(cast["administrator"])
    reads = [mark_on(one.get(address).get_data(as_text=True)) for one in (first, second)]
    assert first.post(address, {**form, "read": reads[0]}).status_code == 303
    late = second.post(address, {**form, "read": reads[1]})
    page = late.get_data(as_text=True)
    assert late.status_code == 422
    assert all(said in page for said in ("something was decided about this: Name warned.", "Mine."))
    assert len(db.session.scalars(select(Act)).all()) == 1
    assert second.post(address, {**form, "read": mark_on(page)}).status_code == 303  # knowing of it


def test_who_answers_a_second_look_too_late_is_told_and_keeps_the_words(cast, topic, decide, visit):
    act = decide(cast["coordinator"], matter_of(at(topic, 2)), "hide")
    with transaction():
        appealing.appeal(cast["lived"].viewer, act, "Look again.")
    undo(cast["coordinator"], act)
    answer = {"verdict": "refused", "answer": "It stands, I think."}
    late = visit(cast["administrator"]).post(f"/en/moderation/decisions/{act.key}/judge", answer)
    assert late.status_code == 409
    assert all(said in late.get_data(as_text=True) for said in ("has just answered", answer["answer"]))


def mark_on(page):
    return re.findall(r'name="read" value="(\w+)"', page)[0]
