"""Two people at two browsers: what one writes, the other sees without losing what they were writing."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

from tests.journeys.acts import QUESTIONS, asks, comes_in, publish
from tests.journeys.person import Device
from tests.journeys.words import say

pytestmark = pytest.mark.timeout(300)

WAYS = [("fr", Device(390)), ("en", Device(1280))]


@pytest.mark.parametrize(("lang", "device"), WAYS, ids=str)
def test_a_new_reply_opens_in_place_and_what_is_being_written_stays(demonstration, sit_down, lang, device):
    asker, colleague = (sit_down(demonstration, lang, device) for _ in range(2))
    comes_in(asker, "noemie-lavigne")
    comes_in(colleague, "imogen-vale")
    topic = asks(asker, "opioids", QUESTIONS[lang])
    writing = asker.page.locator("#reply textarea[name=body]")
    writing.fill("Half a sent")
    with asker.page.expect_websocket():
        asker.page.reload()
    writing.fill("Half a sent")
    expect(asker.page.locator("[data-live-hand]")).to_be_hidden()  # it listens
    colleague.go(topic)
    colleague.page.locator("#reply textarea[name=body]").fill(QUESTIONS[lang].answer)
    publish(colleague, colleague.page.locator("#reply"))
    line = asker.page.locator("p.live[role=status] a")
    assert not asker.watch.heavy()
    asker.watch.weights.clear()  # a browser with its cache does not ask for the drawings once more
    words = "1 nouvelle réponse\u00a0: l’afficher" if lang == "fr" else "1 new reply: show it"
    expect(line).to_have_text(words)
    expect(writing).to_be_focused()
    asker.page.keyboard.type("ence")
    assert QUESTIONS[lang].answer[:40] not in asker.text()
    line.focus()
    asker.page.keyboard.press("Enter")
    asker.sees(QUESTIONS[lang].answer[:40])
    assert asker.page.evaluate("document.activeElement.matches('article.post')")
    expect(writing).to_have_value("Half a sentence")
    expect(line).to_have_count(0)
    _is_taken_away_once_it_is_hidden(asker, lang, QUESTIONS[lang].answer[:40])
    expect(writing).to_have_value("Half a sentence")


def _is_taken_away_once_it_is_hidden(asker, lang, words):
    """What somebody reports in another window goes from the page that is open, without loading it again."""
    key = asker.page.locator("article.post", has_text=words).get_attribute("id")
    other = asker.page.context.new_page()
    other.goto(urljoin(asker.page.url, f"/{lang}/posts/{key}/report"))
    other.locator("input[name=reason][value=patient]").check()
    with other.expect_navigation():  # a window that is closed while it sends may never close
        other.locator("form.sheet button[type=submit]").click()
    other.close()
    line = asker.page.locator(f'article[id="{key}"].silent')
    expect(line).to_contain_text("masqué" if lang == "fr" else "hidden")
    assert words not in asker.text()


def test_without_script_a_link_shows_new_replies(demonstration, sit_down):
    asker = sit_down(demonstration, "fr", Device(390, script=False))
    comes_in(asker, "noemie-lavigne")
    topic = asks(asker, "opioids", QUESTIONS["fr"])
    with asker.arriving():
        asker.link("Show new replies").click()
    assert asker.path() == topic
    assert say("fr", "Show new replies") in asker.text()
