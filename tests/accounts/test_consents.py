"""What somebody agreed to: one purpose, by the text that was read; it is given and withdrawn by itself."""

from __future__ import annotations

import pytest

from community.accounts.services import joining
from tests.make import accounts as make


@pytest.mark.parametrize(("purpose", "text"), [("research", "privacy"), ("charter", "charter")])
def test_a_consent_is_for_the_text_that_was_read_and_a_later_one_is_agreed_to_anew(
    client, monkeypatch, purpose, text
):
    """The line of before stays as it was; nobody is taken to agree to words they never saw."""
    someone = make.account("robin@example.org")
    someone.signs_in(client)
    make.send(client, "/en/consents", purpose="research", given="yes")
    assert "Agree to the text of today" not in client.get("/en/consents").text
    before = joining.text_version
    monkeypatch.setattr(
        joining, "text_version", lambda name, lang: "new" if name == text else before(name, lang)
    )
    assert "Agree to the text of today" in client.get("/en/consents").text
    assert "Accepter le texte actuel" in client.get("/fr/consents").text
    for _twice in range(2):
        assert make.send(client, "/en/consents", purpose=purpose, given="yes").status_code == 302
    kept = [row for row in joining.consents_of(someone.member_id) if row.purpose == purpose]
    assert sorted(row.text_version for row in kept) == sorted([before(text, "en"), "new"])
    assert not any(row.withdrawn_at for row in kept)
    changed = joining.whose_text_changed(joining.consents_of(someone.member_id))
    assert purpose not in changed
    if purpose == "research":
        make.send(client, "/en/consents", purpose=purpose, given="no")
        assert not joining.has_agreed(someone.member_id, purpose)


def test_a_consent_is_neither_given_nor_withdrawn_by_a_request_that_says_neither(client):
    someone = make.account("robin@example.org")
    someone.signs_in(client)
    make.send(client, "/en/consents", purpose="research", given="yes")
    for said in ({}, {"given": "maybe"}, {"given": ""}):
        assert make.send(client, "/en/consents", purpose="research", **said).status_code == 422
    assert joining.has_agreed(someone.member_id, "research")
