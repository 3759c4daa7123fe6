"""Two keepers who write of the same group, link or service at the same moment."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete, func, select, update

from community.accounts.viewer import OPERATOR
from community.core import clock
from community.core.db import db, transaction
from community.core.errors import CommunityError, Conflict, NotFound
from community.directory.mending.spots import Mended, of_organization
from community.directory.models import (
    Correction,
    Group,
    GroupMeeting,
    GroupMember,
    JointWork,
    OrganizationLink,
)
from community.directory.queries import documents
from community.directory.queries import groups as group_queries
from community.directory.queries import links as link_queries
from community.directory.services import corrections, group_meetings, groups, keeping, links
from tests import cast as people
from tests.at_once import stored_at_once
from tests.make import accounts, directory, together

LANTERN, PIER, MILL = (directory.uuid(name) for name in (together.LANTERN, together.PIER, together.MILL))

SERVICE = directory.service()["id"]


@pytest.fixture(scope="module")
def apart(tmp_path_factory, worker_id):
    """A community of its own: threads see only what was really stored."""
    folder = tmp_path_factory.mktemp("together")
    with accounts.own_app(folder, f"passerelle_together_{worker_id}") as app:
        together.organizations()
        with transaction():
            names = [people.persona(name) for name in ("Lan Tern", "Pia Pier")]
        directory.keeper(names[0], LANTERN)
        directory.keeper(names[1], PIER)
        yield app, [name.viewer for name in names]


@pytest.fixture
def run(apart):
    """``run(act, *each)``: the act of both keepers, each with one of these; what became of it."""
    app, viewers = apart

    def both(act, *each):
        got = stored_at_once(app, [partial(act, *pair) for pair in zip(viewers, each, strict=True)])
        db.session.remove()
        return sorted(map(_told, got))

    with app.app_context():
        for table in (Group, OrganizationLink, Correction):
            with transaction():
                for row in db.session.scalars(select(table)).all():
                    db.session.delete(row)
        yield both
        db.session.remove()


def _told(got):
    if isinstance(got, CommunityError):
        return type(got).__name__
    return repr(got) if isinstance(got, Exception) else "done"


def counted(table):
    return db.session.scalar(select(func.count()).select_from(table))


def test_the_last_organization_stays_whoever_takes_the_others_out(run):
    key = together.group(together.LANTERN, together.PIER).key

    def take(viewer, other):
        groups.take_out(viewer, group_queries.group(viewer, key), other)

    assert run(take, PIER, LANTERN) in (["Invalid", "done"], ["NotAllowed", "done"])
    assert counted(GroupMember) == 1


def test_two_who_add_the_same_organization_add_it_once(run):
    key = together.group(together.LANTERN, together.PIER).key

    def add(viewer, other):
        groups.add_organization(viewer, group_queries.group(viewer, key), other, "member")

    assert run(add, MILL, MILL) == ["done", "done"]
    assert counted(GroupMember) == 3


def test_two_who_count_the_same_month_count_it_once(run):
    key = together.link().key

    def count(viewer, number):
        month = clock.today().replace(day=1)
        links.count(viewer, link_queries.link(viewer, key), month, links.Counts(number, 0, 0))

    assert run(count, 3, 4) == ["done", "done"]
    assert counted(JointWork) == 1


def test_two_who_state_the_same_link_state_one(run):
    said = links.LinkWords(2, (), None, clock.today() + timedelta(days=90))

    def state(viewer, ends):
        links.state(viewer, ends[0], ends[1], said)

    assert run(state, (LANTERN, PIER), (PIER, LANTERN)) == ["Invalid", "done"]
    assert counted(OrganizationLink) == 1


def test_the_same_fault_said_by_two_at_once_waits_once(run):
    def say(_viewer, what):
        corrections.say_wrong(LANTERN, SERVICE, what)

    assert run(say, "phone", "phone") == ["done", "done"]
    (row,) = db.session.scalars(select(Correction)).all()
    assert row.times == 2


def test_a_text_that_two_keepers_save_at_once_is_kept_once(run):
    """The other is shown what stands there by now."""
    (description,) = (
        one
        for one in of_organization(documents.organization(OPERATOR, PIER) or {"id": PIER})
        if (one.name, one.part) == ("description", "en")
    )
    spot = (description.kind, description.id, description.name, description.part)

    def save(_viewer, words):
        some = [Mended(*spot, description.value, words)]
        keeping.require_read(OPERATOR, ("organization", PIER), some)
        keeping.edit(OPERATOR, PIER, ("organization", PIER), some)

    assert run(save, "One pier.", "Two piers.") == ["Conflict", "done"]


@pytest.mark.parametrize(
    ("meanwhile", "refusal"),
    [(update(OrganizationLink).values(intensity=5), Conflict), (delete(OrganizationLink), NotFound)],
)
def test_nobody_confirms_a_link_that_was_stated_anew_or_ended_as_they_pressed(run, apart, meanwhile, refusal):
    (_, pier), key = apart[1], together.link().key

    def confirm():
        row = link_queries.link(pier, key)
        seen = links.mark(row)
        _meanwhile(meanwhile)
        links.confirm(pier, row, seen)

    with pytest.raises(refusal), transaction():
        confirm()


def test_no_minutes_are_written_over_that_were_kept_as_somebody_pressed(run, apart):
    (lantern, _), group = apart[1], together.group()
    key, of = together.meeting(group).key, group.key
    said = group_meetings.MeetingWords(clock.today(), True, "", "en", "Another point.", "", False)

    def change():
        found = group_queries.group(lantern, of)
        row = group_queries.meeting(lantern, found, key)
        seen = row.version
        _meanwhile(update(GroupMeeting).values(version=GroupMeeting.version + 1))
        group_meetings.change(lantern, found, row, said, seen)

    with pytest.raises(Conflict), transaction():
        change()


def _meanwhile(statement):
    """What somebody else wrote since the row was read."""
    db.session.execute(statement.execution_options(synchronize_session=False))
