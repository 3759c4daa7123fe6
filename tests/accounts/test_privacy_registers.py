"""The registers that the law asks for, and who looked at what belongs to a name."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from community.accounts.privacy import looking, registers, words
from community.accounts.privacy.models import PrivacyRecord
from community.core import archives, audit, clock, spreadsheets
from community.core.db import db, transaction
from community.core.errors import Invalid, NotAllowed
from community.core.i18n import speaking
from tests.make import accounts as make

POINTS = dict.fromkeys(registers.POINTS["incidents"], "What is known.")
NEW = "/en/privacy/registers/incidents/new"


@pytest.fixture
def cast(whole_cast):
    return whole_cast


@pytest.fixture
def admin(client, cast):
    return cast["administrator"].signs_in(client)


def sent(client, address=NEW, **changes):
    return make.send(client, address, **{**POINTS, "known_on": str(clock.today()), **changes})


def added(admin, **changes):
    answer = sent(admin, **changes)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].rsplit("/", 1)[-1]


def test_each_of_the_eight_points_is_given_or_the_reason_why_not(admin):
    assert len(registers.POINTS["incidents"]) == 8
    nothing = dict.fromkeys(registers.POINTS["incidents"], "")
    for point in registers.POINTS["incidents"]:
        with pytest.raises(Invalid) as refused:
            registers.points_of("incidents", POINTS | {point: " "}, nothing)
        assert refused.value.field == point
    answer = sent(admin, measures="")
    assert answer.status_code == 422
    assert "Write what is known, or why it is not." in answer.text
    assert "What is known." in answer.text
    assert not db.session.scalars(select(PrivacyRecord)).all()
    why = {f"{point}_unknown": f"Still being looked into: {point}." for point in nothing}
    page = admin.get(f"/en/privacy/records/{added(admin, **nothing, **why)}").text
    for sentence in why.values():
        assert sentence in page


def test_an_entry_is_added_to_and_what_it_said_stays(admin):
    key = added(admin, people="About ten.")
    address = f"/en/privacy/records/{key}/change"
    assert sent(admin, address, version="1", people="Twelve.").status_code == 302
    page = admin.get(f"/en/privacy/records/{key}").text
    assert "About ten." in page
    assert "Twelve." in page
    late = sent(admin, address, version="1", people="Thirteen.")
    assert late.status_code == 422
    assert "Thirteen." in late.text
    assert len(db.session.scalars(select(PrivacyRecord)).all()) == 2


def test_a_day_still_to_come_is_refused(admin):
    assert sent(admin, known_on=str(clock.today() + timedelta(days=2))).status_code == 422


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: sa.update(PrivacyRecord).values(points={"people": {"said": "Nobody."}}),
        lambda: sa.update(PrivacyRecord).values(known_on=clock.today() - timedelta(days=3)),
        lambda: sa.delete(PrivacyRecord),
    ],
)
def test_a_row_that_was_changed_or_removed_shows(admin, spoil):
    added(admin)
    assert not list(registers.unchanged())
    with transaction() as session:
        session.execute(spoil())
    assert len(list(registers.unchanged())) == 1
    assert audit.first_break() is None


def test_an_incident_is_kept_for_five_years_after_it_became_known(app, cast):
    with transaction():
        points = registers.points_of("incidents", POINTS, {})
        viewer = cast["administrator"].viewer
        old = registers.add(viewer, "incidents", points, clock.today() - timedelta(days=5 * 365 + 3)).key
        young = registers.add(viewer, "incidents", points, clock.today() - timedelta(days=5 * 365)).key
        made = registers.points_of("anonymisations", POINTS | {"purpose": "P.", "technique": "T."}, {})
        other = registers.add(viewer, "anonymisations", made, clock.today() - timedelta(days=4000)).key
        assert registers.drop_old() == 1
    kept = set(db.session.scalars(select(PrivacyRecord.key)))
    assert old not in kept
    assert {young, other} <= kept
    assert not list(registers.unchanged())


def test_the_register_goes_to_the_authority_whole_and_that_is_written_down(admin):
    key = added(admin, people="=1+1")
    sent(admin, f"/en/privacy/records/{key}/change", version="1", people="Two.")
    table = make.send(admin, "/en/privacy/registers/incidents/take-out/csv", form="/en/privacy")
    rows = spreadsheets.read(table.data)
    assert [row["people"] for row in rows] == ["=1+1", "Two."]
    assert b"'=1+1" in table.data
    plain = make.send(admin, "/en/privacy/registers/incidents/take-out/json", form="/en/privacy")
    assert [row["version"] for row in json.loads(plain.data)] == [1, 2]
    acts = db.session.scalars(select(audit.AuditEntry.act)).all()
    assert acts.count("record.exported") == 2


LETTERS = (
    ("commission", "fr", "7. Avis"),
    ("commission", "en", "7. Notices"),
    ("person", "fr", "Ce que vous pouvez faire\u00a0:"),
    ("person", "en", "What you can do:"),
)


def test_letters_are_made_in_both_languages(admin):
    key = added(admin, circumstances="A key was left in a café & lost.", people="", people_unknown="Soon.")
    for to, tongue, said in LETTERS:
        answer = admin.get(f"/en/privacy/records/{key}/letters/{to}/{tongue}")
        assert answer.status_code == 200
        assert answer.mimetype == "text/plain"
        assert said in answer.text
        assert "A key was left in a café & lost." in answer.text


def test_an_anonymisation_has_points_of_its_own_and_no_letters(admin):
    given = dict.fromkeys(registers.POINTS["anonymisations"], "Said.")
    address = "/fr/privacy/registers/anonymisations/new"
    answer = make.send(admin, address, known_on=str(clock.today()), **given)
    key = answer.headers["Location"].rsplit("/", 1)[-1]
    assert admin.get(f"/fr/privacy/records/{key}").status_code == 200
    assert admin.get(f"/fr/privacy/records/{key}/letters/person/fr").status_code == 404


def test_only_administrators_add_to_a_register(cast):
    with pytest.raises(NotAllowed):
        registers.add(cast["coordinator"].viewer, "incidents", {}, clock.today())
    assert registers.newest(cast["coordinator"].viewer, "incidents") == []


def test_too_many_words_are_refused(app):
    with pytest.raises(Invalid):
        registers.points_of("incidents", POINTS | {"people": "x" * 4001}, {})


def test_who_looked_at_a_name_or_decided_about_it_is_told_to_that_name_alone(client, cast):
    lived, physician = cast["lived"].persona_id, cast["physician"].persona_id
    with transaction():
        audit.record(cast["coordinator"].persona_id, "credential.verified", "some title", persona=physician)
        audit.record(cast["moderator"].persona_id, "duty.given", physician, duty="moderator")
        audit.record(cast["coordinator"].persona_id, "duty.given", lived, duty="moderator")
        audit.record(physician, "archive.asked", physician)
    mine = db.session.scalars(looking.acts_about(cast["physician"].viewer)).all()
    assert [entry.act for entry in mine] == ["credential.verified", "duty.given"]
    cast["physician"].signs_in(client)
    page = client.get("/en/privacy/looked").text
    assert "Solene Marsh" in page  # the coordinator, whose name is public
    assert "Far-Lake" not in page  # a protected name is told to nobody
    assert "Title verified" in page
    assert not db.session.scalars(looking.acts_about(cast["member"].viewer)).all()


def test_what_is_kept_is_counted_for_its_owner(client, cast):
    cast["lived"].signs_in(client)
    page = client.get("/en/privacy/kept").text
    assert "Quiet-Alder" in page
    assert "Alex Orchard" not in page
    assert "Messages" in page
    account = client.get("/en/privacy/kept/account").text
    assert "Open sessions" in account


def test_every_list_that_is_kept_has_words_in_both_languages(cast):
    """Also those of domains that came later."""
    for lang in ("en", "fr"):
        with speaking(lang):
            for who, found in (
                ("name", archives.of_persona(cast["lived"].persona_id)),
                ("account", archives.of_account(cast["lived"].member_id)),
            ):
                for part, lists in found.items():
                    for name in lists:
                        assert words.list_name(part, name) != name, f"{who}: {part}.{name}"
