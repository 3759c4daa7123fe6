"""Services found by what somebody types: how well, in both languages, and never by what is withheld."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from community.core.db import db
from community.core.jobs import Job, run_waiting_jobs
from community.search import found_services, service_evaluation, services
from community.search.engine import index_for, writing
from community.search.found_services import INDEXING
from tests.conftest import ENGINE
from tests.make import directory as make
from tests.query_counter import Statements

# What was measured on 22 November 2026, less one or two questions.
FLOORS = {"en": (0.46, 0.73), "fr": (0.43, 0.75)}


@pytest.fixture
def nothing_indexed(app):
    """The index of services without any."""
    with writing():
        index_for("service").clear()


def brought(*some, **how):
    """Services as an import leaves them once its jobs are done."""
    make.keep(*some, **how)
    run_waiting_jobs()


@pytest.fixture
def bilingual(app, nothing_indexed, reference_data):
    path = reference_data / "hsds" / "canada-bilingual-services.json"
    answer = app.test_cli_runner().invoke(
        args=["directory", "import", str(path), "--mapping", "bilingual-list", "--json"]
    )
    assert answer.exit_code == 0, answer.output
    run_waiting_jobs()
    return path


def test_known_questions_find_their_service(bilingual):
    figures = service_evaluation.run(bilingual)
    for lang, one in figures.items():
        told = one.told()
        print(lang, told["asked"], told["hit@1"], told["hit@5"], *told["missed"], sep="\n")
        assert told["hit@1"] >= FLOORS[lang][0]
        assert told["hit@5"] >= FLOORS[lang][1]
    assert {lang: one.asked for lang, one in figures.items()} == {"en": 360, "fr": 81}


@pytest.fixture
def some(app, nothing_indexed):
    """A clinic in Montréal, a pantry in Toronto, a refuge whose address is withheld, and a draft."""
    said = {"name": "Clinique des Deux Lanternes", "description": "Traitement à la méthadone."}
    french = {"fr": {name: {"text": text} for name, text in said.items()}}
    clinic = placed("Clinic of the Two Lanterns", "H2X 0A0", texts_in="en", translations=french)
    pantry = placed("Long Pier pantry", "M5V 0A0", description="Groceries for whoever comes.")
    refuge = make.service("Alder refuge", description=f"A bed near {make.STREET}, {make.CODE}.")
    refuge["service_at_locations"][0]["location"]["address_withheld"] = True
    refuge["service_areas"] = [{"id": make.uuid("area"), "name": "qc-06"}]
    brought(clinic, pantry, refuge)
    brought(placed("Secret harbour", "H2X 0A0"), state="draft")


def placed(name, code, **more):
    given = make.service(name, assured_date=make.LATELY, **more)
    given["service_at_locations"][0]["location"]["addresses"][0]["postal_code"] = code
    return given


def page(client, query, lang="en"):
    answer = client.get(f"/{lang}/directory?{query}")
    assert answer.status_code == 200
    return answer.text


def test_words_of_either_language_find_a_service(client, some):
    for lang in ("en", "fr"):
        for words in ("methadone", "méthadone", "Methadose", "lanternes", "lantern"):
            assert "Lant" in page(client, f"q={words}", lang), words
    assert "Long Pier" not in page(client, "q=methadone")


def test_a_misspelt_word_is_mended_from_what_services_say(client, some):
    text = page(client, "q=methadoone")
    assert "Two Lanterns" in text
    assert "Not found as it is written" in text


def test_words_and_a_place_together(client, some):
    assert "Long Pier" in page(client, "q=food&where=on")
    text = page(client, "q=food&where=qc-06")
    assert "Nothing fits in the region asked." in text
    assert "Long Pier" in text


@pytest.mark.parametrize("words", ["Imaginaire-Secrète", "17 Rue Imaginaire", "H0H 9Z9", "H0H9Z9", "harbour"])
def test_what_is_withheld_or_in_preparation_is_in_no_index(client, some, words):
    """The clinic and the pantry have the same street, and may be found by it; the refuge may not."""
    text = page(client, f"q={words}")
    assert "Alder refuge" not in text
    assert "Secret harbour" not in text.replace("harbour", "", 1)
    with writing():
        assert f"service:{make.uuid('Secret harbour')}" not in index_for("service").ids()


def test_what_is_taken_back_is_not_found_any_more(client, some):
    brought(make.service("Long Pier pantry", status="defunct"))
    assert "Long Pier" not in page(client, "q=pantry")


def test_the_index_agrees_with_the_tables(client, some):
    services.rebuild()
    from community.search import checks

    assert list(checks.against_the_tables()) == []


def test_the_search_of_the_site_shows_services_above_its_topics(client, some):
    answer = client.get("/en/search?q=lanterns").text
    assert "In the directory of services" in answer
    assert "Clinic of the Two Lanterns" in answer
    assert f"Confirmed {int(make.LATELY[-2:])} " in answer
    assert "No topic was found" in answer
    assert "In the directory" not in client.get("/en/search?q=lanterns&theme=opioids").text
    assert "In the directory" not in client.get("/en/search?q=methadone&region=on").text


def test_services_add_few_statements_to_the_search_of_the_site(client, some):
    client.get("/en/search?q=methadone")
    with Statements().recorded() as asked:
        shown = client.get("/en/search?q=methadone").get_data(as_text=True)
    assert "Lanternes" in shown or "Lanterns" in shown
    assert len(asked.words) < 15, "\n".join(asked.words)


def test_a_map_shows_numbers_of_the_list_and_no_withheld_place(client, some):
    text = page(client, "where=qc-06&view=map")
    drawing = text.split('<figure class="map">')[1].split("</svg>")[0]
    assert drawing.count('class="badge"') == 1
    assert "1 service of this page is not on the map" in text
    assert 'name="view" value="map"' in text
    assert "view=map" not in page(client, "where=qc-06").split("<main")[1].split("Map</a>")[1]


def test_what_visitors_were_told_a_moment_ago_does_not_outlive_a_change(client, some):
    """Neither once the change is indexed nor while it waits for it."""
    asked = "/en/search?q=driftwood"
    assert "Driftwood" not in client.get(asked).text
    make.keep(make.service("Driftwood rooms"))
    waiting = set(db.session.scalars(select(Job.name)))
    db.session.remove()
    assert waiting & set(INDEXING)
    client.get(asked)
    run_waiting_jobs()
    assert "Driftwood rooms" in client.get(asked).text
    brought(make.service("Driftwood rooms", status="defunct"))
    assert "Driftwood" not in client.get(asked).text


def test_the_index_is_asked_however_common_a_word_is_and_only_there(some):
    with Statements().recorded() as asked:
        assert found_services.look("clinic", ()).fits
    told = [said for said in asked if "enable_seqscan" in said or "search_services.document" in said]
    if ENGINE == "postgresql":
        assert ["seqscan" in said for said in told] == [True, *[False] * (len(told) - 2), True]
        assert db.session.scalar(text("SHOW enable_seqscan")) == "on"
    else:
        assert told == []
