"""The list of conversations and one conversation's page."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from community.accounts.blocking import apart_from, distances_seen_by
from community.accounts.models import Persona
from community.accounts.queries import Face, face
from community.accounts.viewer import Viewer
from community.conversations.models import Conversation, Member, Message
from community.conversations.permissions import (
    active,
    conversations_seen_by,
    may_send,
    messages_seen_by,
    own_membership,
)
from community.core.access import one_or_404
from community.core.db import db
from community.core.paging import Order, Page, page_by_key
from community.core.sealing import CannotUnseal, unseal

PURPOSE = "message"
PER_PAGE = 50
LISTED = 25
MOST_COUNTED = 99
NEWEST_FIRST: list[Order] = [(Conversation.last_at, "desc"), (Conversation.key, "desc")]
BY_CHANCE: list[Order] = [(Conversation.key, "desc")]


def bound_to(conversation_key: str, what: str) -> bytes:
    """What a sealed text is tied to: moved to another place, it does not open."""
    return f"{conversation_key}\n{what}".encode()


@dataclass(frozen=True)
class Words:
    """What a message says; ``lost`` when the key it lies under is gone for good."""

    body: str = ""
    html: str = ""
    lost: bool = False


def words_of(message: Message) -> Words:
    """Open a message."""
    try:
        plain = unseal(PURPOSE, message.sealed, bound_to(message.conversation_key, message.key))
    except CannotUnseal:
        return Words(lost=True)
    said = json.loads(plain)
    return Words(said["body"], said["html"])


def subject_of(conversation: Conversation) -> str:
    """The subject; empty where there is none."""
    if conversation.subject is None:
        return ""
    try:
        return unseal(PURPOSE, conversation.subject, bound_to(conversation.key, "subject")).decode().rstrip()
    except CannotUnseal:
        return ""


# The list


@dataclass(frozen=True)
class TalkLine:
    """One conversation in the list. ``coarse``: days instead of hours, as a protected name takes part."""

    key: str
    subject: str
    others: tuple[Face, ...]
    unread: bool
    muted: bool
    left_on: date | None
    last_at: datetime
    coarse: bool


def list_of(viewer: Viewer, cursor: str | None, *, left: bool = False) -> Page[TalkLine]:
    """The viewer's conversations, the last that grew first; or those they left, in an order that never
    changes: it would tell in which of them the others go on.

    :raises BadRequest: the cursor was made up.
    """
    inside = active(Conversation.key, viewer)
    rows = conversations_seen_by(viewer).where(~inside if left else inside)
    page = page_by_key(rows, BY_CHANCE if left else NEWEST_FIRST, cursor, LISTED)
    members = _members([one.key for one in page.items])
    lines = [_line(viewer, one, members[one.key]) for one in page.items]
    return Page(lines, page.next_cursor, page.first)


def _line(viewer: Viewer, row: Conversation, people: Sequence[tuple[Member, Persona]]) -> TalkLine:
    own = next(member for member, _ in people if member.persona_id == viewer.persona_id)
    return TalkLine(
        key=row.key,
        subject=subject_of(row),
        others=_others(viewer, people),
        unread=not own.left and row.last_number > own.read_number,
        muted=own.muted,
        left_on=own.left_on,
        last_at=row.last_at,
        coarse=_coarse(people),
    )


def _members(keys: Collection[str]) -> dict[str, list[tuple[Member, Persona]]]:
    found: dict[str, list[tuple[Member, Persona]]] = {key: [] for key in keys}
    rows = db.session.execute(
        select(Member, Persona)
        .join(Persona, Persona.id == Member.persona_id)
        .where(Member.conversation_key.in_(list(keys)))
        .order_by(Persona.skeleton, Persona.id)
        .execution_options(populate_existing=True)
    )
    for member, persona in rows:
        found[member.conversation_key].append((member, persona))
    return found


def _others(viewer: Viewer, people: Sequence[tuple[Member, Persona]]) -> tuple[Face, ...]:
    return tuple(face(persona) for member, persona in people if member.persona_id != viewer.persona_id)


def _coarse(people: Sequence[tuple[Member, Persona]]) -> bool:
    return any(persona.protected for _, persona in people)


def unread_count(viewer: Viewer) -> int:
    """In how many conversations something waits, muted ones left out; in one statement."""
    if not viewer.signed_in:
        return 0
    waiting = (
        select(Member.conversation_key)
        .join(Conversation, Conversation.key == Member.conversation_key)
        .where(
            Member.persona_id == viewer.persona_id,
            Member.left_number.is_(None),
            ~Member.muted,
            Conversation.last_number > Member.read_number,
        )
        .limit(MOST_COUNTED)
    )
    return db.session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


# One conversation


@dataclass(frozen=True)
class MessageView:
    """A message on a page. ``away``: the reader blocks or mutes its author."""

    key: str
    number: int
    author: str  # "" for a former member
    monogram: str
    protected: bool
    own: bool
    html: str
    lang: str
    sent_at: datetime
    away: str = ""
    lost: bool = False


@dataclass(frozen=True)
class MemberView:
    """A name in the conversation, and since what day it reads no further."""

    face: Face
    left_on: date | None
    own: bool


@dataclass(frozen=True)
class TalkPage:
    """Everything the page of a conversation says."""

    key: str
    subject: str
    people: tuple[MemberView, ...]
    messages: Sequence[MessageView]
    earlier: int | None  # ask for what comes before this number
    last: int  # the highest number there is for the viewer
    read: int
    muted: bool
    left_on: date | None
    coarse: bool
    may_send: bool

    @property
    def others(self) -> tuple[Face, ...]:
        """Everybody but the viewer."""
        return tuple(one.face for one in self.people if not one.own)


def talk_seen(viewer: Viewer, key: str) -> Conversation:
    """The conversation of this key. :raises NotFound: there is none, or it is not the viewer's."""
    return one_or_404(conversations_seen_by(viewer), Conversation.key == key)


def members_of(key: str) -> list[Member]:
    """Who is or was in a conversation, as it stands now."""
    rows = select(Member).where(Member.conversation_key == key).execution_options(populate_existing=True)
    return list(db.session.scalars(rows))


def deaf_to(viewer: Viewer, members: Collection[Member]) -> frozenset[str]:
    """Of these, whom no message of the viewer reaches: one of the two blocks the other, or they are gone."""
    others = [one.persona_id for one in members if one.persona_id != viewer.persona_id]
    gone = select(Persona.id).where(Persona.id.in_(others), Persona.state != "active")
    return apart_from(viewer.persona_id or "", others) | frozenset(db.session.scalars(gone))


def talk_page(viewer: Viewer, row: Conversation, before: int | None = None) -> TalkPage:
    """A page of a conversation the viewer sees: the last fifty messages, or those before a number."""
    people = _members([row.key])[row.key]
    members = [member for member, _ in people]
    own = own_membership(viewer, members)
    if own is None:
        raise LookupError("ask only of a conversation the viewer sees")
    last = row.last_number if own.left_number is None else own.left_number
    wanted = messages_seen_by(viewer).where(Message.conversation_key == row.key)
    if before is not None:
        wanted = wanted.where(Message.number < before)
    found = db.session.scalars(wanted.order_by(Message.number.desc()).limit(PER_PAGE + 1)).all()
    shown = found[:PER_PAGE][::-1]
    return TalkPage(
        key=row.key,
        subject=subject_of(row),
        people=tuple(
            MemberView(face(persona), _left_before(own, member), member is own)
            for member, persona in sorted(people, key=lambda pair: pair[0] is not own)
        ),
        messages=_views(viewer, shown, people),
        earlier=shown[0].number if len(found) > PER_PAGE else None,
        last=last,
        read=own.read_number,
        muted=own.muted,
        left_on=own.left_on,
        coarse=_coarse(people),
        may_send=may_send(viewer, members, deaf_to(viewer, members)),
    )


def _left_before(own: Member, other: Member) -> date | None:
    """The day somebody left, as far as the viewer was still there to see it."""
    if own.left_on is not None and other.left_on is not None and other.left_on > own.left_on:
        return None
    return other.left_on


def messages_after(viewer: Viewer, row: Conversation, number: int) -> list[MessageView]:
    """The messages of a conversation the viewer sees that follow this number, at most fifty."""
    wanted = messages_seen_by(viewer).where(Message.conversation_key == row.key, Message.number > number)
    found = db.session.scalars(wanted.order_by(Message.number).limit(PER_PAGE)).all()
    return _views(viewer, found, _members([row.key])[row.key])


def _views(
    viewer: Viewer, messages: Sequence[Message], people: Sequence[tuple[Member, Persona]]
) -> list[MessageView]:
    faces = {persona.id: persona for _, persona in people}
    away = (
        {row.other_id: row.kind for row in db.session.scalars(distances_seen_by(viewer))} if messages else {}
    )
    return [_view(viewer, one, faces[one.author_id], away) for one in messages]


def _view(viewer: Viewer, row: Message, author: Persona, away: dict[str, str]) -> MessageView:
    words = words_of(row)
    shown = face(author)
    return MessageView(
        key=row.key,
        number=row.number,
        author=shown.name,
        monogram=shown.monogram,
        protected=shown.protected,
        own=row.author_id == viewer.persona_id,
        html=words.html,
        lang=row.lang,
        sent_at=row.sent_at,
        away=away.get(author.id, ""),
        lost=words.lost,
    )


def message_seen(viewer: Viewer, key: str) -> Message:
    """The message of this key. :raises NotFound: there is none, or it may not be read."""
    return one_or_404(messages_seen_by(viewer), Message.key == key)


def author_of(message: Message) -> Persona:
    """Who wrote a message the viewer reads."""
    return db.session.get_one(Persona, message.author_id)
