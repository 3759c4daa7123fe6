"""Corridors, windows, contacts: written down by those who keep a side, in force once the others agreed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from community.accounts.viewer import VISITOR
from community.core import clock
from community.core.db import db, in_transaction, transaction
from community.core.errors import Conflict, Invalid, NotAllowed
from community.core.jobs import Job
from community.directory import arrangement_archive
from community.directory import arrangements as arranged
from community.directory.finding.finder import Situation
from community.directory.models.arrangements import Arrangement, ArrangementChange
from community.directory.permissions.arrangements import arrangements_seen_by, may_see_arrangement
from community.directory.queries import arrangements as queries
from community.directory.queries import ways
from community.directory.services import arrangements as services
from tests import cast as people
from tests.make import arrangements as make
from tests.make import directory


@pytest.fixture
def here(app):
    """Ada and Cy keep the side that receives, Bo the one that refers."""
    make.two_services()
    with transaction():
        names = {name: people.persona(name, groups=["organization"]) for name in ("Ada", "Bo", "Cy")}
    directory.keeper(names["Ada"])
    directory.keeper(names["Cy"])
    directory.keeper(names["Bo"], directory.uuid("other organization"))
    return {name: who.viewer for name, who in names.items()}


def kept(key):
    if not in_transaction():
        db.session.remove()
    return db.session.scalars(select(Arrangement).where(Arrangement.key == key)).one()


def write(viewer, kind, **more):
    with transaction():
        return services.arrange(viewer, kind, make.terms(kind, **more)).key


def agree(viewer, row, side):
    services.agree(viewer, row, side, services.mark(row))


def test_a_corridor_is_in_force_once_the_other_side_agreed(here):
    key = write(here["Ada"], "corridor")
    row = kept(key)
    assert (row.state, row.waits_for) == ("draft", "from")
    with transaction():
        agree(here["Bo"], kept(key), "from")
    row = kept(key)
    assert (row.state, row.waits_for, row.proposed_by) == ("in_force", "", None)
    acts = select(ArrangementChange.act).order_by(ArrangementChange.number)
    assert db.session.scalars(acts).all() == ["arranged", "agreed"]


def test_nobody_agrees_for_the_other_side_or_to_what_they_proposed(here):
    key = write(here["Ada"], "corridor")
    with pytest.raises(NotAllowed), transaction():
        agree(here["Ada"], kept(key), "from")
    contact = write(here["Ada"], "liaison")
    with pytest.raises(NotAllowed), transaction():
        agree(here["Ada"], kept(contact), "second")
    with transaction():
        agree(here["Cy"], kept(contact), "second")
    assert kept(contact).state == "in_force"


def test_whoever_keeps_neither_side_writes_nothing(here):
    with transaction():
        stranger = people.persona("Dee", groups=["organization"])
    directory.keeper(stranger, directory.uuid("a third organization"))
    with pytest.raises(NotAllowed), transaction():
        services.arrange(stranger.viewer, "corridor", make.terms("corridor"))


def test_other_terms_of_a_corridor_hold_once_the_other_side_agreed(here):
    key = make.arranged("corridor").key
    row = kept(key)
    with transaction():
        done = services.change(here["Ada"], row, row.version, replace(make.terms("corridor"), delay_days=9))
    row = kept(key)
    assert done == "proposed"
    assert row.terms["delay_days"] == 2
    with pytest.raises(Conflict), transaction():
        services.change(here["Bo"], row, row.version, replace(make.terms("corridor"), delay_days=4))
    with transaction():
        agree(here["Bo"], kept(key), "from")
    assert kept(key).terms["delay_days"] == 9


@pytest.mark.parametrize("act", ["agree", "refuse"])
def test_nobody_decides_about_terms_that_they_did_not_read(here, act):
    """Ada writes other terms while Bo reads the first ones."""
    key = write(here["Ada"], "corridor")
    read = services.mark(kept(key))
    with transaction():
        services.change(
            here["Ada"], kept(key), kept(key).version, replace(make.terms("corridor"), delay_days=90)
        )
    said = ("from", read) if act == "agree" else (read,)
    with pytest.raises(Conflict), transaction():
        getattr(services, act)(here["Bo"], kept(key), *said)
    assert (kept(key).state, kept(key).waits_for) == ("draft", "from")


@pytest.mark.parametrize("act", ["refuse", "end"])
def test_a_draft_that_was_laid_aside_is_still_read_by_its_parties_alone(here, act):
    """It says of an organization what that one never agreed to."""
    key = write(here["Ada"], "corridor")
    read = (services.mark(kept(key)),) if act == "refuse" else ()
    with transaction():
        getattr(services, act)(here["Bo"], kept(key), *read)
    assert kept(key).state == "ended"
    for who, sees in ((VISITOR, False), (here["Ada"], True), (here["Bo"], True)):
        assert may_see_arrangement(who, kept(key)) is sees
        found = db.session.scalars(arrangements_seen_by(who)).all()
        assert [row.key for row in found] == ([key] if sees else [])


def test_what_held_and_ended_keeps_its_page_for_everybody(here):
    key = make.arranged("corridor").key
    with transaction():
        services.change(
            here["Ada"], kept(key), kept(key).version, replace(make.terms("corridor"), delay_days=9)
        )
    with transaction():
        services.end(here["Ada"], kept(key))
    assert may_see_arrangement(VISITOR, kept(key))
    assert db.session.scalars(arrangements_seen_by(VISITOR)).one().key == key


def test_nobody_confirms_terms_that_they_did_not_read(here):
    key = make.arranged("liaison").key
    read = services.mark(kept(key))
    with transaction():
        services.change(here["Ada"], kept(key), kept(key).version, make.terms("liaison", schedules=()))
    with pytest.raises(Conflict), transaction():
        services.confirm(here["Cy"], kept(key), read)


def test_what_is_laid_aside_changes_nothing(here):
    key = make.arranged("corridor").key
    row = kept(key)
    with transaction():
        services.change(here["Ada"], row, row.version, replace(make.terms("corridor"), delay_days=9))
    with transaction():
        services.refuse(here["Bo"], kept(key), services.mark(kept(key)))
    row = kept(key)
    assert (row.state, row.waits_for, row.proposed, row.terms["delay_days"]) == ("in_force", "", None, 2)


def test_a_new_number_waits_for_a_second_person_and_new_hours_do_not(here):
    key = make.arranged("liaison").key
    row = kept(key)
    with transaction():
        hours = ({"freq": "WEEKLY", "byday": "MO", "opens_at": "08:00", "closes_at": "12:00"},)
        assert (
            services.change(here["Ada"], row, row.version, make.terms("liaison", schedules=hours))
            == "changed"
        )
    row = kept(key)
    with transaction():
        other = make.terms("liaison", schedules=hours, phone="555 555-0199")
        assert services.change(here["Ada"], row, row.version, other) == "proposed"
    assert kept(key).terms["phone"] == "555 555-0142"


def test_two_who_change_at_once_are_told(here):
    key = make.arranged("liaison").key
    row = kept(key)
    with pytest.raises(Conflict), transaction():
        services.change(here["Ada"], row, row.version - 1, make.terms("liaison", name="Nobody Real"))


def test_a_text_keeps_its_day_until_it_is_changed(here):
    before = make.terms("liaison")
    old = replace(
        before, texts={"function": {"fr": ("Agente", "2026-01-02"), "en": ("Worker", "2026-01-02")}}
    )
    new = replace(before, texts={"function": {"fr": ("Agente", ""), "en": ("Nurse", "")}})
    dated = arranged.dated(new, old, clock.today())
    assert dated.text("function", "fr").as_of == date(2026, 1, 2)
    assert dated.text("function", "en").as_of == clock.today()


def test_a_missing_language_is_shown_in_the_other_and_says_so(here):
    only = make.terms("liaison", texts={"function": {"fr": ("Agente", "2026-01-02")}})
    assert (only.text("function", "en").text, only.text("function", "en").lang) == ("Agente", "fr")


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("corridor", {"from_service_id": "", "from_organization_id": ""}, "origin"),
        ("corridor", {"service_id": directory.uuid("nowhere")}, "to"),
        ("corridor", {"texts": {}}, "population_en"),
        ("mechanism", {"services": (directory.uuid("nowhere"),)}, "services"),
        ("liaison", {"regions": ()}, "regions"),
        ("liaison", {"regions": ("zz",)}, "regions"),
        ("liaison", {"review_on": clock.today() - timedelta(days=1)}, "review_on"),
        ("liaison", {"review_on": clock.today() + timedelta(days=9999)}, "review_on"),
    ],
)
def test_what_cannot_be_kept_names_its_field(here, kind, more, field):
    with pytest.raises(Invalid) as refused, transaction():
        services.arrange(here["Ada"], kind, make.terms(kind, **more))
    assert refused.value.field == field


def test_a_patients_number_is_not_written_down(here):
    words = {"function": {"en": ("Call for health card RAMQ TREM 9001 0112", "2026-01-02")}}
    with pytest.raises(Invalid), transaction():
        services.arrange(here["Ada"], "liaison", make.terms("liaison", texts=words))


def test_an_overdue_review_is_listed_and_told_once(here):
    row = kept(make.arranged("corridor").key)
    later = row.review_on + timedelta(days=1)
    assert [one.key for one in queries.due(here["Ada"], "qc-06", later, "en")] == [row.key]
    assert queries.due(here["Ada"], "on", later, "en") == []
    with transaction():
        assert services.remind(later) == 1
    with transaction():
        assert services.remind(later) == 0
        services.confirm(here["Bo"], kept(row.key), services.mark(kept(row.key)))
    assert kept(row.key).review_on == row.review_on


def test_ways_lead_where_they_fit_and_nowhere_else(here):
    make.arranged("corridor", ages=("adult",), needs=("offers-oat",))
    make.arranged("mechanism")
    make.arranged("liaison", service_id="", public=True)
    service = directory.uuid(make.HERE)

    def kinds(asked, region, viewer=people.VISITOR):
        found = ways.ways_to(viewer, [service, directory.uuid(make.BEYOND)], asked, region, "en")
        assert set(found) <= {service}
        some = found.get(service, ways.Ways())
        return len(some.corridors), len(some.mechanisms), len(some.contacts)

    assert kinds(Situation(age="adult"), "qc-06") == (1, 1, 1)
    assert kinds(Situation(age="adult"), "qc") == (1, 1, 1)
    assert kinds(Situation(age="youth"), "qc-06") == (0, 1, 1)
    assert kinds(Situation(needs=frozenset({"offers-housing"})), "qc-06") == (0, 1, 1)
    assert kinds(Situation(), "on") == (0, 0, 0)
    assert ways.corridors_to(people.VISITOR, [service], Situation(), "qc-06") == {service: "any"}
    assert ways.corridors_to(here["Bo"], [service], Situation(), "qc-06") == {service: "own"}


def test_what_is_past_its_signature_or_ended_leads_nowhere(here):
    today = clock.today()
    make.arranged("corridor", starts_on=today - timedelta(days=9), signed_until=today - timedelta(days=1))
    make.arranged("corridor", starts_on=today + timedelta(days=9))
    ended = make.arranged("corridor")
    with transaction():
        services.end(here["Bo"], kept(ended.key))
    assert ways.corridors_to(here["Bo"], [directory.uuid(make.HERE)], Situation(), "") == {}
    with pytest.raises(NotAllowed), transaction():
        services.change(here["Ada"], kept(ended.key), 9, make.terms("corridor"))


def test_whose_word_is_missing_is_told_and_what_was_proposed_goes_with_the_name(here):
    key = write(here["Ada"], "corridor")
    told = [job.arguments for job in db.session.scalars(select(Job)) if job.arguments.get("what") == "agree"]
    assert [one["persona_ids"] for one in told] == [[here["Bo"].persona_id]]
    assert told[0]["about"] == f"directory/corridors/{key}"
    assert [row["key"] for row in arrangement_archive.of_persona(here["Ada"].persona_id)["proposed"]] == [key]
    with transaction():
        arrangement_archive.leave(here["Ada"].persona_id, True)
    assert kept(key).proposed_by is None
    assert arrangement_archive.of_persona(here["Ada"].persona_id) == {"proposed": []}


def told_of(key):
    """What was announced of it, and to whom, since the last look."""
    with transaction():
        jobs = [job for job in db.session.scalars(select(Job)) if key in job.arguments.get("about", "")]
        found = [(job.arguments["what"], sorted(job.arguments["persona_ids"])) for job in jobs]
        for job in jobs:
            db.session.delete(job)
    return found


def test_both_sides_are_told_what_became_of_it(here):
    ids = {name: viewer.persona_id for name, viewer in here.items()}
    key = write(here["Ada"], "corridor")
    assert told_of(key) == [("agree", [ids["Bo"]])]
    with transaction():
        agree(here["Bo"], kept(key), "from")
    assert told_of(key) == [("in_force", sorted([ids["Ada"], ids["Cy"]]))]
    with transaction():
        services.change(
            here["Ada"], kept(key), kept(key).version, replace(make.terms("corridor"), delay_days=9)
        )
    told_of(key)
    with transaction():
        services.refuse(here["Bo"], kept(key), services.mark(kept(key)))
    assert told_of(key) == [("laid_aside", sorted([ids["Ada"], ids["Cy"]]))]
    with transaction():
        services.end(here["Cy"], kept(key))
    assert told_of(key) == [("ended", sorted([ids["Ada"], ids["Bo"]]))]
