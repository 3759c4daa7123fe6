"""What waits for a moderator, and what was decided, for the tests of rules."""

from __future__ import annotations

from sqlalchemy import select

from community.core import clock
from community.core.db import db
from community.forum.models import Post
from community.moderation import targets
from community.moderation.models import Act, Appeal, Matter, Watch
from community.moderation.services.keeping import load_reasons
from community.moderation.services.opening import open_matter
from tests.make.world import World, add_post


def add(world: World) -> None:
    """A report, one about the moderator, a decision, and one that was appealed."""
    load_reasons()
    db.session.flush()
    topic = world.topics["lived-experience closed"]  # what it is answered with changes nothing elsewhere
    own = add_post(topic, world.cast["moderator"], "Words of the moderator.")
    told = add_post(topic, world.cast["lived"], "Words that were decided about.")
    world.more["matter"] = matter_of(world.posts["lived-experience shown"]).key
    world.more["matter of the moderator"] = matter_of(own).key
    done = matter_of(told)
    done.state, done.done_at = "done", clock.now()
    world.more["act"] = act_in(done, by=world.cast["moderator"].persona_id).key
    appealed = act_in(done, by=world.cast["moderator"].persona_id)
    db.session.add(Appeal(act_key=appealed.key, words="Look again.", at=clock.now()))
    db.session.flush()
    world.more["act appealed"] = appealed.key
    for who in ("moderator", "coordinator", "administrator"):
        persona_id = world.cast[who].persona_id
        db.session.add(Watch(persona_id=persona_id, weekday=1, from_hour=9, until_hour=12))


def matter_of(post: Post, reason: str = "harassment") -> Matter:
    """A post that was reported."""
    key = db.session.scalar(select(Post.key).where(Post.id == post.id))
    subject = targets.look("post", str(key))
    assert subject is not None
    return open_matter(subject, reason, "report")


def act_in(matter: Matter, *, by: str | None, act: str = "warn", **more: object) -> Act:
    """Something that was decided."""
    made = Act(
        **{
            "matter_key": matter.key,
            "act": act,
            "reason": matter.reason,
            "words": "Mind the charter.",
            "by_id": by,
            "persona_id": matter.author_id,
            "before": {},
            "at": clock.now(),
            **more,
        }
    )
    db.session.add(made)
    db.session.flush()
    return made
