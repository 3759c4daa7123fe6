"""The two kinds of things of lower domains: messages of topics, and names."""

from __future__ import annotations

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.accounts.models import Persona
from community.accounts.permissions import personas_seen_by
from community.accounts.viewer import Viewer
from community.core.access import one_or_404
from community.core.db import db
from community.core.text import escape
from community.forum.citations import typed_words
from community.forum.models import Post, Topic
from community.forum.queries.files import files_of
from community.forum.queries.sources import sources_of
from community.forum.queries.topics import post_seen
from community.forum.services import reports
from community.moderation import targets
from community.moderation.models import Act, Matter
from community.moderation.targets import Subject, Target


def init_app() -> None:
    """Let messages and names be reported."""
    targets.add(
        Target(
            "post",
            _l("Message"),
            post_as_seen,
            _look_at_post,
            _post_address,
            hide=_hide_post,
            show=_show_post,
        )
    )
    targets.add(Target("name", _l("Name"), name_as_seen, _look_at_name, _name_address))


def _post(key: str) -> Post | None:
    rows = select(Post).where(Post.key == key).options(joinedload(Post.topic).joinedload(Topic.space))
    return db.session.scalars(rows).first()


def _subject(post: Post) -> Subject:
    topic = post.topic
    title = topic.title if post.number == 1 else ""
    return Subject(
        kind="post",
        key=post.key,
        author_id=post.author_id,
        words="\n\n".join(part for part in (title, post.body, typed_words(sources_of(post))) if part),
        html=post.html,
        lang=post.lang,
        notes=tuple(post.notes),
        title=topic.title,
        space_id=topic.space_id,
        topic=topic.key,
        state=post.state,
        held=post.held,
        files=files_of([post.id]).get(post.id, ()) if post.files else (),
        hides_others=post.number == 1 and post.state == "withdrawn" and topic.state == "hidden",
    )


def post_as_seen(viewer: Viewer, key: str) -> Subject:
    """A message that the viewer may read. :raises NotFound: they may not."""
    return _subject(post_seen(viewer, key))


def _look_at_post(key: str) -> Subject | None:
    post = _post(key)
    return _subject(post) if post else None


def _post_address(subject: Subject) -> str:
    return url_for("forum.post", key=subject.key)


def _hide_post(key: str) -> None:
    post = _post(key)
    if post is not None and post.state == "shown":
        reports.put_out_of_sight(post)
    elif post is not None and post.held:  # looked at, and not let through
        post.held = False
        if post.number == 1:
            post.topic.held = False


def _show_post(key: str) -> None:
    post = _post(key)
    if post is not None and post.state == "hidden":
        reports.show_again(post, untold=_nobody_was_told(key))
    elif post is not None and post.state == "withdrawn":
        reports.show_the_others_again(post)


def _nobody_was_told(key: str) -> bool:
    """Whether it waited and was not let through, and has not been shown since: its followers never heard."""
    hidden = select(Act).join(Matter, Matter.key == Act.matter_key).where(Act.act == "hide")
    acts = db.session.scalars(hidden.where(Matter.kind == "post", Matter.thing == key))
    waited = [act for act in acts if act.before.get("held")]
    for act in waited:
        act.before = {**act.before, "held": False}
    return bool(waited)


def name_as_seen(viewer: Viewer, key: str) -> Subject:
    """A name whose page the viewer sees. :raises NotFound: they do not."""
    return _named(one_or_404(personas_seen_by(viewer), Persona.id == key))


def _look_at_name(key: str) -> Subject | None:
    persona = db.session.get(Persona, key)
    return _named(persona) if persona and persona.state == "active" else None


def _named(persona: Persona) -> Subject:
    return Subject("name", persona.id, persona.id, persona.name, html=f"<p>{escape(persona.name)}</p>")


def _name_address(subject: Subject) -> str:
    return url_for("accounts.person", key=subject.key)
