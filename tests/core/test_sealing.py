"""Sealed values open only with the right key, purpose and companion; the key file only by its owner."""

from __future__ import annotations

import stat

import pytest

from community.core import sealing
from community.core.sealing import (
    CannotUnseal,
    KeyFileProblem,
    Keyring,
    new_secret,
    read_keyring,
    write_keyring,
)


def test_what_is_sealed_opens_again(app):
    assert sealing.unseal("draft", sealing.seal("draft", b"words", b"place"), b"place") == b"words"


def test_two_seals_of_one_value_differ(app):
    assert sealing.seal("draft", b"words") != sealing.seal("draft", b"words")


@pytest.mark.parametrize(
    ("purpose", "companion"), [("mail", b"place"), ("draft", b"elsewhere"), ("draft", b"")]
)
def test_another_purpose_or_companion_opens_nothing(app, purpose, companion):
    sealed = sealing.seal("draft", b"words", b"place")
    with pytest.raises(CannotUnseal):
        sealing.unseal(purpose, sealed, companion)


def test_a_changed_value_opens_nothing(app):
    sealed = bytearray(sealing.seal("draft", b"words"))
    sealed[-1] ^= 1
    with pytest.raises(CannotUnseal):
        sealing.unseal("draft", bytes(sealed))


@pytest.mark.parametrize("made_up", ["", "a", "é", "AAAA", "=" * 9])
def test_a_made_up_text_opens_nothing(app, made_up):
    with pytest.raises(CannotUnseal):
        sealing.unseal_text("cursor", made_up)


def test_an_older_key_of_the_ring_still_opens(app):
    old, new = new_secret(), new_secret()
    app.extensions["keyring"], before = Keyring((old,)), app.extensions["keyring"]
    try:
        sealed = sealing.seal("draft", b"words")
        app.extensions["keyring"] = Keyring((new, old))
        assert sealing.unseal("draft", sealed) == b"words"
        app.extensions["keyring"] = Keyring((new,))
        with pytest.raises(CannotUnseal):
            sealing.unseal("draft", sealed)
    finally:
        app.extensions["keyring"] = before


def test_parts_of_a_tag_cannot_be_moved_between_each_other(app):
    assert sealing.tag("vault tag", "ab", "c") != sealing.tag("vault tag", "a", "bc")


def test_the_key_file_is_read_only_by_its_owner(tmp_path):
    path = tmp_path / "keys" / "passerelle.keys"
    write_keyring(path, [new_secret(), new_secret()])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(read_keyring(path).secrets) == 2


@pytest.mark.parametrize("content", ["", "not a key\n", "c2hvcnQ=\n"])
def test_a_damaged_key_file_stops_with_a_sentence(tmp_path, content):
    path = tmp_path / "passerelle.keys"
    path.write_text(content)
    with pytest.raises(KeyFileProblem, match="damaged"):
        read_keyring(path)
