"""Who may begin a conversation with whom: nobody, unless the name said otherwise."""

from __future__ import annotations

from datetime import date

import pytest

from community.accounts.models import Persona
from community.conversations.queries.doors import may_be_written_to
from community.core.db import db, transaction
from community.core.errors import Invalid, TooOften
from tests import cast as people
from tests.cast import persona
from tests.make import conversations as make
from tests.make import forum


def may_write(who, other):
    return may_be_written_to(who.viewer, db.session.get_one(Persona, other.persona_id))


def test_nobody_may_write_to_a_name_that_said_nothing(cast):
    assert not [name for name, who in cast.items() if may_write(who, cast["physician"])]
    with pytest.raises(Invalid) as refused:
        make.begins(cast["member"], cast["physician"])
    assert refused.value.field == "to"


# Written by hand: who may write to the physician under each choice, in the order of the cast.
MAY = {
    "professional": {"social_worker"},
    "anybody": set(people.NAMES) - {"visitor", "physician"},
    "shared": {"social_worker"},  # both read the space of Ontario
}


def test_the_choice_says_who_may(cast):
    for slug in ("public-square", "lived-experience", "policy", "opioids", "on"):
        forum.space(slug)
    for choice, those in MAY.items():
        make.lets_write(cast["physician"], choice)
        found = {
            name for name, who in cast.items() if name != "physician" and may_write(who, cast["physician"])
        }
        assert found == those, choice


def test_two_names_of_the_lived_experience_space_share_it(cast):
    forum.space("lived-experience")
    make.lets_write(cast["lived"], "shared")
    assert may_write(cast["moderator"], cast["lived"])
    # The public name of the same person shares nothing with the moderator: names are not their members.
    make.lets_write(cast["also_lived"], "shared")
    assert not may_write(cast["moderator"], cast["also_lived"])


def test_a_name_that_was_imported_too_is_that_of_the_member(cast):
    with transaction():
        for key in ("0" * 22, "z" * 22):  # before and behind, in whatever order the database reads them
            imported = {"imported_from": f"elsewhere:{key}", "lang": "en", "made_on": date(2026, 1, 1)}
            db.session.add(
                Persona(id=key, name=cast["physician"].name, kind="imported", state="active", **imported)
            )
    make.lets_write(cast["physician"])
    assert make.begins(cast["member"], cast["physician"])


def test_the_door_can_be_closed_again(cast):
    make.lets_write(cast["physician"])
    assert may_write(cast["member"], cast["physician"])
    make.lets_write(cast["physician"], "")
    assert not may_write(cast["member"], cast["physician"])


def test_a_name_of_nobody_is_refused_in_the_same_words(cast):
    from community.conversations.services import starting
    from community.conversations.services.messages import Said
    from community.conversations.services.starting import Opening

    sentences = set()
    for name in ("Noemie Larch", "Quiet-Alder", "Nobody Atall"):
        with pytest.raises(Invalid) as refused, transaction():
            starting.start(cast["member"].viewer, Opening([name], "", Said("Hello there.", "en")))
        sentences.add(str(refused.value.sentence).replace(name, "NAME"))
    assert len(sentences) == 1


def test_a_new_name_begins_three_conversations_a_day(cast):
    with transaction():
        others = [persona(f"Person {letter}") for letter in "ABCD"]
    for one in others:
        make.lets_write(one)
    for one in others[:3]:
        make.begins(cast["member"], one)
    with pytest.raises(TooOften):
        make.begins(cast["member"], others[3])
    make.no_longer_new(cast["member"])
    assert make.begins(cast["member"], others[3])


def test_at_most_nine_others_and_never_oneself_alone(cast):
    with transaction():
        others = [persona(f"Person {letter}") for letter in "ABCDEFGHIJ"]
    for one in others:
        make.lets_write(one)
    with pytest.raises(Invalid):
        make.begins(cast["member"], *others)
    make.lets_write(cast["member"])
    with pytest.raises(Invalid):
        make.begins(cast["member"], cast["member"])
    assert make.begins(cast["member"], *others[:9])
