"""The files of the demonstration have no faults, and a fault would be found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from community.demo.loader import committees as committee_files
from community.demo.loader import people as people_files
from community.demo.loader import testimonies as testimony_files
from community.demo.loader import topics as topic_files
from community.demo.loader.faults import faults
from community.demo.loader.people import Also, Title
from community.demo.loader.topics import Conversation, Said

PEOPLE = people_files.people()
TOPICS = {one.id: one for one in topic_files.conversations()}
COMMITTEES = committee_files.committees()
OPIOIDS = TOPICS["morphine-lente-vers-buprenorphine"]


def test_the_files_have_no_faults() -> None:
    assert faults(PEOPLE, TOPICS.values(), COMMITTEES) == []


def test_there_is_enough_to_judge_the_product_by() -> None:
    assert len(people_files.names()) >= 40
    assert len(TOPICS) >= 60
    assert len({one.space for one in TOPICS.values()}) >= 12
    languages = [one.lang for one in TOPICS.values()]
    assert min(languages.count("fr"), languages.count("en")) >= 25
    assert {group for person in PEOPLE.values() for group in person.groups} >= {
        *("physician", "nurse", "pharmacist", "social_worker", "learner"),
        *("lived_experience", "family", "government", "researcher", "public"),
    }


def among(**changed: Any) -> list[str]:
    """The faults when these fields of one person differ."""
    person = replace(PEOPLE["noemie-lavigne"], **changed)
    return faults(MappingProxyType({**PEOPLE, person.id: person}), TOPICS.values(), COMMITTEES)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"name": "Dre lmogen Vale"}, "the name reads like that of"),
        ({"groups": ("physician", "family")}, "lived experience beside a profession"),
        ({"groups": ("wizard",)}, "groups ['wizard']"),
        ({"lang": "de"}, "language 'de'"),
        ({"region": "paris"}, "region 'paris'"),
        ({"kind": "protected"}, "a protected name with a region, a title"),
        ({"credential": Title("physician", "zz", "verified", 2, 3)}, "title physician zz"),
        ({"duties": ("moderator:nowhere",)}, "duty 'moderator:nowhere'"),
        ({"member_of": ("nowhere",)}, "space 'nowhere'"),
        ({"about_fr": ""}, "offered without a sentence"),
        ({"cast": False, "id": "noemie-lavigne"}, None),
        ({"also": Also("twin", "Marsh-Willow", "en", ("lived_experience",))}, "the name reads like that of"),
        ({"credential": None}, "noemie-lavigne could not write in"),
    ],
)
def test_a_fault_in_a_person_is_found(changed: dict[str, Any], fault: str | None) -> None:
    found = among(**changed)
    assert any(fault in one for one in found) if fault else not found


def reply(**changed: Any) -> Callable[[Conversation], Conversation]:
    """The conversation with another second post."""

    def changing(one: Conversation) -> Conversation:
        first, second, *rest = one.said
        return replace(one, said=(first, replace(second, **changed), *rest))

    return changing


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda one: replace(one, space="nowhere"), "there is no space nowhere"),
        (lambda one: replace(one, kind="poem"), "kind 'poem'"),
        (lambda one: replace(one, title="x" * 301), "the title is too short or too long"),
        (lambda one: replace(one, theme="opioids"), "the axis of its own space"),
        (lambda one: replace(one, days_ago=1), "its last post would be in the future"),
        (lambda one: replace(one, guest=""), "riviere-tranquille could not write in opioids then"),
        (lambda one: replace(one, kind="announcement"), "samuel-ostrom does not announce in opioids"),
        (reply(author="nobody"), "nobody is called nobody"),
        (reply(author="marsh-willow"), "marsh-willow could not write in opioids then"),
        (reply(author="hollis-penhallow"), "hollis-penhallow could not write in opioids then"),
        (reply(thanks=("marsh-willow",)), "marsh-willow could not read opioids"),
        (reply(thanks=("imogen-vale",)), "its author reacts to it"),
        (reply(body=""), "it says nothing"),
        (reply(body="x" * 19_000), "it is too long"),
        (reply(note=("weather",)), "notes ('weather',)"),
        (reply(quote=2), "it quotes post 2"),
        (reply(jurisdiction="qc-06"), "jurisdiction 'qc-06'"),
        (
            reply(sources=({"kind": "doi", "ref": "10.1000/182", "label": ""},)),
            "the DOI 10.1000/182 may be real",
        ),
        (reply(sources=({"kind": "url", "ref": "nowhere", "label": ""},)), "source"),
        (reply(after_hours=60), "comes before the one above it"),
        (lambda one: replace(one, id="comfort-list"), "two topics are called comfort-list"),
    ],
)
def test_a_fault_in_a_conversation_is_found(change: Any, fault: str) -> None:
    changed = {**TOPICS, OPIOIDS.id: change(OPIOIDS)}
    assert any(fault in one for one in faults(PEOPLE, changed.values(), COMMITTEES))


def test_two_names_of_one_person_in_one_topic_are_found() -> None:
    owner = next(person for person in PEOPLE.values() if person.also)
    assert owner.also is not None
    both = tuple(
        Said(author=name, body=f"Words of {name}, said here only.") for name in (owner.id, owner.also.id)
    )
    here = replace(TOPICS["appeler-le-911"], said=both)
    found = faults(PEOPLE, {**TOPICS, here.id: here}.values(), COMMITTEES)
    assert any(f"{owner.id} and {owner.also.id} are one person" in one for one in found)


def test_a_sentence_in_two_topics_is_found() -> None:
    said = replace(OPIOIDS.said[0], body=TOPICS["comfort-list"].said[0].body)
    copied = replace(OPIOIDS, said=(said, *OPIOIDS.said[1:]))
    assert any(
        "both say" in one for one in faults(PEOPLE, {**TOPICS, copied.id: copied}.values(), COMMITTEES)
    )


def test_an_expired_title_counted_while_it_held() -> None:
    """Théo Marchand wrote in a clinical space before his title ended; today he could not."""
    title = PEOPLE["theo-marchand"].credential
    assert title is not None
    wrote = OPIOIDS.ago(next(said for said in OPIOIDS.said if said.author == "theo-marchand"))
    assert title.holds(wrote)
    assert not title.holds(wrote - wrote)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"slug": "opioids"}, "there is no such committee"),
        ({"chair": "nobody"}, "nobody is called nobody"),
        ({"chair": "marsh-willow"}, "its chair is no member"),
        ({"mandate_fr": ""}, "its mandate lacks a language"),
        ({"members": ("riviere-tranquille",)}, "is a member in one file and not in the other"),
    ],
)
def test_a_fault_in_a_committee_is_found(changed: dict[str, Any], fault: str) -> None:
    first, *rest = COMMITTEES
    assert any(fault in one for one in faults(PEOPLE, TOPICS.values(), [replace(first, **changed), *rest]))


def test_a_field_that_nobody_knows_stops_the_reading() -> None:
    with pytest.raises(TypeError, match="colour"):
        people_files.read(
            '[[person]]\nid="a"\nname="A"\nkind="public"\nlang="en"\ngroups=["public"]\ncolour="red"'
        )
    with pytest.raises(TypeError, match="missing"):
        topic_files.read("opioids", '[[topic]]\nid="a"\nauthor="b"\nbody="c"')


def test_testimonies_are_in_both_languages_for_each_audience_and_some_wait() -> None:
    rows = testimony_files.listed()
    assert {row["lang"] for row in rows} == {"fr", "en"}
    assert {row["audience"] for row in rows} == {"lived", "member", "everyone"}
    assert sum("months" not in row for row in rows) == 2
