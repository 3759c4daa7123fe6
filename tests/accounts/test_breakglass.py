"""Breaking the glass: two administrators, a reason, a quarter of an hour, and the person is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from community.accounts import breakglass, told
from community.accounts.members import User
from community.accounts.protection import Opening
from community.accounts.services import breakglass as services
from community.accounts.viewer import OPERATOR
from community.core import audit, clock
from community.core.audit import AuditEntry
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid, NotAllowed
from community.core.jobs import run_waiting_jobs
from community.notifications.models import Notice
from tests import cast as people
from tests.make.accounts import link_in, post_box, send

REASON = "A court asks; the order is number seven of this year."


@pytest.fixture
def cast(whole_cast):
    found = dict(whole_cast)
    with transaction():
        found["second"] = people.persona("Ada Second")
        people.duty(found["second"], "administrator")
    return found


def address(who):
    return db.session.get_one(User, who.member_id).email


def ask(cast, name="Quiet-Alder", who="administrator"):
    with transaction():
        return services.ask(cast[who].viewer, name, REASON).id


def decide(cast, key, who="second", *, agree=True):
    with transaction():
        services.decide(cast[who].viewer, key, agree=agree)


def look(cast, key, who="administrator"):
    with transaction():
        services.look(cast[who].viewer, key)


def shown(cast, key, who="administrator"):
    db.session.expire_all()
    return services.address_shown(cast[who].viewer, db.session.get_one(Opening, key))


def test_nobody_but_an_administrator_asks_and_not_the_command_line(cast):
    for who in ("moderator", "coordinator", "lived", "policy"):
        with pytest.raises(NotAllowed):
            ask(cast, who=who)
    with pytest.raises(NotAllowed), transaction():
        services.ask(OPERATOR, "Quiet-Alder", REASON)


def test_asking_takes_a_name_that_somebody_bears_and_a_reason(cast):
    with pytest.raises(Invalid) as refused:
        ask(cast, "Quiet-Nobody")
    assert refused.value.field == "name"
    with pytest.raises(Invalid) as refused, transaction():
        services.ask(cast["administrator"].viewer, "Quiet-Alder", "Because.")
    assert refused.value.field == "reason"


def test_nothing_is_shown_before_a_second_administrator_agrees(cast):
    key = ask(cast)
    assert shown(cast, key) is None
    with pytest.raises(Conflict):
        look(cast, key)
    assert shown(cast, key) is None


def test_whoever_asks_does_not_agree_not_even_behind_another_name(cast):
    key = ask(cast)
    with pytest.raises(NotAllowed):
        decide(cast, key, "administrator")
    with transaction():
        owner = db.session.get(User, cast["administrator"].member_id)
        other = people.persona("Desmond Elm", owner=owner, slot=3)
        people.duty(other, "administrator")
    with pytest.raises(NotAllowed):
        decide({**cast, "other": other}, key, "other")


def test_nobody_decides_whether_the_link_of_their_own_name_is_opened(cast, app):
    with transaction():
        owner = db.session.get_one(User, cast["second"].member_id)
        own = people.persona("Low-Birch", kind="protected", owner=owner, slot=1)
    key = ask(cast, "Low-Birch")
    for agree in (False, True):
        with pytest.raises(NotAllowed):
            decide(cast, key, agree=agree)
    page = cast["second"].signs_in(app.test_client()).get(f"/en/break-glass/{key}")
    assert page.status_code == 200
    assert f"/break-glass/{key}/refuse" not in page.text
    with transaction():
        people.duty(people.persona("Cleo Third"), "administrator")
    assert breakglass.stands(db.session.get_one(Opening, key)) == "asked"
    assert own.persona_id


def test_the_first_sees_the_address_for_a_quarter_of_an_hour_once_and_nobody_else_does(cast, time_machine):
    time_machine.move_to(clock.now(), tick=False)
    key = ask(cast)
    decide(cast, key)
    assert shown(cast, key) is None
    look(cast, key)
    assert shown(cast, key) == address(cast["lived"])
    assert shown(cast, key, "second") is None
    with pytest.raises(Conflict):
        look(cast, key)
    time_machine.shift(timedelta(minutes=15))
    assert shown(cast, key) is None
    with pytest.raises(Conflict):
        look(cast, key)


def test_what_is_left_for_a_day_opens_nothing(cast, time_machine):
    time_machine.move_to(clock.now(), tick=False)
    key, other = ask(cast), ask(cast, "Far-Lake")
    decide(cast, other)
    time_machine.shift(timedelta(hours=24))
    with pytest.raises(Conflict):
        decide(cast, key)
    with pytest.raises(Conflict):
        look(cast, other)
    assert breakglass.stands(db.session.get_one(Opening, key)) == "lapsed"


def test_a_refused_or_withdrawn_request_opens_nothing(cast):
    key = ask(cast)
    decide(cast, key, agree=False)
    with pytest.raises(Conflict):
        look(cast, key)
    again = ask(cast)
    with pytest.raises(NotAllowed), transaction():
        services.withdraw(cast["second"].viewer, again)
    with transaction():
        services.withdraw(cast["administrator"].viewer, again)
    with pytest.raises(Conflict):
        decide(cast, again)


def test_each_step_is_in_the_register_with_the_name_and_never_the_member(cast):
    key = ask(cast)
    decide(cast, key)
    look(cast, key)
    db.session.remove()
    rows = select(AuditEntry).where(AuditEntry.act.like("link.%")).order_by(AuditEntry.number)
    entries = list(db.session.scalars(rows))
    assert [entry.act for entry in entries] == ["link.asked", "link.agreed", "link.opened"]
    assert {entry.target for entry in entries} == {cast["lived"].persona_id}
    assert entries[0].detail["reason"] == REASON
    said = repr([(entry.actor_id, entry.target, entry.detail) for entry in entries])
    assert cast["lived"].member_id not in said
    assert address(cast["lived"]) not in said
    assert audit.first_break() is None


def test_the_person_is_told_once_it_is_agreed_by_a_notice_and_a_letter_that_names_nothing(cast, app):
    app.extensions["mailman"].outbox = []
    key = ask(cast)
    run_waiting_jobs()
    assert not post_box()
    decide(cast, key)
    run_waiting_jobs()
    (letter,) = post_box()
    assert letter.to == [address(cast["lived"])]
    assert letter.subject == "Au sujet de votre compte"
    whole = letter.body + str(letter.alternatives)
    assert not [name for name in ("Quiet-Alder", "Alex Orchard", REASON) if name in whole]
    notice = db.session.scalars(select(Notice).where(Notice.kind == "opening")).one()
    assert notice.persona_id == cast["lived"].persona_id
    with transaction():
        told.tell(key)
    assert len(post_box()) == 1
    assert link_in(letter) == "/fr/names/opened"


def test_the_person_reads_who_and_why_and_their_other_name_does_not(cast, app):
    key = ask(cast)
    decide(cast, key)
    look(cast, key)
    db.session.remove()
    page = cast["lived"].signs_in(app.test_client()).get("/en/names/opened").text
    for words in (REASON, "Desmond Oak", "Ada Second"):
        assert words in page
    other = cast["also_lived"].signs_in(app.test_client()).get("/en/names/opened").text
    assert REASON not in other
    run_waiting_jobs()
    notices = cast["lived"].signs_in(app.test_client()).get("/en/notifications").text
    assert "/en/names/opened" in notices


def test_the_whole_of_it_on_the_pages(cast, app):
    first = cast["administrator"].signs_in(app.test_client())
    second = cast["second"].signs_in(app.test_client())
    answer = send(first, "/en/break-glass", name="Quiet-Alder", reason="short")
    assert answer.status_code == 422
    assert "Quiet-Alder" in answer.text
    answer = send(first, "/en/break-glass", name="Quiet-Alder", reason=REASON)
    assert answer.status_code == 303
    place = answer.location
    key = place.rsplit("/", 1)[-1]
    assert send(first, f"{place}/agree", form=place).status_code == 403
    assert send(first, f"{place}/open", form=place).status_code == 409
    assert send(second, f"{place}/agree", form=place).status_code == 303
    assert send(first, f"{place}/open", form=place).status_code == 303
    page = first.get(place)
    assert address(cast["lived"]) in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert address(cast["lived"]) not in second.get(place).text
    for who in ("moderator", "coordinator", "visitor"):
        assert cast[who].signs_in(app.test_client()).get(f"/en/break-glass/{key}").status_code == 404


def test_a_decision_asks_for_the_password_again(cast, app, time_machine):
    time_machine.move_to(clock.now(), tick=False)
    key = ask(cast)
    second = cast["second"].signs_in(app.test_client())
    second.get(f"/en/break-glass/{key}")
    time_machine.shift(timedelta(minutes=11))
    answer = send(second, f"/en/break-glass/{key}/agree", form="/en/menu")
    assert answer.location.partition("?")[0].endswith("/sign-in/again")
    db.session.expire_all()
    assert db.session.get_one(Opening, key).state == "asked"


@pytest.mark.parametrize(("lang", "words"), [("en", "Opened"), ("fr", "Ouvertes")])
def test_the_site_counts_each_act_in_public(cast, app, lang, words):
    key = ask(cast)
    decide(cast, key)
    look(cast, key)
    decide(cast, ask(cast, "Far-Lake"), agree=False)
    ask(cast, "Perrine Vale")
    db.session.remove()
    (year,) = breakglass.by_year()
    assert (year.asked, year.refused, year.agreed, year.opened) == (3, 1, 1, 1)
    db.session.remove()
    page = app.test_client().get(f"/{lang}/transparency")
    assert page.status_code == 200
    assert words in page.text
    assert "Quiet-Alder" not in page.text


def test_an_account_without_an_address_gives_none_and_its_name_is_told_in_the_site(cast):
    with transaction():
        db.session.get_one(User, cast["lived"].member_id).email = None
    key = ask(cast)
    decide(cast, key)
    look(cast, key)
    assert shown(cast, key) == ""
    run_waiting_jobs()
    assert db.session.scalars(select(Notice.persona_id).where(Notice.kind == "opening")).all() == [
        cast["lived"].persona_id
    ]
