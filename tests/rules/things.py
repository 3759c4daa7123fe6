"""What the table of routes asks about, by name, and what each form needs at least."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask_security.utils import hash_password
from sqlalchemy import select, update

from community.accounts.distances import Distance
from community.accounts.members import Passkey, SignIn, User
from community.accounts.models import Credential
from community.accounts.privacy import registers, requests
from community.accounts.protection import Opening
from community.accounts.titles import Institution, Vouching
from community.conversations.models import Conversation, Message, Reach
from community.conversations.models import Member as TalkMember
from community.conversations.services.messages import sealed_words
from community.core import clock
from community.core.db import db, transaction
from community.core.help import HelpLine
from community.core.ids import new_key
from community.core.jobs import Job
from community.forum.models import Committee, Decision, Meeting, SpaceMember
from community.notifications.models import Notice
from community.notifications.tokens import Stop, token_of
from community.routing.models import CanAnswer, Laid, OnCall
from tests import cast as people
from tests.make import arrangements, directory, files, moderation, referrals, testimonies, together
from tests.make.world import World, add_post

# Parts of an address that are one of a few words of the program: nothing else is such an address.
LISTED = frozenset({"kind", "many", "register", "to", "tongue", "whose"})

Values = dict[str, Any]
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NO_RECORD = "ffffffff-ffff-4fff-bfff-ffffffffffff"


PASSWORD = "nine lanterns by the river 7"


def made_up(name: str, value: Any) -> Any:
    """Something of the same form that nobody ever made; one of a few words of the program stays it."""
    if name in LISTED:
        return value
    if not isinstance(value, str):
        return 987_654_321
    return NO_RECORD if _UUID.fullmatch(value) else "Q" * len(value)


def values(world: World, thing: str) -> Values:
    """The parts of the address of this thing."""
    return THINGS[thing](world) if thing else {}


def form(world: World, endpoint: str, thing: str) -> Values:
    """The least that is accepted there."""
    made = FORMS.get(endpoint, {})
    return made(world, thing) if callable(made) else dict(made)


def add_more(world: World) -> None:
    """What the small world lacks: a kept answer, a committee at work."""
    with transaction():
        square = world.topics["public-square open"]
        kept = add_post(square, world.cast["physician"], "Kept words.", accepted_at=clock.now())
        kept.accepted_by = world.cast["member"].persona_id
        square.accepted_count += 1
        world.posts["public-square kept"] = kept
        _committee_at_work(world)
        _duties_at_work(world)
        _guest_of_lived_experience(world)
        _on_their_way(world)
        _in_private(world)
        _glass_to_break(world)
        _a_notice(world)
        moderation.add(world)
        testimonies.add(world)
        directory.add(world)
        together.add(world)
        referrals.add(world)
        arrangements.add(world)
        _signs_in_elsewhere(world)
        _an_incident(world)
        _files_of_messages(world)
        # So that a change of password asks for the one before.
        db.session.execute(update(User).values(password=hash_password(PASSWORD)))


# What the page of a message is asked about is asked about its file.
WITH_FILES = (
    *("public-square shown", "public-square withdrawn", "public-square hidden", "policy shown"),
    *("opioids shown", "lived-experience shown", "lived-experience hidden", "lived-experience withdrawn"),
)


def _files_of_messages(world: World) -> None:
    for name in WITH_FILES:
        world.more[f"file of {name}"] = files.on_post(world.posts[name], gone="withdrawn" in name)


def _committee_at_work(world: World) -> None:
    space = world.spaces["committee-first-line"]
    db.session.add(Committee(space_id=space.id, mandate_en="To meet.", mandate_fr="Se réunir."))
    meeting = Meeting(
        space_id=space.id, starts_at=clock.now() - timedelta(days=9), lang="en", agenda="One point."
    )
    db.session.add(meeting)
    db.session.flush()
    decision = Decision(
        space_id=space.id, meeting_id=meeting.id, decided_on=clock.today(), lang="en", words="We meet again."
    )
    db.session.add(decision)
    db.session.flush()
    world.more.update(meeting=meeting.key, decision=decision.key)


def _duties_at_work(world: World) -> None:
    """A title being checked, a job that failed five times, a help line."""
    claimed = select(Credential.id).where(Credential.persona_id == world.cast["claimed"].persona_id)
    failed = Job(
        name="core.send_mail", arguments={"sealed": ""}, lane=0, run_at=clock.now(), state="dead", attempts=5
    )
    db.session.add(failed)
    db.session.flush()
    line = db.session.scalars(select(HelpLine.id).order_by(HelpLine.id)).first()
    _learner_asks(world)
    world.more.update(title=db.session.scalars(claimed).one(), job=failed.id, line=str(line))


def _learner_asks(world: World) -> None:
    """Somebody who is none of the cast asks the physician for her word; one hospital's mail counts."""
    ivy = people.persona("Ivy Learner", groups=["learner"])
    asked = people.title(ivy, "learner", state="claimed")
    hers = select(Credential.id).where(Credential.persona_id == world.cast["physician"].persona_id)
    db.session.add(Vouching(credential_id=asked.id, by_id=db.session.scalars(hers).one()))
    db.session.add(
        Institution(value="hospital.example", kind="domain", name="A hospital", added_on=clock.today())
    )
    world.more["learner"] = asked.id


def _guest_of_lived_experience(world: World) -> None:
    """Somebody who is none of the cast."""
    gale = people.persona("Gale Guest").persona_id
    until = clock.now() + timedelta(days=30)
    space = world.spaces["lived-experience"].id
    db.session.add(SpaceMember(space_id=space, persona_id=gale, standing="guest", until=until))
    world.more["guest"] = str(gale)


def _signs_in_elsewhere(world: World) -> None:
    """Somebody who is none of the cast holds a passkey and is signed in."""
    other = people.member().id
    key = Passkey(member_id=other, credential_id=b"a key", public_key=b"its public half", label="A key")
    open_there = SignIn(id_hash="0" * 64, member_id=other, since=clock.now(), ends_at=clock.ago(days=-9))
    db.session.add_all([key, open_there])
    db.session.flush()
    world.more.update(passkey=key.id, session=open_there.id_hash)


def _glass_to_break(world: World) -> None:
    """Somebody else asks to open a link; another one, which our administrator asked for, was agreed to."""
    ada, moment = people.persona("Ada Second"), clock.now()
    ours = world.cast["administrator"]
    for name, asks, whose, more in (
        ("opening asked", ada, "lived", {}),
        (
            "opening agreed",
            ours,
            "policy",
            {"state": "agreed", "decided_by": ada.persona_id, "decided_at": moment},
        ),
    ):
        persona = world.cast[whose].persona_id
        row = Opening(
            persona_id=persona, asked_by=asks.persona_id, reason="An order.", asked_at=moment, **more
        )
        db.session.add(row)
        db.session.flush()
        world.more[name] = row.id


def _a_notice(world: World) -> None:
    """The member was told of something, by mail too."""
    notice = Notice(
        persona_id=world.cast["member"].persona_id,
        event="duty:of a test",
        kind="duty",
        about="given moderator on",
        at=clock.now(),
    )
    db.session.add(notice)
    db.session.flush()
    world.more["notice"] = notice.id
    world.more["stop"] = token_of(Stop(notice.persona_id, "answer", 0, "en"))


def _an_incident(world: World) -> None:
    points = registers.points_of("incidents", INCIDENT, {})
    administrator = world.cast["administrator"].viewer
    world.more["incident"] = registers.add(administrator, "incidents", points, clock.today()).key
    came = requests.Came("access", clock.today(), "2026-001")
    world.more["request"] = requests.add(administrator, came).key


def _in_private(world: World) -> None:
    """The physician wrote to the member, who keeps somebody else away; one name takes messages from all."""
    cast = world.cast
    talk = Conversation(
        started_by=cast["physician"].persona_id, started_on=clock.today(), last_number=1, last_at=clock.now()
    )
    db.session.add(talk)
    db.session.flush()
    for who in ("physician", "member"):
        db.session.add(TalkMember(conversation_key=talk.key, persona_id=cast[who].persona_id))
    message = Message(
        key=new_key(),
        conversation_key=talk.key,
        number=1,
        author_id=cast["physician"].persona_id,
        lang="en",
        sent_at=clock.now(),
    )
    message.sealed = sealed_words(message, "Between the two of us.")
    away = Distance(persona_id=cast["member"].persona_id, other_id=cast["expired"].persona_id, kind="block")
    db.session.add_all([message, away, Reach(persona_id=world.more["chosen"], who="anybody")])
    db.session.flush()
    world.more.update(talk=talk.key, message=message.key, away=away.key)


def _on_their_way(world: World) -> None:
    """Questions laid before some, names that may be chosen, and who is on call for opioids."""
    cast = world.cast
    chosen = people.persona("Slow-River", kind="protected", groups=["lived_experience"])
    db.session.add(CanAnswer(persona_id=chosen.persona_id, weekly=5, by_name=True))
    world.more["chosen"] = str(chosen.persona_id)
    # The one before the expired physician was laid while his title held: it waits for nobody now.
    for who, name in (
        ("member", "policy open"),
        ("moderator", "lived-experience open"),
        ("expired", "opioids open"),
    ):
        topic, persona = world.topics[name].id, cast[who].persona_id
        db.session.add(Laid(topic_id=topic, persona_id=persona, why="fits", laid_on=clock.today()))
    other = people.persona("Ivo Reed", groups=["physician"])
    people.title(other, "physician")
    days = {"from_on": clock.today(), "until_on": clock.today() + timedelta(days=4), "theme": "opioids"}
    for name, whose, state in (
        ("proposed to her", cast["physician"], "proposed"),
        ("on call", other, "agreed"),
        ("proposed", other, "proposed"),
    ):
        row = OnCall(persona_id=whose.persona_id, state=state, set_by=other.persona_id, **days)
        db.session.add(row)
        db.session.flush()
        world.more[f"days {name}"] = row.key


# Things


def _space(slug: str) -> Callable[[World], Values]:
    return lambda world: {"slug": slug}


def _topic(name: str) -> Callable[[World], Values]:
    return lambda world: {"key": world.topics[name].key}


def _post(name: str) -> Callable[[World], Values]:
    return lambda world: {"key": world.posts[name].key}


def _file(name: str) -> Callable[[World], Values]:
    return lambda world: {"key": world.more[f"file of {name}"]}


def _of_committee(name: str) -> Callable[[World], Values]:
    return lambda world: {"slug": "committee-first-line", "key": world.more[name]}


def _service(name: str) -> Values:
    return {"many": "services", "id": directory.uuid(name)}


def _of_service(name: str, value: str) -> Values:
    return {"id": directory.uuid("Clinic of the Two Lanterns"), name: value}


def _its_keeper(world: World) -> Values:
    return {"id": directory.uuid("organization"), "persona": world.more["keeper"]}


THINGS: dict[str, Callable[[World], Values]] = {
    "the charter": lambda world: {"name": "charter"},
    "one of a cast that was not loaded": lambda world: {"person": "noemie-lavigne"},
    "a provider that is not there": lambda world: {"provider": "nowhere"},
    "a link that is not theirs": lambda world: {"link": "nobody's"},
    "the public square": _space("public-square"),
    "the meeting place": _space("meeting-place"),
    "the policy space": _space("policy"),
    "the clinical space": _space("opioids"),
    "the space of Ontario": _space("on"),
    "the lived-experience space": _space("lived-experience"),
    "the committee": _space("committee-first-line"),
    "Ontario": lambda world: {"code": "on"},
    "no region of that name": lambda world: {"code": "zz"},
    "the theme of opioids": lambda world: {"code": "opioids"},
    "no theme of that name": lambda world: {"code": "nothing"},
    "a topic of the public square": _topic("public-square open"),
    "a closed topic of the public square": _topic("public-square closed"),
    "a withdrawn topic of the public square": _topic("public-square withdrawn"),
    "a hidden topic of the public square": _topic("public-square hidden"),
    "a topic of the meeting place": _topic("meeting-place open"),
    "a policy topic": _topic("policy open"),
    "a withdrawn policy topic": _topic("policy withdrawn"),
    "a clinical topic": _topic("opioids open"),
    "a topic of Ontario": _topic("on open"),
    "a lived-experience topic": _topic("lived-experience open"),
    "a closed lived-experience topic": _topic("lived-experience closed"),
    "a hidden lived-experience topic": _topic("lived-experience hidden"),
    "a withdrawn lived-experience topic": _topic("lived-experience withdrawn"),
    "a committee's topic": _topic("committee-first-line open"),
    "the committee's topic with a guest": _topic("guest open"),
    "a post of the public square": _post("public-square shown"),
    "a kept answer of the public square": _post("public-square kept"),
    "a withdrawn post of the public square": _post("public-square withdrawn"),
    "a hidden post of the public square": _post("public-square hidden"),
    "a policy post": _post("policy shown"),
    "a clinical post": _post("opioids shown"),
    "a lived-experience post": _post("lived-experience shown"),
    "a withdrawn lived-experience post": _post("lived-experience withdrawn"),
    "a hidden lived-experience post": _post("lived-experience hidden"),
    "the services of the directory": lambda world: {"many": "services"},
    "a service of the directory": lambda world: _service("Clinic of the Two Lanterns"),
    "a service in preparation": lambda world: _service("A service in preparation"),
    "a service's own page": lambda world: {"id": directory.uuid("Clinic of the Two Lanterns")},
    "the page of a service in preparation": lambda world: {"id": directory.uuid("A service in preparation")},
    # Keeping the directory true
    "an organization": lambda world: {"id": directory.uuid("organization")},
    "an organization that is not there": lambda world: {"id": NO_RECORD},
    "the keeper of an organization": _its_keeper,
    "the texts of a service": lambda world: _of_service("kind", "texts"),
    "the texts of a service in preparation": lambda world: {
        "id": directory.uuid("A service in preparation"),
        "kind": "texts",
    },
    "the telephones of a service": lambda world: _of_service("kind", "phones"),
    "the place of a service": lambda world: _of_service(
        "place", directory.uuid("Clinic of the Two Lanterns place")
    ),
    "a change of a service": lambda world: {
        **_of_service("change", world.more["change"]),
        "many": "services",
    },
    "a correction by the member": lambda world: {"key": world.more["correction"]},
    # Between services
    "the corridors": lambda world: {"many": "corridors"},
    "the liaison contacts": lambda world: {"many": "liaison-contacts"},
    "a corridor": lambda world: {"many": "corridors", "key": world.more["corridor"]},
    "a corridor that is not agreed": lambda world: {"many": "corridors", "key": world.more["draft corridor"]},
    "a contact for professionals": lambda world: {"many": "liaison-contacts", "key": world.more["contact"]},
    "a referral of the physician": lambda world: {"key": world.more["referral"]},
    "an older referral of the physician": lambda world: {"key": world.more["older referral"]},
    # What organizations do together
    "a group of organizations": lambda world: {"key": world.more["group"]},
    "an organization of a group": lambda world: {
        "key": world.more["group"],
        "id": directory.uuid(together.PIER),
    },
    "a meeting of organizations": lambda world: {
        "key": world.more["group"],
        "meeting": world.more["group meeting"],
    },
    "a link of organizations": lambda world: {"key": world.more["organization link"]},
    "a workshop of an organization": lambda world: {"key": world.more["training"]},
    "the history of a group": lambda world: {"many": "groups", "key": world.more["group"]},
    "the history of a link": lambda world: {"many": "links", "key": world.more["organization link"]},
    "the history of a training": lambda world: {"many": "training", "key": world.more["training"]},
    # Files of messages
    "a file of the public square": _file("public-square shown"),
    "a file of a withdrawn post of the public square": _file("public-square withdrawn"),
    "a file of a hidden post of the public square": _file("public-square hidden"),
    "a policy file": _file("policy shown"),
    "a clinical file": _file("opioids shown"),
    "a lived-experience file": _file("lived-experience shown"),
    "a hidden lived-experience file": _file("lived-experience hidden"),
    "a withdrawn lived-experience file": _file("lived-experience withdrawn"),
    "a file that is not there": lambda world: {"key": "nowhere"},
    "a link nobody was sent": lambda world: {"token": "made-up"},
    "the page of a public name": lambda world: {"key": world.cast["physician"].persona_id},
    "the page of a protected name": lambda world: {"key": world.cast["lived"].persona_id},
    "the page of the moderator's name": lambda world: {"key": world.cast["moderator"].persona_id},
    "a notice of the member": lambda world: {"key": world.more["notice"]},
    "the last notice of the member": lambda world: {},
    "an unsubscribe link of the member": lambda world: {"token": world.more["stop"]},
    "a title being checked": lambda world: {"key": world.more["title"]},
    "a learner who asks the physician": lambda world: {"key": world.more["learner"]},
    "a link somebody asked to open": lambda world: {"key": world.more["opening asked"]},
    "a link the administrator may open": lambda world: {"key": world.more["opening agreed"]},
    "a failed job": lambda world: {"key": world.more["job"]},
    "a help line": lambda world: {"key": world.more["line"]},
    "the calendar of a clinical theme": lambda world: {"theme": "opioids"},
    "the calendar of no theme": lambda world: {"theme": "nothing"},
    "days proposed to the physician": lambda world: {"key": world.more["days proposed to her"]},
    "days on call of somebody else": lambda world: {"key": world.more["days on call"]},
    "days proposed to somebody else": lambda world: {"key": world.more["days proposed"]},
    "the archive of the name in use": lambda world: {"whose": "name"},
    "the archive of the account": lambda world: {"whose": "account"},
    "the register of incidents": lambda world: {"register": "incidents"},
    "the register of incidents as a table": lambda world: {"register": "incidents", "form": "csv"},
    "an incident": lambda world: {"key": world.more["incident"]},
    "a request that came by letter": lambda world: {"key": world.more["request"]},
    "the register of requests as a table": lambda world: {"form": "csv"},
    "a letter about an incident": lambda world: {
        "key": world.more["incident"],
        "to": "person",
        "tongue": "fr",
    },
    # Testimonies
    "a testimony for everybody": lambda world: {"key": world.more["testimony everyone"]},
    "a testimony for members": lambda world: {"key": world.more["testimony member"]},
    "a testimony for the lived-experience space": lambda world: {"key": world.more["testimony lived"]},
    "a testimony that waits": lambda world: {"key": world.more["testimony waiting"]},
    "a withdrawn testimony": lambda world: {"key": world.more["testimony withdrawn"]},
    "the code of a testimony": lambda world: {},
    "a testimony for members, to be reported": lambda world: {
        "kind": "testimony",
        "key": world.more["testimony member"],
    },
    # Moderation
    "a reported lived-experience message": lambda world: {"key": world.more["matter"]},
    "a report about the moderator": lambda world: {"key": world.more["matter of the moderator"]},
    "a decision about a protected name": lambda world: {"key": world.more["act"]},
    "a decision that was appealed": lambda world: {"key": world.more["act appealed"]},
    "the physician’s name, to be reported": lambda world: {
        "kind": "name",
        "key": world.cast["physician"].persona_id,
    },
    "a protected name, to be reported": lambda world: {"kind": "name", "key": world.cast["lived"].persona_id},
    "a service, to be reported": lambda world: {
        "kind": "service",
        "key": directory.uuid("Clinic of the Two Lanterns"),
    },
    "a service in preparation, to be reported": lambda world: {
        "kind": "service",
        "key": directory.uuid("A service in preparation"),
    },
    "a corridor that is not agreed, to be reported": lambda world: {
        "kind": "arrangement",
        "key": world.more["draft corridor"],
    },
    "a meeting of organizations, to be reported": lambda world: {
        "kind": "groupmeeting",
        "key": world.more["group meeting"],
    },
    "a meeting of the committee, to be reported": lambda world: {
        "kind": "meeting",
        "key": world.more["meeting"],
    },
    "the lived-experience space, to be reported": lambda world: {"kind": "space", "key": "lived-experience"},
    "a thing of no kind": lambda world: {"kind": "nothing", "key": world.cast["physician"].persona_id},
    "an hour of the week": lambda world: {"weekday": 1, "first": 9},
    "a text of decisions": lambda world: {"code": "dealing-offer"},
    "a conversation of the member and the physician": lambda world: {"key": world.more["talk"]},
    "a message of the physician to the member": lambda world: {"key": world.more["message"]},
    "a name that the member keeps away": lambda world: {"key": world.more["away"]},
    "a private message, to be reported": lambda world: {"kind": "message", "key": world.more["message"]},
    "a meeting of the committee": _of_committee("meeting"),
    "a decision of the committee": _of_committee("decision"),
}


# Forms


def _draft(world: World, thing: str) -> Values:
    return {"place": f"topic:{world.topics['public-square open'].key}", "body": "Begun."}


def _removed(world: World, thing: str) -> Values:
    return {"persona": world.cast["physician"].persona_id}


def _a_code(world: World, thing: str) -> Values:
    return {"code": world.more["testimony code"] if thing else "bibid-fofud"}


def _guest(world: World, thing: str) -> Values:
    return {"persona": world.more["guest"]}


def _of_lived(world: World, thing: str) -> Values:
    return {"persona": world.cast["lived"].persona_id, "sure": "yes"}


def _chosen(world: World, thing: str) -> Values:
    return {"persona": world.more["chosen"]}


def _coordinator(world: World, thing: str) -> Values:
    return {"persona": world.cast["coordinator"].persona_id, "duty": "coordinator", "scope": ""}


def _new_duty(world: World, thing: str) -> Values:
    return {"persona": world.cast["policy"].persona_id, "duty": "coordinator", "scope": ""}


def _every_name_kept(world: World, thing: str) -> Values:
    return {"sure": "y", **{f"choice:{one.persona_id}": "former" for one in world.cast.values()}}


INCIDENT = dict.fromkeys(registers.POINTS["incidents"], "Words about it.")
RECORD = {**INCIDENT, "known_on": str(clock.today())}
JOINING = {
    "email": "someone.new@example.org",
    "password": "seven crows on a wire 41",
    "kind": "public",
    "name": "Wren Hollow",
    "groups": "public",
    "age": "y",
    "charter": "y",
}
LINE = {
    "kind": "crisis",
    "regions": "on",
    "shown_fr": "1 800 555-0100",
    "shown_en": "1-800-555-0100",
    "tel": "+18005550100",
    "name_fr": "Une ligne",
    "name_en": "A line",
    "says_fr": "Pour parler.",
    "says_en": "To talk.",
    "but": "",
    "source": "The page of the line.",
}
TOPIC = {"kind": "discussion", "title": "A title of its own", "body": "Words of its own.", "lang": "en"}
MEETING = {
    "day": str(clock.today() + timedelta(days=30)),
    "hour": "12:00",
    "lang": "en",
    "agenda": "One point.",
}
ON_CALL = {
    "first": str(clock.today() + timedelta(days=20)),
    "last": str(clock.today() + timedelta(days=22)),
}
SPACE_WORDS = {
    "name_en": "Another name",
    "name_fr": "Un autre nom",
    "description_en": "What it is for.",
    "description_fr": "À quoi il sert.",
    "see": "everyone",
    "post": "member",
    "position": "500",
}


def _newest(world: World, thing: str) -> Values:
    return {"newest": world.more["notice"]}


# Fields a form has besides those it needs: what is sent in them is not more than asked.
OPTIONAL: dict[str, tuple[str, ...]] = {
    "directory_groups.new_group": ("since",),
    "directory_groups.edit_group": ("since",),
    "directory_links.new_link": ("since",),
    "directory_links.edit_link": ("since",),
    "accounts.credential": ("number", "spoke"),
    "accounts.own_title": ("specialty",),
    "privacy.new_record": tuple(f"{point}_unknown" for point in registers.POINTS["incidents"]),
    "privacy.change_record": tuple(f"{point}_unknown" for point in registers.POINTS["incidents"]),
    "conversations.start": ("subject",),
    "forum.new_space": ("protected", "archived", "moderate"),
    "forum.edit_space": ("protected", "archived", "moderate"),
    "forum.space_members": ("until",),
}

FORMS: dict[str, Values | Callable[[World, str], Values]] = {
    "arrangements.new": lambda _world, _thing: arrangements.form("corridor"),
    "arrangements.edit": lambda _world, thing: arrangements.form(
        "corridor", version="1" if "not" in thing else "3"
    ),
    "arrangements.agree": lambda world, _thing: {"side": "from", "seen": world.more["seen draft corridor"]},
    "arrangements.refuse": lambda world, _thing: {"seen": world.more["seen draft corridor"]},
    "arrangements.confirm": lambda world, _thing: {"seen": world.more["seen corridor"]},
    "accounts.keep_distance": {"kind": "mute"},
    "directory_referrals.tell": {"outcome": "taken_in"},
    "forum.author_of_post": {"kind": "mute"},
    "conversations.author_of_message": {"kind": "mute"},
    "conversations.start": {"to": "Slow-River", "body": "Words of a first message."},
    "conversations.send": {"body": "Words of a message."},
    "conversations.read": {"number": "1"},
    "conversations.mute": {"act": "mute"},
    "conversations.who_may_write": {"who": "professional"},
    "core.choose_theme": {"theme": "dark"},
    "security.login": {"email": "nobody@example.org", "password": "not the password"},
    "security.verify": {"password": "not the password"},
    "security.register": JOINING,
    "security.send_confirmation": {"email": "nobody@example.org"},
    "security.forgot_password": {"email": "nobody@example.org"},
    "security.reset_password": {"password": "seven crows on a wire 42"},
    "security.change_password": {"password": "not the password", "new_password": "seven crows on a wire 43"},
    "accounts.join_by_name": {
        "password": "seven crows on a wire 44",
        "proposed": "Quiet-Owl",
        "age": "y",
        "charter": "y",
    },
    "accounts.written_down": {"plan": "made up", "written": "y"},
    "accounts.come_back": {
        "sign_in_name": "alder-heron-4821",
        "code": "AAAAA-BBBBB-CCCCC-DDDDD",
        "password": "seven crows on a wire 45",
    },
    "privacy.close": _every_name_kept,
    "privacy.new_request": {"kind": "access", "received_on": str(clock.today()), "file": "2026-014"},
    "privacy.answer_request": {"answer": "granted", "answered_on": str(clock.today())},
    "privacy.new_record": RECORD,
    "privacy.change_record": {**RECORD, "version": "1"},
    "accounts.second_step": {"code": "123456"},
    "accounts.use_passkey": {"answer": "made up"},
    "accounts.add_app": {"plan": "made up", "code": "123456"},
    "accounts.add_passkey": {"label": "A key", "answer": "made up"},
    "accounts.change_address": {"email": "another@example.org"},
    "accounts.remove_passkey": lambda world, _thing: {"key": world.more["passkey"]},
    "accounts.choose_idle": {"minutes": "60"},
    "accounts.end_sessions": {"account": "nobody@example.org"},
    "accounts.end_device": lambda world, _thing: {"session": world.more["session"]},
    "accounts.choose_consent": {"purpose": "research", "given": "yes"},
    "accounts.new_name": {"kind": "protected", "proposed": "Quiet-Fox", "groups": "public"},
    "accounts.speak": _of_lived,
    "accounts.new_code": _of_lived,
    "accounts.leave_name": _of_lived,
    "accounts.recover_name": {"code": "AAAAA-BBBBB-CCCCC-DDDDD"},
    "accounts.about_name": {"groups": "public", "region": "on"},
    "accounts.own_title": {"profession": "counsellor", "jurisdiction": "on", "number": "12345"},
    "accounts.credential": {
        "decision": "refused",
        "because": "not_found",
        "reason": "The register says otherwise.",
    },
    "accounts.claim_affiliation": {
        "profession": "organization",
        "organization": "A house of its own",
        "jurisdiction": "on",
    },
    "accounts.ask_supervisor": {"supervisor": "Noemie Larch", "jurisdiction": "qc"},
    "accounts.prove_title": {"address": "somebody@hospital.example"},
    "accounts.enter_code": {"code": "12345678"},
    "accounts.vouch": {"act": "accept"},
    "accounts.institution_list": {"kind": "domain", "value": "clinic.example", "name": "A clinic"},
    "accounts.remove_institution": {"value": "hospital.example"},
    "accounts.duty_list": _new_duty,
    "accounts.take_duty": _coordinator,
    "accounts.help_line": LINE,
    "accounts.openings": {"name": "Far-Lake", "reason": "An order of a court, for a test of rules."},
    "forum.edit_charter": {"words_en": "We listen.", "words_fr": "On écoute.", "version": "0"},
    "notifications.read_all": _newest,
    "notifications.choose": {"kind:answer": "daily"},
    "notifications.hours": {"quiet_from": "22", "quiet_until": "7", "zone": "America/Halifax"},
    "live.shown": {"shown": "yes"},
    "forum.follow_space": {"level": "watch"},
    "forum.follow_topic": {"level": "watch"},
    "forum.reading_choices": {"notes": "death"},
    "forum.read_topic": {"number": "2"},
    "forum.new_topic": TOPIC,
    "forum.preview": {"body": "Some *words*."},
    "forum.look": {"title": "Words", "body": "Some words."},
    "forum.reply": {"body": "Words of a reply.", "lang": "en"},
    "forum.edit": {"body": "Changed words.", "lang": "en", "version": "1"},
    "forum.react": {"add": "thanks"},
    "forum.report": {"reason": "advice", "words": "Not so."},
    "forum.redact": {"passage": "shown words", "reason": "For a test of rules."},
    "forum.keep_draft": _draft,
    "forum.discard_draft": _draft,
    "forum.topic_guest": {"name": "Perrine Vale"},
    "forum.space_guests": {"name": "Perrine Vale", "until": str(clock.today() + timedelta(days=20))},
    "forum.end_space_guest": _guest,
    "forum.edit_mandate": {"mandate_en": "To meet often.", "mandate_fr": "Se réunir souvent."},
    "forum.new_meeting": MEETING,
    "forum.edit_meeting": {**MEETING, "version": "1"},
    "forum.new_decision": {"words": "We agreed.", "lang": "en", "decided_on": str(clock.today())},
    "forum.new_space": {**SPACE_WORDS, "slug": "another-space", "kind": "public"},
    "forum.edit_space": SPACE_WORDS,
    "forum.space_members": {"words": "Perrine Vale", "standing": "member"},
    "forum.remove_space_member": _removed,
    "moderation.matter": {"act": "warn", "reason": "other", "text": "other-place"},
    "moderation.message": {"act": "warn", "reason": "other", "text": "other-place"},
    "moderation.report": {"reason": "other", "words": "Not so."},
    "moderation.appeal": {"words": "It was meant kindly."},
    "moderation.judge": {"verdict": "refused", "answer": "It stands."},
    "moderation.hours": {"weekday": "1", "from_hour": "9", "until_hour": "12"},
    "moderation.text": {"words_en": "Words of a decision.", "words_fr": "Les mots d’une décision."},
    "testimonies.write": {"body": "Words of a testimony, left by nobody.", "audience": "lived"},
    "testimonies.withdraw": _a_code,
    "testimonies.review": {"act": "accept"},
    "organizations.edit": {f"organization.{directory.uuid('organization')}.name.en": "Another (made up)"},
    "organizations.add": {"name_en": "House of Reeds (made up)", "description_en": "Made up."},
    "organizations.name_keeper": {"name": "Perrine Vale"},
    "keeping.edit": {"all_right": "y"},
    "keeping.places": {"available": "2", "total": "8"},
    "corrections.wrong": {"what": "hours"},
    "corrections.organization_wrong": {"what": "web"},
    "corrections.suggest_of_organization": {
        f"organization.{directory.uuid('organization')}.website": "https://example.org/lanterns"
    },
    "corrections.report": {"what": "helpful"},
    "corrections.suggest": {f"phone.{directory.uuid('Clinic of the Two Lanterns phone')}.number": "555-0123"},
    "corrections.show": {"act": "refuse", "because": "right"},
    "routing.can_answer": {"weekly": "3"},
    "routing.on_call": ON_CALL,
    "routing.propose_on_call": {**ON_CALL, "name": "Ivo Reed"},
    "routing.ask_by_name": _chosen,
    "directory_groups.new_group": lambda _world, _thing: together.group_form(),
    "directory_groups.edit_group": lambda world, _thing: together.group_form(seen=world.more["read group"]),
    "directory_groups.add_organization": {"organization": "Old Mill Team (made up)", "function": "hosts"},
    "directory_groups.new_meeting": lambda _world, _thing: together.meeting_form(),
    "directory_groups.edit_meeting": lambda _world, _thing: together.meeting_form(version="1"),
    "directory_links.new_link": lambda _world, _thing: together.link_form(),
    "directory_links.edit_link": lambda world, _thing: together.link_form(seen=world.more["read link"]),
    "directory_links.confirm_link": lambda world, _thing: {"seen": world.more["seen link"]},
    "directory_links.count_joint_work": {
        "month": "2026-10",
        "discussions": "12",
        "follow_ups": "3",
        "plans": "1",
    },
    "directory_training.new_training": lambda _world, _thing: together.training_form(),
    "directory_training.edit_training": lambda world, _thing: together.training_form(
        seen=world.more["read training"]
    ),
}
