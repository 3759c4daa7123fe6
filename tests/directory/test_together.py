"""Groups, links and training: what organizations do together, who writes it and who reads what of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from community.accounts.viewer import OPERATOR
from community.core import clock
from community.core.db import db, transaction
from community.core.jobs import run_waiting_jobs
from community.directory.jobs import tell_of_reviews
from community.directory.models import Group, GroupMinutes, JointWork, OrganizationLink, Training
from community.directory.queries import groups, links, training
from community.directory.services import links as writing
from community.directory.services.reading import mark
from community.directory.services.withdrawing import set_state
from community.notifications.models import Notice
from tests import cast as people
from tests.make import directory as make
from tests.make import together
from tests.make.together import group_form, meeting_form, training_form

LANTERN, PIER = make.uuid(together.LANTERN), make.uuid(together.PIER)


@pytest.fixture
def keepers(app):
    """Somebody of each of two organizations, and a member of none."""
    with transaction():
        lantern, pier = people.persona("Lan Tern"), people.persona("Pia Pier")
        member = people.persona("Robin Tallgrass")
    together.organizations()
    make.keeper(lantern, LANTERN)
    make.keeper(pier, PIER)
    return {"lantern": lantern, "pier": pier, "member": member}


@pytest.fixture
def at(visit, keepers):
    return {name: visit(who) for name, who in keepers.items()}


def test_a_keeper_describes_a_group_once_and_everybody_reads_it(at, client):
    sent = group_form(idem="twice")
    first = at["lantern"].post("/en/directory/groups/new", sent)
    assert first.status_code == 303
    assert at["lantern"].post("/en/directory/groups/new", sent).location == first.location
    assert db.session.scalar(select(func.count()).select_from(Group)) == 1
    text = client.get(first.location).text
    assert '<span lang="fr">Comité des lanternes</span>' in text
    assert "Lantern House (made up)" in text
    assert "Comité des lanternes" in client.get("/fr/directory/groups?region=qc-06").text
    assert "Comité des lanternes" in client.get("/fr/directory/groups?region=qc").text
    assert "Comité des lanternes" not in client.get("/fr/directory/groups?region=on").text


def test_whoever_keeps_no_organization_writes_of_none(at):
    assert at["member"].get("/en/directory/groups/new").status_code == 403
    assert at["member"].post("/en/directory/groups/new", group_form()).status_code == 403
    refused = at["lantern"].post(
        "/en/directory/groups/new", group_form(organization="Long Pier House (made up)")
    )
    assert refused.status_code == 422
    assert "Choose one of the organizations that you keep." in refused.text
    assert "Comité des lanternes" in refused.text


NO_GROUP = (
    ({"organization": "made up"}, "Several organizations are called so"),
    ({"organization": "Atlantis"}, "No organization of this directory has this name."),
    ({"organization": "\x00" + "é" * 300}, "No organization of this directory has this name."),
    ({"organization": " "}, "Write the name of an organization."),
    ({"name_fr": ""}, "Write it in one language at least."),
    ({"name_fr": "x" * 161}, "at most 160"),
    ({"kind": "gang"}, "Not a valid choice"),
    ({"regions": ["atlantis"]}, "not a valid choice"),
    ({"review_on": "soon"}, "Write the date as year-month-day."),
    ({"review_on": "2027-02-29"}, "Write the date as year-month-day."),
    ({"review_on": "9999-12-31"}, "Choose a day within two years."),
    ({"review_on": "2020-02-29"}, "Choose a day to come."),
    ({"space": "no-such-space"}, "Not a valid choice"),
)


def test_what_a_group_cannot_be_is_said_beside_its_field(at):
    for sent, said in NO_GROUP:
        answer = at["lantern"].post("/en/directory/groups/new", group_form(**sent))
        assert answer.status_code == 422, said
        assert said in answer.text


def test_minutes_are_for_keepers_of_members_unless_they_are_open(at, client):
    group = together.group(together.LANTERN, together.MILL)
    closed, open = together.meeting(group), together.meeting(group, minutes="For all to read.", open=True)
    address = f"/en/directory/groups/{group.key}/meetings/"
    for reader in (client, at["member"], at["pier"]):
        text = reader.get(address + closed.key).text
        assert "One point." in text
        assert "We spoke of the pier." not in text
        assert "For all to read." in reader.get(address + open.key).text
    assert "We spoke of the pier." in at["lantern"].get(address + closed.key).text


def test_two_who_write_minutes_at_once_lose_nothing(at):
    group = together.group()
    meeting = together.meeting(group, minutes="")
    address = f"/en/directory/groups/{group.key}/meetings/{meeting.key}/edit"
    sent = {"held_on": meeting.held_on.isoformat(), "lang": "en", "agenda": "One point.", "open": "everyone"}
    assert at["lantern"].post(address, {**sent, "minutes": "Mine.", "version": "1"}).status_code == 303
    late = at["pier"].post(address, {**sent, "minutes": "Theirs.", "version": "1"})
    assert late.status_code == 409
    assert "Mine." in late.text
    assert "Theirs." in late.text
    assert db.session.scalars(select(GroupMinutes.body)).all() == ["Mine."]


def test_a_number_of_somebody_in_care_is_refused_in_minutes(at):
    group = together.group()
    sent = {"held_on": clock.today().isoformat(), "lang": "en", "open": "keepers"}
    sent["minutes"] = "We spoke of the person with the SIN 046 454 286."
    answer = at["lantern"].post(f"/en/directory/groups/{group.key}/meetings/new", sent)
    assert answer.status_code == 422
    assert "046 454 286" in answer.text
    assert db.session.scalar(select(func.count()).select_from(GroupMinutes)) == 0


def test_organizations_join_and_leave_but_the_last_one_stays(at, client):
    group = together.group(together.LANTERN)
    address = f"/en/directory/groups/{group.key}"
    sent = {"organization": "Équipe du vieux-moulin (inventée)", "function": "hosts"}
    assert at["pier"].post(f"{address}/organizations", sent).status_code == 403
    assert at["lantern"].post(f"{address}/organizations", sent).status_code == 303
    assert "Gives it a place" in client.get(address).text
    mill = make.uuid(together.MILL)
    assert at["lantern"].post(f"{address}/organizations/{mill}/remove").status_code == 303
    assert "Old Mill Team" not in client.get(address).text
    at["lantern"].post(f"{address}/organizations/{LANTERN}/remove")
    assert "Lantern House" in client.get(address).text


def test_an_ended_group_leaves_the_lists_and_keeps_its_page(at, client):
    group = together.group()
    assert at["lantern"].post(f"/en/directory/groups/{group.key}/end").status_code == 303
    assert group.name_en not in client.get("/en/directory/groups").text
    assert "This group ended on" in client.get(f"/en/directory/groups/{group.key}").text


def test_nobody_joins_a_group_that_ended_and_it_meets_no_more(at, client):
    """Nor by a form that was open: its minutes may still be written."""
    group = together.group()
    address = f"/en/directory/groups/{group.key}"
    called = str(clock.today() + timedelta(days=9))
    assert at["lantern"].post(f"{address}/meetings/new", meeting_form(held_on=called)).status_code == 303
    assert at["pier"].post(f"{address}/end").status_code == 303
    assert "No meeting is planned" in client.get(address).text
    sent = {"organization": "Old Mill Team (made up)", "function": "member"}
    late = meeting_form(held_on=called)
    for where, form, status in (("organizations", sent, 409), ("meetings/new", late, 422)):
        answer = at["lantern"].post(f"{address}/{where}", form)
        assert (answer.status_code, "This group has ended" in answer.text) == (status, True), where
    kept = meeting_form(minutes="We spoke of the pier.")
    assert at["lantern"].post(f"{address}/meetings/new", kept).status_code == 303


def link_form(**more):
    return together.link_form(**{"other": "Long Pier House (made up)", **more})


AGREED = {
    "agreement": "y",
    "exchanged": ["attendance", "plan"],
    "consent_form": "AH-216 – Consentement",
    "consent_version": "2026-01",
}


def test_one_side_states_a_link_and_the_other_confirms_it(at, client):
    made = at["lantern"].post("/en/directory/links/new", link_form(**AGREED))
    assert made.status_code == 303
    text = client.get(made.location).text
    assert "Stated by Lantern House (made up)" in text
    assert "not yet confirmed by Long Pier House (made up)" in text
    assert "AH-216 – Consentement, version 2026-01" in text
    link = db.session.scalars(select(OrganizationLink)).one()
    run_waiting_jobs()
    waits = "A link with an organization that you keep waits for your word"
    assert waits in at["pier"].get("/en/notifications").text
    assert waits not in at["lantern"].get("/en/notifications").text
    seen = writing.mark(link)
    assert at["lantern"].post(f"{made.location}/confirm", {"seen": seen}).status_code == 403
    assert at["pier"].post(f"{made.location}/confirm", {"seen": "something else"}).status_code == 409
    assert at["pier"].post(f"{made.location}/confirm", {"seen": seen}).status_code == 303
    assert "Not confirmed yet" not in client.get(made.location).text


@pytest.mark.parametrize(
    "other",
    [{"intensity": "5"}, {"regions": ["on"]}, {"since": "2020-02-29"}, AGREED],
    ids=lambda one: min(one),
)
def test_a_link_stated_anew_waits_for_the_other_side_again(at, other):
    link = together.link(confirmed=True)
    changed = link_form(**other, seen=mark(link))
    assert at["pier"].post(f"/en/directory/links/{link.key}/edit", changed).status_code == 303
    now = db.session.scalars(select(OrganizationLink)).one()
    assert (now.stated_by, now.confirmed_on) == (PIER, None)


def test_another_day_of_review_needs_nobody_else(at):
    link = together.link(confirmed=True)
    changed = link_form(review_on=str(clock.today() + timedelta(days=30)), seen=mark(link))
    assert at["pier"].post(f"/en/directory/links/{link.key}/edit", changed).status_code == 303
    assert db.session.scalars(select(OrganizationLink)).one().confirmed_on


def edits(together_of):
    """A group, a link, a workshop; its address, what a form of it says, and the field that two change."""
    group, tie, taught = together.group(), together.link(), together.workshop()
    return {
        "group": (f"/en/directory/groups/{group.key}/edit", group_form(), "name_fr", ("Table", "Cercle")),
        "link": (f"/en/directory/links/{tie.key}/edit", link_form(), "intensity", ("2", "4")),
        "training": (
            f"/en/directory/training/{taught.key}/edit",
            training_form(),
            "title_fr",
            ("Un", "Deux"),
        ),
    }[together_of]


@pytest.mark.parametrize("kind", ["group", "link", "training"])
def test_two_who_change_the_same_at_once_lose_nothing(at, kind):
    """The second is shown both texts, and only what is sent after that replaces the first."""
    address, form, field, (first, second) = edits(kind)
    opened = at["lantern"].get(address).text
    seen = re.findall(r'name="seen" value="([0-9a-f]{16})"', opened)[0]
    assert at["lantern"].post(address, {**form, field: first, "seen": seen}).status_code == 303
    late = at["lantern"].post(address, {**form, field: second, "seen": seen})
    assert late.status_code == 409
    assert "Somebody changed this while you were writing." in late.text
    assert "It says now" in late.text
    words = {"2": "Personalized referrals", "4": "Joint clinical follow-up"}
    for one in (first, second):
        assert f"<td>{words.get(one, one)}</td>" in late.text
    again = re.findall(r'name="seen" value="([0-9a-f]{16})"', late.text)[0]
    assert at["lantern"].post(address, {**form, field: second, "seen": again}).status_code == 303
    assert at["lantern"].post(address, {**form, field: first}).status_code == 409


NO_LINK = (
    ({"other": "Lantern House (made up)"}, "Choose another organization"),
    ({"intensity": "6"}, "Not a valid choice"),
    ({"review_on": "9999-12-31"}, "Choose a day within two years."),
    ({"review_on": "2020-02-29"}, "Choose a day to come."),
    ({**AGREED, "exchanged": []}, "Choose at least one kind of information."),
    ({**AGREED, "consent_form": ""}, "Name the form with which people consent."),
    ({**AGREED, "consent_form": "Jean, 1985 0412 1234"}, "Write a short name without long numbers"),
    ({**AGREED, "consent_form": "<b>she came</b>"}, "Write a short name without long numbers"),
    ({**AGREED, "basis": "hearsay"}, "Not a valid choice"),
)


def test_what_a_link_cannot_say_is_refused_beside_its_field(at):
    for sent, said in NO_LINK:
        answer = at["lantern"].post("/en/directory/links/new", link_form(**sent))
        assert answer.status_code == 422, said
        assert said in answer.text


def test_two_organizations_have_one_link(at):
    together.link()
    other_way = link_form(organization="Long Pier House (made up)", other="Lantern House (made up)")
    answer = at["pier"].post("/en/directory/links/new", other_way)
    assert answer.status_code == 422
    assert "These two have a link already" in answer.text


def test_small_counts_are_shown_to_the_two_organizations_alone(at, client):
    link = together.link()
    address = f"/en/directory/links/{link.key}"
    sent = {"month": "2026-10", "discussions": "12", "follow_ups": "3", "plans": "0"}
    assert at["member"].post(f"{address}/counts", sent).status_code == 403
    assert at["pier"].post(f"{address}/counts", sent).status_code == 303
    assert at["pier"].post(f"{address}/counts", {**sent, "discussions": "14"}).status_code == 303
    assert [(row.discussions, row.plans) for row in db.session.scalars(select(JointWork))] == [(14, 0)]
    theirs, others = at["lantern"].get(address).text, client.get(address).text
    assert '<td class="r">3</td><td class="r">0</td>' in theirs
    assert '<td class="r">14</td>' in others
    assert others.count('<span class="hid">') == 2


NO_COUNTS = (
    {"month": "2126-01"},
    {"month": "never"},
    {"discussions": "-1"},
    {"discussions": "1000"},
    {"plans": "1e3"},
)


def test_counts_that_cannot_be_are_refused(at):
    address = f"/en/directory/links/{together.link().key}/counts"
    good = {"month": "2026-10", "discussions": "1", "follow_ups": "1", "plans": "1"}
    for sent in NO_COUNTS:
        assert at["pier"].post(address, {**good, **sent}).status_code == 422, sent
    assert not db.session.scalars(select(JointWork)).all()


def test_a_region_draws_who_is_linked_to_whom_and_lists_it(client, keepers):
    together.link(confirmed=True)
    together.link(together.PIER, together.MILL)
    text = client.get("/en/directory/links?region=qc-06").text
    assert text.count('class="tie"') == 1
    assert text.count('class="tie stated"') == 1
    assert "3 organizations, 2 links; both sides say so of 1." in text
    assert "No link is stated here yet" in client.get("/en/directory/links?region=nu").text


def test_a_placement_is_offered_and_over_after_its_last_day(at, client):
    made = at["lantern"].post("/fr/directory/training/new", training_form(region="qc-06", places="2"))
    assert made.status_code == 303
    assert "<dd>Anglais, français</dd>" in client.get(made.location).text, "each in the page's own words"
    assert "<dd>English, French</dd>" in client.get(made.location.replace("/fr/", "/en/")).text
    assert "Une journée au quai" in client.get("/fr/directory/training?region=qc-06&kind=placement").text
    assert "Une journée au quai" not in client.get("/fr/directory/training?kind=workshop").text
    over = together.workshop(ends_in=0)
    with transaction():
        row = db.session.get(Training, over.id)
        assert row is not None
        row.starts_on = row.ends_on = clock.today() - timedelta(days=1)
    assert "How a pier is built" not in client.get("/en/directory/training").text
    assert "This is over" in client.get(f"/en/directory/training/{over.key}").text


def test_where_one_goes_may_be_told_and_a_chart_number_may_not(at):
    group = together.group()
    for address, form in (
        ("/en/directory/training/new", training_form()),
        (f"/en/directory/groups/{group.key}/meetings/new", meeting_form()),
    ):
        told = {**form, "place": "1200 rue Ontario Est"}
        assert at["lantern"].post(address, told).status_code == 303
        assert at["lantern"].post(address, {**form, "place": "chart number 4417239"}).status_code == 422


def test_whoever_answers_finds_the_address_of_the_organization_and_of_no_person(client, keepers):
    training = together.workshop(together.PIER)
    text = client.get(f"/en/directory/training/{training.key}").text
    assert "pier@example.org" in text
    assert "Pia Pier" not in text


NO_TRAINING: tuple[tuple[dict[str, object], str], ...] = (
    ({"title_fr": ""}, "Write it in one language at least."),
    ({"ends_on": "2020-01-01"}, "The last day comes before the first one."),
    ({"starts_on": "2020-01-01", "ends_on": "2020-01-02"}, "This would be over already."),
    ({"ends_on": "9999-12-31"}, "Choose a day within two years."),
    ({"langs": []}, "Choose at least one language."),
    ({"places": "501"}, "Write a whole number from 1 to 500."),
    ({"region": "atlantis"}, "Not a valid choice"),
)


def test_what_a_training_cannot_be_is_refused_beside_its_field(at):
    for sent, said in NO_TRAINING:
        answer = at["lantern"].post("/en/directory/training/new", training_form(**sent))
        assert answer.status_code == 422, said
        assert said in answer.text


def test_a_withdrawn_training_is_gone(at, client):
    training = together.workshop()
    address = f"/en/directory/training/{training.key}"
    assert at["pier"].post(f"{address}/withdraw").status_code == 403
    assert at["lantern"].post(f"{address}/withdraw").status_code == 303
    assert client.get(address).status_code == 404


def test_the_service_plan_is_a_sheet_without_any_field(client):
    for lang in ("fr", "en"):
        sheet = client.get(f"/{lang}/directory/service-plan").text.split('<article class="plan', 1)[1]
        sheet = sheet.split("</article>")[0]
        assert not any(tag in sheet for tag in ("<form", "<input", "<textarea", "<select", "contenteditable"))


def test_a_region_and_an_organization_show_what_is_done_together(client, keepers):
    together.group()
    together.link()
    together.workshop()
    for page in ("/en/regions/qc-06", f"/en/directory/organizations/{LANTERN}"):
        text = client.get(page).text
        assert "Table of the lanterns" in text, page
        assert "Clinical discussions" in text, page
        assert "How a pier is built" in text, page


def test_what_is_overdue_is_told_to_whoever_reviews(client, keepers):
    group = together.group()
    with transaction():
        row = db.session.get(Group, group.id)
        assert row is not None
        row.review_on = clock.today() - timedelta(days=3)
    assert "Review overdue by 3 days" in client.get(f"/en/directory/groups/{group.key}").text


def test_keepers_are_told_once_of_each_day_of_review(app, keepers):
    group_id = together.group().id
    together.link()
    with transaction():
        for kind in (Group, OrganizationLink):
            db.session.execute(update(kind).values(review_on=clock.today() - timedelta(days=3)))
    told = []
    for _ in range(2):
        tell_of_reviews()
        run_waiting_jobs()
        told.append(db.session.scalar(select(func.count()).where(Notice.about.like("review_%"))))
        db.session.remove()
    assert told[0] == told[1] == 4  # both keepers of the link and of the group
    with transaction():
        row = db.session.get_one(Group, group_id)
        row.review_on = clock.today() - timedelta(days=1)
    tell_of_reviews()
    run_waiting_jobs()
    assert db.session.scalar(select(func.count()).where(Notice.about.like("review_%"))) == 6
    db.session.remove()


def test_thirty_links_cost_as_many_statements_as_three(client, keepers, statements):
    def asked():
        with statements.recorded():
            assert client.get("/en/directory/links").status_code == 200
        return len(statements.words)

    together.link()
    client.get("/en/directory/links")
    few = asked()
    together.link(together.PIER, together.MILL)
    together.link(together.LANTERN, together.MILL)
    assert asked() <= few


def test_an_organization_that_is_listed_no_longer_is_said_to_be(at, client):
    link = together.link()
    with transaction():
        db.session.execute(update(OrganizationLink).values(review_on=clock.today() - timedelta(days=1)))
        set_state(OPERATOR, "organization", PIER, "hidden")
    gone = {
        "en": "an organization that is no longer listed",
        "fr": "un organisme qui n’est plus au répertoire",
    }
    for lang, words in gone.items():
        page = f"/{lang}/directory/links/{link.key}"
        for address in (page, f"{page}/edit", f"/{lang}/directory/reviews", f"/{lang}/directory/links"):
            assert words in at["lantern"].get(address).text, address
    text = client.get(f"/en/directory/links/{link.key}").text
    assert "not yet confirmed by an organization that is no longer listed" in text


@pytest.mark.parametrize("what", ["groups", "links", "training"])
def test_a_list_that_shows_the_first_ones_says_so(client, keepers, monkeypatch, what):
    together.group()
    together.link()
    together.workshop()
    said = "The first 1 are listed. Choose a region to see the others."
    assert said not in client.get(f"/en/directory/{what}").text
    monkeypatch.setattr({"groups": groups, "links": links, "training": training}[what], "MOST", 1)
    assert said in client.get(f"/en/directory/{what}").text
