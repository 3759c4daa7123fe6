"""Where PostgreSQL keeps what a search reads of each document."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from community.search.postgres_index import _NAMES, PostgresIndex
from tests.conftest import ENGINE
from tests.make.search import document

pytestmark = pytest.mark.skipif(ENGINE != "postgresql", reason="the index of the large size")
SCHEMA = "search_layout"


def kept(session):
    """How each column of the documents is kept: in place (p), packed but there (m), or wherever (x)."""
    asked = "SELECT attname, attstorage::text FROM pg_attribute WHERE attrelid = to_regclass(:name)"
    return dict(map(tuple, session.execute(sa.text(asked), {"name": f"{SCHEMA}.document"})))


@pytest.fixture
def index(db_session):
    made = PostgresIndex(db_session, schema=SCHEMA)
    made.replace([], [document("a", " ".join(f"mot{one}" for one in range(2_000)))])
    return made


def test_names_of_a_long_document_stay_beside_its_facts(index, db_session):
    assert {name: kept(db_session)[name] for name in (*_NAMES, "worth")} == {
        **dict.fromkeys(_NAMES, "p"),
        "worth": "m",
    }


def test_a_table_that_was_made_before_keeps_them_there_from_now_on(index, db_session):
    db_session.execute(sa.text(f"ALTER TABLE {SCHEMA}.document ALTER COLUMN id SET STORAGE EXTENDED"))
    assert not index.tidy()
    assert kept(db_session)["id"] == "p"
