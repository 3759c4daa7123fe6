"""Who may see and do what in the forum: each rule as a predicate and, for reading, as its query twin.

A space lists audiences; the viewer has some. Everything that is read starts from
``spaces_seen_by``, ``topics_seen_by`` or ``posts_seen_by``. A topic's invited guest sees that topic
and nothing else of its space. A hidden or withdrawn post keeps its number on the page and loses its
words, for all but those who moderate the space. What is held until a moderator has looked is hidden
too, but its author reads it.

Predicates need ``topic.space`` and ``space.audiences`` loaded; the twins load them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload, selectinload

from community.accounts import audiences
from community.accounts.viewer import Viewer
from community.forum.models import Post, Space, SpaceAudience, Topic, TopicGuest

LIVE = ("open", "closed")
# Of so many kinds of access the statements stay put together: building them costs more than asking them.
KEPT = 128
# As trees of SQLAlchemy's they were a fifth of all objects of a process, and seldom asked for twice.
KEPT_WHOLE = 16
# How the audiences of the spaces come: by a statement apart, joined (for one space), or only when asked
# for (lists of which no rule is asked).
Audiences = Literal["apart", "joined", "later"]
_LOADED = {"apart": selectinload, "joined": joinedload, "later": lazyload}


def access_of(viewer: Viewer) -> Viewer:
    """What the query twins depend on, and no more: no name stays with a statement that is kept."""
    return Viewer(viewer.persona_id, audiences=viewer.audiences, moderates=viewer.moderates)


# Who belongs


def admitted(viewer: Viewer, space: Space, act: str) -> bool:
    """Whether one of the viewer's audiences is listed for this act."""
    return bool(space.admits(act) & viewer.audiences)


def _spaces_admitting(viewer: Viewer, act: str) -> ColumnElement[bool]:
    """The same in SQL, as a condition on ``Space``."""
    listed = select(SpaceAudience.space_id).where(
        SpaceAudience.act == act, SpaceAudience.audience.in_(viewer.audiences)
    )
    return Space.id.in_(listed)


def may_moderate(viewer: Viewer, space: Space) -> bool:
    """Whether the viewer answers for this space: a named moderator or keeper."""
    return viewer.signed_in and (space.slug in viewer.moderates or admitted(viewer, space, "moderate"))


def _moderated(viewer: Viewer) -> ColumnElement[bool]:
    if not viewer.signed_in:
        return false()
    return or_(Space.slug.in_(viewer.moderates), _spaces_admitting(viewer, "moderate"))


def moderated_by(viewer: Viewer) -> ColumnElement[bool]:
    """The spaces the viewer answers for, as a condition on ``Space``."""
    return _moderated(viewer)


# Spaces


def may_see_space(viewer: Viewer, space: Space) -> bool:
    """Whether the space exists for this viewer."""
    if space.archived:
        return False
    return admitted(viewer, space, "see") or may_moderate(viewer, space)


def spaces_seen_by(viewer: Viewer, audiences: Audiences = "apart") -> Select[Space]:
    """The spaces that exist for this viewer."""
    return _spaces_seen(access_of(viewer), audiences)


@lru_cache(KEPT_WHOLE)
def _spaces_seen(viewer: Viewer, audiences: Audiences) -> Select[Space]:
    rows = select(Space).where(~Space.archived, or_(_spaces_admitting(viewer, "see"), _moderated(viewer)))
    return rows.options(_LOADED[audiences](Space.audiences))


def may_post_in(viewer: Viewer, space: Space) -> bool:
    """Whether the viewer may start a topic here."""
    return viewer.signed_in and may_see_space(viewer, space) and admitted(viewer, space, "post")


def spaces_open_to(viewer: Viewer) -> Select[Space]:
    """The spaces in which the viewer may start a topic."""
    if not viewer.signed_in:
        return spaces_seen_by(viewer).where(false())
    return spaces_seen_by(viewer).where(_spaces_admitting(viewer, "post"))


# Topics


def may_see_topic(viewer: Viewer, topic: Topic, *, guest: bool = False) -> bool:
    """Whether the topic exists for this viewer. ``guest``: the viewer was invited into this topic."""
    if topic.space.archived:
        return False
    if may_moderate(viewer, topic.space):
        return topic.state != "withdrawn"
    live = topic.state in LIVE or (topic.state == "hidden" and topic.held and is_own(viewer, topic))
    return live and (guest or may_see_space(viewer, topic.space))


def topics_seen_by(viewer: Viewer, audiences: Audiences = "apart") -> Select[Topic]:
    """The topics that exist for this viewer, with their space."""
    return _topics_seen(access_of(viewer), audiences)


@lru_cache(KEPT_WHOLE)
def _topics_seen(viewer: Viewer, audiences: Audiences) -> Select[Topic]:
    space = contains_eager(Topic.space).options(_LOADED[audiences](Space.audiences))
    return select(Topic).join(Topic.space).where(*_exists_for(viewer)).options(space)


def _exists_for(viewer: Viewer) -> list[ColumnElement[bool]]:
    """The same as conditions on ``Topic`` joined to its ``Space``."""
    live = or_(Topic.state.in_(LIVE), and_(Topic.state == "hidden", Topic.held, _own(viewer, Topic)))
    seen = and_(live, or_(_spaces_admitting(viewer, "see"), _invited(viewer)))
    moderated = and_(Topic.state != "withdrawn", _moderated(viewer))
    return [~Space.archived, or_(seen, moderated)]


def _own(viewer: Viewer, thing: type[Topic] | type[Post]) -> ColumnElement[bool]:
    return thing.author_id == viewer.persona_id if viewer.signed_in else false()


def _invited(viewer: Viewer) -> ColumnElement[bool]:
    if not viewer.signed_in or audiences.SUSPENDED in viewer.audiences:
        return false()
    return Topic.id.in_(select(TopicGuest.topic_id).where(TopicGuest.persona_id == viewer.persona_id))


def may_reply(viewer: Viewer, topic: Topic, *, guest: bool = False) -> bool:
    """Whether the viewer may add a post to this topic."""
    if not viewer.signed_in or not topic.open or topic.space.archived:
        return False
    return guest or may_post_in(viewer, topic.space)


def may_add_files(viewer: Viewer, space: Space) -> bool:
    """Whether what the viewer may write here may carry files: as the space says."""
    return viewer.signed_in and space.files


def may_close(viewer: Viewer, topic: Topic) -> bool:
    """Whether the viewer may close the topic without a reason: its author. Moderators decide, and say why."""
    return topic.state in LIVE and is_keeper(viewer, topic)


def may_reopen(viewer: Viewer, topic: Topic) -> bool:
    """Whether the viewer may open a closed topic again: its author or a moderator."""
    return topic.state in LIVE and (is_keeper(viewer, topic) or may_moderate(viewer, topic.space))


def is_own(viewer: Viewer, topic: Topic) -> bool:
    """Whether the viewer began the topic."""
    return viewer.signed_in and topic.author_id == viewer.persona_id


def is_keeper(viewer: Viewer, topic: Topic) -> bool:
    """Whether the topic is the viewer's own to look after: while their name is suspended, it reads alone."""
    return is_own(viewer, topic) and audiences.SUSPENDED not in viewer.audiences


def may_invite(viewer: Viewer, topic: Topic) -> bool:
    """Whether the viewer may invite a guest into the topic."""
    return topic.open and (is_keeper(viewer, topic) or may_moderate(viewer, topic.space))


def may_announce(viewer: Viewer, space: Space) -> bool:
    """Whether the viewer may post announcements here."""
    return may_moderate(viewer, space) or (viewer.coordinator and may_post_in(viewer, space))


# Posts


def may_see_post(viewer: Viewer, post: Post, *, guest: bool = False) -> bool:
    """Whether the viewer may read the words of this post."""
    if not may_see_topic(viewer, post.topic, guest=guest):
        return False
    waits = post.held and viewer.signed_in and post.author_id == viewer.persona_id
    return post.state == "shown" or (
        post.state == "hidden" and (waits or may_moderate(viewer, post.topic.space))
    )


def posts_seen_by(viewer: Viewer, *, alone: bool = False) -> Select[Post]:
    """The posts whose words the viewer may read, with their topic and its space; ``alone`` without them,
    where they are at hand."""
    return _posts_seen(access_of(viewer), alone)


@lru_cache(KEPT_WHOLE)
def _posts_seen(viewer: Viewer, alone: bool) -> Select[Post]:
    waits = and_(Post.held, _own(viewer, Post))
    readable = or_(Post.state == "shown", and_(Post.state == "hidden", or_(_moderated(viewer), waits)))
    rows = select(Post).join(Post.topic).join(Topic.space).where(*_exists_for(viewer), readable)
    space = contains_eager(Post.topic).contains_eager(Topic.space)
    return rows if alone else rows.options(space.selectinload(Space.audiences))


def may_edit(viewer: Viewer, post: Post, *, guest: bool = False) -> bool:
    """Whether the viewer may change this post: its author, while the topic is live."""
    return post.state == "shown" and may_withdraw(viewer, post, guest=guest)


def may_withdraw(viewer: Viewer, post: Post, *, guest: bool = False) -> bool:
    """Whether the viewer may take this post back: its author, also while it waits for a moderator."""
    own = viewer.signed_in and post.author_id == viewer.persona_id
    there = post.state == "shown" or (post.state == "hidden" and post.held)
    return own and there and may_see_topic(viewer, post.topic, guest=guest)


def may_accept(viewer: Viewer, post: Post) -> bool:
    """Whether the viewer may keep this post as an answer: the asker or a moderator."""
    topic = post.topic
    if not topic.asks or post.number == 1 or post.state != "shown" or topic.state not in LIVE:
        return False
    return is_keeper(viewer, topic) or may_moderate(viewer, topic.space)


def may_react(viewer: Viewer, post: Post, *, guest: bool = False) -> bool:
    """Whether the viewer may react: anyone signed in who reads it, but its author and suspended names."""
    own = post.author_id == viewer.persona_id or audiences.SUSPENDED in viewer.audiences
    return viewer.signed_in and not own and may_see_post(viewer, post, guest=guest)


def may_report(viewer: Viewer, post: Post, *, guest: bool = False) -> bool:
    """Whether the viewer may report this post."""
    return viewer.signed_in and may_see_post(viewer, post, guest=guest)


def may_hide(viewer: Viewer, post: Post) -> bool:
    """Whether the viewer may hide or restore this post. Nobody acts on their own."""
    return may_moderate(viewer, post.topic.space) and post.author_id != viewer.persona_id


# Duties


def may_edit_spaces(viewer: Viewer) -> bool:
    """Whether the viewer keeps the structure of spaces: administrators, content not included."""
    return viewer.administrator


def spaces_edited_by(viewer: Viewer) -> Select[Space]:
    """The spaces whose structure the viewer keeps, archived ones included; nothing of their content."""
    spaces = select(Space).options(selectinload(Space.audiences))
    return spaces if may_edit_spaces(viewer) else spaces.where(false())


# Members of a space


def standing_audience(space_id: int, standing: str) -> str:
    """The audience of those who have this standing in the space: its chair, its keepers."""
    return f"{audiences.space(space_id)}:{standing}"


def may_lead(viewer: Viewer, space: Space) -> bool:
    """Whether the viewer leads this space: its chair, one of its keepers, a moderator."""
    leading = {standing_audience(space.id, "chair"), standing_audience(space.id, "keeper")}
    return may_see_space(viewer, space) and (bool(leading & viewer.audiences) or may_moderate(viewer, space))


def may_write_charter(viewer: Viewer, space: Space) -> bool:
    """Whether the viewer writes what is asked of all who come here: keepers of lived experience do."""
    return space.kind == "lived" and may_lead(viewer, space)


def may_invite_to_space(viewer: Viewer, space: Space) -> bool:
    """Whether the viewer may invite a guest here: those who lead it, where it admits its own members."""
    return may_lead(viewer, space) and audiences.space(space.id) in space.admits("see")
