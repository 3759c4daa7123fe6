"""A clock that was wrong for a while signs nobody out."""

from __future__ import annotations

import time

import pytest
from flask import session
from itsdangerous import SignatureExpired, TimestampSigner

from community.core.cookies import CLOCKS_DIFFER, PatientSigner


@pytest.fixture
def clock(monkeypatch):
    """Set by how many seconds the clock is off."""
    real, off = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() + off[0])
    return lambda seconds: off.__setitem__(0, seconds)


def test_a_cookie_from_an_hour_ahead_is_good(clock):
    clock(3600)
    signed = PatientSigner("key").sign("word")
    clock(0)
    assert PatientSigner("key").unsign(signed, max_age=60) == b"word"
    assert PatientSigner("key").unsign(signed, max_age=60, return_timestamp=True)[0] == b"word"
    with pytest.raises(SignatureExpired):
        TimestampSigner("key").unsign(signed, max_age=60)


@pytest.mark.parametrize("off", [-120, CLOCKS_DIFFER + 60])
def test_one_that_is_old_or_of_another_day_is_not(clock, off):
    clock(off)
    signed = PatientSigner("key").sign("word")
    clock(0)
    with pytest.raises(SignatureExpired):
        PatientSigner("key").unsign(signed, max_age=60)


def test_the_site_signs_with_it(app):
    serializer = app.session_interface.get_signing_serializer(app)
    assert serializer.signer is PatientSigner
    with app.test_request_context("/"):
        session["x"] = "y"
        assert serializer.loads(serializer.dumps(dict(session)), max_age=60)["x"] == "y"
