"""A handful of reports and the hours of some moderators, so that the queue shows something."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from community.accounts.models import Duty, Persona
from community.accounts.viewer import viewer_of
from community.core.db import db, transaction
from community.demo.loader import store
from community.forum.models import Post, Space, Topic
from community.forum.services import reports
from community.moderation.services import keeping

# In which space, why, and what is said about it in each language.
REPORTS = (
    ("public-square", "harassment", {"en": "This is about the person.", "fr": "Ceci vise la personne."}),
    ("meeting-place", "other", {"en": "A town is named.", "fr": "Une ville est nommée."}),
    ("stimulants", "advice", {"en": "No source for this dose.", "fr": "Aucune source pour cette dose."}),
    ("lived-experience", "danger", {"en": "I am worried about them.", "fr": "Cette personne m’inquiète."}),
)
HOURS = ((0, 9, 12), (2, 18, 21), (5, 10, 12))


def waiting() -> int:
    """Report some messages, once. Returns how many."""
    with transaction():
        loaded = store.Loaded()
        if loaded.has("moderation", "all"):
            return 0
        keeping.load_reasons()
        made = sum(_report(slug, reason, words) for slug, reason, words in REPORTS)
        _hours()
        loaded.add("moderation", ["all"])
    return made


def _report(slug: str, reason: str, words: dict[str, str]) -> bool:
    """The last reply of somebody else in a topic of this space, by whoever began the topic."""
    post = db.session.scalars(
        select(Post)
        .join(Post.topic)
        .join(Topic.space)
        .join(Persona, Persona.id == Topic.author_id)
        .where(
            Space.slug == slug,
            Post.state == "shown",
            Topic.state == "open",
            Persona.state == "active",
            Persona.kind != "imported",
            Post.author_id != Topic.author_id,
        )
        .order_by(Post.created_at.desc(), Post.id.desc())
        .limit(1)
        .options(joinedload(Post.topic).joinedload(Topic.space))
    ).first()
    viewer = viewer_of(post.topic.author_id) if post is not None else None
    if post is None or viewer is None:
        return False
    reports.report(viewer, post, reason, words[post.lang])
    return True


def _hours() -> None:
    """Each of the first moderators looks some hours of the week."""
    named = db.session.scalars(
        select(Duty.persona_id).where(Duty.duty == "moderator").distinct().order_by(Duty.persona_id)
    )
    for persona_id, (weekday, first, last) in zip(named, HOURS, strict=False):
        viewer = viewer_of(persona_id)
        if viewer is not None:
            keeping.watch(viewer, weekday, first, last)
