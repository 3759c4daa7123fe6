"""Where a provider is asked, and where never; the settings that name it; the key of what is kept."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from dataclasses import replace

import pytest

from community.accounts.oidc import wire
from community.accounts.oidc.subjects import reseal, subject_hash
from community.accounts.oidc.wire import Unreachable, get_json, is_askable, is_public
from community.accounts.services import authenticator
from community.core import store
from community.core.db import db, transaction
from community.core.sealing import Keyring
from config import BadSetting, Provider, read_settings
from tests.accounts.oidc import acts
from tests.conftest import RING

PRIVATE = [
    *("127.0.0.1", "127.1.2.3", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),  # noqa: S104
    *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::"),
    *(
        "2002:c0a8:101::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "",
        "localhost",
        "0x7f000001",
        "2130706433",
    ),
]
NO_ADDRESS = [
    *("http://login.example.org/", "ftp://login.example.org/", "file:///etc/passwd", "javascript:alert(1)"),
    *(
        "//login.example.org/",
        "https:///nothing",
        "https://user@login.example.org/",
        "https://a:b@c.example/",
    ),
    *("https://login.example.org/#part", "https://login.example.org:port/", "https://login.example.org/ x"),
    *("https://login.example.org/\r\nHost: x", "https://é.example/", "", None, 7, "https://" + "a" * 2000),
]


@contextmanager
def production(app):
    """The application as it refuses what only tests may do."""
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, stage="production")
    try:
        yield
    finally:
        app.extensions["settings"] = before


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_in_any_clothes_is_none_to_ask(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["9.9.9.9", "2620:fe::9", "::ffff:9.9.9.9", "64:ff9b::909:909"])
def test_an_address_of_the_open_network_is(address):
    assert is_public(address)


def test_only_plain_https_addresses_are_asked(app):
    with production(app):
        assert not [url for url in NO_ADDRESS if is_askable(url)]
        assert is_askable("https://login.example.org/a?b=c")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "0", "0x7f.1", "2130706433", "127.1", "[::ffff:127.0.0.1]"]
)
def test_nothing_here_is_asked_by_way_of_a_provider(app, host):
    with production(app), socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.05)
        with pytest.raises(Unreachable):
            get_json(f"https://{host}:{canary.getsockname()[1]}/")
        with pytest.raises(TimeoutError):
            canary.accept()


def test_the_connection_goes_to_the_address_that_was_looked_at(app, monkeypatch):
    """A name that resolves to an open address first and to this machine a moment later."""
    asked: list[str] = []

    def resolves(host, port, **_more):
        asked.append(host)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("9.9.9.9" if len(asked) == 1 else "127.0.0.1", port))
        ]

    reached: list[str] = []

    def connects(address, _timeout):
        reached.append(address[0])
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", resolves)
    monkeypatch.setattr(wire.socket, "create_connection", connects)
    with production(app), pytest.raises(Unreachable):
        get_json("https://login.example.org/")
    assert reached == ["9.9.9.9"]
    assert asked == ["login.example.org"]


def test_one_private_address_among_open_ones_is_enough_to_refuse(app, monkeypatch):
    rows = [(2, 1, 6, "", (address, 443)) for address in ("9.9.9.9", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_facts, **_more: rows)
    with production(app), pytest.raises(Unreachable, match="private"):
        get_json("https://login.example.org/")


@contextmanager
def saying(raw: bytes):
    """A server that says this to whoever comes."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _from = server.accept()
            with connection:
                connection.recv(4000)
                connection.sendall(raw)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no http at all",
        HEAD,
        HEAD + b"[]",
        HEAD + b"[" * 200_000,
        HEAD + b'{"a": "' + b"a" * (wire.LARGEST + 1) + b'"}',
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\n{}",
    ],
    ids=range(8),
)
def test_what_is_no_answer_is_none(app, raw):
    with saying(raw) as address, pytest.raises(Unreachable):
        get_json(address)


# Settings


def settings(tmp_path, **changes):
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n")
    env = {
        "OIDC_PROVIDERS": "hospital",
        "OIDC_HOSPITAL_ISSUER": "https://login.hospital.example",
        "OIDC_HOSPITAL_CLIENT_ID": "passerelle",
        "OIDC_HOSPITAL_SECRET_FILE": str(secret),
        "OIDC_HOSPITAL_NAME_FR": "Hôpital",
        "OIDC_HOSPITAL_NAME_EN": "Hospital",
        "OIDC_HOSPITAL_VOUCHES": "yes",
        "INSTANCE_DIR": str(tmp_path),
        **changes,
    }
    return read_settings(env)


def test_a_provider_is_named_by_the_settings_and_its_secret_lies_in_a_file(tmp_path):
    found = settings(tmp_path)
    names = {"fr": "Hôpital", "en": "Hospital"}
    assert found.providers == (
        Provider("hospital", "https://login.hospital.example", "passerelle", "s3cret", names, True),
    )
    assert "s3cret" not in repr(found)
    assert settings(tmp_path, OIDC_PROVIDERS="").providers == ()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"OIDC_PROVIDERS": "Hospital"}, "small letters"),
        ({"OIDC_PROVIDERS": "hospital,hospital"}, "twice"),
        ({"OIDC_PROVIDERS": "hospital,other"}, "OIDC_OTHER_ISSUER is empty"),
        ({"OIDC_HOSPITAL_ISSUER": ""}, "OIDC_HOSPITAL_ISSUER is empty"),
        ({"OIDC_HOSPITAL_ISSUER": "http://login.hospital.example"}, "https://"),
        ({"OIDC_HOSPITAL_ISSUER": "https://login.hospital.example?x=y"}, "https://"),
        ({"OIDC_HOSPITAL_ISSUER": "https://anna@login.hospital.example"}, "https://"),
        ({"OIDC_HOSPITAL_CLIENT_ID": ""}, "CLIENT_ID is empty"),
        ({"OIDC_HOSPITAL_NAME_FR": ""}, "NAME_FR is empty"),
        ({"OIDC_HOSPITAL_SECRET_FILE": "/nowhere"}, "readable file"),
        ({"OIDC_HOSPITAL_SECRET_FILE": ""}, "readable file"),
    ],
    ids=str,
)
def test_a_setting_that_cannot_be_used_stops_the_start_with_a_sentence(tmp_path, changes, says):
    with pytest.raises(BadSetting, match=says):
        settings(tmp_path, **changes)


# What is kept, and the second step


def test_what_is_kept_of_a_subject_survives_a_change_of_key(app):
    before = subject_hash("https://a.example", "anna")
    assert before != subject_hash("https://a.example", "anna2")
    assert before != subject_hash("https://a.exampl", "eanna")
    new = b"another key for tests, 32 bytes."
    try:
        app.extensions["keyring"] = Keyring((new, *RING.secrets))
        with transaction():
            assert reseal("") == ""
        app.extensions["keyring"] = Keyring((new,))
        assert subject_hash("https://a.example", "anna") == before
        app.extensions["keyring"] = Keyring((b"a key that opens nothing, 32 byt",))
        assert subject_hash("https://a.example", "anna") != before
    finally:
        app.extensions["keyring"] = RING
    assert before.hex() not in str(store.get("linked_sign_in_key"))


def test_a_second_step_follows_also_the_way_through_a_provider(client, north):
    account = acts.linked_account(north)
    secret = authenticator.draw()
    with transaction():
        authenticator.set_up(account.member_id, secret, authenticator.code_now(secret))
    db.session.remove()
    answer = acts.enter(client, north, next="/en/spaces")
    assert answer.location == "/en/sign-in/second-step"
    assert not acts.is_in(client)
