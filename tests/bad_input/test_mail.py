"""A letter goes to whom it is for, with the headers that we gave it, and leads to this site alone."""

from __future__ import annotations

import email
import re
from email.policy import SMTP

import pytest

from community.core import mail
from community.core.db import db, transaction
from tests.bad_input import lists, oracle
from tests.make import accounts as make

HEADERS = frozenset(
    {"content-type", "mime-version", "subject", "from", "to", "date", "message-id"}
    | {"content-transfer-encoding", "auto-submitted", "x-auto-response-suppress"}
)
SEVERAL = (
    *("a@example.org\r\nBcc: all@example.org", "a@example.org\nCc: b@example.org", "a@example.org\r\rx: y"),
    *("a@example.org,b@example.org", "a@example.org;b@example.org", "a@example.org b@example.org"),
    *('"a\r\nBcc: b@example.org"@example.org', "<a@example.org>", "A <a@example.org>", "a@example.org\0"),
    *("a@example.org%0aBcc:b@example.org", "=?utf-8?q?a=0ab?=@example.org", "a@[127.0.0.1]", "a@localhost"),
)
FORGED = ("evil.example", "localhost@evil.example", "evil.example:443", "[::1]", "localhost\tevil.example")


@pytest.fixture(autouse=True)
def _empty_post_box(built_app):
    built_app.extensions["mailman"].outbox = []


def as_sent(letter):
    """A letter as a mail server reads it."""
    return email.message_from_bytes(letter.message().as_bytes(), policy=SMTP)


def test_no_words_in_a_subject_add_a_header_or_a_reader(app):
    said = (*lists.read("injection"), *lists.read("markup")[:20], "a\rb", "a\x0bb\x0cc", "a\u2028b", "é" * 90)
    with transaction():
        for words in said:
            mail.send_later("robin@example.org", words.replace("\0", ""), words.replace("\0", "") or "x")
    letters = make.post_box()
    assert len(letters) == len(said)
    for letter in letters:
        sent = as_sent(letter)
        assert {name.lower() for name in sent} <= HEADERS
        assert len(sent.get_all("subject")) == len(sent.get_all("to")) == 1
        assert letter.recipients() == ["robin@example.org"]


def test_an_address_is_one_address_or_none(client):
    """Whatever is typed, each letter that comes of it goes to one person, and says no more than ours do."""
    for address in SEVERAL:
        form = make.joining_form(client, email=address)
        assert client.post("/en/join", data=form).status_code in {302, 422}
        for page in ("/en/password/forgotten", "/en/confirm"):
            assert client.post(page, data=form).status_code < 500
    letters = make.post_box()
    for letter in letters:
        sent = as_sent(letter)
        assert {name.lower() for name in sent} <= HEADERS
        assert len(letter.recipients()) == 1
        assert not re.search(r"[\s,;<>\0]", letter.recipients()[0])
    assert len(letters) < len(SEVERAL) // 2, "hardly any of them is an address at all"


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "Forwarded", "X-Original-URL", "X-Host"])
def test_no_header_of_a_request_leads_a_letter_elsewhere(client, header):
    make.account("robin@example.org")
    for forged in FORGED:
        words = f"host={forged};proto=https" if header == "Forwarded" else forged.replace("\t", "")
        form = {"csrf_token": make.csrf(client.get("/en/password/forgotten")), "email": "robin@example.org"}
        client.post("/en/password/forgotten", data=form, headers={header: words})
    for letter in make.post_box():
        bodies = [letter.body, *(content for content, _ in letter.alternatives)]
        places = {place for body in bodies for place in re.findall(r"https?://([^/\s\"<>]+)", body)}
        assert places <= {"127.0.0.1:8000"}, places
        assert not any(oracle.alive_in_letter(content) for content, _ in letter.alternatives)
    db.session.remove()


def test_nobody_without_an_account_writes_to_a_stranger_in_their_own_words(client):
    """The pages of a visitor that send mail put nothing of what was typed into it but the address."""
    make.account("robin@example.org")
    mine = "Buy here: https://evil.example"
    for page in ("/en/password/forgotten", "/en/confirm", "/en/join"):
        fields = make.joining_form(
            client, email="robin@example.org", name="Evil Example", subject=mine, body=mine
        )
        client.post(
            page, data={**fields, "subject": mine, "body": mine, "text": mine, "message": mine, "next": mine}
        )
    letters = make.post_box()
    assert letters
    for letter in letters:
        # A link's token may hold four letters by chance.
        assert not re.search(r"evil[ .]example", str(as_sent(letter)).lower())
