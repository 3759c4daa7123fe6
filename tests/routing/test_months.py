"""The published figures: public questions only, nothing small, never changed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from community.core.db import db, transaction
from community.forum.models import Topic
from community.routing import jobs
from community.routing.charts import chart
from community.routing.models import AnswerMonth
from community.routing.services import months
from tests.make import forum
from tests.make import routing as make


@pytest.fixture
def october(monkeypatch, app):
    """It is the 21st of November 2026; the middle of October is what it gives."""
    from community.core import clock
    from community.core.i18n import zone

    now = datetime(2026, 11, 21, 15, tzinfo=zone())
    monkeypatch.setattr(clock, "now", lambda: now)
    return datetime(2026, 10, 14, 12, tzinfo=zone())


def asked(place, who, when, many, answered=None, **more):
    """So many questions, each answered one hour later than the one before."""
    with transaction():
        for number in range(many):
            topic = forum.world.add_topic(place, who, f"{more} {number}", when=when, **more)
            topic.answered_at = when + timedelta(hours=number + 1) if answered else None


def published(theme="all"):
    return db.session.scalars(select(AnswerMonth).where(AnswerMonth.theme == theme)).one()


def test_a_month_is_published_once_with_its_percentiles(cast, october):
    square = forum.space("public-square")
    asked(square, cast["member"], october, 21, answered=True, theme="opioids")
    jobs.close_months()
    row = published()
    assert (row.month.isoformat(), row.questions) == ("2026-10-01", 21)
    assert (row.median, row.ninetieth) == (11 * 3600, 19 * 3600)
    assert row.waiting_percent is None  # nobody waits: fewer than six
    asked(square, cast["member"], october, 5, theme="opioids")
    jobs.close_months()
    db.session.expire_all()
    assert published().questions == 21


def test_questions_that_wait_make_the_figures_longer_and_their_share_is_told(cast, october):
    square = forum.space("public-square")
    asked(square, cast["member"], october, 20, answered=True)
    asked(square, cast["member"], october, 10)
    jobs.close_months()
    row = published()
    assert row.questions == 30
    assert row.median == 15.5 * 3600
    assert row.ninetieth is None
    assert row.waiting_percent == 33


def test_what_not_everyone_reads_is_not_counted(cast, october):
    asked(forum.space("opioids"), cast["physician"], october, 15, answered=True, theme="opioids")
    asked(forum.space("lived-experience"), cast["lived"], october, 15, answered=True)
    assert db.session.scalars(select(Topic)).first()
    jobs.close_months()
    assert not db.session.scalars(select(AnswerMonth)).all()


def test_small_themes_are_hidden_and_cannot_be_told_from_the_total(cast, october):
    square = forum.space("public-square")
    asked(square, cast["member"], october, 40, answered=True, theme="opioids")
    asked(square, cast["member"], october, 12, answered=True, theme="alcohol")
    asked(square, cast["member"], october, 4, answered=True, theme="youth")
    jobs.close_months()
    assert published().questions == 56
    assert published("opioids").questions == 40
    for theme in ("youth", "alcohol", "justice", ""):
        row = published(theme)
        assert (row.questions, row.median, row.ninetieth, row.waiting_percent) == (None, None, None, None)


def test_a_month_that_is_not_over_for_three_days_is_not_published(cast, october):
    square = forum.space("public-square")
    asked(square, cast["member"], october + timedelta(days=25), 20, answered=True)
    assert months.close_months() == []


def test_everybody_reads_the_same_figures_with_table_picture_and_csv(cast, october, visit):
    square = forum.space("public-square")
    asked(square, cast["member"], october - timedelta(days=30), 15, answered=True, theme="opioids")
    asked(square, cast["member"], october, 21, answered=True, theme="opioids")
    jobs.close_months()
    page = visit(cast["visitor"]).get("/en/time-to-first-answer").get_data(as_text=True)
    assert "11 h" in page
    assert "<svg" in page
    assert "The median went from 8 h in September 2026 to 11 h in October 2026." in page
    french = visit(cast["member"]).get("/fr/time-to-first-answer?theme=alcohol").get_data(as_text=True)
    assert "octobre 2026" in french
    assert visit(cast["visitor"]).get("/en/time-to-first-answer?theme=nothing").status_code == 404
    sheet = visit(cast["visitor"]).get("/en/time-to-first-answer.csv")
    assert sheet.mimetype == "text/csv"
    lines = sheet.get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert lines[0].startswith("month,theme,questions,median_hours")
    assert "2026-10,all themes,21,11.0,19.0,,no,2026-11-21" in lines
    assert "2026-10,opioids,,,,,yes,2026-11-21" in lines


def test_a_chart_keeps_gaps_and_stays_inside_its_frame():
    drawn = chart([3600, None, 7200, 10_800], [36_000, None, 50_000, None])
    assert drawn is not None
    assert [len(series.dots) for series in drawn.series] == [3, 2]
    assert [len(series.strokes) for series in drawn.series] == [1, 0]
    assert all(16 <= dot.y <= 190 for series in drawn.series for dot in series.dots)
    assert not drawn.in_days
    assert chart([None], [None]) is None
    days = chart([86_400 * 9])
    assert days is not None
    assert days.in_days


def test_nothing_published_says_when_there_will_be(cast, visit):
    assert "No figure yet" in visit(cast["visitor"]).get("/en/time-to-first-answer").get_data(as_text=True)
    assert make.asked(forum.topic(forum.space(), cast["member"])) == {}
