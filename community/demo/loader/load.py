"""Loading the demonstration, a portion a transaction: what is here already is left as it is."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import groupby

from flask_security.utils import hash_password
from sqlalchemy import select

from community.core import clock
from community.core.db import db, transaction
from community.core.i18n import zone
from community.demo.loader import store, writing_answering, writing_committees, writing_people, writing_topics
from community.demo.loader.answering import answering, faults_of
from community.demo.loader.arrangements import arrangements
from community.demo.loader.committees import committees
from community.demo.loader.directory import services
from community.demo.loader.faults import faults
from community.demo.loader.keeping import keeping
from community.demo.loader.moderation import waiting
from community.demo.loader.moments import Calendar
from community.demo.loader.notices import notices
from community.demo.loader.people import Person, names, people
from community.demo.loader.referrals import referred
from community.demo.loader.testimonies import testimonies
from community.demo.loader.together import together
from community.demo.loader.topics import conversations
from community.demo.loader.trust import trust
from community.forum.models import Space

Say = Callable[[str], None]
_BEFORE_THE_FIRST_POST = timedelta(days=40)


class CannotLoad(Exception):
    """The demonstration cannot be loaded; ``args[0]`` says why, for the operator."""


def check() -> list[str]:
    """What in the files cannot be, as sentences."""
    return [
        *faults(people(), conversations(), committees()),
        *faults_of(answering(), names()),
    ]


def load(say: Say) -> Counter[str]:
    """Write what is not here yet. Returns how many of each sort were written.

    :raises CannotLoad: the files have faults, or the spaces are not here yet.
    """
    found = check()
    if found:
        raise CannotLoad("The files of the demonstration have faults:\n" + "\n".join(found))
    calendar = Calendar(clock.now(), zone())
    _spaces()
    written: Counter[str] = Counter()
    written["people"] = _people(calendar, say)
    written["topics"], written["posts"] = _conversations(calendar, say)
    written["committees"] = _committees(calendar)
    written["notices"] = notices()
    written["answering"] = _answering(calendar)
    written["testimonies"] = testimonies()
    written["reports"] = waiting()
    written["trust"] = trust()
    written["services"] = services()
    written["corrections"] = keeping()
    written["referrals"] = referred()
    written["arrangements"] = arrangements()
    written["together"] = together()
    return written


def _spaces() -> dict[str, Space]:
    found = {space.slug: space for space in db.session.scalars(select(Space))}
    missing = {one.space for one in conversations()} - set(found)
    if missing:
        raise CannotLoad(f"Spaces are missing ({', '.join(sorted(missing))}): run flask setup first.")
    return found


def _people(calendar: Calendar, say: Say) -> int:
    with transaction():
        loaded = store.Loaded()
        fresh = [person for person in people().values() if not loaded.has("person", person.id)]
        if not fresh:
            return 0
        # Nobody knows this password, and one hash for all saves seconds: they enter by one press.
        password = hash_password(secrets.token_urlsafe(32))
        for person in fresh:
            writing_people.add_person(person, password, _since(person, calendar))
        _entrust(fresh, calendar)
        loaded.add("person", [person.id for person in fresh])
    say(f"{len(fresh)} people")
    return len(fresh)


def _entrust(fresh: Iterable[Person], calendar: Calendar) -> None:
    ids, spaces = store.persona_ids(), _spaces()
    deciders = [one.id for one in people().values() if "coordinator" in one.duties and one.id in ids]
    for person in fresh:
        writing_people.give_duties(person, ids)
        writing_people.add_title(person, ids, deciders, calendar)
        writing_people.let_in(person, ids, spaces, calendar)


def _since(person: Person, calendar: Calendar) -> date:
    """Some weeks before the first thing that is known of a person."""
    own = {person.id, person.also.id if person.also else person.id}
    ages = [one.ago(said) for one in conversations() for said in one.said if said.author in own]
    if person.credential is not None:
        ages.append(timedelta(days=person.credential.since_days))
    return (calendar.now - max(ages, default=timedelta()) - _BEFORE_THE_FIRST_POST).date()


def _conversations(calendar: Calendar, say: Say) -> tuple[int, int]:
    topics = posts = 0
    for slug, listed in groupby(conversations(), key=lambda one: one.space):
        with transaction():
            loaded = store.Loaded()
            fresh = [one for one in listed if not loaded.has("topic", one.id)]
            if not fresh:
                continue
            posts += writing_topics.add_conversations(fresh, store.persona_ids(), _spaces(), calendar)
            loaded.add("topic", [one.id for one in fresh])
        topics += len(fresh)
        say(f"{slug}: {len(fresh)} topics")
    return topics, posts


def _committees(calendar: Calendar) -> int:
    with transaction():
        loaded = store.Loaded()
        fresh = [one for one in committees() if not loaded.has("committee", one.slug)]
        ids, spaces = store.persona_ids(), _spaces()
        for one in fresh:
            writing_committees.add_committee(one, ids, spaces[one.slug], calendar)
        loaded.add("committee", [one.slug for one in fresh])
    return len(fresh)


def _answering(calendar: Calendar) -> int:
    """What each can answer, who is on call; then the questions that wait go on their way."""
    with transaction():
        loaded = store.Loaded()
        if loaded.has("answering", "all"):
            return 0
        writing_answering.add_answering(answering(), store.persona_ids(), calendar)
        writing_answering.send_on_their_way()
        loaded.add("answering", ["all"])
    return len(answering().said)
