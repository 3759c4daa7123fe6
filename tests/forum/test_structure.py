"""The administrator's pages: spaces, whom they admit, who belongs to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from community.core import clock
from community.core.audit import AuditEntry, first_break
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid, NotAllowed
from community.core.identifiers import scan
from community.core.jobs import Job
from community.forum.forms.structure import form_of
from community.forum.models import Space, SpaceMember
from community.forum.permissions import may_see_space, spaces_edited_by
from community.forum.services import structure
from community.forum.services.structure import Structure, fingerprint
from tests.make import forum as make


def said_of(space, **more):
    values = {name: value for name, value in form_of(space).items() if name != "seen"}
    for act in ("see", "post", "moderate"):
        values[act] = frozenset(values[act])
    return replace(Structure(**values), **more)


def edit(who, space, **more):
    with transaction():
        return structure.edit_space(who.viewer, space, said_of(space, **more), fingerprint(space))


def acts():
    return [
        (entry.act, entry.target)
        for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.number))
    ]


@pytest.mark.parametrize("name", ["visitor", "member", "coordinator", "moderator", "physician"])
def test_to_everybody_else_these_pages_do_not_exist(cast, visit, name):
    make.space("public-square")
    for address in ("/en/admin/spaces", "/en/admin/spaces/new", "/en/admin/spaces/public-square"):
        assert visit(cast[name]).get(address).status_code == 404
    assert db.session.scalars(spaces_edited_by(cast[name].viewer)).all() == []


def test_the_list_names_every_space_archived_ones_too(cast, visit):
    space = make.space("lived-experience")
    with transaction():
        db.session.get_one(Space, space.id).archived = True
    page = visit(cast["administrator"]).get("/en/admin/spaces").get_data(as_text=True)
    assert "Lived experience" in page
    assert "Archived" in page


def test_a_changed_word_dates_its_language_alone(cast):
    space = make.space("public-square")
    with transaction():
        row = db.session.get_one(Space, space.id)
        row.words_en_on = row.words_fr_on = date(2026, 1, 1)
    assert edit(cast["administrator"], space, name_fr="La place publique") == ["name_fr"]
    assert (space.words_fr_on, space.words_en_on) == (clock.today(), date(2026, 1, 1))


def test_a_change_is_recorded_and_announced_and_no_change_is_neither(cast):
    space = make.space("public-square")
    before = len(db.session.scalars(select(Job)).all())
    assert edit(cast["administrator"], space) == []
    assert acts() == []
    assert len(db.session.scalars(select(Job)).all()) == before
    edit(cast["administrator"], space, position=7)
    assert acts() == [("space.edited", "public-square")]
    assert first_break() is None


def test_taking_an_audience_away_closes_the_space_to_it(cast):
    space = make.space("policy")
    assert may_see_space(cast["member"].viewer, space)
    edit(cast["administrator"], space, see=frozenset({"professional"}))
    assert not may_see_space(cast["member"].viewer, space)
    assert may_see_space(cast["physician"].viewer, space)


def test_own_members_are_an_audience_like_the_others(cast):
    space = make.space("committee-first-line")
    assert said_of(space).see == frozenset({"members"})
    assert edit(cast["administrator"], space) == []


def test_a_stale_form_is_told(cast, visit):
    space = make.space("public-square")
    with pytest.raises(Conflict), transaction():
        structure.edit_space(cast["administrator"].viewer, space, said_of(space, position=3), "old")
    sent = {"name_en": "Mine", "name_fr": "Le mien", "position": "500", "seen": "old", "see": "everyone"}
    answer = visit(cast["administrator"]).post("/en/admin/spaces/public-square", sent)
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("slug", "more", "field"),
    [
        ("public-square", {"moderate": frozenset({"member"})}, "moderate"),
        ("public-square", {"moderate": frozenset({"everyone"})}, "moderate"),
        ("lived-experience", {"see": frozenset({"clinician"})}, "see"),
        ("lived-experience", {"post": frozenset({"member"})}, "see"),
        ("lived-experience", {"see": frozenset({"group:nurse"})}, "see"),
        ("lived-experience", {"see": frozenset({"group:public"})}, "see"),
        ("lived-experience", {"post": frozenset({"group:government"})}, "see"),
        ("public-square", {"moderate": frozenset({"group:lived_experience"})}, "moderate"),
        ("lived-experience", {"protected": False}, "protected"),
        ("public-square", {"region": "zz"}, "region"),
        ("public-square", {"theme": "zz"}, "theme"),
    ],
)
def test_what_would_break_a_promise_is_refused(cast, slug, more, field):
    space = make.space(slug)
    with pytest.raises(Invalid) as refused:
        edit(cast["administrator"], space, **more)
    assert refused.value.field == field


def test_only_an_administrator_edits(cast):
    space = make.space("public-square")
    with pytest.raises(NotAllowed):
        edit(cast["coordinator"], space, position=3)


def test_a_new_space_is_opened_once(cast, visit):
    browser = visit(cast["administrator"])
    sent = {
        "slug": "sleep",
        "kind": "public",
        "name_en": "Sleep",
        "name_fr": "Sommeil",
        "position": "40",
        "see": ["everyone", "members"],
        "post": "member",
        "idem": "same",
    }
    first, second = (browser.post("/en/admin/spaces/new", sent) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    space = db.session.scalars(select(Space).where(Space.slug == "sleep")).one()
    assert space.admits("see") == {"everyone", f"space:{space.id}"}
    assert acts() == [("space.made", "sleep")]
    assert browser.post("/en/admin/spaces/new", {**sent, "idem": "other"}).status_code == 422


def test_names_and_descriptions_hold_nothing_that_identifies_a_patient(cast, visit):
    space = make.space("public-square")
    browser = visit(cast["administrator"])
    words = "About the file of NAS 046 454 286."
    sent = {"name_en": "Square", "name_fr": "Place", "position": "40", "see": ["everyone"], "post": "member"}
    for address, more in (
        ("new", {"slug": "sleep", "kind": "public", "idem": "one"}),
        ("public-square", {"seen": fingerprint(space)}),
    ):
        answer = browser.post(f"/en/admin/spaces/{address}", {**sent, **more, "description_fr": words})
        assert (answer.status_code, words in answer.text) == (422, True)
        assert "This is not an identifier" in answer.text  # the way to say so is there
    db.session.rollback()
    assert acts() == []
    declared = {"kept_identifier": [one.token for one in scan(words).findings], "description_fr": words}
    space = make.space("public-square")
    again = {**sent, **declared, "seen": fingerprint(space)}
    assert browser.post("/en/admin/spaces/public-square", again).status_code == 303
    edit(cast["administrator"], make.space("public-square"), position=41)  # asked once


@pytest.mark.parametrize("slug", ["", "A", "Été", "with space", "-x", "a" * 61, "../x"])
def test_an_address_that_would_not_stand_in_one_is_refused(cast, visit, slug):
    sent = {"slug": slug, "kind": "public", "name_en": "Sleep", "name_fr": "Sommeil", "position": "4"}
    assert visit(cast["administrator"]).post("/en/admin/spaces/new", sent).status_code == 422


# Members


def test_a_member_comes_in_and_goes(cast, visit):
    space = make.space("committee-first-line")
    browser = visit(cast["administrator"])
    address = "/en/spaces/committee-first-line/members"
    assert (
        browser.post(address, {"words": "Robin Tallgrass", "standing": "chair", "idem": "a"}).status_code
        == 303
    )
    assert may_see_space(cast["member"].viewer, space)
    assert "Robin Tallgrass" in browser.get(address).get_data(as_text=True)
    assert visit(cast["member"]).get(address).status_code == 200
    browser.post(f"{address}/remove", {"persona": cast["member"].persona_id})
    assert not may_see_space(cast["member"].viewer, space)
    assert [act for act, _ in acts()] == ["space.member_added", "space.member_removed"]


def test_somebody_is_found_by_the_key_of_their_page(cast):
    space = make.space("committee-first-line")
    with transaction():
        found = structure.add_member(cast["administrator"].viewer, space, cast["lived"].persona_id, "member")
    assert found.id == cast["lived"].persona_id


def test_a_protected_name_nobody_read_answers_like_a_name_nobody_bears(cast):
    space = make.space("committee-first-line")
    said = []
    for name in ("Quiet-Alder", "Nobody-Here"):
        with pytest.raises(Invalid) as refused, transaction():
            structure.add_member(cast["administrator"].viewer, space, name, "member")
        said.append(str(refused.value.sentence))
    assert said[0] == said[1]


def test_an_administrator_lets_neither_themselves_nor_professionals_into_lived_experience(cast):
    space = make.space("lived-experience")
    admin, soon = cast["administrator"].viewer, clock.now() + timedelta(days=5)
    for name, standing in (
        ("Desmond Oak", "member"),
        ("Noemie Larch", "member"),
        ("Robin Tallgrass", "guest"),
    ):
        with pytest.raises(Invalid), transaction():
            structure.add_member(admin, space, name, standing, soon)


def test_a_guest_comes_until_a_day_and_no_day_is_past(cast):
    space = make.space("committee-first-line")
    for standing, until in (("guest", None), ("member", clock.now() - timedelta(days=1))):
        with pytest.raises(Invalid) as refused, transaction():
            structure.add_member(cast["administrator"].viewer, space, "Robin Tallgrass", standing, until)
        assert refused.value.field == "until"


def test_a_membership_ends_with_its_day(cast):
    space = make.space("committee-first-line")
    with transaction():
        until = clock.now() + timedelta(days=1)
        structure.add_member(cast["administrator"].viewer, space, "Robin Tallgrass", "member", until)
    assert may_see_space(cast["member"].viewer, space)
    with transaction():
        db.session.scalars(select(SpaceMember)).one().until = clock.now() - timedelta(seconds=1)
    assert not may_see_space(cast["member"].viewer, space)
