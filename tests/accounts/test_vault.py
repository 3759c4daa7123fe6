"""The vault: both directions, no value shared, rotation killed in the middle, the last resort."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import select

from community.accounts import vault
from community.accounts.cli import vault_group
from community.accounts.members import User
from community.accounts.models import Persona, VaultRow
from community.accounts.services import keyring, personas
from community.accounts.services.personas import Wish
from community.app import start
from community.core import keyfile
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid
from community.core.sealing import KeyFileProblem, Keyring, new_secret, read_keyring, write_keyring
from community.core.store import settings
from tests.make import accounts as make


def rows():
    db.session.expire_all()
    return {row.tag: row.sealed for row in db.session.scalars(select(VaultRow))}


def links():
    """Every link as the vault tells it from both sides."""
    found = set()
    for member_id in db.session.scalars(select(User.id)):
        for persona_id in vault.personas_of(member_id).values():
            assert vault.member_of(persona_id) == member_id
            found.add((member_id, persona_id))
    return found


@pytest.fixture
def instance(tmp_path):
    """An instance with its own key file and three members with two names each."""
    with make.own_app(tmp_path, f"vault_{os.path.basename(tmp_path)[-20:].lower()}") as app:
        for number in range(3):
            someone = make.account(f"m{number}@example.org", f"Member {'ABC'[number]} Brook")
            with transaction():
                name = personas.free_proposals("en", 1)[0]
                personas.make(someone.member_id, Wish("protected", name, (), None, "en"))
        yield app


def test_a_link_is_two_rows_of_one_length_found_from_either_side(app):
    someone = make.account("robin@example.org")
    found = rows()
    assert len(found) == 2
    assert {len(tag) for tag in found} == {32}
    assert len({len(sealed) for sealed in found.values()}) == 1
    assert vault.member_of(someone.persona_id) == someone.member_id
    assert vault.personas_of(someone.member_id) == {0: someone.persona_id}


def test_no_value_of_the_vault_occurs_anywhere_else_nor_twice(app):
    someone = make.account("robin@example.org")
    with transaction():
        other, _ = personas.make(someone.member_id, Wish("protected", "Marsh-Willow", (), None, "en"))
    found = rows()
    values = [*found, *found.values()]
    assert len(set(values)) == len(values)
    for stored in values:
        for known in (someone.member_id, someone.persona_id, other.id):
            assert known.encode() not in stored


def test_the_same_link_made_again_is_sealed_otherwise(app):
    someone = make.account("robin@example.org")
    before = rows()
    with transaction():
        vault.unlink(someone.member_id, someone.persona_id)
        assert vault.count() == 0
        vault.link(someone.member_id, someone.persona_id, 0)
    after = rows()
    assert set(before) == set(after)
    assert not set(before.values()) & set(after.values())


def test_a_persona_is_tied_to_one_member_and_a_slot_to_one_persona(app):
    one = make.account("robin@example.org")
    other = make.account("lea@example.org", "Lea Orme")
    with pytest.raises(Conflict):
        vault.link(other.member_id, one.persona_id)
    with pytest.raises(Conflict):
        vault.link(one.member_id, "x" * 22, 0)


def test_a_row_moved_to_another_place_opens_nothing(app):
    one = make.account("robin@example.org")
    other = make.account("lea@example.org", "Lea Orme")
    mine, theirs = (vault._rows(vault.tags("vault tag", "p", who.persona_id)) for who in (one, other))
    with transaction():
        next(iter(mine.values())).sealed = next(iter(theirs.values())).sealed
    with pytest.raises(vault_error()):
        vault.member_of(one.persona_id)


def vault_error():
    from community.core.sealing import CannotUnseal

    return CannotUnseal


def test_rotation_moves_every_half_and_the_old_key_goes_at_the_end(instance):
    before, old = links(), rows()
    answer = instance.test_cli_runner().invoke(vault_group, ["rotate"])
    assert answer.exit_code == 0, answer.output
    ring = read_keyring(settings().key_file)
    assert len(ring.secrets) == 2
    assert not set(old) & set(rows())
    assert links() == before
    assert keyring.fits(Keyring(ring.secrets[:1]))
    answer = instance.test_cli_runner().invoke(vault_group, ["rotate", "--finish"])
    assert answer.exit_code == 0, answer.output
    assert read_keyring(settings().key_file).secrets == ring.secrets[:1]
    assert links() == before


def test_rotation_killed_in_the_middle_reads_everything_and_goes_on(instance, monkeypatch):
    before, old = links(), rows()
    monkeypatch.setattr(keyring, "BATCH", 2)

    class Killed(BaseException):
        pass

    def kill(done, _all):
        if done >= 4:
            raise Killed

    instance.extensions["keyring"] = keyring.with_new_key(instance.extensions["keyring"], settings().key_file)
    with pytest.raises(Killed):
        keyring.rewrite(kill)
    middle = rows()
    assert set(old) & set(middle)
    assert set(old) - set(middle)
    assert links() == before
    with make.next_life(settings()):  # it finds the file as the killed one left it
        assert links() == before
        keyring.rewrite(lambda *_: None)
        assert not set(old) & set(rows())
        assert links() == before


def test_a_site_that_runs_during_a_rotation_takes_up_the_new_key_by_itself(instance):
    before = links()
    with make.next_life(settings()) as running:
        with instance.app_context():
            assert instance.test_cli_runner().invoke(vault_group, ["rotate"]).exit_code == 0
        assert len(running.extensions["keyring"].secrets) == 1
        assert links() == before
        assert len(running.extensions["keyring"].secrets) == 2


def test_a_signed_in_browser_stays_signed_in_over_a_rotation_and_a_restart(instance):
    with make.next_life(settings()) as running:
        client = running.test_client()
        make.sign_in(client, "m0@example.org")
        cookie = client.get_cookie("session")
        assert cookie
    assert instance.test_cli_runner().invoke(vault_group, ["rotate"]).exit_code == 0
    with make.next_life(settings()) as restarted:
        browser = restarted.test_client()
        browser.set_cookie("session", cookie.value)
        assert "Member A Brook" in browser.get("/en/names").text


def test_finishing_is_refused_while_links_lie_under_the_old_key_only_known_here(instance):
    answer = instance.test_cli_runner().invoke(vault_group, ["rotate", "--finish"])
    assert answer.exit_code != 0
    assert "nothing to finish" in str(answer.exception) + answer.output


def starts():
    with make.next_life(settings()) as app:
        return start(app)


def test_the_site_refuses_to_start_without_its_key_or_with_anothers(instance):
    path = settings().key_file
    right = path.read_bytes()
    assert starts()
    write_keyring(path, [new_secret()])
    with pytest.raises(KeyFileProblem, match="belongs to another instance"):
        starts()
    path.write_text("not a key")
    with pytest.raises(KeyFileProblem, match="damaged"):
        starts()
    path.unlink()
    with pytest.raises(KeyFileProblem, match="cannot be read"):
        starts()
    assert not path.exists()  # a new one is never made silently
    path.write_bytes(right)
    assert starts()


def test_starting_over_is_refused_while_the_key_fits_or_without_a_clear_yes(instance):
    run = instance.test_cli_runner().invoke
    before = rows()
    for words in (["start-over"], ["start-over", "--yes"]):
        assert run(vault_group, words).exit_code != 0
    instance.extensions["keyring"] = KeyFileProblem("gone")
    assert run(vault_group, ["start-over"]).exit_code != 0
    assert rows() == before


def test_after_starting_over_accounts_live_and_a_name_comes_back_by_its_code(tmp_path):
    with make.own_app(tmp_path, "startover"):
        someone = make.account("robin@example.org")
        with transaction():
            public_code = personas.new_recovery_code(someone.member_id, someone.persona_id)
            other, other_code = personas.make(
                someone.member_id, Wish("protected", "Marsh-Willow", (), None, "en")
            )
            lost, _ = personas.make(someone.member_id, Wish("protected", "Calm-Otter", (), None, "en"))
            lost.recovery_hash = None
        other_id, lost_id = other.id, lost.id
        settings().key_file.unlink()

        with make.next_life(settings()) as lost_key:
            lost_key.extensions["keyring"] = KeyFileProblem("gone")
            answer = lost_key.test_cli_runner().invoke(vault_group, ["start-over", "--yes"])
            assert answer.exit_code == 0, (answer.output, answer.exception)
            assert vault.count() == 0
            assert {row.state for row in db.session.scalars(select(Persona))} == {"former"}
            assert db.session.get_one(Persona, lost_id).name == ""

        with make.next_life(settings()) as reborn:
            client = start(reborn).test_client()
            assert make.sign_in(client, "robin@example.org").status_code == 302  # the password needs no key
            assert client.get("/en/").location == "/en/names"
            wrong = make.send(
                client, "/en/names/recover", form="/en/names/new", code="AAAAA-BBBBB-CCCCC-DDDDD"
            )
            assert wrong.status_code == 422
            typed = other_code.lower().replace("-", " ")
            assert make.send(client, "/en/names/recover", form="/en/names/new", code=typed).status_code == 302
            assert vault.member_of(other_id) == someone.member_id
            assert "Marsh-Willow" in client.get("/en/names").text
            back = make.send(client, "/en/names/recover", form="/en/names/all", code=public_code)
            assert back.status_code == 302
            db.session.rollback()
            assert db.session.get_one(Persona, someone.persona_id).state == "active"
            stranger = make.account("lea@example.org", "Lea Orme")
            with pytest.raises(Invalid):
                personas.recover(stranger.member_id, other_code)  # a code works once


def test_a_key_is_made_once(instance):
    before = settings().key_file.read_bytes()
    with transaction():
        assert keyfile.first_key(instance, settings()) is False
    assert settings().key_file.read_bytes() == before
    assert oct(settings().key_file.stat().st_mode & 0o777) == "0o600"
