"""What no name stands under is reported from its page, and waits for those who can mend it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from community.core import clock
from community.core.db import db, transaction
from community.core.errors import Invalid, NotFound
from community.core.ids import new_key
from community.forum.models import Committee, Decision, Meeting, SpaceMember
from community.moderation import targets
from community.moderation.models import Matter
from community.moderation.queries import cases
from community.moderation.queries import matters as queries
from community.moderation.services import opening
from tests.make import arrangements, directory, together
from tests.make import forum as make

PLACES = {
    "space": "/en/spaces/public-square",
    "meeting": "/en/spaces/{committee}/committee/meetings/{meeting}",
    "decision": "/en/spaces/{committee}/committee/decisions/{decision}",
    "service": "/en/directory/services/{service}",
    "organization": "/en/directory/organizations/{organization}",
    "group": "/en/directory/groups/{group}",
    "groupmeeting": "/en/directory/groups/{group}/meetings/{groupmeeting}",
    "training": "/en/directory/training/{training}",
    "link": "/en/directory/links/{link}",
    "arrangement": "/en/directory/corridors/{arrangement}",
}


@pytest.fixture
def things(cast):
    """One of each, by its kind: what its page is called by."""
    arrangements.two_services()
    together.organizations()
    group = together.group()
    return {
        "committee": "committee-first-line",
        **_papers(cast["physician"]),
        "space": make.space().slug,
        "service": directory.uuid("Clinic of the Two Lanterns"),
        "organization": directory.uuid("organization"),
        "group": group.key,
        "groupmeeting": together.meeting(group).key,
        "training": together.workshop().key,
        "link": together.link().key,
        "arrangement": arrangements.arranged("corridor").key,
    }


def _papers(member):
    space = make.space("committee-first-line")
    with transaction():
        met = Meeting(
            space_id=space.id, starts_at=clock.now() - timedelta(days=9), lang="fr", agenda="Un point."
        )
        said = Decision(space_id=space.id, decided_on=clock.today(), lang="fr", words="On se reverra.")
        db.session.add_all([Committee(space_id=space.id), met, said])
        known = db.session.get(SpaceMember, (space.id, member.persona_id))
        if known is None:
            db.session.add(SpaceMember(space_id=space.id, persona_id=member.persona_id, standing="member"))
    return {"meeting": met.key, "decision": said.key}


def the_kind(kind):
    found = targets.of(kind)
    assert found is not None
    return found


def as_found(key, kind="groupmeeting"):
    found = targets.look(kind, key)
    assert found is not None
    return found


def report(who, kind, key, reason="other", words=""):
    with transaction():
        return opening.report(who.viewer, the_kind(kind).seen(who.viewer, key), reason, words)


@pytest.mark.parametrize("kind", PLACES)
def test_its_page_leads_to_a_report_in_one_press_and_the_queue_to_its_page(cast, visit, things, kind):
    page, reader = PLACES[kind].format(**things), visit(cast["physician"])
    door = f"/en/report/{kind}/{things[kind]}"
    assert f'href="{door}"' in reader.get(page).text
    assert f'href="{page}"' in reader.get(door).text
    sent = reader.post(door, {"reason": "harassment", "words": "It mocks people.", "idem": new_key()})
    assert sent.status_code == 303
    assert sent.headers["Location"].endswith(page)
    matter = db.session.scalars(select(Matter)).one()
    assert (matter.kind, matter.thing, matter.author_id) == (kind, things[kind], None)
    keeper = visit(cast["coordinator"])
    seen = keeper.get(f"/en/moderation/matters/{matter.key}")
    assert seen.status_code == 200
    assert "Former member" not in seen.text
    assert str(the_kind(kind).name) in seen.text
    assert page in seen.text
    assert str(the_kind(kind).name) in keeper.get("/en/moderation").text


def test_a_visitor_is_offered_no_report_and_told_to_sign_in(cast, visit, things):
    reader = visit(cast["visitor"])
    assert "/report/" not in reader.get(PLACES["service"].format(**things)).text
    refused = reader.get(f"/en/report/service/{things['service']}")
    assert refused.status_code == 403
    assert "Sign in to report this." in refused.text


def test_what_one_may_not_see_cannot_be_reported(cast, things):
    draft = arrangements.arranged("corridor", agreed=False).key
    for who, kind, key in (
        ("member", "arrangement", draft),
        ("member", "meeting", things["meeting"]),
        ("member", "decision", things["decision"]),
        ("member", "space", "lived-experience"),
        ("physician", "service", things["organization"]),
        ("physician", "organization", things["service"]),
        ("physician", "group", "nowhere"),
    ):
        with pytest.raises(NotFound):
            report(cast[who], kind, key)


def test_those_who_moderate_a_space_look_at_its_words_and_others_of_no_duty_do_not(cast, lived, things):
    report(cast["lived"], "space", "lived-experience", "harassment")
    assert len(queries.waiting(cast["moderator"].viewer)) == 1
    report(cast["member"], "training", things["training"])
    assert len(queries.waiting(cast["moderator"].viewer)) == 1
    assert len(queries.waiting(cast["coordinator"].viewer)) == 2
    assert queries.waiting(cast["physician"].viewer) == []


def test_minutes_for_a_few_come_before_others_only_as_who_reports_them_reads_them(cast, things):
    """Else whoever reports the agenda would lay open minutes that neither they nor an administrator read."""
    first = report(cast["member"], "groupmeeting", things["groupmeeting"])
    assert "pier" not in cases.evidence_of(first)
    assert "pier" not in as_found(first.thing).words
    with transaction():
        db.session.delete(first)
    again = report(cast["coordinator"], "groupmeeting", things["groupmeeting"], "patient")
    assert "We spoke of the pier." in cases.evidence_of(again)
    assert "pier" not in as_found(again.thing).words


def test_a_decision_tells_nobody_and_only_says_that_it_was_looked_at(cast, things, decide):
    matter = report(cast["member"], "service", things["service"], "advice")
    for act in ("hide", "warn", "edit", "lock"):
        with pytest.raises(Invalid):
            decide(cast["coordinator"], matter, act)
    made = decide(cast["coordinator"], matter, "nothing")
    assert (made.persona_id, matter.state) == (None, "done")


def test_the_page_of_the_matter_offers_what_can_be_done_and_where_it_is_mended(cast, visit, things):
    matter = report(cast["member"], "organization", things["organization"], "advice")
    seen = visit(cast["coordinator"]).get(f"/fr/moderation/matters/{matter.key}")
    assert "Aucun nom ne signe ce texte" in seen.text
    assert 'value="nothing"' in seen.text
    assert not any(f'value="{act}"' in seen.text for act in ("hide", "warn", "suspend", "edit", "move"))
    assert "Lantern House (made up)" in seen.text


def test_a_copy_is_kept_of_what_it_said_in_both_languages(cast, things):
    matter = report(cast["member"], "arrangement", things["arrangement"])
    assert "555 555-0142" in cases.evidence_of(matter)
    assert '<p lang="fr">' in as_found(things["arrangement"], "arrangement").html
    assert targets.look("arrangement", "nowhere") is None
