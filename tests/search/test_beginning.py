"""A new instance is ready to search at once; a whole rebuild does what was waiting to be filled in."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from community.core.db import transaction
from community.core.jobs import Job, enqueue, run_waiting_jobs
from community.search import services
from community.search.engine import index_for, site_index, writing
from community.search.found_services import Services
from community.search.testimonies import Testimonies


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


@pytest.mark.parametrize(("source", "commits"), [(Testimonies(), 20), (Services(), 1)])
def test_what_no_post_waits_for_comes_in_with_fewer_commits(db_session, monkeypatch, source, commits):
    begun = []

    def noting():
        begun.append(source.kind)
        return writing()

    monkeypatch.setattr(services, "writing", noting)
    services.index_these(source, {f"{one:03}" for one in range(1_000)})
    assert len(begun) == commits


def test_services_of_several_announcements_come_in_with_one_commit(db_session, monkeypatch):
    """Each is of what was written up at once: the index would have a part of each."""
    asked = []
    monkeypatch.setattr(services, "index_these", lambda _source, keys: asked.append(sorted(keys)))
    with transaction():
        for one in range(7):
            enqueue("search.receivers.index_written_services", service_ids=[f"{one}a", f"{one}b"])
    run_waiting_jobs()
    assert asked == [sorted(f"{one}{letter}" for one in range(7) for letter in "ab")]


@pytest.mark.parametrize(("whole", "most"), [(True, services.SLICE), (False, services.SLICE_BEGINNING)])
def test_an_index_that_is_not_whole_is_filled_in_larger_portions(db_session, monkeypatch, whole, most):
    services.rebuild()
    if not whole:
        with writing():
            site_index().clear()
    asked = []

    def keys(_source, _after, limit):
        asked.append(limit)
        return []

    monkeypatch.setattr(Testimonies, "keys", keys)
    services.index_portion(Testimonies(), "")
    assert asked == [most]
