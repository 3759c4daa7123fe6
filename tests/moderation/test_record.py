"""The public record names nobody, says days, hides what would tell of few; hours are for moderators."""

from __future__ import annotations

import contextlib
import json
from datetime import time, timedelta

import pytest
import time_machine
from sqlalchemy import delete, select

from community.core import clock
from community.core.days import moment_of
from community.core.db import db, transaction
from community.core.errors import Invalid, NotAllowed
from community.core.quarters import ended, quarter_of
from community.moderation.figures import Figures, count_of, in_public, names_of, read, told
from community.moderation.jobs import publish_quarters
from community.moderation.models import Act, Matter, ReasonText
from community.moderation.queries import record, watches
from community.moderation.services import keeping
from tests.make import forum as make
from tests.make import moderation as made


def decided(cast, slug, count, act="hide", reason="other"):
    """So many acts in a space."""
    author = cast["lived"] if slug == "lived-experience" else cast["member"]
    topic = make.topic(make.space(slug), author)
    with transaction():
        for n in range(count):
            post = make.world.add_post(topic, author, f"Words {n}.")
            matter = made.matter_of(post, reason)
            matter.state, matter.done_at = "done", clock.now()
            matter.opened_at = clock.now() - timedelta(hours=2)
            made.act_in(matter, by=cast["coordinator"].persona_id, act=act)


def test_the_log_shows_public_spaces_alone(cast, client):
    decided(cast, "public-square", 2)
    decided(cast, "lived-experience", 2, act="warn")
    assert {(line.act, line.space_kind) for line in record.log()} == {("hide", "public")}
    page = client.get("/en/moderation/log").get_data(as_text=True)
    assert "Hidden" in page
    assert "Robin Tallgrass" not in page
    assert "Solene Marsh" not in page


def published():
    """The figures of the newest quarter that is over, once the quarter after this one began."""
    return dict(record.quarters()).get(next(ended(clock.today(), 1)))


@pytest.fixture
def next_quarter(cast):
    """Go to the day after this quarter, and publish what is due."""
    with contextlib.ExitStack() as travels:

        def go():
            following = quarter_of(clock.today()).ends + timedelta(days=1)
            travels.enter_context(time_machine.travel(moment_of(following, time(12))))
            publish_quarters()

        yield go


def test_of_a_quarter_that_is_not_over_nothing_is_told(cast, client):
    decided(cast, "public-square", 30)
    publish_quarters()
    page = client.get("/en/moderation/transparency").get_data(as_text=True)
    assert published().public.acts == 0
    assert ">30<" not in page


def test_small_figures_are_hidden_and_large_ones_shown(cast, next_quarter):
    decided(cast, "lived-experience", 4)
    next_quarter()
    assert published().elsewhere.acts is None
    assert all(cell.count is None for cell in published().elsewhere.by_reason)
    decided(cast, "lived-experience", 34)
    next_quarter()
    figures = published()
    assert figures.elsewhere.acts == 34
    assert figures.median == pytest.approx(7200, abs=60)
    assert [cell.count for cell in figures.elsewhere.by_act] == [34]


def test_one_act_elsewhere_is_told_by_nothing_that_is_taken_from_another_figure(cast, next_quarter):
    """The log has each act in a public space: a figure of all spaces, less its lines, would be that one."""
    decided(cast, "public-square", 30)
    decided(cast, "lived-experience", 1, act="warn", reason="harassment")
    next_quarter()
    figures = published()
    assert (figures.public.acts, len(record.log())) == (30, 30)
    assert figures.elsewhere.acts is None
    assert {cell.count for cell in (*figures.elsewhere.by_reason, *figures.elsewhere.by_act)} <= {None}
    assert "warn" not in {cell.name for cell in figures.public.by_act}


def test_what_was_published_of_a_quarter_never_changes(cast, next_quarter, client):
    decided(cast, "lived-experience", 34)
    next_quarter()
    before = client.get("/fr/moderation/transparency").get_data(as_text=True)
    with transaction():
        db.session.execute(delete(Act).where(Act.key == select(Act.key).limit(1).scalar_subquery()))
        assert len(db.session.scalars(select(Act.key)).all()) == 33
    publish_quarters()
    assert published().elsewhere.acts == 34
    assert ">34<" in before.replace("\n", "")


def test_figures_are_read_as_they_were_kept():
    acts = [("hide", "other")] * 12 + [("warn", "advice")] * 3
    figures = Figures(in_public(acts), told(acts), 60.0, None, 0, None, None)
    assert read(json.loads(json.dumps(figures.kept()))) == figures
    assert names_of(figures.public.by_act, figures.elsewhere.by_act)[:2] == ["hide", "warn"]
    assert count_of(figures.public.by_act, "lock", figures.public.acts) == 0
    assert count_of([], "lock", None) is None


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/en/moderation/transparency", "Moderation in figures"),
        ("/fr/moderation/transparency", "La modération en chiffres"),
        ("/en/moderation/log", "Log of moderation"),
        ("/fr/moderation/log", "Journal de la modération"),
    ],
)
def test_both_pages_are_for_everyone_in_both_languages(client, path, title):
    answer = client.get(path)
    assert answer.status_code == 200
    assert f"<h1>{title}</h1>" in answer.text


def test_what_was_kept_of_a_text_goes_ninety_days_after_the_decision(cast):
    decided(cast, "public-square", 1)
    with transaction():
        db.session.scalars(select(Matter)).one().done_at = clock.now() - timedelta(days=91)
    with transaction():
        keeping.forget_evidence()
    assert db.session.scalars(select(Matter.evidence)).all() == [""]


def test_what_nobody_decided_about_is_kept_for_a_year(cast):
    with transaction():
        topic = make.topic(make.space(), cast["member"])
        key = made.matter_of(make.world.add_post(topic, cast["member"], "Words.")).key
    for days, kept in ((364, True), (366, False)):
        with transaction():
            db.session.get_one(Matter, key).opened_at = clock.now() - timedelta(days=days)
        with transaction():
            keeping.forget_evidence()
        assert bool(db.session.scalars(select(Matter.evidence)).one()) == kept


def test_coordinators_edit_the_texts_and_others_do_not(cast):
    text = db.session.get_one(ReasonText, "dealing-offer")
    with pytest.raises(NotAllowed):
        keeping.edit_reason(
            cast["moderator"].viewer, text, "Ten letters or more.", "Dix lettres et plus.", retired=False
        )
    with transaction():
        text = db.session.get_one(ReasonText, "dealing-offer")
        keeping.edit_reason(
            cast["coordinator"].viewer, text, "No selling here.", "Pas de vente ici.", retired=True
        )
    text = db.session.get_one(ReasonText, "dealing-offer")
    with pytest.raises(Invalid) as refused:
        keeping.edit_reason(
            cast["coordinator"].viewer, text, "As in NAS 046 454 286.", "Pas de vente ici.", retired=True
        )
    assert refused.value.field == "words_en"
    db.session.rollback()
    with transaction():
        assert keeping.load_reasons() == 0
    assert db.session.get_one(ReasonText, "dealing-offer").words_fr == "Pas de vente ici."


def test_moderators_see_one_anothers_hours(cast, lived, visit):
    with transaction():
        keeping.watch(cast["moderator"].viewer, 0, 9, 12)
        keeping.watch(cast["moderator"].viewer, 0, 9, 13)
    days = watches.week(cast["coordinator"].viewer)
    assert [(turn.face.name, turn.watch.until_hour) for turn in days[0]] == [("Far-Lake", 13)]
    assert watches.uncovered(days) == 7 * 24 - 4
    assert "Far-Lake" in visit(cast["coordinator"]).get("/fr/moderation/hours").get_data(as_text=True)
    with transaction():
        keeping.watch_no_more(cast["moderator"].viewer, 0, 9)
    assert watches.week(cast["coordinator"].viewer)[0] == []
    with pytest.raises(Invalid):
        keeping.watch(cast["moderator"].viewer, 0, 12, 9)
    with pytest.raises(NotAllowed):
        keeping.watch(cast["member"].viewer, 0, 9, 12)


def test_a_moderator_is_told_on_their_home_page(cast, lived, visit, report):
    report(cast["moderator"], make.post(lived, cast["lived"]))
    assert "1 thing to look at" in visit(cast["moderator"]).get("/en/").get_data(as_text=True)
    assert "to look at" not in visit(cast["member"]).get("/en/").get_data(as_text=True)
