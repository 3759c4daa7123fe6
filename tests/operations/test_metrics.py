"""/metrics: for those the settings name, and nobody in it."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from community.core import jobs, logs
from community.core.db import db, transaction
from config import BadSetting, read_settings
from ground.console import ROOT
from tests.conftest import Browser
from tests.operations.conftest import instance

TOKEN = {"Authorization": "Bearer a token for tests"}


@pytest.fixture(scope="module")
def watched(tmp_path_factory, worker_id):
    folder = tmp_path_factory.mktemp("watched")
    more: Any = {"METRICS_TOKEN": "a token for tests", "METRICS_FROM": "10.1.0.0/16"}
    with instance(folder, f"watched_{worker_id}", **more) as app:
        app.test_client_class = Browser
        yield app


def look(app, **more):
    return app.test_client().get("/metrics", **{"headers": TOKEN, **more})


def test_others_find_no_such_page(watched):
    client = watched.test_client()
    other = {"Authorization": "Bearer another"}
    nothing = client.get("/nothing-here")
    for answer in (client.get("/metrics"), client.get("/metrics", headers=other)):
        assert answer.status_code == nothing.status_code == 404
    at = client.get("/metrics", environ_overrides={"REMOTE_ADDR": "10.2.0.1"})
    assert at.status_code == 404


def test_a_token_or_an_address_opens_it(watched):
    assert look(watched).status_code == 200
    near = watched.test_client().get("/metrics", environ_overrides={"REMOTE_ADDR": "10.1.2.3"})
    assert near.status_code == 200


def test_requests_are_counted_by_route_never_by_address(watched):
    client = watched.test_client()
    client.get("/en/topics/1234567890123456789012")
    client.get("/en/")
    said = look(watched).get_data(as_text=True)
    assert 'passerelle_requests_total{route="core.home",status="200"}' in said
    assert 'route="forum.topic",status="404"' in said
    assert "1234567890123456789012" not in said
    assert 'passerelle_request_seconds_count{part="core"}' in said
    assert "passerelle_process_memory_bytes" in said


def test_the_queue_and_the_index_are_measured(watched):
    with transaction():
        jobs.enqueue("core.forget_sent_forms")
    said = look(watched).get_data(as_text=True)
    assert 'passerelle_jobs_due{lane="bulk"} 1.0' in said
    assert 'passerelle_jobs_oldest_seconds{lane="bulk"}' in said
    assert "passerelle_jobs_dead 0.0" in said
    assert "passerelle_index_behind_seconds 0.0" in said


def test_a_database_that_is_away_leaves_what_the_process_knows(watched, monkeypatch):
    from sqlalchemy.exc import OperationalError

    def away(*_facts, **_named):
        raise OperationalError("SELECT 1", {}, OSError("connection refused"))

    monkeypatch.setattr(db.session, "execute", away)
    said = look(watched)
    assert said.status_code == 200
    assert b"passerelle_requests_total" in said.data
    assert b"passerelle_jobs_due" not in said.data


def test_networks_that_are_none_stop_the_start():
    with pytest.raises(BadSetting, match="METRICS_FROM"):
        read_settings({"METRICS_FROM": "everywhere"})


def test_a_page_that_is_kept_whole_is_counted_as_well(watched):
    def count():
        said = look(watched).get_data(as_text=True)
        lines = [line for line in said.splitlines() if 'route="a.kept_page"' in line and "total" in line]
        return float(lines[0].split()[-1]) if lines else 0.0

    before = count()
    logs.tell_kept("a.kept_page", time.perf_counter())
    assert count() == before + 1


def test_every_metric_that_the_manual_explains_is_measured(watched):
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| `(passerelle_\w+)", manual, re.M)
    said = look(watched).get_data(as_text=True)
    assert len(explained) == 9
    assert not [name for name in explained if f"# TYPE {name} " not in said]
