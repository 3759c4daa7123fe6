"""Those who keep the lived-experience space look first; what is shown ties to no hour."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from community.core import clock
from community.core.audit import AuditEntry
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid, NotAllowed, NotFound
from community.forum.services import structure
from community.moderation import targets
from community.moderation.models import Matter
from community.moderation.services import opening
from community.moderation.services.keeping import load_reasons
from community.moderation.testimonies import KIND
from community.testimonies import jobs, models, queries
from community.testimonies.permissions import may_look_at, may_review, may_see_testimony
from community.testimonies.services import counting, leaving, reviewing
from tests import cast as people
from tests.make import testimonies as make

pytestmark = pytest.mark.usefixtures("lived")


@pytest.fixture
def keeper(cast, lived):
    """Somebody with lived experience whom an administrator named."""
    with transaction():
        found = people.persona("Slow-Willow", kind="protected", groups=["lived_experience"])
        structure.add_member(cast["administrator"].viewer, lived, str(found.persona_id), "keeper")
    return found


def act(function, who, row, *more):
    with transaction():
        return function(who.viewer, db.session.get_one(models.Testimony, row.key), *more)


def again(row):
    db.session.expire_all()
    return db.session.get(models.Testimony, row.key)


def counted():
    return {row.outcome: row.count for row in db.session.scalars(select(models.TestimonyCount))}


# Who


@pytest.mark.parametrize("name", people.NAMES)
def test_rule_and_query_agree_on_who_reads_and_who_looks(cast, name):
    viewer = cast[name].viewer
    for audience in ("lived", "member", "everyone"):
        make.shown(audience=audience)
    waiting, _code = make.left()
    every = db.session.scalars(select(models.Testimony)).all()
    seen = {row.key for row in queries.testimonies(viewer, None).items}
    assert seen == {row.key for row in every if may_see_testimony(viewer, row)}
    assert waiting.key not in seen
    looked = {row.key for row in queries.waiting(viewer)}
    assert looked == ({waiting.key} if may_look_at(viewer, waiting) else set())
    assert bool(looked) == (name == "moderator")


def test_keepers_look_at_them_and_neither_guests_nor_administrators_do(cast, keeper):
    row, _code = make.left()
    assert may_review(keeper.viewer)
    for name in ("visitor", "lived", "physician", "coordinator", "administrator"):
        assert not may_review(cast[name].viewer)
        with pytest.raises(NotFound):
            queries.testimony_looked_after(cast[name].viewer, row.key)
        with pytest.raises(NotAllowed):
            act(reviewing.accept, cast[name], row)


def test_what_waits_stands_on_their_home_page_and_on_no_other(cast, keeper, visit):
    make.left()
    assert "1 testimony to look at" in visit(keeper).get("/en/").text
    for name in ("lived", "coordinator", "member"):
        assert "testimony to look at" not in visit(cast[name]).get("/en/").text


def test_danger_stands_first_then_the_oldest_day(cast):
    rows = [make.left(f"Words of testimony number {n}, which waits.")[0] for n in range(3)]
    with transaction():
        db.session.get_one(models.Testimony, rows[1].key).written_on = clock.today() - timedelta(days=3)
        reviewing.put_first(rows[2].key)
    found = [row.key for row in queries.waiting(cast["moderator"].viewer)]
    assert found == [rows[2].key, rows[1].key, rows[0].key]


# What they do


def test_what_is_accepted_is_shown_days_later_and_then_says_a_month(cast):
    days = set()
    for _ in range(12):
        row, _code = make.left()
        act(reviewing.accept, cast["moderator"], row)
        found = again(row)
        assert (found.state, found.written_on) == ("accepted", None)
        days.add((found.due_on - clock.today()).days)
    assert days <= {1, 2, 3}
    assert len(days) > 1
    assert not queries.testimonies(cast["lived"].viewer, None).items
    with transaction():
        assert reviewing.show_those_due(clock.today()) == 0
        assert reviewing.show_those_due(clock.today() + timedelta(days=3)) == 12
    found = again(row)
    month = (clock.today() + timedelta(days=3)).strftime("%Y-%m")
    assert (found.state, found.due_on, found.month) == ("shown", None, month)
    assert counted() == {"shown": 12}


def test_the_register_says_who_decided_and_holds_no_word_of_it(cast):
    row, _code = make.left("Words that no register may hold, whoever reads it.")
    act(reviewing.take_out, cast["moderator"], row, ["no register"])
    act(reviewing.accept, cast["moderator"], row)
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.target == row.key)).all()
    assert [entry.act for entry in entries] == ["testimonies.taken_out", "testimonies.accepted"]
    assert "register may" not in repr([entry.detail for entry in entries])


def test_a_refused_text_is_gone_and_only_its_reason_is_counted(cast):
    row, _code = make.left()
    with pytest.raises(Invalid):
        act(reviewing.refuse, cast["moderator"], row, "I do not like it")
    act(reviewing.refuse, cast["moderator"], row, "dealing")
    assert again(row) is None
    assert counted() == {"refused:dealing": 1}


def test_it_is_decided_once(cast):
    row, _code = make.left()
    act(reviewing.accept, cast["moderator"], row)
    for function, more in ((reviewing.accept, ()), (reviewing.refuse, ("dealing",))):
        with pytest.raises(Conflict):
            act(function, cast["moderator"], row, *more)


def test_what_was_taken_back_meanwhile_is_not_decided_about(cast):
    row, code = make.left()
    held = db.session.get_one(models.Testimony, row.key)
    db.session.expunge(held)
    with transaction():
        leaving.withdraw(code)
    for function, more in ((reviewing.accept, ()), (reviewing.take_out, (["counter"],))):
        with pytest.raises(Conflict), transaction():
            function(cast["moderator"].viewer, held, *more)


@pytest.mark.parametrize(("lang", "mark"), [("fr", "[retiré]"), ("en", "[removed]")])
def test_what_would_identify_somebody_leaves_a_mark_and_nothing_can_be_added(cast, lang, mark):
    row, _code = make.left(
        "At the bakery of Saint-Imaginaire, the owner (one of two owners) saw me.", lang=lang
    )
    assert act(reviewing.take_out, cast["moderator"], row, ["bakery of Saint-Imaginaire", "owner"]) == 2
    assert again(row).html == f"<p>At the {mark}, the {mark} (one of two owners) saw me.</p>\n"
    for wrong in ([], ["x"], ["nowhere in it"], [""]):
        with pytest.raises(Invalid):
            act(reviewing.take_out, cast["moderator"], row, wrong)


def test_what_nobody_looked_at_goes_after_thirty_days(cast):
    old, fresh = make.left()[0], make.left()[0]
    with transaction():
        db.session.get_one(models.Testimony, old.key).written_on = clock.today() - timedelta(days=31)
    jobs.show_those_due()
    jobs.show_those_due()
    assert again(old) is None
    assert again(fresh) is not None
    assert counted() == {"lapsed": 1}


def test_the_pages_of_a_keeper_say_what_they_do(cast, visit):
    row, _code = make.left("Write to me at somebody@clinic.example, these are my words.")
    browser = visit(cast["moderator"])
    page = browser.get(f"/fr/testimonies/to-review/{row.key}").text
    assert "finding" in page
    assert browser.post(f"/en/testimonies/to-review/{row.key}", {"act": "refuse"}).status_code == 422
    assert browser.post(f"/en/testimonies/to-review/{row.key}", {"act": "rewrite"}).status_code == 400
    done = browser.post(f"/en/testimonies/to-review/{row.key}", {"act": "accept"})
    assert done.status_code == 303
    assert again(row).state == "accepted"


# Readers


def test_a_note_folds_it_in_the_list_too_and_thirty_cost_as_much_as_three(cast, visit, statements):
    make.shown("Words that are folded under a note, everywhere.", notes=("overdose",), audience="member")
    browser = visit(cast["member"])
    assert "Words that are folded" not in browser.get("/en/testimonies").text
    with statements.recorded():
        browser.get("/en/testimonies")
    few = len(statements.words)
    for n in range(30):
        make.shown(f"Words of testimony number {n}, to be read.", audience="member")
    with statements.recorded():
        page = browser.get("/en/testimonies").text
    assert len(statements.words) == few
    assert 'rel="next"' in page


def test_a_report_comes_before_the_keepers_and_may_hide_it(cast, visit):
    load_reasons()
    row, code = make.shown(audience="member")
    form = {"reason": "patient", "words": ""}
    answer = visit(cast["member"]).post(f"/en/report/{KIND}/{row.key}", form)
    assert answer.status_code in {302, 303}
    assert again(row).state == "hidden"
    (matter,) = db.session.scalars(select(Matter).where(Matter.kind == KIND)).all()
    assert (matter.author_id, matter.evidence != "") == (None, True)
    page = visit(cast["moderator"]).get(f"/en/moderation/matters/{matter.key}")
    assert page.status_code == 200
    assert f"/en/testimonies/to-review/{row.key}" in page.text
    with transaction():
        leaving.withdraw(code)
    db.session.expire_all()
    assert db.session.get_one(Matter, matter.key).evidence == ""


def test_words_taken_out_leave_what_was_kept_of_a_report_too(cast):
    row, _code = make.shown("At the bakery of Saint-Imaginaire they knew me.", audience="member")
    subject = targets.look(KIND, row.key)
    assert subject
    with transaction():
        matter = opening.report(cast["member"].viewer, subject, "other", "")
    act(reviewing.take_out, cast["moderator"], row, ["Saint-Imaginaire"])
    db.session.expire_all()
    assert db.session.get_one(Matter, matter.key).evidence == ""


# Figures


def test_a_year_is_told_once_it_is_over_and_small_numbers_are_not(app, client):
    last = clock.today().year - 1
    with transaction():
        for year, outcome, count in (
            (last, "shown", 60),
            (last, "refused:dealing", 3),
            (last, "refused:contempt", 2),
            (last, "taken_back", 24),
            (last, "lapsed", 41),
            (last + 1, "shown", 4747),
        ):
            db.session.add(models.TestimonyCount(year=year, outcome=outcome, count=count))
    (told,) = queries.years()
    assert told.year == last
    assert told.counts["refused"] is None
    assert told.counts["shown"] == 60
    assert sum(count is None for count in told.counts.values()) >= 2
    for lang in ("fr", "en"):
        page = client.get(f"/{lang}/transparency").text
        figures = page.partition("<main")[2].partition("</main>")[0]
        assert "60" in figures
        assert not re.search(r"\b4\D?747\b", figures)


def test_two_that_end_at_once_are_counted_as_two(app):
    with transaction():
        counting.count("shown")
    with transaction():
        held = db.session.scalars(select(models.TestimonyCount)).one()
        assert held.count == 1
        more = update(models.TestimonyCount).values(count=2)
        db.session.execute(more, execution_options={"synchronize_session": False})
        counting.count("shown")
    assert held.count == 3
