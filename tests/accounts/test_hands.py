"""What a community lacks before its duties can be done stands on the home page of who can give it."""

from __future__ import annotations

import pytest

from community.accounts.models import Persona
from community.accounts.services import duties
from community.core.db import db, transaction


@pytest.fixture
def people(whole_cast):
    return whole_cast


def home(app, who, lang="en"):
    return who.signs_in(app.test_client()).get(f"/{lang}/").text


SAID = {
    "en": ("Make a second person an administrator", "Make a second person a coordinator"),
    "fr": ("Confier l’administration à une deuxième personne", "Confier la coordination à une deuxième"),
}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_an_administrator_alone_is_told_what_takes_two(app, people, lang):
    page = home(app, people["administrator"], lang)
    assert all(words in page for words in SAID[lang])
    for who in ("coordinator", "moderator", "member"):
        assert not any(words in home(app, people[who], lang) for words in SAID[lang])


def test_it_goes_when_there_are_two_and_comes_back_when_one_leaves(app, people):
    admin = people["administrator"]
    with transaction():
        duties.give(admin.viewer, people["member"].persona_id, "coordinator")
        duties.give(admin.viewer, people["member"].persona_id, "administrator")
    assert "Make a second" not in home(app, admin)
    with transaction():
        db.session.get_one(Persona, people["member"].persona_id).state = "former"
    page = home(app, admin)
    assert all(words in page for words in SAID["en"])


def test_where_nobody_coordinates_two_are_asked_for(app, people):
    with transaction():
        duties.take(people["administrator"].viewer, people["coordinator"].persona_id, "coordinator")
    assert "Make two persons coordinators" in home(app, people["administrator"])
