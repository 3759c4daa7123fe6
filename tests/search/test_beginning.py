"""A new instance is ready to search at once; a whole rebuild does what was waiting to be filled in."""

from __future__ import annotations

from sqlalchemy import select

from community.core.db import transaction
from community.core.jobs import Job, enqueue
from community.search import services
from community.search.engine import index_for, site_index, writing


def test_an_instance_with_nothing_in_it_has_a_whole_index_from_the_start(db_session):
    with writing():
        site_index().clear()
    assert not site_index().ready()
    assert services.begin() == 0
    assert site_index().ready()


def test_a_rebuild_drops_the_filling_that_was_waiting_and_keeps_every_other_job(db_session):
    with transaction():
        enqueue("search.index_topics", topic_ids=[1])
        enqueue("search.receivers.index_imported_topics", topic_ids=[1])
        enqueue("search.receivers.index_new_post", post_id=1)
    services.rebuild()
    names = set(db_session.scalars(select(Job.name).where(Job.name.startswith("search."))))
    assert names == {"search.receivers.index_new_post"}


def test_what_is_whole_is_not_built_again_for_another_kind(db_session, monkeypatch):
    services.rebuild()
    with writing():
        index_for("service").clear()
    read = []

    def noting(source, _after):
        read.append(source.kind)
        return ""

    monkeypatch.setattr(services, "index_portion", noting)
    services.begin()
    assert read == ["service"]
    assert services.ready()
