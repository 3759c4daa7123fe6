"""The index may be a moment late; the rule is not: what one may read no more is not found any more."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from community.core.db import db
from community.forum.models import Post, SpaceAudience, Topic
from tests.rules.place import undone

# A word of each post that the small world shows, and who may read it.
CHANGES = ("each post hidden", "each post withdrawn", "topic hidden", "topic withdrawn", "space closed")
FOUND_BY = {"public-square": "visitor", "lived-experience": "lived", "opioids": "physician"}


def found(place, who, slug):
    """Whether searching for its words leads to the topic or to one of its posts."""
    topic = place.world.topics[f"{slug} open"]
    posts = db.session.scalars(sa.select(Post.key).where(Post.topic_id == topic.id)).all()
    db.session.remove()
    answer = place.browsers[who].get("/en/search", query_string={"q": f"{slug} shown words"})
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    return any(key in page for key in (topic.key, *posts))


def changes(slug, place):
    """Each way in which a post that is in the index may be out of sight a moment later."""
    topic, space = place.world.topics[f"{slug} open"].id, place.world.spaces[slug].id
    return {
        "each post hidden": sa.update(Post).where(Post.topic_id == topic).values(state="hidden"),
        "each post withdrawn": sa.update(Post).where(Post.topic_id == topic).values(state="withdrawn"),
        "topic hidden": sa.update(Topic).where(Topic.id == topic).values(state="hidden"),
        "topic withdrawn": sa.update(Topic).where(Topic.id == topic).values(state="withdrawn"),
        "space closed": sa.delete(SpaceAudience).where(SpaceAudience.space_id == space),
    }


@pytest.mark.parametrize("slug", FOUND_BY)
def test_the_words_are_found_by_whoever_may_read_them(place, slug):
    with undone(place.app):
        assert found(place, FOUND_BY[slug], slug)


@pytest.mark.parametrize("slug", FOUND_BY)
@pytest.mark.parametrize("change", CHANGES)
def test_what_is_out_of_sight_is_not_found_though_the_index_still_has_it(place, slug, change):
    with undone(place.app) as connection:
        connection.execute(changes(slug, place)[change])
        assert not found(place, FOUND_BY[slug], slug)
