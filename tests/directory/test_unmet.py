"""Searches that found nothing: counted without anybody in them, published without small numbers."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from community.core import clock
from community.core.db import db, transaction
from community.core.disclosure import tables
from community.core.quarters import Quarter, quarter_of
from community.directory import hourly, unmet
from community.directory.figures.unmet_table import OTHERS, is_over, published
from community.directory.models.unmet import Unmet
from community.directory.services import unmet as kept
from tests.make import directory as make

BROWSER = {"User-Agent": "Mozilla/5.0 (made up)"}


@pytest.fixture(autouse=True)
def counting_from_nothing():
    unmet.forget()
    yield
    unmet.forget()


def ask(client, query, **headers):
    assert client.get(f"/en/directory?{query}", headers={**BROWSER, **headers}).status_code == 200


def test_a_search_without_a_result_counts_its_province_and_needs(client, app):
    ask(client, "where=H2X&need=offers-naloxone&need=offers-housing&q=my+own+words")
    assert unmet.taken() == {("qc", "offers-naloxone"): 1, ("qc", "offers-housing"): 1}


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("where=qc&need=offers-oat", {"User-Agent": "Mozilla/5.0 (compatible; SomeBot/2.1)"}),
        ("where=qc&need=offers-oat", {"User-Agent": "curl/8"}),
        ("where=qc&need=offers-oat&page=2", {}),
        ("where=Atlantis&need=offers-oat", {}),
        ("", {}),
    ],
)
def test_what_no_person_looked_for_is_not_counted(client, app, query, headers):
    ask(client, query, **headers)
    assert not unmet.taken()


def test_the_same_search_of_one_neighbourhood_counts_once_a_day(client, app):
    for _ in range(3):
        ask(client, "where=qc&need=offers-oat")
    assert unmet.taken() == {("qc", "offers-oat"): 1}


def test_what_only_another_region_has_counts_and_what_is_found_does_not(client, app):
    given = make.service(offered=["offers-naloxone", "access-self"], assured_date=make.LATELY)
    given["service_at_locations"][0]["location"]["addresses"][0]["postal_code"] = "H2X 0A0"
    make.keep(given)
    from community.directory.services import listing

    with transaction():
        listing.write([given["id"]])
    ask(client, "where=qc&need=offers-naloxone")
    assert not unmet.taken()
    ask(client, "where=on&need=offers-naloxone")
    assert unmet.taken() == {("on", "offers-naloxone"): 1}


def test_asking_writes_nothing_and_the_hour_writes_all(client, app):
    ask(client, "where=qc&need=offers-oat")
    assert not db.session.scalars(select(Unmet)).all()
    hourly.write(app)
    ask(client, "where=on&need=offers-oat")
    hourly.write(app)
    rows = {(row.region, row.need): (row.week, row.searches) for row in db.session.scalars(select(Unmet))}
    week = kept.monday(clock.today())
    assert rows == {("qc", "offers-oat"): (week, 1), ("on", "offers-oat"): (week, 1)}


def test_counts_of_a_week_are_added_up_and_let_go_of_after_three_years(app):
    with transaction():
        kept.add({("qc", ""): 2})
        kept.add({("qc", ""): 3})
        db.session.add(Unmet(week=date(2020, 1, 6), region="qc", need="", searches=9))
    with transaction():
        kept.forget_old()
    assert [row.searches for row in db.session.scalars(select(Unmet))] == [5]


def test_what_cannot_be_written_is_counted_on(client, app, monkeypatch):
    ask(client, "where=qc&need=offers-oat")
    monkeypatch.setattr(kept, "add", lambda counts: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        hourly.write(app)
    assert unmet.taken() == {("qc", "offers-oat"): 1}


# What is published


def test_a_quarter_is_that_of_the_monday_and_is_over_when_nothing_is_added():
    quarter = quarter_of(date(2026, 9, 28))
    assert (quarter.code, quarter.begins, quarter.ends) == ("2026-3", date(2026, 7, 1), date(2026, 9, 30))
    assert not is_over(quarter, date(2026, 10, 8))
    assert is_over(quarter, date(2026, 10, 9))


def test_too_little_is_not_shown_at_all():
    assert published({("qc", "offers-oat"): 5}) is None
    assert published({}) is None


def test_what_is_rare_stands_together():
    made = published(
        {("qc", "a"): 40, ("qc", "b"): 30, ("on", "a"): 25, ("on", "b"): 3, ("yt", "a"): 2, ("nu", "b"): 7}
    )
    assert made is not None
    assert OTHERS in made.regions
    assert "yt" not in made.regions
    assert made.total == 107
    assert all(cell is None or cell >= 6 for line in made.cells for cell in line)


@pytest.mark.parametrize("seed", range(12))
def test_no_small_number_can_be_worked_out(seed):
    """Whoever knows every figure that is shown, and its sums, cannot tell a small one."""
    dice = random.Random(seed)  # noqa: S311 - the same dice for every run
    counts = Counter(
        {
            (region, need): dice.choice((0, 1, 2, 5, 8, 20, 60))
            for region in ("qc", "on", "bc", "nb", "yt", "nu")
            for need in ("", "offers-oat", "offers-housing", "offers-naloxone")
        }
    )
    made = published(counts)
    if made is None:
        return
    table = [[0] * len(made.needs) for _ in made.regions]
    rows = {
        name: made.regions.index(name if name in made.regions else OTHERS) for name in {r for r, _ in counts}
    }
    columns = {
        name: made.needs.index(name if name in made.needs else OTHERS) for name in {n for _, n in counts}
    }
    for (region, need), number in counts.items():
        table[rows[region]][columns[need]] += number
    hidden = {(r, c) for r, line in enumerate(made.cells) for c, cell in enumerate(line) if cell is None}
    for (r, c), (low, high) in tables.bounds(table, hidden).items():
        assert high > low
        if table[r][c] < 6:
            assert high - low >= 6
    assert all(total >= 6 for total in (*made.of_regions, *made.of_needs))


def test_the_page_shows_a_quarter_to_coordinators(app, client, cast):
    before = Quarter(2026, 3)
    with transaction():
        for need, in_quebec, in_ontario in (("offers-oat", 40, 12), ("offers-housing", 33, 14), ("", 21, 3)):
            for region, number in (("qc", in_quebec), ("on", in_ontario)):
                db.session.add(Unmet(week=date(2026, 8, 3), region=region, need=need, searches=number))
    cast["coordinator"].signs_in(client)
    page = client.get(f"/en/directory/unmet?quarter={before.code}").text
    assert "Opioid agonist treatment" in page
    assert "<td>123</td>" in page
    assert "hidden" in page
    assert ">3<" not in page
    assert client.get("/en/directory/unmet?quarter=2020-1").status_code == 404
