"""What a password may be, and where one may be led after typing it."""

from __future__ import annotations

import pytest

from community.accounts.signin.destination import is_ours
from community.accounts.signin.passwords import fault_of, is_common

GOOD = [
    "tilted harvest moon, violet",
    "rivière bouleau nuage lanterne",
    "7f$9Q2!84#1x",
    "kD8vLw2Qz0pX",
    "zk9!4829173650",
    "ᐃᓄᒃᑎᑐᑦ ᐅᖃᐅᓯᖅ",
    "密码是很长的一句话没有人猜到",
    "🦊🌲🌊🪶🍂🌙⛵🪨🌾🫐",
    " spaces at both ends ",
    "fern and lantern " * 58,
]
COMMON = [
    "password123",
    "Password2024!",
    "P@ssw0rd2024",
    "passw0rd!!!!",
    "motdepasse1",
    "MotDePasse2026!",
    "qwertyuiop",
    "azertyuiop",
    "1234567890",
    "0987654321",
    "12345678910",
    "1q2w3e4r5t" + "6y7u8i9o0p",
    "aaaaaaaaaaaa",
    "abababababab",
    "abcdefghij",
    "abcdefgh123",
    "iloveyou2024",
    "jetaime12345",
    "Canadiens1993",
    "Montreal2026",
    "bonjour12345",
    "sunshine1234",
    "chocolat2020",
    "princesse99!",
    "letmein12345",
    "welcome2024!",
    "Bienvenue123",
    "administrator",
    "superadmin12",
    "infirmiere1!",
    "passerelle2026",
    "monmotdepasse",
    "mypassword12",
    "qwerty123456",
    "azerty123456",
    "20241225000",
    "password1234567890",
    "!!!password!!!",
    "trustno1!!!!",
    "naloxone2024",
]


@pytest.mark.parametrize("password", GOOD)
def test_a_long_password_of_any_alphabet_is_taken(password):
    assert fault_of(password) is None


@pytest.mark.parametrize("password", [word for word in COMMON if word != "1q2w3e4r5t6y7u8i9o0p"])
def test_a_password_that_is_tried_first_is_refused(password):
    assert is_common(password)


@pytest.mark.parametrize("password", ["", "short", "nine char", "x" * 1001])
def test_too_short_or_endless_is_refused(app, password):
    assert fault_of(password)


def test_what_others_know_of_the_account_makes_no_password(app):
    assert is_common("robinbrook99", ("robinbrook",))
    assert not is_common("robinbrook under nine lanterns", ("robinbrook",))


def test_nothing_is_cut_off(app):
    from flask_security.utils import hash_password, verify_password

    long = "fern" * 60
    hashed = hash_password(long + "a")
    assert hashed.startswith("$argon2id$")
    assert verify_password(long + "a", hashed)
    assert not verify_password(long + "b", hashed)
    assert not verify_password(long, hashed)


def test_a_hash_needs_no_key_so_that_a_lost_one_locks_nobody_out(app):
    from flask_security.utils import hash_password, verify_password

    hashed = hash_password("tilted harvest moon")
    app.config["SECURITY_PASSWORD_SALT"], was = "another", app.config["SECURITY_PASSWORD_SALT"]
    try:
        assert verify_password("tilted harvest moon", hashed)
    finally:
        app.config["SECURITY_PASSWORD_SALT"] = was


@pytest.mark.parametrize("address", ["/en/", "/fr", "/fr/names/all", "/en/search?q=a%20b&page=2", "/fr/é"])
def test_a_page_of_this_site_is_ours(address):
    assert is_ours(address)


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "/",
        "//en/",
        "/enx/",
        "/english",
        "en/",
        "https://x/en/",
        "/en/\\x",
        "/en/ x",
        "/en/\n",
        "/en\t/",
        "/static/x",
    ],
)
def test_anything_else_is_not(address):
    assert not is_ours(address)
