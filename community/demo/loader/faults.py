"""What in the files of the demonstration cannot be: unknown names, people where they may not write,
two names of one person in one place, a sentence said twice. Pure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from community.accounts.models import AFFILIATIONS, GROUPS, LIVED, PROFESSIONAL_GROUPS, PROFESSIONS
from community.accounts.names import skeleton
from community.core.errors import Invalid
from community.core.i18n import LANGUAGES
from community.core.regions import REGIONS
from community.core.text import MAX_BODY
from community.demo.loader.committees import Committee
from community.demo.loader.people import Also, Person, admitted
from community.demo.loader.topics import Conversation, Said
from community.forum.citations import NotASource, cite
from community.forum.first_spaces import MEMBERS, FirstSpace, first_spaces
from community.forum.models.posts import NOTES
from community.forum.models.topics import ASKING, LEVELS, TITLE_LEAST, TITLE_MOST, TOPIC_KINDS
from community.forum.services.topics import check_facts
from community.forum.themes import THEMES

_DEMO_DOI = re.compile(r"10\.5555/")  # the prefix that Crossref keeps for examples
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_TELLING = 25  # characters: shorter sentences ("Thank you both.") may well be said twice
_ONE_TO_TEN = range(8, 11)
_DUTIES = ("coordinator", "administrator")


class _Members:
    """Who belongs to which space."""

    def __init__(self, people: Mapping[str, Person], committees: Iterable[Committee]) -> None:
        self.of: dict[str, set[str]] = defaultdict(set)
        for person in people.values():
            for slug in (*person.member_of, *person.guest_of):
                self.of[slug].add(person.id)
        for committee in committees:
            self.of[committee.slug] |= {committee.chair, *committee.members}


def faults(
    people: Mapping[str, Person], conversations: Iterable[Conversation], committees: Iterable[Committee]
) -> list[str]:
    """Every fault as a sentence that says where it is; none when the files can be loaded."""
    listed = list(conversations)
    committees = list(committees)
    members = _Members(people, committees)
    return [
        *_of_people(people),
        *(f"{one.space}/{one.id}: {fault}" for one in listed for fault in _of_topic(one, people, members)),
        *_twice(listed),
        *(f"{one.slug}: {fault}" for one in committees for fault in _of_committee(one, people)),
    ]


# People


def _of_people(people: Mapping[str, Person]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for name in _names(people).values():
        if skeleton(name.name) in seen:
            yield f"{name.id}: the name reads like that of {seen[skeleton(name.name)]}"
        seen[skeleton(name.name)] = name.id
        yield from (f"{name.id}: {fault}" for fault in _of_name(name))
    for person in people.values():
        yield from (f"{person.id}: {fault}" for fault in _of_person(person))
    offered = sum(person.cast for person in people.values())
    if offered not in _ONE_TO_TEN:
        yield f"{offered} people are offered on the sign-in page, not 8 to 10"


def _names(people: Mapping[str, Person]) -> dict[str, Person | Also]:
    found: dict[str, Person | Also] = dict(people)
    found.update({person.also.id: person.also for person in people.values() if person.also})
    return found


def _of_name(name: Person | Also) -> Iterator[str]:
    groups = set(name.groups)
    if name.lang not in LANGUAGES:
        yield f"language {name.lang!r}"
    if not groups or groups - set(GROUPS):
        yield f"groups {sorted(groups - set(GROUPS))}"
    if groups & LIVED and groups & PROFESSIONAL_GROUPS:
        yield "lived experience beside a profession on one name"


def _of_person(person: Person) -> Iterator[str]:
    if person.kind not in ("public", "protected"):
        yield f"kind {person.kind!r}"
    if person.region and person.region not in REGIONS:
        yield f"region {person.region!r}"
    if person.kind == "protected" and (
        person.region or person.credential or set(person.duties) & set(_DUTIES)
    ):
        yield "a protected name with a region, a title or a duty of public names"
    title = person.credential
    if title and (title.profession not in (*PROFESSIONS, *AFFILIATIONS) or title.jurisdiction not in REGIONS):
        yield f"title {title.profession} {title.jurisdiction}"
    if title and title.profession not in person.groups:
        yield "a title in another group"
    if person.cast and not (person.about_en and person.about_fr):
        yield "offered without a sentence in both languages"
    for duty in person.duties:
        if duty not in _DUTIES and duty.removeprefix("moderator:") not in _spaces():
            yield f"duty {duty!r}"
    for slug in (*person.member_of, *person.guest_of):
        if slug not in _spaces():
            yield f"space {slug!r}"


def _spaces() -> dict[str, FirstSpace]:
    return {space.slug: space for space in first_spaces()}


# Topics


def _of_topic(one: Conversation, people: Mapping[str, Person], members: _Members) -> Iterator[str]:
    if one.space not in _spaces():
        yield f"there is no space {one.space}"
        return
    names = _names(people)
    yield from _of_heading(one)
    if one.guest and one.guest not in names:
        yield f"nobody is called {one.guest}"
    yield from _of_company(one, people, names)
    last = 0.0
    for number, said in enumerate(one.said, 1):
        yield from (f"post {number}: {fault}" for fault in _of_post(one, number, said, names))
        yield from (
            f"post {number}: {fault}" for fault in _of_places(one, said, names, members, opening=number == 1)
        )
        if said.after_hours < last:
            yield f"post {number} comes before the one above it"
        last = said.after_hours


def _of_heading(one: Conversation) -> Iterator[str]:
    if one.kind not in TOPIC_KINDS or one.level not in LEVELS or one.lang not in LANGUAGES:
        yield f"kind {one.kind!r}, level {one.level!r} or language {one.lang!r}"
    if not TITLE_LEAST <= len(one.title) <= TITLE_MOST:
        yield "the title is too short or too long"
    if (one.region and one.region not in REGIONS) or (one.theme and one.theme not in THEMES):
        yield f"region {one.region!r} or theme {one.theme!r}"
    space = _spaces()[one.space]
    if (space.region and one.region) or (space.theme and one.theme):
        yield "it carries the axis of its own space"
    yield from _of_facts(one)
    if one.days_ago < 0 or not 0 <= one.hour < 24 or not 0 <= one.in_month <= 27:
        yield "it begins at no hour that was"
    if one.ago(one.said[-1]) < timedelta(0):
        yield "its last post would be in the future"


def _of_facts(one: Conversation) -> Iterator[str]:
    if bool(one.facts) != (one.kind == "case"):
        yield "facts are those of a case, and a case has some"
    elif one.facts:
        try:
            check_facts(one.bands)
        except (Invalid, TypeError):
            yield f"facts {one.facts}"


def _of_company(
    one: Conversation, people: Mapping[str, Person], names: Mapping[str, Person | Also]
) -> Iterator[str]:
    """One person, one name in a topic: two would betray each other."""
    here = {said.author for said in one.said} | {who for said in one.said for _, who in said.reactions}
    here |= {one.guest} if one.guest else set()
    yield from (f"nobody is called {name}" for name in sorted(here - set(names)))
    for person in people.values():
        if person.also and {person.id, person.also.id} <= here:
            yield f"{person.id} and {person.also.id} are one person"


def _of_post(one: Conversation, number: int, said: Said, names: Mapping[str, Person | Also]) -> Iterator[str]:
    if not said.body and not said.withdrawn:
        yield "it says nothing"
    if len(said.body) > MAX_BODY * 9 // 10:  # a quotation may come on top
        yield "it is too long"
    if set(said.note) - set(NOTES) or said.basis not in ("", "evidence", "experience"):
        yield f"notes {said.note} or basis {said.basis!r}"
    if said.lang and said.lang not in LANGUAGES:
        yield f"language {said.lang!r}"
    if said.quote and not 1 <= said.quote < number:
        yield f"it quotes post {said.quote}"
    if said.accepted and (one.kind not in ASKING or number == 1 or said.withdrawn):
        yield "it cannot be a kept answer"
    if said.jurisdiction and (said.jurisdiction not in REGIONS or REGIONS[said.jurisdiction].parent):
        yield f"jurisdiction {said.jurisdiction!r}"
    if said.author in {who for _, who in said.reactions}:
        yield "its author reacts to it"
    yield from _of_sources(said)


def _of_sources(said: Said) -> Iterator[str]:
    for source in said.sources:
        try:
            cite(**source)
        except (NotASource, TypeError):
            yield f"source {source}"
        if source.get("kind") == "doi" and not _DEMO_DOI.match(source.get("ref", "")):
            yield f"the DOI {source.get('ref')} may be real"


def _of_places(
    one: Conversation,
    said: Said,
    names: Mapping[str, Person | Also],
    members: _Members,
    *,
    opening: bool,
) -> Iterator[str]:
    """Whether the author might write there then, and those who react read it now."""
    space = _spaces()[one.space]
    author = names.get(said.author)
    if author is not None and (opening or said.author != one.guest):
        allowed = _audiences(author, space, one.ago(said), members)
        if not allowed & set(space.post):
            yield f"{said.author} could not write in {one.space} then"
    if author is not None and opening and one.kind == "announcement" and not _may_announce(author, space):
        yield f"{said.author} does not announce in {one.space}"
    for _, who in said.reactions:
        reader = names.get(who)
        if reader is None or who == one.guest:
            continue
        # Somewhere between then and now.
        seen = _audiences(reader, space, one.ago(said), members) | _audiences(
            reader, space, timedelta(0), members
        )
        if not seen & set(space.see) and not _moderates(reader, space.slug):
            yield f"{who} could not read {one.space}"


def _audiences(name: Person | Also, space: FirstSpace, ago: timedelta, members: _Members) -> set[str]:
    found = admitted(name.groups, name.credential if isinstance(name, Person) else None, ago)
    return found | ({MEMBERS} if name.id in members.of[space.slug] else set())


def _moderates(name: Person | Also, slug: str) -> bool:
    return isinstance(name, Person) and name.moderates(slug)


def _may_announce(name: Person | Also, space: FirstSpace) -> bool:
    return _moderates(name, space.slug) or (isinstance(name, Person) and "coordinator" in name.duties)


def _twice(conversations: list[Conversation]) -> Iterator[str]:
    """Sentences that stand in two topics, and ids or titles that two topics share."""
    seen: dict[str, str] = {}
    for one in conversations:
        if one.id in seen:
            yield f"two topics are called {one.id}"
        seen[one.id] = one.id
        own: set[str] = set()
        for text in (one.title, *(said.body for said in one.said)):
            own |= {_plain(sentence) for sentence in _SENTENCE.split(text)}
        for sentence in sorted(words for words in own if len(words) >= _TELLING):
            if sentence in seen:
                yield f"{seen[sentence]} and {one.id} both say: {sentence}"
            seen[sentence] = one.id


def _plain(sentence: str) -> str:
    return " ".join(re.sub(r"[*_>#`\\-]", " ", sentence).lower().split())


# Committees


def _of_committee(one: Committee, people: Mapping[str, Person]) -> Iterator[str]:
    space = _spaces().get(one.slug)
    if space is None or space.kind != "committee":
        yield "there is no such committee"
    for name in sorted({one.chair, *one.members} - set(people)):
        yield f"nobody is called {name}"
    if one.chair not in one.members:
        yield "its chair is no member"
    if not one.mandate_en or not one.mandate_fr:
        yield "its mandate lacks a language"
    for meeting in one.meetings:
        if meeting.lang not in LANGUAGES or (meeting.days_from_now >= 0) == bool(meeting.minutes):
            yield f"the meeting of day {meeting.days_from_now}: its language, or minutes before it"
    for decision in one.decisions:
        if decision.lang not in LANGUAGES or decision.days_from_now > 0 or not decision.text:
            yield f"the decision of day {decision.days_from_now}"
    yield from _membership_unlike(one, people)


def _membership_unlike(one: Committee, people: Mapping[str, Person]) -> Iterator[str]:
    told = {person.id for person in people.values() if one.slug in person.member_of}
    for name in sorted(told ^ set(one.members)):
        yield f"{name} is a member in one file and not in the other"
