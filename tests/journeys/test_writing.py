"""Around writing: interruptions, mistakes, two at once, a keyboard alone, somebody coming into the room."""

from __future__ import annotations

import re
import time

import pytest

from tests.journeys.acts import QUESTIONS, asks, comes_in, fill_question, joins, publish
from tests.journeys.people import Newcomer
from tests.journeys.person import Device
from tests.journeys.site import Site, until

pytestmark = pytest.mark.timeout(180)

FR = QUESTIONS["fr"]
# A public place where any member may write.
SQUARE = "public-square"


def test_joining_in_french_without_script(empty_site: Site, sit_down):
    person = sit_down(empty_site, "fr", Device(390, script=False))
    joins(person, Newcomer("Maxime Ravary", "maxime@example.org", ("public",)))
    assert "Maxime Ravary" in (person.page.locator(".mast").text_content() or "")
    letter = empty_site.letter("maxime@example.org")
    assert letter.subject == "Confirmez votre adresse"
    assert "/fr/" in letter.link()


def test_a_draft_survives_a_reload_and_a_power_cut_and_so_does_what_stands_in_a_window(
    empty_site: Site, sit_down
):
    """The site is killed, stays away for a moment, and is started again under two people who are writing."""
    person, other = sit_down(empty_site, "fr", Device(1280)), sit_down(empty_site, "en", Device(390))
    joins(person, Newcomer("Thea Marchbank", "thea@example.org", ("physician",), "on"))
    topic = asks(person, SQUARE, FR)
    box, words = _a_draft(person)
    person.page.reload()
    assert box.input_value() == words
    joins(other, Newcomer("Juniper Hale", "juniper@example.org", ("physician",), "on"))
    other.go(f"/spaces/{SQUARE}/new")
    fill_question(other, QUESTIONS["en"], region="")
    empty_site.kill()
    time.sleep(0.5)
    empty_site.start()
    publish(other)
    assert other.heading() == QUESTIONS["en"].title
    person.go(topic)
    assert box.input_value() == words
    # The page that stood open told the console that nobody answers any more, as it should.
    person.watch.faults = [fault for fault in person.watch.faults if "WebSocket connection" not in fault]


def _a_draft(person):
    words = "Ce que je voulais ajouter, et que je n’ai pas encore envoyé."
    box = person.page.locator("#reply textarea[name=body]")
    box.press_sequentially(words)
    saved = person.page.locator("#reply [data-draft-status]")
    until(lambda: saved.inner_text().strip(), 60, lambda: "the draft to be saved")
    return box, words


def test_a_double_click_makes_one_reply(demonstration: Site, sit_down):
    person = sit_down(demonstration, "en", Device(1280))
    comes_in(person, "noemie-lavigne")
    topic = asks(person, SQUARE, QUESTIONS["en"], region="")
    words = "Pressed twice, said once."
    person.page.locator("#reply textarea[name=body]").fill(words)
    with person.arriving():
        person.page.locator("#reply button.go").dblclick()
    person.go(topic)
    assert person.page.locator("article.post", has_text=words).count() == 1


def test_a_form_sent_again_by_the_browser_makes_one_reply(demonstration: Site, sit_down):
    """As when the answer to the first attempt was lost on the way."""
    person = sit_down(demonstration, "fr", Device(390, script=False))
    comes_in(person, "noemie-lavigne")
    topic = asks(person, SQUARE, FR, region="")
    words = "Envoyée deux fois par le navigateur."
    form = person.page.locator("#reply")
    hidden = {name: form.locator(f"input[name={name}]").input_value() for name in ("csrf_token", "idem")}
    address = demonstration.address + str(form.get_attribute("action"))
    answers = [person.context.request.post(address, form={**hidden, "body": words}) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    assert answers[0].url == answers[1].url
    person.go(topic)
    assert person.page.locator("article.post", has_text=words).count() == 1


def test_a_stale_edit_shows_both_texts(demonstration: Site, sit_down):
    first, second = (sit_down(demonstration, "fr", Device(1280)) for _ in range(2))
    for window in (first, second):
        comes_in(window, "noemie-lavigne")
    topic = asks(first, SQUARE, FR, region="")
    for window in (first, second):
        window.go(topic)
        window.follow("Edit", within=window.page.locator("article.post").first)
    first.page.locator("textarea[name=body]").fill("Le texte de la première fenêtre.")
    publish(first)
    second.page.locator("textarea[name=body]").fill("Le texte de la seconde fenêtre.")
    with second.page.expect_response(lambda answer: answer.status == 409):
        publish(second)
    assert second.page.locator("textarea[name=body]").input_value() == "Le texte de la seconde fenêtre."
    second.sees("Le texte de la première fenêtre.")
    publish(second)
    second.sees("Le texte de la seconde fenêtre.")


@pytest.mark.parametrize("script", [True, False])
def test_a_report_is_two_presses_away_on_a_phone(demonstration: Site, sit_down, script):
    writer, reader = (
        sit_down(demonstration, "fr", Device(390)),
        sit_down(demonstration, "fr", Device(320, script=script)),
    )
    comes_in(writer, "noemie-lavigne")
    topic = asks(writer, SQUARE, FR, region="")
    comes_in(reader, "quiet-tamarack")
    reader.go(topic)
    rest = reader.page.locator("article.post details.rest").first
    if script:
        rest.locator("summary").click()
        reader.page.keyboard.press("Escape")
        assert rest.get_attribute("open") is None
    rest.locator("summary").click()
    reader.follow("Report", within=rest)
    assert reader.path().endswith("/report")


def test_leaving_quickly_takes_the_page_out_of_the_history(demonstration: Site, sit_down):
    person = sit_down(demonstration, "fr", Device(390))
    comes_in(person, "quiet-tamarack")
    person.go("/help")
    person.go("/spaces/lived-experience")
    person.may_leave()
    with person.arriving():
        person.page.locator("a[data-leave]").click()
    assert person.watch.left_for == ["https://meteo.gc.ca/"]
    person.page.go_back()
    assert person.path() == "/fr/help"


def test_leaving_works_without_script(demonstration: Site, sit_down):
    person = sit_down(demonstration, "en", Device(390, script=False))
    person.go("/")
    person.may_leave()
    with person.arriving():
        person.page.locator("a.leave").click()
    assert person.watch.left_for == ["https://weather.gc.ca/"]


def test_asking_with_the_keyboard_alone(demonstration: Site, sit_down):
    person = sit_down(demonstration, "fr", Device(1280))
    comes_in(person, "noemie-lavigne")
    person.go("/spaces/opioids")
    keys = person.page.keyboard
    _tab_to(person, person.page.locator("main").get_by_role("link", name=person.say("Ask a question")).first)
    with person.arriving():
        keys.press("Enter")
    title = "Au clavier seul : la buprénorphine par étapes"
    _tab_to(person, person.page.locator("input[name=title]"))
    keys.type(title)
    _tab_to(person, person.page.locator("main textarea[name=body]"))
    keys.type("Une question écrite sans souris.")
    _tab_to(person, person.page.locator("form:has(textarea[name=body]) button.go").first)
    with person.arriving():
        keys.press("Enter")
    assert person.heading() == title


def test_a_refused_form_keeps_what_was_typed_and_leads_to_the_fault(demonstration: Site, sit_down):
    person = sit_down(demonstration, "fr", Device(390))
    comes_in(person, "noemie-lavigne")
    person.go(f"/spaces/{SQUARE}/new")
    fill_question(person, FR, region="")
    person.fill("Title", "?")
    publish(person)
    assert person.page.locator("input[name=title]").input_value() == "?"
    assert person.page.locator("main textarea[name=body]").input_value() == FR.body
    focused = person.page.evaluate("document.activeElement.closest('#errors') !== null")
    assert focused, "the summary of errors has no focus"
    person.page.locator("#errors a").first.click()
    assert person.page.evaluate("document.activeElement.name") == "title"


def test_a_refused_form_says_so_without_script(demonstration: Site, sit_down):
    person = sit_down(demonstration, "en", Device(390, script=False))
    comes_in(person, "noemie-lavigne")
    person.go(f"/spaces/{SQUARE}/new")
    fill_question(person, QUESTIONS["en"], region="")
    person.page.locator("main textarea[name=body]").fill("")
    publish(person)
    person.reads("Nothing was sent yet, and nothing was lost.")
    assert person.page.locator("input[name=title]").input_value() == QUESTIONS["en"].title


def _tab_to(person, goal, most: int = 150) -> None:
    """Press Tab until something has the focus; each thing on the way can be seen while it has it."""
    wanted = goal.element_handle()
    for _ in range(most):
        person.page.keyboard.press("Tab")
        if person.page.evaluate("(wanted) => document.activeElement === wanted", wanted):
            return
    raise AssertionError(f"{most} presses of Tab do not lead to {re.sub(chr(10), ' ', goal.inner_text())!r}")
