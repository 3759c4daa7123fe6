"""Who proposed something and left may still be there under another name: nobody is a second person alone."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from community.core.db import db, transaction
from community.core.errors import Conflict, NotAllowed
from community.core.jobs import Job
from community.directory import archive, arrangement_archive
from community.directory.arrangements import as_values
from community.directory.mending.spots import Mended
from community.directory.models import Correction
from community.directory.models.arrangements import Arrangement
from community.directory.permissions.arrangements import sides_to_agree
from community.directory.services import arrangements as services
from community.directory.services import corrections
from community.directory.withholding import FLAG
from tests import cast as people
from tests.directory.test_arrangements import agree, here, kept, write
from tests.make import arrangements as make
from tests.make import directory

__all__ = ["here"]
LANTERN, PIER = directory.uuid("organization"), directory.uuid("other organization")


@pytest.fixture
def eve(here):
    """One person with a name at Lantern House and, since that name left, another that keeps both sides."""
    with transaction():
        owner = people.member()
        one = people.persona("Eve", groups=["organization"], owner=owner)
        other = people.persona("Eva", groups=["organization"], owner=owner, slot=1)
    directory.keeper(one)
    directory.keeper(other, LANTERN)
    directory.keeper(other, PIER, "public_health")
    return one.viewer, other.viewer


def leaves(viewer):
    with transaction():
        arrangement_archive.leave(viewer.persona_id, True)
        archive.leave(viewer.persona_id, True)


@pytest.mark.parametrize(
    ("kind", "sides", "missing", "by"),
    [("corridor", ("to", "from"), "from", "Bo"), ("liaison", ("second",), "second", "Ada")],
)
def test_whoever_agrees_first_to_what_was_left_proposes_it(here, eve, kind, sides, missing, by):
    one, other = eve
    key = write(one, kind)
    leaves(one)
    asked = [job.arguments["event"] for job in db.session.query(Job) if "event" in job.arguments]
    assert any("again" in event for event in asked) == (kind == "corridor")
    assert sides_to_agree(other, kept(key)) == tuple(sorted(sides))
    with transaction():
        assert services.agree(other, kept(key), sides[0], services.mark(kept(key))) == "proposed"
    assert (kept(key).state, kept(key).waits_for) == ("draft", missing)
    with pytest.raises(NotAllowed), transaction():
        agree(other, kept(key), missing)
    with transaction():
        agree(here[by], kept(key), missing)
    assert (kept(key).state, kept(key).proposed_by) == ("in_force", None)


def test_a_number_of_a_keeper_who_left_is_agreed_to_by_two_others(here, eve):
    one, other = eve
    service = directory.uuid(make.HERE)
    (phone,) = directory.shown(make.HERE)["phones"]
    number = Mended("phone", phone["id"], "number", "", phone["number"], "555 555-0188")
    place = directory.shown(make.HERE)["service_at_locations"][0]["location"]["id"]
    for some, what in (([number], "phone"), ([Mended("location", place, FLAG, "", "true", "")], "shown")):
        with transaction():
            first = corrections.second(one, LANTERN, service, some, what).key
        leaves(one)
        with transaction():
            assert not corrections.accept(other, db.session.get_one(Correction, first), {0})
        waits = db.session.query(Correction).filter_by(state="waiting").one()
        assert (waits.origin, waits.what, waits.suggested_by) == ("second", what, other.persona_id)
        with pytest.raises(NotAllowed), transaction():
            corrections.accept(other, db.session.merge(waits), {0})
        with transaction():
            assert corrections.accept(here["Ada"], db.session.merge(waits), {0})
    assert "555 555-0188" in str(directory.shown(make.HERE))


def test_nobody_agrees_to_terms_that_name_an_organization_which_nobody_asked(here, client):
    """Such terms could be proposed once, and wait still."""
    row = make.arranged("corridor")
    proposed = as_values(make.terms("corridor", organization_id="0b0c5e4e-7a55-5f0e-8f5c-0d2f6f1c0a09"))
    with transaction():
        waiting = update(Arrangement).where(Arrangement.key == row.key)
        db.session.execute(waiting.values(proposed=proposed, waits_for="from", proposed_by=None))
    assert sides_to_agree(here["Bo"], kept(row.key)) == ()
    with pytest.raises(Conflict), transaction():
        agree(here["Bo"], kept(row.key), "from")
    with transaction():
        services.refuse(here["Bo"], kept(row.key), services.mark(kept(row.key)))
    assert (kept(row.key).state, kept(row.key).waits_for) == ("in_force", "")
