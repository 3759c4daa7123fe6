"""A reply: who is told, in the site and by mail, and how it stops."""

from __future__ import annotations

import re

import time_machine
from sqlalchemy import select

from community.core import clock
from community.core.announce import announce
from community.core.db import db, transaction
from community.core.jobs import Job, run_waiting_jobs
from community.forum.services import answers, posts, reports
from community.notifications import queries
from community.notifications.jobs import deliver_due
from community.notifications.models import Letter, MailChoice, Notice
from community.notifications.words import sentence
from community.routing.signals import question_offered
from tests.make import forum as make
from tests.notifications.conftest import agree, delivered, later, outbox, say, watch


def told(person):
    """The kinds of what somebody was told, the newest first."""
    return [view.kind for view in queries.page_of(person.viewer, None).items]


def test_whoever_asked_is_told_of_the_answer_and_nobody_else(cast, square):
    topic = make.topic(square, cast["member"])
    say(cast["physician"], topic)
    run_waiting_jobs()
    assert told(cast["member"]) == ["answer"]
    assert not [who for who in cast.values() if who.name != "Robin Tallgrass" and told(who)]


def test_one_is_not_told_of_what_one_wrote_oneself(cast, square):
    topic = make.topic(square, cast["member"])
    say(cast["member"], topic)
    run_waiting_jobs()
    assert told(cast["member"]) == []


def test_watchers_of_a_topic_are_told_of_replies_and_the_strongest_reason_is_said_once(cast, square):
    topic = make.topic(square, cast["member"])
    for name in ("member", "policy", "coordinator"):
        watch(cast[name], topic)
    say(cast["physician"], topic, "Ask @Perrine Vale about it.")
    run_waiting_jobs()
    assert told(cast["member"]) == ["answer"]
    assert told(cast["policy"]) == ["mention"]
    assert told(cast["coordinator"]) == ["reply"]


def test_whoever_muted_a_topic_is_told_of_nothing_in_it(cast, square):
    topic = make.topic(square, cast["member"])
    watch(cast["member"], topic, "mute")
    watch(cast["policy"], square, "mute")
    say(cast["physician"], topic, "Ask @Perrine Vale about it.")
    run_waiting_jobs()
    assert told(cast["member"]) == told(cast["policy"]) == []


def test_watchers_of_a_space_are_told_of_its_new_topics(cast, square):
    watch(cast["policy"], square)
    topic = make.topic(square, cast["member"])
    with transaction():
        from community.core.announce import announce
        from community.forum.signals import post_created

        announce(post_created, post_id=make.first_post(topic).id)
    say(cast["physician"], topic)
    run_waiting_jobs()
    assert told(cast["policy"]) == ["topic"]


def test_a_job_that_runs_twice_tells_once(cast, square):
    from community.notifications.receivers import tell

    topic = make.topic(square, cast["member"])
    agree(cast["member"])
    post = say(cast["physician"], topic)
    run_waiting_jobs()
    tell(post.id)
    tell(post.id)
    assert told(cast["member"]) == ["answer"]
    assert len(db.session.scalars(select(Letter)).all()) == 1


def test_what_one_may_no_longer_see_is_in_no_list_and_no_count(cast):
    place = make.space("opioids")
    topic = make.topic(place, cast["physician"])
    watch(cast["physician"], topic)
    other = make.topic(make.space(), cast["physician"])
    say(cast["member"], other)
    from tests import cast as people

    with transaction():
        colleague = people.persona("Ada Reed", groups=["physician"])
        people.title(colleague, "physician")
    post = say(colleague, topic)
    run_waiting_jobs()
    assert queries.unread_count(cast["physician"].viewer) == 2
    with transaction():
        from community.accounts.models import Credential

        db.session.query(Credential).filter_by(persona_id=cast["physician"].persona_id).update(
            {"state": "revoked"}
        )
    assert told(cast["physician"]) == ["answer"]
    assert queries.unread_count(cast["physician"].viewer) == 1
    assert post


def test_a_withdrawn_message_takes_its_notice_with_it(cast, square):
    topic = make.topic(square, cast["member"])
    post = say(cast["physician"], topic)
    run_waiting_jobs()
    with transaction():
        posts.withdraw(cast["physician"].viewer, make.seen(cast["physician"], post))
    assert told(cast["member"]) == []
    assert queries.unread_count(cast["member"].viewer) == 0


def test_what_was_read_in_the_topic_is_read_by_the_bell(cast, square, visit):
    topic = make.topic(square, cast["member"])
    say(cast["physician"], topic)
    run_waiting_jobs()
    browser = visit(cast["member"])
    assert "Notifications, unread: 1" in browser.get("/en/spaces").text
    browser.post(f"/en/topics/{topic.key}/read", {"number": "2"})
    assert "Notifications, unread" not in browser.get("/en/spaces").text


def test_one_is_marked_as_read_and_all_are(cast, square, visit):
    topic = make.topic(square, cast["member"])
    for words in ("One.", "Two.", "Three."):
        say(cast["physician"], topic, words)
    run_waiting_jobs()
    browser = visit(cast["member"])
    page = browser.get("/en/notifications").text
    keys = re.findall(r"/en/notifications/([0-9A-Za-z]{22})/read", page)
    assert len(keys) == 3
    assert browser.post(f"/en/notifications/{keys[0]}/read").status_code == 303
    assert queries.unread_count(cast["member"].viewer) == 2
    say(cast["physician"], topic, "Came while the page was open.")
    run_waiting_jobs()
    assert browser.post("/en/notifications/read", {"newest": keys[0]}).status_code == 303
    assert queries.unread_count(cast["member"].viewer) == 1
    assert browser.post(f"/en/notifications/{keys[0]}/read", {"act": "unread"}).status_code == 303
    assert queries.unread_count(cast["member"].viewer) == 2


def test_somebody_elses_notice_is_not_there(cast, square, visit):
    topic = make.topic(square, cast["member"])
    say(cast["physician"], topic)
    run_waiting_jobs()
    key = db.session.scalars(select(Notice.id)).one()
    assert visit(cast["policy"]).post(f"/en/notifications/{key}/read").status_code == 404


def test_the_page_and_the_bell_cost_the_same_with_thirty_notices_as_with_three(
    cast, square, visit, statements
):
    topic = make.topic(square, cast["member"])
    browser = visit(cast["member"])
    spent = []
    for count in (3, 27):
        for number in range(count):
            say(cast["physician"], topic, f"Word {number} of {count}.")
        run_waiting_jobs()
        browser.get("/en/notifications")
        with statements.recorded():
            browser.get("/en/notifications")
        spent.append(len(statements.words))
    assert spent[0] == spent[1]


# By mail


def test_a_mail_comes_at_once_to_whoever_agreed_and_to_nobody_else(cast, square):
    topic = make.topic(square, cast["member"], "Where do you start <b>?")
    watch(cast["policy"], topic)
    agree(cast["member"])
    say(cast["physician"], topic)
    [mail] = delivered()
    assert mail.subject == "An answer for you"
    assert "Noemie Larch answers your question." in mail.body
    assert "Where do you start" in mail.body
    assert make.WORDS not in mail.body
    [(html, kind)] = mail.alternatives
    assert kind == "text/html"
    assert "Where do you start &lt;b&gt;?" in html


def test_a_content_note_takes_the_title_out_of_the_mail(cast, square):
    topic = make.topic(square, cast["member"], "After the funeral", note="death")
    agree(cast["member"])
    say(cast["physician"], topic)
    [mail] = delivered()
    assert "The topic has a content note: its title is not in this mail." in mail.body
    assert "funeral" not in mail.subject + mail.body + str(mail.alternatives)


def test_a_mail_goes_once_whatever_is_run_again(cast, square):
    topic = make.topic(square, cast["member"])
    agree(cast["member"])
    say(cast["physician"], topic)
    assert len(delivered()) == 1
    from community.notifications.jobs import deliver, deliver_due

    deliver("another turn")
    deliver_due()
    assert delivered() == []


def test_what_was_read_or_withdrawn_before_its_mail_left_is_not_sent(cast, square):
    agree(cast["member"], cast["coordinator"])
    topic = make.topic(square, cast["member"])
    other = make.topic(square, cast["coordinator"])
    post = say(cast["physician"], topic)
    say(cast["physician"], other)
    run_waiting_jobs(most=4)
    from community.forum.services import reading

    with transaction():
        posts.withdraw(cast["physician"].viewer, make.seen(cast["physician"], post))
        reading.read_up_to(cast["coordinator"].viewer, make.seen(cast["coordinator"], other), 2)
    assert delivered() == []


def test_the_headers_let_programs_stop_it_and_tie_nothing_together(cast, square):
    topic = make.topic(square, cast["member"])
    watch(cast["policy"], topic)
    agree(cast["member"], cast["policy"])
    say(cast["physician"], topic, "First.")
    say(cast["physician"], topic, "Second.")
    mails = delivered()
    assert len(mails) == 4
    by_person: dict[str, list[dict[str, str]]] = {}
    for mail in mails:
        headers = mail.extra_headers
        assert headers["Auto-Submitted"] == "auto-generated"
        assert headers["Precedence"] == "bulk"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["In-Reply-To"] == headers["References"]
        by_person.setdefault(mail.to[0], []).append(headers)
    assert all(len({one["References"] for one in theirs}) == 1 for theirs in by_person.values())
    for name in ("References", "Message-ID", "List-Unsubscribe"):
        seen = [{one[name] for one in theirs} for theirs in by_person.values()]
        assert not seen[0] & seen[1], name
    for name in ("Message-ID", "List-Unsubscribe"):
        assert len({one[name] for theirs in by_person.values() for one in theirs}) == 4
    ids = [who.persona_id for who in cast.values() if who.persona_id]
    ids += [who.member_id for who in cast.values() if who.member_id]
    assert not [one for one in ids if any(one in str(mail.message()) for mail in mails)]


def test_a_protected_space_and_a_protected_name_are_named_in_no_mail(cast):
    place = make.space("lived-experience")
    topic = make.topic(place, cast["lived"], "My own words about it")
    square = make.space()
    other = make.topic(square, cast["lived"], "Asked in the open")
    agree(cast["lived"])
    with time_machine.travel(clock.now().replace(minute=3, second=0), tick=False):
        say(cast["moderator"], topic, "I was a witness.")
        say(cast["physician"], other)
        mails = delivered()
        assert len(mails) == 1, "of a protected space nobody is told the minute"
        before = len(outbox())
        with later(minutes=13):
            deliver_due()  # as the clock does
            run_waiting_jobs()
        mails += outbox()[before:]
    assert len(mails) == 2
    for mail in mails:
        whole = mail.subject + mail.body + mail.alternatives[0][0] + repr(mail.extra_headers)
        assert mail.subject == "News for you"
        assert "References" not in mail.extra_headers
        for words in (
            "Quiet-Alder",
            "Far-Lake",
            "My own",
            "Asked in",
            "lived",
            "Noemie",
            topic.key,
            other.key,
        ):
            assert words not in whole, words


def test_a_notice_of_what_a_protected_name_wrote_in_the_open_tells_the_day(cast, square, visit):
    topic = make.topic(square, cast["member"])
    say(cast["physician"], topic)
    say(cast["lived"], topic)
    run_waiting_jobs()
    page = visit(cast["member"]).get("/en/notifications").text
    without_a_name, under_a_name = re.findall(r'<time datetime="([^"]*)"', page)[:2]
    assert "T" not in without_a_name
    assert "T" in under_a_name


def _leaves(kind, person):
    """When the letter of this kind may go to somebody, in minutes of the hour."""
    row = select(Letter.due_at).join(Notice, Notice.id == Letter.notice_id)
    due = db.session.scalars(row.where(Notice.kind == kind, Notice.persona_id == person.persona_id)).one()
    return due.minute


def test_a_mail_of_what_a_protected_name_did_in_the_open_leaves_after_the_quarter_of_the_hour(cast, square):
    agree(cast["member"], cast["policy"], cast["physician"], cast["coordinator"])
    asked, asked_under_it = make.topic(square, cast["member"]), make.topic(square, cast["lived"])
    with time_machine.travel(clock.now().replace(minute=3, second=0), tick=False):
        say(cast["lived"], asked, "Ask @Perrine Vale about it.")
        kept = say(cast["physician"], asked_under_it)
        with transaction():
            answers.accept(cast["lived"].viewer, make.seen(cast["lived"], kept))
            laid = {"persona_id": cast["coordinator"].persona_id, "why": "theme"}
            announce(question_offered, topic_id=asked_under_it.id, **laid)
        as_a_worker_does()
    assert _leaves("answer", cast["member"]) == _leaves("mention", cast["policy"]) == 15
    assert _leaves("kept", cast["physician"]) == _leaves("offered", cast["coordinator"]) == 15


def test_a_mail_of_what_a_public_name_did_beside_it_leaves_at_once(cast, square):
    agree(cast["member"])
    with time_machine.travel(clock.now().replace(minute=3, second=0), tick=False):
        say(cast["physician"], make.topic(square, cast["member"]))
        as_a_worker_does()
    assert _leaves("answer", cast["member"]) == 3


def test_nothing_is_sent_to_an_account_without_an_address(cast, square):
    from community.accounts.members import User

    topic = make.topic(square, cast["member"])
    agree(cast["member"])
    with transaction():
        db.session.get_one(User, cast["member"].member_id).email = None
    say(cast["physician"], topic)
    assert delivered() == []
    assert told(cast["member"]) == ["answer"]


def test_two_names_of_one_person_are_each_told_and_nothing_ties_their_mails(cast, square):
    topic = make.topic(square, cast["member"])
    agree(cast["lived"])  # and with it, also_lived: the same account
    watch(cast["lived"], topic)
    watch(cast["also_lived"], topic)
    say(cast["physician"], topic)
    mails = delivered()
    assert len(mails) == 2
    headers = [mail.extra_headers for mail in mails]
    assert headers[0]["Message-ID"] != headers[1]["Message-ID"]
    dues = db.session.scalars(select(Letter.due_at)).all()
    assert len(set(dues)) == len(dues)


# Stopping it


def link_of(mail):
    return re.findall(r"<https?://[^/]+(/[^>]+)>", mail.extra_headers["List-Unsubscribe"])[0]


def test_one_press_in_a_mail_program_stops_this_kind_without_signing_in(cast, square, app):
    topic = make.topic(square, cast["member"])
    agree(cast["member"])
    say(cast["physician"], topic)
    [mail] = delivered()
    browser = app.test_client()
    assert browser.get(link_of(mail)).status_code == 200
    assert db.session.scalars(select(MailChoice)).all() == []
    db.session.rollback()  # what the test only read must not frame what the request writes
    answer = browser.post(link_of(mail), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "Robin" not in answer.text
    say(cast["physician"], topic, "And another.")
    assert delivered() == []
    assert told(cast["member"]) == ["answer", "answer"]


def test_a_mail_that_waits_is_not_sent_after_it_was_stopped(cast, square, app):
    topic = make.topic(square, cast["member"])
    agree(cast["member"])
    say(cast["physician"], topic)
    [mail] = delivered()
    say(cast["physician"], topic, "Waits a few seconds.")
    run_waiting_jobs()
    db.session.rollback()
    app.test_client().post(link_of(mail), data={"scope": "all"})
    assert delivered() == []
    assert {row.level for row in db.session.scalars(select(MailChoice))} == {"never"}


def test_a_link_that_was_made_up_is_not_there(app):
    for token in ("made-up", "x" * 120, "%00"):
        assert app.test_client().get(f"/unsubscribe/{token}").status_code == 404
        assert app.test_client().post(f"/unsubscribe/{token}").status_code == 404


# Others who are told


def as_a_worker_does():
    """Run the jobs with nothing at hand of what whoever wrote had read."""
    db.session.expire_all()
    run_waiting_jobs()


def test_somebody_who_can_answer_is_told_of_a_question_that_is_laid_before_them(cast, square):
    topic = make.topic(square, cast["member"], kind="question")
    with transaction() as session:
        announce(question_offered, topic_id=topic.id, persona_id=cast["physician"].persona_id, why="theme")
        session.flush()
    as_a_worker_does()
    assert told(cast["physician"]) == ["offered"]
    for why in ("on_call", "keeper", "on_call"):  # it becomes a duty: told again, of each duty once
        with transaction():
            announce(question_offered, topic_id=topic.id, persona_id=cast["physician"].persona_id, why=why)
        as_a_worker_does()
    said = [sentence(view) for view in queries.page_of(cast["physician"].viewer, None).items]
    assert len(said) == len(set(said)) == 3


def test_whose_answer_was_kept_is_told_and_no_longer_when_it_is_not(cast, square):
    from community.forum.services import answers

    topic = make.topic(square, cast["member"])
    post = say(cast["physician"], topic)
    with transaction():
        answers.accept(cast["member"].viewer, make.seen(cast["member"], post))
    as_a_worker_does()
    assert told(cast["physician"]) == ["kept"]
    with transaction():
        answers.unaccept(cast["member"].viewer, make.seen(cast["member"], post))
    run_waiting_jobs()
    assert told(cast["physician"]) == []


def test_those_who_moderate_are_told_of_a_report_once_and_the_author_is_not(cast):
    place = make.space("lived-experience")
    topic = make.topic(place, cast["lived"])
    post = make.post(topic, cast["lived"], "Words.")
    from tests import cast as people

    with transaction():
        others = [people.persona(f"Gale {n}", groups=["lived_experience"]) for n in range(2)]
    for who in others:
        with transaction():
            reports.report(who.viewer, make.seen(who, post), "advice")
        as_a_worker_does()
    assert told(cast["moderator"]) == ["report"]
    assert told(cast["lived"]) == []
    assert [told(who) for who in others] == [[], []]


def test_somebody_who_left_leaves_nothing_here(cast, square):
    from community.notifications.services import telling

    topic = make.topic(square, cast["member"])
    agree(cast["member"])
    say(cast["physician"], topic)
    run_waiting_jobs()
    with transaction():
        telling.forget(cast["member"].persona_id)
    assert db.session.scalars(select(Notice)).all() == []


def test_whoever_agreed_to_no_mail_is_told_in_the_site_and_no_letter_is_written(cast, square):
    topic = make.topic(square, cast["member"])
    watch(cast["policy"], topic)
    agree(cast["policy"])
    say(cast["physician"], topic)
    run_waiting_jobs()
    assert (told(cast["member"]), told(cast["policy"])) == (["answer"], ["reply"])
    assert db.session.scalars(select(Letter.persona_id)).all() == [cast["policy"].persona_id]


def test_those_whom_several_messages_concern_are_told_of_each_in_one_go(cast, square):
    topic, other = make.topic(square, cast["member"]), make.topic(square, cast["policy"])
    agree(cast["member"])
    watch(cast["member"], other)
    for place in (topic, other, topic):
        say(cast["physician"], place)
    jobs = select(Job).where(Job.name == "notifications.receivers.tell_of_post")
    assert len(db.session.scalars(jobs).all()) >= 3
    run_waiting_jobs()
    assert sorted(told(cast["member"])) == ["answer", "answer", "reply"]
    assert told(cast["policy"]) == ["answer"]
    assert len(db.session.scalars(select(Letter)).all()) == 3
